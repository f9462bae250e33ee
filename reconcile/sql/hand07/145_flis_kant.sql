-- One row is: a person whom the fagsystem or FLIS counts on a dst_kode in a quarter: the days of the fagsystem's extract,
-- those that FLIS' load rule leaves of them, and the days of FLIS' extract. Without a fagsystem all three are FLIS'.
SELECT
    coalesce(f.dst_kode, e.dst_kode) AS dst_kode,
    coalesce(f.periode, e.periode) AS periode,
    coalesce(f.cpr, e.cpr) AS cpr,
    coalesce(f.fagsystem_dage, 0) AS fagsystem_dage,
    coalesce(f.indlaest_dage, 0) AS indlaest_dage,
    coalesce(e.dage, 0) AS flis_dage
FROM (
    SELECT d.dst_kode, d.periode, d.cpr, d.dage_1 AS fagsystem_dage, d.dage_3 AS indlaest_dage
    FROM bro_dage AS d
    INNER JOIN bro_udgave AS p ON p.periode = d.periode
    WHERE p.udgave = 0 AND d.dage_1 IS NOT NULL
    UNION ALL
    -- where a quarter rests on an earlier delivery, the steps after the first are not this one's
    SELECT
        s.dst_kode, p.periode, s.cpr,
        CAST(sum(CASE WHEN s.trin_fra = 1 THEN date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 ELSE 0 END)
            AS BIGINT) AS fagsystem_dage,
        CAST(sum(CASE WHEN 3 BETWEEN s.trin_fra AND s.trin_til THEN date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 ELSE 0 END)
            AS BIGINT) AS indlaest_dage
    FROM bro_spaend AS s
    INNER JOIN bro_udgave AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
    WHERE p.udgave > 0 AND s.udgave = 0 AND s.trin_fra IN (1, 3)
    GROUP BY s.dst_kode, p.periode, s.cpr
) AS f
FULL JOIN flis_person AS e ON e.dst_kode = f.dst_kode AND e.periode = f.periode AND e.cpr = f.cpr
