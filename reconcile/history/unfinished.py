"""A report that was being put in the place of another when the process was killed: the earlier one is put back.

While files are moved, the folder has a ``.gammel-…`` with the earlier report's files (``foer``) and the new one's that
are not in place yet (``efter``). The earlier manifest goes aside first and the new one comes in last, so a folder with
a manifest is whole.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from reconcile.files import locked_folder

STAGING, MOVING = ".ny-", ".gammel-"
OLD, NEW = "foer", "efter"
_MANIFEST = "manifest.json"
#: A file of one kommune in a run over several.
_KOMMUNE = re.compile(r"[0-9]{3}/[^/\\]+")


def restore(folder: Path) -> None:
    """Put the earlier report back, or remove what is left of it where the new one is whole. Under the folder's lock.

    Each step can be broken off and done again.

    Raises:
        OSError: a file cannot be moved; it still lies where it was.
    """
    for moving in folder.glob(f"{MOVING}*"):
        if not (folder / _MANIFEST).is_file():
            _put_back(folder, moving / OLD, moving / NEW)
        shutil.rmtree(moving, ignore_errors=True)


def put_back(folder: Path) -> None:
    """``restore`` where there is something to restore, and nobody is at work in the folder.

    Raises:
        InputError: another run holds the folder.
        OSError: a file cannot be moved.
    """
    if any(folder.glob(f"{MOVING}*")):
        with locked_folder(folder):
            restore(folder)


def _put_back(folder: Path, old: Path, new: Path) -> None:
    if not old.is_dir() or not new.is_dir():
        return
    for name in _named(new / _MANIFEST):
        if not (new / name).exists() and (folder / name).exists():
            (folder / name).replace(new / name)
    for path in sorted(old.iterdir(), key=lambda p: (p.name == _MANIFEST, p.name)):
        path.replace(folder / path.name)


def places(outputs: Iterable[str]) -> set[str]:
    """What of a report stands in its folder: its files, and the folder of each kommune of a run over several."""
    return {name.partition("/")[0] for name in outputs if Path(name).name == name or _KOMMUNE.fullmatch(name)}


def _named(manifest: Path) -> Collection[str]:
    import simplejson

    try:
        return places(simplejson.loads(manifest.read_bytes())["output"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
