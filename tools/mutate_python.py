"""Small faults in Python: each is a module's syntax tree with one place changed."""

from __future__ import annotations

import ast
import copy
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import mutate_sql

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SQL = re.compile(r"\b(?:SELECT|WHERE|FROM|JOIN|GROUP BY|COALESCE|CASE WHEN)\b", re.IGNORECASE)

Edit = Callable[[ast.AST], None]


@dataclass(frozen=True)
class Change:
    """A fault: the function it is in, the line, what it is, and how it is made in a tree of the same shape."""

    function: str
    line: int
    what: str
    node: int
    edit: Edit

    def made(self, tree: ast.Module) -> ast.Module:
        """A tree with the fault."""
        changed = copy.deepcopy(tree)
        self.edit(list(ast.walk(changed))[self.node])
        return ast.fix_missing_locations(changed)


def changes(tree: ast.Module) -> Iterator[Change]:
    """Every fault that is known how to make in the functions of a module."""
    left_out = set(_left_out(tree))
    owners = {id(node): name for name, function in _functions(tree) for node in ast.walk(function)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in owners and id(node) not in left_out:
            for what, edit in _faults(node):
                yield Change(owners[id(node)], getattr(node, "lineno", 0), what, number, edit)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, ast.FunctionDef))


def _left_out(tree: ast.Module) -> Iterator[int]:
    """Annotations, docstrings, decorators and defaults, what is said to a user, and errors."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            parts += [node.returns, *node.decorator_list, *node.args.defaults, *node.args.kw_defaults]
            parts += [arg.annotation for arg in [*node.args.args, *node.args.kwonlyargs]]
        if isinstance(node, ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.append(node)
        if isinstance(node, ast.Raise) or (
            isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "cast"}
        ):
            parts.append(node)
        for part in filter(None, parts):
            yield from map(id, ast.walk(part))


def _faults(node: ast.AST) -> Iterator[tuple[str, Edit]]:  # noqa: C901, PLR0912 - one for each kind of node
    match node:
        case ast.Compare(ops=[*ops]):
            for place, op in enumerate(ops):
                yield (
                    f"{ast.unparse(node)}: {type(op).__name__} → {_COMPARE[type(op)].__name__}",
                    _compare(place, type(op)),
                )
        case ast.BinOp(op=op) if type(op) in _BINARY and not isinstance(node.left, ast.JoinedStr):
            yield f"{ast.unparse(node)}: {type(op).__name__} → {_BINARY[type(op)].__name__}", _binary(type(op))
        case ast.BoolOp(op=op):
            other = ast.Or if isinstance(op, ast.And) else ast.And
            yield f"{ast.unparse(node)}: → {other.__name__}", _set("op", other())
        case ast.UnaryOp(op=ast.Not()):
            yield f"{ast.unparse(node)}: not removed", _positive
        case ast.If(test=test) | ast.IfExp(test=test) if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield f"if {ast.unparse(test)}: turned", _turned
        case ast.comprehension(ifs=[*ifs]):
            for place, test in enumerate(ifs):
                yield f"for … if {ast.unparse(test)}: dropped", _dropped(place)
        case ast.Constant(value=bool() as truth):
            yield f"{truth}: turned", _set("value", not truth)
        case ast.Constant(value=int() as number):
            yield f"{number} → {number + 1}", _set("value", number + 1)
        case ast.Constant(value=str() as text) if _SQL.search(text):
            for change in mutate_sql.changes(text):
                yield f"SQL {change.before} → {change.after or '(nothing)'}", _set("value", change.text)
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield f"{ast.unparse(node)}: → {_CALLS[name]}", _called(_CALLS[name])


def _set(field: str, value: object) -> Edit:
    return lambda node: setattr(node, field, value)


def _compare(place: int, op: type[ast.cmpop]) -> Edit:
    def edit(node: ast.AST) -> None:
        assert isinstance(node, ast.Compare)  # noqa: S101
        node.ops[place] = _COMPARE[op]()

    return edit


def _binary(op: type[ast.operator]) -> Edit:
    return lambda node: setattr(node, "op", _BINARY[op]())


def _positive(node: ast.AST) -> None:
    assert isinstance(node, ast.UnaryOp)  # noqa: S101
    node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)


def _turned(node: ast.AST) -> None:
    assert isinstance(node, ast.If | ast.IfExp)  # noqa: S101
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _dropped(place: int) -> Edit:
    def edit(node: ast.AST) -> None:
        assert isinstance(node, ast.comprehension)  # noqa: S101
        del node.ifs[place]

    return edit


def _called(name: str) -> Edit:
    def edit(node: ast.AST) -> None:
        assert isinstance(node, ast.Call)  # noqa: S101
        node.func = ast.Name(name, ast.Load())

    return edit
