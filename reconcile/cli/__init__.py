"""The command line. ``main`` chooses the language, runs the command, and turns every mistake into a sentence."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence

from reconcile.i18n import LANGUAGES, _, choose
from reconcile.privacy import ending

#: How many new objects there are before garbage is looked for, and how many such looks before older ones are gone through too. A
#: run has hundreds of thousands of rows that stay, and no cycle among them: Python's own numbers took a tenth of its time.
_COLLECTED = (10_000, 10, 100)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``reconcile``; exits 0, 1 (findings), 2 (bad usage or input) or 130 (interrupted)."""
    with ending.in_order(forever=arguments is None):
        try:
            code = _main(list(sys.argv[1:] if arguments is None else arguments))
            ending.over()
        except KeyboardInterrupt:
            code = ending.INTERRUPTED
        if ending.must_end():  # also where a library made something else of it
            ending.end()
    sys.exit(code)


def _main(words: Sequence[str]) -> int:
    """The exit code of a command line."""
    gc.set_threshold(*_COLLECTED)
    _utf8_streams()
    choose(_language(words))
    import click

    from reconcile.cli.group import reconcile
    from reconcile.errors import ReconcileError
    from reconcile.privacy.screen import say

    try:
        return reconcile.main(words, prog_name="reconcile", standalone_mode=False) or 0
    except click.exceptions.Abort:
        return ending.INTERRUPTED
    except click.ClickException as error:
        if not ending.must_end():
            told = io.StringIO()
            error.show(told)  # it repeats what was typed
            say(told.getvalue().rstrip("\n"), err=True)
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - a bug must not show a traceback: its values may be CPR numbers
        if not ending.must_end():
            say(error if isinstance(error, ReconcileError) else _short_of(error) or _bug(error), err=True)
    return 2


def _language(words: Sequence[str]) -> str:
    """``--lang`` anywhere on the line, else RECONCILE_LANG: help texts are made in it, so it is read first."""
    for place, word in enumerate(words):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
    asked = os.environ.get("RECONCILE_LANG", "da")[:2].lower()
    return asked if asked in LANGUAGES else "da"


def _utf8_streams() -> None:
    """Danish letters on a Windows console or pipe whatever its code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and (stream.encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8", errors="replace")


def _short_of(error: Exception) -> str:
    """A sentence where the machine lacks room or memory; empty for anything else."""
    from reconcile.files import out_of_room

    if out_of_room(error):
        said = _(
            "Disken er fuld: ryd op, eller vælg en anden midlertidig mappe med TMPDIR ({mappe}). Ingen rapport er skrevet."
        )
        return said.format(mappe=os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp")  # noqa: S108 - it is only named
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
        return _(
            "Der er ikke hukommelse nok til kørslen. Luk andre programmer, eller kør på færre filer. Ingen rapport er skrevet."
        )
    if isinstance(error, FileNotFoundError) and "temporary directory" in str(error):
        return _("Der er ingen midlertidig mappe, der kan skrives i. Sæt TMPDIR til en mappe med plads.")
    return ""


def _bug(error: Exception) -> str:
    """Where a bug is, without any value from the data."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    text = _("Uventet fejl i reconcile ({slags} i {sted}). Ingen rapport er skrevet. Meld den gerne med denne linje.")
    return text.format(slags=type(error).__name__, sted=os.path.basename(where))  # noqa: PTH119
