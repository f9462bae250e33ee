"""FLIS' key figures and the comparison: the printed figures of Lemvig's report, and averages worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from support.worlds import world

from reconcile.controls import noegletal
from reconcile.controls.noegletal_basis import areas
from reconcile.reference import kommuner, rows

#: Lemvig's report (KOMBIT/KL, webinar of April 2022): tables 6 (recipients per 1.000), 9 (t.kr. per recipient) and 2 (kr. per
#: inhabitant) for Lemvig, Holstebro, Ringkøbing-Skjern, Struer and Jammerbugt.
KOMMUNER = ("665", "661", "760", "671", "849")
RECIPIENTS = {
    "SEL § 107": ("1.55", "1.62", "2.32", "2.36", "2.78"),
    "SEL § 108": ("1.28", "1.37", "0.92", "1.43", "0.74"),
    "SEL § 85/ABL § 105": ("5.62", "6.48", "7.81", "4.32", "8.02"),
    "SEL § 103": ("1.50", "2.44", "2.77", "3.60", "4.62"),
    "SEL § 104": ("7.90", "4.28", "7.55", "3.24", "3.66"),
}
PRICE = {
    "SEL § 107": (524, 836, 642, 699, 786),
    "SEL § 108": (798, 1118, 1500, 769, 1039),
    "SEL § 85/ABL § 105": (714, 632, 634, 787, 704),
    "SEL § 103": (127, 67, 62, 83, 136),
    "SEL § 104": (148, 187, 115, 205, 268),
}
SPENDING = {
    "SEL § 107": (812, 1310, 1489, 1650, 2080),
    "SEL § 108": (1021, 1532, 1380, 1100, 769),
    "SEL § 85/ABL § 105": (4013, 4095, 4952, 3400, 5646),
    "SEL § 103": (191, 163, 172, 299, 628),
    "SEL § 104": (1169, 800, 868, 664, 981),
}
MISPRINTED = {("SEL § 107", "661"), ("SEL § 107", "849")}
PEOPLE = 100_000
CODE = {row["omraade"]: row["dst_kode"] for row in rows("noegletal_omraade")}
ACCOUNT = {
    row["omraade"]: f"{row['funktion']}1{row['grupperinger'].strip('|').split('|')[0] or '001'}"
    for row in rows("noegletal_omraade")
}


def people(kommune: str, count: int, period: str = "2020K3") -> dict[str, Any]:
    return {"kommune": kommune, "periode": period, "antal": Decimal(count), "alder": "18-64 år"}


def full(kommune: str, area: str, count: Any, year: str = "2020") -> list[dict[str, Any]]:
    code = CODE[area]
    return [
        {"kommune": kommune, "dst_kode": code, "periode": f"{year}K{n}", "antal": Decimal(count)} for n in range(1, 5)
    ]


def spent(kommune: str, area: str, amount: Any, year: str = "2020") -> dict[str, Any]:
    return {"kommune": kommune, "periode": year, "konto": ACCOUNT[area], "beloeb": Decimal(amount)}


def run(tables: Mapping[str, Sequence[dict[str, Any]]], **more: Any) -> dict[str, list[Any]]:
    with world({"fagsystem": [], **tables}, **more) as context:
        return {table.name: list(table.rows) for table in noegletal.run(context).tables}


def _compared(tables: dict[str, Any], kommune: str) -> list[Any]:
    return run(tables, kommune=kommune, noegletal={"gruppe": KOMMUNER})["sammenligning"]


def test_spending_per_inhabitant_is_recipients_times_price_where_lemvig_printed_it_right() -> None:
    printed: dict[str, list[Any]] = {"hand01": [], "regnskab": [], "befolkning": [people(k, PEOPLE) for k in KOMMUNER]}
    for area, per_1000 in RECIPIENTS.items():
        for place, kommune in enumerate(KOMMUNER):
            count = Decimal(per_1000[place]) * PEOPLE / 1000
            printed["hand01"] += full(kommune, area, count)
            printed["regnskab"].append(spent(kommune, area, count * PRICE[area][place] * 1000))
    wrong = set()
    for place, kommune in enumerate(KOMMUNER):
        found = {(r.omraade, r.noegletal): r.egen for r in _compared(printed, kommune)}
        for area in RECIPIENTS:
            assert found[area, "helaarsmodtagere_pr_1000"] == Decimal(RECIPIENTS[area][place])
            assert found[area, "kr_pr_helaarsmodtager"] == PRICE[area][place] * 1000
            if abs(found[area, "kr_pr_indbygger"] - SPENDING[area][place]) > 1:
                wrong.add((area, kommune))
    assert wrong == MISPRINTED


def _days(code: str, days: int) -> list[dict[str, Any]]:
    """Courses of different persons that together have so many days of 2020."""
    made: list[dict[str, Any]] = []
    while days > 0:
        length = min(days, 366)
        end = date(2020, 1, 1) + timedelta(length - 1)
        made.append({"cpr": f"0101{len(made):06d}", "dst_kode": code, "start_dato": date(2020, 1, 1), "slut_dato": end})
        days -= length
    return made


def test_a_group_is_the_sum_before_rounding_as_in_lemvigs_8_46() -> None:
    """Botilbud 8,46 = 1,55 + 1,28 + 5,62, whose printed parts add up to 8,45."""
    wanted = {"SEL § 107": "1.554", "SEL § 108": "1.284", "SEL § 85/ABL § 105": "5.6239"}
    courses = []
    for area, per_1000 in wanted.items():
        courses += _days(CODE[area], round(Decimal(per_1000) * 366))
    found = run({"fagsystem": courses, "befolkning": [people("665", 1000)]})["flis_omraader"]
    shown = {r.omraade: r.helaarsmodtagere_pr_1000 for r in found if r.gruppe == "Botilbud"}
    assert shown == {
        "": Decimal("8.46"), "SEL § 107": Decimal("1.55"), "SEL § 108": Decimal("1.28"), "SEL § 85/ABL § 105": Decimal("5.62"),
    }  # fmt: skip
    assert sum(value for name, value in shown.items() if name) == Decimal("8.45")


def _booked(account: str, amount: str, day: date = date(2020, 6, 1)) -> dict[str, Any]:
    return {"konto": account, "beloeb": Decimal(amount), "bogfoert_dato": day}


#: A ledger with a posting in every month, on an account that no area has.
WHOLE_YEAR = [_booked("538401001", "1.00", date(2020, month, 1)) for month in range(1, 13)]
LEDGER = [
    *WHOLE_YEAR, _booked("538501002", "800.00"), _booked("538521001", "500.00"), _booked("538511003", "300.00"),
    _booked("538391004", "200.00"), _booked("538391002", "90.00"), _booked("538391001", "7.00"), _booked("538502001", "-50.00"),
]  # fmt: skip


def test_the_eight_figures_by_hand() -> None:
    both = [{"cpr": "0101700001", "dst_kode": code, "start_dato": date(2020, 1, 1)} for code in ("1.8.2", "1.12.0.2")]
    other = {"cpr": "0101700002", "dst_kode": "1.8.1", "start_dato": date(2020, 1, 1)}
    tables: dict[str, Any] = {"fagsystem": [*both, other], "oekonomi": LEDGER, "befolkning": [people("665", 100)]}
    found = {r.nr: r for r in run(tables, noegletal={"pl": "2021-PL"})["flis_noegletal"]}
    assert [found[n].vaerdi for n in range(1, 9)] == [
        Decimal(text) for text in ("18.00", "8.00", "2.00", "5.00", "18.59", "900.00", "10.00", "10.00")
    ]
    assert (found[6].delt_med, found[6].beregnet_af) == (Decimal("2.0000"), Decimal("1800.00"))
    assert found[5].funktioner == "5.38"
    assert {r.pl for r in found.values()} == {"2021-PL"}
    assert {r.befolkning_fra for n, r in found.items() if n != 6} == {"2020K3"}
    assert {r.beloeb_fra for n, r in found.items() if n < 7} == {"oekonomi"}


def test_the_scope_of_the_total_is_a_choice_and_is_printed() -> None:
    chosen = {"funktioner": ["5.38.39", "5.38.50"]}
    found = run({"oekonomi": LEDGER, "befolkning": [people("665", 100)]}, noegletal=chosen)
    (total,) = [r for r in found["flis_omraader"] if r.gruppe == "I alt"]
    assert (total.udgift, total.funktioner) == (Decimal("1047.00"), "5.38.39, 5.38.50")


def test_a_ledger_without_all_months_of_the_year_gives_way_to_the_published_account() -> None:
    account = [spent("665", "SEL § 107", 700)]
    tables: dict[str, Any] = {"oekonomi": LEDGER[1:], "befolkning": [people("665", 100)], "regnskab": account}
    found = {r.omraade: r for r in run(tables)["flis_omraader"] if r.gruppe == "Botilbud"}
    assert (found["SEL § 107"].udgift, found["SEL § 107"].beloeb_fra) == (Decimal("700.00"), "regnskab")
    missing = run({"oekonomi": LEDGER[1:], "befolkning": [people("665", 100)]})["flis_omraader"]
    assert {r.udgift for r in missing} == {None}


def _group_world() -> dict[str, Any]:
    counted = {"665": (1000, 10, 4000), "615": (2000, 10, 9000), "710": (6000, 60, 12000)}
    return {
        "befolkning": [people(k, inhabitants) for k, (inhabitants, _f, _s) in counted.items()],
        "hand01": [row for k, (_i, count, _s) in counted.items() for row in full(k, "SEL § 107", count)],
        "regnskab": [spent(k, "SEL § 107", amount) for k, (_i, _f, amount) in counted.items()],
        "hand07": [
            {"kommune": k, "dst_kode": "1.8.2", "periode": "2020K3", "antal": Decimal(f)} for k, (_i, f, _s) in counted.items()
        ],
    }  # fmt: skip


def test_both_averages_of_a_group_are_shown() -> None:
    found = run(_group_world(), noegletal={"gruppe": ["615", "710"]})["sammenligning"]
    shown = {
        r.noegletal: (r.egen, r.gruppe_middel, r.gruppe_samlet, r.gruppe_kommuner)
        for r in found
        if r.omraade == "SEL § 107"
    }
    assert shown == {
        "kr_pr_indbygger": (Decimal("4.00"), Decimal("3.25"), Decimal("2.63"), 2),  # (4,5 + 2) / 2 and 21.000 / 8.000
        "helaarsmodtagere_pr_1000": (Decimal("10.00"), Decimal("7.50"), Decimal("8.75"), 2),
        "kr_pr_helaarsmodtager": (Decimal("400.00"), Decimal("550.00"), Decimal("300.00"), 2),
        "modtagere_pr_1000": (Decimal("10.00"), Decimal("7.50"), Decimal("8.75"), 2),
    }  # fmt: skip
    assert {(r.landet_middel, r.landet_samlet, r.landet_kommuner) for r in found} == {(None, None, 0)}


@pytest.mark.parametrize("name", ["000", "Hele landet"])
def test_the_countrys_own_row_is_its_ratio(name: str) -> None:
    tables = _group_world()
    tables["befolkning"].append(people(name, 100_000))
    tables["regnskab"].append(spent(name, "SEL § 107", 250_000))
    (row,) = [r for r in run(tables)["sammenligning"] if (r.omraade, r.noegletal) == ("SEL § 107", "kr_pr_indbygger")]
    assert (row.landet_samlet, row.landet_middel) == (Decimal("2.50"), None)


def test_all_kommuner_are_the_country() -> None:
    tables: dict[str, Any] = {
        "befolkning": [people(k, 1000) for k in kommuner()],
        "regnskab": [spent(k, "SEL § 107", 500) for k in kommuner()],
    }
    (row,) = [r for r in run(tables)["sammenligning"] if (r.omraade, r.noegletal) == ("SEL § 107", "kr_pr_indbygger")]
    assert (row.landet_samlet, row.landet_middel, row.landet_kommuner) == (
        Decimal("0.50"),
        Decimal("0.50"),
        len(kommuner()),
    )


def test_a_kommune_that_lacks_a_figure_is_not_in_the_average() -> None:
    tables = _group_world()
    tables["hand01"] = [row for row in tables["hand01"] if (row["kommune"], row["periode"]) != ("710", "2020K4")]
    found = run(tables, noegletal={"gruppe": ["615", "710"]})["sammenligning"]
    counted = {r.noegletal: r.gruppe_kommuner for r in found if r.omraade == "SEL § 107"}
    assert counted == {
        "kr_pr_indbygger": 2,
        "helaarsmodtagere_pr_1000": 1,
        "kr_pr_helaarsmodtager": 1,
        "modtagere_pr_1000": 2,
    }


def test_nothing_is_compared_where_the_sources_hold_nobody_else() -> None:
    assert "sammenligning" not in run({"befolkning": [people("665", 100)], "hand01": full("665", "SEL § 107", 3)})


def test_every_area_of_a_group_is_in_its_sum() -> None:
    with world({"fagsystem": []}) as context:
        rows_of = areas(context)
    for group in {row.gruppe for row in rows_of}:
        whole, *each = [row for row in rows_of if row.gruppe == group]
        assert not each or whole.parts == tuple(row.omraade for row in each)


def test_accounts_without_grupperinger_say_nothing_of_an_area_that_is_some_of_them() -> None:
    """REGK31 has funktion and dranst alone: 5.38.39 is both BPA and § 85 in the own home, and more."""
    accounts = [
        {"kommune": "665", "periode": "2020", "konto": k, "beloeb": Decimal(9)} for k in ("538391000", "538521000")
    ]
    found = run({"regnskab": accounts, "befolkning": [people("665", 1)]})["flis_omraader"]
    spent_on = {r.omraade or r.gruppe: r.udgift for r in found}
    assert (spent_on["SEL § 107"], spent_on["SEL § 108"], spent_on["I alt"]) == (9, 0, 18)
    grouped = [row["omraade"] for row in rows("noegletal_omraade") if row["grupperinger"]]
    assert {spent_on[area] for area in (*grouped, "Støtte og pasning")} == {None}
