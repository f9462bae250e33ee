"""The record diff fagsystem ↔ FLIS: which courses only one of them has, and which fields differ (FL01–FL04).

The views of ``sql/postdiff/`` give every course its key and count the keys; keys that occur once on both sides are
compared field by field here, for the fields both sources have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reconcile.controls.choice import of_codes
from reconcile.domain.canonical import TABLES
from reconcile.domain.cpr import mask
from reconcile.i18n import N_, _
from reconcile.results.rows import Finding, NotRun, PartResult, RecordDifference, ResultTable, ordered, safe_text
from reconcile.rules.catalogue import Rule, rules_of
from reconcile.rules.findings import make_finding
from reconcile.rules.runner import run_rules, tried_on
from reconcile.world.context import Context

_EMPTY = N_("tom")
RULES = ("FL01", "FL02", "FL03", "FL04")

#: What a changed course carries beside the fields that are compared.
_ALWAYS = ("cpr", "dst_kode", "start_dato", "foerste_dag", "sidste_dag", "ydelse_id", "fil", "raekke")


@dataclass(frozen=True)
class Difference:
    """One difference between the extracts before it is worded: the courses behind it, by source, and changed fields."""

    rule: str
    key_kind: str
    courses: Mapping[str, Sequence[Mapping[str, Any]]]
    changes: tuple[tuple[str, Any, Any], ...] = ()

    @property
    def first(self) -> Mapping[str, Any]:
        """The course the finding is about: the fagsystem's where it has one."""
        return (self.courses["fagsystem"] or self.courses["flis"])[0]


def run(context: Context) -> PartResult:
    """The table ``post_diff`` and the FL findings of the chosen codes; named as not run where an extract is absent."""
    return of_codes(_run(context), context.codes)


def _run(context: Context) -> PartResult:
    if missing := [source for source in ("fagsystem", "flis") if not context.has(source)]:
        text = _("udtrækket {kilde} er der ikke").format(kilde=", ".join(missing))
        return PartResult(not_run=tuple(NotRun(rule, missing[0], text) for rule in RULES))
    rules = {rule.id: rule for rule in rules_of("postdiff", context.own_rules)}
    findings: list[Finding] = []
    rows: list[RecordDifference] = []
    for difference in context.need(differences):
        finding = _finding(context, rules[difference.rule], difference)
        findings.append(finding)
        rows.extend(_rows(context, finding, difference))
    house = run_rules(context, rules.values())
    rows.sort(key=lambda row: (row.regel, row.dst_kode, row.borger, row.noegle, row.fund_id, row.felt or ""))
    return PartResult(
        tables=(ResultTable("post_diff", RecordDifference, tuple(rows)),),
        findings=ordered([*findings, *house.findings]),
        not_run=house.not_run,
        caveats=tuple(_caveats(context)),
        rules_run=(*RULES, *house.ran),
        tried={**tried_on(context, [rules[name] for name in RULES]), **house.tried},
    )


def build(context: Context) -> None:
    """Create the views of the record diff."""
    engine = context.engine
    engine.set_parameters({"postdiff_id": "ydelse_id" in fields_compared(context)})
    engine.create_view("postdiff_skiller", _unlike(context))
    engine.create_views("postdiff")


def _unlike(context: Context) -> str:
    """The ydelse_ids that a side lacks or has more than once, or on courses that differ in a field compared: few."""
    differs = " OR ".join(map(_differs, fields_compared(context)))
    sides = (f"SELECT ydelse_id FROM {side} WHERE ydelse_id IS NOT NULL" for side in ("fagsystem", "flis"))
    twice = " ".join(f"UNION ALL {side} GROUP BY ydelse_id HAVING count(*) > 1" for side in sides)
    return f"""-- stored
        SELECT DISTINCT id
        FROM (
            SELECT coalesce(a.ydelse_id, b.ydelse_id) AS id
            FROM (
                SELECT * FROM fagsystem
                WHERE NOT (system = 'tidligere' AND slut_dato IS NULL) AND ydelse_id IS NOT NULL AND $postdiff_id
            ) AS a
            FULL JOIN (SELECT * FROM flis WHERE ydelse_id IS NOT NULL AND $postdiff_id) AS b ON b.ydelse_id = a.ydelse_id
            WHERE a.ydelse_id IS NULL OR b.ydelse_id IS NULL OR {differs}
            {twice}
        ) AS alle
    """


def differences(context: Context) -> tuple[Difference, ...]:
    """Every difference: keys on one side only, keys that occur more than once, and changed pairs."""
    context.need(build)
    return (*_unpaired(context), *_changed(context))


def _unpaired(context: Context) -> Iterator[Difference]:
    groups: dict[tuple[str, str, str], dict[str, list[Mapping[str, Any]]]] = {}
    for row in context.engine.records(
        "SELECT * FROM postdiff_enkelt ORDER BY cpr, dst_kode, start_dato, slut_dato, fil, raekke"
    ):
        sides = groups.setdefault((row["regel"], row["noegletype"], row["noegle"]), {"fagsystem": [], "flis": []})
        sides[row["kilde"]].append(row)
    for (rule, kind, _key), courses in groups.items():
        yield Difference(rule, kind, courses)


def fields_compared(context: Context) -> tuple[str, ...]:
    """The columns of a course that both sources have."""
    return tuple(name for name in TABLES["fagsystem"].names if all(context.has(s, name) for s in ("fagsystem", "flis")))


def _changed(context: Context) -> Iterator[Difference]:
    names = fields_compared(context)
    needed = sorted({*names, *_ALWAYS})
    chosen = ", ".join(f"{side}.{name} AS {side}_{name}" for side in ("a", "b") for name in needed)
    differs = " OR ".join(map(_differs, names))
    query = f"""
        SELECT n.noegletype, n.noegle, {chosen}
        FROM postdiff_antal AS n
        INNER JOIN postdiff_post AS a ON a.kilde = 'fagsystem' AND a.noegletype = n.noegletype AND a.noegle = n.noegle
        INNER JOIN postdiff_post AS b ON b.kilde = 'flis' AND b.noegletype = n.noegletype AND b.noegle = n.noegle
        WHERE n.i_fagsystem = 1 AND n.i_flis = 1 AND ({differs})
    """
    for row in context.engine.records(query):
        sides = [{name: row[f"{side}_{name}"] for name in needed} for side in ("a", "b")]
        made = tuple(_change(context, name, *sides) for name in names)
        changes = tuple(change for change in made if change is not None)
        if changes:
            courses = {"fagsystem": [sides[0]], "flis": [sides[1]]}
            yield Difference("FL03", row["noegletype"], courses, changes)


def _differs(name: str) -> str:
    return f"{_comparable('a', name)} IS DISTINCT FROM {_comparable('b', name)}"


def _comparable(side: str, name: str) -> str:
    """An empty handlekommune means the own one, in both sources."""
    return f"coalesce({side}.{name}, $kommune)" if name == "handlekommune" else f"{side}.{name}"


def _change(
    context: Context, name: str, left: Mapping[str, Any], right: Mapping[str, Any]
) -> tuple[str, Any, Any] | None:
    """The field with both values when they differ; målgrupper are a set, a CPR is shown as its pseudonym."""
    before, after = left[name], right[name]
    if name == "handlekommune":
        before, after = before or context.kommune, after or context.kommune
    if name == "maalgruppe" and before and after and sorted(before.split("|")) == sorted(after.split("|")):
        return None
    if before == after:
        return None
    return (name, context.pseudonym(before), context.pseudonym(after)) if name == "cpr" else (name, before, after)


def _finding(context: Context, rule: Rule, difference: Difference) -> Finding:
    courses, first = difference.courses, difference.first
    counts = {f"i_{side}": len(found) for side, found in courses.items()}
    key = key_shown(context, difference)
    changed, changes = _changes_told(difference)
    told = key if difference.key_kind == "ydelse_id" else _key_told(context, difference)
    facts = {"noegle": told, "dst_kode": first["dst_kode"], "start_dato": str(first["start_dato"]), **counts, **changes}
    in_flis = difference.rule != "FL04" or counts["i_flis"] > 1
    behind = (courses["flis"] or courses["fagsystem"]) if in_flis else courses["fagsystem"]
    where = min(behind, key=lambda c: (c["fil"], c["raekke"]))
    return make_finding(
        rule=rule.id,
        severity=rule.severity,
        source="flis" if in_flis else "fagsystem",
        person=context.pseudonym(first["cpr"]),
        code=first["dst_kode"],
        value=max(counts.values()) if rule.id == "FL04" else ", ".join(n for n, _a, _b in difference.changes) or None,
        sentence={lang: text.replace("{felter}", changed) for lang, text in rule.sentence.items()},
        facts=facts,
        key=key,
        file=where["fil"],
        row=where["raekke"],
    )


def key_shown(context: Context, difference: Difference) -> str:
    """The key as it may be shown: the ydelse_id (a CPR in it replaced), else pseudonym, code and start date."""
    first = difference.first
    person = context.pseudonym(first["cpr"])
    if difference.key_kind == "ydelse_id":
        return mask(str(first["ydelse_id"]).replace(first["cpr"], person))
    return f"{person} {first['dst_kode']} {first['start_dato']}"


def _key_told(context: Context, difference: Difference) -> str:
    """The key of a course without an id, in a sentence: a comma before the date, or code and day look like a CPR number."""
    first = difference.first
    person = context.pseudonym(first["cpr"])
    named = difference.rule in ("FL01", "FL02")  # their sentences say code and day themselves
    return person if named else f"{person} {first['dst_kode']}, {first['start_dato']}"


def _rows(context: Context, finding: Finding, difference: Difference) -> Iterator[RecordDifference]:
    assert finding.borger is not None  # noqa: S101 - every course has a person, a required column
    assert finding.dst_kode is not None  # noqa: S101 - and a code
    known = (finding.fund_id, finding.regel, finding.borger, finding.dst_kode, key_shown(context, difference))
    if not difference.changes:
        yield RecordDifference(*known, None, _courses(difference, "fagsystem"), _courses(difference, "flis"))
    for name, before, after in difference.changes:
        yield RecordDifference(*known, name, safe_text(before), safe_text(after))


def _courses(difference: Difference, side: str) -> str | None:
    """The courses of one side as ``2020-01-01/2020-03-31``; an open one ends in nothing."""
    spans = sorted(f"{c['start_dato']}/{c['slut_dato'] or ''}" for c in difference.courses[side])
    return ", ".join(spans) or None


def _changes_told(difference: Difference) -> tuple[str, Mapping[str, str | None]]:
    """The changed fields as a piece of a sentence, and the values it names: as they stand in the extracts, or «tom»."""
    pieces: list[str] = []
    facts: dict[str, str | None] = {}
    for name, before, after in difference.changes:
        pieces.append(f"{{{name}:@}} {{{name}_a:{_EMPTY}}} → {{{name}_b:{_EMPTY}}}")
        facts |= {f"{name}_{side}": safe_text(value) for side, value in (("a", before), ("b", after))}
    return "; ".join(pieces), facts


@dataclass(frozen=True)
class Touched:
    """A rule that names a course, the course's first and last active day, and for FL03 the fields that differ."""

    rule: str
    first: date
    last: date
    fields: tuple[str, ...] = ()


def touched(context: Context) -> Mapping[tuple[str, str], tuple[Touched, ...]]:
    """Every cpr × dst_kode with an FL finding → its rules and the days they are about. Empty without both extracts."""
    found: dict[tuple[str, str], list[Touched]] = defaultdict(list)
    if context.has("fagsystem") and context.has("flis"):
        for difference in context.need(differences):
            for course in (course for side in difference.courses.values() for course in side):
                fields = tuple(name for name, _before, _after in difference.changes)
                days = Touched(difference.rule, course["foerste_dag"], course["sidste_dag"], fields)
                found[course["cpr"], course["dst_kode"]].append(days)
    return {person: tuple(rules) for person, rules in found.items()}


def _caveats(context: Context) -> Iterator[str]:
    names = fields_compared(context)
    if "ydelse_id" not in names:
        yield _("Fagsystem og FLIS har ikke ydelse_id begge to; forløb er parret på CPR, DST-kode og startdato.")
    left = sorted((context.present["fagsystem"] ^ context.present["flis"]) - {"ydelse_id"})
    if left:
        text = _("Fagsystem og FLIS er ikke sammenlignet på felter, som kun den ene har: {felter}.")
        yield text.format(felter=", ".join(left))
