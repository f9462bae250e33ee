-- One row is: a dst_kode × quarter that DST, FLIS or the fagsystem has a figure for, with every figure there is.
-- A figure of an extract is 0 where nobody is counted; a published figure that is not there is NULL. flis is the
-- published figure, else what the FLIS extract counts.
-- stored
SELECT
    c.dst_kode,
    c.periode,
    CAST(d.antal AS BIGINT) AS dst,
    d.antal_tekst AS dst_tekst,
    CAST(CASE WHEN fp.dst_kode IS NOT NULL THEN fp.antal WHEN $har_flis THEN coalesce(ft.antal, 0) END AS BIGINT) AS flis,
    fp.antal_tekst AS flis_tekst,
    CASE WHEN $har_fagsystem THEN coalesce(b.raa, 0) END AS raa,
    CASE WHEN $har_fagsystem THEN coalesce(b.indlaesning, 0) END AS indlaesning,
    CASE WHEN $har_fagsystem THEN coalesce(b.gyldighed, 0) END AS gyldighed,
    CASE WHEN $har_fagsystem THEN coalesce(b.r1, 0) END AS r1,
    CASE WHEN $har_fagsystem THEN coalesce(b.r3, 0) END AS r3,
    CASE WHEN $har_fagsystem THEN coalesce(b.r2, 0) END AS harmoniseret,
    CASE
        WHEN $har_fagsystem THEN CAST(d.antal AS BIGINT) - coalesce(b.r2, 0)
        WHEN fp.dst_kode IS NOT NULL THEN CAST(d.antal - fp.antal AS BIGINT)
        WHEN $har_flis THEN CAST(d.antal AS BIGINT) - coalesce(ft.antal, 0)
    END AS rest,
    k.dst_kode IS NOT NULL AS kendt,
    k.dst_kode IS NULL OR k.gyldig_fra IS NOT NULL AS gyldig,
    g.godkendt
FROM (
    SELECT o.dst_kode, o.periode
    FROM offentliggjort AS o
    INNER JOIN periode AS p ON p.periode = o.periode
    WHERE o.kilde IN ('hand07', 'flis_antal')
    UNION SELECT dst_kode, periode FROM bro_aktiv
    UNION SELECT dst_kode, periode FROM flis_talt
) AS c
LEFT JOIN offentliggjort AS d ON d.kilde = 'hand07' AND d.dst_kode = c.dst_kode AND d.periode = c.periode
LEFT JOIN offentliggjort AS fp ON fp.kilde = 'flis_antal' AND fp.dst_kode = c.dst_kode AND fp.periode = c.periode
LEFT JOIN flis_talt AS ft ON ft.dst_kode = c.dst_kode AND ft.periode = c.periode
LEFT JOIN (
    SELECT
        dst_kode, periode,
        count(*) FILTER (WHERE nr = 1) AS raa,
        count(*) FILTER (WHERE nr = 2) AS indlaesning,
        count(*) FILTER (WHERE nr = 3) AS gyldighed,
        count(*) FILTER (WHERE nr = 4) AS r1,
        count(*) FILTER (WHERE nr = 5) AS r3,
        count(*) FILTER (WHERE nr = 6) AS r2
    FROM bro_aktiv
    GROUP BY dst_kode, periode
) AS b ON b.dst_kode = c.dst_kode AND b.periode = c.periode
LEFT JOIN kode_periode AS k ON k.dst_kode = c.dst_kode AND k.periode = c.periode
LEFT JOIN (
    SELECT periode, bool_and(godkendt) AS godkendt FROM godkendt WHERE kommune = $kommune GROUP BY periode
) AS g ON g.periode = c.periode
