"""A quarter on the sample: run, accept two findings, deliver a correction, run again, compare, approve, tamper."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support import office
from support.runs import call

from reconcile.runs.workspace import copy_sample

NEXT_YEAR = f"{datetime.now(UTC) + timedelta(days=365):%Y-%m-%d}"
ACCEPT = ("--begrundelse", "Kendt og meldt til DST", "--af", "JH", "--indtil", NEXT_YEAR)


def run(folder: Path, name: str) -> int:
    config = folder / "reconcile.toml"
    return call("run", "--config", config, "--period", "2020K3", "--out", folder / "ud" / name, "-q")


def result(folder: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "ud" / name / "resultat.json").read_text(encoding="utf-8"))
    return loaded


def annul(folder: Path, finding: dict[str, Any]) -> None:
    """The care system annuls a course that ended before it began; nobody was counted by it."""
    path = folder / "ind" / finding["fil"]
    lines = path.read_text(encoding="windows-1252").splitlines(keepends=True)
    del lines[finding["raekke"] - 1]
    path.write_text("".join(lines), encoding="windows-1252", newline="")


def republish(folder: Path) -> None:
    """Danmarks Statistik publishes one more person in 1.3."""
    path = folder / "ind" / "hand07.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    place = next(n for n, line in enumerate(lines) if ";30013" in line and "2020K3" in line)
    start, _sign, figure = lines[place].rpartition(";")
    lines[place] = f"{start};{int(figure) + 1}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def cases_about_money(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two cases whose findings are postings: one to grow, one to stay."""
    postings = {f["fund_id"] for f in document["fund"] if f["fil"] == "oekonomi.csv"}
    cases = [s for s in document["sager"] if s["beloeb"] and s["fund"] and postings.issuperset(s["fund"])]
    grows = next(s for s in cases if s["regel"] in ("OE01", "OE05"))
    return grows, next(s for s in cases if s["borger"] != grows["borger"])


def work_in(book: Path, *cases: dict[str, Any]) -> None:
    """Three remarks and two acceptances, written by the headings and saved by LibreOffice as well, where it is installed."""
    loaded = openpyxl.load_workbook(book)
    sheet = loaded["Sager"]
    headings = [cell.value for cell in sheet[1]]
    rows = {row[headings.index("Sag")].value: row for row in sheet.iter_rows(min_row=2)}
    for case, number in zip(cases, range(3), strict=True):
        name = case.get("sag_id") or next(s for s, row in rows.items() if s.startswith("S-VH13"))
        rows[name][headings.index("Bemærkning")].value = f"Bemærkning {number}"
        if number:
            acceptance = {"Årsag": "Kendt, rettes i næste kvartal", "Initialer": "JH", "Gælder til": NEXT_YEAR}
            for heading, text in acceptance.items():
                rows[name][headings.index(heading)].value = text
    for other in [name for name in loaded.sheetnames if name != "Sager"]:
        del loaded[other]  # she keeps the sheet she works in
    loaded.save(book)
    if office.there():
        shutil.copy(office.saved(book, book.parents[2] / "gemt", "xlsx:Calc MS Excel 2007 XML"), book)


def pay_more(folder: Path, finding: dict[str, Any]) -> None:
    """The ledger pays ten thousand more on the posting of a finding."""
    path = folder / "ind" / finding["fil"]
    lines = path.read_text(encoding="windows-1252").splitlines(keepends=True)
    account, amount, *rest = lines[finding["raekke"] - 1].split(";")
    more = float(amount.replace(".", "").replace(",", ".")) + 10_000
    lines[finding["raekke"] - 1] = ";".join((account, f"{more:.2f}".replace(".", ","), *rest))
    path.write_text("".join(lines), encoding="windows-1252", newline="")


def follow_the_case(folder: Path, after: dict[str, Any], grows: dict[str, Any], stays: dict[str, Any]) -> None:
    """What was written is there; the case whose amount grew is open again, the other is accepted."""
    now = {case["sag_id"]: case for case in after["sager"]}
    assert sorted(case["bemaerkning"] for case in now.values() if case["bemaerkning"]) == [
        f"Bemærkning {number}" for number in range(3)
    ]
    assert now[grows["sag_id"]]["bemaerkning"] == "Bemærkning 1"
    assert (now[grows["sag_id"]]["status"], now[stays["sag_id"]]["status"]) == ("åben", "accepteret")
    assert now[grows["sag_id"]]["beloeb"] > grows["beloeb"]
    page = (folder / "ud" / "2" / "rapport.html").read_text(encoding="utf-8")
    assert all(f"Bemærkning {number}" in page for number in range(3))


def first_finding(document: dict[str, Any], rule: str) -> dict[str, Any]:
    return next(f for f in document["fund"] if f["regel"] == rule and str(f["fil"]).startswith("nexus"))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's working folder after the first run of the quarter, ``ud/1``."""
    folder = tmp_path_factory.mktemp("kvartal") / "kommune"
    copy_sample(folder)
    assert run(folder, "1") == 1
    return folder


@pytest.fixture
def folder(begun: Path, tmp_path: Path) -> Path:
    """A copy of it, to work in."""
    return shutil.copytree(begun, tmp_path / "kommune")


def test_the_story_of_a_quarter(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ("--config", folder / "reconcile.toml")

    before = result(folder, "1")
    assert "siden_sidst" not in before
    known, wrong = first_finding(before, "VH13"), first_finding(before, "VH03")
    assert call("accept", known["fund_id"], *config, *ACCEPT) == 0
    assert call("accept", "--regel", "CELLE", "--kode", "1.12.0.2", "--periode", "2020K3", *config, *ACCEPT) == 0
    grows, stays = cases_about_money(before)
    work_in(folder / "ud" / "1" / "rapport.xlsx", known, grows, stays)

    annul(folder, wrong)
    republish(folder)
    pay_more(folder, next(f for f in before["fund"] if f["fund_id"] in grows["fund"] and f["fil"] == "oekonomi.csv"))
    assert run(folder, "2") == 1
    after = result(folder, "2")
    accepted = {row["fund_id"]: row["tilstand"] for row in after["accepterede"]}
    held = {known["fund_id"], "CELLE:1.12.0.2:2020K3", stays["sag_id"]}
    assert {name for name, state in accepted.items() if state == "accepteret"} == held
    assert accepted[grows["sag_id"]] != "accepteret"
    follow_the_case(folder, after, grows, stays)
    assert known["fund_id"] in {f["fund_id"] for f in after["fund"]}, "accepted findings are still counted"
    assert after["koersel"]["aabne_celler"] >= before["koersel"]["aabne_celler"]
    solved = {row["fund_id"] for row in after["fund_siden_sidst"] if row["tilstand"] == "løst"}
    assert wrong["fund_id"] in solved
    moved = {(row["dst_kode"], row["tal"]): row["flyttet"] for row in after["tal_siden_sidst"]}
    assert moved["1.3", "dst"] == 1
    assert {row["kilde"] for row in after["datalandskab"]} == {source["kilde"] for source in after["kilder"]}

    capsys.readouterr()
    assert call("compare", folder / "ud" / "1", folder / "ud" / "2") == 0
    assert wrong["fund_id"] in capsys.readouterr().out

    approve_and_tamper(folder, config, capsys)


def approve_and_tamper(folder: Path, config: tuple[object, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert call("approve", "2020K3", *config) == 1
    ready = capsys.readouterr().out
    assert "ud/2" in ready
    assert "CELLE:1.12.0.2:2020K3" not in ready, "the accepted cell is not open"
    decision = ("--decision", "godkend", "--by", "JH")
    assert call("approve", "2020K3", *config, *decision) == 2
    assert call("approve", "2020K3", *config, *decision, "--note", "Tre personer er meldt til DST") == 0
    head = capsys.readouterr().out.split()[-1]
    verify = ("approve", "--verify", *config)
    assert call(*verify, "--head", head) == 0

    report = folder / "ud" / "2" / "rapport.html"
    page = report.read_bytes()
    report.write_bytes(page.replace(b"Eksempelkommune", b"Andenkommune"))
    assert call(*verify) == 1
    assert "rapport.html" in capsys.readouterr().out
    report.write_bytes(page)
    assert call(*verify) == 0
    ledger = folder / "approvals.jsonl"
    line = ledger.read_bytes()
    ledger.write_bytes(line.replace(b"Tre personer", b"Fem personer"))
    assert call(*verify) == 1
    ledger.write_bytes(b"")
    assert call(*verify, "--head", head) == 1
    ledger.write_bytes(line)
    assert call(*verify, "--head", head) == 0


def test_a_quarter_is_done_with_eight_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = ("--config", folder / "reconcile.toml")
    said = ["run --period 2020K3"]  # the first of the eight

    def reconcile(*words: object) -> int:
        code = call(*words, *config)
        said.append(capsys.readouterr().out)
        return code

    assert "Skal undersøges" in (next((folder / "ud").iterdir()) / "rapport.html").read_text(encoding="utf-8")
    assert reconcile("accept", "CELLE:1.12.0.2:2020K3", *ACCEPT) == 0
    first = next((folder / "ud").iterdir())
    annul(folder, first_finding(result(folder, first.name), "VH03"))
    assert reconcile("run", "--period", "2020K3") == 1
    assert "er accepteret af JH til" in said[-1]
    assert reconcile("compare") == 0
    assert "løste 1" in said[-1]
    assert reconcile("approve", "2020K3") == 1
    assert said[-1].startswith("NEJ")
    note = ("--note", "Tre personer er meldt til DST, resten rettes i næste levering")
    assert reconcile("approve", "2020K3", "--decision", "godkend", "--by", "JH", *note) == 0
    assert reconcile("approve", "--verify") == 0
    newest = max((folder / "ud").iterdir())
    (newest / "fund.csv").write_bytes(b"intet")
    assert reconcile("approve", "--verify") == 1
    assert len(said) == 8
