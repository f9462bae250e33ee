-- One row is: a person whom the fagsystem or FLIS counts on a dst_kode in a quarter, of those whom they may count differently
-- (flis_ulige): the days of the fagsystem's extract, those that FLIS' load rule leaves of them, and the days of FLIS' extract.
-- Without a fagsystem all three are FLIS'. A quarter that rests on an earlier delivery is this one's here too.
SELECT
    coalesce(f.dst_kode, e.dst_kode) AS dst_kode,
    coalesce(f.periode, e.periode) AS periode,
    coalesce(f.cpr, e.cpr) AS cpr,
    coalesce(f.fagsystem_dage, 0) AS fagsystem_dage,
    coalesce(f.indlaest_dage, 0) AS indlaest_dage,
    coalesce(e.dage, 0) AS flis_dage
FROM (
    SELECT
        dst_kode, periode, cpr,
        CAST(sum(CASE WHEN trin_fra = 1 THEN dage ELSE 0 END) AS BIGINT) AS fagsystem_dage,
        CAST(sum(CASE WHEN 3 BETWEEN trin_fra AND trin_til THEN dage ELSE 0 END) AS BIGINT) AS indlaest_dage
    FROM (
        SELECT
            s.dst_kode, p.periode, s.cpr, s.trin_fra, s.trin_til,
            date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1 AS dage
        FROM bro_spaend AS s
        INNER JOIN flis_ulige AS u ON u.dst_kode = s.dst_kode AND u.cpr = s.cpr
        INNER JOIN periode AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
        WHERE s.udgave = 0 AND s.trin_fra IN (1, 3)
    ) AS dag
    GROUP BY dst_kode, periode, cpr
) AS f
FULL JOIN (
    SELECT
        s.dst_kode, p.periode, s.cpr,
        CAST(sum(date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1) AS BIGINT) AS dage
    FROM flis_spaend AS s
    INNER JOIN flis_ulige AS u ON u.dst_kode = s.dst_kode AND u.cpr = s.cpr
    INNER JOIN periode AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
    GROUP BY s.dst_kode, p.periode, s.cpr
) AS e ON e.dst_kode = f.dst_kode AND e.periode = f.periode AND e.cpr = f.cpr
