"""The datalandskab: what each source delivers, how far back and how fresh; and what a missing approval means."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.runs import call
from support.worlds import asked, world

from reconcile.controls import hand07, landscape
from reconcile.domain.canonical import TABLES
from reconcile.results.rows import FileInfo, SourceInfo
from reconcile.results.survey import LandscapeRow
from reconcile.settings.config import load_config
from reconcile.sources.load import Loaded, load_sources
from reconcile.world.context import Context
from reconcile.world.prepare import open_world

CONFIG = """
[kommune]
kode = "665"
[kilder.fagsystem]
filer = ["f-*.csv"]
[kilder.hand07]
filer = ["h.csv"]
[kilder.masteroversigt]
filer = ["m.csv"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with two files of courses, one of figures and an empty masteroversigt."""
    files = {
        "reconcile.toml": CONFIG,
        "f-1.csv": "cpr;dst_kode;start_dato;slut_dato\n0101010001;1.1;01-02-2019;31-05-2020\n",
        "f-2.csv": "cpr;dst_kode;start_dato;slut_dato\n0101010001;1.1;01-02-2020;\n0101010002;1.3;01-03-2020;\n",
        "h.csv": "dst_kode;periode;antal\n1.1;2020K2;5\n1.1;2020K1;4\n",
        "m.csv": "dst_kode;konto\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_every_file_is_shown_with_its_span_its_rows_and_its_hash(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("sources", "--config", folder / "reconcile.toml") == 0
    heading, *lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert heading[0] == "Kilde"
    shown = {line[4]: line for line in lines}
    assert shown["f-1.csv"][5:8] == ["1", "01-02-2019", "31-05-2020"]
    assert shown["f-2.csv"][5:8] == ["2", "01-02-2020", "01-03-2020"]
    assert shown["h.csv"][5:8] == ["2", "2020K1", "2020K2"]
    assert shown["m.csv"][5:8] == ["0", "", ""]
    assert shown["f-1.csv"][3] == "handlekommune"
    assert shown["f-1.csv"][9] == hashlib.sha256((folder / "f-1.csv").read_bytes()).hexdigest()[:16]
    assert not (folder / "ud").exists()


def test_no_cpr_number_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call("sources", "--config", folder / "reconcile.toml")
    assert "010101" not in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_a_mistake_or_is_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "h.csv").open("a", encoding="utf-8") as handle:
        handle.write("1.3;2020K1;x\n")
    assert call("sources", "--config", folder / "reconcile.toml") == 2
    assert call("sources", "--config", folder / "reconcile.toml", "--quarantine") == 0
    assert "ikke er talt med: 1" in capsys.readouterr().out


@pytest.mark.parametrize("population", ["handlekommune", "betalingskommune"])
def test_the_population_of_the_courses_is_the_chosen_one(population: str) -> None:
    courses = [{"cpr": "0101010001", "dst_kode": "1.1", "start_dato": date(2022, 1, 1)}]
    info = SourceInfo("fagsystem", (FileInfo("fagsystem.csv", 1, "a", 9, None, None),), 1, (), None)
    with world({"fagsystem": courses}, regler={"population": population}) as context:
        table, *_others = landscape.run(replace(context, loaded=Loaded([info]))).tables
    (row,) = table.rows
    assert isinstance(row, LandscapeRow)
    assert (row.population, row.fra, row.nyeste) == (population, date(2022, 1, 1), None), (
        "a start in the future is not new"
    )


# --- godkendt: not approved, absent and zero are never confused -------------------------------------------------------


def test_not_approved_absent_empty_and_zero_are_different_cells() -> None:
    figures: list[dict[str, Any]] = [
        {"dst_kode": "1.1", "periode": "2020K1", "antal": Decimal(0)},
        {"dst_kode": "1.1", "periode": "2020K2", "antal": Decimal(0)},
        {"dst_kode": "1.3", "periode": "2020K1", "antal": None, "antal_tekst": ""},
        {"dst_kode": "1.4", "periode": "2020K1", "antal": None, "antal_tekst": ".."},
    ]
    own = [
        {"dst_kode": code, "periode": p, "antal": Decimal(0)}
        for code in ("1.1", "1.3", "1.4")
        for p in ("2020K1", "2020K2")
    ]
    approvals: list[dict[str, Any]] = [
        {"kommune": "665", "periode": "2020K1", "godkendt": True},
        {"kommune": "665", "periode": "2020K2", "godkendt": False},
        {"kommune": "101", "periode": "2020K1", "godkendt": False},
    ]
    with world({"hand07": figures, "flis_antal": own, "godkendt": approvals}, periods="2020K1:2020K2") as context:
        cells = {(c.dst_kode, c.periode): c for c in hand07.run(context).tables[0].rows}
    assert cells["1.1", "2020K1"].status == "ens"
    assert cells["1.1", "2020K1"].dst == 0
    assert cells["1.1", "2020K2"].status == "ikke_godkendt"
    assert cells["1.3", "2020K1"].status == cells["1.4", "2020K1"].status == "mangler_dst"
    assert cells["1.3", "2020K1"].dst is None
    assert "tom celle" in cells["1.3", "2020K1"].forklaring
    assert "«..»" in cells["1.4", "2020K1"].forklaring
    assert cells["1.3", "2020K2"].status == "ikke_godkendt", "absent in a quarter that is not approved"


def test_a_quarter_the_approvals_say_nothing_about_does_not_pass_as_approved_without_a_word() -> None:
    figures = [{"dst_kode": "1.1", "periode": f"2020K{n}", "antal": Decimal(0), "kommune": "665"} for n in (1, 2, 3)]
    approvals: list[dict[str, Any]] = [
        {"kommune": "665", "periode": "2020K1", "godkendt": True},
        {"kommune": "665", "periode": "2020K2", "godkendt": False},
        {"kommune": "665", "periode": "2019K4", "godkendt": True},
        {"kommune": "101", "periode": "2020K3", "godkendt": True},
    ]
    with world({"hand07": figures, "flis_antal": figures, "godkendt": approvals}) as context:
        found = hand07.run(context)
    (table,) = (table for table in found.tables if table.name == "godkendelser")
    assert [(row.periode, row.godkendt) for row in table.rows] == [
        ("2020K1", "ja"),
        ("2020K2", "nej"),
        ("2020K3", "ikke oplyst"),
    ]
    (said,) = (text for text in found.caveats if "godkendt" in text)
    assert "2020K3" in said
    assert "2020K4" not in said, "no figure, nothing to approve"


def test_without_the_source_nothing_is_said_of_approvals() -> None:
    figures = [{"dst_kode": "1.1", "periode": "2020K1", "antal": Decimal(0)}]
    with world({"hand07": figures, "flis_antal": figures}) as context:
        found = hand07.run(context)
    assert "godkendelser" not in {table.name for table in found.tables}
    assert not any("godkendt" in text for text in found.caveats)


COURSES = [
    {
        "cpr": "0101010001",
        "dst_kode": "1.1",
        "start_dato": date(2022, 1, 1),
        "funktionsvurdering": "A",
        "handlekommune": "665",
    },
    {
        "cpr": "0101010001",
        "dst_kode": "9.9",
        "start_dato": date(2022, 1, 1),
        "funktionsvurdering": "F",
        "maalgruppe": "9.9.9",
        "handlekommune": "ukendt",
    },
    {"cpr": "0101010002", "dst_kode": "9.9", "start_dato": date(2022, 2, 1), "ffb_ydelse": "Socialpædagogisk støtte"},
    {
        "cpr": "0101010003",
        "dst_kode": "9.8",
        "start_dato": date(2022, 2, 1),
        "ffb_ydelse": "Noget lokalt",
        "maalgruppe": "1.1.1|2",
    },
]


def _with_source(context: Context, **more: Any) -> Context:
    info = SourceInfo("fagsystem", (FileInfo("fagsystem.csv", 4, "a", 9, None, None),), 4, (), None, **more)
    return replace(context, loaded=Loaded(sources=[info], present=dict(context.present)))


def test_every_column_says_how_much_is_filled_and_which_codes_are_unknown() -> None:
    with world({"fagsystem": COURSES}, lacks={"fagsystem": ["afdeling"]}) as context:
        tables = {table.name: table.rows for table in landscape.run(_with_source(context)).tables}
    found = {
        r.kolonne: (r.fyldt, r.andel_fyldt, r.forskellige, r.ukendte, r.ukendte_raekker)
        for r in tables["datalandskab_kolonner"]
    }
    assert found["cpr"] == (4, Decimal("1.0000"), 3, None, None)
    assert found["dst_kode"] == (4, Decimal("1.0000"), 3, 2, 3)
    assert found["slut_dato"] == (0, Decimal("0.0000"), 0, None, None)
    assert found["funktionsvurdering"] == (2, Decimal("0.5000"), 2, 1, 1)
    assert found["maalgruppe"] == (2, Decimal("0.5000"), 2, 1, 1)
    assert found["handlekommune"] == (2, Decimal("0.5000"), 2, 1, 1)
    assert found["ffb_ydelse"] == (2, Decimal("0.5000"), 2, 1, 1)
    assert "afdeling" not in found
    assert "datalandskab_brug" not in tables


def test_a_source_without_rows_has_no_share() -> None:
    with world({"fagsystem": []}) as context:
        tables = {table.name: table.rows for table in landscape.run(_with_source(context)).tables}
    assert {(row.fyldt, row.andel_fyldt) for row in tables["datalandskab_kolonner"]} == {(0, None)}


def test_a_question_is_answered_by_the_sources_that_are_used_for_it(folder: Path) -> None:
    config = folder / "reconcile.toml"
    text = config.read_text(encoding="utf-8").replace(
        'filer = ["f-*.csv"]', 'filer = ["f-*.csv"]\nbruges_til = ["antal borgere", "varighed"]'
    )
    config.write_text(
        text.replace('filer = ["h.csv"]', 'filer = ["h.csv"]\nbruges_til = ["antal borgere"]'), encoding="utf-8"
    )
    with open_world(
        asked("", None, "665", date(2021, 6, 1)),
        partial(
            load_sources,
            config=load_config(config),
            wanted=tuple(TABLES),
            quarantine=False,
            progress=lambda _text: None,
        ),
    ) as context:
        (table,) = [table for table in landscape.run(context).tables if table.name == "datalandskab_brug"]
    assert [(row.spoergsmaal, row.kilder) for row in table.rows] == [
        ("antal borgere", "fagsystem, hand07"),
        ("varighed", "fagsystem"),
    ]
