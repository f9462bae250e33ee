-- One row is: a person whose active days of a dst_kode × quarter a step of the bridge changes: dage is the change in days,
-- aendring the change of the count (−1 leaves it, 1 comes back into it because what was corrected since is taken out, 0).
-- stored
WITH roert AS (
    SELECT *
    FROM bro_dage_flere
    WHERE NOT coalesce(
        dage_1 = dage_2 AND dage_2 = dage_3 AND dage_3 = dage_4 AND dage_4 = dage_5 AND dage_5 = dage_6 AND dage_6 = dage_7, false
    )
)
SELECT
    dst_kode, periode, trin, cpr,
    coalesce(efter, 0) - coalesce(foer, 0) AS dage,
    CASE WHEN efter IS NULL THEN -1 WHEN foer IS NULL THEN 1 ELSE 0 END AS aendring
FROM (
    SELECT 'rettet' AS trin, dst_kode, periode, cpr, dage_1 AS foer, dage_2 AS efter FROM roert
    UNION ALL SELECT 'indlaesning', dst_kode, periode, cpr, dage_2, dage_3 FROM roert
    UNION ALL SELECT 'gyldighed', dst_kode, periode, cpr, dage_3, dage_4 FROM roert
    UNION ALL SELECT 'R1', dst_kode, periode, cpr, dage_4, dage_5 FROM roert
    UNION ALL SELECT 'R3', dst_kode, periode, cpr, dage_5, dage_6 FROM roert
    UNION ALL SELECT 'R2', dst_kode, periode, cpr, dage_6, dage_7 FROM roert
) AS t
WHERE coalesce(efter, 0) <> coalesce(foer, 0)
