-- One row is: a published figure of the own kommune: which source, code, quarter, the figure (NULL: none) and what
-- stood there instead of one ('' an empty cell, '..' StatBank's mark). Rows that say the same twice are one; rows that
-- contradict each other are refused when the sources are read.
SELECT
    kilde, dst_kode, periode, max(antal) AS antal, max(antal_tekst) AS antal_tekst, max(status) AS status,
    min(fil) AS fil, arg_min(raekke, (fil, raekke)) AS raekke, count(*) AS gange
FROM (
    SELECT 'hand07' AS kilde, * FROM hand07
    UNION ALL SELECT 'hand01' AS kilde, * FROM hand01
    UNION ALL SELECT 'flis_antal' AS kilde, * FROM flis_antal
    UNION ALL SELECT 'flis_fuldtid' AS kilde, * FROM flis_fuldtid
)
WHERE kommune IS NULL OR kommune = $kommune
GROUP BY kilde, dst_kode, periode
