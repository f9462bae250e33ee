-- One row is: a person who is active on a dst_kode with an account in a month, with the days (rammestyrede tilbud apart).
-- stored
SELECT
    s.cpr, s.dst_kode, m.mdr,
    CAST(sum(date_diff('day', greatest(s.fra, m.fra), least(s.til, m.til)) + 1) AS BIGINT) AS dage,
    min(s.noegle) AS noegle
FROM spaend AS s
INNER JOIN kalendermaaned AS m ON s.fra <= m.til AND s.til >= m.fra
WHERE s.side = 'oe' AND s.dst_kode IN (SELECT dst_kode FROM masterkonto)
GROUP BY s.cpr, s.dst_kode, m.mdr
