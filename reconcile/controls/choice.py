"""What ``--kode`` shows of a control that judges every code."""

from __future__ import annotations

from dataclasses import replace

from reconcile.domain.codes import chosen
from reconcile.results.rows import PartResult


def of_codes(part: PartResult, codes: frozenset[str]) -> PartResult:
    """The rows and findings of the chosen codes; all of them where none is chosen."""
    tables = tuple(replace(t, rows=tuple(r for r in t.rows if chosen(r.dst_kode, codes))) for t in part.tables)
    return replace(part, tables=tables, findings=tuple(f for f in part.findings if chosen(f.dst_kode or "", codes)))
