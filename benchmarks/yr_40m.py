"""The YR rules at national scale, beside the same rules written by hand in DuckDB SQL.

    python benchmarks/yr_40m.py                        5 million rows of Parquet
    python benchmarks/yr_40m.py 5 40                   5 and 40 million
    python benchmarks/yr_40m.py --format csv 5 40      the same as monthly CSV files

Data is made in a temporary folder (set TMPDIR to choose where; 40 million rows need some 15 GB with the database and
what is spilled). Each side runs in a process of its own, from the same Parquet file, and prints its times and peak
memory; the counts of every rule must agree. Parquet is loaded in the same way by both and timed apart; CSV is read by hand
with the types given, and by us as ``reconcile yr`` reads it.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from yr_data import write_csv, write_parquet

from reconcile.controls import yr
from reconcile.controls.yr_measures import measures
from reconcile.domain.canonical import TABLES
from reconcile.engine import base
from reconcile.engine.duckdb import Engine
from reconcile.rules.catalogue import load_rules
from reconcile.settings.config import Regler, load_config
from reconcile.sources.load import Loaded, load_sources
from reconcile.world.context import Asked, Context
from reconcile.world.prepare import open_world

COLUMNS = (
    "cpr uge ydelse bruttoudgift refusionssats refusion medfinansieringssats medfinansiering ydelsestaeller"
    " koerselsperiode finansieringskommune bopaelskommune raa fil raekke"
)
LACKING = {"fleksbidrag", "genoptjening", "tilhoerskommune", "beregning_id"}
#: Step → wall and CPU seconds. On a shared machine the CPU is what can be compared.
Steps = dict[str, tuple[float, float]]

#: Views that only the tables of the report read: timed with them.
TABLES_ONLY = {
    "yr_person_maaned",
    "yr_personuge",
    "yr_personer",
    "yr_fleksbidrag",
    "yr_maal",
    "yr_uge",
    "yr_koersel",
    "yr_modning",
    "yr_sammenlign",
    "yr_bogfoert",
    "yr_beregnet",
    "yr_andre",
    "yr_tidlig",
    "yr_ret_taeller",
    "yr_tab",
}
BY_HAND = Path(__file__).with_name("yr_by_hand.sql")


def main() -> None:
    """Run each size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("millions", nargs="*", type=float, default=[5])
    parser.add_argument("--side", choices=("ours", "hand"), help=argparse.SUPPRESS)
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet", help="what is read")
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        print(json.dumps({"ours": ours, "hand": by_hand}[arguments.side](arguments.data)))
        return
    for millions in arguments.millions:
        with tempfile.TemporaryDirectory(prefix="yr-bench-") as folder:
            _compare(Path(folder), millions, arguments.format)


def _compare(folder: Path, millions: float, kind: str) -> None:
    started = time.perf_counter()
    data = write_parquet(folder, millions)
    if kind == "csv":
        parquet, data = data, folder / "csv"
        data.mkdir()
        write_csv(data, parquet)
        parquet.unlink()
    made = time.perf_counter() - started
    print(f"\n{millions:g} million rows asked for: {_size(data) / 1e6:.0f} MB {kind}, made in {made:.1f} s")
    sides = {side: _run_side(side, data) for side in ("hand", "ours")}
    for side, result in sides.items():
        wall, cpu = result["load"]
        peak = f"{result['peak_mb']:,} MB"
        print(f"{side}: {result['rows']:,} rows, load {wall:.1f} s, CPU {cpu:.1f} s, peak {peak}")
        for name, (wall, cpu) in result["steps"].items():
            print(f"    {wall:8.2f} s, CPU {cpu:8.2f} s  {name}")
    for number, clock in enumerate(("wall", "CPU")):
        ours_s, hand_s = (sides[side]["judged"][number] for side in ("ours", "hand"))
        print(f"rules, {clock}: by hand {hand_s:.1f} s, ours {ours_s:.1f} s, ratio {ours_s / hand_s:.2f}")
        ours_s, hand_s = (sides[side]["judged"][number] + sides[side]["load"][number] for side in ("ours", "hand"))
        print(f"load and rules, {clock}: by hand {hand_s:.1f} s, ours {ours_s:.1f} s, ratio {ours_s / hand_s:.2f}")
    print("hits:", json.dumps(sides["ours"]["hits"]))
    if sides["ours"]["hits"] != sides["hand"]["hits"]:
        sys.exit(f"The hits differ. By hand: {json.dumps(sides['hand']['hits'])}")


def _size(data: Path) -> int:
    return sum(path.stat().st_size for path in (data.glob("*.csv") if data.is_dir() else [data]))


def _run_side(side: str, data: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--side", side, "--data", str(data)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def ours(data: Path) -> dict[str, Any]:
    """Our views and rules, through Great Expectations, with every finding made; the tables of the report apart."""
    import great_expectations  # noqa: F401 - its import is a constant that is not ours to measure

    steps: Steps = {}
    with _world(data, _read_as_we_do if data.is_dir() else _read_parquet, steps) as context:
        engine, load = context.engine, steps.pop("load")
        context.engine.set_parameters({"yr_har_koersel": True})
        _views(context, steps, tables=False)
        judged = _timed(steps, "rules, with findings", lambda: yr.judge(context, load_rules_yr()))
        total = _total(steps)
        _views(context, steps, tables=True)
        _timed(steps, "table yr_uge", lambda: yr._weeks(context))
        _timed(steps, "tables yr_maal and yr_trappe", lambda: measures(context))
        hits = Counter(finding.regel for finding in judged.findings)
        return _result(engine, load, steps, total, {rule: hits[rule] for rule in sorted(judged.ran)})


def load_rules_yr() -> list[Any]:
    """The rules that run over the YR views."""
    return [rule for rule in load_rules() if rule.view.startswith("yr_")]


def _views(context: Context, steps: Steps, tables: bool) -> None:
    """Create the views of the rules, or those that only the tables of the report read."""
    for name, select in base.statements_of_group("yr"):
        if (name in TABLES_ONLY) is tables:
            _timed(steps, f"view {name}", partial(context.engine.create_view, name, select))


def by_hand(data: Path) -> dict[str, Any]:
    """The yardstick: counts only."""
    steps: Steps = {}
    hits: dict[str, int] = {}
    with _world(data, _read_csv_by_hand if data.is_dir() else _read_parquet, steps) as world:
        engine, load = world.engine, steps.pop("load")
        for number, statement in enumerate(BY_HAND.read_text(encoding="utf-8").split(";\n"), start=1):
            rows = _timed(steps, f"statement {number}", partial(engine.rows, statement))
            hits.update({row[0]: row[1] for row in rows if len(row) == 2})
        return _result(engine, load, steps, _total(steps), dict(sorted(hits.items())))


@contextmanager
def _world(data: Path, fill: Callable[[Engine, Path], None], steps: Steps) -> Iterator[Context]:
    """A world with the rows of ``data``; ``steps`` says how long they took to load."""
    asked = Asked(kommune="665", regler=Regler(), today=date(2021, 6, 1), pseudonym=lambda cpr: f"P-{cpr[::-1]}")

    def read(engine: Engine) -> Loaded:
        _timed(steps, "load", lambda: fill(engine, data))
        return Loaded(present={"yr": frozenset(TABLES["yr"].names) - LACKING})

    with open_world(asked, read, input_bytes=_size(data)) as world:
        # The data is the whole country's, and all of it is judged.
        world.engine.run(
            "INSERT INTO egen_kommune SELECT DISTINCT finansieringskommune FROM yr WHERE finansieringskommune <> '665'"
        )
        yield world


def _read_parquet(engine: Engine, data: Path) -> None:
    names = ", ".join(COLUMNS.split())
    engine.run(f"INSERT INTO yr ({names}) SELECT {names} FROM read_parquet('{data}')")


def _read_csv_by_hand(engine: Engine, data: Path) -> None:
    types = {"cpr": "VARCHAR", "uge": "DATE", "ydelse": "VARCHAR", "koerselsperiode": "VARCHAR"}
    types |= dict.fromkeys(("bruttoudgift", "refusion", "medfinansiering"), "DECIMAL(18,2)")
    types |= dict.fromkeys(("refusionssats", "medfinansieringssats"), "DECIMAL(9,4)")
    types |= {"ydelsestaeller": "BIGINT", "finansieringskommune": "VARCHAR", "bopaelskommune": "VARCHAR"}
    names = [name for name in COLUMNS.split() if name in types]
    values = [f"CAST({n} || '-01' AS DATE)" if n == "koerselsperiode" else n for n in names]
    engine.run(
        f"INSERT INTO yr ({', '.join(names)}, raa, fil, raekke) SELECT {', '.join(values)}, hash({', '.join(names)}),"
        f" parse_filename(filename), row_number() OVER () FROM read_csv('{data}/*.csv', delim = ';', header = true,"
        f" decimal_separator = ',', dateformat = '%d-%m-%Y', filename = true, types = {types})"
    )


def _read_as_we_do(engine: Engine, data: Path) -> None:
    (data / "reconcile.toml").write_text('[kommune]\nkode = "665"\n[kilder.yr]\nfiler = ["*.csv"]\n', encoding="utf-8")
    load_sources(engine, load_config(data / "reconcile.toml"), ["yr"], quarantine=False, progress=lambda _text: None)


def _timed(steps: Steps, name: str, action: Callable[[], Any]) -> Any:
    wall, cpu = time.perf_counter(), time.process_time()
    value = action()
    steps[name] = (time.perf_counter() - wall, time.process_time() - cpu)
    return value


def _total(steps: Steps) -> tuple[float, float]:
    return sum(wall for wall, _cpu in steps.values()), sum(cpu for _wall, cpu in steps.values())


def _result(
    engine: base.Engine, load: tuple[float, float], steps: Steps, judged: tuple[float, float], hits: dict[str, int]
) -> dict[str, Any]:
    rows = engine.rows("SELECT count(*) FROM yr")[0][0]
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024
    return {"rows": rows, "load": load, "steps": steps, "judged": judged, "peak_mb": peak, "hits": hits}


if __name__ == "__main__":
    main()
