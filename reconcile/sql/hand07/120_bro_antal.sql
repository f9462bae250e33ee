-- One row is: a dst_kode × quarter with somebody counted in the bridge: the modtagere after each step.
SELECT
    dst_kode,
    periode,
    count(*) FILTER (WHERE nr = 1) AS raa,
    count(*) FILTER (WHERE nr = 2) AS indlaesning,
    count(*) FILTER (WHERE nr = 3) AS gyldighed,
    count(*) FILTER (WHERE nr = 4) AS r1,
    count(*) FILTER (WHERE nr = 5) AS r3,
    count(*) FILTER (WHERE nr = 6) AS harmoniseret
FROM bro_aktiv
GROUP BY dst_kode, periode
