"""Commands that are told to end at an operation on a file of theirs, each in a process forked from this one.

``python -m support.interrupting FOLDER`` reads lines of ``[signal, operations, words]`` and writes a line for each:
``[exit code, operations that were done, folder]``. Every command has a copy of ``FOLDER`` to itself, works in it,
and says all it can into ``sagt.txt`` there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

_EVENTS = {
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.symlink",
    "os.truncate",
    "shutil.rmtree",
}


def _listen(places: tuple[str, ...], operations: int, number: int) -> list[int]:
    """Send this process the signal at that operation; the list's one figure is how many there were."""
    done = [0]

    def hear(event: str, given: tuple[object, ...]) -> None:
        if event in _EVENTS and given and isinstance(given[0], str | Path) and str(given[0]).startswith(places):
            done[0] += 1
            if done[0] == operations:
                os.kill(os.getpid(), number)

    sys.addaudithook(hear)
    return done


def _tried(folder: Path, number: int, operations: int, words: list[str]) -> None:
    from reconcile import cli

    os.chdir(folder)
    said = os.open("sagt.txt", os.O_WRONLY | os.O_CREAT)
    os.dup2(said, 1)
    os.dup2(said, 2)
    done = _listen((str(folder), tempfile.gettempdir()), operations, number)
    code = 99
    try:
        cli.main([word.replace("{}", str(folder)) for word in words])
    except SystemExit as end:
        code = int(str(end.code))
    Path("antal.txt").write_text(str(done[0]))
    os._exit(code)  # a forked process lacks the threads that its libraries wait for


def main() -> None:
    """Try what stands on the lines of standard input."""
    import duckdb  # noqa: F401 - once, for every process
    import great_expectations  # noqa: F401
    import openpyxl  # noqa: F401

    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # who began the tests with nohup has it ignored
    base = Path(sys.argv[1])
    for trial, line in enumerate(sys.stdin):
        number, operations, words = json.loads(line)
        folder = base.with_name(f"{base.name}-{trial}")
        shutil.copytree(base, folder)
        child = os.fork()
        if not child:
            _tried(folder, getattr(signal, number), operations, words)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        count = folder / "antal.txt"
        told = [code, int(count.read_text()) if count.exists() else None, str(folder)]
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
