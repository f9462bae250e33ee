"""The tables of a published run, read back as the typed rows they were made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, get_args, get_type_hints

from reconcile.controls.approved import ApprovedQuarter
from reconcile.controls.landscape import LandscapeRow
from reconcile.controls.lempelser import Leniency
from reconcile.errors import InputError
from reconcile.history.accepted import AcceptedRow
from reconcile.history.published import Published
from reconcile.history.since import FigureMoved, FindingSince, SinceRow
from reconcile.i18n import _
from reconcile.reports.restore import restore
from reconcile.results import hand07, noegletal, ottetal, redelivery, rows, yr
from reconcile.runs.followup import ApprovalRow

#: The type of a row of every result table, by the name of the table.
ROW_TYPES: Mapping[str, type] = {
    "hand07_diff": rows.Hand07Cell,
    "bro": rows.BridgeStep,
    "bro_borgere": rows.BridgePerson,
    "hand01_diff": hand07.Hand01Cell,
    "bro_fuldtid": hand07.VolumeStep,
    "bro_fuldtid_borgere": hand07.VolumePerson,
    "flis_dage": hand07.FlisDays,
    "celle_borgere": hand07.CellPerson,
    "kandidater": hand07.Candidate,
    "harmonisering": rows.Harmonisation,
    "uden_foedselsdato": hand07.Undated,
    "godkendelser": ApprovedQuarter,
    "ottetal": rows.OttetalCell,
    "ottetal_kanter": ottetal.OttetalEdge,
    "ottetal_aarsager": ottetal.OttetalCause,
    "ottetal_borgere": ottetal.OttetalPerson,
    "ottetal_beloeb": ottetal.OttetalAmount,
    "ottetal_kroner": ottetal.OttetalKroner,
    "regnskab_diff": ottetal.AccountCell,
    "ottetal_udeladt": ottetal.OttetalLeftOut,
    "post_diff": rows.RecordDifference,
    "yr_uge": rows.YrWeek,
    "yr_maal": yr.YrMeasure,
    "yr_trappe": yr.YrStaircase,
    "yr_forloeb": yr.YrCareerWeek,
    "yr_regnskab": yr.YrLedger,
    "yr_tab": yr.YrLoss,
    "yr_tab_aar": yr.YrYearLoss,
    "yr_andre": yr.YrOther,
    "yr_doede_uger": yr.YrDeadWeeks,
    "noegletal_vh": noegletal.NoegletalVh,
    "noegletal_fordelt": noegletal.NoegletalSplit,
    "flow": noegletal.Flow,
    "varighed": noegletal.Duration,
    "varighed_afsluttet": noegletal.Ended,
    "kombinationer": noegletal.Combination,
    "tilbud": noegletal.Tilbud,
    "lempelser": Leniency,
    "datalandskab": LandscapeRow,
    "genlevering": redelivery.CourseChange,
    "genlevering_tal": redelivery.CountMoved,
    "accepterede": AcceptedRow,
    "siden_sidst": SinceRow,
    "fund_siden_sidst": FindingSince,
    "tal_siden_sidst": FigureMoved,
    "godkendelse": ApprovalRow,
}

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def decode(run: Published) -> rows.RunResult:
    """The result of a published run with every table typed: exact decimals, dates, enumerations.

    Raises:
        InputError: ``resultat.json`` is from another version and lacks something.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        tables = tuple(
            rows.ResultTable(name, kind, TypeAdapter(list[kind]).validate_python(_rows(kind, run.result[name])))  # type: ignore[valid-type]
            for name, kind in ROW_TYPES.items()
            if name in run.result
        )
    except (ValidationError, TypeError, AttributeError, KeyError, ValueError):
        text = _("Rapporten i {mappe} er fra en anden version af reconcile. Kør igen, og send den nye.")
        raise InputError(text.format(mappe=run.manifest.folder)) from None
    return replace(restore(run), tables=tables)


def _rows(kind: type, value: Any) -> list[Any]:
    """The rows as they are written: ``harmonisering`` is an object with a rule to a key, and what is a day or a text is a
    day where it is written as one."""
    if isinstance(value, Mapping):
        return [{"regel": rule.replace("_", " "), **counts} for rule, counts in value.items()]
    either = [name for name, hint in get_type_hints(kind).items() if {date, str} <= set(get_args(hint))]
    return [{**row, **{name: _day(row[name]) for name in either}} for row in value]


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) and _ISO_DAY.fullmatch(value) else value
