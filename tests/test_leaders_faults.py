"""The faults that were found in the leading programs of the kind: each is a test of ours, named after it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support import report_example
from support.loading import loading, refused
from support.quick import quick_worlds
from support.runs import call, cell, finding, result
from support.smtp_server import Post, smtp_server
from support.yr import career, found

from reconcile.controls import hand07, postdiff, validate
from reconcile.errors import InputError
from reconcile.privacy import door
from reconcile.privacy.pseudonym import Pseudonymiser
from reconcile.reports import publish as publishing
from reconcile.reports.html import render_html
from reconcile.reports.publish import publish
from reconcile.reports.tables import findings_table, result_json, table_csv
from reconcile.reports.xlsx import write_xlsx
from reconcile.results.rows import Severity, Status

CPR = "0101801234"
EVIL = "=cmd|' /C calc'!A0"


def course(cpr: str = CPR, start: str = "2020-07-01", **more: Any) -> dict[str, Any]:
    return {"cpr": cpr, "dst_kode": "1.4", "start_dato": date.fromisoformat(start), **more}


def test_html_built_without_escaping() -> None:
    made = render_html(report_example.example(navn="<script>alert(1)</script>&"), report_example.rules())
    assert "<script>alert" not in made
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in made


def test_decimals_compared_through_float_098_kr_lost(tmp_path: Path) -> None:
    """A float of this size has no room for the øre."""
    text = "konto;beloeb;bogfoert_dato\n5.38.58-1-001;90.071.992.547.409,93;01-07-2020\n5.38.58-1-001;0,98;01-07-2020\n"
    with loading(tmp_path, "oekonomi", {"o.csv": text}) as read:
        assert sum(read.column("beloeb")) == Decimal("90071992547410.91")
        assert read.engine.rows("SELECT sum(beloeb) FROM oekonomi") == [(Decimal("90071992547410.91"),)]


def test_duplicate_keys_paired_by_row_order_or_silently_dropped() -> None:
    fagsystem = [course(ydelse_id="7", tilbud="A"), course(ydelse_id="7", tilbud="B")]
    with quick_worlds() as quick:
        for rows in (fagsystem, fagsystem[::-1]):
            context = quick({"fagsystem": rows, "flis": [course(ydelse_id="7", tilbud="B")]}, periods="2020K3")
            assert [f.regel for f in postdiff.run(context).findings] == ["FL04"]


@pytest.mark.parametrize("published", [4, 6])
def test_asymmetric_relative_tolerance(published: int) -> None:
    """One person more and one person less are equally far away."""
    rows = [course(f"01018012{n:02d}") for n in range(5)]
    figure = {"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(published)}
    with quick_worlds() as quick:
        context = quick({"fagsystem": rows, "hand07": [figure]}, periods="2020K3", regler={"tolerance_antal": 1})
        (table,) = [table for table in hand07.run(context).tables if table.name == "hand07_diff"]
    (judged,) = [row for row in table.rows if row.dst_kode == "1.4"]
    assert (abs(judged.rest), judged.status) == (1, Status.TOLERATED)


def test_cpr_0101801234_read_as_101801234(tmp_path: Path) -> None:
    text = f"cpr;dst_kode;start_dato\n{CPR};1.4;01-07-2020\n{CPR[1:]};1.4;01-08-2020\n"
    with loading(tmp_path, "fagsystem", {"f.csv": text}) as read:
        assert read.column("cpr") == [CPR, CPR]
        assert any("foranstillede nul" in said for said in read.loaded.caveats)


def test_123_read_from_1_point_23_by_a_lax_parser(tmp_path: Path) -> None:
    text = "konto;beloeb;bogfoert_dato\n5.38.58-1-001;1.23;01-07-2020\n"
    assert "o.csv, række 2, kolonne «beloeb», værdi «1.23»" in refused(tmp_path, "oekonomi", {"o.csv": text})


def test_equals_cmd_from_data_becoming_a_formula_cell(tmp_path: Path) -> None:
    run = report_example.example(navn=EVIL)
    run = replace(run, findings=(replace(run.findings[0], ydelse=EVIL, vaerdi=EVIL), *run.findings))
    write_xlsx(run, tmp_path / "r.xlsx", report_example.rules())
    cells = [c for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx") for row in sheet for c in row]
    assert any(EVIL in str(c.value) for c in cells)
    assert not [c.value for c in cells if c.data_type == "f" and "cmd" in str(c.value)]
    assert f"'{EVIL}" in table_csv(findings_table(run)).decode("utf-8-sig")


def test_raw_identifiers_in_result_json_and_docs() -> None:
    with quick_worlds() as quick:
        context = quick({"fagsystem": [course(end) for end in (CPR, "9988776655", "123")], "flis": [course()]})
        found_here = (*validate.run(context).findings, *postdiff.run(context).findings)
    assert found_here
    told = result_json(replace(result(), findings=found_here)).decode()
    assert not [cpr for cpr in (CPR, "9988776655") if cpr in told]


def test_mail_falling_back_to_plain_text_and_errors_only_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECONCILE_SMTP_PASSWORD", "x")
    publish(report_example.example(), tmp_path / "r", lambda _text: None, rules=report_example.rules())
    post = Post()
    with smtp_server(post, None) as tap:
        mail = f'[mail]\nserver = "localhost"\nport = {tap.port}\nbruger = "a"\nfra = "a@b.dk"\ntil = ["c@b.dk"]\n'
        (tmp_path / "reconcile.toml").write_text(f'[kommune]\nkode = "665"\n[kilder]\n{mail}')
        assert call("mail", "--config", tmp_path / "reconcile.toml", "--run", tmp_path / "r") == 2
    assert post.contents == []
    assert "ikke sendt" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["run", "--config", "findes-ikke.toml"], ["nonsens"], ["compare", "x", "y"], ["run", "--period", "x"]]
)
def test_exit_0_on_errors(words: list[str]) -> None:
    assert call(*words) == 2


def test_a_small_workbook_bomb_with_a_million_rows(tmp_path: Path) -> None:
    """It is refused for how tightly it is packed, before a row of it is read."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["cpr", "dst_kode", "start_dato"])
    book.save(tmp_path / "a.xlsx")
    row = b'<row><c t="inlineStr"><is><t>0101801234</t></is></c></row>' * 20_000
    made = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w") as sheet:
            head, tail = old.read("xl/worksheets/sheet1.xml").split(b"</sheetData>")
            sheet.write(head)
            for _turn in range(100):
                sheet.write(row)
            sheet.write(b"</sheetData>" + tail)
    assert len(made.getvalue()) < 1_000_000
    assert "pakket tættere" in refused(tmp_path, "fagsystem", {"a.xlsx": made.getvalue()})


def test_hidden_columns_leaking_through_max_and_min() -> None:
    """The largest value of a column of CPR numbers is somebody's, also when it is a number or a part of a text."""
    door.forget()
    door.learn([int(CPR)])
    try:
        told = finding(value=int(CPR)), finding(value=f"størst {CPR[:6]}-{CPR[6:]}"), finding(value=Decimal(CPR))
        assert "1801234" not in json.dumps([str(door.value(each.vaerdi)) for each in told])
    finally:
        door.forget()


def test_a_sequence_check_that_stops_at_the_first_gap() -> None:
    assert [hit.week for hit in found(career(1, 2, 4, 5, 7, 9), "YR03")] == ["2020-U12", "2020-U14", "2020-U15"]


def test_a_plain_hash_of_cpr() -> None:
    """The whole space is five minutes' work; with a key it is none's."""
    one, other = Pseudonymiser(bytes(32))(CPR), Pseudonymiser(bytes([1]) * 32)(CPR)
    plain = [hashlib.new(kind, CPR.encode()).digest() for kind in ("md5", "sha1", "sha256", "sha512")]
    assert one != other
    assert not [digest for digest in plain if one.encode() in digest or one[:8].lower() in digest.hex()]


def test_small_cells_leaking_one_person(tmp_path: Path) -> None:
    """What a mail says outside its attachments is counts of all; a cell of one person stands in the report only."""
    from reconcile.history.decode import decode
    from reconcile.history.published import read_run
    from reconcile.reports.mail_body import mail_body

    publish(report_example.example(), tmp_path / "r", lambda _text: None, rules=report_example.rules())
    run = read_run(tmp_path / "r")
    told = str(mail_body(decode(run), report_example.rules(), ()))
    people = {row["borger"] for row in run.result["fund"] if row["borger"]}
    assert people
    assert not [person for person in people if person in told]


@pytest.mark.parametrize("error", [OSError(13, "open in Excel"), ValueError("a bug")])
def test_reports_half_written_when_something_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    run = result(cells=[cell()], findings=[finding(grade=Severity.WARNING)])
    publish(run, tmp_path / "r", lambda _text: None)
    before = {p.name: p.read_bytes() for p in (tmp_path / "r").iterdir()}

    def fail(*_args: object) -> None:
        raise error

    monkeypatch.setattr(publishing, "ess_json", fail)
    with pytest.raises((InputError, ValueError)):
        publish(replace(run, navn="Anden"), tmp_path / "r", lambda _text: None)
    assert {p.name: p.read_bytes() for p in (tmp_path / "r").iterdir()} == before
