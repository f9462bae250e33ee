"""What columns are called in the field: ``formats/*.toml``, one file for each system, with the reason it is known.

A heading is *certain* (``sikre``) where it can mean one thing only, and *to be asked about* (``spoerg``) where it can mean
several; words in a file's name or title tell which source it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from reconcile.resources import FORMATS
from reconcile.sources.cells import fold
from reconcile.sources.units import without_unit

#: Table → key of a heading → canonical columns.
Headings = Mapping[str, Mapping[str, tuple[str, ...]]]


def key(header: str) -> str:
    """What headings are compared by here: letters and digits alone, without the unit of an amount."""
    return re.sub(r"[\W_]+", "", fold(without_unit(header)))


@cache
def _files() -> tuple[Mapping[str, Any], ...]:
    paths = sorted(FORMATS.glob("*.toml"))
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in paths)


@cache
def certain() -> Headings:
    """The headings that can mean one thing only in a file of the table."""
    return _headings("sikre")


@cache
def to_ask() -> Headings:
    """The headings that may mean a column, so that the user is asked."""
    return _headings("spoerg")


def _headings(part: str) -> Headings:
    found: dict[str, dict[str, list[str]]] = {}
    for file in _files():
        for table, columns in file.get(part, {}).items():
            for column, headers in columns.items():
                for header in headers:
                    names = found.setdefault(table, {}).setdefault(key(header), [])
                    names += [column] * (column not in names)
    for file in _files():
        for table, other in file.get("som", {}).items():
            found[table] = {**found.get(other, {}), **found.get(table, {})}
    return {table: {word: tuple(names) for word, names in words.items()} for table, words in found.items()}


@cache
def all_keys() -> frozenset[str]:
    """Every known heading of every source, to tell a header row by."""
    return frozenset(word for headings in (certain(), to_ask()) for words in headings.values() for word in words)


def tables_named(text: str) -> set[str]:
    """The sources that a file name, a sheet or a title speaks of: «nexus-2023-07.xlsx» is ``fagsystem``."""
    told = _plain(text)
    return {t for file in _files() for t, words in file["ord"].items() if any(_says(told, word) for word in words)}


def systems_named(text: str) -> list[str]:
    """The systems whose name stands in a text, as they are written."""
    told = _plain(text)
    named = (f for f in _files() if any(_says(told, word) for words in f["ord"].values() for word in words))
    return [file["system"] for file in named if file["system"]]


def _says(told: str, word: str) -> bool:
    """A short word must stand alone in a text; a longer one may be a part of a word."""
    plain = _plain(word)
    return (plain.strip() in told) if len(word) > 4 else plain in told


def _plain(text: str) -> str:
    words = re.sub(r"[\W_]+", " ", text.casefold())
    return f" {words.strip()} "
