"""What the reader of the 8-tals kontrol must know: missing sources, what is left out."""

from __future__ import annotations

from collections.abc import Iterator

from reconcile.controls.ottetal_gaps import gaps
from reconcile.domain.accounts import show_account
from reconcile.domain.codes import chosen, code_order
from reconcile.domain.cpr import mask
from reconcile.i18n import Count, _
from reconcile.results.ottetal import OttetalLeftOut
from reconcile.world.context import Context


def caveats(context: Context) -> Iterator[str]:
    """The sentences for ``forbehold``; the views must be there."""
    yield from _missing_sources(context)
    if context.has("masteroversigt"):
        yield from gaps(context, _without_account(context))
    if context.has("masteroversigt") and context.has("oekonomi", "cpr") and context.has("fagsystem"):
        yield from _unjudged_months(context)
        yield from _unjudged_prices(context)
    yield from _unknown_codes(context)
    yield from _no_figures(context)


def left_out(context: Context, codes: frozenset[str]) -> Iterator[OttetalLeftOut]:
    """Codes without an account and rammestyrede rows of the masteroversigt, in the order of the codes."""
    if not context.has("masteroversigt"):
        return
    rows = [OttetalLeftOut(code, "uden_konto", None, None) for code in _without_account(context)]
    framed = context.engine.rows(
        "SELECT DISTINCT dst_kode, konto, tilbud FROM kobling WHERE rammestyret ORDER BY dst_kode, konto, tilbud"
    )
    rows += [
        OttetalLeftOut(code, "rammestyret", show_account(konto) if konto else None, mask(tilbud) if tilbud else None)
        for code, konto, tilbud in framed
    ]
    rows.sort(key=lambda r: (code_order(r.dst_kode), r.grund, r.konto or "", r.tilbud or ""))
    yield from (row for row in rows if chosen(row.dst_kode, codes))


def _without_account(context: Context) -> list[str]:
    """Codes without an account that have a figure in the judged quarters, or that the masteroversigt names."""
    found = context.engine.rows(
        """
        SELECT dst_kode FROM masterkode
        WHERE konti = 0 AND (
            dst_kode IN (SELECT dst_kode FROM ottetal_tal) OR dst_kode IN (SELECT dst_kode FROM kobling)
        )
        """
    )
    return sorted((row[0] for row in found if chosen(row[0], context.codes)), key=code_order)


def _missing_sources(context: Context) -> Iterator[str]:
    alone = _("Der er intet fagsystem-udtræk: dets to tal mangler, og OE01–OE06 er ikke kørt.")
    if not context.has("flis"):
        alone = _(
            "Der er intet fagsystem-udtræk: dets to tal mangler, OE01–OE06 er ikke kørt, og ingen forskel kan føres"
            " tilbage til borgere."
        )
    texts = {
        "fagsystem": alone,
        "oekonomi": _("Der er intet økonomiudtræk: dets to tal mangler, og OE01–OE07 er ikke kørt."),
        "masteroversigt": _(
            "Der er ingen masteroversigt: økonomiens tal kan ikke føres til koder, og OE01–OE07 er ikke kørt."
        ),
        "hand07": _("Der er ingen HAND07-tal: DST's modtagere mangler."),
        "hand01": _("Der er ingen HAND01-tal: DST's fuldtidsydelser mangler."),
    }
    for source, text in texts.items():
        if not context.has(source):
            yield text
    if context.has("oekonomi") and not context.has("oekonomi", "cpr"):
        yield _("Økonomiudtrækket har ingen CPR: borgere på økonomisiden mangler, og OE01–OE06 er ikke kørt.")
    if not context.has("flis"):
        if context.has("flis_antal") or context.has("flis_fuldtid"):
            yield _("Der er intet FLIS-udtræk: FLIS' tal er de offentliggjorte, og forløb kan ikke sammenlignes.")
        else:
            yield _("Der er intet FLIS-udtræk: FLIS' to tal mangler, og forløb kan ikke sammenlignes.")


def _unjudged_months(context: Context) -> Iterator[str]:
    """The judged months OE02 says nothing of, because the ledger does not reach over them and their lag."""
    span = "SELECT min(m.maaned), max(m.maaned) FROM kalendermaaned AS m CROSS JOIN oe_daekning AS d WHERE m.periode IS NOT NULL"
    first, last = context.engine.rows(f"{span} AND m.mdr + $efterslip_maaneder > d.sidste_mdr")[0]
    if first:
        text = _(
            "OE02 er ikke dømt for {foerste} til {sidste}: efterslippet rækker ud over økonomiudtrækkets sidste måned."
        )
        yield text.format(foerste=first, sidste=last)
    first, last = context.engine.rows(f"{span} AND m.mdr < d.foerste_mdr")[0]
    if first:
        text = _("OE02 er ikke dømt for {foerste} til {sidste}: det er før økonomiudtrækkets første regnskabsår.")
        yield text.format(foerste=first, sidste=last)


def _unjudged_prices(context: Context) -> Iterator[str]:
    found = context.engine.rows(
        "SELECT dst_kode, forloeb, median2 IS NOT NULL FROM oe_medianpris WHERE NOT koerer AND forloeb > 0"
    )
    words = []
    for code, courses, priced in sorted(found, key=lambda row: code_order(row[0])):
        if not chosen(code, context.codes):
            continue
        if courses < 20:
            words.append(_("{kode} ({antal:forløb|forløb})").format(kode=code, antal=Count(courses)))
        else:
            words.append((_("{kode} (MAD er 0)") if priced else _("{kode} (ingen priser)")).format(kode=code))
    if words:
        text = _("OE06 (usædvanlig pris) kræver mindst 20 forløb og forskellige priser og er ikke kørt for {koder}.")
        yield text.format(koder=", ".join(words))


def _no_figures(context: Context) -> Iterator[str]:
    """The chosen codes that nothing is known of, so that an empty report is not taken for agreement."""
    known = [row[0] for row in context.engine.rows("SELECT DISTINCT dst_kode FROM ottetal_tal")]
    empty = [code for code in context.codes if not any(chosen(k, frozenset({code})) for k in known)]
    if empty and context.perioder:
        text = _("Ingen kilde har tal for {koder} i {perioder}.")
        codes = ", ".join(sorted(empty, key=code_order))
        first, last = str(context.perioder[0]), str(context.perioder[-1])
        yield text.format(koder=codes, perioder=first if first == last else f"{first}–{last}")


def _unknown_codes(context: Context) -> Iterator[str]:
    rows = context.engine.rows(
        "SELECT count(*) FROM ottetal_forloeb WHERE side <> 'oe' AND dst_kode NOT IN (SELECT dst_kode FROM ref_ydelseskode)"
    )
    if rows[0][0]:
        yield _("Forløb med ukendt DST-kode er ikke med i de otte tal (VH02): {antal}.").format(antal=rows[0][0])
