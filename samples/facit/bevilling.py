"""The DI rules on § 107, judged per person and month of 2020, day by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from .courses import Fund
from .money import LAG, MONTHS, YEAR, Books
from .read import HORIZON, Data, Record, day, kroner, month, rows, sheet

CODE = "1.8.2"
Month = tuple[str, str]


def di(data: Data, folder: Path) -> Counter[Fund]:
    """DI01 to DI07."""
    books = Books(data)
    granted = [
        _rate(row, row["CPR-nr"], row["Konto"], Decimal(row["Takst"]))
        for row in sheet(folder / "ind" / "disponering.xlsx")
    ]
    settled = [
        _rate(row, row["Personnummer"], row["Kontonummer"], kroner(row["Takst (kr.)"]))
        for row in rows(folder / "ind" / "afregning.csv", "cp1252")
    ]
    have, bills = _amounts(data, granted), _amounts(data, settled)
    found: Counter[Fund] = Counter()
    people = {cpr for cpr, _m in (*have, *bills)} | {key[0] for key in books.days if key[1] == CODE}
    people |= {key[0] for key, _m in books.net if key[1] == CODE}
    for cpr in people:
        for period in YEAR:
            days, paid = books.active.get(((cpr, CODE), period), 0), books.net.get(((cpr, CODE), period), Decimal(0))
            grant, bill = have.get((cpr, period)), bills.get((cpr, period), Decimal(0))
            late = MONTHS.index(period) + LAG >= len(MONTHS)
            if grant is None and days:
                found[_fund("DI01", "fagsystem", period)] += 1
            elif grant is not None and not days:
                found[_fund("DI02", "disponering", period)] += 1
            elif grant is not None and paid and not late and abs(paid - grant) > 1:
                found[_fund("DI03", "disponering", period)] += 1
            if not late and abs(paid - bill) > 1:
                found[_fund("DI04", "afregning", period)] += 1
    return found + _rows(data, granted)


def _fund(rule: str, source: str, period: str) -> Fund:
    return Fund(rule, "advarsel", source, CODE, periode=period)


def _rate(row: Record, cpr: str, konto: str, takst: Decimal) -> tuple[str, str, Decimal, list[date], bool]:
    """Person, account, kr. a day, and the days; a single one has its first day, and that it is single."""
    first, last = (
        day(row[name]) if row[name] else None
        for name in (("Fra", "Til") if "Fra" in row else ("Afregnet fra", "Afregnet til"))
    )
    assert first is not None  # noqa: S101 - the column is never empty
    single = row["Enhed"] == "stk."
    end = first if single else min(last or HORIZON, HORIZON)
    return cpr, konto, takst, [first + timedelta(n) for n in range((end - first).days + 1)], single


def _amounts(data: Data, rates: Iterable[tuple[str, str, Decimal, list[date], bool]]) -> dict[Month, Decimal]:
    made: dict[Month, Decimal] = defaultdict(Decimal)
    for cpr, konto, takst, days, _single in rates:
        if data.konti.get(konto, ("",))[0] == CODE:
            for one in days:
                made[cpr, month(one)] += takst
    return made


def _rows(data: Data, granted: list[tuple[str, str, Decimal, list[date], bool]]) -> Counter[Fund]:
    """What is wrong with a row of the sheet by itself."""
    found: Counter[Fund] = Counter()
    for number, (cpr, konto, _takst, days, single) in enumerate(granted):
        if not days:
            found[Fund("DI06", "advarsel", "disponering")] += 1
        if konto not in data.konti:
            account = f"{konto[0]}.{konto[1:3]}.{konto[3:5]}-{konto[5]}-{konto[6:]}"
            found[Fund("DI07", "information", "disponering", ydelse=account)] += 1
        for other in granted[number + 1 :]:
            if not single and not other[4] and other[:2] == (cpr, konto) and set(days) & set(other[3]):
                found[Fund("DI05", "advarsel", "disponering")] += 1
    return found
