"""Pseudonyms: HMAC-SHA-256 over the ten digits with the working folder's secret key.

A plain hash of a CPR can be reversed by trying every number; a keyed one cannot without the key. The first 80 bits in
base32 are 16 capitals: stable from run to run in one working folder, different in another.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from reconcile.errors import InputError
from reconcile.i18n import _

_KEY = re.compile(r"[0-9a-fA-F]{64}")


def read_key(path: Path) -> bytes:
    """The 32 bytes of a key file (64 hex digits).

    Raises:
        InputError: the file is absent, unreadable or not a key. A new key is never made silently: every pseudonym
            would change.
    """
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError:
        message = _(
            "Nøglefilen {fil} findes ikke. Hent den fra den mappe, hvor tidligere kørsler er lavet, eller lav en ny"
            " arbejdsmappe med «reconcile init» (med en ny nøgle skifter alle pseudonymer)."
        )
        raise InputError(message.format(fil=path)) from None
    except (OSError, UnicodeDecodeError):
        raise InputError(_("Nøglefilen {fil} kan ikke læses.").format(fil=path)) from None
    if not _KEY.fullmatch(text):
        raise InputError(_("Nøglefilen {fil} er ikke en nøgle: den skal have 64 hexcifre.").format(fil=path))
    return bytes.fromhex(text)


def write_new_key(path: Path) -> None:
    """Write a new secret key that only its owner may read (0600 where the system knows such a thing).

    Raises:
        FileExistsError: there is a key already; it is never overwritten.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key_text(new_key()))


def new_key() -> bytes:
    """A key that nobody has seen."""
    return secrets.token_bytes(32)


def key_text(key: bytes) -> bytes:
    """A key as it stands in its file."""
    return f"{key.hex()}\n".encode("ascii")


def key_id(key: bytes) -> str:
    """Which key it is, in eight characters that say nothing of the key."""
    return hmac.digest(key, b"noegle-id", "sha256").hex()[:8]


def readable_by_others(path: Path) -> str:
    """A sentence where others than its owner may read the key file; empty where not, or where the system cannot say."""
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:
        return ""
    if os.name != "posix" or not mode & 0o077:
        return ""
    text = _("Nøglefilen {fil} kan læses eller ændres af andre (rettigheder {tal}). Skriv: chmod 600 {fil}")
    return text.format(fil=path, tal=f"{mode:04o}")


class Lookup:
    """Pseudonym → CPR, for the sagsliste: made only when it is asked for, in memory only, and never shown."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def remember(self, pseudonym: str, cpr: str) -> None:
        """Note whose pseudonym it is."""
        self._known[pseudonym] = cpr

    def cpr(self, pseudonym: str) -> str | None:
        """The CPR behind a pseudonym that was made in this run."""
        return self._known.get(pseudonym)

    def known(self) -> Mapping[str, str]:
        """Every pseudonym that was made in this run, and what it stands for."""
        return self._known

    def __repr__(self) -> str:
        return "<Lookup>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a lookup is not written anywhere")


def pseudonymiser(key: bytes, lookup: Lookup | None = None) -> Callable[[str], str]:
    """A function CPR → pseudonym; a ``lookup`` remembers every one it makes."""

    @lru_cache(maxsize=1_000_000)
    def pseudonym(cpr: str) -> str:
        """The pseudonym of ten digits: 16 capitals, the same from run to run."""
        digest = hmac.digest(key, cpr.encode(), "sha256")
        made = base64.b32encode(digest[:10]).decode()
        if lookup is not None:
            lookup.remember(made, cpr)
        return made

    return pseudonym
