"""A workbook as a spreadsheet program makes it (macros, a pivot, pictures, rules of format): what is kept, and what follows."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from openpyxl import load_workbook
from support import office

from reconcile.errors import InputError
from reconcile.reports.own_read import Given, check_own
from reconcile.reports.own_workbook import written_into

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<%s xmlns="{_MAIN}" xmlns:r="{_OFFICE}"'
COLUMNS = ("periode", "antal", "dag")
ROWS = [(f"2020K{n}", 10 * n, date(2020, n, 1)) for n in (1, 2, 3, 4)]
#: The cells that the template has, and those of the renewed table.
BEFORE, AFTER = "$4:$B$5", "$4:$B$7"


def given() -> dict[str, Given]:
    return {"proeve": Given(tuple(frozenset({name}) for name in COLUMNS), ROWS)}


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
        + chunk(b"IEND", b"")
    )


def written(path: Path, macros: bytes = b"") -> Path:
    """A workbook of XlsxWriter: a table with all that people put around one."""
    with xlsxwriter.Workbook(path) as book:
        front, sheet, _pivot = (
            book.add_worksheet("Forside"),
            book.add_worksheet("Mine tal"),
            book.add_worksheet("Pivot"),
        )
        sheet.add_table(
            "A3:C5",
            {"name": "Proeve", "columns": [{"header": "Periode"}, {"header": "Antal"}, {"header": "dag"}],
             "data": [["gammel", 1, 40_000], ["gammel", 2, 40_001]]},
        )  # fmt: skip
        front.write_formula("A1", "=SUM('Mine tal'!$B$4:$B$5)", None, 3)
        front.write_formula("A2", "=SUM(Proeve[Antal])", None, 3)
        front.write_formula("A3", "=COUNT('Mine tal'!B4:B6)", None, 2)  # not just the table's rows: as it was
        chart = book.add_chart({"type": "column"})
        chart.add_series({"categories": "='Mine tal'!$A$4:$A$5", "values": "='Mine tal'!$B$4:$B$5"})
        front.insert_chart("C1", chart)
        front.insert_image("C20", "prik.png", {"image_data": BytesIO(_png())})
        front.insert_textbox("C30", "En figur med tekst")
        front.add_sparkline("B1", {"range": "'Mine tal'!B4:B5"})
        sheet.write_comment("B4", "En note på en celle")
        sheet.conditional_format("B4:B5", {"type": "data_bar", "data_bar_2010": True})
        sheet.conditional_format("A4:A5", {"type": "formula", "criteria": "=COUNTIF($B$4:$B$5,$B4)>1"})
        sheet.data_validation("A4:A5", {"validate": "list", "source": "=$B$4:$B$5"})
        book.define_name("mine", "='Mine tal'!$B$4:$B$5")
        if macros:
            book.add_vba_project(BytesIO(macros), is_stream=True)
    return path


def with_pivot(path: Path) -> Path:
    """The same with a pivot of the table's cells on the third sheet, its parts written by hand."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        f'{_HEAD % "pivotCacheDefinition"} r:id="rId1" refreshedVersion="6" recordCount="2"><cacheSource type="worksheet">'
        '<worksheetSource ref="A3:C5" sheet="Mine tal"/></cacheSource><cacheFields count="3"><cacheField name="Periode">'
        '<sharedItems count="1"><s v="gammel"/></sharedItems></cacheField><cacheField name="Antal"><sharedItems'
        ' containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1" minValue="1" maxValue="2"/>'
        '</cacheField><cacheField name="dag"><sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1"'
        ' minValue="40000" maxValue="40001"/></cacheField></cacheFields></pivotCacheDefinition>'
    ).encode()
    parts["xl/pivotCache/pivotCacheRecords1.xml"] = (
        f'{_HEAD % "pivotCacheRecords"} count="2"><r><x v="0"/><n v="1"/><n v="40000"/></r><r><x v="0"/><n v="2"/>'
        '<n v="40001"/></r></pivotCacheRecords>'
    ).encode()
    parts["xl/pivotTables/pivotTable1.xml"] = (
        f'{_HEAD % "pivotTableDefinition"} name="Pivot1" cacheId="1" dataCaption="Tal" updatedVersion="6"><location ref="A1:B3"'
        ' firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="3"><pivotField axis="axisRow" showAll="0">'
        '<items count="2"><item x="0"/><item t="default"/></items></pivotField><pivotField dataField="1" showAll="0"/>'
        '<pivotField showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields><rowItems count="2"><i><x/></i>'
        '<i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems><dataFields count="1">'
        '<dataField name="Sum af Antal" fld="1"/></dataFields></pivotTableDefinition>'
    ).encode()
    relations = (
        ("xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels", "pivotCacheRecords", "pivotCacheRecords1.xml"),
        (
            "xl/pivotTables/_rels/pivotTable1.xml.rels",
            "pivotCacheDefinition",
            "../pivotCache/pivotCacheDefinition1.xml",
        ),
        ("xl/worksheets/_rels/sheet3.xml.rels", "pivotTable", "../pivotTables/pivotTable1.xml"),
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    for name, kind, target in relations:
        told = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        parts[name] = f'<?xml version="1.0"?><Relationships xmlns="{space}">{told}</Relationships>'.encode()
    kinds = {"pivotCache/pivotCacheDefinition": "pivotCacheDefinition", "pivotCache/pivotCacheRecords": "pivotCacheRecords",
             "pivotTables/pivotTable": "pivotTable"}  # fmt: skip
    types = "".join(f'<Override PartName="/xl/{n}1.xml" ContentType="{_TYPE}.{k}+xml"/>' for n, k in kinds.items())
    cache = f'<Relationship Id="rId90" Type="{_OFFICE}/pivotCacheDefinition" Target="pivotCache/pivotCacheDefinition1.xml"/>'
    for name, before, more in (
        ("[Content_Types].xml", b"</Types>", types),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", cache),
        ("xl/workbook.xml", b"</workbook>", '<pivotCaches><pivotCache cacheId="1" r:id="rId90"/></pivotCaches>'),
    ):
        parts[name] = parts[name].replace(before, more.encode() + before)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_macros_pictures_figures_and_notes_keep_their_bytes_and_what_is_about_the_rows_follows_them(
    tmp_path: Path,
) -> None:
    path = with_pivot(written(tmp_path / "egen.xlsm", macros=bytes(range(256)) * 8))
    before, after = parts_of(path.read_bytes()), parts_of(written_into(path, given()))
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/charts/chart1.xml",
        "xl/pivotCache/pivotCacheDefinition1.xml", "xl/styles.xml",  # a look for days
    }  # fmt: skip
    assert {"xl/vbaProject.bin", "xl/media/image1.png", "xl/comments1.xml", "xl/drawings/drawing1.xml"} <= set(
        before
    ) - changed
    front, sheet = (after[f"xl/worksheets/sheet{n}.xml"].decode() for n in (1, 2))
    assert "<f>SUM('Mine tal'!$B$4:$B$7)</f>" in front
    assert "<f>COUNT('Mine tal'!B4:B6)</f>" in front
    assert "<xm:f>'Mine tal'!B4:B7</xm:f>" in front
    assert "<formula>COUNTIF($B$4:$B$7,$B4)&gt;1</formula>" in sheet
    assert "<formula1>$B$4:$B$7</formula1>" in sheet
    assert set(re.findall(r'sqref="([^"]+)"|<xm:sqref>([^<]+)', sheet)) >= {("A4:A7", ""), ("B4:B7", ""), ("", "B4:B7")}
    assert b'<worksheetSource ref="A3:C7" sheet="Mine tal"/>' in after["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert b"'Mine tal'!$B$4:$B$7" in after["xl/charts/chart1.xml"]
    assert not any(b"$B$5" in content for content in after.values())


def test_libreoffice_and_openpyxl_open_it_and_the_pivot_counts_the_new_rows(tmp_path: Path) -> None:
    target = tmp_path / "ny.xlsx"
    target.write_bytes(written_into(with_pivot(written(tmp_path / "egen.xlsx")), given()))
    made = load_workbook(target)
    assert made["Mine tal"].tables["Proeve"].ref == "A3:C7"
    assert made["Pivot"]._pivots[0].cache.cacheSource.worksheetSource.ref == "A3:C7"  # type: ignore[attr-defined]
    office.needed()
    again = load_workbook(office.saved(target, tmp_path / "lo"), data_only=True)
    assert [again["Forside"][place].value for place in ("A1", "A2", "A3")] == [100, 100, 3]
    told = {row[0]: row[1] for row in again["Pivot"].iter_rows(max_col=2, values_only=True)}
    assert {period: told.get(period) for period, _count, _day in ROWS} == {
        period: count for period, count, _day in ROWS
    }


@pytest.mark.parametrize(
    "part", ["xl/threadedComments/threadedComment1.xml", "xl/drawings/drawing9.xml", "xl/charts/chart9.xml"]
)
def test_a_cpr_number_in_a_conversation_a_figure_or_a_chart_is_found_before_anything_runs(
    part: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "egen.xlsx")
    check_own(path)
    with ZipFile(path, "a") as archive:
        archive.writestr(part, "<a><text>Ring til 010190-1234 i morgen</text></a>")
    with pytest.raises(InputError, match="CPR-numre"):
        check_own(path)
