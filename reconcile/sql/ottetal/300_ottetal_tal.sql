-- One row is: a known dst_kode × quarter that a source has a figure for: the eight figures. fuldtid is days; divided by
-- periode_dage it is fuldtidsydelser. An extract's figure is 0 where it has nobody; a source that is not there, a code
-- without an account and a published figure that is not there are NULL. The ledger speaks of the accounting years it has
-- bookings in.
-- stored
SELECT
    c.dst_kode, c.periode, p.dage AS periode_dage, k.konti, k.rammestyret,
    CASE WHEN $har_fagsystem THEN coalesce(f.personer, 0) END AS fagsystem_borgere,
    CASE WHEN $har_fagsystem THEN coalesce(f.dage, 0) END AS fagsystem_dage,
    CASE WHEN $har_ledger_cpr AND l.talt THEN coalesce(o.personer, 0) END AS oekonomi_borgere,
    CASE WHEN $har_ledger AND l.talt THEN CAST(coalesce(o.netto, 0) AS DECIMAL(18, 2)) END AS oekonomi_beloeb,
    CASE WHEN $har_flis THEN coalesce(v.personer, 0) END AS flis_borgere,
    CASE WHEN $har_flis THEN coalesce(v.dage, 0) END AS flis_dage,
    CAST(u.flis_antal AS BIGINT) AS flis_antal,
    u.flis_fuldtid,
    CAST(u.hand07 AS BIGINT) AS dst_modtagere,
    u.hand01 AS dst_fuldtid
FROM (
    SELECT dst_kode, periode FROM kvartal_tal
    UNION SELECT dst_kode, periode FROM offentliggjort WHERE antal IS NOT NULL
) AS c
INNER JOIN periode AS p ON p.periode = c.periode
INNER JOIN masterkode AS k ON k.dst_kode = c.dst_kode AND k.kendt = 1
LEFT JOIN kvartal_tal AS f ON f.side = 'fagsystem' AND f.dst_kode = c.dst_kode AND f.periode = c.periode
LEFT JOIN kvartal_tal AS v ON v.side = 'flis' AND v.dst_kode = c.dst_kode AND v.periode = c.periode
LEFT JOIN kvartal_tal AS o ON o.side = 'oekonomi' AND o.dst_kode = c.dst_kode AND o.periode = c.periode
LEFT JOIN (
    SELECT
        dst_kode, periode,
        max(CASE WHEN kilde = 'hand07' THEN antal END) AS hand07,
        max(CASE WHEN kilde = 'hand01' THEN antal END) AS hand01,
        max(CASE WHEN kilde = 'flis_antal' THEN antal END) AS flis_antal,
        max(CASE WHEN kilde = 'flis_fuldtid' THEN antal END) AS flis_fuldtid
    FROM offentliggjort
    GROUP BY dst_kode, periode
) AS u ON u.dst_kode = c.dst_kode AND u.periode = c.periode
LEFT JOIN (
    SELECT
        q.periode,
        d.foerste_mdr IS NULL OR (year(q.til) * 12 >= d.foerste_mdr - 1 AND year(q.fra) <= (d.sidste_mdr - 1) // 12) AS talt
    FROM periode AS q CROSS JOIN oe_daekning AS d
) AS l ON l.periode = c.periode AND k.konti > 0
