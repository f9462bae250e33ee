"""The sagsliste: the right CPR numbers for those who need them, encrypted, and nowhere else."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import stat
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msoffcrypto
import openpyxl
import pytest
from msoffcrypto.exceptions import InvalidKeyError
from support import report_example
from support.runs import call

from reconcile.errors import InputError
from reconcile.privacy.pseudonym import Lookup, Pseudonymiser
from reconcile.reports.sagsliste import check_password, encrypt, is_encrypted, sagsliste, tasks
from reconcile.runs.workspace import create

PASSWORD = "en lang kode med æøå"
#: Two persons whose courses end before they start, one whose courses overlap, one without a fault.
COURSES = """cpr;dst_kode;start_dato;slut_dato
0101010001;1.1;01-02-2020;01-01-2020
0202020002;1.4;01-03-2020;01-02-2020
0303030003;1.1;01-01-2020;31-03-2020
0303030003;1.1;01-02-2020;30-04-2020
0404040004;1.1;01-01-2020;31-12-2020
"""
CPRS = set(re.findall(r"[0-9]{10}", COURSES))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a few courses."""
    made = tmp_path_factory.mktemp("sager")
    list(create(made))
    toml = '[kommune]\nkode = "665"\nnavn = "Prøveby"\n[kilder.fagsystem]\nfiler = ["v.csv"]\n'
    (made / "reconcile.toml").write_text(toml, encoding="utf-8")
    (made / "v.csv").write_text(COURSES, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def out(folder: Path) -> Path:
    """The report of a run with the sagsliste."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECONCILE_SAGSLISTE_PASSWORD", PASSWORD)
        arguments = ("--period", "2020", "--out", folder / "r", "--sagsliste", "-q", "--export", "parquet")
        assert call("validate", "--config", folder / "reconcile.toml", *arguments) == 1
    return folder / "r"


def opened(content: bytes, password: str = PASSWORD) -> Any:
    file = msoffcrypto.OfficeFile(io.BytesIO(content))
    file.load_key(password=password, verify_password=True)
    plain = io.BytesIO()
    file.decrypt(plain, verify_integrity=True)
    return openpyxl.load_workbook(plain)


def cases(book: Any) -> list[dict[str, Any]]:
    rows = []
    for sheet in book.worksheets[1:]:
        headings, *body = sheet.iter_rows(values_only=True)
        rows += [dict(zip(headings, row, strict=True)) for row in body]
    return rows


def test_it_names_the_right_person_for_each_finding(out: Path) -> None:
    rows = cases(opened((out / "sagsliste.xlsx").read_bytes()))
    found = {(row["Regel"], row["CPR"], row["Række"]) for row in rows if row["Regel"] == "VH03"}
    assert found == {("VH03", "0101010001", 2), ("VH03", "0202020002", 3)}
    assert [row["CPR"] for row in rows if row["Regel"] == "VH05"] == ["0303030003"]
    assert {row["CPR"] for row in rows} <= CPRS
    assert all(row["Besked"] and row["Hvad"] and row["Fil"] == "v.csv" for row in rows)


def test_its_first_sheet_lists_the_tasks_by_who_acts(out: Path) -> None:
    book = opened((out / "sagsliste.xlsx").read_bytes())
    rows = list(book["Opgaver"].iter_rows(min_row=6, values_only=True))
    by_rule = {row[1]: row for row in rows}
    assert by_rule["VH03"][4:6] == (2, 2)
    assert {row[0] for row in rows} == set(book.sheetnames[1:])
    assert rows[0][3] == "Fejl"


def test_every_link_of_the_tasks_leads_to_the_first_case_of_the_rule(out: Path) -> None:
    book = opened((out / "sagsliste.xlsx").read_bytes())
    links = [cell for row in book["Opgaver"].iter_rows(min_row=6) for cell in row if cell.hyperlink]
    assert links
    for link in links:
        sheet, cell = link.hyperlink.location.split("!")
        assert book[sheet.strip("'")][cell].value == link.value


def test_a_wrong_password_is_refused(out: Path) -> None:
    with pytest.raises(InvalidKeyError):
        opened((out / "sagsliste.xlsx").read_bytes(), "en anden lang kode")


def test_it_is_encrypted_and_readable_for_its_owner_only(out: Path) -> None:
    content = (out / "sagsliste.xlsx").read_bytes()
    assert is_encrypted(content)
    assert not zipfile.is_zipfile(io.BytesIO(content))
    assert b'cipherAlgorithm="AES"' in content
    assert b'keyBits="256"' in content
    if os.name == "posix":
        assert stat.S_IMODE((out / "sagsliste.xlsx").stat().st_mode) == 0o600


def test_no_cpr_number_is_in_any_other_file(out: Path) -> None:
    secret = {form for cpr in CPRS for form in (cpr, f"{cpr[:6]}-{cpr[6:]}")}
    seen = 0
    for path in out.iterdir():
        content = path.read_bytes()
        if path.name == "rapport.xlsx":
            with zipfile.ZipFile(path) as archive:
                content = b"\n".join(archive.read(name) for name in archive.namelist())
        assert not [cpr for cpr in secret if cpr.encode() in content], path.name
        seen += 1
    assert seen > 8


def test_it_is_in_the_manifest_by_its_hash(out: Path) -> None:
    import hashlib

    outputs = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["output"]
    content = (out / "sagsliste.xlsx").read_bytes()
    assert outputs["sagsliste.xlsx"] == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


_WRITTEN: list[str] = []
_LISTENING = [False]


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _LISTENING[0] or event not in ("open", "tempfile.mkstemp", "tempfile.mkdtemp", "os.mkdir"):
        return
    mode, flags = (arguments[1], arguments[2]) if event == "open" else (None, os.O_WRONLY)
    if (mode and set(mode) & set("wax+")) or (
        isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    ):
        _WRITTEN.append(f"{event} {arguments[0]}")


@pytest.fixture
def written() -> Iterator[list[str]]:
    """Everything that is opened for writing in the test."""
    if not getattr(sys, "_sagsliste_hook", False):
        sys.addaudithook(_hear)
        sys._sagsliste_hook = True  # type: ignore[attr-defined]
    _WRITTEN.clear()
    _LISTENING[0] = True
    yield _WRITTEN
    _LISTENING[0] = False


def lookup_of_example() -> Lookup:
    lookup = Lookup()
    for number, finding in enumerate(report_example.findings()):
        lookup.remember(finding.borger or "", f"01010{number:05d}")
    return lookup


def test_nothing_at_all_is_written_to_disk_while_it_is_made(tmp_path: Path, written: list[str]) -> None:
    content = sagsliste(report_example.example(), lookup_of_example(), report_example.rules(), PASSWORD)
    assert is_encrypted(content)
    assert written == []
    (tmp_path / "hører").write_bytes(b"")
    assert written, "the test hears nothing"


def test_the_plain_workbook_needs_no_password_and_is_known_as_such() -> None:
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    assert not is_encrypted(plain.getvalue())
    assert is_encrypted(encrypt(plain.getvalue(), PASSWORD))
    assert not is_encrypted(b"PK\x03\x04 noget andet")


def test_findings_without_a_person_and_accepted_ones_are_left_out() -> None:
    findings = report_example.findings()
    result = report_example.example(
        findings=(*findings, replace(findings[0], fund_id="x", borger=None)), accepted=frozenset({findings[1].fund_id})
    )
    listed = [f for group in tasks(result, {r.id: r for r in report_example.rules()}).values() for f in group]
    assert {f.fund_id for f in listed} == {f.fund_id for f in findings} - {findings[1].fund_id}


def test_a_run_without_findings_gives_a_list_that_says_so() -> None:
    content = sagsliste(report_example.empty(), Lookup(), report_example.rules(), PASSWORD)
    assert "Ingen fund om borgere." in [row[0] for row in opened(content)["Opgaver"].iter_rows(values_only=True)]


@pytest.mark.parametrize("password", ["", "kort", "elleve tegn", "aaaaaaaaaaaaaaa", " " * 20, "x" * 200 + "yzæ" * 20])
def test_a_password_that_protects_nothing_is_refused(password: str) -> None:
    with pytest.raises(InputError, match="dgangskoden"):
        check_password(password)


@pytest.mark.parametrize(("password", "said"), [("", "RECONCILE_SAGSLISTE_PASSWORD"), ("for kort", "mindst 12 tegn")])
def test_without_a_good_password_nothing_is_run(
    password: str, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import keyring
    from keyring.backends import fail

    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    monkeypatch.setenv("RECONCILE_SAGSLISTE_PASSWORD", password)
    target = folder / f"ingen{len(password)}"
    try:
        assert call("validate", "--config", folder / "reconcile.toml", "--out", target, "--sagsliste") == 2
    finally:
        keyring.set_keyring(before)
    assert said in capsys.readouterr().err
    assert not target.exists()


def test_the_password_is_asked_for_twice_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import click

    from reconcile.cli.extras import ask_hidden

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = [PASSWORD, "noget andet", PASSWORD, PASSWORD]
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _prompt: answers.pop(0))
    ask = ask_hidden("Adgangskode", twice=True)
    assert ask is not None
    assert ask() == PASSWORD
    assert answers == []


def test_a_later_run_without_it_leaves_no_list_behind(out: Path, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "r"
    target.mkdir()
    for path in out.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    (target / "min egen.txt").write_text("bliver", encoding="utf-8")
    call("validate", "--config", folder / "reconcile.toml", "--period", "2020", "--out", target, "-q")
    left = {path.name for path in target.iterdir()}
    assert "sagsliste.xlsx" not in left
    assert not [name for name in left if name.endswith(".parquet")]
    assert "min egen.txt" in left


def test_a_lookup_is_made_only_when_asked_for_and_shows_no_number() -> None:
    lookup = Lookup()
    made = Pseudonymiser(b"k" * 32, lookup)("0101010001")
    assert made == Pseudonymiser(b"k" * 32)("0101010001")
    assert lookup.cpr(made) == "0101010001"
    assert lookup.cpr("ukendt") is None
    assert "0101010001" not in f"{lookup} {lookup!r}"
    with pytest.raises(TypeError):
        pickle.dumps(lookup)
