"""The drawings of the nøgletal: what they choose, that they add up, and that the page says them in words too."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from support import report_example as sample

from reconcile.reports.charts import BAR_LEFT, BAR_RIGHT, bars, columns
from reconcile.reports.html import render_html
from reconcile.reports.page_noegletal import folded, pictures
from reconcile.reports.xlsx_charts import gallery
from reconcile.reports.xlsx_noegletal import drawings
from reconcile.results.flis import Comparison
from reconcile.results.noegletal import Combination, Duration, Flow, NoegletalVh
from reconcile.results.pris import Price
from reconcile.results.rows import ResultTable

FLOW = ResultTable(
    "flow",
    Flow,
    tuple(
        Flow(level, name, kind, f"20{year}K{quarter}", 10, quarter, 0, 10 + quarter, 0)
        for level, name in (("alle", "I alt"), ("dst_kode", "1.1"))
        for kind in ("kvartal",)
        for year in (18, 19, 20)
        for quarter in range(1, 5)
    ),
)
VARIGHED = ResultTable(
    "varighed",
    Duration,
    (
        Duration("1.8.1", "2020K4", "0–90", 9, 9),
        Duration("1.8.2", "2020K3", "0–90", 7, 7),
        Duration("1.8.2", "2020K4", "0–90", 4, 4),
        Duration("1.8.2", "2020K4", "over 1.095", 1, 1),
    ),
)


def price(code: str, kind: str, period: str, before: str | None, **parts: str) -> Price:
    names = ("volumen", "pris", "kommet", "gaaet", "mellemkommunal", "uden_cpr")
    made = {name: Decimal(parts.get(name, "0.00")) for name in names}
    total = sum(made.values(), Decimal(0))
    told: dict[str, Any] = dict.fromkeys(names) if before is None else made
    amount = None if before is None else Decimal(before)
    return Price(
        code, kind, period, (amount or Decimal(0)) + total, Decimal(1), None, None, period, None, None, amount,
        None if amount is None else total, **told, funktioner="5.38.59", pl="2021-PL",
    )  # fmt: skip


PRIS = ResultTable(
    "pris",
    Price,
    (
        price("1.1", "aar", "2019", "5.00", volumen="100.00"),
        price("1.1", "aar", "2020", "100.40", volumen="-20.20", kommet="0.30"),
        price("1.4", "aar", "2020", "50.00", pris="30.00", gaaet="-5.50"),
        price("1.8.1", "aar", "2020", None),
        price("1.8.2", "kvartal", "2020K4", "1.00", pris="900.00"),
    ),
)


def test_the_flow_has_the_newest_eight_quarters_of_everything() -> None:
    (picture,) = pictures(sample.example(tables=(FLOW,)))
    shown = [(column.label, column.came, column.after) for column in picture.drawing.columns]
    assert shown == [(f"20{year}K{q}", str(q), str(10 + q)) for year in (19, 20) for q in range(1, 5)]
    assert "2020K4: 4 kom til, 0 gik fra, 14 til sidst" in picture.text


def test_the_durations_are_those_of_section_107_in_its_newest_quarter() -> None:
    (picture,) = pictures(sample.example(tables=(VARIGHED,)))
    between = "91–180 dage 0; 181–365 dage 0; 366–730 dage 0; 731–1.095 dage 0"  # nobody is 0, not left out
    assert picture.text == f"0–90 dage 4; {between}; over 1.095 dage 1"
    assert "1.8.2" in picture.title
    assert "2020K4" in picture.title


def test_the_prices_are_the_largest_changes_of_the_newest_year_and_their_parts_lead_from_one_year_to_the_other() -> (
    None
):
    first, second = pictures(sample.example(tables=(PRIS,)))
    assert (first.title[:4], second.title[:4]) == ("1.4:", "1.1:")
    assert "2021-PL; 5.38.59" in first.note
    assert first.text == "Året før 50; Pris +30; Gået fra −5; 2020 75"  # 80 and 74,50
    assert second.text == "Året før 100; Mængde −20; Kommet til +1; 2020 81"  # 100,40, 80,20 and 80,50


def test_a_column_is_as_high_as_its_share_of_the_largest() -> None:
    drawing = columns([("a", 10, 5, 1), ("b", 0, 20, 2)])
    up, down = drawing.columns[0].up, drawing.columns[1].down
    assert (round(down / up, 3), drawing.columns[1].up) == (2.0, 0)
    assert columns([]).columns == ()


def test_bars_begin_at_zero_and_the_largest_fills_the_room() -> None:
    drawing = bars([("a", "1", 1), ("b", "1.000", 1000), ("c", "0", 0)])
    assert [bar.x for bar in drawing.bars] == [BAR_LEFT] * 3
    assert [bar.width for bar in drawing.bars] == [2.0, BAR_RIGHT - BAR_LEFT, 0.0]


def test_a_long_name_has_room_before_its_bar_or_two_lines() -> None:
    short, three, five = "1.1 + 1.4", "1.12.0.1 + 1.12.0.2 + 1.13.4", "1.12.0.1 + 1.12.0.2 + 1.13.4 + 1.18.1 + 1.18.2"
    drawing = bars([(name, "1", 1) for name in (short, three, five)])
    assert bars([(short, "1", 1)]).left == BAR_LEFT < bars([(three, "1", 1)]).left < drawing.left < BAR_RIGHT
    assert [bar.lines for bar in drawing.bars] == [
        (short,),
        (three,),
        ("1.12.0.1 + 1.12.0.2 +", "1.13.4 + 1.18.1 + 1.18.2"),
    ]
    assert {bar.x for bar in drawing.bars} == {drawing.left}


def test_the_page_draws_them_and_says_them_in_words() -> None:
    page = render_html(sample.example(tables=(FLOW, VARIGHED, PRIS)), sample.rules())
    assert 'href="#noegletal"' in page
    assert "2020K4: 4 kom til, 0 gik fra, 14 til sidst" in page
    assert page.count("<figure") >= 4
    assert "noegletal-flow" not in render_html(sample.example(tables=()), sample.rules())


VH = ResultTable(
    "noegletal_vh",
    NoegletalVh,
    tuple(
        NoegletalVh(level, name, kind, period, count, 0, 0, 0, None, None, None, None, None)
        for level, name, kind, period, count in (
            ("paragraf", "SEL §104", "kvartal", "2020K1", 8), ("paragraf", "SEL §104", "kvartal", "2020K2", None),
            ("paragraf", "SEL §107", "kvartal", "2020K2", 9), ("paragraf", "SEL §104", "aar", "2020", 99),
            ("dst_kode", "1.1", "kvartal", "2020K2", 77),
        )
    ),
)  # fmt: skip
KOMBINATIONER = ResultTable(
    "kombinationer",
    Combination,
    (
        Combination("2020K3", "1.1 + 1.4", 2, 9), Combination("2020K4", "1.1", 1, 50), Combination("2020K4", "1.1 + 1.8.1", 2, 7),
        Combination("2020K4", "1.1 + 1.4 + 1.8.1", 3, 2),
    ),
)  # fmt: skip


def compared(year: str, area: str, own: str | None, *others: str | None) -> Comparison:
    group_mean, group_sum, country_mean, country_sum = (None if text is None else Decimal(text) for text in others)
    made = None if own is None else Decimal(own)
    told = (group_mean, group_sum, 3, country_mean, country_sum, 98, "5.38.52", f"{year}K3", "2021-PL")
    return Comparison(year, "Botilbud", area, "kr_pr_indbygger", made, *told)


SAMMENLIGNING = ResultTable(
    "sammenligning",
    Comparison,
    (
        compared("2019", "SEL § 107", "1.00", "2.00", "3.00", "4.00", "5.00"),
        compared("2020", "SEL § 107", "100.00", "150.00", "125.50", None, "-1.00"),
        compared("2020", "SEL § 108", None, "2.00", "3.00", "4.00", "5.00"),
        compared("2020", "SEL § 85", "9.00", None, None, None, None),
    ),
)
ALL = (FLOW, VARIGHED, PRIS, VH, KOMBINATIONER, SAMMENLIGNING)


def test_a_paragraf_has_its_newest_quarters_nobody_is_0_and_what_is_not_shown_is_a_gap() -> None:
    ((heading, drawn),) = folded(sample.example(tables=(VH,)))
    assert heading == "Udvikling pr. paragraf"
    assert [(picture.title, picture.text) for picture in drawn] == [
        ("SEL §107", "2020K1 0; 2020K2 9"),
        ("SEL §104", "2020K1 8; 2020K2 ikke vist"),
    ]


def test_the_combinations_are_those_of_the_newest_quarter_with_two_ydelser_or_more() -> None:
    ((_heading, (picture,)),) = folded(sample.example(tables=(KOMBINATIONER,)))
    assert picture.text == "1.1 + 1.8.1 7; 1.1 + 1.4 + 1.8.1 2"
    assert "2020K4" in picture.title


def test_the_comparison_has_both_averages_side_by_side_and_says_what_it_rests_on() -> None:
    ((_heading, (picture,)),) = folded(sample.example(tables=(SAMMENLIGNING,)))
    assert picture.title.startswith("SEL § 107, 2020: ")
    assert picture.text == (
        "Egen 100; Gruppen, middel af forhold 150; Gruppen, forhold af summer 125,5; Landet, forhold af summer −1"
    )
    assert picture.note == "5.38.52 · folketal 2020K3 · 2021-PL; kommuner i gruppen: 3, i landet: 98"
    widths = [bar.width for bar in picture.drawing.bars]
    assert (round(widths[0] / widths[1], 3), widths[3]) == (0.667, 0.0)


def test_the_workbook_draws_the_same_figures_as_native_charts() -> None:
    made = {drawing.title: drawing for drawing in drawings(sample.example(tables=ALL))}
    assert len(made) == 7
    flow = made["Flow, alle ydelser"]
    assert (flow.kind, flow.points[-1]) == ("column", ("2020K4", {"tilgang": 4, "afgang": 0}))
    long = made["1.8.2: åbne forløb efter dage siden start"]
    assert long.stacked
    assert long.points == (("2020K3", {"0–90": 7}), ("2020K4", {"0–90": 4, "over 1.095": 1}))
    assert made["De hyppigste kombinationer, 2020K4"].points[0] == ("1.1 + 1.8.1", {"borgere": 7})
    assert made["SEL §104: modtagere pr. kvartal"].points == (("2020K1", {"modtagere": 8}), ("2020K2", {}))
    change = made["1.4: hvorfor udgiften ændrede sig, 2020 (2021-PL; 5.38.59)"].points
    assert change[1] == ("Pris", {"skjult": 50, "stigning": 30})
    assert change[2] == ("Gået fra", {"skjult": 75, "fald": 5})
    assert gallery(sample.example(tables=ALL)).figures == tuple(made.values())


def test_the_folded_pictures_stand_on_the_page_in_words_too() -> None:
    page = render_html(sample.example(tables=ALL), sample.rules())
    for text in ("Udvikling pr. paragraf", "2020K1 8; 2020K2 ikke vist", "folketal 2020K3 · 2021-PL", "1.1 + 1.8.1 7"):
        assert text in page
