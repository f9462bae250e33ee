"""Microsoft SQL Server through Microsoft's own driver: values as Python objects, each written as the text it is.

Nothing is ever committed. Off this machine the connection is encrypted and the server's certificate verified.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reconcile.i18n import _
from reconcile.settings.config import Kilde
from reconcile.settings.database import Database
from reconcile.sources.cells import NUMBER, cell_text
from reconcile.sources.dbapi import Delivery, no_connection, no_driver, no_rows, statement, too_slow

#: Seconds a login may take.
LOGIN_TIMEOUT = 30
_BATCH = 10_000
_COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def read(database: Database, source: Kilde, password: str, ca_file: Path | None, path: Path) -> Delivery:
    """Write the rows of a source to ``path`` as CSV without a header.

    Raises:
        InputError: the driver is missing, there is no connection, or the query cannot be run.
    """
    try:
        import mssql_python as driver
    except (ImportError, OSError, RuntimeError):  # it loads libraries of the system's
        raise no_driver("sqlserver") from None
    try:
        connection = driver.connect(connection_string(database, password, ca_file), timeout=LOGIN_TIMEOUT)
    except (driver.Error, RuntimeError, ValueError) as error:
        raise no_connection(_why(error)) from None
    try:
        connection.timeout = database.tidsgraense
        cursor = connection.cursor()
        cursor.execute(statement(source, "[", "]"))
        headers = tuple(str(column[0]) for column in cursor.description or ())
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(_rows(cursor))
    except (driver.Error, RuntimeError) as error:
        slow = "timeout" in str(error).lower()
        raise too_slow(database) if slow else no_rows(_why(error)) from None
    finally:
        connection.rollback()
        connection.close()
    return Delivery(headers, tuple(f"c{place}" for place in range(len(headers))))


def connection_string(database: Database, password: str, ca_file: Path | None) -> str:
    """What the driver is given; every value stands in braces, so that none can be another option."""
    address = database.address
    server = f"{address.host},{address.port}" if address.port else address.host
    given = {"Server": server, "Database": address.database, "ApplicationIntent": "ReadOnly"}
    given |= {"UID": address.user, "PWD": password} if address.user else {"Trusted_Connection": "yes"}
    if address.loopback:
        given |= {"Encrypt": "yes", "TrustServerCertificate": "yes"}
    else:
        given |= {"Encrypt": "yes", "TrustServerCertificate": "no"}
        if ca_file:
            given["ServerCertificate"] = str(ca_file)
    return "".join(f"{name}={{{value.replace('}', '}}')}}};" for name, value in given.items())


def _rows(cursor: Any) -> Iterator[list[str]]:
    while batch := cursor.fetchmany(_BATCH):
        for row in batch:
            yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    """A value as the reader knows it from a workbook; whole numbers and decimals have all their digits."""
    match cell:
        case None:
            return ""
        case bool():
            return cell_text(cell)
        case int():
            return f"{NUMBER}{cell}"
        case Decimal():
            return f"{NUMBER}{cell:f}"
        case datetime() if cell.tzinfo is not None:
            return cell_text(cell.astimezone(_COPENHAGEN))
        case _other:
            return cell_text(cell)


def _why(error: Exception) -> str:
    """The general words of the state, which the driver has of its own; the server's text names server and user."""
    return str(getattr(error, "driver_error", "")) or _("fejlen er {slags}").format(slags=type(error).__name__)
