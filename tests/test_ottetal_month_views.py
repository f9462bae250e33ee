"""Which months OE01–OE05 and OE04 are about, each view by itself: the first and the last month that a payment can be for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.alone import alone, beside

YEAR = 2020 * 12
CALENDAR = [
    {"mdr": YEAR + m, "maaned": f"2020-{m:02d}", "fra": date(2020, m, 1), "periode": f"2020K{(m + 2) // 3}"}
    for m in range(1, 13)
] + [{"mdr": YEAR + 13, "maaned": "2021-01", "fra": date(2021, 1, 1), "periode": None}]
UNPAID = {"cpr": "A", "dst_kode": "1.4", "mdr": YEAR + 1}
#: Another person and another code, that a row must not be taken from.
STRANGE = {"cpr": "X", "dst_kode": "1.1"}


def month(m: int, dage: int = 0, netto: int = 0, cpr: str = "A", code: str = "1.4", **more: Any) -> dict[str, Any]:
    return {
        "cpr": cpr, "dst_kode": code, "mdr": YEAR + m, "dage": dage, "netto": netto, "betaling": netto,
        "forloeb_noegle": 9 * 10**10 + m, "postering_noegle": 8 * 10**10 + m, **more,
    }  # fmt: skip


class TestUnpaid:
    def unpaid(
        self,
        *months: dict[str, Any],
        n: int = 1,
        ahead: int = 0,
        lag: int = 2,
        first: int | None = None,
        last: int = YEAR + 24,
    ) -> list[int]:
        """The months of 2020 in which Anna is active and unpaid."""
        rows = alone(
            "ottetal", "oe_ubetalt", "mdr - 24240",
            {"efterslip_maaneder": lag}, oe_maaned=list(months), kalendermaaned=CALENDAR,
            masterkode=[{"dst_kode": "1.4", "n": n, "forud": ahead}, {"dst_kode": "1.1", "n": 12,
            "forud": 12}],
            oe_daekning=[{"foerste_mdr": first, "sidste_mdr": last}],
        )  # fmt: skip
        return [m for (m,) in rows]

    @pytest.mark.parametrize(
        ("paid", "n", "ahead", "unpaid"),
        [(5, 1, 0, True), (6, 1, 0, False), (8, 1, 0, False), (9, 1, 0, True), (5, 1, 1, False), (4, 1, 1, True),
         (10, 3, 0, False),
         (11, 3, 0, True), (3, 3, 3, False), (2, 3, 3, True)],
    )  # fmt: skip
    def test_a_payment_counts_from_the_months_ahead_to_the_lag_and_the_rest_of_the_rhythm(
        self, paid: int, n: int, ahead: int, unpaid: bool
    ) -> None:
        """Active in June; the lag is two months."""
        own = [month(6, 30), month(paid, 30 if paid == 6 else 0, 5)] if paid != 6 else [month(6, 30, 5)]
        assert (6 in self.unpaid(*own, n=n, ahead=ahead)) is unpaid

    def test_nobody_elses_payment_and_no_other_codes(self) -> None:
        assert self.unpaid(month(6, 30), month(6, 0, 5, cpr="B"), month(6, 0, 5, code="1.1")) == [6]

    def test_a_month_without_days_or_that_is_not_judged_is_not_unpaid(self) -> None:
        assert self.unpaid(month(6, 0), month(13, 31)) == []
        assert self.unpaid(month(6, 1)) == [6]

    @pytest.mark.parametrize(("first", "last", "lag", "judged"), [(YEAR + 6, YEAR + 8, 2, True), (YEAR + 7, YEAR + 8, 2, False),
                                                                  (None, YEAR + 7, 2, False),
                                                                  (None, YEAR + 6, 0, True)])  # fmt: skip
    def test_the_ledger_must_reach_over_the_month_and_its_lag(
        self, first: int | None, last: int, lag: int, judged: bool
    ) -> None:
        assert bool(self.unpaid(month(6, 30), first=first, last=last, lag=lag)) is judged


class TestRhythm:
    """``oe_i_rytme``: money in a month without an active day, where the period it is for has one."""

    def for_a_day(
        self, first: date, last: date, n: int = 3, ahead: int = 0, side: str = "oe", dage: int = 0, netto: int = 5
    ) -> bool:
        """Whether July's money is for somebody with these active days."""
        days = {"side": side, "cpr": "A", "dst_kode": "1.4", "fra": first, "til": last}
        return bool(
            alone(
                "ottetal",
                "oe_i_rytme",
                "mdr",
                oe_maaned=[month(7, dage, netto)],
                kalendermaaned=CALENDAR,
                masterkode=[{"dst_kode": "1.4", "n": n, "forud": ahead}, {"dst_kode": "1.1", "n": 12, "forud": 12}],
                spaend=[
                    *[days] * 2,
                    *beside({**days, "side": "oe", "fra": date(2020, 6, 1), "til": date(2020, 7, 1)}, **STRANGE),
                ],
            )
        )

    @pytest.mark.parametrize(
        ("first", "last", "n", "ahead", "there"),
        [
            (date(2020, 1, 1), date(2020, 5, 1), 3, 0, True), (date(2020, 1, 1), date(2020, 4, 30), 3, 0, False),
            (date(2020, 8, 1), date(2020, 9, 1), 3, 0, False), (date(2020, 10, 31), date(2020, 11, 1), 3, 3, True),
            (date(2020, 11, 1), date(2020, 11, 2), 3, 3, False), (date(2020, 8, 31), date(2020, 9, 1), 1, 1, True),
            (date(2020, 9, 1), date(2020, 9, 2), 1, 1, False), (date(2020, 1, 1), date(2020, 7, 31), 1, 0, False),
            (date(2019, 8, 1), date(2019, 8, 1), 12, 0, True), (date(2019, 7, 31), date(2019, 7, 31), 12, 0, False),
        ],
    )  # fmt: skip
    def test_the_period_is_the_rhythms_months_back_and_the_months_ahead(
        self, first: date, last: date, n: int, ahead: int, there: bool
    ) -> None:
        assert self.for_a_day(first, last, n, ahead) is there

    def test_only_paid_days_and_only_money_without_a_day(self) -> None:
        june = (date(2020, 6, 1), date(2020, 6, 30))
        assert self.for_a_day(*june)
        assert not self.for_a_day(*june, side="fagsystem")
        assert not self.for_a_day(*june, dage=1)
        assert not self.for_a_day(*june, netto=0)
        assert self.for_a_day(*june, netto=-5)


class TestWrongAccount:
    def named(
        self,
        netto: int = 5,
        dage: int = 0,
        unpaid: Sequence[tuple[str, str, int]] = (("A", "1.1", 7),),
        rhythm: bool = False,
    ) -> list[str]:
        """The other codes of July's money on 1.4."""
        rows = alone(
            "ottetal", "oe_forkert_konto", "rette_koder", oe_maaned=[month(7, dage, netto)],
            oe_ubetalt=[{"cpr": cpr, "dst_kode": code, "mdr": YEAR + m} for cpr, code, m in unpaid],
            oe_i_rytme=[{**UNPAID, "mdr": YEAR + 7 if rhythm else 1}, *beside({**UNPAID, "mdr": YEAR + 7}, **STRANGE)],
        )  # fmt: skip
        return [codes for (codes,) in rows]

    def test_the_codes_that_are_active_and_unpaid_in_the_month_by_name(self) -> None:
        assert self.named(unpaid=[("A", "1.8.1", 7), ("A", "1.1", 7)]) == ["1.1, 1.8.1"]

    @pytest.mark.parametrize("unpaid", [("B", "1.1", 7), ("A", "1.1", 6)])
    def test_another_person_or_month_is_not_it(self, unpaid: tuple[str, str, int]) -> None:
        assert self.named(unpaid=[unpaid]) == []

    def test_money_with_an_active_day_or_in_its_rhythm_or_a_repayment_is_not_wrong(self) -> None:
        assert self.named() == self.named(netto=1) == ["1.1"]
        assert self.named(dage=1) == self.named(rhythm=True) == self.named(netto=-5) == self.named(netto=0) == []


class TestJudged:
    """``oe_dom``: what is known of a month with money or days only."""

    def judged(
        self, one: dict[str, Any], last: date | None = None, n: int = 1, lag: int = 2, **said: Any
    ) -> dict[str, Any]:
        other = {**UNPAID, "mdr": 1}
        here = {**UNPAID, "mdr": one["mdr"]}
        strangers = beside(here, **STRANGE)
        names = (
            "ubetalt", "paa_anden_konto", "i_rytme", "rytme_fundet", "efter_ophoer", "dage_efter", "inden_for_efterslip",
            "rette_koder",
            "forloeb_fil", "forloeb_raekke", "postering_fil", "postering_raekke",
        )  # fmt: skip
        stretch = {"side": "oe", "cpr": "A", "dst_kode": "1.4", "til": last or date(2000, 1, 1)}
        rows = alone(
            "ottetal", "oe_dom", ", ".join(names), {"efterslip_maaneder": lag}, oe_maaned=[one], kalendermaaned=CALENDAR,
            masterkode=[{"dst_kode": "1.4", "n": n}, {"dst_kode": "1.1", "n": 12}],
            oe_rytme=[{"dst_kode": "1.1"}, *([{"dst_kode": "1.4"}] if said.get("found") else [])],
            oe_i_rytme=[here if said.get("rhythm") else other, *strangers],
            oe_ubetalt=[here if said.get("unpaid") else other, *strangers],
            oe_forkert_konto=[
                {**(here if said.get("wrong") else other), "rette_koder": "1.1"},
                {**(here if said.get("elsewhere") else other), "dst_kode": "1.8.1", "rette_koder": "1.4"},
                {**here, "cpr": "X", "rette_koder": "1.3"}, {**other, "dst_kode": "1.1", "rette_koder": "1.3"},
            ],
            spaend=[
                *([stretch, {**stretch, "til": date(1999, 1, 1)}] if last else []),
                *beside({**stretch, "til": date(2020, 6, 30)}, side="flis", **STRANGE),
            ],
            kildefil=[{"nr": 9, "fil": "a.csv"}, {"nr": 8, "fil": "b.csv"}, {"nr": 7, "fil": "c.csv"}],
        )  # fmt: skip
        return dict(zip(names, rows[0], strict=True)) if rows else {}

    @pytest.mark.parametrize(
        ("dage", "netto", "betaling", "there"),
        [
            (0, 5, 5, True),
            (0, -5, -5, True),
            (0, 0, 0, False),
            (3, 0, 0, True),
            (3, 5, 5, False),
            (3, 0, 5, False),
            (0, 0, 5, False),
        ],
    )
    def test_months_with_money_or_days_only_are_there(self, dage: int, netto: int, betaling: int, there: bool) -> None:
        assert bool(self.judged(month(7, dage, netto, betaling=betaling))) is there

    @pytest.mark.parametrize(
        ("last", "after", "days", "within"),
        [
            (None, False, None, False), (date(2020, 6, 30), True, 1, True), (date(2020, 7, 1), False, 0, True),
            (date(2020, 5, 1), True, 61, True),
            (date(2020, 4, 30), True, 62, False), (date(2020, 12, 31), False, -183, True),
        ],
    )  # fmt: skip
    def test_july_is_after_the_last_active_day_and_within_the_lag_of_its_month(
        self, last: date | None, after: bool, days: int | None, within: bool
    ) -> None:
        told = self.judged(month(7, 0, 5), last)
        assert (told["efter_ophoer"], told["dage_efter"], told["inden_for_efterslip"]) == (after, days, within)

    def test_the_lag_is_longer_by_the_rest_of_the_rhythm_and_as_it_is_configured(self) -> None:
        assert self.judged(month(7, 0, 5), date(2020, 3, 1), n=3)["inden_for_efterslip"]
        assert not self.judged(month(7, 0, 5), date(2020, 2, 29), n=3)["inden_for_efterslip"]
        assert not self.judged(month(7, 0, 5), date(2020, 6, 30), lag=0)["inden_for_efterslip"]

    @pytest.mark.parametrize(
        ("said", "column"),
        [("unpaid", "ubetalt"), ("rhythm", "i_rytme"), ("found", "rytme_fundet"), ("wrong", "rette_koder")],
    )
    def test_what_the_other_views_say_of_the_month(self, said: str, column: str) -> None:
        marked: dict[str, Any] = {said: True}
        assert self.judged(month(7, 0, 5), **marked)[column]
        assert not self.judged(month(7, 0, 5))[column]

    def test_a_payment_on_another_codes_account_is_said_of_an_unpaid_month_only(self) -> None:
        assert self.judged(month(7, 3), unpaid=True, elsewhere=True)["paa_anden_konto"]
        assert not self.judged(month(7, 3), elsewhere=True)["paa_anden_konto"]
        assert not self.judged(month(7, 3), unpaid=True)["paa_anden_konto"]

    def test_the_first_rows_behind_the_month(self) -> None:
        told = self.judged(month(7, 0, 5))
        assert [told[k] for k in ("forloeb_fil", "forloeb_raekke", "postering_fil", "postering_raekke")] == [
            "a.csv",
            7,
            "b.csv",
            7,
        ]


class TestGroup:
    """``oe_konto``: money on an account that is for another målgruppe than an active course's."""

    def hits(self, courses: Sequence[tuple[str, int, int, int]], **row: Any) -> list[tuple[Any, ...]]:
        """What is said of July; courses are målgruppe, first and last month, and whether it fits."""
        money = {
            "cpr": "A", "dst_kode": "1.4", "konto": "538581002", "mdr": YEAR + 7, "netto": Decimal("5.00"),
            "noegle": 10**10 + 4,
            "valgt": 1, "rammestyret": 0, **row,
        }  # fmt: skip
        return alone(
            "ottetal", "oe_konto",
            "registreret, passer, kontotekst, kontoens, raekke", netto_konto_kode=[money], kalendermaaned=CALENDAR,
            maalgruppe_forloeb=[
                {"cpr": "A", "dst_kode": "1.4", "konto": "538581002", "maalgruppe": group, "niveauer": "1.1", "passer": fits,
                 "fra_mdr": YEAR + first, "til_mdr": YEAR + last}
                for group, first, last, fits in courses
            ] + [
                {**row, "passer": fits, "maalgruppe": "9", "niveauer": "0", "fra_mdr": YEAR, "til_mdr": YEAR + 12}
                for row in beside({"cpr": "A", "dst_kode": "1.4", "konto": "538581002"}, **STRANGE, konto="538581001")
                for fits in (0, 1)
            ],
            kildefil=[{"nr": 1, "fil": "a.csv"}, {"nr": 2, "fil": "b.csv"}],
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("first", "last", "hit"), [(7, 7, True), (1, 7, True), (7, 12, True), (1, 6, False), (8, 12, False)]
    )
    def test_a_course_that_is_active_in_the_month(self, first: int, last: int, hit: bool) -> None:
        assert self.hits([("2", first, last, 0)]) == ([("2", False, "5.38.58-1-002", "1.1", 4)] if hit else [])

    def test_another_active_course_may_fit_and_one_that_is_not_active_does_not_help(self) -> None:
        assert [row[:2] for row in self.hits([("2", 1, 12, 0), ("1.1", 7, 7, 1)])] == [("2", True)]
        assert [row[:2] for row in self.hits([("2", 1, 12, 0), ("1.1", 1, 6, 1)])] == [("2", False)]
        assert [row[:2] for row in self.hits([("2", 1, 12, 0), ("1.1", 8, 12, 1)])] == [("2", False)]

    def test_groups_are_named_once_in_order(self) -> None:
        assert self.hits([("3", 1, 12, 0), ("2", 1, 12, 0), ("2", 1, 12, 0)])[0][0] == "2|3"

    @pytest.mark.parametrize("row", [{"netto": Decimal(0)}, {"valgt": 0}, {"rammestyret": 1}, {"mdr": YEAR + 13}])
    def test_money_that_counts_nowhere_is_not_judged(self, row: dict[str, Any]) -> None:
        assert self.hits([("2", 1, 13, 0)], **row) == []
