"""Files that hold persons while a run is at work, and that no name leads to: a kill leaves none of them behind.

The database writes its rows into files it has opened. On Linux an open file needs no name: the system keeps it for the
process and frees it with that, whatever ends it. Elsewhere the files keep their names, and the run's folder is swept by the
next start.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

#: Seconds between two looks for files that the database has begun.
_LOOK = 0.05
_PROCESS_FILES = Path("/proc/self/fd")


def possible() -> bool:
    """Whether a file without a name can be reached through its handle here."""
    return sys.platform == "linux" and _PROCESS_FILES.is_dir()


def lose_name(path: Path) -> None:
    """Take away the name of a file that the database has open and will not open again."""
    if possible():
        path.unlink()


def lend_name(path: Path) -> int | None:
    """Let a name be but a link to the open file, for this process and those it starts; returns what to close.

    The link leads nowhere once the process is gone.
    """
    if not possible():
        return None
    handle = os.open(path, os.O_RDWR)
    path.unlink()
    path.symlink_to(f"/proc/{os.getpid()}/fd/{handle}")
    return handle


class Spill:
    """Takes the names from what the database writes when memory is short, as soon as there is something in it.

    The database removes its files by name, so an empty file takes the place of each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._empty = folder, folder.with_name(f"{folder.name}-tom")
        self._over = threading.Event()
        self._watch: threading.Thread | None = None
        if possible():
            self._watch = threading.Thread(target=self._keep_looking, daemon=True)
            self._watch.start()

    def close(self) -> None:
        """Stop looking."""
        self._over.set()
        if self._watch is not None:
            self._watch.join()

    def _keep_looking(self) -> None:
        while not self._over.wait(_LOOK):
            self.look()

    def look(self) -> None:
        """Take the names that are there now."""
        with suppress(OSError):  # no folder: nothing was written yet
            for path in tuple(self._folder.iterdir()):
                with suppress(OSError):  # the database was faster
                    if path.stat().st_size:
                        self._empty.touch(0o600)
                        self._empty.replace(path)
