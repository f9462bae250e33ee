"""reconcile.toml as frozen models: every mistake at once, each with where it is and «mente du …?».

What a key means and its default stand here and nowhere else; ``reconcile init`` and the guide are tested against it.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from reconcile.domain.canonical import TABLES
from reconcile.domain.cpr import mask
from reconcile.errors import ConfigError, did_you_mean, listed
from reconcile.i18n import _
from reconcile.settings.faults import fault_sentence, real_faults, syntax_sentence
from reconcile.settings.mail import Mail


def _exact(value: object) -> object:
    """Amounts are written as text ("10000.00") so that no float is involved; whole numbers are exact too."""
    if isinstance(value, float):
        raise ValueError(_('skriv tallet som tekst, fx "10000.00"'))
    return value


def _date_or_empty(value: object) -> object:
    """A date as TOML writes it, bare or in quotes; a number is no date."""
    if value == "" or type(value) is date:
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _not_a_date()
    except ValueError:
        return _not_a_date()


def _not_a_date() -> object:
    raise ValueError(_("skal være en dato, fx 2026-02-12, eller tom"))


def _one_line(value: object) -> object:
    """A path or header; in TOML's double quotes a backslash is an escape, so that ind\\nexus.csv has a line break."""
    if isinstance(value, str) and not value.isprintable():
        raise ValueError(_("har et tegn, der ikke kan skrives; brug / i stedet for \\ i stier"))
    return value


def may_be_asked(url: str) -> bool:
    """Whether an address may be fetched from: https, or http on this machine (a test server, a local proxy)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1"))
    )


Kroner = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, decimal_places=2, max_digits=15)]
Share = Annotated[Decimal, Field(gt=0, le=1)]
Count = Annotated[int, Field(strict=True)]
Name = Annotated[str, BeforeValidator(_one_line), Field(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kommune(_Frozen):
    """``[kommune]``: whose figures these are."""

    kode: str = Field(pattern=r"^0?[0-9]{3}$")
    navn: str = ""

    @field_validator("kode", mode="before")
    @classmethod
    def _whole_number(cls, value: object) -> object:
        return f"{value:03d}" if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("kode")
    @classmethod
    def _three_digits(cls, value: str) -> str:
        return value[-3:]


class Kilde(_Frozen):
    """``[kilder.<navn>]``: where a source's files lie and what its columns are called in them."""

    filer: tuple[Name, ...] = Field(min_length=1)
    kolonner: Mapping[str, Name] = Field(default_factory=dict)
    ark: str = ""


class Regler(_Frozen):
    """``[regler]``: every threshold and option."""

    ugegraense: Kroner = Decimal("10000.00")
    efterslip_maaneder: Count = Field(default=2, ge=0, le=24)
    pris_k: Decimal = Field(default=Decimal(5), gt=0)
    tolerance_antal: Count = Field(default=0, ge=0)
    tolerance_fuldtid: Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, decimal_places=4, max_digits=15)] = (
        Decimal("0.05")
    )
    tolerance_kr: Kroner = Decimal("1.00")
    slutdato_inklusiv: Annotated[bool, Field(strict=True)] = True
    population: Literal["handlekommune", "betalingskommune"] = "handlekommune"
    paragraf_107_dage: Count = Field(default=730, ge=1)
    systemskifte_andel: Share = Decimal("0.2")
    husregler: tuple[str, ...] = ()


class Godkendelse(_Frozen):
    """``[godkendelse]``: the yearly cut-off, a date or empty."""

    aarlig_frist: Annotated[date | Literal[""], BeforeValidator(_date_or_empty)] = ""


class Noegle(_Frozen):
    """``[noegle]``: the file with the secret key of the pseudonyms."""

    fil: Name = "noegle.key"


class Statbank(_Frozen):
    """``[statbank]``: where StatBank's API is, and how many seconds an answer may take."""

    url: str = "https://api.statbank.dk/v1"
    timeout: int = Field(default=60, ge=1, le=600)

    @field_validator("url")
    @classmethod
    def _over_https(cls, value: str) -> str:
        if not may_be_asked(value):
            raise ValueError(_("skal være en adresse, der begynder med https://"))
        return value.rstrip("/")


class _File(_Frozen):
    kommune: Kommune
    kilder: Mapping[str, Kilde]
    regler: Regler = Regler()
    godkendelse: Godkendelse = Godkendelse()
    noegle: Noegle = Noegle()
    statbank: Statbank = Statbank()
    mail: Mail = Mail()


class Config(_Frozen):
    """reconcile.toml and the folder its paths are relative to."""

    kommune: Kommune
    kilder: Mapping[str, Kilde]
    regler: Regler
    godkendelse: Godkendelse
    noegle: Noegle
    statbank: Statbank
    mail: Mail
    folder: Path
    sha256: str

    @property
    def key_file(self) -> Path:
        """The file with the secret key."""
        return self.folder / self.noegle.fil


def load_config(path: Path) -> Config:
    """Read reconcile.toml.

    Raises:
        ConfigError: the file is absent, not TOML, or has mistakes; all of them are named.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        text = _("{fil} findes ikke. Kør «reconcile init» for at lave en arbejdsmappe, eller peg med --config.")
        raise ConfigError(text.format(fil=path)) from None
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
    """Unknown sources and unknown canonical columns: pydantic sees them as free keys of a table."""
    mistakes = []
    sources = data.get("kilder", {})
    for name, source in sources.items() if isinstance(sources, dict) else ():
        if name not in TABLES:
            mistakes.append(
                _("[kilder.{navn}]: kilden kendes ikke.").format(navn=name) + did_you_mean(name, list(TABLES))
            )
            continue
        columns = source.get("kolonner", {}) if isinstance(source, dict) else {}
        for column in columns if isinstance(columns, dict) else ():
            if column not in TABLES[name].names:
                text = _("[kilder.{navn}] kolonner: «{kolonne}» er ikke en kolonne i {navn}.")
                hint = did_you_mean(column, TABLES[name].names)
                mistakes.append(text.format(navn=name, kolonne=column) + hint)
    return mistakes


_SECTIONS: Mapping[str, type[BaseModel]] = {
    "kommune": Kommune,
    "regler": Regler,
    "godkendelse": Godkendelse,
    "noegle": Noegle,
    "statbank": Statbank,
    "mail": Mail,
}


def _unknown(where: tuple[int | str, ...]) -> str:
    *section, key = (str(part) for part in where)
    if not section:
        known = list(_File.model_fields)
    elif section[0] == "kilder":
        known = list(Kilde.model_fields)
    else:
        known = list(_SECTIONS[section[0]].model_fields)
    place = f"[{'.'.join(section)}] " if section else ""
    return place + _("«{noegle}» kendes ikke.").format(noegle=key) + did_you_mean(key, known)
