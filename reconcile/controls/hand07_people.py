"""The persons behind the bridge of HAND07: who leaves a count at which step, whose days change, and who cannot be judged.

Everything is listed by pseudonym, in an order that does not depend on the rows' order in the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from reconcile.controls import postdiff
from reconcile.controls.hand07_bridge import STEPS
from reconcile.controls.hand07_earlier import who
from reconcile.domain.codes import code_order
from reconcile.results.hand07 import CellPerson, FlisDays, Undated, VolumePerson
from reconcile.results.rows import BridgePerson
from reconcile.world.context import Context

_ORDER = {name: number for number, (name, _column) in enumerate(STEPS)}


def leaving(context: Context) -> tuple[BridgePerson, ...]:
    """Who leaves the count of a cell at which step; for R2 with the date that removes the overlap."""
    rows = context.engine.rows(
        "SELECT b.dst_kode, b.periode, b.trin, b.cpr, b.aendring, CASE WHEN b.trin = 'R2' THEN d.dato_uden_overlap END"
        " FROM bro_person AS b LEFT JOIN bro_dato AS d ON d.cpr = b.cpr AND d.periode = b.periode"
    )
    people = [BridgePerson(code, q, step, who(context, cpr), n, day) for code, q, step, cpr, n, day in rows]
    return tuple(
        sorted(people, key=lambda p: (code_order(p.dst_kode), p.periode, _ORDER[p.trin], p.borger, p.aendring))
    )


def days_changed(context: Context) -> tuple[VolumePerson, ...]:
    """Whose days of a cell a step changes, by how many; for R2 with the date that removes the overlap."""
    rows = context.engine.rows(
        "SELECT b.dst_kode, b.periode, b.trin, b.cpr, b.dage, CASE WHEN b.trin = 'R2' THEN d.dato_uden_overlap END"
        " FROM bro_aendring AS b LEFT JOIN bro_dato AS d ON d.cpr = b.cpr AND d.periode = b.periode"
    )
    people = [VolumePerson(code, q, step, who(context, cpr), int(n), day) for code, q, step, cpr, n, day in rows]
    return tuple(sorted(people, key=lambda p: (code_order(p.dst_kode), p.periode, _ORDER[p.trin], p.borger)))


def flis_days(context: Context) -> tuple[FlisDays, ...]:
    """The persons whose days the fagsystem and FLIS count differently, with the rules that say why."""
    rows = context.engine.rows(
        "SELECT dst_kode, periode, cpr, fagsystem_dage, indlaest_dage, flis_dage FROM flis_kant"
        " WHERE flis_dage <> fagsystem_dage"
    )
    touched = postdiff.touched(context) if any(loaded != flis for *_key, loaded, flis in rows) else {}
    spans = {q: (first, last) for q, first, last in context.engine.rows("SELECT periode, fra, til FROM periode")}
    people = []
    for code, period, cpr, own, loaded, flis in rows:
        causes = ["indlaesning"] if loaded != own else []
        if loaded != flis:
            causes += _rules(touched.get((cpr, code), ()), *spans[period]) or ["rest"]
        people.append(
            FlisDays(code, period, who(context, cpr), int(own), int(flis), int(flis - own), ", ".join(causes))
        )
    return tuple(sorted(people, key=lambda p: (code_order(p.dst_kode), p.periode, p.borger)))


def _rules(touched: Iterable[postdiff.Touched], first: date, last: date) -> list[str]:
    """The FL rules about courses that touch the quarter; FL03 with the fields that differ."""
    fields: dict[str, set[str]] = defaultdict(set)
    for rule in touched:
        if rule.first <= last and rule.last >= first:
            fields[rule.rule].update(rule.fields)
    return [" ".join([rule, *sorted(names)]) for rule, names in sorted(fields.items())]


def counted(context: Context, cells: Collection[tuple[str, str]]) -> tuple[CellPerson, ...]:
    """Every person counted in these cells (dst_kode, quarter), by the bridge or by FLIS, with the steps passed."""
    if not cells:
        return ()
    engine = context.engine
    engine.add_rows("vist_celle", {"dst_kode": "VARCHAR", "periode": "VARCHAR"}, sorted(cells))
    earlier_quarters = {period for (period,) in engine.rows("SELECT periode FROM bro_udgave WHERE udgave > 0")}
    own, flis = context.has("fagsystem"), context.has("flis")
    people = []
    for r in engine.records("SELECT * FROM celle_borger"):
        steps = {name: bool(r[name]) for name in ("indlaesning", "gyldighed", "r1", "r3", "r2")}
        people.append(
            CellPerson(
                dst_kode=r["dst_kode"],
                periode=r["periode"],
                borger=who(context, r["cpr"]),
                kilde=r["kilde"],
                fil=r["fil"],
                raekke=r["raekke"],
                start_dato=r["start_dato"],
                slut_dato=r["slut_dato"],
                i_fagsystem=bool(r["raa"]) if own else None,
                i_flis=bool(r["flis"]) if flis else None,
                rettet=bool(r["rettet"]) if r["periode"] in earlier_quarters else None,
                **(steps if r["raa"] or r["rettet"] else dict.fromkeys(steps)),
                dage=int(r["dage"]),
            )
        )
    return tuple(sorted(people, key=lambda p: (code_order(p.dst_kode), p.periode, p.borger)))


def undated(context: Context) -> tuple[Undated, ...]:
    """The courses without a usable birth date that reach R1 and touch the shown quarters."""
    rows = context.engine.rows(
        "SELECT dst_kode, cpr, oprindelig_start FROM bro_gyldighed AS b"
        " WHERE udgave = 0 AND (foedselsdato IS NULL OR foedselsdato > oprindelig_start OR foedselsdato > $i_dag)"
        " AND EXISTS (SELECT 1 FROM periode AS p WHERE b.dag_fra <= p.til AND b.dag_til >= p.fra)"
    )
    courses = [Undated(code, who(context, cpr), start) for code, cpr, start in rows]
    return tuple(sorted(courses, key=lambda c: (code_order(c.dst_kode), c.borger, c.start_dato)))
