"""Writing files that must never be half written, and holding one alone while it is written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconcile.errors import InputError
from reconcile.i18n import _

#: Seconds to wait for another run that is writing.
PATIENCE = 10.0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file alone, through ``<name>.lock`` beside it.

    The lock is the operating system's and goes with the process, whatever ends it: a lock file that is left is no lock.

    Raises:
        InputError: another process holds it for more than ``PATIENCE`` seconds, or the folder cannot be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        lock.acquire(timeout=PATIENCE)
    except Timeout:
        raise InputError(_("En anden kørsel skriver i {fil}; prøv igen om lidt.").format(fil=path)) from None
    except OSError as error:
        text = _("Der kan ikke skrives i {mappe}: {grund}.")
        raise InputError(text.format(mappe=path.parent, grund=error.strerror or error)) from None
    try:
        yield
    finally:
        lock.release()


def free_folder(path: Path) -> Path:
    """The folder itself, or the first of ``<name>-2``, ``-3``, … that does not exist: two runs that start in the same
    second do not replace each other's report."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file by new content in one step: a reader or a crash sees the old file or the new one, never a mix.

    Raises:
        OSError: it cannot be written; the old file is as it was.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode)
        else:
            temporary.chmod(0o644)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make a new name in a folder lasting too, where the system can (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
