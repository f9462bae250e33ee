"""The copies on disk: dated ones that are never overwritten, each with a JSON beside it, and the newest for reading.

A dated copy counts when its JSON is there and its SHA-256 is right: the JSON is written last. The newest copy in
``ind/`` is the same bytes; a file there that is not one of our copies is the user's own and is left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reconcile.errors import InputError
from reconcile.files import locked
from reconcile.i18n import _
from reconcile.privacy import door

#: The folder of the dated copies, in the working folder.
DATED = "hentet"


@dataclass(frozen=True)
class Copy:
    """A dated copy: its file and what its JSON says about it."""

    path: Path
    about: Mapping[str, Any]

    @property
    def fetched(self) -> datetime:
        """When it was fetched."""
        return datetime.fromisoformat(str(self.about["hentet"]))


def copies(folder: Path, table: str) -> Iterator[Copy]:
    """The dated copies of a table, newest first; a JSON that is not ours is passed over."""
    found = []
    for path in (folder / DATED).glob(f"{table}-*.json"):
        try:
            copy = Copy(path.with_suffix(".csv"), json.loads(path.read_bytes()))
            # Copies from the same second: «-2» is the later.
            found.append((copy.fetched.timestamp(), len(path.name), path.name, copy))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    yield from (copy for *_order, copy in sorted(found, key=lambda f: f[:3], reverse=True))


def in_use(folder: Path, table: str, newest: Path) -> list[Copy]:
    """The copies to compare with, the best first: the one in use in ``ind/``, then the dated ones, newest first.

    After a run that was killed before it reached ``ind/``, the newest dated copy is not the one in use.
    """
    found = list(copies(folder, table))
    used = digest(newest.read_bytes()) if newest.is_file() else None
    return sorted(found, key=lambda copy: copy.about.get("sha256") != used)


def intact(copy: Copy) -> bytes | None:
    """The bytes of a copy; None when the file is gone or is not what was fetched."""
    try:
        content = copy.path.read_bytes()
    except OSError:
        return None
    return content if digest(content) == copy.about.get("sha256") else None


def digest(content: bytes) -> str:
    """SHA-256 as hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def check_newest(folder: Path, table: str, newest: Path) -> None:
    """Refuse to replace a file that is not a copy of ours.

    Raises:
        InputError: the file at ``newest`` was not fetched by this command, or has been changed since.
    """
    try:
        content = newest.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(_("{fil} kan ikke læses: {grund}.").format(fil=newest, grund=error.strerror)) from None
    if digest(content) not in {copy.about.get("sha256") for copy in copies(folder, table)}:
        text = _(
            "{fil} er ikke hentet af «reconcile statbank» eller er rettet siden; den bliver ikke overskrevet. "
            "Flyt den, eller vælg en anden mappe med --ind."
        )
        raise InputError(text.format(fil=newest))


def save(folder: Path, table: str, content: bytes, about: Mapping[str, Any], *, now: datetime, newest: Path) -> Path:
    """Write a dated copy, its JSON, and then the newest copy; returns the dated file.

    Raises:
        InputError: something cannot be written; nothing has been changed.
    """
    try:
        (folder / DATED).mkdir(parents=True, exist_ok=True)
        newest.parent.mkdir(parents=True, exist_ok=True)
        with locked(folder / DATED / f".{table}"):
            dated = _free_name(folder / DATED, f"{table}-{now:%Y%m%dT%H%M%S}")
            said = json.dumps({**about, "fil": dated.name}, ensure_ascii=False, indent=2) + "\n"
            _write_all({dated: content, dated.with_suffix(".json"): said.encode("utf-8")}, newest, content)
    except OSError as error:
        text = _("Tabellen kan ikke gemmes: {fil}: {grund}. Er filen åben i et andet program? Intet er ændret.")
        name = error.filename2 or error.filename or folder
        raise InputError(text.format(fil=name, grund=error.strerror or error)) from None
    return dated


def _free_name(folder: Path, stem: str) -> Path:
    """A name no copy has: two runs in the same second get one each (the folder is held meanwhile)."""
    names = (folder / f"{stem}{number}.csv" for number in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in names if not path.exists() and not path.with_suffix(".json").exists())


def _write_all(new: Mapping[Path, bytes], newest: Path, content: bytes) -> None:
    """Write the new files and replace the newest; when one cannot be written, the new ones are taken away again."""
    try:
        for path, written in new.items():
            door.write_whole(path, written, sealed=True)  # its hash is that of what StatBank sent
        door.write_whole(newest, content, sealed=True)
    except OSError:
        for path in new:
            path.unlink(missing_ok=True)
        raise
