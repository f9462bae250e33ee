-- One row is: a row of the YR source that has an equal in its file: every cell the same as text (raa is a hash of them;
-- the typed columns are compared as well). nummer counts within the group, antal is its size.
-- stored, person by person
SELECT *
FROM (
    SELECT
        fil, raekke, cpr, uge, ydelse, bruttoudgift, refusion, medfinansiering, finansieringskommune,
        row_number() OVER (PARTITION BY fil, raa, cpr, uge, ydelse, bruttoudgift ORDER BY raekke) AS nummer,
        count(*) OVER (PARTITION BY fil, raa, cpr, uge, ydelse, bruttoudgift) AS antal
    FROM yr
    WHERE raa IN (SELECT raa FROM yr GROUP BY raa HAVING count(*) > 1)
)
WHERE antal > 1
