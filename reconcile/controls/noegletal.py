"""Nøgletal: the counts, durations, flows and combinations that municipalities make by hand each quarter.

The views of ``sql/noegletal/`` count in one pass per table; here days become helårsmodtagere and rows are put in order. The
courses are the fagsystem's, else FLIS'; beside the raw figures stand the harmonised ones of the HAND07 bridge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.controls import (
    hand07,
    noegletal_basis,
    noegletal_enkelt,
    noegletal_ffb,
    noegletal_flis,
    noegletal_pris,
    noegletal_sammenligning,
)
from reconcile.domain.codes import code_order
from reconcile.domain.cpr import mask
from reconcile.domain.exact import rounded
from reconcile.errors import InputError, did_you_mean
from reconcile.i18n import _
from reconcile.reference import dst_codes
from reconcile.results.noegletal import (
    INTERVALS,
    Combination,
    Duration,
    Ended,
    Flow,
    NoegletalSplit,
    NoegletalVh,
    Tilbud,
)
from reconcile.results.rows import NotRun, PartResult, ResultTable
from reconcile.rules.catalogue import rules_of
from reconcile.rules.runner import run_rules
from reconcile.world.context import Context

#: The dimensions of ``--split``, with the column of the extract that each needs (None: it comes from the CPR or elsewhere).
DIMENSIONS = {
    "paragraf": None,
    "gruppe": None,
    "maalgruppe": "maalgruppe",
    "funktionsvurdering": "funktionsvurdering",
    "handlekommune": "handlekommune",
    "betalingskommune": "betalingskommune",
    "tilbud": "tilbud",
    "afdeling": "afdeling",
    "system": "system",
    "alder_5": None,
    "alder_10": None,
    "koen": None,
    "startaar": None,
    "startmaaned": None,
    "slutaar": "slut_dato",
    "slutmaaned": "slut_dato",
    "godkendt": None,
    "harmonisering": None,
}
_LEVELS = ("alle", "gruppe", "paragraf", "dst_kode")
_TYPES = ("aar", "kvartal", "maaned")
_LEVEL = "niveau, kategori, periodetype, periode"
_SPLIT_DAYS = "SELECT {}, dage FROM noegletal_dage WHERE opdeling <> 'ingen'"
_COUNTS = "modtagere, ydelser, aabne, lukkede"


def check_dimensions(wanted: Sequence[str], known: Sequence[str] = tuple(DIMENSIONS)) -> tuple[str, ...]:
    """The dimensions of ``--split`` (``known``: those there are), ``alle`` spelt out, each once.

    Raises:
        InputError: one is not known; says which there are.
    """
    mistakes = [name for name in wanted if name not in known and name != "alle"]
    if mistakes:
        text = _("Der kan ikke fordeles på «{navn}».{forslag} Vælg blandt: {liste}, alle.")
        said = (text.format(navn=n, forslag=did_you_mean(n, known), liste=", ".join(known)) for n in mistakes)
        raise InputError("\n".join(said))
    return tuple(known) if "alle" in wanted else tuple(dict.fromkeys(wanted))


def run(context: Context) -> PartResult:
    """The tables ``noegletal_vh``, ``flow``, ``varighed``, ``varighed_afsluttet``, ``kombinationer``, ``tilbud``, those of FFB
    and ``pris``, the key figures of FLIS, the comparison and, for the dimensions of ``--split``, ``noegletal_fordelt``."""
    context.need(hand07.bridge)
    source = "fagsystem" if context.has("fagsystem") else "flis"
    able = [name for name in context.split if (column := DIMENSIONS[name]) is None or context.has(source, column)]
    _prepare(context, source, able)
    basis = noegletal_basis.basis(context)
    house = run_rules(context, rules_of("noegletal", context.own_rules))
    tables = [
        ResultTable("noegletal_vh", NoegletalVh, tuple(_vh(context))),
        *([ResultTable("noegletal_fordelt", NoegletalSplit, tuple(_split(context)))] if able else []),
        ResultTable("flow", Flow, tuple(_flow(context))),
        ResultTable("varighed", Duration, tuple(_durations(context))),
        ResultTable("varighed_afsluttet", Ended, tuple(_ended(context))),
        ResultTable("kombinationer", Combination, tuple(_combinations(context))),
        *([ResultTable("tilbud", Tilbud, tuple(_tilbud(context)))] if context.has(source, "tilbud") else []),
        *noegletal_ffb.tables(context, source),
        *noegletal_pris.tables(context),
        *noegletal_flis.tables(context, source, basis),
        *noegletal_sammenligning.tables(context, basis),
        *noegletal_enkelt.tables(context, basis),
    ]
    return PartResult(
        tables=tuple(tables),
        findings=house.findings,
        not_run=(*(_not_split(source, name) for name in context.split if name not in able), *house.not_run),
        caveats=(*_caveats(context, source), *noegletal_pris.caveats(context)),
        rules_run=house.ran,
        tried=house.tried,
    )


def _prepare(context: Context, source: str, split: Sequence[str]) -> None:
    """The views, and the small tables they read."""
    engine = context.engine
    engine.set_parameters({"noegletal_kilde": source, "befolkningskvartal": context.noegletal.befolkningskvartal})
    engine.add_rows("noegletal_opdeling", {"navn": "VARCHAR"}, [(name,) for name in split])
    groups = engine.rows(f"SELECT DISTINCT maalgruppe FROM {source} WHERE maalgruppe IS NOT NULL")
    single = [(whole, one) for (whole,) in groups for one in dict.fromkeys(whole.split("|"))]
    engine.add_rows("noegletal_maalgruppe", {"maalgruppe": "VARCHAR", "en": "VARCHAR"}, single)
    codes = sorted(dst_codes(), key=code_order)
    engine.add_rows("noegletal_orden", {"dst_kode": "VARCHAR", "nr": "BIGINT"}, [(c, n) for n, c in enumerate(codes)])
    noegletal_basis.prepare(context)
    engine.create_views("noegletal")


def _not_split(source: str, name: str) -> NotRun:
    return NotRun(f"fordelt {name}", source, _("kolonnen {kolonne} mangler").format(kolonne=DIMENSIONS[name]))


def _caveats(context: Context, source: str) -> Iterator[str]:
    if source == "flis":
        yield _("Nøgletallene er talt i FLIS-udtrækket, da der intet fagsystem-udtræk er.")
    if context.regler.population != "handlekommune":
        yield _("Nøgletallene tæller efter betalingskommune; Danmarks Statistik tæller efter handlekommune.")


def _order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Levels from the whole to the code, codes in their order, then years, quarters and months by name."""
    level, category, kind, period = row
    return (
        _LEVELS.index(level),
        code_order(category) if level == "dst_kode" else (),
        category,
        _TYPES.index(kind),
        period,
    )


def _days(context: Context) -> dict[str, int]:
    return dict(context.engine.rows("SELECT periode, dage FROM noegletal_periode"))


def _yearly(days: int | None, whole: int) -> Decimal:
    return rounded(Fraction(days or 0, whole), 4)


def _vh(context: Context) -> Iterator[NoegletalVh]:
    key, whole = _LEVEL, _days(context)
    counted: dict[str, dict[tuple[Any, ...], tuple[int, ...]]] = {"raa": {}, "harmoniseret": {}}
    worked: dict[str, dict[tuple[Any, ...], int]] = {"raa": {}, "harmoniseret": {}}
    for kind, *row in context.engine.rows(
        f"SELECT opgoerelse, {key}, {_COUNTS} FROM noegletal_optalt WHERE opdeling = 'ingen'"
    ):
        counted[kind][tuple(row[:4])] = tuple(row[4:])
    for kind, *row in context.engine.rows(
        f"SELECT opgoerelse, {key}, dage FROM noegletal_dage WHERE opdeling = 'ingen'"
    ):
        worked[kind][tuple(row[:4])] = row[4]
    spent = {tuple(row[:4]): row[4] for row in context.engine.rows(f"SELECT {key}, forbrug FROM noegletal_forbrug")}
    ledger = context.has("oekonomi") and context.has("masteroversigt")
    nobody = (0, 0, 0, 0)
    for cell in sorted({*counted["raa"], *counted["harmoniseret"], *spent}, key=_order):
        persons, courses, *_rest = counted["harmoniseret"].get(cell, nobody)
        made: tuple[Any, ...] = (*cell, *counted["raa"].get(cell, nobody))
        made += (_yearly(worked["raa"].get(cell), whole[cell[3]]), persons, courses)
        money = spent.get(cell, Decimal("0.00")) if ledger else None
        made += (_yearly(worked["harmoniseret"].get(cell), whole[cell[3]]), money)
        yield NoegletalVh(*made)


def _split(context: Context) -> Iterator[NoegletalSplit]:
    key, whole = f"opdeling, vaerdi, {_LEVEL}", _days(context)
    worked = {tuple(row[:6]): row[6] for row in context.engine.rows(_SPLIT_DAYS.format(key))}
    of_course = context.engine.rows(f"SELECT {key}, {_COUNTS} FROM noegletal_optalt WHERE opdeling <> 'ingen'")
    rows = [(*row, worked.get(tuple(row[:6]))) for row in of_course]
    rows += context.engine.rows(f"SELECT {key}, {_COUNTS}, dage FROM noegletal_personvaerdi")
    names = list(DIMENSIONS)
    for row in sorted(rows, key=lambda r: (names.index(r[0]), *_order(r[2:6]), r[1])):
        told: tuple[Any, ...] = (row[0], mask(row[1]), *row[2:10], _yearly(row[10], whole[row[5]]))
        yield NoegletalSplit(*told)


def _flow(context: Context) -> Iterator[Flow]:
    rows = context.engine.rows(f"SELECT {_LEVEL}, primo, tilgang, afgang, ultimo, ind_og_ud FROM noegletal_flow")
    for row in sorted(rows, key=lambda r: _order(r[:4])):
        yield Flow(*row)


def _durations(context: Context) -> Iterator[Duration]:
    rows = context.engine.rows("SELECT dst_kode, periode, nr, ydelser, borgere FROM noegletal_varighed")
    for code, period, number, courses, persons in sorted(rows, key=_by_code):
        yield Duration(code, period, INTERVALS[number - 1], courses, persons)


def _by_code(row: Sequence[Any]) -> tuple[Any, ...]:
    return code_order(row[0]), *row[1:]


def _ended(context: Context) -> Iterator[Ended]:
    """The middle of the sorted lengths, and their mean; one decimal for both, half up."""
    lengths: dict[tuple[str, str], list[int]] = defaultdict(list)
    for code, period, days in context.engine.rows(
        "SELECT dst_kode, periode, dage FROM noegletal_afsluttet ORDER BY plads"
    ):
        lengths[code, period].append(days)
    for (code, period), days in sorted(lengths.items(), key=lambda item: _by_code(item[0])):
        count = len(days)
        middle = Fraction(days[(count - 1) // 2] + days[count // 2], 2)
        yield Ended(code, period, count, rounded(middle, 1), rounded(Fraction(sum(days), count), 1))


def _combinations(context: Context) -> Iterator[Combination]:
    rows = context.engine.rows("SELECT periode, kombination, koder, borgere FROM noegletal_kombination")
    for row in sorted(rows, key=lambda r: (r[0], -r[3], r[2], r[1])):
        yield Combination(*row)


def _tilbud(context: Context) -> Iterator[Tilbud]:
    rows = context.engine.rows("SELECT tilbud, periode, borgere, egne, udenbys, dage, pladsdage FROM noegletal_tilbud")
    for name, *rest, days, places in sorted(rows):
        made: tuple[Any, ...] = (mask(name), *rest, days, rounded(places, 2) if places is not None else None)
        made += (rounded(Fraction(days) / Fraction(places), 4) if places else None,)
        yield Tilbud(*made)
