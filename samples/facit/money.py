"""The OE rules, judged per person, code and month of 2020."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median

from .courses import Fund
from .read import KOMMUNE, Data, month

MONTHS = [f"{2020 + n // 12}-{n % 12 + 1:02d}" for n in range(15)]
YEAR = MONTHS[:12]
LAG = 2
Key = tuple[str, str]


class Books:
    """The two sides: active days and net amounts, per person and code."""

    def __init__(self, data: Data) -> None:
        self.rammestyret = {code for code, _, ramme in data.konti.values() if ramme}
        self.codes = {code for code, _, _ in data.konti.values()} - self.rammestyret
        self.days: dict[Key, set[date]] = defaultdict(set)
        self.open: set[Key] = set()
        self.groups: dict[Key, set[str]] = defaultdict(set)
        self.courses: Counter[str] = Counter()
        for course in data.fagsystem:
            key = (course["cpr"], course["dst_kode"])
            if course["handlekommune"] == KOMMUNE and key[1] in self.codes:
                self.days[key] |= course.dage
                self.groups[key] |= set(filter(None, course["maalgruppe"].split("|")))
                self.courses[key[1]] += 1
                if course.slut is None:
                    self.open.add(key)
        self.active = {
            (key, m): n
            for key, days in self.days.items()
            for m, n in Counter(month(d) for d in days if d.year >= 2020).items()
        }
        self.net: dict[tuple[Key, str], Decimal] = defaultdict(Decimal)
        for row in data.oekonomi:
            code = data.konti.get(row.konto, ("", "", False))[0]
            if row.cpr and code in self.codes:
                self.net[(row.cpr, code), row.maaned] += row.beloeb

    def unpaid(self, key: Key, period: str) -> bool:
        """Active, and nothing on the code in the month or the lag after it."""
        at = MONTHS.index(period)
        return bool(self.active.get((key, period))) and not any(
            self.net.get((key, m)) for m in MONTHS[at : at + LAG + 1]
        )

    def months_since_end(self, key: Key, period: str) -> int | None:
        """How long ago the person's last active day on the code was; None unless it was before the month."""
        if key in self.open or not self.days.get(key):
            return None
        last = month(max(self.days[key]))
        gap = (int(period[:4]) - int(last[:4])) * 12 + int(period[5:]) - int(last[5:])
        return gap if gap > 0 else None


def oe(data: Data) -> Counter[Fund]:
    """OE01 to OE07."""
    books = Books(data)
    found: Counter[Fund] = Counter()
    explained: set[tuple[Key, str]] = set()
    for (key, period), amount in books.net.items():
        if period in YEAR and amount and not books.active.get((key, period)):
            others = [k for k in books.days if k[0] == key[0] and k != key and books.unpaid(k, period)]
            explained |= {(other, period) for other in others}
            found[_paid_without(books, key, period, amount, others=bool(others))] += 1
    for key in books.days:
        for period in YEAR:
            if books.unpaid(key, period) and (key, period) not in explained:
                found[Fund("OE02", "advarsel", "oekonomi", key[1], periode=period)] += 1
    return found + _groups(data, books) + _prices(books) + _unmapped(data)


def _paid_without(books: Books, key: Key, period: str, amount: Decimal, *, others: bool) -> Fund:
    """Money without an active day is OE03, OE05 or OE01."""
    if others:
        return Fund("OE03", "fejl", "oekonomi", key[1], periode=period)
    gap = books.months_since_end(key, period)
    if gap is not None:
        level = "information" if gap <= LAG or amount < 0 else "fejl"
        return Fund("OE05", level, "oekonomi", key[1], periode=period)
    return Fund("OE01", "information" if amount < 0 else "fejl", "oekonomi", key[1], periode=period)


def _groups(data: Data, books: Books) -> Counter[Fund]:
    """OE04 per person, account and month."""
    net: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in data.oekonomi:
        if row.cpr and row.konto in data.konti:
            net[row.cpr, row.konto, row.maaned] += row.beloeb
    found: Counter[Fund] = Counter()
    for (cpr, konto, period), amount in net.items():
        code, level, _ = data.konti[konto]
        registered = books.groups.get((cpr, code), set())
        fits = any(f"{group}.".startswith(f"{level}.") for group in registered)
        if amount and period in YEAR and level and registered and not fits:
            found[Fund("OE04", "advarsel", "oekonomi", code, periode=period)] += 1
    return found


def _prices(books: Books) -> Counter[Fund]:
    """OE06, with median and MAD over every month the ledger has."""
    prices: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    for (key, period), amount in books.net.items():
        days = books.active.get((key, period))
        if amount and days:
            prices[key[1]].append((period, Fraction(amount) / days))
    found: Counter[Fund] = Counter()
    for code, values in prices.items():
        middle = median(price for _, price in values)
        mad = median(abs(price - middle) for _, price in values)
        if books.courses[code] >= 20 and mad > 0:
            hits = (p for p, price in values if p in YEAR and abs(price - middle) > 5 * mad)
            found.update(Fund("OE06", "advarsel", "oekonomi", code, periode=p) for p in hits)
    return found


def _unmapped(data: Data) -> Counter[Fund]:
    """OE07 per account and month."""
    cells = {(r.konto, r.maaned) for r in data.oekonomi if r.konto.startswith("538") and r.konto[5] == "1"}
    return Counter(
        Fund("OE07", "advarsel", "oekonomi", periode=m) for konto, m in cells if konto not in data.konti and m in YEAR
    )
