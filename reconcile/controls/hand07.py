"""HAND07 and HAND01: the published figures against the own ones, with the bridge that explains the difference step by step.

The bridge (``sql/hand07/``) applies FLIS' load rule, the validity of the codes and DST's public rules R1, R3 and R2, in
that order, each to the courses the step before left. Every step has two figures: the modtagere then counted (held against
HAND07), and their fuldtidsydelser (held against HAND01). The steps therefore always add up to the whole difference, with
the rest as the last one. Without a fagsystem extract FLIS' own is bridged. Source of the rules: KOMBIT's webinar «FLIS data
Voksen Handicappede» (April 2022), «DST harmoniseringsopmærkninger».
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from reconcile.controls import hand07_earlier, hand07_people
from reconcile.controls.approved import NO, approval_caveats, approved_quarters
from reconcile.controls.hand07_bridge import STEPS, Cell, explanation, four, judge, minus, volume, whole, written
from reconcile.controls.hand07_candidates import candidates
from reconcile.controls.meeting import Number, Source, duplicate_caveats, meet
from reconcile.domain.codes import code_order
from reconcile.domain.cpr import mask
from reconcile.i18n import Count, _
from reconcile.results.hand07 import Candidate, CellPerson, FlisDays, Hand01Cell, Undated, VolumePerson, VolumeStep
from reconcile.results.rows import (
    OPEN_STATUSES,
    BridgePerson,
    BridgeStep,
    Hand07Cell,
    Harmonisation,
    NotRun,
    PartResult,
    ResultTable,
)
from reconcile.results.survey import ApprovedQuarter
from reconcile.rules.catalogue import rules_of
from reconcile.rules.runner import run_rules
from reconcile.world.context import Context

__all__ = ["STEPS", "Cell", "Unit", "cells_met", "judge", "met", "removed_people", "run", "step_counts"]

KEY = ("dst_kode", "periode")


@dataclass(frozen=True)
class Unit:
    """What a cell is counted in, and where its figures stand: the table of the meeting, the two published sources, the
    extract's column, and the prefix of the bridge's columns (days are made fuldtidsydelser by the quarter's days)."""

    table: str
    dst: str
    flis: str
    counted: str
    prefix: str
    volume: bool


PERSONS = Unit("hand07_celle", "hand07", "flis_antal", "antal", "", volume=False)
VOLUME = Unit("hand01_celle", "hand01", "flis_fuldtid", "dage", "dage_", volume=True)


def run(context: Context) -> PartResult:
    """The tables ``hand07_diff``, ``bro``, ``bro_borgere``, ``harmonisering``; ``hand01_diff``, ``bro_fuldtid``,
    ``bro_fuldtid_borgere``, ``flis_dage``; and, if any, ``celle_borgere``, ``kandidater``, ``uden_foedselsdato`` and
    ``godkendelser``.

    House rules over the views of the bridge run here.
    """
    context.need(bridge)
    approved = approved_quarters(context)
    undated = hand07_people.undated(context)
    house = run_rules(context, rules_of("hand07", context.own_rules))
    cells, volumes = met(context, PERSONS), met(context, VOLUME)
    persons, full = _person_cells(context, cells), _volume_cells(context, volumes)
    return PartResult(
        tables=(
            ResultTable("hand07_diff", Hand07Cell, persons),
            *_person_tables(context, cells, undated),
            *_volume_tables(context, volumes, full),
            *_behind(context, cells, persons, full),
            *([ResultTable("godkendelser", ApprovedQuarter, approved)] if approved else []),
        ),
        findings=house.findings,
        not_run=(*_not_run(context), *house.not_run),
        caveats=(
            *context.need(bridge).caveats(),
            *_caveats(context, len({course.borger for course in undated})),
            *approval_caveats(approved),
            *duplicate_caveats(context.engine, PERSONS.table, KEY),
            *duplicate_caveats(context.engine, VOLUME.table, KEY),
        ),
        rules_run=house.ran,
        tried=house.tried,
    )


def judged(context: Context) -> Mapping[str, Iterable[Hand07Cell | Hand01Cell]]:
    """The cells against Danmarks Statistik by table, without who is behind them."""
    return {
        "hand07_diff": _person_cells(context, met(context, PERSONS)),
        "hand01_diff": _volume_cells(context, met(context, VOLUME)),
    }


def source(context: Context) -> str | None:
    """The extract that the bridge starts from: the fagsystem's, else FLIS'; None where there is neither."""
    return next((name for name in ("fagsystem", "flis") if context.has(name)), None)


def bridge(context: Context) -> hand07_earlier.Earlier:
    """The views of ``sql/hand07/`` and the meetings ``hand07_celle`` and ``hand01_celle``, which other controls read too.

    Says which quarters rest on an earlier delivery.
    """
    context.engine.set_parameters({"bro_kilde": source(context) or "fagsystem"})
    rests_on = hand07_earlier.load(context, source(context))
    context.engine.add_rows("vist_celle", {"dst_kode": "VARCHAR", "periode": "VARCHAR"}, [])
    context.engine.create_views("hand07")
    for unit in (PERSONS, VOLUME):
        _meet(context, unit)
    return rests_on


def _meet(context: Context, unit: Unit) -> None:
    """The unit's table: every dst_kode × quarter that DST, FLIS or the bridge has a figure for, with all of them.

    An extract counts everybody, so where it has nobody its figure is 0; a published figure that is not there is missing.
    """
    figure = "antal" if unit.volume else "CAST(antal AS BIGINT)"
    sources = (
        Source.published(unit.dst, {"dst": figure, "dst_tekst": "antal_tekst"}),
        Source.published(unit.flis, {"flis_antal": figure, "flis_tekst": "antal_tekst", "flis_gange": "gange"}),
        Source("flis", "flis_talt", {"flis_talt": unit.counted}, absent="CASE WHEN $har_flis THEN 0 END"),
        Source(
            source(context) or "fagsystem",
            "bro_antal",
            {column: f"{unit.prefix}{column}" for _name, column in STEPS},
            absent="CASE WHEN $har_fagsystem OR $har_flis THEN 0 END",
        ),
    )
    meet(context.engine, unit.table, KEY, sources, within="periode IN (SELECT periode FROM periode)")


def met(context: Context, unit: Unit = PERSONS) -> list[Cell]:
    """The cells of the unit in order of code and quarter.

    ``flis`` is the published figure, else what the extract counts. Each knows its status: ``cell.status(tolerance)``.
    """
    engine = context.engine
    context.need(bridge)
    valid = {
        (code, q): first is not None for code, q, first in engine.rows("SELECT * EXCLUDE (fra, til) FROM kode_periode")
    }
    refused = {quarter.periode for quarter in approved_quarters(context) if quarter.godkendt == NO}
    days = dict(engine.rows("SELECT periode, dage FROM periode"))
    earlier = {period for (period,) in engine.rows("SELECT periode FROM bro_udgave WHERE udgave > 0")}
    made = []
    for r in engine.records(f"SELECT * FROM {unit.table}"):
        key, per = (r["dst_kode"], r["periode"]), days[r["periode"]] if unit.volume else None
        counted = r["flis_gange"] is None
        flis = _exact(r["flis_talt"], per) if counted else _exact(r["flis_antal"], 1 if unit.volume else None)
        steps = {c: _exact(r[c], per) for name, c in STEPS if name != "rettet" or r["periode"] in earlier}
        made.append(
            Cell(
                code=r["dst_kode"],
                period=r["periode"],
                dst=_exact(r["dst"], 1 if unit.volume else None),
                flis=flis,
                dst_text=r["dst_tekst"],
                flis_text=r["flis_tekst"],
                steps={name: figure for name, figure in steps.items() if figure is not None},
                fagsystem=context.has("fagsystem"),
                known=key in valid,
                valid=valid.get(key, True),
                approved=r["periode"] not in refused,
            )
        )
    return sorted(made, key=lambda c: (code_order(c.code), c.period))


def _exact(value: Any, days: int | None) -> Number | None:
    """A figure of a meeting: a count of persons, or days as a share of ``days``."""
    if value is None:
        return None
    return int(value) if days is None else Fraction(value) / days


def cells_met(context: Context) -> list[dict[str, Any]]:
    """The cells of HAND07 as records: ``dst_kode``, ``periode``, ``dst``, ``rest`` and ``status``."""
    tolerance = context.regler.tolerance_antal
    return [
        {"dst_kode": c.code, "periode": c.period, "dst": c.dst, "rest": c.rest, "status": c.status(tolerance)}
        for c in met(context)
    ]


def removed_people(context: Context) -> Mapping[tuple[str, str, str], str]:
    """cpr × code × quarter → the step of the bridge that removes the person of this delivery."""
    context.need(bridge)
    rows = context.engine.rows("SELECT cpr, dst_kode, periode, trin FROM bro_person WHERE aendring < 0")
    return {(cpr, code, period): step for cpr, code, period, step in rows}


def step_counts(context: Context) -> list[tuple[str, str, str, bool, int]]:
    """dst_kode, quarter, step of the bridge, whether they come back into the count there (else leave it), persons."""
    context.need(bridge)
    query = "SELECT dst_kode, periode, trin, aendring > 0, count(*) FROM bro_person GROUP BY ALL ORDER BY ALL"
    return [(code, period, step, back, int(count)) for code, period, step, back, count in context.engine.rows(query)]


def _person_cells(context: Context, cells: Iterable[Cell]) -> tuple[Hand07Cell, ...]:
    return tuple(_person_cell(context, cell) for cell in cells)


def _volume_cells(context: Context, cells: Iterable[Cell]) -> tuple[Hand01Cell, ...]:
    return tuple(_volume_cell(context, cell) for cell in cells)


def _person_cell(context: Context, cell: Cell) -> Hand07Cell:
    status = cell.status(context.regler.tolerance_antal)
    raw = cell.raw if cell.fagsystem else None
    return Hand07Cell(
        dst_kode=mask(cell.code),
        periode=cell.period,
        dst=_whole(cell.dst),
        flis=_whole(cell.flis),
        fagsystem=_whole(raw),
        harmoniseret=_whole(cell.harmonised),
        forskel_flis=_whole(minus(cell.dst, cell.flis)),
        forskel_fagsystem=_whole(minus(cell.dst, raw)),
        rest=_whole(cell.rest),
        status=status,
        forklaring=explanation(cell, status, whole),
    )


def _volume_cell(context: Context, cell: Cell) -> Hand01Cell:
    status = cell.status(context.regler.tolerance_fuldtid)
    raw = cell.raw if cell.fagsystem else None
    return Hand01Cell(
        dst_kode=mask(cell.code),
        periode=cell.period,
        dst=written(cell.dst),
        flis=written(cell.flis),
        fagsystem=written(raw),
        harmoniseret=written(cell.harmonised),
        forskel_flis=written(minus(cell.dst, cell.flis)),
        forskel_fagsystem=written(minus(cell.dst, raw)),
        rest=written(cell.rest),
        status=status,
        forklaring=explanation(cell, status, four),
    )


def _whole(figure: Number | None) -> int | None:
    return None if figure is None else int(figure)


def _person_tables(context: Context, cells: list[Cell], undated: tuple[Undated, ...]) -> Iterator[ResultTable]:
    if source(context) is None:
        return
    steps = tuple(
        BridgeStep(c.code, c.period, step, int(after), _whole(change))
        for c in cells
        if c.known
        for step, after, change in c.changes()
    )
    yield ResultTable("bro", BridgeStep, steps)
    yield ResultTable("bro_borgere", BridgePerson, hand07_people.leaving(context))
    yield ResultTable("harmonisering", Harmonisation, _harmonisation(context))
    if undated:
        yield ResultTable("uden_foedselsdato", Undated, undated)


def _volume_tables(context: Context, cells: list[Cell], full: tuple[Hand01Cell, ...]) -> Iterator[ResultTable]:
    yield ResultTable("hand01_diff", Hand01Cell, full)
    if source(context) is None:
        return
    steps = tuple(
        VolumeStep(c.code, c.period, step, volume(after), written(change))
        for c in cells
        if c.known
        for step, after, change in c.changes()
    )
    yield ResultTable("bro_fuldtid", VolumeStep, steps)
    yield ResultTable("bro_fuldtid_borgere", VolumePerson, hand07_people.days_changed(context))
    if context.has("fagsystem") and context.has("flis"):
        yield ResultTable("flis_dage", FlisDays, hand07_people.flis_days(context))


def _behind(
    context: Context, cells: list[Cell], persons: tuple[Hand07Cell, ...], full: tuple[Hand01Cell, ...]
) -> Iterator[ResultTable]:
    """The persons of the open cells (of all, with ``celle_borgere = "alle"``), and what R4–R8 might be."""
    if source(context) is None:
        return
    every = context.regler.celle_borgere == "alle"
    states = [*((c.dst_kode, c.periode, c.status) for c in persons), *((c.dst_kode, c.periode, c.status) for c in full)]
    listed = {(code, period) for code, period, status in states if every or status in OPEN_STATUSES}
    if people := hand07_people.counted(context, listed):
        yield ResultTable("celle_borgere", CellPerson, people)
    if tried := candidates(context, cells):
        yield ResultTable("kandidater", Candidate, tried)


def _harmonisation(context: Context) -> tuple[Harmonisation, ...]:
    rows = context.engine.rows("SELECT regel, fjernet, aendret FROM harmonisering ORDER BY nr")
    found = [Harmonisation(*row) for row in rows]
    return (*found, Harmonisation("i alt", sum(h.fjernet for h in found), sum(h.aendret for h in found)))


def _not_run(context: Context) -> Iterator[NotRun]:
    if source(context) and not context.has("borger", "doedsdato"):
        yield NotRun("R3", "borger", _("dødsdatoer mangler; åbne forløb for døde er ikke lukket"))
    if context.has("fagsystem") and not context.has("fagsystem", "system"):
        yield NotRun("indlaesning", "fagsystem", _("kolonnen system mangler; alle forløb regnes som nuværende"))


def _caveats(context: Context, undated: int) -> Iterator[str]:
    engine = context.engine
    if "hand07" not in context.present:
        yield _("Der er ingen tal fra Danmarks Statistik (kilden hand07): forskellen kan ikke regnes ud.")
    if source(context) is None and context.has("hand07"):
        yield _("Der er intet fagsystem-udtræk: forskellene vises, men broen kan ikke forklare dem.")
    if source(context) == "flis":
        yield _("Der er intet fagsystem-udtræk: broen går fra FLIS' eget udtræk til Danmarks Statistik.")
    for name in ("hand07", "hand01", "flis_antal", "flis_fuldtid"):
        if name not in context.present:
            continue
        total, own = engine.rows(
            f"SELECT (SELECT count(*) FROM {name}), count(*) FROM offentliggjort WHERE kilde = '{name}'"
        )[0]
        if total and not own:
            text = _("{kilde} har ingen rækker for kommune {kommune}.")
            yield text.format(kilde=name, kommune=context.kommune)
    if undated:
        text = _(
            "{antal:person|personer} uden fødselsdato (hverken i borger eller i CPR), eller med en, der ligger efter forløbets"
            " start, kan ikke prøves mod R1 og bliver talt med."
        )
        yield text.format(antal=Count(undated))
    codes = "SELECT dst_kode FROM fagsystem UNION ALL SELECT dst_kode FROM flis"
    unknown = engine.rows(
        f"SELECT count(*) FROM ({codes}) AS f WHERE dst_kode NOT IN (SELECT dst_kode FROM ref_ydelseskode)"
    )
    if unknown[0][0]:
        text = _("{antal:forløb|forløb} har en ukendt DST-kode og er ikke med i nogen bro (VH02).")
        yield text.format(antal=Count(unknown[0][0]))
