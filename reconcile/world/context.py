"""What every control needs to know about the run it is part of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from reconcile.domain.periods import Quarter
from reconcile.engine.base import Engine
from reconcile.engine.duckdb import Engine as DuckDB
from reconcile.settings.config import Noegletal, Regler
from reconcile.sources.load import Loaded

T = TypeVar("T")


def no_key(_cpr: str) -> str:
    """The pseudonym of a run that reads no persons.

    Raises:
        RuntimeError: always; a control asked for a person where none can be.
    """
    raise RuntimeError("a pseudonym was asked for in a run without a key")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a run is asked for, before anything is read.

    Attributes:
        kommune: the own kommunekode, three digits. Views read the table ``egen_kommune``, which has one row for each code
            the kommune has had, so that a run over several kommuner is more rows there and a filter here.
        regler: thresholds and options from ``[regler]``.
        today: the day of the run.
        chosen: the quarters of ``--period``; empty when the user chose none.
        codes: the dst_koder of ``--kode``; empty: all.
        split: the dimensions of ``--split`` that nøgletal are split by.
        yr_split: the factors that the measures of Ydelsesrefusion are split by.
        pseudonym: CPR → pseudonym.
        noegletal: what the key figures rest on, from ``[noegletal]``.
        own_rules: the municipality's own folder of suites, or None.
        persons_a_pass: of how many persons the tables of YR are made at a time; 0: as many as fit in memory.
        folder: the working folder, where earlier deliveries are read; None: there are none.
    """

    kommune: str
    regler: Regler
    today: date
    chosen: tuple[Quarter, ...] = ()
    codes: frozenset[str] = frozenset()
    split: tuple[str, ...] = ()
    yr_split: tuple[str, ...] = ()
    pseudonym: Callable[[str], str] = no_key
    own_rules: Path | None = None
    noegletal: Noegletal = field(default_factory=Noegletal)
    persons_a_pass: int = 0
    folder: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Context(Asked):
    """One run: the engine with the canonical tables loaded, the options, and what the sources have.

    Attributes:
        engine: where views and rules are computed: it has every canonical table (empty where a source is absent) and the
            ``ref_*`` tables.
        reader: the database that the sources were read into. It is the engine itself, unless the run is on Spark.
        perioder: the quarters that are judged and shown.
        loaded: what was read: files, columns, remarks, rows set aside.
    """

    engine: Engine
    reader: DuckDB
    perioder: tuple[Quarter, ...]
    loaded: Loaded
    driver_world: Context | None = field(default=None, repr=False)
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def driver(self) -> Context:
        """The same world in the database the sources were read into, for what keeps or compares persons by pseudonym: that
        stays on this machine, wherever the views are computed."""
        return self.driver_world or self

    @property
    def present(self) -> Mapping[str, frozenset[str]]:
        """Source name → the canonical columns it has; a source that is not there is not in it."""
        return self.loaded.present

    def has(self, source: str, *columns: str) -> bool:
        """Whether a source is there, with all these columns."""
        return source in self.present and self.present[source].issuperset(columns)

    def need(self, build: Callable[[Context], T]) -> T:
        """What ``build`` makes of this world: views and tables shared by controls, made when first asked for and once.

        Whoever reads a shared table asks for its builder here, and so never depends on which controls ran before.
        """
        if build not in self._made:
            self._made[build] = build(self)
        made: T = self._made[build]
        return made

    def take_over(self, other: Context, builds: Iterable[Callable[[Context], object]]) -> None:
        """What another world in the same engine has built counts as built here."""
        self._made.update({build: other._made[build] for build in builds if build in other._made})
