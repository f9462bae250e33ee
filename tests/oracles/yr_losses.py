"""What a fault costs once more, in plain Python over rows: the counter as it should have been, week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from support.yr import percent, week

from oracles.yr_rules import (
    OUTSIDE_STAIRCASE,
    STAIRCASE_FROM,
    Key,
    Row,
    counters,
    expected,
    last_told,
    name,
    netted,
    own,
    regained,
    start,
    without_repeats,
)

COUNTERS = ("YR02", "YR03", "YR04", "YR05", "YR06", "YR07")
#: cpr, ``taeller`` or ``YR09``, the week of the finding.
Owner = tuple[str, str, str]


def losses(rows: Sequence[Row], lacks: Collection[str] = ()) -> dict[Owner, Decimal]:
    """What the kommune lost by each finding, in kr.; negative: gained."""
    faults = {(hit.cpr, hit.week, hit.rule) for hit in expected(rows, lacks) if hit.rule in COUNTERS}
    rows = without_repeats(rows)
    payments = netted(rows)
    put_right = {
        cpr: _put_right(cpr, payments, regained([r for r in rows if r["cpr"] == cpr]), faults, lacks)
        for cpr in {r["cpr"] for r in rows}
    }
    lost: dict[Owner, Decimal] = defaultdict(Decimal)
    for r in rows:
        monday, sats = start(r["uge"]), used(r)
        on_stairs = name(r) not in OUTSIDE_STAIRCASE and r["uge"] >= STAIRCASE_FROM
        if not own(r) or sats is None or not on_stairs or (r["cpr"], monday, r["ydelse"]) not in payments:
            continue
        counter, owner = r["ydelsestaeller"], (r["cpr"], "YR09", week(r["uge"]))
        if monday in put_right[r["cpr"]]:
            counter, fault = put_right[r["cpr"]][monday]
            owner = (r["cpr"], "taeller", week(fault))
        if counter is not None and counter >= 1 and sats != percent(counter):
            lost[owner] += r["bruttoudgift"] * (percent(counter) - sats) / 100
    return dict(lost)


def used(r: Row) -> Decimal | None:
    """The percentage of refusion a row was calculated with; none where it is empty, or 0 with no amount."""
    if r["refusionssats"] is not None and (r["refusionssats"] or r["refusion"]):
        return Decimal(r["refusionssats"])
    if r["medfinansieringssats"] is not None and (r["medfinansieringssats"] or r["medfinansiering"]):
        return 100 - Decimal(r["medfinansieringssats"])
    return None


def _put_right(
    cpr: str,
    payments: Mapping[Key, Sequence[Row]],
    told: Mapping[date, int],
    faults: Collection[tuple[str, str, str]],
    lacks: Collection[str],
) -> dict[date, tuple[int, date]]:
    """The weeks whose counter is wrong: what it should have been, and the week it went wrong in."""
    weeks = counters(cpr, payments, "koerselsperiode" not in lacks)
    wrong: dict[date, tuple[int, date]] = {}
    right, fault, before = 0, date.min, date.min
    for monday in sorted(weeks):
        counter = weeks[monday][0]
        if before == date.min:
            right = counter
        else:
            last, pause = weeks[before][0], (monday - before).days // 7 - 1
            earned = last_told(told, weeks, monday) if pause and "genoptjening" not in lacks else None
            mine = _mine(cpr, monday, payments)
            must_begin = earned >= 52 if earned is not None else pause >= 52 and counter == last + 1
            told_wrong = mine and earned is not None and (counter == 1) != (earned >= 52)
            # A 1 after a pause is a counter that began again, also where 0 stood before it.
            rules = ("YR06",) if pause and counter == 1 else COUNTERS
            if told_wrong or any((cpr, week(monday), rule) in faults for rule in rules):
                fault = monday
                right = 1 if pause and counter != 1 and must_begin else right + 1
            elif not mine and counter != last + 1:
                right = counter  # what another kommune's weeks say is not judged, and the count goes on from it
            else:
                right = 1 if pause and counter == 1 else right + 1
        if fault != date.min and right != counter:
            wrong[monday] = (right, fault)
        before = monday
    return wrong


def _mine(cpr: str, monday: date, payments: Mapping[Key, Sequence[Row]]) -> bool:
    """Whether the own kommune finances any of what carries the week's counter."""
    groups = [group for (person, day, _y), group in payments.items() if (person, day) == (cpr, monday)]
    return any(own(r) for group in groups if any(r["bruttoudgift"] > 0 for r in group) for r in group)
