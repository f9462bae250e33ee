-- One row is: a counter after a pause, where a genoptjening was told before it. doede_uger: the weeks of the pause that are not
-- genoptjent: the person had a ydelse of the døde perioder in them.
SELECT *, greatest(pause - genoptjening, 0) AS doede_uger
FROM yr_taellerspring
WHERE pause > 0 AND genoptjening IS NOT NULL
