-- One row is: an unbroken stretch of days on which a person is active on a level × value: a day counts once, however many
-- courses it has. forrige is the last day of the person's stretch before, naeste the first of the one after (NULL: none).
-- stored
SELECT
    opgoerelse, opdeling, vaerdi, niveau, kategori, cpr, min(fra) AS fra, max(til) AS til,
    lag(max(til)) OVER (PARTITION BY opgoerelse, opdeling, vaerdi, niveau, kategori, cpr ORDER BY min(fra)) AS forrige,
    lead(min(fra)) OVER (PARTITION BY opgoerelse, opdeling, vaerdi, niveau, kategori, cpr ORDER BY min(fra)) AS naeste
FROM (
    SELECT
        *,
        sum(CASE WHEN naaet IS NULL OR fra > naaet THEN 1 ELSE 0 END) OVER (
            PARTITION BY opgoerelse, opdeling, vaerdi, niveau, kategori, cpr ORDER BY fra, til, forloeb
            ROWS UNBOUNDED PRECEDING
        ) AS nr
    FROM (
        SELECT
            *,
            max(til) OVER (
                PARTITION BY opgoerelse, opdeling, vaerdi, niveau, kategori, cpr ORDER BY fra, til, forloeb
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM noegletal_talt
    ) AS med_naaet
) AS nummereret
GROUP BY opgoerelse, opdeling, vaerdi, niveau, kategori, cpr, nr
