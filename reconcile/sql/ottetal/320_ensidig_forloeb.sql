-- One row is: a one-sided person with active courses on the code in the quarter, and what they say of the population: the
-- fagsystem or FLIS has one outside the own population (fremmed_fagsystem, fremmed_flis, 1); the fagsystem has one another
-- kommune pays for (fremmed_betaler), or one that the own kommune pays for (egen_betaler).
-- stored
SELECT
    e.kant, e.dst_kode, e.periode, e.side, e.cpr,
    max(CASE WHEN f.kilde = 'fagsystem' AND NOT f.egen THEN 1 ELSE 0 END) AS fremmed_fagsystem,
    max(CASE WHEN f.kilde = 'flis' AND NOT f.egen THEN 1 ELSE 0 END) AS fremmed_flis,
    max(CASE WHEN f.kilde = 'fagsystem' AND NOT f.egen_betaler THEN 1 ELSE 0 END) AS fremmed_betaler,
    max(CASE WHEN f.kilde = 'fagsystem' AND f.egen_betaler THEN 1 ELSE 0 END) AS egen_betaler
FROM ensidig AS e
INNER JOIN forloeb AS f
    ON f.cpr = e.cpr AND f.dst_kode = e.dst_kode AND f.foerste_dag <= e.til AND f.sidste_dag >= e.fra
    AND f.foerste_dag <= f.sidste_dag
GROUP BY e.kant, e.dst_kode, e.periode, e.side, e.cpr
