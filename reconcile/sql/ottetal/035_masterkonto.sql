-- One row is: an account × dst_kode of the masteroversigt. koder: on how many codes the account stands; rammestyret (1): a
-- row with the account is rammestyret, or the code is as a whole, which leaves the account out of OE01–OE09.
-- stored
SELECT
    k.konto,
    k.dst_kode,
    count(*) OVER (PARTITION BY k.konto) AS koder,
    greatest(max(k.ramme) OVER (PARTITION BY k.konto), m.helt) AS rammestyret
FROM (
    SELECT konto, dst_kode, max(CASE WHEN rammestyret THEN 1 ELSE 0 END) AS ramme
    FROM kobling
    WHERE konto IS NOT NULL
    GROUP BY konto, dst_kode
) AS k
INNER JOIN masterkode AS m ON m.dst_kode = k.dst_kode
