"""The YR rules, on plain dictionaries of rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from .courses import Fund, cpr_class
from .read import Data, Record, day, kroner

YDELSER = {
    "Sygedagpenge",
    "Kontanthjælp",
    "Uddannelseshjælp",
    "Jobafklaringsforløb",
    "Fleksløntilskud",
    "Arbejdsløshedsdagpenge",
    "Førtidspension",
    "Fleksbidrag fra staten",
}
ACCOUNTS = {
    ("Sygedagpenge", "80"): "557712010",
    ("Sygedagpenge", "40"): "557712011",
    ("Sygedagpenge", "30"): "557712012",
    ("Sygedagpenge", "20"): "557712013",
    ("Arbejdsløshedsdagpenge", "20"): "557781012",
    ("Arbejdsløshedsdagpenge", "60"): "557781013",
    ("Arbejdsløshedsdagpenge", "70"): "557781014",
    ("Arbejdsløshedsdagpenge", "80"): "557781015",
}
Row = Record


def monday(row: Row) -> date:
    """The Monday of the row's ISO week."""
    value = day(row["uge"])
    return value - timedelta(value.weekday())


def week_name(value: date) -> str:
    """`2020-U27`."""
    return f"{value.isocalendar()[0]}-U{value.isocalendar()[1]:02d}"


def yr(data: Data) -> Counter[Fund]:
    """YR01 to YR20."""
    found: Counter[Fund] = Counter()
    rows: list[Row] = []
    for file in data.yr:
        copies = Counter(tuple(row.items()) for row in file)
        rows += [dict(items) for items in copies]
        found.update(_row_fund("YR12", "advarsel", dict(items)) for items, n in copies.items() if n > 1)
    net: dict[tuple[str, date, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["ydelse"] != "Fleksbidrag fra staten":
            net[row["cpr"], monday(row), row["ydelse"]] += kroner(row["bruttoudgift"])
    for (_, week, ydelse), amount in net.items():
        if amount >= 10000:
            found[Fund("YR01", "fejl", "yr", ydelse=ydelse, periode=week_name(week))] += 1
        if amount < 0:
            found[Fund("YR13", "advarsel", "yr", ydelse=ydelse, periode=week_name(week))] += 1
    paid = [r for r in rows if net.get((r["cpr"], monday(r), r["ydelse"]))]
    for row in rows:
        found.update(_row_fund(rule, level, row) for rule, level in _single(row, paying=row in paid))
    found.update(_counters(paid))
    found.update(_persons(rows))
    return found + _against_ledger(data, rows)


def _row_fund(rule: str, level: str, row: Row) -> Fund:
    return Fund(rule, level, "yr", ydelse=row["ydelse"], periode=week_name(monday(row)))


def percent(counter: int) -> int:
    """Refusion at a counter."""
    for last, value in ((4, 80), (26, 40), (52, 30)):
        if counter <= last:
            return value
    return 20


def _single(row: Row, *, paying: bool) -> Iterator[tuple[str, str]]:
    """The rules that look at one row."""
    counter = row["ydelsestaeller"]
    amounts = [kroner(row["refusion"]), kroner(row["medfinansiering"])]
    satser = [row["refusionssats"], row["medfinansieringssats"]]
    start = day(row["uge"])
    right = [percent(int(counter)), 100 - percent(int(counter))] if counter else [None, None]
    judged = [(s, a, r) for s, a, r in zip(satser, amounts, right, strict=True) if s]
    checks = {
        ("YR09", "fejl"): any(r is not None and int(s) != r for s, _, r in judged),
        ("YR10", "fejl"): any(
            abs(kroner(row["bruttoudgift"]) * int(s) / 100 - a) > Decimal("0.01") for s, a, _ in judged
        ),
        ("YR11", "fejl"): all(amounts),
        ("YR14", "advarsel"): start.weekday() != 0 and start.day != 1,
        ("YR15", "information"): row["finansieringskommune"] != row["bopaelskommune"],
        ("YR17", "advarsel"): row["ydelse"] not in YDELSER,
        ("YR18", "advarsel"): paying and not counter,
    }
    return (rule for rule, hit in checks.items() if hit)


def _counters(paid: list[Row]) -> Iterator[Fund]:
    """YR02 to YR08, week by week for each person."""
    weeks: dict[str, dict[date, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in paid:
        if kroner(row["bruttoudgift"]) > 0:
            weeks[row["cpr"]][monday(row)].append(row)
    for by_week in weeks.values():
        counters: dict[date, int] = {}
        for week in sorted(by_week):
            latest = max(r["koerselsperiode"] for r in by_week[week])
            values = {
                int(r["ydelsestaeller"])
                for r in by_week[week]
                if r["koerselsperiode"] == latest and r["ydelsestaeller"]
            }
            if len(values) > 1:
                yield Fund("YR08", "advarsel", "yr", periode=week_name(week))
            if values:
                counters[week] = max(values)
        yield from _sequence(counters)


def _sequence(counters: dict[date, int]) -> Iterator[Fund]:
    ordered = sorted(counters)
    for before, week in pairwise(ordered):
        pause = (week - before).days // 7 - 1
        hit = _step(counters[before], counters[week], pause)
        if hit == "YR06":
            seen = [week - timedelta(7 * n) for n in range(1, 157)]
            without = sum(w > ordered[0] and w not in counters for w in seen)
            hit = "YR06" if without < 52 else ""
        if hit:
            level = "fejl" if hit in ("YR02", "YR03", "YR04") else "advarsel"
            yield Fund(hit, level, "yr", periode=week_name(week))


def _step(last: int, counter: int, pause: int) -> str:
    """The rule that a step from one counter to the next breaks, if any."""
    if pause == 0:
        return "YR02" if counter == last else "YR03" if counter > last + 1 else "YR04" if counter < last else ""
    if counter == 1:
        return "YR06"
    if counter != last + 1:
        return "YR05"
    return "YR07" if pause >= 52 else ""


def _persons(rows: list[Row]) -> Iterator[Fund]:
    """YR16 at the person's first week."""
    first: dict[str, date] = {}
    for row in rows:
        first[row["cpr"]] = min(monday(row), first.get(row["cpr"], date.max))
    levels = {"ugyldig": "fejl", "erstatningsnummer": "information"}
    for cpr, week in first.items():
        if level := levels.get(cpr_class(cpr)):
            yield Fund("YR16", level, "yr", periode=week_name(week))


def _against_ledger(data: Data, rows: list[Row]) -> Counter[Fund]:
    """YR20: refusion is income in the ledger, medfinansiering an expense."""
    totals: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        for sats, amount in (
            (row["refusionssats"], -kroner(row["refusion"])),
            (row["medfinansieringssats"], kroner(row["medfinansiering"])),
        ):
            if konto := ACCOUNTS.get((row["ydelse"], sats)):
                totals[row["koerselsperiode"], konto, row["ydelse"]] += amount
    booked: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for posting in data.oekonomi:
        booked[f"{posting.bogfoert.replace(day=1) - timedelta(1):%Y-%m}", posting.konto] += posting.beloeb
    return Counter(
        Fund("YR20", "fejl", "yr", ydelse=ydelse, periode=run)
        for (run, konto, ydelse), amount in totals.items()
        if run.startswith("2020") and abs(amount - booked[run, konto]) > 1
    )
