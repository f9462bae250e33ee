"""The sections of reconcile.toml as frozen models. A key is said once: here, with its type, default and description.

The template of ``reconcile init`` and the guide's table are made from these models (``settings/document.py``). ``example`` is
what the template shows where there is no default to show. A key without a default that a dated reference has a value for
(``ugegraense``) is None: then the reference decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from reconcile.i18n import N_, _
from reconcile.settings.kommuner import code_of, names, unknown

#: What stands for every kommune.
ALL = "alle"


def _exact(value: object) -> object:
    """Amounts are written as text ("10000.00") so that no float is involved; whole numbers are exact too."""
    if isinstance(value, float):
        raise ValueError(_('skriv tallet som tekst, fx "10000.00"'))
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})*\.\d\d0", value):
        # A point is the decimal sign here, so 1.000 would be one krone.
        raise ValueError(_('har punktum ved tusinder; skriv tallet uden, fx "10000.00"'))
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
FullTime = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, decimal_places=4, max_digits=15)]
YesNo = Annotated[bool, Field(strict=True)]
DateOrEmpty = Annotated[date | Literal[""], BeforeValidator(_date_or_empty)]


def key(default: Any, description: str, *, example: Any = None, **bounds: Any) -> Any:
    """A key with its default and what it means; ``example`` stands in the template in place of the default."""
    extra = None if example is None else {"example": example}
    return Field(default=default, description=description, json_schema_extra=extra, **bounds)


class Frozen(BaseModel):
    """A table of the file: it does not change, and an unknown key in it is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kommune(Frozen):
    """``[kommune]``: whose figures these are. The code is found by the name alone, and the name by the code."""

    kode: str = Field(
        pattern=r"^(0?[0-9]{3}(,0?[0-9]{3})*|alle)$",
        description=N_(
            'kommunens kode, tre cifre; findes ud fra navnet. For flere en liste, ["665", "751"], eller "alle"'
        ),
    )
    navn: str = key("", N_("navnet på rapporten; findes ud fra koden"))

    @model_validator(mode="before")
    @classmethod
    def _one_by_the_other(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        code, name = given.get("kode", ""), given.get("navn", "")
        if code in ("", "000") and isinstance(name, str) and name:
            found = code_of(name)
            if found is None and code == "":
                raise ValueError(unknown(name))
            return {**given, "kode": found or code}
        if not name and isinstance(code, str | int):
            return {**given, "navn": names().get(f"{code:0>3}"[-3:], "")}
        return given

    @field_validator("kode", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        def text(code: object) -> object:
            """A whole number as a code of three digits; anything else as it is."""
            return f"{code:03d}" if isinstance(code, int) and not isinstance(code, bool) else code

        if isinstance(value, list):
            codes = [text(code) for code in value]
            return ",".join(map(str, codes)) if all(isinstance(code, str) for code in codes) else value
        return text(value)

    @field_validator("kode")
    @classmethod
    def _three_digits(cls, value: str) -> str:
        return value if value == ALL else ",".join(dict.fromkeys(code[-3:] for code in value.split(",")))

    @property
    def several(self) -> bool:
        """Whether the run is over more than one kommune."""
        return self.kode == ALL or "," in self.kode

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes as listed; none where it is all of them."""
        return () if self.kode == ALL else tuple(self.kode.split(","))


#: The measures a printed table of Ydelsesrefusion may hold: those of ``yr_maal``, and persons of the months added up.
YrMaal = Literal[
    "bruttoudgift",
    "refusion",
    "medfinansiering",
    "fleksbidrag",
    "refusionspct",
    "medfinansieringspct",
    "kommunens_andel_pct",
    "kommunens_udgift",
    "personer",
    "personer_pr_maaned",
    "personmaaneder",
    "personuger",
    "fuldtidspersoner",
    "bruttoudgift_pr_fuldtidsperson",
]


#: What the measures of Ydelsesrefusion can be split by; ydelse, step and financing stand in ``yr_maal``.
YrFactor = Literal[
    "finansieringskommune",
    "bopaelskommune",
    "tilhoerskommune",
    "koen",
    "alder_5",
    "alder_10",
    "funktion",
    "dranst",
    "gruppering",
]


class Kilde(Frozen):
    """``[kilder.<navn>]``: where a source's files lie, or what is read in a database or by Spark, and what its columns are
    called."""

    filer: tuple[Name, ...] = Field(default=(), min_length=1, description=N_("filer eller mønstre med `*`"))
    database: str = key("", N_("i stedet for filer: navnet på en [database.<navn>], som kilden læses i"))
    tabel: str = key("", N_("med database: tabellen eller viewet, fx skema.navn"))
    forespoergsel: str = key("", N_("eller en forespørgsel, der begynder med SELECT eller WITH"))
    spark: Annotated[str, BeforeValidator(_one_line)] = key(
        "", N_("i stedet for filer: en mappe med typede kolonner, som Spark selv læser; kræver --engine spark")
    )
    format: Literal["parquet", "delta"] = key("parquet", N_("med spark: hvad mappen er"))
    kolonner: Mapping[str, Name] = Field(
        default_factory=dict, description=N_("kanonisk navn = overskriften i filen; behøves ikke, hvor de er ens")
    )
    ark: str = key("", N_("arket i en projektmappe; ellers det første med kendte overskrifter"))
    enhed: Literal[0, 1, 1000, 1_000_000] = key(
        0,
        N_(
            "hvad beløbene står i: 1000 for t.kr., 1000000 for mio. kr., 1 for kr.;"
            " 0: som overskriften eller titlen siger, ellers kr."
        ),
    )
    serie: Literal["auto", "dele", "hele"] = key(
        "auto",
        N_(
            'flere filer af samme kilde: "dele" lægges sammen, af "hele" udtræk gælder det nyeste; auto: under 10 % fælles'
            " forløb er dele, fra 90 % en serie, derimellem spørges der"
        ),
    )

    bruges_til: tuple[str, ...] = key((), N_('de spørgsmål, kilden må svare på, fx ["antal borgere", "udgifter"]'))
    samme_levering: Literal["", "en", "alle"] = key(
        "",
        N_(
            'i yr, når to filer har de samme rækker: "en" tæller leveringen én gang, "alle" hver fil; ellers spørges der'
        ),
    )

    maal: YrMaal | Literal[""] = key(
        "", N_("i yr_tabel, hvis hverken tabellen, arket eller filens navn siger det: hvad tallene er, fx refusionspct")
    )
    periode: str = key(
        "", N_("i yr_tabel, hvis tabellen ikke siger det: 2021-03, 2021K1, 2021, 2020-04:2021-03 eller alle")
    )

    @model_validator(mode="after")
    def _from_one_place(self) -> Kilde:
        if [bool(place) for place in (self.filer, self.database, self.spark)].count(True) != 1:
            raise ValueError(_("skriv én af filer, database og spark"))
        if self.database and bool(self.tabel) == bool(self.forespoergsel):
            raise ValueError(_("skriv enten tabel eller forespoergsel sammen med database"))
        if not self.database and (self.tabel or self.forespoergsel):
            raise ValueError(_("tabel og forespoergsel hører til en database"))
        if not self.filer and (self.ark or self.serie != "auto"):
            raise ValueError(_("ark og serie hører til filer"))
        if not self.spark and self.format != "parquet":
            raise ValueError(_("format hører til spark"))
        if self.forespoergsel and not re.match(r"\s*(select|with)\b", self.forespoergsel, re.IGNORECASE):
            raise ValueError(_("forespoergsel skal begynde med SELECT eller WITH"))
        return self


class Regler(Frozen):
    """``[regler]``: every threshold and option."""

    ugegraense: Kroner | None = key(
        None,
        N_("YR01: udbetaling i en uge, kr., grænsen medregnet. Uden den gælder for hver uge grænsen i referencedata"),
        example="10000.00",
    )
    efterslip_maaneder: Count = key(
        2, N_("OE02 og OE05: så mange måneder må en betaling være om at komme"), ge=0, le=24
    )
    pris_k: Decimal = key(Decimal(5), N_("OE06: så mange MAD fra medianen er en usædvanlig pris"), gt=0)
    tolerance_antal: Count = key(0, N_("personer, som resten må være, i HAND07 og 8-tal"), ge=0)
    tolerance_fuldtid: FullTime = key(
        Decimal("0.05"), N_("fuldtidsydelser, som resten må være, i HAND01 (StatBank skriver én decimal)")
    )
    tolerance_kr: Kroner = key(Decimal("1.00"), N_("kr., som to beløb må afvige: YR20, DI03, DI04 og regnskabet"))
    slutdato_inklusiv: YesNo = key(True, N_("slutdatoen er selv en dag med ydelse"))
    population: Literal["handlekommune", "betalingskommune"] = key(
        "handlekommune", N_('hvis borgere tallene gælder; eller "betalingskommune"')
    )
    celle_borgere: Literal["aabne", "alle"] = key(
        "aabne", N_('hvis celler tabellen celle_borgere viser: de åbne, eller "alle"')
    )
    paragraf_107_dage: Count = key(730, N_("VH13: så længe må et ophold efter § 107 være åbent"), ge=1)
    systemskifte_andel: Share = key(Decimal("0.2"), N_("VH14: andel af en kodes forløb med samme startdag"))
    husregler: tuple[str, ...] = key((), N_('egne regler, der er slået til, fx ["HR01"]'))


KommuneCode = Annotated[str, Field(pattern=r"^[0-9]{3}$")]
Function = Annotated[str, Field(pattern=r"^[0-9]\.[0-9]{2}\.[0-9]{2}$")]


class Noegletal(Frozen):
    """``[noegletal]``: what the key figures rest on; printed under them."""

    funktioner: tuple[Function, ...] = key(
        (), N_('funktioner i de samlede udgifter til voksne, fx ["5.38.39", "5.38.50"]; tom: hele 5.38')
    )
    befolkningskvartal: Literal["K1", "K2", "K3", "K4"] = key(
        "K3", N_("det kvartal, et års tal pr. indbygger deles med folketallet i; Danmarks Statistik bruger K3")
    )
    pl: str = key(
        "",
        N_('prisniveauet, beløbene står i, fx "2021-PL"; det skrives ved tallene, intet omregnes. Tom: løbende priser'),
    )
    gruppe: tuple[KommuneCode, ...] = key((), N_('kommunekoder i sammenligningsgruppen, fx ["615", "710"]'))


class Godkendelse(Frozen):
    """``[godkendelse]``: the yearly cut-off, a date or empty."""

    aarlig_frist: DateOrEmpty = key("", N_("Danmarks Statistiks årlige frist, fx 2026-02-12"))


class Noegle(Frozen):
    """``[noegle]``: the file with the secret key of the pseudonyms."""

    fil: Name = key("noegle.key", N_("filen med den hemmelige nøgle bag pseudonymerne; mist den ikke, del den ikke"))


class Statbank(Frozen):
    """``[statbank]``: where StatBank's API is, and how many seconds an answer may take."""

    url: str = key("https://api.statbank.dk/v1", N_("Statistikbankens API, som «reconcile statbank» spørger"))
    timeout: int = key(60, N_("sekunder, et svar må være om at komme"), ge=1, le=600)

    @field_validator("url")
    @classmethod
    def _over_https(cls, value: str) -> str:
        if not may_be_asked(value):
            raise ValueError(_("skal være en adresse, der begynder med https://"))
        return value.rstrip("/")


class Yr(Frozen):
    """``[yr]``: how Ydelsesrefusion is worked through."""

    fordel: tuple[YrFactor, ...] = key(
        (),
        N_(
            'fordel også målene i ydelsesrefusion, som «reconcile yr --split», fx ["bopaelskommune", "koen", "alder_10"]'
        ),
    )

    personer_pr_gang: Count = key(
        0,
        N_(
            "af så mange personer ad gangen laves tabellerne, når alle ikke kan være i hukommelsen; 0: efter hukommelsen"
        ),
        ge=0,
    )
