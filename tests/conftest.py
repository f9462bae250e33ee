"""Shared by every test: small hypothesis budgets, so that the whole suite stays fast, and a language that does not leak."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

from reconcile import i18n

for name, examples in (("suite", 20), ("thorough", 300), ("few", 4)):  # make thorough, make mutants
    settings.register_profile(
        name, max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
    )
settings.load_profile(os.environ.get("RECONCILE_EXAMPLES", "suite"))


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    """A test begins in Danish, whatever the one before it chose: the language is one per process."""
    i18n.choose("da")
    yield
    i18n.choose("da")
