-- One row is: a code × judged quarter that a changed course touches: raw modtagere of the own population before and now,
-- and how many courses changed.
SELECT
    k.kilde, k.dst_kode, k.periode,
    coalesce(t.foer, 0) AS foer,
    coalesce(t.nu, 0) AS nu,
    k.forloeb
FROM (
    SELECT kilde, dst_kode, periode, count(*) AS forloeb FROM levering_kvartal GROUP BY kilde, dst_kode, periode
) AS k
LEFT JOIN (
    SELECT kilde, dst_kode, periode, sum(foer) AS foer, sum(nu) AS nu
    FROM levering_person
    GROUP BY kilde, dst_kode, periode
) AS t ON t.kilde = k.kilde AND t.dst_kode = k.dst_kode AND t.periode = k.periode
