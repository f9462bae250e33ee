-- One row is: a course after R3: an open course of a person who died ends on the day of death.
-- A course that then has no day left is gone. From here on only the days are followed.
-- stored
SELECT * FROM (
    SELECT
        forloeb, udgave, cpr, dst_kode, dag_fra,
        CASE
            WHEN aaben AND doedsdato IS NOT NULL
                THEN least(dag_til, CAST(doedsdato - INTERVAL ($slutdato_fratraek) DAY AS DATE))
            ELSE dag_til
        END AS dag_til
    FROM bro_r1
) WHERE dag_til >= dag_fra
