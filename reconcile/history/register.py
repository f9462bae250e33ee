"""``koersler.json``: every run that was published from a working folder, wherever its report lies and whether it still does.

A quarter is judged on its newest run. A run that turned out badly and was moved away, or was published elsewhere, is
missed by its line here, and a report that was not published from here has none. The list as a whole has a seal
(HMAC-SHA-256 with the working folder's key): a line cannot be taken out of it, nor put in, without the key. An older copy of
the list has a seal too; every decision therefore keeps how long the list was, and the hash of it (``mark``). Hashes are
written in letters, so that no ten digits of one can look like a CPR number.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconcile.domain.periods import Quarter
from reconcile.errors import InputError
from reconcile.files import locked
from reconcile.history.published import COMPARED, Manifest, read_manifest, shown_folder
from reconcile.i18n import _
from reconcile.privacy import door
from reconcile.privacy.ending import deed
from reconcile.privacy.pseudonym import read_key
from reconcile.settings.config import Config

REGISTER = "koersler.json"
_PURPOSE = b"koersler.json\n"
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_RUNS, _SEAL = "koersler", "segl"
_KEYS = frozenset({"tid", "kommando", "sammenlignet", "mappe", "manifest"})


@dataclass(frozen=True)
class Register:
    """The runs of a working folder, the oldest first; ``whole`` is False where somebody without the key changed the list."""

    runs: Sequence[Mapping[str, Any]] = ()
    whole: bool = True

    def knows(self, manifest: Manifest) -> bool:
        """Whether a report is one that was published from this folder, as it lies there now."""
        return any(run["manifest"] == _letters(manifest.sha256) for run in self.runs)

    @property
    def mark(self) -> dict[str, Any]:
        """How many runs there are, and the hash of them: what a decision keeps of the list."""
        return {"antal": len(self.runs), "hash": _digest(self.runs)}

    def follows(self, mark: Mapping[str, Any] | None) -> bool:
        """Whether the list begins with the runs that it had when the mark was made; it may have more. True of no mark."""
        if mark is None:
            return True
        count = int(mark["antal"])
        return len(self.runs) >= count and _digest(self.runs[:count]) == str(mark["hash"])

    def newer(self, manifest: Manifest, quarter: Quarter) -> str:
        """Where the newest run that compared the quarter was published, where that is not the one given; else empty."""
        covering = [run for run in self.runs if str(quarter) in run["sammenlignet"]]
        newest = covering[-1] if covering else None
        return "" if newest is None or newest["manifest"] == _letters(manifest.sha256) else str(newest["mappe"])


def read_register(folder: Path, key: bytes) -> Register:
    """The runs of a working folder; none where no run was noted.

    Raises:
        InputError: the list is there and cannot be read.
    """
    try:
        content = (folder / REGISTER).read_bytes()
    except FileNotFoundError:
        return Register()
    except OSError as error:
        raise InputError(_("{fil} kan ikke læses: {grund}.").format(fil=REGISTER, grund=error.strerror)) from None
    try:
        read = json.loads(content.decode("utf-8-sig"))
        runs, seal = read[_RUNS], read[_SEAL]
        whole = all(set(run) == _KEYS for run in runs) and hmac.compare_digest(str(seal), _seal(runs, key))
    except (ValueError, KeyError, TypeError):
        return Register(whole=False)
    return Register(tuple(runs), whole) if whole else Register(whole=False)


def note_run(folder: Path, manifest: Manifest, key: bytes) -> None:
    """Note a run that was published from a working folder.

    Raises:
        InputError: the list was changed by others, or cannot be written; it is then as it was.
    """
    run = {
        "tid": str(manifest.data["tid"]),
        "kommando": manifest.command,
        "sammenlignet": sorted(manifest.periods) if COMPARED in manifest.data["antal"] else [],
        "mappe": door.by_form(shown_folder(manifest.folder, folder)),
        "manifest": _letters(manifest.sha256),
    }
    with locked(folder / REGISTER):
        known = read_register(folder, key)
        if not known.whole:
            text = _(
                "{fil} er ændret i hånden eller skrevet med en anden nøgle. Kørslen står ikke på listen, så «reconcile approve»"
                " kender den ikke. Flyt filen væk, og kør igen."
            )
            raise InputError(text.format(fil=folder / REGISTER))
        try:
            with deed():
                door.write_whole(folder / REGISTER, register_text([*known.runs, run], key))
        except OSError as error:
            text = _("{fil} kan ikke skrives ({grund}), så «reconcile approve» kender ikke kørslen.")
            raise InputError(text.format(fil=folder / REGISTER, grund=error.strerror or error)) from None


def note_published(config: Config, folder: Path) -> None:
    """Note the run whose reports lie in a folder; nothing without a key, or for the overview of several kommuner.

    Raises:
        InputError: as ``note_run``.
    """
    manifest = read_manifest(folder)
    if config.key_file.is_file() and "kommuner" not in manifest.data:
        note_run(config.folder, manifest, read_key(config.key_file))


def register_text(runs: Sequence[Mapping[str, Any]], key: bytes) -> bytes:
    """The file: a run a line, and the seal over all of them."""
    lines = ",\n".join(_canonical(run) for run in runs)
    return f'{{"{_RUNS}":[\n{lines}\n],\n"{_SEAL}":"{_seal(runs, key)}"}}\n'.encode()


def _digest(runs: Sequence[Mapping[str, Any]]) -> str:
    return _letters(hashlib.sha256("\n".join(map(_canonical, runs)).encode()).hexdigest())


def _seal(runs: Sequence[Mapping[str, Any]], key: bytes) -> str:
    sealed = _PURPOSE + "\n".join(_canonical(run) for run in runs).encode()
    return _letters(hmac.digest(key, sealed, "sha256").hex())


def _canonical(run: Mapping[str, Any]) -> str:
    return json.dumps(run, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _letters(hexadecimal: str) -> str:
    return hexadecimal.translate(_LETTERS)
