-- One row is: a course, equal in every field, with how often the delivery before (i_foer) and this one (i_nu) have it.
-- foerste_dag, sidste_dag and egen as in the common view forloeb, by the options of this run on both sides.
-- stored
SELECT
    l.*,
    l.start_dato AS foerste_dag,
    CASE
        WHEN l.slut_dato IS NULL THEN DATE '9999-12-31'
        ELSE CAST(l.slut_dato - INTERVAL ($slutdato_fratraek) DAY AS DATE)
    END AS sidste_dag,
    CASE WHEN $population = 'betalingskommune' THEN l.betalingskommune ELSE l.handlekommune END
        IN (SELECT kommune FROM egen_kommune) AS egen
FROM (
    SELECT
        kilde, borger, dst_kode, start_dato, slut_dato, ydelse_id, handlekommune, betalingskommune, maalgruppe,
        funktionsvurdering, tilbud, system, ffb_ydelse, ffb_tilbud, afdeling,
        sum(CASE WHEN side = 'foer' THEN 1 ELSE 0 END) AS i_foer,
        sum(CASE WHEN side = 'nu' THEN 1 ELSE 0 END) AS i_nu
    FROM levering
    GROUP BY
        kilde, borger, dst_kode, start_dato, slut_dato, ydelse_id, handlekommune, betalingskommune, maalgruppe,
        funktionsvurdering, tilbud, system, ffb_ydelse, ffb_tilbud, afdeling
) AS l
