-- One row is: a judged course, with how many of its code's courses in the whole extract start on the same day (antal) and
-- how many there are (i_alt).
SELECT f.*, t.antal, t.i_alt, $systemskifte_andel AS systemskifte_andel
FROM vh_forloeb AS f
INNER JOIN (
    SELECT kilde, dst_kode, start_dato, count(*) AS antal, sum(count(*)) OVER (PARTITION BY kilde, dst_kode) AS i_alt
    FROM forloeb
    GROUP BY kilde, dst_kode, start_dato
) AS t ON t.kilde = f.kilde AND t.dst_kode = f.dst_kode AND t.start_dato = f.start_dato
