-- One row is: an account × dst_kode × målgruppe level of the masteroversigt (several are written with | between them).
-- An account with a row that names no målgruppe is not here: it is right for everyone.
-- stored
SELECT DISTINCT m.konto, m.dst_kode, trim(split_part(m.maalgruppe, '|', n.nr)) AS niveau
FROM kobling AS m
CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) AS n(nr)
WHERE m.konto IS NOT NULL AND trim(split_part(m.maalgruppe, '|', n.nr)) <> ''
    AND NOT EXISTS (
        SELECT 1
        FROM kobling AS t
        WHERE t.konto = m.konto AND t.dst_kode = m.dst_kode AND coalesce(t.maalgruppe, '') = ''
    )
