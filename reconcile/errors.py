"""What can go wrong, as one small tree.

    ReconcileError            base: str() is the sentence the user reads; the command line exits 2
    ├── ConfigError           reconcile.toml is wrong; carries every mistake at once
    ├── InputError            a file, a row or an argument is wrong; carries every mistake at once
    ├── FetchError            something could not be fetched from the network; nothing has been changed
    └── MailError             a mail could not be sent

Anything else that escapes is a bug.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconcile.domain.cpr import mask
from reconcile.i18n import _


class ReconcileError(Exception):
    """A mistake the user can mend. ``str()`` is the whole Danish (or English) text."""


class ConfigError(ReconcileError):
    """reconcile.toml cannot be used; the text lists every mistake."""


class InputError(ReconcileError):
    """A file or an argument cannot be used; the text lists every mistake."""


class FetchError(ReconcileError):
    """A table could not be fetched; the text says why and what to do instead."""


class MailError(ReconcileError):
    """A mail could not be sent; the text says why, without any password."""


@dataclass(frozen=True, order=True)
class Problem:
    """One bad cell, row or file: where it is, what stands there and what to do about it.

    ``row`` is the number the user sees in Excel (the header is row 1); 0 is the whole file.
    Every text is masked for CPR numbers when it is made, so a problem can be printed as it is.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str

    @classmethod
    def make(cls, file: str, row: int, column: str, value: str | None, reason: str) -> Problem:
        """A problem with every text masked."""
        shown = mask((value or "")[:4000])[:80]  # cut first: a value can be megabytes, and there can be a hundred
        return cls(mask(file), row, mask(column), shown, mask(reason))

    def sentence(self) -> str:
        """``fil.csv, række 7, kolonne «Beløb», værdi «12.3»: …``."""
        parts = [self.file]
        if self.row:
            parts.append(_("række {row}").format(row=self.row))
        if self.column:
            parts.append(_("kolonne «{column}»").format(column=self.column))
        if self.value:
            parts.append(_("værdi «{value}»").format(value=self.value))
        return f"{', '.join(parts)}: {self.reason}"


def listed(heading: str, lines: Iterable[str]) -> str:
    """A heading and its lines, one mistake each, as one text."""
    return "\n".join([heading, *(f"  · {line}" for line in lines)])


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """``" Mente du «x»?"`` for the nearest known word, else the empty string."""
    lowered = {k.lower(): k for k in known}
    near = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
    return _(" Mente du «{word}»?").format(word=lowered[near[0]]) if near else ""
