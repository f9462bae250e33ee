"""Loads the configured sources into the canonical tables, strictly: all bad cells are found before anything is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconcile.config import Config, Kilde
from reconcile.cpr import mask
from reconcile.engine.duckdb import Engine
from reconcile.errors import InputError, Problem, did_you_mean, listed
from reconcile.i18n import _
from reconcile.results import FileInfo, SourceInfo
from reconcile.sources.columns import match_columns, wanted_headers
from reconcile.sources.detect import sha256_of
from reconcile.sources.readers import RawFile, read_file
from reconcile.sources.staging import Staged, stage
from reconcile.tables import PUBLISHED, TABLES, Table

#: How many mistakes of one file are listed.
MOST_PROBLEMS = 100


@dataclass
class Loaded:
    """What was read: per source its files and columns, sentences for ``forbehold``, and rows set aside."""

    sources: list[SourceInfo] = field(default_factory=list)
    present: dict[str, frozenset[str]] = field(default_factory=dict)
    caveats: list[str] = field(default_factory=list)
    quarantined: list[Problem] = field(default_factory=list)


def load_sources(
    engine: Engine, config: Config, wanted: Iterable[str], *, quarantine: bool, progress: Callable[[str], None]
) -> Loaded:
    """Read the files of the wanted sources that the configuration has.

    Raises:
        InputError: something in them is wrong; at most a hundred mistakes of each file are listed, from all files.
    """
    loaded = Loaded()
    problems: list[Problem] = []
    for name in wanted:
        if name in config.kilder:
            problems += _load_source(engine, config, TABLES[name], loaded, quarantine, progress)
    if problems:
        text = _(
            "Input kan ikke bruges ({antal} fejl). Ret filerne, eller kør igen med --quarantine, hvis kun rækker er forkerte."
        )
        raise InputError(listed(text.format(antal=len(problems)), (p.sentence() for p in problems)))
    return loaded


def find_files(folder: Path, patterns: Sequence[str]) -> tuple[list[Path], list[Problem]]:
    """The files of a source, each once, in name order; a pattern without a file is a problem."""
    found: dict[Path, None] = {}
    problems = []
    for pattern in patterns:
        path = folder / pattern
        base = Path(path.anchor) if Path(pattern).is_absolute() else folder
        relative = path.relative_to(base).as_posix()
        hits = [path] if path.is_file() else sorted(p for p in base.glob(relative) if p.is_file())
        if not hits:
            beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
            problems.append(Problem.make(pattern, 0, "", "", _("filen findes ikke.") + did_you_mean(path.name, beside)))
        found.update(dict.fromkeys(hits))
    return sorted(found, key=lambda p: (p.name, p.as_posix())), problems


def _load_source(
    engine: Engine, config: Config, table: Table, loaded: Loaded, quarantine: bool, progress: Callable[[str], None]
) -> list[Problem]:
    source = config.kilder[table.name]
    files, problems = find_files(config.folder, source.filer)
    labels = _labels(files, config.folder)
    infos: list[FileInfo] = []
    columns: set[str] = set()
    aside = 0
    for path in files:
        progress(_("læser {fil}").format(fil=labels[path]))
        try:
            raw = read_file(
                engine, path, labels[path], wanted_headers(table, source.kolonner), source.ark, table.name in PUBLISHED
            )
        except InputError as error:
            problems.append(Problem.make(labels[path], 0, "", "", str(error).removeprefix(f"{labels[path]}: ")))
            continue
        staged, mistakes = _stage(engine, table, source, raw, labels[path])
        if staged is None or (mistakes and not quarantine):
            problems += mistakes[:MOST_PROBLEMS]
            continue
        loaded.quarantined += mistakes
        bad = {problem.row for problem in mistakes}
        aside += len(bad)
        rows = staged.insert(bad)
        infos.append(_file_info(path, labels[path], rows, raw))
        columns |= set(staged.places)
        loaded.caveats += _file_caveats(table, staged, labels[path], rows)
    if infos:
        loaded.present[table.name] = frozenset(columns)
        loaded.caveats += _finish(engine, table)
        loaded.sources.append(_source_info(engine, table, infos, columns, aside))
    return problems


def _stage(
    engine: Engine, table: Table, source: Kilde, raw: RawFile, label: str
) -> tuple[Staged | None, list[Problem]]:
    places, problems = match_columns(table, raw.headers, source.kolonner, label)
    if problems:
        return None, problems
    staged = stage(engine, table, raw, places, label)
    return staged, sorted([*raw.ragged, *staged.problems()])


def _labels(files: Sequence[Path], folder: Path) -> dict[Path, str]:
    """What files are called in messages and findings: the name, or the path where two have the same name."""
    names = [path.name for path in files]
    labels = {}
    for path in files:
        inside = path.is_relative_to(folder) and names.count(path.name) > 1
        labels[path] = mask(path.relative_to(folder).as_posix() if inside else path.name)
    return labels


def _file_info(path: Path, label: str, rows: int, raw: RawFile) -> FileInfo:
    return FileInfo(label, rows, sha256_of(path), path.stat().st_size, raw.encoding, raw.delimiter)


def _file_caveats(table: Table, staged: Staged, label: str, rows: int) -> list[str]:
    caveats = []
    if rows == 0:
        caveats.append(_("{fil} har en overskrift, men ingen rækker.").format(fil=label))
    if repaired := staged.repaired():
        text = _("{fil}: {antal} CPR-numre havde mistet det foranstillede nul og er rettet.")
        caveats.append(text.format(fil=label, antal=repaired))
    return caveats


def _finish(engine: Engine, table: Table) -> list[str]:
    """Defaults that hold for every file of a table; what mattered is said."""
    caveats = []
    if "system" in table.names:
        engine.run(f"UPDATE {table.name} SET system = 'nuvaerende' WHERE system IS NULL")
        endless = _count(engine, f"{table.name} WHERE slut_dato >= DATE '9999-01-01'")
        if endless:
            engine.run(f"UPDATE {table.name} SET slut_dato = NULL WHERE slut_dato >= DATE '9999-01-01'")
            text = _("{kilde}: {antal} ydelser slutter i år 9999 og regnes som åbne.")
            caveats.append(text.format(kilde=table.name, antal=endless))
    return caveats


def _count(engine: Engine, relation: str) -> int:
    return int(engine.rows(f"SELECT count(*) FROM {relation}")[0][0])


#: The column that tells how fresh a source is.
_NEWEST: Mapping[str, str] = {
    "fagsystem": "greatest(max(start_dato), max(slut_dato) FILTER (slut_dato <= $i_dag))",
    "flis": "greatest(max(start_dato), max(slut_dato) FILTER (slut_dato <= $i_dag))",
    "oekonomi": "max(bogfoert_dato)",
    "yr": "max(uge)",
    "borger": "max(doedsdato)",
}


def _source_info(
    engine: Engine, table: Table, infos: Sequence[FileInfo], columns: Iterable[str], aside: int
) -> SourceInfo:
    newest: Any = None
    if table.name in _NEWEST:
        newest = engine.rows(f"SELECT {_NEWEST[table.name]} FROM {table.name}")[0][0]
    kept = tuple(name for name in table.names if name in set(columns))
    return SourceInfo(table.name, tuple(infos), sum(i.raekker for i in infos), kept, newest, aside)
