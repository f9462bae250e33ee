-- One row is: a gate of an extract: is it what we think it is? raekker is what was looked at, antal what looks wrong,
-- eksempler the first rows of it (file and row numbers, never values).
-- stored
WITH rk AS (
    SELECT kilde, 'cpr' AS proeve, klasse = 'ugyldigt' AS forkert, fil, raekke
    FROM (SELECT f.kilde, s.klasse, f.fil, f.raekke FROM forloeb AS f LEFT JOIN person AS s ON s.cpr = f.cpr)
    UNION ALL
    SELECT f.kilde, 'dst_kode', k.dst_kode IS NULL, f.fil, f.raekke
    FROM forloeb AS f LEFT JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
    UNION ALL
    SELECT kilde, 'kommune', NOT egen, fil, raekke FROM forloeb
    UNION ALL
    SELECT kilde, 'start_dato', start_dato < DATE '1930-01-01' OR start_dato > CAST($i_dag + INTERVAL 2 YEAR AS DATE), fil, raekke
    FROM forloeb
    UNION ALL
    SELECT 'oekonomi', 'cpr_tom', cpr IS NULL, fil, raekke FROM oekonomi
    UNION ALL
    SELECT 'oekonomi', 'konto', m.konto IS NULL, o.fil, o.raekke
    FROM oekonomi AS o LEFT JOIN (SELECT DISTINCT konto FROM masteroversigt) AS m ON m.konto = o.konto
    WHERE $har_masteroversigt
)
SELECT
    kilde,
    proeve,
    count(*) AS raekker,
    count(*) FILTER (WHERE forkert) AS antal,
    min(fil) FILTER (WHERE forkert) AS fil,
    arg_min(raekke, (fil, raekke)) FILTER (WHERE forkert) AS raekke,
    proeve AS noegle
FROM rk
GROUP BY kilde, proeve
