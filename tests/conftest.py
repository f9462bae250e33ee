"""Shared by every test: small hypothesis budgets, so that the whole suite stays fast, and a language that does not leak."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, Phase, settings

sys.path.insert(0, str(Path(__file__).parent))

from support.examples import examples

from reconcile import i18n

ROOT = Path(__file__).parent.parent

#: With RECONCILE_SHRINK=0 the first world that fails is told as it is; to make it smaller takes minutes (tools/mutants.py).
PHASES = [
    phase for phase in Phase if phase not in (Phase.shrink, Phase.explain) or os.environ.get("RECONCILE_SHRINK") != "0"
]

settings.register_profile(
    "here",
    examples(20),
    phases=PHASES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
settings.load_profile("here")


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    """A test begins in Danish, whatever the one before it chose: the language is one per process."""
    i18n.choose("da")
    yield
    i18n.choose("da")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample municipality with its whole run in ``rapport/``, as ``reconcile demo`` makes it: once for all workers.

    It is read only: a test that changes something works in a copy.
    """
    from reconcile.cli import main

    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    folder = shared / "eksempel"
    with FileLock(shared / "eksempel.lock"):
        if not folder.exists():
            making = shared / "eksempel-laves"
            with pytest.raises(SystemExit) as ended:
                main(["demo", str(making), "--quiet"])
            assert ended.value.code == 0
            making.rename(folder)
    return folder


@cache
def _shares(file: str) -> bool:
    """Whether the tests of a file have something in common that is made once for them."""
    path = ROOT / file
    return not path.is_file() or 'scope="module"' in path.read_text(encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Side by side, the tests of a file that share something stay with one worker, and those come first; of the others each
    test goes with its own parameters only, so that the workers end together."""
    if config.getoption("dist") != "load":  # somebody chose
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if _shares(file) else nodeid.partition("[")[0]

        def _assign_work_unit(self, node: Any) -> None:
            if (file := next((scope for scope in self.workqueue if "::" not in scope), None)) is not None:
                self.workqueue.move_to_end(file, last=False)
            super()._assign_work_unit(node)

    return Scheduling(config, log)


def pytest_collection_finish() -> None:
    """What is there before the first test stays: the garbage collector need not look through it again, and not so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_sessionfinish() -> None:
    """The engines that tests lent each other are closed, and their folders removed."""
    if lent := sys.modules.get("support.lent"):
        lent.close()
