"""`reconcile add`: the newcomer's way to a right report, the conversation, the TOML, and what is never written."""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from support import newcomer
from support.runs import call

from reconcile.runs.adding import patterns
from reconcile.runs.workspace import create
from reconcile.settings.edit import with_kommune

ENGLISH = ("CPR number", "Service code", "From", "To", "Municipality")
COURSES = "CPR-nummer;DST kode;Bevilget fra;Bevilget til\n0101600001;1.1;01-01-2023;\n0201600002;1.3;01-01-2023;\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new working folder of Lemvig, in which the test stands."""
    list(create(tmp_path))
    config = tmp_path / "reconcile.toml"
    config.write_text(with_kommune(config.read_text(encoding="utf-8"), *newcomer.KOMMUNE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sources(folder: Path) -> dict[str, Any]:
    """[kilder] of the working folder."""
    return tomllib.loads((folder / "reconcile.toml").read_text(encoding="utf-8"))["kilder"]


def answer(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """A person at a terminal who types these lines."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in answers)))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / "ind" / name).write_text(text, encoding="utf-8")


def test_english_headings_are_a_question_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newcomer.write(folder / "ind", newcomer.municipality(), headings=ENGLISH)
    before = (folder / "reconcile.toml").read_bytes()
    assert call("add", "ind/nexus-2023-09.xlsx", "--yes") == 2
    said = capsys.readouterr().out
    for word in ("start_dato", "slut_dato", "«From»", "«To»", "handlekommune", "«Municipality»"):
        assert word in said
    assert (folder / "reconcile.toml").read_bytes() == before


def test_on_a_terminal_the_doubts_are_asked_about_and_the_answers_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    newcomer.write(folder / "ind", newcomer.municipality(), headings=ENGLISH)
    answer(monkeypatch, "1", "1", "1", "j")
    assert call("add", "ind/nexus-2023-09.xlsx") == 0, capsys.readouterr().out
    assert sources(folder)["fagsystem"]["kolonner"] == {
        "cpr": "CPR number",
        "dst_kode": "Service code",
        "start_dato": "From",
        "slut_dato": "To",
        "handlekommune": "Municipality",
    }


@pytest.mark.parametrize("answers", [("0", "0", "0"), ("1", "1", "1", "n")])
def test_who_does_not_know_or_says_no_gets_nothing_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, answers: Sequence[str]
) -> None:
    newcomer.write(folder / "ind", newcomer.municipality(), headings=ENGLISH)
    answer(monkeypatch, *answers)
    call("add", "ind/nexus-2023-09.xlsx")
    assert "fagsystem" not in sources(folder)


def test_the_lines_to_fill_in_name_the_file_from_the_folder_of_the_configuration(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "538591002;0101600001;9.000,00;1.000,00;01-02-2023\n"
    write(folder, {"posteringer.csv": f"Konto;CPR;Budget;Forbrug;Bogføringsdato\n{rows}"})
    assert call("add", "ind/posteringer.csv", "--yes") == 2
    assert 'filer = ["ind/posteringer.csv"]' in capsys.readouterr().out


def test_in_a_pipe_it_prints_toml_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newcomer.write(folder / "ind", newcomer.municipality())
    before = (folder / "reconcile.toml").read_bytes()
    assert call("add", "ind") == 0
    assert tomllib.loads(capsys.readouterr().out)["kilder"] == {
        "fagsystem": {
            "filer": ["ind/nexus-*.xlsx"],
            "serie": "hele",
            "kolonner": {
                "cpr": "CPR-nummer",
                "dst_kode": "DST kode",
                "start_dato": "Bevilget fra",
                "slut_dato": "Bevilget til",
            },
        },
        "hand07": {"filer": ["ind/hand07 modtagere.xlsx"]},
        "oekonomi": {
            "filer": ["ind/posteringer 2023 (økonomi).xlsx"],
            "enhed": 1000,
            "kolonner": {
                "konto": "Kontonummer",
                "beloeb": "Beløb (t.kr.)",
                "bogfoert_dato": "Bogføringsdato",
                "cpr": "CPR-nr.",
            },
        },
    }
    assert (folder / "reconcile.toml").read_bytes() == before


def test_every_line_that_stood_in_the_configuration_still_stands_there(folder: Path) -> None:
    write(folder, {"nexus.csv": COURSES})
    before = (folder / "reconcile.toml").read_text(encoding="utf-8").splitlines()
    assert call("add", "ind/nexus.csv", "--yes") == 0
    after = (folder / "reconcile.toml").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line in before and line] == [line for line in before if line]


def test_files_that_are_there_already_change_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, {"nexus.csv": COURSES})
    call("add", "ind/nexus.csv", "--yes")
    before = (folder / "reconcile.toml").read_bytes()
    capsys.readouterr()
    assert call("add", "ind/nexus.csv", "--yes") == 0
    assert "i forvejen" in capsys.readouterr().out
    assert (folder / "reconcile.toml").read_bytes() == before


def test_a_new_file_of_a_source_is_added_to_those_it_has(folder: Path) -> None:
    write(folder, {"nexus.csv": COURSES})
    call("add", "ind/nexus.csv", "--yes")
    write(folder, {"bosted.csv": COURSES.replace("160000", "170000")})
    assert call("add", "ind/bosted.csv", "--yes") == 0
    assert sources(folder)["fagsystem"]["filer"] == ["ind/nexus.csv", "ind/bosted.csv"]


def test_other_headings_than_the_source_has_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, {"nexus.csv": COURSES, "bosted.csv": COURSES.replace("Bevilget fra", "Startdato")})
    assert call("add", "ind/nexus.csv", "--yes") == 0
    assert call("add", "ind/bosted.csv", "--yes") == 2
    said = capsys.readouterr().out
    assert "«Startdato»" in said
    assert "«Bevilget fra»" in said
    assert sources(folder)["fagsystem"]["filer"] == ["ind/nexus.csv"]


def test_two_files_that_call_a_column_two_things_are_not_one_source(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {"nexus a.csv": COURSES, "nexus b.csv": COURSES.replace("Bevilget fra", "Startdato")})
    assert call("add", "ind", "--yes") == 2
    assert "nexus a.csv; kald dem det samme" in capsys.readouterr().out
    assert sources(folder)["fagsystem"]["filer"] == ["ind/nexus a.csv"]


def overlapping(folder: Path) -> None:
    """Two extracts of which one half of the courses is the same."""
    rows = [f"{n:02d}01600001;1.1;01-01-2023;\n" for n in range(1, 13)]
    head = COURSES.splitlines()[0] + "\n"
    write(folder, {"nexus a.csv": head + "".join(rows[:8]), "nexus b.csv": head + "".join(rows[4:])})


def test_parts_or_whole_extracts_is_a_question(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overlapping(folder)
    assert call("add", "ind", "--yes") == 2
    assert 'serie = "hele"' in capsys.readouterr().out
    assert "fagsystem" not in sources(folder)


@pytest.mark.parametrize(("typed", "serie"), [("1", "hele"), ("2", "dele")])
def test_the_answer_about_parts_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, typed: str, serie: str
) -> None:
    overlapping(folder)
    answer(monkeypatch, typed, "j")
    assert call("add", "ind") == 0
    assert sources(folder)["fagsystem"]["serie"] == serie


def test_a_cell_that_cannot_be_read_is_told_before_the_run_stops_at_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {"nexus.csv": COURSES + "0301600003;1.1;31-02-2023;\n"})
    assert call("add", "ind/nexus.csv", "--yes") == 1
    said = capsys.readouterr().out
    assert "række 4" in said
    assert "31-02-2023" in said


@pytest.mark.parametrize(("own", "kept"), [(False, []), (True, ["masteroversigt.csv"])])
def test_the_masteroversigt_of_init_gives_way_to_the_users_where_nobody_has_changed_it(
    folder: Path, own: bool, kept: list[str]
) -> None:
    if own:
        with (folder / "masteroversigt.csv").open("a", encoding="utf-8") as handle:
            handle.write("1.3;538391006;;;;;nej\n")
    write(folder, {"vores masterark.csv": "dst_kode;konto\n1.1;538591001\n1.4;538581001\n"})
    assert call("add", "ind", "--yes") == 0
    assert sources(folder)["masteroversigt"]["filer"] == [*kept, "ind/vores masterark.csv"]


def test_dry_run_writes_nothing_even_with_yes(folder: Path) -> None:
    write(folder, {"nexus.csv": COURSES})
    assert call("add", "ind", "--yes", "--dry-run") == 0
    assert "fagsystem" not in sources(folder)


def test_the_user_may_say_which_source_it_is_and_a_slip_is_answered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {"udtræk.csv": COURSES})
    assert call("add", "ind", "--som", "fagsystm", "--yes") == 2
    assert "Mente du «fagsystem»?" in capsys.readouterr().err
    assert call("add", "ind", "--as", "fagsystem", "--yes") == 0
    assert sources(folder)["fagsystem"]["filer"] == ["ind/udtræk.csv"]


def test_a_file_that_is_not_there_and_a_folder_without_configuration_are_sentences(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("add", "ind/findes-ikke.csv") == 2
    assert "findes ikke" in capsys.readouterr().err
    write(folder, {"nexus.csv": COURSES})
    assert call("add", "ind/nexus.csv", "--config", "andet/reconcile.toml") == 2
    assert "reconcile init" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "beside", "written"),
    [
        (["nexus-2023-07.csv", "nexus-2023-08.csv"], [], ["ind/nexus-*.csv"]),
        (["nexus-2023-07.csv", "nexus-2023-08.csv"], ["nexus-x.csv"], ["ind/nexus-2023-0*.csv"]),
        (["nexus-1.csv", "nexus-2.csv"], ["nexus-3.csv"], ["ind/nexus-1.csv", "ind/nexus-2.csv"]),
        (["a.csv", "b.csv"], [], ["ind/a.csv", "ind/b.csv"]),
        (["nexus-1.csv", "nexus-2.xlsx"], [], ["ind/nexus-1.csv", "ind/nexus-2.xlsx"]),
    ],
)
def test_a_pattern_is_written_where_it_means_these_files_and_no_others(
    tmp_path: Path, given: list[str], beside: list[str], written: list[str]
) -> None:
    (tmp_path / "ind").mkdir()
    for name in (*given, *beside):
        (tmp_path / "ind" / name).touch()
    assert patterns([tmp_path / "ind" / name for name in given], tmp_path) == written
