"""``--export parquet``: stable names and types, exact values, and a page that documents them."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support import report_example

from reconcile.reports import labels
from reconcile.reports.export import BESIDE, columns, export_tables, write_parquet
from reconcile.reports.publish import publish
from reconcile.results.declared import TABLES as DECLARED
from reconcile.results.rows import (
    ResultTable,
    RunResult,
    columns_of,
)

PAGE = Path(__file__).parent.parent / "docs" / "eksport.md"
#: Every table a run can export.
TABLES: dict[str, type] = {**BESIDE, **{table.name: table.row_type for table in DECLARED.values()}}
_INTRO = """\
# Eksport til Power BI og Power Query

Denne side er lavet af programmet; `RECONCILE_REGENERATE=1 python -m pytest tests/test_export.py` skriver den igen.

`reconcile run --export parquet` (også `validate`, `hand07`, `ottetal` og `yr`) skriver hver tabel som `<tabel>.parquet` i
rapportens mappe. Navne og typer er de samme i hver kørsel; en tabel, kørslen ikke laver, er der ikke. Filerne står i
`manifest.json` med SHA-256. Borgere er pseudonymer; der er ingen CPR-numre.

`rapport.xlsx` kan også hentes: hver tabel i den har resultatets navn (`sager`, `hand07_diff`, `fund` …) i enhver kørsel og på
ethvert sprog, så en forespørgsel (*Fra fil* → *Fra Excel-projektmappe*) og en formel som `=SUM(hand07_diff[Rest])` holder,
også når arket hedder noget andet eller får flere rækker. De tal, der ikke står i en tabel, har hver et navn, der begynder med
`koersel_` (`koersel_dom`, `koersel_aabne_celler`, `koersel_sager_fejl` …); de står nederst på arket Oversigt, og er noget ikke
sammenlignet, er cellen tom. En anden projektmappe læser et af dem med `='rapport.xlsx'!koersel_aabne_celler`.

I Power BI: *Hent data* → *Parquet*, og peg på filen. I Excel: *Data* → *Hent data* → *Fra fil* → *Fra Parquet*. Tabellerne
hænger sammen på `regel` (fund → regler) og på `dst_kode` og `periode` (fund, hand07_diff, bro og ottetal).

- Beløb og andele er `DECIMAL(28,4)`: eksakte, i kr. Antal er `BIGINT`. Manglende er tomt, ikke 0.
- En kolonne, der kan være tal, dato eller tekst (`vaerdi`, `forventet`), er tekst: tal med punktum, datoer som 2020-07-01.
  Er den et tal, står det også i kolonnen med `_tal` bagefter.
- `tid` er lokal tid. En liste er tekst med komma imellem.
"""


def page() -> str:
    lines = [_INTRO]
    for table, row_type in TABLES.items():
        lines += [f"## `{table}`", "", f"{labels.table(table)}.", "", "| kolonne | type | hvad |", "|---|---|---|"]
        lines += [f"| `{name}` | `{kind}` | {_meaning(name, row_type)} |" for name, kind in columns(row_type).items()]
        lines.append("")
    return "\n".join(lines)


def _meaning(name: str, row_type: type) -> str:
    if name in columns_of(row_type):
        return labels.column(name)
    return f"`{name.removesuffix('_tal')}` som tal"


def test_every_table_column_and_type_stands_on_the_page() -> None:
    if os.environ.get("RECONCILE_REGENERATE"):
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_table_a_run_makes_is_known_to_the_page() -> None:
    """Looks through the source for the tables that are made, so that a new one is not forgotten."""
    import re

    source = "\n".join(p.read_text(encoding="utf-8") for p in (PAGE.parent.parent / "reconcile").rglob("*.py"))
    made = set(re.findall(r'ResultTable\(\s*"([a-z0-9_]+)"', source))
    assert len(made) > 15
    assert made <= set(TABLES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parquet")
    write_parquet(report_example.example(), report_example.rules(), made)
    return made


def read(path: Path) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    with duckdb.connect(":memory:") as connection:
        told = connection.execute(f"DESCRIBE SELECT * FROM '{path.as_posix()}'").fetchall()
        rows = connection.execute(f"SELECT * FROM '{path.as_posix()}'").fetchall()
    return {name: kind for name, kind, *_rest in told}, rows


@pytest.mark.parametrize(
    "table", list(export_tables(report_example.example(), report_example.rules())), ids=lambda table: table.name
)
def test_a_table_comes_back_with_its_types_rows_and_values(table: ResultTable, folder: Path) -> None:
    types, rows = read(folder / f"{table.name}.parquet")
    assert types == dict(columns(table.row_type))
    assert len(rows) == len(table.rows)
    plain = [name for name, kind in types.items() if kind in ("BIGINT", "DATE", "BOOLEAN", "DECIMAL(28,4)")]
    for row, original in zip(rows, table.rows, strict=True):
        given = dict(zip(types, row, strict=True))
        for name in plain:
            if hasattr(original, name):
                assert given[name] == getattr(original, name)


def test_a_value_of_any_kind_is_text_and_a_number_besides(folder: Path) -> None:
    types, rows = read(folder / "fund.parquet")
    assert (types["vaerdi"], types["vaerdi_tal"]) == ("VARCHAR", "DECIMAL(28,4)")
    by_rule = {row[1]: dict(zip(types, row, strict=True)) for row in reversed(rows)}
    assert by_rule["VH03"]["vaerdi"].startswith("2020-03-")
    assert by_rule["VH03"]["vaerdi_tal"] is None
    assert by_rule["YR01"]["vaerdi_tal"] == Decimal("12480.0000")


@dataclass(frozen=True)
class Odd:
    """Values that are easily spoilt."""

    tekst: str | None
    beloeb: Decimal | None
    antal: int | None
    dag: date | None
    ja: bool | None


def odd(*rows: Odd) -> RunResult:
    return report_example.empty(tables=(ResultTable("maerkelig", Odd, rows),))


def test_odd_values_are_kept_exactly(tmp_path: Path) -> None:
    rows = [
        Odd(None, None, None, None, None),
        Odd("'; DROP TABLE x; --", Decimal("99999999999999999999.99"), 2**62, date(2020, 2, 29), True),
        Odd('æøå\n\t"=1+1', Decimal("-0.01"), -1, date(1900, 1, 1), False),
        Odd("", Decimal("0"), 0, date(9999, 12, 31), False),
    ]
    write_parquet(odd(*rows), (), tmp_path)
    types, found = read(tmp_path / "maerkelig.parquet")
    assert list(types.values()) == ["VARCHAR", "DECIMAL(28,4)", "BIGINT", "DATE", "BOOLEAN"]
    assert found == [tuple(getattr(row, field.name) for field in fields(Odd)) for row in rows]


def test_the_types_are_the_same_when_every_value_is_missing_or_there_is_no_row(tmp_path: Path) -> None:
    kinds = []
    for number, rows in enumerate([(), (Odd(None, None, None, None, None),)]):
        (tmp_path / f"{number}").mkdir()
        write_parquet(odd(*rows), (), tmp_path / f"{number}")
        kinds.append(read(tmp_path / f"{number}" / "maerkelig.parquet")[0])
    assert kinds[0] == kinds[1] == dict(columns(Odd))


def test_the_files_are_published_with_the_report_and_in_its_manifest(tmp_path: Path) -> None:
    import json

    result, rules = report_example.example(), report_example.rules()
    extras = [lambda staging: write_parquet(result, rules, staging)]
    publish(result, tmp_path / "r", lambda _text: None, rules=rules, extras=extras)
    outputs = json.loads((tmp_path / "r" / "manifest.json").read_text(encoding="utf-8"))["output"]
    assert "fund.parquet" in outputs
    assert {path.name for path in (tmp_path / "r").iterdir()} == {*outputs, "manifest.json"}
    publish(result, tmp_path / "r", lambda _text: None, rules=rules)
    assert not list((tmp_path / "r").glob("*.parquet"))


def test_two_exports_of_a_run_are_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_parquet(report_example.example(), report_example.rules(), tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_every_table_a_run_makes_is_declared() -> None:
    """A table nobody declared is shown, but under its raw name; only the five that are files of their own stand outside."""
    outside = {"koersel", "fund", "regler", "ikke_koert", "forbehold"}
    assert set(TABLES) - outside <= set(DECLARED)


def test_what_is_followed_between_runs_are_columns_of_the_table() -> None:
    followed = {name: table.followed for name, table in DECLARED.items() if table.followed}
    assert followed
    for name, columns_followed in followed.items():
        assert {*columns_followed, "dst_kode", "periode"} <= set(columns_of(TABLES[name]))
