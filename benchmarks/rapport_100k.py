"""The reports of a run with a hundred thousand findings: the page's size, and the workbook against XlsxWriter's own time.

    python benchmarks/rapport_100k.py [findings]

XlsxWriter's own time is that of writing the same cells, with the same formats, to the same sheets and tables, and nothing else.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

# The example of the tests is what is measured.
sys.path[:0] = [str(Path(__file__).parent.parent / "tests")]

from support import report_example  # noqa: E402 - found in tests/

from reconcile.reports import workbook  # noqa: E402
from reconcile.reports.html import render_html  # noqa: E402
from reconcile.reports.workbook import Book  # noqa: E402
from reconcile.reports.xlsx import write_xlsx  # noqa: E402
from reconcile.results.rows import ResultTable, RunResult  # noqa: E402


def made(count: int) -> tuple[RunResult, Any]:
    """A result with so many findings, each about a person of its own, and their cases."""
    from reconcile.runs.cases import cases_of
    from reconcile.runs.followup import with_cases

    pattern = report_example.findings()
    found = tuple(
        replace(pattern[n % len(pattern)], fund_id=f"{pattern[n % len(pattern)].regel}-{n:012x}", borger=f"{n:016d}")
        for n in range(count)
    )
    rules = report_example.rules()
    plain = report_example.example(findings=found)
    tables = tuple(table for table in plain.tables if table.name not in ("sager", "rettelser"))
    bare = replace(plain, tables=tables)
    return with_cases(bare, cases_of(bare, {rule.id: rule for rule in rules})), rules


def timed(task: Callable[[], object]) -> float:
    """Seconds of processor time, the least of three."""
    best = float("inf")
    for _round in range(3):
        gc.collect()
        start = time.process_time()
        task()
        best = min(best, time.process_time() - start)
    return best


Calls = list[tuple[str, list[tuple[str, tuple[Any, ...]]]]]


def recorded(result: RunResult, rules: Any, folder: Path) -> Calls:
    """Every call that the workbook makes of a sheet."""
    calls: Calls = []
    kept, at_once = Book.sheet, workbook.AT_ONCE

    def sheet(self: Book, name: str, *args: Any, **options: Any) -> Any:
        real = kept(self, name, *args, **options)
        told: list[tuple[str, tuple[Any, ...]]] = []
        calls.append((name, told))
        for method in ("write_string", "write_number", "write_blank", "write_datetime", "add_table"):
            setattr(real, method, _recorder(told, method, getattr(real, method)))
        return real

    Book.sheet, workbook.AT_ONCE = sheet, sys.maxsize  # type: ignore[method-assign]
    try:
        write_xlsx(result, folder / "kald.xlsx", rules)
    finally:
        Book.sheet, workbook.AT_ONCE = kept, at_once  # type: ignore[method-assign]
    return calls


def own_time(result: RunResult, rules: Any, folder: Path) -> float:
    """What XlsxWriter alone takes: the calls made again on a new workbook."""
    calls = recorded(result, rules, folder)
    print(f"cells {sum(len(told) for _name, told in calls):,}")
    return timed(lambda: again(calls, folder / "egen.xlsx"))


def _recorder(told: list[tuple[str, tuple[Any, ...]]], method: str, do: Callable[..., Any]) -> Callable[..., Any]:
    def record(*given: Any) -> Any:
        told.append((method, given))
        return do(*given)

    return record


def by_openpyxl(calls: Calls, path: Path) -> None:
    """The cells of the calls, written by openpyxl row by row as it writes fastest, without formats."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for name, told in calls:
        page, rows = book.create_sheet(name), dict[int, dict[int, Any]]()
        for method, given in told:
            if method not in ("add_table", "write_blank"):
                rows.setdefault(given[0], {})[given[1]] = given[2]
        for number in range(max(rows, default=-1) + 1):
            cells = rows.get(number, {})
            page.append([cells.get(place) for place in range(max(cells, default=-1) + 1)])
    book.save(path)


def again(calls: Calls, path: Path) -> None:
    """The calls made again on a new workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        forms = [book.add_format({"valign": "top"}), book.add_format({"num_format": "#,##0.00", "valign": "top"})]
        for name, told in calls:
            page = book.add_worksheet(name)
            for method, given in told:
                if method == "add_table":
                    columns = [{"header": column["header"]} for column in given[4]["columns"]]
                    page.add_table(*given[:4], {**given[4], "columns": columns})
                else:
                    row, column, value = given[:3]
                    getattr(page, method)(row, column, value, forms[method == "write_number"])


def main(count: int) -> None:
    """Print the figures."""
    result, rules = made(count)
    page = render_html(result, rules)
    table: ResultTable | None = result.table("sager")
    print(f"findings {count:,}, cases {len(table.rows) if table else 0:,}")
    print(f"page {len(page.encode()) / 1e6:.2f} MB")
    with tempfile.TemporaryDirectory() as folder:
        ours = timed(lambda: write_xlsx(result, Path(folder) / "rapport.xlsx", rules))
        theirs = own_time(result, rules, Path(folder))
        size = (Path(folder) / "rapport.xlsx").stat().st_size / 1e6
    print(f"workbook {ours:.1f} s ({size:.1f} MB), XlsxWriter alone {theirs:.1f} s: {ours / theirs:.2f} times")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
