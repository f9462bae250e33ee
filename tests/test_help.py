"""`--help`: grouped by when a command is used, with examples that can be typed, nothing cut, and completion by Tab."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click import shell_completion
from click.testing import CliRunner

from reconcile import i18n
from reconcile.cli.group import reconcile
from reconcile.cli.help_page import GROUPS, PAGES

#: Every command and subcommand, as it is typed.
COMMANDS = [
    [name, *inner]
    for name, command in sorted(reconcile.commands.items())
    for inner in ([], *([[sub] for sub in command.commands] if isinstance(command, click.Group) else []))
]

#: The heading of the examples; a terminal wraps what stands below it, so that it can be copied whole.
EXAMPLES = re.compile(r"^Eksemp(?:el|ler):$", re.MULTILINE)


def shown(*words: str, lang: str = "da") -> str:
    """The help of a command on a terminal of 80 columns."""
    before = i18n.language()
    i18n.choose(lang)
    try:
        done = CliRunner().invoke(reconcile, [*words, "-h"], terminal_width=80, prog_name="reconcile")
    finally:
        i18n.choose(before)
    assert done.exit_code == 0
    return done.output


def test_every_command_stands_in_a_group_and_no_group_names_a_command_that_is_not_there() -> None:
    assert set(PAGES) == set(reconcile.commands)
    assert {page.group for page in PAGES.values()} == set(GROUPS)


@pytest.mark.parametrize(
    ("lang", "groups"),
    [
        ("da", ["Første gang:", "Hvert kvartal:", "Nu og da:"]),
        ("en", ["First time:", "Every quarter:", "Now and then:"]),
    ],
)
def test_the_first_help_lists_the_commands_by_when_they_are_used(lang: str, groups: list[str]) -> None:
    lines = shown(lang=lang).splitlines()
    assert [line for line in lines if line in groups] == groups
    listed = [line.split()[0] for line in lines[lines.index(groups[0]) :] if line.startswith("  ")]
    assert listed == list(PAGES)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_no_line_of_the_first_help_is_cut_or_wrapped(lang: str) -> None:
    said = shown(lang=lang)
    assert "..." not in said
    assert max(len(line) for line in said.splitlines()) <= 80
    for name, page in PAGES.items():
        i18n.choose(lang)
        line = i18n._(page.line)
        i18n.choose("da")
        assert any(row.split() == [name, *line.split()] for row in said.splitlines()), name


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_ends_with_examples_of_itself_that_its_own_parser_takes(words: list[str]) -> None:
    said = shown(*words)
    examples = EXAMPLES.split(said)[1].strip().splitlines()
    assert examples
    for line in examples:
        typed = shlex.split(line)
        assert typed[: 1 + len(words)] == ["reconcile", *words] or words == ["key"], line
        command, rest = reconcile.commands[typed[1]], typed[2:]
        if isinstance(command, click.Group):
            command, rest = command.commands[rest[0]], rest[1:]
        command.make_context(typed[1], rest)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_nothing_in_the_help_of_a_command_is_cut(words: list[str]) -> None:
    said = EXAMPLES.split(shown(*words))[0]
    assert "..." not in said
    assert "OPTIONS" not in said
    assert max(len(line) for line in said.splitlines()) <= 80


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_takes_the_language(words: list[str]) -> None:
    assert "--lang" in shown(*words)


@pytest.mark.parametrize(("shell", "word"), [("bash", "footing"), ("zsh", "footing"), ("powershell", "footing")])
def test_a_command_is_completed_by_tab(shell: str, word: str) -> None:
    typed = {"COMP_WORDS": "reconcile foo", "COMP_CWORD": "1", "CLICK_ARGS": "foo", "CLICK_INCOMPLETE": "foo"}
    if shell_completion.get_completion_class(shell) is None:
        pytest.skip("this version of click has no completion for the shell")
    env = {**os.environ, **typed, "_RECONCILE_COMPLETE": f"{shell}_complete"}
    done = subprocess.run(
        [sys.executable, "-m", "reconcile"], env=env, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert word in done.stdout
    guide = (Path(__file__).parent.parent / "docs" / "brugervejledning.md").read_text(encoding="utf-8")
    assert f"{shell}_source" in guide
