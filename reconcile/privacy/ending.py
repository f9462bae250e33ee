"""How a run ends when it is told to (Ctrl-C, TERM, HUP, a closed window): with 130, at once, and nothing left behind.

The first signal raises KeyboardInterrupt in the main thread, so that everything is closed as by a mistake. Libraries can
swallow that or turn it into an error of their own, and a long call may not hear it: a thread that the operating system
wakes ends the process where it has not ended itself after ``PATIENCE`` seconds. What must not be cut in two (a report that
is moved into place, a line of the log) is done inside ``deed``; once it is done, the command has done what it was told
and ends as it would have.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subprocess import Popen

#: Seconds that the main thread gets to end by itself.
PATIENCE = 0.6
#: Seconds that what is being done inside ``deed`` gets.
_DEED_PATIENCE = 5.0
INTERRUPTED = 130
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class _State:
    """One per process: signals are the process's."""

    def __init__(self) -> None:
        self.asked = self.raised = self.done = False
        self.inside = 0
        self.whole = threading.RLock()
        self.folders: set[Path] = set()
        self.processes: set[Popen[bytes]] = set()


_STATE = _State()


def must_end() -> bool:
    """Whether the run was told to end before it had done its deed."""
    return _STATE.asked and not _STATE.done


@contextmanager
def deed() -> Iterator[None]:
    """What is done whole or not at all, and is what the command was to do.

    Raises:
        KeyboardInterrupt: the run was told to end before this began; or this failed, and it was told meanwhile.
    """
    with _STATE.whole:
        _STATE.inside += 1
        try:
            if must_end():
                raise KeyboardInterrupt
            yield
            _STATE.done = True
        finally:
            _STATE.inside -= 1
    if must_end():
        raise KeyboardInterrupt


def over() -> None:
    """The command has come to its end: a signal from here on is too late, one before is not forgotten."""
    _STATE.done = _STATE.done or not _STATE.asked


@contextmanager
def vanishing(folder: Path) -> Iterator[Path]:
    """A folder that is removed afterwards, however the process ends (a kill aside, see ``files.sweep``)."""
    _STATE.folders.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _STATE.folders.discard(folder)


def goes_too(process: Popen[bytes]) -> None:
    """From here on this process is ended too, when this one has to end."""
    _STATE.processes.add(process)


def gone(process: Popen[bytes]) -> None:
    """It has ended, and there is nothing to end any more."""
    _STATE.processes.discard(process)


@contextmanager
def in_order(*, forever: bool) -> Iterator[None]:
    """From here on a signal that tells the process to end does so in order. Nothing outside the main thread.

    ``forever``: also afterwards, for a process that is then at its end.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _STATE.asked = _STATE.raised = _STATE.done = False
    numbers = [number for name in _SIGNALS if (number := getattr(signal, name, None)) is not None]
    chosen = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]  # nohup
    ear, mouth = os.pipe()
    if os.name == "posix":
        os.set_blocking(mouth, False)
    earlier = {number: signal.signal(number, _heard) for number in chosen}
    before = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    watch = threading.Thread(target=_watch, args=(ear, frozenset(chosen), _restorer()), daemon=True)
    watch.start()
    try:
        yield
    finally:
        if not forever:
            signal.set_wakeup_fd(before)
            for number, handler in earlier.items():
                signal.signal(number, handler)
            os.close(mouth)
            watch.join(PATIENCE)


def _heard(_number: int, _frame: Any) -> None:
    _STATE.asked = True
    if not (_STATE.inside or _STATE.done or _STATE.raised):
        _STATE.raised = True  # once: the second would come while everything is being closed
        raise KeyboardInterrupt


def _watch(ear: int, chosen: frozenset[int], restore: Callable[[], None]) -> None:
    """Runs beside the main thread; hears a signal whatever that is doing."""
    with os.fdopen(ear, "rb", buffering=0) as heard:
        while number := heard.read(1):
            if number[0] in chosen:
                _STATE.asked = True
                time.sleep(_DEED_PATIENCE if _STATE.done else PATIENCE)
                restore()
                end()


def end() -> None:
    """End the process now with 130: nothing of it is left in a folder, and what is being done whole is done first."""
    _STATE.whole.acquire(timeout=_DEED_PATIENCE)
    if _STATE.done and threading.current_thread() is not threading.main_thread():
        time.sleep(_DEED_PATIENCE)
    for process in tuple(_STATE.processes):
        process.kill()
        process.wait()
    for folder in tuple(_STATE.folders):
        shutil.rmtree(folder, ignore_errors=True)
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(INTERRUPTED)


def _restorer() -> Callable[[], None]:
    """What gives the terminal back as it was: letters are shown (a password was asked for), and so is the cursor."""
    try:
        import termios

        place = sys.stdin.fileno()
        was = termios.tcgetattr(place)
    except (ImportError, OSError, ValueError, AttributeError):
        return _show_cursor
    except Exception:  # noqa: BLE001 - termios.error: no terminal
        return _show_cursor

    def restore() -> None:
        """Set the terminal as it was and show its cursor; whatever goes wrong is passed over."""
        with suppress(Exception):
            termios.tcsetattr(place, termios.TCSANOW, was)
        _show_cursor()

    return restore


def _show_cursor() -> None:
    with suppress(Exception):
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), b"\x1b[?25h\n")
