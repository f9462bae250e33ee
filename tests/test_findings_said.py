"""A finding from its rule: the query, the sentence with its facts, the id, and what is told apart from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconcile import i18n
from reconcile.results.columns import column_of, sentence
from reconcile.results.rows import Finding, Severity, columns_of, safe_text, say, verbatim
from reconcile.rules.catalogue import PARTS, Rule, load_rules
from reconcile.rules.findings import findings_of, hits_query, make_finding, placeholders

CPR = "0101801234"
BLANK = next(rule for rule in load_rules() if rule.id == "VH03")


def rule(**changes: Any) -> Rule:
    plain: dict[str, Any] = {"id": "XX01", "view": "v", "severity_sql": "'fejl'", "finding": {}, "as_information": {}}
    return replace(BLANK, **{**plain, "sentence": {"da": "Der står {vaerdi}.", "en": "It says {vaerdi}."}, **changes})


# --- the sentence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "facts", "said"),
    [
        ("Ingen.", {}, "Ingen."),
        ("{a}", {"a": 1234}, "1.234"),
        ("{a}", {"a": -5}, "−5"),
        ("{a}", {"a": 0}, "0"),
        ("{a} kr.", {"a": Decimal("1234.5")}, "1.234,50 kr."),
        ("{a} kr.", {"a": Decimal("-0.01")}, "−0,01 kr."),
        ("{a}", {"a": Decimal("0.1234")}, "0,1234"),
        ("{a}", {"a": date(2020, 7, 1)}, "01-07-2020"),
        ("{a}", {"a": True}, "ja"),
        ("{a}", {"a": False}, "nej"),
        ("{a}", {"a": None}, "mangler"),
        ("{a}", {"a": ""}, "mangler"),
        ("{a:tom}", {"a": None}, "tom"),
        ("{a:tom}", {"a": "x"}, "x"),
        ("{a}", {"a": "2020-07"}, "juli 2020"),
        ("{a}", {"a": "fra 2020-07-31 af"}, "fra 31-07-2020 af"),
        ("{a:uge|uger}", {"a": 1}, "1 uge"),
        ("{a:uge|uger}", {"a": 0}, "0 uger"),
        ("{a:uge|uger}", {"a": 2}, "2 uger"),
        ("{a:uge|uger}", {"a": -1}, "−1 uge"),
        ("{a:dag|dage}", {"a": Decimal(1)}, "1,00 dag"),
        ("{a:uge|uger}", {"a": None}, "uger"),
        ("Den løb{a: til *| og er åben}.", {"a": date(2020, 7, 1)}, "Den løb til 01-07-2020."),
        ("Den løb{a: til *| og er åben}.", {"a": None}, "Den løb og er åben."),
        ("{a}{b}", {"a": "x", "b": "y"}, "xy"),
        ("{{a}} {a}", {"a": "x"}, "{a} x"),
    ],
)
def test_a_fact_is_said_as_a_person_reads_it(template: str, facts: Mapping[str, Any], said: str) -> None:
    assert say(template, facts) == said


def test_the_heading_of_a_column_is_a_word_of_the_sentence() -> None:
    assert say("Feltet {slut_dato:@} er tomt.", {}) == f"Feltet {column_of('slut_dato').heading.lower()} er tomt."
    ffb = column_of("ffb_ydelse").heading
    assert ffb[:2].isupper()
    assert say("{ffb_ydelse:@}", {}) == ffb


def test_words_of_the_data_are_said_in_the_chosen_language() -> None:
    assert say("{a}", {"a": "ugyldigt"}) == "ugyldigt"
    i18n.choose("en")
    assert say("{a}", {"a": "ugyldigt"}) != "ugyldigt"
    assert say("{a}", {"a": date(2020, 7, 1)}) == "2020-07-01"
    assert say("{a}", {"a": Decimal("1234.5")}) == "1,234.50"


def test_no_cpr_number_is_said_whichever_way_it_came() -> None:
    for told in (say("{a}", {"a": f"hos {CPR}"}), say(f"hos {CPR}", {}), say("{a}-{b}", {"a": CPR[:6], "b": CPR[6:]})):
        assert CPR not in told
        assert f"{CPR[:6]}-{CPR[6:]}" not in told


def test_a_text_is_said_as_it_stands_with_its_braces() -> None:
    assert say(verbatim("a {b} c")["da"], {}) == "a {b} c"


def test_what_is_no_declared_column_is_named_by_its_words() -> None:
    assert (sentence("hele_forloebet"), sentence("aar"), sentence("x"), sentence("")) == (
        "Hele forløbet",
        "År",
        "X",
        "",
    )
    assert column_of("noget_nyt_her").heading == "Noget nyt her"


def test_the_columns_of_a_row_are_its_own_list_else_its_fields() -> None:
    assert columns_of(Finding)[:3] == ("fund_id", "regel", "alvor")
    assert "besked" in columns_of(Finding)
    assert "facts" not in columns_of(Finding)


@pytest.mark.parametrize(("value", "text"), [(None, None), ("x", "x"), (5, "5"), ("", "")])
def test_a_value_of_the_data_is_shown_as_text(value: object, text: str | None) -> None:
    assert safe_text(value) == text
    assert CPR not in str(safe_text(f"hos {CPR}"))


# --- the query ----------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_finding_come_from_the_rule_else_the_view_else_nothing() -> None:
    query = hits_query(
        rule(finding={"vaerdi": "a + b", "noegle": "'x'"}), ["cpr", "dst_kode", "vaerdi", "fil"], "a > 1"
    )
    assert query == (
        "SELECT NULL AS p_kilde, cpr AS p_borger, dst_kode AS p_dst_kode, NULL AS p_ydelse, NULL AS p_periode,"
        " a + b AS p_vaerdi, NULL AS p_forventet, 'x' AS p_noegle, fil AS p_fil, NULL AS p_raekke,"
        " 'fejl' AS p_alvor, vaerdi AS w_vaerdi FROM v WHERE a > 1"
    )


def test_a_person_is_the_views_own_borger_before_its_cpr() -> None:
    assert "borger AS p_borger" in hits_query(rule(), ["borger", "cpr"], "true")
    assert "NULL AS p_borger" in hits_query(rule(), [], "true")
    assert "x AS p_borger" in hits_query(rule(finding={"borger": "x"}), ["borger", "cpr"], "true")


def test_rows_may_be_read_in_another_place() -> None:
    assert " FROM ramt_v WHERE " in hits_query(rule(), [], "true", "ramt_v")
    assert " FROM v WHERE " in hits_query(rule(), [], "true", "")


def test_the_names_in_a_rules_sentences_are_each_there_once() -> None:
    told = rule(sentence={"da": "{b} og {a} og {b:x|y}", "en": "{c}"}, as_information={"da": "{d}{a}"})
    assert placeholders(told) == ("a", "b", "c", "d")
    assert placeholders(rule(sentence={"da": "Intet.", "en": "Nothing."})) == ()


# --- the findings -------------------------------------------------------------------------------------------------------


def hit(**given: Any) -> dict[str, Any]:
    return {**{f"p_{part}": None for part in PARTS}, "p_alvor": "fejl", "w_vaerdi": given.get("p_vaerdi"), **given}


def made(*rows: Mapping[str, Any], **changes: Any) -> list[Finding]:
    return list(findings_of(rule(**changes), rows, lambda cpr: f"P{cpr[-4:]}", "visningen"))


def test_a_hit_becomes_a_finding_with_its_person_behind_a_pseudonym() -> None:
    (one,) = made(hit(p_borger=CPR, p_dst_kode="1.1", p_periode="2020K3", p_vaerdi=7, p_fil="a.csv", p_raekke=12))
    assert (one.regel, one.alvor, one.kilde, one.borger) == ("XX01", Severity.ERROR, "visningen", "P1234")
    assert (one.dst_kode, one.periode, one.vaerdi, one.fil, one.raekke) == ("1.1", "2020K3", 7, "a.csv", 12)
    assert one.besked == "Der står 7."


def test_without_a_person_there_is_no_pseudonym_and_the_source_is_the_rows_own() -> None:
    (one,) = made(hit(p_kilde="flis"))
    assert (one.borger, one.kilde, one.besked) == (None, "flis", "Der står mangler.")
    assert made(hit(p_borger=""))[0].borger is None


def test_a_hit_that_is_information_may_have_a_sentence_of_its_own() -> None:
    told = {"as_information": {"da": "Kun {vaerdi}.", "en": "Only {vaerdi}."}}
    assert [f.besked for f in made(hit(p_vaerdi=1, p_alvor="information"), **told)] == ["Kun 1."]
    assert [f.besked for f in made(hit(p_vaerdi=1, p_alvor="advarsel"), **told)] == ["Der står 1."]
    assert [f.besked for f in made(hit(p_vaerdi=1, p_alvor="information"))] == ["Der står 1."]


def test_an_id_is_that_of_what_the_finding_is_about() -> None:
    base = {
        "p_borger": CPR,
        "p_dst_kode": "1.1",
        "p_ydelse": "Y",
        "p_periode": "2020K3",
        "p_kilde": "flis",
        "p_noegle": "k",
    }
    name = made(hit(**base))[0].fund_id
    assert name.startswith("XX01-")
    assert len(name) == len("XX01-") + 12
    for part, other in (
        ("p_borger", "0101801235"),
        ("p_dst_kode", "1.2"),
        ("p_ydelse", "Z"),
        ("p_periode", "2020K4"),
        ("p_kilde", "fagsystem"),
        ("p_noegle", "l"),
    ):
        assert made(hit(**{**base, part: other}))[0].fund_id != name, part
    moved = {"p_vaerdi": 5, "p_forventet": 6, "p_fil": "b.csv", "p_raekke": 9, "p_alvor": "advarsel"}
    for field, value in moved.items():
        assert made(hit(**{**base, field: value}))[0].fund_id == name, field
    assert made(hit(**base), id="XX02")[0].fund_id.removeprefix("XX02") != name.removeprefix("XX01")


def test_parts_that_only_together_are_alike_are_told_apart() -> None:
    """A code that ends where the period begins: the parts are separated before they are hashed."""
    one = make_finding(
        rule="X", severity=Severity.ERROR, source="s", sentence={"da": ""}, facts={}, code="1.1", period="2"
    )
    two = make_finding(
        rule="X", severity=Severity.ERROR, source="s", sentence={"da": ""}, facts={}, code="1.12", period=""
    )
    assert one.fund_id != two.fund_id


def test_findings_alike_are_numbered_by_what_they_say_and_not_by_where_they_stand() -> None:
    rows = [hit(p_vaerdi=v, p_fil=f, p_raekke=r) for v, f, r in ((3, "a.csv", 1), (1, "b.csv", 2), (2, "a.csv", 9))]
    forwards, backwards = made(*rows), made(*reversed(rows))
    assert [(f.fund_id, f.vaerdi) for f in forwards] == [(f.fund_id, f.vaerdi) for f in backwards]
    assert [f.vaerdi for f in forwards] == [1, 2, 3]
    assert [f.fund_id.partition("-")[2].partition("-")[2] for f in forwards] == ["", "2", "3"]


def test_findings_alike_in_everything_are_numbered_by_file_and_row() -> None:
    rows = [hit(p_vaerdi=1, p_fil=f, p_raekke=r) for f, r in (("b.csv", 1), ("a.csv", 10), ("a.csv", 9), (None, None))]
    for order in (rows, rows[::-1]):
        assert [(f.fil, f.raekke) for f in made(*order)] == [(None, None), ("a.csv", 9), ("a.csv", 10), ("b.csv", 1)]


def test_no_part_of_a_finding_holds_a_cpr_number() -> None:
    (one,) = made(
        hit(p_dst_kode=CPR, p_ydelse=CPR, p_vaerdi=CPR, p_forventet=CPR, p_fil=f"{CPR}.csv", p_noegle=CPR, w_vaerdi=CPR)
    )
    told = [one.dst_kode, one.ydelse, one.vaerdi, one.forventet, one.fil, one.besked, *one.facts.values()]
    assert not [part for part in told if CPR in str(part)]


def test_numbers_and_days_are_kept_as_they_are() -> None:
    for value in (5, Decimal("5.00"), date(2020, 1, 1)):
        (one,) = made(hit(p_vaerdi=value, p_forventet=value, w_vaerdi=value))
        assert (one.vaerdi, one.forventet, one.facts["vaerdi"]) == (value, value, value)
    assert made(hit(w_vaerdi=[1, 2]))[0].facts["vaerdi"] == "[1, 2]"
