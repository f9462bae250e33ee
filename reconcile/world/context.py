"""What every control needs to know about the run it is part of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reconcile.domain.periods import Quarter
from reconcile.engine.duckdb import Engine
from reconcile.settings.config import Regler


@dataclass(frozen=True)
class Context:
    """One run: the engine with the canonical tables loaded, the options, and what the sources have.

    Attributes:
        engine: the database with every canonical table (empty where a source is absent) and the ``ref_*`` tables.
        kommune: the own kommunekode, three digits.
        regler: thresholds and options from ``[regler]``.
        chosen: the quarters of ``--period``; empty when the user chose none.
        perioder: the quarters that are judged and shown.
        present: source name → the canonical columns it has; a source that is not there is not in it.
        pseudonym: CPR → pseudonym.
        today: the day of the run.
        codes: the dst_koder of ``--kode``; empty: all.
        split: the dimensions of ``--split`` that nøgletal are split by.
        own_rules: the municipality's own folder of suites, or None.
    """

    engine: Engine
    kommune: str
    regler: Regler
    chosen: tuple[Quarter, ...]
    perioder: tuple[Quarter, ...]
    present: Mapping[str, frozenset[str]]
    pseudonym: Callable[[str], str]
    today: date
    codes: frozenset[str] = frozenset()
    split: tuple[str, ...] = ()
    own_rules: Path | None = None

    def has(self, source: str, *columns: str) -> bool:
        """Whether a source is there, with all these columns."""
        return source in self.present and self.present[source].issuperset(columns)
