"""Files of one kind as one source in reconcile.toml: together with what stands there, tried, and with what is open."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconcile.errors import ConfigError
from reconcile.i18n import _
from reconcile.resources import TEMPLATES
from reconcile.runs.adding import Asker, File, settings
from reconcile.runs.trial import Trial, try_source
from reconcile.runs.workspace import first_masteroversigt
from reconcile.settings.config import absent
from reconcile.settings.faults import syntax_sentence
from reconcile.sources.cells import fold
from reconcile.sources.patterns import find_files


@dataclass
class Proposal:
    """One source: its files, what is to be written, and what came of reading it.

    ``known``: every file is in reconcile.toml already. ``open``: why it must not be written.
    """

    table: str
    files: list[File]
    values: dict[str, Any] = field(default_factory=dict)
    trial: Trial = field(default_factory=Trial)
    known: bool = False
    open: str = ""


def config_text(path: Path) -> str:
    """reconcile.toml as it stands.

    Raises:
        ConfigError: there is none, or it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        tomllib.loads(text)
    except FileNotFoundError:
        raise absent(path) from None
    except UnicodeDecodeError:
        raise ConfigError(_("{fil} er ikke i UTF-8. Gem den igen som UTF-8.").format(fil=path.name)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(syntax_sentence(path.name, str(error))) from None
    except OSError as error:
        raise ConfigError(_("{fil} kan ikke læses: {grund}").format(fil=path, grund=error.strerror)) from None
    return text


def propose(files: Sequence[File], text: str, folder: Path, ask: Asker) -> Proposal:
    """The source that files of one kind are, with what ``text`` (reconcile.toml) has of it already."""
    table = files[0].table
    there: Mapping[str, Any] = tomllib.loads(text).get("kilder", {}).get(table, {})
    old = _kept(table, there, folder)
    have = {path.resolve() for path in find_files(folder, old)[0]} if old else set()
    made = Proposal(table, list(files))
    new = [file for file in files if file.path.resolve() not in have]
    if not new:
        made.known = True
        made.trial = try_source(table, {"filer": old, **{k: v for k, v in there.items() if k != "filer"}}, folder)
        return made
    made.values = settings(new, folder, "")
    made.open = _differs(there, made.values)
    if made.open:
        return made
    made.values["filer"] = [*old, *made.values["filer"]]
    whole = {**there, **made.values, "kolonner": {**there.get("kolonner", {}), **made.values.get("kolonner", {})}}
    made.trial = try_source(table, whole, folder)
    if made.trial.serie == "tvivl":
        serie = _serie(table, ask)
        if not serie:
            made.open = made.open or made.trial.wrong
            return made
        made.values["serie"] = serie
        made.trial = try_source(table, {**whole, "serie": serie}, folder)
    elif made.trial.serie == "hele" and not there.get("serie"):
        made.values["serie"] = "hele"
    order = ("filer", "ark", "enhed", "serie", "kolonner")
    made.values = {key: made.values[key] for key in order if key in made.values}
    return made


def _kept(table: str, there: Mapping[str, Any], folder: Path) -> list[str]:
    """The files that stay in the source: but for the masteroversigt of a new working folder, where nobody has changed it."""
    files = list(there.get("filer", ()))
    if table == "masteroversigt" and files == ["masteroversigt.csv"]:
        path = folder / files[0]
        if path.is_file() and path.read_text(encoding="utf-8-sig").splitlines() == first_masteroversigt().splitlines():
            return []
    return files


def _differs(there: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Why new files cannot be read with what stands in the source; nothing where they can."""
    if there.get("database"):
        return _("kilden læses i en database; slet «database» i reconcile.toml, hvis den skal læses i filer.")
    columns = there.get("kolonner", {})
    for column, header in new.get("kolonner", {}).items():
        if column in columns and fold(columns[column]) != fold(header):
            text = _("{kolonne} er «{der}» i reconcile.toml, men «{her}» i filen; kald dem det samme.")
            return text.format(kolonne=column, der=columns[column], her=header)
    if there and there.get("enhed", 0) != new.get("enhed", 0):
        return _("enhed er {der} i reconcile.toml, men {her} i filen.").format(
            der=there.get("enhed", 0), her=new.get("enhed", 0)
        )
    return ""


def _serie(table: str, ask: Asker) -> str:
    choices = {
        "hele": _("hver fil er et helt udtræk: det nyeste gælder"),
        "dele": _("filerne er dele: de lægges sammen"),
    }
    place = ask.choose(_("{kilde}: hvad er filerne for hinanden?").format(kilde=table), list(choices.values()))
    return "" if place is None else list(choices)[place]


def is_untouched(text: str) -> bool:
    """Whether the kommune of reconcile.toml is still the one that the template has."""
    kommune = tomllib.loads(text).get("kommune", {})
    template = tomllib.loads((TEMPLATES / "reconcile.toml").read_text(encoding="utf-8"))["kommune"]
    return str(kommune.get("kode", "")) in ("", template["kode"]) and kommune.get("navn", "") in ("", template["navn"])
