-- One row is: a course of 1.12.0.2 that overlaps a stay (1.12.0.1 or 1.8.1) of the same person in the same source.
SELECT
    f.kilde, f.cpr, f.dst_kode, f.fil, f.raekke, f.noegle,
    min(o.dst_kode) AS ophold_kode,
    min(greatest(f.foerste_dag, o.foerste_dag)) AS fra
FROM vh_forloeb AS f
INNER JOIN vh_forloeb AS o
    ON o.kilde = f.kilde AND o.cpr = f.cpr AND o.dst_kode IN ('1.12.0.1', '1.8.1')
    AND o.foerste_dag <= f.sidste_dag AND o.sidste_dag >= f.foerste_dag AND o.sidste_dag >= o.foerste_dag
WHERE f.dst_kode = '1.12.0.2' AND f.sidste_dag >= f.foerste_dag
GROUP BY f.kilde, f.cpr, f.dst_kode, f.fil, f.raekke, f.noegle
