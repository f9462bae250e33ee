"""The catalogue: every shipped rule is whole, and a mistake in a suite is named."""

from __future__ import annotations

import csv
import json
import re
import string
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.quick import Quick, quick_worlds

from reconcile.controls import disponering, hand07, ottetal, postdiff, regnskab, validate, yr
from reconcile.domain.canonical import TABLES
from reconcile.errors import InputError
from reconcile.resources import EXPECTATIONS, REFERENCE
from reconcile.results.rows import Severity
from reconcile.rules.catalogue import Rule, check_house_rules, load_rules, read_suite, rules_hash, rules_of
from reconcile.rules.findings import hits_query
from reconcile.rules.groups import groups
from reconcile.rules.stock import TYPES

CONTRACT = [
    f"{group}{n:02d}"
    for group, last in (("VH", 18), ("OE", 9), ("FL", 4), ("YR", 20), ("UD", 9), ("DI", 7))
    for n in range(1, last + 1)
]
GRAVE = {"VH01", "VH02", "VH03", "VH18", "OE01", "OE03", "OE05", "UD01", "UD02", "UD03", "UD07", "UD08", "UD09"} | {
    f"YR{n:02d}" for n in (1, 2, 3, 4, 6, 9, 10, 11, 16, 19, 20)
}
INFORMATION = {"VH07", "VH13", "VH14", "VH16", "YR15", "OE08", "DI07"}


@pytest.fixture(scope="module")
def empty() -> Iterator[Quick]:
    """An empty world in which every control has made its views."""
    with quick_worlds() as quick:
        context = quick({name: [] for name in TABLES})
        for control in (validate, hand07, ottetal, regnskab, postdiff, disponering, yr):
            control.run(context)
        yield quick


def entry(**meta: Any) -> dict[str, Any]:
    """A rule that is as it should be, with changes to its meta."""
    texts = {name: {"da": "Tekst.", "en": "Text."} for name in ("titel", "saetning", "hvorfor", "goer")}
    whole = {"regel": "XX01", "alvor": "advarsel", **texts, "hvem": "fagsystem", "kilde": "egen definition"}
    kwargs = {"condition": "dst_kode = '1.1'"}
    return {
        "type": "unexpected_rows_expectation",
        "kwargs": kwargs,
        "severity": "warning",
        "meta": {name: value for name, value in {**whole, **meta}.items() if value is not None},
    }


def write(folder: Path, *entries: Any, name: str = "egne", view: str = "forloeb") -> Path:
    """A suite over forloeb."""
    path = folder / f"{name}.json"
    suite = {"name": name, "meta": {"view": view}, "expectations": list(entries)}
    path.write_text(json.dumps(suite), encoding="utf-8")
    return path


class TestShipped:
    def test_every_rule_of_the_contract_is_listed_and_no_other(self) -> None:
        assert [rule.id for rule in load_rules()] == sorted(CONTRACT)

    def test_how_grave_each_is(self) -> None:
        for rule in load_rules():
            if rule.id in GRAVE:
                assert rule.severity is Severity.ERROR, rule.id
            else:
                assert rule.severity is (Severity.INFORMATION if rule.id in INFORMATION else Severity.WARNING), rule.id

    @pytest.mark.parametrize("part", ["title", "sentence", "why", "remedy"])
    def test_every_text_is_there_in_both_languages(self, part: str) -> None:
        for rule in load_rules():
            texts: Mapping[str, str] = getattr(rule, part)
            assert set(texts) == {"da", "en"}, rule.id
            assert all(text.strip() for text in texts.values()), rule.id
            assert texts["da"] != texts["en"], rule.id

    def test_both_languages_name_the_same_columns(self) -> None:
        def names(text: str) -> set[str]:
            return {name for _, name, _, _ in string.Formatter().parse(text) if name}

        for rule in load_rules():
            assert names(rule.sentence["da"]) == names(rule.sentence["en"]), rule.id

    def test_who_and_source_are_said_and_no_local_path_is(self) -> None:
        for rule in load_rules():
            assert rule.who, rule.id
            assert rule.source, rule.id
            assert not any(sign in json.dumps(rule.entry, ensure_ascii=False) for sign in ("/work", "shared/", "C:\\"))

    def test_no_shipped_rule_is_a_house_rule(self) -> None:
        assert not [rule.id for rule in load_rules() if rule.house_rule]

    def test_the_columns_a_rule_needs_exist(self) -> None:
        for rule in load_rules():
            for name in (n for column in rule.columns for n in column.split("|")):
                sources = [name.split(".")[0]] if "." in name else (rule.sources or ())
                assert sources, f"{rule.id}: {name}"
                for source in sources:
                    assert name.split(".")[-1] in TABLES[source].names, f"{rule.id}: {source}.{name}"

    @pytest.mark.parametrize("rule", [r for r in load_rules() if r.condition], ids=lambda rule: rule.id)
    def test_its_query_runs_on_an_empty_world(self, empty: Quick, rule: Rule) -> None:
        """A sentence, a key or a condition that names a column the view lacks fails here."""
        query = hits_query(rule, empty.engine.columns(rule.view), empty.engine.fill(rule.condition))
        assert list(empty.engine.records(query)) == []

    def test_every_suite_is_of_the_types_it_says(self) -> None:
        for path in sorted(EXPECTATIONS.glob("*.json")):
            suite = json.loads(path.read_text(encoding="utf-8"))
            assert suite["name"] == path.stem
            assert {e["type"] for e in suite["expectations"]} <= set(TYPES)

    def test_what_every_rule_of_a_suite_says_alike_stands_once(self) -> None:
        for path in sorted(EXPECTATIONS.glob("*.json")):
            entries = [e["meta"] for e in json.loads(path.read_text(encoding="utf-8"))["expectations"]]
            alike = {name for name in entries[0] if all(name in e and e[name] == entries[0][name] for e in entries)}
            assert len(entries) == 1 or not alike, path.name

    def test_a_severity_is_said_once(self) -> None:
        """``severity`` of Great Expectations; ``alvor`` is what a rule of before said it with."""
        assert [rule.id for rule in load_rules() if "alvor" in rule.entry["meta"]] == []

    def test_every_view_belongs_to_a_group_that_a_control_runs(self) -> None:
        """A rule over a view nobody asks for would be listed and never judged."""
        served = {"validate", "faelles", "hand07", "ottetal", "postdiff", "yr", "yr_forloeb", "genlevering", "regnskab"}
        served |= {"disponering"}
        assert set(groups().values()) == served | {"noegletal", "yr_fordelt"}  # whose tables no rule is judged over yet
        assert {rule.id for group in served for rule in rules_of(group)} == {rule.id for rule in load_rules()}

    def test_every_suite_loads_in_great_expectations_as_it_is(self) -> None:
        from great_expectations import ExpectationSuite

        for path in sorted(EXPECTATIONS.glob("*.json")):
            told = json.loads(path.read_text(encoding="utf-8"))
            suite = ExpectationSuite(**told)
            assert [e.meta["regel"] for e in suite.expectations] == [e["meta"]["regel"] for e in told["expectations"]]
            assert [e.severity.value for e in suite.expectations] == [e["severity"] for e in told["expectations"]]


class TestMistakes:
    def reason(self, path: Path, **how: Any) -> str:
        with pytest.raises(InputError) as caught:
            read_suite(path, **how)
        return str(caught.value)

    def test_a_whole_rule_is_read(self, tmp_path: Path) -> None:
        (rule,) = read_suite(write(tmp_path, entry()))
        assert (rule.id, rule.view, rule.severity, rule.house_rule) == ("XX01", "forloeb", "advarsel", False)

    def test_bad_json(self, tmp_path: Path) -> None:
        path = tmp_path / "egne.json"
        path.write_text('{"name": ', encoding="utf-8")
        assert "egne.json" in self.reason(path)
        assert "JSON" in self.reason(path)

    @pytest.mark.parametrize("text", ["[]", "{}", "7", '{"expectations": null}'])
    def test_json_that_is_no_suite(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "egne.json"
        path.write_text(text, encoding="utf-8")
        assert "expectations" in self.reason(path)

    @pytest.mark.parametrize("field", ["regel", "titel", "saetning", "hvorfor", "goer", "hvem", "kilde"])
    def test_a_field_that_is_missing_is_named(self, tmp_path: Path, field: str) -> None:
        reason = self.reason(write(tmp_path, entry(**{field: None})))
        assert f"'{field}'" in reason
        assert ("nr. 1" if field == "regel" else "XX01") in reason

    @pytest.mark.parametrize("wrong", [7, "tekst", [], {"meta": 3}, None])
    def test_an_entry_that_is_no_rule(self, tmp_path: Path, wrong: Any) -> None:
        assert "nr. 2" in self.reason(write(tmp_path, entry(), wrong))

    def test_an_unknown_field_is_named(self, tmp_path: Path) -> None:
        assert "alvorr" in self.reason(write(tmp_path, entry(alvorr="fejl")))

    def test_severities_that_differ(self, tmp_path: Path) -> None:
        assert "severity" in self.reason(write(tmp_path, entry(alvor="fejl")))
        assert "severity" in self.reason(write(tmp_path, {**entry(), "severity": "bad"}))

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"kolonner": ["fagsystem.slut_datoo"]}, "kolonnen slut_datoo findes ikke. Mente du «slut_dato»?"),
            ({"kolonner": ["fagsystm.cpr"]}, "kilden fagsystm findes ikke. Mente du «fagsystem»?"),
            ({"kolonner": ["slut_dato"]}, "kolonnen slut_dato skal have sin kilde foran"),
            ({"kolonner": ["slut_dato|slutdato"], "kilder": ["flis"]}, "kolonnen slutdato findes ikke."),
            ({"kilder": ["flis_"]}, "kilden flis_ findes ikke. Mente du «flis»?"),
            ({"fund": {"verdi": "1"}}, "delen af et fund verdi findes ikke. Mente du «vaerdi»?"),
        ],
    )
    def test_a_name_that_does_not_exist(self, tmp_path: Path, wrong: dict[str, Any], reason: str) -> None:
        assert reason in self.reason(write(tmp_path, entry(**wrong)))

    def test_a_view_or_a_type_that_does_not_exist(self, tmp_path: Path) -> None:
        path = write(tmp_path, entry(), view="kvartal_persn")
        assert "egne.json: reglen XX01" in self.reason(path)
        assert "visningen kvartal_persn findes ikke. Mente du «kvartal_person»?" in self.reason(path)
        path = write(tmp_path, {**entry(), "kwargs": {"unexpected_rows_query": "DELETE FROM {batch}"}})
        assert "skal begynde med SELECT * FROM {batch} WHERE" in self.reason(path)
        path = write(tmp_path, {**entry(), "type": "unexpected_row_expectation"})
        assert "Mente du «unexpected_rows_expectation»?" in self.reason(path)

    @pytest.mark.parametrize(
        "sentence", [{"en": "Only English."}, {"da": ""}, "Tekst.", {"da": "{"}, {"da": "{}"}, {"da": "{0}"}]
    )
    def test_a_sentence_that_cannot_be_said(self, tmp_path: Path, sentence: Any) -> None:
        assert "saetning" in self.reason(write(tmp_path, entry(saetning=sentence)))

    def test_two_rules_of_one_id(self, tmp_path: Path) -> None:
        write(tmp_path, entry(), name="a")
        write(tmp_path, entry(), name="b")
        with pytest.raises(InputError, match="XX01 findes to gange"):
            load_rules(tmp_path)

    def test_an_own_rule_may_not_take_a_shipped_id(self, tmp_path: Path) -> None:
        write(tmp_path, entry(regel="VH01"))
        with pytest.raises(InputError, match="VH01 findes to gange"):
            load_rules(tmp_path)

    def test_an_own_rule_must_have_a_condition(self, tmp_path: Path) -> None:
        path = write(tmp_path, {**entry(), "kwargs": {}})
        assert "condition" in self.reason(path, own=True)


class TestHouseRules:
    def test_a_rule_of_the_own_folder_is_a_house_rule(self, tmp_path: Path) -> None:
        write(tmp_path, entry())
        assert [rule.id for rule in load_rules(tmp_path) if rule.house_rule] == ["XX01"]

    def test_known_house_rules_may_be_named(self, tmp_path: Path) -> None:
        write(tmp_path, entry())
        check_house_rules(load_rules(tmp_path), ["XX01"])
        check_house_rules(load_rules(tmp_path), [])

    def test_unknown_ones_are_all_named_with_a_suggestion(self, tmp_path: Path) -> None:
        write(tmp_path, entry(regel="HUS_ENS"))
        with pytest.raises(InputError) as caught:
            check_house_rules(load_rules(tmp_path), ["HUS_ENSS", "ZZ"])
        assert "HUS_ENSS" in str(caught.value)
        assert "Mente du «HUS_ENS»?" in str(caught.value)
        assert "ZZ" in str(caught.value)

    def test_a_shipped_rule_cannot_be_switched_on(self) -> None:
        with pytest.raises(InputError, match="VH01 er ikke en husregel"):
            check_house_rules(load_rules(), ["VH01"])


def test_the_hash_follows_the_rules(tmp_path: Path) -> None:
    write(tmp_path, entry())
    first = rules_hash(read_suite(tmp_path / "egne.json"))
    assert rules_hash(read_suite(tmp_path / "egne.json")) == first
    write(tmp_path, entry(hvem="økonomi"))
    assert rules_hash(read_suite(tmp_path / "egne.json")) != first


def test_no_text_says_a_number_that_is_dated_reference_data() -> None:
    """The limit of a week and the weeks that reset the counter change with the law: a sentence takes them from the view."""
    with (REFERENCE / "yr_regel.csv").open(encoding="utf-8", newline="") as file:
        numbers = {int(Decimal(row["vaerdi"])) for row in csv.DictReader(file, delimiter=";")}
    forms = {form for n in numbers for form in (f"{n}", f"{n:,}", f"{n:,}".replace(",", "."))}
    assert {"52", "156", "10.000"} <= forms
    said = re.compile(rf"(?<![\d.,])({'|'.join(map(re.escape, sorted(forms)))})(?![\d]|[.,]\d)")
    texts = [
        (r.id, text) for r in load_rules() for part in (r.title, r.sentence, r.why, r.remedy) for text in part.values()
    ]
    assert [(rule, text) for rule, text in texts if said.search(text)] == []
