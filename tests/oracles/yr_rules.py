"""The YR rules once more, in plain Python over rows: slow, obvious, and without a line of the views.

Written from the rules' wording. A row is a dict of the canonical columns with ``fil`` and ``raa`` (all its cells as
text, also those no column is read from); a column the source lacks is None in every row.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from support.yr import Hit, percent, week

Row = Mapping[str, Any]
#: cpr, the Monday of the ISO week, ydelse.
Key = tuple[str, date, str]
WEEK = timedelta(weeks=1)

STAIRCASE_FROM = date(2016, 1, 4)
ALWAYS = (date(2015, 12, 28), date.max)
#: The ydelser that random rows can have and the list knows, and the days they exist.
VALID = {
    "kontanthjælp": ALWAYS,
    "uddannelseshjælp": ALWAYS,
    "sygedagpenge": ALWAYS,
    "ressourceforløb": (ALWAYS[0], date(2026, 6, 30)),
    "arbejdsløshedsdagpenge": ALWAYS,
    "førtidspension": ALWAYS,
    "seniorpension": (date(2020, 1, 1), date.max),
    "løntilskud": ALWAYS,
    "fleksbidrag fra staten": ALWAYS,
}
OUTSIDE_STAIRCASE = ("løntilskud", "fleksbidrag fra staten")


def expected(rows: Sequence[Row], lacks: Collection[str] = (), limit: Decimal = Decimal(10000)) -> Counter[Hit]:
    """Every hit of YR01–YR19. What another kommune finances is in no hit, but its weeks count in a career."""
    hits = Counter(odd_people(rows))
    source_start = min((start(r["uge"]) for r in rows), default=date.max)
    hits.update(repeats(rows))
    rows = without_repeats(rows)
    for r in filter(own, rows):
        hits.update(judge_row(r))
    payments = netted(rows)
    for key, group in payments.items():
        if any(map(own, group)):
            hits.update(judge_payment(key, group, limit))
    for cpr in {key[0] for key in payments}:
        weeks = counters(cpr, payments, "koerselsperiode" not in lacks)
        mine = {
            week(monday) for (person, monday, _y), group in payments.items() if person == cpr and any(map(own, group))
        }
        told = regained([r for r in rows if r["cpr"] == cpr])
        found = [*judge_counters(cpr, weeks, told, source_start), *judge_regained(cpr, weeks, told)]
        hits.update(hit for hit in found if hit.week in mine)
    out = cannot_run(lacks)
    return Counter({hit: count for hit, count in hits.items() if hit.rule not in out})


def cannot_run(lacks: Collection[str]) -> set[str]:
    """The rules that a source without these columns cannot have."""
    out: set[str] = set()
    if "ydelsestaeller" in lacks:
        out |= {"YR02", "YR03", "YR04", "YR05", "YR06", "YR07", "YR08", "YR09", "YR18", "YR19"}
    if "genoptjening" in lacks:
        out.add("YR19")
    if {"refusionssats", "medfinansieringssats"} <= set(lacks):
        out.add("YR09")
    if all({half, f"{half}ssats"} & set(lacks) for half in ("refusion", "medfinansiering")):
        out.add("YR10")
    if {"refusion", "medfinansiering"} & set(lacks):
        out.add("YR11")
    if {"finansieringskommune", "bopaelskommune"} & set(lacks):
        out.add("YR15")
    return out


def start(day: date) -> date:
    """The Monday of its ISO week."""
    return day - timedelta(days=day.weekday())


def name(r: Row) -> str:
    """The ydelse as it is looked up: capitals and outer spaces do not count."""
    return str(r["ydelse"]).strip().lower()


def own(r: Row) -> bool:
    """Whether the own kommune finances it."""
    return r["finansieringskommune"] in (None, "665")


def regained(rows: Sequence[Row]) -> dict[date, int]:
    """Monday → the largest genoptjening told in that week."""
    told: dict[date, int] = {}
    for r in rows:
        if r["genoptjening"] is not None:
            told[start(r["uge"])] = max(r["genoptjening"], told.get(start(r["uge"]), 0))
    return told


def last_told(told: Mapping[date, int], weeks: Collection[date], monday: date) -> int | None:
    """The genoptjening told last before a week; a 0 on a week before the pause tells nothing of it."""
    paid = max((other for other in weeks if other < monday), default=date.min)
    days = [day for day in told if day < monday and (told[day] > 0 or day > paid)]
    return told[max(days)] if days else None


def judge_regained(cpr: str, weeks: Mapping[date, tuple[int, int]], told: Mapping[date, int]) -> Iterator[Hit]:
    for monday, (counter, _smallest) in weeks.items():
        earlier = [other for other in weeks if other < monday]
        pause = (monday - max(earlier)).days // 7 - 1 if earlier else 0
        regained_weeks = last_told(told, weeks, monday)
        if pause == 0 or regained_weeks is None:
            continue
        if (counter == 1) != (regained_weeks >= 52) or regained_weeks > pause:
            yield Hit("YR19", "fejl", cpr, None, week(monday), regained_weeks)


def is_payment(r: Row) -> bool:
    return name(r) != "fleksbidrag fra staten"


def _equal(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows in groups that are equal in every cell within one file."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for r in rows:
        groups[tuple(sorted((column, str(value)) for column, value in r.items()))].append(r)
    return list(groups.values())


def repeats(rows: Sequence[Row]) -> Iterator[Hit]:
    for r, *others in _equal(rows):
        if others and own(r):
            yield Hit("YR12", "advarsel", r["cpr"], r["ydelse"], week(r["uge"]), 1 + len(others))


def without_repeats(rows: Sequence[Row]) -> list[Row]:
    return [group[0] for group in _equal(rows)]


def netted(rows: Sequence[Row]) -> dict[Key, list[Row]]:
    """The payments: rows of a person, ISO week and ydelse whose bruttoudgift does not net to 0."""
    groups: dict[Key, list[Row]] = defaultdict(list)
    for r in filter(is_payment, rows):
        groups[r["cpr"], start(r["uge"]), r["ydelse"]].append(r)
    return {key: group for key, group in groups.items() if sum(r["bruttoudgift"] for r in group) != 0}


def judge_payment(key: Key, group: Sequence[Row], limit: Decimal) -> Iterator[Hit]:
    cpr, monday, ydelse = key
    total = sum(r["bruttoudgift"] for r in group)
    if total >= limit:
        yield Hit("YR01", "fejl", cpr, ydelse, week(monday), total)
    if total < 0:
        yield Hit("YR13", "advarsel", cpr, ydelse, week(monday), total)
    for r in group:
        if r["bruttoudgift"] > 0 and r["ydelsestaeller"] is None:
            yield Hit("YR18", "advarsel", cpr, ydelse, week(monday), None)


def judge_row(r: Row) -> Iterator[Hit]:
    where = (r["cpr"], r["ydelse"], week(r["uge"]))
    if r["uge"].weekday() != 0 and r["uge"].day != 1:
        yield Hit("YR14", "advarsel", *where, r["uge"])
    pays, lives = r["finansieringskommune"], r["bopaelskommune"]
    if pays is not None and lives is not None and pays != lives:
        yield Hit("YR15", "information", *where, lives)
    first, last = VALID.get(name(r), (date.max, date.min))
    if not first <= r["uge"] <= last:
        yield Hit("YR17", "advarsel", *where, None)
    if wrong := list(wrong_percentages(r)):
        yield Hit("YR09", "fejl", *where, wrong[0])
    if not is_payment(r):
        return
    if wrong := list(wrong_amounts(r)):
        yield Hit("YR10", "fejl", *where, wrong[0])
    if r["refusion"] and r["medfinansiering"]:
        yield Hit("YR11", "fejl", *where, r["medfinansiering"])


def wrong_percentages(r: Row) -> Iterator[Decimal]:
    """The percentages of a row on the staircase that its own counter does not give."""
    counter = r["ydelsestaeller"]
    if counter is None or counter < 1 or name(r) in OUTSIDE_STAIRCASE or r["uge"] < STAIRCASE_FROM:
        return
    right = percent(counter)
    for half, should in (("refusion", right), ("medfinansiering", 100 - right)):
        sats, amount = r[f"{half}ssats"], r[half]
        if sats is None or (sats == 0 and not amount):
            continue
        if sats != should:
            yield sats


def wrong_amounts(r: Row) -> Iterator[Decimal]:
    """The amounts of a row that its percentages do not give."""
    for half in ("refusion", "medfinansiering"):
        sats, amount = r[f"{half}ssats"], r[half]
        if sats is None or amount is None:
            continue
        if abs(amount - r["bruttoudgift"] * sats / 100) > Decimal("0.01"):
            yield amount


def counters(cpr: str, payments: Mapping[Key, Sequence[Row]], has_run: bool) -> dict[date, tuple[int, int]]:
    """Monday → (counter, smallest counter of the same rows)."""
    weeks: dict[date, list[Row]] = defaultdict(list)
    for (person, monday, _ydelse), group in payments.items():
        if person == cpr:
            weeks[monday] += [r for r in group if r["bruttoudgift"] > 0]

    def age(r: Row) -> Any:
        return (r["koerselsperiode"] or date.min) if has_run else r["fil"]

    made = {}
    for monday, candidates in weeks.items():
        latest = max(map(age, candidates), default=None)
        values = [r["ydelsestaeller"] for r in candidates if age(r) == latest and r["ydelsestaeller"] is not None]
        if values:
            made[monday] = (max(values), min(values))
    return made


def judge_counters(
    cpr: str, weeks: Mapping[date, tuple[int, int]], told: Mapping[date, int], source_start: date
) -> Iterator[Hit]:
    for monday, (counter, smallest) in weeks.items():
        if smallest != counter:
            yield Hit("YR08", "advarsel", cpr, None, week(monday), counter)
        earlier = [other for other in weeks if other < monday]
        if not earlier:
            continue
        last = weeks[max(earlier)][0]
        pause = (monday - max(earlier)).days // 7 - 1
        if pause == 0:
            rule = "YR02" if counter == last else "YR03" if counter > last + 1 else "YR04" if counter < last else ""
            if rule:
                yield Hit(rule, "fejl", cpr, None, week(monday), counter)
            continue
        if counter not in (last + 1, 1):
            yield Hit("YR05", "advarsel", cpr, None, week(monday), counter)
        if last_told(told, weeks, monday) is not None:
            continue
        if counter == last + 1 and pause >= 52:
            yield Hit("YR07", "advarsel", cpr, None, week(monday), counter)
        if counter == 1:
            yield from judge_reset(cpr, monday, weeks, source_start)


def judge_reset(cpr: str, monday: date, weeks: Collection[date], source_start: date) -> Iterator[Hit]:
    back = [monday - n * WEEK for n in range(1, 157)]
    free = sum(1 for other in back if other > min(weeks) and other not in weeks)
    if free < 52:
        severity = "advarsel" if source_start > back[-1] else "fejl"
        yield Hit("YR06", severity, cpr, None, week(monday), free)


def odd_people(rows: Sequence[Row]) -> Iterator[Hit]:
    for cpr in {r["cpr"] for r in rows}:
        kind = kind_of_cpr(cpr)
        if kind != "gyldigt" and any(own(r) for r in rows if r["cpr"] == cpr):
            first = min(start(r["uge"]) for r in rows if r["cpr"] == cpr)
            severity = "information" if kind == "erstatningsnummer" else "fejl"
            yield Hit("YR16", severity, cpr, None, week(first), kind)


def kind_of_cpr(cpr: str) -> str:
    """gyldigt, erstatningsnummer (60 added to the day, or letters in the serial) or ugyldigt."""
    match = re.fullmatch(r"(\d\d)(\d\d)(\d\d)(\d)\d{3}", cpr)
    letters = re.fullmatch(r"(\d\d)(\d\d)(\d\d)(?=.*[A-ZÆØÅ])([0-9A-ZÆØÅ])[0-9A-ZÆØÅ]{3}", cpr)
    if not (found := match or letters):
        return "ugyldigt"
    day, month, year = int(found[1]), int(found[2]), int(found[3])
    try:
        date(_century(found[4], year) + year if match else 2000, month, day - 60 if day > 60 else day)
    except ValueError:
        return "ugyldigt"
    return "erstatningsnummer" if letters or day > 60 else "gyldigt"


def _century(seventh: str, year: int) -> int:
    if seventh in "0123":
        return 1900
    if seventh in "49":
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800
