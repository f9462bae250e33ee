"""The weeks around a finding at the ends of a career, in the finding's own week, and of many persons at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from support.worlds import world
from support.yr import ALWAYS, ANNA, BO, career, monday, row

from reconcile.controls import yr
from reconcile.controls.yr_careers import _most_important, _too_many, careers
from reconcile.results.rows import Finding, Severity
from reconcile.results.yr import YrCareerWeek

Rows = Sequence[Mapping[str, Any]]


def finding(week: int, cpr: str = ANNA, rule: str = "YR02", **given: Any) -> Finding:
    """A finding of a person in the ISO week so many weeks after 2020-U10."""
    year, number, _day = monday(week).isocalendar()
    parts: dict[str, Any] = dict.fromkeys(("dst_kode", "ydelse", "vaerdi", "forventet", "fil", "raekke"))
    named = {
        "fund_id": f"{rule}-{cpr[-4:]}-{week}",
        "regel": rule,
        "borger": f"P-{cpr[::-1]}",
        "periode": f"{year}-U{number:02d}",
    }
    return Finding(kilde="yr", **{**parts, **named, "alvor": Severity.ERROR, **given})


def around(rows: Rows, *findings: Finding) -> list[YrCareerWeek]:
    with world({"yr": rows}, periods=ALWAYS) as context:
        yr.create_views(context)
        (table,) = careers(context, findings).tables
        return list(table.rows)


def weeks(rows: Rows, *findings: Finding) -> dict[str, list[str]]:
    """Finding → the ISO weeks that are shown around it."""
    shown: dict[str, list[str]] = {f.fund_id: [] for f in findings}
    for week in around(rows, *findings):
        shown[week.fund_id].append(week.uge)
    return shown


def u(*numbers: int) -> list[str]:
    return [f"2020-U{number:02d}" for number in numbers]


def test_four_weeks_before_and_three_after_as_far_as_there_are_any() -> None:
    """Ten weeks, U10 to U19, and a finding in each of them."""
    findings = [finding(n) for n in range(10)]
    shown = weeks(career(*range(1, 11)), *findings)
    for number, found in enumerate(findings):
        first, last = max(0, number - 4), min(9, number + 3)
        assert shown[found.fund_id] == u(*range(10 + first, 11 + last))


def test_a_week_without_a_payment_is_shown_with_four_on_either_side() -> None:
    """Paid in U10–U15 and U17–U22; the finding is of U16, where a payment nets to nothing."""
    zero = [row(monday(6), None, "50.00"), row(monday(6), None, "-50.00", beregning_id="2")]
    rows = [*career(*range(1, 7)), *zero, *career(*range(7, 13), first=7)]
    found = finding(6)
    assert weeks(rows, found)[found.fund_id] == u(12, 13, 14, 15, 16, 17, 18, 19, 20)
    own = [week for week in around(rows, found) if week.fundets_uge]
    assert [(week.uge, week.bruttoudgift, week.uger_siden, week.ugens_taeller) for week in own] == [
        ("2020-U16", 0, None, None)
    ]


def test_another_week_that_nets_to_nothing_is_left_out_and_not_counted() -> None:
    zero = [row(monday(2), None, "50.00"), row(monday(2), None, "-50.00", beregning_id="2")]
    found = finding(5)
    rows = [*career(1, 2), *zero, *career(3, 4, 5, 6, first=3)]
    assert weeks(rows, found)[found.fund_id] == u(10, 11, 13, 14, 15, 16)
    since = {week.uge: week.uger_siden for week in around(rows, found)}
    assert since == {"2020-U10": None, "2020-U11": 1, "2020-U13": 2, "2020-U14": 1, "2020-U15": 1, "2020-U16": 1}


def test_a_ydelse_that_nets_to_nothing_in_a_week_with_another_is_left_out() -> None:
    zero = [
        row(monday(2), None, amount, ydelse="Ledighedsydelse", beregning_id=amount) for amount in ("50.00", "-50.00")
    ]
    shown = around([*career(1, 2, 3), *zero], finding(1))
    assert [(week.uge, week.ydelse) for week in shown] == [(f"2020-U{n}", shown[0].ydelse) for n in (10, 11, 12)]
    assert "ledighed" not in shown[0].ydelse.lower()


def test_each_person_has_the_own_weeks_and_each_finding_its_own() -> None:
    rows = [*career(1, 2, 3), *career(7, 8, first=1, cpr=BO)]
    findings = [finding(1), finding(2), finding(1, BO), finding(1, rule="YR08")]
    assert weeks(rows, *findings) == {
        "YR02-1234-1": u(10, 11, 12), "YR02-1234-2": u(10, 11, 12), "YR02-4321-1": u(11, 12), "YR08-1234-1": u(10, 11, 12),
    }  # fmt: skip
    assert {(week.borger, week.taeller) for week in around(rows, findings[2])} == {
        (f"P-{BO[::-1]}", 7),
        (f"P-{BO[::-1]}", 8),
    }


def test_a_ydelse_is_shown_with_its_own_counter_and_the_weeks() -> None:
    """The week's counter is the largest of the latest run; a ydelse's own is the one of its own latest run."""
    may, june = date(2020, 5, 1), date(2020, 6, 1)
    rows = [
        row(monday(0), 5, koerselsperiode=may),
        row(monday(0), 3, koerselsperiode=june, beregning_id="2"),
        row(monday(0), 9, ydelse="Sygedagpenge", koerselsperiode=may),
        row(monday(0), None, ydelse="Uddannelseshjælp", koerselsperiode=june),
    ]
    shown = {week.ydelse: (week.taeller, week.ugens_taeller, week.bruttoudgift) for week in around(rows, finding(0))}
    assert shown == {
        "Kontanthjælp": (3, 3, Decimal("2000.00")),
        "Sygedagpenge": (9, 3, Decimal("1000.00")),
        "Uddannelseshjælp": (None, 3, Decimal("1000.00")),
    }


def test_weeks_across_a_new_year_are_numbered_by_their_thursday() -> None:
    rows = [row(date(2020, 12, 21) + (monday(n) - monday(0)), 5 + n) for n in range(4)]
    week = (date(2021, 1, 4) - monday(0)).days // 7
    assert weeks(rows, finding(week)) == {f"YR02-1234-{week}": ["2020-U52", "2020-U53", "2021-U01", "2021-U02"]}


def test_a_finding_without_a_person_or_a_week_has_no_weeks_around_it() -> None:
    assert around(career(1, 2), finding(0, borger=None), finding(0, periode=None), finding(0, periode="2020K1")) == []
    assert around(career(1, 2), finding(0, borger="P-ukendt")) == []
    assert around([], finding(0)) == []


def test_of_a_rule_with_many_findings_the_most_important_are_chosen_and_the_rest_said() -> None:
    found = [finding(n, vaerdi=n) for n in range(5)] + [finding(n, rule="YR08") for n in range(3)]
    grave = finding(9, alvor=Severity.WARNING, vaerdi=100)
    chosen, left = _most_important([*found, grave], 3)
    assert sorted(f.fund_id for f in chosen) == [
        "YR02-1234-2", "YR02-1234-3", "YR02-1234-4", "YR08-1234-0", "YR08-1234-1", "YR08-1234-2",
    ]  # fmt: skip
    assert left == {"YR02": 6}
    assert list(_too_many({}, 3)) == []
    (text,) = _too_many({"YR08": 1500, "YR02": 6}, 3)
    assert "de 3 vigtigste fund af hver regel; flere har YR02 (6), YR08 (1.500)" in text


def test_just_as_many_findings_as_are_shown_leave_nothing_out() -> None:
    assert _most_important([finding(n) for n in range(3)], 3)[1] == {}
    assert _most_important([finding(n) for n in range(4)], 3)[1] == {"YR02": 4}
