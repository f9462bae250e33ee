"""Nothing a user can meet is undocumented: commands, rules, configuration keys, sources and statuses."""

from __future__ import annotations

import os
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from reconcile.cli.group import reconcile
from reconcile.domain.canonical import TABLES
from reconcile.results.rows import Status
from reconcile.rules.catalogue import Rule, load_rules
from reconcile.settings import document
from reconcile.settings.config import Regler
from reconcile.settings.mail import Mail

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "brugervejledning.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rule_page() -> str:
    """docs/regler.md, made from the catalogue."""
    lines = [
        "# Regler",
        "",
        "Denne side er lavet af `expectations/`; ret den dér. `reconcile rules VH07` viser det samme.",
        "",
        "| regel | alvor | hvad | siger | gør | kilde |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_row(rule) for rule in load_rules())]) + "\n"


def _row(rule: Rule) -> str:
    cells = (rule.id, rule.severity, rule.title["da"], rule.sentence["da"], rule.remedy["da"], rule.source)
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def test_the_rule_page_is_the_catalogue() -> None:
    page = ROOT / "docs" / "regler.md"
    if os.environ.get("RECONCILE_REGENERATE"):
        page.write_text(rule_page(), encoding="utf-8", newline="\n")
    assert page.read_text(encoding="utf-8") == rule_page()


@pytest.mark.parametrize("command", sorted(reconcile.commands))
def test_every_command_stands_in_the_guide_and_in_the_readme(command: str) -> None:
    assert f"`reconcile {command}`" in GUIDE
    assert f"`reconcile {command}`" in README


@pytest.mark.parametrize("command", sorted(reconcile.commands))
def test_every_command_has_help_and_every_option_of_it_a_text(command: str) -> None:
    result = CliRunner().invoke(reconcile, [command, "-h"])
    assert result.exit_code == 0
    for parameter in reconcile.commands[command].params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), parameter.name


def test_every_configuration_key_says_what_it_means() -> None:
    assert document.undescribed() == []


def test_the_guides_table_of_keys_is_made_from_the_models() -> None:
    path = ROOT / "docs" / "brugervejledning.md"
    start = "<!-- lavet af reconcile/settings; ret nøglerne dér -->\n"
    before, _mark, rest = path.read_text(encoding="utf-8").partition(start)
    table, _end, after = rest.partition("<!-- slut -->")
    if os.environ.get("RECONCILE_REGENERATE"):
        table = document.guide_table()
        path.write_text(f"{before}{start}{table}<!-- slut -->{after}", encoding="utf-8", newline="\n")
    assert table == document.guide_table()


def test_the_template_is_made_from_the_models() -> None:
    path = ROOT / "reports" / "templates" / "reconcile.toml"
    if os.environ.get("RECONCILE_REGENERATE"):
        path.write_text(document.template(), encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == document.template()


def test_the_template_is_a_configuration_of_nothing_but_defaults() -> None:
    text = document.template()
    template = tomllib.loads(text)
    # The limit of a week stands as a comment: written out, it would go before the dated reference data.
    assert set(Regler.model_fields) - set(template["regler"]) == {"ugegraense"}
    assert Regler.model_validate(template["regler"]) == Regler()
    switched_on = tomllib.loads(re.sub(r"^# (?=\[(?:kilder|mail|database)|[a-z_]+ = )", "", text, flags=re.MULTILINE))
    assert set(switched_on["kilder"]) <= set(TABLES)
    assert Regler.model_validate(switched_on["regler"]).ugegraense == Decimal("10000.00")
    assert set(Mail.model_validate(switched_on["mail"]).model_fields_set) == set(Mail.model_fields)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_source_and_column_stands_in_the_guide(table: object) -> None:
    row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{table.name}` |"))  # type: ignore[attr-defined]
    if "som `" not in row:
        for column in table.names:  # type: ignore[attr-defined]
            assert f"`{column}`" in row


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_explained_in_the_guide(status: Status) -> None:
    assert f"| `{status}` |" in GUIDE


@pytest.mark.parametrize("table", ["yr_uge", "yr_maal", "yr_trappe", "yr_forloeb", "yr_regnskab"])
def test_every_table_of_ydelsesrefusion_is_explained_in_the_guide(table: str) -> None:
    assert f"| `{table}` |" in GUIDE


def test_every_option_of_footing_stands_in_the_guide() -> None:
    section = GUIDE.split("### Fodkontrol")[1].split("\n### ")[0]
    for parameter in reconcile.commands["footing"].params:
        if parameter.param_type_name == "option" and "--lang" not in parameter.opts:
            assert any(name in section for name in parameter.opts)


def test_the_readme_quick_start_has_exactly_two_fenced_commands() -> None:
    section = README.split("## Quick start")[1].split("\n## ")[0]
    assert len(re.findall(r"^```", section, re.MULTILINE)) == 4


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for page in folder.glob("0*.md"):
        assert page.name in index


def test_every_decision_has_a_status_a_date_and_the_alternatives() -> None:
    for page in (ROOT / "docs" / "decisions").glob("0*.md"):
        said = page.read_text(encoding="utf-8")
        assert re.search(r"^Status: \w+.* · Date: \d{4}-\d\d-\d\d · Alternatives: .{10,}", said, re.MULTILINE), (
            page.name
        )


def test_every_file_that_the_architecture_names_is_there() -> None:
    said = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:reconcile|tests|docs|reports|benchmarks|expectations)/[\w/.]*)`", said):
        assert (ROOT / name).exists(), name
