"""What stops a run is said once, against the headings that are there, and ends with what would mend it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from support import newcomer
from support.loading import loading, refused, workbook
from support.runs import call

from reconcile.runs.workspace import create
from reconcile.settings.edit import with_kommune, with_sources

HEAD = "CPR-nummer;DST kode;Bevilget fra;Bevilget til\n"
ROW = "0101600001;1.1;01-01-2020;\n"


def toml(text: str) -> dict[str, Any]:
    """The TOML that a refusal ends with."""
    lines = [line.strip() for line in text.splitlines()]
    return tomllib.loads("\n".join(line for line in lines if line.startswith("[") or " = " in line))["kilder"]


def test_a_heading_that_several_files_lack_is_said_once_with_the_files_named(tmp_path: Path) -> None:
    said = refused(tmp_path, "fagsystem", {"a.csv": HEAD + ROW, "b.csv": HEAD + ROW})
    assert "(3 fejl)" in said
    assert said.count("kolonnen til cpr") == 1
    assert "· a.csv, b.csv, kolonne «cpr»" in said


def test_many_files_are_counted_and_not_all_named(tmp_path: Path) -> None:
    said = refused(tmp_path, "fagsystem", {f"f{n}.csv": HEAD + ROW for n in range(8)})
    assert "f4.csv, 3 filer mere, kolonne «cpr»" in said
    assert "f5.csv" not in said


def test_mistakes_in_rows_are_said_for_each_file(tmp_path: Path) -> None:
    content = "cpr;dst_kode;start_dato\n0101600001;1.1;31-02-2020\n"
    said = refused(tmp_path, "fagsystem", {"a.csv": content, "b.csv": content})
    assert "(2 fejl)" in said
    assert said.count("31-02-2020") == 2


def test_the_toml_at_the_end_mends_it(tmp_path: Path) -> None:
    files = {"a.csv": HEAD + ROW, "b.csv": HEAD + ROW.replace("0101", "0201")}
    columns = toml(refused(tmp_path, "fagsystem", files))["fagsystem"]["kolonner"]
    assert columns == {
        "cpr": "CPR-nummer",
        "dst_kode": "DST kode",
        "start_dato": "Bevilget fra",
        "slut_dato": "Bevilget til",
    }
    with loading(tmp_path, "fagsystem", files, kolonner=columns) as read:
        assert read.column("cpr") == ["0101600001", "0201600001"]


def test_what_the_user_has_written_and_is_right_stays_in_it(tmp_path: Path) -> None:
    content = HEAD.replace("CPR-nummer", "Hvem") + ROW
    given = {"cpr": "Hvem", "start_dato": "Startdag"}
    columns = toml(refused(tmp_path, "fagsystem", {"a.csv": content}, kolonner=given))["fagsystem"]["kolonner"]
    assert columns["cpr"] == "Hvem"
    assert columns["start_dato"] == "Bevilget fra"


def test_the_headings_named_are_the_files_own_also_under_titles(tmp_path: Path) -> None:
    rows = [("Bevillinger, voksne",), ("Udtrukket 31-08-2023",), (), ("Borger", "Hvornår", "Hvad"), ("a", "b", "c")]
    content = workbook(tmp_path / "f.xlsx", {"Ark1": rows})
    said = refused(tmp_path, "fagsystem", {"f.xlsx": content})
    assert "«Borger», «Hvornår», «Hvad»" in said
    assert "Bevillinger, voksne" not in said


@pytest.mark.parametrize(("name", "written"), [("f.csv", "f.csv"), ("mine filer.csv", '"mine filer.csv"')])
def test_where_the_columns_are_in_doubt_it_points_at_add_and_proposes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, written: str
) -> None:
    monkeypatch.chdir(tmp_path)
    content = "CPR number;Service code;From;To\n0101600001;1.1;2020-01-01;\n0201600002;1.3;2020-01-01;2021-01-01\n"
    said = refused(tmp_path, "fagsystem", {name: content})
    assert said.endswith(f"reconcile add {written}")
    assert "kolonner]" not in said


def test_a_newcomer_who_only_names_the_files_can_paste_what_the_run_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    list(create(tmp_path))
    newcomer.write(tmp_path / "ind", newcomer.municipality())
    config = tmp_path / "reconcile.toml"
    named = with_sources(
        with_kommune(config.read_text(encoding="utf-8"), *newcomer.KOMMUNE),
        {"fagsystem": {"filer": ["ind/nexus-*.xlsx"]}, "oekonomi": {"filer": ["ind/posteringer*.xlsx"]}},
    )
    config.write_text(named, encoding="utf-8")
    assert call("sources", "--config", config) == 2
    config.write_text(with_sources(named, toml(capsys.readouterr().err)), encoding="utf-8")
    assert call("sources", "--config", config) == 0
