"""Dated reference data: codes with validity, kommuner, accounts, the staircase. Facts change here, not in code.

Each CSV (``;``, UTF-8) becomes the table ``ref_<name>``; its columns and types stand in ``TABLES``. Where each table
comes from and of which date stands in ``docs/referencedata.md``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache

from reconcile.engine.base import Engine
from reconcile.resources import REFERENCE

TABLES: Mapping[str, Mapping[str, str]] = {
    "ydelseskode": {
        "dst_kode": "VARCHAR",
        "paragraf": "VARCHAR",
        "tekst": "VARCHAR",
        "statbank": "VARCHAR",
        "gyldig_fra": "DATE",
        "gyldig_til": "DATE",
        "kilde": "VARCHAR",
    },
    "kommune": {"kommune": "VARCHAR", "navn": "VARCHAR", "region": "VARCHAR"},
    "indberetter": {"kommune": "VARCHAR", "for_kommune": "VARCHAR", "undtagne_koder": "VARCHAR"},
    "konto_kobling": {
        "dst_kode": "VARCHAR",
        "maalgruppe": "VARCHAR",
        "niveau": "VARCHAR",
        "konto": "VARCHAR",
    },
    "ydelsesgruppe": {"dst_kode": "VARCHAR", "gruppe": "VARCHAR", "kilde": "VARCHAR"},
    "noegletal_omraade": {
        "omraade": "VARCHAR",
        "gruppe": "VARCHAR",
        "dst_kode": "VARCHAR",
        "funktion": "VARCHAR",
        "grupperinger": "VARCHAR",
        "kilde": "VARCHAR",
    },
    "ffb_katalog": {
        "uuid": "VARCHAR",
        "navn": "VARCHAR",
        "slags": "VARCHAR",
        "overordnet": "VARCHAR",
        "paragraf": "VARCHAR",
        "dst_koder": "VARCHAR",
        "ogsaa_normal_paa": "VARCHAR",
    },
    "maalgruppe": {"kode": "VARCHAR", "tekst": "VARCHAR", "kilde": "VARCHAR"},
    "funktionsvurdering": {"kode": "VARCHAR", "tekst": "VARCHAR", "kilde": "VARCHAR"},
    "funktion": {"funktion": "VARCHAR", "tekst": "VARCHAR"},
    "gruppering": {
        "funktion": "VARCHAR",
        "dranst": "VARCHAR",
        "gruppering": "VARCHAR",
        "tekst": "VARCHAR",
        "kilde": "VARCHAR",
    },
    "yr_trappe": {
        "fra_uge": "BIGINT",
        "til_uge": "BIGINT",
        "trin": "BIGINT",
        "refusionssats": "DECIMAL(9,4)",
        "medfinansieringssats": "DECIMAL(9,4)",
        "gyldig_fra": "DATE",
        "gyldig_til": "DATE",
        "kilde": "VARCHAR",
    },
    "yr_ydelse": {
        "ydelse": "VARCHAR",
        "finansiering": "VARCHAR",
        "trappe": "BOOLEAN",
        "gyldig_fra": "DATE",
        "gyldig_til": "DATE",
        "kilde": "VARCHAR",
    },
    "yr_regel": {
        "navn": "VARCHAR",
        "vaerdi": "DECIMAL(18,2)",
        "gyldig_fra": "DATE",
        "gyldig_til": "DATE",
        "kilde": "VARCHAR",
    },
    "yr_konto": {
        "ydelse": "VARCHAR",
        "finansiering": "VARCHAR",
        "trin": "BIGINT",
        "konto": "VARCHAR",
        "fortegn": "BIGINT",
        "gyldig_fra": "DATE",
        "gyldig_til": "DATE",
        "kilde": "VARCHAR",
    },
}


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a reference table as text."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle, delimiter=";"))


def load_reference(engine: Engine) -> None:
    """Create every ``ref_<name>`` table in the engine; an empty cell is NULL."""
    for name, types in TABLES.items():
        engine.add_rows(f"ref_{name}", types, [[row[column] or None for column in types] for row in rows(name)])


@cache
def forms() -> Mapping[str, str]:
    """What a cell of ``maalgruppe`` (several with ``|`` between) and of ``funktionsvurdering`` is, as patterns for it in lower
    case: a code of the list, its text or both; målgrupper under one of the outermost codes too."""
    codes = [row["kode"] for row in rows("maalgruppe")]
    leaves = [code for code in codes if not any(other.startswith(f"{code}.") for other in codes)]
    group = rf"({_words('maalgruppe')}|({'|'.join(map(re.escape, leaves))})(\.[0-9]+)+)"
    return {"maalgruppe_form": rf"{group}(\|{group})*", "funktionsvurdering_form": _words("funktionsvurdering")}


def _words(name: str) -> str:
    pairs = [(re.escape(row["kode"].lower()), re.escape(row["tekst"].lower())) for row in rows(name)]
    return "(" + "|".join(rf"{code}([ .:-]+{text})?|{text}" for code, text in pairs) + ")"


@cache
def kommuner() -> Mapping[str, str]:
    """Kommunekode → name."""
    return {row["kommune"]: row["navn"] for row in rows("kommune")}


@cache
def statbank_codes() -> Mapping[str, str]:
    """StatBank's ydelsestype → dst_kode (30011 → 1.1)."""
    return {row["statbank"]: row["dst_kode"] for row in rows("ydelseskode") if row["statbank"]}


@cache
def dst_codes() -> frozenset[str]:
    """Every known dst_kode."""
    return frozenset(row["dst_kode"] for row in rows("ydelseskode"))


@cache
def functions() -> frozenset[str]:
    """Every known funktion, five digits."""
    return frozenset(row["funktion"] for row in rows("funktion"))


def own_kommuner(kommune: str) -> tuple[str, ...]:
    """The kommune and those it reports for (Ishøj for Vallensbæk, Tårnby for Dragør)."""
    return (kommune, *(row["for_kommune"] for row in rows("indberetter") if row["kommune"] == kommune))
