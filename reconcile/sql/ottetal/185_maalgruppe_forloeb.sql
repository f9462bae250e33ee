-- One row is: a judged course with a registered målgruppe × an account of its dst_kode that is for certain målgrupper: whether
-- the course's fits (passer, 1), and the course's first and last month as year × 12 + month.
SELECT
    c.cpr, c.dst_kode, c.maalgruppe, g.konto, g.niveauer, g.passer,
    year(c.foerste_dag) * 12 + month(c.foerste_dag) AS fra_mdr,
    year(c.sidste_dag) * 12 + month(c.sidste_dag) AS til_mdr
FROM ottetal_forloeb AS c
INNER JOIN maalgruppe_konto AS g ON g.maalgruppe = c.maalgruppe AND g.dst_kode = c.dst_kode
WHERE c.side = 'oe'
