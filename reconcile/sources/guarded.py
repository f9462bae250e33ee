"""The workbook reader, kept from ending the run: it panics on some damaged files, which no ``except Exception`` hears."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: What a panic of a library in Rust is called; it is no Exception.
_PANIC = "PanicException"


@contextmanager
def guarded() -> Iterator[None]:
    """While this lasts, a panic is a ValueError and says nothing on the screen.

    Raises:
        ValueError: the library gave up.
    """
    kept = _silenced()
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise ValueError("damaged") from None
    finally:
        if kept is not None:
            os.dup2(kept, 2)
            os.close(kept)


def _silenced() -> int | None:
    """Turn the error stream of the process away; returns what it was, or None where it has none."""
    with suppress(OSError):
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        return kept
    return None
