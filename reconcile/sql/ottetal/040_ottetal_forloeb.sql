-- One row is: a course with at least one active day, as one side of the figure eight sees it. side: fagsystem or flis
-- (the own population), or oe: a fagsystem course that the own kommune pays for and that OE01–OE09 judge, that is one no
-- rammestyret row of the masteroversigt takes out (a row takes out the courses at its tilbud, or all of the code's).
-- stored
SELECT
    f.kilde AS side, f.cpr, f.dst_kode, f.foerste_dag, f.sidste_dag, f.maalgruppe,
    n.nr * 10000000000 + f.raekke AS noegle
FROM forloeb AS f
INNER JOIN kildefil AS n ON n.fil = f.fil
WHERE f.egen AND f.foerste_dag <= f.sidste_dag
UNION ALL
SELECT
    'oe' AS side, f.cpr, f.dst_kode, f.foerste_dag, f.sidste_dag, f.maalgruppe,
    n.nr * 10000000000 + f.raekke AS noegle
FROM forloeb AS f
INNER JOIN kildefil AS n ON n.fil = f.fil
WHERE f.egen_betaler AND f.foerste_dag <= f.sidste_dag AND f.kilde = 'fagsystem'
    AND NOT EXISTS (
        SELECT 1
        FROM kobling AS m
        WHERE m.rammestyret AND m.dst_kode = f.dst_kode
            AND (m.tilbud IS NULL OR strpos('|' || lower(m.tilbud) || '|', '|' || lower(f.tilbud) || '|') > 0)
    )
