-- One row is: a course or, harmonised, an unbroken part of one × a level it is counted on × a value it is counted under.
-- opgoerelse: raa as extracted, harmoniseret as Danmarks Statistik should publish it (the last step of the bridge).
-- forrige is the last day of the part before (NULL: none), sidste_del whether no part comes after.
-- stored
SELECT 'raa' AS opgoerelse, 'ingen' AS opdeling, '' AS vaerdi, k.niveau, k.kategori, f.forloeb, f.cpr, f.fra, f.til, f.slut,
    CAST(NULL AS DATE) AS forrige, TRUE AS sidste_del
FROM noegletal_forloeb AS f
INNER JOIN noegletal_kode AS k ON k.dst_kode = f.dst_kode
UNION ALL
SELECT
    'harmoniseret', 'ingen', '', k.niveau, k.kategori, b.forloeb, b.cpr, b.dag_fra, b.dag_til,
    CASE WHEN b.sidste < DATE '9999-12-31' THEN CAST(b.sidste + INTERVAL ($slutdato_fratraek) DAY AS DATE) END,
    b.forrige, b.dag_til = b.sidste
FROM (
    SELECT
        forloeb, cpr, dst_kode, dag_fra, dag_til,
        max(dag_til) OVER (PARTITION BY forloeb) AS sidste,
        lag(dag_til) OVER (PARTITION BY forloeb ORDER BY dag_fra) AS forrige
    FROM bro_r2
    WHERE udgave = 0
) AS b
INNER JOIN noegletal_kode AS k ON k.dst_kode = b.dst_kode
UNION ALL
SELECT 'raa', v.opdeling, v.vaerdi, k.niveau, k.kategori, f.forloeb, f.cpr, f.fra, f.til, f.slut, NULL, TRUE
FROM noegletal_forloeb AS f
INNER JOIN noegletal_vaerdi AS v ON v.forloeb = f.forloeb
INNER JOIN noegletal_kode AS k ON k.dst_kode = f.dst_kode AND k.niveau IN ('dst_kode', 'alle')
