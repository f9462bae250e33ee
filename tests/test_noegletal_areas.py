"""What the key figures are made of, area by area: spending, days, inhabitants' recipients and FFB names, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.worlds import world

from reconcile.controls import noegletal

ANNE, BENT, CARL, DORA = "0101601111", "0203702222", "3112803334", "1506904445"


def d(text: str) -> Decimal:
    return Decimal(text)


def booked(account: str, amount: str, day: str, **more: Any) -> dict[str, Any]:
    return {"konto": account, "beloeb": d(amount), "bogfoert_dato": date.fromisoformat(day), **more}


def course(cpr: str, code: str, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    last = None if end is None else date.fromisoformat(end)
    return {"cpr": cpr, "dst_kode": code, "start_dato": date.fromisoformat(start), "slut_dato": last, **more}


#: 2020 has a posting in every month, if only one that says December of its ydelsesperiode; 2019 lacks August.
LEDGER = [
    *(booked("538401001", "0.01", f"2020-{month:02d}-15") for month in range(1, 12)),
    booked("538401001", "0.01", "2021-01-05", ydelsesperiode=date(2020, 12, 1)),
    *(booked("538521001", "1000.00", f"2019-{month:02d}-15") for month in range(1, 13) if month != 8),
    booked("538521001", "1000.00", "2019-09-20"),
    booked("538521001", "100.00", "2020-02-29"),
    booked("538521009", "20.00", "2020-12-31"),
    booked("538521001", "-3.00", "2020-01-01"),
    booked("538522001", "-400.00", "2020-05-01"),  # dranst 2: in everything, in no area
    booked("538523001", "9000.00", "2020-05-01"),  # dranst 3: in nothing
    booked("538391002", "7.00", "2020-05-01"),
    *(booked(f"53839100{group}", "50.00", "2020-05-01") for group in (3, 4, 5)),
    booked("538391001", "5000.00", "2020-05-01"),  # another gruppering of 5.38.39
    booked("542521001", "70000.00", "2020-05-01"),  # another funktion
]
ACCOUNTS = [
    {"kommune": "101", "periode": "2020", "konto": "538521000", "beloeb": d("10.00")},
    {"kommune": "101", "periode": "2020", "konto": "538522000", "beloeb": d("-4.00")},
    {"kommune": "101", "periode": "2019", "konto": "538501000", "beloeb": d("30.00")},
]


def hand01(kommune: str | None, code: str, *counts: str | None, year: int = 2020) -> list[dict[str, Any]]:
    return [
        {"kommune": kommune, "dst_kode": code, "periode": f"{year}K{n}", "antal": None if c is None else d(c)}
        for n, c in enumerate(counts, start=1)
    ]


PUBLISHED = [
    *hand01("101", "1.8.2", "91", "91", "92", "92"),
    *hand01("101", "1.8.2", "1", "1", "1", "1"),  # a figure that stands twice counts once, the larger one
    *hand01("101", "1.8.1", "5", "5", "5"),  # three quarters
    *hand01("101", "1.4", "5", "5", "5", None),
    *hand01(None, "1.1", "2.5", "2.5", "2.5", "2.5"),
    *hand01("147", "1.8.2", "4", "4", "4", "4", year=2021),
]
RECIPIENTS = [
    {"kommune": k, "dst_kode": code, "periode": period, "antal": None if count is None else Decimal(count)}
    for k, code, period, count in (
        ("101", "1.8.2", "2020K3", 7), ("101", "1.8.2", "2020K3", 9), ("101", "1.8.2", "2020K4", 99), (None, "1.1", "2020K3", 3),
        ("101", "1.4", "2020K3", None), ("101", "1.3", "2020K3", 5), ("101", "1.8.2", "2019K3", 4),
    )
]  # fmt: skip
#: Botilbud and § 85: Anne all of January and February in three overlapping ways, and in April.
COURSES = [
    course(ANNE, "1.8.2", "2020-01-01", "2020-01-31"), course(ANNE, "1.8.1", "2020-01-20", "2020-02-10"),
    course(ANNE, "1.12.0.2", "2020-02-01", "2020-02-29"), course(ANNE, "1.8.2", "2020-01-10", "2020-01-12"),
    course(ANNE, "1.8.1", "2020-04-01", "2020-04-30"), course(ANNE, "1.1", "2020-05-01", "2020-05-31"),
    course(BENT, "1.12.0.1", "2019-12-01", "2020-01-01"), course(BENT, "1.13.2", "2020-06-01", "2020-06-30"),
    course(CARL, "1.8.2", "2020-12-31"), course(DORA, "1.8.2", "2021-01-01"),
]  # fmt: skip


@dataclass(frozen=True)
class Made:
    """The rows of the views, and of the tables."""

    spending: Mapping[tuple[str, str, str, str], Decimal]
    full: Mapping[tuple[str, str, str, str], tuple[Decimal, int]]
    recipients: Mapping[tuple[str, str, str], int]
    supported: Mapping[str, tuple[int, int]]
    tables: Mapping[str, list[Any]]


@pytest.fixture(scope="module")
def made() -> Iterator[Made]:
    inhabitants = [{"kommune": "665", "periode": "2020K3", "alder": "18-64", "antal": Decimal(1000)}]
    sources: dict[str, Any] = {
        "fagsystem": COURSES,
        "oekonomi": LEDGER,
        "regnskab": ACCOUNTS,
        "hand01": PUBLISHED,
        "hand07": RECIPIENTS,
        "befolkning": inhabitants,
    }
    with world(sources) as context:
        tables = {table.name: list(table.rows) for table in noegletal.run(context).tables}
        rows = context.engine.rows
        yield Made(
            {
                tuple(key): amount
                for *key, amount in rows("SELECT kilde, kommune, aar, omraade, beloeb FROM omraade_udgift")
            },
            {
                tuple(key): (days, n)
                for *key, days, n in rows("SELECT kilde, kommune, aar, omraade, dage, laengde FROM omraade_fuldtid")
            },
            {tuple(key): n for *key, n in rows("SELECT kommune, aar, omraade, antal FROM omraade_modtagere")},
            {year: (length, days) for year, length, days in rows("SELECT aar, laengde, dage FROM botilbud_dage")},
            tables,
        )


def test_an_area_has_the_net_of_its_accounts_of_drift_in_a_year_the_ledger_has_whole(made: Made) -> None:
    own = {(year, area): amount for (source, _k, year, area), amount in made.spending.items() if source == "oekonomi"}
    assert {year for year, _area in own} == {"2020"}
    assert own == {
        ("2020", "SEL § 107"): d("117.00"), ("2020", "BPA-ordning"): d("7.00"), ("2020", "SEL § 85"): d("150.00"),
        # 0,12 on 5.38.40, 117 and −400 on 5.38.52, 7 + 150 + 5.000 on 5.38.39
        ("2020", "I alt"): d("4874.12"),
    }  # fmt: skip


def test_a_published_account_counts_in_its_own_year_whatever_months_there_are(made: Made) -> None:
    theirs = {key[1:]: amount for key, amount in made.spending.items() if key[0] == "regnskab"}
    assert theirs == {
        ("101", "2020", "SEL § 107"): d("10.00"), ("101", "2020", "I alt"): d("6.00"),
        ("101", "2019", "SEL § 108"): d("30.00"), ("101", "2019", "I alt"): d("30.00"),
    }  # fmt: skip


def test_the_published_days_of_a_year_are_those_of_its_four_quarters(made: Made) -> None:
    theirs = {key[1:]: value for key, value in made.full.items() if key[0] == "hand01"}
    assert theirs == {
        ("101", "2020", "SEL § 107"): (91 * 91 * 2 + 92 * 92 * 2, 366), ("665", "2020", "SEL § 104"): (d("915.0"), 366),
        ("147", "2021", "SEL § 107"): (4 * 365, 365),
    }  # fmt: skip


def test_the_own_days_are_those_of_each_area(made: Made) -> None:
    own = {
        area: value
        for (source, kommune, _year, area), value in made.full.items()
        if (source, kommune) == ("egne", "665")
    }
    assert own == {
        "SEL § 107": (31 + 1, 366), "SEL § 108": (12 + 10 + 30, 366), "SEL § 85/ABL § 105": (1, 366), "SEL § 85": (29, 366),
        "SEL § 104": (31, 366), "BPA-ordning": (30, 366),
    }  # fmt: skip


def test_a_day_with_several_botilbud_or_support_is_one_day_of_the_person(made: Made) -> None:
    """Anne: January, February (60 days with 29 February) and April (30); Bent 1 January; Carl 31 December."""
    assert made.supported == {"2020": (366, 60 + 30 + 1 + 1)}


def test_the_recipients_of_a_year_are_those_of_the_chosen_quarter(made: Made) -> None:
    assert made.recipients == {
        ("101", "2020", "SEL § 107"): 9,
        ("665", "2020", "SEL § 104"): 3,
        ("101", "2019", "SEL § 107"): 4,
    }


def test_the_key_figures_are_made_of_them(made: Made) -> None:
    """1.000 inhabitants; 117 kr. on § 107, none on § 108 and 85/105, 150 on § 85; 92 of 366 days with support."""
    found = {r.nr: (r.beregnet_af, r.delt_med, r.vaerdi) for r in made.tables["flis_noegletal"]}
    assert found[1] == (d("267.00"), 1000, d("0.27"))
    assert found[4] == (d("117.00"), 1000, d("0.12"))
    assert found[5] == (d("4874.12"), 1000, d("4.87"))
    assert found[6] == (d("267.00"), d("0.2514"), d("1062.20"))  # 267 × 366 / 92
    assert found[8] == (d("0.0874"), 1000, d("0.09"))  # 32 of 366 days


# --- FFB ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ffb() -> Iterator[Mapping[str, list[Any]]]:
    sundhed, local, mobile = "Støtte til sundhed", "Noget lokalt", "Mobilt tilbud"
    courses = [
        course(ANNE, "1.8.2", "2020-01-01", "2020-03-31", ffb_ydelse=sundhed, ffb_tilbud=mobile),
        course(ANNE, "1.12.0.2", "2020-03-31", ffb_ydelse=local),
        course(BENT, "1.8.2", "2020-01-01", "2020-02-15", ffb_ydelse=sundhed),
        course(BENT, "1.8.2", "2020-02-16", ffb_ydelse=local),
        course(CARL, "1.8.2", "2020-01-01", "2020-02-15", ffb_ydelse=sundhed),
        course(CARL, "1.8.2", "2020-02-15", "2020-02-20", ffb_ydelse=local),
        course(DORA, "1.8.2", "2020-02-01", ffb_tilbud=mobile),
        course(DORA, "1.8.2", "2020-02-02", ffb_tilbud="Et andet sted"),
        course(DORA, "1.1", "2019-01-01", "2019-12-31", ffb_ydelse="Glemt"),
    ]
    with world({"fagsystem": courses}, periods="2020K1:2020K2") as context:
        yield {table.name: list(table.rows) for table in noegletal.run(context).tables}


def test_persons_are_counted_once_by_paragraf_name_and_in_all(ffb: Mapping[str, list[Any]]) -> None:
    found = {(r.lag, r.navn): (r.borgere, r.ydelser) for r in ffb["ffb"] if r.periode == "2020K1"}
    assert found == {
        ("paragraf", "SEL §107"): (4, 7),
        ("paragraf", "SEL §85"): (1, 1),
        ("paragraf", "I alt"): (4, 8),
        ("ydelse", "Støtte til sundhed"): (3, 3),
        ("ydelse", "Noget lokalt"): (3, 3),
        ("ydelse", ""): (1, 2),
        ("ydelse", "I alt"): (3, 6),
        ("tilbud", "Mobilt tilbud"): (2, 2),
        ("tilbud", "Et andet sted"): (1, 1),
        ("tilbud", ""): (3, 5),
        ("tilbud", "I alt"): (2, 3),
    }
    order = [r.navn for r in ffb["ffb"] if (r.lag, r.periode) == ("ydelse", "2020K1")]
    assert order == ["Noget lokalt", "Støtte til sundhed", "", "I alt"]


def test_two_names_on_one_day_are_an_overlap_and_on_two_days_none(ffb: Mapping[str, list[Any]]) -> None:
    found = {
        (r.lag, r.paragraf_a, r.navn_a, r.paragraf_b, r.navn_b): r.borgere
        for r in ffb["ffb_overlap"]
        if r.periode == "2020K1"
    }
    assert found == {
        ("paragraf", "SEL §107", "", "SEL §85", ""): 1,  # Anne on 31 March
        ("ydelse", "SEL §107", "Støtte til sundhed", "SEL §85", "Noget lokalt"): 1,
        ("tilbud", "SEL §107", "Mobilt tilbud", "SEL §85", ""): 1,
        (
            "ydelse",
            "SEL §107",
            "Noget lokalt",
            "SEL §107",
            "Støtte til sundhed",
        ): 1,  # Carl on 15 February; Bent's follow each other
        ("tilbud", "SEL §107", "Et andet sted", "SEL §107", "Mobilt tilbud"): 1,  # Dora
    }
    assert {r.lag for r in ffb["ffb_overlap"] if r.periode == "2020K2"} == {"tilbud"}


def test_coverage_counts_courses_by_what_they_have(ffb: Mapping[str, list[Any]]) -> None:
    found = {
        (r.kategori, r.periode): (r.ydelser, r.begge, r.kun_ydelse, r.kun_tilbud, r.ingen, r.andel)
        for r in ffb["ffb_daekning"]
    }
    assert found["I alt", "2020K1"] == (8, 1, 5, 2, 0, d("1.0000"))
    assert found["SEL §107", "2020K1"] == (7, 1, 4, 2, 0, d("1.0000"))
    assert found["SEL §85", "2020K1"] == (1, 0, 1, 0, 0, d("1.0000"))
    assert found["I alt", "2020K2"] == (4, 0, 2, 2, 0, d("1.0000"))


def test_a_text_that_is_in_no_catalogue_is_told_where_it_stands_in_the_period(ffb: Mapping[str, list[Any]]) -> None:
    assert [(r.lag, r.navn, r.ydelser, r.borgere) for r in ffb["ffb_ukendte"]] == [
        ("ydelse", "Noget lokalt", 3, 3), ("tilbud", "Et andet sted", 1, 1),
    ]  # fmt: skip
