"""What is granted (disponering) against what is given (fagsystem), settled (afregning) and paid (økonomi).

The views of ``sql/disponering/`` lay the sources side by side per person × dst_kode × month, over the figure eight's
own reading of courses and ledger; the rules DI01–DI07 judge them.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.controls import ottetal
from reconcile.domain.codes import chosen, code_order
from reconcile.i18n import _, number
from reconcile.results.disponering import GrantCount, GrantMonth
from reconcile.results.rows import NotRun, PartResult, ResultTable
from reconcile.rules.catalogue import rules_of
from reconcile.rules.runner import run_rules
from reconcile.world.context import Context

#: The row of every code together.
ALL = "I alt"


def run(context: Context) -> PartResult:
    """The tables ``disponering_kode`` and ``disponering_maaned``, and the findings.

    ``--kode`` limits what is shown; every code is judged all the same. Without a masteroversigt no account has a code.
    """
    context.need(ottetal.build)
    context.engine.create_views("disponering")
    ran = run_rules(context, rules_of("disponering", context.own_rules))
    findings = tuple(f for f in ran.findings if f.dst_kode is None or chosen(f.dst_kode, context.codes))
    if not context.has("masteroversigt"):
        said = NotRun("disponering", "masteroversigt", _("kilden masteroversigt er ikke med"))
        return PartResult(findings=findings, not_run=(said, *ran.not_run), rules_run=ran.ran, tried=ran.tried)
    return PartResult(
        tables=(
            ResultTable("disponering_kode", GrantCount, tuple(_counts(context))),
            ResultTable("disponering_maaned", GrantMonth, tuple(_months(context))),
        ),
        findings=findings,
        not_run=ran.not_run,
        caveats=tuple(_caveats(context)),
        rules_run=ran.ran,
        tried=ran.tried,
    )


def _counts(context: Context) -> Iterator[GrantCount]:
    names = (
        "dst_kode, periode, disponeret_borgere, ydelse_borgere, betalt_borgere, disponeret, afregnet, betalt, forskel"
    )
    rows = context.engine.rows(f"SELECT {names}, ens, afviger, ikke_afgjort FROM disponering_kode")
    for row in sorted(rows, key=lambda r: (r[0] == ALL, code_order(r[0]) if r[0] != ALL else (), r[1])):
        if row[0] == ALL or chosen(row[0], context.codes):
            yield GrantCount(*row)


def _months(context: Context) -> Iterator[GrantMonth]:
    rows = context.engine.rows(
        "SELECT cpr, dst_kode, maaned, dage, disponeret, afregnet, betalt, forskel, forskel_afregnet, status"
        " FROM disponering_maaned"
    )
    shown = [GrantMonth(context.pseudonym(cpr), *rest) for cpr, *rest in rows if chosen(rest[0], context.codes)]
    yield from sorted(shown, key=lambda row: (code_order(row.dst_kode), row.maaned, row.borger))


def _caveats(context: Context) -> Iterator[str]:
    """What the comparison rests on, and what it could not hold against anything."""
    engine = context.engine
    if context.has("disponering"):
        found = engine.rows(
            "SELECT DISTINCT a.dst_kode FROM aktiv_maaned AS a"
            " INNER JOIN kalendermaaned AS m ON m.mdr = a.mdr AND m.periode IS NOT NULL"
            " WHERE a.dst_kode NOT IN (SELECT k.dst_kode FROM bevilling AS b"
            " INNER JOIN masterkonto AS k ON k.konto = b.konto WHERE b.kilde = 'disponering')"
        )
        if codes := sorted((code for (code,) in found), key=code_order):
            text = _("disponering har ingen takster på {koder}; deres ydelser er ikke holdt mod noget.")
            yield text.format(koder=", ".join(codes))
    if context.has("oekonomi") and not context.has("oekonomi", "ydelsesperiode"):
        yield _(
            "oekonomi har ingen ydelsesperiode: betalt er efter bogføringsmåneden, så DI03 og DI04 ikke kan dømme de enkelte"
            " måneder."
        )
    left = engine.rows(
        "SELECT count(DISTINCT b.konto), count(*) FROM bevilling AS b WHERE b.konto IN"
        " (SELECT konto FROM masterkonto WHERE rammestyret = 1)"
    )
    if rows := left[0][1]:
        text = _(
            "disponering og afregning har takster på rammestyrede konti: {raekker} på {konti};"
            " de er ikke holdt mod ydelse og betaling."
        )
        yield text.format(raekker=number(rows), konti=number(left[0][0]))
    strangers = engine.rows("SELECT count(DISTINCT cpr) FROM bevilling WHERE cpr IN (SELECT cpr FROM fremmed)")[0][0]
    if strangers:
        text = _(
            "disponering og afregning har personer, som kommunen hverken handler eller betaler for: {antal}; de er ikke med."
        )
        yield text.format(antal=number(strangers))
