"""The bridge of a cell: its steps, its status and the sentence about it, in persons or in fuldtidsydelser alike.

Figures are exact (integers or fractions); they are rounded when they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reconcile.controls.meeting import Measure, Number, Outcome
from reconcile.domain.exact import rounded
from reconcile.i18n import _, number
from reconcile.results.rows import OPEN_STATUSES, Status

#: The steps of the bridge in order: name in ``bro.csv`` and column of the bridge's figures. ``rettet`` is there only in
#: quarters whose DST figure rests on an earlier delivery than this one.
STEPS = (
    ("raa", "raa"),
    ("rettet", "rettet"),
    ("indlaesning", "indlaesning"),
    ("gyldighed", "gyldighed"),
    ("R1", "r1"),
    ("R3", "r3"),
    ("R2", "harmoniseret"),
)


@dataclass(frozen=True)
class Cell:
    """The exact figures of a dst_kode × quarter, in one unit.

    ``dst``, ``flis``: published or counted; ``dst_text``, ``flis_text``: what stood there instead of a figure. ``steps``: the
    figures of the bridge by column of ``STEPS``, empty where there is none. ``fagsystem``: whether the bridge starts there.
    ``known`` and ``valid``: the code is known, and valid on a day of the quarter; ``approved``: nobody said no to the quarter.
    """

    code: str
    period: str
    dst: Number | None
    flis: Number | None
    dst_text: str | None
    flis_text: str | None
    steps: Mapping[str, Number]
    fagsystem: bool
    known: bool
    valid: bool
    approved: bool

    @property
    def raw(self) -> Number | None:
        """The first figure of the bridge."""
        return self.steps.get("raa")

    @property
    def harmonised(self) -> Number | None:
        """What DST should publish."""
        return self.steps.get("harmoniseret")

    @property
    def own(self) -> Number | None:
        """The figure DST's is held against: the bridge's first one, else FLIS'."""
        return self.flis if self.raw is None else self.raw

    @property
    def rest(self) -> Number | None:
        """DST's figure less what it should be: the harmonised one, or FLIS' where there is no bridge."""
        return minus(self.dst, self.flis if self.harmonised is None else self.harmonised)

    def status(self, tolerance: Number) -> Status:
        """The status of the cell; ``tolerance`` is in its unit, on the rest."""
        return judge(
            valid=self.valid,
            approved=self.approved,
            dst=self.dst,
            own=self.own,
            rest=self.rest,
            tolerance=tolerance,
        )

    def changes(self) -> Iterator[tuple[str, Number, Number | None]]:
        """The rows of the bridge: step, figure after it, change: each step, the harmonised figure, and DST's if any."""
        before: Number | None = None
        for name, column in STEPS:
            if column in self.steps:
                after = self.steps[column]
                yield name, after, minus(after, before)
                before = after
        if before is not None:
            yield "harmoniseret", before, 0
            if self.dst is not None:
                yield "dst", self.dst, self.rest


def minus(theirs: Number | None, ours: Number | None) -> Number | None:
    """The difference, exact; None where one is missing."""
    if theirs is None or ours is None:
        return None
    difference = Fraction(theirs) - Fraction(ours)
    return int(difference) if isinstance(theirs, int) and isinstance(ours, int) else difference


def judge(
    *, valid: bool, approved: bool, dst: Number | None, own: Number | None, rest: Number | None, tolerance: Number
) -> Status:
    """The status of a cell: the first that holds. ``own`` is raa or the FLIS figure; all in one unit."""
    if not valid:
        return Status.NOT_VALID
    if not approved:
        return Status.NOT_APPROVED
    if dst is None:
        return Status.MISSING_DST
    if own is None or rest is None:
        return Status.MISSING_OWN
    return _compared(Fraction(dst) - Fraction(own), Fraction(rest), Measure(absolute=tolerance))


def _compared(difference: Fraction, rest: Fraction, tolerated: Measure) -> Status:
    if Measure().compare((rest, 0)) is Outcome.EQUAL:
        return Status.EXPLAINED if difference else Status.EQUAL
    if tolerated.compare((rest, 0)) is Outcome.EQUAL:
        return Status.TOLERATED
    return Status.PARTLY if abs(rest) < abs(difference) else Status.UNEXPLAINED


def whole(value: Number) -> str:
    """A count of persons as text."""
    return number(int(value))


def four(value: Number) -> str:
    """A volume as text: at most four decimals, half up."""
    return number(volume(value))


def volume(value: Number) -> Decimal:
    """A volume as it is written: four decimals, half up."""
    return rounded(Fraction(value), 4)


def written(value: Number | None) -> Decimal | None:
    """A volume as it is written; None where it is missing."""
    return None if value is None else volume(value)


def explanation(cell: Cell, status: Status, shown: Callable[[Number], str]) -> str:
    """The sentence of a cell: why the figures differ, or what is missing. ``shown`` writes a figure of its unit."""
    said = {
        Status.NOT_VALID: _("Koden fandtes ikke i kvartalet."),
        Status.NOT_APPROVED: _("Kvartalet er ikke godkendt hos Danmarks Statistik."),
        Status.EQUAL: _("Tallene er ens."),
    }
    words = [said[status]] if status in said else []
    if status is Status.MISSING_DST:
        words.append(_missing(_("Danmarks Statistik"), cell.dst_text))
    if status is Status.MISSING_OWN:
        words.append(_missing(_("FLIS"), cell.flis_text))
    if not cell.known:
        words.append(_("Koden kendes ikke og er ikke med i nogen bro (VH02)."))
    words += _causes(cell, shown)
    if cell.rest and status in (Status.TOLERATED, *OPEN_STATUSES):
        words.append(_("Rest {rest}.").format(rest=_signed(cell.rest, shown)))
    return " ".join(words)


def _missing(who: str, text: str | None) -> str:
    if text is None:
        return _("{hvem} har ingen celle for koden i kvartalet.").format(hvem=who)
    if text:
        return _("{hvem} har «{tekst}» i stedet for et tal.").format(hvem=who, tekst=text)
    return _("{hvem} har en tom celle.").format(hvem=who)


def _signed(value: Number, shown: Callable[[Number], str]) -> str:
    return f"{'−' if value < 0 else '+'}{shown(abs(Fraction(value)))}"


def _causes(cell: Cell, shown: Callable[[Number], str]) -> list[str]:
    """``indlæsning −3, gyldighed −76.``: the steps of the bridge that changed the figure."""
    raw, harmonised = cell.raw, cell.harmonised
    if raw is None or harmonised is None:
        return []
    names = {
        "rettet": _("rettet siden leveringen bag Danmarks Statistiks tal"),
        "indlaesning": _("indlæsning"),
        "gyldighed": _("gyldighed"),
        "R1": _("børn (R1)"),
        "R3": _("døde (R3)"),
        "R2": _("overlap med ophold (R2)"),
    }
    listed = [
        f"{names[step]} {_signed(change, shown)}" for step, _n, change in cell.changes() if step in names and change
    ]
    if not listed:
        return []
    text = (
        _("Fagsystemets {raa} bliver til {harmoniseret}: {liste}.")
        if cell.fagsystem
        else _("FLIS' {raa} bliver til {harmoniseret}: {liste}.")
    )
    return [text.format(raa=shown(raw), harmoniseret=shown(harmonised), liste=", ".join(listed))]
