"""What a run found: frozen, typed, and already worded. Renderers read it and compute nothing.

A table of results is a tuple of frozen dataclasses; the field names are the column names in CSV, JSON and Excel, in
order. ``None`` is missing. Persons appear as pseudonyms only.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from typing import Any, ClassVar

from reconcile.domain.cpr import mask
from reconcile.i18n import N_, _, in_sentence, language, value_text
from reconcile.results.cells import OpenCell, open_cells
from reconcile.results.columns import column_of
from reconcile.results.redelivery import NewPrint


class Severity(StrEnum):
    """How grave a finding is. Only ``fejl`` makes a run exit 1."""

    ERROR = "fejl"
    WARNING = "advarsel"
    INFORMATION = "information"


_GRAVITY = {severity: place for place, severity in enumerate(Severity)}


class Status(StrEnum):
    """The status of a HAND07 cell; the first that holds, in this order (contract of ``hand07_diff.csv``)."""

    NOT_VALID = "kode_ikke_gyldig"
    NOT_APPROVED = "ikke_godkendt"
    MISSING_DST = "mangler_dst"
    MISSING_OWN = "mangler_egen"
    EQUAL = "ens"
    EXPLAINED = "forklaret"
    TOLERATED = "inden_for_tolerance"
    PARTLY = "delvist_forklaret"
    UNEXPLAINED = "uforklaret"


#: The statuses that leave something unexplained: the run exits 1.
OPEN_STATUSES = frozenset({Status.PARTLY, Status.UNEXPLAINED})


#: Values of the data that are words, and are said in the chosen language.
WORDS = frozenset({N_("ugyldigt"), N_("erstatningsnummer"), N_("refusion"), N_("medfinansiering")})
#: A value a sentence names: text is masked when the finding is made.
Fact = Decimal | int | date | str | bool | None


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None, str], ...]:
    return tuple((text, name, word or "") for text, name, word, _how in string.Formatter().parse(template))


def say(template: str, facts: Mapping[str, Fact]) -> str:
    """A sentence with its facts put in as a person reads them in the chosen language, masked for CPR.

    ``{slut_dato}`` is the fact of that name, missing is «mangler»; ``{slut_dato:tom}`` says «tom» for a missing one, and
    ``{slut_dato: til *| og er åbent}`` the first words, with the fact for the star, or the second where it is missing.
    ``{pause:uge|uger}`` is a number with the word for one or for many: «1 uge», «7 uger». ``{slut_dato:@}`` is no fact but
    the heading of the column of that name.
    """
    told: list[str] = []
    for text, name, words in _pieces(template):
        told.append(text)
        if name is not None:
            told.append(_heading(name) if words == "@" else _put(facts[name], words))
    return mask("".join(told))


def _heading(name: str) -> str:
    """The heading of a column inside a sentence: «slutdato», but «FFB-ydelse»."""
    text = _(column_of(name).heading)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _put(value: Fact, words: str) -> str:
    """A fact as :func:`say` says it with the words after its name."""
    first, split, second = words.partition("|")
    if value is None or value == "":
        return second if split else _(first) if first else value_text(None)
    if "*" in first:
        return first.replace("*", _put(value, ""))
    if isinstance(value, str):
        return _(value) if value in WORDS else in_sentence(value)
    if split and isinstance(value, int | Decimal):
        return f"{value_text(value)} {first if abs(value) == 1 else second}"
    return value_text(value)


def verbatim(text: str) -> Mapping[str, str]:
    """A text that is said as it is in every language, as the ``sentence`` of a finding."""
    return {"da": text.replace("{", "{{").replace("}", "}}")}


@dataclass(frozen=True)
class Finding:
    """One hit of one rule: what was found, as values, and the rule's sentence to say it with. ``COLUMNS`` are those of
    ``fund.csv``.

    ``borger`` is a pseudonym; ``vaerdi`` and ``forventet`` are numbers, dates or text as the rule gives them;
    ``fil`` and ``raekke`` say where the first row behind the finding was read. ``facts`` are the values the sentence
    names; ``sentence`` is the rule's, by language.
    """

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "fund_id", "regel", "alvor", "kilde", "borger", "dst_kode", "ydelse", "periode", "vaerdi", "forventet", "besked",
        "fil", "raekke",
    )  # fmt: skip

    fund_id: str
    regel: str
    alvor: Severity
    kilde: str
    borger: str | None
    dst_kode: str | None
    ydelse: str | None
    periode: str | None
    vaerdi: Decimal | int | date | str | None
    forventet: Decimal | int | date | str | None
    fil: str | None
    raekke: int | None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    sentence: Mapping[str, str] = field(default_factory=lambda: {"da": ""})

    @property
    def besked(self) -> str:
        """The finding in words, in the language chosen when it is asked for. Four reports say it: it is made once."""
        known: dict[str, str] = self.__dict__.setdefault("_told", {})
        chosen = language()
        if chosen not in known:
            known[chosen] = say(self.sentence.get(chosen) or self.sentence["da"], self.facts)
        return known[chosen]

    def sort_key(self) -> tuple[str, ...]:
        """The order of ``fund.csv``; does not depend on where the rows were read."""
        return self._order

    @cached_property
    def _order(self) -> tuple[str, ...]:
        parts = (self.regel, self.dst_kode, self.ydelse, self.periode, self.borger, self.fund_id)
        return tuple([str(part or "") for part in parts])

    def importance(self) -> tuple[int, Decimal, tuple[str, ...]]:
        """Sorts the gravest first, then the largest value; does not depend on where the rows were read."""
        value = self.vaerdi
        size = abs(Decimal(value)) if isinstance(value, int | Decimal) else Decimal(0)
        return _GRAVITY[self.alvor], -size, self._order


@dataclass(frozen=True)
class Hand07Cell:
    """A dst_kode × quarter of ``hand07_diff.csv``: persons; differences are DST − own."""

    dst_kode: str
    periode: str
    dst: int | None
    flis: int | None
    fagsystem: int | None
    harmoniseret: int | None
    forskel_flis: int | None
    forskel_fagsystem: int | None
    rest: int | None
    status: Status
    forklaring: str


@dataclass(frozen=True)
class BridgeStep:
    """A step of the bridge (``bro.csv``): the persons counted after it and the change it made."""

    dst_kode: str
    periode: str
    trin: str
    antal: int
    aendring: int | None


@dataclass(frozen=True)
class BridgePerson:
    """Who left the count of a cell at a step of the bridge (``aendring`` −1).

    Where a step takes out what was corrected since, persons also come back (1). ``dato_uden_overlap`` (R2): the date that
    removes the overlap, the end before the stay or the start after it; None where the stay takes the whole course.
    """

    dst_kode: str
    periode: str
    trin: str
    borger: str
    aendring: int = -1
    dato_uden_overlap: date | None = None


@dataclass(frozen=True)
class Harmonisation:
    """What one of DST's rules did to the courses, as FLIS counts it: removed and changed."""

    regel: str
    fjernet: int
    aendret: int


@dataclass(frozen=True)
class OttetalCell:
    """The eight figures of a dst_kode × quarter (``ottetal.csv``)."""

    dst_kode: str
    periode: str
    fagsystem_borgere: int | None
    fagsystem_fuldtid: Decimal | None
    oekonomi_borgere: int | None
    oekonomi_beloeb: Decimal | None
    flis_borgere: int | None
    flis_fuldtid: Decimal | None
    dst_modtagere: int | None
    dst_fuldtid: Decimal | None
    begge: int | None
    kun_fagsystem: int | None
    kun_oekonomi: int | None
    pris_pr_fuldtid: Decimal | None
    status: str
    fagsystem_betaler_borgere: int | None
    fagsystem_betaler_fuldtid: Decimal | None
    status_statistik: str
    status_oekonomi: str


@dataclass(frozen=True)
class RecordDifference:
    """A difference between the fagsystem and the FLIS extract (``post_diff.csv``)."""

    fund_id: str
    regel: str
    borger: str
    dst_kode: str
    noegle: str
    felt: str | None
    fagsystem: str | None
    flis: str | None


@dataclass(frozen=True)
class YrWeek:
    """A week × ydelse × kommune of ``yr_uge.csv``: persons and amounts in kr."""

    uge: date
    ydelse: str
    kommune: str | None
    antal: int
    total: Decimal
    refusion: Decimal | None
    medfinansiering: Decimal | None


@dataclass(frozen=True)
class FileInfo:
    """A file that was read."""

    fil: str
    raekker: int
    sha256: str
    bytes: int
    tegnsaet: str | None
    skilletegn: str | None


@dataclass(frozen=True)
class SourceInfo:
    """A source of the run: its files, its rows and how fresh it is."""

    kilde: str
    filer: tuple[FileInfo, ...]
    raekker: int
    kolonner: tuple[str, ...]
    nyeste: date | None
    karantaene: int = 0
    bruges_til: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotRun:
    """A rule that could not run on a source, and why."""

    regel: str
    kilde: str
    grund: str


def columns_of(row_type: type) -> tuple[str, ...]:
    """The columns of a row type: its ``COLUMNS`` where it has them (some may be properties), else its fields."""
    named: tuple[str, ...] | None = getattr(row_type, "COLUMNS", None)
    return named or tuple(f.name for f in fields(row_type))


@dataclass(frozen=True)
class ResultTable:
    """A named table of results: ``rows`` are frozen dataclasses of ``row_type``."""

    name: str
    row_type: type
    rows: Sequence[Any]

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names: those the row type names in ``COLUMNS``, else its fields."""
        return columns_of(self.row_type)


@dataclass(frozen=True)
class PartResult:
    """What one control (validate, hand07, ottetal, yr) brings to a run.

    ``tables`` by name; ``caveats`` are sentences for ``forbehold``; ``tried``: rule → the rows it was tried on;
    ``new_print`` is a print of the delivery to keep when the reports are published (a control writes nothing itself).
    """

    tables: tuple[ResultTable, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    caveats: tuple[str, ...] = ()
    rules_run: tuple[str, ...] = ()
    tried: Mapping[str, int] = field(default_factory=dict)
    new_print: NewPrint | None = None


@dataclass(frozen=True)
class RunResult:
    """Everything a run found; what every report is made of.

    ``tried`` says on how many rows each rule was tried, where it is one that is tried on rows.
    ``accepted`` holds the ids of the findings and cells that are accepted: they stay in every table and count, but do not
    decide the exit code. ``approval_head`` is the hash of the last line of the approvals when the run was made;
    ``key_id`` tells which key the pseudonyms are of.
    """

    command: str
    version: str
    started: datetime
    kommune: str
    navn: str
    perioder: tuple[str, ...]
    sources: tuple[SourceInfo, ...]
    tables: tuple[ResultTable, ...]
    findings: tuple[Finding, ...]
    not_run: tuple[NotRun, ...]
    caveats: tuple[str, ...]
    quarantined: int
    config_hash: str
    rules_hash: str
    rules_run: tuple[str, ...] = field(default=())
    tried: Mapping[str, int] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    approval_head: str = ""
    key_id: str = ""

    def table(self, name: str) -> ResultTable | None:
        """The table of that name, or None when the run did not make it."""
        return next((table for table in self.tables if table.name == name), None)

    def rows(self, name: str) -> Sequence[Any]:
        """The rows of the table of that name; none when the run did not make it."""
        table = self.table(name)
        return table.rows if table else ()

    @cached_property
    def cells(self) -> Mapping[tuple[str, str], OpenCell]:
        """The cells left without a full explanation, accepted or not, by code and quarter."""
        return open_cells({table.name: table.rows for table in self.tables})

    @property
    def open_cells(self) -> int:
        """How many cells are left without a full explanation, accepted or not."""
        return len(self.cells)

    @property
    def exit_code(self) -> int:
        """0 when everything agrees or is explained, 1 otherwise (contract §1)."""
        grave = any(f.alvor is Severity.ERROR and f.fund_id not in self.accepted for f in self.findings)
        still_open = any(cell.id not in self.accepted for cell in self.cells.values())
        return 1 if grave or still_open or self.quarantined else 0


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of ``fund.csv``."""
    return tuple(sorted(findings, key=Finding.sort_key))


def safe_text(value: object) -> str | None:
    """A value from the data as text that may be shown: masked for CPR, None kept."""
    return None if value is None else mask(str(value))
