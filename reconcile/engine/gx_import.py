"""How Great Expectations comes in: it is large, and half of a small run was spent on it.

The libraries that only its charts, its pages and its distribution tests use are loaded when somebody uses them, by Python's own
``LazyLoader``. It also tries for the libraries of stores and engines that we do not use it with; where they are installed,
for another purpose, it is told that they are not.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from threading import get_ident
from typing import Any

_NAME = "great_expectations"
#: A third of the import. None of our expectations draws, compares distributions or writes Markdown.
_RARELY_USED = frozenset({"altair", "mistune", "scipy.stats"})
#: What it can do without and says so of itself. It judges SQL here, also where that runs on Spark.
_DONE_WITHOUT = frozenset({"azure", "boto3", "google", "pyspark", "snowflake"})


class _WhenUsed(MetaPathFinder):
    """Finds the libraries that are loaded when they are used, and none that are done without, for the thread that made it;
    everything else, and all that other threads import, is found as always."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(self, name: str, path: Sequence[str] | None, _target: Any = None) -> ModuleSpec | None:
        """A module that is rarely used with a loader that waits until it is; None for any other.

        Raises:
            ModuleNotFoundError: it is one that is done without.
        """
        if get_ident() != self._thread:
            return None
        if name.partition(".")[0] in _DONE_WITHOUT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        spec = PathFinder.find_spec(name, path) if name in _RARELY_USED else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def _lightly() -> Iterator[None]:
    finder = _WhenUsed()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def load() -> Any:
    """The module.

    Raises:
        ImportError: it cannot be imported.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    with _lightly():
        return importlib.import_module(_NAME)
