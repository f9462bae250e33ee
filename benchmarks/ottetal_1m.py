"""The 8-tals kontrol on 100.000 courses × 1.000.000 postings × 12 months, against the same full join written by hand.

    python benchmarks/ottetal_1m.py [courses] [postings]

By hand are four questions: one nets the ledger per person × code × month, merges the courses, counts their days per month
and joins the two in full; one counts the figures per quarter of both extracts and the ledger; one goes on from the join to
kroner: the median day price of each person and code, what the days should cost, and what paid and unpaid months differ
from it; one asks what the rules and the edge to FLIS ask. The views do that, exactly, with the bridge in kroner and the
causes of OE01–OE09; the control also judges the rules and the record diff, and finds the causes of every difference. Data
are random but fixed by a seed; nothing is kept. Seconds of the processor are what is compared: they say the same on a
machine that does other work too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from reconcile.controls import ottetal
from reconcile.domain.canonical import TABLES
from reconcile.domain.periods import parse_choice
from reconcile.engine import base
from reconcile.engine.duckdb import IN_MEMORY, Engine
from reconcile.settings.config import Regler
from reconcile.sources.load import Loaded
from reconcile.world.context import Asked, Context
from reconcile.world.prepare import open_world, set_periods

CODES = ("1.1", "1.4", "1.8.1", "1.8.2", "1.12.0.1", "1.12.0.2")
FUNKTION = {
    "1.1": "53859",
    "1.4": "53858",
    "1.8.1": "53850",
    "1.8.2": "53852",
    "1.12.0.1": "53851",
    "1.12.0.2": "53839",
}

BY_HAND = """
    WITH raekke AS (
        SELECT
            cpr, dst_kode, start_dato AS fra, coalesce(slut_dato, DATE '9999-12-31') AS til,
            max(coalesce(slut_dato, DATE '9999-12-31')) OVER (
                PARTITION BY cpr, dst_kode ORDER BY start_dato ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM fagsystem
    ),
    gruppe AS (
        SELECT *, sum(CASE WHEN fra > naaet THEN 1 ELSE 0 END)
            OVER (PARTITION BY cpr, dst_kode ORDER BY fra ROWS UNBOUNDED PRECEDING) AS nr
        FROM raekke
    ),
    spaend AS (SELECT cpr, dst_kode, min(fra) AS fra, max(til) AS til FROM gruppe GROUP BY cpr, dst_kode, nr),
    aktiv AS (
        SELECT s.cpr, s.dst_kode, m.fra AS maaned,
            sum(date_diff('day', greatest(s.fra, m.fra), least(s.til, m.til)) + 1) AS dage
        FROM spaend AS s JOIN maaned AS m ON s.fra <= m.til AND s.til >= m.fra
        GROUP BY ALL
    ),
    netto AS (
        SELECT o.cpr, k.dst_kode, date_trunc('month', coalesce(o.ydelsesperiode, o.bogfoert_dato)) AS maaned,
            sum(o.beloeb) AS netto
        FROM oekonomi AS o JOIN masteroversigt AS k ON k.konto = o.konto
        WHERE o.cpr IS NOT NULL
        GROUP BY ALL
    )
    SELECT cpr, dst_kode, maaned, a.dage, n.netto FROM aktiv AS a FULL JOIN netto AS n USING (cpr, dst_kode, maaned)
"""

MONTHS_BY_HAND = """
    SELECT dst_kode, maaned, count(dage) AS aktive, count(netto) AS betalte, sum(dage) AS dage, sum(netto) AS netto,
        count(*) FILTER (WHERE dage IS NULL) AS uden_ydelse, count(*) FILTER (WHERE netto IS NULL) AS uden_betaling
    FROM haand
    GROUP BY ALL
"""

KRONER_BY_HAND = """
    WITH pris AS (SELECT cpr, dst_kode, netto / dage AS pris FROM haand WHERE dage > 0 AND netto <> 0),
    person AS (SELECT cpr, dst_kode, median(pris) AS pris FROM pris GROUP BY ALL),
    kode AS (SELECT dst_kode, median(pris) AS pris, mad(pris) AS mad FROM pris GROUP BY ALL),
    forventet AS (
        SELECT h.*, k.pris AS kodepris, k.mad, round(coalesce(h.dage, 0) * coalesce(p.pris, k.pris), 2) AS forventet
        FROM haand AS h LEFT JOIN person AS p USING (cpr, dst_kode) LEFT JOIN kode AS k USING (dst_kode)
    )
    SELECT dst_kode, date_trunc('quarter', maaned) AS kvartal,
        CASE
            WHEN netto IS NULL THEN 'ubetalt'
            WHEN dage IS NULL THEN 'uden ydelse'
            WHEN abs(netto / dage - kodepris) > 5 * mad THEN 'usædvanlig'
            ELSE 'pris'
        END AS aarsag,
        count(DISTINCT cpr) AS borgere, sum(forventet) AS forventet, sum(coalesce(netto, 0) - forventet) AS afvigelse
    FROM forventet
    GROUP BY ALL
"""

FIGURES_BY_HAND = """
    WITH raekke AS (
        SELECT
            kilde, cpr, dst_kode, start_dato AS fra, coalesce(slut_dato, DATE '9999-12-31') AS til,
            max(coalesce(slut_dato, DATE '9999-12-31')) OVER (
                PARTITION BY kilde, cpr, dst_kode ORDER BY start_dato ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS naaet
        FROM (SELECT 'fagsystem' AS kilde, * FROM fagsystem UNION ALL SELECT 'flis' AS kilde, * FROM flis)
    ),
    gruppe AS (
        SELECT *, sum(CASE WHEN fra > naaet THEN 1 ELSE 0 END)
            OVER (PARTITION BY kilde, cpr, dst_kode ORDER BY fra ROWS UNBOUNDED PRECEDING) AS nr
        FROM raekke
    ),
    spaend AS (
        SELECT kilde, cpr, dst_kode, min(fra) AS fra, max(til) AS til FROM gruppe GROUP BY kilde, cpr, dst_kode, nr
    ),
    tal AS (
        SELECT s.kilde, s.dst_kode, p.periode, count(DISTINCT s.cpr) AS borgere,
            sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS dage
        FROM spaend AS s JOIN periode AS p ON s.fra <= p.til AND s.til >= p.fra
        GROUP BY ALL
    ),
    penge AS (
        SELECT k.dst_kode, p.periode, count(DISTINCT o.cpr) AS borgere, sum(o.beloeb) AS beloeb
        FROM oekonomi AS o JOIN masteroversigt AS k ON k.konto = o.konto
        JOIN periode AS p ON coalesce(o.ydelsesperiode, o.bogfoert_dato) BETWEEN p.fra AND p.til
        GROUP BY ALL
    )
    SELECT * FROM tal FULL JOIN penge USING (dst_kode, periode)
"""


#: What the rules and the edges ask, each as one would write it on the same joined months.
RULES_BY_HAND = {
    "OE01–OE03, OE05": """
        WITH ubetalt AS (
            SELECT h.cpr, h.dst_kode, h.maaned
            FROM haand AS h
            WHERE h.dage > 0 AND coalesce(h.netto, 0) = 0 AND NOT EXISTS (
                SELECT 1 FROM haand AS s
                WHERE s.cpr = h.cpr AND s.dst_kode = h.dst_kode AND s.netto <> 0
                    AND s.maaned BETWEEN h.maaned AND h.maaned + INTERVAL 2 MONTH
            )
        ),
        ophoer AS (SELECT cpr, dst_kode, max(coalesce(slut_dato, DATE '9999-12-31')) AS slut FROM fagsystem GROUP BY ALL)
        SELECT h.dst_kode, u.cpr IS NOT NULL AS forkert, o.slut < h.maaned AS efter, count(*)
        FROM haand AS h
        LEFT JOIN ubetalt AS u ON u.cpr = h.cpr AND u.maaned = h.maaned AND h.dage IS NULL
        LEFT JOIN ophoer AS o ON o.cpr = h.cpr AND o.dst_kode = h.dst_kode
        WHERE h.dage IS NULL AND h.netto <> 0
        GROUP BY ALL
        UNION ALL SELECT dst_kode, NULL, NULL, count(*) FROM ubetalt GROUP BY ALL
    """,
    "OE04": """
        SELECT k.dst_kode, date_trunc('month', coalesce(o.ydelsesperiode, o.bogfoert_dato)) AS maaned, count(DISTINCT o.cpr)
        FROM oekonomi AS o
        JOIN masteroversigt AS k ON k.konto = o.konto
        JOIN fagsystem AS f ON f.cpr = o.cpr AND f.dst_kode = k.dst_kode
        WHERE f.maalgruppe <> k.maalgruppe AND f.maalgruppe NOT LIKE k.maalgruppe || '.%' AND f.start_dato <= o.bogfoert_dato
        GROUP BY ALL
    """,
    "OE08, OE09": """
        SELECT dst_kode, min3 = max3 AS hver3, min6 = max6 AS hver6, aktive - betalte > 2 AS faerre, count(*)
        FROM (
            SELECT cpr, dst_kode, count(dage) AS aktive, count(netto) AS betalte,
                min(month(maaned) % 3) AS min3, max(month(maaned) % 3) AS max3,
                min(month(maaned) % 6) AS min6, max(month(maaned) % 6) AS max6
            FROM haand
            GROUP BY ALL
        )
        GROUP BY ALL
    """,
    "FLIS": """
        SELECT dst_kode, periode, count(*) FILTER (WHERE f.cpr IS NULL), count(*) FILTER (WHERE a.cpr IS NULL)
        FROM (
            SELECT DISTINCT s.cpr, s.dst_kode, p.periode
            FROM fagsystem AS s JOIN periode AS p ON s.start_dato <= p.til AND coalesce(s.slut_dato, p.til) >= p.fra
        ) AS a
        FULL JOIN (
            SELECT DISTINCT s.cpr, s.dst_kode, p.periode
            FROM flis AS s JOIN periode AS p ON s.start_dato <= p.til AND coalesce(s.slut_dato, p.til) >= p.fra
        ) AS f USING (cpr, dst_kode, periode)
        GROUP BY ALL
    """,
}


def make_data(engine: Engine, courses: int, postings: int) -> None:
    """Courses of 1–3 years or open, paid every active month; a few postings too many, too dear or on a wrong account."""
    codes = ", ".join(f"({n}, '{code}', '{FUNKTION[code]}')" for n, code in enumerate(CODES))
    engine.run("SELECT setseed(0.2020)")
    engine.run(f"CREATE TEMP TABLE kode AS SELECT * FROM (VALUES {codes}) AS k(nr, dst_kode, funktion)")
    engine.run(
        f"""
        CREATE TEMP TABLE forloeb_raa AS
        SELECT i, lpad(CAST(1 + i * 7 % 28 AS VARCHAR), 2, '0') || lpad(CAST(1 + i % 12 AS VARCHAR), 2, '0')
            || lpad(CAST(30 + i % 60 AS VARCHAR), 2, '0') || lpad(CAST(i * 6 // 7 % 10000 AS VARCHAR), 4, '0') AS cpr,
            k.dst_kode, k.funktion, DATE '2018-01-01' + CAST(floor(random() * 1000) AS INTEGER) AS start_dato,
            random() AS laengde
        FROM range({courses}) AS r(i) JOIN kode AS k ON k.nr = i % {len(CODES)}
        """
    )
    engine.run("ALTER TABLE forloeb_raa ADD COLUMN slut DATE")
    engine.run(
        "UPDATE forloeb_raa SET slut = CASE WHEN laengde < 0.35 THEN start_dato + CAST(365 + laengde * 1500 AS INTEGER)"
        " ELSE DATE '9999-12-31' END"
    )
    for table in ("fagsystem", "flis"):
        engine.run(
            f"""
            INSERT INTO {table} BY NAME
            SELECT cpr, dst_kode, start_dato, CAST(i AS VARCHAR) AS ydelse_id, 'nuvaerende' AS system,
                CASE WHEN laengde < 0.35 THEN slut END AS slut_dato,
                CASE WHEN i % 3 = 0 THEN '2' WHEN i % 3 = 1 THEN '1.1.3' ELSE '1.2.2.1' END AS maalgruppe,
                '{table}.csv' AS fil, i + 2 AS raekke
            FROM forloeb_raa WHERE i % 5000 <> {1 if table == "flis" else 2}
            """
        )
    engine.run(
        f"""
        INSERT INTO oekonomi BY NAME
        SELECT a.funktion || '100' || CAST(1 + (a.i + CASE WHEN a.i % 5003 = 0 THEN 1 ELSE 0 END) % 3 AS VARCHAR) AS konto,
            CAST(dage * (200 + floor(random() * 40)) * CASE WHEN a.i % 4999 = 0 THEN 10 ELSE 1 END AS DECIMAL(18, 2)) AS beloeb,
            a.fra + INTERVAL 14 DAY AS bogfoert_dato, a.cpr, 'oekonomi.csv' AS fil,
            row_number() OVER (ORDER BY a.i, a.fra) + 1 AS raekke
        FROM (
            SELECT f.*, m.fra, date_diff('day', greatest(m.fra, f.start_dato), least(m.til, f.slut)) + 1 AS dage
            FROM forloeb_raa AS f JOIN maaned AS m ON f.start_dato <= m.til AND f.slut >= m.fra
            UNION ALL
            SELECT f.*, DATE '2020-06-01' AS fra, 30 AS dage FROM forloeb_raa AS f WHERE f.i % 1009 = 0
        ) AS a
        WHERE a.i % 997 <> 5
        LIMIT {postings}
        """
    )
    engine.run(
        f"""
        INSERT INTO oekonomi BY NAME
        SELECT konto, CAST(0 AS DECIMAL(18, 2)) AS beloeb, bogfoert_dato, cpr, fil, raekke + 10000000 AS raekke
        FROM oekonomi LIMIT {postings} - (SELECT count(*) FROM oekonomi)
        """
    )
    engine.run(
        "INSERT INTO masteroversigt BY NAME SELECT dst_kode, funktion || '100' || CAST(n AS VARCHAR) AS konto,"
        " CASE n WHEN 1 THEN '2' WHEN 2 THEN '1.1' ELSE '1.2' END AS maalgruppe, 'm.csv' AS fil, 2 AS raekke"
        " FROM kode CROSS JOIN (VALUES (1), (2), (3)) AS t(n)"
    )


def main() -> None:
    courses, postings = (int(a) for a in (*sys.argv[1:], "100000", "1000000")[:2])
    import great_expectations  # noqa: F401 - its start-up is not what is measured

    periods = parse_choice("2020") or ()
    asked = Asked(
        kommune="665",
        regler=Regler(pris_k=Decimal(5)),
        today=date(2021, 6, 1),
        chosen=periods,
        pseudonym=lambda cpr: cpr[::-1],
    )

    def read(engine: Engine) -> Loaded:
        set_periods(engine, periods)
        make_data(engine, courses, postings)
        return Loaded(
            present={n: frozenset(TABLES[n].names) for n in ("fagsystem", "flis", "oekonomi", "masteroversigt")}
        )

    with open_world(asked, read, input_bytes=IN_MEMORY) as context:
        engine = context.engine
        join = min(_timed(lambda: _join(engine)) for _ in range(3))
        figures = min(_timed(lambda: engine.rows(FIGURES_BY_HAND)) for _ in range(3))
        kroner = min(_timed(lambda: engine.rows(KRONER_BY_HAND)) for _ in range(3))
        rules = min(_timed(lambda: [engine.rows(query) for query in RULES_BY_HAND.values()]) for _ in range(3))
        hand = join + figures + kroner + rules
        engine.run("DROP TABLE haand")
        views = min(_timed(lambda: _views(context)) for _ in range(3))
        start = time.process_time()
        result = ottetal.run(context)
        whole = time.process_time() - start
    print(f"{courses} courses, {postings} postings, 12 months; {len(result.findings)} findings")
    print(
        f"by hand {hand:6.2f} s  (the full join {join:.2f}, the figures {figures:.2f}, kroner {kroner:.2f},"
        f" the rules {rules:.2f})"
    )
    print(
        f"views   {views:6.2f} s  {views / hand:4.1f} × by hand; {views / (hand - rules):.1f} × without what the rules ask"
    )
    print(f"control {whole:6.2f} s  {whole / hand:4.1f} × by hand (with GX, findings, edges and causes)")


def _join(engine: base.Engine) -> None:
    engine.run(f"CREATE OR REPLACE TEMP TABLE haand AS {BY_HAND}")
    engine.rows(MONTHS_BY_HAND)


def _views(context: Context) -> None:
    """Everything that is stored, and the views on top of it that are read whole."""
    ottetal.build(context)
    for view in ("oe_beloeb", "oe_kroner", "ensidig_aarsag", "oe_faerre", "oe_pris"):
        context.engine.rows(f"SELECT count(*) FROM (SELECT * FROM {view})")


def _timed(work: Callable[[], object]) -> float:
    """Seconds of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
