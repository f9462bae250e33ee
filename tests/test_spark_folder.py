"""Folders of typed rows that Spark reads where they lie: what comes of them is what comes of the same rows in a file, and what
is wrong with them is said as strictly. Part of the Spark job (``tests/test_spark.py``).
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.runs import call
from support.spark import MARKS, write_parquet, write_typed

from reconcile.domain.canonical import TABLES, Kind, ddl
from reconcile.engine.base import SparkPlace, literal
from reconcile.engine.duckdb import Engine, open_engine
from reconcile.engine.spark_session import Beside, beside
from reconcile.errors import InputError
from reconcile.settings.config import load_config
from reconcile.settings.sections import Regler
from reconcile.sources.convert import clean, value
from reconcile.sources.load import Loaded, load_sources
from reconcile.world.prepare import create_tables, set_options

pytestmark = MARKS

#: The typed columns of the sample's files: what is not here is text, as it stands.
_YR = {
    **dict.fromkeys(("bruttoudgift", "refusion", "medfinansiering", "fleksbidrag"), "kr"),
    **dict.fromkeys(("refusionssats", "medfinansieringssats", "ydelsestaeller", "genoptjening"), "tal"),
    "uge": "dag",
}
_SAMPLE: Mapping[str, tuple[Sequence[str], Mapping[str, str]]] = {
    "yr": (("yr-2020-1.csv", "yr-2020-2-rettelser.csv"), _YR),
    "oekonomi": (("oekonomi.csv",), {"Beløb": "kr", "Bogføringsdato": "dag"}),
    "borger": (("borger.csv",), {"Fødselsdato": "dag"}),
    "afregning": (("afregning.csv",), {"Takst (kr.)": "kr", "Afregnet fra": "dag"}),
    "flis": (("flis.csv",), {"start_dato": "dag"}),
}


@pytest.fixture
def sample_folder(sample: Path, tmp_path: Path) -> Path:
    """The sample's working folder, before anything ran in it, with one file of Ydelsesrefusion."""
    folder = tmp_path / "arbejde"
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("rapport", "ud", "aftryk", "koersler.json*"))
    return folder


def on_the_platform(folder: Path) -> Path:
    """A copy of the working folder whose largest sources are folders that Spark reads; returns its configuration."""
    copy = folder.with_name("platform")
    shutil.copytree(folder, copy)
    config = copy / "reconcile.toml"
    text = config.read_text(encoding="utf-8")
    for name, (files, types) in _SAMPLE.items():
        write_typed(copy / "lager" / name, [copy / "ind" / file for file in files], types)
        start = text.index(f"[kilder.{name}]\n")
        line = text.index("filer = ", start)
        text = f'{text[:line]}spark = "lager/{name}"{text[text.index("]", line) + 1 :]}'
    config.write_text(text, encoding="utf-8")
    return config


def read_canonical(config: Path, names: Sequence[str], spark: Beside | None, engine: Engine) -> Loaded:
    create_tables(engine)
    set_options(engine, "999", Regler(), date(2021, 6, 1))
    return load_sources(engine, load_config(config), names, quarantine=False, progress=lambda _text: None, spark=spark)


def test_the_tables_are_those_of_the_same_rows_read_from_files(sample_folder: Path, tmp_path: Path) -> None:
    """The sources that a run of ``yr`` does not read; courses are fetched into the database."""
    names, tables, told = ("borger", "afregning", "flis"), [], []
    for config, there in (
        (sample_folder / "reconcile.toml", None),
        (on_the_platform(sample_folder), SparkPlace("local[2]", tmp_path)),
    ):
        with open_engine() as engine, beside(there) as spark:
            told.append(read_canonical(config, names, spark, engine))
            tables.append(
                {name: engine.rows(f"SELECT * EXCLUDE (fil, raekke) FROM {name} ORDER BY ALL") for name in names}
            )
            numbers = engine.rows("SELECT count(DISTINCT raekke), max(raekke), min(raekke), count(*) FROM flis")[0]
    assert tables[0] == tables[1]
    assert numbers[0] == numbers[1] == numbers[3] > numbers[2] == 1
    assert told[0].present == told[1].present
    assert [source.nyeste for source in told[0].sources] == [source.nyeste for source in told[1].sources]
    assert {file.fil for source in told[1].sources for file in source.filer} == {f"spark:{name}" for name in names}


def without_places(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV without where a row was read."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";")
    return [{name: cell for name, cell in row.items() if name not in ("fil", "raekke")} for row in rows]


def test_a_run_gives_what_the_same_rows_in_a_file_give_on_duckdb(sample_folder: Path) -> None:
    parts = [(sample_folder / "ind" / name).read_bytes() for name in _SAMPLE["yr"][0]]
    config = on_the_platform(sample_folder)
    (sample_folder / "ind" / "yr-2020-1.csv").write_bytes(parts[0] + parts[1].split(b"\n", 1)[1])
    (sample_folder / "ind" / "yr-2020-2-rettelser.csv").unlink()
    out = {"duckdb": sample_folder / "ud" / "a", "spark": config.parent / "ud" / "a"}
    for engine, toml in (("duckdb", sample_folder / "reconcile.toml"), ("spark", config)):
        assert call("yr", "--config", toml, "--out", out[engine], "--engine", engine, "--quiet") in (0, 1)
    names = sorted(path.name for path in out["duckdb"].glob("*.csv"))
    assert names == sorted(path.name for path in out["spark"].glob("*.csv"))
    for name in names:
        assert without_places(out["duckdb"] / name) == without_places(out["spark"] / name), name


#: Cells that systems write, and some that only look like them.
_CELLS = (
    *(
        "0101501111",
        "010150-1111",
        " 101501111 ",
        "010150 1111",
        "010150ABCÅ",
        "010150‑1111",
        "",
        "   ",
        "\u00a0",
        "\u2007A",
    ),
    *(
        "1.234,50",
        "1234,5",
        "1234.50",
        "1,234.50",
        "-1.000",
        "1.000-",
        "−1,00",
        "+7",
        "12,345",
        "12,3400",
        "999.9",
        "1e3",
    ),
    *(
        "99999999999999999",
        "9999999999999999,99",
        "0,4",
        "40",
        "40 %",
        "40%",
        "12,5",
        ",5",
        "007",
        "10000",
        "9999",
        "-3",
    ),
    *("2021-02-29", "2020-02-29", "29-02-2020", "31.12.2023", "2020-01-01T10:11:12", "01-01-2020 10:11", "1-1-2020"),
    *(
        "0001-01-01",
        "2021-13-01",
        "Kontanthjælp ",
        "\ufeffA",
        "A\u200b",
        "a\u00a0b",
        "a\tb",
        "\ta",
        "a\n",
        "\va",
        "a\vb",
    ),
    *(
        "null",
        " N/A",
        "Ukendt",
        "-",
        "(null)",
        "$i_dag",
        'it\'s \\ "q"',
        "\ue0001234.50",
        "\ue0012021-03-04",
        "\ue000665",
    ),
)


def test_a_cell_means_the_same_whichever_engine_reads_it(tmp_path: Path) -> None:
    kinds = (Kind.CPR, Kind.TEXT, Kind.DATE, Kind.MONEY, Kind.FIGURE, Kind.RATE, Kind.WHOLE)
    values = ", ".join(f"({number}, {literal(cell)})" for number, cell in enumerate(_CELLS))
    columns = ", ".join([clean("c"), *(value(kind, "c") for kind in kinds)])
    query = f"SELECT {columns} FROM (SELECT * FROM (VALUES {values}) AS v(n, c)) ORDER BY n"
    with open_engine() as engine, beside(SparkPlace("local[1]", tmp_path)) as spark:
        assert spark
        ours, theirs = engine.connection.execute(query).fetchall(), spark.engine(engine).rows(query)
    differ = {cell: pair for cell, *pair in zip(_CELLS, ours, theirs, strict=True) if pair[0] != pair[1]}
    assert differ == {}


@pytest.fixture(scope="module")
def open_spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Beside]]:
    """A database and Spark beside it, for the tests from here on: there is one session at a time in a process."""
    with open_engine() as engine, beside(SparkPlace("local[1]", tmp_path_factory.mktemp("delt"))) as spark:
        assert spark
        create_tables(engine)
        set_options(engine, "665", Regler(), date(2021, 6, 1))
        yield engine, spark


Read = Any


@pytest.fixture
def read(open_spark: tuple[Engine, Beside], tmp_path: Path) -> Read:
    """Reads a folder of Parquet files with the given columns as the source yr; returns what was loaded."""

    def reading(*files: Mapping[str, Any], more: str = "", quarantine: bool = False) -> Loaded:
        for old in (tmp_path / "yr").glob("*.parquet"):
            old.unlink()
        for number, columns in enumerate(files):
            write_parquet(tmp_path / "yr" / f"{number}.parquet", columns)
        config = tmp_path / "reconcile.toml"
        config.write_text(f'[kommune]\nkode = "665"\n[kilder.yr]\nspark = "yr"\n{more}\n', encoding="utf-8")
        engine, spark = open_spark
        if "yr" in engine.names(views_only=True):  # of the reading before
            engine.run("DROP VIEW yr")
            engine.run(ddl(TABLES["yr"]))
        options = {"quarantine": quarantine, "progress": lambda _text: None, "spark": spark}
        return load_sources(engine, load_config(config), ["yr"], **options)  # type: ignore[arg-type]

    return reading


def rows(**changed: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """Two good rows of Ydelsesrefusion, with some columns in place of theirs."""
    good: dict[str, Sequence[Any]] = {
        "cpr": ["0101501111", "0201501112"],
        "uge": [date(2021, 1, 4), date(2021, 1, 11)],
        "ydelse": ["Kontanthjælp", "Kontanthjælp"],
        "bruttoudgift": [Decimal("100.00"), Decimal("200.00")],
        "beregning_id": ["B1", "B2"],
    }
    return {name: cells for name, cells in {**good, **changed}.items() if cells}


def refused(read: partial[Loaded], *files: Mapping[str, Any], more: str = "") -> str:
    """What is said of a folder that cannot be read."""
    with pytest.raises(InputError) as caught:
        read(*files, more=more)
    said = str(caught.value)
    assert "0101501111" not in said
    assert "/yr" not in said
    return said


def test_an_amount_that_is_no_exact_number_is_refused_with_what_to_do(read: Read) -> None:
    said = refused(read, rows(bruttoudgift=[100.0, 200.0]))
    assert "«bruttoudgift»: kolonnen er DOUBLE, som ikke er et eksakt tal; skriv den som DECIMAL(18,2)" in said


def test_every_column_of_a_wrong_type_is_named_at_once(read: Read) -> None:
    said = refused(read, rows(uge=[1, 2], ydelse=[True, False], cpr=[date(2021, 1, 1)] * 2))
    assert "(3 fejl)" in said
    for name, type_, meant in (("uge", "INTEGER", "DATE"), ("ydelse", "BOOLEAN", "STRING"), ("cpr", "DATE", "STRING")):
        assert f"«{name}»: kolonnen er {type_} og kan ikke læses som" in said
        assert f"skriv den som {meant}" in said


def test_a_column_that_is_not_there_is_said_with_the_nearest(read: Read) -> None:
    said = refused(read, rows(bruttoudgift=[], bruttoudgifter=[Decimal(1), Decimal(2)]))
    assert "kolonnen til bruttoudgift findes ikke i filen. Mente du «bruttoudgifter»?" in said


def test_bad_cells_are_named_with_row_column_value_and_key_but_no_cpr(read: Read) -> None:
    said = refused(
        read,
        rows(
            bruttoudgift=["100,00", "1,234.50"],
            cpr=["0101501111", None],
            uge=["2021-01-04", "2021-01-11"],
            beregning_id=["B1", "0101501111"],
        ),
        rows(bruttoudgift=["1", "2"], uge=["2021-02-29", "2021-01-11"]),
    )
    assert "(3 fejl)" in said
    assert "spark:yr, række 2, kolonne «bruttoudgift», værdi «1,234.50»: ikke et beløb" in said
    assert "spark:yr, række 2, kolonne «cpr»: cellen er tom" in said
    assert "spark:yr, række 3, kolonne «uge», værdi «2021-02-29»: ikke en dato, der findes" in said
    assert "(rækken med beregning_id B1)" in said
    assert "(rækken med beregning_id xxxxxx-xxxx)" in said


def test_many_bad_cells_are_counted_and_the_first_hundred_shown(read: Read) -> None:
    many = {name: list(cells)[:1] * 250 for name, cells in rows().items()}
    said = refused(read, many | {"bruttoudgift": ["x"] * 250})
    assert "(250 fejl)" in said
    assert said.count("ikke et beløb") == 100
    assert "… og 150 fejl mere" in said


def test_with_quarantine_bad_rows_are_set_aside_and_the_others_are_read(read: Read, open_spark: Any) -> None:
    loaded = read(rows(bruttoudgift=["100,00", "x"]), quarantine=True)
    engine, spark = open_spark
    assert [(problem.row, problem.column) for problem in loaded.quarantined] == [(2, "bruttoudgift")]
    for where in (engine, spark.engine(engine)):
        assert where.rows("SELECT raekke, bruttoudgift FROM yr") == [(1, Decimal("100.00"))]


def test_the_rows_have_the_same_numbers_and_sum_however_the_work_is_shared_out(read: Read, open_spark: Any) -> None:
    first = read(rows(), rows(cpr=["0301501113", "0401501114"]))
    seen = open_spark[0].rows("SELECT raekke, cpr FROM yr ORDER BY raekke")
    session = open_spark[1].engine(open_spark[0]).session
    before = session.conf.get("spark.sql.files.maxPartitionBytes")
    session.conf.set("spark.sql.files.maxPartitionBytes", "100")
    try:
        again = read(rows(), rows(cpr=["0301501113", "0401501114"]))
    finally:
        session.conf.set("spark.sql.files.maxPartitionBytes", before)
    assert open_spark[0].rows("SELECT raekke, cpr FROM yr ORDER BY raekke") == seen
    assert [number for number, _cpr in seen] == [1, 2, 3, 4]
    assert first.sources == again.sources
    other = read(rows(), rows(cpr=["0301501113", "0401501115"]))
    assert other.sources[0].filer[0].sha256 != first.sources[0].filer[0].sha256


def test_equal_rows_are_told_from_rows_that_are_alike(read: Read, open_spark: Any) -> None:
    read(rows(note=[None, "a"], mere=["a", None]), rows(note=[None, "a"], mere=["a", None]))
    found = open_spark[0].rows("SELECT raekke, count(*) OVER (PARTITION BY raa) FROM yr ORDER BY raekke")
    assert found == [(1, 2), (2, 2), (3, 2), (4, 2)]
    one = {name: list(cells)[:1] * 2 for name, cells in rows().items()}
    read(one | {"note": [None, "a"], "mere": ["a", None]})
    assert len(open_spark[0].rows("SELECT DISTINCT raa FROM yr")) == 2


def test_a_column_with_another_type_in_one_file_is_refused(read: Read) -> None:
    said = refused(read, rows(), rows(bruttoudgift=["1", "2"]))
    assert "ikke den samme type i alle filer" in said


def test_a_folder_that_is_not_there_is_refused(read: Read) -> None:
    assert "mappen findes ikke, hvor Spark læser" in refused(read)


def test_a_delta_table_is_not_read_as_parquet_with_the_rows_that_were_deleted(read: Read, tmp_path: Path) -> None:
    (tmp_path / "yr" / "_delta_log").mkdir(parents=True)
    (tmp_path / "yr" / "_delta_log" / "00000000000000000000.json").write_text("{}", encoding="utf-8")
    assert 'skriv format = "delta"' in refused(read, rows())


def test_delta_is_refused_with_a_remedy_where_spark_has_no_reader_of_it(read: Read) -> None:
    said = refused(read, rows(), more='format = "delta"')
    assert "Spark kan ikke læse «delta» her" in said
    assert "sc://" in said


def test_delta_is_read_where_spark_has_a_reader_of_it(
    read: Read, open_spark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is one of Parquet that answers to the name: there is none of Delta without Java packages."""
    reader = type(open_spark[1].engine(open_spark[0]).session.read)
    plain = reader.format
    asked: list[str] = []

    def answering(self: Any, name: str) -> Any:
        asked.append(name)
        return plain(self, "parquet" if name == "delta" else name)

    monkeypatch.setattr(reader, "format", answering)
    loaded = read(rows(), more='format = "delta"')
    assert asked == ["delta"]
    assert loaded.sources[0].raekker == 2


def test_a_wrong_column_of_codes_is_not_fetched_value_by_value(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconcile.sources.spark_folder._MOST_CODES", 1)
    said = refused(read, rows(finansieringskommune=["665", "751"]))
    assert "«finansieringskommune»: kolonnen har over 1 forskellige værdier og kan ikke være kommune" in said
