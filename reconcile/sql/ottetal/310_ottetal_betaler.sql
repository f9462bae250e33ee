-- One row is: a person × dst_kode × quarter where the fagsystem or FLIS has an active course: whether it belongs to the
-- own population (egen, 1), or to another kommune's (fremmed, 1), and whether an own course is paid by the own kommune.
-- stored
SELECT
    f.kilde, f.cpr, f.dst_kode, p.periode,
    max(CASE WHEN f.egen THEN 1 ELSE 0 END) AS egen,
    max(CASE WHEN f.egen THEN 0 ELSE 1 END) AS fremmed,
    max(
        CASE
            WHEN f.egen AND coalesce(f.betalingskommune, $kommune) IN (SELECT kommune FROM egen_kommune) THEN 1
            ELSE 0
        END
    ) AS egen_betaler
FROM forloeb AS f
INNER JOIN periode AS p ON f.foerste_dag <= p.til AND f.sidste_dag >= p.fra
WHERE f.foerste_dag <= f.sidste_dag
GROUP BY f.kilde, f.cpr, f.dst_kode, p.periode
