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
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from reconcile.errors import InputError
from reconcile.i18n import _

#: The block that SHA-256 hashes at a time, in bytes. The digits of base32 are A–Z and 2–7: what is added to 0 and to 26.
_BLOCK, _A, _TWO = 64, ord("A"), ord("2") - 26
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


class Pseudonymiser:
    """CPR → pseudonym; a ``lookup`` remembers every one it makes."""

    def __init__(self, key: bytes, lookup: Lookup | None = None) -> None:
        self._key, self._lookup = key, lookup
        self._known = lru_cache(maxsize=1_000_000)(self._made)

    def __call__(self, cpr: str) -> str:
        """The pseudonym of a person."""
        return self._known(cpr)

    def _made(self, cpr: str) -> str:
        digest = hmac.digest(self._key, cpr.encode(), "sha256")
        made = base64.b32encode(digest[:10]).decode()
        if self._lookup is not None:
            self._lookup.remember(made, cpr)
        return made

    def query(self, texts: str) -> tuple[str, list[list[str]]] | None:
        """SQL of DuckDB for the same of each text (column ``raa``) of a query as ``ren``, and what its ``?`` are.

        Those are the two blocks of the key that HMAC hashes with, as lists (``Engine.run_with``), so that no error of the
        statement has them.
        None where a lookup must see each.
        """
        if self._lookup is not None:
            return None
        block = self._key.ljust(_BLOCK, bytes(1))
        halves = ", ".join(f"CAST('0x' || substr(h, {first}, 10) AS BIGINT) AS n{first}" for first in (1, 11))
        fives = (f"(n{first} >> {bit}) & 31" for first in (1, 11) for bit in range(35, -1, -5))
        letters = ", ".join(
            f"chr(CAST({n} AS INTEGER) + CASE WHEN ({n}) < 26 THEN {_A} ELSE {_TWO} END)" for n in fives
        )
        inner = f"SELECT raa, unhex(sha256(unhex(CAST(? AS VARCHAR[])[1]) || encode(raa))) AS i FROM ({texts})"
        outer = (
            f"SELECT raa, {halves} FROM (SELECT raa, sha256(unhex(CAST(? AS VARCHAR[])[1]) || i) AS h FROM ({inner}))"
        )
        pads = [[bytes(byte ^ pad for byte in block).hex()] for pad in (0x5C, 0x36)]
        return f"SELECT raa, concat({letters}) AS ren FROM ({outer})", pads

    def __repr__(self) -> str:
        return "<Pseudonymiser>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a key is not written anywhere")
