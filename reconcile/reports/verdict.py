"""The verdict: one sentence that says whether the figures agree, and what is left to explain.

Codes and cells (a dst_kode in a quarter) are counted. Persons are only named for one cell at a time: a person may have
several ydelser in several quarters, so persons never add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconcile.i18n import Count, _, both, day, kr, number
from reconcile.reports import counts
from reconcile.reports.labels import counted, enumerated, severity_count
from reconcile.reports.verdict_hand07 import Compared, compared_figures, hand07_headline, no_extract, not_compared
from reconcile.reports.verdict_tag import (
    accounts_left_out,
    ledger_left_out,
    no_weeks,
    only_zeros,
    ottetal_cells,
    tag,
    tolerated_volume,
    volume_left_out,
    without_person,
    without_rows,
)
from reconcile.results.cells import is_cell
from reconcile.results.rows import Hand07Cell, OttetalCell, RunResult, Severity

#: How many cells a sentence names.
_NAMED = 3


@dataclass(frozen=True)
class Tile:
    """A figure of the first screen with its caption and tone."""

    figure: str
    caption: str
    tone: str


@dataclass(frozen=True)
class Verdict:
    """What the first screen says.

    ``headline`` is the verdict, ``lead`` the sentences after it, ``tag`` a word or two with their ``tone``.
    """

    headline: str
    lead: str
    tag: str
    tone: str
    tiles: tuple[Tile, ...]


def judge(result: RunResult) -> Verdict:
    """The verdict of a run; HAND07 speaks first, then the 8-tals kontrol, then the rules."""
    figures, eights = compared_figures(result), ottetal_cells(result)
    severities = counts.severities(result)
    lead: list[str] = []
    tiles: tuple[Tile, ...] = (_errors_tile(severities),)
    if figures.asked:
        headline, others = hand07_headline(figures, result.perioder), list(other_cells(result))
        lead = [not_compared(figures), *only_zeros(figures), no_extract(figures)]
        if figures.open:
            lead += others
        else:  # nobody is to read that all agrees in a sentence that something open stands after
            headline = " ".join((headline, *others))
        tiles = (*_hand07_tiles(figures, result), *tiles)
    elif eights:
        headline = _ottetal(eights)
        tiles = (*_ottetal_tiles(eights), *tiles)
    else:
        headline = _findings(severities, result)
        tiles = _finding_tiles(severities, result)
    lead += [
        *without_rows(result),
        *volume_left_out(result),
        *tolerated_volume(result),
        *ledger_left_out(result),
        *accounts(result),
        *without_person(result),
        *outside(result),
        *relaxed(result),
        *accepted_cells(result),
        *nothing_ours(result),
        *no_weeks(result),
        *cost(result),
        *printed(result),
    ]
    if (figures.asked or eights) and (result.rules_run or severities):
        lead.append(_findings(severities, result))
    word, tone = tag(result, figures, eights)
    return Verdict(headline=headline, lead=" ".join(filter(None, lead)), tag=word, tone=tone, tiles=tiles)


def cost(result: RunResult) -> Iterator[str]:
    """What faults of counters and percentages have cost in refusion, over all the judged years."""
    table = result.table("yr_tab_aar")
    for row in table.rows if table else ():
        if (row.aar, row.regel) == ("i alt", "i alt") and row.tab:
            text = _("Fejl i tæller og sats har kostet {beloeb} kr. i refusion.")
            if row.tab < 0:
                text = _("Fejl i tæller og sats har givet {beloeb} kr. for meget i refusion.")
            yield text.format(beloeb=kr(abs(row.tab)))


def nothing_ours(result: RunResult) -> Iterator[str]:
    """That everything in Ydelsesrefusion is financed by others, so that nothing of it was tried."""
    others, measures = result.table("yr_andre"), result.table("yr_maal")
    if others and others.rows and measures and not measures.rows:
        text = _(
            "Ingen af de {antal:række|rækker} i ydelsesrefusion er finansieret af jeres kommune, så intet af den er prøvet."
        )
        yield text.format(antal=Count(sum(row.raekker for row in others.rows)))


def printed(result: RunResult) -> Iterator[str]:
    """How many cells of the tables printed from FLIS DAP differ from our figures."""
    table = result.table("yr_tabel")
    status = Counter(str(row.status) for row in table.rows) if table else Counter()
    differ, agree = status["afviger"], status["ens"] + status["ens_som_sum"]
    if differ:
        text = _("{antal} af {alle} celler i de trykte tabeller fra FLIS DAP afviger fra vores tal.")
        yield text.format(antal=number(differ), alle=number(differ + agree))
    elif agree:
        yield _("De trykte tabeller fra FLIS DAP passer med vores tal i {alle} celler.").format(alle=number(agree))


def relaxed(result: RunResult) -> Iterator[str]:
    """What is set so that less is found or more is called explained than usual, in one sentence."""
    table = result.table("lempelser")
    if not table or not table.rows:
        return
    said = []
    for row in table.rows:
        if row.hvad == "system_tidligere":
            text = _("{antal} af {alle} åbne forløb står som tidligere system, så indlæsningen fjerner dem")
            said.append(text.format(antal=number(int(row.vaerdi)), alle=number(int(row.normalt))))
        else:
            said.append(_("{hvad} er {vaerdi} (normalt {normalt})").format(**vars(row)))
    yield _("Bemærk: {liste}.").format(liste=enumerated(said))


def accepted_cells(result: RunResult) -> Iterator[str]:
    """Who has accepted which cell, and until when."""
    table = result.table("accepterede")
    rows = [row for row in table.rows if row.fund_id in result.accepted] if table else []
    for row in rows:
        if is_cell(row.fund_id):
            text = _("{kode} {periode} er accepteret af {af} til {dag}.")
            yield text.format(kode=row.dst_kode, periode=row.periode, af=row.af, dag=day(row.indtil))


def outside(result: RunResult) -> Iterator[str]:
    """What is open outside the quarters and codes that were chosen."""
    table = result.table("udenfor")
    if table and table.rows:
        named = [f"{row.dst_kode} {row.periode}" for row in table.rows[:_NAMED]]
        if len(table.rows) > _NAMED:
            named.append(_("{antal} til").format(antal=number(len(table.rows) - _NAMED)))
        one, many = (
            _("Uden for det valgte er {antal} celle åben: {liste}."),
            _("Uden for det valgte er {antal} celler åbne: {liste}."),
        )
        yield counted(len(table.rows), one, many, liste=enumerated(named))


def other_cells(result: RunResult) -> Iterator[str]:
    """The open cells that HAND07 is not what leaves open, and that nobody has accepted."""
    places = {
        "hand01": _("fuldtid mod DST"),
        "statistik": _("fagsystem mod FLIS"),
        "oekonomi": _("fagsystem mod økonomi"),
    }
    cells = [c for c in result.cells.values() if not c.is_account]
    found = [c for c in cells if "hand07" not in c.where and c.id not in result.accepted]
    named = [f"{c.dst_kode} {c.periode} ({', '.join(places[w] for w in c.where)})" for c in found[:_NAMED]]
    if len(found) > _NAMED:
        named.append(_("{antal} til").format(antal=number(len(found) - _NAMED)))
    if found:
        one, many = _("Også åben er {antal} celle: {liste}."), _("Også åbne er {antal} celler: {liste}.")
        yield counted(len(found), one, many, liste=enumerated(named))


def accounts(result: RunResult) -> Iterator[str]:
    """The accounts on which the ledger is not what has been published, unless accepted, and those that were not compared."""
    found = [c for c in result.cells.values() if c.is_account and c.id not in result.accepted]
    named = [f"{c.dst_kode} {c.periode} ({kr(Decimal(c.size))} kr.)" for c in found[:_NAMED]]
    if len(found) > _NAMED:
        named.append(_("{antal} til").format(antal=number(len(found) - _NAMED)))
    if found:
        one, many = (
            _("Økonomien er ikke det offentliggjorte regnskab på {antal} konto: {liste}."),
            _("Økonomien er ikke det offentliggjorte regnskab på {antal} konti: {liste}."),
        )
        yield counted(len(found), one, many, liste=enumerated(named))
    yield from accounts_left_out(result)


def hand07_cells(result: RunResult) -> Sequence[Hand07Cell]:
    """The cells of the HAND07 table, none when the run did not make it."""
    return compared_figures(result).cells


def _ottetal(cells: Sequence[OttetalCell]) -> str:
    by_status = Counter(cell.status for cell in cells)
    judged = len(cells) - by_status["ufuldstaendig"]
    if not judged:
        return _("8-tals kontrollen kan ikke gennemføres: der mangler kilder.")
    text = _(
        "8-tals kontrollen: {ens} af {alle} sammenligninger er ens, {forklaret} er forklaret, {rest} uden forklaring."
    )
    return text.format(
        ens=number(by_status["ens"]),
        alle=number(judged),
        forklaret=number(judged - by_status["ens"] - _open_eights(by_status)),
        rest=number(_open_eights(by_status)) if _open_eights(by_status) else _("ingen"),
    )


def _open_eights(by_status: Counter[str]) -> int:
    return by_status["uforklaret"] + by_status["delvist_forklaret"]


def _findings(severities: Mapping[Severity, int], result: RunResult) -> str:
    if not any(severities.values()):
        if not result.sources and not result.rules_run:
            return _("Der var intet at kontrollere.")
        return _("Reglerne fandt intet at rette.") if result.rules_run else _("Ingen regler blev kørt.")
    found = enumerated(counts.enumerated_severities(severities))
    one, many = _("Reglerne giver {antal} sag: {fund}."), _("Reglerne giver {antal} sager: {fund}.")
    return counted(sum(severities.values()), one, many, fund=found)


def _hand07_tiles(figures: Compared, result: RunResult) -> tuple[Tile, ...]:
    good, codes = figures.agreeing
    different, explained = len(figures.different), len(figures.explained)
    still_open = sum(cell.id not in result.accepted for cell in result.cells.values())
    return (
        Tile(
            f"{number(len(good))} / {number(len(codes))}",
            _("ydelser stemmer"),
            "ok" if codes and good == codes else "na",
        ),
        Tile(
            f"{number(explained)} / {number(different)}",
            _("forskelle forklaret"),
            "why" if different else "na",
        ),
        Tile(
            number(still_open),
            counted(still_open, _("åben celle"), _("åbne celler")),
            "bad" if still_open else "ok" if figures.compared else "na",
        ),
    )


def _ottetal_tiles(cells: Sequence[OttetalCell]) -> tuple[Tile, ...]:
    by_status = Counter(cell.status for cell in cells)
    return (
        Tile(number(by_status["ens"]), _("sammenligninger ens"), "ok"),
        Tile(
            number(len(cells) - by_status["ens"] - by_status["ufuldstaendig"] - _open_eights(by_status)),
            _("forklaret"),
            "why",
        ),
        Tile(number(_open_eights(by_status)), _("uforklarede"), "bad" if _open_eights(by_status) else "ok"),
    )


def _errors_tile(severities: Mapping[Severity, int]) -> Tile:
    errors, warnings = severities.get(Severity.ERROR, 0), severities.get(Severity.WARNING, 0)
    caption = " · ".join(
        (counted(errors, _("sag med fejl"), _("sager med fejl")), severity_count(Severity.WARNING, warnings))
    )
    return Tile(number(errors), caption, "bad" if errors else "ok")


def _finding_tiles(severities: Mapping[Severity, int], result: RunResult) -> tuple[Tile, ...]:
    errors, warnings = severities.get(Severity.ERROR, 0), severities.get(Severity.WARNING, 0)
    notes, run = severities.get(Severity.INFORMATION, 0), len(result.rules_run)
    return (
        Tile(number(errors), counted(errors, *both("fejl")), "bad" if errors else "ok"),
        Tile(number(warnings), counted(warnings, _("advarsel"), _("advarsler")), "warn" if warnings else "ok"),
        Tile(number(notes), counted(notes, _("oplysning"), _("oplysninger")), "na"),
        Tile(number(run), counted(run, _("regel kørt"), _("regler kørt")), "na"),
    )
