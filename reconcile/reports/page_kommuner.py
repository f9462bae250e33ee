"""The overview of a run over several kommuner: a table, and each kommune's cells quarter by quarter on one scale.

There is no map: kommuner of very different sizes are compared by what is open, not by their area.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reconcile.history.published import MANIFEST
from reconcile.i18n import _, day, kr, language, number
from reconcile.privacy import door
from reconcile.reports.publish import digest, inputs
from reconcile.reports.tables import csv_bytes, quarantine_csv, to_json
from reconcile.reports.templating import environment
from reconcile.reports.xlsx_kommuner import write_kommuner
from reconcile.resources import TEMPLATES
from reconcile.results.kommuner import COLUMNS, KommuneRow, QuarterCells
from reconcile.results.rows import SourceInfo

#: The drawing of a kommune: its width and height, and the most quarters in it.
WIDTH, HEIGHT, _QUARTERS = 132.0, 44.0, 12


@dataclass(frozen=True)
class Overview:
    """Everything the overview is made of; ``facts`` are what a manifest tells besides inputs, counts and outputs."""

    started: datetime
    name: str
    rows: Sequence[KommuneRow]
    quarters: Sequence[Sequence[QuarterCells]]
    sources: Sequence[SourceInfo]
    caveats: Sequence[str]
    quarantined: Sequence[Any]
    facts: dict[str, Any]

    @property
    def exit_code(self) -> int:
        """1 when any kommune has something left to explain, or rows were set aside."""
        return max([*(row.afslutningskode for row in self.rows), 1 if self.quarantined else 0])


@dataclass(frozen=True)
class Column:
    """A quarter of a drawing: where it stands, how high its cells and its open cells reach."""

    x: float
    width: float
    every: float
    open: float


@dataclass(frozen=True)
class Panel:
    """A kommune's drawing with its caption."""

    kommune: str
    name: str
    caption: str
    columns: tuple[Column, ...]


def write_overview(overview: Overview, folder: Path, number_of_run: int) -> None:
    """Write the overview into a folder that has each kommune's report in a folder of its own; the manifest covers all."""
    door.write(folder / "kommuner.csv", csv_bytes(COLUMNS, ([getattr(r, c) for c in COLUMNS] for r in overview.rows)))
    if overview.quarantined:
        door.write(folder / "karantaene.csv", quarantine_csv(overview.quarantined))
    facts = {"afslutningskode": overview.exit_code, "tid": overview.started, "nr": number_of_run, **overview.facts}
    document = {"koersel": facts, "kommuner": [asdict(r) for r in overview.rows], "forbehold": overview.caveats}
    door.write(folder / "resultat.json", to_json(document))
    door.write(folder / "rapport.html", render(overview).encode("utf-8"))
    write_kommuner(overview, folder / "rapport.xlsx")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    outputs = {path.relative_to(folder).as_posix(): digest(path) for path in files}
    manifest = {
        **facts,
        "kommuner": [row.kommune for row in overview.rows],
        "input": inputs(overview.sources),
        "antal": {"kommuner": len(overview.rows), "aabne_celler": sum(row.aabne_celler for row in overview.rows)},
        "output": outputs,
    }
    door.write(folder / MANIFEST, to_json(manifest))


def render(overview: Overview) -> str:
    """``rapport.html`` of the whole run."""
    made = environment(kr=kr, number=number, day=day)
    page = made.get_template("kommuner.html.j2")
    return page.render(
        lang=language(),
        css="".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("rapport.css", "kommuner.css")),
        overview=overview,
        headline=headline(overview.rows),
        panels=panels(overview),
        width=WIDTH,
        height=HEIGHT,
    )


def headline(rows: Sequence[KommuneRow]) -> str:
    """The verdict of the whole run."""
    bad = sum(row.afslutningskode != 0 for row in rows)
    if not bad:
        return _("Ingen af de {alle} kommuner har noget uforklaret.").format(alle=number(len(rows)))
    text = _("{antal} af {alle} kommuner har noget, der skal undersøges.")
    return text.format(antal=number(bad), alle=number(len(rows)))


def panels(overview: Overview) -> tuple[Panel, ...]:
    """The drawings, one a kommune, all on the scale of the largest quarter."""
    highest = max((q.celler for one in overview.quarters for q in one), default=0) or 1
    periods = sorted({q.periode for one in overview.quarters for q in one})[-_QUARTERS:]
    step = WIDTH / max(len(periods), 1)
    made = []
    for row, one in zip(overview.rows, overview.quarters, strict=True):
        known = {q.periode: q for q in one}
        here = [(place, known[period]) for place, period in enumerate(periods) if period in known]
        columns = tuple(
            Column(round(p * step + 1, 1), round(step - 2, 1), _scaled(q.celler, highest), _scaled(q.aabne, highest))
            for p, q in here
        )
        text = _("{aabne} af {celler} åbne")
        caption = text.format(aabne=number(row.aabne_celler), celler=number(row.celler))
        made.append(Panel(row.kommune, row.navn or row.kommune, caption, columns))
    return tuple(made)


def _scaled(count: int, highest: int) -> float:
    return round(HEIGHT * count / highest, 1)
