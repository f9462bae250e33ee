-- One row is: a person × dst_kode of a delivery whose courses must be put together or followed through the steps: there are
-- several of them, or a step removes or changes them (bro_roert; roert 1).
-- stored
SELECT udgave, dst_kode, cpr, max(roert) AS roert
FROM (
    SELECT udgave, dst_kode, cpr, 0 AS roert FROM bro_raa GROUP BY udgave, dst_kode, cpr HAVING count(*) > 1
    UNION ALL
    SELECT udgave, dst_kode, cpr, 1 FROM bro_roert
) AS begge
GROUP BY udgave, dst_kode, cpr
