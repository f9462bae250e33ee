"""The weeks around each finding of Ydelsesrefusion: what the person was paid and how the counter went.

A finding names one week; whether a counter stood still, jumped or began again shows only beside the weeks before and
after. Findings in, table ``yr_forloeb`` out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from heapq import nsmallest

from reconcile.domain.periods import parse_week
from reconcile.i18n import _, number
from reconcile.results.rows import Finding, PartResult, ResultTable, safe_text
from reconcile.results.yr import YrCareerWeek
from reconcile.world.context import Context

#: For each rule the weeks are shown around so many findings, the most important first: a table to read, not a copy.
FINDINGS_PER_RULE = 500
_COLUMNS = ", ".join(field.name for field in fields(YrCareerWeek))


def careers(context: Context, findings: Iterable[Finding], most: int = FINDINGS_PER_RULE) -> PartResult:
    """Table ``yr_forloeb`` for the findings that name a person and a week; says where there were too many."""
    chosen, left_out = _most_important(findings, most)
    _number_persons(context, chosen)
    context.engine.create_views("yr_forloeb")
    records = context.engine.records(f"SELECT {_COLUMNS} FROM yr_forloeb ORDER BY regel, fund_id, mandag, ydelse")
    rows = tuple(YrCareerWeek(**{**record, "ydelse": safe_text(record["ydelse"])}) for record in records)
    return PartResult(tables=(ResultTable("yr_forloeb", YrCareerWeek, rows),), caveats=tuple(_too_many(left_out, most)))


def _most_important(findings: Iterable[Finding], most: int) -> tuple[Sequence[Finding], Mapping[str, int]]:
    """The findings to show weeks around, and how many each rule has where that is not all of them."""
    rules: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.borger and parse_week(finding.periode or ""):
            rules[finding.regel].append(finding)
    counts = Counter({rule: len(group) for rule, group in rules.items() if len(group) > most})
    return [f for group in rules.values() for f in nsmallest(most, group, key=Finding.importance)], counts


def _number_persons(context: Context, findings: Sequence[Finding]) -> None:
    """Table ``yr_fund_uge``: the findings with the number the person has in the views; a pseudonym leads only one way."""
    wanted = {finding.borger for finding in findings}
    numbers: dict[str, int] = {}
    for record in context.engine.records("SELECT cpr, person_nr FROM yr_person") if wanted else ():
        made = context.pseudonym(record["cpr"])
        if made in wanted:
            numbers[made] = record["person_nr"]
            if len(numbers) == len(wanted):
                break
    types = {"fund_id": "VARCHAR", "regel": "VARCHAR", "borger": "VARCHAR", "person_nr": "INTEGER", "mandag": "DATE"}
    rows = [
        (f.fund_id, f.regel, f.borger, numbers[f.borger], parse_week(f.periode or ""))
        for f in findings
        if f.borger in numbers
    ]
    context.engine.add_rows("yr_fund_uge", types, rows)


def _too_many(counts: Mapping[str, int], most: int) -> Iterator[str]:
    if counts:
        text = _("YR: ugerne omkring fund er vist for de {antal} vigtigste fund af hver regel; flere har {regler}.")
        rules = ", ".join(f"{rule} ({number(count)})" for rule, count in sorted(counts.items()))
        yield text.format(antal=number(most), regler=rules)
