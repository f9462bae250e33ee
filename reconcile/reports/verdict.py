"""The verdict: one sentence that says whether the figures agree, and what is left to explain.

Codes and cells (a dst_kode in a quarter) are counted. Persons are only named for one cell at a time: a person may have
several ydelser in several quarters, so persons never add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconcile.domain.codes import code_order
from reconcile.i18n import _, both, number
from reconcile.reports.labels import COMPARED, SEVERITIES, counted, enumerated, severity_count, span
from reconcile.results.rows import OPEN_STATUSES, Hand07Cell, OttetalCell, RunResult, Severity, Status

_NAMED = 2


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
    cells, eights = hand07_cells(result), ottetal_cells(result)
    severities = Counter(finding.alvor for finding in result.findings)
    lead: list[str] = []
    tiles: tuple[Tile, ...] = (_errors_tile(severities),)
    if cells:
        headline = _hand07(cells)
        lead = [_not_compared(cells), _no_extract(cells)]
        tiles = (*_hand07_tiles(cells), *tiles)
    elif eights:
        headline = _ottetal(eights)
        tiles = (*_ottetal_tiles(eights), *tiles)
    else:
        headline = _findings(severities, result)
        tiles = _finding_tiles(severities, result)
    if (cells or eights) and (result.rules_run or severities):
        lead.append(_findings(severities, result))
    bad = bool(result.exit_code)
    return Verdict(
        headline=headline,
        lead=" ".join(filter(None, lead)),
        tag=_("Skal undersøges") if bad else _("Intet uforklaret"),
        tone="bad" if bad else "ok",
        tiles=tiles,
    )


def hand07_cells(result: RunResult) -> Sequence[Hand07Cell]:
    """The cells of the HAND07 table, none when the run did not make it."""
    table = result.table("hand07_diff")
    return table.rows if table else ()


def ottetal_cells(result: RunResult) -> Sequence[OttetalCell]:
    """The cells of the 8-tals kontrol, none when the run did not make it."""
    table = result.table("ottetal")
    return table.rows if table else ()


def agreeing(cells: Iterable[Hand07Cell]) -> tuple[frozenset[str], frozenset[str]]:
    """The codes whose compared cells are all equal, and all codes that have a compared cell."""
    compared = [cell for cell in cells if cell.status in COMPARED]
    codes = frozenset(cell.dst_kode for cell in compared)
    return codes - {cell.dst_kode for cell in compared if cell.status is not Status.EQUAL}, codes


def _different(cells: Iterable[Hand07Cell]) -> tuple[list[Hand07Cell], list[Hand07Cell]]:
    """The compared cells that are not equal, and those of them left unexplained, the largest rest first."""
    different = [cell for cell in cells if cell.status in COMPARED and cell.status is not Status.EQUAL]
    still_open = [cell for cell in different if cell.status in OPEN_STATUSES]
    still_open.sort(key=lambda cell: (-abs(cell.rest or 0), code_order(cell.dst_kode), cell.periode))
    return different, still_open


def _hand07(cells: Sequence[Hand07Cell]) -> str:
    good, codes = agreeing(cells)
    if not codes:
        return _("Ingen tal kan endnu sammenlignes med Danmarks Statistik.")
    periods = tuple(sorted({cell.periode for cell in cells if cell.status in COMPARED}))
    sentences = [_share(len(good), len(codes)), _explained(*_different(cells), several=len(periods) > 1)]
    return f"{span(periods)}: {' '.join(filter(None, sentences))}"


def _share(good: int, total: int) -> str:
    if good == total:
        return counted(
            total,
            _("Den ene ydelse stemmer med Danmarks Statistik."),
            _("Alle {antal} ydelser stemmer med Danmarks Statistik."),
        )
    if not good:
        return counted(
            total,
            _("Den ene ydelse stemmer ikke med Danmarks Statistik."),
            _("Ingen af de {antal} ydelser stemmer helt med Danmarks Statistik."),
        )
    text = _("{ens} af {alle} ydelser stemmer med Danmarks Statistik.")
    return text.format(ens=number(good), alle=number(total))


def _explained(different: list[Hand07Cell], still_open: list[Hand07Cell], *, several: bool) -> str:
    """How many of the differing cells are explained, and where the unexplained persons are."""
    if not different:
        return ""
    if not still_open:
        return counted(len(different), _("Den ene forskel er forklaret."), _("Alle {antal} forskelle er forklaret."))
    done, count = len(different) - len(still_open), len(still_open)
    if count <= _NAMED:
        where = enumerated([_persons(cell, several=several) for cell in still_open])
        alone = count == 1 and abs(still_open[0].rest or 0) == 1
        left = (_("{hvor} er uforklaret.") if alone else _("{hvor} er uforklarede.")).format(hvor=where)
        if not done:
            return left
    else:
        largest = _persons(still_open[0])
        if not done:
            text = _("Ingen af de {antal} forskelle er forklaret; den største er {hvor}.")
            return text.format(antal=number(count), hvor=largest)
        left = _("{antal} er uforklarede, den største er {hvor}.").format(antal=number(count), hvor=largest)
    explained = _("{klar} af {alle} forskelle er forklaret; {rest}")
    return explained.format(klar=number(done), alle=number(len(different)), rest=left)


def _persons(cell: Hand07Cell, *, several: bool = True) -> str:
    where = f"{cell.dst_kode} ({cell.periode})" if several else cell.dst_kode
    return counted(cell.rest or 0, _("{antal} person i {hvor}"), _("{antal} personer i {hvor}"), hvor=where)


def _not_compared(cells: Sequence[Hand07Cell]) -> str:
    missing = sum(cell.status in {Status.MISSING_DST, Status.MISSING_OWN, Status.NOT_APPROVED} for cell in cells)
    if not missing:
        return ""
    return counted(
        missing,
        _("En sammenligning må vente, fordi et tal mangler eller ikke er godkendt."),
        _("{antal} sammenligninger må vente, fordi et tal mangler eller ikke er godkendt."),
    )


def _no_extract(cells: Sequence[Hand07Cell]) -> str:
    if any(cell.fagsystem is not None for cell in cells):
        return ""
    return _("Uden et udtræk fra fagsystemet er der ingen bro, der kan forklare forskellene.")


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
        forklaret=number(by_status["forklaret"]),
        rest=number(by_status["uforklaret"]) if by_status["uforklaret"] else _("ingen"),
    )


def _findings(severities: Mapping[Severity, int], result: RunResult) -> str:
    if not any(severities.values()):
        if not result.sources and not result.rules_run:
            return _("Der var intet at kontrollere.")
        return _("Reglerne fandt intet at rette.") if result.rules_run else _("Ingen regler blev kørt.")
    found = enumerated([severity_count(grade, severities[grade]) for grade in SEVERITIES if severities.get(grade)])
    return _("Reglerne fandt {fund}.").format(fund=found)


def _hand07_tiles(cells: Sequence[Hand07Cell]) -> tuple[Tile, ...]:
    good, codes = agreeing(cells)
    different, still_open = _different(cells)
    return (
        Tile(
            f"{number(len(good))} / {number(len(codes))}",
            _("ydelser stemmer"),
            "ok" if codes and good == codes else "na",
        ),
        Tile(
            f"{number(len(different) - len(still_open))} / {number(len(different))}",
            _("forskelle forklaret"),
            "why" if different else "na",
        ),
        Tile(
            number(len(still_open)),
            counted(len(still_open), _("forskel uforklaret"), _("forskelle uforklarede")),
            "bad" if still_open else "ok",
        ),
    )


def _ottetal_tiles(cells: Sequence[OttetalCell]) -> tuple[Tile, ...]:
    by_status = Counter(cell.status for cell in cells)
    return (
        Tile(number(by_status["ens"]), _("sammenligninger ens"), "ok"),
        Tile(number(by_status["forklaret"]), _("forklaret"), "why"),
        Tile(number(by_status["uforklaret"]), _("uforklarede"), "bad" if by_status["uforklaret"] else "ok"),
    )


def _errors_tile(severities: Mapping[Severity, int]) -> Tile:
    errors, warnings = severities.get(Severity.ERROR, 0), severities.get(Severity.WARNING, 0)
    caption = " · ".join((counted(errors, *both("fejl")), severity_count(Severity.WARNING, warnings)))
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
