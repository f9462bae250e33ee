"""A table or a query in a municipality's warehouse as view ``raa``, read only: rows of text like those of any file.

A database promises no order, so the rows are put in the order of their own cells: the same data give the same row
numbers and the same SHA-256 however the server delivered them. The query, the server and the user stand in no output.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconcile.domain.cpr import mask
from reconcile.engine.base import literal
from reconcile.engine.duckdb import Engine
from reconcile.errors import ConfigError
from reconcile.i18n import _
from reconcile.privacy.passwords import Place, find_password
from reconcile.settings.config import Config, Kilde
from reconcile.sources.cells import header_text
from reconcile.sources.readers import RawFile, raw_from_csv

_CHUNK = 1 << 22


@dataclass(frozen=True)
class Landed:
    """The rows of a source that was read in a database: their relation, and the SHA-256 and bytes of all of them."""

    raw: RawFile
    sha256: str
    size: int


def label_of(name: str, source: Kilde) -> str:
    """What the source is called in messages and reports: the database and the table, or the source of a query."""
    return mask(f"{source.database}:{source.tabel or name}")


def database_passwords(config: Config, wanted: Iterable[str], ask: Callable[[str], str] | None) -> dict[str, str]:
    """The password of each database that the wanted sources are read in and that has a user, found before anything runs.

    ``ask`` asks the user a question; None where nobody can be asked.

    Raises:
        InputError: one is missing; the text says how to give it.
    """
    names = {config.kilder[name].database for name in wanted if name in config.kilder} - {""}
    found = {}
    for name in sorted(names):
        if user := config.database[name].address.user:
            variable = "RECONCILE_DATABASE_" + re.sub(r"\W", "_", name.upper()) + "_PASSWORD"
            question = _("Adgangskode til databasen {navn}").format(navn=name)
            place = Place(variable, f"reconcile-database-{name}", user)
            found[name] = find_password(place, None if ask is None else lambda q=question: ask(q))  # type: ignore[misc]
    return found


def land(engine: Engine, config: Config, source: Kilde, passwords: Mapping[str, str]) -> Landed:
    """Read a source into view ``raa``.

    Raises:
        InputError: the driver is missing, there is no connection, or the query cannot be run.
    """
    from reconcile.sources import postgres, sqlserver

    database = config.database[source.database]
    ca_file = config.folder / database.ca_fil if database.ca_fil else None
    if ca_file and not ca_file.is_file():
        raise ConfigError(_("database.{navn}.ca_fil: {fil} findes ikke.").format(navn=source.database, fil=ca_file))
    path = engine.scratch("raa.csv")
    read = postgres.read if database.address.kind == "postgresql" else sqlserver.read
    delivered = read(database, source, passwords.get(source.database, ""), ca_file, path)
    headers = tuple(header_text(header) for header in delivered.headers)
    raw = raw_from_csv(engine, path, headers, delivered.cells)
    digest, size = _digest(engine, path)
    engine.drop("raa.csv")
    return Landed(raw, digest, size)


def _digest(engine: Engine, path: Path) -> tuple[str, int]:
    """The SHA-256 and the size of the rows as text, in their order."""
    target = literal(path.as_posix())
    engine.connection.execute("SET preserve_insertion_order = true")
    engine.connection.execute(
        f"COPY (SELECT * FROM raa ORDER BY raekke) TO {target} (FORMAT csv, HEADER false, USE_TMP_FILE false)"
    )
    engine.connection.execute("SET preserve_insertion_order = false")
    made = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            made.update(chunk)
    return made.hexdigest(), path.stat().st_size
