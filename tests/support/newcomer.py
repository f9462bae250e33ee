"""The files of «Prøvekommune», as systems export them to a person who opens them in Excel, and what they really say.

Three monthly extracts from the fagsystem (titles, a merged row above the headings, «Ark1», «I alt», texts as codes, CPR
with hyphen, dd-mm-åååå), a ledger in t.kr., and HAND07 as a pivot with a column per quarter. Everything is invented. What
is counted here is counted from the model, not from the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

KOMMUNE = ("665", "Lemvig")
TEXTS = {"1.1": "Aktivitets- og samværstilbud", "1.8.1": "Længerevarende ophold", "1.12.0.2": "Socialpædagogisk støtte"}
ACCOUNTS = {"1.1": "5.38.59-1-002", "1.8.1": "5.38.50-1-002", "1.12.0.2": "5.38.39-1-004"}
QUARTERS = {"2023K2": (date(2023, 4, 1), date(2023, 6, 30)), "2023K3": (date(2023, 7, 1), date(2023, 9, 30))}


@dataclass(frozen=True)
class Course:
    """A course: who, which code, from when, to when (None is open)."""

    cpr: str
    code: str
    start: date
    end: date | None

    def active(self, first: date, last: date) -> bool:
        """Whether it has a day in the span."""
        return self.start <= last and (self.end is None or self.end >= first)


@dataclass
class Municipality:
    """What is true at the end of September 2023; ``known`` says what the extract of a month knew."""

    courses: list[Course] = field(default_factory=list)
    payments: list[tuple[str, str, date, Decimal]] = field(default_factory=list)

    def known(self, day: date) -> list[Course]:
        """The courses as they stood on a day: a later end was not known."""
        return [
            Course(c.cpr, c.code, c.start, c.end if c.end and c.end <= day else None)
            for c in self.courses
            if c.start <= day
        ]

    def persons(self, code: str, quarter: str) -> int:
        """How many persons had the code in a quarter."""
        return len({c.cpr for c in self.courses if c.code == code and c.active(*QUARTERS[quarter])})

    def spent(self) -> Decimal:
        """Everything paid, in kr."""
        return sum((amount for _cpr, _code, _day, amount in self.payments), Decimal(0))


def municipality() -> Municipality:
    """24 adults born 1 to 24 January 1960 with one course each; every third ends in the summer of 2023."""
    made = Municipality()
    for number in range(1, 25):
        code = list(TEXTS)[number % 3]
        end = {0: date(2023, 8, 15), 3: date(2023, 6, 30)}.get(number % 6)
        cpr = f"{number:02d}0160{number:04d}"
        made.courses.append(Course(cpr, code, date(2021, number % 12 + 1, 1), end))
        for month in (7, 8, 9):
            if made.courses[-1].active(date(2023, month, 1), date(2023, month, 28)):
                made.payments.append((cpr, code, date(2023, month, 20), Decimal(9_500 + 250 * number)))
    made.courses.append(Course("2501600025", "1.1", date(2023, 9, 1), None))
    return made


def write(folder: Path, truth: Municipality, *, headings: Sequence[str] = ()) -> None:
    """Write the files into a folder. ``headings``: other words for the five columns of the extracts."""
    folder.mkdir(parents=True, exist_ok=True)
    for day in (date(2023, 7, 31), date(2023, 8, 31), date(2023, 9, 30)):
        _extract(folder / f"nexus-{day:%Y-%m}.xlsx", day, truth.known(day), headings)
    _ledger(folder / "posteringer 2023 (økonomi).xlsx", truth)
    _pivot(folder / "hand07 modtagere.xlsx", truth)


def _extract(path: Path, day: date, courses: Iterable[Course], headings: Sequence[str]) -> None:
    rows = [
        (f"{c.cpr[:6]}-{c.cpr[6:]}", f"{c.code} {TEXTS[c.code]}", _day(c.start), _day(c.end), "Lemvig Kommune")
        for c in courses
    ]
    named = headings or ("CPR-nummer", "DST kode", "Bevilget fra", "Bevilget til", "Handlekommune")
    titles = [("Prøvekommune: bevillinger, voksne",), (f"Udtrukket {day:%d-%m-%Y}",), ()]
    groups = ("Borger", "Bevilling", None, None, "Kommune")
    _save(path, [*titles, groups, named, *rows, ("I alt", len(rows))], merged="B4:D4")


def _ledger(path: Path, truth: Municipality) -> None:
    rows = [
        (ACCOUNTS[code], float(amount / 1000), _day(day), f"{cpr[:6]}-{cpr[6:]}", f"{day:%Y-%m}")
        for cpr, code, day, amount in truth.payments
    ]
    head = ("Kontonummer", "Beløb (t.kr.)", "Bogføringsdato", "CPR-nr.", "Ydelsesperiode")
    _save(path, [("Posteringer, 3. kvartal 2023",), (), head, *rows, ("I alt", float(truth.spent() / 1000))])


def _pivot(path: Path, truth: Municipality) -> None:
    names = [f"{quarter[-1]}. kvartal {quarter[:4]}" for quarter in QUARTERS]
    rows: list[tuple[Any, ...]] = [
        (f"{code} {text}", *(truth.persons(code, q) for q in QUARTERS)) for code, text in TEXTS.items()
    ]
    total = ("I alt", *(sum(row[i] for row in rows) for i in (1, 2)))
    _save(path, [("Modtagere (HAND07)",), (), ("Ydelse", *names), *rows, total, ("Kilde: Danmarks Statistik",)])


def _day(day: date | None) -> str | None:
    return f"{day:%d-%m-%Y}" if day else None


def _save(path: Path, rows: Iterable[Sequence[object]], merged: str = "") -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Ark1"
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    book.save(path)
