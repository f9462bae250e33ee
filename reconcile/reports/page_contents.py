"""The table of contents of the page: what is below, and what is inside each part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconcile.i18n import _, number
from reconcile.reports import counts, labels
from reconcile.reports.labels import counted
from reconcile.results.rows import RunResult


@dataclass(frozen=True)
class Line:
    """A part of the page: its id, its name, and what is inside."""

    link: str
    name: str
    inside: str


def contents(result: RunResult, page: Mapping[str, Any]) -> tuple[Line, ...]:
    """The parts that a page has below its first screen, in their order; ``page`` is what the template is given."""
    return tuple(
        Line(*line) for line in (*_figures(page), *_cases(result, page), *_tables(page), *_behind(result, page))
    )


def identities_held(result: RunResult) -> int:
    """How many of the identities hold everywhere they were checked."""
    table = result.table("identiteter")
    return sum(line.gaaet_efter == line.antal for line in table.rows) if table else 0


def _figures(page: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if quarters := page["quarters"]:
        text = _("{ydelser} i {kvartaler}: forskel, DST og egne tal")
        yield (
            "kvartaler",
            _("Kvartal for kvartal"),
            text.format(
                ydelser=counted(len(quarters.rows), _("{antal} ydelse"), _("{antal} ydelser")),
                kvartaler=counted(len(quarters.periods), _("{antal} kvartal"), _("{antal} kvartaler")),
            ),
        )
    if page["groups"]:
        told = [f"{number(group.count)} {labels.within(group.label.text)}" for group in page["groups"]]
        yield "hand07", _("HAND07 mod jeres tal"), ", ".join(told)
    if page["bridges"] or page["harmonised"]:
        drawn = len(page["bridges"])
        yield "bro", _("Bro"), counted(drawn, _("{antal} forskel trin for trin"), _("{antal} forskelle trin for trin"))
    if len(page["eights"]) > 1:
        one, many = _("{antal} sammenligning"), _("{antal} sammenligninger")
        yield "otte-tal", _("De otte tal"), counted(len(page["eights"]), one, many)
    if page["money"]:
        yield "penge", _("Hvad pengene dækker"), page["money"].summary


def _cases(result: RunResult, page: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if page["people"] or page["cases"]:
        told = ", ".join(counts.enumerated_severities(counts.severities(result)))
        if page["cases"] and page["cases"].remarks:
            told += ", " + _("{antal} med bemærkning").format(antal=number(page["cases"].remarks))
        yield "fund", _("Sager"), told


def _tables(page: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if page["yr"]:
        yield "yr", _("Ydelsesrefusion"), ", ".join(labels.within(grid.title) for grid in page["yr"].grids)
    if page["pictures"]:
        yield "noegletal", _("Nøgletal"), ", ".join(labels.within(picture.title) for picture in page["pictures"])
    if page["others"]:
        yield "tabeller", _("Flere tabeller"), counted(len(page["others"]), _("{antal} tabel"), _("{antal} tabeller"))


def _behind(result: RunResult, page: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    missed, caveats = len(result.not_run), len(result.caveats)
    if missed or caveats:
        said = [_("{antal} forbehold").format(antal=number(caveats))] if caveats else []
        if missed:
            said.append(_("{antal} kunne ikke kontrolleres").format(antal=number(missed)))
        yield "forbehold", _("Det skal I vide"), ", ".join(said)
    sources, files = len(result.sources), sum(len(source.filer) for source in result.sources)
    if sources:
        said = [
            counted(sources, _("{antal} kilde"), _("{antal} kilder")),
            counted(files, _("{antal} fil"), _("{antal} filer")),
        ]
        yield "kilder", _("Kilder"), ", ".join(said)
    if page["read"]:
        yield "laesning", _("Sådan læste vi jeres filer"), _("antaget om hver fil, og de første rækker")
    yield "regler", _("Regler"), counted(len(page["rules"]), _("{antal} regel"), _("{antal} regler"))
    if table := result.table("identiteter"):
        text = _("{holder} af {alle} går op")
        held = text.format(holder=number(identities_held(result)), alle=number(len(table.rows)))
        yield "identiteter", labels.table("identiteter"), held
