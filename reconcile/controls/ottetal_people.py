"""Who is counted at one end of an edge only, and the one cause each has: the first that holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reconcile.controls import hand07, postdiff
from reconcile.domain.cpr import mask
from reconcile.results.ottetal import OttetalPerson
from reconcile.results.rows import Finding
from reconcile.world.context import Context

LEDGER, RECORDS, CROSSING = "fagsystem–økonomi", "fagsystem–FLIS", "handlekommune–betalingskommune"
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
    HANDLER = "handlekommune"
    PAYER = "betalingskommune"


@dataclass(frozen=True)
class OneSided:
    """A person counted at one end of an edge only. ``explained``: there is a cause, or a bridge step removes the person."""

    row: OttetalPerson
    explained: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """Edge, code and quarter."""
        return self.row.kant, self.row.dst_kode, self.row.periode


def one_sided(context: Context, findings: Iterable[Finding]) -> tuple[OneSided, ...]:
    """Everybody counted by one end of fagsystem–økonomi, fagsystem–FLIS or the crossing only, with the cause."""
    named = _named(findings)
    removed = hand07.removed_people(context)
    differences = postdiff.touched(context)
    quarters = {str(quarter): (quarter.first, quarter.last) for quarter in context.perioder}
    people = []
    for row in context.engine.records("SELECT * FROM ensidig_aarsag ORDER BY dst_kode, periode, side, cpr"):
        code, period, cpr = row["dst_kode"], row["periode"], row["cpr"]
        person = context.pseudonym(cpr)
        first, last = quarters[period]
        records = {t.rule for t in differences.get((cpr, code), ()) if t.first <= last and t.last >= first}
        rules = named.get((person, code, period), frozenset()) | records
        step = removed.get((cpr, code, period))
        edge, cause = _cause(row, rules, step)
        behind = row["dage"], row["netto"], mask(row["fil"]), row["raekke"]
        shown = OttetalPerson(code, period, edge, row["side"], cause, person, *behind)
        people.append(OneSided(shown, cause != REST or (edge == RECORDS and step is not None)))
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


def _cause(row: Mapping[str, Any], rules: frozenset[str], step: str | None) -> tuple[str, str]:
    """The edge of a one-sided person, and the first cause that holds there."""
    match row["kant"]:
        case "oekonomi":
            return LEDGER, _ledger_cause(row, rules)
        case "krydset":
            return CROSSING, "befolkning" if row["befolkning"] else "rammestyret"
        case _flis:
            return RECORDS, _record_cause(row, rules, step)


def _ledger_cause(row: Mapping[str, Any], rules: frozenset[str]) -> str:
    if row["befolkning"]:
        return "befolkning"
    if row["rammestyret"]:
        return "rammestyret"
    for rule, cause in RULE_CAUSES.items():
        if rule in rules and rule.startswith("OE"):
            return cause
    if named := [reason for reason in ("nettet_ud", "delt_konto", "rytme") if row[reason]]:
        return named[0]
    return "efterslip" if row["side"] == Side.FAGSYSTEM else REST


def _record_cause(row: Mapping[str, Any], rules: frozenset[str], step: str | None) -> str:
    if row["befolkning"]:
        return "befolkning"
    if step in ("rettet", "indlaesning") and row["side"] == Side.FAGSYSTEM:
        return step
    return next((cause for rule, cause in RULE_CAUSES.items() if rule in rules and rule.startswith("FL")), REST)
