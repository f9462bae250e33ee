"""The statuses of the figure eight at their limits, the causes that must add up, and the figures that are rounded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.controls import ottetal_status
from reconcile.controls.meeting import Measure, Outcome
from reconcile.controls.ottetal import price
from reconcile.controls.ottetal_edges import OWN_DST, Behind, Causes, Edge, Rest, edges, loops
from reconcile.controls.ottetal_figures import Figures
from reconcile.controls.ottetal_people import CROSSING, LEDGER, RECORDS, OneSided, Side, _cause, _quarter
from reconcile.results.ottetal import OttetalPerson
from reconcile.results.rows import Status

KEY = ("1.4", "2020K3")


def someone(side: Side, cause: str = "rest", edge: str = RECORDS, *, explained: bool | None = None) -> OneSided:
    """A person of the cell whom only one end counts; explained when there is a cause."""
    row = OttetalPerson(*KEY, edge, side, cause, "P", 9, None, "f.csv", 2)
    return OneSided(row, cause != "rest" if explained is None else explained)


def figures(**more: Any) -> Figures:
    none: dict[str, Any] = dict.fromkeys(("own_full", "payer_full", "amount", "flis_full", "dst_full"))
    counts: dict[str, Any] = {"own": 5, "payer": 5, "ledger": 5, "flis": 5, "dst": 5}
    return Figures(
        *KEY, accounts=more.pop("accounts", 1), framed=more.pop("framed", False), **{**none, **counts, **more}
    )


def around(
    told: Figures,
    people: tuple[OneSided, ...] = (),
    bridge: Rest | None = None,
    tolerance: int = 0,
    without: tuple[str, ...] = (),
) -> dict[str, Edge]:
    """The edges of the cell by name, as the control draws them."""
    grouped: dict[tuple[str, str, str], list[OneSided]] = {}
    for person in people:
        grouped.setdefault(person.key, []).append(person)
    context: Any = SimpleNamespace(
        has=lambda source, *_columns: source not in without, regler=SimpleNamespace(tolerance_antal=tolerance)
    )
    return {edge.row.kant: edge for edge in edges(context, told, Behind(grouped, {KEY: bridge} if bridge else {}))}


class TestOfFigures:
    @pytest.mark.parametrize(
        ("difference", "rest", "tolerance", "settled", "status"),
        [
            (0, 0, 0, True, "ens"), (3, 0, 0, True, "forklaret"), (3, 1, 1, True, "inden_for_tolerance"),
            (3, -1, 1, True, "inden_for_tolerance"),
            (3, 2, 1, True, "delvist_forklaret"), (3, -2, 1, True, "delvist_forklaret"), (3, 3, 1, True, "uforklaret"),
            (3, -3, 1, True, "uforklaret"),
            (3, 4, 1, True, "uforklaret"), (0, 1, 0, True, "uforklaret"), (0, 1, 1, True, "inden_for_tolerance"),
            (0, 0, 9, False, "uforklaret"),
            (3, 0, 9, False, "delvist_forklaret"), (3, 3, 9, False, "uforklaret"),
        ],
    )  # fmt: skip
    def test_the_first_status_that_holds(
        self, difference: int, rest: int, tolerance: int, settled: bool, status: str
    ) -> None:
        assert ottetal_status.of_figures(difference, rest, tolerance, settled=settled) == status

    @given(st.lists(st.sampled_from([*ottetal_status.ORDER, "mangler", "udeladt", "ikke_godkendt"]), max_size=4))
    def test_the_worst_of_the_judgements_and_incomplete_without_one(self, statuses: list[str]) -> None:
        judged = [status for status in ottetal_status.ORDER if status in statuses]
        assert ottetal_status.worst(statuses) == (judged[0] if judged else "ufuldstaendig")

    def test_somebody_who_waits_for_a_payment_makes_the_edge_wait(self) -> None:
        known = someone(Side.FAGSYSTEM, "ydelse_uden_betaling", LEDGER)
        assert ottetal_status.of_people([known, someone(Side.FAGSYSTEM, "efterslip", LEDGER)]) == "afventer"
        assert ottetal_status.of_people([known]) == "forklaret"

    def test_one_open_person_of_each_side_beside_a_known_one_leaves_less_than_the_difference(self) -> None:
        """Net of the open: 0; of all: −1."""
        people = [someone(Side.FAGSYSTEM), someone(Side.FLIS), someone(Side.FAGSYSTEM, "kun_i_fagsystem")]
        assert ottetal_status.of_people(people) == "delvist_forklaret"


class TestEdges:
    def test_a_cell_where_all_agree(self) -> None:
        found = around(figures(), bridge=Rest(Causes(), 0, Status.EQUAL))
        assert {edge.row.status for edge in found.values()} == {"ens"}
        assert not any(edge.causes for edge in found.values())
        assert loops(found.values()) == ("ens", "ens")

    def test_each_cause_has_its_persons_both_ways_and_the_rest_makes_up_the_difference(self) -> None:
        """Five in the fagsystem, four in FLIS: two and one with a cause, and of the other two nobody knows why."""
        people = (
            someone(Side.FAGSYSTEM, "kun_i_fagsystem"), someone(Side.FAGSYSTEM, "kun_i_fagsystem"), someone(Side.FLIS,
            "kun_i_flis"),
            someone(Side.FAGSYSTEM), someone(Side.FLIS),
        )  # fmt: skip
        edge = around(figures(flis=4), people)[RECORDS]
        assert [(c.aarsag, c.antal, c.til, c.fra) for c in edge.causes] == [
            ("kun_i_fagsystem", -2, 0, 2), ("kun_i_flis", 1, 1, 0), ("rest", 0, 1, 1),
        ]  # fmt: skip
        assert edge.row.status == "delvist_forklaret", "the two without a cause are 0 net, and the difference is one"

    def test_the_way_from_flis_to_dst_is_over_the_fagsystem(self) -> None:
        """The load rule takes two before FLIS, R1 one after it: FLIS 3, DST 2."""
        steps = Causes({("indlaesning", False): 2, ("R1", False): 1})
        people = (someone(Side.FAGSYSTEM, "indlaesning"), someone(Side.FAGSYSTEM, "indlaesning"))
        found = around(figures(flis=3, dst=2), people, Rest(steps, 0, Status.EXPLAINED))
        assert [(c.aarsag, c.antal) for c in found["FLIS–DST"].causes] == [("R1", -1)]
        assert [(c.aarsag, c.antal) for c in found[OWN_DST].causes] == [("R1", -1), ("indlaesning", -2)]
        assert (found["FLIS–DST"].row.status, found[OWN_DST].row.status) == ("forklaret", "forklaret")

    @pytest.mark.parametrize(
        ("accounts", "framed", "without", "status"),
        [(1, False, (), "ens"), (0, False, (), "udeladt"), (1, True, (), "udeladt"), (0, False, ("oekonomi",), "ens"),
         (0, False, ("masteroversigt",), "ens")],
    )  # fmt: skip
    def test_a_code_without_an_account_or_rammestyret_is_left_out_of_the_ledgers_edge(
        self, accounts: int, framed: bool, without: tuple[str, ...], status: str
    ) -> None:
        assert around(figures(accounts=accounts, framed=framed), without=without)[LEDGER].row.status == status

    @pytest.mark.parametrize(
        ("gone", "missing"),
        [("own", {CROSSING, RECORDS, OWN_DST}), ("payer", {CROSSING, LEDGER}), ("ledger", {LEDGER}),
         ("flis", {RECORDS, "FLIS–DST"}),
         ("dst", {"FLIS–DST", OWN_DST})],
    )  # fmt: skip
    def test_an_edge_with_an_end_missing_has_no_difference_and_no_causes(self, gone: str, missing: set[str]) -> None:
        found = around(figures(**{gone: None}))
        assert {name for name, edge in found.items() if edge.row.forskel is None} == missing
        assert {found[name].row.status for name in missing} == {"mangler"}

    @pytest.mark.parametrize(
        ("status", "own", "way"),
        [
            (Status.NOT_APPROVED, "ikke_godkendt", "ikke_godkendt"), (Status.NOT_VALID, "kode_ikke_gyldig", "kode_ikke_gyldig"),
            (Status.MISSING_DST, "mangler", "uforklaret"), (Status.PARTLY, "delvist_forklaret", "uforklaret"),
            (Status.TOLERATED, "inden_for_tolerance", "uforklaret"),
        ],
    )  # fmt: skip
    def test_a_cell_has_hand07s_own_status_towards_dst(self, status: Status, own: str, way: str) -> None:
        found = around(figures(dst=3), bridge=Rest(Causes(), -2, status))
        assert (found[OWN_DST].row.status, found["FLIS–DST"].row.status) == (own, way)

    @pytest.mark.parametrize(("tolerance", "status"), [(1, "uforklaret"), (2, "inden_for_tolerance")])
    def test_without_a_bridge_the_whole_difference_is_the_rest(self, tolerance: int, status: str) -> None:
        found = around(figures(dst=3), tolerance=tolerance)
        assert {found[name].row.status for name in (OWN_DST, "FLIS–DST")} == {status}

    def test_published_figures_of_flis_are_explained_by_what_comes_before_them_only(self) -> None:
        steps = Causes({("indlaesning", False): 2, ("R1", False): 1})
        found = around(figures(flis=3, dst=2), bridge=Rest(steps, 0, Status.EXPLAINED), without=("flis",))
        assert [(c.aarsag, c.antal) for c in found[RECORDS].causes] == [("indlaesning", -2)]
        assert found[RECORDS].row.status == "forklaret"
        assert around(figures(flis=4), bridge=Rest(steps, 0), without=("flis",))[RECORDS].row.status == "uforklaret"
        assert (
            around(figures(flis=2), bridge=Rest(steps, 0), without=("flis",))[RECORDS].row.status == "delvist_forklaret"
        )

    def test_the_statistics_loop_is_towards_flis_where_the_own_count_is_missing(self) -> None:
        found = around(figures(own=None, payer=None, dst=3), without=("fagsystem",))
        assert loops(found.values())[0] == "uforklaret"


class TestCauses:
    def test_towards_the_far_end_counts_up_and_from_the_near_end_down(self) -> None:
        causes = Causes.of(
            [
                someone(Side.FLIS, "a"),
                someone(Side.FAGSYSTEM, "a"),
                someone(Side.HANDLER, "b"),
                someone(Side.PAYER, "b"),
                someone(Side.LEDGER, "c"),
            ]
        )
        assert dict(causes) == {("a", True): 1, ("a", False): 1, ("b", False): 1, ("b", True): 1, ("c", True): 1}
        assert (causes.net(), causes.reversed().net()) == (1, -1)

    @pytest.mark.parametrize(
        ("row", "rules", "cause"),
        [
            ({"befolkning": True, "rammestyret": True}, {"OE01"}, "befolkning"),
            ({"rammestyret": True}, {"OE01"}, "rammestyret"),
            ({"nettet_ud": True}, {"OE02", "OE03"}, "forkert_konto"), ({}, {"OE01", "OE05"}, "betaling_efter_ophoer"),
            ({}, {"OE01", "OE02"}, "betaling_uden_ydelse"),
            ({"nettet_ud": True, "rytme": True}, set(), "nettet_ud"), ({"delt_konto": True, "rytme": True}, set(),
            "delt_konto"), ({"rytme": True}, {"FL01"}, "rytme"),
            ({}, set(), "rest"), ({"side": "fagsystem"}, set(), "efterslip"),
            ({"side": "fagsystem"}, {"OE02"}, "ydelse_uden_betaling"),
        ],
    )  # fmt: skip
    def test_the_first_cause_that_holds_in_the_ledger(self, row: dict[str, Any], rules: set[str], cause: str) -> None:
        bare = {
            "kant": "oekonomi",
            "side": "oekonomi",
            **dict.fromkeys(("befolkning", "rammestyret", "nettet_ud", "delt_konto", "rytme"), False),
        }
        assert _cause({**bare, **row}, frozenset(rules), None) == (LEDGER, cause)

    @pytest.mark.parametrize(
        ("side", "people", "rules", "step", "cause"),
        [
            ("fagsystem", True, {"FL01"}, "indlaesning", "befolkning"),
            ("fagsystem", False, {"FL01"}, "indlaesning", "indlaesning"),
            ("fagsystem", False, {"FL01"}, "rettet", "rettet"), ("fagsystem", False, {"FL01"}, "R1", "kun_i_fagsystem"),
            ("flis", False, {"FL02"}, "indlaesning", "kun_i_flis"),
            ("flis", False, {"FL03", "FL04"}, None, "dublet_noegle"), ("flis", False, {"FL03"}, None, "aendret_post"),
            ("flis", False, {"OE01"}, None, "rest"),
        ],
    )  # fmt: skip
    def test_the_first_cause_that_holds_between_the_records(
        self, side: str, people: bool, rules: set[str], step: str | None, cause: str
    ) -> None:
        assert _cause({"kant": "flis", "side": side, "befolkning": people}, frozenset(rules), step) == (RECORDS, cause)

    @pytest.mark.parametrize(("people", "cause"), [(True, "befolkning"), (False, "rammestyret")])
    def test_between_the_two_populations_it_is_the_population_or_rammestyret(self, people: bool, cause: str) -> None:
        assert _cause({"kant": "krydset", "befolkning": people}, frozenset({"OE01"}), "R1") == (CROSSING, cause)

    @pytest.mark.parametrize(
        ("month", "quarter"),
        [("2020-01", "2020K1"), ("2020-03", "2020K1"), ("2020-04", "2020K2"), ("2020-12", "2020K4")],
    )
    def test_a_month_lies_in_its_quarter(self, month: str, quarter: str) -> None:
        assert _quarter(month) == quarter


@pytest.mark.parametrize(
    ("amount", "full", "kr"),
    [("1.00", Fraction(1), "1.00"), ("1.00", Fraction(3), "0.33"), ("2.00", Fraction(3), "0.67"), ("0.01", Fraction(2), "0.01"),
     ("-0.01", Fraction(2), "-0.01"), ("5.00", Fraction(0), None), ("5.00", None, None), (None, Fraction(1), None),
     ("0.00", Fraction(1), "0.00")],
)  # fmt: skip
def test_a_price_is_kroner_over_fuldtidsydelser_half_up(
    amount: str | None, full: Fraction | None, kr: str | None
) -> None:
    assert price(None if amount is None else Decimal(amount), full) == (None if kr is None else Decimal(kr))


class TestMeasure:
    @pytest.mark.parametrize(
        ("absolute", "relative", "figures_", "equal"),
        [
            (0, 0, [1, 1], True), (0, 0, [1, 2], False), (1, 0, [1, 2], True), (1, 0, [1, 3], False), (1, 0, [1, 2, 3], False),
            (Decimal("0.05"), 0, [Decimal("1.00"), Decimal("1.05")], True), (Decimal("0.05"), 0, [Decimal("1.00"),
            Decimal("1.0501")], False),
            (0, Fraction(1, 10), [90, 100], True), (0, Fraction(1, 10), [89, 100], False),
            (0, Fraction(1, 10), [-100, -90], True),
            (0, Fraction(1, 10), [-1, 1], False), (2, Fraction(1, 100), [99, 101], True), (1, 0, [None, 5, 6], True),
        ],
    )  # fmt: skip
    def test_the_tolerance_itself_agrees(self, absolute: Any, relative: Any, figures_: list[Any], equal: bool) -> None:
        outcome = Measure(absolute, relative).compare(figures_)
        assert outcome is (Outcome.EQUAL if equal else Outcome.DIFFERENT)
        assert Measure(absolute, relative).compare(reversed(figures_)) is outcome

    @pytest.mark.parametrize("figures_", [[], [1], [None, 1], [None, None], [None, 0, None]])
    def test_fewer_than_two_figures_are_missing_whatever_the_tolerance(self, figures_: list[int | None]) -> None:
        assert Measure(9).compare(figures_) is Outcome.MISSING
