-- One row is: a course left by FLIS' load rule: from a former system only closed courses, from the present one all.
SELECT * FROM bro_raa WHERE NOT (system = 'tidligere' AND aaben)
