"""Codes billed for several months, against counts by hand: OE06 per billing period, OE08, and a posting for several months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from statistics import median
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.examples import examples
from support.ottetal import by_rule, course, ledger_until, oe_findings, posting, view_rows
from support.quick import Quick, quick_worlds

KONTO = "538581001"
MONTHS = [f"2020-{n:02d}" for n in range(1, 13)]


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def person(number: int) -> str:
    return f"01017{number:05d}"


def master(rytme: str | None) -> list[dict[str, Any]]:
    return [{"dst_kode": "1.4", "konto": KONTO, "rytme": rytme}]


def days_in(first: date, last: date, months: list[str]) -> int:
    """The days of a course in these months, counted one at a time."""
    return sum(f"{first + timedelta(n):%Y-%m}" in months for n in range((last - first).days + 1))


@examples(10)
@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(0, 160), st.integers(1, 60)), min_size=20, max_size=24),
    st.booleans(),
    st.integers(0, 2),
)
def test_a_quarters_price_is_the_bill_over_the_quarters_days(
    quick: Quick, people: list[tuple[int, int, int]], ahead: bool, off: int
) -> None:
    courses, postings = [], [ledger_until("2021-06")]
    priced: dict[tuple[str, str], Fraction] = {}
    for number, (day, length, kroner) in enumerate(people):
        first = date(2020, 4, day)
        last = first + timedelta(length)
        courses.append(course(person(number), "1.4", str(first), str(last)))
        for start in (3, 6):
            quarter = MONTHS[start : start + 3]
            days = days_in(first, last, quarter)
            if days:
                paid = MONTHS[start - off] if ahead else MONTHS[start + 2 + off]  # up to two months before or after
                amount = f"{kroner * days + number % 3}.07"
                postings.append(posting(person(number), KONTO, paid, amount))
                priced[person(number), paid] = Fraction(Decimal(amount)) / days
    middle = median(priced.values())
    mad = median(abs(price - middle) for price in priced.values())
    outside = {key for key, price in priced.items() if mad > 0 and abs(price - middle) > 5 * mad}
    tables = {
        "fagsystem": courses,
        "oekonomi": postings,
        "masteroversigt": master("kvartal forud" if ahead else "kvartal"),
    }
    found = by_rule(oe_findings(quick(tables, periods="2020")), "OE06")
    assert {(f.borger[2:][::-1], f.periode) for f in found} == outside


RHYTHMS = (("aar", 12), ("halvaar", 6), ("kvartal", 3))
PAID = st.one_of(
    st.builds(lambda first: MONTHS[first::3], st.integers(0, 2)),
    st.builds(lambda first: MONTHS[first::6], st.integers(0, 5)),
    st.builds(lambda first: MONTHS[first::12], st.integers(0, 11)),
    st.sets(st.sampled_from(MONTHS), max_size=12).map(sorted),
)


@examples(40)
@given(
    st.lists(st.tuples(PAID, st.integers(1, 7), st.integers(4, 11)), min_size=1, max_size=6),
    st.one_of(st.none(), st.integers(0, 2), st.integers(0, 2)),
    st.booleans(),
)
@example(people=[(["2020-01", "2020-02"], 1, 11), *[([], 1, 11)] * 4], alike=2, written=False)
@example(people=[(["2020-01", "2020-02"], 1, 11), *[([], 1, 11)] * 3], alike=2, written=False)
def test_a_rhythm_nobody_wrote_is_the_one_that_four_in_five_are_paid_in(
    quick: Quick, people: list[tuple[list[str], int, int]], alike: int | None, written: bool
) -> None:
    courses, postings = [], [posting(None, KONTO, month, "1.00") for month in ("2020-01", "2020-12")]
    judged = []
    for number, (drawn, first, length) in enumerate(people):
        paid = MONTHS[alike::3] if alike is not None and number else drawn
        active = MONTHS[first - 1 : first + length]
        last = date(2020, 12, 31) if active[-1] == "2020-12" else date(2020, int(active[-1][5:]) + 1, 1) - timedelta(1)
        courses.append(course(person(number), "1.4", f"{active[0]}-01", str(last)))
        postings += [posting(person(number), KONTO, month, "100.00") for month in paid]
        if len(active) >= 6:
            judged.append((active, paid))
    tables = {"fagsystem": courses, "oekonomi": postings, "masteroversigt": master("maaned" if written else None)}
    found = view_rows(quick(tables, periods="2020"), "oe_rytme", "rytme")
    expected = None if written else rhythm(judged)
    assert [rytme for (rytme,) in found] == ([expected] if expected else [])


def rhythm(judged: list[tuple[list[str], list[str]]]) -> str | None:
    """The longest rhythm that four in five of the persons with six active months are paid in, and which way."""
    for name, n in RHYTHMS:
        fits = 0
        for active, paid in judged:
            apart = {MONTHS.index(month) % n for month in paid}
            enough = len(paid) >= max(1, len(active) // n - 1)
            fits += len(apart) == 1 and enough
        if judged and 5 * fits >= 4 * len(judged):
            before = sum(bool(paid) and active[0] > MONTHS[0] and paid[0] <= active[0] for active, paid in judged)
            after = sum(bool(paid) and active[-1] < MONTHS[-1] and paid[-1] >= active[-1] for active, paid in judged)
            return f"{name} forud" if before > after else name
    return None


@examples(30)
@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 5), st.integers(-99999, 99999)), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 330), st.integers(0, 90)), max_size=3),
)
def test_a_posting_for_several_months_is_shared_by_active_days_to_the_oere(
    quick: Quick, ranges: list[tuple[int, int, int]], spans: list[tuple[int, int]]
) -> None:
    new_year = date(2020, 1, 1)
    courses = [
        course(person(1), "1.4", str(new_year + timedelta(first)), str(new_year + timedelta(first + length)))
        for first, length in spans
    ]
    days = {
        d
        for c in courses
        for d in (c["start_dato"] + timedelta(n) for n in range((c["slut_dato"] - c["start_dato"]).days + 1))
    }
    postings: list[dict[str, Any]] = []
    exact: defaultdict[Any, Fraction] = defaultdict(Fraction)
    parts: defaultdict[Any, int] = defaultdict(int)
    for first, length, oere in ranges:
        covered = MONTHS[first : first + length + 1]
        last = date.fromisoformat(f"{covered[-1]}-01")
        amount = Decimal(oere).scaleb(-2)
        postings.append(
            posting(
                person(1),
                KONTO,
                "2020-12",
                str(amount),
                ydelsesperiode=date.fromisoformat(f"{covered[0]}-01"),
                ydelsesperiode_til=last,
            )
        )
        weight = {m: sum(f"{d:%Y-%m}" == m for d in days) for m in covered}
        if not any(weight.values()):
            weight = {m: sum(f"{new_year + timedelta(n):%Y-%m}" == m for n in range(366)) for m in covered}
        for month, share in weight.items():
            exact[month] += Fraction(oere * share, sum(weight.values()))
            parts[month] += share > 0
    context = quick({"fagsystem": courses, "oekonomi": postings, "masteroversigt": master("maaned")}, periods="2020")
    found = {
        f"{(mdr - 1) // 12}-{(mdr - 1) % 12 + 1:02d}": int(netto * 100)
        for mdr, netto in view_rows(context, "netto_konto", "mdr, netto")
    }
    for month in MONTHS:  # until each month no posting is more than half an øre from its share
        until = [m for m in MONTHS if m <= month]
        assert abs(sum(found.get(m, 0) - exact[m] for m in until)) * 2 <= len(ranges)
    assert sum(found.values()) == sum(oere for _first, _length, oere in ranges)
    assert set(found) == {month for month, count in parts.items() if count}
    assert all(abs(found[month] - exact[month]) < parts[month] for month in found)


YEARS = [f"{2019 + n // 12}-{n % 12 + 1:02d}" for n in range(48)]
BILLED = {
    "maaned": (1, 0), "kvartal": (3, 0), "kvartal forud": (3, 3), "halvaar": (6, 0), "halvaar forud": (6, 6),
    "aar": (12, 0), "aar forud": (12, 12),
}  # fmt: skip


@pytest.mark.parametrize("rytme", BILLED)
def test_what_a_bill_says_of_the_months_around_it_agrees_with_a_count_by_hand(quick: Quick, rytme: str) -> None:
    """A hundred persons are active, away, and active again, and have some bills: OE01, OE02, OE05 and OE09 of 2020."""
    dice = Random(rytme)
    lives = [
        ([dice.randrange(10) for _ in range(3)], set(dice.sample(range(6, 30), dice.randrange(4)))) for _ in range(100)
    ]
    courses: list[dict[str, Any]] = []
    postings = [ledger_until("2023-06")]
    expected: set[tuple[str, str | None, str, str]] = set()
    for number, ((first, away, again), bills) in enumerate(lives):
        starts = (6 + first, 6 + first + 3 + away)
        spans = [(starts[0], starts[0] + 2), (starts[1], starts[1] + again)]
        courses += [course(person(number), "1.4", f"{YEARS[a]}-05", f"{YEARS[b]}-17") for a, b in spans]
        postings += [posting(person(number), KONTO, YEARS[at], "100.00") for at in bills]
        active = {at for a, b in spans for at in range(a, b + 1)}
        n, ahead = BILLED[rytme]
        for at in range(12, 24):
            if found := _judged(at, active, bills, n, ahead):
                expected.add((person(number), YEARS[at], *found))
        year, unpaid = set(range(12, 24)), [e for e in expected if e[0] == person(number) and e[2] == "OE02"]
        missing = len(active & year) - n * len(bills & year) - len(unpaid)
        if active & year and missing > 2 + n - 1:
            expected.add((person(number), None, "OE09", "advarsel"))
    tables = {"fagsystem": courses, "oekonomi": postings, "masteroversigt": master(rytme)}
    findings = oe_findings(quick(tables, periods="2020"))
    assert expected == {
        (f.borger[2:][::-1], f.periode, f.regel, str(f.alvor))
        for f in findings
        if f.regel in ("OE01", "OE02", "OE03", "OE05", "OE09")
    }


def _judged(at: int, active: set[int], bills: set[int], n: int, ahead: int) -> tuple[str, str] | None:
    """What the rules say of a month: rule and severity, else nothing."""
    if at in active:
        paid = bills & set(range(at - ahead, at + 2 + n))
        return None if paid else ("OE02", "advarsel")
    if at not in bills:
        return None
    if at > max(active):
        return "OE05", "information" if at - max(active) <= 2 + n - 1 else "fejl"
    around = active & set(range(at - n + 1, at + ahead + 1))
    return None if around else ("OE01", "fejl")


@pytest.mark.parametrize(("written", "step"), [(None, "rytme"), ("maaned", "ydelse_uden_betaling")])
def test_a_month_between_two_bills_is_rhythm_in_kroner_also_where_the_rhythm_is_only_found(
    quick: Quick, written: str | None, step: str
) -> None:
    people = range(5)
    tables = {
        "fagsystem": [course(person(number), "1.4", "2019-01-01") for number in people],
        "oekonomi": [
            ledger_until("2021-06"),
            *(posting(person(n), KONTO, month, "6000.00") for n in people for month in ("2020-06", "2020-12")),
        ],
        "masteroversigt": master(written),
    }
    rows = view_rows(quick(tables, periods="2020"), "oe_kroner", "trin, fra")
    taken = {trin for trin, fra in rows if fra}
    assert step in taken
    assert not taken & ({"rytme", "ydelse_uden_betaling"} - {step})
