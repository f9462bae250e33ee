"""The measures of Ydelsesrefusion by a factor: where persons live, køn, age, or the account that is booked on.

The views that make ``yr_maal`` are made once more, with what a row is by the factor in place of its step. A person who is several
things in a period (who moves, or has a birthday) counts in each and once in ``alle``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields

from reconcile.controls.yr_measures import measures_of
from reconcile.controls.yr_periods import chosen
from reconcile.domain.cpr import mask
from reconcile.i18n import _
from reconcile.resources import SQL
from reconcile.results.rows import NotRun, PartResult, ResultTable
from reconcile.results.yr import YrMeasure, YrSplit
from reconcile.settings.sections import YrFactor
from reconcile.world.context import Context

#: The factors that are a column of the source; the others come from the CPR and from the accounts.
_COLUMNS: tuple[YrFactor, ...] = ("finansieringskommune", "bopaelskommune", "tilhoerskommune")
_MADE = ("person_maaned", "personuge", "personer", "maal")
_READ = re.compile(rf"\byr_({'|'.join(_MADE)}|placering|fleksbidrag)\b")
_SHARED = [field.name for field in fields(YrSplit) if field.name in {f.name for f in fields(YrMeasure)}]


def split(context: Context) -> PartResult:
    """Table ``yr_fordelt`` for the factors that were asked for; nothing where none was."""
    able = [name for name in context.yr_split if name not in _COLUMNS or context.has("yr", name)]
    rows = tuple(row for name in able for row in _by(context, name))
    text = _("kolonnen {kolonne} mangler")
    return PartResult(
        tables=(ResultTable("yr_fordelt", YrSplit, rows),) if able else (),
        not_run=tuple(
            NotRun(f"fordelt {name}", "yr", text.format(kolonne=name)) for name in context.yr_split if name not in able
        ),
    )


def _by(context: Context, name: str) -> Iterator[YrSplit]:
    engine = context.engine
    engine.set_parameters({"yr_fordel": name})
    engine.create_views("yr_fordelt")
    for path in sorted((SQL / "yr").glob("*.sql")):
        made = path.stem.split("_", 2)[2]
        if made in _MADE:
            engine.create_view(f"fordelt_{made}", _READ.sub(r"fordelt_\1", path.read_text(encoding="utf-8")))
    values = {str(nr): mask(value) for value, nr in engine.rows("SELECT vaerdi, nr FROM fordelt_vaerdi")}
    values |= {"alle": "alle", "ingen": ""}
    for period, levels in measures_of(context, "fordelt").items():
        if chosen(period, context.chosen):
            yield from _rows(name, values, levels)


def _rows(name: str, values: dict[str, str], levels: Sequence[YrMeasure]) -> Iterator[YrSplit]:
    """In order of ydelse and value, what is not known and the whole last."""
    told = ((values[m.trin], m) for m in levels)
    order = sorted(
        told,
        key=lambda v: (
            v[1].finansiering == "alle",
            v[1].finansiering,
            v[1].ydelse == "I alt",
            v[1].ydelse,
            v[0] == "alle",
            v[0] == "",
            v[0],
        ),
    )
    for value, m in order:
        yield YrSplit(opdeling=name, vaerdi=value, **{field: getattr(m, field) for field in _SHARED})
