"""A delivery of courses against the one before it: which courses changed, and which figures they move.

The deliveries are kept as prints without CPR (``redelivery_prints.py``). They are compared as sets in the engine
(``sql/genlevering/``): courses that are equal in every field are no change, however often and in whatever order they
stand; the rest are paired by ydelse_id where both deliveries have it, else by person, code and start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from reconcile.controls.choice import of_codes
from reconcile.controls.hand07_earlier import resting
from reconcile.controls.redelivery_prints import COLUMNS, FOLDER, SOURCES, Print, earlier, noted, take
from reconcile.domain.codes import code_order
from reconcile.errors import InputError
from reconcile.i18n import _, day
from reconcile.results.redelivery import CountMoved, CourseChange, NewPrint
from reconcile.results.rows import PartResult, ResultTable
from reconcile.rules.catalogue import rules_of
from reconcile.rules.runner import run_rules
from reconcile.world.context import Context

TABLE, FIGURES = "genlevering", "genlevering_tal"
#: The ``felt`` of a change of a whole course, and the ``flytter`` of one that moves no figure.
WHOLE, NOWHERE = "hele_forloebet", "ingen"
#: What always can be compared: required columns, and those that are never empty or whose empty cell means the own kommune.
_ALWAYS = frozenset({"borger", "dst_kode", "start_dato", "handlekommune", "system"})
#: How many days a course had, as text; an open one ends in nothing.
_SPAN = "strftime(start_dato, '%Y-%m-%d') || '/' || coalesce(strftime(slut_dato, '%Y-%m-%d'), '')"


def run(context: Context) -> PartResult:
    """The tables ``genlevering`` and ``genlevering_tal`` where something changed, and a sentence about it.

    The print of this delivery is handed to the run, which keeps it; one that cannot be kept or read is said, and no error.
    """
    context = context.driver  # persons stay on this machine, wherever the views are computed
    if context.folder is None or not any(context.has(name) for name in SOURCES):
        return PartResult()
    context.need(take)
    try:
        before, delivered = earlier(context, context.folder)
    except InputError as error:
        text = _("Leveringen kunne ikke sammenlignes med den forrige: {grund}")
        return PartResult(caveats=(text.format(grund=error),))
    return replace(
        of_codes(_against(context, before), context.codes), new_print=_fresh(context, context.folder, delivered)
    )


def _fresh(context: Context, working_folder: Path, delivered: NewPrint) -> NewPrint | None:
    """The print to keep: of a new delivery, or of one that published figures rest on from now on; else None."""
    notes = noted(working_folder / FOLDER)
    figures = tuple(r for r in resting(context) if r.periode not in notes or notes[r.periode].tal != r.tal)
    return replace(delivered, figures=figures) if figures or delivered.content is not None else None


def _against(context: Context, before: Print | None) -> PartResult:
    if before is None:
        return PartResult()
    if before.key != context.pseudonym(FOLDER):
        text = _(
            "Leveringen er ikke sammenlignet med den forrige fra den {dag}: nøglen bag pseudonymerne er skiftet, så"
            " borgerne ikke kan genkendes."
        )
        return PartResult(caveats=(text.format(dag=day(before.day)),))
    return compare(context, before)


def compare(context: Context, before: Print) -> PartResult:
    """``levering_nu`` against ``levering_foer``, the delivery that ``before`` tells of."""
    shared = {name: _shared(context, before, name) for name in SOURCES if name in before.columns and context.has(name)}
    _load(context, shared)
    context.engine.create_views("genlevering")
    caveats = list(_uncompared(context, before, shared))
    keys = dict(context.engine.rows("SELECT aendring, count(*) FROM levering_aendring GROUP BY aendring"))
    house = run_rules(context, rules_of("genlevering", context.own_rules))
    judged = PartResult(findings=house.findings, not_run=house.not_run, rules_run=house.ran, tried=house.tried)
    if not keys:
        return replace(judged, caveats=tuple(caveats))
    courses, figures = tuple(_courses(context)), tuple(_figures(context))
    caveats.insert(0, _sentence(context, before.day, Counter(keys), figures))
    tables = (ResultTable(TABLE, CourseChange, courses), ResultTable(FIGURES, CountMoved, figures))
    return replace(judged, tables=tuple(table for table in tables if table.rows), caveats=tuple(caveats))


def _shared(context: Context, before: Print, source: str) -> frozenset[str]:
    """The columns in which the deliveries of a source are compared: those both have.

    A system that gives its courses new ids in every extract has no id to know them by: where the deliveries have not one
    id in common, ydelse_id is left out.
    """
    shared = (context.present[source] & before.columns[source]) | _ALWAYS
    if context.regler.population == "betalingskommune":
        shared |= {"betalingskommune"}
    query = f"""
        SELECT count(f.ydelse_id) > 0 AND count(n.ydelse_id) > 0 AND count(f.ydelse_id || n.ydelse_id) = 0
        FROM (SELECT DISTINCT ydelse_id FROM levering_foer WHERE kilde = '{source}') AS f
        FULL JOIN (SELECT DISTINCT ydelse_id FROM levering_nu WHERE kilde = '{source}') AS n
            ON n.ydelse_id = f.ydelse_id
    """
    if context.engine.rows(query)[0][0]:
        shared -= {"ydelse_id"}
    return shared & COLUMNS.keys()


def _load(context: Context, shared: Mapping[str, frozenset[str]]) -> None:
    """Table ``levering``: both deliveries of the sources both have, with nothing in columns that are not compared."""
    selects = []
    for side in ("foer", "nu"):
        for source, names in shared.items():
            columns = ", ".join(
                f"{_value(context, name) if name in names else f'CAST(NULL AS {kind})'} AS {name}"
                for name, kind in COLUMNS.items()
            )
            selects.append(f"SELECT '{side}' AS side, kilde, {columns} FROM levering_{side} WHERE kilde = '{source}'")
    nothing = f"SELECT '' AS side, kilde, {', '.join(COLUMNS)} FROM levering_nu WHERE false"
    context.engine.run(f"CREATE OR REPLACE VIEW levering AS {' UNION ALL '.join(selects or [nothing])}")


def _value(context: Context, name: str) -> str:
    """An empty kommune is the own one, where it says whose citizen it is; an empty payer is the acting kommune."""
    if name == "handlekommune":
        return "coalesce(handlekommune, $kommune)"
    return "coalesce(betalingskommune, handlekommune, $kommune)" if name == context.regler.population else name


def _uncompared(context: Context, before: Print, shared: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for source, names in shared.items():
        here, there = context.present[source], before.columns[source]
        if left := sorted((here ^ there) - names):
            text = _(
                "{kilde} er ikke sammenlignet med leveringen fra den {dag} på felter, som kun den ene har: {felter}."
            )
            yield text.format(kilde=source, dag=day(before.day), felter=", ".join(left))
        elif {"ydelse_id"} <= (here & there) - names:
            text = _("{kilde} har ikke et eneste ydelse_id til fælles med leveringen fra den {dag}; {hvad}.")
            paired = _("forløb er parret på borger, kode og startdato")
            yield text.format(kilde=source, dag=day(before.day), hvad=paired)


def _courses(context: Context) -> Iterator[CourseChange]:
    """The changes that touch a judged quarter."""
    fields = " UNION ALL ".join(
        f"SELECT kilde, noegletype, noegle, '{name}' AS felt, CAST(f_{name} AS VARCHAR) AS foer,"
        f" CAST(n_{name} AS VARCHAR) AS nu FROM levering_par WHERE f_{name} IS DISTINCT FROM n_{name}"
        for name in COLUMNS
    )
    sides = ", ".join(f"max({name}) FILTER (i_{s} > 0) AS {s[0]}_{name}" for s in ("foer", "nu") for name in COLUMNS)
    context.engine.run(
        f"CREATE OR REPLACE TABLE levering_par AS SELECT kilde, noegletype, noegle, {sides} FROM levering_forskel"
        " WHERE aendring = 'ændret' GROUP BY kilde, noegletype, noegle"
    )
    spans = ", ".join(
        f"string_agg({_SPAN} || CASE WHEN i_{side} > 1 THEN ' × ' || CAST(i_{side} AS VARCHAR) ELSE '' END, ', '"
        f" ORDER BY start_dato, slut_dato, i_{side}) FILTER (i_{side} > 0) AS {side}"
        for side in ("foer", "nu")
    )
    query = f"""
        SELECT a.kilde, a.aendring, a.borger, a.dst_kode, a.vist, d.felt, d.foer, d.nu, s.kvartaler,
            coalesce(m.kvartaler, '{NOWHERE}')
        FROM (
            SELECT
                kilde, noegletype, noegle, min(aendring) AS aendring, min(vist) AS vist,
                coalesce(min(borger) FILTER (i_nu > 0), min(borger)) AS borger,
                coalesce(min(dst_kode) FILTER (i_nu > 0), min(dst_kode)) AS dst_kode
            FROM levering_forskel
            GROUP BY kilde, noegletype, noegle
        ) AS a
        INNER JOIN (
            {fields}
            UNION ALL
            SELECT kilde, noegletype, noegle, '{WHOLE}', {spans}
            FROM levering_forskel
            WHERE aendring <> 'ændret'
            GROUP BY kilde, noegletype, noegle
        ) AS d ON d.kilde = a.kilde AND d.noegletype = a.noegletype AND d.noegle = a.noegle
        INNER JOIN levering_spaend AS s
            ON s.kilde = a.kilde AND s.noegletype = a.noegletype AND s.noegle = a.noegle AND s.flytter = 0
        LEFT JOIN levering_spaend AS m
            ON m.kilde = a.kilde AND m.noegletype = a.noegletype AND m.noegle = a.noegle AND m.flytter = 1
    """
    rows = (CourseChange(*row) for row in context.engine.rows(query))
    return iter(sorted(rows, key=lambda c: (c.kilde, code_order(c.dst_kode), c.borger, c.noegle, c.felt, c.aendring)))


def _figures(context: Context) -> Iterator[CountMoved]:
    rows = context.engine.rows("SELECT kilde, dst_kode, periode, foer, nu, forloeb FROM levering_tal")
    for source, code, period, was, now, courses in sorted(rows, key=lambda r: (r[0], code_order(r[1]), r[2])):
        yield CountMoved(source, code, period, int(was), int(now), int(now) - int(was), int(courses))


def _sentence(context: Context, earlier: date, keys: Counter[str], figures: tuple[CountMoved, ...]) -> str:
    shown = context.engine.rows("SELECT count(*) FROM levering_spaend WHERE flytter = 0")[0][0]
    text = _(
        "Siden leveringen fra den {dag}: nye forløb {ny}, fjernede {fjernet}, ændrede {aendret}, dublerede nøgler {dublet};"
        " heraf uden for de viste kvartaler {uden}. Modtagertal, der flytter sig: {tal}."
    )
    return text.format(
        dag=day(earlier),
        ny=keys["ny"],
        fjernet=keys["fjernet"],
        aendret=keys["ændret"],
        dublet=keys["dublet"],
        uden=keys.total() - shown,
        tal=sum(row.flyttet != 0 for row in figures),
    )
