"""A printed cell against our figure, digit by digit: half of the last printed place, units, sums, and why none is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.controls.yr_printed import _added, _Ours, _Printed, _sentences, _step, _value, fold_ydelse
from reconcile.results.yr import PrintedStatus, YrMeasure, YrPeriodKind, YrPrinted
from reconcile.sources.pivot import ALL_PRINTED
from reconcile.sources.pivot_words import LAST_TWELVE

AID, SICK, PENSION = "Kontanthjælp", "Sygedagpenge", "Førtidspension"
EQUAL, AS_SUM, DIFFERENT = PrintedStatus.EQUAL, PrintedStatus.AS_SUM, PrintedStatus.DIFFERENT


def d(text: str) -> Decimal:
    return Decimal(text)


def measure(
    ydelse: str = AID, periode: str = "2020K1", trin: str = "alle", kind: str = "refusion", **given_: Any
) -> YrMeasure:
    """A measure with these figures and nothing in the others."""
    blank: dict[str, Any] = {field.name: None for field in fields(YrMeasure)}
    blank |= {"bruttoudgift": d("0.00"), "maaneder": 3, "personer": 0, "personuger": 0, "personer_pr_maaned": d("0")}
    named = {
        "periode": periode,
        "periodetype": YrPeriodKind.QUARTER,
        "finansiering": kind,
        "ydelse": ydelse,
        "trin": trin,
    }
    return YrMeasure(**{**blank, **named, **given_})


def ours(*measures: YrMeasure, shown: Sequence[str] | None = None, financed: Mapping[str, str] | None = None) -> _Ours:
    levels: dict[str, dict[tuple[str, str, str], YrMeasure]] = {}
    for m in measures:
        levels.setdefault(m.periode, {})[m.finansiering, fold_ydelse(m.ydelse), m.trin] = m
    known = {fold_ydelse(m.ydelse): m.finansiering for m in measures if m.ydelse != "I alt"}
    kinds = {m.periode: m.periodetype for m in measures}
    return _Ours(levels, kinds, frozenset(levels if shown is None else shown), {**known, **(financed or {})})


def cell(text: str | None, maal: str = "bruttoudgift", **given_: Any) -> dict[str, Any]:
    plain = {
        "fil": "a.csv",
        "tabel": "T",
        "raekke": 3,
        "periode": "2020K1",
        "trin": "alle",
        "ydelse": AID,
        "kommune": None,
        "enhed": 1,
        "decimaler": 2,
        "procent": False,
    }
    return {**plain, "maal": maal, "celle": text, **given_}


def compared(known: _Ours, *cells: Mapping[str, Any]) -> list[YrPrinted]:
    return list(_Printed(known, cells, {"665"}).compared())


def status(known: _Ours, *cells: Mapping[str, Any]) -> list[PrintedStatus]:
    return [row.status for row in compared(known, *cells)]


# --- the last printed digit ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "decimals", "figure", "fits"),
    [
        ("100,00", 2, "100.00", True),
        ("100,01", 2, "100.00", False),
        ("100", 0, "100.49", True),
        ("100", 0, "100.50", True),
        ("100", 0, "100.51", False),
        ("100", 0, "99.50", True),
        ("100", 0, "99.49", False),
        ("0", 0, "0.50", True),
        ("0", 0, "0.51", False),
        ("-100", 0, "-100.50", True),
        ("-100", 0, "-100.51", False),
        ("-100", 0, "100.00", False),
        ("100,5", 1, "100.45", True),
        ("100,5", 1, "100.44", False),
        ("1.234", 0, "1234.00", True),
        (None, 0, "0.50", True),
        (None, 0, "0.51", False),
        (None, 2, "0.00", True),
    ],
)
def test_a_cell_agrees_where_its_digits_can_be_a_rounding_of_ours(
    printed: str | None, decimals: int, figure: str, fits: bool
) -> None:
    known = ours(measure(bruttoudgift=d(figure)))
    assert status(known, cell(printed, decimaler=decimals)) == [EQUAL if fits else DIFFERENT]


@pytest.mark.parametrize(
    ("printed", "unit", "figure", "fits"),
    [
        ("1", 1000, "1000.00", True), ("1", 1000, "1500.00", True), ("1", 1000, "1500.01", False), ("1", 1000, "500.00", True),
        ("1", 1000, "499.99", False), ("2", 1_000_000, "2400000.00", True), ("2", 1_000_000, "2500000.01", False),
    ],
)  # fmt: skip
def test_amounts_in_thousands_are_held_to_the_digit_in_thousands(
    printed: str, unit: int, figure: str, fits: bool
) -> None:
    row = compared(ours(measure(bruttoudgift=d(figure))), cell(printed, enhed=unit, decimaler=0))[0]
    assert row.status is (EQUAL if fits else DIFFERENT)
    assert (row.trykt, row.vores, row.forskel) == (int(printed) * unit, d(figure), int(printed) * unit - d(figure))


def test_a_unit_is_of_amounts_and_no_others() -> None:
    known = ours(
        measure(
            personer=3,
            refusionspct=d("40.00"),
            bruttoudgift=d("100.00"),
            refusion=d("40.00"),
            bruttoudgift_pr_fuldtidsperson=d("5000.00"),
        )
    )
    for maal, text in (("personer", "3"), ("refusionspct", "40"), ("bruttoudgift_pr_fuldtidsperson", "5")):
        assert status(known, cell(text, maal, enhed=1000, decimaler=0, procent=True)) == [EQUAL], maal


@given(st.decimals("-99999.99", "99999.99", places=2), st.integers(0, 2))
def test_every_figure_agrees_with_its_own_rounding_and_not_with_one_a_unit_off(figure: Decimal, decimals: int) -> None:
    unit = Decimal(1).scaleb(-decimals)
    printed = figure.quantize(unit)
    known = ours(measure(bruttoudgift=figure))

    def told(value: Decimal) -> list[PrintedStatus]:
        return status(known, cell(f"{value:f}".replace(".", ","), decimaler=decimals))

    assert told(printed) == [EQUAL]
    for off in (printed + unit, printed - unit):
        assert told(off) == [EQUAL if abs(off - figure) <= unit / 2 else DIFFERENT]


# --- shares of one ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "percent", "scaled"),
    [
        (["0,4", "0,2"], False, True),
        (["0,4", "1,5"], False, True),
        (["0,4", "1,51"], False, False),
        (["0,4", "-1,5"], False, True),
        (["0,4"], True, False),
        ([None], False, False),
    ],
)
def test_percentages_may_be_written_as_parts_of_one_where_all_of_them_can_be(
    texts: list[str | None], percent: bool, scaled: bool
) -> None:
    printed = _Printed(ours(), [cell(text, "refusionspct", procent=percent) for text in texts], {"665"})
    assert printed._scale() == (100 if scaled else 1)
    assert _Printed(ours(), [cell(text, "personer") for text in texts], {"665"})._scale() == 1


def test_a_share_of_one_is_held_to_its_digits_in_percent() -> None:
    known = ours(measure(bruttoudgift=d("100.00"), refusion=d("40.00")))
    for text, fits in (("0,4", True), ("0,40", True), ("0,41", False), ("0,36", True), ("0,35", True), ("0,34", False)):
        decimals = len(text) - 2 if fits and text in ("0,4", "0,40") else (2 if text == "0,41" else 1)
        assert status(known, cell(text, "refusionspct", decimaler=decimals)) == [EQUAL if fits else DIFFERENT], text


# --- totals -------------------------------------------------------------------------------------------------------------

TWO = (
    measure(AID, bruttoudgift=d("100.00"), personer=3, personer_pr_maaned=d("2.0000")),
    measure(SICK, bruttoudgift=d("50.00"), personer=2, personer_pr_maaned=d("1.0000")),
    measure("I alt", bruttoudgift=d("150.00"), personer=4, personer_pr_maaned=d("2.6667")),
)


def total(text: str, maal: str, *names: str) -> PrintedStatus:
    """The status of a total printed below these ydelser."""
    rows = [cell("0", maal, ydelse=name, decimaler=1) for name in names]
    return status(ours(*TWO), *rows, cell(text, maal, ydelse="I alt", decimaler=1))[-1]


def test_a_total_of_all_ydelser_is_the_distinct_count_or_the_sum_and_says_which() -> None:
    assert total("150,0", "bruttoudgift", AID, SICK) is EQUAL
    assert total("2,7", "personer_pr_maaned", AID, SICK) is EQUAL  # 8 persons over three months
    assert total("3,0", "personer_pr_maaned", AID, SICK) is AS_SUM
    assert total("2,8", "personer_pr_maaned", AID, SICK) is DIFFERENT
    assert total("4,0", "personer", AID, SICK) is EQUAL
    assert total("5,0", "personer", AID, SICK) is DIFFERENT  # distinct persons are no sum


def test_a_total_of_some_ydelser_is_their_sum_where_that_can_be_told() -> None:
    assert total("100,0", "bruttoudgift", AID) is EQUAL
    assert total("150,0", "bruttoudgift", AID) is DIFFERENT
    assert total("2,0", "personer_pr_maaned", AID) is AS_SUM
    assert total("2,5", "personer_pr_maaned", AID) is PrintedStatus.CANNOT_TELL
    assert total("3,0", "personer", AID) is PrintedStatus.CANNOT_TELL


def test_a_percentage_of_a_total_is_of_the_sums() -> None:
    """40 of 100 and 10 of 50 are 50 of 150: 33,3 pct., and not the mean of 40 and 20."""
    known = ours(
        measure(AID, bruttoudgift=d("100.00"), refusion=d("40.00")), measure(SICK, bruttoudgift=d("50.00"), refusion=d("10.00")),
        measure("I alt", bruttoudgift=d("150.00"), refusion=d("50.00")),
    )  # fmt: skip
    rows = [
        cell(text, "refusionspct", ydelse=name, decimaler=1, procent=True)
        for name, text in ((AID, "40,0"), (SICK, "20,0"))
    ]
    for text, expected in (("33,3", EQUAL), ("30,0", DIFFERENT), ("33,4", DIFFERENT)):
        assert (
            status(known, *rows, cell(text, "refusionspct", ydelse="I alt", decimaler=1, procent=True))[-1] is expected
        )


# --- periods ------------------------------------------------------------------------------------------------------------


def test_all_that_is_printed_is_the_periods_of_the_coarsest_kind() -> None:
    cells = [cell("1", periode=p) for p in ("2020K2", "2020-05", "2020K1", ALL_PRINTED, LAST_TWELVE)]
    assert _Printed(ours(), cells, set())._periods(ALL_PRINTED) == ("2020K1", "2020K2")
    assert _Printed(ours(), [*cells, cell("1", periode="2020")], set())._periods(ALL_PRINTED) == ("2020",)
    assert _Printed(ours(), [cell("1", periode=ALL_PRINTED)], set())._periods(ALL_PRINTED) == ()
    assert _Printed(ours(), cells, set())._periods("2020-05") == ("2020-05",)


def test_the_last_twelve_months_are_the_newest_run_of_twelve_else_everything() -> None:
    runs = [measure(periode=p) for p in ("2019-04:2020-03", "2019-05:2020-04")]
    known = ours(*runs)
    rolling = _Ours(known.levels, dict.fromkeys(known.levels, YrPeriodKind.ROLLING), known.shown, known.financed)
    assert rolling.newest_twelve() == "2019-05:2020-04"
    assert ours(measure()).newest_twelve() == "alle"


def test_a_total_over_periods_adds_them_up_and_names_the_first_and_last() -> None:
    known = ours(measure(periode="2020K1", bruttoudgift=d("10.00")), measure(periode="2020K2", bruttoudgift=d("5.00")))
    rows = compared(
        known, *(cell(text, periode=p) for p, text in (("2020K1", "10,00"), ("2020K2", "5,00"), (ALL_PRINTED, "15,00")))
    )
    assert [(row.periode, row.status, row.vores) for row in rows] == [
        ("2020K1", EQUAL, 10), ("2020K2", EQUAL, 5), ("2020K1:2020K2", EQUAL, 15),
    ]  # fmt: skip


def test_a_period_that_was_not_chosen_is_left_out_and_one_we_do_not_have_is_said() -> None:
    known = ours(measure(periode="2020K1"), measure(periode="2020K2"), shown=["2020K2"])
    rows = compared(known, *(cell("0", periode=p) for p in ("2020K1", "2020K2", "2019K1")))
    assert [(row.periode, row.status) for row in rows] == [("2020K2", EQUAL), ("2019K1", PrintedStatus.NO_PERIOD)]


# --- why a cell is not compared -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"kommune": "671"}, PrintedStatus.OTHER_KOMMUNE),
        ({"kommune": "665"}, EQUAL),
        ({"ydelse": "Noget andet"}, PrintedStatus.UNKNOWN_YDELSE),
        ({"periode": "1999"}, PrintedStatus.NO_PERIOD),
        ({"celle": "x"}, PrintedStatus.NO_FIGURE),
        ({"trin": "65 pct."}, PrintedStatus.CANNOT_TELL),
        ({"kommune": "671", "ydelse": "Noget andet"}, PrintedStatus.OTHER_KOMMUNE),
        ({"celle": None}, EQUAL),
        ({"ydelse": "KONTANT-HJÆLP"}, EQUAL),
    ],
)
def test_the_first_reason_not_to_compare_is_told(given_: dict[str, Any], why: PrintedStatus) -> None:
    row = compared(
        ours(measure()),
        cell("0", decimaler=0, **given_) if "celle" not in given_ else {**cell("0", decimaler=0), **given_},
    )[0]
    assert row.status is why
    assert (row.vores is None) == (why is not EQUAL)


@pytest.mark.parametrize(
    ("text", "kind", "step"),
    [
        ("80 pct.", "refusion", "1"),
        ("20 pct.", "refusion", "4"),
        ("20 pct.", "medfinansiering", "1"),
        ("80 pct.", "medfinansiering", "4"),
        ("60 pct.", "medfinansiering", "2"),
        ("60 pct.", "refusion", None),
        ("20 pct.", None, None),
        ("20 pct.", "alle", None),
        ("3", "refusion", "3"),
        ("alle", None, "alle"),
    ],
)
def test_a_step_is_named_by_its_percentage_of_its_financing(text: str, kind: str | None, step: str | None) -> None:
    assert _step(text, kind) == step


# --- a measure of several levels ----------------------------------------------------------------------------------------


def test_what_cannot_be_told_of_several_levels_together_is_nothing() -> None:
    one, two = measure(personer=3, fuldtidspersoner=d("1.5")), measure(SICK, personer=2, fuldtidspersoner=d("0.5"))
    assert _value([one], "personer") == 3
    assert _value([one, two], "personer") is None
    assert _value([one, two], "fuldtidspersoner") is None
    assert _value([], "bruttoudgift") is None
    assert _value([measure()], "refusionspct") is None
    assert _value([measure(bruttoudgift=d("0.00"), refusion=d("0.00"))], "refusionspct") is None
    assert _added([measure(refusion=d("1.00")), measure(refusion=None)], "refusion") is None


def test_persons_per_month_are_added_up_and_divided_by_the_months_of_the_periods() -> None:
    """2,3333 over three months are 7 persons, 1,5 over two are 3: 10 persons over five months."""
    rows = [
        measure(periode="2020K1", personer_pr_maaned=d("2.3333")),
        measure(periode="2020K2", maaneder=2, personer_pr_maaned=d("1.5")),
    ]
    assert _value(rows, "personer_pr_maaned") == 2
    assert _value(rows, "personmaaneder") == 10
    # two ydelser of one period have its months once
    assert _value([rows[0], measure(SICK, personer_pr_maaned=d("1.0"))], "personer_pr_maaned") == Fraction(10, 3)


def printed_row(file: str, kind: PrintedStatus, number: int = 0) -> YrPrinted:
    return YrPrinted(file, "T", number, "personer", "2020K1", "refusion", AID, "alle", d("5"), d("4"), d("1"), kind)


def test_each_file_says_how_many_cells_agree_differ_and_were_not_compared() -> None:
    rows = [
        printed_row("a.csv", EQUAL),
        printed_row("a.csv", AS_SUM),
        printed_row("a.csv", DIFFERENT),
        printed_row("a.csv", PrintedStatus.NO_FIGURE),
    ]
    said = list(_sentences([*rows, printed_row("b.csv", EQUAL)]))
    assert said == [
        "a.csv: 2 af 3 trykte celler passer med vores tal.",
        f"a.csv: 1 celler afviger: {AID}, 2020K1, personer: trykt 5, vores 4.",
        "a.csv: 1 celler er ikke sammenlignet; tabellen yr_tabel siger hvorfor.",
        "b.csv: 1 af 1 trykte celler passer med vores tal.",
    ]


@pytest.mark.parametrize(("count", "more"), [(5, ""), (6, " og 1 mere"), (9, " og 4 mere")])
def test_five_cells_that_differ_are_named(count: int, more: str) -> None:
    (_fits, text) = _sentences([printed_row("a.csv", DIFFERENT, n) for n in range(count)])
    assert text.count("trykt 5, vores 4") == 5
    assert text.endswith(f"vores 4{more}.")
