-- One row is: a person who is active on a dst_kode in a quarter (side fagsystem or flis), with the days; a day counts once.
-- stored
SELECT
    s.side, s.cpr, s.dst_kode, p.periode,
    CAST(sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS BIGINT) AS dage
FROM spaend AS s
INNER JOIN periode AS p ON s.fra <= p.til AND s.til >= p.fra
WHERE s.side <> 'oe'
GROUP BY s.side, s.cpr, s.dst_kode, p.periode
