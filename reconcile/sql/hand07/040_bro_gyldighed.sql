-- One row is: the part of a course that lies within its dst_kode's validity.
SELECT
    b.forloeb, b.udgave, b.cpr, b.dst_kode,
    greatest(b.dag_fra, k.gyldig_fra) AS dag_fra,
    least(b.dag_til, coalesce(k.gyldig_til, DATE '9999-12-31')) AS dag_til,
    b.oprindelig_start, b.aaben, b.system, b.foedselsdato, b.doedsdato
FROM bro_indlaesning AS b
INNER JOIN ref_ydelseskode AS k ON k.dst_kode = b.dst_kode
WHERE b.dag_til >= k.gyldig_fra AND b.dag_fra <= coalesce(k.gyldig_til, DATE '9999-12-31')
