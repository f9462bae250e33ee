"""The DuckDB engine: one database, parameters as literals, views from ``sql/``."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconcile import files
from reconcile.engine import mistakes, nameless
from reconcile.engine.base import Mistake, Value, fill, literal, statements_of_group, view_statement, with_values
from reconcile.resources import SQL

if TYPE_CHECKING:
    import duckdb

#: Nothing is downloaded and nothing is loaded behind our back; the same options must be given by every connection.
OPTIONS: dict[str, Any] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "preserve_insertion_order": "false",
}
#: What goes to the disk is encrypted. What is called unsafe is that the database's own cipher draws its nonces, and the
#: key of what spills, with a weak generator; the key of a database file is ours. See docs/decisions/0009.
ENCRYPTED: dict[str, Any] = {"force_mbedtls_unsafe": "true", "temp_file_encryption": "true"}

#: How Parquet files are written: a column with more different texts than this in a part of a file, as that of persons and of ids,
#: is not made a dictionary. To find that out later costs a tenth of the writing.
PARQUET = "FORMAT parquet, USE_TMP_FILE false, DICTIONARY_SIZE_LIMIT 5000"

#: Input up to this many bytes is held in memory, which is nearly twice as fast; more goes to a file in the run's folder.
IN_MEMORY = 200_000_000

#: Input up to this many bytes is worked on by one thread: to share such small work out costs more than it gains.
ONE_THREAD = 5_000_000

#: A list of more texts than this is bound.
_LONG = 10_000

_OURS = "reconcile-"
#: What the database of a large run is called by its connections.
_LARGE = "koersel"


@dataclass(frozen=True)
class Sealed:
    """A database file of a run, and its key: that lives in the memory of the run's processes only, and goes with them."""

    path: Path
    key: str = field(repr=False)


class Engine:
    """One run's database: in memory, or in ``folder`` where the run's input has more than ``IN_MEMORY`` bytes; on every core
    where it has more than ``ONE_THREAD``.

    Either way what does not fit in the memory limit spills to ``folder``. Its files are encrypted, and have no names where
    that is possible.
    ``parameters`` stand as ``$name`` in views and rule conditions and are put in as literals, so that the same text
    can be read, run and translated.
    """

    def __init__(self, folder: Path, parameters: Mapping[str, Value] | None = None, *, input_bytes: int = 0) -> None:
        import duckdb

        self.folder = folder.resolve()  # the lock of the database compares names
        self.options = {
            **(OPTIONS | ENCRYPTED),
            "memory_limit": _memory_limit(),
            "temp_directory": str(folder / "spild"),
        }
        if input_bytes <= ONE_THREAD:
            self.options["threads"] = 1
        self.connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:", config=self.options)
        self._spill = nameless.Spill(folder / "spild")
        self._lent: list[int] = []
        self._large = input_bytes > IN_MEMORY
        if self._large:
            nameless.lose_name(self.attach(folder / "reconcile.duckdb", _LARGE).path)
            self.connection.execute(f"USE {_LARGE}")
        self.parameters: dict[str, str] = {}
        self._scratch: dict[str, tuple[Path, int | None]] = {}
        self._scratches = 0
        self.connection.execute((SQL / "funktioner.sql").read_text(encoding="utf-8"))
        self.set_parameters(parameters or {})

    def attach(self, path: Path, name: str) -> Sealed:
        """Make a database file and open it under a name. Nobody reads it after a crash: no log of it is written beside it."""
        sealed = Sealed(path, secrets.token_hex(32))
        self._attach(sealed, name, "RECOVERY_MODE NO_WAL_WRITES")
        return sealed

    def attach_lent(self, sealed: Sealed, name: str) -> None:
        """Open what another engine lends, to read it."""
        self._attach(sealed, name, "READ_ONLY")

    def _attach(self, sealed: Sealed, name: str, option: str) -> None:
        path, key = literal(sealed.path.as_posix()), literal(sealed.key)
        self.connection.execute(f"ATTACH {path} AS {name} ({option}, ENCRYPTION_KEY {key}, ENCRYPTION_CIPHER 'CTR')")

    def lend(self, sealed: Sealed) -> None:
        """Let a file that was attached be read by other connections, here and in processes of this run, while this is open."""
        if (handle := nameless.lend_name(sealed.path)) is not None:
            self._lent.append(handle)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same tables, for a result that is read while others are asked for."""
        cursor = self.connection.cursor()
        return cursor.execute(f"USE {_LARGE}") if self._large else cursor

    @property
    def home(self) -> str:
        """What the database is called where another is beside it."""
        return _LARGE if self._large else "memory"

    def set_parameters(self, parameters: Mapping[str, Value]) -> None:
        """Add values for ``$name`` in SQL."""
        self.parameters.update({name: literal(value) for name, value in parameters.items()})

    def fill(self, sql: str) -> str:
        """SQL with its ``$names`` replaced by literals."""
        return fill(sql, self.parameters)

    def run(self, sql: str, values: Sequence[Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Run a statement with ``$names`` filled in; ``values`` stand for its ``?``, as literals: to bind them the library
        imports pandas, half a second and 50 MB."""
        return self.connection.execute(with_values(self.fill(sql), values))

    def run_with(self, sql: str, *lists: list[str]) -> None:
        """Run a statement whose ``?`` are lists of texts, which no error of it quotes. They are variables of the connection
        meanwhile, or bound where they would be long to read as text."""
        if max(map(len, lists)) > _LONG:
            self.connection.execute(self.fill(sql), lists)
            return
        names = [f"liste_{number}" for number in range(len(lists))]
        filled = self.fill(sql)
        try:
            for name, given in zip(names, lists, strict=True):
                self.connection.execute(f"SET VARIABLE {name} = CAST([{', '.join(map(literal, given))}] AS VARCHAR[])")
                filled = filled.replace("?", f"getvariable('{name}')", 1)
            self.connection.execute(filled)
        finally:
            for name in names:
                self.connection.execute(f"RESET VARIABLE {name}")

    def rows(self, sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        return self.run(sql, values).fetchall()

    def records(self, sql: str) -> Iterator[dict[str, Any]]:
        """The rows of a query as dicts, fetched in batches."""
        cursor = self.cursor().execute(self.fill(sql))
        names = [column[0] for column in cursor.description or ()]
        while batch := cursor.fetchmany(10_000):
            for row in batch:
                yield dict(zip(names, row, strict=True))

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the database raises."""
        import duckdb

        return (duckdb.Error,)

    def names(self, *, views_only: bool = False) -> frozenset[str]:
        """The tables and views there are."""
        where = " WHERE table_type = 'VIEW'" if views_only else ""
        return frozenset(name for (name,) in self.rows(f"SELECT table_name FROM information_schema.tables{where}"))

    def has(self, relation: str) -> bool:
        """Whether there is a table or view of that name."""
        return relation in self.names()

    def columns(self, relation: str) -> tuple[str, ...]:
        """The column names of a table or view."""
        return tuple(row[0] for row in self.rows(f"DESCRIBE {relation}"))

    def take(self, *tables: str) -> None:
        """The tables are here."""

    def add_rows(self, table: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Create a small table of Python rows (reference data, parameters, lookups)."""
        self.run(f"CREATE OR REPLACE TABLE {table} ({', '.join(f'{n} {t}' for n, t in types.items())})")
        for start in range(0, len(rows), 1000):
            tuples = (f"({', '.join(map(literal, row))})" for row in rows[start : start + 1000])
            self.connection.execute(f"INSERT INTO {table} VALUES {', '.join(tuples)}")

    def create_views(self, group: str) -> None:
        """Create the views of a folder of ``sql/`` in the order of their file names."""
        for name, select in statements_of_group(group):
            self.create_view(name, select)

    def create_view(self, name: str, select: str) -> None:
        """Create one view, or a table when its comments say ``-- stored``."""
        self.run(view_statement(name, select))

    def mistake_in(self, query: str, *, run: bool = False) -> Mistake | None:
        """The mistake in a query (``$names`` filled in), or None; with ``run`` also those only its rows show."""
        return mistakes.mistake_in(self, query, run=run)

    @property
    def memory(self) -> int:
        """The bytes of memory it may use."""
        return int(str(self.options["memory_limit"]).removesuffix("GB")) * 10**9

    def lock(self, *folders: Path) -> None:
        """From here on the database reads and writes in its own folder and ``folders`` only, and no setting can change:
        a rule of the house is SQL, and must not reach the key, other files or the network."""
        allowed = ", ".join(literal(f"{folder.resolve().as_posix()}/") for folder in (self.folder, *folders))
        self.connection.execute(f"SET allowed_directories = [{allowed}]")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def scratch(self, name: str) -> Path:
        """A new, empty file for rows on their way in, until it is dropped or asked for again.

        They hold CPR numbers. On Linux the folder has but a link to it, so that nothing of it outlives the process,
        whatever ends that; elsewhere it lies in the run's folder.
        """
        self.drop(name)
        self._scratches += 1
        path = (
            self.folder / f"{self._scratches}-{name}"
        )  # a name of its own: the database remembers files by their names
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        if Path(f"/proc/self/fd/{handle}").exists():
            path.unlink()
            path.symlink_to(f"/proc/self/fd/{handle}")
            self._scratch[name] = (path, handle)
        else:
            os.close(handle)
            self._scratch[name] = (path, None)
        return path

    def scratched(self, name: str) -> Path:
        """Where the ``scratch`` file of that name is."""
        return self._scratch[name][0]

    def drop(self, name: str) -> None:
        """Remove a ``scratch`` file; one that is not there is gone already."""
        path, handle = self._scratch.pop(name, (None, None))
        if path is not None:
            path.unlink(missing_ok=True)
        if handle is not None:
            os.close(handle)

    def close(self) -> None:
        """Close the database file."""
        self.connection.close()
        self._spill.close()
        while self._lent:
            os.close(self._lent.pop())
        for name in tuple(self._scratch):
            self.drop(name)


def _memory_limit() -> str:
    """Half of the machine's memory, at most 6 GB: the rest spills to the run's temporary folder."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "2GB"
    return f"{max(1, min(6, total // 2 // 10**9))}GB"


def sweep() -> None:
    """Remove the temporary folders of runs that were killed."""
    files.sweep(Path(tempfile.gettempdir()), _OURS)


@contextmanager
def open_engine(parameters: Mapping[str, Value] | None = None, *, input_bytes: int = 0) -> Iterator[Engine]:
    """An engine with a temporary folder that is removed afterwards, whatever happened.

    Raises:
        InputError: no folder can be made there.
    """
    with files.held_folder(Path(tempfile.gettempdir()), _OURS) as folder:
        engine = Engine(folder, parameters, input_bytes=input_bytes)
        try:
            yield engine
        finally:
            engine.close()
