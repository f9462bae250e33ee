-- One row is: a person who is active in a month on a dst_kode with an account, over the courses the own kommune pays for,
-- with the days (rammestyrede tilbud and codes apart). nr: a number for the person and the code.
-- stored
SELECT
    s.cpr, s.dst_kode, m.mdr,
    CAST(sum(date_diff('day', greatest(s.fra, m.fra), least(s.til, m.til)) + 1) AS BIGINT) AS dage,
    min(s.noegle) AS noegle,
    min(s.nr) AS nr
FROM spaend AS s
INNER JOIN kalendermaaned AS m ON s.fra <= m.til AND s.til >= m.fra
WHERE s.side = 'oe' AND s.dst_kode IN (SELECT dst_kode FROM masterkode WHERE konti > 0 AND helt = 0)
GROUP BY s.cpr, s.dst_kode, m.mdr
