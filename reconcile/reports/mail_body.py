"""What a mail says of a run: the verdict, what differs and what to do, as HTML for mail clients and as text.

Outlook draws with Word's engine and others strip what they do not know: tables, inlined styles, no drawings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from reconcile.i18n import Count, _, day, language, number
from reconcile.reports import labels
from reconcile.reports.labels import COMPARED, Label
from reconcile.reports.page_cells import open_cells
from reconcile.reports.page_figures import difference, importance, rank
from reconcile.reports.page_findings import RuleHits, hits
from reconcile.reports.page_first import standing
from reconcile.reports.templating import environment
from reconcile.reports.verdict import Verdict, hand07_cells, judge
from reconcile.reports.verdict_tag import ottetal_cells
from reconcile.results.rows import Hand07Cell, OttetalCell, RunResult, Status
from reconcile.rules.catalogue import Rule

if TYPE_CHECKING:
    from jinja2 import Environment

_CELLS = 12
_HITS = 5
#: Colour of text and ground for each tone, as in the report.
_TONES = {
    "ok": ("#1c6f46", "#e6f3ec"),
    "why": ("#1b5794", "#e6eff9"),
    "warn": ("#7a4d00", "#fbf1dd"),
    "bad": ("#ab231b", "#fbe9e7"),
    "na": ("#55616f", "#eef1f4"),
}


@dataclass(frozen=True)
class Overview:
    """The table of a mail: headings (the ydelse and each figure), rows of code, name, quarter and figures, a status for
    each row, and what is left out."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labels: tuple[Label, ...]
    more: str


@dataclass(frozen=True)
class Body:
    """A mail's two bodies, and the verdict its subject names."""

    html: str
    text: str
    verdict: Verdict


def mail_body(result: RunResult, rules: Sequence[Rule], attached: Sequence[str], encrypted: str = "") -> Body:
    """The bodies of the mail of a run with these files attached; ``encrypted`` names the one that has a password."""
    known = {rule.id: rule for rule in rules}
    found = hits(result, known)
    verdict = judge(result)
    page = {
        "lang": language(),
        "result": result,
        "verdict": verdict,
        "place": place(result),
        "periods": labels.span(result.perioder),
        "when": _("kørt {dag} kl. {tid}").format(dag=day(result.started.date()), tid=f"{result.started:%H.%M}"),
        "standing": standing(result),
        "cells": open_cells(result, frozenset()),
        "overview": overview(result),
        "todo": found[:_HITS],
        "more_rules": len(found) - _HITS,
        "who": {rule.id: labels.word(rule.who) for rule in rules},
        "attached": labels.enumerated(list(attached)),
        "encrypted": encrypted,
    }
    html = _environment().get_template("mail.html.j2").render(**page)
    return Body(html, "\n".join(_text(page)) + "\n", verdict)


def place(result: RunResult) -> str:
    """The municipality as it is named."""
    return f"{result.navn} ({result.kommune})" if result.navn else result.kommune


def overview(result: RunResult) -> Overview | None:
    """The cells that differ or wait, the most important first; of the 8-tals kontrol where HAND07 was not compared."""
    cells, eights = hand07_cells(result), ottetal_cells(result)
    if cells:
        return _hand07(cells)
    return _ottetal(eights) if eights else None


def _hand07(cells: Sequence[Hand07Cell]) -> Overview:
    shown = sorted((c for c in cells if c.status in COMPARED and c.status is not Status.EQUAL), key=importance)
    equal = sum(cell.status is Status.EQUAL for cell in cells)
    own = _("Fagsystem") if any(cell.fagsystem is not None for cell in cells) else _("FLIS")
    rows = [
        (
            cell.dst_kode,
            labels.code_name(cell.dst_kode),
            cell.periode,
            labels.count_or_dash(cell.dst),
            labels.count_or_dash(cell.flis if cell.fagsystem is None else cell.fagsystem),
            labels.signed(difference(cell)),
            labels.signed(cell.rest),
        )
        for cell in shown[:_CELLS]
    ]
    headings = (_("Ydelse"), _("DST"), own, _("Forskel"), _("Rest"))
    marks = tuple(labels.status(cell.status) for cell in shown[:_CELLS])
    return Overview(_("HAND07 mod jeres tal"), headings, tuple(rows), marks, _rest(len(shown), len(cells), equal))


def _ottetal(cells: Sequence[OttetalCell]) -> Overview:
    shown = sorted((c for c in cells if c.status != "ens"), key=lambda c: (rank(c.status), c.periode, c.dst_kode))
    equal = len(cells) - len(shown)
    rows = [
        (
            cell.dst_kode,
            labels.code_name(cell.dst_kode),
            cell.periode,
            *map(
                labels.count_or_dash,
                (cell.fagsystem_borgere, cell.oekonomi_borgere, cell.flis_borgere, cell.dst_modtagere),
            ),
        )
        for cell in shown[:_CELLS]
    ]
    headings = (_("Ydelse"), _("Fagsystem"), _("Økonomi"), _("FLIS"), _("DST"))
    marks = tuple(labels.status(cell.status) for cell in shown[:_CELLS])
    return Overview(_("8-tals kontrol"), headings, tuple(rows), marks, _rest(len(shown), len(cells), equal))


def _rest(shown: int, total: int, equal: int) -> str:
    said = [_("Ens: {ens} af {alle} sammenligninger.").format(ens=number(equal), alle=number(total))]
    if shown > _CELLS:
        said.append(_("{antal:forskel|forskelle} til står i rapport.xlsx.").format(antal=Count(shown - _CELLS)))
    return " ".join(said)


def _text(page: dict[str, Any]) -> list[str]:
    """The plain variant: what a client without HTML, or a screen reader, gets."""
    verdict: Verdict = page["verdict"]
    result: RunResult = page["result"]
    lines = [" · ".join(filter(None, (page["place"], page["periods"], page["when"], verdict.tag))), ""]
    lines += [verdict.headline, *filter(None, [verdict.lead, quarantine(result)])]
    lines += [
        "",
        *(f"{point.question.rstrip('?')}: {answer}" for point in page["standing"] for *_mark, answer in point.answers),
    ]
    table: Overview | None = page["overview"]
    if table:
        lines += ["", table.title.upper(), *_rows(table), table.more]
    if page["todo"] or page["cells"]:
        lines += ["", _("Det skal I gøre").upper()]
    lines += [f"- {cell.label.text}: {cell.code} {cell.period}\n  {cell.sentence}" for cell in page["cells"][:_CELLS]]
    for hit in page["todo"]:
        lines += [f"- {hit.label.text}: {hit.title} ({hit.id}, {_count(hit)})", f"  {hit.remedy}"]
    lines += ["", _("Vedhæftet: {filer}.").format(filer=page["attached"])]
    if page["encrypted"]:
        lines.append(secret(page["encrypted"]))
    return [*lines, pseudonyms(), *filter(None, [head(result)])]


def _rows(table: Overview) -> list[str]:
    return [
        f"- {row[0]} {row[1]}, {row[2]}: "
        + ", ".join(f"{name} {value}" for name, value in zip(table.headings[1:], row[3:], strict=True))
        + f" ({label.text})"
        for row, label in zip(table.rows, table.labels, strict=True)
    ]


def _count(hit: RuleHits) -> str:
    return f"{hit.counts}: {hit.scope}" if hit.scope else hit.counts


def quarantine(result: RunResult) -> str:
    """What the reader must know of rows that were set aside; empty when none were."""
    if not result.quarantined:
        return ""
    return labels.counted(
        result.quarantined,
        _("Rapporten er uden {antal} række, der ikke kunne læses."),
        _("Rapporten er uden {antal} rækker, der ikke kunne læses."),
    )


def secret(name: str) -> str:
    """What is said of the encrypted attachment."""
    return _("{fil} har CPR-numre og er krypteret; adgangskoden får du ad en anden vej.").format(fil=name)


def head(result: RunResult) -> str:
    """The hash of the last line of the approvals, which the mail keeps outside the folder; empty where there is none."""
    text = _("Godkendelserne ender med hashen {hash}: gem mailen, så kan «reconcile approve --verify» prøve den.")
    return text.format(hash=result.approval_head) if result.approval_head else ""


def pseudonyms() -> str:
    """What is said of the persons."""
    return _("Borgere er vist med pseudonymer. Mailen er lavet af reconcile.")


@cache
def _environment() -> Environment:
    return environment(
        tones=_TONES, hits_count=_count, quarantine=quarantine, secret=secret, pseudonyms=pseudonyms, head=head
    )
