"""The engine: parameters as literals, views from files, nothing left behind."""

import math
import os
import re
import signal
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.engine import duckdb as module
from reconcile.engine import nameless
from reconcile.engine.base import Value, literal
from reconcile.engine.duckdb import open_engine


@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**60), 2**60),
        st.decimals(min_value=-(10**15), max_value=10**15, places=2),
        st.dates(min_value=date(1000, 1, 1)),
        st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
    )
)
def test_every_value_survives_as_a_literal(value: Value) -> None:
    with open_engine() as engine:
        assert engine.connection.execute(f"SELECT {literal(value)}").fetchall() == [(value,)]


def test_a_decimal_is_never_a_float_in_sql() -> None:
    with open_engine({"x": Decimal("1E+4")}) as engine:
        assert engine.rows("SELECT $x, typeof($x)")[0] in [(10000, "INTEGER"), (Decimal(10000), "DECIMAL(5,0)")]


def test_parameters_stand_as_names_in_sql_and_a_missing_one_is_an_error() -> None:
    with open_engine({"kommune": "665", "graense": Decimal("0.10")}) as engine:
        engine.set_parameters({"navn": "O'Hara"})
        assert engine.rows("SELECT $kommune, $graense, $navn") == [("665", Decimal("0.10"), "O'Hara")]
        with pytest.raises(Exception, match=r"(?i)parameter|values were not provided"):
            engine.rows("SELECT $ukendt")


def test_values_stand_for_question_marks_whatever_is_in_them() -> None:
    with open_engine({"kommune": "665"}) as engine:
        assert engine.rows("SELECT $kommune, ?, ? + 1", ["$kommune? 'x'", 1]) == [("665", "$kommune? 'x'", 2)]
        with pytest.raises(ValueError, match="zip"):
            engine.rows("SELECT ?, ?", ["x"])


@pytest.mark.parametrize("long", [1, 3])
def test_lists_of_texts_stand_for_question_marks_and_are_in_no_error(
    long: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given as variables, which are gone afterwards, or bound where they are long."""
    monkeypatch.setattr("reconcile.engine.duckdb._LONG", long)
    texts = ["it's", "?", "$liste"]
    with open_engine() as engine:
        engine.run_with(
            "CREATE TABLE par AS SELECT unnest(?::VARCHAR[]) AS a, unnest(?::VARCHAR[]) AS b", texts, texts[::-1]
        )
        assert sorted(engine.rows("FROM par")) == sorted(zip(texts, texts[::-1], strict=True))
        engine.run_with("CREATE TABLE intet AS SELECT unnest(?::VARCHAR[]) AS a", [])
        assert engine.rows("FROM intet") == []
        with pytest.raises(Exception, match="Conversion") as error:
            engine.run_with("CREATE TABLE tal AS SELECT 'x'::INTEGER FROM (SELECT unnest(?::VARCHAR[]))", ["hemmelig"])
        assert "hemmelig" not in str(error.value)
        assert engine.rows("SELECT getvariable('liste_0')") == [(None,)]


def test_rows_of_python_values_become_a_table_also_when_there_are_none() -> None:
    with open_engine() as engine:
        types = {"navn": "VARCHAR", "beloeb": "DECIMAL(18,2)", "dag": "DATE"}
        rows = [("æ;'\"$kommune", Decimal("0.01"), date(2020, 2, 29)), (None, None, None)] * 700
        engine.add_rows("t", types, rows)
        assert engine.columns("t") == ("navn", "beloeb", "dag")
        assert sorted(engine.rows("SELECT * FROM t"), key=str) == sorted(rows, key=str)
        engine.add_rows("t", types, [])
        assert engine.rows("SELECT count(*) FROM t") == [(0,)]


def test_records_are_dicts_and_none_is_lost_between_batches() -> None:
    with open_engine() as engine:
        records = list(engine.records("SELECT range AS n FROM range(25000)"))
        assert sorted(record["n"] for record in records) == list(range(25000))


def test_views_are_made_in_the_order_of_their_file_names_and_stored_ones_are_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gruppe").mkdir()
    (tmp_path / "gruppe" / "020_anden.sql").write_text("-- One row is: x\nSELECT n + $plus AS n FROM foerste")
    (tmp_path / "gruppe" / "010_foerste.sql").write_text("-- One row is: x\n-- stored\nSELECT 1 AS n")
    with open_engine({"plus": 1}) as engine:
        monkeypatch.setattr("reconcile.engine.base.SQL", tmp_path)
        engine.create_views("gruppe")
        assert engine.rows("SELECT n FROM anden") == [(2,)]
        kinds = dict(engine.rows("SELECT table_name, table_type FROM information_schema.tables"))
        assert (kinds["foerste"], kinds["anden"]) == ("BASE TABLE", "VIEW")


def test_nothing_is_left_behind_whatever_happened() -> None:
    folders = []

    def fail() -> None:
        with open_engine() as engine:
            folders.append(engine.folder)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not folders[0].exists()


@pytest.mark.parametrize(("size", "held"), [(module.IN_MEMORY, "memory"), (module.IN_MEMORY + 1, "koersel")])
def test_a_large_input_is_held_in_a_file_of_the_run(size: int, held: str) -> None:
    with open_engine(input_bytes=size) as engine:
        engine.run("CREATE TABLE t AS SELECT 1 AS n")
        assert engine.rows("SELECT current_database()") == [(held,)]
        assert list(engine.records("SELECT current_database() AS held FROM t")) == [{"held": held}]


@pytest.mark.skipif(sys.platform != "linux", reason="an open file needs no name on Linux")
@pytest.mark.parametrize("size", [0, module.IN_MEMORY + 1])
def test_no_name_leads_to_rows_that_are_on_the_disk_while_a_run_is_at_work(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a kill leaves none: database, log of it, and what did not fit in memory."""
    monkeypatch.setattr(module, "_memory_limit", lambda: "40MB")
    monkeypatch.setattr(nameless, "_LOOK", 0.005)
    with open_engine(input_bytes=size) as engine:
        engine.run("SET threads = 1")
        engine.run("CREATE TABLE t AS SELECT (range + 101501111)::VARCHAR AS cpr, hash(range) AS h FROM range(600000)")
        engine.run("CREATE TABLE u AS SELECT * FROM t ORDER BY h")
        engine.run("INSERT INTO u VALUES ('0101501111', 1)")
        deadline = time.monotonic() + 5
        while (named := _with_rows(engine.folder)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert named == []
        opened = {_target(link) for link in tuple(Path("/proc/self/fd").iterdir())}
        opened = {name for name in opened if name.startswith(str(engine.folder))}
        assert any("(deleted)" in name and ("spild" in name or "duckdb" in name) for name in opened)
        assert engine.rows("SELECT count(DISTINCT cpr) FROM u") == [(600001,)]
    assert not engine.folder.exists()


def _with_rows(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


@pytest.mark.skipif(os.name != "posix", reason="a process is forked and killed")
@pytest.mark.parametrize("size", [0, module.IN_MEMORY + 1], ids=["spilled", "database and spilled"])
def test_what_a_kill_leaves_where_files_keep_their_names_is_encrypted(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows and macOS, and on the disk itself: neither the database nor what spilled has a CPR number in it."""
    monkeypatch.setattr(module, "_memory_limit", lambda: "40MB")
    monkeypatch.setattr(nameless, "possible", lambda: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    child = os.fork()
    if not child:
        try:
            _write_until_it_spills(size)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    left = _with_rows(tmp_path)
    assert any("spild" in path.parts for path in left)
    assert any(path.name == "reconcile.duckdb" and path.stat().st_size > 1_000_000 for path in left) == (size > 0)
    assert not [path for path in left if re.search(rb"10150\d{4}|kendetegn", path.read_bytes())]


def _write_until_it_spills(size: int) -> None:
    with open_engine(input_bytes=size) as engine:
        engine.run("SET threads = 1")
        engine.run("SET force_compression = 'uncompressed'")  # what is packed is not found either
        engine.run(
            "CREATE TABLE t AS SELECT range + 101500000 || ' med et kendetegn' AS cpr, hash(range) AS h FROM range(400000)"
        )
        if size:
            engine.run("CHECKPOINT")
        engine.run("SET memory_limit = '20MB'")
        seen = engine.cursor().execute("SELECT * FROM t ORDER BY h")
        seen.fetchone()
        assert _with_rows(engine.folder / "spild")
        os.kill(os.getpid(), signal.SIGKILL)


def test_the_key_of_a_database_is_its_own_and_is_not_said(tmp_path: Path) -> None:
    with open_engine() as engine:
        one, other = (engine.attach(tmp_path / name, name) for name in ("den_ene", "den_anden"))
        assert len({one.key, other.key}) == 2
        assert one.key not in repr(one)
        assert one.key not in str(engine.rows("FROM duckdb_databases()") + engine.rows("FROM duckdb_settings()"))
        with pytest.raises(duckdb.Error) as refused:
            engine.attach_lent(one, "den_anden")
        assert one.key not in str(refused.value)


@pytest.mark.skipif(sys.platform != "linux", reason="an open file needs no name on Linux")
def test_a_file_is_lent_by_a_name_that_leads_nowhere_once_the_run_is_gone() -> None:
    with open_engine() as engine, open_engine() as other:
        sealed = engine.attach(engine.folder / "delt.duckdb", "delt")
        engine.lend(sealed)
        engine.run("CREATE TABLE delt.t AS SELECT 1 AS n")
        engine.run("DETACH delt")
        other.attach_lent(sealed, "delt")
        assert other.rows("SELECT n FROM delt.t") == [(1,)]
        assert sealed.path.is_symlink()
        engine.close()
        assert not sealed.path.exists()


@pytest.mark.parametrize(("size", "threads"), [(module.ONE_THREAD, {1}), (module.ONE_THREAD + 1, {os.cpu_count()})])
def test_a_small_input_is_not_shared_out_between_the_cores(size: int, threads: set[int]) -> None:
    with open_engine(input_bytes=size) as engine:
        assert set(engine.rows("SELECT current_setting('threads')")[0]) == threads


def test_nothing_is_downloaded() -> None:
    with open_engine() as engine:
        settings = dict(engine.rows("SELECT name, value FROM duckdb_settings()"))
        assert settings["autoinstall_known_extensions"] == settings["autoload_known_extensions"] == "false"


def test_the_memory_limit_leaves_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": math.ceil(8e9 / 4096)}
    monkeypatch.setattr(os, "sysconf", pages.__getitem__, raising=False)
    assert module._memory_limit() == "4GB"
    pages["SC_PHYS_PAGES"] = 10**9
    assert module._memory_limit() == "6GB"
    monkeypatch.delattr(os, "sysconf")
    assert module._memory_limit() == "2GB"
