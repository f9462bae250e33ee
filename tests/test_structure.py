"""The house keeps its shape: few rooms, short modules, short functions, one way for data."""

from __future__ import annotations

import ast
import configparser
import statistics
import tokenize
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "reconcile").rglob("*.py"))
_NOT_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def code_lines(path: Path) -> int:
    """Lines with code on them: neither blank, comment nor docstring."""
    documented: set[int] = set()
    for node in nodes(path):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            documented |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    with tokenize.open(path) as handle:
        tokens = [t for t in tokenize.generate_tokens(handle.readline) if t.type not in _NOT_CODE]
    return len({line for t in tokens for line in range(t.start[0], t.end[0] + 1)} - documented)


def test_a_line_of_code_is_no_comment_docstring_or_blank(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(
        '"""Two\nlines."""\n\n# why\na = (\n    1,\n)\n\n\ndef f() -> int:\n    """Says."""\n    return a\n'
    )
    assert code_lines(path) == 5


def test_there_are_at_most_24_rooms() -> None:
    rooms = [
        path
        for path in (ROOT / "reconcile").iterdir()
        if (path.is_dir() or path.suffix == ".py") and not path.name.startswith("__")
    ]
    assert len(rooms) <= 24, sorted(path.name for path in rooms)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_over_300_lines_of_code_and_no_function_over_60(path: Path) -> None:
    assert code_lines(path) <= 300
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno + 1 <= 60, node.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_function_that_is_not_private_says_what_it_is(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"line {node.lineno}: {node.name}"


def test_half_of_the_modules_are_at_most_110_lines() -> None:
    assert statistics.median(code_lines(path) for path in MODULES if path.name != "__init__.py") <= 110


def test_the_imports_contract_has_at_most_12_rungs() -> None:
    contract = configparser.ConfigParser()
    contract.read(ROOT / "setup.cfg", encoding="utf-8")
    rungs = contract["importlinter:contract:layers"]["layers"].split("\n")
    assert 2 <= len([rung for rung in rungs if rung.strip()]) <= 12
