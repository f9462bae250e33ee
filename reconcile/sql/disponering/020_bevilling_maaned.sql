-- One row is: a row of bevilling × a judged month it has days in, with its amount in the month in whole øre, half away from zero:
-- takst × antal × its days in the month / the days of the enhed (7, or those of the month, quarter or year). A styk is paid
-- once, in the month of its first day.
-- stored
SELECT
    r.nr, r.kilde, r.cpr, r.konto, r.mdr,
    CAST(sign(r.taeller) * ((2 * abs(r.taeller) + r.naevner) // (2 * r.naevner)) AS HUGEINT) AS oere
FROM (
    SELECT
        d.nr, d.kilde, d.cpr, d.konto, d.mdr,
        CAST(d.oere * d.antal * CASE WHEN d.enhed = 'styk' THEN 1 ELSE d.dage END AS HUGEINT) AS taeller,
        CAST(
            10000 * CASE d.enhed
                WHEN 'uge' THEN 7
                WHEN 'maaned' THEN date_diff('day', d.m_fra, d.m_til) + 1
                WHEN 'kvartal' THEN date_diff('day', d.k_fra, CAST(d.k_fra + INTERVAL 3 MONTH AS DATE))
                WHEN 'aar' THEN date_diff('day', d.a_fra, CAST(d.a_fra + INTERVAL 1 YEAR AS DATE))
                ELSE 1
            END AS HUGEINT
        ) AS naevner
    FROM (
        SELECT
            b.nr, b.kilde, b.cpr, b.konto, b.enhed, b.oere, b.antal, m.mdr, m.fra AS m_fra, m.til AS m_til,
            CAST(date_trunc('quarter', m.fra) AS DATE) AS k_fra,
            CAST(date_trunc('year', m.fra) AS DATE) AS a_fra,
            date_diff('day', greatest(b.fra, m.fra), least(b.til, m.til)) + 1 AS dage
        FROM bevilling AS b
        INNER JOIN kalendermaaned AS m ON m.periode IS NOT NULL AND b.fra <= m.til AND b.til >= m.fra
            AND (b.enhed <> 'styk' OR b.fra >= m.fra)
        WHERE b.fra <= b.til
    ) AS d
) AS r
