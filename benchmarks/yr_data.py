"""A synthetic national YR extract as Parquet: vectorised in DuckDB, the same for the same size and seed.

A year and a half of weeks, some 26 rows per person, sorted by month and kommune as the deliveries are, which is the
worst order for anything that goes person by person. Weeks that cross a month are two rows. About one row in ten
thousand is wrong in each of the ways the rules look for, and one in two hundred is reversed a month later.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

ROWS_PER_PERSON = 26
#: Million rows; what sorting more would lay on the disk is ten times the file.
MOST_AT_ONCE = 10

_SQL = """
COPY (
    WITH person AS (
        SELECT
            p,
            CAST(hash(p + {seed}) % 1000003 AS BIGINT) AS h,
            CAST(1 + hash(p + {seed} + 1) % 60 AS BIGINT) AS start_taeller,
            CAST(hash(p + {seed} + 2) % 46 AS BIGINT) AS start_uge,
            ['Kontanthjælp', 'Sygedagpenge', 'Uddannelseshjælp', 'Jobafklaringsforløb', 'Ledighedsydelse',
             'Fleksløntilskud', 'Arbejdsløshedsdagpenge', 'Førtidspension']
                [CAST(1 + hash(p + {seed} + 3) % 8 AS BIGINT)] AS ydelse,
            lpad(CAST(101 + hash(p + {seed} + 4) % 98 AS VARCHAR), 3, '0') AS kommune,
            CASE WHEN p % 997 = 3 THEN '99' ELSE lpad(CAST(1 + p % 28 AS VARCHAR), 2, '0') END
                || lpad(CAST(1 + p // 28 % 12 AS VARCHAR), 2, '0')
                || lpad(CAST(p // 336 % 100 AS VARCHAR), 2, '0')
                || lpad(CAST(p // 33600 % 10000 AS VARCHAR), 4, '0') AS cpr
        FROM range({first}, {last}) AS t (p)
    ),
    uge AS (
        SELECT
            *,
            CAST(DATE '2019-12-30' + CAST(7 * (start_uge + n + CASE
                WHEN n <= 8 THEN 0 WHEN h % 1000 = 5 THEN 60 WHEN h % 5 = 0 THEN h % 20 ELSE 0 END) AS INTEGER) AS DATE
            ) AS mandag,
            CAST(hash(p * 100 + n + {seed}) % 1000000007 AS BIGINT) AS hu
        FROM person, range(22) AS u (n)
    ),
    beregnet AS (
        SELECT
            *,
            CASE WHEN hu % 10007 = 0 THEN start_taeller + n - 1 WHEN hu % 10007 = 1 THEN start_taeller + n + 3
                WHEN hu % 10007 = 2 THEN 1 WHEN h % 5000 = 5 AND n > 8 THEN n - 8 ELSE start_taeller + n END AS taeller,
            CASE WHEN hu % 10007 = 3 THEN 1250000 ELSE 150000 + h % 300000 END AS oere,
            month(mandag) <> month(mandag + INTERVAL 6 DAY) AS delt
        FROM uge
    ),
    halv AS (
        SELECT *, mandag AS uge_dag, CASE WHEN delt THEN oere * 3 // 7 ELSE oere END AS del FROM beregnet
        UNION ALL
        SELECT *, CAST(date_trunc('month', mandag + INTERVAL 6 DAY) AS DATE), oere - oere * 3 // 7
        FROM beregnet WHERE delt
    ),
    version AS (
        SELECT *, CASE WHEN hu % 10007 = 11 THEN -del ELSE del END AS beloeb, 1 AS efter FROM halv
        UNION ALL
        SELECT *, -del, 2 FROM halv WHERE hu % 211 = 0
        UNION ALL
        SELECT *, del - 100, 2 FROM halv WHERE hu % 422 = 0
        UNION ALL
        SELECT *, del, 1 FROM halv WHERE hu % 10007 = 4
    ),
    linje AS (
        SELECT
            *,
            CASE WHEN taeller <= 4 THEN 80 WHEN taeller <= 26 THEN 40 WHEN taeller <= 52 THEN 30 ELSE 20 END AS sats,
            ydelse IN ('Arbejdsløshedsdagpenge', 'Førtidspension') AS medfinans,
            CAST(date_trunc('month', uge_dag + to_months(CAST(efter AS INTEGER))) AS DATE) AS koersel,
            CASE WHEN hu % 10007 = 4 THEN hash(p, n, uge_dag) ELSE hash(p, n, uge_dag, beloeb, efter) END AS raa
        FROM version
    )
    SELECT
        cpr,
        CASE WHEN hu % 10007 = 5 THEN CAST(uge_dag + 2 AS DATE) ELSE uge_dag END AS uge,
        CASE WHEN hu % 10007 = 6 THEN 'Boligstøtte' ELSE ydelse END AS ydelse,
        CAST(CAST(beloeb AS DECIMAL(18, 4)) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2)) AS bruttoudgift,
        CASE WHEN NOT medfinans THEN CASE WHEN hu % 10007 = 7 THEN 50 ELSE sats END END AS refusionssats,
        CASE WHEN medfinans THEN 0 ELSE CASE WHEN hu % 10007 = 8 THEN 500 ELSE 0 END
            + CAST(beloeb AS DECIMAL(18, 2)) * CASE WHEN hu % 10007 = 7 THEN 50 ELSE sats END / 10000 END AS refusion,
        CASE WHEN medfinans THEN 100 - sats END AS medfinansieringssats,
        CASE WHEN medfinans THEN CAST(beloeb AS DECIMAL(18, 2)) * (100 - sats) / 10000
            WHEN hu % 10007 = 12 THEN 1 ELSE 0 END AS medfinansiering,
        CASE WHEN hu % 10007 = 9 THEN NULL ELSE taeller END AS ydelsestaeller,
        koersel AS koerselsperiode,
        kommune AS finansieringskommune,
        CASE WHEN hu % 10007 = 10 THEN '101' ELSE kommune END AS bopaelskommune,
        raa,
        'yr-ydelsesrefusion-beregning-' || strftime(koersel, '%Y-%m') || '.csv' AS fil,
        1 + row_number() OVER (PARTITION BY koersel ORDER BY kommune, hu) AS raekke
    FROM linje
    ORDER BY koersel, kommune
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""


#: A row as the monthly files have it: days as dd-mm-yyyy, decimal comma.
_CSV = """
COPY (
    SELECT
        cpr, strftime(uge, '%d-%m-%Y') AS uge, ydelse, refusionssats, medfinansieringssats, ydelsestaeller,
        replace(CAST(bruttoudgift AS VARCHAR), '.', ',') AS bruttoudgift,
        replace(CAST(CAST(refusion AS DECIMAL(18, 2)) AS VARCHAR), '.', ',') AS refusion,
        replace(CAST(CAST(medfinansiering AS DECIMAL(18, 2)) AS VARCHAR), '.', ',') AS medfinansiering,
        strftime(koerselsperiode, '%Y-%m') AS koerselsperiode, finansieringskommune, bopaelskommune
    FROM read_parquet('{parquet}')
    WHERE fil = '{fil}'
    ORDER BY raekke
) TO '{path}' (FORMAT csv, DELIMITER ';', HEADER)
"""


def write_kommune(folder: Path, millions: float) -> None:
    """The rows of ``write_parquet`` as one kommune's own, with the working folder of its run in ``data``."""
    whole, place = write_parquet(folder, millions), folder / "data"
    place.mkdir()
    own = ", ".join(
        [
            *(f"CAST({name} AS DECIMAL(18, 2)) AS {name}" for name in ("refusion", "medfinansiering")),
            "CASE bopaelskommune WHEN finansieringskommune THEN '665' ELSE '101' END AS bopaelskommune",
            "'665' AS finansieringskommune",
        ]
    )
    with duckdb.connect() as connection:
        rows = f"SELECT * EXCLUDE (raa, fil, raekke) REPLACE ({own}) FROM read_parquet('{whole}')"
        connection.execute(f"COPY ({rows}) TO '{place / 'yr.parquet'}' (FORMAT parquet)")
    (place / "reconcile.toml").write_text(
        '[kommune]\nkode = "665"\n[kilder.yr]\nfiler = ["yr.parquet"]\n', encoding="utf-8"
    )
    (place / "noegle.key").write_text("ab" * 32, encoding="utf-8")


def write_csv(folder: Path, parquet: Path) -> None:
    """Write the rows of ``write_parquet`` as monthly files into the folder."""
    with duckdb.connect(config={"memory_limit": "6GB", "temp_directory": str(folder / "spild")}) as connection:
        for (fil,) in connection.execute(f"SELECT DISTINCT fil FROM read_parquet('{parquet}')").fetchall():
            connection.execute(_CSV.format(parquet=parquet, fil=fil, path=folder / fil))


def write_parquet(folder: Path, millions: float, seed: int = 20) -> Path:
    """Write about so many million rows and return the file."""
    path, persons = folder / "yr.parquet", int(millions * 1_000_000 / ROWS_PER_PERSON)
    parts = max(1, round(millions / MOST_AT_ONCE))
    with duckdb.connect(config={"memory_limit": "6GB", "temp_directory": str(folder / "spild")}) as connection:
        if parts == 1:
            connection.execute(_SQL.format(first=0, last=persons, seed=seed, path=path))
            return path
        for part in range(parts):
            first, last = (persons * n // parts for n in (part, part + 1))
            connection.execute(_SQL.format(first=first, last=last, seed=seed, path=folder / f"del-{part}.parquet"))
        _join(connection, folder, path)
    return path


def _join(connection: duckdb.DuckDBPyConnection, folder: Path, path: Path) -> None:
    """One file of the parts, by month and kommune as those that are made at once; a month at a time, for the disk's sake."""
    parts = f"read_parquet('{folder}/del-*.parquet')"
    months = [m for (m,) in connection.execute(f"SELECT DISTINCT koerselsperiode FROM {parts} ORDER BY 1").fetchall()]
    row = "1 + row_number() OVER (ORDER BY finansieringskommune, raekke, cpr)"
    for month in months:
        connection.execute(
            f"COPY (SELECT * REPLACE ({row} AS raekke) FROM {parts} WHERE koerselsperiode = '{month}' ORDER BY raekke)"
            f" TO '{folder}/maaned-{month}.parquet' (COMPRESSION zstd)"
        )
    files = [f"{folder}/maaned-{month}.parquet" for month in months]
    connection.execute(f"COPY (SELECT * FROM read_parquet({files})) TO '{path}' (COMPRESSION zstd)")
    for made in (*folder.glob("del-*.parquet"), *folder.glob("maaned-*.parquet")):
        made.unlink()
