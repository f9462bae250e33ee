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
        self.codes = {code for code, _, ramme in data.konti.values() if not ramme}
        self.rhythm = data.rytmer
        self.untold = self.codes & data.uden_rytme
        self.days: dict[Key, set[date]] = defaultdict(set)
        self.open: set[Key] = set()
        self.groups: dict[Key, set[str]] = defaultdict(set)
        self.courses: Counter[str] = Counter()
        for course in data.fagsystem:
            key = (course["cpr"], course["dst_kode"])
            framed = (course["dst_kode"], course["tilbud"]) in data.rammetilbud
            if course["betalingskommune"] == KOMMUNE and key[1] in self.codes and not framed:
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
            code, _level, ramme = data.konti.get(row.konto, ("", "", False))
            if row.cpr and code in self.codes and not ramme:
                self.net[(row.cpr, code), row.maaned] += row.beloeb

    def unpaid(self, key: Key, period: str) -> bool:
        """Active, and nothing on the code in the months ahead, the month, or the lag and the rest of the billing after it."""
        n, ahead = self.rhythm.get(key[1], (1, 0))
        at = MONTHS.index(period)
        if not self.active.get((key, period)) or at + LAG + n > len(MONTHS):
            return False
        return not any(self.net.get((key, m)) for m in MONTHS[max(0, at - ahead) : at + LAG + n])

    def in_rhythm(self, key: Key, period: str) -> bool:
        """An active day in the months that a bill of the month is for."""
        n, ahead = self.rhythm.get(key[1], (1, 0))
        year, number = int(period[:4]), int(period[5:]) - 1
        counts = [year * 12 + number + step for step in range(1 - n, ahead + 1)]
        return any(f"{c // 12}-{c % 12 + 1:02d}" in {month(d) for d in self.days[key]} for c in counts)

    def months_since_end(self, key: Key, period: str) -> int | None:
        """How long ago the person's last active day on the code was; None unless it was before the month."""
        if key in self.open or not self.days.get(key):
            return None
        last = month(max(self.days[key]))
        gap = (int(period[:4]) - int(last[:4])) * 12 + int(period[5:]) - int(last[5:])
        return gap if gap > 0 else None


def oe(data: Data) -> Counter[Fund]:
    """OE01 to OE09."""
    books = Books(data)
    rhythms = _rhythms(books)
    found = Counter({Fund("OE08", "information", "oekonomi", code): 1 for code in rhythms})
    explained: set[tuple[Key, str]] = set()
    for (key, period), amount in books.net.items():
        if period in YEAR and amount and not books.active.get((key, period)):
            others = [k for k in books.days if k[0] == key[0] and k != key and books.unpaid(k, period)]
            explained |= {(other, period) for other in others}
            if (
                books.rhythm.get(key[1])
                and books.months_since_end(key, period) is None
                and books.in_rhythm(key, period)
            ):
                continue
            found[_paid_without(books, key, period, amount, others=bool(others))] += 1
    for key in books.days:
        for period in YEAR:
            if books.unpaid(key, period) and (key, period) not in explained:
                level = "information" if key[1] in rhythms else "advarsel"
                found[Fund("OE02", level, "oekonomi", key[1], periode=period)] += 1
    return found + _groups(data, books) + _prices(books) + _unmapped(data) + _fewer(books, rhythms)


def _rhythms(books: Books) -> dict[str, int]:
    """OE08 per code that the masteroversigt says no rhythm of: every how many months four in five persons are paid."""
    found: dict[str, int] = {}
    for code in books.untold:
        lives = []
        for key in (k for k in books.days if k[1] == code):
            active = sum(bool(books.active.get((key, m))) for m in MONTHS)
            paid = [at for at, m in enumerate(MONTHS) if books.net.get((key, m))]
            if active >= 6:
                lives.append((active, paid))
        for n in (3, 6, 12):
            fits = [len({at % n for at in paid}) == 1 and len(paid) >= active // n - 1 for active, paid in lives]
            if lives and 5 * sum(fits) >= 4 * len(lives):
                found[code] = n
    return found


def _fewer(books: Books, rhythms: dict[str, int]) -> Counter[Fund]:
    """OE09 per person and code: payments are missing that the lag hides."""
    found: Counter[Fund] = Counter()
    for key in books.days:
        n = rhythms.get(key[1]) or books.rhythm.get(key[1], (1, 0))[0]
        judged = [m for m in YEAR if MONTHS.index(m) + LAG + n <= len(MONTHS)]
        active = sum(bool(books.active.get((key, m))) for m in judged)
        paid = sum(bool(books.net.get((key, m))) for m in judged)
        missing = active - n * paid - sum(books.unpaid(key, m) for m in judged)
        if active and missing > LAG + n - 1:
            found[Fund("OE09", "advarsel", "oekonomi", key[1])] += 1
    return found


def _paid_without(books: Books, key: Key, period: str, amount: Decimal, *, others: bool) -> Fund:
    """Money without an active day is OE03, OE05 or OE01."""
    if others:
        return Fund("OE03", "fejl", "oekonomi", key[1], periode=period)
    gap = books.months_since_end(key, period)
    if gap is not None:
        within = LAG + books.rhythm.get(key[1], (1, 0))[0] - 1
        level = "information" if gap <= within or amount < 0 else "fejl"
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
        if key[1] in books.rhythm:
            at = MONTHS.index(period) // 3 * 3  # the sample bills a quarter in one of its own months
            days = sum(books.active.get((key, m), 0) for m in MONTHS[at : at + 3])
        else:
            days = books.active.get((key, period), 0)
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
