-- One row is: a row of disponering that a later one of the same person, account and enhed lies over, from dag on: the same days are
-- granted twice. Single payments apart.
SELECT
    a.cpr, a.konto, a.kontotekst, a.enhed, b.fra AS dag, least(a.til, b.til) AS sidste_dag, a.til = DATE '9999-12-31' AS aaben,
    b.fil, b.raekke
FROM bevilling AS a
INNER JOIN bevilling AS b ON b.kilde = a.kilde AND b.cpr = a.cpr AND b.konto = a.konto AND b.enhed = a.enhed
    AND (b.fra > a.fra OR (b.fra = a.fra AND b.nr > a.nr)) AND b.fra <= a.til
WHERE a.kilde = 'disponering' AND a.enhed <> 'styk' AND a.fra <= a.til AND b.fra <= b.til
