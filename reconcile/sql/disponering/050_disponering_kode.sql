-- One row is: a dst_kode × quarter with its persons and kr. granted, settled and paid, and the person-months that agree, differ and
-- cannot be judged (a figure whose source is not there is NULL). «I alt» counts each person once.
SELECT
    coalesce(dst_kode, 'I alt') AS dst_kode, periode,
    CASE WHEN $har_disponering THEN count(DISTINCT CASE WHEN disponeret_raekker > 0 THEN cpr END) END AS disponeret_borgere,
    CASE WHEN $har_fagsystem THEN count(DISTINCT CASE WHEN dage > 0 THEN cpr END) END AS ydelse_borgere,
    CASE WHEN $har_oekonomi THEN count(DISTINCT CASE WHEN betalt <> 0 THEN cpr END) END AS betalt_borgere,
    CAST(sum(disponeret) AS DECIMAL(18, 2)) AS disponeret,
    CAST(sum(afregnet) AS DECIMAL(18, 2)) AS afregnet,
    CAST(sum(betalt) AS DECIMAL(18, 2)) AS betalt,
    CAST(sum(forskel) AS DECIMAL(18, 2)) AS forskel,
    count(CASE WHEN status = 'ens' THEN 1 END) AS ens,
    count(CASE WHEN status IN ('ikke_disponeret', 'betalt_ikke_disponeret', 'disponeret_uden_ydelse', 'ikke_betalt', 'andet_beloeb') THEN 1 END) AS afviger,
    count(CASE WHEN status IN ('ikke_afgjort', 'kode_ikke_disponeret') THEN 1 END) AS ikke_afgjort
FROM disponering_maaned
GROUP BY GROUPING SETS ((dst_kode, periode), (periode))
