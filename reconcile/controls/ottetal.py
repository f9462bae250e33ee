"""The 8-tals kontrol: eight figures per dst_kode × quarter, two from each of four sources, and what separates them.

The views of ``sql/ottetal/`` count; the rules OE01–OE09 judge persons and accounts; ``ottetal_edges`` says which cause
each difference has. Figures are the extracts' own, before load rule and harmonisation: the bridge of HAND07 is among
the causes. The figure eight is our own reading of Komponent's «8-tals kontrol» (13-12-2021).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from reconcile.controls import ottetal_caveats, ottetal_money
from reconcile.controls.meeting import duplicate_caveats
from reconcile.controls.ottetal_edges import Behind, Edge, edges, loops, rests
from reconcile.controls.ottetal_figures import KEY, TABLE, Figures, met_figures
from reconcile.controls.ottetal_people import LEDGER, OneSided, Side, one_sided
from reconcile.controls.ottetal_status import worst
from reconcile.controls.settling import ledger_settling
from reconcile.domain.codes import chosen, code_order
from reconcile.domain.exact import rounded
from reconcile.results.ottetal import OttetalCause, OttetalEdge, OttetalLeftOut, OttetalPerson
from reconcile.results.rows import Finding, OttetalCell, PartResult, ResultTable
from reconcile.rules.catalogue import rules_of
from reconcile.rules.runner import run_rules
from reconcile.world.context import Context


def run(context: Context) -> PartResult:
    """The tables ``ottetal``, ``ottetal_kanter``, ``ottetal_aarsager``, ``ottetal_borgere``, ``ottetal_udeladt`` and, where
    the ledger has persons, ``ottetal_beloeb`` and ``ottetal_kroner``.

    ``--kode`` limits what is shown to these dst_koder and those under them (1.12 takes 1.12.0.1 along); every code is
    judged all the same. The bridge of HAND07 is among the causes.
    """
    context.need(build)
    codes = context.codes
    shown = [figures for figures in met_figures(context) if chosen(figures.code, codes)]
    ran = run_rules(context, rules_of("ottetal", context.own_rules))
    people = one_sided(context, ran.findings)
    behind = Behind(_grouped(people), rests(context))
    cells: list[OttetalCell] = []
    drawn: list[Edge] = []
    for figures in shown:
        around = edges(context, figures, behind)
        drawn += around
        cells.append(_cell(figures, around, behind))
    settled = ledger_settling(context)
    return PartResult(
        tables=(
            ResultTable("ottetal", OttetalCell, tuple(cells)),
            ResultTable("ottetal_kanter", OttetalEdge, tuple(edge.row for edge in drawn)),
            ResultTable("ottetal_aarsager", OttetalCause, tuple(cause for edge in drawn for cause in edge.causes)),
            ResultTable("ottetal_borgere", OttetalPerson, _people(people, codes)),
            *ottetal_money.tables(context, {f.key: f.amount for f in shown if f.amount is not None}),
            ResultTable("ottetal_udeladt", OttetalLeftOut, tuple(ottetal_caveats.left_out(context, codes))),
            *settled.tables,
        ),
        findings=tuple(f for f in ran.findings if _asked_for(f, codes)),
        not_run=ran.not_run,
        caveats=(*ottetal_caveats.caveats(context), *settled.caveats, *duplicate_caveats(context.engine, TABLE, KEY)),
        rules_run=ran.ran,
        tried=ran.tried,
    )


def build(context: Context) -> None:
    """Create the views; ``$har_oekonomi`` and its kin say which figures there can be."""
    mapped = context.has("masteroversigt")
    context.engine.set_parameters(
        {
            "har_ledger": context.has("oekonomi") and mapped,
            "har_ledger_cpr": context.has("oekonomi", "cpr") and mapped,
        }
    )
    context.engine.create_views("ottetal")


def _asked_for(finding: Finding, codes: frozenset[str]) -> bool:
    """A finding is shown when its code is chosen; OE03 also when one of the codes it names is."""
    named = [finding.dst_kode or ""]
    if finding.regel == "OE03":
        named += str(finding.forventet).split(", ")
    return any(chosen(code, codes) for code in named)


def _grouped(people: Iterable[OneSided]) -> dict[tuple[str, str, str], tuple[OneSided, ...]]:
    groups: dict[tuple[str, str, str], list[OneSided]] = defaultdict(list)
    for person in people:
        groups[person.key].append(person)
    return {key: tuple(group) for key, group in groups.items()}


def _people(people: Iterable[OneSided], codes: frozenset[str]) -> tuple[OttetalPerson, ...]:
    rows = [p.row for p in people if chosen(p.row.dst_kode, codes)]
    return tuple(sorted(rows, key=lambda r: (code_order(r.dst_kode), r.periode, r.kant, r.side, r.aarsag, r.borger)))


def _cell(figures: Figures, around: Iterable[Edge], behind: Behind) -> OttetalCell:
    both, only_own, only_ledger = _overlap(figures, behind)
    statistics, money = loops(around)
    return OttetalCell(
        dst_kode=figures.code,
        periode=figures.period,
        fagsystem_borgere=figures.own,
        fagsystem_fuldtid=_four(figures.own_full),
        oekonomi_borgere=figures.ledger,
        oekonomi_beloeb=figures.amount,
        flis_borgere=figures.flis,
        flis_fuldtid=_four(figures.flis_full),
        dst_modtagere=figures.dst,
        dst_fuldtid=_four(figures.dst_full),
        begge=both,
        kun_fagsystem=only_own,
        kun_oekonomi=only_ledger,
        pris_pr_fuldtid=price(figures.amount, figures.payer_full),
        status=worst((statistics, money)),
        fagsystem_betaler_borgere=figures.payer,
        fagsystem_betaler_fuldtid=_four(figures.payer_full),
        status_statistik=statistics,
        status_oekonomi=money,
    )


def _four(full: Fraction | None) -> Decimal | None:
    return None if full is None else rounded(full, 4)


def price(amount: Decimal | None, full: Fraction | None) -> Decimal | None:
    """Kr. per fuldtidsydelse in the quarter, not annualised; two decimals, half up; None when there is none."""
    return rounded(Fraction(amount) / full, 2) if amount is not None and full else None


def _overlap(figures: Figures, behind: Behind) -> tuple[int | None, int | None, int | None]:
    """begge, kun_fagsystem, kun_oekonomi; missing when one of the two sides is."""
    if figures.payer is None or figures.ledger is None or figures.framed:
        return None, None, None
    people = behind.people.get((LEDGER, *figures.key), ())
    own = sum(p.row.side == Side.FAGSYSTEM for p in people)
    return figures.payer - own, own, len(people) - own
