"""From a rule to its findings: what runs, what cannot, and what a mistake looks like."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest
from support.quick import Quick, quick_worlds

from reconcile import i18n
from reconcile.controls import hand07, ottetal, postdiff, validate
from reconcile.engine.gx import Verdict
from reconcile.errors import InputError
from reconcile.results.rows import Finding, RunResult
from reconcile.rules.catalogue import Rule, load_rules
from reconcile.rules.findings import make_finding
from reconcile.rules.runner import RuleError, run_rules
from reconcile.runs.pipeline import Request, execute
from reconcile.settings.config import load_config
from reconcile.world.context import Context

ANNE = "0101501111"


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def rule(condition: str = "dst_kode = '9.9'", **changes: Any) -> Rule:
    """A rule over the courses; changes are fields of Rule."""
    blank = next(r for r in load_rules() if r.id == "VH02")
    sentence = {"da": "Koden {dst_kode} fra {start_dato}.", "en": "The code {dst_kode} from {start_dato}."}
    plain = replace(blank, id="XX01", view="forloeb", condition=condition, sentence=sentence, finding={}, columns=())
    return replace(plain, **changes)


def courses(*codes: str, **more: Any) -> list[dict[str, Any]]:
    return [{"cpr": ANNE, "dst_kode": code, "start_dato": date(2020, 1, 1), **more} for code in codes]


def world(quick: Quick, *codes: str, **options: Any) -> Context:
    return quick({"fagsystem": courses(*codes), "flis": courses(*codes)}, **options)


class TestWhatRuns:
    def test_each_source_that_is_there(self, quick: Quick) -> None:
        ran = run_rules(world(quick, "9.9", "1.1"), [rule()])
        assert [(f.kilde, f.dst_kode) for f in ran.findings] == [("fagsystem", "9.9"), ("flis", "9.9")]
        assert (ran.ran, ran.not_run) == (("XX01",), ())

    def test_a_source_without_the_column_is_named_and_the_other_is_judged(self, quick: Quick) -> None:
        context = world(quick, "9.9", lacks={"flis": ["tilbud"]})
        ran = run_rules(context, [rule(columns=("tilbud",))])
        assert [f.kilde for f in ran.findings] == ["fagsystem"]
        assert [(n.regel, n.kilde, n.grund) for n in ran.not_run] == [
            ("XX01", "flis", "kolonnen flis.tilbud mangler"),
        ]
        assert ran.ran == ("XX01",)

    def test_without_any_able_source_it_does_not_run(self, quick: Quick) -> None:
        context = world(quick, "9.9", lacks={"flis": ["tilbud"], "fagsystem": ["tilbud"]})
        ran = run_rules(context, [rule(columns=("tilbud",))])
        assert (ran.findings, ran.ran, len(ran.not_run)) == ((), (), 2)

    def test_one_of_several_columns_can_be_enough(self, quick: Quick) -> None:
        context = world(quick, "9.9", lacks={"flis": ["tilbud"], "fagsystem": ["tilbud", "afdeling"]})
        ran = run_rules(context, [rule(columns=("tilbud|afdeling",))])
        assert [f.kilde for f in ran.findings] == ["flis"]
        assert ran.not_run[0].grund == "kolonnen fagsystem.tilbud / fagsystem.afdeling mangler"

    def test_a_column_of_another_source(self, quick: Quick) -> None:
        ran = run_rules(world(quick, "9.9"), [rule(columns=("borger.doedsdato",))])
        assert {n.grund for n in ran.not_run} == {"kolonnen borger.doedsdato mangler"}

    def test_a_rule_without_sources_judges_the_whole_view(self, quick: Quick) -> None:
        ran = run_rules(world(quick, "9.9"), [rule(sources=()), rule(sources=(), id="XX02", columns=("yr.uge",))])
        assert len(ran.findings) == 2
        assert [(n.regel, n.kilde) for n in ran.not_run] == [("XX02", "yr")]

    def test_a_rule_its_control_judges_itself_is_left_alone(self, quick: Quick) -> None:
        assert run_rules(world(quick, "9.9"), [rule("")]).ran == ()

    def test_a_house_rule_runs_only_when_it_is_named(self, quick: Quick) -> None:
        own = rule(house_rule=True)
        assert run_rules(world(quick, "9.9"), [own]).ran == ()
        assert run_rules(world(quick, "9.9", regler={"husregler": ["XX01"]}), [own]).ran == ("XX01",)

    def test_options_stand_in_conditions_as_names(self, quick: Quick) -> None:
        context = world(quick, "9.9", regler={"pris_k": "7"})
        assert len(run_rules(context, [rule("$pris_k = 7 AND kilde = 'flis'")]).findings) == 1
        assert not run_rules(context, [rule("$pris_k = 8")]).findings

    def test_more_than_two_hundred_hits_are_all_returned(self, quick: Quick) -> None:
        context = quick({"fagsystem": courses(*["9.9"] * 250)})
        findings = run_rules(context, [rule()]).findings
        assert len(findings) == 250
        assert len({f.fund_id for f in findings}) == 250


class TestOwnFolder:
    """Rules of the municipality's own folder, through the controls."""

    def write(self, folder: Path, view: str, condition: str) -> None:
        text = "Tekst." if view == "hand07_celle" else "Tekst {cpr}."
        texts = {name: {"da": text} for name in ("titel", "saetning", "hvorfor", "goer")}
        meta = {"regel": "HUS1", "alvor": "advarsel", **texts, "hvem": "fagsystem", "kilde": "egen definition"}
        entry = {"kwargs": {"condition": condition}, "severity": "warning", "meta": meta}
        suite = {"name": view, "meta": {"view": view}, "expectations": [entry]}
        (folder / "egne.json").write_text(json.dumps(suite), encoding="utf-8")

    @pytest.mark.parametrize(
        ("control", "view", "condition"),
        [
            (validate, "vh_forloeb", "dst_kode = '1.1'"),
            (validate, "forloeb", "dst_kode = '1.1'"),
            (validate, "fagsystem", "dst_kode = '1.1'"),
            (hand07, "bro_r2", "dst_kode = '1.1'"),
            (hand07, "hand07_celle", "dst_kode = '1.1' AND periode = '2020K1'"),
            (ottetal, "kvartal_person", "dst_kode = '1.1' AND periode = '2020K1'"),
            (postdiff, "postdiff_noegle", "dst_kode = '1.1' AND kilde = 'flis'"),
        ],
    )
    def test_off_until_it_is_named(
        self, quick: Quick, tmp_path: Path, control: ModuleType, view: str, condition: str
    ) -> None:
        self.write(tmp_path, view, condition)
        rows = {"fagsystem": courses("1.1", "1.4")}
        if control is postdiff:
            rows["flis"] = rows["fagsystem"]
        result = control.run(replace(quick(rows), own_rules=tmp_path))
        assert "HUS1" not in result.rules_run
        result = control.run(replace(quick(rows, regler={"husregler": ["HUS1"]}), own_rules=tmp_path))
        assert "HUS1" in result.rules_run
        (finding,) = [f for f in result.findings if f.regel == "HUS1"]
        assert finding.besked == ("Tekst." if view == "hand07_celle" else "Tekst xxxxxx-xxxx.")

    def test_an_unknown_one_stops_the_run(self, tmp_path: Path) -> None:
        toml = '[kommune]\nkode = "665"\n[kilder.hand07]\nfiler = ["h.csv"]\n[regler]\nhusregler = ["HUS9"]\n'
        (tmp_path / "reconcile.toml").write_text(toml, encoding="utf-8")
        (tmp_path / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;3\n", encoding="utf-8")
        request = Request("hand07", load_config(tmp_path / "reconcile.toml"))
        with pytest.raises(InputError, match="HUS9"):
            execute(request, datetime(2021, 6, 1))


class TestNoneIsForgotten:
    """Every rule that is switched on is run or named in ``ikke_koert``."""

    def run(self, folder: Path, command: str, *views: str) -> RunResult:
        texts = {name: {"da": "Tekst."} for name in ("titel", "saetning", "hvorfor", "goer")}
        (folder / "expectations").mkdir()
        for view in views:
            meta = {"regel": f"HUS_{view}", "alvor": "advarsel", **texts, "hvem": "fagsystem", "kilde": "egen"}
            entry = {"kwargs": {"condition": "true"}, "severity": "warning", "meta": meta}
            suite = {"name": view, "meta": {"view": view}, "expectations": [entry]}
            (folder / "expectations" / f"{view}.json").write_text(json.dumps(suite), encoding="utf-8")
        toml = '[kommune]\nkode = "665"\n[kilder.hand07]\nfiler = ["h.csv"]\n[regler]\nhusregler = %s\n'
        named = json.dumps([f"HUS_{view}" for view in views])
        (folder / "reconcile.toml").write_text(toml % named, encoding="utf-8")
        (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;3\n", encoding="utf-8")
        return execute(Request(command, load_config(folder / "reconcile.toml")), datetime(2021, 6, 1))[0]

    def test_house_rules_whose_view_the_run_does_not_make(self, tmp_path: Path) -> None:
        result = self.run(tmp_path, "hand07", "hand07_celle", "yr_taeller", "kvartal_person", "hand07")
        told = {item.regel: (item.kilde, item.grund) for item in result.not_run if item.regel.startswith("HUS")}
        assert told == {
            "HUS_yr_taeller": ("yr_taeller", "visningen yr_taeller er ikke med"),
            "HUS_kvartal_person": ("kvartal_person", "visningen kvartal_person er ikke med"),
            "HUS_hand07": ("hand07", "visningen hand07 er ikke med"),
        }
        assert [f.regel for f in result.findings] == ["HUS_hand07_celle"]

    def test_a_run_of_everything_accounts_for_every_rule(self, tmp_path: Path) -> None:
        result = self.run(tmp_path, "run")
        assert {item.regel for item in result.not_run} | set(result.rules_run) == {r.id for r in load_rules()}
        assert ("YR01", "yr", "kontrollen yr er ikke kørt") in {(n.regel, n.kilde, n.grund) for n in result.not_run}


class TestMistakes:
    def failing(self, context: Context, wrong: Rule) -> str:
        with pytest.raises(RuleError) as caught:
            run_rules(context, [wrong])
        assert "XX01" in str(caught.value)
        return str(caught.value)

    @pytest.mark.parametrize(
        "finding", [{"vaerdi": "findes_ikke"}, {"vaerdi": "CAST('x' || cpr AS INTEGER)"}], ids=["binder", "cast"]
    )
    def test_an_error_in_the_query_of_hits_names_the_rule_and_no_value(
        self, quick: Quick, finding: dict[str, str]
    ) -> None:
        text = self.failing(world(quick, "9.9"), rule(finding=finding))
        assert ANNE not in text
        assert "husregler" not in text

    def test_a_house_rules_error_says_what_to_do(self, quick: Quick) -> None:
        context = world(quick, "9.9", regler={"husregler": ["XX01"]})
        wrong: dict[str, Any] = {"condition": "dts_kode = '9.9'", "finding": {"vaerdi": "slut_datoo"}}
        with pytest.raises(InputError) as caught:
            run_rules(context, [rule(**wrong, house_rule=True, file="egne.json")])
        assert str(caught.value).splitlines()[1:] == [
            "  · egne.json: reglen XX01 kan ikke bruges: «condition» nævner kolonnen dts_kode, som forloeb ikke har."
            " Mente du «dst_kode»?",
            "  · egne.json: reglen XX01 kan ikke bruges: «fund.vaerdi» nævner kolonnen slut_datoo, som forloeb ikke har."
            " Mente du «slut_dato»?",
        ]

    @pytest.mark.parametrize(
        ("condition", "reason"),
        [
            ("start_dato >", "kan ikke læses som SQL"),
            ("findes_ikke(start_dato)", "funktionen findes_ikke"),
            ("forloeb2.start_dato IS NULL", "forloeb2"),
            ("sum(dst_kode) > 1", "«condition»"),
            ("CAST('x' || cpr AS INTEGER) = 1", "omsætter en værdi"),
            ("start_dato = 7", "omsætter en værdi"),
        ],
    )
    def test_no_mistake_of_a_house_rule_shows_sql_or_a_value(self, quick: Quick, condition: str, reason: str) -> None:
        context = world(quick, "9.9", regler={"husregler": ["XX01"]})
        with pytest.raises(InputError) as caught:
            run_rules(context, [rule(condition, house_rule=True)])
        assert reason in str(caught.value)
        assert not any(sign in str(caught.value) for sign in ("SELECT", "Error", "LINE", ANNE, "CAST"))

    def test_one_condition_that_cannot_be_worked_out_is_named_among_those_of_its_view(self, quick: Quick) -> None:
        """Three rules of a view are read together; where that fails each reads the view by itself."""
        right = [rule(id="XX01"), rule("dst_kode = '1.1'", id="XX02")]
        wrong = rule("CAST('x' || cpr AS INTEGER) = 1", id="XX03")
        context = world(quick, "9.9")
        with pytest.raises(RuleError) as caught:
            run_rules(context, [*right, wrong])
        assert "XX03" in str(caught.value)
        assert ANNE not in str(caught.value)
        found = run_rules(context, [*right, rule(id="XX04")]).findings
        assert {finding.regel for finding in found} == {"XX01", "XX04"}
        assert not [name for name in context.engine.names() if name.startswith("ramt_")]

    @pytest.mark.parametrize("verdict", [Verdict(False, 3, None), Verdict(False, 0, "Binder Error")])
    def test_a_verdict_that_does_not_fit_the_rows_is_an_error(self, quick: Quick, verdict: Verdict) -> None:
        with mock.patch("reconcile.rules.runner.judge", return_value={"XX01": verdict}):
            self.failing(world(quick, "9.9"), rule())


class TestFindings:
    def findings(self, quick: Quick, rows: Sequence[dict[str, Any]], **changes: Any) -> tuple[Finding, ...]:
        return run_rules(quick({"fagsystem": rows}), [rule("true", **changes)]).findings

    def test_the_parts_come_from_fund_else_from_the_view(self, quick: Quick) -> None:
        parts = {"vaerdi": "slut_dato", "forventet": "2", "periode": "'2020K1'", "ydelse": "tilbud"}
        row = {**courses("1.1")[0], "slut_dato": date(2020, 2, 1), "tilbud": "x", "fil": "f.csv", "raekke": 7}
        (finding,) = self.findings(quick, [row], finding=parts)
        assert (finding.regel, finding.kilde, finding.dst_kode, finding.borger) == (
            "XX01",
            "fagsystem",
            "1.1",
            "P-1111051010",
        )
        assert (finding.vaerdi, finding.forventet, finding.periode) == (date(2020, 2, 1), 2, "2020K1")
        assert (finding.ydelse, finding.fil, finding.raekke) == ("x", "f.csv", 7)
        assert finding.besked == "Koden 1.1 fra 01-01-2020."

    def test_severity_can_be_decided_row_by_row(self, quick: Quick) -> None:
        how = "CASE WHEN dst_kode = '1.1' THEN 'information' ELSE 'advarsel' END"
        findings = self.findings(quick, courses("1.1", "1.4"), severity_sql=how)
        assert {f.dst_kode: f.alvor for f in findings} == {"1.1": "information", "1.4": "advarsel"}

    def test_findings_alike_are_numbered_by_what_they_say(self, quick: Quick) -> None:
        rows = [{**courses("1.1")[0], "tilbud": tilbud} for tilbud in "bca"]
        found = [self.findings(quick, order, finding={"vaerdi": "tilbud"}) for order in (rows, rows[::-1])]
        texts = [{f.fund_id: f.vaerdi for f in findings} for findings in found]
        assert texts[0] == texts[1]
        assert sorted(fund_id.count("-") for fund_id in texts[0]) == [1, 2, 2]

    def test_two_findings_of_one_identity_keep_their_ids_in_english(self, quick: Quick) -> None:
        """In Danish the first course's sentence comes first, in English the other's."""
        rows = [
            {**courses("1.1")[0], "slut_dato": day, "tilbud": tilbud}
            for day, tilbud in ((date(2020, 3, 1), "b"), (date(2020, 11, 2), "a"))
        ]
        sentence = {"da": "Slutter {slut_dato}: {tilbud}.", "en": "Tilbud {tilbud} ends {slut_dato}."}
        found = self.findings(quick, rows, sentence=sentence)
        i18n.choose("en")
        try:
            english = self.findings(quick, rows, sentence=sentence)
            assert {f.besked for f in found} == {"Tilbud a ends 2020-11-02.", "Tilbud b ends 2020-03-01."}
        finally:
            i18n.choose("da")
        assert {f.besked for f in found} == {"Slutter 02-11-2020: a.", "Slutter 01-03-2020: b."}
        assert [(f.fund_id, f.facts) for f in found] == [(f.fund_id, f.facts) for f in english]

    def test_a_text_among_the_facts_is_masked_and_a_missing_one_is_said(self, quick: Quick) -> None:
        rows = [{**courses("1.1")[0], "tilbud": f"hos {ANNE}"}]
        sentence = {"da": "{tilbud}, {afdeling}, {slut_dato:tom}."}
        (finding,) = self.findings(quick, rows, sentence=sentence)
        assert finding.facts == {"tilbud": "hos xxxxxx-xxxx", "afdeling": None, "slut_dato": None}
        assert finding.besked == "hos xxxxxx-xxxx, mangler, tom."

    def test_an_id_does_not_follow_size_place_or_wording(self) -> None:
        def made(**changes: Any) -> str:
            parts: dict[str, Any] = {
                "sentence": {"da": "a"},
                "facts": {},
                "person": "P",
                "code": "1.1",
                "period": "2020K1",
                "key": "k",
            }
            severity = rule().severity
            return make_finding(rule="XX01", severity=severity, source="flis", **{**parts, **changes}).fund_id

        assert made(value=3, expected=4, sentence={"da": "b"}, facts={"x": 1}, file="f", row=9) == made()
        changes = {"person": "Q", "code": "1.4", "period": "2020K2", "key": "l", "ydelse": "y"}
        ids = {made(**{name: value}) for name, value in changes.items()}
        assert len(ids | {made()}) == 6
        assert made().startswith("XX01-")
