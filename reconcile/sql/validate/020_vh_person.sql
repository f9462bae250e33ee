-- One row is: a person of a source, with the class of the CPR and the first row where it stands.
SELECT kilde, cpr, klasse, count(*) AS antal, min(fil) AS fil, arg_min(raekke, (fil, raekke)) AS raekke
FROM vh_forloeb
GROUP BY kilde, cpr, klasse
