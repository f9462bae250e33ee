"""The masteroversigt as municipalities keep it: a blank cell means «as above»."""

from __future__ import annotations

from pathlib import Path

from .ledger import RAMME, UNWRITTEN
from .model import TILBUD
from .tables import write_xlsx

HEADER = (
    "Paragraf",
    "Indsatsydelse",
    "Indsats i Nexus",
    "DST kode",
    "Kategori",
    "Målgruppe",
    "Målgruppeniveau",
    "Funktionsområde",
    "Konteringsplan",
    "Egne institutioner",
    "Rammestyret",
    "Rytme",
)

GROUPS = (
    ("Social", "2", "særlige sociale problemer"),
    ("Handicap", "1.1", "nedsat funktionsevne"),
    ("Sindslidende", "1.2", "sindslidelse"),
)

BY_GROUP = (
    ("SEL § 103", "Beskyttet beskæftigelse", "1.4.1 Beskyttet § 103 - plads", "1.4", "Dagtilbud", "58", 1),
    ("SEL § 104", "Aktivitets- og samværsydelse", "1.1.1 Samvær § 104 - plads", "1.1", "Dagtilbud", "59", 1),
    ("SEL § 107", "Midlertidigt ophold", "1.8.2 Midlertidigt ophold § 107", "1.8.2", "Botilbud", "52", 1),
    ("SEL § 108", "Længerevarende ophold", "1.8.1 Længerevarende ophold § 108", "1.8.1", "Botilbud", "50", 1),
    ("ABL § 105/SEL § 85", "Støtte i bofællesskab", "1.12.0.1 Støtte (botilbud)", "1.12.0.1", "Botilbud", "51", 1),
    ("SEL § 85", "Støtte i eget hjem", "1.12.0.2 Støtte (eget hjem)", "1.12.0.2", "Støtte", "39", 3),
)

SINGLE = (
    ("SEL § 102", "Behandling", "1.3 Behandling § 102", "1.3", "Behandling", "5.38.39-1-007", "", "nej"),
    ("SEL § 82a", "Gruppeforløb", "1.18.1 Gruppe § 82a", "1.18.1", "Støtte", "5.38.40-1-001", "", "nej"),
    ("SEL § 96", "Personlig assistance (BPA)", "1.13.2 BPA § 96", "1.13.2", "BPA", "5.38.39-1-002", "BPA", "nej"),
    ("SEL § 98", "Kontaktperson for døvblinde", "1.13.3 Kontaktperson", "1.13.3", "Støtte", "5.38.53-1-004", "", "ja"),
    ("SEL § 97", "Ledsageordning", "1.13.4 Ledsageordning § 97", "1.13.4", "Støtte", "5.38.53-1-003", "", "nej"),
)
"""1.13.3 is rammestyret as a whole; 1.17 and 1.18.2 are not in the masteroversigt."""

FRAMED = (
    ("SEL § 104", "Aktivitets- og samværsydelse", "1.1.1 Samvær § 104 - plads", "1.1", "Dagtilbud"),
    ("ABL § 105/SEL § 85", "Støtte i bofællesskab", "1.12.0.1 Støtte (botilbud)", "1.12.0.1", "Botilbud"),
)
"""The codes with a tilbud that is paid by a ramme."""

RHYTHMS = {"1.3": "kvartal", "1.18.1": "kvartal forud"}


def write_masteroversigt(path: Path) -> None:
    """The link between codes and accounts, one row per account."""
    rows: list[list[str | None]] = []
    for paragraf, ydelse, indsats, code, kategori, funktion, first in BY_GROUP:
        for number, (group, level, text) in enumerate(GROUPS):
            head = [paragraf, ydelse, indsats, code, kategori] if number == 0 else [None] * 5
            konto = f"5.38.{funktion}-1-{first + number:03d}"
            places = TILBUD.get(code, ())
            place = places[number] if number < len(places) else None
            rows.append([*head, group, level, konto, text, place, "nej", "maaned"])
    for head, ((_code, tilbud), konto) in zip(FRAMED, RAMME.items(), strict=True):
        written = f"5.38.{konto[3:5]}-1-{konto[6:]}"
        rows.append([*head, None, None, written, "rammebetaling", tilbud, "ja", "maaned"])
    for paragraf, ydelse, indsats, code, kategori, konto, text, ramme in SINGLE:
        rhythm = None if code == UNWRITTEN else RHYTHMS.get(code, "maaned")
        rows.append([paragraf, ydelse, indsats, code, kategori, None, None, konto, text or None, None, ramme, rhythm])
    write_xlsx(path, "Masteroversigt", HEADER, rows)
