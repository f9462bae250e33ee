-- One row is: a key that cannot be compared as a pair, with each of its courses: only one side has it (FL01,
-- FL02), or a side has it more than once (FL04).
SELECT
    CASE
        WHEN a.i_fagsystem > 1 OR a.i_flis > 1 THEN 'FL04'
        WHEN a.i_flis = 0 THEN 'FL01'
        ELSE 'FL02'
    END AS regel,
    a.noegletype, a.noegle, a.i_fagsystem, a.i_flis,
    k.kilde, k.cpr, k.dst_kode, k.ydelse_id, k.start_dato, k.slut_dato, k.foerste_dag, k.sidste_dag, k.fil, k.raekke
FROM postdiff_antal AS a
INNER JOIN postdiff_post AS k ON k.noegletype = a.noegletype AND k.noegle = a.noegle
WHERE a.i_fagsystem <> 1 OR a.i_flis <> 1
