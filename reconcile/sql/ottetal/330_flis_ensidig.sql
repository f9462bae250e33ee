-- One row is: a person whom only one of the fagsystem and the FLIS extract counts on a dst_kode in a quarter; befolkning:
-- the other extract has the course, under another kommune's population.
SELECT
    e.dst_kode, e.periode, e.side, e.cpr,
    coalesce(b.fremmed, 0) = 1 AS befolkning
FROM (
    SELECT
        t.dst_kode, t.periode, v.cpr,
        CASE WHEN max(v.side) = 'fagsystem' THEN 'fagsystem' ELSE 'flis' END AS side
    FROM ottetal_tal AS t
    INNER JOIN kvartal_person AS v ON v.side <> 'oe' AND v.dst_kode = t.dst_kode AND v.periode = t.periode
    WHERE t.fagsystem_borgere IS NOT NULL AND t.flis_borgere IS NOT NULL
    GROUP BY t.dst_kode, t.periode, v.cpr
    HAVING count(*) = 1
) AS e
LEFT JOIN ottetal_betaler AS b
    ON b.kilde = CASE WHEN e.side = 'fagsystem' THEN 'flis' ELSE 'fagsystem' END
    AND b.cpr = e.cpr AND b.dst_kode = e.dst_kode AND b.periode = e.periode
