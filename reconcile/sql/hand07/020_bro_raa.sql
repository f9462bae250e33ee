-- One row is: a course in the bridge: own population, known dst_kode, at least one active day. The courses come from the
-- fagsystem extract, or from FLIS' where there is no fagsystem ($bro_kilde); udgave 0 is this delivery, another number an
-- earlier one that DST's figures of some quarters rest on (table bro_tidligere).
-- Each following step holds what is left of the courses, with the same names; dag_fra–dag_til are active days.
-- forloeb is a number of its own: the file's and the row's, below 0 in an earlier delivery.
-- stored
SELECT
    f.forloeb,
    f.udgave,
    f.cpr,
    f.dst_kode,
    f.foerste_dag AS dag_fra,
    f.sidste_dag AS dag_til,
    f.foerste_dag AS oprindelig_start,
    f.aaben,
    f.system,
    b.foedselsdato,
    b.doedsdato,
    f.fil,
    f.raekke
FROM (
    SELECT
        CAST(n.nr AS BIGINT) * 1000000000 + a.raekke AS forloeb, 0 AS udgave,
        a.cpr, a.dst_kode, a.foerste_dag, a.sidste_dag, a.aaben, a.system, a.fil, a.raekke
    FROM forloeb AS a
    INNER JOIN (
        -- of the extracts themselves: all that forloeb adds to a row is no matter here
        SELECT fil, row_number() OVER (ORDER BY fil) AS nr
        FROM (
            SELECT DISTINCT fil
            FROM (SELECT 'fagsystem' AS kilde, fil FROM fagsystem UNION ALL SELECT 'flis', fil FROM flis) AS raekker
            WHERE kilde = $bro_kilde
        ) AS filer
    ) AS n ON n.fil = a.fil
    WHERE a.kilde = $bro_kilde AND a.egen
    UNION ALL
    SELECT
        -row_number() OVER (ORDER BY udgave, cpr, dst_kode, foerste_dag, sidste_dag) AS forloeb,
        udgave, cpr, dst_kode, foerste_dag, sidste_dag, aaben, system, '' AS fil, 0 AS raekke
    FROM bro_tidligere
) AS f
INNER JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
LEFT JOIN person AS b ON b.cpr = f.cpr
WHERE f.sidste_dag >= f.foerste_dag
