-- One row is: a known dst_kode × quarter, with the days on which the code is valid in it (NULL: none).
SELECT
    k.dst_kode,
    p.periode,
    p.fra,
    p.til,
    CASE
        WHEN k.gyldig_fra <= p.til AND coalesce(k.gyldig_til, DATE '9999-12-31') >= p.fra THEN greatest(k.gyldig_fra, p.fra)
    END AS gyldig_fra
FROM ref_ydelseskode AS k
CROSS JOIN periode AS p
