"""``reconcile mail``: send the diff report of a published run, or write it as a draft."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconcile.cli.extras import ask_hidden
from reconcile.cli.options import CONFIG, QUIET, NewPath, lang_option
from reconcile.i18n import _, number
from reconcile.privacy.screen import say

if TYPE_CHECKING:
    from reconcile.history.published import Published
    from reconcile.mail.letter import Letter
    from reconcile.settings.config import Config

VARIABLE = "RECONCILE_SMTP_PASSWORD"
_HELP = _(
    """Send rapporten fra en kørsel som mail, eller skriv den som kladde.

Modtagere og server står under [mail] i reconcile.toml. Der sendes kun krypteret (TLS). Adgangskoden tages fra
miljøvariablen RECONCILE_SMTP_PASSWORD, nøgleringen eller et spørgsmål i terminalen.
"""
)


@click.command("mail", help=_HELP)
@CONFIG
@click.option(
    "--run",
    "run_folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar=_("MAPPE"),
    help=_("Kørslen, der sendes. Ellers den nyeste i ud/."),
)
@click.option(
    "--eml",
    type=NewPath(dir_okay=False),
    metavar=_("FIL"),
    help=_("Send ikke, men skriv en kladde, der åbner i Outlook."),
)
@click.option("--dry-run", is_flag=True, help=_("Vis, hvad der ville blive sendt til hvem, og send intet."))
@click.option(
    "--vedhaeft-sagsliste",
    "with_cases",
    is_flag=True,
    help=_("Vedhæft også sagsliste.xlsx med CPR-numre. Den skal være krypteret."),
)
@click.option(
    "--to-owners",
    "--til-ansvarlige",
    "to_owners",
    type=NewPath(file_okay=False),
    metavar=_("MAPPE"),
    help=_("Skriv en kladde til hver, der har noget at gøre, med kun deres sager, i denne mappe."),
)
@QUIET
@lang_option
def mail(
    *,
    config_path: Path,
    run_folder: Path | None,
    eml: Path | None,
    dry_run: bool,
    with_cases: bool,
    to_owners: Path | None,
    quiet: bool,
) -> None:
    """Build the mail of a run and send it, write it, or only tell; every failure is a sentence and exit 2."""
    from reconcile.history.published import latest_run, read_run
    from reconcile.mail.letter import check_sending, compose, write_draft
    from reconcile.rules.catalogue import load_rules
    from reconcile.runs.pipeline import own_rules
    from reconcile.settings.config import load_config

    config = load_config(config_path)
    if eml is None and to_owners is None:
        check_sending(config.mail)
    run = read_run(run_folder) if run_folder else latest_run(config.folder)
    if to_owners is not None:
        _to_owners(run, config, to_owners, quiet=quiet)
        return
    letter = compose(run, config.mail, load_rules(own_rules(config)), with_cases=with_cases)
    if dry_run:
        say("\n".join(_preview(letter, config, run.manifest.folder)))
        return
    if eml is not None:
        write_draft(letter, eml)
        said = _("Kladden er skrevet: {fil}").format(fil=eml)
    else:
        _send(letter, config)
        said = _("Sendt til {modtagere}.").format(modtagere=", ".join(letter.recipients))
    if not quiet:
        say(said)


def _to_owners(run: Published, config: Config, folder: Path, *, quiet: bool) -> None:
    """A draft for each of those who have something to do."""
    from reconcile.errors import InputError
    from reconcile.mail.letter import write_draft
    from reconcile.mail.owners import letters_to_owners

    letters = letters_to_owners(run, config.mail)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            _("Der kan ikke skrives i {mappe}: {grund}.").format(mappe=folder, grund=error.strerror)
        ) from None
    for who, letter in letters.items():
        path = folder / f"{who}.eml"
        write_draft(letter, path)
        if not quiet:
            text = _("Kladden er skrevet: {fil}") if letter.recipients else _("Kladden er skrevet uden modtager: {fil}")
            say(text.format(fil=path))
    if not letters and not quiet:
        say(_("Der er ingen åbne sager at sende."))


def _send(letter: Letter, config: Config) -> None:
    from reconcile.mail.smtp import send, tls_context
    from reconcile.privacy.passwords import Place, find_password

    settings = config.mail
    context = tls_context(config.folder / settings.ca_fil if settings.ca_fil else None)
    password = ""
    if settings.bruger:
        question = _("Adgangskode til {bruger} på {server}").format(bruger=settings.bruger, server=settings.server)
        password = find_password(Place(VARIABLE, "reconcile-smtp", settings.bruger), ask_hidden(question))
    send(letter.message, letter.recipients, settings, password, context)


def _preview(letter: Letter, config: Config, folder: Path) -> Iterator[str]:
    """What would be sent, to whom and how, and the text of the mail."""
    settings, message = config.mail, letter.message
    for name, header in ((_("Fra"), "From"), (_("Til"), "To"), (_("Kopi"), "Cc"), (_("Emne"), "Subject")):
        yield f"{name}: {message[header] or '–'}"
    if settings.server:
        text = _("Server: {server}, port {port}, {sikkerhed}")
        yield text.format(server=settings.server, port=settings.actual_port, sikkerhed=settings.sikkerhed)
    yield _("Kørsel: {mappe}").format(mappe=folder)
    for name, size in letter.files:
        yield _("Vedhæftet: {fil} ({antal} kB)").format(fil=name, antal=number(-(-size // 1024)))
    body = message.get_body(("plain",))
    yield ""
    yield body.get_content() if body else ""
    yield _("Intet er sendt.")
