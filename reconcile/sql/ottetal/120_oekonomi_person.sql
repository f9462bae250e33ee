-- One row is: a person (NULL: postings without CPR) with a posting on a dst_kode in a quarter: the net in kr. Postings on
-- rammestyrede accounts are in the figure; kun_ramme: they are all there is (1). noegle: the first of the postings.
-- stored
SELECT
    n.cpr, n.dst_kode, m.periode,
    sum(n.netto) AS netto,
    min(n.rammestyret) AS kun_ramme,
    min(n.noegle) AS noegle
FROM netto_konto_kode AS n
INNER JOIN kalendermaaned AS m ON m.mdr = n.mdr
WHERE n.valgt = 1 AND m.periode IS NOT NULL
GROUP BY n.cpr, n.dst_kode, m.periode
