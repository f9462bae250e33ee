"""Is the SQL of a municipality's own rule right? Asked of the engine when the views are there, before anything is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconcile.domain.cpr import mask
from reconcile.engine.base import Engine, Kind, Mistake
from reconcile.errors import InputError, did_you_mean, listed
from reconcile.i18n import N_, _
from reconcile.rules.catalogue import Rule
from reconcile.rules.findings import hits_query, placeholders


def check_sql(engine: Engine, rules: Iterable[Rule]) -> None:
    """Every part of every house rule can be asked of its view.

    Raises:
        InputError: names each mistake with file, rule and what was perhaps meant; never SQL nor the database's own text.
    """
    mistakes = [line for rule in rules if rule.house_rule for line in _mistakes(engine, rule)]
    if mistakes:
        raise InputError(listed(_("Egne regler, der ikke kan bruges:"), mistakes))


def _mistakes(engine: Engine, rule: Rule) -> Iterator[str]:
    columns = engine.columns(rule.view)
    whole = engine.mistake_in(hits_query(rule, columns, rule.condition))
    said_already = False
    for part, sql in _parts(rule, columns):
        # Each piece is one statement by itself too: two that only fit together could be a second statement elsewhere.
        found = engine.mistake_in(f"SELECT ({sql}\n) AS svar FROM {rule.view}")
        if found and (whole or found.kind in (Kind.STATEMENT, Kind.SYNTAX) or _lacks_source(rule, columns)):
            said_already = True
            yield refusal(rule, mistake_text(found, part, rule.view, columns))
    if whole and whole.kind in (Kind.STATEMENT, Kind.OUTSIDE) and not said_already:
        yield refusal(rule, mistake_text(whole, "condition", rule.view, columns))


def _lacks_source(rule: Rule, columns: Sequence[str]) -> bool:
    return bool(rule.sources) and "kilde" not in columns


def _parts(rule: Rule, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pieces of SQL in a rule, each with the field of the suite it stands in."""
    yield "condition", f"CASE WHEN {rule.condition}\n THEN 1 END"
    yield from ((f"fund.{part}", sql) for part, sql in rule.finding.items())
    yield from (("saetning", word) for word in placeholders(rule))
    yield "alvor_sql", rule.severity_sql
    if _lacks_source(rule, columns):
        yield "kilder", "kilde"


def refusal(rule: Rule, reason: str) -> str:
    """``egne.json: reglen HR01 kan ikke bruges: …``."""
    text = _("{fil}: reglen {regel} kan ikke bruges: {grund}")
    return text.format(fil=rule.file, regel=rule.id, grund=reason)


#: What each kind of mistake is called; ``{ord_}`` is the word it is about.
_SAYINGS = {
    Kind.COLUMN: N_("«{del_}» nævner kolonnen {ord_}, som {visning} ikke har."),
    Kind.FUNCTION: N_("«{del_}» bruger funktionen {ord_}, som ikke findes med de værdier."),
    Kind.SYNTAX: N_("«{del_}» kan ikke læses som SQL (ved «{ord_}»)."),
    Kind.VALUE: N_("«{del_}» omsætter en værdi, der ikke kan være det, den skal omsættes til."),
    Kind.STATEMENT: N_("«{del_}» er mere end ét udtryk; en regel må kun slå op (SELECT)."),
    Kind.OUTSIDE: N_("«{del_}» vil læse noget uden for kørslens egne data."),
    Kind.UNPORTABLE: N_("«{del_}» over {visning} kan ikke regnes ens på Spark ({ord_}); kør med --engine duckdb."),
    Kind.OTHER: N_("«{del_}» kan ikke beregnes over {visning}."),
}


def mistake_text(found: Mistake, part: str, view: str, columns: Sequence[str]) -> str:
    """A mistake in words; ``part`` is the field of the suite it stands in."""
    text = _(_SAYINGS[found.kind]).format(del_=part, ord_=mask(found.word), visning=view)
    return text + (did_you_mean(found.word, columns) if found.kind is Kind.COLUMN else "")
