"""The eight figures of every dst_kode × quarter, two from each of four sources, met on their key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reconcile.controls.meeting import Source, meet
from reconcile.domain.codes import code_order
from reconcile.world.context import Context

TABLE, KEY = "ottetal_tal", ("dst_kode", "periode")


@dataclass(frozen=True)
class Figures:
    """The eight figures of a dst_kode × quarter, exact; None is missing.

    Persons: ``own`` (fagsystem), ``payer`` (fagsystem, of the courses the own kommune pays for, rammestyrede tilbud apart),
    ``ledger`` (with a posting), ``flis``, ``dst``. Volume: ``own_full``, ``payer_full``, ``flis_full`` and ``dst_full`` in
    fuldtidsydelser, ``amount`` in kr. ``accounts``: how many accounts the code has; ``framed``: it is rammestyret as a whole.
    """

    code: str
    period: str
    own: int | None
    own_full: Fraction | None
    payer: int | None
    payer_full: Fraction | None
    ledger: int | None
    amount: Decimal | None
    flis: int | None
    flis_full: Fraction | None
    dst: int | None
    dst_full: Fraction | None
    accounts: int
    framed: bool

    @property
    def key(self) -> tuple[str, str]:
        """dst_kode and quarter."""
        return self.code, self.period


def met_figures(context: Context) -> list[Figures]:
    """The figures of every cell a source has a figure for, in order of code and quarter; leaves table ``ottetal_tal``.

    An extract counts everybody, so where it has nobody its figures are 0; so are the ledger's where it can speak (view
    ``oe_talt``). FLIS' figures are the extract's own, else the published ones.
    """
    extract = {column: column for column in ("fagsystem_borgere", "fagsystem_dage", "betaler_borgere", "betaler_dage")}
    flis = {column: column for column in ("flis_borgere", "flis_dage")}
    ledger = {column: column for column in ("oekonomi_borgere", "oekonomi_beloeb")}
    spoken = "IN (SELECT dst_kode, periode FROM oe_talt)"
    sources = (
        Source("fagsystem", "kvartal_tal", extract, absent="0"),
        Source(
            "oekonomi",
            f"(SELECT * FROM kvartal_tal WHERE (dst_kode, periode) {spoken}) AS o",
            ledger,
            absent=f"CASE WHEN (k.dst_kode, k.periode) {spoken} THEN 0 END",
        ),
        Source("flis", "kvartal_tal", flis, absent="0"),
        *(
            Source.published(name, {name: "antal"}, numbers_only=True)
            for name in ("hand07", "hand01", "flis_antal", "flis_fuldtid")
        ),
    )
    known = "dst_kode IN (SELECT dst_kode FROM masterkode WHERE kendt = 1)"
    meet(context.engine, TABLE, KEY, sources, within=f"periode IN (SELECT periode FROM periode) AND {known}")
    days = dict(context.engine.rows("SELECT periode, dage FROM periode"))
    accounts = {
        code: (count, framed == 1)
        for code, count, framed in context.engine.rows("SELECT dst_kode, konti, helt FROM masterkode")
    }
    records = context.engine.records(f"SELECT * FROM {TABLE}")
    made = (_figures(context, r, days[r["periode"]], *accounts[r["dst_kode"]]) for r in records)
    return sorted(made, key=lambda f: (code_order(f.code), f.period))


def _figures(context: Context, r: Mapping[str, Any], days: int, accounts: int, framed: bool) -> Figures:
    own, extract = context.has("fagsystem"), context.has("flis")
    persons = context.has("oekonomi", "cpr")
    return Figures(
        code=r["dst_kode"],
        period=r["periode"],
        own=r["fagsystem_borgere"] if own else None,
        own_full=Fraction(int(r["fagsystem_dage"]), days) if own else None,
        payer=r["betaler_borgere"] if own else None,
        payer_full=Fraction(int(r["betaler_dage"]), days) if own else None,
        ledger=r["oekonomi_borgere"] if persons else None,
        amount=r["oekonomi_beloeb"],
        flis=r["flis_borgere"] if extract else _whole(r["flis_antal"]),
        flis_full=Fraction(int(r["flis_dage"]), days) if extract else _exact(r["flis_fuldtid"]),
        dst=_whole(r["hand07"]),
        dst_full=_exact(r["hand01"]),
        accounts=accounts,
        framed=framed,
    )


def _whole(figure: Decimal | None) -> int | None:
    return None if figure is None else int(figure)


def _exact(figure: Decimal | None) -> Fraction | None:
    return None if figure is None else Fraction(figure)
