"""Great Expectations comes in without what it rarely uses, and without what it does not need."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconcile.engine import gx_import


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A library that stands in for the real one, with another that it imports and rarely uses."""
    (tmp_path / "large_library.py").write_text("import rare_library\n\ndef used():\n    return rare_library.VALUE\n")
    (tmp_path / "rare_library.py").write_text("import sys\nsys.rare_library_ran = True\nVALUE = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(gx_import, "_NAME", "large_library")
    monkeypatch.setattr(gx_import, "_RARELY_USED", frozenset({"rare_library"}))
    yield "large_library"
    for name in ("large_library", "rare_library"):
        sys.modules.pop(name, None)
    vars(sys).pop("rare_library_ran", None)


def test_what_is_rarely_used_is_loaded_when_it_is_used(library: str) -> None:
    loaded = gx_import.load()
    assert not hasattr(sys, "rare_library_ran")
    assert loaded.used() == 7
    assert hasattr(sys, "rare_library_ran")
    assert not [finder for finder in sys.meta_path if isinstance(finder, gx_import._WhenUsed)]


def test_a_library_that_is_done_without_is_not_there_for_it_and_is_for_everyone_else(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stores").mkdir()
    (tmp_path / "stores" / "__init__.py").write_text("")
    (tmp_path / "stores" / "blobs.py").write_text("")
    (tmp_path / "large_library.py").write_text(
        "try:\n    from stores import blobs\nexcept ImportError:\n    blobs = None\n"
    )
    monkeypatch.setattr(gx_import, "_DONE_WITHOUT", frozenset({"stores"}))
    assert gx_import.load().blobs is None
    with gx_import._lightly():
        found: list[object] = []
        other = threading.Thread(target=lambda: found.append(__import__("stores.blobs").blobs))
        other.start()
        other.join()
    assert found
    for name in ("stores", "stores.blobs"):
        sys.modules.pop(name)
