"""HAND07: the published figures against the own ones, with the bridge that explains the difference step by step.

The bridge (``sql/hand07/``) applies FLIS' load rule, the validity of the codes and DST's public rules R1, R3 and R2, in
that order, each to the courses the step before left; the figure of a step is the modtagere then counted. The steps
therefore always add up to the whole difference, with the rest as the last one. Source of the rules: KOMBIT's webinar
«FLIS data Voksen Handicappede» (April 2022), «DST harmoniseringsopmærkninger».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reconcile.controls.approved import NO, ApprovedQuarter, approval_caveats, approved_quarters
from reconcile.controls.meeting import Measure, Outcome, Source, duplicate_caveats, meet
from reconcile.domain.codes import code_order
from reconcile.domain.cpr import mask
from reconcile.i18n import _
from reconcile.results.rows import (
    OPEN_STATUSES,
    BridgePerson,
    BridgeStep,
    Hand07Cell,
    Harmonisation,
    NotRun,
    PartResult,
    ResultTable,
    Status,
)
from reconcile.rules.catalogue import rules_of
from reconcile.rules.runner import run_rules
from reconcile.world.context import Context

KEY = ("dst_kode", "periode")

#: The steps of the bridge in order: name in ``bro.csv`` and column of table ``hand07_celle``.
STEPS = (
    ("raa", "raa"),
    ("indlaesning", "indlaesning"),
    ("gyldighed", "gyldighed"),
    ("R1", "r1"),
    ("R3", "r3"),
    ("R2", "harmoniseret"),
)


@dataclass(frozen=True)
class Undated:
    """A course that R1 could not judge: no birth date in borger nor in the CPR. It is counted."""

    dst_kode: str
    borger: str
    start_dato: date


def run(context: Context) -> PartResult:
    """The tables ``hand07_diff``, ``bro``, ``bro_borgere``, ``harmonisering`` and, if any, ``uden_foedselsdato`` and
    ``godkendelser``.

    House rules over the views of the bridge run here.
    """
    context.need(bridge)
    approved = approved_quarters(context)
    records = cells_met(context)
    bridged = context.has("fagsystem")
    undated = _undated(context)
    house = run_rules(context, rules_of("hand07", context.own_rules))
    refused = {quarter.periode for quarter in approved if quarter.godkendt == NO}
    cells = tuple(_cell(context, record, approved=record["periode"] not in refused) for record in records)
    tables = [ResultTable("hand07_diff", Hand07Cell, cells)]
    if bridged:
        steps = tuple(step for record in records if record["kendt"] for step in _steps(record))
        tables += [
            ResultTable("bro", BridgeStep, steps),
            ResultTable("bro_borgere", BridgePerson, _persons(context)),
            ResultTable("harmonisering", Harmonisation, _harmonisation(context)),
            *([ResultTable("uden_foedselsdato", Undated, undated)] if undated else []),
        ]
    if approved:
        tables.append(ResultTable("godkendelser", ApprovedQuarter, approved))
    return PartResult(
        tables=tuple(tables),
        findings=house.findings,
        not_run=(*_not_run(context), *house.not_run),
        caveats=(
            *_caveats(context, bridged, len({course.borger for course in undated})),
            *approval_caveats(approved),
            *duplicate_caveats(context.engine, "hand07_celle", KEY),
        ),
        rules_run=house.ran,
        open_cells=sum(cell.status in OPEN_STATUSES for cell in cells),
    )


def bridge(context: Context) -> None:
    """The views of ``sql/hand07/`` and the tables ``bro_person`` and ``hand07_celle``, which other controls read too."""
    context.engine.create_views("hand07")
    _meet(context)


def _meet(context: Context) -> None:
    """Table ``hand07_celle``: every dst_kode × quarter that DST, FLIS or the fagsystem has a figure for, with all of them.

    An extract counts everybody, so where it has nobody its figure is 0; a published figure that is not there is missing.
    """
    sources = (
        Source.published("hand07", {"dst": "CAST(antal AS BIGINT)", "dst_tekst": "antal_tekst"}),
        Source.published(
            "flis_antal", {"flis_antal": "CAST(antal AS BIGINT)", "flis_tekst": "antal_tekst", "flis_gange": "gange"}
        ),
        Source("flis", "flis_talt", {"flis_talt": "antal"}, absent="CASE WHEN $har_flis THEN 0 END"),
        Source(
            "fagsystem",
            "bro_antal",
            {column: column for _name, column in STEPS},
            absent="CASE WHEN $har_fagsystem THEN 0 END",
        ),
    )
    meet(context.engine, "hand07_celle", KEY, sources, within="periode IN (SELECT periode FROM periode)")


def cells_met(context: Context) -> list[dict[str, Any]]:
    """The rows of ``hand07_celle`` in order of code and quarter, with what they say together.

    ``flis`` is the published figure, else what the extract counts; ``rest`` is DST's figure less what DST should publish:
    the harmonised figure, or FLIS' where there is no extract (None where either is missing). ``kendt`` and ``gyldig``: the
    code is known, and valid on a day of the quarter.
    """
    context.need(bridge)
    valid = {
        (code, period): first is not None
        for code, period, first in context.engine.rows("SELECT dst_kode, periode, gyldig_fra FROM kode_periode")
    }
    records = sorted(
        context.engine.records("SELECT * FROM hand07_celle"), key=lambda r: (code_order(r["dst_kode"]), r["periode"])
    )
    for r in records:
        r["flis"] = r["flis_talt"] if r["flis_gange"] is None else r["flis_antal"]
        r["rest"] = _minus(r["dst"], r["harmoniseret"] if context.has("fagsystem") else r["flis"])
        r["kendt"] = (r["dst_kode"], r["periode"]) in valid
        r["gyldig"] = valid.get((r["dst_kode"], r["periode"]), True)
    return records


def removed_people(context: Context) -> Mapping[tuple[str, str, str], str]:
    """cpr × code × quarter → the step of the bridge that removes the person."""
    context.need(bridge)
    rows = context.engine.rows("SELECT cpr, dst_kode, periode, trin FROM bro_person")
    return {(cpr, code, period): step for cpr, code, period, step in rows}


def _cell(context: Context, r: Mapping[str, Any], *, approved: bool) -> Hand07Cell:
    own = r["raa"] if r["raa"] is not None else r["flis"]
    status = judge(
        valid=r["gyldig"],
        approved=approved,
        dst=r["dst"],
        own=own,
        rest=r["rest"],
        tolerance=context.regler.tolerance_antal,
    )
    return Hand07Cell(
        dst_kode=mask(r["dst_kode"]),
        periode=r["periode"],
        dst=r["dst"],
        flis=r["flis"],
        fagsystem=r["raa"],
        harmoniseret=r["harmoniseret"],
        forskel_flis=_minus(r["dst"], r["flis"]),
        forskel_fagsystem=_minus(r["dst"], r["raa"]),
        rest=r["rest"],
        status=status,
        forklaring=_explanation(r, status),
    )


def judge(*, valid: bool, approved: bool, dst: int | None, own: int | None, rest: int | None, tolerance: int) -> Status:
    """The status of a cell: the first that holds. ``own`` is raa (fagsystem) or the FLIS figure; all in persons."""
    if not valid:
        return Status.NOT_VALID
    if not approved:
        return Status.NOT_APPROVED
    if dst is None:
        return Status.MISSING_DST
    if own is None or rest is None:
        return Status.MISSING_OWN
    return _compared(dst - own, rest, Measure(absolute=tolerance))


def _compared(difference: int, rest: int, tolerated: Measure) -> Status:
    if Measure().compare((rest, 0)) is Outcome.EQUAL:
        return Status.EXPLAINED if difference else Status.EQUAL
    if tolerated.compare((rest, 0)) is Outcome.EQUAL:
        return Status.TOLERATED
    return Status.PARTLY if abs(rest) < abs(difference) else Status.UNEXPLAINED


def _minus(dst: int | None, own: int | None) -> int | None:
    return None if dst is None or own is None else dst - own


def _steps(r: Mapping[str, Any]) -> Iterator[BridgeStep]:
    """The rows of ``bro.csv`` for a cell: each step, the harmonised figure, and DST's where there is one."""
    before: int | None = None
    for name, column in STEPS:
        after = r[column]
        yield BridgeStep(r["dst_kode"], r["periode"], name, after, None if before is None else after - before)
        before = after
    yield BridgeStep(r["dst_kode"], r["periode"], "harmoniseret", r["harmoniseret"], 0)
    if r["dst"] is not None:
        yield BridgeStep(r["dst_kode"], r["periode"], "dst", r["dst"], r["rest"])


def _explanation(r: Mapping[str, Any], status: Status) -> str:
    """The sentence of a cell: why the figures differ, or what is missing."""
    said = {
        Status.NOT_VALID: _("Koden fandtes ikke i kvartalet."),
        Status.NOT_APPROVED: _("Kvartalet er ikke godkendt hos Danmarks Statistik."),
        Status.EQUAL: _("Tallene er ens."),
    }
    words = [said[status]] if status in said else []
    if status is Status.MISSING_DST:
        words.append(_missing(_("Danmarks Statistik"), r["dst_tekst"]))
    if status is Status.MISSING_OWN:
        words.append(_missing(_("FLIS"), r["flis_tekst"]))
    if not r["kendt"]:
        words.append(_("Koden kendes ikke og er ikke med i nogen bro (VH02)."))
    words += _causes(r)
    if r["rest"] and status in (Status.TOLERATED, *OPEN_STATUSES):
        words.append(_("Rest {rest:+d}.").format(rest=r["rest"]))
    return " ".join(words)


def _missing(who: str, text: str | None) -> str:
    if text is None:
        return _("{hvem} har ingen celle for koden i kvartalet.").format(hvem=who)
    if text:
        return _("{hvem} har «{tekst}» i stedet for et tal.").format(hvem=who, tekst=text)
    return _("{hvem} har en tom celle.").format(hvem=who)


def _causes(r: Mapping[str, Any]) -> list[str]:
    """``Indlæsning −3, gyldighed −76.``: the steps of the bridge that changed the count."""
    if r["raa"] is None:
        return []
    names = {
        "indlaesning": _("indlæsning"),
        "gyldighed": _("gyldighed"),
        "R1": _("børn (R1)"),
        "R3": _("døde (R3)"),
        "R2": _("overlap med ophold (R2)"),
    }
    changes = [(s.trin, s.aendring) for s in _steps(r) if s.trin in names and s.aendring]
    listed = ", ".join(f"{names[step]} {change:+d}".replace("-", "−") for step, change in changes)
    return [_("Fagsystemets {raa} bliver til {harmoniseret}: {liste}.").format(
        raa=r["raa"], harmoniseret=r["harmoniseret"], liste=listed
    )] if changes else []  # fmt: skip


def _persons(context: Context) -> tuple[BridgePerson, ...]:
    order = {name: number for number, (name, _column) in enumerate(STEPS)}
    rows = context.engine.rows("SELECT dst_kode, periode, trin, cpr FROM bro_person")
    people = [BridgePerson(code, period, step, context.pseudonym(cpr)) for code, period, step, cpr in rows]
    return tuple(sorted(people, key=lambda p: (code_order(p.dst_kode), p.periode, order[p.trin], p.borger)))


def _harmonisation(context: Context) -> tuple[Harmonisation, ...]:
    rows = context.engine.rows("SELECT regel, fjernet, aendret FROM harmonisering ORDER BY nr")
    found = [Harmonisation(*row) for row in rows]
    return (*found, Harmonisation("i alt", sum(h.fjernet for h in found), sum(h.aendret for h in found)))


def _not_run(context: Context) -> Iterator[NotRun]:
    if context.has("fagsystem") and not context.has("borger", "doedsdato"):
        yield NotRun("R3", "borger", _("dødsdatoer mangler; åbne ydelser for døde er ikke lukket"))
    if context.has("fagsystem") and not context.has("fagsystem", "system"):
        yield NotRun("indlaesning", "fagsystem", _("kolonnen system mangler; alle ydelser regnes som nuværende"))


def _undated(context: Context) -> tuple[Undated, ...]:
    """The courses without a birth date that reach R1 and touch the shown quarters."""
    rows = context.engine.rows(
        "SELECT dst_kode, cpr, oprindelig_start FROM bro_gyldighed AS b WHERE foedselsdato IS NULL"
        " AND EXISTS (SELECT 1 FROM periode AS p WHERE b.dag_fra <= p.til AND b.dag_til >= p.fra)"
    )
    courses = [Undated(code, context.pseudonym(cpr), start) for code, cpr, start in rows]
    return tuple(sorted(courses, key=lambda c: (code_order(c.dst_kode), c.borger, c.start_dato)))


def _caveats(context: Context, bridged: bool, undated: int) -> Iterator[str]:
    engine = context.engine
    if "hand07" not in context.present:
        yield _("Der er ingen tal fra Danmarks Statistik (kilden hand07): forskellen kan ikke regnes ud.")
    if not bridged and context.has("hand07"):
        yield _("Der er intet fagsystem-udtræk: forskellene vises, men broen kan ikke forklare dem.")
    for source in ("hand07", "flis_antal"):
        if source not in context.present:
            continue
        total, own = engine.rows(
            f"SELECT (SELECT count(*) FROM {source}), count(*) FROM offentliggjort WHERE kilde = '{source}'"
        )[0]
        if total and not own:
            text = _("{kilde} har ingen rækker for kommune {kommune}.")
            yield text.format(kilde=source, kommune=context.kommune)
    if undated:
        text = _(
            "{antal} personer uden fødselsdato (hverken i borger eller i CPR) kan ikke prøves mod R1"
            " og bliver talt med."
        )
        yield text.format(antal=undated)
    unknown = engine.rows("SELECT count(*) FROM forloeb WHERE dst_kode NOT IN (SELECT dst_kode FROM ref_ydelseskode)")
    if unknown[0][0]:
        text = _("{antal} ydelser har en ukendt dst_kode og er ikke med i nogen bro (VH02).")
        yield text.format(antal=unknown[0][0])
