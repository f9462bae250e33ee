"""A pivot printed from FLIS DAP is held against our own figures, cell by cell, to the digits that are printed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import yr_figures
from support.examples import examples
from support.quick import quick_worlds
from support.yr import ANNA, BO, row

from reconcile.controls import yr
from reconcile.engine.duckdb import open_engine
from reconcile.errors import InputError
from reconcile.reports.verdict import nothing_ours, printed
from reconcile.results.rows import PartResult, RunResult
from reconcile.settings.config import Kilde, load_config
from reconcile.sources.load import load_sources
from reconcile.sources.pivot import pivot_rows
from reconcile.world.prepare import create_tables

MAY, AUGUST = date(2021, 5, 3), date(2021, 8, 2)


def read(path: Path, **source: Any) -> list[dict[str, Any]]:
    """The cells of a printed table as the loader puts them in ``yr_tabel``."""
    (_first, header), *body = pivot_rows(path, path.name, Kilde(filer=(path.name,), **source))
    made = []
    for number, cells in body:
        cell: dict[str, Any] = dict(zip(header, cells, strict=True))
        cell |= {name: int(cell[name]) for name in ("enhed", "decimaler")}
        cell |= {"procent": cell["procent"] == "ja", "kommune": cell["kommune"] or None, "celle": cell["celle"] or None}
        made.append({**cell, "fil": path.name, "raekke": number})
    return made


def judged(rows: Sequence[Mapping[str, Any]], *files: Path, **source: Any) -> PartResult:
    cells = [cell for file in files for cell in read(file, **source)]
    with quick_worlds() as make:
        return yr.run(make({"yr": rows, "yr_tabel": cells}, periods=""))


def compared(result: PartResult) -> list[Any]:
    return next(list(t.rows) for t in result.tables if t.name == "yr_tabel")


def text(folder: Path, name: str, table: str) -> Path:
    path = folder / name
    path.write_text(table.strip("\n"), encoding="utf-8")
    return path


#: Two persons on sygedagpenge in May (80 and 40 %) and one on kontanthjælp in August (20 %).
ROWS = [
    row(MAY, 3, "1000.00", ydelse="Sygedagpenge"),
    row(MAY, 7, "2000.00", ydelse="Sygedagpenge", cpr=BO),
    row(AUGUST, 60, "700.00"),
]


def test_percentages_per_ydelse_and_quarter_agree_to_the_digits_printed_and_the_cell_that_does_not_is_named(
    tmp_path: Path,
) -> None:
    table = """
Refusions % pr. ydelse pr. kvartal
Ydelse;2021;
;Qtr 2;Qtr 3
Kontanthjælp;;{} %
Sygedagpenge;53,3 %;
Total;53,3 %;20,0 %
"""
    right = judged(ROWS, text(tmp_path, "pct.csv", table.format("20,0")))
    assert {r.status for r in compared(right)} == {"ens"}
    assert "pct.csv: 6 af 6 trykte celler passer med vores tal." in right.caveats
    wrong = judged(ROWS, text(tmp_path, "pct.csv", table.format("20,1")))
    (cell,) = [r for r in compared(wrong) if r.status == "afviger"]
    assert (cell.periode, cell.ydelse, cell.trykt, cell.vores) == ("2021K3", "Kontanthjælp", Decimal("20.1"), 20)
    told = "pct.csv: 1 celler afviger: Kontanthjælp, 2021K3, refusionspct: trykt 20,1, vores 20."
    assert told in wrong.caveats


def test_persons_per_step_the_last_twelve_months_are_read_by_the_percentages_of_their_financing(tmp_path: Path) -> None:
    rows = [row(date(2021, month, 5), 3, cpr=ANNA, ydelse="Sygedagpenge") for month in range(1, 13)]
    rows += [
        row(date(2021, 6, 7), 60, ydelse="Førtidspension", cpr=BO, refusionssats=None, medfinansieringssats=Decimal(80))
    ]
    refusion = """
Antal borgere på refusion fordelt på trappestige, de sidste 12 måneder
Ydelse;20 pct.;80 pct.
Sygedagpenge;;1
Total;0;1
"""
    other = (
        refusion.replace("refusion", "medfinansiering")
        .replace("Sygedagpenge;;1", "Førtidspension;;0")
        .replace("0;1", ";0")
    )
    result = judged(rows, text(tmp_path, "a.csv", refusion), text(tmp_path, "b.csv", other))
    assert {r.status for r in compared(result)} == {"ens"}
    shown = {(r.finansiering, r.ydelse, r.trin, r.periode): r.vores for r in compared(result) if r.vores}
    period = "2021-01:2021-12"
    assert shown["refusion", "Sygedagpenge", "1", period] == 1
    assert shown["medfinansiering", "Førtidspension", "4", period] == Decimal("0.0833")


def test_a_compact_pivot_in_thousands_carries_its_ydelse_and_adds_up_its_years(tmp_path: Path) -> None:
    table = """
Bruttoudgift i 1.000 kr.;Column Labels;;
Row Labels;2021;2022;Grand Total
Sygedagpenge;3;;3
  40 pct.;2;;2
  80 pct.;1;;1
Kontanthjælp;1;2;2
Grand Total;4;2;5
"""
    result = judged([*ROWS, row(date(2022, 1, 3), 70, "1500.00")], text(tmp_path, "dap.csv", table))
    cells = {(r.ydelse, r.trin, r.periode): (r.status, r.trykt, r.vores) for r in compared(result)}
    assert {key for key, (status, *_rest) in cells.items() if status != "ens"} == set()
    assert cells["Sygedagpenge", "2", "2021"] == ("ens", 2000, 2000)
    assert cells["I alt", "alle", "2021:2022"] == ("ens", 5000, 5200)


def test_a_workbook_with_a_sheet_per_measure_and_shares_of_one_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    shares, money = book.worksheets[0], book.create_sheet("Bruttoudgift")
    shares.title = "Refusionsprocent"
    for sheet, sick, help_ in ((shares, 0.5333333333, 0.2), (money, 3000, 700)):
        sheet.append(["Row Labels", "2021K2", "2021K3"])
        sheet.append(["Sygedagpenge", sick, None])
        sheet.append(["Kontanthjælp", None, help_])
    path = tmp_path / "dap.xlsx"
    book.save(path)
    result = judged(ROWS, path)
    assert {(r.tabel, r.maal, r.status) for r in compared(result)} == {
        ("Refusionsprocent", "refusionspct", "ens"),
        ("Bruttoudgift", "bruttoudgift", "ens"),
    }


def test_the_steps_of_a_workbook_without_their_format_are_read_as_percentages(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Trappe 2021-05"
    for line in (
        ["Personer pr. måned", "Column Labels"],
        ["Row Labels", 0.4, 0.8, "Grand Total"],
        ["Sygedagpenge", 1, 1, 2],
        ["Grand Total", 1, 1, 2],
    ):
        sheet.append(line)
    path = tmp_path / "dap.xlsx"
    book.save(path)
    cells = {(r.ydelse, r.trin): str(r.status) for r in compared(judged(ROWS, path))}
    assert cells == {(y, trin): "ens" for y in ("Sygedagpenge", "I alt") for trin in ("1", "2", "alle")}


def test_what_cannot_be_compared_says_why(tmp_path: Path) -> None:
    table = """
Ydelse;Kommune;2021K2;2019K1
Sygedagpenge;Lemvig;3.000;5
Sygedagpenge;Struer;9.000;
Kontanthjælp;Lemvig;..;
Mænd;Lemvig;1;
"""
    result = judged(ROWS, text(tmp_path, "bruttoudgift.csv", table))
    seen = [(r.ydelse, r.periode, str(r.status)) for r in compared(result) if r.periode == "2021K2"]
    assert sorted(seen) == [
        ("Kontanthjælp", "2021K2", "intet_tal"),
        ("Mænd", "2021K2", "ukendt_ydelse"),
        ("Sygedagpenge", "2021K2", "anden_kommune"),
        ("Sygedagpenge", "2021K2", "ens"),
    ]
    assert "bruttoudgift.csv: 7 celler er ikke sammenlignet; tabellen yr_tabel siger hvorfor." in result.caveats


def test_a_total_of_persons_may_be_the_ydelser_added_up_and_one_of_some_ydelser_is_not_ours(tmp_path: Path) -> None:
    both = [row(MAY, 3, ydelse="Sygedagpenge"), row(MAY, 3)]
    whole = "Personer pr. måned\nYdelse;2021-05\nSygedagpenge;1\nKontanthjælp;1\nTotal;{}"
    part = "Personer pr. måned\nYdelse;2021-05\nSygedagpenge;1\nTotal;5"
    totals = {
        name: next(str(r.status) for r in compared(judged(both, text(tmp_path, "p.csv", table))) if r.ydelse == "I alt")
        for name, table in {"distinct": whole.format(1), "summed": whole.format(2), "part": part}.items()
    }
    assert totals == {"distinct": "ens", "summed": "ens_som_sum", "part": "kan_ikke_regnes"}


@pytest.mark.parametrize(
    ("table", "source", "said"),
    [
        ("Ydelse;2021K2\nSygedagpenge;5\nKontanthjælp;6", {}, 'maal = "refusionspct"'),
        ("Ydelse;Bruttoudgift\nSygedagpenge;5\nKontanthjælp;6", {}, 'periode = "2021K1"'),
    ],
)
def test_a_table_that_does_not_say_what_it_is_is_refused_with_what_to_write(
    tmp_path: Path, table: str, source: Mapping[str, str], said: str
) -> None:
    path = text(tmp_path, "tabel.csv", table)
    with pytest.raises(InputError) as refused:
        read(path, **source)
    assert said in str(refused.value)
    assert "række 2" in str(refused.value)
    assert {(c["maal"], c["periode"]) for c in read(path, maal="bruttoudgift", periode="2021K2")} == {
        ("bruttoudgift", "2021K2")
    }


MEASURES = {"refusionspct": 2, "bruttoudgift": 0, "personer_pr_maaned": 1, "personuger": 0, "kommunens_udgift": 2}
YDELSER = ("Sygedagpenge", "Kontanthjælp", "Uddannelseshjælp")


def right_table(rng: random.Random, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every measure per quarter and ydelse as a plain reading of the rows has it, printed with few digits."""
    plain = {"finansieringskommune": None, "fleksbidrag": None, "medfinansieringssats": None}
    figures = yr_figures.measures([{"fil": "yr.csv", "raekke": n, **plain, **r} for n, r in enumerate(rows)])
    cells = []
    for maal, decimals in MEASURES.items():
        named = {"kommunens_udgift": "udgift"}.get(maal, maal)
        for y in YDELSER:
            for quarter in ("2021K1", "2021K2", "2021K3", "2021K4"):
                now, *_rest = figures.get((quarter, ("refusion", y, "alle")), (None,))
                value = getattr(now, named) if now else None
                if value is not None:
                    text = f"{Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}".replace(".", ",")
                    cell = {
                        "fil": f"{maal}.csv",
                        "tabel": maal,
                        "raekke": 1,
                        "maal": maal,
                        "periode": quarter,
                        "ydelse": y,
                    }
                    cells.append(
                        {**cell, "trin": "alle", "enhed": 1, "decimaler": decimals, "procent": True, "celle": text}
                    )
    rng.shuffle(cells)
    return cells


def test_a_right_table_agrees_everywhere_and_only_the_changed_cells_differ() -> None:
    with quick_worlds() as make:

        @examples(4)
        @given(st.integers(0, 2**32))
        def agree(seed: int) -> None:
            rng = random.Random(seed)
            rows = [
                row(
                    date(2021, month, 7),
                    rng.choice([2, 9, 40, 70]),
                    f"{rng.randint(9, 900_000) / 100:.2f}",
                    ydelse=y,
                    cpr=cpr,
                )
                for cpr in (ANNA, BO)
                for y in YDELSER
                for month in rng.sample(range(1, 13), 4)
            ]
            cells = right_table(rng, rows)
            for cell in cells[:5]:
                cell["celle"] = str(Decimal(cell["celle"].replace(",", ".")) + 2).replace(".", ",")
            result = yr.run(make({"yr": rows, "yr_tabel": cells}, periods=""))
            differ = {(r.maal, r.ydelse, r.periode) for r in compared(result) if r.status != "ens"}
            assert differ == {(c["maal"], c["ydelse"], c["periode"]) for c in cells[:5]}

        agree()


def test_the_verdict_says_how_many_printed_cells_differ() -> None:
    def told(*statuses: str) -> list[str]:
        rows = tuple(SimpleNamespace(status=status) for status in statuses)
        return list(printed(cast("RunResult", SimpleNamespace(table=lambda _name: SimpleNamespace(rows=rows)))))

    assert told("ens", "afviger", "ens_som_sum", "ukendt_ydelse") == [
        "1 af 3 celler i de trykte tabeller fra FLIS DAP afviger fra vores tal."
    ]
    assert told("ens") == ["De trykte tabeller fra FLIS DAP passer med vores tal i 1 celler."]
    assert told() == []


def test_the_source_is_read_as_the_table_stands(tmp_path: Path) -> None:
    table = (
        "Refusions % pr. ydelse\nYdelse;2021K2\nSygedagpenge;53,3 %\nKontanthjælp;x\nUddannelseshjælp;1 %\nTotal;9 %"
    )
    text(tmp_path, "dap.csv", table)
    config = '[kommune]\nkode = "665"\n[kilder.yr_tabel]\nfiler = ["dap.csv"]\n'
    (tmp_path / "reconcile.toml").write_text(config, encoding="utf-8")
    with open_engine() as engine:
        create_tables(engine)
        loaded = load_sources(
            engine,
            load_config(tmp_path / "reconcile.toml"),
            ["yr_tabel"],
            quarantine=False,
            progress=lambda _text: None,
        )
        rows = engine.rows(
            "SELECT raekke, maal, periode, trin, ydelse, decimaler, procent, celle FROM yr_tabel ORDER BY 1"
        )
    assert loaded.sources[0].raekker == 4
    assert rows[0] == (3, "refusionspct", "2021K2", "alle", "Sygedagpenge", 1, True, "53,3 %")
    assert rows[-1][4:] == ("I alt", 0, True, "9 %")


def test_the_verdict_says_that_a_source_of_others_was_not_tried() -> None:
    theirs = [row(MAY, 3, finansieringskommune="751")]
    for rows, said in ((theirs, 1), ([*theirs, *ROWS], 0)):
        with quick_worlds() as make:
            part = yr.run(make({"yr": rows}, periods=""))
        tables = {t.name: t for t in part.tables}
        told = list(nothing_ours(cast("RunResult", SimpleNamespace(table=tables.get))))
        assert len(told) == said
        assert all("er finansieret af jeres kommune, så intet af den er prøvet" in text for text in told)
