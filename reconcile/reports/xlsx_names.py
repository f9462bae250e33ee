"""The key figures of a run that have a defined name in the workbook: a formula or a link to one holds from run to run.

Tables have names of their own (``sager``, ``hand07_diff`` …), and Excel gives a name to one thing only; these are the figures
that stand in no table. A name is there in every run and language; what a run has not compared is an empty cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconcile.i18n import N_, _
from reconcile.reports import counts
from reconcile.reports.export import run_row
from reconcile.reports.verdict import judge
from reconcile.reports.verdict_hand07 import Compared, compared_figures
from reconcile.results.rows import RunResult, Severity


@dataclass(frozen=True)
class NamedFigure:
    """A figure with its defined name and what it is, in words."""

    name: str
    what: str
    value: str | int | None


#: The run's own, as in the table ``koersel`` of ``--export``.
_RUN: Mapping[str, str] = {
    "kommune": N_("Kommunens kode"),
    "navn": N_("Kommunens navn"),
    "perioder": N_("Kvartalerne"),
    "afslutningskode": N_("Afslutningskode: 0 alt stemmer, 1 noget skal undersøges"),
    "aabne_celler": N_("Åbne celler"),
    "karantaene": N_("Rækker i karantæne"),
}
_COMPARED: Mapping[str, tuple[str, Callable[[Compared], int]]] = {
    "ydelser": (N_("Ydelser, der er sammenlignet med Danmarks Statistik"), lambda made: len(made.agreeing[1])),
    "ydelser_stemmer": (N_("Ydelser, der stemmer i alle kvartaler"), lambda made: len(made.agreeing[0])),
    "sammenligninger": (N_("Sammenligninger: en ydelse i et kvartal"), lambda made: len(made.compared)),
    "forskelle": (N_("Forskelle til Danmarks Statistik"), lambda made: len(made.different)),
    "forskelle_forklaret": (N_("Forskelle, der er forklaret"), lambda made: len(made.explained)),
}
_CASES: Mapping[str, tuple[str, Severity]] = {
    "sager_fejl": (N_("Sager med fejl"), Severity.ERROR),
    "sager_advarsel": (N_("Sager med advarsel"), Severity.WARNING),
    "sager_oplysning": (N_("Sager med oplysning"), Severity.INFORMATION),
}
#: What every name begins with.
PREFIX = "koersel_"


def named_figures(result: RunResult) -> tuple[NamedFigure, ...]:
    """The figures in the order they are shown."""
    run, compared, cases = run_row(result), compared_figures(result), counts.severities(result)
    made: list[tuple[str, str, str | int | None]] = [("dom", N_("Dommen"), judge(result).tag)]
    for name, what in _RUN.items():
        value = getattr(run, name)
        made.append((name, what, ", ".join(value) if isinstance(value, tuple) else value))
    made += [(name, what, count(compared) if compared.asked else None) for name, (what, count) in _COMPARED.items()]
    made += [(name, what, cases[grade]) for name, (what, grade) in _CASES.items()]
    return tuple(NamedFigure(f"{PREFIX}{name}", _(what), value) for name, what, value in made)
