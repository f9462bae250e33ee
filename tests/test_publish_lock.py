"""Two runs that publish in the same folder at once: the folder is always one of the two reports, never a mix."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

import reconcile.files
from reconcile.errors import InputError
from reconcile.files import locked_folder
from reconcile.reports import publish as publishing

#: Moves a report of many files into a folder again and again, slowly; its manifest names every file's hash.
WRITER = """
import hashlib, json, sys, tempfile
from pathlib import Path
from reconcile.files import locked_folder
from reconcile.reports import publish

folder, who = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for turn in range(40):
    staging = Path(tempfile.mkdtemp(prefix=".ny-", dir=folder))
    names = [f"{n}.csv" for n in range(30)] + [f"only-{who}.csv"]
    for name in names:
        (staging / name).write_text(f"{who} {turn} {name}")
    hashes = {name: {"sha256": hashlib.sha256((staging / name).read_bytes()).hexdigest()} for name in names}
    (staging / "manifest.json").write_text(json.dumps({"tid": "x", "kommando": "run", "output": hashes}))
    publish.move_in(staging, folder)
"""


def test_two_processes_that_publish_in_one_folder_leave_one_whole_report(tmp_path: Path) -> None:
    folder = tmp_path / "rapport"
    folder.mkdir()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), who],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for who in ("a", "b")
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n", writer.communicate()[1]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _out, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
    outputs = json.loads((folder / "manifest.json").read_text())["output"]
    assert {path.name for path in folder.iterdir()} == {*outputs, "manifest.json"}
    for name, said in outputs.items():
        assert sha256((folder / name).read_bytes()).hexdigest() == said["sha256"]
    assert len({(folder / name).read_text().split()[0] for name in outputs}) == 1


def test_a_folder_another_process_holds_is_refused_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile.files, "PATIENCE", 0.1)
    with locked_folder(tmp_path):
        with pytest.raises(InputError, match="En anden kørsel"), locked_folder(tmp_path):
            pass
        staging = tmp_path / ".ny-x"
        staging.mkdir()
        (staging / "manifest.json").write_text("{}")
        with pytest.raises(InputError, match="En anden kørsel"):
            publishing.move_in(staging, tmp_path)
        assert not (tmp_path / "manifest.json").exists()
    publishing.move_in(staging, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["manifest.json"]


def test_the_lock_leaves_nothing_and_goes_with_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"), locked_folder(tmp_path):
        raise ValueError("x")
    with locked_folder(tmp_path):
        pass
    assert not list(tmp_path.iterdir())
