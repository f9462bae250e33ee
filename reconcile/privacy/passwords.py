"""Passwords: from the environment, the keyring or a prompt. Never from the command line, a file or the configuration.

They are not logged and stand in no text of an error.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from reconcile.errors import InputError
from reconcile.i18n import _


@dataclass(frozen=True)
class Place:
    """Where a password may lie: an environment variable, and a service and user of the keyring."""

    variable: str
    service: str
    user: str


def find_password(place: Place, ask: Callable[[], str] | None) -> str:
    """The password: the environment's, else the keyring's, else what the user is asked for.

    ``ask`` is None where nobody can be asked (a scheduled job).

    Raises:
        InputError: there is none; the text says how to give it.
    """
    found = os.environ.get(place.variable) or _from_keyring(place) or (ask() if ask else "")
    if found:
        return found
    text = _(
        "Der mangler en adgangskode. Sæt miljøvariablen {variabel}, gem den i nøgleringen med"
        " «keyring set {tjeneste} {bruger}», eller kør i en terminal, hvor der kan spørges."
    )
    raise InputError(text.format(variabel=place.variable, tjeneste=place.service, bruger=place.user))


def _from_keyring(place: Place) -> str:
    """What the system's keyring has; nothing where the library ``keyring`` (an extra) or a keyring is not there."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(place.service, place.user) or ""
    except KeyringError:
        return ""
