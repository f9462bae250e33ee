"""A compiled template is kept beside the templates, and is never used for another one."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest import mock

import jinja2
import pytest

from reconcile import i18n
from reconcile.reports import templating


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(templating, "TEMPLATES", tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "side.j2").write_text("{{ who }} & {{ 'x'|upper }}")
    return tmp_path


def rendered(who: str) -> str:
    return templating.environment().get_template("side.j2").render(who=who)


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").glob("*.j2c"))


def test_a_template_is_compiled_once_and_rendered_alike_afterwards(folder: Path) -> None:
    assert rendered("<Anne>") == "&lt;Anne&gt; & X"
    assert len(kept(folder)) == 1
    with mock.patch.object(jinja2.Environment, "_compile", side_effect=AssertionError("compiled again")):
        assert rendered("<Bent>") == "&lt;Bent&gt; & X"


def test_a_template_that_has_changed_or_is_for_another_language_is_compiled_anew(folder: Path) -> None:
    rendered("Anne")
    (folder / "side.j2").write_text("{{ who }}!")
    assert rendered("Anne") == "Anne!"
    assert len(kept(folder)) == 1
    i18n.choose("en")
    try:
        assert rendered("Anne") == "Anne!"
    finally:
        i18n.choose("da")
    assert len(kept(folder)) == 2


def test_what_is_kept_and_damaged_is_compiled_anew(folder: Path) -> None:
    rendered("Anne")
    kept(folder)[0].write_bytes(b"")
    assert rendered("Anne") == "Anne & X"
    assert kept(folder)[0].stat().st_size > 0


def test_where_nothing_may_be_written_it_is_compiled_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "__pycache__").write_text("a file in the way")
    assert rendered("Anne") == "Anne & X"
    (folder / "__pycache__").unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered("Anne") == "Anne & X"
    assert kept(folder) == []
