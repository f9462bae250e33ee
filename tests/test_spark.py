"""The same run on Spark: byte for byte what DuckDB gives. A job of its own, because it needs Java and takes minutes:
``RECONCILE_SPARK=1 pytest tests/test_spark.py`` (``.ci/run`` does).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.runs import call
from support.spark import MARKS, same
from support.worlds import asked, filled

from reconcile.engine.base import Kind, SparkPlace
from reconcile.engine.spark import Spark
from reconcile.engine.spark_session import beside
from reconcile.errors import InputError
from reconcile.world.context import Context
from reconcile.world.prepare import open_world

pytestmark = MARKS


def both(working: Path, *arguments: str) -> None:
    """Run a command on each engine, in a copy of the working folder each."""
    out = {}
    for engine in ("duckdb", "spark"):
        folder = working.with_name(f"{working.name}-{engine}")
        shutil.copytree(working, folder, ignore=shutil.ignore_patterns("rapport"))
        out[engine] = folder / "ud" / "prøve"
        config = folder / "reconcile.toml"
        code = call(*arguments, "--config", config, "--out", out[engine], "--engine", engine, "--quiet")
        assert code in (0, 1)
    same(out["duckdb"], out["spark"])


@pytest.fixture
def working(sample: Path, tmp_path: Path) -> Path:
    """The sample's working folder, before anything ran in it."""
    folder = tmp_path / "arbejde"
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("rapport", "ud", "aftryk", "koersler.json*"))
    return folder


def test_a_whole_run_gives_the_same_on_both_engines(working: Path) -> None:
    both(working, "run")


def test_a_second_delivery_gives_the_same_on_both_engines(working: Path) -> None:
    assert call("hand07", "--config", working / "reconcile.toml", "--period", "2020K3", "--quiet") in (0, 1)
    assert list((working / "aftryk").glob("*.parquet"))
    (path,) = working.glob("ind/nexus-*botilbud.csv")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:5] + lines[9:]))
    both(working, "hand07", "--period", "2020K3")


def test_a_random_world_gives_the_same_on_both_engines(working: Path) -> None:
    shutil.rmtree(working / "ind")
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        " from eksempelkommune.write import write_all; write_all(Path(sys.argv[2]), 1813)"
    )
    samples = Path(__file__).parents[1] / "samples"
    subprocess.run([sys.executable, "-c", code, str(samples), str(working)], check=True, capture_output=True)
    both(working, "ottetal", "--period", "2020")


def house_rule(folder: Path, condition: str) -> Path:
    """A working folder with one figure and one rule of the house over the cells of it."""
    texts = {name: {"da": "Tekst {periode}."} for name in ("titel", "saetning", "hvorfor", "goer")}
    meta = {"regel": "HUS1", "alvor": "advarsel", **texts, "hvem": "fagsystem", "kilde": "egen"}
    entry = {
        "kwargs": {"condition": condition},
        "severity": "warning",
        "meta": {**meta, "fund": {"vaerdi": "dst_kode"}},
    }
    (folder / "expectations").mkdir()
    suite: dict[str, Any] = {"name": "hand07_celle", "meta": {"view": "hand07_celle"}, "expectations": [entry]}
    (folder / "expectations" / "egne.json").write_text(json.dumps(suite), encoding="utf-8")
    (folder / "reconcile.toml").write_text(
        '[kommune]\nkode = "665"\n[kilder.hand07]\nfiler = ["h.csv"]\n[regler]\nhusregler = ["HUS1"]\n',
        encoding="utf-8",
    )
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;3\n", encoding="utf-8")
    return folder / "reconcile.toml"


def test_a_rule_of_the_house_that_only_duckdb_understands_is_refused_with_view_and_construct(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = house_rule(tmp_path, "list_value(dst_kode)[1] = '1.1'")
    out = tmp_path / "ud" / "prøve"
    assert call("hand07", "--config", config, "--out", out, "--engine", "spark") == 2
    told = capsys.readouterr().err
    assert "HUS1" in told
    assert "hand07_celle" in told
    assert "list" in told
    assert not out.exists()
    assert call("hand07", "--config", config, "--out", out, "--quiet") in (0, 1)


def _waited_for(found: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="a kill of its own kind")
def test_what_a_killed_run_left_in_the_shared_folder_is_gone_after_the_next_start(working: Path) -> None:
    shared = working / "delt"
    shared.mkdir()
    config = working / "reconcile.toml"
    config.write_text(config.read_text(encoding="utf-8") + '\n[spark]\nmappe = "delt"\n', encoding="utf-8")
    command = [sys.executable, "-m", "reconcile", "hand07", "--config", str(config), "--engine", "spark", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _waited_for(lambda: list(shared.rglob("*.parquet")) or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
    (left,) = shared.iterdir()
    assert left.stat().st_mode & 0o777 == 0o700
    assert list(left.rglob("*.parquet"))
    assert call("hand07", "--config", config, "--period", "2020K3", "--quiet") in (0, 1)
    _waited_for(lambda: not list(shared.rglob("*.parquet")))


def test_a_run_leaves_nothing_in_the_shared_folder_and_says_nothing_of_its_own(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = house_rule(tmp_path, "dst_kode = '1.1'")
    shared = tmp_path / "delt"
    shared.mkdir()
    config.write_text(config.read_text(encoding="utf-8") + '[spark]\nmappe = "delt"\n', encoding="utf-8")
    assert call("hand07", "--config", config, "--engine", "spark", "--quiet") in (0, 1)
    assert list(shared.iterdir()) == []
    assert capfd.readouterr() == ("", "")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A small world on Spark, for the tests from here on: there is one session at a time in a process."""
    rows = [
        {"cpr": cpr, "dst_kode": "1.1", "start_dato": date(2020, 1, day), "ydelse_id": f"N-{day}"}
        for day, cpr in enumerate(["0101501111", "6101501111", "ABC", "0101501111"], start=1)
    ]
    place = SparkPlace("local[1]", tmp_path_factory.mktemp("delt"))
    day = asked("2020", None, "665", date(2021, 6, 1))
    with beside(place) as spark, open_world(day, filled({"fagsystem": rows}), spark=spark) as made:
        yield made


@pytest.fixture
def engine(context: Context) -> Spark:
    """Where it is computed."""
    assert isinstance(context.engine, Spark)
    return context.engine


def test_the_same_words_mean_the_same(context: Context, engine: Spark) -> None:
    """One by one, what the two engines are known to mean different things by."""
    values = "(SELECT * FROM (VALUES (1, 'b', NULL), (2, 'a', 7), (-3, NULL, 5)) AS v(n, t, m))"
    expressions = (
        "CAST(-7 // 2 AS BIGINT)", "7 / 2", "CAST(1.10 AS DECIMAL(18, 2)) / CAST(3.00 AS DECIMAL(18, 2))", "1 / nullif(0, 0)",
        "CAST(CAST(12345678901234567.89 AS DECIMAL(20, 2)) * 100 AS HUGEINT)", "CAST(2.5 AS HUGEINT)",
        f"(SELECT string_agg(t, ', ' ORDER BY n) FROM {values})", f"(SELECT arg_min(m, n) FROM {values})",
        f"(SELECT sum(n) FILTER (WHERE t IS NOT NULL) FROM {values})", f"(SELECT count(DISTINCT (n, m)) FROM {values})",
        "CAST(date_trunc('week', DATE '2021-01-03') AS DATE)", "iso_uge(DATE '2021-01-03')", "iso_uge(DATE '2018-12-31')",
        "CAST(DATE '2020-01-31' + INTERVAL 1 MONTH AS DATE)", "CAST(DATE '2020-03-01' - INTERVAL (1) DAY AS DATE)",
        "date_diff('day', DATE '2020-02-28', DATE '2020-03-01')", "strftime(DATE '2020-07-04', '%Y-%m')",
        "regexp_full_match('ab\n', 'ab')", "regexp_full_match('a\\d', 'a.d')", "regexp_extract('18-64 år', '(\\d+)-', 1)",
        "strpos('a|b', '|')", "lpad('7', 2, '0')", "concat_ws(', ', 'a', NULL, 'b')", "try_cast('x' AS INTEGER)",
        "greatest(1, NULL, 3)", "least(DATE '2020-01-01', NULL)", "NULL IS DISTINCT FROM 1", "coalesce(NULL, 'it''s \\ ')",
        "cpr_klasse('0101501111')", "cpr_klasse('6101501111')", "cpr_klasse('3102501111')", "cpr_klasse('010150ABCÅ')",
        "cpr_foedt('0101574111')", "cpr_foedt('0101364111')", "cpr_modulus11('0101501111')", "split_part('a|b', '|', 2)",
        "split_part('a|b', '|', 3)", "trim('  a ')", "lower('ÆØÅ')", "last_day(DATE '2020-02-03')", "sign(-2)", "abs(-2)",
    )  # fmt: skip
    reader = context.reader
    differ = {
        text: (ours, theirs)
        for text in expressions
        if (ours := reader.rows(f"SELECT {text}")) != (theirs := engine.rows(f"SELECT {text}"))
    }
    assert differ == {}


def test_order_is_the_same_with_missing_values_and_danish_letters(context: Context, engine: Spark) -> None:
    query = "SELECT * FROM (VALUES ('å', 1), ('Z', NULL), (NULL, 3), ('a', -1)) AS v(t, n) ORDER BY t DESC, n"
    assert engine.rows(query) == context.reader.rows(query)
    query = query.replace("t DESC, n", "n, t")
    assert engine.rows(query) == context.reader.rows(query)


def test_a_view_sees_what_its_tables_are_replaced_by(engine: Spark) -> None:
    engine.add_rows("tal", {"n": "BIGINT"}, [(1,)])
    engine.run("CREATE OR REPLACE VIEW dobbelt AS SELECT 2 * n AS n FROM tal")
    engine.run("CREATE OR REPLACE VIEW firdobbelt AS SELECT 2 * n AS n FROM dobbelt")
    engine.run("CREATE OR REPLACE TABLE gemt AS SELECT n FROM firdobbelt")
    assert engine.rows("SELECT n FROM firdobbelt") == [(4,)]
    engine.add_rows("tal", {"n": "BIGINT"}, [(5,)])
    assert engine.rows("SELECT n FROM firdobbelt") == [(20,)]
    assert engine.rows("SELECT n FROM gemt") == [(4,)]
    engine.run("DROP TABLE gemt")
    assert "gemt" not in engine.names()


def test_a_value_that_cannot_be_is_an_error_and_not_missing(engine: Spark) -> None:
    with pytest.raises(engine.errors):
        engine.rows("SELECT CAST(cpr AS INTEGER) FROM fagsystem WHERE cpr = 'ABC'")
    with pytest.raises(engine.errors):
        engine.rows(
            "SELECT CAST(99999999999999999 AS DECIMAL(18, 2)) * CAST(9999999999999999 AS DECIMAL(18, 2)) * 100000"
        )


@pytest.mark.parametrize(
    ("condition", "kind", "word"),
    [
        ("dst_kod = '1.1'", Kind.COLUMN, "dst_kod"),
        ("dst_kode IN (SELECT dst_kode FROM findes_ikke)", Kind.COLUMN, "findes_ikke"),
        ("dst_kode = (", Kind.SYNTAX, ""),
        ("true; DROP VIEW forloeb", Kind.SYNTAX, ""),
        ("dst_kode = list_value('1.1')[1]", Kind.UNPORTABLE, "list"),
        ("hash(dst_kode) > 0", Kind.UNPORTABLE, "function hash"),
        ("reflect('java.lang.System', 'getenv', 'HOME') = ''", Kind.UNPORTABLE, "function reflect"),
        ("EXISTS (SELECT 1 FROM parquet.`/etc/passwd`)", Kind.SYNTAX, ""),
        ("EXISTS (SELECT 1 FROM read_text('/etc/passwd'))", Kind.OUTSIDE, ""),
        ("EXISTS (SELECT 1 FROM global_temp.forloeb)", Kind.OUTSIDE, ""),
        ("CAST(cpr AS INTEGER) > 0", Kind.VALUE, ""),
    ],
)
def test_what_is_wrong_in_a_rule_of_the_house_is_named(engine: Spark, condition: str, kind: Kind, word: str) -> None:
    found = engine.mistake_in(f"SELECT dst_kode FROM forloeb WHERE {condition}", run=True)
    assert found is not None
    assert found.kind is kind
    assert word in found.word


def test_nothing_is_wrong_in_a_right_one(engine: Spark) -> None:
    assert engine.mistake_in("SELECT dst_kode FROM forloeb WHERE start_dato > DATE '2020-01-02'", run=True) is None


def test_an_error_of_sparks_is_a_sentence_without_values(context: Context, capfd: pytest.CaptureFixture[str]) -> None:
    from reconcile.rules.catalogue import load_rules
    from reconcile.rules.runner import RuleError, run_rules

    rule = next(r for r in load_rules() if r.view == "vh_forloeb" and not r.columns)
    context.engine.create_views("validate")
    from dataclasses import replace

    broken = replace(rule, condition="CAST(cpr AS INTEGER) > 0")
    with pytest.raises((RuleError, InputError)) as caught:
        run_rules(context, [broken])
    assert "0101501111" not in str(caught.value)
    assert "0101501111" not in "".join(capfd.readouterr())


def test_a_second_session_in_the_process_is_refused_in_words(context: Context, tmp_path: Path) -> None:
    assert context.engine
    place = SparkPlace("local[1]", tmp_path)
    with (
        pytest.raises(InputError, match="allerede en Spark-session"),
        beside(place) as spark,
        open_world(asked("2020", None, "665", date(2021, 6, 1)), filled({}), spark=spark),
    ):
        pytest.fail("it was opened")
