"""Several files of one source of courses: parts of one extract, or a series of whole extracts of which the newest holds.

By the keys that stand in more than one file, as a share of the smaller file's: under 10 % parts, from 90 % a series (our
definition); between them nobody can know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

from reconcile.domain.canonical import Table
from reconcile.engine.duckdb import Engine
from reconcile.errors import InputError
from reconcile.i18n import Count, _

#: The shares, in percent, under which files are parts, and from which they are a series.
PARTS, SERIES = 10, 90
_DATES = (
    re.compile(r"(?<![0-9])(?P<y>20[0-9]{2})[-_. ]?(?P<m>0[1-9]|1[0-2])(?:[-_. ]?(?P<d>[0-2][0-9]|3[01]))?(?![0-9])"),
    re.compile(r"(?<![0-9])(?P<d>[0-2][0-9]|3[01])[-_. ]?(?P<m>0[1-9]|1[0-2])[-_. ]?(?P<y>20[0-9]{2})(?![0-9])"),
)


def date_in_name(name: str) -> date | None:
    """The date in a file's name: ``2023-08``, ``20230831``, ``31-08-2023``; None where there is none."""
    for form in _DATES:
        if match := form.search(name):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"] or 1))
            except ValueError:
                continue
    return None


def settle(engine: Engine, table: Table, files: Mapping[str, Path], choice: str) -> list[str]:
    """Keep the newest of a series of whole extracts in ``table``; returns sentences for ``forbehold``.

    ``files``: label → path, those that were read. ``choice`` is ``dele``, ``hele`` or ``auto``.

    Raises:
        InputError: neither parts nor a series; the text names two files, their share and the two settings.
    """
    there = [row[0] for row in engine.rows(f"SELECT DISTINCT fil FROM {table.name} ORDER BY fil")]
    if choice == "dele" or len(there) < 2:
        return []
    key = _key(engine, table)
    ages, how = _ages(engine, table, {label: files[label] for label in there})
    order = sorted(there, key=lambda label: (ages[label], label))
    engine.run(f"CREATE OR REPLACE TABLE noegler AS SELECT DISTINCT fil, {key} AS noegle FROM {table.name}")
    if choice == "auto":
        shares = {pair: _share(engine, *pair) for pair in pairwise(order)}
        if min(shares.values()) < SERIES:
            others = ((a, b) for i, a in enumerate(order) for b in order[i + 1 :])
            shares |= (
                {pair: _share(engine, *pair) for pair in others if pair not in shares} if _any_shared(engine) else {}
            )
            worst = max(shares, key=lambda pair: shares[pair])
            if shares[worst] < PARTS:
                return []
            raise InputError(_doubt(table, worst, shares[worst]))
    return _newest_only(engine, table, order, how)


def _key(engine: Engine, table: Table) -> str:
    """SQL for the key of a course: its id where every row has one, else person, code and start."""
    without = engine.rows(f"SELECT count(*) FROM {table.name} WHERE ydelse_id IS NULL")[0][0]
    plain = "concat_ws('|', cpr, dst_kode, CAST(start_dato AS VARCHAR), coalesce(system, 'nuvaerende'))"
    return plain if without else "ydelse_id"


def _ages(engine: Engine, table: Table, files: Mapping[str, Path]) -> tuple[dict[str, str], str]:
    """Something to sort each file by, and in words what it is."""
    named = {label: date_in_name(path.name) for label, path in files.items()}
    if all(named.values()) and len(set(named.values())) == len(named):
        return {label: str(day) for label, day in named.items()}, _("datoen i filnavnet")
    starts = dict(engine.rows(f"SELECT fil, max(start_dato) FROM {table.name} GROUP BY fil"))
    if all(starts.values()) and len(set(starts.values())) == len(starts):
        return {label: str(starts[label]) for label in files}, _("den nyeste startdato i filen")
    times = {label: path.stat().st_mtime_ns for label, path in files.items()}
    return {label: f"{time:020d}" for label, time in times.items()}, _("hvornår filen sidst er ændret")


def _any_shared(engine: Engine) -> bool:
    return bool(engine.rows("SELECT 1 FROM noegler GROUP BY noegle HAVING count(*) > 1 LIMIT 1"))


def _share(engine: Engine, one: str, other: str) -> int:
    """The keys two files have in common, as whole percent of the smaller file's, rounded down."""
    counts = dict(engine.rows("SELECT fil, count(*) FROM noegler WHERE fil IN (?, ?) GROUP BY fil", [one, other]))
    shared = engine.rows(
        "SELECT count(*) FROM noegler AS a JOIN noegler AS b ON a.noegle = b.noegle WHERE a.fil = ? AND b.fil = ?",
        [one, other],
    )[0][0]
    return int(100 * shared // min(counts[one], counts[other]))


def _doubt(table: Table, pair: tuple[str, str], share: int) -> str:
    text = _(
        '[kilder.{kilde}]: {andel} % af forløbene i den mindste af {ene} og {anden} står i begge. Skriv serie = "hele",'
        ' hvis hver fil er et helt udtræk (den nyeste gælder), eller serie = "dele", hvis filerne lægges sammen.'
    )
    return text.format(kilde=table.name, andel=share, ene=pair[0], anden=pair[1])


def _newest_only(engine: Engine, table: Table, order: list[str], how: str) -> list[str]:
    newest = order[-1]
    gone = engine.rows(
        "SELECT count(DISTINCT noegle) FROM noegler WHERE noegle NOT IN (SELECT noegle FROM noegler WHERE fil = ?)",
        [newest],
    )[0][0]
    engine.run(f"DELETE FROM {table.name} WHERE fil <> ?", [newest])
    text = _(
        "{kilde}: {antal:fil|filer} er læst som hele udtræk; {nyeste} er det nyeste (efter {maade}) og er det, der gælder."
    )
    said = [text.format(kilde=table.name, antal=Count(len(order)), nyeste=newest, maade=how)]
    if gone:
        text = _(
            "{kilde}: {antal:forløb|forløb} stod i et ældre udtræk og findes ikke i det nyeste; de er ikke talt med."
        )
        said.append(text.format(kilde=table.name, antal=Count(gone)))
    return said
