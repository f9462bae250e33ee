"""``reconcile footing FIL``: fodkontrol of one printed table."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconcile.i18n import _
from reconcile.privacy.screen import say

_HELP = _(
    """Fodkontrol: går rækker og kolonner i en trykt tabel op, og hvilken celle er forkert?

FIL er CSV, TSV eller XLSX med danske tal. Totaler kendes på etiketten (Total, I alt, Hovedtotal, Grand Total),
gennemsnit og procenter på overskriften. Viser tabellen, at dens tal er afrundede, tåles det, afrunding kan give.
Slutkoden er 0, når alt går op, 1, når noget ikke gør, og 2, når der ikke er en tabel at prøve.

\b
Eksempel:
  reconcile footing refusion-2021.csv
  reconcile footing pivot.xlsx --ark Trappe --procent "Refusion"
"""
)


@click.command("footing", help=_HELP)
@click.argument("file", metavar=_("FIL"), type=click.Path(path_type=Path))
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
@click.pass_context
def footing(ctx: click.Context, file: Path, tolerance: str, procent: tuple[str, ...], ark: str | None) -> None:
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
    result = foot(read_grid(file, ark), allowed, procent)
    if not result.checked:
        raise nothing_checked(result)
    terminal = _on_terminal()
    for line in row_lines(result, aligned=terminal):
        say(line)
    for line in summary(result):
        # On a pipe the rows are the output; what is said about them goes beside it.
        say(line, err=not terminal)
    if not result.foots:
        ctx.exit(1)


def _on_terminal() -> bool:
    return sys.stdout.isatty()
