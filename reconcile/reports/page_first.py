"""What a reader asks first of a run: can the quarters be approved, by when, and what has happened since the run before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reconcile.i18n import _, both, day
from reconcile.reports import labels
from reconcile.reports.labels import counted
from reconcile.results.followed import ApprovalRow
from reconcile.results.rows import RunResult

#: How many groups of quarters are told apart.
_LINES = 5
#: Where the comparison with the run before is shown on the page.
SINCE = "tabel-siden-sidst"


@dataclass(frozen=True)
class Point:
    """A question of the first page and its answers: each a sign, its tone and a sentence. ``link``: the id of where there is
    more."""

    question: str
    answers: tuple[tuple[str, str, str], ...]
    link: str = ""


def standing(result: RunResult) -> tuple[Point, ...]:
    """The points of a run: none about approval where nothing was compared with Danmarks Statistik."""
    table = result.table("godkendelse")
    rows: Sequence[ApprovalRow] = table.rows if table else ()
    points = []
    if rows:
        points.append(Point(_("Kan det godkendes?"), tuple(_approval(rows, result))[:_LINES]))
        points.append(Point(_("Frist"), (_deadline(max(rows, key=lambda row: row.frist), result.started.date()),)))
    points.append(_since(result))
    return tuple(points)


def _approval(rows: Sequence[ApprovalRow], result: RunResult) -> Iterator[tuple[str, str, str]]:
    """The quarters by what stands in their way, those with something first."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        groups.setdefault(_stands(row, result), []).append(row.periode)
    for (tone, said), periods in sorted(groups.items(), key=lambda group: (group[0][0] != "bad", group[1])):
        yield "✓" if tone == "ok" else "✕", tone, f"{labels.span(tuple(periods))}: {said}"


def _stands(row: ApprovalRow, result: RunResult) -> tuple[str, str]:
    if row.beslutning:
        text = _("{beslutning} af {af}")
        return "ok" if row.beslutning == "godkend" else "bad", text.format(
            beslutning={"godkend": _("godkendt"), "afvis": _("afvist")}.get(row.beslutning, row.beslutning),
            af=row.af or "–",
        )
    obstacles = [
        (row.uforklarede, _("{antal} uforklaret celle"), _("{antal} uforklarede celler")),
        (row.aabne_fejl, _("{antal} åben sag med fejl"), _("{antal} åbne sager med fejl")),
        (row.accepterede, _("{antal} accepteret celle"), _("{antal} accepterede celler")),
        (result.quarantined, _("{antal} række i karantæne"), _("{antal} rækker i karantæne")),
    ]
    said = [counted(count, one, many) for count, one, many in obstacles if count]
    if not said:
        return "ok", _("intet i kørslen står i vejen")
    return "bad", _("kun med en begrundelse: {liste}").format(liste=labels.enumerated(said))


def _deadline(row: ApprovalRow, today: date) -> tuple[str, str, str]:
    left = (row.frist - today).days
    when = _("{dag} for {periode}").format(dag=day(row.frist), periode=row.periode)
    if left < 0:
        return "", "na", _("{hvad}; den er passeret").format(hvad=when)
    soon = counted(left, _("om {antal} dag"), _("om {antal} dage"))
    return "", ("warn" if left <= 7 else "na"), f"{when}; {soon}"


def _since(result: RunResult) -> Point:
    rules, figures = result.table("siden_sidst"), result.table("tal_siden_sidst")
    rows = rules.rows if rules else ()
    if not rows and not (figures and figures.rows):
        return Point(_("Siden sidst"), (("", "na", _("Ingen tidligere kørsel med andre tal.")),))
    new, solved, changed = (sum(getattr(row, name) for row in rows) for name in ("nye", "loeste", "heraf_aendrede"))
    said = [
        counted(new, _("{antal} nyt fund"), _("{antal} nye fund")),
        counted(solved, _("{antal} løst"), _("{antal} løste")),
        counted(changed, _("{antal} ændret"), _("{antal} ændrede")),
        counted(len(figures.rows) if figures else 0, *both("{antal} tal har flyttet sig")),
    ]
    return Point(
        _("Siden sidst"), (("", "warn" if new else "na", labels.enumerated(said) + "."),), SINCE if rows else ""
    )
