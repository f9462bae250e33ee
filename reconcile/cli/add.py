"""``reconcile add``: what is this file? A conversation on a terminal, TOML in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from reconcile.cli.options import CONFIG, lang_option
from reconcile.domain.canonical import TABLES
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.privacy.screen import say

_HELP = _(
    "Hvad er denne fil? Finder kilde, ark, overskrifter, kolonner og enhed, viser tre rækker, som de læses, og skriver"
    " det i reconcile.toml.\n\n"
    "På en skærm spørger den om det, den er i tvivl om. I et rør skriver den TOML og spørger ikke; med --yes skrives det,"
    " der er sikkert."
)

_YES, _NO = ("ja", "j", "yes", "y"), ("nej", "n", "no")


class Terminal:
    """Asks the person at the terminal."""

    def choose(self, question: str, choices: Sequence[str]) -> int | None:
        """The place of the choice; 0 on the keyboard is «I do not know»."""
        say(f"\n{question}")
        for number, choice in enumerate(choices, start=1):
            say(f"  {number}  {_named(choice)}")
        say("  0  " + _("det ved jeg ikke"))
        answer = click.prompt(_("Skriv et tal"), type=click.IntRange(0, len(choices)))
        return int(answer) - 1 if answer else None


def _named(choice: str) -> str:
    from reconcile.reports.labels import source

    return f"{choice} ({source(choice)})" if choice in TABLES else choice


def talks() -> bool:
    """Whether there is a person at a terminal to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _agreed(question: str) -> bool:
    """Yes or no, in Danish or English; Enter is yes."""
    words = click.Choice([*_YES, *_NO], case_sensitive=False)
    return click.prompt(question, default=_("ja"), type=words, show_choices=False) in _YES


@click.command("add", help=_HELP)
@click.argument("files", nargs=-1, required=True, metavar=_("FIL…"), type=click.Path(path_type=Path))
@click.option("--as", "--som", "wanted", default="", metavar=_("KILDE"), help=_("Sig selv, hvilken kilde filerne er."))
@click.option("--yes", "--ja", "yes", is_flag=True, help=_("Spørg ikke; skriv det, der er sikkert."))
@click.option("--dry-run", "--vis", "dry_run", is_flag=True, help=_("Vis forslaget; skriv og spørg ikke."))
@CONFIG
@lang_option
def add(files: tuple[Path, ...], wanted: str, yes: bool, dry_run: bool, config_path: Path) -> None:
    """Propose the sources that the files are and write them into reconcile.toml."""
    talk = talks() and not (yes or dry_run)
    sys.exit(add_files(files, wanted, config_path, talk=talk, write=(yes or talk) and not dry_run))


def add_files(files: Sequence[Path], wanted: str, config_path: Path, *, talk: bool, write: bool) -> int:
    """What the command does; returns its exit code: 0, 1 (cells to mend) or 2 (a file that has no place).

    Raises:
        InputError: a file or a source that does not exist.
        ConfigError: reconcile.toml cannot be read or written.
    """
    from reconcile.cli.add_page import lines, refused
    from reconcile.errors import did_you_mean
    from reconcile.runs.adding import Nobody, groups, look
    from reconcile.runs.proposal import config_text, propose
    from reconcile.settings.edit import replace_config, with_sources

    if wanted and wanted not in TABLES:
        text = _("--som «{kilde}»: kilden kendes ikke.")
        raise InputError(text.format(kilde=wanted) + did_you_mean(wanted, list(TABLES)))
    text = config_text(config_path)
    folder = config_path.resolve().parent
    ask = Terminal() if talk else Nobody()
    mark = "" if sys.stdout.isatty() else "# "
    found = [look(path, path.name, wanted, ask) for path in _expanded(files)]
    kinds, _odd = groups([file for file in found if not file.wrong and not file.doubts])
    for file in found:
        if file.wrong or file.doubts:
            say("\n".join(refused(file, mark, folder)))
    proposals = [propose(kind, text, folder, ask) for kind in kinds]
    for proposal in proposals:
        say("\n".join(lines(proposal, mark)))
    ready = {p.table: p.values for p in proposals if p.values and not p.open}
    if ready and write and (not talk or _agreed(_("Skriv det i {fil}? (ja/nej)").format(fil=config_path))):
        replace_config(config_path, with_sources(text, ready), text)
        say(mark + _("skrevet i {fil}: {kilder}").format(fil=config_path, kilder=", ".join(ready)))
        say(mark + _("Når alle filer er med: kør «reconcile run --open»."))
    if any(file.wrong or file.doubts for file in found) or any(p.open for p in proposals):
        return 2
    return 1 if any(p.trial.wrong for p in proposals) else 0


def _expanded(files: Sequence[Path]) -> list[Path]:
    """The files: a folder is the files in it, and ``*`` is understood where the shell has not (Windows).

    Raises:
        InputError: a file that does not exist.
    """
    from reconcile.sources.patterns import find_files

    patterns = [(path / "*").as_posix() if path.is_dir() else str(path) for path in files]
    found, absent = find_files(Path.cwd(), patterns)
    if absent:
        raise InputError("\n".join(problem.sentence() for problem in absent))
    return [path.resolve() for path in found]
