-- One row is: a person who is active on a dst_kode in a quarter, in the fagsystem as handled or as paid for by the own
-- kommune, or in FLIS: the active days in each (NULL: none there). A day counts once. …_noegle: the first course behind.
-- stored
SELECT
    cpr, dst_kode, periode,
    CAST(sum(CASE WHEN side = 'fagsystem' THEN dage END) AS BIGINT) AS fagsystem_dage,
    CAST(sum(CASE WHEN side = 'oe' THEN dage END) AS BIGINT) AS betaler_dage,
    CAST(sum(CASE WHEN side = 'flis' THEN dage END) AS BIGINT) AS flis_dage,
    min(CASE WHEN side = 'fagsystem' THEN noegle END) AS fagsystem_noegle,
    min(CASE WHEN side = 'oe' THEN noegle END) AS betaler_noegle,
    min(CASE WHEN side = 'flis' THEN noegle END) AS flis_noegle
FROM (
    SELECT
        s.side, s.cpr, s.dst_kode, p.periode, s.noegle,
        date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1 AS dage
    FROM spaend AS s
    INNER JOIN periode AS p ON s.fra <= p.til AND s.til >= p.fra
) AS d
GROUP BY cpr, dst_kode, periode
