-- One row is: a person × dst_kode of a delivery whose courses a step of the bridge removes or changes. Every step takes days
-- away or leaves the courses alone, so who has the same courses at its end as at its beginning has them after every step.
-- stored
SELECT DISTINCT r.udgave, r.dst_kode, r.cpr
FROM bro_raa AS r
WHERE NOT EXISTS (
    SELECT 1 FROM bro_r2 AS e WHERE e.forloeb = r.forloeb AND e.dag_fra = r.dag_fra AND e.dag_til = r.dag_til
)
