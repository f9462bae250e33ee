-- One row is: a key whose courses are not the same in both deliveries. A key that a delivery has more than once, and the
-- other has too, cannot be compared as a pair (dublet). vist: the key as it is shown, the ydelse_id of a course that
-- only one delivery has.
-- stored
SELECT
    kilde, noegletype, noegle,
    CASE
        WHEN sum(i_foer) = 0 THEN 'ny'
        WHEN sum(i_nu) = 0 THEN 'fjernet'
        WHEN sum(i_foer) = 1 AND sum(i_nu) = 1 THEN 'ændret'
        ELSE 'dublet'
    END AS aendring,
    CASE
        WHEN (sum(i_foer) = 0 OR sum(i_nu) = 0) AND count(ydelse_id) = count(*) AND min(ydelse_id) = max(ydelse_id)
            THEN min(ydelse_id)
        ELSE noegle
    END AS vist
FROM levering_noegle
GROUP BY kilde, noegletype, noegle
HAVING max(CASE WHEN i_foer <> i_nu THEN 1 ELSE 0 END) = 1
