"""Two runs against each other: which findings are new, still open and solved, and which figures moved.

Only what both runs judged is compared: quarters in both, and rules that both ran. What only one of them looked at is
neither new nor solved; it is counted by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reconcile.domain.periods import Quarter, parse_month
from reconcile.history.decode import decode
from reconcile.history.published import Published
from reconcile.results.cells import size_text
from reconcile.results.declared import TABLES
from reconcile.results.followed import Figure, FigureMoved, FindingSince, SinceRow
from reconcile.results.rows import Finding, ResultTable, RunResult

NEW, OPEN, CHANGED, SOLVED = "ny", "stadig åben", "ændret", "løst"


@dataclass(frozen=True)
class Snapshot:
    """What of a run is compared: findings by id, figures by table, code, quarter and column."""

    name: str
    periods: frozenset[str]
    rules: frozenset[str]
    findings: Mapping[str, Finding]
    figures: Mapping[tuple[str, str, str, str], Figure]


@dataclass(frozen=True)
class Comparison:
    """What happened from one run to another; ``apart`` counts findings that only one of them could have made."""

    before: str
    since: tuple[SinceRow, ...]
    findings: tuple[FindingSince, ...]
    figures: tuple[FigureMoved, ...]
    apart: int

    def count(self, state: str) -> int:
        """How many findings are new, still open or solved."""
        column = {NEW: "nye", OPEN: "stadig_aabne", SOLVED: "loeste"}[state]
        return sum(getattr(row, column) for row in self.since)

    @property
    def changed(self) -> bool:
        """Whether anything at all is different."""
        return bool(self.findings or self.figures)

    def tables(self) -> tuple[ResultTable, ...]:
        """The comparison as result tables."""
        return (
            ResultTable("siden_sidst", SinceRow, self.since),
            ResultTable("fund_siden_sidst", FindingSince, self.findings),
            ResultTable("tal_siden_sidst", FigureMoved, self.figures),
        )


def followed() -> Mapping[str, tuple[str, ...]]:
    """The tables whose figures are followed, and the columns that are figures or what is said of them."""
    return {table.name: table.followed for table in TABLES.values() if table.followed}


def snapshot(run: RunResult, name: str) -> Snapshot:
    """What of a run is compared."""
    figures = {
        (table, row.dst_kode, row.periode, column): getattr(row, column)
        for table, columns in followed().items()
        for row in run.rows(table)
        for column in columns
    }
    ran = frozenset([*run.rules_run, *(finding.regel for finding in run.findings)])
    findings = {finding.fund_id: finding for finding in run.findings}
    return Snapshot(name, frozenset(run.perioder), ran, findings, figures)


def published_snapshot(run: Published, name: str) -> Snapshot:
    """What of a published run is compared."""
    return snapshot(decode(run, only=followed()), name)


def compare(before: Snapshot, after: Snapshot) -> Comparison:
    """What is new, still open and solved, and which figures moved, from ``before`` to ``after``."""
    old, old_apart = _common(before, after)
    new, new_apart = _common(after, before)
    return Comparison(
        before=before.name,
        since=tuple(_since(old, new)),
        findings=tuple(_findings(old, new)),
        figures=tuple(_figures(before, after, before.periods & after.periods)),
        apart=old_apart + new_apart,
    )


def _common(run: Snapshot, other: Snapshot) -> tuple[dict[str, Finding], int]:
    """The findings of a run that the other run could have made too, and how many it could not."""
    kept = {name: finding for name, finding in run.findings.items() if _comparable(finding, run, other)}
    return kept, len(run.findings) - len(kept)


def _comparable(finding: Finding, run: Snapshot, other: Snapshot) -> bool:
    """A finding without a period may lie in any quarter its run judged: only a run of all of them can miss it."""
    if finding.regel not in other.rules:
        return False
    if finding.periode:
        return judged(finding.periode, run.periods & other.periods)
    return run.periods <= other.periods or finding.fund_id in other.findings


def judged(period: str | None, quarters: Iterable[str]) -> bool:
    """Whether a finding's period (a quarter, a month, an ISO week or none) lies in or touches one of the quarters."""
    touched = quarters_of(period)
    return not touched or not touched.isdisjoint(quarters)


def quarters_of(period: str | None) -> frozenset[str]:
    """The quarters a finding's period touches; none for a finding without a period."""
    if not period:
        return frozenset()
    if month := parse_month(period):
        return frozenset([str(Quarter.of(month))])
    year, mark, week = period.partition("-U")
    if mark and year.isdecimal() and week.isdecimal():
        monday = date.fromisocalendar(int(year), int(week), 1)
        return frozenset(str(Quarter.of(day)) for day in (monday, monday + timedelta(days=6)))
    return frozenset([period])


def _changed(old: Finding, new: Finding) -> bool:
    return size_text(old.vaerdi) != size_text(new.vaerdi) or old.alvor != new.alvor


def _since(old: Mapping[str, Finding], new: Mapping[str, Finding]) -> Iterator[SinceRow]:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for name in {*old, *new}:
        finding = new.get(name) or old[name]
        count = counts.setdefault((finding.regel, finding.dst_kode or ""), Counter())
        count[NEW if name not in old else SOLVED if name not in new else OPEN] += 1
        count[CHANGED] += name in old and name in new and _changed(old[name], new[name])
    for (rule, code), count in sorted(counts.items(), key=lambda item: (not _moved(item[1]), item[0])):
        yield SinceRow(rule, code or None, count[NEW], count[OPEN], count[CHANGED], count[SOLVED])


def _moved(count: Counter[str]) -> bool:
    return bool(count[NEW] or count[SOLVED] or count[CHANGED])


def _findings(old: Mapping[str, Finding], new: Mapping[str, Finding]) -> Iterator[FindingSince]:
    everything = {**old, **new}
    for name in sorted(everything, key=lambda n: (everything[n].regel, everything[n].dst_kode or "", n)):
        before, now = old.get(name), new.get(name)
        if before and now and not _changed(before, now):
            continue
        finding = everything[name]
        yield FindingSince(
            fund_id=name,
            tilstand=NEW if before is None else SOLVED if now is None else CHANGED,
            regel=finding.regel,
            dst_kode=finding.dst_kode,
            periode=finding.periode,
            foer=size_text(before.vaerdi) if before else None,
            nu=size_text(now.vaerdi) if now else None,
            besked=finding.besked,
        )


def _figures(before: Snapshot, after: Snapshot, periods: frozenset[str]) -> Iterator[FigureMoved]:
    """The figures that moved, of the tables that both runs made."""
    tables = {key[0] for key in before.figures} & {key[0] for key in after.figures}
    for key in sorted({*before.figures, *after.figures}):
        table, code, period, column = key
        if table not in tables or period not in periods:
            continue
        old, new = before.figures.get(key), after.figures.get(key)
        if size_text(old) == size_text(new):
            continue
        both = isinstance(old, Decimal | int) and isinstance(new, Decimal | int)
        yield FigureMoved(table, code, period, column, _figure(old), _figure(new), new - old if both else None)  # type: ignore[operator]


def _figure(value: Figure) -> Figure:
    """A status is written as its text in every output."""
    return str(value) if isinstance(value, str) else value
