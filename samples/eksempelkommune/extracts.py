"""The source files of the municipality, each with the mess its system is known for."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from .model import KOMMUNE, SEED, STATBANK, Course, World, YrRow
from .published import QUARTERS, hand01, hand07
from .tables import danish_amount, danish_date, write_csv, write_xlsx

STAYS = ("1.8.1", "1.8.2", "1.12.0.1")
CANONICAL = (
    "cpr",
    "dst_kode",
    "start_dato",
    "slut_dato",
    "ydelse_id",
    "handlekommune",
    "betalingskommune",
    "maalgruppe",
    "funktionsvurdering",
    "tilbud",
    "system",
    "ffb_ydelse",
)
NEXUS = (
    "CPR-nummer",
    "DST kode",
    "Bevilget fra",
    "Bevilget til",
    "Bevillings-id",
    "Handlekommune",
    "Betalingskommune",
    "Målgruppe (VUM)",
    "Funktionsvurdering",
    "Leverandør",
    "Kildesystem",
    "FFB-ydelse",
)


def write_extracts(world: World, folder: Path) -> None:
    """Every file under `ind/`."""
    rng = random.Random(SEED)
    _nexus(world, folder, rng)
    _former_system(world, folder)
    _register(world, folder)
    _flis(world, folder, rng)
    _ledger(world, folder, random.Random(SEED))  # of their own: a posting more does not change the other files
    _statbank(world, folder, random.Random(SEED))
    _grants(world, folder)
    _yr(world, folder)


def _nexus(world: World, folder: Path, rng: random.Random) -> None:
    """windows-1252, Danish dates, own headers; some CPR have been through a spreadsheet."""
    courses = [c for c in world.courses if c.system == "nuvaerende"]
    rng.shuffle(courses)
    for name, stays in (("nexus-2020-botilbud.csv", True), ("nexus-2020-dagtilbud-og-stoette.csv", False)):
        rows = []
        for course in courses:
            if (course.dst_kode in STAYS) == stays:
                cpr = course.cpr
                if cpr.startswith("0") and len(cpr) == 10 and rng.random() < 0.4:
                    cpr = cpr.lstrip("0")
                kommune = course.handlekommune.zfill(4) if rng.random() < 0.3 else course.handlekommune
                row = _course_row(course)
                row[0], row[5] = cpr, kommune
                row[2], row[3] = danish_date(course.start), danish_date(course.slut)
                rows.append(row)
        write_csv(folder / name, NEXUS, rows, "windows-1252")


def _course_row(course: Course) -> list[object]:
    """A course in the order of the canonical columns, with ISO dates."""
    return [
        course.cpr,
        course.dst_kode,
        course.start,
        course.slut,
        course.ydelse_id,
        course.handlekommune,
        course.betalingskommune,
        "|".join(course.maalgruppe),
        course.funktionsvurdering,
        course.tilbud,
        course.system,
        course.ffb_ydelse,
    ]


def _former_system(world: World, folder: Path) -> None:
    """XLSX with canonical headers, real date cells, and no handlekommune on the oldest courses."""
    courses = sorted((c for c in world.courses if c.system == "tidligere"), key=lambda c: c.ydelse_id)
    rows = []
    for course in courses:
        row = [value if value != "" else None for value in _course_row(course)]
        if course.slut and course.slut.year < 2019:
            row[5] = None
        rows.append(row)
    write_xlsx(folder / "tidligere-fagsystem.xlsx", "Bevillinger", CANONICAL, rows)


def _register(world: World, folder: Path) -> None:
    """UTF-8 with BOM, CPR with a hyphen."""
    rows = [
        (f"{p.cpr[:6]}-{p.cpr[6:]}", danish_date(p.born), danish_date(p.died), KOMMUNE)
        for p in sorted(world.people.values(), key=lambda p: p.cpr)
        if p.in_register
    ]
    header = ("Personnummer", "Fødselsdato", "Dødsdato", "Bopælskommune")
    write_csv(folder / "borger.csv", header, rows, "utf-8-sig")


def flis_courses(world: World) -> list[Course]:
    """What FLIS has: the load rule, and the planted differences."""
    result = []
    for course in world.courses:
        loaded = course.system == "nuvaerende" or course.slut is not None
        if not loaded or course.ydelse_id in world.flis.missing:
            continue
        changed = replace(course, **world.flis.changed.get(course.ydelse_id, {}))  # type: ignore[arg-type]
        split = world.flis.split.get(course.ydelse_id)
        if split:
            result += [replace(changed, slut=split - timedelta(1)), replace(changed, start=split)]
        else:
            result.append(changed)
    return result + world.flis.extra


def _flis(world: World, folder: Path, rng: random.Random) -> None:
    """UTF-8, ISO dates, canonical headers, in an order of its own."""
    courses = flis_courses(world)
    rng.shuffle(courses)
    write_csv(folder / "flis.csv", CANONICAL, (_course_row(c) for c in courses))


def _ledger(world: World, folder: Path, rng: random.Random) -> None:
    """windows-1252, Danish amounts, account numbers in all the forms people write them."""
    rows = []
    for number, posting in enumerate(world.postings, start=1):
        rows.append(
            (
                _spell(posting.konto, rng),
                danish_amount(posting.beloeb),
                danish_date(posting.bogfoert),
                posting.cpr,
                posting.periode,
                f"{20_000_000 + number}",
                posting.tekst,
            )
        )
    header = ("Kontonummer", "Beløb", "Bogføringsdato", "CPR", "Ydelsesperiode", "Bilag", "Posteringstekst")
    write_csv(folder / "oekonomi.csv", header, rows, "windows-1252")


def _grants(world: World, folder: Path) -> None:
    """The disponeringsark is a workbook of a row for each rate; the settlements a file of a row for each month."""
    order = sorted(world.granted, key=lambda g: (g.fra, g.cpr, g.takst))
    header: tuple[str, ...] = ("CPR-nr", "Konto", "Takst", "Enhed", "Fra", "Til")
    rows = [(g.cpr, g.konto, g.takst, g.enhed, g.fra, g.til) for g in order]
    write_xlsx(folder / "disponering.xlsx", "Disponering", header, rows)
    header = ("Personnummer", "Kontonummer", "Takst (kr.)", "Enhed", "Afregnet fra", "Afregnet til")
    monthly = sorted(world.settled, key=lambda g: (g.fra, g.cpr))
    lines = [
        (g.cpr, g.konto, danish_amount(g.takst), "kr. pr. døgn", danish_date(g.fra), danish_date(g.til))
        for g in monthly
    ]
    write_csv(folder / "afregning.csv", header, lines, "windows-1252")


def _spell(konto: str, rng: random.Random) -> str:
    """Nine digits, with points, with spaces, or with the dranst first."""
    head = f"{konto[0]}.{konto[1:3]}.{konto[3:5]}"
    draw = rng.random()
    if draw < 0.6:
        return konto
    if draw < 0.8:
        return f"{head}-{konto[5]}-{konto[6:]}"
    if draw < 0.95:
        return f"{head} {konto[5]} {konto[6:]}"
    return f"{konto[5]}{konto[:5]}{konto[6:]}"


def _statbank(world: World, folder: Path, rng: random.Random) -> None:
    """HAND07 and HAND01 as StatBank's CSV, and the approvals."""
    header = ("OMRÅDE", "YDELSESTYPE", "TID", "INDHOLD")
    for name, cells in (("hand07.csv", hand07(world)), ("hand01.csv", hand01(world))):
        rows = [(KOMMUNE, STATBANK[code], quarter, value) for (code, quarter), value in cells.items()]
        rng.shuffle(rows)
        write_csv(folder / name, header, rows, "utf-8-sig")
    write_csv(folder / "godkendt.csv", ("kommune", "periode", "godkendt"), [(KOMMUNE, q, "ja") for q in QUARTERS])


def _yr(world: World, folder: Path) -> None:
    """Two files in the form of a FLIS/DAP extract; the second holds the corrections."""
    header = (
        "cpr",
        "uge",
        "ydelse",
        "bruttoudgift",
        "refusionssats",
        "refusion",
        "medfinansieringssats",
        "medfinansiering",
        "fleksbidrag",
        "ydelsestaeller",
        "genoptjening",
        "koerselsperiode",
        "finansieringskommune",
        "bopaelskommune",
        "beregning_id",
    )
    for name, yr in (("yr-2020-1.csv", world.yr), ("yr-2020-2-rettelser.csv", world.yr_corrections)):
        ordered = sorted(yr, key=lambda r: (r.koersel, r.uge, r.cpr, r.ydelse, r.beregning_id))
        write_csv(folder / name, header, _yr_rows(ordered))


def _yr_rows(rows: Iterable[YrRow]) -> Iterable[list[object]]:
    for row in rows:
        yield [
            row.cpr,
            row.uge,
            row.ydelse,
            danish_amount(row.brutto),
            row.refusionssats,
            danish_amount(row.refusion),
            row.medfinansieringssats,
            danish_amount(row.medfinansiering),
            danish_amount(row.fleksbidrag),
            row.taeller,
            0,
            row.koersel,
            KOMMUNE,
            row.bopael,
            row.beregning_id,
        ]
