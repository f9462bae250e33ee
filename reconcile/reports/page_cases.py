"""The cases of a run as rows that can be found without script: each has marks, and a choice hides the rows without its mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reconcile.domain.codes import code_order
from reconcile.i18n import _, kr
from reconcile.reports import labels
from reconcile.reports.labels import Label
from reconcile.results.cases import ACCEPTED, NEW, OPEN, Case
from reconcile.results.cells import is_cell
from reconcile.results.rows import RunResult
from reconcile.rules.catalogue import Rule

#: How many cases the page has; they are in the order of ``sager.csv``, so the gravest.
ROWS = 400


@dataclass(frozen=True)
class Choice:
    """A choice of a filter: its mark (letters and digits, so that a style can name it), its text, and how many rows have it."""

    mark: str
    text: str
    count: int


@dataclass(frozen=True)
class Filter:
    """One question that the rows can be chosen by."""

    name: str
    legend: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class CaseLine:
    """A case as a row: ``about`` names what it is about and when, ``remark`` what is written about it in the workbook."""

    id: str
    marks: str
    label: Label
    state: Label
    title: str
    rule: str
    who: str
    about: tuple[str, ...]
    when: str
    amount: str
    text: str
    cells: str
    remark: str


@dataclass(frozen=True)
class CaseList:
    """The rows with their filters; ``count`` is how many cases there are, ``remarks`` how many have a remark."""

    lines: tuple[CaseLine, ...]
    filters: tuple[Filter, ...]
    count: int
    remarks: int

    @property
    def style(self) -> str:
        """The style that hides the rows without the mark that is chosen."""
        marks = [choice.mark for question in self.filters for choice in question.choices]
        return "".join(f".find:has(#f-{mark}:checked) .row:not(.{mark}){{display:none}}\n" for mark in marks)


def case_list(result: RunResult, rules: Mapping[str, Rule]) -> CaseList | None:
    """The cases of a run; None where it has none."""
    table = result.table("sager")
    cases: Sequence[Case] = table.rows[:ROWS] if table else ()
    if not table or not cases:
        return None
    marks: list[list[str]] = [[] for _case in cases]
    filters = tuple(_filter(question, cases, marks) for question in _questions(rules))
    lines = tuple(_line(case, " ".join(own), rules) for case, own in zip(cases, marks, strict=True))
    return CaseList(lines, filters, len(table.rows), sum(bool(written_in(case)) for case in table.rows))


@dataclass(frozen=True)
class _Question:
    name: str
    legend: str
    of: Callable[[Case], str]
    wording: Callable[[str], str]
    order: Callable[[str], Any]


def _questions(rules: Mapping[str, Rule]) -> Iterator[_Question]:
    states = (NEW, OPEN, ACCEPTED)
    yield _Question("status", _("Status"), lambda c: c.status, lambda v: labels.status(v).text, states.index)
    yield _Question("hvem", _("Hvem"), lambda c: c.hvem, _who, str)
    yield _Question(
        "regel",
        _("Regel"),
        lambda c: c.regel,
        lambda v: f"{v} {rules[v].text('title')}" if v in rules else _("Åben celle"),
        str,
    )
    yield _Question("kode", _("Ydelse"), lambda c: c.dst_kode or c.ydelse or "", lambda v: v or _("ingen"), code_order)


def _filter(question: _Question, cases: Sequence[Case], marks: list[list[str]]) -> Filter:
    """The filter of a question; every case gets its mark."""
    counts = Counter(map(question.of, cases))
    named = {value: f"{question.name}{n}" for n, value in enumerate(sorted(counts, key=question.order))}
    for case, own in zip(cases, marks, strict=True):
        own.append(named[question.of(case)])
    choices = tuple(Choice(mark, question.wording(value), counts[value]) for value, mark in named.items())
    return Filter(question.name, question.legend, choices)


def _who(name: str) -> str:
    return labels.word(name) if name else _("ikke fordelt")


def _line(case: Case, marks: str, rules: Mapping[str, Rule]) -> CaseLine:
    name = labels.code_name(case.dst_kode) if case.dst_kode else ""
    return CaseLine(
        id=case.sag_id,
        marks=marks,
        label=labels.severity(case.alvor),
        state=labels.status(case.status),
        title=rules[case.regel].text("title") if case.regel in rules else _("Åben celle"),
        rule="" if is_cell(case.sag_id) else case.regel,
        who=_who(case.hvem),
        about=tuple(part for part in (case.dst_kode or case.ydelse, name, case.borger) if part),
        when=labels.when(case.fra, case.til),
        amount=kr(case.beloeb) if case.beloeb is not None else "",
        text=case.besked,
        cells=case.celler if not is_cell(case.sag_id) else "",
        remark=written_in(case),
    )


def written_in(case: Case) -> str:
    """What is written about a case in the workbook, with who has it and how far it is; empty where nothing is."""
    told = [part for part in (case.ansvarlig, _(case.arbejdsstatus) if case.arbejdsstatus else "") if part]
    return ": ".join(filter(None, (", ".join(told), case.bemaerkning or "")))
