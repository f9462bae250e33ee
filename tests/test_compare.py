"""Run against run: new, still open and solved findings, figures that moved, and the automatic comparison."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.runs import KEY, call, cell, finding, publish, result, source, working_folder

from reconcile.approval.log import append
from reconcile.errors import InputError
from reconcile.files import free_folder
from reconcile.history.published import read_run
from reconcile.history.since import NEW, OPEN, SOLVED, compare, published_snapshot, quarters_of, snapshot
from reconcile.results.rows import RunResult
from reconcile.runs.followup import follow_up
from reconcile.settings.config import load_config

LATER = datetime(2020, 10, 9, 8, 0, tzinfo=UTC)


def against(before: RunResult, after: RunResult):  # type: ignore[no-untyped-def]
    return compare(snapshot(before, "a"), snapshot(after, "b"))


def test_findings_are_new_still_open_or_solved_by_rule_and_code() -> None:
    before = result(findings=[finding("VH03-1"), finding("VH03-2"), finding("VH05-1", code="1.3")])
    after = result(findings=[finding("VH03-2"), finding("VH03-3"), finding("VH03-4", code="1.4")])
    found = against(before, after)
    rows = {(r.regel, r.dst_kode): (r.nye, r.stadig_aabne, r.heraf_aendrede, r.loeste) for r in found.since}
    assert rows == {("VH03", "1.1"): (1, 1, 0, 1), ("VH03", "1.4"): (1, 0, 0, 0), ("VH05", "1.3"): (0, 0, 0, 1)}
    assert {f.fund_id: f.tilstand for f in found.findings} == {
        "VH03-1": "løst", "VH03-3": "ny", "VH03-4": "ny", "VH05-1": "løst",
    }  # fmt: skip


def test_a_finding_whose_size_changed_is_still_open_and_said() -> None:
    found = against(result(findings=[finding(value=5)]), result(findings=[finding(value=Decimal("6.5"))]))
    assert (found.count(OPEN), found.since[0].heraf_aendrede) == (1, 1)
    assert [(f.tilstand, f.foer, f.nu) for f in found.findings] == [("ændret", "5", "6.5")]
    assert not against(result(findings=[finding(value=5)]), result(findings=[finding(value=Decimal("5.00"))])).changed


def test_only_quarters_and_rules_that_both_runs_judged_are_compared() -> None:
    before = result(
        periods=["2020K2", "2020K3"],
        findings=[
            finding("VH03-1", period="2020K2"),
            finding("OE01-1", period="2020-05"),
            finding("VH03-2", period="2020-07"),
        ],
    )
    after = result(findings=[finding("YR01-1", period="2020-U30")])
    found = against(before, after)
    assert {f.fund_id: f.tilstand for f in found.findings} == {"VH03-2": "løst"}
    assert found.apart == 3


def test_a_finding_without_a_quarter_is_not_solved_by_a_run_of_fewer_quarters() -> None:
    everywhere = [finding("VH03-1", period=None), finding("VH03-2", period=None)]
    whole, part = result(periods=["2020K2", "2020K3"], findings=everywhere), result(findings=everywhere[:1])
    narrowed, widened = against(whole, part), against(part, whole)
    assert (narrowed.count(OPEN), narrowed.count(SOLVED), narrowed.apart) == (1, 0, 1)
    assert (widened.count(OPEN), widened.count(NEW), widened.apart) == (1, 0, 1)
    assert against(result(findings=everywhere), part).count(SOLVED) == 1


@pytest.mark.parametrize(
    ("period", "quarters"),
    [
        (None, set()),
        ("2020K3", {"2020K3"}),
        ("2020-07", {"2020K3"}),
        ("2020-U30", {"2020K3"}),
        ("2020-U40", {"2020K3", "2020K4"}),
        ("2020-U53", {"2020K4", "2021K1"}),
    ],
)
def test_a_period_touches_the_quarters_its_days_lie_in(period: str | None, quarters: set[str]) -> None:
    assert quarters_of(period) == quarters


def test_a_figure_that_moved_appeared_or_went_is_told_apart_from_zero() -> None:
    before = result(cells=[cell("1.1", dst=10), cell("1.3", dst=None, rest=None), cell("1.4", dst=0, own=0)])
    after = result(cells=[cell("1.1", dst=12, rest=2), cell("1.3", dst=0), cell("1.4", dst=None, own=0, rest=None)])
    moved = {(f.dst_kode, f.tal): (f.foer, f.nu, f.flyttet) for f in against(before, after).figures}
    assert moved["1.1", "dst"] == (10, 12, 2)
    assert moved["1.1", "status"] == ("ens", "uforklaret", None)
    assert moved["1.3", "dst"] == (None, 0, None)
    assert moved["1.4", "dst"] == (0, None, None)
    assert ("1.1", "fagsystem") not in moved


names = st.sets(st.sampled_from([f"VH0{rule}-{n}" for rule in (3, 5) for n in range(6)]))


@given(names, names)
def test_every_finding_of_either_run_is_in_exactly_one_group(old: set[str], new: set[str]) -> None:
    found = against(result(findings=map(finding, old)), result(findings=map(finding, new)))
    assert found.count(NEW) == len(new - old)
    assert found.count(OPEN) == len(new & old)
    assert found.count(SOLVED) == len(old - new)
    back = against(result(findings=map(finding, new)), result(findings=map(finding, old)))
    assert (back.count(NEW), back.count(SOLVED)) == (found.count(SOLVED), found.count(NEW))


def test_a_run_compares_the_same_in_memory_and_read_back(tmp_path: Path) -> None:
    run = result(cells=[cell()], findings=[finding(value=Decimal("1.50")), finding("VH03-2", value="x")])
    publish(run, tmp_path / "a")
    assert not compare(published_snapshot(read_run(tmp_path / "a"), "a"), snapshot(run, "b")).changed


def test_a_run_of_a_version_that_did_not_have_a_column_yet_is_compared_in_the_others(tmp_path: Path) -> None:
    publish(result(cells=[cell(dst=11, own=10, rest=1)]), tmp_path / "a")
    read = read_run(tmp_path / "a")
    rows = [{k: v for k, v in row.items() if k not in ("rest", "forskel_flis")} for row in read.rows("hand07_diff")]
    older = replace(read, result={**read.result, "hand07_diff": rows})
    found = compare(published_snapshot(older, "a"), snapshot(result(cells=[cell(dst=12, own=10, rest=2)]), "b"))
    assert [(f.tal, f.foer, f.nu) for f in found.figures] == [("dst", 11, 12), ("rest", None, 2)]


def test_a_run_of_a_version_whose_rows_cannot_be_told_is_refused_with_what_to_do(tmp_path: Path) -> None:
    publish(result(cells=[cell()]), tmp_path / "a")
    read = read_run(tmp_path / "a")
    rows = [{**row, "status": "helt_fin"} for row in read.rows("hand07_diff")]
    with pytest.raises(InputError, match="anden version af reconcile"):
        published_snapshot(replace(read, result={**read.result, "hand07_diff": rows}), "a")


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_tells_what_is_new_solved_and_moved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(result(cells=[cell(dst=10)], findings=[finding("VH03-1")]), tmp_path / "a")
    publish(result(cells=[cell(dst=11, rest=1)], findings=[finding("VH03-2")], started=LATER), tmp_path / "b")
    assert call("compare", tmp_path / "a", tmp_path / "b") == 0
    said = capsys.readouterr().out
    for words in ("nye 1, stadig åbne 0, løste 1", "VH03-1", "VH03-2", "hand07_diff\t1.1\t2020K3\tdst\t10\t11\t1"):
        assert words in said


def test_the_command_refuses_a_folder_that_is_no_run_or_was_changed(tmp_path: Path) -> None:
    good = publish(result(), tmp_path / "a")
    (tmp_path / "b").mkdir()
    assert call("compare", good, tmp_path / "b") == 2
    (tmp_path / "b" / "manifest.json").write_text('{"tid": "i går"}', encoding="utf-8")
    assert call("compare", good, tmp_path / "b") == 2
    (good / "resultat.json").write_bytes((good / "resultat.json").read_bytes() + b" ")
    with pytest.raises(InputError, match="passer ikke"):
        read_run(good)


# --- automatically against the run before ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with one earlier run in ud/."""
    publish(result(cells=[cell()], findings=[finding("VH03-1")]), working_folder(tmp_path) / "ud" / "1")
    return tmp_path


def followed(folder: Path, run: RunResult, out: str = "ud/9") -> RunResult:
    return follow_up(run, load_config(folder / "reconcile.toml"), folder / out)


CHANGED = result(
    cells=[cell()], findings=[finding("VH03-2")], sources=[source(sha256="d" * 64)], started=LATER
)  # fmt: skip


def test_a_run_is_compared_with_the_newest_run_of_other_inputs(folder: Path) -> None:
    run = followed(folder, CHANGED)
    table = run.table("siden_sidst")
    assert table is not None
    assert [(r.nye, r.loeste) for r in table.rows] == [(1, 1)]
    assert any("ud/1" in text for text in run.caveats)


def test_running_again_on_the_same_inputs_gives_the_same_comparison(folder: Path) -> None:
    first = followed(folder, CHANGED)
    publish(first, folder / "ud" / "9")
    again = followed(folder, replace(CHANGED, started=LATER.replace(hour=9)), "ud/91")
    assert again.tables == first.tables
    assert again.caveats == first.caveats


@pytest.mark.parametrize(
    "run",
    [
        replace(CHANGED, command="hand07"),
        replace(CHANGED, perioder=("2019K1",)),
        replace(CHANGED, findings=(finding("VH03-1"),)),
        result(cells=[cell()], findings=[finding("VH03-2")]),
    ],
    ids=["another command", "another quarter", "nothing changed", "the same inputs"],
)
def test_nothing_is_added_without_a_run_to_compare_with_or_a_change(folder: Path, run: RunResult) -> None:
    assert followed(folder, run).table("siden_sidst") is None


def test_a_run_elsewhere_is_compared_with_the_report_it_replaces_only(folder: Path) -> None:
    assert followed(folder, CHANGED, "rapport").table("siden_sidst") is None
    publish(result(cells=[cell()], findings=[finding("VH03-1")]), folder / "rapport")
    assert followed(folder, CHANGED, "rapport").table("siden_sidst") is not None


def test_an_earlier_run_that_was_changed_is_passed_over_and_said(folder: Path) -> None:
    (folder / "ud" / "1" / "resultat.json").write_bytes(b"{}")
    run = followed(folder, CHANGED)
    assert run.table("siden_sidst") is None
    assert any("ud/1" in text and "ikke sammenlignet" in text for text in run.caveats)


def test_a_run_shows_where_each_quarter_stands_and_the_head_of_the_approvals(folder: Path) -> None:
    said = ("tid", "note", "koersel", "manifest_sha256")
    line = append(folder, dict.fromkeys(said, "") | {"periode": "2020K3", "beslutning": "afvis", "af": "JH"}, KEY).line
    run = followed(folder, result(cells=[cell(), cell("1.3", rest=-1)], findings=[finding("VH03-2")]))
    table = run.table("godkendelse")
    assert table is not None
    (row,) = table.rows
    assert (row.periode, row.celler, row.uforklarede, row.aabne_fejl, row.beslutning, row.af) == (
        "2020K3", 2, 1, 1, "afvis", "JH",
    )  # fmt: skip
    assert run.approval_head == line.sha256
    assert any(line.sha256 in text for text in run.caveats)


def test_runs_that_start_in_the_same_second_get_folders_of_their_own(tmp_path: Path) -> None:
    first = free_folder(tmp_path / "2020-10-06-120000")
    first.mkdir()
    second = free_folder(first)
    second.mkdir()
    assert [path.name for path in (first, second, free_folder(first))] == [
        "2020-10-06-120000", "2020-10-06-120000-2", "2020-10-06-120000-3",
    ]  # fmt: skip
