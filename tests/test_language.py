"""The language a reader meets: the report, the mail, every finding and every sentence of the catalogue, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from support import report_example as sample
from support.catalogue import key, messages, stored, texts
from support.language import slips, visible
from support.rule_cases import CASES, read_cases

from reconcile import i18n
from reconcile.reports import labels
from reconcile.reports.html import render_html
from reconcile.reports.mail_body import mail_body
from reconcile.results.rows import say
from reconcile.rules.catalogue import Rule, load_rules

LANGUAGES = pytest.mark.parametrize("lang", i18n.LANGUAGES)
#: The sample has days in the names of its weeks, and its own rules are in Danish; services have Danish names.
SAMPLE = ("day as in data", "half translated")
PARTS = ("title", "sentence", "why", "remedy")


@LANGUAGES
def test_the_report_has_no_slip(lang: str) -> None:
    i18n.choose(lang)
    lines = visible(render_html(sample.example(), sample.rules()))
    assert len(lines) > 500
    assert slips(lines, lang, but=SAMPLE) == []


@LANGUAGES
def test_the_mail_has_no_slip(lang: str) -> None:
    i18n.choose(lang)
    body = mail_body(sample.example(), sample.rules(), ["rapport.xlsx"])
    lines = [*visible(body.html), *body.text.splitlines()]
    assert slips(lines, lang, but=SAMPLE) == []


@LANGUAGES
@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_a_rule_speaks_without_a_slip(rule: Rule, lang: str) -> None:
    said = [getattr(rule, part)[lang] for part in PARTS]
    assert slips(said, lang, sentences=True) == []


@LANGUAGES
def test_the_catalogue_has_no_slip(lang: str) -> None:
    known = messages(stored())
    said = [key(message) for message in known] if lang == "da" else [text for m in known for text in texts(m)]
    assert slips(said, lang, but=["day as in data"]) == []


def test_the_findings_of_the_rules_say_days_months_and_minus_as_people_do() -> None:
    said = [read_cases(path).content["fund"]["besked"] for path in sorted(CASES.glob("*.json"))]
    assert slips(said, "da", sentences=True) == []


@LANGUAGES
def test_what_stands_under_a_finding_and_a_case_tells_its_months_by_name(lang: str) -> None:
    i18n.choose(lang)
    whole = sample.example()
    dated = tuple(replace(finding, periode="2020-05") for finding in whole.findings)
    cases = next(table for table in whole.tables if table.name == "sager")
    opened = replace(cases, rows=tuple(replace(case, fra="2020-05", til="2020-07") for case in cases.rows))
    tables = tuple(opened if table is cases else table for table in whole.tables)
    page = render_html(replace(whole, findings=dated, tables=tables), sample.rules())
    lines = [line for part in re.findall(r"<small>(.*?)</small>", page, re.DOTALL) for line in visible(part)]
    months = ("maj 2020", "maj 2020 – juli 2020") if lang == "da" else ("May 2020", "May 2020 – July 2020")
    assert all(any(month in line for line in lines) for month in months)
    assert slips(lines, lang, sentences=True, but=SAMPLE) == []


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        (("2020-05",), "maj 2020"), (("2020-05", "2020-07"), "maj 2020 – juli 2020"), (("2020-05", "2020-05"), "maj 2020"),
        (("2019-05:2020-04",), "maj 2019 – april 2020"), (("2020K3", None), "2020K3"), (("2020-U27",), "2020-U27"), ((None,), ""),
    ],
)  # fmt: skip
def test_a_period_is_told_as_people_do(periods: tuple[str | None, ...], said: str) -> None:
    assert labels.when(*periods) == said


@pytest.mark.parametrize(
    ("template", "value", "said"),
    [
        ("åbent fra {d}", "2020-07-31", "åbent fra 31-07-2020"),
        ("i {d}", "2020-07", "i juli 2020"),
        ("fra {d} til {e:tom}", "2020-07", "fra juli 2020 til tom"),
        ("1.1{e: til *| og åbne}.", None, "1.1 og åbne."),
        ("1.1{d: til *| og åbne}.", "2020-07-31", "1.1 til 31-07-2020."),
        ("{d:uge|uger}", 1, "1 uge"),
        ("{d:uge|uger}", 1200, "1.200 uger"),
        ("{d} kr.", -5, "−5 kr."),
        ("{slut_dato:@} {d}", "x", "slutdato x"),
    ],
)
def test_a_fact_is_put_into_its_sentence_as_it_is_said(template: str, value: Any, said: str) -> None:
    assert say(template, {"d": value, "e": None, "slut_dato": None}) == said


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("da", "3 ydelser er ens: 1.1 fra 01-01-2020 til mangler."),
        ("da", "Et CPR-nummer er ugyldigt (står i 1 ydelser)."),
        ("da", "Nettobeløbet er -2.500,00 kr."),
        ("da", "Forløbet slutter 2020-12-31."),
        ("da", "2 information"),
        ("da", "23 ens, 2 dst mangler"),
        ("da", "åbne forløb efter varighed, 2020k4"),
        ("da", "Hvad forskellen på hver Kant skyldes"),
        ("en", "7 of 13 ydelser agree"),
        ("en", "The amount is DKK 5.00"),
        ("en", "1 rows"),
    ],
)
def test_each_kind_of_slip_is_seen(lang: str, line: str) -> None:
    assert slips([line], lang)
