"""The nøgletal on 100.000 courses × 40 quarters × every dimension, against the same questions written by hand.

    python benchmarks/noegletal_100k.py [courses] [--views]

By hand are the six counts of every level and of every dimension × month, quarter and year (each as one would
write it: courses joined with periods, persons counted distinctly, days merged before they are summed), the flow, the durations,
the combinations and the tilbud. The control answers those, the same harmonised by the bridge, and the rows themselves; what the
bridge costs is shown apart. ``--views`` lists what each view costs. Data are random but fixed by a seed; nothing is kept.
Seconds of the processor are what is compared.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from reconcile.controls import hand07, noegletal
from reconcile.domain.canonical import TABLES
from reconcile.domain.periods import parse_choice
from reconcile.engine import base
from reconcile.engine.duckdb import IN_MEMORY, Engine
from reconcile.settings.config import Regler
from reconcile.sources.load import Loaded
from reconcile.world.context import Asked, Context
from reconcile.world.prepare import open_world, set_periods

CODES = ("1.1", "1.3", "1.4", "1.8.1", "1.8.2", "1.12.0.1", "1.12.0.2", "1.13.2", "1.13.4", "1.17")
PERIODS = "2014K1:2023K4"
#: So many courses where it is the quarters that are many.
FEW = 5_000

#: Periods, levels and values, as one would make them first.
_WORLD = """
    CREATE OR REPLACE TEMP TABLE h_periode AS
    SELECT 'kvartal' AS type, periode, fra, til, dage FROM periode
    UNION ALL SELECT 'maaned', maaned, fra, til, dage FROM maaned
    UNION ALL
    SELECT 'aar', substr(periode, 1, 4), min(fra), max(til), sum(dage) FROM periode GROUP BY ALL HAVING count(*) = 4;
    CREATE OR REPLACE TEMP TABLE h_kode AS
    SELECT 'dst_kode' AS niveau, dst_kode AS kategori, dst_kode FROM ref_ydelseskode
    UNION ALL SELECT 'paragraf', paragraf, dst_kode FROM ref_ydelseskode
    UNION ALL SELECT 'gruppe', gruppe, dst_kode FROM ref_ydelsesgruppe
    UNION ALL SELECT 'alle', 'I alt', dst_kode FROM ref_ydelseskode;
    CREATE OR REPLACE TEMP TABLE h_maalgruppe AS
    SELECT DISTINCT maalgruppe, unnest(string_split(maalgruppe, '|')) AS en FROM fagsystem WHERE maalgruppe IS NOT NULL;
    CREATE OR REPLACE TEMP TABLE h_forloeb AS
    SELECT row_number() OVER () AS nr, f.*, coalesce(slut_dato, DATE '9999-12-31') AS til, k.paragraf, b.foedselsdato
    FROM fagsystem AS f
    JOIN ref_ydelseskode AS k USING (dst_kode)
    LEFT JOIN (SELECT cpr, max(foedselsdato) AS foedselsdato FROM borger GROUP BY cpr) AS b USING (cpr)
    WHERE coalesce(handlekommune, '665') = '665';
"""
#: The six counts over some rows (key …, cpr, nr, fra, til, slut).
_COUNTS = """
    WITH r AS ({rows}),
    samlet AS (
        SELECT {key}, cpr, min(fra) AS fra, max(til) AS til
        FROM (
            SELECT *, sum(CASE WHEN fra > naaet THEN 1 ELSE 0 END) OVER (PARTITION BY {key}, cpr ORDER BY fra, til) AS gruppe
            FROM (
                SELECT *, max(til) OVER (
                    PARTITION BY {key}, cpr ORDER BY fra, til ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) AS naaet
                FROM r
            )
        )
        GROUP BY {key}, cpr, gruppe
    ),
    tal AS (
        SELECT {key}, p.periode, count(DISTINCT CASE WHEN r.til >= p.fra THEN cpr END) AS modtagere,
            count(*) FILTER (WHERE r.til >= p.fra) AS ydelser,
            count(*) FILTER (WHERE r.til >= p.til AND slut IS DISTINCT FROM p.til) AS aabne,
            count(*) FILTER (WHERE slut BETWEEN p.fra AND p.til) AS lukkede
        FROM r JOIN h_periode AS p ON r.fra <= p.til AND r.til >= p.fra AND {periods}
        GROUP BY ALL
    ),
    dage AS (
        SELECT {key}, p.periode, sum(date_diff('day', greatest(s.fra, p.fra), least(s.til, p.til)) + 1) AS dage
        FROM samlet AS s JOIN h_periode AS p ON s.fra <= p.til AND s.til >= p.fra AND {periods}
        GROUP BY ALL
    )
    SELECT * FROM tal LEFT JOIN dage USING ({key}, periode)
"""
_LEVELS = """
    SELECT k.niveau, k.kategori, f.cpr, f.start_dato AS fra, f.til, f.slut_dato AS slut
    FROM h_forloeb AS f JOIN h_kode AS k USING (dst_kode)
"""
_BY = """
    SELECT {value} AS vaerdi, k.kategori, f.cpr, f.start_dato AS fra, f.til, f.slut_dato AS slut
    FROM h_forloeb AS f JOIN h_kode AS k ON k.dst_kode = f.dst_kode AND k.niveau IN ('dst_kode', 'alle') {join}
"""
#: Dimension → its value, and what is joined for it. Age is that on the period's last day: its rows are per period.
_VALUES = {
    "paragraf": ("f.paragraf", ""),
    "gruppe": ("g.gruppe", "LEFT JOIN ref_ydelsesgruppe AS g ON g.dst_kode = f.dst_kode"),
    "maalgruppe": ("m.en", "LEFT JOIN h_maalgruppe AS m ON m.maalgruppe = f.maalgruppe"),
    "funktionsvurdering": ("f.funktionsvurdering", ""),
    "handlekommune": ("f.handlekommune", ""),
    "betalingskommune": ("f.betalingskommune", ""),
    "tilbud": ("f.tilbud", ""),
    "afdeling": ("f.afdeling", ""),
    "system": ("f.system", ""),
    "koen": ("CAST(substr(f.cpr, 10, 1) AS INTEGER) % 2", ""),
    "startaar": ("year(f.start_dato)", ""),
    "startmaaned": ("strftime(f.start_dato, '%Y-%m')", ""),
    "slutaar": ("year(f.slut_dato)", ""),
    "slutmaaned": ("strftime(f.slut_dato, '%Y-%m')", ""),
}
_AGES = """
    SELECT (date_diff('year', f.foedselsdato, p.til) // {years}) AS vaerdi, k.kategori, p.periode,
        count(DISTINCT f.cpr) AS modtagere, count(*) AS ydelser
    FROM h_forloeb AS f
    JOIN h_kode AS k ON k.dst_kode = f.dst_kode AND k.niveau IN ('dst_kode', 'alle')
    JOIN h_periode AS p ON f.start_dato <= p.til AND f.til >= p.fra
    GROUP BY ALL
"""
_OTHERS = (
    """
    WITH r AS (SELECT DISTINCT k.niveau, k.kategori, p.periode, f.cpr, p.fra, p.til,
        bool_or(f.start_dato < p.fra AND f.til >= p.fra - 1) AS foerst, bool_or(f.til >= p.til) AS sidst
        FROM h_forloeb AS f JOIN h_kode AS k USING (dst_kode)
        JOIN h_periode AS p ON f.start_dato <= p.til AND f.til >= p.fra - 1 GROUP BY ALL)
    SELECT niveau, kategori, periode, count(*) FILTER (foerst), count(*) FILTER (sidst AND NOT foerst),
        count(*) FILTER (foerst AND NOT sidst), count(*) FILTER (sidst), count(*) FILTER (NOT foerst AND NOT sidst)
    FROM r GROUP BY ALL
    """,
    """
    SELECT dst_kode, periode, CASE WHEN d <= 90 THEN 1 WHEN d <= 180 THEN 2 WHEN d <= 365 THEN 3 WHEN d <= 730 THEN 4
        WHEN d <= 1095 THEN 5 ELSE 6 END AS interval, count(*), count(DISTINCT cpr)
    FROM (SELECT f.*, p.periode, date_diff('day', f.start_dato, p.til) AS d FROM h_forloeb AS f
        JOIN periode AS p ON f.start_dato <= p.til AND f.til >= p.til)
    GROUP BY ALL
    """,
    """
    SELECT dst_kode, periode, count(*), median(d), avg(d)
    FROM (SELECT f.dst_kode, p.periode, date_diff('day', f.start_dato, f.slut_dato) + 1 AS d FROM h_forloeb AS f
        JOIN periode AS p ON f.slut_dato BETWEEN p.fra AND p.til)
    GROUP BY ALL
    """,
    """
    SELECT periode, koder, count(*)
    FROM (SELECT p.periode, f.cpr, string_agg(DISTINCT f.dst_kode, ' + ' ORDER BY f.dst_kode) AS koder FROM h_forloeb AS f
        JOIN periode AS p ON f.start_dato <= p.til AND f.til >= p.til GROUP BY ALL)
    GROUP BY ALL
    """,
    """
    SELECT tilbud, periode, count(DISTINCT f.cpr), count(DISTINCT CASE WHEN betalingskommune = '665' THEN f.cpr END)
    FROM h_forloeb AS f JOIN periode AS p ON f.start_dato <= p.til AND f.til >= p.fra GROUP BY ALL
    """,
)


def make_data(engine: Engine, courses: int) -> None:
    """Courses of a month to four years from 2011 on, one in three open, over two thirds as many persons."""
    codes = ", ".join(f"({n}, '{code}')" for n, code in enumerate(CODES))
    engine.run("SELECT setseed(0.2020)")
    engine.run(
        f"""
        CREATE TEMP TABLE raa AS
        SELECT i, lpad(CAST(1 + p * 7 % 28 AS VARCHAR), 2, '0') || lpad(CAST(1 + p % 12 AS VARCHAR), 2, '0')
            || lpad(CAST(30 + p % 60 AS VARCHAR), 2, '0') || lpad(CAST(p % 4000 AS VARCHAR), 4, '0') AS cpr, k.dst_kode,
            DATE '2011-01-01' + CAST(floor(random() * 4600) AS INTEGER) AS start_dato, random() AS a, random() AS b
        FROM (SELECT i, CAST(floor(random() * {courses} * 0.66) AS BIGINT) AS p FROM range({courses}) AS r(i)) AS r
        JOIN (VALUES {codes}) AS k(nr, dst_kode) ON k.nr = i % {len(CODES)}
        """
    )
    engine.run(
        """
        INSERT INTO fagsystem BY NAME
        SELECT cpr, dst_kode, start_dato,
            CASE WHEN a > 0.33 THEN start_dato + CAST(30 + b * 1400 AS INTEGER) END AS slut_dato,
            CAST(i AS VARCHAR) AS ydelse_id, '665' AS handlekommune,
            CASE WHEN i % 20 = 0 THEN '101' ELSE '665' END AS betalingskommune,
            CASE i % 5 WHEN 0 THEN '1.1.1' WHEN 1 THEN '1.1.3' WHEN 2 THEN '1.2.2.1' WHEN 3 THEN '2' ELSE '1.1.1|2' END
                AS maalgruppe,
            substr('ABCDE', 1 + CAST(i % 5 AS INTEGER), 1) AS funktionsvurdering, 'Tilbud ' || CAST(i % 60 AS VARCHAR) AS tilbud,
            'Afdeling ' || CAST(i % 12 AS VARCHAR) AS afdeling, 'nuvaerende' AS system, 'f.csv' AS fil, i + 2 AS raekke
        FROM raa
        """
    )
    engine.run(
        "INSERT INTO borger BY NAME SELECT DISTINCT ON (cpr) cpr, cpr_foedt(cpr) AS foedselsdato, 'b.csv' AS fil,"
        " row_number() OVER (ORDER BY cpr) + 1 AS raekke FROM raa"
    )


def by_hand(engine: base.Engine) -> None:
    """Every question once; the rows are fetched, as the control's are."""
    for statement in _WORLD.split(";"):
        if statement.strip():
            engine.run(statement)
    engine.rows(_COUNTS.format(rows=_LEVELS, key="niveau, kategori", periods="true"))
    for value, join in _VALUES.values():
        rows = _BY.format(value=value, join=join)
        engine.rows(_COUNTS.format(rows=rows, key="vaerdi, kategori", periods="true"))
    for years in (5, 10):
        engine.rows(_AGES.format(years=years))
    for query in _OTHERS:
        engine.rows(query)


@contextmanager
def opened(courses: int, quarters: int) -> Iterator[Context]:
    """A world of so many courses and the last quarters of the period."""
    asked = Asked(
        kommune="665",
        regler=Regler(),
        today=date(2024, 6, 1),
        chosen=(parse_choice(PERIODS) or ())[-quarters:],
        split=tuple(noegletal.DIMENSIONS),
        pseudonym=lambda cpr: cpr[::-1],
    )

    def read(engine: Engine) -> Loaded:
        set_periods(engine, asked.chosen)
        make_data(engine, courses)
        return Loaded(
            present={n: frozenset(TABLES[n].names) - {"ffb_ydelse", "ffb_tilbud"} for n in ("fagsystem", "borger")}
        )

    with open_world(asked, read, input_bytes=IN_MEMORY) as context:
        yield context


def main() -> None:
    """Measure, and say."""
    courses = int(next((a for a in sys.argv[1:] if a.isdigit()), "100000"))
    import great_expectations  # noqa: F401 - its start-up is not what is measured

    with opened(courses, 40) as context:
        bridge = _timed(lambda: context.need(hand07.bridge))
        if "--views" in sys.argv:
            _each_view(context)
        start = time.process_time()
        rows = sum(len(table.rows) for table in noegletal.run(context).tables)
        whole = time.process_time() - start
        hand = _timed(lambda: by_hand(context.engine))
    print(f"{courses} courses, 40 quarters, {len(noegletal.DIMENSIONS)} dimensions: {rows} rows")
    print(f"by hand {hand:6.2f} s")
    print(f"control {whole:6.2f} s  {whole / hand:4.1f} × by hand")
    print(f"bridge  {bridge:6.2f} s  (made once in a run; with it {(whole + bridge) / hand:.1f} × by hand)")


def _each_view(context: Context) -> None:
    """What each view costs, the dearest first."""
    spent: dict[str, float] = {}
    create = Engine.create_view

    def timed(self: Engine, name: str, select: str) -> None:
        spent[name] = _timed(lambda: create(self, name, select))

    setattr(Engine, "create_view", timed)  # noqa: B010 - a method, watched
    try:
        noegletal.run(context)
    finally:
        setattr(Engine, "create_view", create)  # noqa: B010
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1])[:12]:
        print(f"  {seconds:6.2f} s  {name}")


def _timed(work: Callable[[], object]) -> float:
    """Seconds of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
