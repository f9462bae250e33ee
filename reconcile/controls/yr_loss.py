"""What a fault costs: the refusion lost or won by counters and percentages that are wrong, per finding and per year.

View ``yr_tab`` has every payment calculated with another percentage than the right one; a row belongs to the finding that
its counter went wrong by, else to the finding on its own percentage (YR09).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from reconcile.domain.cpr import mask
from reconcile.domain.exact import rounded
from reconcile.domain.periods import Quarter
from reconcile.i18n import Count, _, kr
from reconcile.results.rows import Finding, PartResult, ResultTable
from reconcile.results.yr import YrDeadWeeks, YrLoss, YrOther, YrYearLoss
from reconcile.world.context import Context

#: The findings on a week's counter; a week has at most one of them.
_COUNTERS = ("YR02", "YR03", "YR04", "YR05", "YR06", "YR07", "YR19")
_TOTAL = "i alt"


def losses(context: Context, findings: Iterable[Finding]) -> PartResult:
    """Tables ``yr_tab``, ``yr_tab_aar`` and ``yr_doede_uger``, and the sentence that says what the faults have cost."""
    if not context.has("yr", "ydelsestaeller"):
        return PartResult()
    owners = _owners(findings)
    weeks: dict[str, set[str]] = defaultdict(set)
    lost: dict[str, Fraction] = defaultdict(Fraction)
    found: dict[str, Finding] = {}
    yearly: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for cpr, ydelse, day, week, kind, found_in, amount in context.engine.rows(
        "SELECT cpr, ydelse, uge, periode, art, fund_uge, tab FROM yr_tab"
    ):
        owner = owners.get((kind, context.pseudonym(cpr), found_in, ydelse if kind == "YR09" else ""))
        if owner is None or not _is_chosen(context, Quarter.of(day)):
            continue
        found[owner.fund_id] = owner
        weeks[owner.fund_id].add(week)
        lost[owner.fund_id] += Fraction(amount)
        for key in ((str(day.year), owner.regel), (str(day.year), _TOTAL), (_TOTAL, owner.regel), (_TOTAL, _TOTAL)):
            yearly[key] += Fraction(amount)
            people[key].add(owner.borger or "")
    rows = tuple(
        YrLoss(f.fund_id, f.regel, f.borger or "", f.periode or "", len(weeks[name]), rounded(lost[name], 2))
        for name, f in sorted(found.items(), key=lambda item: (-abs(lost[item[0]]), item[1].sort_key()))
    )
    years = tuple(
        YrYearLoss(year, rule, len(people[year, rule]), rounded(amount, 2))
        for (year, rule), amount in sorted(
            yearly.items(), key=lambda item: ((item[0][0] == _TOTAL, item[0][0]), item[0][1])
        )
    )
    dead = _dead_weeks(context)
    tables = [ResultTable("yr_tab", YrLoss, rows), ResultTable("yr_tab_aar", YrYearLoss, years)]
    tables += [ResultTable("yr_doede_uger", YrDeadWeeks, dead)] if dead else []
    return PartResult(tables=tuple(tables), caveats=tuple(_sentences(yearly)))


def _is_chosen(context: Context, quarter: Quarter) -> bool:
    return not context.chosen or quarter in context.chosen


def _owners(findings: Iterable[Finding]) -> Mapping[tuple[str, str, str, str], Finding]:
    """The finding of a week's counter, and of a ydelse's percentage in a week, by person."""
    owners: dict[tuple[str, str, str, str], Finding] = {}
    for finding in findings:
        person, week = finding.borger or "", finding.periode or ""
        if finding.regel in _COUNTERS:
            owners.setdefault(("taeller", person, week, ""), finding)
        if finding.regel == "YR09":
            owners.setdefault(("YR09", person, week, finding.ydelse or ""), finding)
    return owners


def _sentences(yearly: Mapping[tuple[str, str], Fraction]) -> Iterator[str]:
    """The sentence a manager reads first, for each year."""
    for (year, rule), amount in sorted(yearly.items()):
        if rule != _TOTAL or year == _TOTAL or rounded(amount, 2) == 0:
            continue
        text = _("Fejl i tæller og sats har kostet {beloeb} kr. i refusion i {aar}.")
        if amount < 0:
            text = _(
                "Fejl i tæller og sats har givet {beloeb} kr. for meget i refusion i {aar}; de kan blive krævet tilbage."
            )
        yield text.format(beloeb=kr(abs(rounded(amount, 2))), aar=year)


def _dead_weeks(context: Context) -> tuple[YrDeadWeeks, ...]:
    if not context.has("yr", "genoptjening"):
        return ()
    found = context.engine.rows(
        "SELECT cpr, periode, pause, genoptjening, doede_uger FROM yr_genoptjening WHERE doede_uger > 0"
    )
    rows = (YrDeadWeeks(context.pseudonym(cpr), *rest) for cpr, *rest in found)
    return tuple(sorted(rows, key=lambda row: (row.periode, row.borger)))


def others(context: Context) -> PartResult:
    """Table ``yr_andre`` and its reservation, where other kommuner finance rows of the source."""
    found = context.engine.rows("SELECT * FROM yr_andre ORDER BY finansieringskommune")
    if not found:
        return PartResult()
    text = _(
        "YR: {antal:række|rækker} er finansieret af andre kommuner ({kommuner}); de er i intet nøgletal og giver ingen fund."
    )
    said = text.format(antal=Count(sum(row[1] for row in found)), kommuner=mask(", ".join(row[0] for row in found)))
    rows = tuple(YrOther(mask(row[0]), *row[1:]) for row in found)
    return PartResult(tables=(ResultTable("yr_andre", YrOther, rows),), caveats=(said,))
