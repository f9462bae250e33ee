"""A process that is killed at a file operation, played in this one: from that operation on nothing reaches the disk.

What is cleaned up on the way out of a kill would be a lie, so every later operation fails too. Reading is no operation;
what the database itself writes is in the temporary folder, and is looked at there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_EVENTS = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.chmod", "shutil.rmtree",
}  # fmt: skip


class Killed(BaseException):
    """What no code hears."""


class _State:
    armed = dead = heard = False
    left = 0
    done = 0


_STATE = _State()


def _operation() -> None:
    _STATE.done += 1
    if _STATE.dead or _STATE.left == 0:
        _STATE.dead = True
        raise Killed
    _STATE.left -= 1


def _hear(event: str, given: tuple[object, ...]) -> None:
    if not _STATE.armed:
        return
    opened = event == "open" and isinstance(given[2], int) and given[2] & _WRITING
    if opened or event in _EVENTS:
        _operation()


@contextmanager
def killed_after(operations: int) -> Iterator[None]:
    """Here a process does so many file operations, and is then no more; one that ends before is not killed."""
    if not _STATE.heard:
        sys.addaudithook(_hear)  # there is no way to take it away: it does nothing outside of here
        _STATE.heard = True
    sync = os.fsync

    def synced(handle: int) -> None:
        _operation()
        sync(handle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", synced)
        _STATE.dead, _STATE.left, _STATE.done = False, operations, 0
        _STATE.armed = True
        try:
            yield
        except Killed:
            pass
        finally:
            _STATE.armed = False


def was_killed() -> bool:
    """Whether the last one was killed before it ended."""
    return _STATE.dead
