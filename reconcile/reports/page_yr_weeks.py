"""The weeks around a finding of Ydelsesrefusion, laid out as a strip: a column for each week, a line for each ydelse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconcile.i18n import _
from reconcile.reports.labels import counted
from reconcile.reports.page_eight import whole
from reconcile.results.rows import Finding, RunResult
from reconcile.results.yr import YrCareerWeek


@dataclass(frozen=True)
class Week:
    """A week of a strip; ``year`` stands over the first week of each, ``gap`` says how many unpaid weeks lie before it."""

    name: str
    year: str
    hit: bool
    gap: str


@dataclass(frozen=True)
class Line:
    """A ydelse of a strip: its counter (empty where the source has none) and its amount in each week it was paid."""

    name: str
    cells: tuple[tuple[str, str] | None, ...]


@dataclass(frozen=True)
class Strip:
    """The weeks around a finding."""

    weeks: tuple[Week, ...]
    lines: tuple[Line, ...]


def strips(result: RunResult, shown: Iterable[Finding]) -> Mapping[str, Strip]:
    """The strips of the findings that are shown, by their id."""
    table = result.table("yr_forloeb")
    wanted = {finding.fund_id for finding in shown}
    rows: dict[str, list[YrCareerWeek]] = {}
    for row in table.rows if table else ():
        if row.fund_id in wanted:
            rows.setdefault(row.fund_id, []).append(row)
    return {fund_id: _strip(found) for fund_id, found in rows.items()}


def _strip(rows: Sequence[YrCareerWeek]) -> Strip:
    by_week: dict[str, dict[str, YrCareerWeek]] = {}
    for row in rows:
        by_week.setdefault(row.uge, {})[row.ydelse] = row
    weeks: list[Week] = []
    years: set[str] = set()
    for name, found in by_week.items():
        one = next(iter(found.values()))
        year, _dash, short = name.partition("-")
        weeks.append(Week(short, "" if year in years else year, one.fundets_uge, _gap(one.uger_siden) if weeks else ""))
        years.add(year)
    counting = any(row.taeller is not None for row in rows)
    said = _("{ydelse}: ydelsestæller, og brutto i kr.") if counting else _("{ydelse}: brutto i kr.")
    lines = [
        Line(said.format(ydelse=ydelse), tuple(_cell(found.get(ydelse), counting) for found in by_week.values()))
        for ydelse in dict.fromkeys(row.ydelse for row in rows)
    ]
    return Strip(tuple(weeks), tuple(lines))


def _gap(since: int | None) -> str:
    """How many weeks without a payment lie before a week."""
    if since is None or since < 2:
        return ""
    return counted(since - 1, _("{antal} uge uden"), _("{antal} uger uden"))


def _cell(row: YrCareerWeek | None, counting: bool) -> tuple[str, str] | None:
    if row is None:
        return None
    counter = "–" if row.taeller is None else str(row.taeller)
    return counter if counting else "", whole(row.bruttoudgift)
