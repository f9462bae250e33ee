-- One row is: a course left by R1: the person had completed 17 years on 1 January of the year the course started.
-- Born on 1 January counts as completed. A course without a birth date stays, and so does one whose birth date lies after
-- its start or in the future (VH18): no age is made of it.
SELECT * FROM bro_gyldighed
WHERE foedselsdato IS NULL
    OR foedselsdato > oprindelig_start
    OR foedselsdato > $i_dag
    OR year(oprindelig_start) - year(foedselsdato)
        - CASE WHEN month(foedselsdato) = 1 AND day(foedselsdato) = 1 THEN 0 ELSE 1 END >= 17
