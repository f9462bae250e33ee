-- One row is: the part of a posting for several months (a range in ydelsesperiode) that counts in one of them: shared by the
-- person's active days on the account's codes, by the days of the months where there are none. The parts are whole øre and
-- sum to the amount: each is what the days until then make, less what the days before made.
SELECT
    cpr, konto, mdr, noegle,
    CAST((hidtil - coalesce(lag(hidtil) OVER (PARTITION BY noegle ORDER BY mdr), 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2))
        AS beloeb
FROM (
    SELECT
        v.cpr, v.konto, v.mdr, v.noegle,
        CAST(
            sign(v.beloeb) * (
                (2 * CAST(abs(v.beloeb) * 100 AS HUGEINT) * sum(v.vaegt) OVER (PARTITION BY v.noegle ORDER BY v.mdr)
                    + sum(v.vaegt) OVER (PARTITION BY v.noegle))
                // (2 * sum(v.vaegt) OVER (PARTITION BY v.noegle))
            ) AS BIGINT
        ) AS hidtil
    FROM (
        SELECT
            d.cpr, d.konto, d.mdr, d.noegle, d.beloeb,
            CAST(
                CASE WHEN sum(d.aktive) OVER (PARTITION BY d.noegle) > 0 THEN d.aktive ELSE d.dage END AS HUGEINT
            ) AS vaegt
        FROM (
            SELECT
                o.cpr, o.konto, o.beloeb, m.mdr,
                n.nr * 10000000000 + o.raekke AS noegle,
                date_diff('day', m.fra, m.til) + 1 AS dage,
                coalesce(sum(a.dage), 0) AS aktive
            FROM postering AS o
            INNER JOIN kildefil AS n ON n.fil = o.fil
            INNER JOIN kalendermaaned AS m
                ON m.fra BETWEEN date_trunc('month', o.ydelsesperiode) AND o.ydelsesperiode_til
            LEFT JOIN masterkonto AS k ON k.konto = o.konto
            LEFT JOIN aktiv_maaned AS a ON a.cpr = o.cpr AND a.dst_kode = k.dst_kode AND a.mdr = m.mdr
            WHERE o.ydelsesperiode_til > o.ydelsesperiode
            GROUP BY o.cpr, o.konto, o.beloeb, m.mdr, m.fra, m.til, n.nr, o.raekke
        ) AS d
    ) AS v
    WHERE v.vaegt > 0
) AS h
