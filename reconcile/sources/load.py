"""Loads the configured sources into the canonical tables, strictly: all bad cells are found before anything is said."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from reconcile.domain.canonical import PUBLISHED, STATBANK, TABLES, Table
from reconcile.domain.cpr import mask
from reconcile.engine.duckdb import ONE_THREAD, Engine
from reconcile.engine.spark_session import Beside, folder_bytes
from reconcile.errors import InputError, Problem
from reconcile.files import out_of_room
from reconcile.i18n import Count, _
from reconcile.privacy import door
from reconcile.results.rows import FileInfo, SourceInfo
from reconcile.results.survey import FileReading
from reconcile.settings.config import Config, Kilde
from reconcile.sources.columns import code_headers, match_columns, wanted_headers
from reconcile.sources.deliveries import count_once, deliveries
from reconcile.sources.detect import check_unchanged, mark_of, sha256_of
from reconcile.sources.numbers import learn_numbers
from reconcile.sources.overview import row_numbers
from reconcile.sources.patterns import find_files, labels_of
from reconcile.sources.pivot import pivot_rows
from reconcile.sources.readers import RawFile, land_rows, leave_out_end, read_file
from reconcile.sources.reading import readings, with_serie
from reconcile.sources.refusal import MOST_PROBLEMS, Mistakes
from reconcile.sources.series import settle
from reconcile.sources.staging import Staged, stage
from reconcile.sources.table import defaults, source_info
from reconcile.sources.together import Part, read_together
from reconcile.sources.units import unit_sentences, units
from reconcile.sources.unread import unread_problems


@dataclass
class Loaded:
    """What was read: per source its files and columns, sentences for ``forbehold``, how, and rows set aside."""

    sources: list[SourceInfo] = field(default_factory=list)
    present: dict[str, frozenset[str]] = field(default_factory=dict)
    caveats: list[str] = field(default_factory=list)
    readings: list[FileReading] = field(default_factory=list)
    quarantined: list[Problem] = field(default_factory=list)


def load_sources(
    engine: Engine,
    config: Config,
    wanted: Iterable[str],
    *,
    quarantine: bool,
    progress: Callable[[str], None],
    passwords: Mapping[str, str] = MappingProxyType({}),
    spark: Beside | None = None,
) -> Loaded:
    """Read the wanted sources that the configuration has; ``passwords`` are those of the databases, by their names.
    ``spark`` reads the sources that are its own.

    Raises:
        InputError: something in them is wrong; at most a hundred mistakes of each file are listed, from all files.
    """
    door.forget()
    loaded, mistakes = Loaded(), Mistakes()
    tables = [TABLES[name] for name in wanted if name in config.kilder]
    for table in tables:
        source = _Source(engine, table, config.kilder[table.name], quarantine, loaded, mistakes)
        if source.source.database:
            source.load_database(config, passwords, progress)
        elif source.source.spark:
            source.load_spark(config.folder, spark, progress)
        else:
            source.load(config.folder, progress)
        source.finish()
    engine.drop("raa.parquet")
    learn_numbers(engine, tables)
    if mistakes.total:
        raise InputError(mistakes.text())
    return loaded


def input_bytes(config: Config, wanted: Iterable[str]) -> int:
    """The size of the files of the wanted sources together; a database can hold anything, so it counts as a large file, and
    so does what only Spark can see."""
    sources = [config.kilder[name] for name in wanted if name in config.kilder]
    size = sum(path.stat().st_size for source in sources for path in find_files(config.folder, source.filer)[0])
    size += sum(folder_bytes(config.folder, source.spark) for source in sources if source.spark)
    return size + any(source.database for source in sources) * (ONE_THREAD + 1)


#: A file that was read with others: its part, and what a report says of it.
_Known = tuple[Part, FileInfo, FileReading, list[str]]


@dataclass
class _Source:
    """One source being loaded: every file of it, good or bad."""

    engine: Engine
    table: Table
    source: Kilde
    quarantine: bool
    loaded: Loaded
    mistakes: Mistakes
    infos: list[FileInfo] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    aside: int = 0

    def load(self, folder: Path, progress: Callable[[str], None]) -> None:
        """Read the files."""
        found, absent = find_files(folder, self.source.filer)
        files = self._deliveries(found)
        for problem in absent:
            self.mistakes.add(problem.file, [problem], 1)
        labels = labels_of(files, folder)
        together = self._read_together(labels)
        for path, label in labels.items():
            progress(_("læser {fil}").format(fil=label))
            self._read(path, label, together.get(label))
        if self.infos:
            try:
                self._settle({label: path for path, label in labels.items()})
            except InputError as error:
                self.mistakes.add_text(self.table.name, str(error))

    def _read(self, path: Path, label: str, known: _Known | None) -> None:
        """Read a file, if it has not been read with others; what is wrong with it is a mistake."""
        import duckdb

        unreadable = (
            *(duckdb.InvalidInputException, duckdb.OperationalError, duckdb.DataError, duckdb.InternalError),
            *(OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError),
        )
        try:
            if known:
                self._keep(path, known)
            else:
                self._load_file(path, label)
        except InputError as error:
            self.mistakes.add_text(label, str(error).removeprefix(label).lstrip(":, "))
        except duckdb.FatalException:  # the database is no more
            text = _("{fil}: filen kan ikke læses; den er beskadiget. Hent eller gem den igen.")
            raise InputError(text.format(fil=label)) from None
        except (*unreadable, duckdb.Error) as error:
            if out_of_room(error):
                raise
            if (
                isinstance(error, duckdb.Error)
                and not isinstance(error, unreadable)
                and type(error) is not duckdb.Error
            ):
                raise  # a mistake of ours in a query; what has no kind of its own is the file's reader giving up
            self.mistakes.add_text(
                label, _("filen kan ikke læses; den er beskadiget, eller et andet program bruger den.")
            )

    def _deliveries(self, files: Sequence[Path]) -> Sequence[Path]:
        if self.table.name != "yr":
            return files
        try:
            kept, said = deliveries(files)
        except InputError as error:
            self.mistakes.add_text(self.table.name, str(error))
            return ()
        self.loaded.caveats += said
        return kept

    def _settle(self, read: Mapping[str, Path]) -> None:
        """What the files of a source are to each other."""
        if self.table.name in ("fagsystem", "flis"):
            self.loaded.caveats += settle(self.engine, self.table, read, self.source.serie)
        if self.table.name == "yr" and not self.mistakes.total:
            self.loaded.caveats += count_once(self.engine, self.source.samme_levering)

    def load_database(self, config: Config, passwords: Mapping[str, str], progress: Callable[[str], None]) -> None:
        """Read the source in its database."""
        from reconcile.sources.warehouse import label_of, land

        label = label_of(self.table.name, self.source)
        progress(_("læser {fil}").format(fil=label))
        try:
            landed = land(self.engine, config, self.source, passwords)
            self._take(landed.raw, label, FileInfo(label, 0, landed.sha256, landed.size, None, None))
        except InputError as error:
            self.mistakes.add_text(label, str(error))

    def load_spark(self, folder: Path, spark: Beside | None, progress: Callable[[str], None]) -> None:
        """Let Spark read the source where its rows lie."""
        from reconcile.sources.spark_folder import in_words, label_of, land, stage_there, type_problems

        label = label_of(self.table)
        progress(_("læser {fil}").format(fil=label))
        try:
            if spark is None:
                raise InputError(_("kilden læses af Spark; kør med --engine spark (reconcile run --engine spark)."))
            there = spark.engine(self.engine)
            with in_words(there, self.source):
                landed = land(there, folder, self.source)
                if problems := type_problems(landed, self.table, self.source.kolonner, label):
                    self.mistakes.add(label, problems, len(problems))
                    return
                info = FileInfo(label, 0, landed.sha256, landed.size, None, None)
                self._take(landed.raw, label, info, stager=partial(stage_there, landed))
                self.loaded.caveats.append(landed.sentence(label))
        except InputError as error:
            self.mistakes.add_text(label, str(error))

    def finish(self) -> None:
        """Say what is known of the whole source, now that it is read."""
        if self.infos:
            self.loaded.present[self.table.name] = frozenset(self.columns)
            self.loaded.caveats += defaults(self.engine, self.table)
            self.loaded.readings = with_serie(self.engine, self.table, self.loaded.readings)
            info = source_info(self.engine, self.table, self.infos, self.columns, self.aside)
            self.loaded.sources.append(replace(info, bruges_til=self.source.bruges_til))

    def _load_file(self, path: Path, label: str) -> None:
        table, mapping = self.table, self.source.kolonner
        codes = code_headers(table, mapping) if table.name in STATBANK else ()
        wanted, sheet = wanted_headers(table, mapping), self.source.ark
        begun = mark_of(path)
        if table.name == "yr_tabel":
            raw = land_rows(self.engine, label, pivot_rows(path, label, self.source), wanted)
        else:
            raw = read_file(self.engine, path, label, wanted, sheet=sheet, codes=codes, overview=table.overview)
        info = FileInfo(label, 0, sha256_of(path), path.stat().st_size, raw.encoding, raw.delimiter)
        self._take(raw, label, info, path=path, pivoted=table.name in PUBLISHED)
        check_unchanged(path, begun)

    def _read_together(self, labels: Mapping[Path, str]) -> dict[str, _Known]:
        """Label → what is known of the files that could be read together; the others are read one by one."""
        table = self.table
        if table.overview or table.name in PUBLISHED or table.name in STATBANK or table.name == "yr_tabel":
            return {}
        known = {}
        for raw, parts in read_together(self.engine, labels, wanted_headers(table, self.source.kolonner)):
            for part, info, seen, caveats in self._take_together(raw, parts):
                known[part.label] = (part, info, seen, caveats)
        return known

    def _take_together(self, raw: RawFile, parts: Sequence[Part]) -> Iterator[_Known]:
        """Convert the rows of several files into the table; none of them where any is not quite right."""
        table, label = self.table, parts[0].label
        places, problems = match_columns(table, raw.headers, self.source.kolonner, label)
        if problems:
            return
        try:
            scale = units(table, raw.headers, places, raw.titles, self.source.enhed, label)
        except InputError:
            return
        staged = stage(self.engine, table, raw, places, label, scale)
        staged.insert()
        if staged.problems(0)[1]:
            staged.take_back()
            return
        self.columns |= set(places)
        infos = [
            FileInfo(p.label, staged.rows.get(p.label, 0), p.sha256, p.mark[0], p.found.encoding, p.found.delimiter)
            for p in parts
        ]
        for part, info, seen in zip(parts, infos, readings(staged, raw, infos, scale), strict=True):
            caveats = unit_sentences(info.fil, raw.headers, places, scale)
            yield part, info, seen, [*caveats, *_file_caveats(staged, info.fil, info.raekker)]

    def _keep(self, path: Path, known: _Known) -> None:
        """Keep what is known of a file whose rows are in the table."""
        part, info, seen, caveats = known
        self.infos.append(info)
        self.loaded.readings.append(seen)
        self.loaded.caveats += caveats
        check_unchanged(path, part.mark)

    def _take(
        self,
        raw: RawFile,
        label: str,
        info: FileInfo,
        *,
        path: Path | None = None,
        pivoted: bool = False,
        stager: Callable[[Table, RawFile, Mapping[str, int], str, Mapping[str, int]], Staged] | None = None,
    ) -> None:
        """Convert the rows of a file (``path``) or a database into the table; ``info`` tells what it was, but how many
        rows. ``stager`` makes view ``klar`` where that is not done here."""
        table, mapping = self.table, self.source.kolonner
        places, problems = match_columns(table, raw.headers, mapping, label)
        if problems:
            self.mistakes.add_headers(self.engine, table, path, label, mapping, problems)
            return
        scale = units(table, raw.headers, places, raw.titles, self.source.enhed, label)
        caveats = unit_sentences(label, raw.headers, places, scale)
        left_out = [] if table.overview or raw.loose else leave_out_end(self.engine, raw)
        if left_out:
            raw = replace(raw, name="raa_uden_slutning")
        caveats += _left_out(label, left_out)
        if raw.hidden and not table.overview:
            text = _("{fil}: {antal:række|rækker} er skjult i arket (fx af et filter), men er læst med.")
            caveats.append(text.format(fil=label, antal=Count(len(raw.hidden))))
        staged = (stager or partial(stage, self.engine))(table, raw, places, label, scale)
        rows = staged.insert()
        cells, total = staged.problems(None if self.quarantine else MOST_PROBLEMS)
        end = left_out[0][0] if left_out else None
        unread = unread_problems(table, raw, places, label, end=end, pivoted=pivoted)
        said = {(problem.row, problem.column) for problem in cells}
        unread = [problem for problem in unread if (problem.row, problem.column) not in said]
        cells, total = [*cells, *unread], total + len(unread)
        bad = sorted([*raw.ragged, *(_numbered(p) for p in cells)] if raw.cells else [*raw.ragged, *cells])
        if bad and not self.quarantine:
            self.mistakes.add(label, bad, total + len(raw.ragged))
            return
        if bad:
            self.loaded.quarantined += bad
            rows -= staged.remove({problem.row for problem in bad})
            self.aside += len({problem.row for problem in bad})
        self.infos.append(replace(info, raekker=rows))
        self.loaded.readings += readings(staged, raw, self.infos[-1:], scale, left_out)
        self.columns |= set(places)
        self.loaded.caveats += [*caveats, *_file_caveats(staged, label, rows)]


def _numbered(problem: Problem) -> Problem:
    where = _("{grund} (filen har ingen rækker; tallet er cellens nummer, den første er 1)")
    return replace(problem, reason=where.format(grund=problem.reason))


def _left_out(label: str, rows: Sequence[tuple[int, str]]) -> list[str]:
    """The sentence about totals and notes at the end of a table."""
    if not rows:
        return []
    text = _("{fil}: {raekker} er sum eller note («{tekst}») og er ikke læst med.")
    numbers = row_numbers(row for row, _first in rows)
    return [mask(text.format(fil=label, raekker=numbers, tekst=rows[0][1][:60]))]


def _file_caveats(staged: Staged, label: str, rows: int) -> list[str]:
    caveats = list(staged.remarks.get(label, ()))
    if rows == 0:
        caveats.append(_("{fil} har en overskrift, men ingen rækker.").format(fil=label))
    if repaired := staged.repaired.get(label):
        text = _("{fil}: {antal:CPR-nummer|CPR-numre} havde mistet det foranstillede nul og er rettet.")
        caveats.append(text.format(fil=label, antal=Count(repaired)))
    return caveats
