"""What was written about cases in the workbook: ``bemaerkninger.toml`` in the working folder, and how it is read back.

The sheet «Sager» has columns to write in. A row is known by its case, wherever it has been sorted or moved to; its key holds
what stood in it when the workbook was made, so that two workbooks that were worked in side by side meet as a merge of three.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from reconcile.errors import ConfigError, InputError
from reconcile.files import locked
from reconcile.i18n import N_, _
from reconcile.privacy import door
from reconcile.results.cases import Case
from reconcile.results.cells import sealed

REMARKS = "bemaerkninger.toml"
#: What the work on a case can stand at; the list of the workbook's column.
STATES = (N_("ikke begyndt"), N_("i gang"), N_("venter på andre"), N_("færdig"))
_HEADING = N_("# Bemærkninger til sager, læst fra arket Sager i rapport.xlsx. De følger sagen fra kørsel til kørsel.\n")


class Remark(BaseModel):
    """What is written about a case: the remark, who has it, and how far the work is; empty where nothing is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bemaerkning: str = ""
    ansvarlig: str = ""
    arbejdsstatus: str = ""


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sag: Mapping[str, Remark] = {}
    #: SHA-256 of the workbooks that have been read back.
    laest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remarks:
    """The remarks of a working folder by case, and the workbooks they have been read from."""

    by_case: Mapping[str, Remark]
    read: tuple[str, ...] = ()


NOTHING = Remark()


def read_remarks(folder: Path) -> Remarks:
    """The remarks in a working folder; none without the file.

    Raises:
        ConfigError: the file cannot be used.
    """
    path = folder / REMARKS
    try:
        told = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        return Remarks({})
    except (OSError, ValueError, ValidationError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigError(_("{fil} kan ikke læses: {grund}").format(fil=path, grund=reason)) from None
    return Remarks(told.sag, told.laest)


def write_remarks(folder: Path, remarks: Remarks) -> Path:
    """Replace the remarks of a working folder.

    Raises:
        InputError: the file cannot be written; it is then as it was.
    """
    import tomlkit

    path = folder / REMARKS
    document = tomlkit.document()
    document.add("laest", list(remarks.read))
    cases = tomlkit.table()
    for name, remark in sorted(remarks.by_case.items()):
        if remark != NOTHING:
            cases.add(tomlkit.key(name), {key: door.by_form(text) for key, text in remark.model_dump().items() if text})
    document.add("sag", cases)
    try:
        with locked(path):
            door.write_whole(path, (_(_HEADING) + "\n" + tomlkit.dumps(document)).encode("utf-8"))
    except OSError as error:
        text = _("{fil} kan ikke skrives: {grund}. Den er uændret.")
        raise InputError(text.format(fil=path, grund=error.strerror or error)) from None
    return path


def remarked(cases: Iterable[Case], remarks: Mapping[str, Remark]) -> tuple[Case, ...]:
    """The cases with what is written about them."""
    made = []
    for case in cases:
        remark = remarks.get(case.sag_id, NOTHING)
        made.append(
            replace(
                case,
                bemaerkning=remark.bemaerkning or None,
                ansvarlig=remark.ansvarlig or None,
                arbejdsstatus=remark.arbejdsstatus or None,
            )
        )
    return tuple(made)


def key_of(size: str, remark: Remark) -> str:
    """The key of a row: the size of the case, and a digest of what is written about it when the workbook is made."""
    return f"{sealed(size)}#{digest(remark)}"


def digest(remark: Remark) -> str:
    """A short digest of a remark, by which a workbook tells whether somebody wrote in its row."""
    return sealed("\x1f".join(remark.model_dump().values()))[1:]
