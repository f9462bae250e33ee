"""A result table is one declaration, and a column one field: every report, file and reader follows by itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from support import report_example

from reconcile.history.decode import decode
from reconcile.history.published import read_run
from reconcile.history.since import compare, published_snapshot, snapshot
from reconcile.reports.export import write_parquet
from reconcile.reports.publish import publish
from reconcile.results import declared
from reconcile.results.rows import ResultTable
from reconcile.results.table import Table


@dataclass(frozen=True)
class Trial:
    """A row of a table that no code but its declaration knows."""

    dst_kode: str
    periode: str
    proevetal: int
    forskel_paa_proeve: Decimal


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> ResultTable:
    """A table added by its declaration alone."""
    said = Table(
        "proeve",
        Trial,
        "Prøvetabellen",
        sheet="Prøver",
        description="Hvad prøven viser",
        csv=True,
        followed=("proevetal",),
    )
    monkeypatch.setitem(declared.TABLES, "proeve", said)
    return ResultTable("proeve", Trial, (Trial("1.4", "2020K3", 7, Decimal("1.50")),))


def test_a_new_table_is_one_declaration(trial: ResultTable, tmp_path: Path) -> None:
    result = report_example.example()
    result = replace(result, tables=(*result.tables, trial))
    publish(result, tmp_path / "r", lambda _text: None, rules=report_example.rules())
    page = (tmp_path / "r" / "rapport.html").read_text(encoding="utf-8")
    assert 'id="tabel-proeve"' in page
    assert "Prøvetabellen" in page
    book = openpyxl.load_workbook(tmp_path / "r" / "rapport.xlsx")
    assert "proeve" in book["Prøver"].tables
    assert "Hvad prøven viser" in [cell.value for row in book["Oversigt"].iter_rows() for cell in row]
    assert (tmp_path / "r" / "proeve.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "dst_kode;periode;proevetal;forskel_paa_proeve",
        "1.4;2020K3;7;1,50",
    ]
    assert json.loads((tmp_path / "r" / "resultat.json").read_text(encoding="utf-8"))["proeve"][0]["proevetal"] == 7
    read = decode(read_run(tmp_path / "r")).table("proeve")
    assert read == trial or (read is not None and tuple(read.rows) == tuple(trial.rows))
    write_parquet(result, report_example.rules(), tmp_path)
    assert duckdb.sql(f"SELECT proevetal, forskel_paa_proeve FROM '{tmp_path / 'proeve.parquet'}'").fetchall() == [
        (7, Decimal("1.5000"))
    ]
    moved = replace(result, tables=(ResultTable("proeve", Trial, (Trial("1.4", "2020K3", 9, Decimal(0)),)),))
    found = compare(published_snapshot(read_run(tmp_path / "r"), "a"), snapshot(moved, "b"))
    assert [(row.tal, row.foer, row.nu) for row in found.figures if row.tabel == "proeve"] == [("proevetal", 7, 9)]


def test_a_new_column_is_one_field_with_a_heading_of_its_own(trial: ResultTable, tmp_path: Path) -> None:
    result = replace(report_example.empty(), tables=(trial,))
    publish(result, tmp_path / "r", lambda _text: None, rules=report_example.rules())
    book = openpyxl.load_workbook(tmp_path / "r" / "rapport.xlsx")
    assert [cell.value for cell in book["Prøver"][1]] == [
        "Kode",
        "Ydelsens navn",
        "Periode",
        "Prøvetal",
        "Forskel på prøve",
    ]
