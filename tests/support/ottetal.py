"""Shared by the tests of the 8-tals kontrol: short rows, and the OE rules run without Great Expectations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from reconcile.controls import ottetal
from reconcile.results.rows import Finding, PartResult
from reconcile.rules.findings import findings_of, hits_query
from reconcile.world.context import Context
from support.only import RULES, only
from support.worlds import world

ANNA, BENT, CARL = "0101700001", "0202800002", "0303900003"
#: Two codes with an account for each målgruppe, one with a single account, and one that is rammestyret.
MASTER: list[dict[str, Any]] = [
    {"dst_kode": "1.4", "konto": "538581001", "maalgruppe": "2"},
    {"dst_kode": "1.4", "konto": "538581002", "maalgruppe": "1.1"},
    {"dst_kode": "1.4", "konto": "538581003", "maalgruppe": "1.2"},
    {"dst_kode": "1.1", "konto": "538591001", "maalgruppe": "2"},
    {"dst_kode": "1.1", "konto": "538591002", "maalgruppe": "1.1"},
    {"dst_kode": "1.13.4", "konto": "538531003"},
    {"dst_kode": "1.13.3", "konto": "538531004", "rammestyret": True},
]


def day(text: str) -> date:
    return date.fromisoformat(text)


def course(cpr: str, code: str, first: str, last: str | None = None, **more: Any) -> dict[str, Any]:
    end = None if last is None else day(last)
    return {"cpr": cpr, "dst_kode": code, "start_dato": day(first), "slut_dato": end, **more}


def posting(cpr: str | None, konto: str, month: str, amount: str, **more: Any) -> dict[str, Any]:
    """A posting booked on the tenth of its month."""
    return {"cpr": cpr, "konto": konto, "beloeb": Decimal(amount), "bogfoert_dato": day(f"{month}-10"), **more}


def ledger_until(month: str) -> dict[str, Any]:
    """A posting that only takes the ledger on to that month."""
    return posting(None, "538581001", month, "1.00")


def oe_findings(context: Context) -> list[Finding]:
    """The hits of OE01–OE07 by the rules' own queries."""
    rules = [rule for rule in RULES.values() if rule.view.startswith("oe_")]
    with only([rule.view for rule in rules]):
        ottetal.build(context)
    found: list[Finding] = []
    for rule in rules:
        query = hits_query(rule, context.engine.columns(rule.view), context.engine.fill(rule.condition))
        found += findings_of(rule, context.engine.records(query), context.pseudonym, rule.view)
    return found


def brief(findings: list[Finding]) -> list[str]:
    """``OE01 fejl 1.4 2020-07``, sorted."""
    return sorted(f"{f.regel} {f.alvor} {f.dst_kode} {f.periode}" for f in findings)


def view_rows(context: Context, view: str, columns: str) -> list[tuple[Any, ...]]:
    """The rows of one view of the group, made of it and what it is made of only."""
    context.engine.set_parameters({"har_ledger": True, "har_ledger_cpr": True})
    with only([view]):
        context.engine.create_views("ottetal")
    return context.engine.rows(f"SELECT {columns} FROM {view}")


def by_rule(findings: list[Finding], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.regel == rule]


def cell(result: Any, code: str, period: str) -> Any:
    """The row of ``ottetal`` for a code and quarter."""
    table = next(table for table in result.tables if table.name == "ottetal")
    return next(row for row in table.rows if (row.dst_kode, row.periode) == (code, period))


def table(result: Any, name: str) -> Any:
    return next(table for table in result.tables if table.name == name).rows


def judged(courses: list[Any], postings: list[Any], master: list[Any] | None = None, **more: Any) -> list[Any]:
    """The OE findings of a small world; the ledger reaches March 2021 so that all of 2020 is judged."""
    tables: dict[str, Any] = {
        "fagsystem": courses,
        "oekonomi": [*postings, ledger_until("2021-03")],
        "masteroversigt": MASTER if master is None else master,
    }
    with world(tables, periods=more.pop("periods", "2020K3"), **more) as context:
        return oe_findings(context)


PAID = [posting(ANNA, "538581001", month, "100.00") for month in ("2020-07", "2020-08", "2020-09")]
ACTIVE = course(ANNA, "1.4", "2019-01-01")


def run_ottetal(tables: dict[str, Any], codes: frozenset[str] = frozenset(), **options: Any) -> PartResult:
    """The 8-tals kontrol; ``codes`` are those of ``--kode``."""
    with world(tables, periods=options.pop("periods", "2020K3"), **options) as context:
        return ottetal.run(replace(context, codes=codes))


def causes(result: PartResult, edge: str) -> dict[str, int]:
    return {row.aarsag: row.antal for row in table(result, "ottetal_aarsager") if row.kant == edge}


def edge_status(result: PartResult, code: str = "1.4") -> dict[str, str]:
    return {row.kant: row.status for row in table(result, "ottetal_kanter") if row.dst_kode == code}


def adds_up(result: PartResult) -> bool:
    """The causes of every edge sum to its difference."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for row in table(result, "ottetal_aarsager"):
        assert row.antal == row.til - row.fra
        sums[row.dst_kode, row.periode, row.kant] += row.antal
    return all(
        sums[row.dst_kode, row.periode, row.kant] == (row.forskel or 0) for row in table(result, "ottetal_kanter")
    )


WHOLE: dict[str, list[dict[str, Any]]] = {
    "fagsystem": [
        course(ANNA, "1.4", "2019-01-01", ydelse_id="a"),
        course(BENT, "1.4", "2020-07-01", "2020-07-23", ydelse_id="b"),
    ],
    "flis": [
        course(ANNA, "1.4", "2019-01-01", ydelse_id="a"),
        course(BENT, "1.4", "2020-07-01", "2020-07-23", ydelse_id="b"),
    ],
    "oekonomi": [
        *PAID,
        posting(BENT, "538581002", "2020-07", "25.00"),
        posting(None, "538581001", "2020-08", "0.25"),
        ledger_until("2020-12"),
    ],
    "masteroversigt": MASTER,
    "hand07": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(2)}],
    "hand01": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal("1.25")}],
}
