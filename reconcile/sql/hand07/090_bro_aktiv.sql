-- One row is: a person who is active on a dst_kode in a quarter after a step of the bridge (nr 1–6).
-- stored
SELECT DISTINCT t.nr, t.trin, t.dst_kode, p.periode, t.cpr
FROM (
    SELECT 1 AS nr, 'raa' AS trin, dst_kode, cpr, dag_fra, dag_til FROM bro_raa
    UNION ALL SELECT 2, 'indlaesning', dst_kode, cpr, dag_fra, dag_til FROM bro_indlaesning
    UNION ALL SELECT 3, 'gyldighed', dst_kode, cpr, dag_fra, dag_til FROM bro_gyldighed
    UNION ALL SELECT 4, 'R1', dst_kode, cpr, dag_fra, dag_til FROM bro_r1
    UNION ALL SELECT 5, 'R3', dst_kode, cpr, dag_fra, dag_til FROM bro_r3
    UNION ALL SELECT 6, 'R2', dst_kode, cpr, dag_fra, dag_til FROM bro_r2
) AS t
INNER JOIN periode AS p ON t.dag_fra <= p.til AND t.dag_til >= p.fra
