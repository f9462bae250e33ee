"""The working folder: whose it is, where it is found from, what `init` asks, and what a double click starts."""

from __future__ import annotations

import io
import re
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.runs import call

from reconcile.errors import ConfigError
from reconcile.runs.workspace import create
from reconcile.settings.config import load_config

FIGURES = '[kilder.hand07]\nfiler = ["h.csv"]\n'


def kommune(folder: Path, section: str) -> tuple[str, str]:
    """Code and name of a configuration with this [kommune]."""
    path = folder / "reconcile.toml"
    path.write_text(f"[kommune]\n{section}\n{FIGURES}", encoding="utf-8")
    found = load_config(path).kommune
    return found.kode, found.navn


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ('navn = "Lemvig"', ("665", "Lemvig")),
        ('navn = "lemvig kommune"', ("665", "lemvig kommune")),
        ('navn = "Københavns Kommune"', ("101", "Københavns Kommune")),
        ('kode = "665"', ("665", "Lemvig")),
        ("kode = 665", ("665", "Lemvig")),
        ('kode = "0665"', ("665", "Lemvig")),
        ('kode = "665"\nnavn = "Vores"', ("665", "Vores")),
        ('kode = "999"', ("999", "")),
        ('kode = "000"\nnavn = "Lemvig"', ("665", "Lemvig")),
        ('kode = "000"\nnavn = "Jeres Kommune"', ("000", "Jeres Kommune")),
    ],
)
def test_the_code_is_found_by_the_name_and_the_name_by_the_code(
    tmp_path: Path, section: str, told: tuple[str, str]
) -> None:
    assert kommune(tmp_path, section) == told


def test_a_name_that_is_no_kommune_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"«Lemvik» er ikke en kommune.*Mente du «Lemvig»"):
        kommune(tmp_path, 'navn = "Lemvik"')


def folder_of_figures(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reconcile.toml").write_text(f'[kommune]\nnavn = "Lemvig"\n{FIGURES}', encoding="utf-8")
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;160\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("stand", [".", "min mappe", "min mappe/ind/2020"])
def test_a_command_finds_the_working_folder_from_above_inside_and_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stand: str
) -> None:
    folder_of_figures(tmp_path / "min mappe")
    (tmp_path / "min mappe" / "ind" / "2020").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / stand)
    assert call("sources") == 0
    assert "h.csv" in capsys.readouterr().out


def test_two_working_folders_below_are_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder_of_figures(tmp_path / "a")
    folder_of_figures(tmp_path / "b")
    monkeypatch.chdir(tmp_path)
    assert call("sources") == 2
    assert "(a, b)" in capsys.readouterr().err


def test_a_named_configuration_is_that_one_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder_of_figures(tmp_path)
    (tmp_path / "under").mkdir()
    monkeypatch.chdir(tmp_path / "under")
    assert call("sources", "--config", "reconcile.toml") == 2
    assert "findes ikke" in capsys.readouterr().err


def section(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "reconcile.toml").read_text(encoding="utf-8"))["kommune"]


@pytest.mark.parametrize("typed", ["Lemvig", "665", "0665", "lemvig kommune"])
def test_init_takes_the_kommune_by_name_or_code(tmp_path: Path, typed: str) -> None:
    assert call("init", tmp_path, "--kommune", typed) == 0
    assert section(tmp_path) == {"kode": "665", "navn": "Lemvig"}


def test_init_refuses_a_kommune_that_is_none_before_it_makes_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("init", tmp_path / "ny", "--kommune", "Lemvik") == 2
    assert "Mente du «Lemvig»?" in capsys.readouterr().err
    assert not (tmp_path / "ny").exists()


def test_init_asks_again_for_a_kommune_it_does_not_know_and_lets_be_what_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal(monkeypatch, "Lemvik", "Lemvig", "")
    assert call("init", tmp_path) == 0
    assert "Mente du «Lemvig»?" in capsys.readouterr().out
    assert section(tmp_path) == {"kode": "665", "navn": "Lemvig"}
    terminal(monkeypatch, "")
    assert call("init", tmp_path) == 0
    assert "Hvilken kommune" not in capsys.readouterr().out


def test_init_passes_over_the_lock_that_excel_lays_beside_an_open_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = tmp_path / "filer"
    files.mkdir()
    (files / "~$nexus.xlsx").write_bytes(b"lock")
    (files / ".skjult.csv").write_text("cpr\n", encoding="utf-8")
    (files / "godkendt.csv").write_text("kommune;periode;godkendt\n665;2023K1;ja\n", encoding="utf-8")
    terminal(monkeypatch, "Lemvig", str(files), "n")
    assert call("init", tmp_path) == 0
    said = capsys.readouterr().out
    assert "har 1 fil." in said
    assert "~$" not in said


def test_init_in_a_pipe_asks_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("init", tmp_path) == 0
    assert "reconcile add" in capsys.readouterr().out
    assert section(tmp_path)["kode"] == "000"


def terminal(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in answers)))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder made by a program that is installed under a name with a blank, æøå and an apostrophe."""
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: "C:\\Brugere\\Åse O'Hara\\.venv\\Scripts")
    list(create(tmp_path))
    return tmp_path


def test_start_bat_is_lines_that_windows_reads_and_every_jump_has_a_place(started: Path) -> None:
    content = (started / "start.bat").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 10
    text = content.decode("utf-8")
    lines = text.splitlines()
    assert lines[:2] == ["@echo off", "chcp 65001 >nul"], (
        "the page of the console is set before any letter that needs it"
    )
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert set(re.findall(r"goto (\w+)", text)) == labels
    assert 'set "RECONCILE=C:\\Brugere\\Åse O\'Hara\\.venv\\Scripts\\reconcile.exe"' in lines
    assert '"%RECONCILE%" run --open %*' in lines
    assert all(lines[lines.index(line) - 1] == "pause" for line in lines if line.startswith("exit"))


def test_start_ps1_has_its_mark_for_windows_own_powershell_and_quotes_the_path(started: Path) -> None:
    content = (started / "start.ps1").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert "'C:\\Brugere\\Åse O''Hara\\.venv\\Scripts\\reconcile.exe'" in text
    assert text.count("{") == text.count("}") > 0
    assert "{{" not in text
    assert "Read-Host" in text
