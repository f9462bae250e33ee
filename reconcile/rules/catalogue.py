"""Reads the suites in ``expectations/``: one file per table or view, one entry per rule.

An entry says everything that is said about the rule::

    {
      "type": "unexpected_rows_expectation",
      "kwargs": {"unexpected_rows_query": "SELECT * FROM {batch} WHERE sidste_dag < foerste_dag"},
      "severity": "critical",
      "meta": {
        "regel": "VH03",
        "titel": {"da": "Slut før start", "en": "…"},
        "saetning": {"da": "Ydelsen slutter {slut_dato}, før den starter {start_dato}.", "en": "…"},
        "hvorfor": {"da": "…", "en": "…"},
        "goer": {"da": "…", "en": "…"},
        "hvem": "fagsystem",
        "kilde": "where the definition comes from",
        "kolonner": ["fagsystem.slut_dato"],
        "fund": {"vaerdi": "slut_dato", "forventet": "start_dato"}
      }
    }

The files are suites of Great Expectations and load in it as they are. Where one of its own expectations says the rule (not
null, in set, between …), it stands so: see ``stock``. A condition may stand alone too, as ``{"condition": "…"}`` in
``kwargs``: a short form for the municipality's own rules that only this tool reads. What several rules of a suite say alike
stands once, in the suite's ``meta.faelles``. ``kontrol: true`` is a rule that its control judges itself.

``saetning`` may name any column of the view in braces. ``fund`` maps the columns of a finding to SQL over the view; the
suite's own ``meta.fund`` gives the defaults. ``kolonner`` are the source columns the rule needs. ``alvor_sql`` replaces
``alvor`` row by row, and a hit that it makes information may have a sentence of its own, ``saetning_information``.
``kilder`` (of the suite or the rule) are the sources a rule judges one by one. A rule with
``husregel: true``, and every rule of the municipality's own folder, runs only when ``[regler] husregler`` names it.
"""

from __future__ import annotations

import hashlib
import json
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from reconcile.domain.canonical import TABLES
from reconcile.errors import InputError, did_you_mean, listed
from reconcile.i18n import _, language
from reconcile.resources import EXPECTATIONS
from reconcile.results.rows import Severity
from reconcile.rules import stock
from reconcile.rules.groups import groups

_GX_SEVERITY = {"critical": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFORMATION}
_TEXTS = ("titel", "saetning", "hvorfor", "goer")
_KNOWN = frozenset(
    (
        "regel",
        "alvor",
        "alvor_sql",
        *_TEXTS,
        "saetning_information",
        "hvem",
        "kilde",
        "kolonner",
        "fund",
        "sag",
        "husregel",
        "kilder",
        "kontrol",
    )
)
_QUERY = re.compile(r"\s*SELECT\s+\*\s+FROM\s+\{batch\}\s+WHERE\s+(.+)", re.IGNORECASE | re.DOTALL)

#: The parts of a finding that a rule's ``fund`` may map, with what they are when it does not: the view's own column of
#: that name where there is one, else nothing. ``noegle`` tells apart findings alike in everything else.
PARTS = ("kilde", "borger", "dst_kode", "ydelse", "periode", "vaerdi", "forventet", "noegle", "fil", "raekke")

#: What a case can be about beside its code or ydelse: a person, an account, or nothing more (the code itself).
CASE_SUBJECTS = ("borger", "konto", "kode")


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue.

    ``condition`` is SQL that is true for a hit; it is empty for a rule that a control judges itself (the record
    diff FL01–FL04 and the ledger reconciliation YR20), which stands here so that it is listed and explained alike.
    ``rows`` is the view whose rows it is tried on, where its own holds only those that may be a hit; empty
    for a rule that is about a file as a whole.
    ``group`` is the folder of ``sql/`` its view stands in; ``file`` the suite it was read from. ``as_information`` is what
    a hit that is only information says, where that is something else. ``case`` says what its findings are one case of.
    """

    id: str
    view: str
    condition: str
    severity: Severity
    severity_sql: str
    title: Mapping[str, str]
    sentence: Mapping[str, str]
    why: Mapping[str, str]
    remedy: Mapping[str, str]
    who: str
    source: str
    columns: tuple[str, ...]
    sources: tuple[str, ...]
    finding: Mapping[str, str]
    house_rule: bool
    entry: Mapping[str, Any]
    group: str
    file: str
    case: Mapping[str, str] = field(default_factory=dict)
    as_information: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""

    def text(self, part: str) -> str:
        """``title``, ``sentence``, ``why`` or ``remedy`` in the chosen language."""
        texts: Mapping[str, str] = getattr(self, part)
        return texts.get(language()) or texts["da"]


def _rule(entry: Mapping[str, Any], suite: Mapping[str, Any], file: str, own: bool) -> Rule:
    meta = {**suite["meta"].get("faelles", {}), **entry["meta"]}
    kind = entry.get("type", stock.QUERY)
    _check_known(_("forventningen"), kind, stock.TYPES)
    condition = "" if meta.get("kontrol") else _condition(kind, entry.get("kwargs", {}))
    unknown = sorted(set(meta) - _KNOWN)
    if unknown:
        raise ValueError(_("ukendt felt {felt}").format(felt=", ".join(unknown)))
    _check_known(_("visningen"), suite["meta"]["view"], tuple(groups()))
    if own and not condition:
        raise ValueError(_("«kwargs» skal have en «condition»"))
    for part in (*_TEXTS, *(["saetning_information"] if "saetning_information" in meta else [])):
        _check_text(part, meta[part])
    severity = _GX_SEVERITY.get(entry["severity"])
    if severity is None:
        raise ValueError(_("«severity» skal være critical, warning eller info"))
    if meta.get("alvor", severity) != severity:
        raise ValueError(_("«severity» og «alvor» siger ikke det samme"))
    rule = Rule(
        id=meta["regel"],
        view=suite["meta"]["view"],
        condition=condition,
        severity=severity,
        severity_sql=meta.get("alvor_sql", f"'{severity}'"),
        title=meta["titel"],
        sentence=meta["saetning"],
        why=meta["hvorfor"],
        remedy=meta["goer"],
        who=meta["hvem"],
        source=meta["kilde"],
        columns=tuple(meta.get("kolonner", ())),
        sources=tuple(meta.get("kilder", suite["meta"].get("kilder", ()))),
        finding={**suite["meta"].get("fund", {}), **meta.get("fund", {})},
        house_rule=own or bool(meta.get("husregel", False)),
        entry={**entry, "meta": meta},
        group=groups()[suite["meta"]["view"]],
        file=file,
        case=_case(meta.get("sag", {})),
        as_information=meta.get("saetning_information", {}),
        rows=suite["meta"]["view"] if own else suite["meta"].get("raekker", suite["meta"]["view"]),
    )
    for what, name, known in _names(rule):
        _check_known(what, name, known)
    return rule


def _case(told: Mapping[str, str]) -> Mapping[str, str]:
    """What a rule's case is about where that is no person (``emne``), and which fact is its money (``beloeb``)."""
    for key in told:
        _check_known(_("feltet i «sag»"), key, ("emne", "beloeb"))
    _check_known(_("emnet"), told.get("emne", CASE_SUBJECTS[0]), CASE_SUBJECTS)
    return told


def _condition(kind: str, kwargs: Mapping[str, Any]) -> str:
    """What is true for a hit: of a stock expectation, after WHERE in the query, or the short form; empty where there is none."""
    if kind != stock.QUERY:
        return stock.condition(kind, kwargs)
    if "unexpected_rows_query" not in kwargs:
        return str(kwargs.get("condition", ""))
    found = _QUERY.fullmatch(kwargs["unexpected_rows_query"])
    if found is None:
        raise ValueError(_("«unexpected_rows_query» skal begynde med SELECT * FROM {batch} WHERE"))
    return found[1].replace("{{", "{").replace("}}", "}")


def _check_known(what: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise ValueError(_("{hvad} {navn} findes ikke.").format(hvad=what, navn=name) + did_you_mean(name, known))


def _names(rule: Rule) -> Iterator[tuple[str, str, Sequence[str]]]:
    """The names of sources, columns and parts of a finding in a rule, each with what it is and those there are."""
    yield from ((_("kilden"), source, tuple(TABLES)) for source in rule.sources)
    yield from ((_("delen af et fund"), part, PARTS) for part in rule.finding)
    for name in (name for column in rule.columns for name in column.split("|")):
        source, dot, column = name.rpartition(".")
        if dot:
            yield _("kilden"), source, tuple(TABLES)
        elif not rule.sources:
            raise ValueError(_("kolonnen {kolonne} skal have sin kilde foran: kilde.kolonne").format(kolonne=name))
        sources = (source,) if dot else rule.sources
        yield _("kolonnen"), column, tuple(dict.fromkeys(n for s in sources for n in TABLES[s].names))


def _check_text(part: str, text: Mapping[str, str]) -> None:
    """A text is there in Danish, and its braces can be filled in."""
    if not isinstance(text, dict) or not text.get("da"):
        raise ValueError(_("«{felt}» skal have en tekst under «da»").format(felt=part))
    try:
        names = [name for words in text.values() for _text, name, _spec, _how in string.Formatter().parse(words)]
    except ValueError:
        names = [""]
    if part.startswith("saetning") and not all(name is None or name.isidentifier() for name in names):
        raise ValueError(_("«saetning» har en klamme, der ikke er navnet på en kolonne"))


def read_suite(path: Path, own: bool = False) -> tuple[Rule, ...]:
    """The rules of one suite file; ``own`` makes them house rules.

    Raises:
        InputError: a mistake in the file; names file, rule and what is wrong.
    """
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
        entries = list(suite["expectations"])
    except (ValueError, OSError) as error:
        raise InputError(_("{fil} kan ikke læses som JSON: {grund}").format(fil=path.name, grund=error)) from None
    except (KeyError, TypeError):
        raise InputError(_("{fil} mangler listen «expectations».").format(fil=path.name)) from None
    rules = []
    for number, entry in enumerate(entries, start=1):
        try:
            rules.append(_rule(entry, suite, path.name, own))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            reason = _("feltet {felt} mangler").format(felt=error) if isinstance(error, KeyError) else str(error)
            text = _("{fil}: reglen {regel} kan ikke bruges: {grund}")
            raise InputError(text.format(fil=path.name, regel=_name(entry, number), grund=reason)) from None
    return tuple(rules)


def _name(entry: object, number: int) -> str:
    meta = entry.get("meta") if isinstance(entry, dict) else None
    return str(meta["regel"]) if isinstance(meta, dict) and "regel" in meta else f"nr. {number}"


@cache
def load_rules(own_folder: Path | None = None) -> tuple[Rule, ...]:
    """Every rule that ships, and those in the municipality's own folder, sorted by id; two of one id are an error."""
    rules = [rule for path in sorted(EXPECTATIONS.glob("*.json")) for rule in read_suite(path)]
    if own_folder:
        rules += [rule for path in sorted(own_folder.glob("*.json")) for rule in read_suite(path, own=True)]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise InputError(_("Reglen {regel} findes to gange i expectations/.").format(regel=rule.id))
        seen.add(rule.id)
    return tuple(sorted(rules, key=lambda rule: rule.id))


def rules_of(group: str, own_folder: Path | None = None) -> tuple[Rule, ...]:
    """The rules over the views of a folder of ``sql/``, sorted by id: what the control that makes those views runs."""
    return tuple(rule for rule in load_rules(own_folder) if rule.group == group)


def check_house_rules(rules: Iterable[Rule], named: Iterable[str]) -> None:
    """Every rule that ``[regler] husregler`` names must be there and be a house rule.

    Raises:
        InputError: names each that is not, with «mente du …?».
    """
    rules = tuple(rules)
    known = [rule.id for rule in rules if rule.house_rule]
    mistakes = []
    for name in named:
        if name in known:
            continue
        if any(rule.id == name for rule in rules):
            mistakes.append(_("{regel} er ikke en husregel; den kører altid.").format(regel=name))
        else:
            mistakes.append(_("reglen {regel} findes ikke.").format(regel=name) + did_you_mean(name, known))
    if mistakes:
        raise InputError(listed(_("[regler] husregler i reconcile.toml:"), mistakes))


def rules_hash(rules: Iterable[Rule]) -> str:
    """SHA-256 over the rules' entries, for the manifest."""
    text = json.dumps([[rule.view, rule.entry] for rule in rules], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
