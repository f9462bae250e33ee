"""The n-way comparison: sources meet on a key, missing is an outcome, and nothing depends on an order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from reconcile.controls.meeting import Measure, Outcome, Source, duplicate_caveats, meet
from reconcile.engine.duckdb import Engine, open_engine

KEY = ("kode", "periode")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with open_engine() as made:
        yield made


def put(engine: Engine, name: str, rows: list[tuple[str, str, int | None]]) -> Source:
    """A source of rows (kode, periode, tal)."""
    engine.add_rows(name, {"kode": "VARCHAR", "periode": "VARCHAR", "tal": "BIGINT"}, rows)
    return Source(name, name, {f"{name}_tal": "tal"})


def met(engine: Engine, *sources: Source, **options: Any) -> dict[tuple[str, str], dict[str, Any]]:
    meet(engine, "moede", KEY, sources, **options)
    return {(row.pop("kode"), row.pop("periode")): row for row in engine.records("SELECT * FROM moede")}


class TestMeasure:
    def test_fewer_than_two_figures_cannot_be_compared_and_none_is_not_zero(self) -> None:
        assert Measure().compare([0, None]) is Outcome.MISSING
        assert Measure(absolute=100, relative=1).compare([None, None, 5]) is Outcome.MISSING
        assert Measure().compare([]) is Outcome.MISSING
        assert Measure().compare([1, 1, None]) is Outcome.EQUAL

    @pytest.mark.parametrize(("apart", "outcome"), [("1.00", Outcome.EQUAL), ("1.01", Outcome.DIFFERENT)])
    def test_the_absolute_tolerance_is_inclusive(self, apart: str, outcome: Outcome) -> None:
        figures = [Decimal(0), Decimal(apart)]
        assert Measure(absolute=Decimal("1.00")).compare(figures) is outcome
        assert Measure(absolute=Decimal("1.00")).compare([-figure for figure in figures]) is outcome

    def test_the_relative_tolerance_is_a_share_of_the_largest_figure(self) -> None:
        tenth = Measure(relative=Decimal("0.1"))
        assert tenth.compare([90, 100]) is tenth.compare([100, 90]) is Outcome.EQUAL
        assert tenth.compare([89, 100]) is tenth.compare([-89, -100]) is Outcome.DIFFERENT

    def test_the_wider_of_two_tolerances_holds(self) -> None:
        both = Measure(absolute=5, relative=Decimal("0.01"))
        assert both.compare([0, 5]) is both.compare([1000, 1010]) is Outcome.EQUAL
        assert both.compare([100, 106]) is Outcome.DIFFERENT

    def test_amounts_are_compared_exactly_at_any_size(self) -> None:
        large = Decimal("9999999999999999.98")
        assert Measure().compare([large, large + Decimal("0.01")]) is Outcome.DIFFERENT
        assert Measure().compare([Fraction(1, 3), Fraction(2, 6)]) is Outcome.EQUAL

    @given(
        st.lists(st.none() | st.integers(-20, 20), max_size=5),
        st.integers(0, 6),
        st.fractions(0, 1),
        st.randoms(use_true_random=False),
    )
    def test_the_order_of_the_sources_does_not_matter(
        self, figures: list[int | None], absolute: int, relative: Fraction, chance: Any
    ) -> None:
        measure = Measure(absolute, relative)
        shuffled = chance.sample(figures, len(figures))
        assert measure.compare(figures) is measure.compare(shuffled)
        present = [f for f in figures if f is not None]
        pairs = [measure.compare([a, b]) for a in present for b in present]
        if measure.compare(figures) is Outcome.EQUAL:
            assert Outcome.DIFFERENT not in pairs


class TestMeet:
    def test_every_key_of_any_source_is_a_row(self, engine: Engine) -> None:
        one, two, three = (
            put(engine, name, [(name, "2020K1", 1), ("alle", "2020K1", n)]) for n, name in enumerate("abc")
        )
        rows = met(engine, one, two, three)
        assert set(rows) == {("a", "2020K1"), ("b", "2020K1"), ("c", "2020K1"), ("alle", "2020K1")}
        assert rows["alle", "2020K1"] == {"a_tal": 0, "b_tal": 1, "c_tal": 2, "dubletter": None}
        assert rows["a", "2020K1"] == {"a_tal": 1, "b_tal": None, "c_tal": None, "dubletter": None}

    def test_a_source_that_counts_everybody_has_0_where_it_has_nobody(self, engine: Engine) -> None:
        published = put(engine, "dst", [("x", "2020K1", 3), ("x", "2020K2", None)])
        counted = Source("fag", "fag", put(engine, "fag", [("x", "2020K3", 2)]).figures, absent="0")
        rows = met(engine, published, counted)
        assert [(rows["x", f"2020K{n}"]["dst_tal"], rows["x", f"2020K{n}"]["fag_tal"]) for n in (1, 2, 3)] == [
            (3, 0),
            (None, 0),
            (None, 2),
        ]

    def test_what_absent_means_may_depend_on_the_key(self, engine: Engine) -> None:
        published = put(engine, "dst", [("x", "2020K1", 3), ("y", "2020K1", 3)])
        put(engine, "bog", [])
        booked = Source("bog", "bog", {"bog_tal": "tal"}, absent="CASE WHEN k.kode = 'x' THEN 0 END")
        rows = met(engine, published, booked)
        assert (rows["x", "2020K1"]["bog_tal"], rows["y", "2020K1"]["bog_tal"]) == (0, None)

    def test_a_key_outside_what_is_judged_is_no_row(self, engine: Engine) -> None:
        source = put(engine, "dst", [("x", "2020K1", 3), ("x", "2020K2", 3)])
        assert set(met(engine, source, within="periode = '2020K2'")) == {("x", "2020K2")}

    def test_a_source_that_makes_no_cells_only_adds_its_figures(self, engine: Engine) -> None:
        put(engine, "b", [("x", "2020K1", 1), ("y", "2020K1", 2)])
        extra = Source("b", "b", {"b_tal": "tal"}, makes_cells=False)
        rows = met(engine, put(engine, "a", [("x", "2020K1", 5)]), extra)
        assert rows == {("x", "2020K1"): {"a_tal": 5, "b_tal": 1, "dubletter": None}}

    def test_a_key_a_source_has_twice_is_named_and_its_figures_are_not_used(self, engine: Engine) -> None:
        rows = met(
            engine,
            put(engine, "a", [("x", "2020K1", 5), ("x", "2020K1", 5), ("y", "2020K1", 1)]),
            put(engine, "b", [("x", "2020K1", 5)]),
        )
        assert rows["x", "2020K1"] == {"a_tal": None, "b_tal": 5, "dubletter": "a"}
        assert rows["y", "2020K1"]["dubletter"] is None
        assert list(duplicate_caveats(engine, "moede", KEY)) == [
            "a har nøglen x 2020K1 flere gange; dens tal er ikke brugt."
        ]

    def test_a_cpr_number_in_a_key_is_not_shown(self, engine: Engine) -> None:
        met(engine, put(engine, "a", [("010170-1234", "2020K1", 5), ("010170-1234", "2020K1", 6)]))
        assert "010170" not in "".join(duplicate_caveats(engine, "moede", KEY))

    def test_no_sources_with_rows_give_no_cells(self, engine: Engine) -> None:
        assert met(engine, put(engine, "a", []), put(engine, "b", [])) == {}

    @examples(30)
    @given(
        st.lists(
            st.lists(
                st.tuples(st.sampled_from("xyz"), st.sampled_from(["2020K1", "2020K2"]), st.none() | st.integers(0, 9)),
                max_size=8,
            ),
            min_size=2,
            max_size=4,
        )
    )
    def test_it_agrees_with_a_plain_count(
        self, engine: Engine, tables: list[list[tuple[str, str, int | None]]]
    ) -> None:
        sources = [put(engine, f"s{n}", rows) for n, rows in enumerate(tables)]
        expected: dict[tuple[str, str], dict[str, Any]] = {}
        for key in {(code, period) for rows in tables for code, period, _figure in rows}:
            given_here = [[f for c, p, f in rows if (c, p) == key] for rows in tables]
            expected[key] = {f"s{n}_tal": g[0] if len(g) == 1 else None for n, g in enumerate(given_here)}
            expected[key]["dubletter"] = ", ".join(f"s{n}" for n, g in enumerate(given_here) if len(g) > 1) or None
        assert met(engine, *sources) == expected
        assert met(engine, *reversed(sources)).keys() == expected.keys()
