"""Everything a user reads is Danish by default and English with ``--lang en``, from one catalogue."""

from __future__ import annotations

import ast
import html
import os
import re
import string
import subprocess
import sys
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from textwrap import dedent

import openpyxl
import pytest
from babel.messages.catalog import Catalog
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st
from support import report_example as sample
from support.catalogue import PO, ROOT, extracted, key, merged, messages, stored, texts
from support.runs import call, working_folder

from reconcile import i18n
from reconcile.cli import click_words
from reconcile.reports.html import render_html
from reconcile.reports.xlsx import write_xlsx
from reconcile.results.rows import columns_of
from reconcile.rules.catalogue import Rule, load_rules

if os.environ.get("RECONCILE_REGENERATE"):
    PO.write_text(merged(extracted(), stored()), encoding="utf-8", newline="\n")
KNOWN = stored()
RULE_TEXTS = ("title", "sentence", "why", "remedy")

#: Danish words an English text may have: the glossary's domain words, and names of things.
DOMAIN = frozenset({"målgruppe", "målgrupper", "bopælskommune", "ressourceforløb", "øre"})
#: Words that give a Danish sentence away although they have no æ, ø or å.
GIVEAWAYS = re.compile(
    r"\b(?:og|af|er|ikke|som|eller|mangler|fejl|borgere|forskel|kilde|fra|uden|kun|advarsel|hvem|hvad)\b", re.IGNORECASE
)
DANISH_LETTERS = re.compile(r"[æøå]", re.IGNORECASE)


@cache
def source() -> Catalog:
    """What the source marks: to read all of it takes a second."""
    return extracted()


MARKS = frozenset({"_", "N_", "both"})

#: Danish words in the code that no reader sees or that are data: where they stand, and the words.
LITERALS = {
    # States in the tables; said through names.py.
    "history/accepted.py": {"ÆØÅæøå"},
    "results/followed.py": {"udløbet", "ændret"},
    "results/cases.py": {"åben"},
    "history/worked.py": {"bemærkning", "gælder til", "årsag", "nøgle"},
    "reports/labels.py": {"åben"},
    "history/since.py": {"stadig åben", "ændret", "løst"},
    "controls/redelivery.py": {"'ændret'", "ændret"},
    "controls/ottetal_people.py": {"fagsystem–økonomi"},
    "reports/page_loops.py": {"fagsystem–økonomi"},
    "reports/page_eight.py": {"fagsystem–økonomi"},
    "controls/landscape.py": {"bopælskommune"},
    "domain/canonical.py": {"beløb", "måned", "målgrupper", "et ydelsesforløb"},
    # A table of Danish words of its own.
    "cli/click_words.py": {""},
    # Words that are read in files, and letters.
    "cli/statbank.py": {"ÆØÅ"},
    "settings/document.py": {"| nøgle |"},
    "settings/mail.py": {"Økonomi <oekonomi@kommune.dk>"},
    "statbank/fetch.py": {"område"},
    "statbank/forms.py": {"løbende"},
    "domain/cpr.py": {"ÆØÅ"},
    "controls/footing_averages.py": {"årsværk", "brutto|udgift"},
    "sources/printed_layout.py": {"rækkenavne"},
    "sources/pivot_words.py": {"måned"},
    "sources/printed_table.py": {"måned|kvartal", "[a-zæøå]"},
    "results/columns.py": {"æ", "ø", "å"},
    "sources/columns.py": {
        "Beregnet udbetalingsbeløb",
        "Refusionsbeløb",
        "Medfinansieringsbeløb",
        "OMRÅDE",
        "KØN",
        "Målgrupp",
        "Funktionsområde",
    },
    "sources/convert.py": {"æ", "døgn", "måned", "år", "engangsbeløb"},
    "sources/statbank_form.py": {"område"},
    "sources/statbank_names.py": {"[a-zæøå]"},
}


def fields(text: str) -> set[tuple[str, str]]:
    """The placeholders of a text with their formats; words for one and for many are the language's own."""
    found = [(name, spec or "") for _text, name, spec, _how in string.Formatter().parse(text) if name is not None]
    return {(name, "" if "|" in spec else spec) for name, spec in found}


def danish(text: str) -> list[str]:
    """The lines of an English text that have Danish left in them."""
    wrong = []
    for line in text.splitlines():
        words = [word for word in re.findall(r"[^\W\d_]+", line) if DANISH_LETTERS.search(word)]
        if GIVEAWAYS.search(line) or any(word.lower() not in DOMAIN for word in words):
            wrong.append(line.strip())
    return wrong


def in_a_process(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python of its own: help texts are made in the language of the process that makes them first."""
    env = {name: value for name, value in os.environ.items() if name != "RECONCILE_LANG"}
    return subprocess.run(
        [sys.executable, "-c", dedent(code)],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT / "tests", env=env, check=True,
    )  # fmt: skip


def english(*arguments: str) -> str:
    """What the command line says with ``--lang en``."""
    words = [*arguments, "--lang", "en"]
    return in_a_process(
        f"""
        from reconcile.cli import main
        try: main({words})
        except SystemExit as stop: assert not stop.code
        """
    ).stdout


def test_every_string_of_the_source_has_a_translation_and_no_translation_is_left_over() -> None:
    untranslated = [key(message) for message in messages(KNOWN) if not all(texts(message))]
    assert not untranslated
    assert {key(message) for message in messages(source())} == {key(message) for message in messages(KNOWN)}


def test_the_catalogue_is_written_as_a_regeneration_would_write_it() -> None:
    assert PO.read_text(encoding="utf-8") == merged(source(), KNOWN)


def test_a_new_string_comes_in_empty_and_a_removed_one_goes_out() -> None:
    changed = extracted()
    gone = key(messages(changed)[0])
    changed.delete(gone)
    changed.add("En helt ny sætning om {emne}.")
    page = merged(changed, KNOWN)
    assert 'msgid "En helt ny sætning om {emne}."\nmsgstr ""\n' in page
    assert f'msgid "{gone}"' not in page


def test_a_translation_has_the_placeholders_and_the_layout_of_its_string() -> None:
    for message in messages(KNOWN):
        for text in texts(message):
            said = key(message)
            assert fields(text) == fields(said), said
            for sign in ("\b", "\n\n", " ", "\n"):
                assert text.startswith(sign) == said.startswith(sign), said
                assert text.endswith(sign) == said.endswith(sign), said
            assert text.count("\b") == said.count("\b"), said
            if not said.endswith(("kr.", "pct.")):
                assert text.endswith(".") == said.endswith("."), said


def test_a_translation_is_english() -> None:
    for message in messages(KNOWN):
        for text in texts(message):
            kept = re.sub(
                r"\{\w+(?:(?=:)|\})|--\w+|\[\w+\]|“[^”]*”|\b\w+ = \S+|fejl,? (?:advarsel|\(error\))", "", text
            )
            assert not danish(kept), text


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_every_rule_is_told_in_english_with_the_figures_of_the_danish_text(rule: Rule) -> None:
    for part in RULE_TEXTS:
        both = getattr(rule, part)
        assert both["en"].strip(), part
        assert both["en"] != both["da"], part
        assert fields(both["en"]) <= fields(both["da"]), part
        assert not danish(re.sub(r"\{\w+(?:(?=:)|\})|«[^»]*»", "", both["en"])), part


def test_the_help_of_every_command_is_english() -> None:
    done = in_a_process(
        """
        from reconcile.i18n import choose
        choose("en")
        from click.testing import CliRunner
        from reconcile.cli.group import reconcile
        for words in ([], *([name] for name in reconcile.commands)):
            print(CliRunner().invoke(reconcile, [*words, "-h"]).output)
        """
    )
    assert "Reconcile the fagsystem" in done.stdout
    assert not danish(re.sub(r"--\w+|\[[\w|]+\]", "", done.stdout))


def test_the_list_of_rules_is_english() -> None:
    said = english("rules")
    assert "Wrong målgruppe" in said
    assert not danish(said)


def test_a_rule_is_explained_in_english() -> None:
    said = english("rules", "VH07")
    assert "Statistics Denmark removes it" in said
    assert not danish("\n".join(line for line in said.splitlines() if not line.startswith(("Source", "Condition"))))


def test_a_mistake_is_told_in_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = working_folder(tmp_path, '[kilder.hand07]\nfiler = ["h.csv"]\n')
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020X2;1,5\n", encoding="utf-8")
    assert call("hand07", "--config", folder / "reconcile.toml", "--lang", "en") == 2
    said = capsys.readouterr().err
    assert "not a quarter; write 2020K3" in said
    assert not danish(said.replace(str(folder), ""))


def names() -> set[str]:
    """What stands in the report as it is called: ydelser, paragraphs and the sources of the definitions."""
    from reconcile.reference import rows

    told = {row["tekst"] for row in rows("ydelseskode")} | {row["ydelse"] for row in rows("yr_ydelse")}
    return told | {rule.source for rule in load_rules()} | {"Ukendt måling", "Åben uge"}  # tables nobody knows


def without_names(lines: list[str], result_texts: set[str]) -> list[str]:
    """The lines without names and without what the result of the example says itself, in Danish."""
    known = sorted({*names(), *result_texts}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, known)))
    return [pattern.sub("", line) for line in lines]


def said_by(result: object) -> set[str]:
    """Every text of a result: the example is made of Danish ones."""
    if isinstance(result, str):
        return {result} if len(result) > 3 else set()
    if isinstance(result, tuple | list):
        return set().union(*(said_by(part) for part in result))
    if is_dataclass(result) and not isinstance(result, type):
        return set().union(*(said_by(getattr(result, name)) for name in columns_of(type(result))))
    return set()


def test_the_report_is_english() -> None:
    result = sample.example()
    i18n.choose("en")
    page = render_html(result)
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    body = re.sub(r'<span class="d">(.*?)</span>', r"\1", body)  # a date in the middle of a sentence
    spoken = re.findall(r'(?:aria-label|data-label|title)="([^"]*)"', body)
    shown = [html.unescape(line) for line in (*re.sub(r"<[^>]+>", "\n", body).splitlines(), *spoken)]
    assert "Eight-figure control" in page
    assert not danish("\n".join(without_names(shown, said_by(result))))


def test_the_workbook_is_english(tmp_path: Path) -> None:
    result = sample.example()
    i18n.choose("en")
    write_xlsx(result, tmp_path / "rapport.xlsx")
    book = openpyxl.load_workbook(tmp_path / "rapport.xlsx")
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)]
    assert "What you need to do" in cells
    assert not danish("\n".join(without_names([*book.sheetnames, *cells], said_by(result))))


def test_the_language_can_stand_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECONCILE_LANG", "en")
    assert call("rules", "VH99") == 2
    assert "does not exist" in capsys.readouterr().err


def test_the_option_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECONCILE_LANG", "en")
    assert call("--lang", "da", "rules", "VH99") == 2
    assert "findes ikke" in capsys.readouterr().err


def test_an_unknown_language_in_the_environment_is_danish(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECONCILE_LANG", "tlh")
    assert call("rules", "VH99") == 2
    assert "findes ikke" in capsys.readouterr().err


def test_an_unknown_language_as_an_option_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("rules", "--lang", "tlh") == 2
    assert "tlh" in capsys.readouterr().err


def test_click_itself_speaks_danish() -> None:
    lines = [["-h"], ["hand07", "-h"], ["hand07", "--quite"], ["hand07", "--engine", "x"], ["compare"], ["findesikke"]]
    lines.append(["hand07", "--config", "."])
    done = in_a_process(
        f"""
        from reconcile.cli import main
        for line in {lines}:
            try: main(line)
            except SystemExit: pass
        """
    )
    said = done.stdout + done.stderr
    assert "Brug: reconcile hand07 [VALG]" in said
    assert not re.findall(r"Usage|Options|Commands|Show|Try|Error|Invalid|Missing|No such|default|directory", said)


def test_click_itself_speaks_english_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("hand07", "--quite", "--lang", "en") == 2
    said = capsys.readouterr().err
    assert "Error: No such option" in said


def test_a_danish_word_for_click_asks_for_nothing_click_does_not_give() -> None:
    for words, said in click_words._DANISH.items():
        assert {name for name, _spec in fields(said)} <= {name for name, _spec in fields(words)}, words


def test_one_and_many_differ_in_english_where_danish_has_one_word() -> None:
    assert i18n.both("{antal} fund") == ("{antal} fund", "{antal} fund")
    i18n.choose("en")
    assert i18n.both("{antal} fund") == ("{antal} finding", "{antal} findings")


def test_a_text_that_is_not_in_the_catalogue_is_said_as_it_is() -> None:
    i18n.choose("en")
    assert i18n._("Ikke i kataloget") == "Ikke i kataloget"


def test_amounts_and_days_follow_the_language() -> None:
    shown = (i18n.kr(Decimal("1234.5")), i18n.number(1234), i18n.day(date(2020, 7, 1)), i18n.value_text(None))
    assert shown == ("1.234,50", "1.234", "01-07-2020", "mangler")
    i18n.choose("en")
    shown = (i18n.kr(Decimal("1234.5")), i18n.number(1234), i18n.day(date(2020, 7, 1)), i18n.value_text(None))
    assert shown == ("1,234.50", "1,234", "2020-07-01", "missing")


def in_f_strings(path: Path) -> list[str]:
    """Marked strings inside an f-string, which an extraction with Python 3.11 does not see."""
    return [
        ast.unparse(call)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in MARKS
    ]


def literals(path: Path) -> set[str]:
    """String literals with æ, ø or å that are neither marked for the catalogue nor docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    marked: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
            marked |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            marked.add(id(node.value))
        if isinstance(node, ast.Dict):
            marked |= {id(name) for name in node.keys if name is not None}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in marked
        and DANISH_LETTERS.search(node.value)
    }


@pytest.mark.parametrize("path", sorted((ROOT / "reconcile").rglob("*.py")), ids=lambda path: path.name)
def test_no_marked_string_hides_in_an_f_string(path: Path) -> None:
    assert not in_f_strings(path)


@pytest.mark.parametrize("path", sorted((ROOT / "reconcile").rglob("*.py")), ids=lambda path: path.name)
def test_no_danish_literal_stands_outside_the_catalogue(path: Path) -> None:
    known = LITERALS.get(path.relative_to(ROOT / "reconcile").as_posix(), set())
    assert not [text for text in literals(path) if not any(part in text for part in known)]


@pytest.mark.parametrize("lang", ["da", "en"])
@given(amount=st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
@example(amount=Decimal("-0.001"))
@example(amount=Decimal("0.005"))
@example(amount=Decimal("1000"))
@example(amount=Decimal("1E+4"))
def test_numbers_are_written_as_babel_writes_them_with_one_minus_sign(lang: str, amount: Decimal) -> None:
    i18n.choose(lang)
    try:
        assert i18n.kr(amount) == format_decimal(amount, "#,##0.00", locale=lang).replace("-", "−")
        assert i18n.number(amount) == format_decimal(amount, "#,##0.####", locale=lang).replace("-", "−")
        assert i18n.number(int(amount)) == format_decimal(int(amount), "#,##0.####", locale=lang).replace("-", "−")
    finally:
        i18n.choose("da")
