"""A run over several kommuner: each is judged as if it were alone, and nothing of another's is in its report."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import pytest
from support.land import Files, land, part, write
from support.runs import call

from reconcile.errors import ConfigError
from reconcile.history.published import manifests
from reconcile.settings.config import load_config

CODES = ("665", "751")


@pytest.fixture(scope="module")
def files() -> Files:
    return land([*CODES, "851"], persons=8)


@pytest.fixture(scope="module")
def several(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flere")
    config = write(folder, files, f"kode = {list(CODES)}\nnavn = 'Prøven'")
    assert call("run", "--config", config, "--out", folder / "ud" / "1", "--quiet", "--period", "2020") == 1
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [
            {name: value for name, value in row.items() if name != "raekke"}
            for row in csv.DictReader(handle, delimiter=";")
        ]


def plain(value: Any) -> Any:
    """A result without what tells of the files that were read."""
    if isinstance(value, dict):
        told = ("raekke", "sha256", "bytes", "tid", "konfiguration", "laesning")
        return {name: plain(v) for name, v in value.items() if name not in told}
    return (
        [plain(v) for v in value if not (isinstance(v, str) and "siger ikke" in v)]
        if isinstance(value, list)
        else value
    )


@pytest.mark.parametrize("kommune", CODES)
def test_each_report_is_that_of_a_run_on_the_kommune_alone(
    kommune: str, several: Path, files: Files, tmp_path: Path
) -> None:
    name = {"665": "Lemvig", "751": "Aarhus"}[kommune]
    config = write(tmp_path, part(files, kommune), f"kode = '{kommune}'\nnavn = '{name}'")
    call("run", "--config", config, "--out", tmp_path / "ud" / "1", "--quiet", "--period", "2020")
    alone, own = tmp_path / "ud" / "1", several / "ud" / "1" / kommune
    assert sorted(p.name for p in alone.iterdir()) == sorted(p.name for p in own.iterdir())
    for path in alone.glob("*.csv"):
        assert rows(own / path.name) == rows(path), path.name
    results = [plain(json.loads((folder / "resultat.json").read_text(encoding="utf-8"))) for folder in (alone, own)]
    assert results[0] == results[1]
    assert len(rows(own / "fund.csv")) > 10
    assert {row["regel"][:2] for row in rows(own / "fund.csv")} >= {"OE", "VH", "YR"}


def test_counters_are_followed_across_kommuner_and_a_finding_is_the_financing_kommunes(
    several: Path, files: Files
) -> None:
    movers = {row["cpr"] for row in files["yr"] if row["finansieringskommune"] == "665"} & {
        row["cpr"] for row in files["yr"] if row["finansieringskommune"] == "751"
    }
    assert movers
    found = {
        kommune: {
            (row["borger"], row["periode"])
            for row in rows(several / "ud" / "1" / kommune / "fund.csv")
            if row["regel"] == "YR03"
        }
        for kommune in CODES
    }
    assert found["665"]
    assert not found["665"] & found["751"]


def test_the_overview_tells_of_each_and_its_manifest_covers_every_file(several: Path) -> None:
    folder = several / "ud" / "1"
    overview = rows(folder / "kommuner.csv")
    assert [row["kommune"] for row in overview] == list(CODES)
    for row in overview:
        result = json.loads((folder / row["kommune"] / "resultat.json").read_text(encoding="utf-8"))
        assert int(row["aabne_celler"]) == result["koersel"]["aabne_celler"]
        cases = [case for case in rows(folder / row["kommune"] / "sager.csv") if case["regel"] != "CELLE"]
        assert cases
        assert sum(int(row[name]) for name in ("fejl", "advarsler", "oplysninger")) == len(cases)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {"manifest.json"}
    assert set(manifest["output"]) == there
    assert {"665/fund.csv", "751/rapport.html", "751/manifest.json", "rapport.html"} <= there
    page = (folder / "rapport.html").read_text(encoding="utf-8")
    assert page.count("<figure") == len(CODES)
    assert "2 af 2 kommuner har noget, der skal undersøges." in page
    assert "1 række siger ikke, hvilken kommune de hører til" in page
    assert "rækker hører til kommuner, der ikke er med i kørslen" in page


def test_the_overviews_workbook_has_the_rows_of_the_csv_and_each_kommunes_quarters(several: Path) -> None:
    folder = several / "ud" / "1"
    book = openpyxl.load_workbook(folder / "rapport.xlsx", read_only=True)
    assert book.sheetnames == ["Kommunerne", "Celler", "Forbehold"]
    heading, *told = book["Kommunerne"].iter_rows(values_only=True)
    assert heading[:3] == ("Kommune", "Navn", "Dom")
    for row, listed in zip(told, rows(folder / "kommuner.csv"), strict=True):
        assert list(map(str, row[:10])) == list(listed.values())[:10]
    cells = [row for row in book["Celler"].iter_rows(values_only=True) if row[0] == "665"]
    assert sum(int(str(row[4])) for row in cells) == next(int(str(row[5])) for row in told if row[0] == "665")
    assert any(
        "hører til kommuner, der ikke er med" in str(row[0]) for row in book["Forbehold"].iter_rows(values_only=True)
    )


def test_no_output_has_a_cpr_number(several: Path, files: Files) -> None:
    numbers = {row["cpr"] for name in ("fagsystem", "yr", "borger") for row in files[name]}
    found = re.compile("|".join(sorted(numbers)).encode())
    written = [path for folder in ("ud", "kommuner") for path in (several / folder).rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if found.search(path.read_bytes())]


def test_an_overview_is_no_run_to_be_compared_with_but_its_kommuners_are(several: Path) -> None:
    assert manifests(several) == ([], [])
    found, unreadable = manifests(several, "665")
    assert ([m.folder.name for m in found], unreadable) == (["665"], [])
    assert (several / "kommuner" / "665" / "aftryk").is_dir()


def test_processes_come_to_the_same_and_the_reports_of_before_are_replaced_whole(tmp_path: Path, files: Files) -> None:
    out = tmp_path / "rapport"
    config = write(tmp_path, files, "kode = 'alle'")
    with mock.patch("reconcile.cli.kommuner._A_PROCESS", 1), mock.patch.object(os, "cpu_count", return_value=2):
        call("validate", "--config", config, "--out", out, "--quiet")
    assert sorted(p.name for p in out.iterdir() if p.is_dir()) == [*CODES, "851"]
    before = {p.relative_to(out): p.read_bytes() for p in out.rglob("*.csv") if p.parent.name in CODES}
    assert all(len(rows(out / kommune / "fund.csv")) > 0 for kommune in CODES)
    write(tmp_path, files, f"kode = {list(CODES)}")
    call("validate", "--config", config, "--out", out, "--quiet")
    assert sorted(p.name for p in out.iterdir() if p.is_dir()) == list(CODES)
    assert before == {p.relative_to(out): p.read_bytes() for p in out.rglob("*.csv") if p.parent.name in CODES}


def test_a_file_of_others_in_a_kommunes_folder_is_never_removed(tmp_path: Path) -> None:
    from reconcile.errors import InputError
    from reconcile.reports.publish import move_in

    folder = tmp_path / "ud"
    (folder / "665").mkdir(parents=True)
    (folder / "665" / "noter.txt").write_text("mine", encoding="utf-8")
    said = {"kommando": "run", "tid": "2020-01-01", "output": {"665/fund.csv": {}, "rapport.html": {}}}
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    (tmp_path / "ny" / "665").mkdir(parents=True)
    with pytest.raises(InputError, match="665"):
        move_in(tmp_path / "ny", folder)
    assert (folder / "665" / "noter.txt").read_text(encoding="utf-8") == "mine"


def test_sources_that_never_say_whose_their_rows_are_are_refused(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lacks = {"oekonomi": "kommune", "hand07": "kommune", "yr": "finansieringskommune", "fagsystem": "handlekommune"}
    drop = {"betalingskommune", *lacks.values()}
    mute = {name: [{k: v for k, v in row.items() if k not in drop} for row in rows_] for name, rows_ in files.items()}
    config = write(tmp_path, mute, f"kode = {list(CODES)}")
    assert call("run", "--config", config, "--out", tmp_path / "ud") == 2
    said = capsys.readouterr().err
    for name, column in lacks.items():
        assert f"[kilder.{name}]: ingen række siger, hvilken kommune den hører til; kolonnen {column} mangler." in said
    assert not (tmp_path / "ud").exists()


def test_a_delivery_of_yr_says_in_its_name_whose_it_is(files: Files, tmp_path: Path) -> None:
    yr = [{k: v for k, v in row.items() if k != "finansieringskommune"} for row in files["yr"]]
    config = write(tmp_path, {"yr": yr}, f"kode = {list(CODES)}")
    name = "yr-ydelsesrefusion-beregning-0751-0001-2020-08-01.csv"
    (tmp_path / "ind" / "yr.csv").rename(tmp_path / "ind" / name)
    config.write_text(config.read_text(encoding="utf-8").replace("yr.csv", name), encoding="utf-8")
    assert call("yr", "--config", config, "--out", tmp_path / "ud", "--quiet") == 1
    counts = {kommune: len(rows(tmp_path / "ud" / kommune / "fund.csv")) for kommune in CODES}
    assert counts["751"] > 10
    assert counts["665"] == 0


@pytest.mark.parametrize(("written", "codes"), [("['665', '0751', 665]", ("665", "751")), ("'alle'", ()), ("665", ("665",)),
                                                ("['665']", ("665",))])  # fmt: skip
def test_a_code_a_list_of_codes_or_all(written: str, codes: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "reconcile.toml").write_text(f"[kommune]\nkode = {written}\n[kilder]\n", encoding="utf-8")
    kommune = load_config(tmp_path / "reconcile.toml").kommune
    assert kommune.codes == codes
    assert kommune.several == (len(codes) != 1)


@pytest.mark.parametrize("written", ["[]", "['66']", "'alle sammen'", "[1.5]", "[true]"])
def test_what_is_no_code_is_refused(written: str, tmp_path: Path) -> None:
    (tmp_path / "reconcile.toml").write_text(f"[kommune]\nkode = {written}\n[kilder]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"kommune\.kode"):
        load_config(tmp_path / "reconcile.toml")
