"""PostgreSQL: the server writes the rows as text itself (COPY), so that every value is exactly what it says it is.

One transaction that can only read, with a time limit. Off this machine the server's certificate and name are verified.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconcile.i18n import _
from reconcile.settings.config import Kilde
from reconcile.settings.database import Database
from reconcile.sources.cells import DATE, NUMBER
from reconcile.sources.dbapi import Delivery, no_connection, no_driver, no_rows, statement, too_slow

if TYPE_CHECKING:
    import psycopg

#: Seconds a connection may be about to come.
CONNECT_TIMEOUT = 30

#: PostgreSQL's own numbers of its types (they never change).
_NUMBERS, _FLOATS, _DAYS, _ZONED, _BOOLEAN = {20, 21, 23, 700, 701, 1700}, {700, 701}, {1082, 1114}, 1184, 16

#: How values are written: a day is a day in Denmark, and a float has the 15 digits that it can hold.
_SETTINGS = {"TimeZone": "Europe/Copenhagen", "DateStyle": "ISO, YMD", "extra_float_digits": "0"}


def read(database: Database, source: Kilde, password: str, ca_file: Path | None, path: Path) -> Delivery:
    """Write the rows of a source to ``path`` as CSV without a header.

    Raises:
        InputError: the driver is missing, there is no connection, or the query cannot be run.
    """
    try:
        import psycopg
    except ImportError:
        raise no_driver("postgres") from None
    try:
        connection = psycopg.connect(**options(database, password, ca_file))
    except (psycopg.Error, OSError) as error:
        raise no_connection(_why_not_connected(error)) from None
    try:
        connection.read_only = True
        return _copy(connection, database, statement(source, '"', '"'), path)
    except psycopg.errors.QueryCanceled:
        raise too_slow(database) from None
    except psycopg.Error as error:
        raise no_rows(_why_no_rows(error)) from None
    finally:
        connection.close()


def options(database: Database, password: str, ca_file: Path | None) -> dict[str, Any]:
    """What the driver is given: off this machine TLS with the server's certificate and name verified, and nothing less."""
    address = database.address
    given: dict[str, Any] = {
        "host": address.host,
        "dbname": address.database,
        "client_encoding": "utf8",
        "application_name": "reconcile",
        "connect_timeout": CONNECT_TIMEOUT,
        "sslmode": "prefer" if address.loopback else "verify-full",
    }
    if address.port:
        given["port"] = address.port
    if address.user:
        given |= {"user": address.user, "password": password}
    if not address.loopback:
        given["sslrootcert"] = str(ca_file) if ca_file else ssl.get_default_verify_paths().cafile or "system"
    return given


def _copy(connection: psycopg.Connection[Any], database: Database, query: str, path: Path) -> Delivery:
    with connection.cursor() as cursor:
        limits = {**_SETTINGS, "statement_timeout": f"{database.tidsgraense}s"}
        for name, value in limits.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        # Prepared, so that it can be one statement only; the same text then stands in COPY.
        cursor.execute(f"SELECT * FROM (\n{query}\n) AS kilde LIMIT 0".encode(), prepare=True)
        columns = [(column.name, column.type_code) for column in cursor.description or ()]
        with path.open("wb") as handle, cursor.copy(f"COPY (\n{query}\n) TO STDOUT (FORMAT csv)".encode()) as copy:
            for block in copy:
                handle.write(block)
    return Delivery(tuple(name for name, _type in columns), tuple(_cell(i, oid) for i, (_n, oid) in enumerate(columns)))


def _cell(place: int, oid: int) -> str:
    """SQL for a cell: numbers and days carry the mark of the cells of a workbook; text is text, digits or not."""
    cell = f"c{place}"
    if oid in _FLOATS:  # 1e+15 without its exponent
        cell = (
            f"CASE WHEN contains({cell}, 'e+') THEN CAST(try_cast({cell} AS DECIMAL(38,0)) AS VARCHAR) ELSE {cell} END"
        )
    if oid in _NUMBERS:
        return f"'{NUMBER}' || {cell}"
    if oid in _DAYS:
        return f"'{DATE}' || {cell}"
    if oid == _ZONED:
        return f"'{DATE}' || left({cell}, 19)"
    return f"CASE {cell} WHEN 't' THEN 'ja' WHEN 'f' THEN 'nej' END" if oid == _BOOLEAN else cell


def _why_not_connected(error: Exception) -> str:
    """The driver's own text names server and user; only what sort of fault it is is told."""
    said = str(error).lower()
    kinds = (
        (("password", "authentication", "no pg_hba"), _("bruger eller adgangskode blev afvist")),
        (
            ("does not support ssl", "certificate", "ssl", "root.crt"),
            _("serveren kan ikke TLS med et godkendt certifikat"),
        ),
        (("database", "does not exist"), _("databasen findes ikke")),
        (("timeout", "timed out"), _("serveren svarede ikke")),
    )
    return next((reason for words, reason in kinds if any(w in said for w in words)), _("serveren kan ikke nås"))


def _why_no_rows(error: psycopg.Error) -> str:
    """A mistake in the query as the server says it (class 42, which names columns and no data); else its number."""
    state = error.sqlstate or ""
    if state.startswith("42") and error.diag.message_primary:
        return error.diag.message_primary
    return _("der skrives ikke i lageret") if state == "25006" else _("fejl {nummer}").format(nummer=state or "–")
