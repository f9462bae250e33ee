-- One row is: a group of courses of a source that are alike in person, code, start and end.
SELECT
    kilde, cpr, dst_kode, start_dato, slut_dato, count(*) AS antal,
    min(fil) AS fil, arg_min(raekke, (fil, raekke)) AS raekke,
    CAST(start_dato AS VARCHAR) || '|' || coalesce(CAST(slut_dato AS VARCHAR), '') AS noegle
FROM vh_forloeb
GROUP BY kilde, cpr, dst_kode, start_dato, slut_dato
