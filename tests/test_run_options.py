"""Options of a run beside what it judges: shown when done, only when something is new, and compared without paths."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click
import pytest
from support.runs import call
from test_verdict_honest import municipality


def runs(folder: Path) -> list[Path]:
    return sorted((folder / "ud").iterdir())


def hand07(folder: Path, *more: str) -> int:
    return call("hand07", "--config", folder / "reconcile.toml", "--period", "2020K3", *more)


def test_a_run_that_would_be_made_of_the_same_is_not_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;5\n")
    assert hand07(folder, "--if-changed") == 0, "there is no run yet"
    assert hand07(folder, "--hvis-nyt") == 0
    assert "Intet er ændret siden" in capsys.readouterr().out
    assert len(runs(folder)) == 1
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K3;9\n", encoding="utf-8")
    assert hand07(folder, "--if-changed") == 1
    assert len(runs(folder)) == 2


def test_new_acceptances_and_other_quarters_are_something_new(tmp_path: Path) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;5\n1.1;2020K2;5\n")
    assert hand07(folder) == 0
    assert call("hand07", "--config", folder / "reconcile.toml", "--period", "2020K2", "--if-changed") == 0
    assert len(runs(folder)) == 2
    (folder / "accepteret.toml").write_text("", encoding="utf-8")
    later = time.time() + 60
    os.utime(folder / "accepteret.toml", (later, later))
    assert call("hand07", "--config", folder / "reconcile.toml", "--period", "2020K2", "--if-changed") == 0
    assert len(runs(folder)) == 3


def test_the_report_is_shown_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(click, "launch", shown.append)
    folder = municipality(tmp_path, "1.1;2020K3;5\n")
    assert hand07(folder) == 0
    assert not shown
    assert hand07(folder, "--open") == 0
    assert [Path(path).name for path in shown] == ["rapport.html"]


def test_compare_without_paths_takes_the_two_newest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;5\n")
    config = ("--config", folder / "reconcile.toml")
    assert call("compare", *config) == 2
    assert "ikke to kørsler" in capsys.readouterr().err
    for number in (1, 2, 3):
        (folder / "h.csv").write_text(f"dst_kode;periode;antal\n1.1;2020K3;{5 + number}\n", encoding="utf-8")
        hand07(folder)
    capsys.readouterr()
    assert call("compare", *config) == 0
    said = capsys.readouterr().out
    assert f"{runs(folder)[1].name} (" in said
    assert f"{runs(folder)[2].name} (" in said
