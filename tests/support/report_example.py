"""A run as large as a municipality's own: 13 codes in four quarters, 90 findings, every section filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from reconcile.results.ottetal import OttetalCause, OttetalEdge
from reconcile.results.rows import (
    BridgePerson,
    BridgeStep,
    FileInfo,
    Finding,
    Hand07Cell,
    Harmonisation,
    NotRun,
    OttetalCell,
    RecordDifference,
    ResultTable,
    RunResult,
    Severity,
    SourceInfo,
    Status,
    YrWeek,
    verbatim,
)
from reconcile.rules.catalogue import Rule
from reconcile.runs.cases import cases_of
from reconcile.runs.followup import with_cases

QUARTERS = ("2020K1", "2020K2", "2020K3", "2020K4")
CODES = {
    "1.1": 158, "1.3": 8, "1.4": 74, "1.8.1": 79, "1.8.2": 87, "1.12.0.1": 122, "1.12.0.2": 378, "1.13.2": 10,
    "1.13.3": 3, "1.13.4": 169, "1.17": 0, "1.18.1": 4, "1.18.2": 96,
}  # fmt: skip
#: (code, quarter) → changes of the bridge's steps; what is left to DST is the rest.
CHANGES = {
    ("1.4", "2020K3"): {"R3": -1},
    ("1.8.1", "2020K1"): {"R1": -1, "R3": -1},
    ("1.8.1", "2020K2"): {"R1": -2},
    ("1.8.1", "2020K3"): {"R1": -2},
    ("1.8.1", "2020K4"): {"R1": -1, "R3": -1},
    ("1.12.0.1", "2020K1"): {"indlaesning": -1},
    ("1.12.0.2", "2020K1"): {"R2": -3, "R3": -1},
    ("1.12.0.2", "2020K2"): {"R2": -3},
    ("1.12.0.2", "2020K3"): {"R2": -3, "R1": -1, "dst": -3},
    ("1.12.0.2", "2020K4"): {"R2": -2},
    ("1.13.4", "2020K3"): {"dst": -1},
    ("1.18.2", "2020K3"): {"indlaesning": -3, "gyldighed": -76, "R1": -2, "R3": -1},
    ("1.18.2", "2020K4"): {"R1": -1, "dst": 1},
}
STEPS = ("raa", "indlaesning", "gyldighed", "R1", "R3", "R2", "harmoniseret", "dst")
RULES = {
    "VH03": ("fejl", "Slut før start", "fagsystem", "Ret datoen i fagsystemet, og send ydelsen igen.", 4),
    "OE05": ("fejl", "Betaling efter ophør", "økonomi",
             "Luk dispositionen, eller genåbn ydelsen, hvis den fortsætter.", 6),
    "YR01": ("fejl", "Udbetaling på 10.000 kr. eller mere i en uge", "ydelseskontoret",
             "Slå udbetalingen op, og se om perioden er registreret rigtigt.", 1),
    "OE02": ("advarsel", "Ydelse uden betaling", "økonomi",
             "Find ud af, om regningen mangler, eller om ydelsen er slut.", 31),
    "VH05": ("advarsel", "Overlap af samme kode", "fagsystem", "Afslut den ene af de to ydelser.", 12),
    "FL01": ("advarsel", "Kun i fagsystem", "systemansvarlig", "Se om ydelsen er sendt med L402.", 8),
    "VH07": ("information", "Barn", "fagsystem",
             "Intet, hvis fødselsdagen er rigtig: DST tæller personen fra.", 22),
    "VH14": ("information", "Mange startdatoer på samme dag", "systemansvarlig",
             "Hold øje med ydelser fra før systemskiftet.", 6),
}  # fmt: skip


def rules() -> tuple[Rule, ...]:
    """The catalogue the example uses."""
    made = []
    for name, (grade, title, who, remedy, _count) in RULES.items():
        texts = {"sentence": "", "why": f"Derfor er {name} en regel.", "title": title, "remedy": remedy}
        both: dict[str, Any] = {part: {"da": text, "en": f"{text} (en)"} for part, text in texts.items()}
        made.append(
            Rule(
                id=name, view="", group="", file="", condition="", severity=Severity(grade), severity_sql="", who=who,
                source="egen definition",
                columns=(), sources=(), finding={}, house_rule=False, entry=MappingProxyType({}),
                **both,
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda rule: rule.id))


def _status(period: str, code: str, changes: dict[str, int], gap: int) -> Status:
    if code.startswith("1.18") and period < "2020K3":
        return Status.NOT_VALID
    rest = changes.get("dst", 0)
    if not gap and not rest:
        return Status.EQUAL
    if not rest:
        return Status.EXPLAINED
    return Status.PARTLY if abs(rest) < abs(gap) else Status.UNEXPLAINED


def cell(code: str, period: str) -> tuple[Hand07Cell, list[BridgeStep]]:
    """A cell and its bridge."""
    changes = CHANGES.get((code, period), {})
    number = QUARTERS.index(period)
    raw = CODES[code] + (number * (CODES[code] // 25) - CODES[code] // 20 if CODES[code] else 0)
    if code.startswith("1.18") and period < "2020K3":
        raw = 0
    if (code, period) == ("1.18.2", "2020K3"):
        raw = 164
    level, steps = raw, []
    for step in STEPS:
        level += changes.get(step, 0)
        steps.append(BridgeStep(code, period, step, level, None if step == "raa" else changes.get(step, 0)))
    harmonised, dst = level - changes.get("dst", 0), level
    words = ", ".join(f"{step} {change:+d}" for step, change in changes.items() if step != "dst").replace("-", "−")
    status = _status(period, code, changes, dst - raw)
    made = Hand07Cell(
        code, period, dst, harmonised, raw, harmonised, dst - harmonised, dst - raw, dst - harmonised, status, words
    )
    return made, steps


def eight(row: Hand07Cell) -> OttetalCell:
    """The eight figures that belong to a HAND07 cell; two people on leave of absence are not paid for."""
    people = row.fagsystem or 0
    unpaid = 2 if row.dst_kode == "1.12.0.2" else 0
    status = {"uforklaret": "uforklaret", "delvist_forklaret": "uforklaret", "forklaret": "forklaret"}.get(
        row.status, "ens"
    )
    full = (Decimal(people) * 968 / 1000).quantize(Decimal("0.0001"))
    spent = (full * Decimal("23312.55")).quantize(Decimal("0.01"))
    return OttetalCell(
        row.dst_kode, row.periode, people, full, people - unpaid, spent, row.flis, full - unpaid, row.dst,
        full - unpaid - Decimal("0.5") if full > 3 else full, people - unpaid, unpaid, 0,
        Decimal("23312.55") if full else None, status if not unpaid or status != "ens" else "forklaret",
        people, full, status, "ens" if not unpaid else "forklaret",
    )  # fmt: skip


def findings() -> tuple[Finding, ...]:
    """90 findings over eight rules."""
    made = []
    codes = list(CODES)
    for name, (grade, title, _who, _remedy, count) in RULES.items():
        for number in range(count):
            code = codes[(number * 5 + len(name)) % len(codes)]
            value: Decimal | int | date = Decimal("12480.00") + number if name[:2] in {"OE", "YR"} else number + 1
            if name == "VH03":
                value = date(2020, 3, 1 + number)
            made.append(
                Finding(
                    fund_id=f"{name}-{number:012x}",
                    regel=name,
                    alvor=Severity(grade),
                    kilde="yr" if name == "YR01" else "oekonomi" if name[:2] == "OE" else "fagsystem",
                    borger=f"{'ABCDEFGHJKLMNPQR'[number % 16]}7KQ2M4XZ3WVB6TY",
                    dst_kode=None if name == "YR01" else code,
                    ydelse="Sygedagpenge" if name == "YR01" else None,
                    periode="2020-U33" if name == "YR01" else QUARTERS[number % 4],
                    vaerdi=value,
                    forventet=None,
                    fil="nexus-2020.csv",
                    raekke=number + 2,
                    sentence=verbatim(f"{title}: {value} i {code}.".replace(".00 ", ",00 ")),
                )
            )
    return tuple(sorted(made, key=Finding.sort_key))


@dataclass(frozen=True)
class StairRow:
    """A table the reports have never heard of."""

    maaned: str
    ydelse: str
    trin: int
    bruttoudgift: Decimal
    andel: Decimal | None
    aaben_uge: bool


def tables() -> tuple[ResultTable, ...]:
    """Every table of the contract, and one more."""
    pairs = [cell(code, period) for code in CODES for period in QUARTERS]
    cells = [row for row, _ in pairs]
    weeks = [
        YrWeek(date.fromisocalendar(2020, week, 1), ydelse, "665", 12 + week % 4,
               Decimal(31250 + week) + Decimal("0.5"), Decimal("12500.20"), Decimal("18751.30") if week % 5 else None)
        for week in range(1, 27) for ydelse in ("Sygedagpenge", "Ledighedsydelse")
    ]  # fmt: skip
    stairs = [StairRow("2020-07", "Sygedagpenge", trin, Decimal(1000 * trin), None, trin == 1) for trin in range(4)]
    posts = [
        RecordDifference(f"FL01-{n:012x}", "FL01", "A7KQ2M4XZ3WVB6TY", "1.12.0.2", f"Y-{n}", None, "findes", None)
        for n in range(8)
    ]
    persons = [
        BridgePerson(code, period, step, f"{'BCDFGHJKLM'[n % 10]}7KQ2M4XZ3WVB6TY")
        for (code, period), changes in CHANGES.items()
        for step, change in changes.items()
        if step != "dst"
        for n in range(-change)
    ]
    return (
        ResultTable("hand07_diff", Hand07Cell, tuple(cells)),
        ResultTable("bro", BridgeStep, tuple(step for _, steps in pairs for step in steps)),
        ResultTable("bro_borgere", BridgePerson, tuple(persons)),
        ResultTable("harmonisering", Harmonisation, (
            Harmonisation("R1", 10, 0), Harmonisation("R2", 4, 7), Harmonisation("R3", 0, 5))),
        ResultTable("ottetal", OttetalCell, tuple(eight(row) for row in cells)),
        ResultTable("ottetal_kanter", OttetalEdge, (
            OttetalEdge("1.12.0.2", "2020K3", "fagsystem–økonomi", 390, 388, -2, "forklaret"),
            OttetalEdge("1.12.0.2", "2020K3", "fagsystem–FLIS", 390, 386, -4, "forklaret"),
            OttetalEdge("1.12.0.2", "2020K3", "FLIS–DST", 386, 383, -3, "uforklaret"),
            OttetalEdge("1.12.0.2", "2020K3", "fagsystem–DST", 390, 383, -7, "uforklaret"))),
        ResultTable("ottetal_aarsager", OttetalCause, (
            OttetalCause("1.12.0.2", "2020K3", "fagsystem–økonomi", "ydelse_uden_betaling", -2, 0, 2),
            OttetalCause("1.12.0.2", "2020K3", "fagsystem–FLIS", "R1", -1, 0, 1),
            OttetalCause("1.12.0.2", "2020K3", "fagsystem–FLIS", "R2", -3, 0, 3),
            OttetalCause("1.12.0.2", "2020K3", "FLIS–DST", "rest", -3, 0, 3))),
        ResultTable("post_diff", RecordDifference, tuple(posts)),
        ResultTable("yr_uge", YrWeek, tuple(weeks)),
        ResultTable("ukendt_maaling", StairRow, tuple(stairs)),
    )  # fmt: skip


def sources() -> tuple[SourceInfo, ...]:
    """Four sources, one of them with two files and rows set aside."""

    def file(name: str, rows: int) -> FileInfo:
        return FileInfo(name, rows, "a1b2c3d4e5f60718" * 4, rows * 57, "windows-1252", ";")

    return (
        SourceInfo("fagsystem", (file("nexus-2020.csv", 1873), file("gammelt-system.csv", 412)), 2285,
                   ("cpr", "dst_kode", "start_dato"), date(2021, 1, 8), karantaene=3),
        SourceInfo("oekonomi", (file("posteringer-2020.csv", 18211),), 18211, ("konto", "beloeb"), date(2020, 12, 31)),
        SourceInfo("hand07", (file("HAND07.csv", 52),), 52, ("dst_kode", "periode", "antal"), None),
        SourceInfo("yr", (file("yr-ydelsesrefusion-beregning-2020.csv", 5210),), 5210,
                   ("cpr", "uge"), date(2020, 12, 28)),
    )  # fmt: skip


def example(**changes: Any) -> RunResult:
    """The example run, with what a test wants changed."""
    found = findings()
    result = RunResult(
        command="run",
        version="1.0.0",
        started=datetime(2021, 1, 12, 9, 12, 33),
        kommune="665",
        navn="Eksempelkommune",
        perioder=QUARTERS,
        sources=sources(),
        tables=tables(),
        findings=found,
        not_run=(NotRun("YR18", "yr", "Kilden mangler kolonnen ydelsestaeller."),
                 NotRun("VH10", "flis", "Kilden mangler kolonnen maalgruppe.")),
        caveats=("4 CPR-numre havde mistet et nul forrest og er rettet.",
                 "OE06 er ikke kørt på 1.13.3: koden har færre end 20 forløb."),
        quarantined=3,
        config_hash="0f1e2d3c4b5a6978" * 4,
        rules_hash="8796a5b4c3d2e1f0" * 4,
        rules_run=(*RULES, "VH01", "VH02"),
    )  # fmt: skip
    made = replace(result, **changes)
    return made if "tables" in changes else with_cases(made, cases_of(made, {rule.id: rule for rule in rules()}))


def empty(**changes: Any) -> RunResult:
    """A run that had nothing to look at."""
    nothing: dict[str, Any] = {
        "sources": (), "tables": (), "findings": (), "not_run": (), "caveats": (), "perioder": (),
        "quarantined": 0, "rules_run": (),
    }  # fmt: skip
    return example(**{**nothing, **changes})


def published(cells: Sequence[tuple[str, str, int, int]]) -> RunResult:
    """A run on published figures only: (code, quarter, DST, FLIS), without extract and bridge."""
    made = tuple(
        Hand07Cell(code, period, dst, flis, None, None, dst - flis, None, dst - flis,
                   Status.EQUAL if dst == flis else Status.UNEXPLAINED, "")
        for code, period, dst, flis in cells
    )  # fmt: skip
    return empty(tables=(ResultTable("hand07_diff", Hand07Cell, made),),
                 perioder=tuple(sorted({period for _, period, _, _ in cells})))  # fmt: skip
