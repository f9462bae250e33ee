"""Click's own words in Danish: «Brug», «Valg», and what it says of a wrong command line.

Click marks its words with gettext but ships no Danish, and gettext would need a compiled file and the language of the
machine. Its modules are therefore given a lookup in the table here; a word that is not in it stays English.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from reconcile.i18n import language

_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")
_DANISH: Mapping[str, str] = {
    "Usage:": "Brug:",
    "Options": "Valg",
    "Commands": "Kommandoer",
    "Positional arguments": "Argumenter",
    "default: {default}": "ellers: {default}",
    "Show this message and exit.": "Vis denne hjælp.",
    "Show the version and exit.": "Vis versionen.",
    "Aborted!": "Afbrudt.",
    "Error: {message}": "Fejl: {message}",
    "Try '{command} {option}' for help.": "Se hjælpen med «{command} {option}».",
    "Missing command.": "Der mangler en kommando.",
    "Missing argument": "Der mangler et argument",
    "Missing option": "Der mangler et valg",
    "Missing parameter": "Der mangler en parameter",
    "No such option {name!r}.": "Valget {name} findes ikke.",
    "No such option: {name}": "Valget {name} findes ikke.",
    "No such command {name!r}.": "Kommandoen {name} findes ikke.",
    "Did you mean {possibility}?": "Mente du {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Mente du en af {possibilities}?)",
    "(Possible options: {possibilities})": "(Mente du en af {possibilities}?)",
    "Invalid value: {message}": "Kan ikke bruges: {message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} kan ikke bruges: {message}",
    "Choose from:\n\t{choices}": "Vælg mellem:\n\t{choices}",
    "{value!r} is not {choice}.": "{value!r} er ikke {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} er ikke en af {choices}.",
    "{value!r} is not a valid {number_type}.": "{value!r} er ikke et tal.",
    "{value} is not in the range {range}.": "{value} ligger ikke i {range}.",
    "Option {name!r} does not take a value.": "Valget {name} tager ingen værdi.",
    "Option {name!r} requires an argument.": "Valget {name} skal have en værdi.",
    "Option {name!r} requires {nargs} arguments.": "Valget {name} skal have {nargs} værdier.",
    "Got unexpected extra argument ({args})": "Der er et ord for meget ({args})",
    "Got unexpected extra arguments ({args})": "Der er ord for meget ({args})",
    "{name} {filename!r} does not exist.": "{name} {filename!r} findes ikke.",
    "{name} {filename!r} is a file.": "{name} {filename!r} er en fil.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} er en mappe.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} kan ikke læses.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} kan der ikke skrives i.",
    "file": "fil",
    "directory": "mappe",
    "path": "sti",
}


def teach_click() -> None:
    """Let click speak the chosen language. Before the group is made: some of its help is made with it."""
    for name in _MODULES:
        module = import_module(f"click.{name}")
        for marker, said in (("_", _in_language), ("ngettext", _counted)):
            if hasattr(module, marker):
                setattr(module, marker, said)


def _in_language(words: str) -> str:
    return _DANISH.get(words, words) if language() == "da" else words


def _counted(one: str, many: str, count: int) -> str:
    return _in_language(one if count == 1 else many)
