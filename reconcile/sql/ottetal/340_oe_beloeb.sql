-- One row is: a dst_kode × quarter × what the money is for (aarsag): persons and net in kr. The causes of a cell sum to
-- oekonomi_beloeb. The net of a person × dst_kode × month has one cause: an active ydelse, or what OE01, OE03 and OE05 say
-- of it (also where they only inform); nettet_ud: it nets to 0 without an active day.
SELECT
    dst_kode, periode, aarsag,
    count(DISTINCT cpr) AS borgere,
    CAST(sum(netto) AS DECIMAL(18, 2)) AS beloeb
FROM (
    SELECT
        n.cpr, n.dst_kode, m.periode, n.netto,
        CASE
            WHEN n.cpr IS NULL THEN 'uden_cpr'
            WHEN n.rammestyret = 1 THEN 'rammestyret'
            WHEN x.cpr IS NOT NULL THEN 'befolkning'
            WHEN a.dage > 0 THEN 'aktiv_ydelse'
            WHEN d.rette_koder IS NOT NULL THEN 'forkert_konto'
            WHEN d.i_rytme AND NOT d.efter_ophoer THEN 'aktiv_ydelse'
            WHEN d.efter_ophoer THEN 'betaling_efter_ophoer'
            WHEN d.cpr IS NOT NULL THEN 'betaling_uden_ydelse'
            ELSE 'nettet_ud'
        END AS aarsag
    FROM netto_konto_kode AS n
    INNER JOIN kalendermaaned AS m ON m.mdr = n.mdr AND m.periode IS NOT NULL
    LEFT JOIN fremmed AS x ON x.cpr = n.cpr
    LEFT JOIN aktiv_maaned AS a ON a.cpr = n.cpr AND a.dst_kode = n.dst_kode AND a.mdr = n.mdr
    LEFT JOIN oe_dom AS d ON d.cpr = n.cpr AND d.dst_kode = n.dst_kode AND d.maaned = m.maaned
    WHERE n.valgt = 1
) AS penge
GROUP BY dst_kode, periode, aarsag
