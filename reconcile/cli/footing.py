"""``reconcile footing FIL``: fodkontrol of one printed table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click

from reconcile.controls.footing import Footing, Miss, Suspect, foot
from reconcile.cpr import mask
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.sources.printed import Cell, Grid, cell_from_text, read_grid

_HELP = _(
    """Fodkontrol: går rækker og kolonner i en trykt tabel op, og hvilken celle er forkert?

FIL er CSV, TSV eller XLSX med danske tal. Totaler kendes på etiketten (Total, I alt, Hovedtotal, Grand Total),
gennemsnit og procenter på overskriften. Slutkoden er 0, når alt går op, og 1, når noget ikke gør.

\b
Eksempel:
  reconcile footing refusion-2021.csv
  reconcile footing pivot.xlsx --ark Trappe --procent "Refusion"
"""
)


@click.command("footing", help=_HELP)
@click.argument("file", metavar="FIL", type=click.Path(path_type=Path))
@click.option(
    "--tolerance",
    metavar="TAL",
    default="1",
    show_default=True,
    help=_("Tilladt afrunding, i enheder af kolonnens sidste trykte ciffer: 1 er ±1 kr. i hele kroner, ±0,01 i øre."),
)
@click.option(
    "--procent",
    metavar="KOLONNE",
    multiple=True,
    help=_("Kolonnen er et gennemsnit eller en procent og lægges ikke sammen (kan gentages)."),
)
@click.option("--ark", metavar="NAVN", default=None, help=_("Arket i en Excel-fil; ellers det første med en tabel."))
@click.pass_context
def footing(ctx: click.Context, file: Path, tolerance: str, procent: tuple[str, ...], ark: str | None) -> None:
    """Read the table, judge it, say what does not foot; exits 1 when something does not."""
    allowed = cell_from_text(tolerance).number
    if allowed is None or allowed < 0:
        text = _("--tolerance «{value}» er ikke et dansk tal på 0 eller mere; skriv for eksempel 2 eller 0,5.")
        raise InputError(text.format(value=mask(tolerance)))
    result = foot(read_grid(file, ark), allowed, procent)
    if not result.checked:
        raise _nothing_checked(result)
    terminal = sys.stdout.isatty()
    _echo_rows([_cells(result, s) for s in result.suspects], _headings(), aligned=terminal)
    _echo_rows([_miss_fields(result, m) for m in result.misses], _miss_headings(), aligned=terminal)
    for line in _summary(result):
        # On a pipe the rows are the output; what is said about them goes beside it.
        click.echo(line, err=not terminal)
    if not result.foots:
        ctx.exit(1)


def _nothing_checked(result: Footing) -> InputError:
    grid = result.table.grid
    if result.row_sums or result.column_sums:
        text = _("intet kan prøves: {names} er gennemsnit eller procenter, og tallene bag dem er ikke i tabellen.")
        return grid.problem(0, "", "", text.format(names=_listed(result.untested)))
    text = _(
        "ingen totaler at prøve; en totalrække eller -kolonne skal hedde Total, I alt, Hovedtotal eller Grand Total."
    )
    return grid.problem(0, "", "", text)


def _headings() -> tuple[str, ...]:
    return _("Række"), _("Kolonne"), _("Trykt"), _("Skulle være"), _("Hvad")


def _miss_headings() -> tuple[str, ...]:
    return _("Række"), _("Kolonne"), _("Trykt"), _("Delene giver"), _("Hvad")


def _cells(result: Footing, s: Suspect) -> tuple[str, ...]:
    what = _("forkert celle; genberegnet: {of}").format(of=s.recomputed) if s.recomputed else _("forkert celle")
    return (
        s.row.name,
        s.column.name,
        _printed(s.cell),
        _number(result.table.grid, s.expected, s.decimals, s.cell),
        what,
    )


def _miss_fields(result: Footing, m: Miss) -> tuple[str, ...]:
    place = (m.row.name, m.column.name)
    expected = _number(result.table.grid, m.expected, m.decimals, m.cell)
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


def _number(grid: Grid, value: Decimal, decimals: int, like: Cell) -> str:
    """A number as the table writes its own: thousands points where it has them, %-sign where the cell has."""
    grouped = any("." in cell.text for row in grid.rows for cell in row if cell.number is not None)
    places = max(decimals, like.decimals if like.decimals <= 4 else 0)
    text = f"{value:,.{places}f}".replace(",", " ").replace(".", ",").replace(" ", "." if grouped else "")
    sign = (" %" if like.text.endswith(" %") else "%") if like.percent else ""
    return mask(text + sign)


def _echo_rows(rows: Sequence[tuple[str, ...]], headings: tuple[str, ...], *, aligned: bool) -> None:
    if not aligned:
        for row in rows:
            click.echo("\t".join(row))
        return
    if not rows:
        return
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        fields = [
            text.rjust(w) if i in (2, 3) else text.ljust(w) for i, (text, w) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(fields).rstrip())
    click.echo()


def _summary(result: Footing) -> list[str]:
    """The verdict, and what the reader must know of how the table was read."""
    table = result.table
    totals = [table.rows[s.total].name for s in result.row_sums]
    totals += [table.columns[s.total].name for s in result.column_sums]
    read = _("Rækker: {rows}, kolonner: {columns}; læst som summer: {totals}.")
    shown = _listed(list(dict.fromkeys(totals)))
    said = [_verdict(result), read.format(rows=len(table.rows), columns=len(table.columns), totals=shown)]
    if result.untested:
        text = _("Kan hverken lægges sammen eller genberegnes af tabellen: {names}.")
        said.append(text.format(names=_listed(result.untested)))
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
