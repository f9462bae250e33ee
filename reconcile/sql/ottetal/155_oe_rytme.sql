-- One row is: a dst_kode whose rows name no rytme, and that looks billed once in n months (OE08): of the persons with at
-- least six active months in what the ledger covers (personer), four in five (i_rytme) have their payments in every n-th
-- month only, and as many as their active months make, less one. The longest such n of 12, 6 and 3. In advance when more
-- persons are paid before they begin than after they end.
-- stored
SELECT
    dst_kode, personer, i_rytme, n, rytme || CASE WHEN forud > bagud THEN ' forud' ELSE '' END AS rytme
FROM (
    SELECT *, row_number() OVER (PARTITION BY dst_kode ORDER BY n DESC) AS nr
    FROM (
        SELECT
            p.dst_kode, y.n, y.rytme,
            count(*) AS personer,
            sum(
                CASE
                    WHEN p.betalte < greatest(1, p.aktive // y.n - 1) THEN 0
                    WHEN y.n = 3 THEN p.hver3
                    WHEN y.n = 6 THEN p.hver6
                    ELSE p.hver12
                END
            ) AS i_rytme,
            sum(p.forud) AS forud,
            sum(p.bagud) AS bagud
        FROM oe_rytme_person AS p
        CROSS JOIN (VALUES ('kvartal', 3), ('halvaar', 6), ('aar', 12)) AS y(rytme, n)
        GROUP BY p.dst_kode, y.n, y.rytme
    ) AS talt
    WHERE 5 * i_rytme >= 4 * personer
) AS bedst
WHERE nr = 1
