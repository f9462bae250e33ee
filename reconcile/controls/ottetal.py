"""The 8-tals kontrol: eight figures per dst_kode × quarter, two from each of four sources, and what separates them.

The views of ``sql/ottetal/`` count; the rules OE01–OE07 judge persons and accounts; ``ottetal_edges`` says which cause
each difference has. Figures are the extracts' own, before load rule and harmonisation: the bridge of HAND07 is among
the causes. The figure eight is our own reading of Komponent's «8-tals kontrol» (13-12-2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.context import Context
from reconcile.controls import ottetal_caveats, ottetal_edges
from reconcile.controls.compare import Outcome, compare
from reconcile.controls.exact import rounded
from reconcile.controls.hand07 import code_order
from reconcile.controls.ottetal_edges import OneSided, Rest, Side, chosen
from reconcile.results import Finding, OttetalCell, PartResult, ResultTable
from reconcile.results_ottetal import OttetalCause, OttetalEdge, OttetalLeftOut, OttetalPerson
from reconcile.rules.catalogue import load_rules
from reconcile.rules.runner import run_rules

EQUAL, EXPLAINED, UNEXPLAINED, INCOMPLETE = "ens", "forklaret", "uforklaret", "ufuldstaendig"


def run(context: Context, codes: frozenset[str] = frozenset()) -> PartResult:
    """The tables ``ottetal``, ``ottetal_kanter``, ``ottetal_aarsager``, ``ottetal_borgere`` and ``ottetal_udeladt``.

    ``codes`` limits what is shown to these dst_koder and those under them (1.12 takes 1.12.0.1 along); every code is
    judged all the same. Reads ``bro_person`` and ``hand07_celle`` where the HAND07 control has made them.
    """
    build(context)
    ran = run_rules(context, [rule for rule in load_rules(context.own_rules) if rule.view.startswith("oe_")])
    records = [r for r in context.engine.records("SELECT * FROM ottetal_tal") if chosen(r["dst_kode"], codes)]
    records.sort(key=lambda r: (code_order(r["dst_kode"]), r["periode"]))
    behind = ottetal_edges.one_sided(context, ran.findings)
    rests = ottetal_edges.rests(context)
    sided = {key: tuple(group) for key, group in _grouped(behind).items()}
    cells = tuple(_cell(context, r, sided, rests) for r in records)
    edges = [edge for r in records for edge in ottetal_edges.edges(context, r, sided, rests)]
    return PartResult(
        tables=(
            ResultTable("ottetal", OttetalCell, cells),
            ResultTable("ottetal_kanter", OttetalEdge, tuple(edge.row for edge in edges)),
            ResultTable("ottetal_aarsager", OttetalCause, tuple(cause for edge in edges for cause in edge.causes)),
            ResultTable("ottetal_borgere", OttetalPerson, _people(behind, codes)),
            ResultTable("ottetal_udeladt", OttetalLeftOut, tuple(ottetal_caveats.left_out(context, codes))),
        ),
        findings=tuple(f for f in ran.findings if _shown(f, codes)),
        not_run=ran.not_run,
        caveats=tuple(ottetal_caveats.caveats(context)),
        open_cells=sum(cell.status == UNEXPLAINED for cell in cells),
        rules_run=ran.ran,
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


def _shown(finding: Finding, codes: frozenset[str]) -> bool:
    """A finding is shown when its code is chosen; OE03 also when one of the codes it names is."""
    named = [finding.dst_kode or ""]
    if finding.regel == "OE03":
        named += str(finding.forventet).split(", ")
    return any(chosen(code, codes) for code in named)


def _grouped(people: Iterable[OneSided]) -> dict[tuple[str, str, str], list[OneSided]]:
    groups: dict[tuple[str, str, str], list[OneSided]] = {}
    for person in people:
        groups.setdefault((person.edge, person.code, person.period), []).append(person)
    return groups


def _people(people: Iterable[OneSided], codes: frozenset[str]) -> tuple[OttetalPerson, ...]:
    rows = [OttetalPerson(p.code, p.period, p.edge, p.side, p.cause, p.person) for p in people if chosen(p.code, codes)]
    return tuple(sorted(rows, key=lambda r: (code_order(r.dst_kode), r.periode, r.kant, r.side, r.aarsag, r.borger)))


def _cell(
    context: Context,
    r: Mapping[str, Any],
    sided: Mapping[tuple[str, str, str], Sequence[OneSided]],
    rests: Mapping[tuple[str, str], Rest],
) -> OttetalCell:
    flis, flis_full = ottetal_edges.flis_figures(context, r)
    full = None if r["fagsystem_dage"] is None else Fraction(int(r["fagsystem_dage"]), r["periode_dage"])
    both, only_own, only_ledger = _overlap(r, sided)
    return OttetalCell(
        dst_kode=r["dst_kode"],
        periode=r["periode"],
        fagsystem_borgere=r["fagsystem_borgere"],
        fagsystem_fuldtid=None if full is None else rounded(full, 4),
        oekonomi_borgere=r["oekonomi_borgere"],
        oekonomi_beloeb=r["oekonomi_beloeb"],
        flis_borgere=flis,
        flis_fuldtid=flis_full,
        dst_modtagere=r["dst_modtagere"],
        dst_fuldtid=r["dst_fuldtid"],
        begge=both,
        kun_fagsystem=only_own,
        kun_oekonomi=only_ledger,
        pris_pr_fuldtid=price(r["oekonomi_beloeb"], full),
        status=status(context, r, sided, rests),
    )


def price(amount: Decimal | None, full: Fraction | None) -> Decimal | None:
    """Kr. per fuldtidsydelse in the quarter, not annualised; two decimals, half up; None when there is none."""
    return rounded(Fraction(amount) / full, 2) if amount is not None and full else None


def _overlap(
    r: Mapping[str, Any], sided: Mapping[tuple[str, str, str], Sequence[OneSided]]
) -> tuple[int | None, int | None, int | None]:
    """begge, kun_fagsystem, kun_oekonomi; missing when one of the two sides is."""
    if r["fagsystem_borgere"] is None or r["oekonomi_borgere"] is None:
        return None, None, None
    people = sided.get((ottetal_edges.LEDGER, r["dst_kode"], r["periode"]), ())
    own = sum(p.side == Side.FAGSYSTEM for p in people)
    return r["fagsystem_borgere"] - own, own, len(people) - own


def status(
    context: Context,
    r: Mapping[str, Any],
    sided: Mapping[tuple[str, str, str], Sequence[OneSided]],
    rests: Mapping[tuple[str, str], Rest],
) -> str:
    """The status of a cell (contract of ``ottetal.csv``).

    ``ens``: all present person counts agree, økonomi's only for codes with an account and not rammestyret. ``forklaret``:
    every person counted on one side only is removed by a bridge step or has an OE or FL finding, and the rest is within
    ``tolerance_antal``. ``ufuldstaendig``: fewer than two sources. Else ``uforklaret``.
    """
    flis, _full = ottetal_edges.flis_figures(context, r)
    ledger = ottetal_edges.judged_ledger(r)
    match compare((r["fagsystem_borgere"], ledger, flis, r["dst_modtagere"])):
        case Outcome.MISSING:
            return INCOMPLETE
        case Outcome.EQUAL:
            return EQUAL
        case _differ:
            made = ottetal_edges.edges(context, r, sided, rests)
            loose = r["fagsystem_borgere"] is None and ledger is not None and compare((ledger, flis)) != Outcome.EQUAL
            return UNEXPLAINED if loose or any(edge.open_people for edge in made) else EXPLAINED
