"""What an amount is for, and the bridge in kroner: a month's cause is the first that holds, and amounts go in or out by sign."""

from __future__ import annotations

from typing import Any

import pytest
from support.alone import Rows, alone, beside, empty

JULY = 2020 * 12 + 7
WHO = {"cpr": "A", "dst_kode": "1.4", "mdr": JULY}
DOM = {
    **WHO, "rette_koder": "1.1", "paa_anden_konto": False, "i_rytme": False, "efter_ophoer": False, "rytme_fundet": False,
    "ubetalt": False,
}  # fmt: skip
#: What the rules say of another person, code or month.
STRANGERS = beside(
    {**DOM, "efter_ophoer": True, "ubetalt": True, "i_rytme": True}, cpr="X", dst_kode="1.8.1", mdr=JULY - 1
)
OUTSIDE = {"cpr": None, "dst_kode": "1.4", "periode": "2020K3", "netto": 5, "trin": "uden_cpr"}


def judged(**said: Any) -> dict[str, Any]:
    """What OE01–OE05 say of Anna's July; no other code is named unless told."""
    return {**DOM, "rette_koder": None, **said}


def paid_for(months: Rows, dom: Rows | None = None, outside: Rows | None = None) -> list[tuple[Any, ...]]:
    """aarsag, borgere and beloeb."""
    return alone(
        "ottetal", "oe_beloeb", "aarsag, borgere, beloeb", oe_maaned=months,
        kalendermaaned=[{"mdr": JULY, "periode": "2020K3"}, {"mdr": JULY + 1, "periode": "2020K3"}, {"mdr": 1,
        "periode": None}],
        oe_dom=[*(dom or []), *STRANGERS], oe_udenfor=outside or empty(**{**OUTSIDE, "cpr": "A"}),
    )  # fmt: skip


def month(netto: int = 7, dage: int = 0, bogfoert: int = 1, **more: Any) -> dict[str, Any]:
    return {**WHO, "netto": netto, "dage": dage, "bogfoert": bogfoert, **more}


class TestPaidFor:
    @pytest.mark.parametrize(
        ("dage", "said", "cause"),
        [
            (1, judged(rette_koder="1.1"), "aktiv_ydelse"), (0, judged(rette_koder="1.1", i_rytme=True), "forkert_konto"),
            (0, judged(i_rytme=True), "aktiv_ydelse"), (0, judged(i_rytme=True, efter_ophoer=True), "betaling_efter_ophoer"),
            (0, judged(efter_ophoer=True), "betaling_efter_ophoer"), (0, judged(), "betaling_uden_ydelse"),
            (0, None, "nettet_ud"),
        ],
    )  # fmt: skip
    def test_a_months_money_has_the_first_cause_that_holds(
        self, dage: int, said: dict[str, Any] | None, cause: str
    ) -> None:
        assert paid_for([month(dage=dage)], [said] if said else None) == [(cause, 1, 7)]

    def test_a_person_counts_once_for_a_cause_and_the_amounts_are_netted(self) -> None:
        rows = [
            month(7, 1),
            month(-2, 1, mdr=JULY + 1),
            month(9, 1, cpr="B"),
            month(4, 1, mdr=1),
            month(4, 1, bogfoert=0),
        ]
        assert paid_for(rows) == [("aktiv_ydelse", 2, 14)]

    def test_what_nobody_judges_is_apart_and_nobodys_money_has_no_person(self) -> None:
        outside = [
            OUTSIDE,
            {**OUTSIDE, "netto": 6},
            {**OUTSIDE, "cpr": "C", "trin": "mellemkommunale"},
            {**OUTSIDE, "cpr": "C", "trin": "rammestyret"},
        ]
        assert paid_for([month(7, 1)], outside=outside) == [
            ("aktiv_ydelse", 1, 7), ("befolkning", 1, 5), ("rammestyret", 1, 5), ("uden_cpr", 0, 11),
        ]  # fmt: skip


def forecast(**more: Any) -> dict[str, Any]:
    """A month of Anna's in øre: nothing is expected, and nothing is price, unless told."""
    row = {
        **WHO, "periode": "2020K3", "dage": 0, "betaling": 0, "delt": 0, "netto": 0, "forventet": 0, "pris": 0,
        "usaedvanlig": 0, **more,
    }  # fmt: skip
    return {**row, "afvigelse": row["netto"] - row["forventet"]}


def kroner(
    months: Rows, dom: Rows | None = None, *, n: int = 1, population: bool = False, missing: tuple[int, int] | None = None,
    outside: Rows | None = None,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """trin, borgere, til and fra."""
    edge = {
        "cpr": "A",
        "dst_kode": "1.4",
        "periode": "2020K3",
        "kant": "oekonomi",
        "side": "oekonomi",
        "befolkning": population,
    }
    lack = {
        "cpr": "A",
        "dst_kode": "1.4",
        "mangler": missing[0] if missing else 0,
        "graense": missing[1] if missing else 0,
    }
    return alone(
        "ottetal", "oe_kroner", "trin, borgere, til, fra", oe_forventet=months, oe_dom=[*(dom or []), *STRANGERS],
        ensidig_aarsag=[
            edge,
            *beside({**edge, "befolkning": True}, side="fagsystem", kant="flis", cpr="X", dst_kode="1.8.1", periode="2020K2"),
        ],
        masterkode=[{"dst_kode": "1.4", "n": n}, {"dst_kode": "1.8.1", "n": 12}],
        oe_faerre=[lack, *beside({**lack, "mangler": 9}, cpr="X", dst_kode="1.8.1")],
        oe_udenfor=outside or empty(**{**OUTSIDE, "cpr": "A"}),
    )  # fmt: skip


class TestKroner:
    @pytest.mark.parametrize(
        ("row", "said", "options", "step"),
        [
            ({}, judged(rette_koder="1.1"), {"population": True}, "mellemkommunale"),
            ({}, judged(rette_koder="1.1", i_rytme=True), {}, "forkert_konto"),
            ({}, judged(i_rytme=True, efter_ophoer=True), {}, "rytme"),
            ({}, judged(efter_ophoer=True), {}, "betaling_efter_ophoer"), ({}, judged(), {}, "betaling_uden_ydelse"),
            ({"dage": 5}, judged(paa_anden_konto=True, ubetalt=True), {"population": True}, "forkert_konto"),
            ({"dage": 5, "delt": 1}, judged(ubetalt=True), {}, "delt_konto"),
            ({"dage": 5, "betaling": 4, "netto": 0, "forventet": -9}, None, {}, "delt_konto"),
            ({"dage": 5}, judged(ubetalt=True), {"n": 3}, "rytme"),
            ({"dage": 5}, judged(ubetalt=True, rytme_fundet=True), {}, "rytme"),
            ({"dage": 5}, judged(ubetalt=True, i_rytme=True, efter_ophoer=True), {}, "ydelse_uden_betaling"),
            ({"dage": 5}, None, {"missing": (3, 2)}, "faerre_betalinger"),
            ({"dage": 5}, None, {"missing": (2, 2)}, "efterslip"),
            ({"dage": 5}, judged(), {}, "efterslip"),
        ],
    )  # fmt: skip
    def test_a_month_has_the_first_cause_that_holds(
        self, row: dict[str, Any], said: dict[str, Any] | None, options: dict[str, Any], step: str
    ) -> None:
        """Nine øre more than was expected."""
        months = [forecast(**{"netto": 9, **row})]
        found = {name: told for name, *told in kroner(months, [said] if said else None, **options)}
        assert found.pop(step) == [1, 9, 0]
        assert set(found) <= {"forventet"}

    def test_more_than_expected_goes_in_and_less_goes_out(self) -> None:
        """Anna 9 more, Bo 4 less and 1 more: one step with two persons."""
        months = [
            forecast(netto=9, dage=1, forventet=0),
            forecast(cpr="B", forventet=4, dage=1),
            forecast(cpr="B", netto=1, dage=1, mdr=JULY + 1),
        ]
        assert kroner(months) == [("efterslip", 2, 10, 4), ("forventet", 2, 4, 0)]

    def test_what_was_expected_is_of_active_months_by_its_sign(self) -> None:
        months = [
            forecast(dage=1, forventet=5, netto=5), forecast(dage=1, forventet=-3, netto=-3, mdr=JULY + 1),
            forecast(cpr="B", dage=0, netto=2, forventet=2),
        ]  # fmt: skip
        assert kroner(months) == [("forventet", 1, 5, 3)]

    def test_a_price_is_usual_or_unusual_and_the_rest_of_the_month_has_its_cause(self) -> None:
        """Paid 20, expected 8: 10 of the 12 are price, 2 are not."""
        usual = forecast(dage=1, netto=20, forventet=8, pris=10)
        assert kroner([usual]) == [("efterslip", 1, 2, 0), ("forventet", 1, 8, 0), ("pris", 1, 10, 0)]
        assert kroner([{**usual, "usaedvanlig": 1}]) == [
            ("efterslip", 1, 2, 0),
            ("forventet", 1, 8, 0),
            ("usaedvanlig_pris", 1, 10, 0),
        ]
        below = forecast(dage=1, netto=3, forventet=8, pris=-5)
        assert kroner([below]) == [("forventet", 1, 8, 0), ("pris", 1, 0, 5)]
        assert kroner([{**below, "usaedvanlig": 1}]) == [("forventet", 1, 8, 0), ("usaedvanlig_pris", 1, 0, 5)]

    def test_what_nobody_judges_is_in_oere_and_counts_no_person_without_a_cpr(self) -> None:
        outside = [OUTSIDE, {**OUTSIDE, "netto": -2}, {**OUTSIDE, "cpr": "C", "trin": "rammestyret"}]
        month_without = forecast(cpr="B", dage=1, netto=1, forventet=1)
        assert kroner([month_without], outside=outside) == [
            ("forventet", 1, 1, 0), ("rammestyret", 1, 500, 0), ("uden_cpr", 0, 500, 200),
        ]  # fmt: skip

    def test_a_month_as_it_was_expected_is_no_step(self) -> None:
        assert kroner([forecast(dage=0, netto=0)]) == []
