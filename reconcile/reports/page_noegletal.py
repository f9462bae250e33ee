"""Nøgletal on the page: the flow of the newest quarters, how long § 107 has been open, and why spending changed; folded away
the trend of each paragraf, the combinations, and the comparison with the group and the country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reconcile.domain.exact import rounded
from reconcile.i18n import _, number
from reconcile.reports import figures_noegletal, labels
from reconcile.reports.charts import WIDTH, Columns, Spark, Waterfall, bars, columns, spark, waterfall
from reconcile.reports.figures_noegletal import TEMPORARY
from reconcile.results.rows import RunResult

QUARTERS, TREND = 8, 12


@dataclass(frozen=True)
class Picture:
    """A drawing with what it shows, in words for those who cannot see it; ``drawing`` is bars, periods or a curve, which ends at
    ``last``."""

    id: str
    title: str
    note: str
    drawing: Waterfall | Columns | Spark
    text: str
    last: str = ""

    @property
    def kind(self) -> str:
        """``flow`` for periods side by side, ``curve``, or ``bars``."""
        return {Columns: "flow", Spark: "curve"}.get(type(self.drawing), "bars")


def pictures(result: RunResult) -> tuple[Picture, ...]:
    """The drawings of a run with nøgletal; none without."""
    return (*_flow(result), *_durations(result), *_prices(result))


def folded(result: RunResult) -> tuple[tuple[str, tuple[Picture, ...]], ...]:
    """The drawings that stand folded away, each group with its heading; a group without any is left out."""
    groups = (
        (_("Udvikling pr. paragraf"), tuple(_trends(result))),
        (_("Ydelser i kombination"), tuple(_combinations(result))),
        (labels.table("sammenligning"), tuple(_comparisons(result))),
    )
    return tuple((heading, drawn) for heading, drawn in groups if drawn)


def _flow(result: RunResult) -> Iterator[Picture]:
    if shown := figures_noegletal.flow(result, QUARTERS):
        told = _("{periode}: {tilgang} kom til, {afgang} gik fra, {ultimo} til sidst")
        names = ("periode", "tilgang", "afgang", "ultimo")
        text = "; ".join(told.format(**dict(zip(names, row, strict=True))) for row in shown)
        note = _("Borgere, der kommer til (op) og går fra (ned); øverst dem, der er der på den sidste dag.")
        yield Picture("noegletal-flow", _("Flow, alle ydelser"), note, columns(shown), text)


def _durations(result: RunResult) -> Iterator[Picture]:
    for period, rows in figures_noegletal.durations(result, 1).items():
        if rows:
            drawing = bars([(_("{interval} dage").format(interval=name), number(n), n) for name, n in rows])
            title = _("{kode}: åbne forløb efter varighed, {periode}").format(kode=TEMPORARY, periode=period)
            yield Picture("noegletal-varighed", title, labels.code_name(TEMPORARY), drawing, _in_words(drawing))


def _prices(result: RunResult) -> Iterator[Picture]:
    for row, levels in figures_noegletal.prices(result):
        title = _("{kode}: hvorfor udgiften ændrede sig, {periode}").format(kode=row.dst_kode, periode=row.periode)
        text = "; ".join(f"{level.label} {level.figure}" for level in levels)
        note = _("{navn}; kr., {pl}; {funktioner}").format(
            navn=labels.code_name(row.dst_kode), pl=row.pl, funktioner=row.funktioner
        )
        yield Picture(f"noegletal-pris-{row.dst_kode.replace('.', '-')}", title, note, waterfall(levels), text)


def _trends(result: RunResult) -> Iterator[Picture]:
    for count, (name, points) in enumerate(figures_noegletal.trends(result, TREND).items(), start=1):
        values = [value for _period, value in points]
        shown = [_("ikke vist") if value is None else number(value) for value in values]
        text = "; ".join(f"{period} {told}" for (period, _value), told in zip(points, shown, strict=True))
        known = [value for value in values if value is not None]
        span = _("{foerste}–{sidste}; fra {mindst} til {mest} modtagere").format(
            foerste=points[0][0],
            sidste=points[-1][0],
            mindst=number(min(known, default=0)),
            mest=number(max(known, default=0)),
        )
        drawing = spark([None] * len(values), values, WIDTH - 40, 90)
        last = number(known[-1]) if known else ""
        yield Picture(f"noegletal-trend-{count}", name, span, drawing, text, last)


def _combinations(result: RunResult) -> Iterator[Picture]:
    period, rows = figures_noegletal.combinations(result)
    if rows:
        drawing = bars([(name, number(count), count) for name, count in rows])
        note = _("Borgere, der har netop disse ydelser på kvartalets sidste dag.")
        title = _("De hyppigste kombinationer, {periode}").format(periode=period)
        yield Picture("noegletal-kombinationer", title, note, drawing, _in_words(drawing))


def _comparisons(result: RunResult) -> Iterator[Picture]:
    """Small multiples: the same five bars for each area and key figure; what they rest on is printed under each title."""
    for count, (row, values) in enumerate(figures_noegletal.comparisons(result), start=1):
        drawing = bars([(label, number(value), _size(value)) for label, value in values])
        title = f"{row.omraade or row.gruppe}, {row.aar}: {labels.value_label('noegletal', row.noegletal)}"
        note = _("{funktioner} · folketal {kvartal} · {pl}; kommuner i gruppen: {gruppe}, i landet: {landet}").format(
            funktioner=row.funktioner,
            kvartal=row.befolkning_fra,
            pl=row.pl,
            gruppe=row.gruppe_kommuner,
            landet=row.landet_kommuner,
        )
        yield Picture(f"noegletal-sammenligning-{count}", title, note, drawing, _in_words(drawing))


def _size(value: Decimal) -> int:
    """A length of a bar: hundredths; what is below nothing has none."""
    return max(0, int(rounded(100 * value, 0)))


def _in_words(drawing: Waterfall) -> str:
    return "; ".join(f"{bar.label} {bar.figure}" for bar in drawing.bars)
