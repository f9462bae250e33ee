-- One row is: a dst_kode × quarter with somebody counted in the bridge: the modtagere, and their days, after each step.
-- stored
SELECT
    dst_kode,
    periode,
    count(dage_1) AS raa,
    count(dage_2) AS rettet,
    count(dage_3) AS indlaesning,
    count(dage_4) AS gyldighed,
    count(dage_5) AS r1,
    count(dage_6) AS r3,
    count(dage_7) AS harmoniseret,
    coalesce(sum(dage_1), 0) AS dage_raa,
    coalesce(sum(dage_2), 0) AS dage_rettet,
    coalesce(sum(dage_3), 0) AS dage_indlaesning,
    coalesce(sum(dage_4), 0) AS dage_gyldighed,
    coalesce(sum(dage_5), 0) AS dage_r1,
    coalesce(sum(dage_6), 0) AS dage_r3,
    coalesce(sum(dage_7), 0) AS dage_harmoniseret
FROM bro_dage
GROUP BY dst_kode, periode
