"""What the verdict says of HAND07: how many figures were compared, and what became of each difference.

Explained, tolerated, accepted and open are four words for four things, and what could not be compared is none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reconcile.domain.codes import code_order
from reconcile.i18n import _, number
from reconcile.reports.labels import COMPARED, counted, enumerated, span
from reconcile.results.cells import cell_id
from reconcile.results.rows import OPEN_STATUSES, Hand07Cell, RunResult, Status

_NAMED = 2
_MISSING = (Status.MISSING_DST, Status.MISSING_OWN, Status.NOT_APPROVED)


@dataclass(frozen=True)
class Compared:
    """The cells of a run by what became of them.

    ``asked`` is whether the run was to compare with Danmarks Statistik at all; ``different`` are the compared cells that
    are not equal: ``explained``, ``tolerated``, ``accepted`` or ``open`` (the largest rest first).
    """

    asked: bool
    cells: Sequence[Hand07Cell]
    accepted_ids: frozenset[str]

    @property
    def compared(self) -> list[Hand07Cell]:
        """The cells with a figure on both sides."""
        return [cell for cell in self.cells if cell.status in COMPARED]

    @property
    def missing(self) -> list[Hand07Cell]:
        """The cells that could not be compared although their code is valid."""
        return [cell for cell in self.cells if cell.status in _MISSING]

    @property
    def total(self) -> int:
        """The cells that were to be compared."""
        return len(self.compared) + len(self.missing)

    @property
    def different(self) -> list[Hand07Cell]:
        """The compared cells that are not equal."""
        return [cell for cell in self.compared if cell.status is not Status.EQUAL]

    @property
    def explained(self) -> list[Hand07Cell]:
        """The differences whose every person has a cause."""
        return [cell for cell in self.different if cell.status is Status.EXPLAINED]

    @property
    def tolerated(self) -> list[Hand07Cell]:
        """The differences that are not explained, and no larger than the tolerance."""
        return [cell for cell in self.different if cell.status is Status.TOLERATED]

    @property
    def accepted(self) -> list[Hand07Cell]:
        """The differences that are not explained, and accepted."""
        return [cell for cell in self._unexplained if self._is_accepted(cell)]

    @property
    def open(self) -> list[Hand07Cell]:
        """The differences that are neither explained, tolerated nor accepted, the largest rest first."""
        left = [cell for cell in self._unexplained if not self._is_accepted(cell)]
        return sorted(left, key=lambda cell: (-abs(cell.rest or 0), code_order(cell.dst_kode), cell.periode))

    @property
    def agreeing(self) -> tuple[frozenset[str], frozenset[str]]:
        """The codes whose compared cells are all equal, and all codes that have a compared cell."""
        codes = frozenset(cell.dst_kode for cell in self.compared)
        return codes - {cell.dst_kode for cell in self.different}, codes

    @property
    def _unexplained(self) -> list[Hand07Cell]:
        return [cell for cell in self.different if cell.status in OPEN_STATUSES]

    def _is_accepted(self, cell: Hand07Cell) -> bool:
        return cell_id(cell.dst_kode, cell.periode) in self.accepted_ids


def compared_figures(result: RunResult) -> Compared:
    """The HAND07 cells of a run."""
    table = result.table("hand07_diff")
    return Compared(table is not None, table.rows if table else (), result.accepted)


def hand07_headline(figures: Compared, asked: tuple[str, ...]) -> str:
    """The verdict in a sentence or two; ``asked`` are the quarters of the run."""
    if not figures.compared:
        text = _("Ingen tal kunne sammenlignes med Danmarks Statistik.")
        return f"{span(asked)}: {text}" if asked else text
    good, codes = figures.agreeing
    periods = tuple(sorted({cell.periode for cell in figures.compared}))
    sentences = [_share(len(good), len(codes)), _differences(figures, several=len(periods) > 1)]
    return f"{span(periods)}: {' '.join(filter(None, sentences))}"


def _share(good: int, total: int) -> str:
    if good == total:
        return counted(
            total,
            _("Den ene ydelse stemmer med Danmarks Statistik."),
            _("Alle {antal} ydelser stemmer med Danmarks Statistik."),
        )
    if not good:
        return counted(
            total,
            _("Den ene ydelse stemmer ikke med Danmarks Statistik."),
            _("Ingen af de {antal} ydelser stemmer helt med Danmarks Statistik."),
        )
    text = _("{ens} af {alle} ydelser stemmer med Danmarks Statistik.")
    return text.format(ens=number(good), alle=number(total))


def _differences(figures: Compared, *, several: bool) -> str:
    """How many differences are explained, tolerated and accepted, and where the unexplained persons are."""
    total, explained = len(figures.different), len(figures.explained)
    if not total:
        return ""
    if explained == total:
        return counted(total, _("Den ene forskel er forklaret."), _("Alle {antal} forskelle er forklaret."))
    parts = []
    if explained:
        text = _("{klar} af {alle} forskelle er forklaret")
        parts.append(text.format(klar=number(explained), alle=number(total)))
    if count := len(figures.tolerated):
        one, many = _("{antal} er uforklaret inden for tolerancen"), _("{antal} er uforklarede inden for tolerancen")
        parts.append(counted(count, one, many))
    if count := len(figures.accepted):
        one, many = _("{antal} er uforklaret, men accepteret"), _("{antal} er uforklarede, men accepterede")
        parts.append(counted(count, one, many))
    parts += _open(figures, several=several)
    return "; ".join(parts) + "."


def _open(figures: Compared, *, several: bool) -> list[str]:
    count = len(figures.open)
    if not count:
        return []
    if count <= _NAMED:
        where = enumerated([_persons(cell, several=several) for cell in figures.open])
        alone = count == 1 and abs(figures.open[0].rest or 0) == 1
        return [(_("{hvor} er uforklaret") if alone else _("{hvor} er uforklarede")).format(hvor=where)]
    largest = _persons(figures.open[0])
    if count == len(figures.different):
        text = _("Ingen af de {antal} forskelle er helt forklaret; den største er {hvor}")
    else:
        text = _("{antal} er ikke helt forklaret, den største er {hvor}")
    return [text.format(antal=number(count), hvor=largest)]


def _persons(cell: Hand07Cell, *, several: bool = True) -> str:
    where = f"{cell.dst_kode} ({cell.periode})" if several else cell.dst_kode
    return counted(cell.rest or 0, _("{antal} person i {hvor}"), _("{antal} personer i {hvor}"), hvor=where)


def not_compared(figures: Compared) -> str:
    """How many cells the verdict does not speak of, and why; empty when it speaks of all."""
    if not figures.missing:
        return "" if figures.cells else _("Kilderne har ingen tal i perioden.")
    by_status = Counter(cell.status for cell in figures.missing)
    reasons = [_REASONS[status]().format(antal=number(by_status[status])) for status in _MISSING if by_status[status]]
    text = _("{antal} af {alle} sammenligninger er ikke foretaget: {grunde}.")
    return text.format(antal=number(len(figures.missing)), alle=number(figures.total), grunde=enumerated(reasons))


_REASONS: Mapping[Status, Callable[[], str]] = {
    Status.MISSING_DST: lambda: _("{antal} har intet tal fra Danmarks Statistik"),
    Status.MISSING_OWN: lambda: _("{antal} har intet eget tal"),
    Status.NOT_APPROVED: lambda: _("{antal} er ikke godkendt"),
}


def no_extract(figures: Compared) -> str:
    """That there is no bridge, where there is none."""
    if not figures.cells or any(cell.harmoniseret is not None for cell in figures.cells):
        return ""
    return _("Uden et udtræk af personer fra fagsystemet eller FLIS er der ingen bro, der kan forklare forskellene.")
