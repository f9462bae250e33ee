"""«Sådan læste vi jeres filer»: what was assumed about each file, in words, and its first rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconcile.i18n import _, number
from reconcile.reports.labels import source, word
from reconcile.results.rows import RunResult
from reconcile.results.survey import FileReading


@dataclass(frozen=True)
class ReadFile:
    """A file: its name with its source, what is worth saying of it, and its first rows."""

    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[str, ...]


def files_read(result: RunResult) -> list[ReadFile]:
    """Every file of a run."""
    table = result.table("laesning")
    return [described(row) for row in table.rows if isinstance(row, FileReading)] if table else []


def described(row: FileReading) -> ReadFile:
    """One file; what was not the case is not said."""
    rows = tuple(text for text in (row.raekke_1, row.raekke_2, row.raekke_3) if text)
    return ReadFile(f"{row.fil} · {source(row.kilde)}", tuple(_facts(row)), rows)


def _facts(row: FileReading) -> Iterator[tuple[str, str]]:
    yield _("Rækker"), number(row.raekker)
    if row.tegnsaet:
        yield _("Tegnsæt og skilletegn"), f"{row.tegnsaet}, «{row.skilletegn}»"
    if row.ark:
        yield _("Ark"), f"«{row.ark}»"
    if row.overskriftsraekke is not None:
        yield _("Overskrift"), _("række {nr}").format(nr=row.overskriftsraekke)
    yield _("Kolonner"), row.kolonner
    if row.laeses_ikke:
        yield _("Læses ikke"), row.laeses_ikke
    if row.enhed is not None:
        units = {1: _("kr."), 1000: _("t.kr., ganget med 1.000"), 1_000_000: _("mio. kr., ganget med 1.000.000")}
        yield _("Beløb i"), units[row.enhed]
    if row.serie:
        yield _("Flere filer"), word(row.serie)
    for name, count in (
        (_("Celler med NULL, ukendt eller -, læst som tomme"), row.nulord),
        (_("CPR-numre, der havde mistet et nul"), row.rettede_cpr),
        (_("Skjulte rækker, læst med"), row.skjulte),
    ):
        if count:
            yield name, number(count)
    if row.udeladte:
        yield _("Sum eller note, ikke læst med"), _("række {nr}").format(nr=row.udeladte)
