"""The published validation table for 2020: one unnamed municipality's HAND07 and FLIS figures.

Source: KOMBIT and KL, webinar «FLIS data: Voksen Handicappede», April 2022, the page «Datavalidering».
"""

from __future__ import annotations

import random
from pathlib import Path

from .model import KOMMUNE, SEED, STATBANK
from .tables import write_csv

DST = {
    "1.1": (160, 157, 159, 155),
    "1.12.0.1": (120, 122, 121, 127),
    "1.12.0.2": (369, 373, 380, 388),
    "1.13.2": (9, 10, 10, 10),
    "1.13.3": (3, 3, 3, 3),
    "1.13.4": (167, 167, 166, 176),
    "1.17": (0, 0, 0, 0),
    "1.18.1": (0, 0, 2, 11),
    "1.18.2": (0, 0, 82, 118),
    "1.3": (7, 8, 8, 8),
    "1.4": (70, 74, 77, 76),
    "1.8.1": (77, 77, 78, 82),
    "1.8.2": (88, 85, 87, 88),
}

FLIS = {
    "1.1": (160, 157, 159, 155),
    "1.12.0.1": (121, 122, 122, 128),
    "1.12.0.2": (373, 376, 384, 390),
    "1.13.2": (9, 10, 10, 10),
    "1.13.3": (3, 3, 3, 3),
    "1.13.4": (167, 167, 167, 176),
    "1.17": (0, 0, 0, 0),
    "1.18.1": (0, 0, 2, 11),
    "1.18.2": (88, 86, 84, 119),
    "1.3": (7, 8, 8, 8),
    "1.4": (70, 74, 78, 76),
    "1.8.1": (79, 79, 80, 84),
    "1.8.2": (88, 85, 87, 89),
}

LABELS = {
    "1.1": "1.1 Aktivitets- og samværstilbud (§ 104 i Serviceloven)",
    "1.12.0.1": "1.12.0.1 Socialpædagogisk støtte i botilbudslignende tilbud (§ 85 i Serviceloven)",
    "1.12.0.2": "1.12.0.2 Øvrig socialpædagogisk støtte (§ 85 i Serviceloven)",
    "1.13.2": "1.13.2 Borgerstyret personlig assistance (§ 96 i Serviceloven)",
    "1.13.3": "1.13.3 Kontaktperson for døvblinde (§ 98 i Serviceloven)",
    "1.13.4": "1.13.4 Ledsageordning (§ 97 i Serviceloven)",
    "1.17": "1.17 Kontant tilskud til ansættelse af hjælpere (§ 95 i Serviceloven)",
    "1.18.1": "1.18.1 Gruppebaseret hjælp og støtte (§ 82a i Serviceloven) (2020K3-)",
    "1.18.2": "1.18.2 Individuel tidsbegrænset hjælp og støtte (§ 82b i Serviceloven) (2020K3-)",
    "1.3": "1.3 Behandling (§ 102 i Serviceloven)",
    "1.4": "1.4 Beskyttet beskæftigelse (§ 103 i Serviceloven)",
    "1.8.1": "1.8.1 Længerevarende botilbud (§ 108 i Serviceloven)",
    "1.8.2": "1.8.2 Midlertidige botilbud (§ 107 i Serviceloven)",
}


def write_published(folder: Path) -> None:
    """Two files on the same 52 cells, each in its own order and spelling."""
    rng = random.Random(SEED)
    quarters = [f"2020K{n}" for n in range(1, 5)]
    dst = [(KOMMUNE, STATBANK[c], q, n) for c, values in DST.items() for q, n in zip(quarters, values, strict=True)]
    flis = [(LABELS[c], q, n) for c, values in FLIS.items() for q, n in zip(quarters, values, strict=True)]
    rng.shuffle(dst)
    flis.sort(key=lambda row: (row[1], row[0]))
    write_csv(folder / "hand07.csv", ("OMRÅDE", "YDELSESTYPE", "TID", "INDHOLD"), dst, "utf-8-sig")
    write_csv(folder / "flis.csv", ("dst_kode", "periode", "antal"), flis)
    (folder / "reconcile.toml").write_text(CONFIG, encoding="utf-8", newline="\n")


CONFIG = """\
# Den offentliggjorte valideringstabel for 2020: HAND07 mod FLIS for én kommune, som kilden ikke navngiver.
# Koden 999 er en pladsholder. Kør: reconcile hand07 --config reconcile.toml --period 2020

[kommune]
kode = "999"
navn = "Unavngiven kommune"

[kilder.hand07]              # Danmarks Statistiks tal, som StatBank skriver dem
filer = ["hand07.csv"]

[kilder.flis_antal]          # FLIS' tal; koden står forrest i cellen, resten er tekst
filer = ["flis.csv"]
"""
