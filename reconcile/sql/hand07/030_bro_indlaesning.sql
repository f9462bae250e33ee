-- One row is: a course left by FLIS' load rule: from a former system only closed courses, from the present one all.
-- FLIS' own extract has been through it: there it changes nothing.
SELECT * FROM bro_raa WHERE $bro_kilde = 'flis' OR NOT (system = 'tidligere' AND aaben)
