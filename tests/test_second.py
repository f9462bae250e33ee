"""What a run has done in its second process is what it would have done itself, and that process goes with the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from support.report_example import example
from test_interrupted import program

import reconcile
from reconcile import i18n
from reconcile.engine import gx, judging
from reconcile.engine.duckdb import Engine, open_engine
from reconcile.privacy import door, second
from reconcile.privacy.known import MASKED
from reconcile.reports.publish import publish
from reconcile.runs.workspace import copy_sample

ROOT = Path(reconcile.__file__).parent.parent
CPR = "0105701121"
RULES = (
    ("R1", "ydelser", "antal = 1"),
    ("R2", "ydelser", "antal = 5"),
    ("R3", "ydelser", "intet = 2"),
    ("R4", "x", "1 = 1"),
)


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[second.Second]:
    """The second process of a run whose temporary folder is its own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with second.possible():
        second.begin(None)
        found = second.here()
        assert found
        yield found
    assert not list(tmp_path.glob("reconcile-*"))


@pytest.fixture
def engine() -> Iterator[Engine]:
    with open_engine() as made:
        made.run("CREATE VIEW ydelser AS SELECT * FROM (VALUES (1), (1), (2)) AS t(antal)")
        yield made


@pytest.fixture
def not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Great Expectations is not in this process, and nothing can be judged in it."""

    def refuse(*_given: object) -> None:
        raise AssertionError("judged here")

    monkeypatch.setattr(judging, "_is_here", lambda: False)
    monkeypatch.setattr(gx, "judge", refuse)


def write(path: Path, text: str) -> None:
    """A file of the run, through the door."""
    path.write_text(f"{i18n.language()} {door.text(text)} {os.getpid()}")


def fail(path: Path) -> None:
    """What goes wrong in the second process alone."""
    if second._END:
        raise OSError
    path.write_text("here")


def end_it(path: Path) -> None:
    """The second process goes while it works."""
    if second._END:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
    path.write_text("here")


def stop(path: Path) -> None:
    """Work that takes long, once it has begun."""
    path.write_text("begun")
    time.sleep(60)


def test_outcomes_come_in_the_order_of_the_work(process: second.Second) -> None:
    for number in range(3):
        process.tell(divmod, 7 * number, 3)
    assert [process.outcome() for _number in range(3)] == [divmod(7 * number, 3) for number in range(3)]


def test_a_file_is_written_there_in_the_language_of_the_run_and_without_its_numbers(
    process: second.Second, tmp_path: Path
) -> None:
    door.learn([int(CPR)])
    i18n.choose("en")
    try:
        with second.beside(write, tmp_path / "a", f"x {CPR}"):
            pass
    finally:
        i18n.choose("da")
        door.forget()
    assert (tmp_path / "a").read_text() == f"en x {MASKED} {process._process.pid}"


@pytest.mark.parametrize("work", [fail, end_it])
def test_what_it_cannot_do_is_done_here(process: second.Second, tmp_path: Path, work: object) -> None:
    with second.beside(work, tmp_path / "a"):  # type: ignore[arg-type]
        (tmp_path / "b").write_text("meanwhile")
    assert (tmp_path / "a").read_text() == "here"
    assert process._process.returncode is not None
    assert second.here() is None


def test_without_one_the_work_is_done_here_afterwards(tmp_path: Path) -> None:
    second.begin(None)  # no run has said that it may have one
    assert second.here() is None
    with second.beside(fail, tmp_path / "a"):
        assert not (tmp_path / "a").exists()
    assert (tmp_path / "a").read_text() == "here"


def test_a_mistake_meanwhile_ends_it_before_its_folder_is_removed(process: second.Second, tmp_path: Path) -> None:
    def wait_and_fail() -> None:
        while not (tmp_path / "a").exists():
            time.sleep(0.01)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), second.beside(stop, tmp_path / "a"):
        wait_and_fail()
    assert process._process.returncode is not None


@pytest.mark.usefixtures("not_here")
def test_a_rule_judged_there_is_judged_as_here(
    process: second.Second, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = judging.judge(engine, RULES)
    monkeypatch.undo()
    expected = gx.judge(engine, RULES)
    assert [found[rule].unexpected for rule in ("R1", "R2", "R3")] == [2, 0, 0]
    for rule in ("R1", "R2", "R4"):
        assert found[rule] == expected[rule]
    errors = [str(verdicts["R3"].error).partition("LINE")[0] for verdicts in (found, expected)]
    assert errors[0] == errors[1]
    assert "_duckdb.BinderException" in errors[0]
    assert process._process.poll() is None


def test_rules_are_judged_here_when_it_is_gone(
    process: second.Second, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_is_here", lambda: False)
    process._process.kill()
    assert judging.judge(engine, RULES)["R1"].unexpected == 2
    assert second.here() is None


def test_an_interrupt_while_it_asks_ends_it(process: second.Second, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        errors = (duckdb.Error,)

        def names(self) -> frozenset[str]:
            return frozenset({"ydelser"})

        def cursor(self) -> object:
            raise KeyboardInterrupt

    monkeypatch.setattr(judging, "_is_here", lambda: False)
    with pytest.raises(KeyboardInterrupt):
        judging.judge(Interrupted(), RULES)  # type: ignore[arg-type]
    assert process._process.returncode is not None


def test_a_report_written_with_it_has_the_same_bytes(process: second.Second, tmp_path: Path) -> None:
    report = example()
    publish(report, tmp_path / "med", lambda _text: None)
    assert process._process.poll() is None
    second.end()
    publish(report, tmp_path / "uden", lambda _text: None)
    names = sorted(path.name for path in (tmp_path / "uden").iterdir())
    assert "rapport.xlsx" in names
    for name in set(names) - {"manifest.json"}:
        assert (tmp_path / "med" / name).read_bytes() == (tmp_path / "uden" / name).read_bytes(), name


#: A whole run that says of its process what it has imported, and of the other whether it is there.
_WHOLE = """
import sys
from reconcile.cli import main
from reconcile.privacy import second
kept, pids = second.Second.__init__, []
def begun(self, folder):
    kept(self, folder)
    pids.append(self._process)
second.Second.__init__ = begun
try:
    main(['run', '--config', 'demo/reconcile.toml', '--period', '2020K3', '--quiet', '--out', 'ud'])
except SystemExit as end:
    print(end.code, {'great_expectations', 'pandas', 'xlsxwriter'} & set(sys.modules), [p.returncode for p in pids])
"""


def test_a_run_judges_and_writes_the_workbook_there_and_leaves_nothing(tmp_path: Path) -> None:
    copy_sample(tmp_path / "demo")
    done = program(tmp_path, _WHOLE, patience=120)
    assert (done.stdout.split(), done.stderr) == (["1", "set()", "[-9]"], "")
    assert (tmp_path / "ud" / "rapport.xlsx").is_file()
    assert not list((tmp_path / "temp").iterdir())


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads which processes there are from /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_it_goes_with_the_run_whatever_ends_that(tmp_path: Path, number: int) -> None:
    copy_sample(tmp_path / "demo")
    (tmp_path / "temp").mkdir()
    place = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "temp")}
    command = [sys.executable, "-m", "reconcile", "validate", "--config", str(tmp_path / "demo" / "reconcile.toml")]
    run = subprocess.Popen(command, env=place, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (others := _seconds_of(run.pid)):
        assert run.poll() is None
        time.sleep(0.01)
    run.send_signal(number)
    out, wrong = run.communicate(timeout=60)
    assert (run.returncode, out.strip(), wrong.strip()) == ({signal.SIGINT: 130, signal.SIGKILL: -9}[number], b"", b"")
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in others):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    if number == signal.SIGINT:
        assert not list((tmp_path / "temp").rglob("*"))


def _seconds_of(pid: int) -> list[str]:
    """The processes that a process has begun, as Linux tells them."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
