"""Sources of several kommuner in one set of files, and what of them one kommune's own files would hold."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

Files = Mapping[str, list[dict[str, str]]]

_CODES = ("1.1", "1.4", "1.12.0.1", "1.12.0.2")
_ACCOUNTS = {"1.1": "5.38.52-1-001", "1.4": "5.38.58-1-001", "1.12.0.1": "5.38.50-1-001", "1.12.0.2": "5.38.51-1-001"}
_FIRST = date(2020, 1, 6)


def land(codes: Iterable[str], *, persons: int, seed: int = 1) -> Files:
    """Files of the kommuner together: persons who move between them while their counter runs on, courses that one handles and
    another pays for, and rows that say no kommune."""
    chance, codes = random.Random(seed), list(codes)
    files: dict[str, list[dict[str, str]]] = {name: [] for name in ("fagsystem", "oekonomi", "borger", "hand07", "yr")}
    for code in codes:
        for number in range(persons):
            _person(files, code, chance.choice(codes), f"{number + 1:04d}{codes.index(code):02d}", chance)
        for course in _CODES:
            for quarter in ("2020K1", "2020K2"):
                row = {
                    "dst_kode": course,
                    "periode": quarter,
                    "antal": str(chance.randint(1, persons)),
                    "kommune": code,
                }
                files["hand07"].append(row)
    files["fagsystem"].append({"cpr": "0101801234", "dst_kode": "1.1", "start_dato": "2020-01-01"})
    for rows in files.values():
        chance.shuffle(rows)
    files["masteroversigt"] = [{"dst_kode": code, "konto": account} for code, account in _ACCOUNTS.items()]
    return files


def _person(files: dict[str, list[dict[str, str]]], own: str, other: str, name: str, chance: random.Random) -> None:
    cpr = f"{chance.randint(1, 28):02d}{chance.randint(1, 12):02d}{chance.randint(50, 99)}{name[-4:]}"
    code = chance.choice(_CODES)
    start = _FIRST + timedelta(days=chance.randint(-400, 60))
    end = "" if chance.random() < 0.6 else str(start + timedelta(days=chance.randint(-5, 300)))
    payer = other if chance.random() < 0.2 else own
    course = {"cpr": cpr, "dst_kode": code, "start_dato": str(start), "slut_dato": end, "ydelse_id": f"{own}-{name}"}
    files["fagsystem"].append(
        {**course, "handlekommune": own, "betalingskommune": payer if chance.random() < 0.8 else ""}
    )
    files["borger"].append({"cpr": cpr, "foedselsdato": f"{chance.randint(1950, 2005)}-05-05"})
    for month in range(1, 7):
        if chance.random() < 0.8:
            posting = {"konto": _ACCOUNTS[code], "beloeb": f"{chance.randint(-50, 900)},{chance.randint(0, 99):02d}"}
            booked = {"bogfoert_dato": f"2020-{month:02d}-15", "bilag": f"{name}{month}", "kommune": payer}
            files["oekonomi"].append({**posting, **booked, "cpr": cpr})
    counter = chance.randint(1, 30)
    for week in range(chance.randint(0, 20)):
        counter += chance.choice((1, 1, 1, 1, 2))
        rate = 80 if counter < 5 else 40 if counter < 27 else 30
        row = {
            "cpr": cpr,
            "uge": str(_FIRST + timedelta(weeks=week)),
            "ydelse": "Sygedagpenge",
            "bruttoudgift": "100,00",
        }
        row |= {"refusionssats": str(rate), "refusion": str(rate), "ydelsestaeller": str(counter)}
        files["yr"].append({**row, "finansieringskommune": own if week < 8 else other, "koerselsperiode": "2020-07"})


def part(files: Files, own: str) -> Files:
    """What of the files is one kommune's: the rows in which it stands, and those of its persons."""
    courses = [row for row in files["fagsystem"] if own in (row.get("handlekommune"), row.get("betalingskommune"))]
    postings = [row for row in files["oekonomi"] if row["kommune"] == own]
    financed = {row["cpr"] for row in files["yr"] if row["finansieringskommune"] == own}
    yr = [row for row in files["yr"] if row["cpr"] in financed]
    known = {row["cpr"] for row in (*courses, *postings, *yr)}
    return {
        "fagsystem": courses,
        "oekonomi": postings,
        "yr": yr,
        "borger": [row for row in files["borger"] if row["cpr"] in known],
        "hand07": [row for row in files["hand07"] if row["kommune"] == own],
        "masteroversigt": files["masteroversigt"],
    }


def write(folder: Path, files: Files, kommune: str) -> Path:
    """A working folder with the files and a key; returns its configuration. ``kommune`` is the section as TOML."""
    (folder / "ind").mkdir(parents=True, exist_ok=True)
    lines = ["[kommune]", kommune]
    for name, rows in files.items():
        headers = list(dict.fromkeys(header for row in rows for header in row))
        with (folder / "ind" / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, headers, restval="", delimiter=";", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        lines += [f"[kilder.{name}]", f'filer = ["ind/{name}.csv"]']
    key = folder / "noegle.key"
    key.touch(mode=0o600)
    key.write_text("ab" * 32, encoding="utf-8")
    (folder / "reconcile.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "reconcile.toml"
