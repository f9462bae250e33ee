"""``rapport.xlsx``: the run's tables to filter and work in, with an overview that leads to their rows."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from reconcile.history.remarks import STATES, Remark, key_of
from reconcile.i18n import _
from reconcile.reports import labels
from reconcile.reports.page_eight import worst_eights
from reconcile.reports.page_figures import importance
from reconcile.reports.page_findings import hits
from reconcile.reports.workbook import ROWS_PER_SHEET, Book, Column, Link
from reconcile.reports.xlsx_charts import gallery, write_charts, write_figures
from reconcile.reports.xlsx_overview import Overview, kind_of, write_overview
from reconcile.results.cases import Case
from reconcile.results.columns import column_of
from reconcile.results.declared import TABLES
from reconcile.results.rows import BridgeStep, Finding, ResultTable, RunResult
from reconcile.rules.catalogue import Rule, load_rules

#: Steps of the bridge that are counts; the others are changes.
_LEVELS = frozenset({"raa", "harmoniseret", "dst"})
_OF_FINDING = ("borger", "dst_kode", "ydelse", "periode", "vaerdi", "forventet", "besked", "fil", "raekke")


#: The columns of a case that are written in, the name of its code, and what is read and written first: that much is printed.
_WRITTEN = ("bemaerkning", "ansvarlig", "arbejdsstatus", "aarsag", "initialer", "gaelder_til")
_NAME = "ydelsens_navn"
_FIRST_OF_CASE = (
    "sag_id", "alvor", "status", "hvem", "regel", "dst_kode", _NAME, "borger", "fra", "til", "beloeb", "besked", *_WRITTEN[:3],
)  # fmt: skip


def write_xlsx(result: RunResult, path: Path, rules: Sequence[Rule] | None = None) -> None:
    """Write the workbook of a run to ``path``; the same result gives the same bytes.

    ``rules`` are the catalogue the run used, the municipality's own among them; without it, the rules that ship.
    """
    known = {rule.id: rule for rule in (load_rules() if rules is None else rules)}
    sheets = sheets_of(result)
    found = sorted(result.findings, key=Finding.sort_key)
    with _no_collector(), Book(path) as book:
        charts = gallery(result)
        extra = (_("Diagrammer"), _("Diagramtal")) if charts.drawings else ()
        write_overview(
            book, result, Overview((*extra[:1], *sheets, *extra[1:]), _first_rows(found), hits(result, known), known)
        )
        if charts.drawings:
            write_charts(book, charts)
        for name, (table, columns, rows) in sheets.items():
            kind = kind_of(table)
            frozen, printed = 2 if len(columns) > 5 else 1, _printed_columns(table, columns)
            book.table_sheets(name, columns, rows, frozen=frozen, table=table, kind=kind, printed=printed)
        if charts.drawings:
            write_figures(book, charts)
        book.table_sheets(_("Fund"), *findings_rows(found, known, _week_links(result, sheets)), frozen=2, table="fund")
        book.table_sheets(_("Regler"), *_rules(result, known), frozen=2, table="regler")
        book.table_sheets(_("Kilder"), *_sources(result), table="kilder", kind="read")
        if result.not_run or result.caveats:
            book.table_sheets(_("Forbehold"), *_caveats(result), table="forbehold", kind="read")


def _printed_columns(table: str, columns: Sequence[Column]) -> int:
    """How many columns of a table are printed: of a wide one, those before what is looked up; 0 for all."""
    if table == "ottetal":
        return [column.heading for column in columns].index(labels.column("status")) + 1
    return len(_FIRST_OF_CASE) if table == "sager" else 0


@contextmanager
def _no_collector() -> Iterator[None]:
    """Cells are millions of small tuples without a cycle among them: looking for one took a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _first_rows(found: Iterable[Finding]) -> Mapping[str, int]:
    """The row of the findings' sheet where each rule begins (0-based, under the heading)."""
    first: dict[str, int] = {}
    for number, finding in enumerate(found, start=1):
        first.setdefault(finding.regel, number)
    return first


def sheets_of(result: RunResult) -> dict[str, tuple[str, list[Column], list[list[Any]]]]:
    """Sheet name → table name, columns and rows, for every table the run made, the known ones first."""
    order = [table.name for table in TABLES.values() if table.sheet]
    tables = sorted(result.tables, key=lambda table: order.index(table.name) if table.name in order else len(order))
    made: dict[str, tuple[str, list[Column], list[list[Any]]]] = {}
    for table in tables:
        name = free_name(labels.sheet(table.name), made)
        columns, rows = _bridge(table) if table.name == "bro" else _plain(table, result)
        if table.name == "sager":
            columns, rows = _worked_in(table.rows, columns, rows)
        made[name] = (table.name, columns, rows)
    return made


def _worked_in(
    cases: Sequence[Case], columns: list[Column], rows: list[list[Any]]
) -> tuple[list[Column], list[list[Any]]]:
    """The cases with the columns that are written in and read back (``history/worked.py`` finds them by their headings)."""
    states = tuple(_(state) for state in STATES)
    more = [
        Column(_("Bemærkning"), "wrap", widest=40),
        Column(_("Ansvarlig"), widest=20),
        Column(_("Arbejdsstatus"), widest=20, choices=states),
        Column(_("Årsag"), "wrap", widest=40),
        Column(_("Initialer")),
        Column(_("Gælder til")),
        Column(_("Nøgle"), widest=14),
    ]
    written = []
    for case, row in zip(cases, rows, strict=True):
        remark = Remark(
            bemaerkning=case.bemaerkning or "", ansvarlig=case.ansvarlig or "", arbejdsstatus=case.arbejdsstatus or ""
        )
        written.append([*row, *remark.model_dump().values(), "", "", "", key_of(case.stoerrelse, remark)])
    names = [*chain.from_iterable((n, _NAME) if n == "dst_kode" else (n,) for n in Case.COLUMNS), *_WRITTEN, "noegle"]
    narrow = {_NAME: 26, "besked": 52, "celler": 30}
    every = [
        replace(column, kind="wrap", widest=narrow[name]) if name in narrow else column
        for name, column in zip(names, [*columns, *more], strict=True)
    ]
    order = sorted(
        range(len(names)), key=lambda n: _FIRST_OF_CASE.index(names[n]) if names[n] in _FIRST_OF_CASE else 99
    )
    return [every[n] for n in order], [[row[n] for n in order] for row in written]


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A sheet name Excel accepts: 31 characters, none of ``[]:*?/\\``, and not yet used."""
    name = "".join("-" if sign in "[]:*?/\\'" else sign for sign in wanted)[:28].strip() or _("Ark")
    used = {
        other.casefold()
        for other in (
            *taken,
            _("Oversigt"),
            _("Diagrammer"),
            _("Diagramtal"),
            _("Fund"),
            _("Regler"),
            _("Kilder"),
            _("Forbehold"),
        )
    }
    number = 1
    while (name if number == 1 else f"{name} {number}").casefold() in used:
        number += 1
    return name if number == 1 else f"{name} {number}"


def _plain(table: ResultTable, result: RunResult) -> tuple[list[Column], list[list[Any]]]:
    """A table with a column for what its code is called, and words for statuses and steps."""
    rows: Iterable[Any] = table.rows
    if table.name == "hand07_diff":
        rows = sorted(table.rows, key=importance)
    elif table.name == "ottetal":
        rows = worst_eights(result)
    rows = tuple(rows)
    columns: list[Column] = []
    cells: list[list[Any]] = []
    for name in table.columns:
        values = [getattr(row, name) for row in rows]
        columns.append(Column(labels.column(name), column_of(name).kind))
        if name == "dst_kode":
            columns.append(Column(_("Ydelsens navn"), widest=64))
            cells += [values, [labels.code_name(value or "") for value in values]]
        else:
            cells.append(_in_words(name, values))
    return columns, list(map(list, zip(*cells, strict=True)))


def _in_words(name: str, values: Iterable[Any]) -> list[Any]:
    """The cells of a column in words; a word that comes many times is said once."""
    words: dict[str, object] = {}
    made = []
    for value in values:
        if isinstance(value, str):
            if value not in words:
                words[value] = labels.value_label(name, value)
            made.append(words[value])
        else:
            made.append(", ".join(map(str, value)) if isinstance(value, tuple | list | frozenset) else value)
    return made


def _bridge(table: ResultTable) -> tuple[list[Column], list[list[Any]]]:
    """The bridge with a row for each cell and a column for each step: counts where it starts and ends, else changes."""
    steps = list(dict.fromkeys(step.trin for step in table.rows))
    lines: dict[tuple[str, str], dict[str, BridgeStep]] = {}
    for step in table.rows:
        lines.setdefault((step.dst_kode, step.periode), {})[step.trin] = step
    columns = [
        Column(labels.column("dst_kode")),
        Column(_("Ydelsens navn"), widest=64),
        Column(labels.column("periode")),
    ]
    for name in steps:
        if name == "dst":
            columns.append(Column(labels.column("rest"), "signed"))
        columns.append(Column(labels.step(name), "count" if name in _LEVELS else "signed"))
    rows = []
    for (code, period), line in lines.items():
        row: list[Any] = [code, labels.code_name(code), period]
        for name in steps:
            here = line.get(name)
            if name == "dst":
                row.append(here.aendring if here else None)
            row.append((here.antal if name in _LEVELS else here.aendring) if here else None)
        rows.append(row)
    return columns, rows


def _week_links(result: RunResult, sheets: Iterable[str]) -> Mapping[str, Link]:
    """From a finding's id to the first of the weeks around it."""
    table, name = result.table("yr_forloeb"), _("YR forløb")
    links: dict[str, Link] = {}
    for number, row in enumerate(table.rows if table and name in sheets else (), start=1):
        if number <= ROWS_PER_SHEET:
            links.setdefault(row.fund_id, Link(row.fund_id, name, number))
    return links


def findings_rows(
    found: Sequence[Finding], rules: Mapping[str, Rule], links: Mapping[str, Link]
) -> tuple[list[Column], list[list[Any]]]:
    """The findings with what their rules are called and who acts; ``links`` lead to the weeks around some."""
    columns = [
        Column(labels.column("regel")),
        Column(_("Hvad"), widest=34),
        Column(labels.column("alvor"), "severity"),
        Column(_("Hvem")),
        Column(labels.column("kilde")),
        *(Column(labels.column(name), widest=20) for name in ("borger", "dst_kode", "ydelse", "periode")),
        Column(labels.column("vaerdi"), widest=24),
        Column(labels.column("forventet"), widest=24),
        Column(labels.column("besked"), "wrap", widest=80),
        Column(labels.column("fil"), widest=36),
        Column(labels.column("raekke"), "plain"),
        Column(labels.column("fund_id")),
    ]
    titles = {name: (rule.text("title"), labels.word(rule.who)) for name, rule in rules.items()}
    grades = {grade: labels.severity(grade).text for grade in labels.SEVERITIES}
    sources = {name: labels.source(name) for name in {finding.kilde for finding in found}}
    rows = [
        [
            f.regel,
            title,
            grades[f.alvor],
            who,
            sources[f.kilde],
            *(getattr(f, name) for name in _OF_FINDING),
            links.get(f.fund_id, f.fund_id),
        ]
        for f in found
        for title, who in [titles.get(f.regel, ("", ""))]
    ]
    return columns, [[value if value is not None else "" for value in row] for row in rows]


def _rules(result: RunResult, rules: Mapping[str, Rule]) -> tuple[list[Column], list[list[Any]]]:
    columns = [
        Column(labels.column("regel")),
        Column(_("Hvad"), "wrap", widest=34),
        Column(labels.column("alvor"), "severity"),
        Column(_("Hvem")),
        Column(_("Fund"), "count"),
        Column(_("Hvorfor"), "wrap", widest=60),
        Column(_("Gør"), "wrap", widest=60),
        Column(_("Definition"), "wrap", widest=40),
        Column(_("Ikke kørt på"), "wrap", widest=40),
    ]
    counts = Counter(finding.regel for finding in result.findings)
    missed: dict[str, list[str]] = {}
    for item in result.not_run:
        missed.setdefault(item.regel, []).append(f"{labels.source(item.kilde)}: {item.grund}")
    rows = []
    for name in sorted({*result.rules_run, *counts, *missed}):
        rule = rules.get(name)
        told = [
            rule.text("title"), labels.severity(rule.severity).text, labels.word(rule.who), counts[name], rule.text("why"),
            rule.text("remedy"), rule.source,
        ] if rule else ["", "", "", counts[name], "", "", ""]  # fmt: skip
        rows.append([name, *told, "\n".join(missed.get(name, ()))])
    return columns, rows


def _sources(result: RunResult) -> tuple[list[Column], list[list[Any]]]:
    columns = [
        Column(_("Kilde")),
        Column(_("Fil"), widest=50),
        Column(_("Rækker i filen"), "count"),
        Column(_("Rækker i kilden"), "count"),
        Column(_("I karantæne"), "count"),
        Column(_("Nyeste dato")),
        Column(_("Tegnsæt")),
        Column(_("Skilletegn")),
        Column(_("Byte"), "count"),
        Column("SHA-256", widest=68),
    ]
    rows = []
    for source in result.sources:
        for file in source.filer:
            separator = {"\t": _("tabulator")}.get(file.skilletegn or "", file.skilletegn or "")
            rows.append(
                [
                    labels.source(source.kilde),
                    file.fil,
                    file.raekker,
                    source.raekker,
                    source.karantaene,
                    source.nyeste or "",
                    file.tegnsaet or "",
                    separator,
                    file.bytes,
                    file.sha256,
                ]
            )
    return columns, rows


def _caveats(result: RunResult) -> tuple[list[Column], list[list[Any]]]:
    columns = [Column(_("Slags")), Column(_("Regel")), Column(_("Kilde")), Column(_("Tekst"), "wrap", widest=100)]
    rows: list[list[Any]] = [[_("Forbehold"), "", "", caveat] for caveat in result.caveats]
    rows += [[_("Ikke kørt"), item.regel, labels.source(item.kilde), item.grund] for item in result.not_run]
    return columns, rows
