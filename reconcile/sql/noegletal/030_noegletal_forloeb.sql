-- One row is: a course of the own population that is counted as extracted ($noegletal_kilde: the fagsystem, else FLIS).
-- fra–til are its active days, slut the day it is said to end (NULL while open).
-- stored
SELECT
    row_number() OVER (ORDER BY f.fil, f.raekke, f.cpr, f.dst_kode, f.foerste_dag, f.sidste_dag) AS forloeb,
    f.cpr,
    f.dst_kode,
    f.foerste_dag AS fra,
    f.sidste_dag AS til,
    f.slut_dato AS slut,
    f.maalgruppe,
    f.funktionsvurdering,
    coalesce(f.handlekommune, $kommune) AS handlekommune,
    coalesce(f.betalingskommune, f.handlekommune, $kommune) AS betalingskommune,
    f.tilbud,
    f.afdeling,
    f.ffb_ydelse,
    f.ffb_tilbud,
    coalesce(f.system, 'nuvaerende') AS system,
    k.paragraf,
    f.fil,
    f.raekke
FROM forloeb AS f
INNER JOIN ref_ydelseskode AS k ON k.dst_kode = f.dst_kode
WHERE f.kilde = $noegletal_kilde AND f.egen AND f.foerste_dag <= f.sidste_dag
