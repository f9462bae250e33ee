"""The files of Ydelsesrefusion: which are deliveries, and which are the same delivery once more.

Serviceplatformen lays ``yr-ydelsesrefusion-advisering-…`` beside ``yr-ydelsesrefusion-beregning-…``; only the latter is rows of
calculation. A delivery that came twice would double every amount in it, and no rule can tell: the user answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from reconcile.domain.cpr import mask
from reconcile.engine.duckdb import Engine
from reconcile.errors import InputError
from reconcile.i18n import _

_SIBLING = re.compile(r"yr-ydelsesrefusion-(?!beregning-)(?P<kind>[^-]+)-", re.IGNORECASE)


def deliveries(files: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The files that are deliveries, and a sentence on each that its name says is something else.

    Raises:
        InputError: none of them is a delivery.
    """
    siblings = {path: match["kind"] for path in files if (match := _SIBLING.match(path.name))}
    text = _("{fil}: filnavnet siger «{slags}», som ikke er en beregning; filen er ikke læst.")
    said = [mask(text.format(fil=path.name, slags=kind)) for path, kind in siblings.items()]
    if siblings and len(siblings) == len(files):
        raise InputError(" ".join([*said, _("Der er ingen beregninger i kilden yr.")]))
    return [path for path in files if path not in siblings], said


def copies(engine: Engine) -> Sequence[Sequence[str]]:
    """Groups of files that have the same rows, in whatever order and encoding; the first of each has the shortest name."""
    query = """
        SELECT list(fil ORDER BY length(fil), fil)
        FROM (SELECT fil, count(*) AS antal, sum(CAST(raa AS HUGEINT)) AS aftryk FROM yr GROUP BY fil)
        GROUP BY antal, aftryk
        HAVING count(*) > 1
        ORDER BY min(fil)
    """
    return [row[0] for row in engine.rows(query)]


def count_once(engine: Engine, choice: str) -> list[str]:
    """Keep one of the files that are the same delivery where the user said so; returns sentences for ``forbehold``.

    ``choice`` is ``en``, ``alle`` (every one counts) or empty: not answered.

    Raises:
        InputError: two files are the same, and nobody has said what they are.
    """
    groups = copies(engine) if choice != "alle" else ()
    if groups and not choice:
        text = _(
            '{anden} har de samme rækker som {fil}. Skriv samme_levering = "en" i [kilder.yr], hvis det er den samme levering og'
            ' skal tælle én gang, eller samme_levering = "alle", hvis hver af dem skal tælle med.'
        )
        raise InputError(" ".join(text.format(fil=first, anden=", ".join(others)) for first, *others in groups))
    said = []
    text = _(
        '{anden} har de samme rækker som {fil} og er den samme levering; den er talt én gang (samme_levering = "en").'
    )
    for first, *others in groups:
        for other in others:
            engine.run("DELETE FROM yr WHERE fil = ?", [other])
        said.append(text.format(fil=first, anden=", ".join(others)))
    return said
