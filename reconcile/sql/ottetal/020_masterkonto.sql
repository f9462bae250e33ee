-- One row is: an account × dst_kode of the masteroversigt. koder: on how many codes the account stands; rammestyret: a row
-- with the account is rammestyret (1), which leaves the account out of OE01–OE06.
-- stored
SELECT
    konto,
    dst_kode,
    count(*) OVER (PARTITION BY konto) AS koder,
    max(ramme) OVER (PARTITION BY konto) AS rammestyret
FROM (
    SELECT konto, dst_kode, max(CASE WHEN rammestyret THEN 1 ELSE 0 END) AS ramme
    FROM masteroversigt
    WHERE konto IS NOT NULL
    GROUP BY konto, dst_kode
) AS k
