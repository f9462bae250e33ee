"""``rapport.html``: one self-contained page, without script and without network, everything in it escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from reconcile.i18n import both, day, language, number
from reconcile.reports import (
    charts,
    labels,
    page_cases,
    page_cells,
    page_contents,
    page_eight,
    page_figures,
    page_findings,
    page_first,
    page_money,
    page_noegletal,
    page_reading,
    page_yr,
    page_yr_more,
    page_yr_weeks,
)
from reconcile.reports.templating import environment
from reconcile.reports.verdict import hand07_cells, judge
from reconcile.resources import TEMPLATES
from reconcile.results.rows import RunResult
from reconcile.rules.catalogue import Rule, load_rules

if TYPE_CHECKING:
    from jinja2 import Environment

_TODO = 5
#: What HTML may not hold: control characters and halves of characters.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONG = 600
#: A date, month or ISO week in a text; browsers break a line at its hyphens.
_DATE = re.compile(r"(?<![\w.-])(?:\d\d-\d\d-\d{4}|\d{4}-\d\d(?:-\d\d)?|\d{4}-U\d\d)(?![\w-])")
#: What is no text of the page, and what is.
_TEXT = re.compile(r"(<(style|title|desc|svg)\b.*?</\2>|<[^>]*>)|([^<]+)", re.DOTALL)


def render_html(result: RunResult, rules: Sequence[Rule] | None = None) -> str:
    """The page of a run.

    ``rules`` are the catalogue the run used, the municipality's own among them; without it, the rules that ship.
    """
    known = {rule.id: rule for rule in (load_rules() if rules is None else rules)}
    page = _environment().get_template("rapport.html.j2").render(**_page(result, known))
    return _whole_dates(_UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", page))


def _whole_dates(page: str) -> str:
    """The page with every date in its texts kept on one line."""

    def kept(found: re.Match[str]) -> str:
        """A tag as it is, and a date in a text in a span that never breaks."""
        return found[1] or _DATE.sub(r'<span class="d">\g<0></span>', found[3])

    return _TEXT.sub(kept, page)


def _page(result: RunResult, rules: dict[str, Rule]) -> dict[str, Any]:
    drawn, differing = page_figures.bridges(result)
    eights = page_eight.worst_eights(result)
    hits = page_findings.hits(result, rules)
    page = {
        "result": result,
        "lang": language(),
        "verdict": judge(result),
        "standing": page_first.standing(result),
        "extract": any(cell.fagsystem is not None for cell in hand07_cells(result)),
        "shown_flis": any(cell.flis is not None for cell in hand07_cells(result)),
        "quarters": page_figures.quarter_table(result),
        "groups": page_figures.status_groups(result),
        "bridges": drawn,
        "differing": differing,
        "eight": page_eight.eight(result, eights[0]) if eights else None,
        "eights": eights,
        "eights_shown": page_eight.CELLS,
        "sources": page_eight.with_figures(eights),
        "both_ends": any(cell.begge is not None for cell in eights),
        "money": page_money.money(result),
        "harmonised": _harmonised(result),
        "open_cells": page_cells.open_cells(result, frozenset(bridge.id for bridge in drawn)),
        "todo": hits[:_TODO],
        "weeks": page_yr_weeks.strips(result, [finding for hit in hits for finding in hit.examples]),
        "yr": page_yr.yr_page(result),
        "yr_more": page_yr_more.grids(result),
        "yr_pictures": page_yr_more.pictures(result),
        "people": page_findings.by_person(hits, rules),
        "cases": page_cases.case_list(result, rules),
        "pictures": page_noegletal.pictures(result),
        "folded_pictures": page_noegletal.folded(result),
        "read": page_reading.files_read(result),
        "others": page_findings.other_tables(result),
        "rules": page_findings.rule_lines(result, rules),
        "identities_held": page_contents.identities_held(result),
        "css": (TEMPLATES / "rapport.css").read_text(encoding="utf-8"),
    }
    return {**page, "contents": page_contents.contents(result, page)}


def _harmonised(result: RunResult) -> page_findings.PlainTable | None:
    table = result.table("harmonisering")
    if not table or not table.rows:
        return None
    return page_findings.plain(replace(table, rows=[replace(row, regel=labels.step(row.regel)) for row in table.rows]))


@cache
def _environment() -> Environment:
    made = environment(
        both=both,
        labels=labels,
        charts=charts,
        difference=page_figures.difference,
        anchor=page_figures.anchor,
        paid_apart=page_eight.paid_apart,
        age=page_findings.age,
        counted=labels.counted,
    )
    made.filters.update(
        tal=number,
        day=day,
        volume=page_eight.volume,
        whole=page_eight.whole,
        antal=labels.count_or_dash,
        signed=labels.signed,
        short=_short,
    )
    return made


def _short(text: str) -> str:
    """A text from the data, cut where nobody reads on; the workbook has all of it."""
    return text if len(text) <= _LONG else f"{text[:_LONG]} …"
