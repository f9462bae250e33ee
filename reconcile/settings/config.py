"""reconcile.toml as frozen models: every mistake at once, each with where it is and «mente du …?».

What a key means and its default stand in ``settings/sections.py`` and nowhere else.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from reconcile.domain.canonical import TABLES
from reconcile.domain.cpr import mask
from reconcile.errors import ConfigError, did_you_mean, listed
from reconcile.files import finish_together
from reconcile.i18n import _
from reconcile.settings.database import Database
from reconcile.settings.faults import fault_sentence, real_faults, syntax_sentence
from reconcile.settings.mail import Mail
from reconcile.settings.sections import (
    Frozen,
    Godkendelse,
    Kilde,
    Kommune,
    Noegle,
    Noegletal,
    Regler,
    Statbank,
    Yr,
    may_be_asked,
)
from reconcile.settings.spark import Spark

__all__ = [
    "Config",
    "Godkendelse",
    "Kilde",
    "Kommune",
    "Noegle",
    "Noegletal",
    "Regler",
    "Statbank",
    "Yr",
    "load_config",
    "may_be_asked",
]


class _File(Frozen):
    kommune: Kommune
    kilder: Mapping[str, Kilde]
    database: Mapping[str, Database] = Field(default_factory=dict)
    regler: Regler = Regler()
    noegletal: Noegletal = Noegletal()
    godkendelse: Godkendelse = Godkendelse()
    noegle: Noegle = Noegle()
    statbank: Statbank = Statbank()
    yr: Yr = Yr()
    spark: Spark = Spark()
    mail: Mail = Mail()


class Config(Frozen):
    """reconcile.toml and the folder its paths are relative to."""

    kommune: Kommune
    kilder: Mapping[str, Kilde]
    database: Mapping[str, Database]
    regler: Regler
    noegletal: Noegletal
    godkendelse: Godkendelse
    noegle: Noegle
    statbank: Statbank
    yr: Yr
    spark: Spark
    mail: Mail
    folder: Path
    sha256: str

    @property
    def key_file(self) -> Path:
        """The file with the secret key."""
        return self.folder / self.noegle.fil


def absent(path: Path) -> ConfigError:
    """What is said where there is no reconcile.toml: the folders below that have one, or how one is made."""
    below = [found.parent.name for found in sorted(path.parent.glob(f"*/{path.name}"))]
    if len(below) > 1:
        text = _("Flere mapper har en reconcile.toml ({mapper}); gå ind i den ene, eller peg med --config.")
        return ConfigError(text.format(mapper=", ".join(below)))
    text = _("{fil} findes ikke. Kør «reconcile init» for at lave en arbejdsmappe, eller peg med --config.")
    return ConfigError(text.format(fil=path))


def load_config(path: Path) -> Config:
    """Read reconcile.toml.

    Raises:
        ConfigError: the file is absent, not TOML, or has mistakes; all of them are named.
    """
    try:
        finish_together(path.parent)
        raw = path.read_bytes()
    except FileNotFoundError:
        raise absent(path) from None
    except OSError as error:
        raise ConfigError(_("{fil} kan ikke læses: {grund}").format(fil=path, grund=error.strerror)) from None
    try:
        data = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError(_("{fil} er ikke i UTF-8. Gem den igen som UTF-8.").format(fil=path.name)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(syntax_sentence(path.name, str(error))) from None
    mistakes = _check_names(data)
    try:
        parsed = _File.model_validate(data)
    except ValidationError as error:
        mistakes += [fault_sentence(fault) for fault in real_faults(error.errors())]
        mistakes += [_unknown(fault["loc"]) for fault in error.errors() if fault["type"] == "extra_forbidden"]
        raise ConfigError(_report(path, mistakes)) from None
    if mistakes:
        raise ConfigError(_report(path, mistakes))
    digest = hashlib.sha256(raw).hexdigest()
    return Config(**{n: getattr(parsed, n) for n in _File.model_fields}, folder=path.resolve().parent, sha256=digest)


def _report(path: Path, mistakes: list[str]) -> str:
    return mask(listed(_("{fil} har {antal} fejl:").format(fil=path.name, antal=len(mistakes)), mistakes))


def _check_names(data: Mapping[str, Any]) -> list[str]:
    """Unknown sources, canonical columns and databases: pydantic sees them as free keys of a table."""
    mistakes = []
    sources, databases = data.get("kilder", {}), data.get("database", {})
    for name, source in sources.items() if isinstance(sources, dict) else ():
        if name not in TABLES:
            mistakes.append(
                _("[kilder.{navn}]: kilden kendes ikke.").format(navn=name) + did_you_mean(name, list(TABLES))
            )
            continue
        if isinstance(source, dict) and source.get("spark") and "cpr" not in TABLES[name].names:
            text = _("[kilder.{navn}] spark: kun kilder med personer læses af Spark; skriv filer eller database.")
            mistakes.append(text.format(navn=name))
        database = source.get("database") if isinstance(source, dict) else None
        if isinstance(database, str) and database and database not in databases:
            text = _("[kilder.{navn}] database: «{database}» er ikke en [database.<navn>].")
            mistakes.append(text.format(navn=name, database=database) + did_you_mean(database, list(databases)))
        columns = source.get("kolonner", {}) if isinstance(source, dict) else {}
        for column in columns if isinstance(columns, dict) else ():
            if column not in TABLES[name].names:
                text = _("[kilder.{navn}] kolonner: «{kolonne}» er ikke en kolonne i {navn}.")
                hint = did_you_mean(column, TABLES[name].names)
                mistakes.append(text.format(navn=name, kolonne=column) + hint)
    return mistakes


#: The sections with one model each, as they stand in the file.
SECTIONS: Mapping[str, type[BaseModel]] = {
    "kommune": Kommune,
    "regler": Regler,
    "noegletal": Noegletal,
    "godkendelse": Godkendelse,
    "mail": Mail,
    "noegle": Noegle,
    "statbank": Statbank,
    "yr": Yr,
    "spark": Spark,
}


def _unknown(where: tuple[int | str, ...]) -> str:
    *section, key = (str(part) for part in where)
    if not section:
        known = list(_File.model_fields)
    elif section[0] == "kilder":
        known = list(Kilde.model_fields)
    elif section[0] == "database":
        known = list(Database.model_fields)
    else:
        known = list(SECTIONS[section[0]].model_fields)
    place = f"[{'.'.join(section)}] " if section else ""
    return place + _("«{noegle}» kendes ikke.").format(noegle=key) + did_you_mean(key, known)
