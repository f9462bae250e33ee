"""What the models of reconcile.toml say of themselves: the template of ``reconcile init`` and the guide's table.

Comes in: nothing but the models. Goes out: text, in the language that is chosen; the files in the project are Danish.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reconcile.i18n import N_, _
from reconcile.settings.config import SECTIONS
from reconcile.settings.database import Database
from reconcile.settings.sections import Kilde

#: Sources as the template shows them: what they are, and files to begin with. The first-rank one is switched on.
_SOURCES: Mapping[str, tuple[str, str]] = {
    "fagsystem": (N_("ydelsesforløb fra fagsystemet, som de sendes med L402"), "ind/fagsystem-*.csv"),
    "borger": (N_("fødsels- og dødsdatoer"), "ind/borger.csv"),
    "flis": (N_("FLIS' udtræk på personniveau"), "ind/flis.csv"),
    "flis_antal": (N_("eller FLIS' offentliggjorte antal"), "ind/flis-antal.csv"),
    "hand07": (N_("modtagere, hentet fra Statistikbanken"), "ind/hand07.csv"),
    "hand01": (N_("fuldtidsydelser, hentet fra Statistikbanken"), "ind/hand01.csv"),
    "godkendt": (N_("hvilke kvartaler er godkendt hos Danmarks Statistik"), "ind/godkendt.csv"),
    "oekonomi": (N_("posteringer fra økonomisystemet"), "ind/oekonomi-*.csv"),
    "disponering": (N_("bevilgede takster fra disponeringsarket eller -systemet"), "ind/disponering.csv"),
    "afregning": (N_("afregnede takster fra afregningssystemet"), "ind/afregning.csv"),
    "masteroversigt": (N_("hvilken konto hører til hvilken ydelse"), "masteroversigt.csv"),
    "befolkning": (N_("folketal efter alder (FOLK1A), til tal pr. indbygger"), "ind/befolkning.csv"),
    "regnskab": (N_("kommunernes regnskab (REGK31), til sammenligning"), "ind/regnskab.csv"),
    "pladser": (N_("pladser pr. tilbud, til belægningen"), "ind/pladser.csv"),
    "yr": (N_("ydelsesrefusion; leverancens egne kolonnenavne kendes"), "ind/yr-ydelsesrefusion-beregning-*.csv"),
}
_COLUMNS = '{ cpr = "CPR-nummer", dst_kode = "DST kode", start_dato = "Bevilget fra", slut_dato = "Bevilget til" }'
_SAMPLE = {"kode": "000", "navn": "Jeres Kommune"}
_SWITCHED_ON = "masteroversigt"
_MARGIN = 34


def template() -> str:
    """reconcile.toml as ``reconcile init`` writes it: every key with its default and what it means."""
    intro = [
        _("# Konfiguration af reconcile. Stier regnes fra denne fils mappe. Linjer med # foran er slået fra."),
        _("# Alle nøgler er forklaret i docs/brugervejledning.md."),
    ]
    heading = _(
        "# --- Kilder: slet # foran dem, I har. Kolonner, der allerede hedder som til venstre, skal ikke skrives."
    )
    lines = [*intro, "", *_section("kommune"), "", heading, "", *_sources()]
    for name in SECTIONS:
        if name != "kommune":
            lines += [*_section(name), ""]
    return "\n".join(lines).rstrip() + "\n"


def _section(name: str) -> Iterator[str]:
    """A section; one in which nothing works before something is filled in (mail) is written switched off."""
    fields = SECTIONS[name].model_fields
    off = any(_example(field) is not None and _toml(field.default) in ('""', "[]") for field in fields.values())
    yield f"{'# ' * off}[{name}]"
    for key, field in fields.items():
        example = _example(field)
        value = _SAMPLE.get(key) if name == "kommune" else (field.default if example is None else example)
        hidden = off or field.default is None
        line = f"{'# ' * hidden}{key} = {_toml(value)}"
        yield f"{line.ljust(_MARGIN - 2)}  # " + _(field.description or "")


def _sources() -> Iterator[str]:
    for name, (meaning, file) in _SOURCES.items():
        mark = "" if name == _SWITCHED_ON else "# "
        yield f"{mark}[kilder.{name}]".ljust(_MARGIN) + "# " + _(meaning)
        yield f"{mark}filer = {_toml((file,))}"
        if name == "fagsystem":
            yield f"{mark}kolonner = {_COLUMNS}"
        yield ""
    yield from _warehouse()


def _warehouse() -> Iterator[str]:
    """A database, switched off."""
    fields = Database.model_fields
    yield _(
        "# En kilde kan også være en tabel eller en forespørgsel i et lager (PostgreSQL eller SQL Server), kun læst:"
    )
    yield "# [database.lis]"
    for name, field in fields.items():
        line = f"# {name} = {_toml(field.default if _example(field) is None else _example(field))}"
        yield f"{line.ljust(_MARGIN - 2)}  # " + _(field.description or "")
    yield ""


def guide_table() -> str:
    """The guide's table of keys: key, default, meaning."""
    lines = ["| nøgle | standard | betyder |", "|---|---|---|"]
    models: dict[str, type[BaseModel]] = {"kommune": SECTIONS["kommune"], "kilder.<navn>": Kilde}
    models |= {"database.<navn>": Database, **SECTIONS}
    for name, model in models.items():
        for key, field in model.model_fields.items():
            shown = "" if field.is_required() or field.default_factory or field.default is None else _code(field)
            meaning = _(field.description or "")
            lines.append(f"| `{name}.{key}` | {shown} | {meaning} |")
    return "\n".join(lines) + "\n"


def undescribed() -> list[str]:
    """Keys that say nothing of themselves."""
    models: dict[str, type[BaseModel]] = {**SECTIONS, "kilder.<navn>": Kilde, "database.<navn>": Database}
    return [f"{n}.{key}" for n, m in models.items() for key, field in m.model_fields.items() if not field.description]


def _code(field: FieldInfo) -> str:
    return f"`{_toml(field.default)}`"


def _example(field: FieldInfo) -> object:
    extra = field.json_schema_extra
    return extra.get("example") if isinstance(extra, dict) else None


def _toml(value: object) -> str:
    """A default as it is written in the file: amounts as text, so that no float is involved."""
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            whole = value == value.to_integral_value() and value.as_tuple().exponent == 0
            return str(value) if whole else f'"{value}"'
        case tuple() | list():
            return "[" + ", ".join(_toml(part) for part in value) + "]"
        case Mapping():
            inside = ", ".join(
                f"{json.dumps(name, ensure_ascii=False)} = {_toml(part)}" for name, part in value.items()
            )
            return f"{{ {inside} }}" if inside else "{}"
        case date() | int():
            return str(value)
        case _other:
            return json.dumps(str(value), ensure_ascii=False)
