"""Every combination of missing sources: what is there is counted as ever, what is not is missing and said."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations
from typing import Any

import pytest
from ottetal_support import WHOLE, adds_up, table
from quick import Quick, quick_worlds

from reconcile.controls import hand07, ottetal, postdiff
from reconcile.results import PartResult

#: Source → the columns of ``ottetal`` that need it, and a word of the sentence that says it is not there.
NEEDS = {
    "fagsystem": (
        "fagsystem_borgere fagsystem_fuldtid begge kun_fagsystem kun_oekonomi pris_pr_fuldtid",
        "fagsystem-udtræk",
    ),
    "oekonomi": (
        "oekonomi_borgere oekonomi_beloeb begge kun_fagsystem kun_oekonomi pris_pr_fuldtid",
        "økonomiudtræk",
    ),
    "masteroversigt": (
        "oekonomi_borgere oekonomi_beloeb begge kun_fagsystem kun_oekonomi pris_pr_fuldtid",
        "ingen masteroversigt",
    ),
    "flis": ("flis_borgere flis_fuldtid", "FLIS-udtræk"),
    "hand07": ("dst_modtagere", "HAND07"),
    "hand01": ("dst_fuldtid", "HAND01"),
}
FIGURES = sorted(set(chain.from_iterable(columns.split() for columns, _word in NEEDS.values())))
GONE = [gone for n in range(1, len(NEEDS)) for gone in combinations(NEEDS, n)]


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def run(quick: Quick, gone: tuple[str, ...]) -> tuple[PartResult, PartResult]:
    """The 8-tals kontrol and the record diff."""
    context = quick({name: rows for name, rows in WHOLE.items() if name not in gone}, periods="2020K3")
    hand07.run(context)
    return ottetal.run(context), postdiff.run(context)


@pytest.fixture(scope="module")
def whole(quick: Quick) -> Any:
    return next(row for row in table(run(quick, ())[0], "ottetal") if row.dst_kode == "1.4")


@pytest.mark.parametrize("gone", GONE, ids="-".join)
def test_the_run_gives_what_it_can_and_says_what_it_cannot(quick: Quick, whole: Any, gone: tuple[str, ...]) -> None:
    result, records = run(quick, gone)
    rows = [row for row in table(result, "ottetal") if row.dst_kode == "1.4"]
    missing = set(chain.from_iterable(NEEDS[source][0].split() for source in gone))
    expected = {name: None if name in missing else getattr(whole, name) for name in FIGURES}
    assert [{name: getattr(row, name) for name in FIGURES} for row in rows] == [expected] * any(expected.values())
    for source in gone:
        assert any(NEEDS[source][1] in caveat for caveat in result.caveats)
    assert [n.regel for n in records.not_run] == (
        ["FL01", "FL02", "FL03", "FL04"] if {"fagsystem", "flis"} & set(gone) else []
    )
    assert not [f for f in result.findings if f.regel.startswith("OE") and {"oekonomi", "masteroversigt"} & set(gone)]
    assert adds_up(result)
    assert {row.status for row in rows} <= {"ens", "ufuldstaendig"}
    assert result.open_cells == 0
