"""``reconcile compare``: what is new, still there and solved from one run to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconcile.cli.options import CONFIG, lang_option
from reconcile.cli.text import table_lines
from reconcile.i18n import _, number, value_text
from reconcile.privacy.screen import say

if TYPE_CHECKING:
    from reconcile.history.since import Comparison
    from reconcile.results.followed import Figure

_FOLDER = click.Path(path_type=Path, file_okay=False)
#: How many findings and figures are listed; ``-v`` lists all.
_LISTED = 20


@click.command(
    "compare",
    help=_(
        "Sammenlign to kørsler: nye, stadig åbne og løste fund, og tal der har flyttet sig. Uden mapper de to nyeste i ud/."
    ),
)
@click.argument("run_a", metavar=_("[KØRSEL_A]"), required=False, type=_FOLDER)
@click.argument("run_b", metavar=_("[KØRSEL_B]"), required=False, type=_FOLDER)
@CONFIG
@click.option("--verbose", "-v", is_flag=True, help=_("Vis alle fund og tal, ikke kun de første."))
@lang_option
def compare(run_a: Path | None, run_b: Path | None, config_path: Path, verbose: bool) -> None:
    """Compare two published runs, the earlier one first; exits 0 whatever is found. Without paths, the two newest."""
    from reconcile.history.published import read_run
    from reconcile.history.since import compare as compare_runs
    from reconcile.history.since import published_snapshot

    run_a, run_b = _two(run_a, run_b, config_path.parent)
    before, after = read_run(run_a), read_run(run_b)
    keys = {run.manifest.data.get("noegle") for run in (before, after)} - {None, ""}
    if len(keys) > 1:
        say(
            _("Kørslerne har hver sin nøgle, så fund om borgere ikke kan genkendes: de står som løste og nye."),
            err=True,
        )
    found = compare_runs(published_snapshot(before, run_a.name), published_snapshot(after, run_b.name))
    text = _("Fra {foer} ({tid_a}) til {nu} ({tid_b}):")
    times = {"tid_a": before.manifest.data["tid"], "tid_b": after.manifest.data["tid"]}
    say(text.format(foer=run_a, nu=run_b, **times))
    say("\n".join(_lines(found, None if verbose else _LISTED)))


def _two(run_a: Path | None, run_b: Path | None, working_folder: Path) -> tuple[Path, Path]:
    """The runs to compare: those that were named; the newest against the one that was; the two newest."""
    from reconcile.errors import InputError
    from reconcile.history.published import manifests

    if run_a and run_b:
        return run_a, run_b
    newest = [
        run.folder for run in manifests(working_folder)[0] if not run_a or run.folder.resolve() != run_a.resolve()
    ]
    if run_a and newest:
        return run_a, newest[0]
    if len(newest) < 2:
        text = _("Der er ikke to kørsler at sammenligne i {mappe}. Kør «reconcile run», eller skriv to mapper.")
        raise InputError(text.format(mappe=working_folder / "ud"))
    return newest[1], newest[0]


def _lines(found: Comparison, limit: int | None) -> list[str]:
    from reconcile.history.since import NEW, OPEN, SOLVED
    from reconcile.reports.labels import word

    text = _("Fund: nye {nye}, stadig åbne {aabne}, løste {loeste}.")
    lines = [text.format(nye=found.count(NEW), aabne=found.count(OPEN), loeste=found.count(SOLVED))]
    if found.apart:
        apart = _(
            "Fund, som kun den ene kørsel kunne finde (andre perioder eller regler) og ikke er talt med: {antal}."
        )
        lines.append(apart.format(antal=number(found.apart)))
    headings = (_("Regel"), _("Kode"), _("Nye"), _("Stadig åbne"), _("Heraf ændrede"), _("Løste"))
    counts = [
        (row.regel, row.dst_kode or "", *map(number, (row.nye, row.stadig_aabne, row.heraf_aendrede, row.loeste)))
        for row in found.since
        if limit is None or row.nye or row.loeste or row.heraf_aendrede
    ]
    lines += ["", *table_lines(headings, counts, right=range(2, 6))]
    listed = [(word(f.tilstand), f.fund_id, f.dst_kode or "", f.periode or "", f.besked) for f in found.findings]
    heads = (_("Tilstand"), _("Fund"), _("Kode"), _("Periode"), _("Besked"))
    lines += _some(_("Nye, ændrede og løste fund"), heads, listed, limit)
    moved = [
        (
            m.tabel,
            m.dst_kode,
            m.periode,
            m.tal,
            _figure(m.foer),
            _figure(m.nu),
            _figure(m.flyttet, missing=""),
        )
        for m in found.figures
    ]
    heads_moved = (_("Tabel"), _("Kode"), _("Periode"), _("Tal"), _("Før"), _("Nu"), _("Ændring"))
    return lines + _some(_("Tal, der har flyttet sig"), heads_moved, moved, limit)


def _some(title: str, headings: tuple[str, ...], rows: list[Any], limit: int | None) -> list[str]:
    lines = ["", f"{title}: {number(len(rows))}", *table_lines(headings, rows[:limit])]
    if limit is not None and len(rows) > limit:
        lines.append(_("… og {antal} til; -v viser alle.").format(antal=number(len(rows) - limit)))
    return lines


def _figure(value: Figure, missing: str | None = None) -> str:
    return missing if value is None and missing is not None else value_text(value)
