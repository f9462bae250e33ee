"""``reconcile`` from Python: a run, or a published one read back, with its tables as pandas DataFrames.

Nothing is printed. What the command line says as a mistake is raised as a ``reconcile.errors.ReconcileError``.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, get_type_hints

from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.results.rows import Finding, ResultTable, RunResult

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Run:
    """A run: ``result`` as the reports are made of it, and how it is saved."""

    result: RunResult
    _save: Callable[[Path], None]

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables the run made, by name: counts are ``Int64``, decimals exact ``Decimal``, dates ``date``."""
        return {table.name: _frame(table) for table in self.result.tables}

    @cached_property
    def findings(self) -> pd.DataFrame:
        """The findings, with the columns of ``fund.csv``."""
        return _frame(ResultTable("fund", Finding, self.result.findings))

    @property
    def cases(self) -> pd.DataFrame:
        """The cases (table ``sager``).

        Raises:
            InputError: the run made no such table.
        """
        if "sager" not in self.tables:
            raise InputError(_("Kørslen har ingen tabel, der hedder {navn}.").format(navn="sager"))
        return self.tables["sager"]

    @property
    def verdict(self) -> str:
        """The sentence the report begins with."""
        from reconcile.reports.verdict import judge

        return judge(self.result).headline

    @property
    def exit_code(self) -> int:
        """0 when everything agrees, is explained or accepted; else 1."""
        return self.result.exit_code

    def save(self, folder: str | Path) -> None:
        """Write the reports to a folder, as the command line does.

        Raises:
            InputError: the folder cannot be written to; nothing is changed.
        """
        self._save(Path(folder))


def run(config: str | Path = "reconcile.toml", period: str | None = None, *, engine: str = "duckdb") -> Run:
    """Run all controls on the sources of a ``reconcile.toml``; writes nothing until it is saved.

    ``period`` is a quarter (``2020K3``), a year or a span; without it, every quarter of the files. ``engine`` is where views
    and rules are computed: ``duckdb``, or ``spark`` as ``[spark]`` says.

    Raises:
        ConfigError: the configuration cannot be used.
        InputError: a source, the period or the engine cannot be used.
    """
    from reconcile.controls.redelivery_prints import keep
    from reconcile.domain.periods import parse_choice
    from reconcile.history.register import note_published
    from reconcile.reports.publish import publish
    from reconcile.rules.catalogue import load_rules
    from reconcile.runs.followup import follow_up
    from reconcile.runs.pipeline import Request, execute, own_rules, sources_read
    from reconcile.runs.where import ENGINES, spark_place
    from reconcile.settings.config import load_config
    from reconcile.sources.warehouse import database_passwords

    settings = load_config(Path(config))
    chosen = parse_choice(period) if period else ()
    if chosen is None:
        raise InputError(_("{periode} er ikke en periode. Skriv fx 2020K3 eller 2020.").format(periode=period))
    if engine not in ENGINES:
        text = _("engine kan ikke være {navn}; skriv duckdb eller spark.")
        raise InputError(text.format(navn=repr(engine)))
    started = datetime.now().astimezone().replace(microsecond=0)
    passwords = database_passwords(settings, sources_read("run"), None)
    request = Request("run", settings, chosen, passwords=passwords, spark=spark_place(engine, settings))
    found, loaded, new_print = execute(request, started)
    result = follow_up(found, settings, settings.folder / "ud" / f"{started:%Y-%m-%d-%H%M%S}")

    def save(folder: Path) -> None:
        """Publish the run's reports in a folder, and remember them as ``reconcile run`` does."""
        rules = load_rules(own_rules(settings))
        publish(result, folder, lambda _text: None, quarantined=loaded.quarantined, rules=rules)
        if new_print:
            keep(settings.folder, new_print)
        note_published(settings, folder)

    return Run(result, save)


def load(folder: str | Path) -> Run:
    """A published run read back, checked against its manifest. Saving it copies its files.

    Raises:
        InputError: it is not a run, a file is not as the run left it, or it is from another version.
    """
    from reconcile.history.decode import decode
    from reconcile.history.published import read_run

    published = read_run(Path(folder))

    def save(target: Path) -> None:
        """Copy the published reports to a folder that is not there yet; refused with the reason where that fails."""
        try:
            shutil.copytree(folder, target)
        except OSError as error:
            text = _("Der kan ikke skrives i {mappe}: {grund}.")
            raise InputError(text.format(mappe=target, grund=error.strerror or _("den findes i forvejen"))) from None

    return Run(decode(published), save)


def _frame(table: ResultTable) -> pd.DataFrame:
    import pandas as pd

    hints = get_type_hints(table.row_type)
    columns = {}
    for name in table.columns:
        kind = "Int64" if hints.get(name) in (int, int | None) else "object"
        columns[name] = pd.Series([getattr(row, name) for row in table.rows], dtype=kind)
    return pd.DataFrame(columns)
