"""A made-up municipality of any size as files: two extracts of courses, postings, HAND07. The same seed gives the same files.

A share of the rows is wrong, in the ways that rules find; a share of the courses differs between the two extracts.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

CODES = {
    "1.1": "53859",
    "1.12.0.2": "53839",
    "1.4": "53858",
    "1.8.1": "53850",
    "1.8.2": "53852",
    "1.12.0.1": "53851",
}

#: ``wrong`` courses in a thousand are wrong in each of several ways; ``n`` is a number of the row that the seed decides.
_COURSES = """
CREATE TABLE forloeb AS
SELECT
    i, lpad(CAST(1 + p % 28 AS VARCHAR), 2, '0') || lpad(CAST(1 + p // 28 % 12 AS VARCHAR), 2, '0')
        || lpad(CAST(30 + p // 336 % 60 AS VARCHAR), 2, '0') || lpad(CAST(p // 20160 % 4000 AS VARCHAR), 4, '0') AS cpr,
    k.dst_kode, k.funktion, n, DATE '2018-01-01' + CAST(n % 1000 AS INTEGER) AS start_dato,
    CASE WHEN n // 1000 % 100 < 35 THEN DATE '2018-01-01' + CAST(n % 1000 + 200 + n // 100000 % 900 AS INTEGER) END AS slut_dato
FROM (SELECT i, i * 2 // 3 AS p, CAST(hash(i + {seed}) % 1000000007 AS BIGINT) AS n FROM range({courses}) AS r(i)) AS r
JOIN kode AS k ON k.nr = i % {codes}
"""
_EXTRACT = """
SELECT
    cpr, dst_kode,
    CASE WHEN '{name}' = 'flis' AND n % 1000 < {differ} THEN start_dato + 1 ELSE start_dato END AS start_dato,
    CASE WHEN '{name}' = 'fagsystem' AND n % 997 < {wrong} THEN start_dato - 3 ELSE slut_dato END AS slut_dato,
    'B' || CAST(i AS VARCHAR) AS ydelse_id, '665' AS handlekommune,
    CASE WHEN n % 991 < {wrong} THEN '999' ELSE '665' END AS betalingskommune,
    CASE WHEN i % 3 = 0 THEN '2' WHEN i % 3 = 1 THEN '1.1.3' ELSE '1.2.2.1' END AS maalgruppe,
    'nuvaerende' AS system
FROM forloeb
WHERE n % 1000 <> {left_out}
"""
_POSTINGS = """
SELECT
    funktion || '100' || CAST(1 + (a.i + CASE WHEN a.i % 5003 = 0 THEN 1 ELSE 0 END) % 3 AS VARCHAR) AS konto,
    replace(CAST(CAST(dage * (200 + n % 40) * CASE WHEN n % 1009 < {wrong} THEN 10 ELSE 1 END AS DECIMAL(18, 2)) AS VARCHAR),
        '.', ',') AS beloeb,
    a.fra + 14 AS bogfoert_dato, a.cpr, 'P' || CAST(row_number() OVER (ORDER BY a.i, a.fra) AS VARCHAR) AS bilag,
    'Betaling for ydelse' AS tekst
FROM (
    SELECT f.*, m.fra, date_diff('day', greatest(m.fra, f.start_dato), least(m.til, coalesce(f.slut_dato, m.til))) + 1 AS dage
    FROM forloeb AS f
    JOIN maaned AS m ON f.start_dato <= m.til AND coalesce(f.slut_dato, m.til) >= m.fra
) AS a
WHERE n % 983 >= {wrong}
"""
_PUBLISHED = """
SELECT p.dst_kode, p.periode, count(DISTINCT p.cpr) + {off} * ((count(DISTINCT p.cpr) % 11) // 10) AS antal, '665' AS kommune
FROM (
    SELECT f.cpr, f.dst_kode, CAST(year(m.fra) AS VARCHAR) || 'K' || CAST(quarter(m.fra) AS VARCHAR) AS periode
    FROM ({fagsystem}) AS f
    JOIN maaned AS m ON f.start_dato <= m.til AND coalesce(f.slut_dato, m.til) >= m.fra
    WHERE coalesce(f.slut_dato, f.start_dato) >= f.start_dato
) AS p
GROUP BY ALL
ORDER BY ALL
"""


def write(
    folder: Path,
    *,
    courses: int,
    months: int = 0,
    wrong: int = 3,
    differ: int = 2,
    off: int = 0,
    seed: int = 1,
    parquet: bool = False,
) -> Path:
    """The working folder of a run; returns its configuration. ``months`` are those that the ledger has
    postings in, from January 2019 on; without them there is no economy. One in
    eleven of the published figures is ``off`` persons off."""
    inside = folder / "ind"
    inside.mkdir(parents=True)
    engine = duckdb.connect()
    codes = ", ".join(f"({nr}, '{code}', '{funktion}')" for nr, (code, funktion) in enumerate(CODES.items()))
    engine.execute(f"CREATE TABLE kode AS SELECT * FROM (VALUES {codes}) AS k(nr, dst_kode, funktion)")
    firsts = ", ".join(f"(DATE '{2019 + m // 12}-{m % 12 + 1:02}-01')" for m in range(months or 24))
    engine.execute(
        "CREATE TABLE maaned AS SELECT fra, CAST(fra + INTERVAL 1 MONTH - INTERVAL 1 DAY AS DATE) AS til"
        f" FROM (VALUES {firsts}) AS m(fra)"
    )
    engine.execute(_COURSES.format(seed=seed, courses=courses, codes=len(CODES)))
    form, plain = "(FORMAT parquet)", "(DELIMITER ';', HEADER)"
    names = {"fagsystem": 1, "flis": 2}
    queries = {
        name: _EXTRACT.format(name=name, differ=differ, wrong=wrong, left_out=out) for name, out in names.items()
    }
    queries["hand07"] = _PUBLISHED.format(fagsystem=queries["fagsystem"], off=off)
    if months:
        queries["oekonomi"] = _POSTINGS.format(wrong=wrong)
        queries["masteroversigt"] = (
            "SELECT dst_kode, funktion || '100' || CAST(n AS VARCHAR) AS konto,"
            " CASE n WHEN 1 THEN '2' WHEN 2 THEN '1.1' ELSE '1.2' END AS maalgruppe"
            " FROM kode CROSS JOIN (VALUES (1), (2), (3)) AS t(n)"
        )
    sources = ""
    for name, query in queries.items():
        file = f"{name}.{'parquet' if parquet and name in names else 'csv'}"
        engine.execute(f"COPY ({query}) TO '{inside / file}' {form if file.endswith('parquet') else plain}")
        sources += f'[kilder.{name}]\nfiler = ["ind/{file}"]\n'
    (folder / "reconcile.toml").write_text(f'[kommune]\nkode = "665"\n{sources}', encoding="utf-8")
    (folder / "noegle.key").write_text("ab" * 32, encoding="utf-8")
    return folder / "reconcile.toml"
