"""``[mail]``: who the diff report is sent to, and through which server."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from email.headerregistry import Address
from typing import Annotated, Literal

from pydantic import AfterValidator

from reconcile.i18n import N_, _
from reconcile.settings.sections import Frozen, key

#: What a subject may name in braces.
SUBJECT_NAMES = ("kommune", "periode", "dom")
STANDARD_SUBJECT = "{kommune} {periode}: {dom}"
_LONGEST_ADDRESS = 320
_PLAIN = r"[^\s@<>()\[\],;:\\\"]+@[\w-]+(?:\.[\w-]+)+"
_ADDRESS = re.compile(rf"(?:(?P<name>[^<>]*)<(?P<within>{_PLAIN})>|(?P<alone>{_PLAIN}))")


def address(text: str) -> Address:
    """``navn@kommune.dk`` or ``Navn Navnesen <navn@kommune.dk>``.

    Raises:
        ValueError: it is not one address, or holds a character that could begin a header of its own.
    """
    found = _ADDRESS.fullmatch(text.strip()) if text.isprintable() and len(text) <= _LONGEST_ADDRESS else None
    if found is None:
        raise ValueError(_("skal være én mailadresse, fx navn@kommune.dk eller Navn <navn@kommune.dk>"))
    local, _at, domain = (found["within"] or found["alone"]).rpartition("@")
    name = (found["name"] or "").strip().strip('"').strip()
    return Address(display_name=name, username=local, domain=domain)


def _an_address(text: str) -> str:
    address(text)
    return text


def _own_address(text: str) -> str:
    return _an_address(text) if text else text


def _subject(text: str) -> str:
    if not text.isprintable():
        raise ValueError(_("skal stå på én linje"))
    try:
        names = {name for _text, name, _form, _how in string.Formatter().parse(text) if name is not None}
    except ValueError:
        names = {""}
    if names - set(SUBJECT_NAMES):
        raise ValueError(_("må kun nævne {{kommune}}, {{periode}} og {{dom}} i klammer").format())
    return text


def _server(text: str) -> str:
    if any(sign in text for sign in " :/@") or not text.isprintable():
        raise ValueError(_("skal være serverens navn alene, fx smtp.kommune.dk (porten står i port)"))
    return text


class Mail(Frozen):
    """``[mail]``: server and recipients. There is no password here, and no way to send without TLS.

    ``port`` 0 is 587 for STARTTLS and 465 for TLS from the first byte. ``ca_fil`` is trusted instead of the machine's
    own certificate authorities. Without ``bruger`` there is no login.
    """

    server: Annotated[str, AfterValidator(_server)] = key(
        "", N_("SMTP-serveren, som «reconcile mail» sender gennem"), example="smtp.kommune.dk"
    )
    port: int = key(0, N_("serverens port; 0 er 587, eller 465 med tls"), ge=0, le=65535)
    sikkerhed: Literal["starttls", "tls"] = key(
        "starttls", N_('eller "tls": krypteret fra første byte. Ukrypteret kan ikke vælges')
    )
    bruger: str = key("", N_("brugernavn på serveren; tomt: intet login. Adgangskoden står aldrig her"))
    fra: Annotated[str, AfterValidator(_own_address)] = key(
        "", N_("afsenderens adresse"), example="Økonomi <oekonomi@kommune.dk>"
    )
    til: tuple[Annotated[str, AfterValidator(_an_address)], ...] = key(
        (), N_("modtagernes adresser"), example=["Navn Navnesen <navn@kommune.dk>"]
    )
    cc: tuple[Annotated[str, AfterValidator(_an_address)], ...] = key((), N_("modtagere af en kopi"))
    ansvarlige: Mapping[str, Annotated[str, AfterValidator(_an_address)]] = key(
        {},
        N_("hvem der får sagerne med «reconcile mail --to-owners»"),
        example={"økonomi": "oekonomi@kommune.dk"},
    )
    emne: Annotated[str, AfterValidator(_subject)] = key(STANDARD_SUBJECT, N_("emnelinjen"))
    ca_fil: str = key("", N_("jeres egen certifikatudsteder (PEM); den gælder i stedet for maskinens"))

    @property
    def actual_port(self) -> int:
        """The port to connect to."""
        return self.port or (587 if self.sikkerhed == "starttls" else 465)
