"""Writing files that must never be half written, and holding one alone while it is written."""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.privacy.ending import vanishing

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


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Hold a folder alone without leaving anything in it or beside it: what is in it is a report and nothing else.

    The lock is on the folder itself (on Windows on a file in it that goes with the lock). A file system that has no
    such lock is written to without one.

    Raises:
        InputError: another process holds it for more than ``PATIENCE`` seconds.
    """
    if sys.platform == "win32":
        with locked(folder / ".skriver"):
            yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    deadline = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    text = _("En anden kørsel skriver i {fil}; prøv igen om lidt.")
                    raise InputError(text.format(fil=folder)) from None
                time.sleep(0.02)
            except OSError:
                break
        yield
    finally:
        os.close(handle)


#: Held by the run that a temporary folder is of.
_IN_USE = ".i-brug"
#: In seconds; a run that begins has had its lock long before.
_AN_HOUR = 3600


def sweep(place: Path, prefix: str) -> None:
    """Remove the temporary folders in a place that killed runs left: those whose lock nobody holds any more, and the empty
    ones of runs that were killed before they had a lock."""
    from filelock import FileLock, Timeout

    for folder in place.glob(f"{prefix}*"):
        with suppress(OSError):  # it is no folder, not empty, or not ours
            if time.time() - folder.stat().st_mtime > _AN_HOUR:
                folder.rmdir()
    for mark in place.glob(f"{prefix}*/{_IN_USE}"):
        if _begun_by_a_living_run(mark.parent.name.removeprefix(prefix)):
            continue  # it may be about to take its lock
        try:
            with FileLock(mark, timeout=0):
                pass
        except (Timeout, OSError, NotImplementedError):
            continue  # a run is at work there, or it is not ours to remove
        shutil.rmtree(mark.parent, ignore_errors=True)


def _begun_by_a_living_run(name: str) -> bool:
    """Whether the process whose number the name begins with is there (on Windows the file it holds cannot be removed)."""
    number = name.partition("-")[0]
    if os.name != "posix" or not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@contextmanager
def held_folder(place: Path, prefix: str) -> Iterator[Path]:
    """A new folder that only its owner can read, and that is removed afterwards, whatever happened; those of killed runs
    beside it go first.

    Raises:
        OSError: no folder can be made there.
    """
    from filelock import FileLock

    sweep(place, prefix)
    # It is known to go before it is there: an interrupt can come between any two steps.
    with vanishing(place / f"{prefix}{os.getpid()}-{secrets.token_hex(8)}") as folder:
        folder.mkdir(mode=0o700)
        held = FileLock(folder / _IN_USE)
        with suppress(NotImplementedError):  # a file system without locks: it is then never swept
            held.acquire()
        try:
            yield folder
        finally:
            held.release()


def free_folder(path: Path) -> Path:
    """The folder itself, or the first of ``<name>-2``, ``-3``, … that does not exist: two runs that start in the same
    second do not replace each other's report."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free


def write_whole(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Replace a file by new content in one step: a reader or a crash sees the old file or the new one, never a mix.

    ``mode`` is what a new file may be read by at most; the user's umask takes away from it.

    Raises:
        OSError: it cannot be written; the old file is as it was.
    """
    _sweep_beside(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-{os.getpid()}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode)
        else:
            temporary.chmod(mode & ~_umask())
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise
    flush_folder(path.parent)


def _sweep_beside(path: Path) -> None:
    """Remove what processes that were killed while they wrote the file have left beside it."""
    prefix = f".{path.name}-"
    for left in path.parent.iterdir():
        rest = left.name.removeprefix(prefix)
        ours = rest != left.name and re.fullmatch(r"[0-9]+-[a-z0-9_]{8}", rest)
        if ours and not _begun_by_a_living_run(rest):
            with suppress(OSError):
                left.unlink()


#: Where the files of one change wait until all of them are there, and what says that they are.
_TOGETHER, _ALL_THERE = ".reconcile-skift", "alle"


def replace_together(folder: Path, contents: Mapping[str, bytes | None]) -> None:
    """Replace files in a folder by new contents (None: the file goes), all of them or none, whatever ends the process.

    They wait in a folder that only its owner can read. From when that says it is complete they are put into place,
    by ``finish_together`` at the next start where this is broken off.

    Raises:
        OSError: nothing has changed, or the rest is done at the next start.
    """
    waiting = folder / _TOGETHER
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(mode=0o700)
    for number, content in enumerate(contents.values()):
        write_whole(waiting / f"{number}", content or b"", mode=0o600)
    told = json.dumps([[name, content is None] for name, content in contents.items()])
    write_whole(waiting / _ALL_THERE, told.encode())
    finish_together(folder)


def finish_together(folder: Path) -> None:
    """Do the rest of a ``replace_together`` that was broken off; one that was not complete is forgotten.

    Raises:
        OSError: a file cannot be written; the next start tries again.
    """
    waiting = folder / _TOGETHER
    if not waiting.is_dir():
        return
    if (waiting / _ALL_THERE).is_file():
        for number, (name, goes) in enumerate(json.loads((waiting / _ALL_THERE).read_bytes())):
            if goes:
                (folder / name).unlink(missing_ok=True)
            else:  # again, where it was done before: they wait until every one is in place
                (folder / name).parent.mkdir(mode=0o700, exist_ok=True)
                write_whole(folder / name, (waiting / f"{number}").read_bytes(), mode=0o600)
        (waiting / _ALL_THERE).unlink()
    shutil.rmtree(waiting, ignore_errors=True)


def _umask() -> int:
    """What a new file may not be, as the user has set it; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def out_of_room(error: BaseException) -> bool:
    """Whether a disk is full or a quota is used up, as the system or the database says it."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    database = type(error).__module__.lstrip("_").partition(".")[0] == "duckdb"
    return database and re.search("No space left|max_temp_directory_size|Disk quota", str(error)) is not None


def flush_folder(folder: Path) -> None:
    """Make a new name in a folder lasting too, where the system can (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
