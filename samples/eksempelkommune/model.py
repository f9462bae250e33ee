"""What the municipality consists of, before it is written to files."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .cpr import synthetic_cpr
from .plan import Plan

SEED = 2020
KOMMUNE = "999"
NAVN = "Eksempelkommune"
GO_LIVE = date(2020, 2, 1)
"""The day the municipality changed to its present fagsystem."""

LEDGER_FIRST = "2020-01"
LEDGER_LAST = "2021-03"

STATBANK = {
    "1.1": "30011",
    "1.3": "30013",
    "1.4": "30014",
    "1.8.1": "30181",
    "1.8.2": "30182",
    "1.12.0.1": "31201",
    "1.12.0.2": "31202",
    "1.13.2": "31132",
    "1.13.3": "31133",
    "1.13.4": "31134",
    "1.17": "30117",
    "1.18.1": "31181",
    "1.18.2": "31182",
}
"""The DST codes of 2020 and their StatBank ids."""

VALID_FROM = {"1.18.1": date(2020, 7, 1), "1.18.2": date(2020, 7, 1)}

TILBUD = {
    "1.1": ("Aktivitetscentret Møllen", "Dagcenter Åsen"),
    "1.4": ("Værkstedet Høvlen", "Gartneriet Vækst"),
    "1.8.1": ("Botilbud Egely", "Bofællesskabet Lærken"),
    "1.8.2": ("Ungeboligen Fyrtårnet", "Midlertidigt botilbud Kilden"),
    "1.12.0.1": ("Bofællesskabet Engen", "Opgangsfællesskabet Ringvejen"),
}

FFB = {
    "1.1": "Aktivitet og samvær",
    "1.4": "Beskyttet beskæftigelse",
    "1.8.1": "Længerevarende ophold",
    "1.8.2": "Midlertidigt ophold",
    "1.12.0.1": "Socialpædagogisk støtte",
    "1.12.0.2": "Socialpædagogisk støtte",
    "1.18.1": "Forebyggende hjælp og støtte",
    "1.18.2": "Forebyggende hjælp og støtte",
}

MAALGRUPPER = ("1.1.1", "1.1.2", "1.1.3", "1.1.5", "1.2.2.1", "1.2.2.3", "1.2.2.4", "2")


@dataclass(frozen=True)
class Person:
    """A synthetic citizen."""

    cpr: str
    born: date
    died: date | None = None
    maalgruppe: tuple[str, ...] = ("1.1.1",)
    in_register: bool = True


@dataclass(frozen=True)
class Course:
    """One ydelse course, as L402 has it. `slut` is the last active day; None is open."""

    cpr: str
    dst_kode: str
    start: date
    slut: date | None
    ydelse_id: str
    maalgruppe: tuple[str, ...]
    tilbud: str
    funktionsvurdering: str
    ffb_ydelse: str
    system: str = "nuvaerende"
    handlekommune: str = KOMMUNE
    betalingskommune: str = KOMMUNE


@dataclass(frozen=True)
class Posting:
    """One ledger posting. `konto` is nine digits; the file writer chooses how it is spelt."""

    konto: str
    beloeb: Decimal
    bogfoert: date
    tekst: str
    cpr: str = ""
    periode: str = ""


@dataclass(frozen=True)
class Grant:
    """A granted or settled rate: kr. for one day, from its first to its last day (None: open), or once (`styk`)."""

    cpr: str
    konto: str
    takst: Decimal
    fra: date
    til: date | None
    enhed: str = "døgn"


@dataclass(frozen=True)
class YrRow:
    """One calculation row from Ydelsesrefusion."""

    cpr: str
    uge: date
    ydelse: str
    brutto: Decimal
    refusionssats: int | None
    refusion: Decimal
    medfinansieringssats: int | None
    medfinansiering: Decimal
    taeller: int | None
    koersel: str
    beregning_id: str
    bopael: str = KOMMUNE
    fleksbidrag: Decimal = Decimal("0.00")


@dataclass
class FlisEdits:
    """How the FLIS extract differs from the fagsystem after the load rule."""

    missing: set[str] = field(default_factory=set)
    extra: list[Course] = field(default_factory=list)
    changed: dict[str, dict[str, object]] = field(default_factory=dict)
    split: dict[str, date] = field(default_factory=dict)


@dataclass
class Billing:
    """Where the ledger departs from one payment per person, code and active month."""

    unpaid: set[tuple[str, str, str]] = field(default_factory=set)
    account: dict[tuple[str, str, str], str] = field(default_factory=dict)
    wrong_half: dict[tuple[str, str, str], str] = field(default_factory=dict)
    factor: dict[tuple[str, str, str], Decimal] = field(default_factory=dict)
    extra: list[Posting] = field(default_factory=list)


@dataclass
class World:
    """Everything generated so far."""

    rng: random.Random
    plan: Plan
    people: dict[str, Person] = field(default_factory=dict)
    courses: list[Course] = field(default_factory=list)
    flis: FlisEdits = field(default_factory=FlisEdits)
    billing: Billing = field(default_factory=Billing)
    postings: list[Posting] = field(default_factory=list)
    rates: dict[tuple[str, str], tuple[str, Decimal]] = field(default_factory=dict)
    granted: list[Grant] = field(default_factory=list)
    settled: list[Grant] = field(default_factory=list)
    yr: list[YrRow] = field(default_factory=list)
    yr_corrections: list[YrRow] = field(default_factory=list)
    dst_lacks: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    serial: dict[str, int] = field(default_factory=dict)
    used_cpr: set[str] = field(default_factory=set)

    def new_person(
        self,
        born: date | None = None,
        died: date | None = None,
        maalgruppe: tuple[str, ...] | None = None,
        in_register: bool = True,
    ) -> Person:
        """A new citizen; a birth date is drawn among adults when none is given."""
        born = born or random_day(self.rng, date(1938, 1, 2), date(1998, 12, 31), skip_new_year=True)
        groups = maalgruppe if maalgruppe is not None else (self.rng.choice(MAALGRUPPER),)
        person = Person(synthetic_cpr(born, self.used_cpr, self.rng), born, died, groups, in_register)
        self.people[person.cpr] = person
        return person

    def new_course(
        self, person: Person, dst_kode: str, start: date, slut: date | None = None, **changes: object
    ) -> Course:
        """A course with everything filled in; `changes` overrides single fields."""
        course = self.make_course(person, dst_kode, start, slut, **changes)
        self.courses.append(course)
        return course

    def make_course(
        self, person: Person, dst_kode: str, start: date, slut: date | None = None, **changes: object
    ) -> Course:
        """As `new_course`, without adding it to the fagsystem."""
        system = str(changes.get("system", "nuvaerende"))
        prefix = "N" if system == "nuvaerende" else "G"
        self.serial[prefix] = self.serial.get(prefix, 0) + 1
        fields: dict[str, object] = {
            "ydelse_id": f"{prefix}-{self.serial[prefix]:05d}",
            "maalgruppe": person.maalgruppe,
            "tilbud": self.rng.choice(TILBUD[dst_kode]) if dst_kode in TILBUD else "",
            "funktionsvurdering": self.rng.choice("ABCDE"),
            "ffb_ydelse": FFB.get(dst_kode, "") if self.rng.random() < 0.3 else "",
        }
        fields.update(changes)
        return Course(person.cpr, dst_kode, start, slut, **fields)  # type: ignore[arg-type]


def random_day(rng: random.Random, first: date, last: date, *, skip_new_year: bool = False) -> date:
    """A day between two days, both included."""
    while True:
        day = first + timedelta(days=rng.randrange((last - first).days + 1))
        if not (skip_new_year and (day.month, day.day) == (1, 1)):
            return day


def months(first: str, last: str) -> list[str]:
    """The months from `first` to `last`, both included, as `2020-07`."""
    number = int(first[:4]) * 12 + int(first[5:]) - 1
    end = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number, end + 1)]


def month_of(day: date) -> str:
    """The month of a day, as `2020-07`."""
    return f"{day:%Y-%m}"


def month_bounds(month: str) -> tuple[date, date]:
    """First and last day of a month."""
    first = date(int(month[:4]), int(month[5:]), 1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def active_days(courses: list[Course], first: date, last: date) -> int:
    """Days between `first` and `last` with at least one course active; overlapping courses count once."""
    spans = sorted(
        (max(c.start, first), min(c.slut or last, last))
        for c in courses
        if c.start <= last and (c.slut is None or c.slut >= max(first, c.start))
    )
    total, reached = 0, first - timedelta(days=1)
    for begin, end in spans:
        if end > reached:
            total += (end - max(begin - timedelta(days=1), reached)).days
            reached = end
    return total
