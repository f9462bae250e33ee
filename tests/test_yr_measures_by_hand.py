"""The measures of Ydelsesrefusion on worlds small enough to add up by hand; each expected value says how it came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from support.worlds import world
from support.yr import ALWAYS, ANNA, BO, row

from reconcile.controls.yr import create_views
from reconcile.controls.yr_measures import measures
from reconcile.results.yr import YrMeasure, YrStaircase

CARL = "0303901111"
AID, SICK, PENSION, FLEX = "Kontanthjælp", "Sygedagpenge", "Førtidspension", "Fleksbidrag fra staten"
Rows = Sequence[Mapping[str, Any]]


def d(text: str) -> Decimal:
    return Decimal(text)


def both(rows: Rows, periods: str = ALWAYS, **options: Any) -> tuple[list[YrMeasure], list[YrStaircase]]:
    with world({"yr": rows}, periods=periods, **options) as context:
        create_views(context)
        maal, trappe = measures(context)
        return list(maal.rows), list(trappe.rows)


def at(rows: Sequence[YrMeasure], periode: str, ydelse: str = AID, trin: str = "alle", kind: str = "") -> YrMeasure:
    """The one row of a level; ``kind`` is the financing where a total has several."""
    (found,) = [
        m
        for m in rows
        if (m.periode, m.ydelse, m.trin) == (periode, ydelse, trin) and m.finansiering == (kind or m.finansiering)
    ]
    return found


def medfinanced(day: date, sats: int, brutto: str, amount: str, **given: Any) -> dict[str, Any]:
    more = {"medfinansieringssats": d(str(sats)), "medfinansiering": d(amount), "refusion": Decimal(0), **given}
    return row(day, 7, brutto, ydelse=PENSION, sats=0, **more)


# --- weeks and persons --------------------------------------------------------------------------------------------------


#: Ydelser of one kind, one for each case of a test: what is said of one is not moved by the others.
SEVERAL = (AID, SICK, "Uddannelseshjælp", "Jobafklaringsforløb", "Ledighedsydelse", "Kontantydelse")


def test_every_week_of_a_month_of_six_weeks_counts_once() -> None:
    """March 2020 is Sunday 1 to Tuesday 31: six ISO weeks have a day in it; the first is written as the 1st."""
    days = [date(2020, 3, day) for day in (1, 2, 9, 16, 23, 30)]
    rows = [row(day, 7, ydelse=name) for count, name in enumerate(SEVERAL, start=1) for day in days[:count]]
    maal = both(rows)[0]
    for count, name in enumerate(SEVERAL, start=1):
        march = at(maal, "2020-03", name)
        assert (march.personuger, march.personer, march.maaneder) == (count, 1, 1)
        assert march.fuldtidspersoner == (Decimal(count) / 6).quantize(d("0.0001"))
        assert march.bruttoudgift_pr_fuldtidsperson == d("6000.00")  # 1.000 kr. a week, six weeks


def test_two_rows_of_a_week_are_one_week_and_two_persons_are_two() -> None:
    monday = date(2020, 3, 2)
    rows = [row(monday, 7, "100.00"), row(monday, 7, "200.00", beregning_id="2"), row(monday, 7, "50.00", cpr=BO)]
    march = at(both(rows)[0], "2020-03")
    assert (march.personer, march.personuger, march.bruttoudgift) == (2, 2, d("350.00"))


def test_a_week_that_nets_to_nothing_is_no_week_and_a_negative_one_is() -> None:
    monday, next_one = date(2020, 3, 2), date(2020, 3, 9)
    rows = [
        row(day, 7, amount, ydelse=name)
        for name, back in ((AID, "-100.00"), (SICK, "-100.01"), ("Kontantydelse", "-99.99"))
        for day, amount in ((monday, "100.00"), (monday, back), (next_one, "1.00"))
    ]
    maal = both(rows)[0]
    assert [at(maal, "2020-03", name).personuger for name in (AID, SICK, "Kontantydelse")] == [1, 2, 2]


def test_a_week_over_two_months_is_one_of_each_and_one_of_the_quarter() -> None:
    """2020-U09 is 24 February to 1 March; both halves are paid."""
    halves = [row(date(2020, 2, 24), 7), row(date(2020, 3, 1), 7)]
    maal = both(halves)[0]
    assert [at(maal, name).personuger for name in ("2020-02", "2020-03", "2020K1", "2020", "alle")] == [1, 1, 1, 1, 1]
    only_second = both(halves[1:])[0]
    assert [at(only_second, name).personuger for name in ("2020-03", "2020K1")] == [1, 1]


def test_a_week_over_two_quarters_is_one_of_each_and_one_of_the_year() -> None:
    """2020-U14 is 30 March to 5 April."""
    maal = both([row(date(2020, 3, 30), 7), row(date(2020, 4, 1), 7)])[0]
    assert [at(maal, name).personuger for name in ("2020K1", "2020K2", "2020")] == [1, 1, 1]


def test_a_week_over_new_year_is_one_of_each_year_and_one_of_all() -> None:
    """2020-U53 is 28 December to 3 January."""
    maal = both([row(date(2020, 12, 28), 7), row(date(2021, 1, 1), 7)])[0]
    assert [at(maal, name).personuger for name in ("2020", "2021", "alle")] == [1, 1, 1]
    assert [at(maal, name).personer for name in ("2020", "2021", "alle")] == [1, 1, 1]


def test_the_last_week_of_one_month_and_the_first_of_the_next_are_two_weeks() -> None:
    """29 February lies in U09 with 1 March, 2 March in U10: two weeks, though months meet between them."""
    maal = both([row(date(2020, 2, 24), 7), row(date(2020, 3, 2), 7)])[0]
    assert at(maal, "2020K1").personuger == 2


def test_a_split_week_with_a_month_between_its_persons_visits_counts_as_two() -> None:
    """A half in February and nothing in March, then April: no week is shared."""
    maal = both([row(date(2020, 2, 24), 7), row(date(2020, 4, 1), 7)])[0]
    assert at(maal, "2020").personuger == 2


def test_each_half_of_a_split_week_is_a_different_persons() -> None:
    maal = both([row(date(2020, 2, 24), 7), row(date(2020, 3, 1), 7, cpr=BO)])[0]
    assert (at(maal, "2020K1").personuger, at(maal, "2020K1").personer) == (2, 2)


def test_a_person_of_three_months_is_one_of_the_quarter_and_one_of_each_month() -> None:
    rows = [row(date(2020, n, 6), 7) for n in (1, 2, 3)] + [row(date(2020, 2, 10), 7, cpr=BO)]
    maal = both(rows)[0]
    quarter = at(maal, "2020K1")
    assert (quarter.personer, quarter.personuger, quarter.maaneder) == (2, 4, 3)
    assert quarter.personer_pr_maaned == d("1.3333")  # 1 + 2 + 1 over three months


def test_a_person_who_comes_back_after_exactly_a_year_is_new_in_the_year_and_not_in_all() -> None:
    rows = [row(date(2019, 3, 4), 7), row(date(2020, 3, 2), 8), row(date(2020, 4, 6), 9)]
    maal = both(rows)[0]
    assert [at(maal, name).personer for name in ("2019", "2020", "alle")] == [1, 1, 1]
    # twelve months to February 2020 hold March 2019 alone; those to March 2020 hold March 2020 alone
    assert "2019-03:2020-02" not in {m.periode for m in maal}  # no row of February 2020
    assert at(maal, "2019-04:2020-03").personer == 1
    assert at(maal, "2019-05:2020-04").personer == 1


def test_within_twelve_months_a_person_counts_once_however_long_between() -> None:
    """Paid in January 2020 and so many months later; the twelve months end in December, when Bo is paid."""
    rows = []
    for gap, name in zip((1, 2, 6, 10, 11), SEVERAL, strict=False):
        rows += [row(date(2020, 1, 6), 7, ydelse=name), row(date(2020, 1 + gap, 7), 8, ydelse=name)]
        rows.append(row(date(2020, 12, 7), 9, cpr=BO, ydelse=name))
    maal = both(rows)[0]
    assert [at(maal, "2020-01:2020-12", name).personer for name in SEVERAL[:5]] == [2] * 5


def test_twelve_months_later_the_person_is_outside_the_twelve() -> None:
    rows = [row(date(2020, 1, 6), 7), row(date(2021, 1, 4), 8)]
    maal = both(rows)[0]
    assert at(maal, "2020-02:2021-01").personer == 1
    assert at(maal, "alle").personer == 1


# --- levels -------------------------------------------------------------------------------------------------------------


def test_a_person_on_two_steps_of_a_ydelse_counts_on_both_and_once_in_the_ydelse() -> None:
    rows = [row(date(2020, 1, 6), 4), row(date(2020, 1, 13), 5), row(date(2020, 1, 6), 60, cpr=BO)]
    maal, trappe = both(rows)
    assert {m.trin: m.personer for m in maal if (m.periode, m.ydelse) == ("2020-01", AID)} == {
        "1": 1,
        "2": 1,
        "4": 1,
        "alle": 2,
    }
    stairs = next(t for t in trappe if (t.periode, t.ydelse) == ("2020-01", AID))
    assert (stairs.trin_1, stairs.trin_2, stairs.trin_3, stairs.trin_4, stairs.ingen, stairs.i_alt) == (
        1,
        1,
        0,
        1,
        0,
        2,
    )


def test_a_ydelse_outside_the_staircase_stands_on_no_step_whatever_its_counter() -> None:
    rows = [row(date(2020, 1, 6), 7, ydelse="Løntilskud", sats=40)]
    maal, trappe = both(rows)
    assert {m.trin for m in maal if m.ydelse == "Løntilskud"} == {"ingen", "alle"}
    stairs = next(t for t in trappe if (t.periode, t.ydelse) == ("2020-01", "Løntilskud"))
    assert (stairs.ingen, stairs.i_alt, stairs.trin_2) == (1, 1, 0)


#: What a row on counter 30 says instead, and the step it stands on; the amount of each case is a power of two.
STEP_OF: list[tuple[dict[str, Any], str]] = [
    ({"refusionssats": d("80")}, "1"),
    ({"refusionssats": d("40")}, "2"),
    ({"refusionssats": d("30")}, "3"),
    ({"refusionssats": d("20")}, "4"),
    ({"refusionssats": d("50")}, "3"),  # no step has 50: the counter says
    ({"refusionssats": None}, "3"),
    ({"refusionssats": None, "ydelsestaeller": None}, "ingen"),
    ({"refusionssats": d("50"), "ydelsestaeller": None}, "ingen"),
    ({"refusionssats": None, "medfinansieringssats": d("80")}, "4"),
    ({"refusionssats": d("80"), "medfinansieringssats": d("80")}, "1"),
    ({"refusionssats": d("0"), "medfinansieringssats": d("60"), "ydelsestaeller": None}, "2"),
    ({"refusionssats": None, "ydelsestaeller": 0}, "ingen"),
    ({"refusionssats": None, "ydelsestaeller": 52}, "3"),
    ({"refusionssats": None, "ydelsestaeller": 53}, "4"),
]


def test_the_step_is_that_of_the_percentage_else_of_the_counter_else_none() -> None:
    rows = [
        {**row(date(2020, 1, 6), 30, f"{2**n}.00", cpr=f"010180{1000 + n}"), **given}
        for n, (given, _step) in enumerate(STEP_OF)
    ]
    found = {m.trin: m.bruttoudgift for m in both(rows)[0] if (m.periode, m.ydelse) == ("2020-01", AID)}
    expected = {step: sum(2**n for n, (_given, on) in enumerate(STEP_OF) if on == step) for _given, step in STEP_OF}
    assert found == {**expected, "alle": 2 ** len(STEP_OF) - 1}


def test_totals_add_up_their_own_financing_and_the_whole_adds_up_both() -> None:
    """Refusion: 1.000 and 500 kr., 400 and 200 back. Medfinansiering: 800 kr., 480 paid. Kommunen: 600 + 300 + 480."""
    monday = date(2020, 1, 6)
    rows = [
        row(monday, 7, "1000.00"),
        row(monday, 7, "500.00", ydelse=SICK),
        medfinanced(monday, 60, "800.00", "480.00", cpr=BO),
    ]
    maal = both(rows)[0]
    refusion, med = (at(maal, "2020-01", "I alt", "alle", kind) for kind in ("refusion", "medfinansiering"))
    whole = at(maal, "2020-01", "I alt", "alle", "alle")
    assert (refusion.bruttoudgift, refusion.refusion, refusion.kommunens_udgift, refusion.personer) == (
        1500,
        600,
        900,
        1,
    )
    assert (med.bruttoudgift, med.medfinansiering, med.kommunens_udgift, med.personer) == (800, 480, 480, 1)
    assert (whole.bruttoudgift, whole.kommunens_udgift, whole.personer, whole.personuger) == (2300, 1380, 2, 2)
    assert whole.kommunens_andel_pct == 60


def test_the_total_of_a_step_adds_up_the_ydelser_on_it() -> None:
    monday = date(2020, 1, 6)
    rows = [
        row(monday, 7, "100.00"),
        row(monday, 7, "50.00", ydelse=SICK),
        row(monday, 60, "25.00", ydelse=SICK, cpr=BO),
    ]
    maal = both(rows)[0]
    steps = {
        m.trin: (m.bruttoudgift, m.personer)
        for m in maal
        if (m.periode, m.ydelse, m.finansiering) == ("2020-01", "I alt", "refusion")
    }
    assert steps == {"2": (d("150.00"), 1), "4": (d("25.00"), 1), "alle": (d("175.00"), 2)}


def test_fleksbidrag_is_the_states_own_amount_else_what_was_paid_and_counts_no_person() -> None:
    """A month for each case: the amount in its column; without one, or with 0, what stands as paid."""
    flex: dict[str, Any] = {"ydelse": FLEX, "refusion": Decimal(0), "sats": 0}
    cases = [("415.00", d("300.00"), 300), ("415.00", None, 415), ("415.00", d("0.00"), 415), ("-10.00", None, -10)]
    rows = []
    for month, (paid, amount, _expected) in enumerate(cases, start=1):
        rows += [row(date(2020, month, 6), None, paid, fleksbidrag=amount, **flex), row(date(2020, month, 6), 7)]
    maal = both(rows)[0]
    for month, (_paid, _amount, expected) in enumerate(cases, start=1):
        state = at(maal, f"2020-{month:02d}", FLEX)
        assert (state.fleksbidrag, state.bruttoudgift, state.personer, state.personuger) == (expected, 0, 0, 0)
        assert (state.kommunens_udgift, state.refusionspct, state.fuldtidspersoner) == (None, None, 0)
        assert at(maal, f"2020-{month:02d}", "I alt", "alle", "alle").fleksbidrag == expected


def test_what_another_kommune_finances_is_in_nothing() -> None:
    monday = date(2020, 1, 6)
    own = [
        row(monday, 7, "100.00", finansieringskommune=None),
        row(date(2020, 1, 13), 8, "10.00", finansieringskommune="665"),
    ]
    theirs = [
        row(monday, 7, "999.00", finansieringskommune="671"),
        row(date(2020, 1, 20), 9, "999.00", finansieringskommune="671"),
    ]
    january = at(both([*own, *theirs])[0], "2020-01")
    assert (january.bruttoudgift, january.personuger, january.personer) == (d("110.00"), 2, 1)


# --- percentages and the year before ------------------------------------------------------------------------------------


#: Bruttoudgift and refusion of a month, and refusionspct and kommunens andel.
PERCENTAGES = [
    ("1000.00", "400.00", "40.00", "60.00"),
    ("8000.00", "1000.40", "12.51", "87.49"),  # 12,505 half up
    ("8000.00", "1000.39", "12.50", "87.50"),
    ("3.00", "1.00", "33.33", "66.67"),
    ("3.00", "2.00", "66.67", "33.33"),
    ("-1000.00", "-400.00", "40.00", "60.00"),
    ("1000.00", "-400.00", "-40.00", "140.00"),
    ("1000.00", "0.00", "0.00", "100.00"),
    ("8000.00", "-1000.40", "-12.51", "112.51"),
]


def test_percentages_are_of_bruttoudgift_with_two_decimals_half_up() -> None:
    rows = [
        row(date(2020, month, 6), 7, brutto, refusion=d(refusion))
        for month, (brutto, refusion, _pct, _share) in enumerate(PERCENTAGES, start=1)
    ]
    maal = both(rows)[0]
    for month, (brutto, refusion, pct, share) in enumerate(PERCENTAGES, start=1):
        found = at(maal, f"2020-{month:02d}")
        assert (found.refusionspct, found.kommunens_andel_pct) == (d(pct), d(share))
        assert found.kommunens_udgift == d(brutto) - d(refusion)


def test_without_a_refusion_there_is_no_percentage_and_what_the_kommune_pays_is_unknown() -> None:
    rows = [row(date(2020, 1, 6), 7, refusion=None)]
    january = at(both(rows, lacks={"yr": ["refusion"]})[0], "2020-01")
    assert (january.refusion, january.refusionspct, january.kommunens_andel_pct, january.kommunens_udgift) == (
        None,
    ) * 4


def test_a_change_is_of_what_was_there_and_of_nothing_there_is_none() -> None:
    """A month for each: kroner in 2019 and in 2020, and the change in percent."""
    cases = [
        ("1000.00", "1500.00", "50.00"),
        ("1000.00", "500.00", "-50.00"),
        ("3.00", "4.00", "33.33"),
        ("1000.00", "-1000.00", "-200.00"),
        ("-1.00", "1000.00", None),
        ("0.00", "1000.00", None),
        ("0.01", "0.02", "100.00"),
    ]
    rows = []
    for month, (before, now, _change) in enumerate(cases, start=1):
        rows += [row(date(2019, month, 7), 7, before), row(date(2020, month, 6), 7, now)]
    maal = both(rows, "2020")[0]
    found = [at(maal, f"2020-{month:02d}").bruttoudgift_aendring_pct for month in range(1, 8)]
    assert found == [None if change is None else d(change) for _before, _now, change in cases]


def test_persons_per_month_stand_beside_those_of_the_same_period_a_year_before() -> None:
    rows = [
        row(date(2019, 1, 7), 7),
        row(date(2019, 2, 4), 8),
        row(date(2019, 2, 4), 8, cpr=BO),
        row(date(2020, 1, 6), 60),
        row(date(2020, 2, 3), 61),
        row(date(2020, 2, 3), 61, cpr=BO),
        row(date(2020, 2, 3), 3, cpr=CARL),
    ]
    maal, trappe = both(rows, "2020K1")
    quarter = at(maal, "2020K1")
    assert (quarter.personer_pr_maaned, quarter.personer_aaret_foer) == (
        d("2.0000"),
        d("1.5000"),
    )  # (1 + 3) / 2 and (1 + 2) / 2
    assert quarter.personer_aendring_pct == d("33.33")
    stairs = next(t for t in trappe if (t.periode, t.ydelse) == ("2020K1", AID))
    assert (stairs.trin_1, stairs.trin_2, stairs.trin_4) == (d("0.5000"), d("0.0000"), d("1.5000"))
    assert (stairs.trin_1_aaret_foer, stairs.trin_2_aaret_foer, stairs.trin_4_aaret_foer) == (0, d("1.5000"), 0)


def test_the_levels_come_by_financing_and_name_with_the_totals_last() -> None:
    monday = date(2020, 1, 6)
    rows = [
        row(monday, 7, ydelse=SICK),
        row(monday, 7),
        medfinanced(monday, 60, "800.00", "480.00"),
        row(monday, None, "5.00", ydelse=FLEX, sats=0),
    ]
    maal = [m for m in both(rows)[0] if m.periode == "2020-01" and m.trin == "alle"]
    assert [(m.finansiering, m.ydelse) for m in maal] == [
        ("fleksbidrag", FLEX), ("fleksbidrag", "I alt"), ("medfinansiering", PENSION), ("medfinansiering", "I alt"),
        ("refusion", AID), ("refusion", SICK), ("refusion", "I alt"), ("alle", "I alt"),
    ]  # fmt: skip


def test_one_persons_figures_are_that_persons() -> None:
    """Nobody else's rows change them: Anna's quarter is the same with and without Bo on another ydelse."""
    own = [row(date(2020, 1, 6), 7), row(date(2020, 2, 10), 8)]
    alone = at(both(own)[0], "2020K1")
    beside = at(
        both([*own, row(date(2020, 1, 6), 7, ydelse=SICK, cpr=BO), row(date(2020, 3, 2), 7, ydelse=SICK, cpr=ANNA)])[0],
        "2020K1",
    )
    assert (alone.bruttoudgift, alone.personer, alone.personuger) == (
        beside.bruttoudgift,
        beside.personer,
        beside.personuger,
    )
    assert (alone.maaneder, beside.maaneder) == (2, 3)  # the months are those of the source
