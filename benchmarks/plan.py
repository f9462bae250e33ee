"""The benchmarks that stay: what each measures, its sizes, and its sides; the first side is ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import files_data
import kommune_1m as kommune
import kommuner as several
import noegletal_100k as noegletal
import rapport_100k as rapport
import yr_40m as yr
import yr_data
from bench import Clock

from reconcile.cli import main
from reconcile.reference import kommuner
from reconcile.reports.html import render_html
from reconcile.reports.xlsx import write_xlsx

ROOT = Path(__file__).resolve().parent.parent
Side = Callable[[Path, float, Clock], None]


def _nothing(_folder: Path, _size: float) -> None:
    """No files are needed."""


@dataclass(frozen=True)
class Bench:
    """A benchmark: ``what`` it is and what its size counts; ``smoke`` is the size that the tests run."""

    what: str
    sizes: tuple[float, ...]
    smoke: float
    sides: Mapping[str, Side]
    make: Callable[[Path, float], object] = _nothing


def _python(*command: str) -> Side:
    """Run Python on this, as many times as the size says."""

    def side(_folder: Path, size: float, clock: Clock) -> None:
        with clock:
            for _time in range(int(size)):
                subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)

    return side


def _sample(folder: Path, size: float, clock: Clock) -> None:
    with clock:
        _call(*(["demo", str(folder / "eksempel"), "--quiet"] if size else ["demo", "--help"]))


def _call(*arguments: str) -> None:
    try:
        main(list(arguments))
    except SystemExit as ended:
        if ended.code not in (0, 1, None):
            raise


def _noegletal(hand: bool) -> Side:
    def side(_folder: Path, size: float, clock: Clock) -> None:
        from reconcile.controls import hand07
        from reconcile.controls import noegletal as control

        with noegletal.opened(noegletal.FEW, int(size)) as context:
            if hand:
                with clock:
                    noegletal.by_hand(context.engine)
            else:
                context.need(hand07.bridge)
                with clock:
                    control.run(context)

    return side


def _findings(kind: str) -> Side:
    def side(folder: Path, size: float, clock: Clock) -> None:
        result, rules = rapport.made(int(size))
        if kind == "ours":
            with clock:
                write_xlsx(result, folder / "rapport.xlsx", rules)
            return
        calls = rapport.recorded(result, rules, folder)
        with clock:
            {"XlsxWriter": rapport.again, "openpyxl": rapport.by_openpyxl}[kind](calls, folder / "egen.xlsx")

    return side


def _page(folder: Path, size: float, clock: Clock) -> None:
    result, rules = rapport.made(int(size))
    with clock:
        (folder / "rapport.html").write_text(render_html(result, rules), encoding="utf-8")


def _yr(side: Callable[[Path], dict[str, Any]]) -> Side:
    """Load and judge; its own clock leaves out what only the tables of the report need."""

    def run(folder: Path, _size: float, clock: Clock) -> None:
        with clock:
            told = side(folder / "yr.parquet")
        clock.wall, clock.cpu = (told["load"][n] + told["judged"][n] for n in (0, 1))
        clock.peak_mb = told["peak_mb"]

    return run


def _yr_report(folder: Path, _size: float, clock: Clock) -> None:
    import great_expectations  # noqa: F401 - its import is a constant that is not ours to measure

    options = ["--config", str(folder / "data" / "reconcile.toml"), "--out", str(folder / "ud"), "--quiet"]
    with clock:
        _call("yr", *options)


#: A Python that has the programs of ``peers.py``; without one they are passed over.
_PEERS = os.environ.get("RECONCILE_PEERS")


def _peers(*names: str) -> dict[str, Side]:
    def peer(name: str) -> Side:
        def side(folder: Path, _size: float, clock: Clock) -> None:
            command = [str(_PEERS), str(Path(__file__).with_name("peers.py")), name, str(folder)]
            told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            vars(clock).update(json.loads(told.splitlines()[-1]))

        return side

    return {name: peer(name) for name in names} if _PEERS else {}


def _several(folder: Path, size: float, clock: Clock) -> None:
    import great_expectations  # noqa: F401 - its import is a constant that is not ours to measure

    options = ["--config", str(folder / "data" / "reconcile.toml"), "--out", str(folder / "ud"), "--quiet"]
    with clock:  # one kommune is only for the tests, and they have run the rest elsewhere
        _call(*(["run", "--period", "2020K1:2020K2"] if size > 1 else ["hand07"]), *options)


def _several_data(folder: Path, size: float) -> None:
    codes = sorted(kommuner())[: int(size)]
    courses = 2800 if size > 1 else 60
    several.write(folder / "data", dict.fromkeys(codes, courses), '"alle"')


BENCHES: Mapping[str, Bench] = {
    "start-up": Bench(
        "`reconcile --help`, beside importing what it is made with. Size: times.",
        (5,),
        1,
        {"ours": _python("-m", "reconcile", "--help"), "import click": _python("-c", "import click")},
    ),
    "sample": Bench(
        "The sample written and everything run on it (`reconcile demo`), beside importing Great Expectations. Size: times.",
        (1,),
        0,
        {"ours": _sample, "import great_expectations": _python("-c", "import great_expectations")},
    ),
    "files": Bench(
        "Monthly files of 100 rows of Ydelsesrefusion read strictly, beside DuckDB's own typed reading of them. Size: files.",
        (1, 12, 36, 120),
        2,
        {"ours": files_data.ours, "DuckDB": files_data.by_hand},
        files_data.write,
    ),
    "refusal": Bench(
        "A Parquet file with a bad cell in nearly every row refused. Size: rows.",
        (1_000_000,),
        200,
        {"ours": files_data.refused, "DuckDB": files_data.count_bad},
        files_data.write_bad,
    ),
    "quarters": Bench(
        f"The nøgletal of {noegletal.FEW} courses, every dimension, beside the same questions by hand. Size: quarters.",
        (1, 8, 24, 40),
        1,
        {"ours": _noegletal(hand=False), "DuckDB": _noegletal(hand=True)},
    ),
    "workbook": Bench(
        "The workbook of a run, beside the same cells written by XlsxWriter and by openpyxl alone. Size: findings.",
        (0, 1_000, 10_000, 100_000),
        3,
        {kind: _findings(kind) for kind in ("ours", "XlsxWriter", "openpyxl")},
    ),
    "page": Bench("The page of a run. Size: findings.", (0, 1_000, 10_000, 100_000), 3, {"ours": _page}),
    "yr": Bench(
        "Load and rules of Ydelsesrefusion from Parquet, beside counts by hand. Size: million rows.",
        (1, 5, 10),
        0.002,
        {"ours": _yr(yr.ours), "DuckDB": _yr(yr.by_hand)},
        yr_data.write_parquet,
    ),
    "yr-rapport": Bench(
        "`reconcile yr` on one kommune's rows in Parquet, with every table and report, beside the counts of the rules by hand."
        " Size: million rows.",
        (1,),
        0.002,
        {"ours": _yr_report, "DuckDB": _yr(yr.by_hand)},
        yr_data.write_kommune,
    ),
    "diff": Bench(
        "The strict reading of two extracts and the record diff with its findings, beside a typed reading and a full join by"
        " hand. Size: courses in each.",
        (100_000, 1_000_000),
        200,
        {"ours": kommune.load_and_diff, "DuckDB": kommune.diff_by_hand, **_peers("polars", "datacompy")},
        kommune.write_extracts,
    ),
    "diff-parquet": Bench(
        "As diff, from Parquet. Size: courses in each.",
        (100_000, 1_000_000),
        200,
        {"ours": kommune.load_and_diff, "DuckDB": kommune.diff_by_hand, **_peers("polars", "datacompy")},
        kommune.write_parquet,
    ),
    "hand07": Bench(
        "`reconcile hand07` on two extracts, eight quarters, with the bridge and every report, beside the record diff by hand."
        " Size: courses in each.",
        (100_000, 1_000_000),
        200,
        {"ours": kommune.hand07, "DuckDB": kommune.diff_by_hand},
        kommune.write_extracts,
    ),
    "municipality": Bench(
        "`reconcile run` on a municipality with two extracts, a ledger of ten postings a course and HAND07, with every report,"
        " beside the diff, the eight figures, kroner and what the rules ask, by hand. Size: courses.",
        (10_000, 100_000),
        200,
        {"ours": kommune.run, "DuckDB": kommune.municipality_by_hand},
        kommune.write_municipality,
    ),
    "findings": Bench(
        "`reconcile run` on a municipality of 20,000 courses with more and more that is wrong, with every report: what a finding"
        " costs is what a size takes more than 0, shared out. Size: findings, about.",
        (0, 1_000, 10_000, 100_000),
        20,
        {"ours": kommune.run},
        kommune.write_findings,
    ),
    "kommuner": Bench(
        "A run over several kommuner of 2,800 courses each, in processes of its own from eight on. Size: kommuner.",
        (2, 4, 8, 16),
        1,
        {"ours": _several},
        _several_data,
    ),
}
