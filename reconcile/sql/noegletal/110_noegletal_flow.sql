-- One row is: a level × period with the persons at its beginning and end: primo (active on the day before it), tilgang (at the
-- end and not at the beginning), afgang (the other way round), ultimo (active on its last day), and ind_og_ud: active in it and
-- at neither end. primo + tilgang − afgang = ultimo. Nearly every person has one stretch that touches a period: only those with
-- several are put together.
SELECT
    niveau, kategori, periodetype, periode,
    CAST(sum(primo) AS BIGINT) AS primo,
    CAST(sum(CASE WHEN primo = 0 THEN ultimo ELSE 0 END) AS BIGINT) AS tilgang,
    CAST(sum(CASE WHEN ultimo = 0 THEN primo ELSE 0 END) AS BIGINT) AS afgang,
    CAST(sum(ultimo) AS BIGINT) AS ultimo,
    CAST(sum(CASE WHEN primo = 0 AND ultimo = 0 THEN 1 ELSE 0 END) AS BIGINT) AS ind_og_ud
FROM (
    SELECT niveau, kategori, periodetype, periode, primo, ultimo
    FROM noegletal_ende
    WHERE alene
    UNION ALL
    SELECT niveau, kategori, periodetype, periode, max(primo) AS primo, max(ultimo) AS ultimo
    FROM noegletal_ende
    WHERE NOT alene
    GROUP BY niveau, kategori, periodetype, periode, cpr
) AS ved_enderne
GROUP BY niveau, kategori, periodetype, periode
