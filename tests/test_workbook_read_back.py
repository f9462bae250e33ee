"""The workbook is worked in: what is written in «Sager» follows the case, and becomes acceptances, or is named by its cell."""

from __future__ import annotations

import re
import shutil
import tomllib
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from support import office
from support.runs import call
from test_run_options import hand07, runs
from test_verdict_honest import municipality

from reconcile.history.remarks import read_remarks

UNTIL = date.today() + timedelta(days=200)  # noqa: DTZ011 - a day as a user writes it
OPEN = "CELLE:1.1:2020K3"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A municipality with two open cells, run once."""
    made = municipality(tmp_path_factory.mktemp("kommune"), "1.1;2020K3;9\n1.3;2020K3;4\n")
    assert hand07(made) == 1
    return made


@pytest.fixture
def folder(once: Path, tmp_path: Path) -> Path:
    """The municipality to work in."""
    return shutil.copytree(once, tmp_path / "kommune")


def write(book: Path, case: str, **texts: Any) -> None:
    """Write in the row of a case, as a user does: by the headings."""
    loaded = openpyxl.load_workbook(book)
    sheet = loaded["Sager"]
    headings = [cell.value for cell in sheet[1]]
    (row,) = [r for r in range(2, sheet.max_row + 1) if sheet.cell(r, headings.index("Sag") + 1).value == case]
    for heading, text in texts.items():
        sheet.cell(row, headings.index(heading.replace("_", " ")) + 1).value = text
    loaded.save(book)


def accept(folder: Path, book: Path) -> int:
    return call("accept", "--from", book, "--config", folder / "reconcile.toml")


def workbook(folder: Path, number: int = 0) -> Path:
    return runs(folder)[number] / "rapport.xlsx"


def cases(folder: Path) -> dict[str, dict[str, Any]]:
    from reconcile.history.published import read_run

    return {row["sag_id"]: dict(row) for row in read_run(runs(folder)[-1]).rows("sager")}


def test_remarks_and_acceptances_follow_the_case_into_the_next_run(folder: Path) -> None:
    write(workbook(folder), OPEN, Bemærkning="Ringet til DST", Ansvarlig="JH", Arbejdsstatus="i gang")
    write(workbook(folder), "CELLE:1.3:2020K3", Årsag="Kendt forskel, meldt til DST", Initialer="JH", Gælder_til=UNTIL)
    assert accept(folder, workbook(folder)) == 0
    assert hand07(folder) == 1
    now = cases(folder)
    assert (now[OPEN]["bemaerkning"], now[OPEN]["ansvarlig"], now[OPEN]["arbejdsstatus"]) == (
        "Ringet til DST",
        "JH",
        "i gang",
    )
    assert (now["CELLE:1.3:2020K3"]["status"], now[OPEN]["status"]) == ("accepteret", "åben")
    kept = list((folder / "arbejdsboeger").iterdir())
    assert len(kept) == 1


def test_the_next_run_reads_the_workbook_back_by_itself_and_once(folder: Path) -> None:
    write(workbook(folder), OPEN, Bemærkning="Ringet til DST")
    assert hand07(folder) == 1
    assert cases(folder)[OPEN]["bemaerkning"] == "Ringet til DST"
    page = (runs(folder)[-1] / "rapport.html").read_text(encoding="utf-8")
    assert "bemærkninger 1, accepter 0" in page
    assert hand07(folder) == 1
    assert "bemærkninger 1, accepter 0" not in (runs(folder)[-1] / "rapport.html").read_text(encoding="utf-8")
    assert cases(folder)[OPEN]["bemaerkning"] == "Ringet til DST"


def test_an_accepted_case_that_grew_is_open_again(folder: Path) -> None:
    write(workbook(folder), OPEN, Årsag="Kendt forskel, meldt til DST", Initialer="JH", Gælder_til=UNTIL)
    assert accept(folder, workbook(folder)) == 0
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K3;99\n1.3;2020K3;4\n", encoding="utf-8")
    hand07(folder)
    assert cases(folder)[OPEN]["status"] == "åben"


def test_a_sorted_sheet_with_more_columns_and_another_name_is_still_right(folder: Path) -> None:
    book = workbook(folder)
    write(book, OPEN, Bemærkning="Ringet til DST")
    loaded = openpyxl.load_workbook(book)
    sheet = loaded["Sager"]
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    other = loaded.create_sheet("Mine sager")
    for row in (["Vores liste"], ["min kolonne", *values[0]], *(["x", *row] for row in values[:0:-1])):
        other.append(row)
    del loaded["Sager"]
    loaded.save(folder / "min bog.xlsx")
    assert accept(folder, folder / "min bog.xlsx") == 0
    assert read_remarks(folder).by_case[OPEN].bemaerkning == "Ringet til DST"


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"Årsag": "Kendt forskel, meldt til DST", "Initialer": "JH"}, "både årsag, initialer og gælder til"),
        (
            {"Årsag": "Kendt forskel, meldt", "Initialer": "JH", "Gælder_til": "31-02-2027"},
            "«31-02-2027» er ikke en dato",
        ),
        ({"Årsag": "ok", "Initialer": "JH", "Gælder_til": UNTIL}, "mindst 10 bogstaver"),
        (
            {"Årsag": "Kendt forskel, meldt", "Initialer": "JH", "Gælder_til": date(2099, 1, 1)},
            "skal ligge fra i dag til",
        ),
        (
            {"Årsag": "Kendt forskel, se 010170-1121", "Initialer": "JH", "Gælder_til": UNTIL},
            "U2: teksten ser ud til at indeholde et CPR-nummer",
        ),
        ({"Bemærkning": "Se 010170-1121"}, "CPR-nummer"),
        ({"Sag": "noget andet"}, "ingen sag eller nøgle"),
    ],
)
def test_what_cannot_be_used_is_named_by_sheet_and_cell(
    folder: Path, texts: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(workbook(folder), OPEN, **texts)
    assert accept(folder, workbook(folder)) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Sager!" in told
    assert "010170" not in told
    assert not (folder / "accepteret.toml").exists()


def test_a_stray_cell_in_the_last_row_is_refused_before_the_workbook_is_opened(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(workbook(folder))
    book["Sager"]["XFD1048576"] = "x"
    book.save(folder / "fjern.xlsx")
    assert accept(folder, folder / "fjern.xlsx") == 2
    assert "XFD1048576" in capsys.readouterr().err
    (folder / "fjern.xlsx").write_bytes(b"PK ikke en projektmappe")
    assert accept(folder, folder / "fjern.xlsx") == 2
    assert "kan ikke læses som en Excel-fil" in capsys.readouterr().err


def test_two_workbooks_that_meet_name_their_conflict_and_lose_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine, theirs = folder / "min.xlsx", folder / "din.xlsx"
    for book, text in ((mine, "Min tekst"), (theirs, "Din tekst")):
        shutil.copyfile(workbook(folder), book)
        write(book, OPEN, Bemærkning=text)
    write(theirs, "CELLE:1.3:2020K3", Bemærkning="Kun min")
    assert accept(folder, mine) == 0
    assert accept(folder, theirs) == 2
    assert "«Min tekst»" in capsys.readouterr().err
    texts = {name: remark.bemaerkning for name, remark in read_remarks(folder).by_case.items()}
    assert texts == {OPEN: "Min tekst", "CELLE:1.3:2020K3": "Kun min"}
    assert len(list((folder / "arbejdsboeger").iterdir())) == 2


def test_a_second_reading_takes_nothing_twice(folder: Path) -> None:
    write(workbook(folder), OPEN, Årsag="Kendt forskel, meldt til DST", Initialer="JH", Gælder_til=UNTIL)
    assert accept(folder, workbook(folder)) == 0
    assert accept(folder, workbook(folder)) == 0
    told = tomllib.loads((folder / "accepteret.toml").read_text(encoding="utf-8"))
    assert len(told["accepteret"]) == 1


def test_tables_have_the_names_of_the_results(folder: Path) -> None:
    book = openpyxl.load_workbook(workbook(folder))
    names = {name for sheet in book.worksheets for name in sheet.tables}
    assert {"sager", "hand07_diff", "kilder"} <= names


@pytest.mark.system
def test_a_workbook_saved_by_libreoffice_is_read_back(folder: Path) -> None:
    office.needed()
    accepted = {"Årsag": "Kendt forskel, meldt til DST", "Initialer": "JH", "Gælder_til": UNTIL}
    write(workbook(folder), OPEN, Bemærkning="Ringet til DST", **accepted)
    theirs = office.saved(workbook(folder), folder / "gemt", "xlsx:Calc MS Excel 2007 XML")
    assert accept(folder, theirs) == 0
    assert read_remarks(folder).by_case[OPEN].bemaerkning == "Ringet til DST"
    hand07(folder)
    assert cases(folder)[OPEN]["status"] == "accepteret"


def test_the_kept_workbook_has_no_cpr_wherever_it_was_written(folder: Path) -> None:
    """In a remark that is refused, a column of one's own as text and number, another sheet, a comment, a formula."""
    path = workbook(folder)
    write(path, OPEN, Bemærkning="Ring om 010150-1111")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["AZ1"], sheet["AZ2"], sheet["AZ3"] = "0101501111", 101501111, '=CONCATENATE("010150","-1111 010150-1111")'
    sheet["AZ4"], sheet["AZ5"] = 912501111.5, 12
    sheet["A1"].comment = Comment("se 010150 1111", "JH")
    book.create_sheet("Mine 0101501111")["B2"] = "B-0101501111 & <mere>"
    book.save(path)
    assert accept(folder, path) == 2
    (kept,) = (folder / "arbejdsboeger").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(kept) as archive:
        texts = [archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist()]
    assert not [text for text in texts if re.search(r"0?10150[ -]?1111\b", text)]
    read = openpyxl.load_workbook(kept)
    assert [read.worksheets[0][cell].value for cell in ("AZ1", "AZ2", "AZ4", "AZ5")] == [
        "xxxxxx-xxxx", "xxxxxx-xxxx", 912501111.5, 12
    ]  # fmt: skip
    assert read["Mine xxxxxx-xxxx"]["B2"].value == "B-xxxxxx-xxxx & <mere>"
    assert cases(folder)[OPEN]["sag_id"] == OPEN
