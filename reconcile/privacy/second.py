"""The run's second process, on another core: what Python does one thing at a time is there done beside the run.

Great Expectations is imported and judges in it, and the workbook is written in it. It speaks the language of the run and,
where it writes a file, knows the numbers that the door looks for. It has a temporary folder of its own, says nothing, and goes
with the run, however that ends. What it cannot do the run does itself.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread, local
from typing import Any, BinaryIO

from reconcile.i18n import choose, language
from reconcile.privacy import door, ending
from reconcile.privacy.known import Known

#: Where Python finds the modules is told: they are where the run found them, and not in the working folder.
_BEGIN = "import sys; sys.path[:] = sys.argv[1:]; from reconcile.privacy.second import serve; serve()"
#: An interrupt from the keyboard is the run's to hear: it goes to all of a group of processes, so this is a group of its own.
_APART: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {"creationflags": 0x200}
#: What its folder is called; later runs remove it where this one is killed.
_OURS = "reconcile-"
#: The run of this thread: ``stack`` where it may have a second process, ``second`` when it has.
_HERE = local()


class LostError(Exception):
    """It is not there any more, or could not do what it was told to."""


class Second:
    """A second process that has begun. It does what it is told in order, and what it is asked for is taken in that order."""

    def __init__(self, folder: Path) -> None:
        place = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
        self._process = Popen(  # noqa: S603 - Python itself
            [sys.executable, "-c", _BEGIN, *sys.path],
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={**os.environ, **place},
            **_APART,
        )
        ending.goes_too(self._process)

    def tell(self, work: Callable[..., Any], *given: Any, asked: bool = True) -> None:
        """Have it do ``work``, a function of a module, on what is given, which can be pickled. ``asked``: somebody takes
        the outcome.

        Raises:
            LostError: it does not listen.
        """
        try:
            _send(self._process.stdin, (asked, language(), work, given))
        except OSError:
            raise LostError from None

    def outcome(self, answer: Callable[[Any], Any] | None = None) -> Any:
        """What the oldest work that is asked for came to; ``answer`` answers what it asks meanwhile.

        Raises:
            LostError: it came to nothing.
        """
        try:
            while True:
                kind, value = pickle.load(self._process.stdout)  # type: ignore[arg-type]  # noqa: S301 - it is ours
                if kind == "done":
                    return value
                if kind == "lost" or answer is None:
                    raise LostError
                _send(self._process.stdin, answer(value))
        except (OSError, EOFError, pickle.UnpicklingError):
            raise LostError from None

    def end(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        ending.gone(self._process)


def _send(pipe: Any, message: Any) -> None:
    pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


@contextmanager
def possible(*modules: str) -> Iterator[None]:
    """Meanwhile this thread's run may have a second process; it has ended afterwards. It imports ``modules``, which it is to work
    with, after its first work and before it does what it is told next."""
    with ExitStack() as stack:
        _HERE.stack, _HERE.modules = stack, modules
        try:
            yield
        finally:
            end()
            del _HERE.stack


def begin(work: Callable[[], Any] | None) -> None:
    """Begin a second process, with this as its first work, where the run may have one and there is a core for it."""
    from reconcile.files import held_folder

    stack: ExitStack | None = getattr(_HERE, "stack", None)
    if stack is None or here() or (os.cpu_count() or 1) < 2 or getattr(sys, "frozen", False) or not sys.executable:
        return
    with suppress(OSError, LostError):
        _HERE.second = Second(stack.enter_context(held_folder(Path(tempfile.gettempdir()), _OURS)))
        if work:
            _HERE.second.tell(work, asked=False)
        for module in _HERE.modules:
            _HERE.second.tell(import_module, module, asked=False)


def here() -> Second | None:
    """The second process of this thread's run; None where it has none."""
    found: Second | None = getattr(_HERE, "second", None)
    return found


def end() -> None:
    """End the second process of this thread's run, if it has one."""
    if second := here():
        del _HERE.second
        second.end()


@contextmanager
def beside(work: Callable[..., Any], *given: Any) -> Iterator[None]:
    """Meanwhile ``work``, which writes a file, is done in the second process; where there is none, or it could not, it is done
    here afterwards."""
    second = here()
    try:
        begun = second is not None and _handed_over(second, work, given)
        yield
        done = second is not None and begun and _came_back(second)
    except BaseException:
        end()  # before the folder that it writes in is removed
        raise
    if not done:
        end()
        work(*given)


def _handed_over(second: Second, work: Callable[..., Any], given: tuple[Any, ...]) -> bool:
    with suppress(LostError):
        second.tell(_with_numbers, door.numbers(), work, given)
        return True
    return False


def _came_back(second: Second) -> bool:
    with suppress(LostError):
        second.outcome()
        return True
    return False


def _with_numbers(numbers: Known, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    door.know(numbers)
    work(*given)


def serve() -> None:
    """The second process itself: do what it is told to, until nobody is there to tell."""
    gc.disable()  # it lives no longer than a run, and looking for cycles in all that it is told took a third of its time
    told: SimpleQueue[Any] = SimpleQueue()
    _END.update(told=told, out=sys.stdout.buffer)
    sys.stdout = sys.stderr  # what a library prints is no outcome
    Thread(target=_listen, args=(sys.stdin.buffer, told), daemon=True).start()
    while True:
        asked, chosen, work, given = told.get()
        choose(chosen)
        try:
            outcome = "done", work(*given)
        except Exception:  # noqa: BLE001 - the run does it itself, and says what is wrong
            outcome = "lost", None
        if asked:
            _send(_END["out"], outcome)


#: In the second process: what it is told, and where its outcomes go.
_END: dict[str, Any] = {}


def ask(question: Any) -> Any:
    """In the second process: what the run answers to this."""
    _send(_END["out"], ("asks", question))
    return _END["told"].get()


def _listen(pipe: BinaryIO, told: SimpleQueue[Any]) -> None:
    """Runs beside what it does: when the run is gone, so is this."""
    with suppress(Exception):
        while True:
            told.put(pickle.load(pipe))  # noqa: S301 - it is the run's
    os._exit(0)
