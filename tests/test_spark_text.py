"""What is said and refused of Spark without it: no Java is needed here."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.runs import call

from reconcile.engine import spark_session
from reconcile.engine.base import SparkPlace
from reconcile.engine.translate import UnportableError, macros, parsed, reads, to_spark
from reconcile.errors import ConfigError, InputError
from reconcile.settings.config import load_config


def spark(sql: str) -> str:
    return to_spark(parsed(sql))


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("SELECT a // b", "SELECT a DIV b"),
        ("SELECT CAST(a AS HUGEINT)", "SELECT CAST(a AS DECIMAL(38, 0))"),
        (
            "SELECT a / b",
            "SELECT CAST((a) AS DOUBLE) / (CASE WHEN CAST((b) AS DOUBLE) = 0 THEN NULL ELSE CAST((b) AS DOUBLE) END)",
        ),
        ("SELECT try_strptime(a, '%d-%m-%Y')", "SELECT TRY_TO_TIMESTAMP(a, 'dd-MM-yyyy')"),
        ("SELECT a BETWEEN 1 AND 2", "SELECT (a >= 1 AND a <= 2)"),
        ("SELECT arg_min(a, b) FROM t", "SELECT MIN_BY(a, b) FILTER(WHERE NOT a IS NULL) FROM t"),
        ("SELECT d - INTERVAL (3) DAY", "SELECT d - ((3) * INTERVAL '1' DAY)"),
        ("SELECT a ORDER BY a", "SELECT a ORDER BY a NULLS LAST"),
    ],
)
def test_what_the_engines_mean_different_things_by_is_put_right(sql: str, text: str) -> None:
    assert spark(sql) == text


def test_the_engines_own_functions_are_written_out() -> None:
    text = spark("SELECT cpr_klasse(x.cpr) FROM x")
    assert not any(name.upper() in text.upper().replace("X.CPR", "") for name in macros())
    assert "x.cpr" in text


def test_a_statement_says_what_it_reads_and_not_what_it_names_itself() -> None:
    assert reads(parsed("WITH egen AS (SELECT * FROM a) SELECT * FROM egen JOIN b ON true")) == {"a", "b"}


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "SELECT (", ""])
def test_what_is_not_one_statement_is_refused(sql: str) -> None:
    with pytest.raises(UnportableError):
        parsed(sql)


def test_without_pyspark_the_command_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda _name: None)
    with pytest.raises(InputError, match=r"pip install 'reconcile\[spark\]'"):
        spark_session.check(SparkPlace("local[2]", tmp_path))


def test_without_java_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spark_session, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(InputError, match="Java 17"):
        spark_session.check(SparkPlace("local[2]", tmp_path))
    spark_session.check(SparkPlace("sc://vaert:15002", tmp_path))
    with pytest.raises(InputError, match="er ikke en mappe"):
        spark_session.check(SparkPlace("sc://vaert:15002", tmp_path / "findes-ikke"))


@pytest.mark.parametrize(
    ("section", "word"),
    [('session = "yarn"', "local"), ('session = "sc://vaert:15002"', "mappe"), ('seson = "local"', "Mente du")],
)
def test_a_mistake_in_the_section_is_named(tmp_path: Path, section: str, word: str) -> None:
    path = tmp_path / "reconcile.toml"
    path.write_text(
        f'[kommune]\nkode = "665"\n[kilder.hand07]\nfiler = ["h.csv"]\n[spark]\n{section}\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=word):
        load_config(path)


def test_what_spark_is_set_to_is_exact() -> None:
    meaning = spark_session.MEANING
    assert meaning["spark.sql.ansi.enabled"] == "true"
    assert meaning["spark.sql.session.timeZone"] == "UTC"
    assert meaning["spark.sql.decimalOperations.allowPrecisionLoss"] == "false"


def there(folder: Path, kommune: str = '"665"', source: str = "yr") -> Path:
    """The configuration of a working folder with one source that Spark reads."""
    (folder / "noegle.key").write_text("0f" * 32, encoding="ascii")
    (folder / "reconcile.toml").write_text(
        f'[kommune]\nkode = {kommune}\n[kilder.{source}]\nspark = "lager/{source}"\n', encoding="utf-8"
    )
    return folder / "reconcile.toml"


def test_what_spark_reads_is_refused_on_duckdb_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("yr", "--config", there(tmp_path)) == 2
    assert "spark:yr: kilden læses af Spark; kør med --engine spark" in capsys.readouterr().err


def test_what_spark_reads_is_not_shared_out_between_kommuner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("yr", "--config", there(tmp_path, '["665", "751"]')) == 2
    assert "[kilder.yr] læses af Spark og kan ikke deles mellem flere kommuner" in capsys.readouterr().err


def test_only_sources_with_persons_are_read_by_spark(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\[kilder.hand07\] spark: kun kilder med personer læses af Spark"):
        load_config(there(tmp_path, source="hand07"))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("spark = 'a'\nfiler = ['b.csv']", "skriv én af filer, database og spark"),
        ("spark = 'a'\nark = 'b'", "ark og serie hører til filer"),
        ("filer = ['b.csv']\nformat = 'delta'", "format hører til spark"),
        ("spark = 'a'\nformat = 'orc'", 'skal være "parquet" eller "delta"'),
    ],
)
def test_a_folder_is_a_source_of_its_own(tmp_path: Path, lines: str, said: str) -> None:
    path = tmp_path / "reconcile.toml"
    path.write_text(f'[kommune]\nkode = "665"\n[kilder.yr]\n{lines}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_config(path)


def test_a_folder_is_told_to_spark_from_the_working_folder_and_an_address_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "yr" / "aar=2021").mkdir(parents=True)
    (tmp_path / "yr" / "aar=2021" / "a.parquet").write_bytes(b"12345")
    assert spark_session.folder_path(tmp_path, "yr") == f"{tmp_path.as_posix()}/yr"
    assert spark_session.folder_bytes(tmp_path, "yr") == 5
    address = "abfss://lager@konto/yr"
    assert spark_session.folder_path(tmp_path, address) == address
    assert spark_session.folder_bytes(tmp_path, address) > 50_000_000
