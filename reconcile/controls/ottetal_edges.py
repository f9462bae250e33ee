"""The edges of the figure eight: who is counted at one end only, and the causes, which always sum to the difference.

A person at one end only has exactly one cause, the first that holds. Towards DST, which has no persons, the causes are
the steps of the HAND07 bridge, and FLIS–DST is the way back over the fagsystem: its causes are those of fagsystem–DST
without those of fagsystem–FLIS. What no cause takes is the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from reconcile.context import Context
from reconcile.controls import postdiff
from reconcile.controls.exact import rounded
from reconcile.results import Finding
from reconcile.results_ottetal import OttetalCause, OttetalEdge

LEDGER, RECORDS, FLIS_DST, OWN_DST = "fagsystem–økonomi", "fagsystem–FLIS", "FLIS–DST", "fagsystem–DST"
REST = "rest"

#: Rule → the cause it gives a person, in the order they are tried.
RULE_CAUSES = {
    "OE03": "forkert_konto",
    "OE05": "betaling_efter_ophoer",
    "OE01": "betaling_uden_ydelse",
    "OE02": "ydelse_uden_betaling",
    "FL01": "kun_i_fagsystem",
    "FL02": "kun_i_flis",
    "FL04": "dublet_noegle",
    "FL03": "aendret_post",
}


class Side(StrEnum):
    """The end of an edge that counts a person the other end does not."""

    FAGSYSTEM = "fagsystem"
    LEDGER = "oekonomi"
    FLIS = "flis"


@dataclass(frozen=True)
class OneSided:
    """A person counted at one end of an edge only. ``explained``: a bridge step removes the person, or a rule names it."""

    edge: str
    code: str
    period: str
    side: str
    person: str
    cause: str
    explained: bool


@dataclass(frozen=True)
class Rest:
    """What the bridge of a cell leaves: persons per step, and DST − harmoniseret (None where DST has no figure)."""

    steps: Mapping[str, int]
    rest: int | None


@dataclass(frozen=True)
class Edge:
    """An edge with its causes and the number of persons nothing explains."""

    row: OttetalEdge
    causes: tuple[OttetalCause, ...]
    open_people: int


def chosen(code: str, codes: frozenset[str]) -> bool:
    """Whether a code is one of the chosen ones or lies under one, at a point. No choice is all."""
    return not codes or any(code == c or code.startswith(f"{c}.") for c in codes)


def one_sided(context: Context, findings: Iterable[Finding]) -> tuple[OneSided, ...]:
    """Everybody counted by one end of fagsystem–økonomi or fagsystem–FLIS only, with the cause."""
    named = _named(findings)
    bridge = _bridge_people(context)
    differences = postdiff.people(context)
    people = []
    for row in context.engine.records("SELECT * FROM ensidig_aarsag ORDER BY dst_kode, periode, side, cpr"):
        code, period, cpr = row["dst_kode"], row["periode"], row["cpr"]
        person = context.pseudonym(cpr)
        rules = named.get((person, code, period), frozenset()) | differences.get((cpr, code), frozenset())
        step = bridge.get((cpr, code, period))
        edge, cause = (
            (LEDGER, _ledger_cause(row, rules))
            if row["kant"] == "oekonomi"
            else (RECORDS, _record_cause(row, rules, step))
        )
        people.append(OneSided(edge, code, period, row["side"], person, cause, bool(rules) or step is not None))
    return tuple(people)


def _named(findings: Iterable[Finding]) -> Mapping[tuple[str, str, str], frozenset[str]]:
    """Pseudonym × code × quarter → the OE rules that name the person there; OE03 names the codes it points to as well."""
    named: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for finding in findings:
        if finding.borger and finding.dst_kode and finding.periode and finding.regel.startswith("OE"):
            codes = [finding.dst_kode]
            if finding.regel == "OE03":
                codes += str(finding.forventet).split(", ")
            for code in codes:
                named[finding.borger, code, _quarter(finding.periode)].add(finding.regel)
    return {key: frozenset(rules) for key, rules in named.items()}


def _quarter(month: str) -> str:
    return f"{month[:4]}K{(int(month[5:7]) + 2) // 3}"


def _ledger_cause(row: Mapping[str, Any], rules: frozenset[str]) -> str:
    if row["befolkning"]:
        return "befolkning"
    if row["rammestyret"]:
        return "rammestyret"
    for rule, cause in RULE_CAUSES.items():
        if rule in rules and rule.startswith("OE"):
            return cause
    if row["nettet_ud"]:
        return "nettet_ud"
    if row["delt_konto"]:
        return "delt_konto"
    return "efterslip" if row["side"] == Side.FAGSYSTEM else REST


def _record_cause(row: Mapping[str, Any], rules: frozenset[str], step: str | None) -> str:
    if row["befolkning"]:
        return "befolkning"
    if step == "indlaesning" and row["side"] == Side.FAGSYSTEM:
        return "indlaesning"
    return next((cause for rule, cause in RULE_CAUSES.items() if rule in rules and rule.startswith("FL")), REST)


def _has(context: Context, table: str) -> bool:
    """Whether the HAND07 control has left a table."""
    return bool(context.engine.rows("SELECT 1 FROM information_schema.tables WHERE table_name = ?", [table]))


def _bridge_people(context: Context) -> Mapping[tuple[str, str, str], str]:
    """cpr × code × quarter → the step of the bridge that removes the person."""
    if not _has(context, "bro_person"):
        return {}
    rows = context.engine.rows("SELECT cpr, dst_kode, periode, trin FROM bro_person")
    return {(cpr, code, period): step for cpr, code, period, step in rows}


def rests(context: Context) -> Mapping[tuple[str, str], Rest]:
    """Code × quarter → what the HAND07 bridge leaves; empty where that control has not run."""
    steps: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (_cpr, code, period), step in _bridge_people(context).items():
        steps[code, period][step] += 1
    left: dict[tuple[str, str], int | None] = {}
    if _has(context, "hand07_celle"):
        rows = context.engine.rows("SELECT dst_kode, periode, rest FROM hand07_celle")
        left = {(code, period): rest for code, period, rest in rows}
    return {key: Rest(steps[key], left.get(key)) for key in {*steps, *left}}


def flis_figures(context: Context, r: Mapping[str, Any]) -> tuple[int | None, Decimal | None]:
    """FLIS' persons and fuldtidsydelser: the extract's own, else the published ones."""
    if not context.has("flis"):
        return r["flis_antal"], r["flis_fuldtid"]
    return r["flis_borgere"], rounded(Fraction(int(r["flis_dage"]), r["periode_dage"]), 4)


def judged_ledger(r: Mapping[str, Any]) -> int | None:
    """Økonomi's persons where they can be held against the fagsystem: the code is not rammestyret."""
    return None if r["rammestyret"] else r["oekonomi_borgere"]


def edges(
    context: Context,
    r: Mapping[str, Any],
    sided: Mapping[tuple[str, str, str], Sequence[OneSided]],
    left: Mapping[tuple[str, str], Rest],
) -> tuple[Edge, ...]:
    """The four edges of a cell, each with the causes of its difference."""
    key = (r["dst_kode"], r["periode"])
    own, dst = r["fagsystem_borgere"], r["dst_modtagere"]
    flis, _full = flis_figures(context, r)
    bridge = left.get(key, Rest({}, None))
    rest = bridge.rest if bridge.rest is not None or dst is None else dst - _first(own, flis, dst)
    open_rest = 0 if rest is None or abs(rest) <= context.regler.tolerance_antal else abs(rest)

    ledger_people = sided.get((LEDGER, *key), ())
    ledger = _people_causes(ledger_people)
    records, open_records = _records(context, r, sided.get((RECORDS, *key), ()), bridge)
    harmonised = Counter({step: -n for step, n in bridge.steps.items()}) if own is not None else Counter()
    back = Counter(harmonised)
    back.subtract(records)
    left_out = context.has("oekonomi") and context.has("masteroversigt") and (r["rammestyret"] or not r["konti"])
    return (
        _edge(key, LEDGER, (own, r["oekonomi_borgere"]), ledger, _open(ledger_people), left_out=bool(left_out)),
        _edge(key, RECORDS, (own, flis), records, open_records),
        _edge(key, FLIS_DST, (flis, dst), back, open_rest + (open_records if own is not None else 0)),
        _edge(key, OWN_DST, (own, dst), harmonised, open_rest),
    )


def _first(*figures: int | None) -> int:
    return next(figure for figure in figures if figure is not None)


def _records(
    context: Context, r: Mapping[str, Any], people: Sequence[OneSided], bridge: Rest
) -> tuple[Counter[str], int]:
    """The causes of fagsystem–FLIS, and how many nothing explains.

    Published FLIS figures have no persons: only the load rule can explain them.
    """
    if context.has("flis"):
        return _people_causes(people), _open(people)
    loaded = bridge.steps.get("indlaesning", 0)
    if r["flis_antal"] is None or r["fagsystem_borgere"] is None:
        return Counter(), 0
    return Counter({"indlaesning": -loaded}), abs(r["flis_antal"] - (r["fagsystem_borgere"] - loaded))


def _people_causes(people: Iterable[OneSided]) -> Counter[str]:
    """Persons only the fagsystem counts pull the difference down, the others up."""
    causes: Counter[str] = Counter()
    for person in people:
        causes[person.cause] += -1 if person.side == Side.FAGSYSTEM else 1
    return causes


def _open(people: Iterable[OneSided]) -> int:
    return sum(not person.explained for person in people)


def _edge(
    key: tuple[str, str],
    name: str,
    ends: tuple[int | None, int | None],
    causes: Mapping[str, int],
    open_people: int,
    *,
    left_out: bool = False,
) -> Edge:
    start, end = ends
    if start is None or end is None:
        row = OttetalEdge(*key, name, start, end, None, "udeladt" if left_out else "mangler")
        return Edge(row, (), 0)
    difference = end - start
    if left_out:
        status = "udeladt"
    elif difference == 0:
        status = "ens"
    else:
        status = "uforklaret" if open_people else "forklaret"
    made = tuple(OttetalCause(*key, name, cause, n) for cause, n in _adding_up(causes, difference))
    return Edge(OttetalEdge(*key, name, start, end, difference, status), made, 0 if left_out else open_people)


def _adding_up(causes: Mapping[str, int], difference: int) -> Iterator[tuple[str, int]]:
    """The causes in order of name, then what is left of the difference, as the rest; a cause of 0 is left out."""
    named = {cause: n for cause, n in causes.items() if cause != REST and n}
    yield from sorted(named.items())
    if left := difference - sum(named.values()):
        yield REST, left
