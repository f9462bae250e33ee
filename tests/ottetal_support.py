"""Shared by the tests of the 8-tals kontrol: short rows, and the OE rules run without Great Expectations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from reconcile.context import Context
from reconcile.controls import ottetal
from reconcile.results import Finding
from reconcile.rules.catalogue import load_rules
from reconcile.rules.findings import findings_of, hits_query

ANNA, BENT, CARL = "0101700001", "0202800002", "0303900003"
#: Two codes with an account for each målgruppe, one with a single account, and one that is rammestyret.
MASTER = [
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
    ottetal.build(context)
    found: list[Finding] = []
    for rule in (rule for rule in load_rules() if rule.view.startswith("oe_")):
        query = hits_query(rule, context.engine.columns(rule.view), context.engine.fill(rule.condition))
        found += findings_of(rule, context.engine.records(query), context.pseudonym, rule.view)
    return found


def brief(findings: list[Finding]) -> list[str]:
    """``OE01 fejl 1.4 2020-07``, sorted."""
    return sorted(f"{f.regel} {f.alvor} {f.dst_kode} {f.periode}" for f in findings)


def by_rule(findings: list[Finding], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.regel == rule]


def cell(result: Any, code: str, period: str) -> Any:
    """The row of ``ottetal`` for a code and quarter."""
    table = next(table for table in result.tables if table.name == "ottetal")
    return next(row for row in table.rows if (row.dst_kode, row.periode) == (code, period))


def table(result: Any, name: str) -> Mapping[int, Any] | Any:
    return next(table for table in result.tables if table.name == name).rows
