"""Told to end, a run ends with 130 and at once, whatever swallows the interrupt, and leaves nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from support.examples import DEEP
from support.runs import working_folder

import reconcile
from reconcile.files import held_folder, sweep
from reconcile.history.published import read_run
from reconcile.privacy import ending
from reconcile.privacy.ending import deed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals between processes")
ROOT = Path(reconcile.__file__).parent.parent
#: A whole run is told to end so many times, at moments of chance: once by each signal; four times as often in ``make deeper``.
TIMES = 12 if DEEP else 3


def program(folder: Path, code: str, *, given: str = "", patience: int) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, with a temporary folder of its own beside the working folder."""
    (folder / "temp").mkdir(exist_ok=True)
    here = {**os.environ, "TMPDIR": str(folder / "temp"), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code],
        input=given,
        cwd=folder,
        env=here,
        capture_output=True,
        text=True,
        timeout=patience,
        check=False,
    )


#: Each is ``reconcile hand07`` where reading the sources is this, in which ``engine`` is the engine, and which can
#: ``interrupt()`` itself.
LONG_QUERY = "engine.rows('SELECT sum(hash(a.range) % 7) FROM range(1000000) a, range(1000000) b')"
BODIES = {
    "sleeping": "interrupt()\ntime.sleep(30)",
    "in DuckDB": f"interrupt(0.3)\n{LONG_QUERY}",
    "swallowed in DuckDB": f"interrupt(0.3)\ntry:\n    {LONG_QUERY}\nexcept BaseException:\n    time.sleep(30)",
    "swallowed": "interrupt()\nwhile True:\n    try:\n        time.sleep(30)\n    except BaseException:\n        pass",
    "made an error of": "interrupt()\ntry:\n    time.sleep(30)\n"
    "except KeyboardInterrupt:\n    raise RuntimeError('Query interrupted')",
    "while importing": "assert 'great_expectations' not in sys.modules\ninterrupt(0.2)\n"
    "import great_expectations\ntime.sleep(30)",
    "in C": "import ctypes\ninterrupt(0.2)\nctypes.CDLL(None).sleep(30)\ntime.sleep(30)",
}
#: A process that has the command, but not Great Expectations, forks one for each body; that ends as any process does.
_FORKS = """
import json, os, signal, sys, tempfile, threading, time
from reconcile import cli
from reconcile.runs import pipeline
import duckdb

def interrupt(after=0.0):
    threading.Timer(after, os.kill, (os.getpid(), signal.SIGINT)).start()

for folder, body in json.load(sys.stdin):
    child = os.fork()
    if not child:
        os.chdir(folder)
        tempfile.tempdir = os.environ["TMPDIR"] = folder + "/temp"
        for number, name in ((1, "stdout.txt"), (2, "stderr.txt")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
        lines = body.replace(chr(10), chr(10) + "    ")
        exec(f"def read(engine, *_more, **_other):{chr(10)}    {lines}")
        pipeline.load_sources = read
        cli.main(["hand07", "--quiet"])
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, Path]]:
    """Body → the exit code of its process, and the folder it worked in."""
    place = tmp_path_factory.mktemp("afbrudt")
    folders = {name: place / str(number) for number, name in enumerate(BODIES)}
    for folder in folders.values():
        (folder / "temp").mkdir(parents=True)
        working_folder(folder)
    given = json.dumps([(str(folders[name]), body) for name, body in BODIES.items()])
    done = program(place, _FORKS, given=given, patience=120)
    assert len(done.stdout.split()) == len(BODIES), done.stderr
    return {name: (int(code), folders[name]) for name, code in zip(BODIES, done.stdout.split(), strict=True)}


@pytest.mark.parametrize("name", BODIES)
def test_an_interrupt_is_130_with_nothing_said_and_nothing_left(name: str, ended: dict[str, tuple[int, Path]]) -> None:
    code, folder = ended[name]
    told = [(folder / stream).read_text(encoding="utf-8").strip() for stream in ("stdout.txt", "stderr.txt")]
    assert (code, *told) == (130, "", "")
    assert list((folder / "temp").iterdir()) == []
    assert not (folder / "ud").exists()


#: A process that has the libraries (half of a run's time is importing them) forks a child for each moment. First whole runs are
#: told to end; then runs into a folder that has a report are killed, which no handler hears. Each says what became of it.
_MOMENTS = """
import os, pathlib, random, shutil, signal, sys, time
from reconcile import cli
import great_expectations, duckdb, pandas, openpyxl, jinja2

def child(words, said, number=None, moment=0.0):
    made = os.fork()
    if not made:
        told = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(told, 1), os.dup2(told, 2)
        try:
            cli.main([*words, '--config', 'demo/reconcile.toml'])
        except SystemExit as end:
            os._exit(end.code)  # a forked process lacks the threads that its libraries wait for
    if number is not None:
        time.sleep(moment)
        os.kill(made, number)
    return os.waitstatus_to_exitcode(os.waitpid(made, 0)[1])

chosen, where, times = random.Random(5), pathlib.Path('demo/ud'), int(sys.argv[1])
signals = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
for number, moment in enumerate([0.05, *(chosen.uniform(0, 3) for _ in range(times - 1))]):
    code = child(['run', '--period', '2020K3', '-vv'], 'sagt.txt', signals[number % 3], moment)
    there = sorted(p.name for p in where.iterdir()) if where.is_dir() else []
    whole = all((where / name / 'manifest.json').is_file() for name in there)
    print(code, len(there), whole, flush=True)
    shutil.rmtree(where, ignore_errors=True)
os.mkdir('mellem')
for name in os.listdir('temp'):  # what those that were told to end have left
    os.rename('temp/' + name, 'mellem/' + name)
validate = ['validate', '--out', 'ud', '--quiet']
print(child(validate, 'igen.txt'))
for number in range(times - 1):
    child(validate, 'igen.txt', signal.SIGKILL, random.Random(number).uniform(0.1, 2.5))
"""


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder in which that process worked, and the lines it wrote."""
    from reconcile.runs.workspace import copy_sample

    place = tmp_path_factory.mktemp("oejeblikke")
    copy_sample(place / "demo")
    done = program(place, f"import sys\nsys.argv[1:] = ['{TIMES}']\n{_MOMENTS}", patience=600)
    assert done.stderr.strip() == ""
    return place, done.stdout.splitlines()


def test_interrupts_at_any_moment_of_a_whole_run_are_130_or_too_late_and_name_nobody(
    moments: tuple[Path, list[str]],
) -> None:
    """It says all it can, and neither that nor anything it leaves has a CPR number."""
    place, lines = moments
    assert len(lines) == TIMES + 1
    assert set(lines[:-1]) <= {"130 0 True", "1 1 True"}
    assert lines[0] == "130 0 True"
    assert list((place / "mellem").iterdir()) == []
    assert not holders(place / "demo", [*(place / "demo").rglob("*"), place / "sagt.txt"])


def test_a_kill_at_any_moment_leaves_the_earlier_report_whole_or_the_new_one_and_no_cpr(
    moments: tuple[Path, list[str]],
) -> None:
    """What no handler hears: the next start puts things back and clears the temporary folder."""
    from reconcile.reports.publish import check_place

    place, lines = moments
    assert lines[-1] == "1"
    check_place(place / "ud")
    assert read_run(place / "ud").manifest.mismatches() == []
    assert not [p for p in (place / "ud").iterdir() if p.name.startswith(".")]
    assert not holders(place / "demo", [*(place / "temp").rglob("*"), place / "igen.txt"])
    sweep(place / "temp", "reconcile-")
    assert not list((place / "temp").glob("reconcile-*"))


def holders(sample: Path, paths: Iterable[Path]) -> list[Path]:
    """The files, those of the input aside, in which somebody of the sample stands."""
    people = persons(sample)
    files = [path for path in paths if path.is_file() and "ind" not in path.parts]
    return [path for path in files if any(cpr in path.read_bytes() for cpr in people)]


def persons(folder: Path) -> set[bytes]:
    lines = (folder / "ind" / "borger.csv").read_bytes().splitlines()[1:]
    people = {cpr for line in lines for cpr in (line[:11], line[:11].replace(b"-", b""))}
    assert len(people) > 10
    return people


@pytest.fixture(autouse=True)
def _nobody_told() -> Iterator[None]:
    """Neither before a test nor after it: the next file's tests are of the same process."""
    ending._STATE.asked = ending._STATE.raised = ending._STATE.done = False
    yield
    ending._STATE.asked = ending._STATE.raised = ending._STATE.done = False


def test_a_folder_goes_also_where_the_interrupt_comes_as_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Path.mkdir

    def interrupted(self: Path, mode: int) -> None:
        kept(self, mode)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "mkdir", interrupted)
    with pytest.raises(KeyboardInterrupt), held_folder(tmp_path, "reconcile-"):
        pytest.fail("made")
    assert list(tmp_path.iterdir()) == []


def test_a_deed_is_not_cut_in_two_and_ends_as_it_would_have(monkeypatch: pytest.MonkeyPatch) -> None:
    with deed():
        ending._heard(2, None)
    assert not ending.must_end()
    ending._heard(2, None)


def test_a_deed_is_not_begun_after_an_interrupt_and_a_failed_one_is_an_interrupt() -> None:
    ending._STATE.asked = True
    with pytest.raises(KeyboardInterrupt), deed():
        pytest.fail("begun")
    ending._STATE.asked = False

    def fail() -> None:
        ending._heard(2, None)
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"), deed():
        fail()
    assert ending.must_end()
