"""The bridge in kr. counted one person and one month at a time, from the definition and not from the SQL."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import trunc
from statistics import median
from typing import Any

from oracles.ottetal import CODES, MONTHS, PEOPLE, RHYTHMS, ByHand, later, quarter

#: A day price is a whole number of these parts of an øre.
UNIT = 72201776446800
ALL_MONTHS = [later("2019-01", n) for n in range(36)]
Cell = tuple[str, str]


def kroner(hand: ByHand) -> dict[tuple[str, str, str], tuple[int, int]]:
    """dst_kode, quarter, step → øre added and taken; without the rest and the ledger's amount."""
    return Money(hand).steps()


class Money:
    """Prices, what the days of a month cost, and the cause of every deviation."""

    def __init__(self, hand: ByHand) -> None:
        self.hand = hand
        self.paid = {key: int(amount * 100) for key, amount in hand.on_code.items()}
        self.several = {(p, c, m) for p in PEOPLE for c in CODES for m in ALL_MONTHS if self._shared(p, c, m)}
        self.periods = {(p, c): self._billing(p, c) for p in PEOPLE for c in CODES}
        self.prices = {key: [price for _net, _days, price in found.values()] for key, found in self.periods.items()}

    def _shared(self, person: str, code: str, month: str) -> bool:
        """The money of an account is booked that pays several active codes of the person."""
        if code not in ("1.8.1", "1.8.2"):
            return False
        posted = (person, "538501001", "1.8.1", month) in self.hand.on_account
        posted = posted or (person, "538501001", "1.8.2", month) in self.hand.on_account
        return posted and all(self.hand.active(person, c, month) for c in ("1.8.1", "1.8.2"))

    def _billing(self, person: str, code: str) -> dict[str, tuple[int, int, Fraction]]:
        """Month of the last payment → net, days and day price of the billing period that is paid for."""
        n, ahead = RHYTHMS.get(code, (1, 0))
        net: dict[int, int] = defaultdict(int)
        months: dict[int, list[str]] = defaultdict(list)
        for month in ALL_MONTHS:
            if amount := self.paid.get((person, code, month), 0):
                # whole quarters since 2019: billed afterwards for the one that ends in this month or last before it
                at = ALL_MONTHS.index(month)
                period = at if n == 1 else -(-at // n) if ahead else (at + 1) // n - 1
                net[period] += amount
                months[period].append(month)
        found = {}
        for period, amount in net.items():
            days = sum(self.hand.active(person, code, m) for m in ALL_MONTHS if ALL_MONTHS.index(m) // n == period)
            shared = any((person, code, m) in self.several for m in months[period])
            if days and amount and not shared:
                found[months[period][-1]] = amount, days, Fraction(trunc(Fraction(amount * UNIT, days)), UNIT)
        return found

    def price(self, person: str, code: str) -> Fraction | None:
        """The person's median day price in øre, else the code's."""
        everyone = [price for (_p, c), prices in self.prices.items() if c == code for price in prices]
        found = self.prices[person, code] or everyone
        return median(found) if found else None

    def cost(self, person: str, code: str, days: int) -> int:
        price = self.price(person, code)
        return _half_up(days * price) if price is not None else 0

    def steps(self) -> dict[tuple[str, str, str], tuple[int, int]]:
        found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        rules = self.hand.rules
        fewer = {(p, c) for p, c, _missing in self.hand.fewer}
        for person in PEOPLE:
            for code in CODES:
                for month in MONTHS:
                    if code != "1.17":
                        for step, oere in self._month(person, code, month, rules, fewer):
                            found[code, quarter(month), step].append(oere)
        for person, code, month, framed, amount in self.hand.counted:
            if person is None or framed or person in self.hand.outside:
                step = "uden_cpr" if person is None else "rammestyret" if framed else "mellemkommunale"
                found[code, quarter(month), step].append((person, month, framed, int(amount * 100)))  # type: ignore[arg-type]
        return {key: _ways(values) for key, values in found.items()}

    def _month(self, person: str, code: str, month: str, rules: Any, fewer: Any) -> list[tuple[str, int]]:
        days, net = self.hand.active(person, code, month), self.paid.get((person, code, month), 0)
        made = [("forventet", self.cost(person, code, days))] if days else []
        left = net - self.cost(person, code, days)
        if billed := self.periods[person, code].get(month):
            price = billed[0] - self.cost(person, code, billed[1])
            made += [("pris", price)] if price else []
            left -= price
        return [*made, (self._cause(person, code, month, days, rules, fewer), left)] if left else made

    def _cause(self, person: str, code: str, month: str, days: int, rules: Any, fewer: Any) -> str:
        named = {r for r, _s, p, c, m, _x in rules if (p, c, m) == (person, code, month)}
        pointed = any(
            r == "OE03" and (p, m) == (person, month) and code in x.split(", ") for r, _s, p, _c, m, x in rules
        )
        if not days:
            theirs = [c for c in self.hand.all if c["betalingskommune"] != "665"]
            period = quarter(month)
            alone = person not in self.hand.payers(code, period)
            if alone and any(self.hand._here(c, person, code, period) for c in theirs):
                return "mellemkommunale"
            if "OE03" in named:
                return "forkert_konto"
            if self.hand.in_rhythm(person, code, month) and RHYTHMS.get(code):
                return "rytme"
            return "betaling_efter_ophoer" if "OE05" in named else "betaling_uden_ydelse"
        if pointed:
            return "forkert_konto"
        if (person, code, month) in self.several:
            return "delt_konto"
        if code in RHYTHMS:
            return "rytme"
        if "OE02" in named:
            return "ydelse_uden_betaling"
        return "faerre_betalinger" if (person, code) in fewer else "efterslip"


def _half_up(value: Fraction) -> int:
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -whole if value < 0 else whole


def _ways(values: list[Any]) -> tuple[int, int]:
    """Added and taken; what no month of a person stands for is first netted per person, account kind and month."""
    netted: dict[Any, int] = defaultdict(int)
    plain = []
    for value in values:
        if isinstance(value, tuple):
            *who, oere = value
            netted[tuple(who)] += oere
        else:
            plain.append(value)
    amounts = [*plain, *netted.values()]
    return sum(a for a in amounts if a > 0), -sum(a for a in amounts if a < 0)
