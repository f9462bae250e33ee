"""``reconcile footing FIL…``: fodkontrol of one printed table, or of several against each other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconcile.cli.options import NewPath, lang_option
from reconcile.i18n import _
from reconcile.privacy.screen import say

if TYPE_CHECKING:
    from reconcile.results.footing import Footing, Grid

_HELP = _(
    """Fodkontrol: går rækker og kolonner i en trykt tabel op, og hvilken celle er forkert?

FIL er CSV, TSV eller XLSX med danske tal. Totaler kendes på etiketten (Total, I alt, Hovedtotal, Grand Total),
gennemsnit og procenter på overskriften. Viser tabellen, at dens tal er afrundede, tåles det, afrunding kan give.
Flere filer prøves mod hinanden: er en tabel kopien, summen eller produktet af andre i de fleste celler, nævnes de andre.
Slutkoden er 0, når alt går op, 1, når noget ikke gør, og 2, når der ikke er en tabel at prøve.
"""
)


@click.command("footing", help=_HELP)
@click.argument("files", metavar=_("FIL…"), nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--tolerance",
    metavar=_("TAL"),
    default="1",
    show_default=True,
    help=_("Tilladt afrunding, i enheder af kolonnens sidste trykte ciffer: 1 er ±1 kr. i hele kroner, ±0,01 i øre."),
)
@click.option(
    "--percent",
    "--procent",
    "procent",
    metavar=_("KOLONNE"),
    multiple=True,
    help=_("Kolonnen er et gennemsnit eller en procent og lægges ikke sammen (kan gentages)."),
)
@click.option(
    "--sheet",
    "--ark",
    "ark",
    metavar=_("NAVN"),
    default=None,
    help=_("Arket i en Excel-fil; ellers det første med en tabel."),
)
@click.option(
    "--html",
    "side",
    metavar=_("FIL"),
    default=None,
    type=NewPath(dir_okay=False),
    help=_("Skriv også tabellen som en side med de forkerte celler markeret og fejlene i margenerne."),
)
@lang_option
@click.pass_context
def footing(
    ctx: click.Context,
    files: tuple[Path, ...],
    tolerance: str,
    procent: tuple[str, ...],
    ark: str | None,
    *,
    side: Path | None,
) -> None:
    """Read the table, judge it, say what does not foot; exits 1 when something does not."""
    from reconcile.controls.footing import foot
    from reconcile.domain.cpr import mask
    from reconcile.errors import InputError
    from reconcile.reports.page_footing import nothing_checked, row_lines, summary
    from reconcile.sources.printed import cell_from_text, read_grid

    allowed = cell_from_text(tolerance).number
    if allowed is None or allowed < 0:
        text = _("--tolerance «{value}» er ikke et dansk tal på 0 eller mere; skriv for eksempel 2 eller 0,5.")
        raise InputError(text.format(value=mask(tolerance)))
    grids = [read_grid(file, ark) for file in files]
    if len(grids) > 1:
        if side:
            raise InputError(_("--html viser én tabel; giv én fil."))
        if not _agree(grids):
            ctx.exit(1)
        return
    result = foot(grids[0], allowed, procent)
    if not result.checked and not result.distinct:
        raise nothing_checked(result)
    if side:
        _write_page(side, result)
    terminal = _on_terminal()
    for line in row_lines(result, aligned=terminal):
        say(line)
    for line in summary(result):
        # On a pipe the rows are the output; what is said about them goes beside it.
        say(line, err=not terminal)
    if not result.foots:
        ctx.exit(1)


def _write_page(path: Path, result: Footing) -> None:
    from reconcile.errors import InputError
    from reconcile.privacy import door
    from reconcile.reports.page_footing_html import footing_html

    try:
        door.write_whole(path, footing_html(result).encode("utf-8"))
    except OSError:
        text = _("{fil} kan ikke skrives; vælg et andet sted med --html.")
        raise InputError(text.format(fil=door.by_form(str(path)))) from None


def _agree(grids: Sequence[Grid]) -> bool:
    """Several tables: find what each is of the others, and name the cells that break it."""
    from reconcile.controls.footing_identities import find_identities, shared_cells
    from reconcile.reports.page_identities import break_lines, identity_lines, no_identity
    from reconcile.sources.printed_table import read_table

    tables = [read_table(grid) for grid in grids]
    found = find_identities(tables)
    if not found:
        raise no_identity(tables, shared_cells(tables))
    terminal = _on_terminal()
    for line in break_lines(tables, found, aligned=terminal):
        say(line)
    for line in identity_lines(tables, found):
        say(line, err=not terminal)
    return not any(identity.breaks for identity in found)


def _on_terminal() -> bool:
    return sys.stdout.isatty()
