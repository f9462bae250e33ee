"""``docs/great_expectations.md``: the lines it shows do what it says, with Great Expectations and DuckDB alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from reconcile.resources import EXPECTATIONS

PAGE = (Path(__file__).parents[1] / "docs" / "great_expectations.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The page's only block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def test_the_lines_of_the_page_print_what_it_shows(tmp_path: Path) -> None:
    shutil.copytree(EXPECTATIONS, tmp_path / "expectations")
    quiet = {**os.environ, "GX_ANALYTICS_ENABLED": "False"}
    code = ["-W", "ignore", "-c", block("python")]
    ran = subprocess.run(
        [sys.executable, *code], cwd=tmp_path, env=quiet, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.stdout == block("text"), ran.stderr


def test_the_page_needs_nothing_of_this_program() -> None:
    assert "reconcile" not in block("python")
    assert len([line for line in block("python").splitlines() if line]) == 10
