"""The one way out: every byte that leaves a run, to a file or a screen, goes through here and holds no CPR number.

The door knows the numbers of the run (``learn``), in whatever form they stand. Without a run (``approve``, ``accept``)
it masks what looks like a CPR number. Modules that make texts mask them too, but nothing depends on it: no other module
opens a file for writing or prints (tests/test_privacy_door.py).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconcile import files
from reconcile.domain.cpr import mask
from reconcile.privacy.known import MASKED, Known

__all__ = [
    "MASKED",
    "by_form",
    "forget",
    "is_known",
    "json_text",
    "know",
    "learn",
    "numbers",
    "text",
    "typed",
    "value",
    "write",
    "write_whole",
]

#: What we name things by: a hash, the beginning of one as a screen shows it, the id of a finding or a case. Their hex digits
#: are no number; where no letter is among them, they may be.
_HASH = re.compile(
    r"([0-9a-f]{64}"
    r"|(?<![\w-])(?:S-)?[A-Z\u00c5\u00c6\u00d8][A-Z0-9_\u00c5\u00c6\u00d8]*-(?=[0-9]*[a-f])[0-9a-f]{12}(?![\w-])"
    r"|(?<![\w-])(?=[0-9]*[a-f])[0-9a-f]{16}(?![\w-]))"
)
#: What a terminal acts on instead of showing: control characters, and marks that turn the direction of a text.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_RUN = {"known": Known()}
#: Texts that came through already, and how they left: codes, names and pseudonyms come many times. Never more than _MANY.
_SEEN: dict[str, str] = {}
_MANY = 200_000


def learn(numbers: Iterable[int]) -> None:
    """Add CPR numbers of the run to those that are found at the door."""
    know(_RUN["known"].joined(numbers))


def forget() -> None:
    """A new run begins: the numbers of an earlier one in the same process are no longer looked for."""
    know(Known())


def numbers() -> Known:
    """The numbers that are found at the door, for a process that writes a file of the run."""
    return _RUN["known"]


def know(numbers: Known) -> None:
    """Find these numbers at the door and no others."""
    _RUN["known"] = numbers
    _SEEN.clear()


def by_form(text: str) -> str:
    """What looks like a CPR number masked; hashes and ids, which are hex digits, left alone."""
    return "".join(part if place % 2 else mask(part) for place, part in enumerate(_HASH.split(text)))


def text(value: str) -> str:
    """A text that leaves the run: its own numbers masked, and without a run whatever looks like one."""
    if (seen := _SEEN.get(value)) is not None:
        return seen
    known = _RUN["known"]
    made = known.hide(value) if known else by_form(value)
    if len(_SEEN) >= _MANY:
        _SEEN.clear()
    _SEEN[value] = made
    return made


def typed(value: str) -> str:
    """A text that somebody typed or that is shown on a screen: masked both ways, and nothing a terminal acts on."""
    hidden = _RUN["known"].hide(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", value))
    # Lines and tabs part figures, which together are no number.
    return "".join(part if place % 2 else by_form(part) for place, part in enumerate(re.split(r"([\n\t]+)", hidden)))


def value(given: Any) -> Any:  # noqa: PLR0911 - one for each kind
    """A value of a table or a JSON document: texts are masked, and a number that is a CPR number becomes the mask."""
    match given:
        case None | bool():
            return given
        case str():
            return text(given)
        case int() | Decimal():
            return MASKED if is_known(given) else given
        case Mapping():
            return {text(str(key)): value(each) for key, each in given.items()}
        case tuple() | list():
            return type(given)(map(value, given)) if type(given) in (tuple, list) else given
        case _ if is_dataclass(given) and not isinstance(given, type):
            return value(asdict(given))
        case _other:
            return given


def is_known(number: Any) -> bool:
    """Whether a number is a CPR number of the run."""
    known = _RUN["known"]
    if not known or abs(number) < 10_000_000:
        return False
    if isinstance(number, Decimal) and not number.is_finite():
        return False
    return int(abs(number)) in known


def json_text(content: str) -> str:
    """JSON with the numbers of the run masked: a bare number becomes a text, so that it stays JSON."""

    def masked_number(match: re.Match[str], made: str) -> str:
        """What is written for a number: in quotes where it stood bare and the file would else not be read."""
        before, after = _beside(match)
        bare = before in ("", ":", "[", ",", "\n", "-") and after in ("", ",", "]", "}", "\n", "\r")
        quoted = match.string[: match.start()].endswith('"')
        return f'"{made}"' if bare and not quoted and not _inside_text(match.string, match.start()) else made

    return _RUN["known"].hide(content, masked_number)


def _beside(match: re.Match[str]) -> tuple[str, str]:
    """The signs before and after a match, blanks aside; empty at an end."""
    text = match.string
    return text[: match.start()].rstrip(" ")[-1:], text[match.end() :].lstrip(" ")[:1]


def _inside_text(content: str, place: int) -> bool:
    """Whether a place in indented JSON is inside quotes: counted from the beginning of its line."""
    line = content[content.rfind("\n", 0, place) + 1 : place]
    return len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 1


def clean(name: str, content: bytes) -> bytes:
    """The content of a text file without the numbers of the run. ``name`` tells its form."""
    known = _RUN["known"]
    if not known:
        return content
    try:
        told = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    made = json_text(told) if name.endswith((".json", ".jsonl")) else known.hide(told)
    return content if made == told else made.encode("utf-8")


def write(path: Path, content: bytes, *, sealed: bool = False, mode: int = 0o666) -> None:
    """Write a file. ``sealed``: encrypted, or a container whose cells have come through ``value``.

    ``mode`` is what it may be read by at most; the user's umask takes away from it.

    Raises:
        OSError: it cannot be written.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content if sealed else clean(path.name, content))


def write_whole(path: Path, content: bytes, *, sealed: bool = False, mode: int = 0o666) -> None:
    """``write`` in one step: a reader or a crash sees the old file or the new one, never a mix.

    Raises:
        OSError: it cannot be written; the old file is as it was.
    """
    files.write_whole(path, content if sealed else clean(path.name, content), mode=mode)
