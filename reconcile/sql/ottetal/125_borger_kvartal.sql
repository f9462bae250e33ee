-- One row is: a person (NULL: postings without CPR) × dst_kode × quarter that the fagsystem, FLIS or the ledger counts: the
-- active days in each extract and the net in kr. (NULL: not there), and the first row behind each.
-- stored
SELECT
    coalesce(k.cpr, o.cpr) AS cpr,
    coalesce(k.dst_kode, o.dst_kode) AS dst_kode,
    coalesce(k.periode, o.periode) AS periode,
    k.fagsystem_dage,
    k.betaler_dage,
    k.flis_dage,
    o.netto,
    o.kun_ramme,
    k.fagsystem_noegle,
    k.betaler_noegle,
    k.flis_noegle,
    o.noegle AS postering_noegle
FROM kvartal_person AS k
FULL JOIN oekonomi_person AS o ON o.cpr = k.cpr AND o.dst_kode = k.dst_kode AND o.periode = k.periode
