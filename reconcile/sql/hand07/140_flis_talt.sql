-- One row is: a dst_kode × quarter with the persons and the active days counted in the FLIS extract (own population).
-- stored
SELECT dst_kode, periode, count(*) AS antal, sum(dage) AS dage
FROM flis_person
GROUP BY dst_kode, periode
