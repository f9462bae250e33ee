"""The figures of Ydelsesrefusion once more, in plain Python over rows: weeks, measures, the staircase and the ledger.

Slow and obvious, without a line of the views. Rows are as in ``yr_oracle``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, NamedTuple

from support.yr import percent

from oracles.yr_rules import STAIRCASE_FROM, Row, is_payment, name, without_repeats

FINANCED_BY = {
    "kontanthjælp": "refusion",
    "uddannelseshjælp": "refusion",
    "sygedagpenge": "refusion",
    "ressourceforløb": "refusion",
    "løntilskud": "refusion",
    "arbejdsløshedsdagpenge": "medfinansiering",
    "førtidspension": "medfinansiering",
    "seniorpension": "medfinansiering",
}
#: Refusion and medfinansiering in percent on steps 1–4.
STEPS = {80: 1, 40: 2, 30: 3, 20: 4}
ACCOUNTS = {
    "sygedagpenge": ("557712010", "557712011", "557712012", "557712013"),
    "arbejdsløshedsdagpenge": ("557781012", "557781013", "557781014", "557781015"),
}
#: What a level of a month is: finansiering, ydelse, trin.
Level = tuple[str, str, str]


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are there."""
    there = [amount for amount in amounts if amount is not None]
    return sum(there, Decimal(0)) if there else None


def rounded(part: Decimal | int, whole: Decimal | int, places: str) -> Decimal:
    return (Decimal(part) / whole).quantize(Decimal(places), ROUND_HALF_UP)


def step(r: Row) -> int | None:
    """The step a row stands on: by its percentages, else by its counter."""
    if name(r) == "løntilskud" or r["uge"] < STAIRCASE_FROM:
        return None
    if r["refusionssats"] in STEPS:
        return STEPS[r["refusionssats"]]
    if r["medfinansieringssats"] is not None and 100 - r["medfinansieringssats"] in STEPS:
        return STEPS[100 - r["medfinansieringssats"]]
    counter = r["ydelsestaeller"]
    return None if counter is None or counter < 1 else STEPS[percent(counter)]


def payments(rows: Sequence[Row]) -> list[Row]:
    return [r for r in without_repeats(rows) if is_payment(r)]


def weeks(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """``yr_uge``: uge as written × ydelse × kommune, the persons whose amount there is not 0 and their amounts."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for r in payments(rows):
        groups[r["uge"], r["ydelse"], r["finansieringskommune"], r["cpr"]].append(r)
    table: dict[tuple[Any, ...], list[list[Row]]] = defaultdict(list)
    for (uge, ydelse, kommune, _cpr), group in groups.items():
        if sum(r["bruttoudgift"] for r in group) != 0:
            table[uge, ydelse, kommune].append(group)
    return [
        (
            *key,
            len(groups_),
            *(
                total(r[column] for group in groups_ for r in group)
                for column in ("bruttoudgift", "refusion", "medfinansiering")
            ),
        )
        for key, groups_ in table.items()
    ]


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def quarter_of(day: date) -> str:
    return f"{day.year}K{(day.month + 2) // 3}"


def year_before(periode: str) -> str:
    return str(int(periode[:4]) - 1) + periode[4:]


class Figures(NamedTuple):
    """What stands at a level of a period."""

    bruttoudgift: Decimal
    refusion: Decimal | None
    medfinansiering: Decimal | None
    fleksbidrag: Decimal | None
    refusionspct: Decimal | None
    medfinansieringspct: Decimal | None
    udgift: Decimal | None
    personer_pr_maaned: Decimal
    personer: int
    personuger: int
    fuldtid: Decimal
    pr_fuldtid: Decimal | None


def its_step(r: Row) -> str:
    return str(step(r) or "ingen") if is_payment(r) else "ingen"


def levels_of(r: Row, value: Callable[[Row], str] = its_step) -> list[Level]:
    """The levels a row counts in: its ydelse and all of its financing, its step (or what it is by a factor) and all of
    them; and everything."""
    financing, trin = financed(r), value(r)
    levels = [(financing, ydelse, level) for ydelse in (r["ydelse"], "I alt") for level in (trin, "alle")]
    return [*levels, ("alle", "I alt", "alle")]


def financed(r: Row) -> str:
    return FINANCED_BY.get(name(r), "ukendt") if is_payment(r) else "fleksbidrag"


def paid_weeks(rows: Sequence[Row], month: str) -> set[tuple[str, str]]:
    """(person, Monday) with a ydelse whose amounts in that week and month do not net to 0."""
    net: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for r in rows:
        if month_of(r["uge"]) == month:
            net[r["cpr"], str(monday_of(r["uge"])), r["ydelse"]] += r["bruttoudgift"]
    return {(cpr, monday) for (cpr, monday, _ydelse), amount in net.items() if amount != 0}


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@cache
def weeks_in(months: frozenset[str]) -> int:
    days = [date(2019, 1, 1) + timedelta(days=n) for n in range(1200)]
    return len({monday_of(day) for day in days if month_of(day) in months})


def figures(
    placed: Mapping[tuple[str, Level], Sequence[Row]], months: frozenset[str], level: Level, lacks: Collection[str]
) -> Figures | None:
    """A level over some months, from the rows of each month and level; None where no row counts in it."""
    mine = [r for month in sorted(months) for r in placed.get((month, level), ())]
    if not mine:
        return None
    paid = [r for r in mine if is_payment(r)]
    brutto = sum((r["bruttoudgift"] for r in paid), Decimal(0))
    refusion, other = (total(r[column] for r in paid) for column in ("refusion", "medfinansiering"))
    flex = total(r["fleksbidrag"] if is_payment(r) else r["fleksbidrag"] or r["bruttoudgift"] for r in mine)
    monthly = {month: paid_weeks(paid, month) for month in months}
    people_weeks = set().union(*monthly.values())
    weeks_ = weeks_in(months)
    return Figures(
        brutto,
        refusion,
        other,
        flex,
        None if refusion is None or brutto == 0 else rounded(refusion * 100, brutto, "0.01"),
        None if other is None or brutto == 0 else rounded(other * 100, brutto, "0.01"),
        spent(paid, level, refusion, other, lacks),
        rounded(sum(len({cpr for cpr, _week in there}) for there in monthly.values()), len(months), "0.0001"),
        len({cpr for cpr, _week in people_weeks}),
        len(people_weeks),
        rounded(len(people_weeks), weeks_, "0.0001"),
        rounded(brutto * weeks_, len(people_weeks), "0.01") if people_weeks else None,
    )


def spent(
    paid: Sequence[Row], level: Level, refusion: Decimal | None, other: Decimal | None, lacks: Collection[str]
) -> Decimal | None:
    """The kommune's own part, where the source has what it takes to know it."""
    known = {"fleksbidrag": False, "medfinansiering": other is not None, "alle": "refusion" not in lacks}
    if "medfinansiering" in lacks and any(financed(r) == "medfinansiering" for r in paid):
        known["alle"] = False
    if not known.get(level[0], refusion is not None):
        return None
    parts: Iterable[Any] = (
        r["medfinansiering"] or 0 if financed(r) == "medfinansiering" else r["bruttoudgift"] - (r["refusion"] or 0)
        for r in paid
    )
    return sum(parts, Decimal(0))


def twelve_months(last: str) -> list[str]:
    """The twelve months up to and with one."""
    number = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number - 11, number + 1)]


def periods(rows: Sequence[Row]) -> dict[str, set[str]]:
    """Period → the months of it that have rows."""
    found: dict[str, set[str]] = defaultdict(set)
    there = {month_of(r["uge"]) for r in rows}
    for r in rows:
        for periode in (month_of(r["uge"]), quarter_of(r["uge"]), str(r["uge"].year), "alle"):
            found[periode].add(month_of(r["uge"]))
    for month in there:
        twelve = twelve_months(month)
        if twelve[0] >= min(there):
            found[f"{twelve[0]}:{month}"] = there & set(twelve)
    return found


def earlier_period(periode: str) -> str:
    return ":".join(year_before(part) for part in periode.split(":")) if periode != "alle" else ""


def measures(
    rows: Sequence[Row], lacks: Collection[str] = (), value: Callable[[Row], str] = its_step
) -> dict[tuple[str, Level], tuple[Figures | None, Figures | None, int, int | None]]:
    """(period, level) → its figures, those of the year before, and the months that each of the two has."""
    rows = [r for r in without_repeats(rows) if r["finansieringskommune"] in (None, "665")]
    placed: dict[tuple[str, Level], list[Row]] = defaultdict(list)
    for r in rows:
        for level in levels_of(r, value):
            placed[month_of(r["uge"]), level].append(r)
    known = {periode: frozenset(months) for periode, months in periods(rows).items()}
    levels = {level for _month, level in placed}
    found = {(months, level): figures(placed, months, level, lacks) for months in known.values() for level in levels}
    table = {}
    for periode, months in known.items():
        earlier = known.get(earlier_period(periode), frozenset())
        for level in levels:
            now, before = (found.get((part, level)) for part in (months, earlier))
            if now or before:
                table[periode, level] = (now, before, len(months), len(earlier) or None)
    return table


class LedgerCell(NamedTuple):
    """An account in a koerselsperiode."""

    koerselsperiode: date
    konto: str
    yr: Decimal
    regnskab: Decimal | None
    status: str


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def ledger(
    rows: Sequence[Row], postings: Sequence[Mapping[str, Any]], own: str = "665", tolerance: Decimal = Decimal(1)
) -> list[LedgerCell]:
    """YR20: each run's amounts per account beside what the ledger booked in the month after."""
    calculated: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for r in payments(rows):
        trin = step(r)
        if r["koerselsperiode"] is None or trin is None or r["finansieringskommune"] not in (None, own):
            continue
        if name(r) == "sygedagpenge":
            calculated[r["koerselsperiode"], ACCOUNTS[name(r)][trin - 1]] -= r["refusion"] or 0
        if name(r) == "arbejdsløshedsdagpenge":
            calculated[r["koerselsperiode"], ACCOUNTS[name(r)][trin - 1]] += r["medfinansiering"] or 0
    cells = []
    for run in {r["koerselsperiode"] for r in rows if r["koerselsperiode"] is not None}:
        for konto in (konto for accounts in ACCOUNTS.values() for konto in accounts):
            cell = _cell(run, konto, calculated[run, konto], postings, tolerance)
            if cell.yr or cell.regnskab:
                cells.append(cell)
    return cells


def _cell(run: date, konto: str, yr: Decimal, postings: Sequence[Mapping[str, Any]], tolerance: Decimal) -> LedgerCell:
    month = next_month(run)
    days = [p["bogfoert_dato"] for p in postings]
    if month < min(days).replace(day=1) or month > max(days):
        return LedgerCell(run, konto, yr, None, "mangler_regnskab")
    booked = sum(
        (p["beloeb"] for p in postings if p["konto"] == konto and p["bogfoert_dato"].replace(day=1) == month),
        Decimal(0),
    )
    gap = abs(booked - yr)
    return LedgerCell(
        run, konto, yr, booked, "ens" if not gap else "inden_for_tolerance" if gap <= tolerance else "uforklaret"
    )
