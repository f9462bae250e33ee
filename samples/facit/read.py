"""Reads the sample's source files into plain records."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

KOMMUNE = "999"
HORIZON = date(2021, 3, 31)
NEXUS = {
    "CPR-nummer": "cpr",
    "DST kode": "dst_kode",
    "Bevilget fra": "start_dato",
    "Bevilget til": "slut_dato",
    "Bevillings-id": "ydelse_id",
    "Handlekommune": "handlekommune",
    "Betalingskommune": "betalingskommune",
    "Målgruppe (VUM)": "maalgruppe",
    "Funktionsvurdering": "funktionsvurdering",
    "Leverandør": "tilbud",
    "Kildesystem": "system",
    "FFB-ydelse": "ffb_ydelse",
}
STATBANK = {
    "30011": "1.1",
    "30013": "1.3",
    "30014": "1.4",
    "30181": "1.8.1",
    "30182": "1.8.2",
    "31201": "1.12.0.1",
    "31202": "1.12.0.2",
    "31132": "1.13.2",
    "31133": "1.13.3",
    "31134": "1.13.4",
    "30117": "1.17",
    "31181": "1.18.1",
    "31182": "1.18.2",
}
Record = dict[str, str]


@dataclass(frozen=True)
class Forloeb:
    """A course with its active days counted out, up to the end of March 2021."""

    felter: Record
    start: date
    slut: date | None
    dage: frozenset[date]

    def __getitem__(self, name: str) -> str:
        return self.felter[name]


@dataclass(frozen=True)
class Postering:
    """A ledger posting with its account as nine digits and the month it pays for."""

    konto: str
    beloeb: Decimal
    bogfoert: date
    cpr: str
    maaned: str


@dataclass
class Data:
    """All sources."""

    fagsystem: list[Forloeb]
    flis: list[Forloeb]
    foedt: dict[str, date]
    doed: dict[str, date]
    oekonomi: list[Postering]
    konti: dict[str, tuple[str, str, bool]]
    rammetilbud: set[tuple[str, str]]
    rytmer: dict[str, tuple[int, int]]
    uden_rytme: set[str]
    hand07: dict[tuple[str, str], str]
    hand01: dict[tuple[str, str], str]
    yr: list[list[Record]]


def read(folder: Path) -> Data:
    """Everything under a folder's `ind/`."""
    ind = folder / "ind"
    nexus = [
        {NEXUS[k]: v for k, v in row.items()}
        for path in sorted(ind.glob("nexus-*.csv"))
        for row in rows(path, "cp1252")
    ]
    borger = rows(ind / "borger.csv", "utf-8-sig")
    people = [(row["Personnummer"].replace("-", ""), row) for row in borger]
    return Data(
        fagsystem=[forloeb(row) for row in nexus + sheet(ind / "tidligere-fagsystem.xlsx")],
        flis=[forloeb(row) for row in rows(ind / "flis.csv", "utf-8")],
        foedt={cpr: day(row["Fødselsdato"]) for cpr, row in people},
        doed={cpr: day(row["Dødsdato"]) for cpr, row in people if row["Dødsdato"]},
        oekonomi=[postering(row) for row in rows(ind / "oekonomi.csv", "cp1252")],
        konti=konti(ind / "masteroversigt.xlsx"),
        rammetilbud=rammetilbud(ind / "masteroversigt.xlsx"),
        rytmer=rytmer(ind / "masteroversigt.xlsx"),
        uden_rytme=uden_rytme(ind / "masteroversigt.xlsx"),
        hand07=statbank(ind / "hand07.csv"),
        hand01=statbank(ind / "hand01.csv"),
        yr=[rows(path, "utf-8") for path in sorted(ind.glob("yr-2020-*.csv"))],
    )


def rows(path: Path, encoding: str) -> list[Record]:
    """A semicolon-separated file."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def sheet(path: Path) -> list[Record]:
    """The only sheet of a workbook, everything as text and dates in ISO form."""
    book = load_workbook(path)
    table = [["" if v is None else v for v in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    head = [str(v) for v in table[0]]
    return [
        {k: v.date().isoformat() if isinstance(v, datetime) else str(v) for k, v in zip(head, row, strict=True)}
        for row in table[1:]
    ]


def day(text: str) -> date:
    """`dd-mm-yyyy` or `yyyy-mm-dd`."""
    a, b, c = (int(part) for part in text.split("-"))
    return date(a, b, c) if a > 31 else date(c, b, a)


def kroner(text: str) -> Decimal:
    """`-1.234,50`."""
    return Decimal(text.replace(".", "").replace(",", "."))


def forloeb(row: Record) -> Forloeb:
    """A course; nine digits get their leading zero back, 0999 becomes 999."""
    felter = dict(row)
    if len(felter["cpr"]) == 9 and felter["cpr"].isdigit():
        felter["cpr"] = "0" + felter["cpr"]
    for name in ("handlekommune", "betalingskommune"):
        felter[name] = felter[name].lstrip("0") or KOMMUNE
    start = day(felter["start_dato"])
    slut = day(felter["slut_dato"]) if felter["slut_dato"] else None
    felter["start_dato"], felter["slut_dato"] = str(start), str(slut or "")
    last = min(slut or HORIZON, HORIZON)
    return Forloeb(felter, start, slut, frozenset(start + timedelta(n) for n in range((last - start).days + 1)))


def postering(row: Record) -> Postering:
    """A posting; the REGKC order has the dranst first."""
    digits = "".join(c for c in row["Kontonummer"] if c.isdigit())
    if digits[1] == "5" and digits[0] in "12":
        digits = digits[1:6] + digits[0] + digits[6:]
    bogfoert = day(row["Bogføringsdato"])
    maaned = row["Ydelsesperiode"] or f"{bogfoert:%Y-%m}"
    return Postering(digits, kroner(row["Beløb"]), bogfoert, row["CPR"], maaned)


def konti(path: Path) -> dict[str, tuple[str, str, bool]]:
    """Account → code, målgruppe, rammestyret; a blank code is the one above."""
    result, code = {}, ""
    for row in sheet(path):
        code = row["DST kode"] or code
        digits = "".join(c for c in row["Funktionsområde"] if c.isdigit())
        result[digits] = (code, row["Målgruppeniveau"], row["Rammestyret"] == "ja")
    return result


def rammetilbud(path: Path) -> set[tuple[str, str]]:
    """Code and tilbud of the rows that are rammestyret and name one."""
    return {
        (r["DST kode"], r["Egne institutioner"])
        for r in sheet(path)
        if r["Rammestyret"] == "ja" and r["Egne institutioner"]
    }


def rytmer(path: Path) -> dict[str, tuple[int, int]]:
    """Code → months a bill is for, and months it is ahead, of the codes that are not billed by the month."""
    ways = {"kvartal": (3, 0), "kvartal forud": (3, 3)}
    return {r["DST kode"]: ways[r["Rytme"]] for r in sheet(path) if r["Rytme"] in ways}


def uden_rytme(path: Path) -> set[str]:
    """The codes with an account of which no row says how it is billed."""
    told, code, seen = set(), "", set()
    for row in sheet(path):
        code = row["DST kode"] or code
        seen.add(code)
        if row["Rytme"]:
            told.add(code)
    return seen - told


def statbank(path: Path) -> dict[tuple[str, str], str]:
    """Code and quarter → the figure as written."""
    return {(STATBANK[r["YDELSESTYPE"]], r["TID"]): r["INDHOLD"] for r in rows(path, "utf-8-sig")}


def month(value: date) -> str:
    """The month of a day."""
    return f"{value:%Y-%m}"
