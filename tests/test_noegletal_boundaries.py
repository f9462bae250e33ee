"""Nøgletal at their limits: the last day that still counts and the first that does not, own payer and another's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from oracles.noegletal import at_the_edges
from support.ottetal import ledger_until
from support.worlds import world

from reconcile.controls import disponering, noegletal
from reconcile.domain.periods import Quarter
from reconcile.results.noegletal import INTERVALS

ANNE = "0101601111"
FIRST, LAST = date(2020, 4, 1), date(2020, 6, 30)
ACCOUNT = "538521001"
MASTER = [{"dst_kode": "1.8.2", "konto": ACCOUNT}]


def course(cpr: str = ANNE, start: date = FIRST, end: date | None = None, **more: Any) -> dict[str, Any]:
    return {"cpr": cpr, "dst_kode": "1.8.2", "start_dato": start, "slut_dato": end, **more}


def posting(day: date, amount: str = "100.00", **more: Any) -> dict[str, Any]:
    return {"cpr": ANNE, "konto": ACCOUNT, "beloeb": Decimal(amount), "bogfoert_dato": day, **more}


def run(courses: Sequence[dict[str, Any]], **tables: Any) -> dict[str, list[Any]]:
    with world({"fagsystem": courses, **tables}) as context:
        return {table.name: list(table.rows) for table in noegletal.run(context).tables}


def test_an_interval_of_days_ends_with_its_last_day() -> None:
    limits = (0, 90, 91, 180, 181, 365, 366, 730, 731, 1095, 1096, 5000)
    courses = [course(f"0101{n:06d}", LAST - timedelta(days)) for n, days in enumerate(limits)]
    found = {(r.interval, r.ydelser, r.borgere) for r in run(courses)["varighed"] if r.periode == "2020K2"}
    assert found == {(interval, 2, 2) for interval in INTERVALS}


#: Who pays (betalingskommune, handlekommune), and whether the person is an own one of the tilbud.
_PAYERS = [
    ("665", None, True), (None, None, True), ("665", "101", True), (None, "665", True),
    ("101", None, False), ("101", "665", False), (None, "101", False),
]  # fmt: skip


def test_a_person_of_a_tilbud_is_own_where_the_own_kommune_pays_in_the_quarter() -> None:
    """A tilbud and a person for each payer; what is paid until the day before the quarter, or from the day after, is not."""
    courses = []
    for n, (payer, acting, _own) in enumerate(_PAYERS):
        here: dict[str, Any] = {"cpr": f"010160{n:04d}", "tilbud": f"Hus {n}"}
        courses += [
            course(**here, start=date(2020, 1, 1), end=FIRST - timedelta(1)), course(**here, start=LAST + timedelta(1)),
            course(**here, end=LAST, betalingskommune=payer, handlekommune=acting),
        ]  # fmt: skip
    tables = run(courses)
    found = {r.tilbud: (r.borgere, r.egne, r.udenbys, r.dage) for r in tables["tilbud"] if r.periode == "2020K2"}
    assert found == {f"Hus {n}": (1, int(own), int(not own), 91) for n, (_payer, _acting, own) in enumerate(_PAYERS)}
    (counted,) = [r.modtagere for r in tables["noegletal_vh"] if (r.kategori, r.periode) == ("I alt", "2020K2")]
    assert counted == sum(acting != "101" for _payer, acting, _own in _PAYERS)


def test_a_person_whom_the_own_kommune_pays_for_one_day_of_the_quarter_is_own() -> None:
    for first, last in ((date(2020, 1, 1), FIRST), (LAST, None)):
        courses = [
            course(end=LAST, tilbud="Søhuset", betalingskommune="101"),
            course(start=first, end=last, tilbud="Søhuset", betalingskommune="665"),
        ]
        rows = run(courses)["tilbud"]
        assert [(r.egne, r.udenbys) for r in rows if r.periode == "2020K2"] == [(1, 0)]


def test_places_count_from_their_first_day_to_their_last() -> None:
    spans = {
        "hele": (FIRST, LAST), "uden": (None, None), "sidste": (LAST, None), "første": (None, FIRST),
        "før": (None, FIRST - timedelta(1)), "efter": (LAST + timedelta(1), None), "én": (FIRST, FIRST),
        "vendt": (LAST, FIRST), "vendt om": (LAST + timedelta(1), FIRST - timedelta(1)),
    }  # fmt: skip
    courses = [course(tilbud=name, end=LAST) for name in spans]
    places = [
        {"tilbud": name, "pladser": Decimal(2), "fra": first, "til": last} for name, (first, last) in spans.items()
    ]
    found = {r.tilbud: r.pladsdage for r in run(courses, pladser=places)["tilbud"] if r.periode == "2020K2"}
    assert found == {
        "hele": 182, "uden": 182, "sidste": 2, "første": 2, "én": 2, "før": None, "efter": None,
        "vendt": None, "vendt om": None,
    }  # fmt: skip


def test_a_month_is_judged_from_the_ledgers_first_to_the_last_whose_lag_is_over() -> None:
    """The ledger speaks from January of its first booking's year, and two months before its last booking at the latest."""
    granted = {"cpr": ANNE, "konto": ACCOUNT, "takst": Decimal(100), "enhed": "dag", "fra": date(2019, 1, 1)}
    tables = {
        "fagsystem": [course(start=date(2019, 1, 1))], "masteroversigt": MASTER, "disponering": [granted],
        "oekonomi": [posting(date(2020, 5, 1), cpr=None), ledger_until("2020-10")],
    }  # fmt: skip
    with world(tables, periods="2019K4:2020K4") as context:
        (rows,) = [t.rows for t in disponering.run(context).tables if t.name == "disponering_maaned"]
    assert {r.maaned: r.status for r in rows} == {
        **{f"2019-{month}": "ikke_afgjort" for month in (10, 11, 12)},
        **{f"2020-{month:02d}": "ikke_betalt" for month in range(1, 9)},
        **{f"2020-{month:02d}": "ikke_afgjort" for month in range(9, 13)},
    }


def test_a_ledger_of_one_month_does_not_show_where_it_begins() -> None:
    granted = {"cpr": ANNE, "konto": ACCOUNT, "takst": Decimal(100), "enhed": "dag", "fra": date(2019, 12, 1)}
    tables = {
        "fagsystem": [course(start=date(2019, 1, 1))], "masteroversigt": MASTER, "disponering": [granted],
        "oekonomi": [ledger_until("2020-10")],
    }  # fmt: skip
    with world(tables, periods="2019K4:2020K1") as context:
        (rows,) = [t.rows for t in disponering.run(context).tables if t.name == "disponering_maaned"]
    assert {r.status for r in rows if r.disponeret} == {"ikke_betalt"}


def test_the_draft_and_the_price_have_the_days_that_the_own_kommune_pays_for() -> None:
    courses, postings, expected = [], [], {}
    for n, (payer, acting, own) in enumerate(_PAYERS):
        cpr, march = f"010160{n:04d}", {"betalingskommune": payer, "handlekommune": acting}
        courses += [
            course(cpr, date(2020, 1, 1), date(2020, 1, 31)),
            course(cpr, date(2020, 3, 1), date(2020, 3, 31), **march),
        ]
        postings.append(posting(date(2020, 2, 1), cpr=cpr))
        expected[f"P-{cpr[::-1]}"] = (date(2020, 3, 31), 62) if own else (date(2020, 1, 31), 31)
    tables = run(courses, oekonomi=postings, masteroversigt=MASTER)
    assert {r.borger: (r.til, r.dage) for r in tables["enkeltudgift"]} == expected
    assert {r.fra for r in tables["enkeltudgift"]} == {date(2020, 1, 1)}
    days = sum(days for _last, days in expected.values())
    found = {r.periode: r.helaarsmodtagere for r in tables["pris"]}
    assert (found["2020K1"], found["2020"]) == (round(Decimal(days) / 91, 4), round(Decimal(days) / 366, 4))


def test_money_counts_in_the_period_that_its_day_lies_in() -> None:
    days = [edge + timedelta(n) for edge in (FIRST, LAST) for n in (-1, 0, 1)]
    tables = run([], oekonomi=[posting(day, f"{10**n}.00") for n, day in enumerate(days)], masteroversigt=MASTER)
    spent = {r.periode: r.forbrug for r in tables["noegletal_vh"] if r.niveau == "dst_kode" and r.forbrug}
    told = {r.periode: r.beloeb for r in tables["pris"]}
    assert {period: spent[period] for period in ("2020K1", "2020K2", "2020K3")} == {
        "2020K1": 1, "2020K2": 11_110, "2020K3": 100_000,
    }  # fmt: skip
    assert told == {period: spent[period] for period in told}
    assert {"2020K2", "2020"} <= set(told)


def test_the_ydelsesperiode_goes_before_the_booking() -> None:
    tables = run([], oekonomi=[posting(date(2020, 7, 5), ydelsesperiode=date(2020, 6, 1))], masteroversigt=MASTER)
    spent = {
        r.periode: r.forbrug for r in tables["noegletal_vh"] if (r.niveau, r.periodetype) == ("dst_kode", "maaned")
    }
    assert {period for period, amount in spent.items() if amount} == {"2020-06"}
    assert {r.periode for r in tables["pris"] if r.beloeb} == {"2020", "2020K2"}
    (row,) = tables["enkeltudgift"]
    assert row.beloeb == 100


def test_a_year_is_that_of_its_own_first_and_last_day() -> None:
    """Two persons with money and days on either side of a new year stand in the year that the day lies in."""
    edge = date(2020, 12, 31)
    courses = [course(start=edge, end=edge), course("0203702222", edge + timedelta(1))]
    ledger = [posting(edge), posting(edge + timedelta(1), "7.00"), posting(date(2020, 1, 1), "20.00")]
    (row,) = run(courses, oekonomi=ledger, masteroversigt=MASTER)["enkeltudgift"]
    assert (row.aar, row.beloeb, row.fra, row.til, row.dage) == ("2020", 120, edge, edge, 1)


def test_whoever_comes_leaves_or_is_there_between_is_counted_once() -> None:
    """Whoever comes, leaves, or is there between: primo + tilgang − afgang = ultimo, and nobody is in two of them."""
    rows = run(
        [course(**{**one, "start": one.pop("start_dato"), "end": one.pop("slut_dato")}) for one in _edge_people()]
    )
    (row,) = [r for r in rows["flow"] if (r.niveau, r.periode) == ("alle", "2020K2")]
    assert row.primo + row.tilgang - row.afgang == row.ultimo
    (count,) = [r for r in rows["noegletal_vh"] if (r.niveau, r.periode) == ("alle", "2020K2")]
    # those who were there on the day before alone are in primo and afgang, and in no day of the quarter
    before = sum(one["slut_dato"] == FIRST - timedelta(1) for one in _edge_people())
    assert row.primo + row.tilgang + row.ind_og_ud - before == count.modtagere


def _edge_people() -> list[dict[str, Any]]:
    return at_the_edges(Quarter(2020, 2))
