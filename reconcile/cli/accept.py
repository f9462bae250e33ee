"""``reconcile accept``: record a known difference with its reason, who accepted it, and until when."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconcile.cli.options import CONFIG, lang_option
from reconcile.i18n import _, day
from reconcile.privacy.screen import say

if TYPE_CHECKING:
    from reconcile.history.accepted import Open

_HELP = _(
    "Skriv en kendt forskel i accepteret.toml: ét fund (FUND_ID fra fund.csv) eller alle en regels fund i den nyeste"
    " kørsel. En åben celle (en ydelse i et kvartal) er reglen CELLE."
)


@click.command("accept", help=_HELP)
@click.argument("fund_id", required=False, metavar=_("[FUND_ID]"))
@CONFIG
@click.option("--rule", "--regel", "rule", default="", metavar=_("REGEL"), help=_("Alle fund af reglen i kørslen."))
@click.option("--code", "--kode", "code", default="", metavar=_("KODE"), help=_("Kun fund på denne DST-kode."))
@click.option(
    "--period",
    "--periode",
    "period",
    default="",
    metavar=_("PERIODE"),
    help=_("Kun fund i denne periode, som den står i fund.csv."),
)
@click.option(
    "--from",
    "--fra",
    "workbook",
    metavar=_("FIL"),
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Læs bemærkninger og accepter i arket Sager i en rapport.xlsx, der er skrevet i."),
)
@click.option(
    "--reason", "--begrundelse", "reason", default="", metavar=_("TEKST"), help=_("Hvorfor forskellen er i orden.")
)
@click.option("--by", "--af", "by", default="", metavar=_("INITIALER"), help=_("Hvem der accepterer."))
@click.option(
    "--until",
    "--indtil",
    "until",
    metavar=_("DATO"),
    type=click.DateTime(["%Y-%m-%d", "%d-%m-%Y"]),
    help=_("Den sidste dag, accepten gælder (2027-03-31 eller 31-03-2027)."),
)
@click.option("--yes", "--ja", "yes", is_flag=True, help=_("Spørg ikke, når en hel regel accepteres."))
@click.option(
    "--run",
    "run_folder",
    metavar=_("MAPPE"),
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Kørslen, fundet står i. Ellers den nyeste i ud/."),
)
@lang_option
def accept(
    *,
    fund_id: str | None,
    config_path: Path,
    rule: str,
    code: str,
    period: str,
    workbook: Path | None,
    reason: str,
    by: str,
    until: datetime | None,
    yes: bool,
    run_folder: Path | None,
) -> None:
    """Look the findings up in the run, and write one acceptance with their sizes."""
    from reconcile.history.accepted import Acceptance, open_in_published, record
    from reconcile.history.published import latest_run, read_run
    from reconcile.results.cells import CELL, OLD_NAMES, known_as
    from reconcile.settings.config import load_config

    today = datetime.now().astimezone().date()
    if workbook:
        _take_back(config_path, workbook, today)
        return
    if until is None or not reason or not by:
        raise click.UsageError(_("Skriv også --begrundelse, --af og --indtil."))
    if bool(fund_id) == bool(rule):
        raise click.UsageError(_("Skriv enten et FUND_ID eller --regel."))
    if fund_id and (code or period):
        raise click.UsageError(_("--kode og --periode bruges sammen med --regel."))
    _check_texts(reason, by, until.date(), today)
    config = load_config(config_path)
    run = read_run(run_folder) if run_folder else latest_run(config.folder)
    items = open_in_published(run)
    rule = CELL if rule.upper() in OLD_NAMES else rule.upper()
    chosen = [_one(known_as(fund_id), items)] if fund_id else _of_rule(items, rule, code, period)
    if rule and not (code or period):
        _agree_to_all(rule, len(chosen), yes=yes)
    acceptance = Acceptance(
        begrundelse=reason.strip(),
        af=by.strip(),
        indtil=until.date(),
        oprettet=today,
        fund={item.id: item.size for item in chosen},
        regel=rule or chosen[0].regel,
        kode=code,
        periode=period,
    )
    path = record(config.folder, acceptance)
    text = _("Accepteret til og med {dag}: {antal}. Skrevet i {fil}; gælder fra næste kørsel.")
    say(text.format(dag=day(acceptance.indtil), antal=len(chosen), fil=path))
    for item in chosen[:10]:
        say(f"  {item.id}")


def _take_back(config_path: Path, workbook: Path, today: date) -> None:
    """Read a workbook back; what could not be used is named, and is a mistake when nothing else was."""
    from reconcile.errors import InputError, listed
    from reconcile.runs.readback import KEPT, take_back
    from reconcile.settings.config import load_config

    taken = take_back(load_config(config_path).folder, workbook, today)
    text = _("Læst fra {fil}: bemærkninger {antal}, accepter {accepter}. Arbejdsbogen er gemt i {mappe}.")
    say(text.format(fil=workbook.name, antal=taken.remarks, accepter=taken.accepted, mappe=KEPT))
    if taken.refused:
        raise InputError(listed(_("Det følgende i {fil} er ikke brugt:").format(fil=workbook.name), taken.refused))


def _check_texts(reason: str, by: str, until: date, today: date) -> None:
    from reconcile.approval.readiness import NOTE_LETTERS, enough_said, nothing_recorded, text_mistakes
    from reconcile.history.accepted import last_day

    mistakes = text_mistakes(by.strip(), reason)
    if not enough_said(reason):
        mistakes.append(_("--begrundelse skal sige hvorfor, med mindst {antal} bogstaver.").format(antal=NOTE_LETTERS))
    if until < today:
        mistakes.append(_("--indtil {dag} er passeret; accepten ville ikke gælde.").format(dag=day(until)))
    if until > last_day(today):
        text = _("--indtil {dag}: en accept gælder højst to år, til og med {sidste}.")
        mistakes.append(text.format(dag=day(until), sidste=day(last_day(today))))
    if mistakes:
        raise nothing_recorded(mistakes)


def _agree_to_all(rule: str, count: int, *, yes: bool) -> None:
    """A whole rule is accepted only when the user says so: every person and quarter of it is taken."""
    from reconcile.errors import InputError

    if yes:
        return
    if not sys.stdin.isatty():
        text = _(
            "{regel} uden --kode og --periode accepterer alt, hvad reglen har fundet ({antal}). Skriv --ja, hvis det er meningen."
        )
        raise InputError(text.format(regel=rule, antal=count))
    click.confirm(_("Acceptér alt, hvad {regel} har fundet ({antal})?").format(regel=rule, antal=count), abort=True)


def _one(fund_id: str, items: dict[str, Open]) -> Open:
    from reconcile.domain.cpr import mask
    from reconcile.errors import InputError, did_you_mean

    if fund_id not in items:
        text = _("Fundet «{fund}» er ikke i kørslen.").format(fund=mask(fund_id))
        raise InputError(text + did_you_mean(fund_id, list(items)))
    return items[fund_id]


def _of_rule(items: dict[str, Open], rule: str, code: str, period: str) -> list[Open]:
    from reconcile.domain.cpr import mask
    from reconcile.errors import InputError
    from reconcile.results.cases import is_case

    found = [
        item
        for item in items.values()
        if item.regel == rule
        and not is_case(item.id)
        and (not code or item.dst_kode == code)
        and (not period or item.periode == period)
    ]
    if not found:
        text = _("Kørslen har intet åbent fund af {regel}, der passer. «reconcile rules» viser reglerne.")
        raise InputError(text.format(regel=mask(" ".join(filter(None, [rule, code, period])))))
    return sorted(found, key=lambda item: item.id)
