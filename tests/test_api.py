"""``import reconcile``: a run and a published run as DataFrames, and the page that shows it."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import reconcile
from reconcile.errors import ConfigError, InputError
from reconcile.runs.workspace import copy_sample

PAGE = Path(__file__).parent.parent / "docs" / "python.md"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The page's code, run in a working folder with the sample; the names it leaves."""
    folder = tmp_path_factory.mktemp("python") / "eksempel"
    copy_sample(folder)
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
            exec(block, found)  # noqa: S102 - the page of this repository
        found["igen"] = reconcile.load("ud/python")
    return found


def test_a_saved_run_is_read_back_with_the_same_tables_types_and_verdict(names: dict[str, Any]) -> None:
    made, read = names["koersel"], names["igen"]
    assert set(made.tables) == set(read.tables)
    for name, table in made.tables.items():
        assert table.equals(read.tables[name]), name
        assert [type(v) for v in table.to_numpy().ravel()] == [type(v) for v in read.tables[name].to_numpy().ravel()]
    assert list(made.findings["fund_id"]) == list(read.findings["fund_id"])
    assert list(made.findings["besked"]) == list(read.findings["besked"])
    assert (made.verdict, made.exit_code) == (read.verdict, read.exit_code)
    assert made.exit_code == 1


def test_amounts_are_exact_dates_are_dates_and_counts_whole(names: dict[str, Any]) -> None:
    tables = names["igen"].tables
    assert str(tables["hand07_diff"]["dst"].dtype) == "Int64"
    assert {type(value) for value in tables["yr_uge"]["total"]} == {Decimal}
    assert {type(value) for value in tables["yr_uge"]["uge"]} == {date}


def test_nothing_is_printed_and_mistakes_are_exceptions(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigError):
        reconcile.run(tmp_path / "reconcile.toml")
    with pytest.raises(InputError, match="mappe med en rapport"):
        reconcile.load(tmp_path)
    copy_sample(tmp_path / "e")
    with pytest.raises(InputError, match="2020Q9"):
        reconcile.run(tmp_path / "e" / "reconcile.toml", period="2020Q9")
    with pytest.raises(InputError, match="skriv duckdb eller spark"):
        reconcile.run(tmp_path / "e" / "reconcile.toml", engine="sqlite")
    assert capfd.readouterr() == ("", "")


def test_importing_reconcile_reads_no_heavy_library() -> None:
    code = "import reconcile, sys; sys.exit(bool({'pandas', 'duckdb', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
