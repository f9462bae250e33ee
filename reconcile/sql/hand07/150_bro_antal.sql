-- One row is: a dst_kode × quarter with somebody counted in the bridge: the modtagere, and their days, after each step. Unchanged
-- courses of the same days are counted together.
-- stored
SELECT
    dst_kode,
    periode,
    CAST(sum(antal_1) AS BIGINT) AS raa,
    CAST(sum(antal_2) AS BIGINT) AS rettet,
    CAST(sum(antal_3) AS BIGINT) AS indlaesning,
    CAST(sum(antal_4) AS BIGINT) AS gyldighed,
    CAST(sum(antal_5) AS BIGINT) AS r1,
    CAST(sum(antal_6) AS BIGINT) AS r3,
    CAST(sum(antal_7) AS BIGINT) AS harmoniseret,
    coalesce(sum(dage_1), 0) AS dage_raa,
    coalesce(sum(dage_2), 0) AS dage_rettet,
    coalesce(sum(dage_3), 0) AS dage_indlaesning,
    coalesce(sum(dage_4), 0) AS dage_gyldighed,
    coalesce(sum(dage_5), 0) AS dage_r1,
    coalesce(sum(dage_6), 0) AS dage_r3,
    coalesce(sum(dage_7), 0) AS dage_harmoniseret
FROM (
    SELECT
        dst_kode, periode,
        antal AS antal_1, antal AS antal_2, antal AS antal_3, antal AS antal_4, antal AS antal_5, antal AS antal_6, antal AS antal_7,
        dage AS dage_1, dage AS dage_2, dage AS dage_3, dage AS dage_4, dage AS dage_5, dage AS dage_6, dage AS dage_7
    FROM (
        SELECT
            s.dst_kode, p.periode, s.antal,
            s.antal * (date_diff('day', greatest(s.dag_fra, p.fra), least(s.dag_til, p.til)) + 1) AS dage
        FROM (
            SELECT dst_kode, dag_fra, dag_til, count(*) AS antal
            FROM bro_spaend
            WHERE alene = 1 AND udgave = 0
            GROUP BY dst_kode, dag_fra, dag_til
        ) AS s
        INNER JOIN bro_udgave AS p ON s.dag_fra <= p.til AND s.dag_til >= p.fra
        WHERE p.udgave = 0
    ) AS en
    UNION ALL
    SELECT
        dst_kode, periode,
        count(dage_1), count(dage_2), count(dage_3), count(dage_4), count(dage_5), count(dage_6), count(dage_7),
        sum(dage_1), sum(dage_2), sum(dage_3), sum(dage_4), sum(dage_5), sum(dage_6), sum(dage_7)
    FROM bro_dage_flere
    GROUP BY dst_kode, periode
) AS talt
GROUP BY dst_kode, periode
