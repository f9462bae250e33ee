-- One row is: a level × period with the persons at its beginning and end: primo (active on the day before it), tilgang (at the
-- end and not at the beginning), afgang (the other way round), ultimo (active on its last day), and ind_og_ud: active in it and
-- at neither end. primo + tilgang − afgang = ultimo.
SELECT
    niveau, kategori, periodetype, periode,
    CAST(sum(primo) AS BIGINT) AS primo,
    CAST(sum(CASE WHEN primo = 0 THEN ultimo ELSE 0 END) AS BIGINT) AS tilgang,
    CAST(sum(CASE WHEN ultimo = 0 THEN primo ELSE 0 END) AS BIGINT) AS afgang,
    CAST(sum(ultimo) AS BIGINT) AS ultimo,
    CAST(sum(CASE WHEN primo = 0 AND ultimo = 0 THEN 1 ELSE 0 END) AS BIGINT) AS ind_og_ud
FROM (
    SELECT
        s.niveau, s.kategori, p.periodetype, p.periode, s.cpr,
        max(CASE WHEN s.fra <= p.dagen_foer THEN 1 ELSE 0 END) AS primo,
        max(CASE WHEN s.fra <= p.til AND s.til >= p.til THEN 1 ELSE 0 END) AS ultimo
    FROM noegletal_spaend AS s
    INNER JOIN noegletal_periode AS p ON s.fra <= p.til AND s.til >= p.dagen_foer
    WHERE s.opgoerelse = 'raa' AND s.opdeling = 'ingen'
    GROUP BY s.niveau, s.kategori, p.periodetype, p.periode, s.cpr
) AS ved_enderne
GROUP BY niveau, kategori, periodetype, periode
