-- One row is: a person × dst_kode × judged month with money and no active day, or active days and no payment in the month:
-- what OE01, OE02, OE03 and OE05 judge. Columns:
-- rette_koder (OE03's other codes), ubetalt, paa_anden_konto (the payment lies on another code's account), efter_ophoer
-- (after the last active day the person has on the code), and the days and months since then; i_rytme (an active day lies
-- in the billing period the money is for); rytme_fundet (OE08 finds a rytme for the code).
-- stored
SELECT
    o.cpr, o.dst_kode, o.mdr, m.maaned, o.dage, o.netto,
    f.rette_koder,
    u.cpr IS NOT NULL AS ubetalt,
    p.cpr IS NOT NULL AS paa_anden_konto,
    s.sidste_dag,
    i.cpr IS NOT NULL AS i_rytme,
    t.dst_kode IS NOT NULL AS rytme_fundet,
    coalesce(s.sidste_dag < m.fra, false) AS efter_ophoer,
    date_diff('day', s.sidste_dag, m.fra) AS dage_efter,
    coalesce(o.mdr <= year(s.sidste_dag) * 12 + month(s.sidste_dag) + $efterslip_maaneder + k.n - 1, false) AS inden_for_efterslip,
    ff.fil AS forloeb_fil, o.forloeb_noegle % 10000000000 AS forloeb_raekke,
    pf.fil AS postering_fil, o.postering_noegle % 10000000000 AS postering_raekke
FROM oe_maaned AS o
INNER JOIN kalendermaaned AS m ON m.mdr = o.mdr AND m.periode IS NOT NULL
INNER JOIN masterkode AS k ON k.dst_kode = o.dst_kode
LEFT JOIN oe_rytme AS t ON t.dst_kode = o.dst_kode
LEFT JOIN oe_i_rytme AS i ON i.cpr = o.cpr AND i.dst_kode = o.dst_kode AND i.mdr = o.mdr
LEFT JOIN oe_forkert_konto AS f ON f.cpr = o.cpr AND f.dst_kode = o.dst_kode AND f.mdr = o.mdr
LEFT JOIN oe_ubetalt AS u ON u.cpr = o.cpr AND u.dst_kode = o.dst_kode AND u.mdr = o.mdr
LEFT JOIN (SELECT DISTINCT cpr, mdr FROM oe_forkert_konto) AS p ON p.cpr = u.cpr AND p.mdr = u.mdr
LEFT JOIN (
    SELECT cpr, dst_kode, max(til) AS sidste_dag FROM spaend WHERE side = 'oe' GROUP BY cpr, dst_kode
) AS s ON s.cpr = o.cpr AND s.dst_kode = o.dst_kode
LEFT JOIN kildefil AS ff ON ff.nr = o.forloeb_noegle // 10000000000
LEFT JOIN kildefil AS pf ON pf.nr = o.postering_noegle // 10000000000
WHERE (o.dage = 0 AND o.netto <> 0) OR (o.dage > 0 AND o.betaling = 0)
