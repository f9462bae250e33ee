"""What the key figures are made of: spending, helårsmodtagere and inhabitants per kommune, year and area.

An area is a paragraf with the code it is counted by and the accounts it is paid on (``reference/noegletal_omraade.csv``); a
group is the sum of its areas. Everything is an exact fraction until it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from reconcile.domain.periods import Quarter
from reconcile.i18n import _
from reconcile.reference import functions, rows
from reconcile.world.context import Context

#: The row of everything on the chosen funktioner.
ALL = "I alt"
#: The whole country in StatBank, by code and by name as it is read.
COUNTRY = ("000", "hele landet")

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Area:
    """A row of the tables: an area, or the sum of a group's (``omraade`` is empty), with the areas it adds up."""

    gruppe: str
    omraade: str
    parts: tuple[str, ...]
    funktioner: str


@dataclass(frozen=True)
class Basis:
    """Figures by (source, kommune, year, area); inhabitants of 18 to 64 years by (kommune, year).

    ``booked`` are the (source, kommune, year) that have amounts, so that an area without one is 0. ``own_people`` are those of
    every kommune the own reports for; ``supported`` are the helårsmodtagere of botilbud or § 85 by year, each day of a person
    once; ``unsplit`` the (source, kommune, year) whose accounts have no gruppering (REGK31), so that an area of some
    grupperinger is not known.
    """

    spending: Mapping[Key, Fraction]
    booked: frozenset[tuple[str, str, str]]
    full: Mapping[Key, Fraction]
    recipients: Mapping[Key, Fraction]
    people: Mapping[tuple[str, str], int]
    own_people: Mapping[str, int]
    supported: Mapping[str, Fraction]
    unsplit: frozenset[tuple[str, str, str]]
    years: tuple[str, ...]


def prepare(context: Context) -> None:
    """The small tables that the views of the areas read: the funktioner of the total, and the days of HAND01's quarters."""
    engine = context.engine
    engine.add_rows("noegletal_funktion", {"funktion": "VARCHAR"}, [(name,) for name in _functions(context)])
    published = [Quarter.parse(row[0]) for row in engine.rows("SELECT DISTINCT periode FROM hand01")]
    quarters = [(str(q), q.days) for q in published if q]
    engine.add_rows("noegletal_kvartal", {"periode": "VARCHAR", "dage": "BIGINT"}, quarters)


def basis(context: Context) -> Basis:
    """Read what there is; a figure that is not there is not in it."""
    engine, quarter = context.engine, context.noegletal.befolkningskvartal
    people = {
        (_area(kommune), period[:4]): count
        for kommune, period, count in engine.rows("SELECT kommune, periode, antal FROM folketal")
        if period[4:] == quarter
    }
    own = [row[0] for row in engine.rows("SELECT kommune FROM egen_kommune")]
    years = {year for _kommune, year in people}
    whole = "SELECT kilde, kommune, aar, omraade, {} FROM {}"
    spending = _read(engine.rows(whole.format("beloeb, 1", "omraade_udgift")))
    return Basis(
        spending=spending,
        booked=frozenset(key[:3] for key in spending),
        full=_read(engine.rows(whole.format("dage, laengde", "omraade_fuldtid"))),
        recipients=_read(engine.rows("SELECT 'hand07', kommune, aar, omraade, antal, 1 FROM omraade_modtagere")),
        people=people,
        own_people={y: sum(people[k, y] for k in own) for y in years if all((k, y) in people for k in own)},
        supported={y: Fraction(days, length) for y, length, days in engine.rows("SELECT * FROM botilbud_dage")},
        unsplit=frozenset(
            ("regnskab", _area(kommune), year)
            for kommune, year in engine.rows(
                "SELECT DISTINCT kommune, periode FROM regnskab WHERE substr(konto, 7) = '000'"
            )
        ),
        years=tuple(
            r[0] for r in engine.rows("SELECT periode FROM noegletal_periode WHERE periodetype = 'aar' ORDER BY 1")
        ),
    )


def _read(found: Iterable[tuple[object, ...]]) -> dict[Key, Fraction]:
    return {
        (str(source), _area(str(kommune)), str(year), str(area)): Fraction(str(value)) / int(str(divisor))
        for source, kommune, year, area, value, divisor in found
    }


def _area(kommune: str) -> str:
    return COUNTRY[0] if kommune.casefold() in COUNTRY else kommune


def _functions(context: Context) -> list[str]:
    chosen = [name.replace(".", "") for name in context.noegletal.funktioner]
    return chosen or sorted(name for name in functions() if name.startswith("538"))


def areas(context: Context) -> list[Area]:
    """The rows of the tables in order: each group, then its areas, then everything."""
    made: list[Area] = []
    table = rows("noegletal_omraade")
    for group in dict.fromkeys(row["gruppe"] for row in table):
        here = [row for row in table if row["gruppe"] == group]
        told = [(row["omraade"], _account(row)) for row in here]
        made.append(
            Area(group, "", tuple(name for name, _account in told), ", ".join(account for _name, account in told))
        )
        made += [Area(group, name, (name,), account) for name, account in told]
    return [*made, Area(ALL, "", (ALL,), scope(context))]


def _account(row: Mapping[str, str]) -> str:
    name = dotted(row["funktion"])
    groups = row["grupperinger"].strip("|").split("|")
    return f"{name} gr. {'+'.join(groups)}" if groups[0] else name


def total(
    figures: Mapping[Key, Fraction], source: str, kommune: str, year: str, parts: Iterable[str]
) -> Fraction | None:
    """The sum of some areas; None where one is missing."""
    found = [figures.get((source, kommune, year, part)) for part in parts]
    return None if None in found else sum((value for value in found if value is not None), Fraction(0))


def spent(basis: Basis, source: str, kommune: str, year: str, parts: Iterable[str]) -> Fraction | None:
    """The spending on some areas; an area without an amount in a year that has some is 0, one that cannot be told is None."""
    key, named = (source, kommune, year), list(parts)
    grouped = {row["omraade"] for row in rows("noegletal_omraade") if row["grupperinger"]}
    if key not in basis.booked or (key in basis.unsplit and grouped.intersection(named)):
        return None
    return sum((basis.spending.get((*key, part), Fraction(0)) for part in named), Fraction(0))


def price_level(context: Context) -> str:
    """The price level as it is printed."""
    return context.noegletal.pl or _("løbende priser")


def scope(context: Context) -> str:
    """The funktioner of the total as they are printed."""
    return ", ".join(context.noegletal.funktioner) or "5.38"


def dotted(function: str) -> str:
    """A funktion of five digits as it is written: 5.38.52."""
    return f"{function[0]}.{function[1:3]}.{function[3:]}"
