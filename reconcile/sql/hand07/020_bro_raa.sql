-- One row is: a course of the fagsystem extract in the bridge: own population, known dst_kode, at least one active day.
-- Each following step has the same columns and holds what is left of the courses; dag_fra–dag_til are active days.
-- stored
SELECT
    row_number() OVER (ORDER BY f.fil, f.raekke) AS forloeb,
    f.cpr,
    f.dst_kode,
    f.foerste_dag AS dag_fra,
    f.sidste_dag AS dag_til,
    f.foerste_dag AS oprindelig_start,
    f.aaben,
    f.system,
    b.foedselsdato,
    b.doedsdato
FROM forloeb AS f
INNER JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
LEFT JOIN person AS b ON b.cpr = f.cpr
WHERE f.kilde = 'fagsystem' AND f.egen AND f.sidste_dag >= f.foerste_dag
