"""When a month is final: how much of its amount is known after one, two … periods, and what the newest months will still change.

A triangle of months by periods of observation. From one period to the next all months that have both grow by the ratio of
their sums (chain ladder); a month's final amount is what it has, grown by the periods it still lacks. Exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from reconcile.controls.yr_periods import between, earlier
from reconcile.domain.exact import rounded
from reconcile.domain.periods import Quarter
from reconcile.i18n import Count, _, fixed, kr
from reconcile.results.rows import PartResult, ResultTable
from reconcile.results.yr import Settling
from reconcile.world.context import Context

#: Month → period of observation (both first days) → what that period added, in kr.
Cells = Mapping[date, Mapping[date, Decimal]]

#: The share of a month's kroner that must be booked before the lag is said to be over.
ENOUGH = Fraction(95, 100)
#: So many months after a month are looked at when the lag is measured, and so many such months are needed.
WATCHED, NEEDED = 12, 3
_SHARE_DIGITS = 4


def triangle(cells: Cells, periods: Sequence[date], first: Mapping[date, date]) -> tuple[Settling, ...]:
    """The rows of each month in ``first`` (its first period), for each of ``periods`` (in order) from there on.

    What an earlier period added is known in the first. ``forventet_aendring`` stands at the month's last row.
    """
    known = {month: _cumulated(cells.get(month, {}), periods, first[month]) for month in sorted(first)}
    factors = _factors([[amount for _period, amount in line] for line in known.values()])
    rows = []
    for month, line in known.items():
        if not line:
            continue
        last = Fraction(line[-1][1])
        final = last
        for factor in factors[len(line) - 1 :]:
            final *= factor
        for number, (period, amount) in enumerate(line, start=1):
            rows.append(
                Settling(
                    maaned=month,
                    efter=number,
                    til_og_med=period,
                    kendt=amount,
                    andel=rounded(Fraction(amount) / final, _SHARE_DIGITS) if final else None,
                    forventet_aendring=rounded(final - last, 2) if number == len(line) else None,
                )
            )
    return tuple(rows)


def _cumulated(added: Mapping[date, Decimal], periods: Sequence[date], first: date) -> list[tuple[date, Decimal]]:
    """What is known of a month at the end of each period from its first on."""
    sums = accumulate(periods, lambda known, period: known + added.get(period, Decimal(0)), initial=Decimal("0.00"))
    return [(period, known) for period, known in zip(periods, list(sums)[1:], strict=True) if period >= first]


def _factors(lines: Sequence[Sequence[Decimal]]) -> list[Fraction]:
    """How the known amount grows after one period, after two …, over the months that have both; 1 where nothing is known."""
    factors = []
    for n in range(1, max(map(len, lines), default=0)):
        both = [line for line in lines if len(line) > n]
        before, after = (Fraction(sum((line[at] for line in both), Decimal(0))) for at in (n - 1, n))
        factors.append(after / before if before else Fraction(1))
    return factors


def yr_settling(context: Context) -> PartResult:
    """Table ``yr_efterregulering``: net refusion of each month by koerselsperiode, of the months followed from the start."""
    if not context.has("yr", "koerselsperiode", "refusion"):
        return PartResult()
    cells = _cells(context, "SELECT maaned, koerselsperiode, refusion FROM yr_modning")
    runs = sorted({run for added in cells.values() for run in added})
    first = {month: min(added) for month, added in cells.items()}
    # A month from before the source's first run, less what a first run usually takes, had runs that are not there.
    usual = max(0, min((between(month, run) for month, run in first.items()), default=0))
    followed = {month: run for month, run in first.items() if runs[0] <= earlier(month, -usual)}
    rows = triangle(cells, runs, followed)
    expected = sum((row.forventet_aendring or Decimal(0) for row in rows), Decimal(0))
    text = _(
        "Ydelsesrefusion: efter de seneste måneders mønster vil kørsler, der ikke er her endnu, ændre refusionen af kildens"
        " måneder med {kroner} kr. (tabellen yr_efterregulering)."
    )
    return PartResult(
        tables=(ResultTable("yr_efterregulering", Settling, _in_chosen_quarters(context, rows)),) if rows else (),
        caveats=(text.format(kroner=kr(expected)),) if expected else (),
    )


def ledger_settling(context: Context) -> PartResult:
    """Table ``oekonomi_efterregulering``, and the lag that the ledger has where it is another than ``efterslip_maaneder``."""
    if not context.has("oekonomi", "ydelsesperiode"):
        return PartResult()
    month = "CAST(date_trunc('month', coalesce(ydelsesperiode_til, ydelsesperiode)) AS DATE)"
    booked = "CAST(date_trunc('month', bogfoert_dato) AS DATE)"
    where = "FROM postering WHERE ydelsesperiode IS NOT NULL"
    cells = _cells(context, f"SELECT {month}, {booked}, sum(beloeb) {where} GROUP BY ALL")
    paid = _cells(context, f"SELECT {month}, {booked}, sum(beloeb) {where} AND beloeb > 0 GROUP BY ALL")
    if not cells:
        return PartResult()
    span = [run for added in cells.values() for run in added]
    periods = [earlier(min(span), -n) for n in range(between(min(span), max(span)) + 1)]
    rows = triangle(cells, periods, {m: m for m in cells if m in periods})
    return PartResult(
        tables=(ResultTable("oekonomi_efterregulering", Settling, _in_chosen_quarters(context, rows)),),
        caveats=tuple(_proposed(paid, periods, context.regler.efterslip_maaneder)),
    )


def lag(paid: Cells, periods: Sequence[date]) -> tuple[int, Sequence[Fraction]] | None:
    """The fewest months after which ENOUGH of the kroner is booked, and the share booked after 0, 1, … months.

    Of the months that the ledger has the next WATCHED months of; None where there are fewer than NEEDED.
    """
    watched = [m for m in paid if periods[0] <= m and earlier(m, -WATCHED) <= periods[-1]]
    if len(watched) < NEEDED:
        return None
    late = [Fraction(0)] * (WATCHED + 1)
    for month in watched:
        for booked, amount in paid[month].items():
            if (after := max(0, between(month, booked))) <= WATCHED:
                late[after] += Fraction(amount)
    whole = sum(late, Fraction(0))
    shares = [part / whole for part in accumulate(late)]
    return next(n for n, share in enumerate(shares) if share >= ENOUGH), shares


def _proposed(paid: Cells, periods: Sequence[date], now: int) -> Iterator[str]:
    measured = lag(paid, periods)
    if measured is None or measured[0] == now:
        return
    months, shares = measured
    text = _(
        "Økonomi: {andel} pct. af kronerne for en måned er bogført efter {maaneder:måned|måneder}."
        " Sæt efterslip_maaneder = {maaneder} i [regler]; nu står der {nu}."
    )
    yield text.format(andel=fixed(rounded(shares[months] * 100, 1)), maaneder=Count(months), nu=now)


def _cells(context: Context, query: str) -> Cells:
    cells: dict[date, dict[date, Decimal]] = {}
    for month, period, amount in context.engine.rows(query):
        cells.setdefault(month, {})[period] = amount
    return cells


def _in_chosen_quarters(context: Context, rows: Sequence[Settling]) -> tuple[Settling, ...]:
    return tuple(row for row in rows if not context.chosen or Quarter.of(row.maaned) in context.chosen)
