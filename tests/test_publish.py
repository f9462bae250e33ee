"""Reports are published whole or not at all, and what else lies in the folder is left alone."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from support.report_example import example

from reconcile.errors import InputError, Problem
from reconcile.history.published import manifests
from reconcile.reports import publish as module
from reconcile.reports.publish import publish

ALWAYS = {"fund.csv", "resultat.json", "ess.json", "rapport.html", "rapport.xlsx", "manifest.json"}


@pytest.fixture(autouse=True)
def quick_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page and the workbook are tested elsewhere; here they only have to be files."""
    monkeypatch.setattr("reconcile.reports.html.render_html", lambda *_args: "<p>rapport</p>")
    monkeypatch.setattr("reconcile.reports.xlsx.write_xlsx", lambda _result, path, *_more: path.write_bytes(b"PK"))


whole = cache(example)


def put(
    folder: Path, *, without: tuple[str, ...] = (), quarantined: tuple[Problem, ...] = (), code: str = "run"
) -> tuple[Path, ...]:
    result = replace(whole(), command=code, tables=tuple(t for t in whole().tables if t.name not in without))
    return publish(result, folder, lambda _text: None, quarantined=list(quarantined))


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_a_run_writes_its_files_and_nothing_else(tmp_path: Path) -> None:
    written = put(tmp_path / "ny" / "ud")
    names = {p.name for p in written}
    assert names >= ALWAYS | {"hand07_diff.csv", "bro.csv", "ottetal.csv", "post_diff.csv", "yr_uge.csv"}
    assert names == set(contents(tmp_path / "ny" / "ud"))
    assert [p.name for p in (tmp_path / "ny").iterdir()] == ["ud"]
    assert written[-1].name == "manifest.json"


def test_the_manifest_has_the_hash_and_size_of_every_other_output(tmp_path: Path) -> None:
    put(tmp_path)
    files = contents(tmp_path)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["output"] == {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()
    }
    inputs = [info for source in example().sources for info in source.filer]
    assert [(i["fil"], i["sha256"], i["bytes"]) for i in manifest["input"]] == [
        (i.fil, i.sha256, i.bytes) for i in inputs
    ]
    assert manifest["antal"]["fund"] == len(example().findings)


def test_the_quarantine_is_in_the_report_and_in_the_manifest(tmp_path: Path) -> None:
    put(tmp_path, quarantined=(Problem.make("a.csv", 3, "cpr", "0101801234", "tom"),))
    assert "karantaene.csv" in json.loads((tmp_path / "manifest.json").read_bytes())["output"]
    assert "0101801234" not in (tmp_path / "karantaene.csv").read_text(encoding="utf-8-sig")


def test_optional_files_of_an_earlier_report_are_removed_and_the_users_own_stay(tmp_path: Path) -> None:
    put(tmp_path, quarantined=(Problem("a.csv", 3, "", "", "x"),))
    (tmp_path / "mine noter.txt").write_text("behold", encoding="utf-8")
    (tmp_path / "undermappe").mkdir()
    put(tmp_path, without=("post_diff", "yr_uge"))
    left = {p.name for p in tmp_path.iterdir()}
    assert {"karantaene.csv", "post_diff.csv", "yr_uge.csv"} & left == set()
    assert {"mine noter.txt", "undermappe"} < left
    assert (tmp_path / "mine noter.txt").read_text(encoding="utf-8") == "behold"


def test_two_publications_of_the_same_run_are_the_same_bytes(tmp_path: Path) -> None:
    put(tmp_path / "a")
    put(tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def locked(monkeypatch: pytest.MonkeyPatch, is_locked: Callable[[Path, Path], bool], error: BaseException) -> None:
    """Moving a file fails as it does on Windows when it is open in Excel."""
    move = Path.replace

    def replace_unless_locked(self: Path, target: Path) -> Path:
        if is_locked(self, Path(target)):
            raise error
        return move(self, target)

    monkeypatch.setattr(Path, "replace", replace_unless_locked)


@pytest.mark.parametrize("name", sorted(ALWAYS | {"bro.csv"}))
@pytest.mark.parametrize("way", ["old cannot be moved", "new cannot be moved"])
def test_when_one_file_is_locked_the_earlier_report_is_untouched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, way: str
) -> None:
    put(tmp_path)
    (tmp_path / "mine.txt").write_text("x")
    before = contents(tmp_path)
    error = PermissionError(13, "The process cannot access the file")
    if way.startswith("old"):
        locked(monkeypatch, lambda path, _target: path == tmp_path / name, error)
    else:
        once = [error]
        locked(
            monkeypatch,
            lambda path, _t: path.name == name and path.parent.name == "efter" and bool(once and once.pop()),
            error,
        )
    with pytest.raises(InputError, match="Den tidligere rapport er uændret"):
        put(tmp_path, code="hand07")
    assert contents(tmp_path) == before


def test_an_interrupted_publication_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path)
    before = contents(tmp_path)
    locked(
        monkeypatch,
        lambda path, _t: path.name == "rapport.html" and path.parent.name == "efter",
        KeyboardInterrupt(),
    )
    with pytest.raises(KeyboardInterrupt):
        put(tmp_path, code="hand07")
    assert contents(tmp_path) == before


class Killed(BaseException):
    """What no code hears."""


@pytest.mark.parametrize("also", [0, 1, 2, 5])
def test_a_kill_at_any_move_leaves_the_old_report_or_the_new_one_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, also: int
) -> None:
    """``also``: the next start, which puts things back, is killed too, after that many moves."""
    put(tmp_path / "a")
    put(tmp_path / "b", code="hand07", without=("yr_uge",))
    wholes = [contents(tmp_path / name) for name in "ab"]
    move, left = Path.replace, [0]

    def replace_until_killed(self: Path, target: Path) -> Path:
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        return move(self, target)

    ends = []
    for moves in range(60):
        folder = shutil.copytree(tmp_path / "a", tmp_path / f"ud{moves}")
        (folder / "mine noter.txt").write_text("behold")
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace_until_killed)
            patch.setattr(module, "restore", lambda _folder: None)  # a kill runs no handler
            left[0] = moves
            with suppress(Killed):
                put(folder, code="hand07", without=("yr_uge",))
            left[0] = also
            with suppress(Killed):
                module.check_place(folder)
        module.check_place(folder)
        here = contents(folder)
        assert here.pop("mine noter.txt") == b"behold"
        ends.append(wholes.index(here))
        if not left[0] and ends[-1]:
            break
    assert ends == sorted(ends)
    assert set(ends) == {0, 1}


def test_a_new_report_appears_by_one_rename_and_what_a_killed_run_left_goes(tmp_path: Path) -> None:
    left = tmp_path / "ud" / ".ny-gammel"
    left.mkdir(parents=True)
    (left / ".i-brug").touch()
    (left / "fund.csv").write_text("halv")
    put(tmp_path / "ud" / "et")
    assert [p.name for p in (tmp_path / "ud").iterdir()] == ["et"]


def test_when_not_even_moving_back_works_the_earlier_files_are_still_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path)
    before = set(contents(tmp_path).values())
    locked(
        monkeypatch,
        lambda path, _t: path.name == "rapport.html" and path.parent != tmp_path,
        PermissionError(13, "locked"),
    )
    with pytest.raises(InputError):
        put(tmp_path, code="hand07")
    kept = {p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert before <= kept


@pytest.mark.parametrize("error", [ValueError("fejl i en skabelon"), OSError(28, "No space left on device")])
def test_a_failure_while_rendering_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_args: object) -> bytes:
        raise error

    put(tmp_path / "ud")
    before = contents(tmp_path / "ud")
    monkeypatch.setattr(module, "ess_json", fail)
    for folder in (tmp_path / "ud", tmp_path / "ny"):
        with pytest.raises((InputError, ValueError)):
            put(folder)
    assert contents(tmp_path / "ud") == before
    assert [p.name for p in tmp_path.iterdir()] == ["ud"]


def test_a_manifest_is_never_beside_files_it_does_not_describe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path)
    seen: list[bool] = []
    move = Path.replace

    def watched(self: Path, target: Path) -> Path:
        moved = move(self, target)
        if (tmp_path / "manifest.json").exists():
            outputs = json.loads((tmp_path / "manifest.json").read_bytes())["output"]
            seen.append(
                all(hashlib.sha256((tmp_path / n).read_bytes()).hexdigest() == o["sha256"] for n, o in outputs.items())
            )
        return moved

    monkeypatch.setattr(Path, "replace", watched)
    put(tmp_path, code="hand07")
    assert seen
    assert all(seen)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x")
    with pytest.raises(InputError, match="Der kan ikke skrives i"):
        put(tmp_path / "fil" / "ud")


def test_a_folder_where_a_report_should_be_is_a_sentence_and_nothing_changes(tmp_path: Path) -> None:
    (tmp_path / "rapport.html").mkdir()
    with pytest.raises(InputError, match="ikke er fra en tidligere rapport"):
        put(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["rapport.html"]


@pytest.mark.parametrize("content", [None, "{}", '{"output": {"fund.csv": {}}}', '{"name": "app", "version": "1"}'])
def test_a_folder_with_files_of_others_is_refused_and_left_as_it_was(tmp_path: Path, content: str | None) -> None:
    (tmp_path / "fund.csv").write_text("andres", encoding="utf-8")
    if content:
        (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(InputError, match="ikke er fra en tidligere rapport"):
        put(tmp_path)
    assert contents(tmp_path) == before


def test_a_file_of_another_with_the_name_of_a_new_output_is_not_overwritten(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "karantaene.csv").write_text("andres", encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(InputError, match=r"karantaene\.csv"):
        put(tmp_path, quarantined=(Problem("a.csv", 3, "", "", "x"),))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("entry", [{}, None, {"sha256": 7}, "x"])
def test_a_manifest_entry_without_its_hash_is_named_and_stops_no_later_run(tmp_path: Path, entry: object) -> None:
    put(tmp_path / "ud" / "et")
    manifest = tmp_path / "ud" / "et" / "manifest.json"
    data = json.loads(manifest.read_bytes())
    data["output"]["fund.csv"] = entry
    manifest.write_text(json.dumps(data), encoding="utf-8")
    assert manifests(tmp_path) == ([], [tmp_path / "ud" / "et"])
    put(tmp_path / "ud" / "to")
    put(tmp_path / "ud" / "et")
    assert [m.folder.name for m in manifests(tmp_path)[0]] == ["et", "to"]


def test_the_folder_may_be_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put(Path())
    assert set(contents(tmp_path)) > ALWAYS


def test_other_writers_files_are_published_and_in_the_manifest(tmp_path: Path) -> None:
    publish(
        example(),
        tmp_path,
        lambda _text: None,
        extras=[lambda folder: zipfile.ZipFile(folder / "x.zip", "w").close()],
    )
    assert "x.zip" in json.loads((tmp_path / "manifest.json").read_bytes())["output"]
    put(tmp_path)
    assert not (tmp_path / "x.zip").exists()
