"""What the drivers of the warehouse have in common: what they deliver, and what goes wrong as sentences.

No text names the server, the user or the query.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconcile.domain.cpr import mask
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.settings.config import Kilde
from reconcile.settings.database import Database


@dataclass(frozen=True)
class Delivery:
    """What a driver wrote: the header of each column, and SQL that makes a cell of its column as the reader knows it."""

    headers: tuple[str, ...]
    cells: tuple[str, ...]


def statement(source: Kilde, before: str, after: str) -> str:
    """The query of a source. The parts of ``skema.navn`` stand in the database's own quotes (``before`` and ``after``),
    so that a name is never anything else."""
    if source.tabel:
        parts = (f"{before}{part.replace(after, after * 2)}{after}" for part in source.tabel.split("."))
        return f"SELECT * FROM {'.'.join(parts)}"
    return source.forespoergsel.strip().rstrip(";")


def no_driver(extra: str) -> InputError:
    """A driver is not installed."""
    text = _("driveren mangler; installér den med: pip install 'reconcile[{ekstra}]'")
    return InputError(text.format(ekstra=extra))


def no_connection(reason: str) -> InputError:
    """The database could not be reached; ``reason`` names neither server nor user."""
    return InputError(_("der er ingen forbindelse til databasen ({grund}).").format(grund=mask(reason)[:200]))


def no_rows(reason: str) -> InputError:
    """The query could not be run."""
    return InputError(_("databasen kunne ikke levere rækkerne ({grund}).").format(grund=mask(reason)[:200]))


def too_slow(database: Database) -> InputError:
    """The query took too long."""
    text = _("forespørgslen tog over {antal} sekunder og er afbrudt; sæt tidsgraense op, eller begræns den.")
    return InputError(text.format(antal=database.tidsgraense))
