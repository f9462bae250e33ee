"""Every command that reads persons, told to end at any of its operations on files: 130 or its own end, nothing of anybody in
what it said or left, and what was there before is whole."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.examples import DEEP
from test_interrupted import ROOT, persons

from reconcile.approval.log import read_log
from reconcile.history.published import read_run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals between processes")

CONFIG = ["--config", "{}/reconcile.toml"]
ACCEPT = ["--yes", "--reason", "rettes i uge 40", "--by", "JH", "--until", "2027-01-01", *CONFIG]
#: Each command, and how many operations on files it has at most where it is interrupted. Most of the work of a run on the
#: sources is done in its first part; what it publishes has tests of its own.
COMMANDS: dict[str, tuple[int, list[str]]] = {
    "validate": (80, ["validate", *CONFIG, "-vv"]),
    "yr": (80, ["yr", *CONFIG, "-vv"]),
    "hand07": (140, ["hand07", *CONFIG, "--sagsliste", "--export", "parquet"]),
    "noegletal": (80, ["noegletal", *CONFIG, "-vv"]),
    "sources": (60, ["sources", *CONFIG]),
    "footing": (2, ["footing", "{}/ind/hand07.csv"]),
    "key rotate": (60, ["key", "rotate", *CONFIG]),
    "compare": (6, ["compare", "{}/rapport", "{}/rapport", *CONFIG]),
    "accept": (30, ["accept", "--rule", "VH08", "--run", "{}/rapport", *ACCEPT]),
    "approve": (
        30,
        [
            "approve",
            "2020K3",
            *CONFIG,
            "--run",
            "{}/rapport",
            "--decision",
            "afvis",
            "--by",
            "JH",
            "--note",
            "skal undersøges først",
        ],
    ),
    "mail": (25, ["mail", *CONFIG, "--run", "{}/rapport", "--eml", "{}/kladde.eml"]),
    "add": (6, ["add", "{}/ind/borger.csv", "--dry-run"]),
}


#: The suite tries those that write what others rest on, and a run; ``make deeper`` tries every one.
TRIED = list(COMMANDS) if DEEP else ["validate", "hand07", "key rotate", "accept", "approve", "mail"]


@pytest.fixture(scope="module")
def ended(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, Path]]:
    """Command → its exit code and the folder it worked in; ``temp`` beside the folders is the temporary folder of all."""
    place = tmp_path_factory.mktemp("afbrudt")
    shutil.copytree(sample, place / "base")
    (place / "temp").mkdir()
    chosen, signals = random.Random(7), ["SIGINT", "SIGTERM", "SIGHUP"]
    lines = [
        json.dumps([signals[number % 3], chosen.randint(1, most), words])
        for number, (most, words) in enumerate(COMMANDS[name] for name in TRIED)
    ]
    here = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]), "TMPDIR": str(place / "temp")}
    here["RECONCILE_SAGSLISTE_PASSWORD"] = "en lang sætning til prøven"
    done = subprocess.run(
        [sys.executable, "-m", "support.interrupting", str(place / "base")],
        input="\n".join(lines) + "\n",
        env={**os.environ, **here},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(TRIED), done.stderr
    return {name: (code, Path(folder)) for name, (code, _count, folder) in zip(TRIED, told, strict=True)}


def test_most_were_interrupted_and_none_broke(ended: dict[str, tuple[int, Path]]) -> None:
    codes = [code for code, _folder in ended.values()]
    assert set(codes) <= {0, 1, 130}
    assert codes.count(130) >= len(codes) * 3 / 4


@pytest.mark.parametrize("name", TRIED)
def test_what_an_interrupted_command_said_and_left_names_nobody(name: str, ended: dict[str, tuple[int, Path]]) -> None:
    _code, folder = ended[name]
    base = folder.with_name("base")
    made = [p for p in folder.rglob("*") if p.is_file() and _changed(p, base / p.relative_to(folder))]
    assert made
    people = persons(folder)
    assert not [path for path in made if people.intersection(re.findall(rb"[0-9]{6}-?[0-9]{4}", path.read_bytes()))]
    said = (folder / "sagt.txt").read_text(encoding="utf-8")
    assert "Uventet fejl" not in said
    assert "Traceback" not in said
    left = (folder.parent / "temp").rglob("*")  # an empty folder of a library's own is nobody's
    assert not [path for path in left if path.is_file() or path.name.startswith("reconcile-")]


def _changed(path: Path, before: Path) -> bool:
    return not before.is_file() or path.stat().st_mtime_ns != before.stat().st_mtime_ns


@pytest.mark.parametrize("name", TRIED)
def test_what_was_there_before_an_interrupt_is_whole(name: str, ended: dict[str, tuple[int, Path]]) -> None:
    _code, folder = ended[name]
    assert read_run(folder / "rapport").manifest.mismatches() == []
    assert read_log(folder, bytes.fromhex((folder / "noegle.key").read_text())).faults == ()
