"""The YR rules once more, in plain Python over rows: slow, obvious, and without a line of the views."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from yr_support import Hit, percent, week

Row = Mapping[str, Any]
WEEK = timedelta(weeks=1)


def expected(rows: Sequence[Row]) -> Counter[Hit]:
    """Every hit of YR01–YR10, YR12–YR14 and YR18, as the rules are worded."""
    hits: Counter[Hit] = Counter()
    source_start = min((start(r["uge"]) for r in rows), default=None)
    rows = without_repeats(rows, hits)
    groups: dict[tuple[str, date, str], list[Row]] = defaultdict(list)
    for r in rows:
        if r["ydelse"] != "Fleksbidrag fra staten":
            groups[r["cpr"], start(r["uge"]), r["ydelse"]].append(r)
    payments = {key: group for key, group in groups.items() if sum(r["bruttoudgift"] for r in group) != 0}
    for (cpr, monday, ydelse), group in payments.items():
        total = sum(r["bruttoudgift"] for r in group)
        if total >= Decimal(10000):
            hits[Hit("YR01", "fejl", cpr, ydelse, week(monday), total)] += 1
        if total < 0:
            hits[Hit("YR13", "advarsel", cpr, ydelse, week(monday), total)] += 1
        for r in group:
            if r["bruttoudgift"] > 0 and r["ydelsestaeller"] is None:
                hits[Hit("YR18", "advarsel", cpr, ydelse, week(monday), None)] += 1
    for r in rows:
        judge_row(r, hits)
    for cpr in {key[0] for key in payments}:
        judge_counters(cpr, counters(cpr, payments), source_start, hits)
    return hits


def start(day: date) -> date:
    return day - timedelta(days=day.weekday())


def without_repeats(rows: Sequence[Row], hits: Counter[Hit]) -> list[Row]:
    seen: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for r in rows:
        seen[tuple((k, str(v)) for k, v in sorted(r.items()) if k not in ("raekke", "raa"))].append(r)
    for same in seen.values():
        if len(same) > 1:
            r = same[0]
            hits[Hit("YR12", "advarsel", r["cpr"], r["ydelse"], week(r["uge"]), len(same))] += 1
    return [same[0] for same in seen.values()]


def judge_row(r: Row, hits: Counter[Hit]) -> None:
    where = (r["cpr"], r["ydelse"], week(r["uge"]))
    if r["uge"].weekday() != 0 and r["uge"].day != 1:
        hits[Hit("YR14", "advarsel", *where, r["uge"])] += 1
    if r["ydelse"] == "Fleksbidrag fra staten":
        return
    sats, amount = r["refusionssats"], r["refusion"]
    judged = sats is not None and not (sats == 0 and amount == 0)
    if r["ydelsestaeller"] is not None and judged and sats != percent(r["ydelsestaeller"]):
        hits[Hit("YR09", "fejl", *where, sats)] += 1
    if sats is not None and abs(amount - r["bruttoudgift"] * sats / 100) > Decimal("0.01"):
        hits[Hit("YR10", "fejl", *where, amount)] += 1


def counters(cpr: str, payments: Mapping[tuple[str, date, str], list[Row]]) -> dict[date, tuple[int, int]]:
    """Monday → (counter, smallest counter of the same rows)."""
    weeks: dict[date, list[Row]] = defaultdict(list)
    for (person, monday, _ydelse), group in payments.items():
        if person == cpr:
            weeks[monday] += [r for r in group if r["bruttoudgift"] > 0]
    made = {}
    for monday, candidates in weeks.items():
        latest = max((r["koerselsperiode"] for r in candidates), default=None)
        values = [r["ydelsestaeller"] for r in candidates if r["koerselsperiode"] == latest]
        values = [value for value in values if value is not None]
        if values:
            made[monday] = (max(values), min(values))
    return made


def judge_counters(
    cpr: str, weeks: Mapping[date, tuple[int, int]], source_start: date | None, hits: Counter[Hit]
) -> None:
    first = min(weeks, default=None)
    for monday, (counter, smallest) in weeks.items():
        if smallest != counter:
            hits[Hit("YR08", "advarsel", cpr, None, week(monday), counter)] += 1
        if monday == first:
            continue
        before = max(other for other in weeks if other < monday)
        last = weeks[before][0]
        pause = (monday - before).days // 7 - 1
        if pause == 0:
            rule = "YR02" if counter == last else "YR03" if counter > last + 1 else "YR04" if counter < last else ""
            if rule:
                hits[Hit(rule, "fejl", cpr, None, week(monday), counter)] += 1
            continue
        if counter not in (last + 1, 1):
            hits[Hit("YR05", "advarsel", cpr, None, week(monday), counter)] += 1
        if counter == last + 1 and pause >= 52:
            hits[Hit("YR07", "advarsel", cpr, None, week(monday), counter)] += 1
        if counter == 1:
            assert first is not None
            assert source_start is not None
            back = [monday - n * WEEK for n in range(1, 157)]
            free = sum(1 for other in back if other > first and other not in weeks)
            if free < 52:
                severity = "advarsel" if source_start > back[-1] else "fejl"
                hits[Hit("YR06", severity, cpr, None, week(monday), free)] += 1
