-- One row is: a kommune × quarter with its inhabitants of 18 to 64 years, from FOLK1A as it was fetched: the interval itself where
-- it is there, else the 47 single years, else intervals that together are the 47 years; the row for both sexes, else men and
-- women. A kommune and quarter where none of these is whole has no row.
-- stored
SELECT kommune, periode, arg_min(antal, rang) AS antal
FROM (
    SELECT kommune, periode, 2 * aldersrang + koensrang AS rang, CAST(sum(antal) AS BIGINT) AS antal
    FROM (
        SELECT
            *,
            CASE WHEN fra = 18 AND til = 64 THEN 1 WHEN fra = til THEN 2 ELSE 3 END AS aldersrang,
            CASE WHEN koen IS NULL OR lower(koen) IN ('tot', 'i alt', 'total', 'begge', 'begge køn', 'mænd og kvinder') THEN 0 ELSE 1 END
                AS koensrang
        FROM (
            SELECT
                *,
                try_cast(regexp_extract(alder, '^\D*(\d+)', 1) AS INTEGER) AS fra,
                try_cast(regexp_extract(alder, '^\D*(?:\d+\s*(?:-|–|til)\s*)?(\d+)', 1) AS INTEGER) AS til
            FROM befolkning
        ) AS laest
        WHERE fra BETWEEN 18 AND 64 AND til BETWEEN fra AND 64
    ) AS med_rang
    GROUP BY kommune, periode, aldersrang, koensrang
    HAVING sum(til - fra + 1) = 47 * (1 + koensrang) AND count(DISTINCT koen) <= 2
) AS hele
GROUP BY kommune, periode
