"""Each rule on the rows of Ydelsesrefusion at its boundary: amounts to the øre, rates to the counter, days to the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from support.yr import ANNA, BO, MONDAY, Hit, found, monday, row, weeks_found

from reconcile.reference import rows as reference_rows

AID, SICK, PENSION, UNEMPLOYED = "Kontanthjælp", "Sygedagpenge", "Førtidspension", "Arbejdsløshedsdagpenge"
#: The last counter of each step and the first of the next, with the percentage of refusion.
STEPS = [(1, 80), (4, 80), (5, 40), (26, 40), (27, 30), (52, 30), (53, 20), (54, 20)]


def cprs(count: int) -> list[str]:
    return [f"010180{1000 + n}" for n in range(count)]


def d(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def each(rows: Iterable[Mapping[str, Any]], *rules: str) -> list[list[Any]]:
    """The values of the hits of each row, judged all at once; a row gets a person of its own."""
    rows = list(rows)
    return [
        [hit.value for hit in hits]
        for hits in found_by([{**r, "cpr": cpr} for r, cpr in zip(rows, cprs(len(rows)), strict=True)], *rules).values()
    ]


def found_by(rows: list[dict[str, Any]], *rules: str, **options: Any) -> dict[str, list[Hit]]:
    """The hits by person."""
    people: dict[str, list[Hit]] = {str(r["cpr"]): [] for r in rows}
    for hit in found(rows, *rules, **options):
        people[hit.cpr].append(hit)
    return people


def medfinanced(counter: int | None, sats: int, brutto: str = "1000.00", **given: Any) -> dict[str, Any]:
    """A row of førtidspension with this percentage of medfinansiering and the amount that belongs to it."""
    amount = (Decimal(brutto) * sats / 100).quantize(Decimal("0.01"))
    more = {"medfinansieringssats": Decimal(sats), "medfinansiering": amount, "refusion": Decimal(0), **given}
    return row(MONDAY, counter, brutto, ydelse=PENSION, sats=0, **more)


# --- YR01: a week's payment ---------------------------------------------------------------------------------------------


#: What is paid in a week, and the value of the finding.
PAID: list[tuple[list[str], str | None]] = [
        (["9999.99"], None), (["10000.00"], "10000.00"), (["10000.01"], "10000.01"), (["5000.00", "4999.99"], None),
        (["5000.00", "5000.00"], "10000.00"), (["10000.00", "-0.01"], None), (["20000.00", "-10000.00"], "10000.00"),
        (["10000.00", "0.00"], "10000.00"), (["9999.99", "0.01"], "10000.00"), (["9999999999999999.99"], "9999999999999999.99"),
]  # fmt: skip


def test_a_week_is_a_hit_from_ten_thousand_kroner_net() -> None:
    rows = [
        row(MONDAY, 7, amount, beregning_id=str(n), cpr=cpr)
        for cpr, (amounts, _value) in zip(cprs(len(PAID)), PAID, strict=True)
        for n, amount in enumerate(amounts)
    ]
    expected = [[] if value is None else [Decimal(value)] for _amounts, value in PAID]
    assert [[hit.value for hit in hits] for hits in found_by(rows, "YR01").values()] == expected


def test_an_amount_belongs_to_the_week_of_its_day_from_monday_to_sunday() -> None:
    """6.000 kr. on Sunday and 4.000 kr. on the Monday after are two weeks; on the Monday before they are one."""
    sunday = MONDAY + timedelta(days=6)
    rows = [row(sunday, 7, "6000.00"), row(sunday + timedelta(days=1), 8, "4000.00")]
    assert weeks_found(rows, "YR01") == []
    assert weeks_found([row(sunday, 7, "6000.00"), row(MONDAY, 7, "4000.00")], "YR01") == ["2020-U10"]


def test_two_persons_are_two_weeks_and_another_kommunes_week_is_none() -> None:
    rows = [row(MONDAY, 7, "6000.00"), row(MONDAY, 7, "6000.00", cpr=BO)]
    assert weeks_found(rows, "YR01") == []
    theirs = row(MONDAY, 7, "12000.00", finansieringskommune="671")
    assert weeks_found([theirs], "YR01") == []
    assert weeks_found([theirs, row(MONDAY, 7, "1.00", finansieringskommune="665")], "YR01") == ["2020-U10"]


def test_an_empty_financing_kommune_is_the_own_one() -> None:
    hits = each((row(MONDAY, 7, "10000.00", finansieringskommune=own) for own in (None, "665", "671")), "YR01")
    assert [len(values) for values in hits] == [1, 1, 0]


# --- YR09: the percentage of the counter --------------------------------------------------------------------------------


def test_each_counter_at_the_edge_of_a_step_has_its_percentage_and_no_other() -> None:
    rows = [
        row(MONDAY, counter, sats=sats, cpr=cpr)
        for cpr, (counter, sats) in zip(
            cprs(32), [(c, s) for c, _right in STEPS for s in (80, 40, 30, 20)], strict=True
        )
    ]
    right = {cpr: dict(STEPS)[r["ydelsestaeller"]] for cpr, r in zip(cprs(32), rows, strict=True)}
    for r, (cpr, hits) in zip(rows, found_by(rows, "YR09").items(), strict=True):
        wrong = r["refusionssats"] != right[cpr]
        assert [(hit.value, hit.severity) for hit in hits] == ([(r["refusionssats"], "fejl")] if wrong else []), r


def test_medfinansiering_is_what_refusion_would_leave_of_a_hundred() -> None:
    rows = [
        {**medfinanced(counter, 100 - sats + off), "cpr": cpr}
        for cpr, (counter, sats, off) in zip(
            cprs(24), [(c, s, off) for c, s in STEPS for off in (-1, 0, 1)], strict=True
        )
    ]
    assert [len(hits) for hits in found_by(rows, "YR09").values()] == [1, 0, 1] * 8


def test_the_staircase_is_in_force_from_its_first_day() -> None:
    """4 January 2016: a week before has no step, so that no percentage is wrong in it."""
    first = date(2016, 1, 4)
    wrong = [row(day, 3, sats=40) for day in (first - timedelta(days=7), first - timedelta(days=1), first)]
    assert weeks_found(wrong, "YR09") == ["2016-U01"]


def test_a_counter_below_the_first_step_has_no_percentage() -> None:
    assert each([row(MONDAY, 0, sats=65), row(MONDAY, 1, sats=65)], "YR09") == [[], [65]]


def test_a_percentage_is_judged_when_it_or_its_amount_says_something() -> None:
    cases = [
        (None, "400.00", 0), ("0", "0", 0), ("0", None, 0), ("0", "0.01", 1), ("0", "-0.01", 1), ("65", "0", 1), ("65", None, 1),
    ]  # fmt: skip
    hits = each((row(MONDAY, 7, refusionssats=d(sats), refusion=d(amount)) for sats, amount, _hit in cases), "YR09")
    assert [len(values) for values in hits] == [hit for _sats, _amount, hit in cases]


def test_of_two_wrong_halves_the_refusion_is_named_and_one_finding_made() -> None:
    both = row(MONDAY, 7, sats=30, medfinansieringssats=Decimal(70), medfinansiering=Decimal(700))
    assert [hit.value for hit in found([both], "YR09")] == [30]
    only = row(MONDAY, 7, sats=40, medfinansieringssats=Decimal(70), medfinansiering=Decimal(700))
    assert [hit.value for hit in found([only], "YR09")] == [70]


def test_the_percentage_is_judged_row_by_row_on_the_rows_own_counter() -> None:
    """The week's counter is 7 (40 pct.), but the row with counter 3 is right with 80."""
    rows = [row(MONDAY, 7), row(MONDAY, 3, ydelse=SICK), row(MONDAY, 3, sats=40, ydelse="Kontantydelse")]
    assert [(hit.ydelse, hit.value) for hit in found(rows, "YR09")] == [("Kontantydelse", 40)]


def test_every_known_ydelse_stands_on_the_staircase_or_does_not_as_the_list_says() -> None:
    listed = {entry["ydelse"]: entry["trappe"] == "true" for entry in reference_rows("yr_ydelse")}
    hits = each((row(MONDAY, 7, sats=65, ydelse=name) for name in listed), "YR09")
    assert {name: values == [65] for name, values in zip(listed, hits, strict=True)} == listed
    assert [name for name, on in listed.items() if not on] == ["Løntilskud", "Fleksbidrag fra staten"]


def test_a_ydelse_that_is_not_listed_stands_on_the_staircase() -> None:
    assert [hit.rule for hit in found([row(MONDAY, 7, sats=65, ydelse="Noget nyt")], "YR09", "YR17")] == [
        "YR09",
        "YR17",
    ]


# --- YR10 and YR11: the amounts -----------------------------------------------------------------------------------------


#: Bruttoudgift, counter and refusion of a row, and whether the amount is too far from its percentage.
PRODUCTS = [
        ("1000.00", 7, "400.01", 0), ("1000.00", 7, "400.02", 1), ("1000.00", 7, "399.99", 0), ("1000.00", 7, "399.98", 1),
        ("33.33", 27, "9.99", 0), ("33.33", 27, "10.00", 0), ("33.33", 27, "10.01", 1), ("33.33", 27, "9.98", 1),  # 9,999
        ("0.01", 7, "0.00", 0), ("0.01", 7, "0.01", 0), ("0.01", 7, "0.02", 1),  # 0,004
        ("-1000.00", 7, "-400.01", 0), ("-1000.00", 7, "-400.02", 1), ("-1000.00", 7, "400.00", 1), ("0.00", 7, "0.01", 0),
        ("0.00", 7, "0.02", 1),
]  # fmt: skip


def test_an_amount_may_be_one_oere_from_the_exact_product() -> None:
    hits = each(
        (row(MONDAY, counter, brutto, refusion=d(amount)) for brutto, counter, amount, _hit in PRODUCTS), "YR10"
    )
    assert hits == [[d(amount)] if hit else [] for _brutto, _counter, amount, hit in PRODUCTS]


def test_medfinansiering_is_judged_as_refusion_is_and_the_wrong_one_is_named() -> None:
    rows = [
        medfinanced(7, 60, medfinansiering=Decimal(m), cpr=c)
        for c, m in zip(cprs(3), ("600.01", "600.02", "599.98"), strict=True)
    ]
    assert [[hit.value for hit in hits] for hits in found_by(rows, "YR10").values()] == [
        [], [Decimal("600.02")], [Decimal("599.98")],
    ]  # fmt: skip
    both = row(
        MONDAY, 7, refusion=Decimal("500.00"), medfinansieringssats=Decimal(60), medfinansiering=Decimal("700.00")
    )
    assert [hit.value for hit in found([both], "YR10")] == [Decimal("500.00")]


def test_an_amount_or_a_percentage_that_is_missing_is_not_judged() -> None:
    wrong = row(MONDAY, 7, refusion=d("1.00"))
    assert each([{**wrong, "refusion": None}, {**wrong, "refusionssats": None}, wrong], "YR10") == [[], [], [d("1.00")]]


def test_a_percentage_with_decimals_is_exact() -> None:
    """12,5 pct. of 0,20 kr. is 0,025 kr.: 0,03 lies 0,005 from it, 0,04 lies 0,015 from it."""
    rows = [
        row(MONDAY, 7, "0.20", refusionssats=Decimal("12.5"), refusion=Decimal(r), cpr=c)
        for c, r in zip(cprs(3), ("0.02", "0.03", "0.04"), strict=True)
    ]
    assert [len(hits) for hits in found_by(rows, "YR10").values()] == [0, 0, 1]


def test_refusion_and_medfinansiering_on_one_row_exclude_each_other() -> None:
    cases = [
        ("0.01", "0.01", 1), ("0.01", "0.00", 0), ("0.00", "0.01", 0), ("-0.01", "0.01", 1), ("0.01", None, 0), (None, "0.01", 0),
    ]  # fmt: skip
    hits = each((row(MONDAY, 7, refusion=d(one), medfinansiering=d(other)) for one, other, _hit in cases), "YR11")
    assert hits == [[d(other)] if hit else [] for _one, other, hit in cases]


def test_fleksbidrag_is_no_payment_in_any_rule_on_amounts() -> None:
    flex = row(
        MONDAY, None, "12000.00", ydelse="Fleksbidrag fra staten", refusion=Decimal(7), medfinansiering=Decimal(7)
    )
    assert found([flex], "YR01", "YR10", "YR11", "YR13", "YR18") == []


# --- YR12: rows that stand twice ----------------------------------------------------------------------------------------


def test_a_row_that_stands_n_times_is_one_finding_with_its_number_and_counts_once() -> None:
    rows = [row(MONDAY, 7, "4000.00", cpr=cpr) for n, cpr in enumerate(cprs(4), start=1) for _copy in range(n)]
    hits = found_by(rows, "YR12", "YR01")
    assert [[(hit.rule, hit.value) for hit in each] for each in hits.values()] == [
        [], [("YR12", 2)], [("YR12", 3)], [("YR12", 4)],
    ]  # fmt: skip


def test_a_copy_in_each_of_two_files_is_one_finding_for_each() -> None:
    rows = [row(MONDAY, 7, "1.00", fil=name) for name in ("a.csv", "a.csv", "b.csv", "b.csv", "b.csv", "c.csv")]
    same = [{**r, "raa": 1} for r in rows]
    assert sorted(hit.value for hit in found(same, "YR12")) == [2, 3]


def test_rows_of_one_text_hash_that_differ_in_a_column_are_no_copies() -> None:
    """The hash of the text may meet another's; the typed columns tell them apart."""
    base = row(MONDAY, 7, "1.00", raa=5)
    others = [
        {**base, "cpr": BO},
        {**base, "uge": monday(1)},
        {**base, "ydelse": SICK},
        {**base, "bruttoudgift": Decimal(2)},
    ]
    assert found([base, *others], "YR12") == []
    assert [hit.value for hit in found([base, dict(base)], "YR12")] == [2]


# --- YR13–YR17 ----------------------------------------------------------------------------------------------------------


def test_a_net_below_nothing_is_found_from_one_oere() -> None:
    assert each((row(MONDAY, 7, amount) for amount in ("-0.01", "0.00", "0.01")), "YR13") == [[d("-0.01")], [], []]


def test_of_the_days_of_a_week_only_monday_and_the_first_of_a_month_begin_one() -> None:
    """29 June to 5 July 2020: Monday, and Wednesday 1 July."""
    days = [date(2020, 6, 29) + timedelta(days=n) for n in range(7)]
    rows = [row(day, 7, cpr=cpr) for day, cpr in zip(days, cprs(7), strict=True)]
    assert [len(hits) for hits in found_by(rows, "YR14").values()] == [0, 1, 0, 1, 1, 1, 1]
    assert {hit.week for hit in found(rows, "YR14")} == {"2020-U27"}


def test_two_kommuner_are_told_apart_where_the_own_one_finances_and_both_are_known() -> None:
    cases = [
        ("665", "671", 1),
        ("665", "665", 0),
        ("665", None, 0),
        (None, "671", 0),
        (None, None, 0),
        ("671", "665", 0),
    ]
    hits = each((row(MONDAY, 7, finansieringskommune=pays, bopaelskommune=home) for pays, home, _hit in cases), "YR15")
    assert hits == [[home] if hit else [] for _pays, home, hit in cases]


def test_a_ydelse_is_known_on_the_days_of_its_validity() -> None:
    first, last = date(2020, 1, 1), date(2026, 6, 30)  # seniorpension begins, ressourceforløb ends
    cases = [
        ("Seniorpension", first - timedelta(days=1), 1), ("Seniorpension", first, 0),
        ("Ressourceforløb", last, 0), ("Ressourceforløb", last + timedelta(days=1), 1),
        (AID, date(2015, 12, 28), 0), (AID, date(2015, 12, 27), 1), (" SYGEDAGPENGE ", MONDAY, 0), ("Sygedagpeng", MONDAY, 1),
    ]  # fmt: skip
    rows = [row(day, 7, ydelse=name, cpr=cpr) for cpr, (name, day, _hit) in zip(cprs(8), cases, strict=True)]
    assert [len(hits) for hits in found_by(rows, "YR17").values()] == [hit for _name, _day, hit in cases]


def test_what_another_kommune_finances_raises_no_finding_on_its_rows() -> None:
    bad = row(
        date(2020, 3, 3),
        7,
        "-1.00",
        sats=65,
        refusion=Decimal(9),
        medfinansiering=Decimal(9),
        ydelse="Ukendt",
        cpr="12345",
    )
    rules = ("YR09", "YR10", "YR11", "YR12", "YR13", "YR14", "YR16", "YR17")
    assert {hit.rule for hit in found([bad, dict(bad)], *rules)} == set(rules)
    theirs = [{**bad, "finansieringskommune": "671"}] * 2
    assert found(theirs, *rules) == []


def test_a_person_is_found_once_at_the_first_week_in_whatever_file_it_stands() -> None:
    rows = [row(monday(n), 7 + n, cpr="3102801234", fil=f"{9 - n}.csv") for n in (2, 0, 1)]
    assert [(hit.week, hit.value) for hit in found(rows, "YR16")] == [("2020-U10", "ugyldigt")]
    assert found([row(MONDAY, 7, cpr=ANNA)], "YR16") == []
