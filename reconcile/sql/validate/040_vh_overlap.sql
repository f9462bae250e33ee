-- One row is: a person × code of a source, with how many of its different courses overlap an earlier one, the first day
-- of it, and the first row of the courses that overlap. Courses alike in every date are one here (they are VH04). What FLIS'
-- load rule leaves behind (open courses of a former system) overlaps nothing: the rule has resolved it.
SELECT
    kilde, cpr, dst_kode,
    count(*) FILTER (WHERE foerste_dag <= sidste_hidtil) AS overlap,
    min(foerste_dag) FILTER (WHERE foerste_dag <= sidste_hidtil) AS fra,
    min(fil) FILTER (WHERE foerste_dag <= sidste_hidtil OR naeste_start <= sidste_dag) AS fil,
    arg_min(raekke, (fil, raekke)) FILTER (WHERE foerste_dag <= sidste_hidtil OR naeste_start <= sidste_dag) AS raekke
FROM (
    SELECT
        *,
        max(sidste_dag) OVER (
            PARTITION BY kilde, cpr, dst_kode ORDER BY foerste_dag, sidste_dag
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS sidste_hidtil,
        lead(foerste_dag) OVER (PARTITION BY kilde, cpr, dst_kode ORDER BY foerste_dag, sidste_dag) AS naeste_start
    FROM (
        SELECT kilde, cpr, dst_kode, foerste_dag, sidste_dag, min(fil) AS fil, arg_min(raekke, (fil, raekke)) AS raekke
        FROM vh_forloeb
        WHERE sidste_dag >= foerste_dag AND NOT (kilde = 'fagsystem' AND system = 'tidligere' AND aaben)
        GROUP BY kilde, cpr, dst_kode, foerste_dag, sidste_dag
    )
)
GROUP BY kilde, cpr, dst_kode
