"""Damaged files of every kind are read or refused with a sentence, never a bug, and no CPR number is in the sentence.

A few damages of each file here; ``make fuzz`` makes as many as ``RECONCILE_FUZZ`` says. What went wrong once is kept in
``tests/cases``, which is where damages begin.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import pytest
from support import report_example
from support.loading import reader, workbook

from reconcile.approval.log import append, read_log
from reconcile.engine.duckdb import Engine, open_engine
from reconcile.errors import ReconcileError
from reconcile.history.accepted import read_accepted
from reconcile.history.decode import decode
from reconcile.history.published import manifests, read_run
from reconcile.reports.publish import publish
from reconcile.settings.config import Regler, load_config
from reconcile.sources.printed import read_grid
from reconcile.world.prepare import create_tables, set_options

CASES = Path(__file__).parent / "cases"
TIMES = int(os.environ.get("RECONCILE_FUZZ", "4"))
CPR = "0105701121"
ROWS = [
    ["cpr", "dst_kode", "start_dato", "slut_dato"],
    [CPR, "1.4", "2020-07-01", ""],
    ["0205701122", "1.4", "2020-07-01", "2020-08-01"],
]
#: What is put into a file: bytes that mean something to some reader.
WORDS = [
    b"\0", b"\xff", b"\xef\xbb\xbf", b'"', b";", b"\r", b"\n", b"\n\n", b"'", b"<", b"&", b"{", b"[", b"=", b"]]>", b"$i_dag",
    b"0105701121", b"9" * 40, b"-1", b"1e999", b"NaN", b"NULL", b"\xc3", b"%s", b"..", b"../" * 3, b"A" * 5000, b"\x1b[2J",
]  # fmt: skip


def damaged(content: bytes, chosen: random.Random) -> bytes:
    """The content with one to four damages: bits turned, bytes cut out, put in or doubled, the end cut off."""
    made = bytearray(content)
    for _turn in range(chosen.randint(1, 4)):
        at = chosen.randrange(len(made) + 1)
        end = min(len(made), at + chosen.choice((1, 2, 8, 200)))
        match chosen.randrange(5):
            case 0 if at < len(made):
                made[at] ^= 1 << chosen.randrange(8)
            case 1:
                del made[at:end]
            case 2:
                made[at:at] = chosen.choice(WORDS)
            case 3:
                made[at:at] = made[at:end] * chosen.choice((1, 3, 50))
            case _cut:
                del made[at:]
    return bytes(made)


def damaged_inside(content: bytes, chosen: random.Random) -> bytes:
    """A package with a damage in one of its parts, packed anew; now and then in the package itself."""
    if chosen.random() < 0.4:
        return damaged(content, chosen)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hit = chosen.choice(
            [name for name in names if "sheet" in name or "workbook" in name or name.startswith("content")]
        )
        for name in names:
            new.writestr(name, damaged(old.read(name), chosen) if name == hit else old.read(name))
    return made.getvalue()


def parquet() -> bytes:
    path = CASES.parent / "fuzz.parquet"
    try:
        values = ", ".join(str(tuple(row)) for row in ROWS[1:])
        duckdb.sql(f"COPY (SELECT * FROM (VALUES {values}) AS t({', '.join(ROWS[0])})) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()
    finally:
        path.unlink(missing_ok=True)


PX = """CHARSET="ANSI";
TITLE="Modtagere";
STUB="ydelse";
HEADING="tid";
VALUES("ydelse")="1.4","1.1";
VALUES("tid")="2020K1","2020K2";
CODES("ydelse")="30014","30011";
DATA=
1 2
3 "..";
"""
JSONSTAT = {
    "class": "dataset", "id": ["YDELSE", "Tid"], "size": [2, 2], "value": [1, 2, None, 4], "status": {"2": ".."},
    "dimension": {
        "YDELSE": {"category": {"index": {"30011": 0, "30014": 1}, "label": {"30011": "a", "30014": "b"}}},
        "Tid": {"category": {"index": {"2020K1": 0, "2020K2": 1}, "label": {"2020K1": "2020K1", "2020K2": "2020K2"}}},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[list[Engine]]:
    """One engine for all; after a file that ends the database, a new one."""
    with open_engine() as made:
        yield [prepared(made)]


def prepared(engine: Engine) -> Engine:
    create_tables(engine)
    set_options(engine, "665", Regler(), date(2021, 6, 1))
    return engine


def loads(engine: Engine, folder: Path, source: str, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    (folder / "reconcile.toml").write_text(f'[kommune]\nkode = "665"\n[kilder.{source}]\nfiler = ["{name}"]\n')
    engine.run(f"DELETE FROM {source}")
    reader(load_config(folder / "reconcile.toml"), source)(engine)


def holds(run: Callable[[], object]) -> None:
    """It ends well, or in a sentence without a number of anybody."""
    said = "read"
    try:
        run()
    except ReconcileError as error:
        said = str(error)
    assert said.strip()
    assert not re.search(f"(?<![0-9]){CPR}(?![0-9])", said)


def kinds(folder: Path) -> dict[str, tuple[str, bytes, bool]]:
    """Each kind of source file: the source, a good one, and whether it is a package."""
    text = "\n".join(";".join(row) for row in ROWS).encode()
    return {
        "a.csv": ("fagsystem", text, False),
        "b.csv": ("fagsystem", text.replace(b"1.4", "æøå".encode("cp1252")), False),
        "a.xlsx": ("fagsystem", workbook(folder / "a.xlsx", {"Ark1": ROWS}), True),
        "a.ods": ("fagsystem", (CASES / "error-cell-other-formats" / "fag.ods").read_bytes(), True),
        "a.xls": ("fagsystem", (CASES / "error-cell-other-formats" / "fag.xls").read_bytes(), False),
        "a.parquet": ("fagsystem", parquet(), False),
        "a.px": ("hand07", PX.encode("cp1252"), False),
        "a.json": ("hand07", json.dumps(JSONSTAT).encode(), False),
    }


@pytest.mark.parametrize("name", ["a.csv", "b.csv", "a.xlsx", "a.ods", "a.xls", "a.parquet", "a.px", "a.json"])
def test_a_damaged_source_is_read_or_refused(name: str, engine: list[Engine], tmp_path: Path) -> None:
    source, good, packed = kinds(tmp_path)[name]
    chosen = random.Random(name)
    for _turn in range(TIMES):
        content = damaged_inside(good, chosen) if packed else damaged(good, chosen)
        try:
            holds(partial(loads, engine[0], tmp_path, source, name, content))
        except BaseException:
            (tmp_path / "kept").write_bytes(content)  # a new file for tests/cases
            raise
        if not alive(engine[0]):
            engine[0] = prepared(Engine(tmp_path))


def alive(engine: Engine) -> bool:
    try:
        engine.rows("SELECT 1")
    except duckdb.Error:
        return False
    return True


def test_a_damaged_printed_table_is_read_or_refused(tmp_path: Path) -> None:
    table = b"ydelse;a;b;I alt\nx;1;2;3\ny;4;5;9\nI alt;5;7;12\n"
    book = workbook(tmp_path / "t.xlsx", {"Ark1": [["", "a"], ["x", 1], ["I alt", 1]]})
    chosen = random.Random(3)
    for turn in range(2 * TIMES):
        path = tmp_path / ("t.xlsx" if turn % 2 else "t.csv")
        path.write_bytes(damaged_inside(book, chosen) if turn % 2 else damaged(table, chosen))
        holds(partial(read_grid, path))


def test_a_damaged_configuration_is_refused_in_a_sentence(tmp_path: Path) -> None:
    good = (
        b'[kommune]\nkode = "665"\nnavn = "P"\n[kilder.fagsystem]\nfiler = ["a.csv"]\nkolonner = { cpr = "c" }\n'
        b'[regler]\nugegraense = "1.00"\nhusregler = []\n[mail]\nserver = "x"\nport = 25\n'
    )
    chosen = random.Random(4)
    for _turn in range(20 * TIMES):
        (tmp_path / "reconcile.toml").write_bytes(damaged(good, chosen))
        holds(lambda: load_config(tmp_path / "reconcile.toml"))


def test_a_damaged_acceptance_or_log_is_refused_in_a_sentence(tmp_path: Path) -> None:
    accepted = b'[[accepteret]]\nbegrundelse = "x"\naf = "JH"\nindtil = 2021-01-01\noprettet = 2020-01-01\n'
    accepted += b'[accepteret.fund]\n"VH03-1" = "5"\n'
    key = bytes(32)
    for number in range(3):
        append(tmp_path, {"tid": f"2026-01-0{number + 1}T00:00:00+00:00", "note": "x"}, key)
    good, chosen = (tmp_path / "approvals.jsonl").read_bytes(), random.Random(5)
    for _turn in range(10 * TIMES):
        (tmp_path / "accepteret.toml").write_bytes(damaged(accepted, chosen))
        holds(lambda: read_accepted(tmp_path))
        hurt = damaged(good, chosen)
        (tmp_path / "approvals.jsonl").write_bytes(hurt)
        ledger = read_log(tmp_path, key)
        same = hurt.replace(b"\r\n", b"\n").strip(b"\n") == good.strip(b"\n")
        assert same or ledger.faults or ledger.torn or len(ledger.lines) < 3


def test_a_damaged_report_is_refused_in_a_sentence_and_stops_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "ud" / "1"
    publish(report_example.example(), folder, lambda _text: None, rules=report_example.rules())
    chosen = random.Random(6)
    good = {name: (folder / name).read_bytes() for name in ("manifest.json", "resultat.json")}
    for turn in range(2 * TIMES):
        name = ("manifest.json", "resultat.json")[turn % 2]
        (folder / name).write_bytes(damaged(good[name], chosen))
        holds(lambda: decode(read_run(folder)))
        manifests(tmp_path)
        (folder / name).write_bytes(good[name])
