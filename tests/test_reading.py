"""«Sådan læste vi jeres filer»: everything that was assumed about a file, and three rows that point at nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.loading import loading, workbook
from support.runs import call
from support.worlds import world

from reconcile.controls import landscape
from reconcile.results.survey import FileReading

HEAD = "CPR-nummer;DST kode;Bevilget fra;Bevilget til;Betalingskommune;Navn;Bevillings-id\n"
MAP = {
    "cpr": "CPR-nummer",
    "dst_kode": "DST kode",
    "start_dato": "Bevilget fra",
    "slut_dato": "Bevilget til",
    "betalingskommune": "Betalingskommune",
    "ydelse_id": "Bevillings-id",
}


def one(folder: Path, source: str, files: dict[str, str | bytes], **options: Any) -> FileReading:
    with loading(folder, source, files, **options) as read:
        assert len(read.loaded.readings) == 1
        return read.loaded.readings[0]


def test_a_text_file_tells_its_encoding_delimiter_nulls_and_repaired_numbers(tmp_path: Path) -> None:
    rows = "0101600001;1.1;01-01-2020;;NULL;Å;N-1\n201600002;1.3;02-01-2020;ukendt;665;Æ;N-2\n"
    told = one(tmp_path, "fagsystem", {"f.csv": (HEAD + rows).encode("windows-1252")}, kolonner=MAP)
    assert (told.tegnsaet, told.skilletegn, told.overskriftsraekke, told.ark) == ("windows-1252", ";", 1, "")
    assert (told.nulord, told.rettede_cpr, told.raekker, told.enhed, told.serie) == (2, 1, 2, None, "")
    assert told.laeses_ikke == "«Navn»"
    assert "slut_dato = «Bevilget til»" in told.kolonner


def test_the_rows_shown_have_no_cpr_number_no_case_number_and_no_text_about_a_person(tmp_path: Path) -> None:
    rows = "".join(f"{n:02d}01600001;1.1;0{n}-01-2020;;665;x;N-{n}\n" for n in range(1, 6))
    told = one(tmp_path, "fagsystem", {"f.csv": HEAD + rows}, kolonner=MAP)
    assert told.raekke_1 == "dst_kode 1.1 · start_dato 01-01-2020 · betalingskommune 665"
    assert told.raekke_3 == "dst_kode 1.1 · start_dato 03-01-2020 · betalingskommune 665"


def test_a_ledger_shows_no_text_of_its_postings(tmp_path: Path) -> None:
    content = "konto;beloeb;bogfoert_dato;cpr;tekst;bilag\n538591002;9,50;20-07-2023;0101600001;Anna Prøve;B7\n"
    told = one(tmp_path, "oekonomi", {"o.csv": content})
    assert told.raekke_1 == "konto 538591002 · beloeb 9,50 · bogfoert_dato 20-07-2023"
    assert told.raekke_2 == told.raekke_3 == ""


def test_a_register_of_persons_shows_no_birthday(tmp_path: Path) -> None:
    told = one(tmp_path, "borger", {"b.csv": "cpr;foedselsdato;doedsdato;kommune\n0101600001;01-01-1960;;665\n"})
    assert told.raekke_1 == "kommune 665"


def test_a_workbook_tells_its_sheet_heading_row_unit_and_the_rows_left_out(tmp_path: Path) -> None:
    rows = [
        ("Posteringer",),
        (),
        ("konto", "Beløb (t.kr.)", "bogfoert_dato"),
        ("538591002", 9.5, "20-07-2023"),
        ("538591002", 1, "21-07-2023"),
        ("I alt", 10.5),
        ("Kilde: økonomisystemet",),
    ]
    content = workbook(tmp_path / "o.xlsx", {"Forside": [("x",)], "Ark2": rows})
    told = one(tmp_path, "oekonomi", {"o.xlsx": content}, kolonner={"beloeb": "Beløb (t.kr.)"})
    assert (told.ark, told.overskriftsraekke, told.enhed, told.udeladte) == ("Ark2", 3, 1000, "6–7")
    assert told.raekke_1.startswith("konto 538591002 · beloeb 9.500,00")


@pytest.mark.parametrize(("shared", "serie"), [(10, "hele"), (0, "dele")])
def test_several_files_tell_what_they_are_to_each_other(tmp_path: Path, shared: int, serie: str) -> None:
    head = "cpr;dst_kode;start_dato\n"
    first = [f"{n:02d}01600001;1.1;01-01-2020\n" for n in range(1, 11)]
    second = [row if n < shared else row.replace("0160", "0260") for n, row in enumerate(first)]
    files = {"a-2020-01.csv": head + "".join(first), "a-2020-02.csv": head + "".join(second)}
    with loading(tmp_path, "fagsystem", files) as read:
        assert [row.serie for row in read.loaded.readings] == [serie, serie]


def test_the_table_stands_in_every_run_beside_the_datalandskab() -> None:
    with world({"fagsystem": []}) as context:
        names = [table.name for table in landscape.run(context).tables]
    assert {"datalandskab", "laesning"} <= set(names)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with one file of figures."""
    (tmp_path / "reconcile.toml").write_text(
        '[kommune]\nkode = "665"\n[kilder.hand07]\nfiler = ["ind/h.csv"]\n', encoding="utf-8"
    )
    (tmp_path / "ind").mkdir()
    (tmp_path / "ind" / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;160\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["h.csv", "ind/h.csv", "ind\\h.csv"])
def test_sources_with_a_file_tells_how_that_one_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert call("sources", name, "--config", folder / "reconcile.toml") == 0
    said = capsys.readouterr().out
    assert said.startswith("h.csv · HAND07")
    assert "UTF-8, «;»" in said
    assert "dst_kode 1.1 · periode 2020K1 · antal 160" in said


def test_sources_with_a_file_of_no_source_says_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("sources", "hh.csv", "--config", folder / "reconcile.toml") == 2
    said = capsys.readouterr().err
    assert "reconcile add hh.csv" in said
    assert "Mente du «h.csv»?" in said


def test_the_page_and_the_workbook_of_a_run_tell_it_too(folder: Path) -> None:
    import openpyxl

    assert call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r", "-q") in (0, 1)
    page = (folder / "r" / "rapport.html").read_text(encoding="utf-8")
    section = page.split('id="laesning"')[1].split("</section>")[0]
    assert "UTF-8, «;»" in section
    assert "dst_kode 1.1 · periode 2020K1 · antal 160" in section
    sheet = openpyxl.load_workbook(folder / "r" / "rapport.xlsx")["Læsning"]
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert "dst_kode 1.1 · periode 2020K1 · antal 160" in cells
