"""What the money of each ydelse is for, on the page: all of it, what a fuldtidsydelse costs, and what each part pays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from reconcile.domain.codes import code_order
from reconcile.i18n import _
from reconcile.reports import labels, page_eight
from reconcile.reports.verdict_tag import ottetal_cells
from reconcile.results.rows import RunResult

#: The parts in the order they are shown; the first is as it should be.
PARTS = (
    "aktiv_ydelse",
    "forkert_konto",
    "betaling_efter_ophoer",
    "betaling_uden_ydelse",
    "rammestyret",
    "uden_cpr",
)


@dataclass(frozen=True)
class Spent:
    """A ydelse over the quarters of the run, in kr.: ``parts`` sum to ``amount``; ``price`` per fuldtidsydelse and quarter."""

    code: str
    amount: Decimal
    price: Decimal | None
    parts: tuple[Decimal, ...]


@dataclass(frozen=True)
class Money:
    """The table: a line for each ydelse, and last their sum; ``headings`` are those of the parts that occur, and ``summary``
    says each part of the sum."""

    headings: tuple[str, ...]
    lines: tuple[Spent, ...]
    summary: str


def money(result: RunResult) -> Money | None:
    """The table of a run; None where it has no ledger."""
    table = result.table("ottetal_beloeb")
    if not table or not table.rows:
        return None
    paid: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in table.rows:
        paid[row.dst_kode][row.aarsag] += row.beloeb
    full: dict[str, Decimal] = defaultdict(Decimal)
    for cell in ottetal_cells(result):
        if cell.oekonomi_beloeb is not None and cell.fagsystem_fuldtid is not None:
            full[cell.dst_kode] += cell.fagsystem_fuldtid
    shown = [part for part in PARTS if any(parts.get(part) for parts in paid.values())]
    rows = tuple(_spent(code, paid[code], shown, full[code]) for code in sorted(paid, key=code_order))
    whole = tuple(sum((row.parts[n] for row in rows), Decimal()) for n in range(len(shown)))
    total = Spent(_("I alt"), sum((row.amount for row in rows), Decimal()), None, whole)
    told = [
        f"{labels.cause(part)} {page_eight.whole(amount)}" for part, amount in zip(shown, whole, strict=True) if amount
    ]
    return Money(tuple(_heading(part) for part in shown), (*rows, total), "; ".join(told))


def _spent(code: str, parts: dict[str, Decimal], shown: list[str], full: Decimal) -> Spent:
    amount = sum(parts.values(), Decimal())
    return Spent(code, amount, amount / full if full else None, tuple(parts.get(part, Decimal()) for part in shown))


def _heading(part: str) -> str:
    said = labels.cause(part)
    return said[:1].upper() + said[1:]
