-- One row is: a koerselsperiode × account of the staircase that YR has a net amount for, with the ydelser behind it.
SELECT koerselsperiode, konto, sum(beloeb) AS beloeb, string_agg(DISTINCT ydelse, ', ' ORDER BY ydelse) AS ydelser
FROM yr_koersel
GROUP BY koerselsperiode, konto
HAVING sum(beloeb) <> 0
