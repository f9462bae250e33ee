-- One row is: a dst_kode × quarter × what the money is for (aarsag): persons and net in kr. The causes of a cell sum to
-- oekonomi_beloeb. The net of a person × dst_kode × month has one cause: an active ydelse, or what OE01, OE03 and OE05 say
-- of it (also where they only inform); nettet_ud: it nets to 0 without an active day.
SELECT
    dst_kode, periode, aarsag,
    count(cpr) AS borgere,
    CAST(sum(netto) AS DECIMAL(18, 2)) AS beloeb
FROM (
    SELECT cpr, dst_kode, periode, aarsag, sum(netto) AS netto
    FROM (
        SELECT
            o.cpr, o.dst_kode, m.periode, o.netto,
            CASE
                WHEN o.dage > 0 THEN 'aktiv_ydelse'
                WHEN d.rette_koder IS NOT NULL THEN 'forkert_konto'
                WHEN d.i_rytme AND NOT d.efter_ophoer THEN 'aktiv_ydelse'
                WHEN d.efter_ophoer THEN 'betaling_efter_ophoer'
                WHEN d.cpr IS NOT NULL THEN 'betaling_uden_ydelse'
                ELSE 'nettet_ud'
            END AS aarsag
        FROM oe_maaned AS o
        INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr AND m.periode IS NOT NULL
        LEFT JOIN oe_dom AS d ON d.cpr = o.cpr AND d.dst_kode = o.dst_kode AND d.mdr = o.mdr
        WHERE o.bogfoert = 1
        UNION ALL
        SELECT cpr, dst_kode, periode, netto, CASE WHEN trin = 'mellemkommunale' THEN 'befolkning' ELSE trin END AS aarsag
        FROM oe_udenfor
    ) AS penge
    GROUP BY cpr, dst_kode, periode, aarsag
) AS borger
GROUP BY dst_kode, periode, aarsag
