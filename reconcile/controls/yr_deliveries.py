"""The monthly files of Ydelsesrefusion as a series: which is missing, came twice, or is another kommune's.

Later files correct earlier weeks, so a missing or doubled file changes the amounts of weeks all over. The files say who
they are by name (``yr-ydelsesrefusion-beregning-<kommune>-<nr>-YYYY-MM-DD.csv``); a file that is called something else is
only compared with the others by its rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from reconcile.i18n import _
from reconcile.results.rows import PartResult
from reconcile.sources.deliveries import copies
from reconcile.world.context import Context

_NAME = re.compile(r"yr-ydelsesrefusion-beregning-0?([0-9]{3})-([0-9]+)-[0-9]{4}-[0-9]{2}-[0-9]{2}", re.IGNORECASE)
_SHOWN = 12

#: Kommune → the number of a delivery → its files.
Series = Mapping[str, Mapping[int, Sequence[str]]]


def run(context: Context) -> PartResult:
    """What is odd about the files of the source ``yr``, as caveats."""
    engine = context.engine
    counted = {row[0] for row in engine.rows("SELECT DISTINCT fil FROM yr")}
    infos = [info for source in context.loaded.sources if source.kilde == "yr" for info in source.filer]
    files = [info.fil for info in infos if info.fil in counted or not info.raekker]
    series = _series(files)
    same = copies(context.reader)
    own = {row[0] for row in engine.rows("SELECT kommune FROM egen_kommune")}
    caveats = (*_of_copies(same), *_of_others(series, own), *_twice(series, same), *_gaps(series))
    return PartResult(caveats=caveats)


def _series(files: Iterable[str]) -> Series:
    series: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        if found := _NAME.search(file):
            series[found[1]][int(found[2])].append(file)
    return {kommune: dict(sorted(numbers.items())) for kommune, numbers in sorted(series.items())}


def _of_copies(same: Iterable[Sequence[str]]) -> Iterator[str]:
    text = _('{fil} har de samme rækker som {anden}, og de er talt med hver gang (samme_levering = "alle").')
    for first, *others in same:
        for other in others:
            yield text.format(fil=other, anden=first)


def _of_others(series: Series, own: Iterable[str]) -> Iterator[str]:
    text = _(
        "{filer}: filnavnet siger kommune {kommune}, som ikke er jeres. Rækkerne er talt med; fjern filen, hvis de ikke skal."
    )
    for kommune, numbers in series.items():
        if kommune not in own:
            files = [file for found in numbers.values() for file in found]
            yield text.format(filer=_some(files), kommune=kommune)


def _twice(series: Series, copied: Iterable[Sequence[str]]) -> Iterator[str]:
    """The numbers with several files, but for those that are known to be copies."""
    text = _(
        "Kommune {kommune} har løbenummer {nr} i flere filer: {filer}. Alle er talt med; afløser den ene den anden, så fjern"
        " den gamle."
    )
    same = [set(group) for group in copied]
    for kommune, numbers in series.items():
        for number, files in numbers.items():
            if len(files) > 1 and not any(group.issuperset(files) for group in same):
                yield text.format(kommune=kommune, nr=f"{number:04d}", filer=_some(files))


def _gaps(series: Series) -> Iterator[str]:
    text = _(
        "Leverancerne for kommune {kommune} går fra løbenummer {foerste} til {sidste}, men {mangler} er der ikke; uger, som de"
        " retter, kan være forkerte."
    )
    for kommune, numbers in series.items():
        first, last = min(numbers), max(numbers)
        if absent := [gap for pair in pairwise(numbers) if (gap := _between(*pair))]:
            yield text.format(kommune=kommune, foerste=f"{first:04d}", sidste=f"{last:04d}", mangler=_some(absent))


def _between(before: int, after: int) -> str:
    """The numbers between two: none, ``0051`` or ``0053–0055``."""
    first, last = f"{before + 1:04d}", f"{after - 1:04d}"
    return "" if after == before + 1 else first if first == last else f"{first}–{last}"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (_(" og {antal} mere").format(antal=rest) if rest > 0 else "")
