"""The open cells at the top of what to do: what is open, who is counted in it, and where it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reconcile.i18n import _, day
from reconcile.reports import counts, labels
from reconcile.reports.labels import Label
from reconcile.reports.page_cases import written_in
from reconcile.reports.page_figures import anchor
from reconcile.results.cases import REST, Correction
from reconcile.results.cells import cell_key
from reconcile.results.rows import RunResult


@dataclass(frozen=True)
class OpenCellLine:
    """An open cell: its label and sentence, where the page shows it (``link``, empty for nowhere), what is known of it
    (``known``: causes with persons), how many counted persons are listed, who has accepted it, and what is written about it."""

    code: str
    period: str
    label: Label
    sentence: str
    link: str
    known: str
    listed: int
    accepted: str
    remark: str


def open_cells(result: RunResult, drawn: frozenset[str]) -> Sequence[OpenCellLine]:
    """The open cells in the order of ``sager.csv``; ``drawn`` are the bridges that the page has."""
    people, corrections = result.table("celle_borgere"), result.table("rettelser")
    listed = Counter((row.dst_kode, row.periode) for row in people.rows) if people else Counter[tuple[str, str]]()
    lines = []
    for case in counts.open_cells(result):
        key = cell_key(case.sag_id)
        place = anchor(*key)
        rows = [row for row in corrections.rows if (row.dst_kode, row.periode) == key] if corrections else []
        lines.append(
            OpenCellLine(
                code=key[0],
                period=key[1],
                label=labels.status(result.cells[key].status),
                sentence=case.besked,
                link=place if place in drawn else "",
                known=labels.enumerated(_known(rows)),
                listed=listed[key],
                accepted=_("accepteret til {dag}").format(dag=day(case.accepteret_til)) if case.accepteret_til else "",
                remark=written_in(case),
            )
        )
    return lines


def _known(rows: Sequence[Correction]) -> list[str]:
    """``overlap (R2): 3``: the causes of the cell's differences against Danmarks Statistik, most persons first. What is left
    without one is no cause."""
    causes: Counter[str] = Counter()
    for row in rows:
        if row.kant == "HAND07" and row.aarsag != REST:
            causes[row.aarsag] += row.borgere
    return [f"{labels.cause(name)}: {labels.figure(count)}" for name, count in causes.most_common()]
