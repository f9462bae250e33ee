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

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from reconcile.errors import ConfigError, did_you_mean, listed
from reconcile.i18n import _
from reconcile.tables import TABLES


def _exact(value: object) -> object:
    """Amounts are written as text ("10000.00") so that no float is involved; whole numbers are exact too."""
    if isinstance(value, float):
        raise ValueError(_('skriv tallet som tekst, fx "10000.00"'))
    return value


Kroner = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, decimal_places=2, max_digits=15)]
Share = Annotated[Decimal, Field(gt=0, le=1)]


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

    filer: tuple[str, ...] = Field(min_length=1)
    kolonner: Mapping[str, str] = Field(default_factory=dict)
    ark: str = ""


class Regler(_Frozen):
    """``[regler]``: every threshold and option."""

    ugegraense: Kroner = Decimal("10000.00")
    efterslip_maaneder: int = Field(default=2, ge=0, le=24)
    pris_k: Decimal = Field(default=Decimal(5), gt=0)
    tolerance_antal: int = Field(default=0, ge=0)
    tolerance_kr: Kroner = Decimal("1.00")
    slutdato_inklusiv: bool = True
    population: Literal["handlekommune", "betalingskommune"] = "handlekommune"
    paragraf_107_dage: int = Field(default=730, ge=1)
    systemskifte_andel: Share = Decimal("0.2")
    husregler: tuple[str, ...] = ()


class Godkendelse(_Frozen):
    """``[godkendelse]``: the yearly cut-off, a date or empty."""

    aarlig_frist: date | Literal[""] = ""


class Noegle(_Frozen):
    """``[noegle]``: the file with the secret key of the pseudonyms."""

    fil: str = "noegle.key"


class _File(_Frozen):
    kommune: Kommune
    kilder: Mapping[str, Kilde]
    regler: Regler = Regler()
    godkendelse: Godkendelse = Godkendelse()
    noegle: Noegle = Noegle()


class Config(_Frozen):
    """reconcile.toml and the folder its paths are relative to."""

    kommune: Kommune
    kilder: Mapping[str, Kilde]
    regler: Regler
    godkendelse: Godkendelse
    noegle: Noegle
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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(_("{fil} er ikke gyldig TOML: {grund}").format(fil=path.name, grund=error)) from None
    mistakes = _check_names(data)
    try:
        parsed = _File.model_validate(data)
    except ValidationError as error:
        mistakes += [_sentence(fault) for fault in error.errors() if fault["type"] != "extra_forbidden"]
        mistakes += [_unknown(fault["loc"]) for fault in error.errors() if fault["type"] == "extra_forbidden"]
        raise ConfigError(_report(path, mistakes)) from None
    if mistakes:
        raise ConfigError(_report(path, mistakes))
    digest = hashlib.sha256(raw).hexdigest()
    return Config(**{n: getattr(parsed, n) for n in _File.model_fields}, folder=path.resolve().parent, sha256=digest)


def _report(path: Path, mistakes: list[str]) -> str:
    return listed(_("{fil} har {antal} fejl:").format(fil=path.name, antal=len(mistakes)), mistakes)


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


def _sentence(fault: Mapping[str, Any]) -> str:
    """A pydantic fault in Danish, with where it is and the value that stands there."""
    where = ".".join(str(part) for part in fault["loc"])
    kind = fault["type"]
    context = fault.get("ctx", {})
    if kind == "missing":
        return _("{hvor} mangler.").format(hvor=where)
    texts = {
        "bool_type": _("skal være true eller false"),
        "bool_parsing": _("skal være true eller false"),
        "int_type": _("skal være et helt tal"),
        "int_parsing": _("skal være et helt tal"),
        "int_from_float": _("skal være et helt tal"),
        "decimal_parsing": _('skal være et beløb eller tal, fx "10000.00"'),
        "decimal_max_places": _("må højst have to decimaler"),
        "literal_error": _("skal være {valg}").format(valg=context.get("expected", "")),
        "string_type": _("skal være tekst"),
        "string_pattern_mismatch": _("skal være en kommunekode med tre cifre"),
        "tuple_type": _('skal være en liste, fx ["ind/*.csv"]'),
        "too_short": _("må ikke være tom"),
        "greater_than_equal": _("skal være mindst {mindst}").format(mindst=context.get("ge", "")),
        "greater_than": _("skal være over {mindst}").format(mindst=context.get("gt", "")),
        "less_than_equal": _("må højst være {hoejst}").format(hoejst=context.get("le", "")),
        "value_error": str(context.get("error", "")),
        "model_type": _("skal være en tabel"),
        "mapping_type": _("skal være en tabel"),
        "dict_type": _("skal være en tabel"),
    }
    reason = texts.get(kind) or _("kan ikke læses ({grund})").format(grund=fault["msg"])
    return _("{hvor}: {grund} (der står {vaerdi!r}).").format(hvor=where, grund=reason, vaerdi=fault["input"])
