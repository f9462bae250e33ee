-- One row is: a course of 1.12.0.2 and a stay (1.12.0.1 or 1.8.1) that overlap when R2 begins, with the date that removes
-- the overlap: the slut_dato that ends the course before the stay, else the start_dato after it; NULL where the stay takes
-- the whole course.
SELECT
    f.forloeb, f.udgave, f.cpr, f.dst_kode, f.dag_fra, f.dag_til, o.fra AS ophold_fra, o.til AS ophold_til,
    CASE
        WHEN o.fra > f.dag_fra THEN CAST(o.fra - INTERVAL 1 DAY + INTERVAL ($slutdato_fratraek) DAY AS DATE)
        WHEN o.til < f.dag_til THEN CAST(o.til + INTERVAL 1 DAY AS DATE)
    END AS dato_uden_overlap
FROM bro_r3 AS f
INNER JOIN bro_ophold AS o ON o.udgave = f.udgave AND o.cpr = f.cpr AND o.fra <= f.dag_til AND o.til >= f.dag_fra
WHERE f.dst_kode = '1.12.0.2'
