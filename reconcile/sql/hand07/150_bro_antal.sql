-- One row is: a dst_kode × quarter with somebody counted in the bridge: the modtagere, and their days, after each step.
SELECT
    dst_kode,
    periode,
    count(*) FILTER (WHERE nr = 1) AS raa,
    count(*) FILTER (WHERE nr = 2) AS rettet,
    count(*) FILTER (WHERE nr = 3) AS indlaesning,
    count(*) FILTER (WHERE nr = 4) AS gyldighed,
    count(*) FILTER (WHERE nr = 5) AS r1,
    count(*) FILTER (WHERE nr = 6) AS r3,
    count(*) FILTER (WHERE nr = 7) AS harmoniseret,
    coalesce(sum(dage) FILTER (WHERE nr = 1), 0) AS dage_raa,
    coalesce(sum(dage) FILTER (WHERE nr = 2), 0) AS dage_rettet,
    coalesce(sum(dage) FILTER (WHERE nr = 3), 0) AS dage_indlaesning,
    coalesce(sum(dage) FILTER (WHERE nr = 4), 0) AS dage_gyldighed,
    coalesce(sum(dage) FILTER (WHERE nr = 5), 0) AS dage_r1,
    coalesce(sum(dage) FILTER (WHERE nr = 6), 0) AS dage_r3,
    coalesce(sum(dage) FILTER (WHERE nr = 7), 0) AS dage_harmoniseret
FROM bro_aktiv
GROUP BY dst_kode, periode
