-- One row is: the set of dst_koder a person has on the last day of a quarter × that quarter, and how many persons have it.
SELECT periode, kombination, koder, count(*) AS borgere
FROM (
    SELECT periode, cpr, string_agg(dst_kode, ' + ' ORDER BY nr) AS kombination, count(*) AS koder
    FROM (
        SELECT DISTINCT p.periode, f.cpr, f.dst_kode, o.nr
        FROM noegletal_forloeb AS f
        INNER JOIN noegletal_periode AS p ON p.periodetype = 'kvartal' AND f.fra <= p.til AND f.til >= p.til
        INNER JOIN noegletal_orden AS o ON o.dst_kode = f.dst_kode
    ) AS aktive
    GROUP BY periode, cpr
) AS saet
GROUP BY periode, kombination, koder
