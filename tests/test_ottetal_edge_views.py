"""Who stands on one side of an edge only, and what can be the reason, each view by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from support.alone import alone, beside

FIRST, LAST = date(2020, 7, 1), date(2020, 9, 30)
QUARTER = {"periode": "2020K3", "fra": FIRST, "til": LAST}
JULY = 2020 * 12 + 7
ALL = {"har_fagsystem": True, "har_flis": True, "har_ledger_cpr": True}


def counted(
    cpr: str | None, own: int | None, payer: int | None, flis: int | None, netto: int | None, **more: Any
) -> dict[str, Any]:
    """What each side counts of a person on 1.4; the rows behind are 1 (own), 2 (payer), 3 (FLIS) and 4 (posting)."""
    return {
        "dst_kode": "1.4", "periode": "2020K3", "cpr": cpr, "fagsystem_dage": own, "betaler_dage": payer, "flis_dage": flis,
        "netto": netto, "kun_ramme": 0 if netto is not None else None, "fagsystem_noegle": 1 if own else None,
        "betaler_noegle": 2 if payer else None, "flis_noegle": 3 if flis else None,
        "postering_noegle": 4 if netto is not None else None, **more,
    }  # fmt: skip


def one_sided(
    *rows: dict[str, Any], given: Mapping[str, Any] = ALL, whole: int = 0, known: int = 1, spoken: bool = True
) -> list[tuple[Any, ...]]:
    """kant, side, cpr, dage, netto, noegle and kun_ramme."""
    everyone = counted("alle", 5, 5, 5, 5)
    return alone(
        "ottetal", "ensidig", "kant, side, cpr, dage, netto, noegle, kun_ramme", given, borger_kvartal=[*rows, everyone],
        periode=[QUARTER, {**QUARTER, "periode": "2020K4"}],
        masterkode=[{"dst_kode": "1.4", "helt": whole, "kendt": known}, {"dst_kode": "1.1", "helt": 0, "kendt": 1}],
        oe_talt=[{"dst_kode": "1.4", "periode": "2020K3" if spoken else "2020K2"}, {"dst_kode": "1.1", "periode": "2020K3"}],
    )  # fmt: skip


class TestOneSided:
    @pytest.mark.parametrize(
        ("row", "found"),
        [
            (counted("A", 5, 5, 5, 0), []),  # a net of 0 is a posting all the same
            (counted("A", 5, 5, 5, None), [("oekonomi", "fagsystem", "A", 5, None, 2, 0)]),
            (counted("A", None, None, None, 7), [("oekonomi", "oekonomi", "A", None, 7, 4, 0)]),
            (counted("A", None, None, None, 7, kun_ramme=1), [("oekonomi", "oekonomi", "A", None, 7, 4, 1)]),
            (counted("A", 5, None, 5, None), [("krydset", "handlekommune", "A", 5, None, 1, 0)]),
            (counted("A", None, 6, None, 7), [("krydset", "betalingskommune", "A", 6, None, 2, 0)]),
            (counted("A", 5, 5, None, 7), [("flis", "fagsystem", "A", 5, None, 1, 0)]),
            (counted("A", None, None, 8, None), [("flis", "flis", "A", 8, None, 3, 0)]),
            (counted(None, None, None, None, 7), []),
        ],
    )  # fmt: skip
    def test_each_edge_has_those_whom_only_one_of_its_ends_counts(
        self, row: dict[str, Any], found: list[tuple[Any, ...]]
    ) -> None:
        assert one_sided(row) == found

    def test_an_edge_with_an_end_that_is_not_there_has_nobody(self) -> None:
        rows = [counted("A", 5, 5, None, None), counted("B", 5, None, 5, 7)]
        edges = {(name, row[0]) for name in ALL for row in one_sided(*rows, given={**ALL, name: False})}
        assert edges == {
            ("har_flis", "oekonomi"), ("har_flis", "krydset"), ("har_ledger_cpr", "krydset"), ("har_ledger_cpr", "flis"),
        }  # fmt: skip

    def test_a_code_that_is_rammestyret_as_a_whole_unknown_or_not_spoken_of(self) -> None:
        rows = [counted("A", 5, 5, None, None), counted("B", 5, None, 5, 7)]
        assert {row[0] for row in one_sided(*rows, whole=1)} == {"krydset", "flis"}
        assert {row[0] for row in one_sided(*rows, known=0)} == {"oekonomi"}
        assert {row[0] for row in one_sided(*rows, spoken=False)} == {"krydset", "flis"}


def course(kilde: str, first: date, last: date, egen: bool, egen_betaler: bool, code: str = "1.4") -> dict[str, Any]:
    return {
        "kilde": kilde, "cpr": "A", "dst_kode": code, "foerste_dag": first, "sidste_dag": last, "egen": egen,
        "egen_betaler": egen_betaler,
    }  # fmt: skip


class TestCourses:
    """fremmed_fagsystem, fremmed_flis, fremmed_betaler and egen_betaler of a one-sided person."""

    def told(self, *courses: dict[str, Any]) -> list[tuple[Any, ...]]:
        edge = {
            "kant": "flis",
            "dst_kode": "1.4",
            "periode": "2020K3",
            "side": "flis",
            "cpr": "A",
            "fra": FIRST,
            "til": LAST,
        }
        columns = "fremmed_fagsystem, fremmed_flis, fremmed_betaler, egen_betaler"
        return alone("ottetal", "ensidig_forloeb", columns, ensidig=[edge], forloeb=list(courses))

    @pytest.mark.parametrize(
        ("kilde", "own", "pays", "told"),
        [
            ("fagsystem", True, True, (0, 0, 0, 1)), ("fagsystem", False, False, (1, 0, 1, 0)),
            ("fagsystem", False, True, (1, 0, 0, 1)),
            ("fagsystem", True, False, (0, 0, 1, 0)), ("flis", True, True, (0, 0, 0, 0)), ("flis", False, False, (0, 1, 0, 0)),
        ],
    )  # fmt: skip
    def test_a_course_says_whose_it_is_and_who_pays(
        self, kilde: str, own: bool, pays: bool, told: tuple[int, ...]
    ) -> None:
        assert self.told(course(kilde, FIRST, LAST, own, pays)) == [told]

    def test_of_several_each_has_its_say(self) -> None:
        both = [course("fagsystem", FIRST, LAST, True, True), course("fagsystem", FIRST, LAST, False, False)]
        assert self.told(*both) == [(1, 0, 1, 1)]

    @pytest.mark.parametrize(
        ("first", "last", "there"),
        [
            (date(2020, 1, 1), FIRST, True), (date(2020, 1, 1), date(2020, 6, 30), False), (LAST, date(2021, 1, 1), True),
            (date(2020, 10, 1), date(2021, 1, 1), False), (date(2020, 8, 2), date(2020, 8, 1), False),
        ],
    )  # fmt: skip
    def test_only_a_course_with_a_day_in_the_quarter_is_asked(self, first: date, last: date, there: bool) -> None:
        assert bool(self.told(course("fagsystem", first, last, False, False))) is there

    def test_another_code_is_not_asked(self) -> None:
        assert self.told(course("fagsystem", FIRST, LAST, False, False, "1.1")) == []


class TestReasons:
    """befolkning, rammestyret, nettet_ud, delt_konto and rytme of one person at one end of an edge."""

    def reasons(
        self, kant: str, side: str, *, courses: Mapping[str, int] | None = None, foreign: bool = False, frame: int = 0,
        months: tuple[dict[str, Any], ...] = (), rhythm: bool = False, ahead: int = 0,
    ) -> list[str]:  # fmt: skip
        who = {"cpr": "A", "dst_kode": "1.4"}
        edge = {
            "kant": kant,
            "side": side,
            **who,
            **QUARTER,
            "kun_ramme": frame,
            "dage": 5,
            "netto": 1,
            "noegle": 2 * 10**10 + 9,
        }
        told = {"kant": kant, "side": side, **who, "periode": "2020K3", "fremmed_fagsystem": 0, "fremmed_flis": 0,
                "fremmed_betaler": 0, "egen_betaler": 0}  # fmt: skip
        month = {**who, "mdr": JULY, "netto": 0, "dage": 0, "betaling": 0}
        all_of_it = {**told, "fremmed_fagsystem": 1, "fremmed_flis": 1, "fremmed_betaler": 1, "egen_betaler": 1}
        foreigners = beside(all_of_it, kant="x", side="x", cpr="X", dst_kode="1.8.1", periode="2020K2")
        paid = beside({**month, "netto": 5, "dage": 5, "betaling": 5}, cpr="X", dst_kode="1.8.1")
        names = ("befolkning", "rammestyret", "nettet_ud", "delt_konto", "rytme")
        ((*found, fil, raekke),) = alone(
            "ottetal", "ensidig_aarsag", f"{', '.join(names)}, fil, raekke", ensidig=[edge],
            kildefil=[{"nr": 2, "fil": "b.csv"}, {"nr": 1, "fil": "a.csv"}],
            fremmed=[{"cpr": "A"}] if foreign else [{"cpr": "B"}],
            ensidig_forloeb=[*([{**told, **courses}] if courses is not None else []), *foreigners],
            oe_maaned=[*({**month, **each} for each in months), *paid, *({**row, "mdr": JULY - 1} for row in paid)],
            kalendermaaned=[{"mdr": JULY + n, "periode": "2020K3" if 0 <= n <= 2 else None} for n in range(-4, 4)],
            oe_i_rytme=[{**who, "mdr": JULY if rhythm else 1}, *beside({**who, "mdr": JULY}, cpr="X", dst_kode="1.8.1")],
            masterkode=[{"dst_kode": "1.4", "forud": ahead}, {"dst_kode": "1.8.1", "forud": 12}],
        )  # fmt: skip
        assert (fil, raekke) == ("b.csv", 9)
        return [name for name, holds in zip(names, found, strict=True) if holds]

    @pytest.mark.parametrize(
        ("kant", "side", "courses", "reasons"),
        [
            ("flis", "fagsystem", {"fremmed_flis": 1}, ["befolkning"]), ("flis", "fagsystem", {"fremmed_fagsystem": 1}, []),
            ("flis", "flis", {"fremmed_fagsystem": 1}, ["befolkning"]), ("flis", "flis", {"fremmed_flis": 1}, []),
            ("flis", "flis", None, []), ("krydset", "handlekommune", {"egen_betaler": 0}, ["befolkning", "rammestyret"]),
            ("krydset", "handlekommune", {"egen_betaler": 1}, ["rammestyret"]),
            ("krydset", "handlekommune", None, ["befolkning", "rammestyret"]),
            ("krydset", "betalingskommune", None, ["befolkning"]),
            ("oekonomi", "oekonomi", {"fremmed_betaler": 1}, ["befolkning", "nettet_ud"]),
            ("oekonomi", "oekonomi", None, ["nettet_ud"]), ("oekonomi", "fagsystem", {"fremmed_betaler": 1}, []),
        ],
    )  # fmt: skip
    def test_the_population_of_each_side(
        self, kant: str, side: str, courses: Mapping[str, int] | None, reasons: list[str]
    ) -> None:
        assert self.reasons(kant, side, courses=courses) == reasons

    def test_a_person_of_another_kommune_in_the_ledger_is_the_population(self) -> None:
        assert self.reasons("oekonomi", "oekonomi", foreign=True) == ["befolkning", "nettet_ud"]
        assert self.reasons("oekonomi", "fagsystem", foreign=True) == []

    def test_postings_on_rammestyrede_accounts_only(self) -> None:
        assert self.reasons("oekonomi", "oekonomi", frame=1) == ["rammestyret", "nettet_ud"]

    @pytest.mark.parametrize(("netto", "cancelled"), [(0, True), (1, False), (-1, False)])
    def test_postings_that_net_to_nothing_in_every_month(self, netto: int, cancelled: bool) -> None:
        found = self.reasons("oekonomi", "oekonomi", months=({"netto": 0}, {"netto": netto, "mdr": JULY + 2}))
        assert ("nettet_ud" in found) is cancelled

    def test_another_quarters_money_says_nothing(self) -> None:
        for mdr in (JULY - 1, JULY + 3):
            assert self.reasons("oekonomi", "oekonomi", months=({"netto": 5, "mdr": mdr},)) == ["nettet_ud"]

    @pytest.mark.parametrize(
        ("dage", "betaling", "shared"), [(1, 1, True), (0, 1, False), (1, 0, False), (1, -1, True)]
    )
    def test_an_active_month_that_another_codes_money_pays(self, dage: int, betaling: int, shared: bool) -> None:
        found = self.reasons("oekonomi", "fagsystem", months=({"dage": dage, "betaling": betaling},))
        assert found == (["delt_konto"] if shared else [])

    def test_a_bill_whose_period_has_an_active_day(self) -> None:
        assert self.reasons("oekonomi", "oekonomi", months=({"netto": 5},), rhythm=True) == ["rytme"]
        assert self.reasons("oekonomi", "oekonomi", months=({"netto": 5, "mdr": JULY + 1},), rhythm=True) == []

    def test_several_bills_before_the_quarter_are_one_reason(self) -> None:
        months = ({"betaling": 5, "mdr": JULY - 1}, {"betaling": 5, "mdr": JULY - 2})
        assert self.reasons("oekonomi", "fagsystem", months=months, ahead=3) == ["rytme"]

    @pytest.mark.parametrize(
        ("before", "ahead", "billed"), [(1, 3, True), (3, 3, True), (4, 3, False), (1, 0, False), (0, 3, False)]
    )
    def test_a_bill_in_the_months_before_the_quarter_that_the_code_is_billed_ahead(
        self, before: int, ahead: int, billed: bool
    ) -> None:
        months = ({"betaling": 5, "mdr": JULY - before}, {"betaling": 0, "mdr": JULY - 2})
        found = self.reasons("oekonomi", "fagsystem", months=months, ahead=ahead)
        assert found == (["rytme"] if billed else [])
