"""The measures of Ydelsesrefusion by a factor, and the weeks as written: who stands where, counted by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from support.worlds import world
from support.yr import ALWAYS, ANNA, BO, row

from reconcile.controls import yr
from reconcile.controls.yr_split import split
from reconcile.results.yr import YrSplit

AID, SICK, UNEMPLOYED, FLEX = "Kontanthjælp", "Sygedagpenge", "Arbejdsløshedsdagpenge", "Fleksbidrag fra staten"
MONDAY = date(2020, 1, 6)
Rows = Sequence[Mapping[str, Any]]


def by(factor: str, rows: Rows, periods: str = ALWAYS, accounts: Rows = ()) -> list[YrSplit]:
    with world({"yr": rows, **({"yr_konto": accounts} if accounts else {})}, periods=periods) as context:
        yr.create_views(context)
        (table,) = split(replace(context, yr_split=(factor,))).tables
        return list(table.rows)


def amounts(
    factor: str,
    rows: Rows,
    periode: str = "2020-01",
    ydelse: str = "I alt",
    kind: str = "refusion",
    accounts: Rows = (),
) -> dict[str, Decimal]:
    """Value → bruttoudgift of a level."""
    return {
        r.vaerdi: r.bruttoudgift
        for r in by(factor, rows, accounts=accounts)
        if (r.periode, r.ydelse, r.finansiering) == (periode, ydelse, kind)
    }


def born(cpr: str, day: date = MONDAY, amount: str = "1.00") -> dict[str, Any]:
    return row(day, 7, amount, cpr=cpr)


# --- age and køn --------------------------------------------------------------------------------------------------------


#: Birth date (ddmmyy), the day of the row, and the ages by five and by ten years; the amount is a power of two.
AGES = [
    ("060180", "2020-01-06", "40–44", "40–49"),  # 40 on the day itself
    ("070180", "2020-01-06", "35–39", "30–39"),  # tomorrow
    ("050180", "2020-01-06", "40–44", "40–49"),
    ("311279", "2020-01-06", "40–44", "40–49"),
    ("290200", "2020-02-28", "15–19", "10–19"),
    ("290200", "2020-02-29", "20–24", "20–29"),
    ("290200", "2021-02-28", "20–24", "20–29"),
    ("290296", "2021-02-28", "20–24", "20–29"),
    ("290296", "2021-03-01", "25–29", "20–29"),
    ("010115", "2020-01-06", "05–09", "00–09"),
    ("060115", "2020-01-05", "00–04", "00–09"),
    ("060120", "2020-01-06", "00–04", "00–09"),
    ("060110", "2020-01-06", "10–14", "10–19"),
    ("070110", "2020-01-06", "05–09", "00–09"),
]


def test_a_person_is_as_old_as_on_the_day_of_the_row() -> None:
    rows = []
    for n, (birth, day, _five, _ten) in enumerate(AGES):
        # the seventh digit 4 is 2000–2036 for the years until 36, 1 is 1900–1999
        cpr = f"{birth}{'4' if int(birth[4:]) <= 36 else '1'}{100 + n}"
        rows.append(born(cpr, date.fromisoformat(day), f"{2**n}.00"))
    for factor, place in (("alder_5", 2), ("alder_10", 3)):
        groups = {case[place] for case in AGES}
        expected = {group: sum(2**n for n, case in enumerate(AGES) if case[place] == group) for group in groups}
        assert amounts(factor, rows, "alle") == {**expected, "alle": 2 ** len(AGES) - 1}


def test_a_birth_after_the_day_or_no_birth_date_is_no_age() -> None:
    rows = [born("0701204234"), born("010180A234", amount="2.00"), born("3113801234", amount="4.00")]
    assert amounts("alder_10", rows) == {"": Decimal("7.00"), "alle": Decimal("7.00")}


def test_a_person_with_a_birthday_in_the_quarter_is_in_two_ages_and_once_in_all() -> None:
    rows = [born("0102801234", date(2020, 1, 6)), born("0102801234", date(2020, 2, 3))]
    found = {r.vaerdi: r.personer for r in by("alder_10", rows) if (r.periode, r.ydelse) == ("2020K1", AID)}
    assert found == {"30–39": 1, "40–49": 1, "alle": 1}


def test_koen_is_in_the_last_digit_and_not_known_where_that_is_none() -> None:
    rows = [born(f"010180123{digit}", amount=f"{2**n}.00") for n, digit in enumerate("0123456789")]
    found = amounts("koen", [*rows, born("01018012AB", amount="5000.00")])
    assert found == {"kvinde": 1 + 4 + 16 + 64 + 256, "mand": 2 + 8 + 32 + 128 + 512, "": 5000, "alle": 6023}


# --- columns of the source ----------------------------------------------------------------------------------------------


def test_each_kommune_stands_for_itself_and_an_empty_one_is_not_known() -> None:
    rows = [
        {**born(ANNA), "bopaelskommune": "665", "tilhoerskommune": "101"},
        {**born(BO, amount="2.00"), "bopaelskommune": "671", "tilhoerskommune": None},
        {**born("0303901111", amount="4.00"), "bopaelskommune": None, "tilhoerskommune": "101"},
    ]
    assert amounts("bopaelskommune", rows) == {"665": 1, "671": 2, "": 4, "alle": 7}
    assert amounts("tilhoerskommune", rows) == {"101": 5, "": 2, "alle": 7}


def test_an_empty_financing_kommune_is_the_own_one_and_another_kommunes_rows_are_in_nothing() -> None:
    rows = [
        {**born(ANNA), "finansieringskommune": None}, {**born(BO, amount="2.00"), "finansieringskommune": "665"},
        {**born("0303901111", amount="4.00"), "finansieringskommune": "671"},
    ]  # fmt: skip
    assert amounts("finansieringskommune", rows) == {"665": 3, "alle": 3}


def test_a_person_who_moves_counts_in_both_kommuner_and_once_in_all() -> None:
    rows = [{**born(ANNA, day), "bopaelskommune": k} for day, k in ((MONDAY, "665"), (date(2020, 1, 13), "671"))]
    found = {
        r.vaerdi: (r.personer, r.personuger)
        for r in by("bopaelskommune", rows)
        if (r.periode, r.ydelse) == ("2020-01", AID)
    }
    assert found == {"665": (1, 1), "671": (1, 1), "alle": (1, 2)}


# --- the accounts -------------------------------------------------------------------------------------------------------


def test_the_account_is_that_of_the_ydelse_and_the_step() -> None:
    """Sygedagpenge on steps 1 and 4: 5.57.71, dranst 2, gr. 010 and 013; kontanthjælp has no known account."""
    rows = [
        row(MONDAY, 3, "1.00", ydelse=SICK),
        row(MONDAY, 60, "2.00", ydelse=SICK, cpr=BO),
        row(MONDAY, 7, "4.00", cpr="0303901111"),
    ]
    assert amounts("gruppering", rows) == {"55771-2-010": 1, "55771-2-013": 2, "": 4, "alle": 7}
    assert amounts("funktion", rows) == {"55771": 3, "": 4, "alle": 7}
    assert amounts("dranst", rows) == {"2": 3, "": 4, "alle": 7}


def test_an_account_of_the_municipality_is_that_of_every_step() -> None:
    own = [{"ydelse": AID, "art": "refusion", "konto": "557732001"}]
    rows = [row(MONDAY, 3, "1.00"), row(MONDAY, 60, "2.00", cpr=BO)]
    assert amounts("gruppering", rows, accounts=own) == {"55773-2-001": 3, "alle": 3}


def test_medfinansiering_has_accounts_of_its_own() -> None:
    given: dict[str, Any] = {"sats": 0, "refusion": Decimal(0), "medfinansieringssats": Decimal(60)}
    rows = [row(MONDAY, 7, "10.00", ydelse=UNEMPLOYED, medfinansiering=Decimal(6), **given)]
    assert amounts("gruppering", rows, kind="medfinansiering") == {"55778-1-013": 10, "alle": 10}


def test_a_row_before_the_accounts_validity_has_none() -> None:
    """The accounts are known from 1 January 2016; the Monday of that week is 28 December."""
    rows = [
        row(day, 3, "1.00", ydelse=SICK, refusionssats=Decimal(80)) for day in (date(2015, 12, 28), date(2016, 1, 4))
    ]
    assert amounts("funktion", rows, "2015-12") == {"": 1, "alle": 1}
    assert amounts("funktion", rows, "2016-01") == {"55771": 1, "alle": 1}


def test_fleksbidrag_follows_its_person_and_adds_no_payment() -> None:
    flex = row(MONDAY, None, "415.00", ydelse=FLEX, refusion=Decimal(0), sats=0, cpr="0101801231")
    found = [r for r in by("koen", [flex, born("0202801232")]) if r.periode == "2020-01"]
    states = {
        (r.vaerdi, r.ydelse): (r.fleksbidrag, r.bruttoudgift, r.personer)
        for r in found
        if r.finansiering == "fleksbidrag"
    }
    assert states == {
        (value, name): (415, 0, 0) for value in ("mand", "alle") for name in (FLEX, "I alt")
    }  # fmt: skip


def test_values_come_in_order_with_what_is_not_known_before_the_whole() -> None:
    rows = [
        {**born(cpr, amount="1.00"), "bopaelskommune": k}
        for cpr, k in (("0101801231", None), ("0101801232", "851"), ("0101801233", "101"), ("0101801234", "665"))
    ]
    found = [r.vaerdi for r in by("bopaelskommune", rows) if (r.periode, r.ydelse) == ("2020-01", AID)]
    assert found == ["101", "665", "851", "", "alle"]


def test_only_the_chosen_quarters_and_what_they_are_part_of_are_shown() -> None:
    rows = [born(ANNA, date(2020, 2, 3)), born(ANNA, date(2020, 4, 6))]
    assert {r.periode for r in by("koen", rows, "2020K1")} == {"2020-02", "2020K1", "2020", "alle"}


def test_every_share_by_a_factor_adds_up_to_the_whole() -> None:
    rows = [
        {
            **row(date(2020, month, 6), 5 * n + month, f"{n}{month}.05", cpr=f"0{n + 1}0{month}8{n}123{n}"),
            "bopaelskommune": str(101 + n % 3),
        }
        for n in range(6)
        for month in (1, 2, 4)
    ]
    for factor in ("koen", "alder_5", "bopaelskommune"):
        found = by(factor, rows)
        for name in ("bruttoudgift", "refusion", "kommunens_udgift"):
            for periode in ("2020-01", "2020K1", "2020", "alle"):
                here = [r for r in found if (r.periode, r.ydelse, r.finansiering) == (periode, AID, "refusion")]
                parts = sum(getattr(r, name) for r in here if r.vaerdi != "alle")
                assert [getattr(r, name) for r in here if r.vaerdi == "alle"] == [parts], (factor, name, periode)


# --- yr_uge: the weeks as they are written ------------------------------------------------------------------------------


def weeks(rows: Rows, periods: str = ALWAYS) -> list[tuple[Any, ...]]:
    with world({"yr": rows}, periods=periods) as context:
        yr.create_views(context)
        return [(r.uge.isoformat(), r.ydelse, r.kommune, r.antal, r.total, r.refusion) for r in yr._weeks(context).rows]


def test_a_week_is_a_day_as_written_and_its_halves_are_not_put_together() -> None:
    rows = [row(date(2020, 2, 24), 7, "100.00"), row(date(2020, 3, 1), 7, "50.00")]
    assert weeks(rows) == [
        ("2020-02-24", AID, None, 1, Decimal("100.00"), Decimal("40.00")),
        ("2020-03-01", AID, None, 1, Decimal("50.00"), Decimal("20.00")),
    ]


def test_persons_are_counted_once_and_left_out_where_they_net_to_nothing() -> None:
    rows = [
        row(MONDAY, 7, "100.00"), row(MONDAY, 7, "1.00", beregning_id="2"), row(MONDAY, 7, "30.00", cpr=BO),
        row(MONDAY, 7, "-30.00", cpr=BO, beregning_id="2", refusion=Decimal("5.00")), row(MONDAY, 7, "-0.01", cpr="0303901111"),
    ]  # fmt: skip
    assert weeks(rows) == [("2020-01-06", AID, None, 2, Decimal("100.99"), Decimal("40.40"))]


def test_ydelser_and_kommuner_stand_apart_in_order_and_fleksbidrag_is_none() -> None:
    rows = [
        row(MONDAY, 7, "1.00", ydelse=SICK),
        row(MONDAY, 7, "2.00", finansieringskommune="671"),
        row(MONDAY, 7, "4.00", finansieringskommune="665"),
        row(MONDAY, None, "8.00", ydelse=FLEX),
        row(date(2019, 12, 30), 7, "16.00"),
    ]
    assert [(uge, ydelse, kommune, total) for uge, ydelse, kommune, _n, total, _r in weeks(rows)] == [
        ("2019-12-30", AID, None, 16),
        ("2020-01-06", AID, "665", 4),
        ("2020-01-06", AID, "671", 2),
        ("2020-01-06", SICK, None, 1),
    ]


def test_a_week_is_shown_where_its_day_as_written_lies_in_a_chosen_quarter() -> None:
    days = [date(2020, 3, 31), date(2020, 4, 1), date(2020, 6, 30), date(2020, 7, 1)]
    rows = [row(day, 7, "1.00") for day in days]
    assert [uge for uge, *_rest in weeks(rows, "2020K2")] == ["2020-04-01", "2020-06-30"]
    assert [uge for uge, *_rest in weeks(rows, "2020K1:2020K1")] == ["2020-03-31"]
