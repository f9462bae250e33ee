"""Known differences that were accepted: ``accepteret.toml`` in the working folder, and what it does to a run.

An acceptance names each finding or cell with its size when it was accepted. It holds until its last day, and only while
the size is the same; after that the finding counts as open again. Accepted findings stay in every table and count; they
alone do not make a run exit 1. Findings go by their ``fund_id``; an open cell by ``CELLE:<kode>:<periode>``
(``results/cells.py``), whichever of the tables left it open.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from reconcile.errors import ConfigError, InputError, listed
from reconcile.files import locked
from reconcile.history.decode import decode
from reconcile.history.published import Published
from reconcile.i18n import N_, _
from reconcile.privacy import door
from reconcile.privacy.ending import deed
from reconcile.results.cases import Case
from reconcile.results.cells import CELL, JUDGING, known_as, open_cells, sealed, size_text
from reconcile.results.followed import CHANGED, EXPIRED, GONE, HOLDS, AcceptedRow
from reconcile.results.rows import Finding, ResultTable, RunResult

ACCEPTED = "accepteret.toml"
TABLE = "accepterede"
_HEADING = N_(
    """\
# Kendte forskelle, der er accepteret. «reconcile accept» skriver her; filen kan rettes i hånden og hører til i
# versionsstyring. Hvert fund står med sin størrelse: ændrer den sig, eller er dagen «indtil» passeret, er fundet
# åbent igen.
"""
)
#: What somebody who answers for a difference must give: a reason of this many letters, and initials.
LETTERS, DIFFERENT = 10, 5
INITIALS = re.compile(r"[A-Za-zÆØÅæøå]{2,5}")
#: How long an acceptance may last.
MOST_YEARS = 2


class Acceptance(BaseModel):
    """One ``[[accepteret]]``: why, by whom, until when, and which findings with which size (``fund``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begrundelse: str = Field(min_length=1)
    af: str = Field(min_length=1)
    indtil: date
    oprettet: date
    fund: Mapping[str, str] = Field(min_length=1)
    regel: str = ""
    kode: str = ""
    periode: str = ""

    @field_validator("begrundelse")
    @classmethod
    def _says_why(cls, text: str) -> str:
        if not says_why(text):
            raise PydanticCustomError("no_reason", "no_reason")
        return text

    @field_validator("af")
    @classmethod
    def _initials(cls, text: str) -> str:
        if not INITIALS.fullmatch(text):
            raise PydanticCustomError("no_initials", "no_initials")
        return text

    @model_validator(mode="after")
    def _lasts_two_years_at_most(self) -> Self:
        if self.oprettet > datetime.now().astimezone().date():
            raise PydanticCustomError("not_yet", "not_yet")
        if self.indtil > last_day(self.oprettet):
            raise PydanticCustomError("too_long", "too_long", {"sidste": last_day(self.oprettet).isoformat()})
        return self


def says_why(text: str) -> bool:
    """Whether a reason is one: at least ten letters, and not the same few over and over."""
    letters = [sign.casefold() for sign in text if sign.isalpha()]
    return len(letters) >= LETTERS and len(set(letters)) >= DIFFERENT


def last_day(made: date) -> date:
    """The last day that an acceptance made on a day can hold: two years later."""
    years = made.year + MOST_YEARS
    return made.replace(year=years) if (made.month, made.day) != (2, 29) else date(years, 2, 28)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    accepteret: tuple[Acceptance, ...] = ()


@dataclass(frozen=True)
class Open:
    """Something that can be accepted: a finding, or a cell that is left unexplained. ``size`` is its size as text."""

    id: str
    regel: str
    dst_kode: str | None
    periode: str | None
    size: str
    cell: bool


def read_accepted(folder: Path) -> tuple[Acceptance, ...]:
    """The acceptances in a working folder's ``accepteret.toml``; none without the file.

    Raises:
        ConfigError: the file cannot be used; every mistake is named.
    """
    path = folder / ACCEPTED
    try:
        return _parse(path.read_text(encoding="utf-8-sig"), path)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigError(_("{fil} kan ikke læses: {grund}").format(fil=path, grund=error.strerror)) from None
    except UnicodeDecodeError as error:
        raise ConfigError(_("{fil} er ikke gyldig TOML: {grund}").format(fil=path.name, grund=error)) from None


def _parse(text: str, path: Path) -> tuple[Acceptance, ...]:
    try:
        return _File.model_validate(tomllib.loads(text)).accepteret
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_("{fil} er ikke gyldig TOML: {grund}").format(fil=path.name, grund=error)) from None
    except ValidationError as error:
        raise ConfigError(listed(_("{fil} kan ikke bruges:").format(fil=path.name), _mistakes(error))) from None


def _mistakes(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
        said = {
            "missing": _("mangler"),
            "extra_forbidden": _("kendes ikke"),
            "string_type": _("skal være tekst i anførselstegn"),
            "string_too_short": _("må ikke være tom"),
            "too_short": _("må ikke være tom"),
            "no_reason": _("skal sige hvorfor med mindst ti bogstaver"),
            "no_initials": _("skal være initialer, 2–5 bogstaver"),
            "not_yet": _("oprettet ligger frem i tiden"),
        }
        if fault["type"] == "too_long":
            said["too_long"] = _("gælder længere end to år; den sidste mulige dag er {sidste}").format(**fault["ctx"])
        reason = said.get(fault["type"]) or _("skal være en dato som 2027-03-31")
        yield f"{where}: {reason}"


def open_items(findings: Iterable[Finding], tables: Mapping[str, Iterable[Any]]) -> dict[str, Open]:
    """Everything of a run that can be accepted, by id; ``tables`` are rows by table."""
    items = [_finding(row) for row in findings]
    items += [Open(cell.id, CELL, *key, cell.size, cell=True) for key, cell in open_cells(tables).items()]
    return {item.id: item for item in items}


def open_in(result: RunResult) -> dict[str, Open]:
    """Everything of a run in memory that can be accepted."""
    return open_items(result.findings, {table.name: table.rows for table in result.tables})


def open_in_published(run: Published) -> dict[str, Open]:
    """Everything of a published run that can be accepted."""
    result = decode(run, only=(*JUDGING, "sager"))
    return {**open_in(result), **_of_cases(result.rows("sager"))}


def _of_cases(cases: Iterable[Case]) -> dict[str, Open]:
    """The cases that are made of findings; the size of one changes with any of them."""
    return {
        case.sag_id: Open(case.sag_id, case.regel, case.dst_kode, None, case.stoerrelse, cell=False)
        for case in cases
        if case.fund
    }


def _finding(row: Finding) -> Open:
    """A finding's size is its value and what it should have been: a field that changed again is another difference."""
    size = "/".join(filter(None, (size_text(row.vaerdi), size_text(row.forventet))))
    return Open(row.fund_id, row.regel, row.dst_kode, row.periode, size, cell=False)


def apply_accepted(
    result: RunResult, acceptances: Sequence[Acceptance], today: date, cases: Iterable[Case] = ()
) -> RunResult:
    """The run with its acceptances: table ``accepterede``, a reservation that counts them, and the exit code without
    what is accepted. Of several acceptances of one finding the last in the file counts; an accepted case accepts all its
    findings."""
    if not acceptances:
        return result
    cases = list(cases)
    items = {**open_in(result), **_of_cases(cases)}
    latest = {
        known_as(name): (acceptance, size) for acceptance in acceptances for name, size in acceptance.fund.items()
    }
    rows = tuple(_row(name, *latest[name], items.get(name), today) for name in sorted(latest))
    holding = frozenset(row.fund_id for row in rows if row.tilstand == HOLDS)
    return replace(
        result,
        tables=(*result.tables, ResultTable(TABLE, AcceptedRow, rows)),
        caveats=(*result.caveats, *sentences(rows), *_twice(acceptances)),
        accepted=holding.union(*(case.fund for case in cases if case.sag_id in holding)),
    )


def _row(name: str, acceptance: Acceptance, size: str, item: Open | None, today: date) -> AcceptedRow:
    if item is None:
        state = GONE
    elif acceptance.indtil < today:
        state = EXPIRED
    else:
        state = HOLDS if size in (item.size, sealed(item.size)) else CHANGED
    rule, code, period = (item.regel, item.dst_kode, item.periode) if item else _named(name, acceptance)
    return AcceptedRow(
        fund_id=name,
        regel=rule,
        dst_kode=code,
        periode=period,
        tilstand=state,
        vaerdi=item.size if item else None,
        accepteret_vaerdi=size,
        begrundelse=acceptance.begrundelse,
        af=acceptance.af,
        indtil=acceptance.indtil,
    )


def _named(name: str, acceptance: Acceptance) -> tuple[str, str | None, str | None]:
    """What an acceptance says itself of a finding that is not there."""
    return acceptance.regel or name.partition("-")[0], acceptance.kode or None, acceptance.periode or None


def sentences(rows: Iterable[AcceptedRow]) -> Iterator[str]:
    """What a reader must know of the acceptances of a run."""
    counts = Counter(row.tilstand for row in rows)
    if counts[HOLDS]:
        yield _("Accepteret i {fil}: {antal}; de tælles med, men afgør ikke udfaldet.").format(
            fil=ACCEPTED, antal=counts[HOLDS]
        )
    if counts[EXPIRED]:
        yield _("Acceptancer, der er udløbet, så fundene er åbne igen: {antal}.").format(antal=counts[EXPIRED])
    if counts[CHANGED]:
        text = _("Accepterede fund, hvis størrelse har ændret sig, så de er åbne igen: {antal}.")
        yield text.format(antal=counts[CHANGED])


def _twice(acceptances: Sequence[Acceptance]) -> Iterator[str]:
    """What is accepted more than once."""
    times = Counter(known_as(name) for acceptance in acceptances for name in acceptance.fund)
    if again := sorted(name for name, count in times.items() if count > 1):
        text = _("Accepteret mere end én gang i {fil}; den sidste gælder: {liste}.")
        yield text.format(fil=ACCEPTED, liste=", ".join(again))


def record(folder: Path, acceptance: Acceptance) -> Path:
    """Add an acceptance to the end of ``accepteret.toml``, keeping what stands there, comments and all.

    Raises:
        ConfigError: the file that stands there cannot be used.
        InputError: the file cannot be written; it is then as it was.
    """
    path = folder / ACCEPTED
    with locked(path):
        read_accepted(folder)
        text = path.read_text(encoding="utf-8-sig") if path.exists() else _(_HEADING)
        made = f"{text.rstrip()}\n\n{_entry(acceptance)}"
        _parse(made, path)
        try:
            with deed():
                door.write_whole(path, made.encode("utf-8"))
        except OSError as error:
            said = _("{fil} kan ikke skrives: {grund}. Den er uændret.")
            raise InputError(said.format(fil=path, grund=error.strerror or error)) from None
    return path


def _entry(acceptance: Acceptance) -> str:
    """An acceptance as TOML."""
    import tomlkit

    entry, sizes = tomlkit.table(), tomlkit.table()
    for name, value in acceptance.model_dump(exclude={"fund"}).items():
        if value:
            entry.add(name, door.by_form(value) if name in {"begrundelse", "af"} else value)
    for name, size in acceptance.fund.items():
        sizes.add(tomlkit.key(name), size)
    entry.add("fund", sizes)
    added = tomlkit.aot()
    added.append(entry)
    return tomlkit.dumps({"accepteret": added})
