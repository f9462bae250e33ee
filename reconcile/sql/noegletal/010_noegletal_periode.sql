-- One row is: a month, quarter or year that figures are made for. A year stands only where all its quarters are judged.
-- dagen_foer is the day before the period: who is active on it stands at its beginning (primo).
-- stored
SELECT periodetype, periode, fra, til, CAST(fra - INTERVAL 1 DAY AS DATE) AS dagen_foer, dage
FROM (
    SELECT 'kvartal' AS periodetype, periode, fra, til, dage FROM periode
    UNION ALL
    SELECT 'maaned', maaned, fra, til, dage FROM maaned
    UNION ALL
    SELECT 'aar', substr(periode, 1, 4), min(fra), max(til), CAST(sum(dage) AS BIGINT)
    FROM periode
    GROUP BY substr(periode, 1, 4)
    HAVING count(*) = 4
) AS p
