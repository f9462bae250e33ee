"""Nothing a user can meet is undocumented: commands, rules, configuration keys, sources and statuses."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from reconcile.cli.group import reconcile
from reconcile.domain.canonical import TABLES
from reconcile.results.rows import Status
from reconcile.rules.catalogue import Rule, load_rules
from reconcile.settings.config import Godkendelse, Kilde, Kommune, Noegle, Regler, Statbank
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


def test_every_configuration_key_stands_in_the_guide_with_its_default() -> None:
    sections = {"regler": Regler, "godkendelse": Godkendelse, "noegle": Noegle, "kommune": Kommune}
    sections |= {"statbank": Statbank, "mail": Mail}
    for section, model in sections.items():
        for key in model.model_fields:
            assert f"| `{section}.{key}` |" in GUIDE
    for key in Kilde.model_fields:
        assert f"| `kilder.<navn>.{key}` |" in GUIDE


def test_the_defaults_of_the_template_are_the_defaults_of_the_code() -> None:
    import tomllib

    text = (ROOT / "reports" / "templates" / "reconcile.toml").read_text(encoding="utf-8")
    template = tomllib.loads(text)
    # The limit of a week stands as a comment: written out, it would go before the dated reference data.
    assert set(Regler.model_fields) - set(template["regler"]) == {"ugegraense"}
    template = tomllib.loads(text.replace("# ugegraense", "ugegraense"))
    assert Regler.model_validate(template["regler"]) == Regler()
    assert set(template["regler"]) == set(Regler.model_fields)
    assert Statbank.model_validate(template["statbank"]) == Statbank()
    assert set(template["statbank"]) == set(Statbank.model_fields)


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
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert parameter.opts[0] in section


def test_the_readme_quick_start_has_exactly_two_fenced_commands() -> None:
    section = README.split("## Quick start")[1].split("\n## ")[0]
    assert len(re.findall(r"^```", section, re.MULTILINE)) == 4


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for page in folder.glob("0*.md"):
        assert page.name in index
