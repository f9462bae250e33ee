"""OE04, OE06 and OE07, and what is rammestyret: hit, near miss and empty input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.ottetal import ACTIVE, ANNA, MASTER, PAID, brief, by_rule, course, judged, posting


def test_oe04_money_on_another_maalgruppes_account() -> None:
    found = judged([{**ACTIVE, "maalgruppe": "1.1.3"}], PAID)
    assert brief(found) == [f"OE04 advarsel 1.4 2020-0{n}" for n in (7, 8, 9)]
    assert (found[0].vaerdi, found[0].forventet) == ("2", "1.1.3")
    assert "5.38.58-1-001" in found[0].besked


@pytest.mark.parametrize(
    ("registered", "konto", "hit"),
    [
        ("1.1.3", "538581002", False),
        ("1.1", "538581002", False),
        ("1.10", "538581002", True),
        ("2|1.2.2.1", "538581002", True),
        ("2|1.1.1", "538581002", False),
        (None, "538581002", False),
    ],
)
def test_oe04_levels_match_by_prefix_at_a_point(registered: str | None, konto: str, hit: bool) -> None:
    one = course(ANNA, "1.4", "2020-07-01", "2020-07-31", maalgruppe=registered)
    assert bool(by_rule(judged([one], [posting(ANNA, konto, "2020-07", "100.00")]), "OE04")) is hit


def test_oe04_an_account_netted_to_nothing_is_no_hit_and_half_on_each_is_one() -> None:
    one = course(ANNA, "1.4", "2020-07-01", "2020-07-31", maalgruppe="2")
    right = posting(ANNA, "538581001", "2020-07", "50.00")
    wrong = posting(ANNA, "538581003", "2020-07", "50.00")
    back = posting(ANNA, "538581003", "2020-07", "-50.00")
    assert brief(judged([one], [right, wrong])) == ["OE04 advarsel 1.4 2020-07"]
    assert judged([one], [right, wrong, back]) == []


def test_oe04_another_active_course_of_the_code_may_have_the_maalgruppe() -> None:
    courses = [course(ANNA, "1.4", "2020-07-01", "2020-07-31", maalgruppe=group) for group in ("2", "1.1.1")]
    assert judged(courses, [posting(ANNA, "538581002", "2020-07", "1")]) == []


def test_oe04_accounts_without_a_maalgruppe_are_for_everyone() -> None:
    one = course(ANNA, "1.13.4", "2020-07-01", "2020-07-31", maalgruppe="2")
    assert judged([one], [posting(ANNA, "538531003", "2020-07", "1")]) == []


def prices(count: int, odd: str, usual: tuple[str, ...] = ("31.00", "62.00")) -> list[Any]:
    """``count`` persons active all July, paid the usual prices in turn; the last one the odd price."""
    people = [f"01017{n:05d}" for n in range(count)]
    courses = [course(cpr, "1.13.4", "2020-07-01", "2020-07-31") for cpr in people]
    amounts = [usual[n % len(usual)] for n in range(count - 1)] + [odd]
    postings = [posting(cpr, "538531003", "2020-07", a) for cpr, a in zip(people, amounts, strict=True)]
    return judged(courses, postings)


def test_oe06_a_price_far_from_the_median() -> None:
    found = prices(21, "310.00")
    assert brief(found) == ["OE06 advarsel 1.13.4 2020-07"]
    assert (found[0].vaerdi, found[0].forventet) == (Decimal("10.00"), Decimal("2.00"))


def test_oe06_the_limit_itself_is_inside() -> None:
    usual = ("31.00", "62.00", "93.00", "124.00", "155.00")  # 1–5 kr. a day: median 3, MAD 1
    assert prices(21, "248.00", usual) == []  # 3 + 5 · 1 = 8 kr. a day
    assert brief(prices(21, "248.01", usual)) == ["OE06 advarsel 1.13.4 2020-07"]


def test_oe06_needs_twenty_courses_and_prices_that_differ() -> None:
    assert prices(19, "310.00") == []
    assert len(prices(20, "310.00")) == 1
    assert prices(21, "310.00", ("31.00",)) == []


def test_oe06_history_outside_the_period_counts() -> None:
    people = [f"01017{n:05d}" for n in range(20)]
    courses = [course(cpr, "1.13.4", "2020-01-01", "2020-12-31") for cpr in people]
    months = ("2020-01", "2020-02", "2020-07", "2020-08", "2020-09")
    paid = [posting(c, "538531003", m, "60" if n % 2 else "90") for m in months for n, c in enumerate(people)]
    dear = posting(people[0], "538531003", "2020-02", "5000")
    assert by_rule(judged(courses, [*paid, dear]), "OE06") == []
    assert brief(by_rule(judged(courses, [*paid, dear], periods="2020K1"), "OE06")) == ["OE06 advarsel 1.13.4 2020-02"]


def test_oe07_one_finding_per_account_and_month_with_count_and_amount() -> None:
    unknown = [
        posting(None, "538391001", month, a) for month, a in (("2020-07", "10"), ("2020-07", "2.50"), ("2020-08", "1"))
    ]
    found = judged([], unknown)
    assert brief(found) == ["OE07 advarsel None 2020-07", "OE07 advarsel None 2020-08"]
    first = min(found, key=lambda f: f.periode)
    assert first.vaerdi == Decimal("12.50")
    assert "5.38.39-1-001" in first.besked
    assert "juli 2020: 2" in first.besked


@pytest.mark.parametrize("konto", ["538581001", "538392001", "557711013", "532391001"])
def test_oe07_only_5_38_on_dranst_1_that_no_row_maps(konto: str) -> None:
    assert judged([], [posting(None, konto, "2020-07", "10")]) == []


def test_a_rammestyret_account_and_all_its_codes_courses_are_left_out() -> None:
    framed = course(ANNA, "1.13.3", "2019-01-01")
    assert judged([framed], []) == []
    assert judged([], [posting(ANNA, "538531004", "2020-07", "10")]) == []


def test_a_rammestyret_tilbud_leaves_out_the_courses_at_that_tilbud_only() -> None:
    master = [*MASTER, {"dst_kode": "1.4", "konto": "538581009", "rammestyret": True, "tilbud": "Høvlen"}]
    july = {"first": "2020-07-01", "last": "2020-07-31"}
    assert judged([course(ANNA, "1.4", **july, tilbud="høvlen")], [], master) == []
    assert brief(judged([course(ANNA, "1.4", **july, tilbud="Vækst")], [], master)) == ["OE02 advarsel 1.4 2020-07"]
    assert brief(judged([course(ANNA, "1.4", **july)], [], master)) == ["OE02 advarsel 1.4 2020-07"]
