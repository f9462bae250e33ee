-- One row is: a level × period with the net of the postings on its accounts, in kr. An account that stands on several of the
-- level's codes counts once in it. The month is the ydelsesperiode, else the month of booking.
SELECT a.niveau, a.kategori, p.periodetype, p.periode, CAST(sum(o.beloeb) AS DECIMAL(18, 2)) AS forbrug
FROM (
    SELECT DISTINCT k.niveau, k.kategori, m.konto
    FROM kobling AS m
    INNER JOIN noegletal_kode AS k ON k.dst_kode = m.dst_kode
    WHERE m.konto IS NOT NULL
) AS a
INNER JOIN (
    SELECT konto, coalesce(ydelsesperiode, bogfoert_dato) AS dag, sum(beloeb) AS beloeb
    FROM postering
    GROUP BY konto, coalesce(ydelsesperiode, bogfoert_dato)
) AS o ON o.konto = a.konto
INNER JOIN noegletal_periode AS p ON o.dag BETWEEN p.fra AND p.til
GROUP BY a.niveau, a.kategori, p.periodetype, p.periode
