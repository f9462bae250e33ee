-- One row is: a person who is active on a dst_kode in a quarter after a step of the bridge (nr 1–7), and on how many days
-- (overlapping courses merged).
SELECT 1 AS nr, dst_kode, periode, cpr, dage_1 AS dage FROM bro_dage WHERE dage_1 IS NOT NULL
UNION ALL SELECT 2, dst_kode, periode, cpr, dage_2 FROM bro_dage WHERE dage_2 IS NOT NULL
UNION ALL SELECT 3, dst_kode, periode, cpr, dage_3 FROM bro_dage WHERE dage_3 IS NOT NULL
UNION ALL SELECT 4, dst_kode, periode, cpr, dage_4 FROM bro_dage WHERE dage_4 IS NOT NULL
UNION ALL SELECT 5, dst_kode, periode, cpr, dage_5 FROM bro_dage WHERE dage_5 IS NOT NULL
UNION ALL SELECT 6, dst_kode, periode, cpr, dage_6 FROM bro_dage WHERE dage_6 IS NOT NULL
UNION ALL SELECT 7, dst_kode, periode, cpr, dage_7 FROM bro_dage WHERE dage_7 IS NOT NULL
