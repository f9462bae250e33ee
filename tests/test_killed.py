"""Killed at any file operation: nothing that was there before is damaged, and the next start is as after nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from support.killing import killed_after, was_killed
from support.runs import KEY, call, cell, finding, publish, result, working_folder
from support.statbank_server import StatBank

from reconcile.approval.log import append, read_log
from reconcile.files import sweep
from reconcile.history.accepted import Acceptance, read_accepted, record
from reconcile.history.published import read_run
from reconcile.privacy import door
from reconcile.reports.publish import check_place
from reconcile.statbank import api, store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="what a file operation is differs")
PEOPLE = [f"{day:02d}0550{1100 + day}" for day in range(1, 13)]


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = tmp_path / "temp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    door.forget()


@pytest.fixture
def base(tmp_path: Path, temp: Path) -> Path:
    """A run that was published, a line in the log, something accepted, a key."""
    folder = tmp_path / "base"
    folder.mkdir()
    working_folder(folder)
    run = result(
        cells=[cell("1.1"), cell("1.4", dst=12, own=10, rest=2)], findings=[finding("VH03-1"), finding("VH05-1")]
    )
    publish(run, folder / "ud" / "1")
    append(folder, {"tid": "2020-10-06T12:00:00+00:00", "hvad": "beslutning", "note": "først"}, KEY)
    record(
        folder,
        Acceptance(
            begrundelse="kendt og meldt",
            af="JH",
            indtil=date(2027, 1, 1),
            oprettet=date(2026, 11, 1),
            fund={"VH03-1": "5"},
        ),
    )
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def killed_everywhere(
    base: Path, command: Callable[[Path], object], check: Callable[[Path], object], *, step: int = 1
) -> int:
    """Do the command on a copy of the folder, killed after 0, 1, 2 … operations, until it is done first; how many kills."""
    for kills, operations in enumerate(range(0, 2000, step)):
        folder = base.with_name(f"k{operations}")
        shutil.copytree(base, folder)
        with killed_after(operations):
            command(folder)
        check(folder)
        shutil.rmtree(folder)
        if not was_killed():
            return kills
    pytest.fail("it never came to its end")


def swept(temp: Path) -> None:
    """The next run, an hour later, leaves nothing of the one that was killed."""
    for folder in temp.iterdir():
        os.utime(folder, (0, 0))
    sweep(temp, "reconcile-")
    assert not list(temp.glob("reconcile-*"))


def test_a_decision_is_in_the_log_whole_or_not_at_all(base: Path) -> None:
    words = ["--decision", "afvis", "--by", "JH", "--note", "det skal undersøges først"]
    earlier = (base / "approvals.jsonl").read_bytes()
    seen: set[int] = set()

    def check(folder: Path) -> None:
        assert (folder / "approvals.jsonl").read_bytes().startswith(earlier)
        seen.add(len(read_log(folder, KEY).lines))
        call("approve", "2020K3", "--config", folder / "reconcile.toml", *words)
        log = read_log(folder, KEY)
        assert log.faults == ()
        assert len(log.lines) in {2, 3}
        assert read_run(folder / "ud" / "1").manifest.mismatches() == []

    kills = killed_everywhere(
        base, lambda folder: call("approve", "2020K3", "--config", folder / "reconcile.toml", *words), check
    )
    assert kills >= 3
    assert seen == {1, 2}


def test_an_acceptance_is_there_whole_or_not_at_all(base: Path) -> None:
    words = ["VH05-1", "--reason", "rettes i uge 40", "--by", "JH", "--until", "2027-01-01"]
    seen: set[tuple[str, ...]] = set()

    def check(folder: Path) -> None:
        tomllib.loads((folder / "accepteret.toml").read_text(encoding="utf-8"))
        seen.add(tuple(name for entry in read_accepted(folder) for name in entry.fund))
        call("accept", *words, "--config", folder / "reconcile.toml")
        assert {name for entry in read_accepted(folder) for name in entry.fund} == {"VH03-1", "VH05-1"}
        assert not list(folder.glob(".accepteret*"))

    kills = killed_everywhere(base, lambda folder: call("accept", *words, "--config", folder / "reconcile.toml"), check)
    assert kills >= 4
    assert seen == {("VH03-1",), ("VH03-1", "VH05-1")}


def test_a_changed_key_is_the_old_one_or_the_new_one_with_all_that_goes_by_it(base: Path) -> None:
    seen: set[bool] = set()

    def check(folder: Path) -> None:
        call("approve", "--verify", "--config", folder / "reconcile.toml")  # any next start
        key = bytes.fromhex((folder / "noegle.key").read_text())
        assert read_log(folder, key).faults == ()
        seen.add(key == KEY)
        assert not (folder / ".reconcile-skift").exists()

    kills = killed_everywhere(
        base, lambda folder: call("key", "rotate", "--forget", "--config", folder / "reconcile.toml"), check
    )
    assert kills >= 10
    assert seen == {True, False}


def test_a_comparison_writes_nothing_that_a_kill_could_damage(base: Path) -> None:
    publish(result(cells=[cell("1.1")]), base / "ud" / "2", 1)
    before = contents(base)

    def check(folder: Path) -> None:
        assert contents(folder) == before

    killed_everywhere(base, lambda folder: call("compare", folder / "ud" / "1", folder / "ud" / "2"), check)


def test_figures_that_are_fetched_are_whole(tmp_path: Path, temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = StatBank()
    monkeypatch.setattr(api, "FIRST_PAUSE", 0.01)
    monkeypatch.setenv("no_proxy", "*")
    base = tmp_path / "base"
    base.mkdir()
    (base / "reconcile.toml").write_text(f'[kommune]\nkode = "665"\n[statbank]\nurl = "{bank.url}"\n[kilder]\n')
    fetch = lambda folder: call("statbank", "HAND07", "-q", "--config", folder / "reconcile.toml")  # noqa: E731
    assert fetch(base) == 0
    old = (base / "ind" / "hand07.csv").read_bytes()
    bank.tables["HAND07"]["665", "30011", "2020K1"] = "161"
    seen: set[bool] = set()

    def check(folder: Path) -> None:
        now = (folder / "ind" / "hand07.csv").read_bytes()
        seen.add(now == old)
        assert now == old or now == old.replace(b"160", b"161")
        assert all(store.intact(copy) for copy in store.copies(folder, "HAND07"))
        assert fetch(folder) == 0
        assert (folder / "ind" / "hand07.csv").read_bytes() == old.replace(b"160", b"161")

    try:
        assert killed_everywhere(base, fetch, check) >= 8
    finally:
        bank.stop()
    assert seen == {True, False}


def test_a_run_over_an_earlier_report_leaves_that_or_the_new_one_and_no_person(
    base: Path, temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconcile.reports.html.render_html", lambda *_args: "<p>rapport</p>")
    monkeypatch.setattr("reconcile.reports.xlsx.write_xlsx", lambda _result, path, *_more: path.write_bytes(b"PK"))
    rows = [f"{cpr};1.4;2020-0{1 + n % 9}-01;;N-{n};665" for n, cpr in enumerate(PEOPLE)]
    head = "cpr;dst_kode;start_dato;slut_dato;ydelse_id;handlekommune"
    (base / "forloeb.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    run = lambda folder: call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "ud" / "A", "--quiet")  # noqa: E731
    run(base)
    first = read_run(base / "ud" / "A").manifest.data["tid"]
    (base / "forloeb.csv").write_text("\n".join([head, *rows[1:]]) + "\n", encoding="utf-8")
    seen: set[bool] = set()

    def check(folder: Path) -> None:
        left = [p for p in temp.rglob("*") if p.is_file() and not p.is_symlink() and p.stat().st_size]
        assert not [p for p in left if any(cpr[1:].encode() in p.read_bytes() for cpr in PEOPLE)]
        swept(temp)
        check_place(folder / "ud" / "A")
        manifest = read_run(folder / "ud" / "A").manifest
        assert manifest.mismatches() == []
        seen.add(
            manifest.data["antal"] == read_run(base / "ud" / "A").manifest.data["antal"]
            and manifest.data["tid"] == first
        )
        assert read_log(folder, KEY).faults == ()

    kills = killed_everywhere(base, run, check, step=14)
    assert kills >= 6
    assert seen == {True, False}
