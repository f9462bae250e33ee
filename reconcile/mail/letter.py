"""The mail with the diff report of a published run: who it is for, what it says and brings. Sending is in ``smtp``.

Every attachment is checked against the manifest as it is read, so that what is sent is what was published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from reconcile.errors import InputError, MailError, listed
from reconcile.history.decode import decode
from reconcile.history.published import Published
from reconcile.i18n import _
from reconcile.privacy import door
from reconcile.reports.labels import span
from reconcile.reports.mail_body import Body, mail_body
from reconcile.reports.sagsliste import SAGSLISTE, is_encrypted
from reconcile.results.rows import RunResult
from reconcile.rules.catalogue import Rule
from reconcile.settings.mail import Mail, address

#: What is attached, and the kind of file it is.
ATTACHED = ("rapport.xlsx", "rapport.html")
_KINDS = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".html": ("text", "html"),
}
_LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Letter:
    """A mail that is ready: the message, and the files in it with their sizes in bytes."""

    message: EmailMessage
    files: tuple[tuple[str, int], ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """The plain addresses it goes to, each once."""
        found = [one for name in ("To", "Cc") if (header := self.message[name]) for one in header.addresses]
        return tuple(dict.fromkeys(one.addr_spec for one in found))


def compose(run: Published, settings: Mail, rules: Sequence[Rule], *, with_cases: bool = False) -> Letter:
    """The mail of a published run. ``with_cases`` attaches the sagsliste, which must be encrypted.

    Raises:
        InputError: a file is not the published one, or the sagsliste is not there or not encrypted.
    """
    names = (*ATTACHED, *([SAGSLISTE] if with_cases else []))
    contents = {name: _published_file(run, name) for name in names}
    if with_cases and not is_encrypted(contents[SAGSLISTE]):
        raise InputError(_("{fil} er ikke krypteret og bliver ikke sendt.").format(fil=SAGSLISTE))
    result = decode(run)
    body = mail_body(result, rules, names, SAGSLISTE if with_cases else "")
    message = _message(settings, subject(settings.emne, result, body), body)
    for name, content in contents.items():
        _attach(message, name, content)
    return Letter(message, tuple((name, len(content)) for name, content in contents.items()))


def subject(template: str, result: RunResult, body: Body) -> str:
    """The subject line: municipality, quarter and verdict unless ``emne`` says otherwise; always one line. A verdict that is not
    good is never left out."""
    tag = body.verdict.tag
    periods = span(result.perioder)
    if not periods:  # rules alone judge no quarter
        template = template.replace(" {periode}", "")
    made = template.format(kommune=result.navn or result.kommune, periode=periods, dom=tag)
    if tag not in made and body.verdict.tone != "ok":
        made = f"{tag}: {made}"
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in made).split())
    return line[:_LONGEST_SUBJECT]


def check_sending(settings: Mail) -> None:
    """What must stand in ``[mail]`` before anything can be sent.

    Raises:
        MailError: something is missing; everything is named.
    """
    missing = [name for name in ("server", "fra", "til") if not getattr(settings, name)]
    if missing:
        heading = _("Mailen kan ikke sendes. Under [mail] i reconcile.toml mangler (eller brug --eml FIL):")
        raise MailError(listed(heading, missing))


def draft(letter: Letter) -> bytes:
    """The mail as an ``.eml`` file that Outlook opens as a new, unsent message."""
    letter.message["X-Unsent"] = "1"
    return letter.message.as_bytes(policy=SMTP)


def write_draft(letter: Letter, path: Path) -> None:
    """Write the draft.

    Raises:
        MailError: the file cannot be written; one that stands there is unchanged.
    """
    try:
        door.write_whole(path, draft(letter), sealed=True, mode=0o600)  # its parts have been through the door
    except OSError as error:
        text = _("{fil} kan ikke skrives: {grund}.")
        raise MailError(text.format(fil=path, grund=error.strerror or error)) from None


def _published_file(run: Published, name: str) -> bytes:
    """A file of the run, as the manifest knows it."""
    entry = run.manifest.data["output"].get(name)
    folder = run.manifest.folder
    if entry is None:
        hint = _(" Kør med --sagsliste.") if name == SAGSLISTE else ""
        raise InputError(_("Kørslen i {mappe} har ingen {fil}.").format(mappe=folder, fil=name) + hint)
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        text = _("{fil} kan ikke læses: {grund}").format(fil=folder / name, grund=error.strerror or error)
        raise InputError(text) from None
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise InputError(_("{fil} er ændret, siden rapporten blev skrevet").format(fil=folder / name))
    return content


def _message(settings: Mail, line: str, body: Body) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = line
    if settings.fra:
        message["From"] = address(settings.fra)
    for header, given in (("To", settings.til), ("Cc", settings.cc)):
        if given:
            message[header] = _each_once(given)
    message.set_content(body.text, cte="quoted-printable")
    message.add_alternative(body.html, subtype="html", cte="quoted-printable")
    return message


def _each_once(given: Sequence[str]) -> list[Address]:
    return list({(made := address(text)).addr_spec.casefold(): made for text in given}.values())


def _attach(message: EmailMessage, name: str, content: bytes) -> None:
    # As bytes, also what is text: line ends are not to be changed.
    main, sub = _KINDS[Path(name).suffix]
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)
