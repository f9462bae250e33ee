-- One row is: a person × month × level with a week that does not net to 0,00: the weeks as bits (1 is the month's first ISO
-- week). A level is a ydelse, a kind of financing (2) or everything (3), and a step, none (0) or all of them (-1). A week is netted
-- per ydelse, and of all ydelser together it is there when one of them has it. til: the widest level at which the person
-- has these same rows, for want of another ydelse of the kind or of another kind; they are not made again for it.
SELECT m.person_nr, m.maaned, n.samlet, CASE n.samlet WHEN 1 THEN m.ydelse_nr WHEN 2 THEN f.nr ELSE 0 END AS nr, m.trin,
    CASE WHEN n.samlet = 1 AND f.flere THEN 1 WHEN n.samlet < 3 AND f.flere_slags THEN 2 ELSE 3 END AS til,
    bit_or(m.uger) AS uger
FROM (
    SELECT person_nr, maaned, ydelse_nr, trin,
        CASE WHEN uge_0 <> 0 THEN 1 ELSE 0 END + CASE WHEN uge_1 <> 0 THEN 2 ELSE 0 END
        + CASE WHEN uge_2 <> 0 THEN 4 ELSE 0 END + CASE WHEN uge_3 <> 0 THEN 8 ELSE 0 END
        + CASE WHEN uge_4 <> 0 THEN 16 ELSE 0 END + CASE WHEN uge_5 <> 0 THEN 32 ELSE 0 END AS uger
    FROM (
        SELECT person_nr, maaned, ydelse_nr, coalesce(trin, 0) AS trin, uge_0, uge_1, uge_2, uge_3, uge_4, uge_5
        FROM yr_person_maaned
        UNION ALL
        SELECT person_nr, maaned, ydelse_nr, -1, sum(uge_0), sum(uge_1), sum(uge_2), sum(uge_3), sum(uge_4), sum(uge_5)
        FROM yr_person_maaned
        GROUP BY person_nr, maaned, ydelse_nr
    )
) AS m
INNER JOIN (
    SELECT p.person_nr, p.ydelse_nr, s.nr,
        min(p.ydelse_nr) OVER (PARTITION BY p.person_nr, s.nr) <> max(p.ydelse_nr) OVER (PARTITION BY p.person_nr, s.nr) AS flere,
        min(s.nr) OVER (PARTITION BY p.person_nr) <> max(s.nr) OVER (PARTITION BY p.person_nr) AS flere_slags
    FROM (SELECT DISTINCT person_nr, ydelse_nr FROM yr_person_maaned) AS p
    INNER JOIN (
        SELECT ydelse_nr, min(ydelse_nr) OVER (PARTITION BY finansiering) AS nr FROM yr_ydelse
    ) AS s ON s.ydelse_nr = p.ydelse_nr
) AS f ON f.person_nr = m.person_nr AND f.ydelse_nr = m.ydelse_nr
CROSS JOIN (VALUES (1), (2), (3)) AS n (samlet)
WHERE m.uger <> 0 AND (n.samlet = 1 OR (n.samlet = 2 AND f.flere) OR (n.samlet = 3 AND f.flere_slags AND m.trin = -1))
GROUP BY ALL
