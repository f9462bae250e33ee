-- One row is: a quarter or year that a price is made for, or the same one a year before (nu is 0). bogfoert: the ledger has a
-- posting in it.
-- stored
SELECT t.*, EXISTS (
    SELECT 1 FROM postering AS o WHERE coalesce(o.ydelsesperiode, o.bogfoert_dato) BETWEEN t.fra AND t.til
) AS bogfoert
FROM (
    SELECT periodetype, periode, 1 AS nu, fra, til, dage FROM noegletal_periode WHERE periodetype <> 'maaned'
    UNION ALL
    SELECT periodetype, periode, 0, fra, til, date_diff('day', fra, til) + 1
    FROM (
        SELECT
            periodetype, periode,
            CAST(fra - INTERVAL 1 YEAR AS DATE) AS fra,
            CAST(til - INTERVAL 1 YEAR AS DATE) AS til
        FROM noegletal_periode
        WHERE periodetype <> 'maaned'
    ) AS foer
) AS t
