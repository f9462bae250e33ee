"""What is remembered from run to run, at its limits: comparisons, acceptances, the list of runs and remarks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError
from support.runs import cell, finding, result

from reconcile.history.accepted import Acceptance, apply_accepted, last_day, open_in, says_why, sentences
from reconcile.history.since import CHANGED, NEW, OPEN, SOLVED, compare, judged, quarters_of, snapshot
from reconcile.results.cells import sealed
from reconcile.results.rows import Finding, RunResult, Severity

DAY = date(2020, 10, 6)


class TestSince:
    @pytest.mark.parametrize(
        ("period", "quarters"),
        [
            ("2020-01", "2020K1"), ("2020-03", "2020K1"), ("2020-04", "2020K2"), ("2020-12", "2020K4"),
            ("2020-U01", "2019K4 2020K1"),
            ("2020-U02", "2020K1"), ("2020-U13", "2020K1"), ("2020-U14", "2020K1 2020K2"), ("2020-U27", "2020K2 2020K3"),
            ("2020-U53", "2020K4 2021K1"),
            ("2021-U01", "2021K1"), ("2020K3", "2020K3"), ("2020", "2020"), ("", ""), (None, ""),
        ],
    )  # fmt: skip
    def test_a_month_lies_in_a_quarter_and_a_week_in_those_of_its_monday_and_sunday(
        self, period: str | None, quarters: str
    ) -> None:
        assert quarters_of(period) == set(quarters.split())

    @pytest.mark.parametrize(
        ("period", "quarters", "touched"),
        [(None, [], True), (None, ["2020K1"], True), ("2020K1", ["2020K1"], True), ("2020K1", [], False),
         ("2020-U14", ["2020K2"], True),
         ("2020-U14", ["2020K3"], False)],
    )  # fmt: skip
    def test_without_a_period_a_finding_touches_every_quarter(
        self, period: str | None, quarters: list[str], touched: bool
    ) -> None:
        assert judged(period, quarters) is touched

    def compared(self, before: RunResult, after: RunResult) -> Any:
        return compare(snapshot(before, "a"), snapshot(after, "b"))

    @pytest.mark.parametrize(
        ("old", "new", "changed"),
        [
            (5, 5, False), (5, Decimal("5.0"), False), (5, 6, True), (None, None, False), (None, 0, True), (Decimal("1.10"),
            Decimal("1.1"), False),
            ("a", "a", False), ("a", "b", True), (date(2020, 1, 1), date(2020, 1, 2), True),
        ],
    )  # fmt: skip
    def test_a_finding_is_changed_when_its_size_reads_otherwise(self, old: Any, new: Any, changed: bool) -> None:
        found = self.compared(result(findings=[finding(value=old)]), result(findings=[finding(value=new)]))
        assert [f.tilstand for f in found.findings] == ([CHANGED] if changed else [])
        assert (found.count(OPEN), found.count(NEW), found.count(SOLVED)) == (1, 0, 0)
        assert found.since[0].heraf_aendrede == int(changed)

    def test_another_severity_is_a_change(self) -> None:
        warned = finding(grade=Severity.WARNING)
        found = self.compared(result(findings=[finding()]), result(findings=[warned]))
        assert [(f.tilstand, f.foer, f.nu) for f in found.findings] == [(CHANGED, "5", "5")]

    def test_a_rule_that_only_one_run_had_is_apart_although_it_found_nothing_there(self) -> None:
        before = result(findings=[finding("VH05-1")], rules=["VH03", "VH05"])
        assert self.compared(before, result(rules=["VH03"])).apart == 1
        assert self.compared(before, result(rules=["VH03", "VH05"])).count(SOLVED) == 1

    def test_what_moved_comes_first(self) -> None:
        before = result(findings=[finding("VH03-1"), finding("VH05-1")])
        after = result(findings=[finding("VH03-1"), finding("VH05-2")])
        assert [(r.regel, r.nye, r.stadig_aabne, r.loeste) for r in self.compared(before, after).since] == [
            ("VH05", 1, 0, 1), ("VH03", 0, 1, 0),
        ]  # fmt: skip

    def test_figures_of_quarters_that_only_one_run_shows_did_not_move(self) -> None:
        before = result(cells=[cell(period="2020K2", dst=1, rest=1), cell(dst=1, rest=1)], periods=["2020K2", "2020K3"])
        after = result(cells=[cell(dst=3, rest=1)], periods=["2020K3"])
        moved = [(f.periode, f.tal, f.foer, f.nu, f.flyttet) for f in self.compared(before, after).figures]
        assert ("2020K3", "dst", 1, 3, 2) in moved
        assert {period for period, *_more in moved} == {"2020K3"}

    def test_nothing_new_is_nothing_changed(self) -> None:
        run = result(cells=[cell(dst=1, rest=1)], findings=[finding()])
        found = self.compared(run, run)
        assert (found.changed, found.figures, found.findings, found.apart) == (False, (), (), 0)


def acceptance(size: str = "5", until: date = DAY, **more: Any) -> Acceptance:
    known: dict[str, Any] = {
        "begrundelse": "kendt og meldt",
        "af": "JH",
        "oprettet": date(2020, 10, 1),
        "fund": {"VH03-1": size},
    }
    return Acceptance(indtil=until, **{**known, **more})


class TestAccepted:
    @pytest.mark.parametrize(
        ("text", "enough"),
        [
            ("kendt fejl meldt", True), ("abcdeabcde", True), ("abcdeabcd", False), ("abcdabcdab", False),
            ("aaaaaaaaaaaaa", False), ("AaBbCcDdEe", True),
            ("1234567890 abc", False), ("a b c d e f g h i j", True), ("æøåæøåæøåæbc", True), ("", False),
            ("ABABABABAB", False),
        ],
    )  # fmt: skip
    def test_a_reason_has_ten_letters_and_five_different_ones(self, text: str, enough: bool) -> None:
        assert says_why(text) is enough

    @pytest.mark.parametrize(
        ("made", "last"),
        [(date(2020, 10, 6), date(2022, 10, 6)), (date(2020, 2, 29), date(2022, 2, 28)), (date(2022, 2, 28), date(2024, 2, 28)),
         (date(2020, 12, 31), date(2022, 12, 31)), (date(2020, 2, 28), date(2022, 2, 28))],
    )  # fmt: skip
    def test_it_holds_for_two_years_at_most(self, made: date, last: date) -> None:
        assert last_day(made) == last
        acceptance(oprettet=made, until=last)
        with pytest.raises(ValidationError, match="too_long"):
            acceptance(oprettet=made, until=date.fromordinal(last.toordinal() + 1))

    @pytest.mark.parametrize(
        ("by", "fits"),
        [("JH", True), ("j", False), ("ABCDE", True), ("ABCDEF", False), ("J1", False), ("ÆØ", True), ("J H", False)],
    )
    def test_initials_are_two_to_five_letters(self, by: str, fits: bool) -> None:
        if fits:
            assert acceptance(af=by).af == by
        else:
            with pytest.raises(ValidationError, match="no_initials"):
                acceptance(af=by)

    def test_it_cannot_be_made_tomorrow(self) -> None:
        today = datetime.now().astimezone().date()
        acceptance(oprettet=today, until=today)
        with pytest.raises(ValidationError, match="not_yet"):
            acceptance(oprettet=date.fromordinal(today.toordinal() + 1), until=last_day(today))

    @pytest.mark.parametrize(
        ("until", "size", "state"),
        [
            (DAY, "5", "accepteret"), (date(2020, 10, 5), "5", "udløbet"), (DAY, "6", "ændret"), (date(2020, 10, 5),
            "6", "udløbet"), (DAY, sealed("5"), "accepteret"),
            (DAY, sealed("6"), "ændret"), (DAY, "5.0", "ændret"),
        ],
    )  # fmt: skip
    def test_it_holds_until_its_last_day_while_the_size_is_the_same(self, until: date, size: str, state: str) -> None:
        told = apply_accepted(result(findings=[finding()]), [acceptance(size, until)], DAY)
        (row,) = told.rows("accepterede")
        assert row.tilstand == state
        assert told.accepted == ({"VH03-1"} if state == "accepteret" else set())

    def test_a_finding_that_is_gone_is_said_with_what_the_acceptance_knew(self) -> None:
        told = apply_accepted(result(), [acceptance(kode="1.4", periode="2020K3")], DAY)
        (row,) = told.rows("accepterede")
        assert (row.tilstand, row.regel, row.dst_kode, row.periode, row.vaerdi) == (
            "ikke fundet",
            "VH03",
            "1.4",
            "2020K3",
            None,
        )
        assert told.accepted == set()

    def test_of_two_the_last_in_the_file_counts_and_it_is_said(self) -> None:
        told = apply_accepted(result(findings=[finding()]), [acceptance("5"), acceptance("9")], DAY)
        assert [row.tilstand for row in told.rows("accepterede")] == ["ændret"]
        assert any("mere end én gang" in text and "VH03-1" in text for text in told.caveats)

    def test_a_case_that_is_accepted_accepts_its_findings(self) -> None:
        case: Any = SimpleNamespace(
            sag_id="S-1", regel="VH03", dst_kode="1.1", stoerrelse="5", fund=("VH03-1", "VH03-2")
        )
        found = [finding("VH03-1"), finding("VH03-2"), finding("VH03-3")]
        told = apply_accepted(result(findings=found), [acceptance("5", fund={"S-1": "5"})], DAY, [case])
        assert told.accepted == {"S-1", "VH03-1", "VH03-2"}
        assert (
            apply_accepted(result(findings=found), [acceptance("5", fund={"S-1": "6"})], DAY, [case]).accepted == set()
        )

    def test_without_acceptances_the_run_is_as_it_was(self) -> None:
        run = result(findings=[finding()])
        assert apply_accepted(run, [], DAY) is run

    def test_each_state_is_counted_and_none_is_said_of_nothing(self) -> None:
        rows: Any = [
            SimpleNamespace(tilstand=state)
            for state in ("accepteret", "accepteret", "udløbet", "ændret", "ikke fundet")
        ]
        assert [re.findall("[0-9]+", text)[0] for text in sentences(rows)] == ["2", "1", "1"]
        assert list(sentences([])) == []

    def test_the_size_of_a_finding_is_its_value_and_what_it_should_have_been(self) -> None:
        found: list[Finding] = [
            replace(finding(f"VH03-{n}", value=value), forventet=due)
            for n, (value, due) in enumerate([(5, 6), (5, None), (None, 6), (None, None)])
        ]
        assert [open_in(result(findings=found))[f"VH03-{n}"].size for n in range(4)] == ["5/6", "5", "6", ""]
