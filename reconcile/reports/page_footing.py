"""What ``reconcile footing`` says: lines of suspect cells and of sums that fail, and the verdict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from reconcile.domain.cpr import mask
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.results.footing import Cell, Footing, Grid, Miss, Suspect

_SPACED = re.compile("[0-9] [0-9]{3}")


def nothing_checked(result: Footing) -> InputError:
    """The error of a table in which nothing can be tested: 0 would be false comfort."""
    grid = result.table.grid
    if result.row_sums or result.column_sums:
        text = _("intet kan prøves: {names} er gennemsnit eller procenter, og tallene bag dem er ikke i tabellen.")
        return grid.problem(0, "", "", text.format(names=_listed(result.untested)))
    text = _(
        "ingen totaler at prøve; en totalrække eller -kolonne skal hedde Total, I alt, Hovedtotal eller Grand Total."
    )
    return grid.problem(0, "", "", text)


def headings() -> tuple[str, ...]:
    """The headings over lines of wrong cells."""
    return _("Række"), _("Kolonne"), _("Trykt"), _("Skulle være"), _("Hvad")


def _miss_headings() -> tuple[str, ...]:
    return _("Række"), _("Kolonne"), _("Trykt"), _("Delene giver"), _("Hvad")


def _cells(result: Footing, s: Suspect) -> tuple[str, ...]:
    what = _("forkert celle; genberegnet: {of}").format(of=s.recomputed) if s.recomputed else _("forkert celle")
    return (
        s.row.name,
        s.column.name,
        _printed(s.cell),
        number(result.table.grid, s.expected, s.decimals, s.cell),
        what,
    )


def _miss_fields(result: Footing, m: Miss) -> tuple[str, ...]:
    place = (m.row.name, m.column.name)
    expected = number(result.table.grid, m.expected, m.decimals, m.cell)
    return (*place, _printed(m.cell), expected, "; ".join(_remarks(m)))


def _remarks(m: Miss) -> list[str]:
    said = [_("kolonnen går ikke op") if m.direction == "column" else _("rækken går ikke op")]
    if m.recomputed:
        return [*said, _("genberegnet: {of}").format(of=m.recomputed)]
    said.append(_("forklaret af en forkert celle") if m.located else _("cellen kan ikke udpeges"))
    if not m.located and m.rounding:
        said.append(_("kan være afrunding"))
    if not m.located and m.average_like:
        said.append(_("er den et gennemsnit, så brug --procent"))
    return said


def _printed(cell: Cell) -> str:
    return _("(tom)") if cell.empty else mask(cell.text)


def number(grid: Grid, value: Decimal, decimals: int, like: Cell) -> str:
    """A number as the table writes its own: thousands points (or blanks) where it has them, %-sign where the cell has."""
    places = max(decimals, like.decimals if like.decimals <= 4 else 0)
    text = _formatted(grid, value, places)
    sign = (" %" if like.text.endswith(" %") else "%") if like.percent else ""
    return mask(text + sign)


def _formatted(grid: Grid, value: Decimal, places: int | None = None) -> str:
    text = f"{value:,}" if places is None else f"{value:,.{places}f}"
    return text.replace(",", "\0").replace(".", ",").replace("\0", _thousands(grid))


def _looks_english(grid: Grid) -> bool:
    """Whether every number with a comma has it before three digits, as ``1,234`` means 1234 in English."""
    parted = [cell for row in grid.rows for cell in row if cell.decimals and "," in cell.text]
    return bool(parted) and all(cell.decimals == 3 for cell in parted)


def _thousands(grid: Grid) -> str:
    numbers = [cell.text for row in grid.rows for cell in row if cell.number is not None]
    if any("." in text for text in numbers):
        return "."
    return " " if any(_SPACED.search(text) for text in numbers) else ""


def row_lines(result: Footing, *, aligned: bool) -> list[str]:
    """A line per suspect cell, then one per row or column that does not foot; aligned, or tab-separated on a pipe."""
    suspects = lines([_cells(result, s) for s in result.suspects], headings(), aligned=aligned)
    return suspects + lines([_miss_fields(result, m) for m in result.misses], _miss_headings(), aligned=aligned)


def lines(rows: Sequence[tuple[str, ...]], headings: tuple[str, ...], *, aligned: bool) -> list[str]:
    """The rows aligned under their headings, or tab-separated on a pipe."""
    if not aligned:
        return ["\t".join(row) for row in rows]
    if not rows:
        return []
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    told = []
    for row in (headings, *rows):
        fields = [
            text.rjust(w) if i in (2, 3) else text.ljust(w) for i, (text, w) in enumerate(zip(row, widths, strict=True))
        ]
        told.append("  ".join(fields).rstrip())
    return [*told, ""]


def summary(result: Footing) -> list[str]:
    """The verdict, and what the reader must know of how the table was read."""
    table = result.table
    totals = [table.rows[s.total].name for s in result.row_sums]
    totals += [table.columns[s.total].name for s in result.column_sums]
    read = _("Rækker: {rows}, kolonner: {columns}; læst som summer: {totals}.")
    shown = _listed(list(dict.fromkeys(totals)))
    said = [_verdict(result), read.format(rows=len(table.rows), columns=len(table.columns), totals=shown)]
    if result.rounded is not None:
        text = _(
            "Tallene ser afrundede ud: forskelle på op til {amount} er regnet for afrunding. --tolerance 0 viser dem."
        )
        said.append(text.format(amount=_formatted(table.grid, result.rounded)))
    if result.distinct:
        text = _("Tæller hver person én gang og er ingen summer: {names}. Totalen er mindre end summen af delene.")
        said.append(text.format(names=_listed(result.distinct)))
    if result.untested:
        text = _("Kan hverken lægges sammen eller genberegnes af tabellen: {names}.")
        said.append(text.format(names=_listed(result.untested)))
    if not result.foots and _looks_english(table.grid):
        said.append(
            _("Alle kommatal har tre decimaler: er kommaet et engelsk tusindtegn, så gem tabellen med danske tal.")
        )
    if result.unknown_cells:
        text = _("Celler med tekst i stedet for tal: {count}; summer med dem er ikke prøvet.")
        said.append(text.format(count=result.unknown_cells))
    if table.more_tables:
        said.append(_("Filen har flere tabeller; kun den største er prøvet."))
    if table.grid.other_sheets:
        text = _("Prøvet er arket «{sheet}»; vælg et andet med --ark: {names}.")
        said.append(text.format(sheet=table.grid.sheet, names=_listed(table.grid.other_sheets)))
    return said


def _verdict(result: Footing) -> str:
    if result.foots:
        return _("Tabellen går op. Prøvede summer: {count}.").format(count=result.checked)
    failed = len(result.misses) + sum(bool(s.recomputed) for s in result.suspects)
    text = _("Tabellen går ikke op: {failed} af {count} summer fejler.").format(failed=failed, count=result.checked)
    if len(result.suspects) == 1:
        text += " " + _("Én forkert celle er udpeget.")
    elif result.suspects:
        text += " " + _("{count} forkerte celler er udpeget.").format(count=len(result.suspects))
    if result.unlocated:
        text += " " + _("Ikke alle fejl kan placeres i en celle.")
    return text


def _listed(names: Sequence[str], most: int = 8) -> str:
    shown = ", ".join(f"«{name}»" for name in names[:most])
    rest = len(names) - most
    return shown if rest <= 0 else _("{shown} og {rest} til").format(shown=shown, rest=rest)
