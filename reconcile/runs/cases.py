"""From findings to cases: what a person has to do once, the cells each case moves, and what makes a cell equal.

The findings of a rule about one person and one code are one case, in whatever source, month and week they stand; where a rule
is about something else than a person, its ``sag`` says what (``emne``), and which of its facts is its money (``beloeb``).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from reconcile.controls.ottetal_people import CROSSING, RULE_CAUSES
from reconcile.i18n import _, in_sentence, number
from reconcile.results.cases import ACCEPTED, CASE, NEW, OPEN, Case
from reconcile.results.cells import CELL, OpenCell, sealed, size_text
from reconcile.results.rows import Finding, RunResult, Severity
from reconcile.rules.catalogue import Rule

#: The rule that finds the persons of a step of the bridge.
_STEP_RULES = {"R1": "VH07", "R2": "VH06", "R3": "VH08", "indlaesning": "VH16", "gyldighed": "VH09"}
#: Cause of a one-sided person, or step of the bridge → the rule whose case it is.
CAUSE_RULES: Mapping[str, str] = {**{cause: rule for rule, cause in RULE_CAUSES.items()}, **_STEP_RULES}
#: The edge that a step of the bridge is told on.
BRIDGE = "HAND07"
_SHOWN_CELLS = 8


class Moved(NamedTuple):
    """A person who moves a cell: on which edge, by which cause, and the kr. behind it."""

    code: str
    period: str
    edge: str
    cause: str
    person: str
    amount: Decimal | None

    @property
    def rule(self) -> str | None:
        """The rule whose case it is; None for a cause that no rule finds."""
        return CAUSE_RULES.get(self.cause)


@dataclass
class _Group:
    findings: list[Finding] = field(default_factory=list)
    rule: Rule | None = None


def cases_of(result: RunResult, rules: Mapping[str, Rule]) -> tuple[Case, ...]:
    """The cases of a run, open cells first, then the gravest, then those about most money; all of them open."""
    moves = index(moved(result))
    groups: dict[tuple[str, str, str], _Group] = defaultdict(_Group)
    for finding in result.findings:
        rule = rules.get(finding.regel)
        group = groups[finding.regel, *_subject(finding, rule)]
        group.findings.append(finding)
        group.rule = rule
    made = [_case(key, group, moves) for key, group in groups.items()]
    return (*(_cell(cell) for cell in result.cells.values()), *sorted(made, key=_order))


def _order(case: Case) -> tuple[int, Decimal, str, str]:
    return list(Severity).index(case.alvor), -abs(case.beloeb or Decimal(0)), case.regel, case.sag_id


def moved(result: RunResult) -> Iterator[Moved]:
    """Everybody who moves a cell, once for each edge: one-sided persons and those a step of the bridge takes or gives."""
    people, bridge = result.table("ottetal_borgere"), result.table("bro_borgere")
    for row in people.rows if people else ():
        if row.kant != CROSSING:
            yield Moved(row.dst_kode, row.periode, row.kant, row.aarsag, row.borger, row.beloeb)
    for row in bridge.rows if bridge else ():
        yield Moved(row.dst_kode, row.periode, BRIDGE, row.trin, row.borger, None)


def index(people: Iterable[Moved]) -> Mapping[tuple[str, str], Sequence[Moved]]:
    """Rule and person → the cells they move."""
    found: dict[tuple[str, str], list[Moved]] = defaultdict(list)
    for move in people:
        if move.rule:
            found[move.rule, move.person].append(move)
    return found


def _subject(finding: Finding, rule: Rule | None) -> tuple[str, str]:
    """What a finding's case is about, and the code or ydelse: the key of its case beside the rule."""
    what = (rule.case.get("emne") if rule else None) or "borger"
    code = finding.dst_kode or finding.ydelse or ""
    if what == "konto":
        return str(finding.facts.get("konto") or finding.facts.get("kontotekst") or ""), code
    if what == "borger":
        return finding.borger or finding.kilde, code
    return "", code


def _case(key: tuple[str, str, str], group: _Group, moves: Mapping[tuple[str, str], Sequence[Moved]]) -> Case:
    name, _about, code = key
    found, rule = sorted(group.findings, key=Finding.sort_key), group.rule
    persons = {finding.borger for finding in found if finding.borger}
    person = next(iter(persons)) if len(persons) == 1 else None
    periods = sorted(finding.periode for finding in found if finding.periode)
    amount = _amount(found, rule)
    ids = tuple(finding.fund_id for finding in found)
    sizes = (f"{f.fund_id}={size_text(f.vaerdi)}/{size_text(f.forventet)}" for f in found)
    about = [
        m for p in sorted(persons) for m in moves.get((name, p), ()) if not code or m.code == code or name == "OE03"
    ]
    return Case(
        sag_id=f"{CASE}{name}-{hashlib.sha256(chr(31).join(key).encode()).hexdigest()[:12]}",
        regel=name,
        alvor=min((f.alvor for f in found), key=list(Severity).index),
        borger=person,
        dst_kode=next((f.dst_kode for f in found if f.dst_kode), None),
        ydelse=next((f.ydelse for f in found if f.ydelse), None),
        fra=periods[0] if periods else None,
        til=periods[-1] if periods else None,
        antal_fund=len(found),
        kilder=", ".join(sorted({finding.kilde for finding in found})),
        beloeb=amount,
        celler=_cells(about),
        besked=_sentence(found, rule, periods),
        hvem=rule.who if rule else "",
        status=OPEN,
        accepteret_til=None,
        fund=ids,
        borgere=len(persons),
        stoerrelse=f"{len(found)}{sealed(chr(10).join(sizes))}",
    )


def _amount(found: Sequence[Finding], rule: Rule | None) -> Decimal | None:
    """The sum of the fact that the rule says is its money; None for a rule without, or where no finding has it."""
    fact = rule.case.get("beloeb") if rule else None
    amounts = [Decimal(value) for f in found if fact and isinstance(value := f.facts.get(fact), Decimal | int)]
    return sum(amounts, Decimal(0)) if amounts else None


def _cells(about: Iterable[Moved]) -> str:
    """``1.12.0.2 2020K3 (1)``: the cells a case moves and by how many persons; the first of them where there are many."""
    persons: dict[tuple[str, str], set[str]] = defaultdict(set)
    for move in about:
        persons[move.code, move.period].add(move.person)
    said = [f"{code} {period} ({len(who)})" for (code, period), who in sorted(persons.items())]
    more = _("og {antal} til").format(antal=number(len(said) - _SHOWN_CELLS))
    return ", ".join(said if len(said) <= _SHOWN_CELLS else [*said[:_SHOWN_CELLS], more])


def _sentence(found: Sequence[Finding], rule: Rule | None, periods: Sequence[str]) -> str:
    """What the case says: its finding, or how many there are, over which time, and the gravest of them."""
    first = min(found, key=Finding.importance).besked
    if len(found) == 1:
        return first
    title = rule.text("title") if rule else found[0].regel
    span = sorted(set(periods))
    where = "–".join(map(in_sentence, (span[0], span[-1]) if len(span) > 1 else span))
    text = _("{titel}: {antal} fund, {hvornaar}. Fx: {besked}") if where else _("{titel}: {antal} fund. Fx: {besked}")
    return text.format(titel=title, antal=number(len(found)), hvornaar=where, besked=first)


def _cell(cell: OpenCell) -> Case:
    return Case(
        sag_id=cell.id,
        regel=CELL,
        alvor=Severity.ERROR,
        borger=None,
        dst_kode=None if cell.is_account else cell.dst_kode,
        ydelse=None,
        fra=cell.periode,
        til=cell.periode,
        antal_fund=0,
        kilder=", ".join(cell.where),
        beloeb=Decimal(cell.size).quantize(Decimal("0.01")) if cell.is_account else None,
        celler=f"{cell.dst_kode} {cell.periode}",
        besked=cell_sentence(cell),
        hvem="analytikeren",
        status=OPEN,
        accepteret_til=None,
        fund=(),
        borgere=0,
        stoerrelse=cell.size,
    )


def cell_sentence(cell: OpenCell) -> str:
    """What is open of a cell, in a sentence."""
    places = {
        "hand07": _("modtagere mod Danmarks Statistik"),
        "hand01": _("fuldtidsydelser mod Danmarks Statistik"),
        "statistik": _("fagsystem mod FLIS"),
        "oekonomi": _("fagsystem mod økonomi"),
        "regnskab": _("økonomi mod det offentliggjorte regnskab"),
    }
    text = {
        "delvist_forklaret": _("{kode} i {periode} er kun delvist forklaret: {hvor}."),
        "uforklaret": _("{kode} i {periode} er uforklaret: {hvor}."),
    }[cell.status]
    return text.format(kode=cell.dst_kode, periode=cell.periode, hvor=", ".join(places[where] for where in cell.where))


def settled(cases: Iterable[Case], accepted: Mapping[str, date], new: frozenset[str]) -> tuple[Case, ...]:
    """The cases with what has become of each. ``accepted``: id of an accepted finding, case or cell → its last day; ``new``:
    the findings and cells that the run before could have had and had not."""
    made = []
    for case in cases:
        ids = case.fund or (case.sag_id,)
        until = accepted.get(case.sag_id) or (
            min(accepted[i] for i in ids) if all(i in accepted for i in ids) else None
        )
        state = ACCEPTED if until else NEW if new.issuperset(ids) else OPEN
        made.append(replace(case, status=state, accepteret_til=until))
    return tuple(made)
