"""The rules on amounts and rows: YR01 and YR09–YR18."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.yr import ANNA, MONDAY, Hit, career, found, monday, row, weeks_found

HALVES = (date(2020, 6, 29), date(2020, 7, 1))  # 2020-U27


@pytest.mark.parametrize(("amount", "hit"), [("9999.99", []), ("10000.00", ["2020-U10"])])
def test_ten_thousand_in_a_week_is_a_hit(amount: str, hit: list[str]) -> None:
    assert weeks_found([row(MONDAY, 7, amount)], "YR01") == hit


def test_two_halves_of_a_split_week_add_up() -> None:
    rows = [row(HALVES[0], 7, "4000.00"), row(HALVES[1], 7, "6000.00")]
    hit = Hit("YR01", "fejl", ANNA, "Kontanthjælp", "2020-U27", Decimal("10000.00"))
    assert found(rows, "YR01") == [hit]
    assert found([row(HALVES[0], 7, "4000.00"), row(HALVES[1], 7, "5999.99")], "YR01") == []


def test_two_halves_of_the_week_across_new_year_add_up_from_two_files() -> None:
    halves = [
        row(date(2020, 12, 28), 7, "4000.00", fil="yr-1.csv"),
        row(date(2021, 1, 1), 8, "6000.00", fil="yr-2.csv"),
    ]
    assert weeks_found(halves, "YR01") == ["2020-U53"]
    assert weeks_found([halves[0], row(date(2021, 1, 4), 8, "6000.00")], "YR01") == []


def test_what_is_paid_again_after_a_reversal_counts() -> None:
    paid, back = row(MONDAY, 7, "12000.00", fil="a.csv"), row(MONDAY, 7, "-12000.00", fil="b.csv")
    assert found([paid, back, row(MONDAY, 7, "9999.99", fil="c.csv")], "YR01") == []
    assert weeks_found([paid, back, row(MONDAY, 7, "10000.00", fil="c.csv")], "YR01") == ["2020-U10"]


def test_two_ydelser_do_not_add_up() -> None:
    assert found([row(MONDAY, 7, "6000.00"), row(MONDAY, 7, "6000.00", ydelse="Sygedagpenge")], "YR01") == []


def test_a_payment_reversed_in_a_later_file_is_no_payment() -> None:
    rows = [row(MONDAY, None, "12000.00", fil="a.csv"), row(MONDAY, None, "-12000.00", fil="b.csv")]
    assert found(rows, "YR01", "YR13", "YR18") == []


def test_the_limit_is_an_option() -> None:
    assert weeks_found([row(MONDAY, 7, "500.00")], "YR01", regler={"ugegraense": "500.00"}) == ["2020-U10"]


def test_fleksbidrag_is_no_payment() -> None:
    assert found([row(MONDAY, None, "12000.00", ydelse="Fleksbidrag fra staten", sats=0, refusion=Decimal(0))]) == []


@pytest.mark.parametrize(
    ("counter", "sats"), [(1, 80), (4, 80), (5, 40), (26, 40), (27, 30), (52, 30), (53, 20), (300, 20)]
)
def test_each_step_has_its_percentage(counter: int, sats: int) -> None:
    assert found([row(MONDAY, counter, sats=sats)], "YR09", "YR10") == []
    wrong = next(other for other in (80, 40, 30, 20) if other != sats)
    hit = found([row(MONDAY, counter, sats=wrong)], "YR09", "YR10")
    assert [(h.rule, h.value) for h in hit] == [("YR09", wrong)]


@pytest.mark.parametrize(("counter", "sats"), [(4, 20), (5, 60), (26, 60), (27, 70), (52, 70), (53, 80)])
def test_medfinansiering_is_the_rest(counter: int, sats: int) -> None:
    def pension(percent: int) -> list[Hit]:
        given: dict[str, Any] = {"medfinansieringssats": Decimal(percent), "medfinansiering": Decimal(10 * percent)}
        base = row(MONDAY, counter, ydelse="Førtidspension", sats=0, refusion=Decimal(0), **given)
        return found([base], "YR09", "YR10", "YR11")

    assert pension(sats) == []
    assert [h.rule for h in pension(90)] == ["YR09"]


def test_an_empty_percentage_or_zero_without_amount_is_not_judged() -> None:
    assert found([row(MONDAY, 7, refusionssats=None, refusion=Decimal(400))], "YR09") == []
    assert found([row(MONDAY, 7, refusionssats=Decimal(0), refusion=Decimal(0))], "YR09") == []
    assert weeks_found([row(MONDAY, 7, refusionssats=Decimal(0), refusion=Decimal(400))], "YR09") == ["2020-U10"]


def test_a_ydelse_outside_the_staircase_is_exempt() -> None:
    assert found([row(MONDAY, 7, sats=65, ydelse="Løntilskud")], "YR09") == []
    assert weeks_found([row(MONDAY, 7, sats=65)], "YR09") == ["2020-U10"]


def test_a_row_without_counter_has_no_step_to_judge() -> None:
    assert found([row(MONDAY, None, sats=65)], "YR09") == []


@pytest.mark.parametrize(
    ("refusion", "hit"), [("400.01", []), ("399.99", []), ("400.02", ["2020-U10"]), ("399.98", ["2020-U10"])]
)
def test_an_amount_may_be_one_oere_off(refusion: str, hit: list[str]) -> None:
    assert weeks_found([row(MONDAY, 7, refusion=Decimal(refusion))], "YR10") == hit


def test_the_tolerance_of_an_oere_is_exact() -> None:
    # 33,33 × 30 % = 9,999: 9,99 is 0,009 off, 10,01 is 0,011 off.
    assert found([row(MONDAY, 30, "33.33", refusion=Decimal("9.99"))], "YR10") == []
    assert weeks_found([row(MONDAY, 30, "33.33", refusion=Decimal("10.01"))], "YR10") == ["2020-U10"]


def test_large_amounts_are_exact() -> None:
    rows = [row(MONDAY, 7, "9999999999999999.99", refusion=Decimal("4000000000000000.00"))]
    assert found(rows, "YR10") == []
    rows = [row(MONDAY, 7, "9999999999999999.99", refusion=Decimal("4000000000000000.01"))]
    assert [hit.value for hit in found(rows, "YR10")] == [Decimal("4000000000000000.01")]


def test_refusion_and_medfinansiering_exclude_each_other() -> None:
    both = row(MONDAY, 7, medfinansieringssats=Decimal(60), medfinansiering=Decimal(600))
    assert weeks_found([both], "YR11") == ["2020-U10"]
    assert found([row(MONDAY, 7, medfinansiering=Decimal(0))], "YR11") == []


def test_equal_rows_in_one_file_are_one_finding_and_count_once() -> None:
    rows = [row(MONDAY, 7, "5000.00") for _copy in range(3)]
    hit = found(rows, "YR12", "YR01")
    assert [(h.rule, h.value) for h in hit] == [("YR12", 3)]


def test_rows_that_differ_in_a_cell_or_stand_in_two_files_are_no_duplicates() -> None:
    rows = [
        row(MONDAY, 7),
        row(MONDAY, 7, beregning_id="B1"),
        row(MONDAY, 7, fil="b.csv", raa=1),
        row(MONDAY, 7, fil="c.csv", raa=1),
    ]
    assert found(rows, "YR12") == []


def test_more_reversed_than_paid_is_a_negative_net() -> None:
    rows = [row(MONDAY, 7, "300.00"), row(MONDAY, 7, "-500.00")]
    assert [h.value for h in found(rows, "YR13")] == [Decimal("-200.00")]
    assert found([row(MONDAY, 7, "500.00"), row(MONDAY, 7, "-300.00")], "YR13") == []


@pytest.mark.parametrize(
    ("day", "hit"), [(date(2020, 7, 1), []), (date(2020, 6, 29), []), (date(2020, 6, 30), ["2020-U27"])]
)
def test_a_week_starts_on_a_monday_or_the_first(day: date, hit: list[str]) -> None:
    assert weeks_found([row(day, 7)], "YR14") == hit


def test_kommuner_that_differ_are_named_when_both_are_there() -> None:
    assert weeks_found([row(MONDAY, 7, finansieringskommune="665", bopaelskommune="671")], "YR15") == ["2020-U10"]
    same = [row(MONDAY, 7, finansieringskommune="665", bopaelskommune="665")]
    assert found([*same, row(monday(1), 8, finansieringskommune="665")], "YR15") == []


@pytest.mark.parametrize(
    ("cpr", "severity"),
    [
        ("3102763948", ["fejl"]),
        ("6511713921", ["information"]),
        ("010180A234", ["information"]),
        (ANNA, []),
        ("12345", ["fejl"]),
    ],
)
def test_an_invalid_cpr_is_found_once_at_its_first_week(cpr: str, severity: list[str]) -> None:
    hit = found(career(8, 9, cpr=cpr)[::-1], "YR16")
    assert [(h.severity, h.week) for h in hit] == [(s, "2020-U10") for s in severity]


def test_an_unknown_ydelse_is_found_whatever_its_capitals() -> None:
    assert weeks_found([row(MONDAY, 7, ydelse="Boligstøtte")], "YR17") == ["2020-U10"]
    assert found([row(MONDAY, 7, ydelse=" kontanthjælp")], "YR17") == []


def test_ressourceforloeb_ends() -> None:
    rows = [row(day, 7, ydelse="Ressourceforløb") for day in (date(2026, 6, 29), date(2026, 7, 1))]
    assert weeks_found(rows, "YR17") == ["2026-U27"]


def test_a_payment_without_counter_is_found() -> None:
    assert weeks_found([row(MONDAY, None)], "YR18") == ["2020-U10"]
    assert found([row(MONDAY, 7), row(MONDAY, None, "-500.00"), row(monday(1), None, "0.00")], "YR18") == []
