"""Small faults in SQL: what somebody could have written instead. Each is the whole text with one place changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<skip>--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|\$\w+|\{[^{}]*\}|::\s*\w+(?:\([^)]*\))?)"
    r"|(?P<type>\b(?:DECIMAL|NUMERIC|VARCHAR)\s*\([^)]*\))"
    r"|(?P<null>\bIS\s+(?:NOT\s+)?NULL\b)"
    r"|(?P<same>\bIS\s+(?:NOT\s+)?DISTINCT\s+FROM\b)"
    r"|(?P<join>\bLEFT\s+JOIN\b|\bNOT\s+EXISTS\b|\bNOT\s+IN\b)"
    r"|(?P<word>\b[A-Za-zÆØÅæøå_]\w*\b)"
    r"|(?P<number>(?<![\w.])\d+(?![\w.]))"
    r"|(?P<decimal>\d+\.\d+)"
    r"|(?P<op><=|>=|<>|!=|\|\||->|=>|[-+*/<>=])",
    re.IGNORECASE | re.DOTALL,
)
_OPERATORS = {
    "<=": "<", ">=": ">", "<": "<=", ">": ">=", "=": "<>", "<>": "=", "!=": "=", "+": "-", "-": "+", "*": "+", "/": "*",
}  # fmt: skip
_CALLED = {
    "min": "max",
    "max": "min",
    "least": "greatest",
    "greatest": "least",
    "bool_or": "bool_and",
    "bool_and": "bool_or",
}
_WORDS = {"and": "OR", "or": "AND", "distinct": "", "not": "", "desc": "ASC"}
_JOINS = {"left": "JOIN", "not": None}
_ENDS = re.compile(
    r"\b(?:GROUP\s+BY|ORDER\s+BY|HAVING|QUALIFY|WINDOW|UNION|WHERE|LIMIT|THEN|ELSE|END|SELECT|FROM|JOIN)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Change:
    """A fault: on which line, what was written there and what is now, and the text that has it."""

    line: int
    before: str
    after: str
    text: str


def changes(sql: str) -> Iterator[Change]:
    """Every fault that is known how to make in a text, in the order of its places."""
    between = False
    for found in _TOKEN.finditer(sql):
        word = found[0].lower()
        if word == "between":
            between = True
        if word == "and" and between:  # the AND of a BETWEEN joins no conditions
            between = False
            continue
        after = _instead(found, sql)
        if after is not None:
            yield _changed(sql, found.start(), found.end(), after)
    for begin, end in _conditions(sql):
        yield _changed(sql, begin, end, "TRUE")
    for begin, end, first in _defaults(sql):
        yield _changed(sql, begin, end, first)


def _instead(found: re.Match[str], sql: str) -> str | None:
    kind, text = found.lastgroup, found[0]
    words = text.lower().split()
    match kind:
        case "null" | "same":
            return text.replace(words[1].upper(), "", 1) if words[1] == "not" else re.sub(r"(?i)\bis\b", "IS NOT", text)
        case "join":
            return _JOINS[words[0]] or re.sub(r"(?i)not\s+", "", text)
        case "word":
            called = sql[found.end() :].lstrip()[:1] == "("
            return (_CALLED.get(text.lower()) if called else None) or _WORDS.get(text.lower())
        case "number":
            return str(int(text) + 1) if not _in_a_list(sql, found.start()) else None
        case "op":
            return _operator(text, sql, found)
    return None


def _operator(text: str, sql: str, found: re.Match[str]) -> str | None:
    around = sql[found.start() - 1 : found.start()], sql[found.end() : found.end() + 1]
    if text == "*" and (
        around[0] in "(." or re.match(r"\s*(?:$|,|\)|EXCLUDE|REPLACE|FROM)", sql[found.end() :], re.IGNORECASE)
    ):
        return None  # every column
    if text == "-" and around[1] == ">":
        return None
    return _OPERATORS.get(text)


def _in_a_list(sql: str, place: int) -> bool:
    """Whether a number is one of GROUP BY 1, 2 or ORDER BY 1, where it is a column; or what EXISTS selects or
    ``count(CASE … THEN 1 END)`` counts, which is nothing and anything; or by how much the number of a stretch grows where a
    new one begins, which only tells them apart."""
    if re.search(r"\bEXISTS\s*\(\s*SELECT\s+$", sql[:place], re.IGNORECASE):
        return True
    if re.search(r"\bcount\s*\(\s*CASE\b(?:(?!\bEND\b).)*\bTHEN\s+$", sql[:place], re.IGNORECASE | re.DOTALL):
        return True
    if re.search(r"> naaet THEN\s+$", sql[:place]) and re.match(r"1\s+ELSE 0 END\) OVER\b", sql[place:]):
        return True
    return (
        re.search(r"\b(?:GROUP|ORDER)\s+BY\s+(?:\w+(?:\s+(?:DESC|ASC))?\s*,\s*)*$", sql[:place], re.IGNORECASE)
        is not None
    )


def _changed(sql: str, begin: int, end: int, after: str) -> Change:
    return Change(
        sql.count("\n", 0, begin) + 1, " ".join(sql[begin:end].split()), after, sql[:begin] + after + sql[end:]
    )


def _plain(sql: str) -> str:
    """The text with comments and quoted parts blanked out, so that places are the same."""
    return re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", lambda m: " " * len(m[0]), sql, flags=re.DOTALL)


def _conditions(sql: str) -> Iterator[tuple[int, int]]:
    """The terms of each WHERE and ON that AND joins, as places."""
    plain = _plain(sql)
    for start in re.finditer(r"\b(?:WHERE|ON|QUALIFY|HAVING)\b", plain, re.IGNORECASE):
        depth, begin, place, between = 0, start.end(), start.end(), False
        terms: list[tuple[int, int]] = []
        while place < len(plain):
            sign = plain[place]
            depth += (sign == "(") - (sign == ")")
            if depth < 0 or (depth == 0 and (sign == ";" or _ENDS.match(plain, place))):
                break
            if depth == 0 and re.match(r"\bBETWEEN\b", plain[place:], re.IGNORECASE):
                between = True
            if (
                depth == 0
                and re.match(r"(?<!\w)AND\b", plain[place:], re.IGNORECASE)
                and not plain[place - 1].isalnum()
            ):
                if not between:
                    terms.append((begin, place))
                    begin = place + 3
                between = False
            place += 1
        terms.append((begin, place))
        yield from (
            (b + len(sql[b:e]) - len(sql[b:e].lstrip()), b + len(sql[b:e].rstrip())) for b, e in terms if len(terms) > 1
        )


def _defaults(sql: str) -> Iterator[tuple[int, int, str]]:
    """Each ``coalesce(a, b)`` and its first argument."""
    plain = _plain(sql)
    for start in re.finditer(r"\bcoalesce\s*\(", plain, re.IGNORECASE):
        depth, comma = 1, None
        for place in range(start.end(), len(plain)):
            depth += (plain[place] == "(") - (plain[place] == ")")
            if depth == 1 and plain[place] == "," and comma is None:
                comma = place
            if depth == 0:
                if comma is not None:
                    yield start.start(), place + 1, sql[start.end() : comma]
                break
