-- One row is: a known dst_kode × quarter with the persons counted in the FLIS extract (own population).
SELECT f.dst_kode, p.periode, count(DISTINCT f.cpr) AS antal
FROM forloeb AS f
INNER JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
INNER JOIN periode AS p ON f.foerste_dag <= p.til AND f.sidste_dag >= p.fra
WHERE f.kilde = 'flis' AND f.egen AND f.sidste_dag >= f.foerste_dag
GROUP BY f.dst_kode, p.periode
