-- One row is: a published account of a year (REGK31: funktion, dranst and gruppering) of the own kommune, on a funktion that the
-- ledger or the masteroversigt has: an extract of the ledger is of some funktioner only.
SELECT r.periode, r.konto, r.beloeb
FROM regnskab AS r
WHERE r.kommune = $kommune
    AND substr(r.konto, 1, 5) IN (
        SELECT substr(konto, 1, 5) FROM postering UNION SELECT substr(konto, 1, 5) FROM kobling WHERE konto IS NOT NULL
    )
