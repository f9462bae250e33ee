"""A version of the nøgletal for publication: no persons, no cases, and no count of 1–4 that can be found.

Published are ``noegletal_vh``, ``noegletal_fordelt`` (of everything), ``flow``, ``varighed`` and ``sammenligning``, per quarter
and year. What a reader can add up is told to ``privacy.suppress``: levels, quarters of a year, values of a split, the flow from
one quarter to the next. Counts of persons are no sums, but lie between the largest and the sum of their parts, so that they
are guarded as if they were. Amounts and what the bridge makes of the counts are left out: they give small counts away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reconcile.domain.periods import Quarter
from reconcile.i18n import _
from reconcile.privacy.suppress import FEW, suppress
from reconcile.reference import rows as reference
from reconcile.results.rows import ResultTable, RunResult

_COUNTS = ("modtagere", "ydelser", "aabne", "lukkede")
_FLOW = ("primo", "tilgang", "afgang", "ultimo", "ind_og_ud")
#: What is left out altogether: amounts, and figures so like the counts beside them that they would give them away.
_NEVER = ("modtagere_harmoniseret", "ydelser_harmoniseret", "helaarsmodtagere_harmoniseret", "forbrug")
#: The columns of each table that are counts, and those that are known when a count is.
_COLUMNS: Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]] = {
    "noegletal_vh": (_COUNTS, {"helaarsmodtagere": "modtagere"}),
    "noegletal_fordelt": (_COUNTS, {"helaarsmodtagere": "modtagere"}),
    "flow": (_FLOW, {}),
    "varighed": (("ydelser", "borgere"), {"ydelser": "borgere", "borgere": "ydelser"}),
}
#: The splits that are published; the others tell of single courses, or are levels of ``noegletal_vh``.
_SPLITS = frozenset(
    {"koen", "alder_5", "alder_10", "maalgruppe", "funktionsvurdering", "handlekommune", "betalingskommune", "system"}
)

#: What the command of such a run is called after its own name: it is no earlier run of the full one.
PUBLIC = " --public"

Cell = tuple[Hashable, ...]
Values = dict[Cell, int]
Sums = list[dict[Cell, int]]


def public(result: RunResult) -> RunResult:
    """The run without persons, findings and cases, and without the counts that must not be known."""
    tables = {name: _published(result.table(name)) for name in _COLUMNS}
    values: Values = {}
    for name, rows in tables.items():
        for row in rows:
            values |= {(name, column, *_key(name, row)): getattr(row, column) for column in _COLUMNS[name][0]}
    hidden = suppress(values, _sums(values))
    made = []
    for table in result.tables:
        if table.name == "sammenligning":
            made.append(table)
        elif table.name in tables:
            made.append(replace(table, rows=tuple(_without(table.name, row, hidden) for row in tables[table.name])))
    said = _("Til offentliggørelse: tal på 1–{faa} er udeladt, og så mange andre, at ingen sum giver dem tilbage.")
    return replace(
        result,
        command=f"{result.command}{PUBLIC}",
        tables=tuple(made),
        findings=(),
        not_run=(),
        caveats=(said.format(faa=FEW),),
        rules_run=(),
        tried={},
        accepted=frozenset(),
    )


def _published(table: ResultTable | None) -> list[Any]:
    """The rows that are published: quarters and years; splits of everything only, since those of a code are too small."""
    rows = [row for row in (table.rows if table else ()) if getattr(row, "periodetype", "kvartal") != "maaned"]
    return [row for row in rows if not hasattr(row, "opdeling") or (row.niveau == "alle" and row.opdeling in _SPLITS)]


def _key(name: str, row: Any) -> Cell:
    """What a row is about, the period last."""
    if name == "varighed":
        return row.dst_kode, row.interval, row.periode
    if name == "noegletal_fordelt":
        return row.opdeling, row.vaerdi, row.periode
    return row.niveau, row.kategori, row.periode


def _without(name: str, row: Any, hidden: Collection[Cell]) -> Any:
    """The row with what is left out empty."""
    counts, tied = _COLUMNS[name]
    key = _key(name, row)
    gone = {column for column in counts if (name, column, *key) in hidden}
    gone |= {column for column, count in tied.items() if count in gone}
    return replace(row, **dict.fromkeys([*gone, *(column for column in _NEVER if hasattr(row, column))]))


def _sums(values: Values) -> Sums:
    """What a reader can add up, each sum as cells that make 0: the parts of a whole, and what one period says of another."""
    parts: dict[Cell, list[Cell]] = defaultdict(list)
    above = _above()
    for cell in values:
        name, column, *key, period = cell
        if name == "noegletal_fordelt":
            parts["noegletal_vh", column, "alle", "I alt", period, key[0]].append(cell)
        elif name == "varighed":
            told = ("noegletal_vh", "aabne") if column == "ydelser" else ("flow", "ultimo")
            parts[*told, "dst_kode", key[0], period, name].append(cell)
        else:
            for level, category in above.get(tuple(key), ()):
                parts[name, column, level, category, period, key[0]].append(cell)
    found = [{**dict.fromkeys(cells, 1), whole[:-1]: -1} for whole, cells in parts.items() if _adds_up(whole, cells)]
    return [one for one in (*found, *_in_time(values)) if all(cell in values for cell in one)]


def _adds_up(whole: Cell, cells: Sequence[Cell]) -> bool:
    """The flow of a group is that of its codes only where it has one: a person can go from one code to another."""
    return len(cells) == 1 or whole[0] != "flow" or whole[-1] == "varighed"


def _above() -> Mapping[Cell, Sequence[Cell]]:
    """Level and category → the wholes it is a part of."""
    everything = ("alle", "I alt")
    found: dict[Cell, list[Cell]] = defaultdict(list)
    groups = {row["dst_kode"]: row["gruppe"] for row in reference("ydelsesgruppe")}
    for row in reference("ydelseskode"):
        code = row["dst_kode"]
        over = [("paragraf", row["paragraf"]), *([("gruppe", groups[code])] if code in groups else [])]
        found["dst_kode", code] = [*over, everything]
        for one in over:
            found[one] = [everything]
    return found


def _in_time(values: Values) -> Iterator[dict[Cell, int]]:
    for cell in values:
        name, column, *key, period = cell
        before = (name, column, *key)
        if quarter := Quarter.parse(str(period)):
            if column == "ultimo":
                yield {cell: 1, (name, "primo", *key, str(quarter.next)): -1}
        elif name == "flow":
            if column in ("primo", "ultimo"):
                yield {cell: 1, (*before, f"{period}K{1 if column == 'primo' else 4}"): -1}
        elif column == "aabne":
            yield {cell: 1, (*before, f"{period}K4"): -1}
        else:
            yield {**{q: 1 for n in range(1, 5) if (q := (*before, f"{period}K{n}")) in values}, cell: -1}
        if column == "ultimo":
            rest = {(name, other, *key, period): sign for other, sign in (("primo", 1), ("tilgang", 1), ("afgang", -1))}
            yield {**rest, cell: -1}
