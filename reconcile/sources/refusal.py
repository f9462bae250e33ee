"""What stops a run, as the user reads it: a thing that is wrong in several files is said once, with the remedy at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reconcile.domain.canonical import Table
from reconcile.domain.cpr import mask
from reconcile.engine.duckdb import Engine
from reconcile.errors import InputError, Problem, listed
from reconcile.i18n import Count, _
from reconcile.sources.cells import fold
from reconcile.sources.columns import match_columns
from reconcile.sources.peek import peek
from reconcile.sources.recognise import guess

#: How many mistakes of one file are listed, and how many files are named beside one mistake.
MOST_PROBLEMS = 100
_MOST_FILES = 5


@dataclass
class Mistakes:
    """At most ``MOST_PROBLEMS`` of each file, how many there are in all, and the columns that would mend it."""

    shown: list[Problem] = field(default_factory=list)
    total: int = 0
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)

    def add(self, label: str, problems: Sequence[Problem], total: int) -> None:
        """The mistakes of one file; ``total`` counts those that are not among ``problems`` too."""
        self.total += total
        self.shown += problems[:MOST_PROBLEMS]
        if total > MOST_PROBLEMS:
            text = _("… og {antal} fejl mere i filen; kun de første {vist} er vist.")
            self.shown.append(
                Problem.make(label, 0, "", "", text.format(antal=total - MOST_PROBLEMS, vist=MOST_PROBLEMS))
            )

    def add_text(self, label: str, text: str) -> None:
        """A mistake of a whole file."""
        self.add(label, [Problem.make(label, 0, "", "", text)], 1)

    def add_headers(  # noqa: PLR0917 - what is known of the file
        self,
        engine: Engine,
        table: Table,
        path: Path | None,
        label: str,
        mapping: Mapping[str, str],
        problems: list[Problem],
    ) -> None:
        """The mistakes of a file whose headings do not fit, against the headings that are really there.

        ``path`` is None for a database.
        """
        try:
            seen = peek(engine, path, label)[0].seen if path else None
        except InputError:
            seen = None
        if path is None or seen is None:
            self.add(label, problems, len(problems))
            return
        problems = match_columns(table, seen.headers, mapping, label)[1] or problems
        self.add(label, problems, len(problems))
        made = guess(table, seen)
        there = set(map(fold, seen.headers))
        kept = {column: header for column, header in mapping.items() if fold(header) in there}
        if not made.pivot and {*made.missing, *(doubt.column for doubt in made.doubts)} <= set(kept):
            told = {column: header for column, header in made.columns.items() if fold(header) != column}
            self.columns[table.name] = {**self.columns.get(table.name, {}), **told, **kept}
        else:
            self.unclear.append(_from_here(path))

    def text(self) -> str:
        """Everything that is wrong, and what would mend it."""
        told = list(_together(self.shown))
        text = _(
            "Input kan ikke bruges ({antal} fejl). Ret filerne, eller kør igen med --quarantine, hvis kun rækker er"
            " forkerte."
        )
        count = self.total - len(self.shown) + len(told)
        said = listed(text.format(antal=count), (problem.sentence() for problem in told))
        return "\n".join([said, *self._remedies()])

    def _remedies(self) -> Iterator[str]:
        from reconcile.settings.edit import section

        if self.columns:
            yield _("Filernes egne overskrifter kan bruges; skriv i reconcile.toml:")
        for table, columns in self.columns.items():
            yield from (f"    {line}" for line in section(table, {"kolonner": columns}).splitlines() if line)
        if self.unclear:
            text = _("Find ud af, hvad kolonnerne er: reconcile add {filer}")
            yield text.format(filer=" ".join(f'"{name}"' if " " in name else name for name in self.unclear))


def _from_here(path: Path) -> str:
    """A file as it is named on the command line; masked, as all that is said."""
    here = Path.cwd()
    return mask((path.relative_to(here) if path.is_relative_to(here) else path).as_posix())


def _together(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems; one of whole files that is the same in several names them all."""
    files: dict[Problem, list[str]] = {}
    for problem in problems:
        files.setdefault(replace(problem, file="") if not problem.row else problem, []).append(problem.file)
    for problem, names in files.items():
        shown = list(dict.fromkeys(names))
        more = len(shown) - _MOST_FILES
        beside = [_("{antal:fil|filer} mere").format(antal=Count(more))] if more > 0 else []
        yield replace(problem, file=", ".join([*shown[:_MOST_FILES], *beside]))
