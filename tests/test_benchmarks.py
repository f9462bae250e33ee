"""Every benchmark that stays runs, at a size that takes no time; what is measured replaces its own section of the results."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))

from bench import RESULTS, Clock, Measured, machine, section, with_section
from plan import BENCHES


@pytest.mark.parametrize("name", BENCHES)
def test_every_side_of_a_benchmark_does_its_work_on_the_same_files(name: str, tmp_path: Path) -> None:
    bench = BENCHES[name]
    bench.make(tmp_path, bench.smoke)
    for kind, side in bench.sides.items():
        clock = Clock()
        side(tmp_path, bench.smoke, clock)
        assert clock.wall > 0, kind
        assert clock.peak_mb > 10, kind


def test_a_section_says_how_many_times_by_hand_and_on_what() -> None:
    rows = [Measured(10, "ours", 3.0, 2.0, 100), Measured(10, "DuckDB", 1.0, 0.5, 90)]
    told = section("files", "Files.", rows, machine())
    assert "| 10 | ours | 3.00 s | 2.00 s | 100 MB |  |" in told
    assert "| 10 | DuckDB | 1.00 s | 0.50 s | 90 MB | 4.00 |" in told
    assert "duckdb " in told
    assert "Load of the machine" in told


def test_a_new_measure_replaces_its_own_section_and_leaves_the_others() -> None:
    text = with_section(with_section("", "b", "## b\n\nold\n"), "a", "## a\n\nfirst\n")
    renewed = with_section(text, "b", "## b\n\nnew\n")
    assert renewed.index("## a") < renewed.index("new")
    assert "first" in renewed
    assert "old" not in renewed
    assert renewed.startswith("# Results")


def test_the_results_have_a_section_for_every_benchmark() -> None:
    text = RESULTS.read_text(encoding="utf-8")
    assert [name for name in BENCHES if f"\n## {name}\n" not in text] == []
