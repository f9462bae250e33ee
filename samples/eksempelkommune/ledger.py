"""The clean part of the ledger: every active month is paid, at a price near the code's own."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .model import (
    KOMMUNE,
    LEDGER_FIRST,
    LEDGER_LAST,
    Course,
    Posting,
    World,
    active_days,
    month_bounds,
    month_of,
    months,
)

DAILY_PRICE = {
    "1.1": 405,
    "1.4": 348,
    "1.8.1": 2186,
    "1.8.2": 1436,
    "1.12.0.1": 1956,
    "1.12.0.2": 219,
    "1.13.2": 3896,
    "1.13.4": 62,
}
"""Kr. per active day; 1.13.3 is rammestyret and 1.17 and 1.18.2 have no account."""

QUARTERLY = {"1.3": (180, False), "1.18.1": (95, True)}
"""Codes billed by the quarter: kr. per active day, and whether in advance (else in the quarter's last month)."""

UNWRITTEN = "1.13.2"
"""The code that is billed by the quarter in arrears, which the masteroversigt does not say (OE08)."""

GRANTED = "1.8.2"
"""The code whose rate is granted by the day and billed to the øre; the prices of the others move by a per cent."""

RAMME = {("1.1", "Værestedet Pusterummet"): "538591004", ("1.12.0.1", "Bostedet Fyrrehøj"): "538511004"}
"""Code and tilbud that is paid a fixed amount, and the account; the code's other tilbud are paid by person."""

FUNKTION = {"1.1": "53859", "1.4": "53858", "1.8.1": "53850", "1.8.2": "53852", "1.12.0.1": "53851"}
SINGLE = {
    "1.3": "538391007",
    "1.18.1": "538401001",
    "1.13.2": "538391002",
    "1.13.4": "538531003",
    "1.13.3": "538531004",
}
OERE = Decimal("0.01")


def account(dst_kode: str, maalgruppe: str) -> str:
    """The nine digits for a code and a målgruppe: social 2, handicap 1.1, sindslidende 1.2."""
    if dst_kode in SINGLE:
        return SINGLE[dst_kode]
    number = 1 if maalgruppe.startswith("2") else 2 if maalgruppe.startswith("1.1") else 3
    if dst_kode == "1.12.0.2":
        return f"538391{number + 2:03d}"
    return f"{FUNKTION[dst_kode]}1{number:03d}"


def add_postings(world: World) -> None:
    """Payments for all courses of our own population, then the planted postings."""
    rng = world.rng
    courses: dict[tuple[str, str], list[Course]] = defaultdict(list)
    for course in world.courses:
        framed = (course.dst_kode, course.tilbud) in RAMME
        if course.dst_kode in {*DAILY_PRICE, *QUARTERLY} and course.betalingskommune == KOMMUNE and not framed:
            courses[course.cpr, course.dst_kode].append(course)
    for (cpr, code), own in sorted(courses.items()):
        level = Decimal(rng.randrange(92, 109)) / 100
        groups = [group for course in own for group in course.maalgruppe]
        konto = account(code, groups[0] if groups else "1.1")
        world.rates[cpr, code] = (konto, DAILY_PRICE.get(code, 0) * level)
        if code in QUARTERLY:
            _pay_quarters(world, cpr, code, own, level)
            continue
        for month in months(LEDGER_FIRST, LEDGER_LAST):
            days = active_days(own, *month_bounds(month))
            if days and (cpr, code, month) not in world.billing.unpaid:
                wobble = 1 + Decimal(rng.randrange(-10, 11)) / 1000
                wobble = Decimal(1) if code == GRANTED else wobble
                amount = DAILY_PRICE[code] * days * level * wobble
                _pay(world, (cpr, code, month), konto, amount)
        if code == UNWRITTEN:
            _gather_quarters(world, cpr, own)
    why = "kvartalsvis betalt bagud, men masteroversigten siger ingen rytme"
    world.plan.expect("OE08", "information", "oekonomi", why, dst_kode=UNWRITTEN)
    _shared_costs(world)
    world.postings += world.billing.extra
    world.postings.sort(key=lambda p: (p.bogfoert, p.konto, p.cpr, p.periode, p.beloeb, p.tekst))


def _pay_quarters(world: World, cpr: str, code: str, own: list[Course], level: Decimal) -> None:
    """One posting for each quarter with active days, in the quarter's first month (in advance) or in its last."""
    price, ahead = QUARTERLY[code]
    for first in range(0, 15, 3):
        quarter = months(LEDGER_FIRST, LEDGER_LAST)[first : first + 3]
        begin, end = month_bounds(quarter[0])[0], month_bounds(quarter[2])[1]
        days = active_days(own, begin, end)
        if not days:
            continue
        amount = (price * days * level).quantize(OERE, ROUND_HALF_UP)
        _pay_quarter(world, cpr, code, amount, quarter[0] if ahead else quarter[2])
        if not ahead:
            _expect_late(world, code, own, quarter[2])


def _gather_quarters(world: World, cpr: str, own: list[Course]) -> None:
    """What the months of a person on UNWRITTEN were paid, in one posting in the quarter's last month."""
    konto = SINGLE[UNWRITTEN]
    monthly = [p for p in world.postings if (p.cpr, p.konto) == (cpr, konto)]
    world.postings = [p for p in world.postings if (p.cpr, p.konto) != (cpr, konto)]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for posting in monthly:
        month = posting.periode or month_of(posting.bogfoert)
        sums[f"{month[:4]}-{(int(month[5:]) + 2) // 3 * 3:02d}"] += posting.beloeb
    for paid, amount in sums.items():
        _pay_quarter(world, cpr, UNWRITTEN, amount, paid)
        _expect_late(world, UNWRITTEN, own, paid)


def _pay_quarter(world: World, cpr: str, code: str, amount: Decimal, paid: str) -> None:
    """A quarter's bill, booked in the month it is paid."""
    world.postings.append(Posting(SINGLE[code], amount, month_bounds(paid)[0] + timedelta(8), "Kvartal", cpr, paid))


def _expect_late(world: World, code: str, own: list[Course], paid: str) -> None:
    """A bill in arrears for a person who is no longer active when it is paid."""
    if not active_days(own, *month_bounds(paid)) and paid <= "2020-12":
        why = "kvartalet er betalt bagud efter forløbets slutning; inden for efterslippet"
        world.plan.expect_months("OE05", "information", why, code, [paid])


def _pay(world: World, key: tuple[str, str, str], konto: str, amount: Decimal) -> None:
    """One person's month: mostly one posting, now and then split, or credited and charged again."""
    cpr, code, month = key
    billing, rng = world.billing, world.rng
    konto = billing.account.get(key, konto)
    amount = (amount * billing.factor.get(key, Decimal(1))).quantize(OERE, ROUND_HALF_UP)
    day = booking_day(rng, month)
    draw = rng.random()
    if key in billing.wrong_half:
        half = (amount / 2).quantize(OERE)
        parts = [(konto, half, day), (billing.wrong_half[key], amount - half, day)]
    elif draw < 0.03 and day < date(2021, 3, 1):
        later = day + timedelta(rng.randrange(5, 25))
        wrong = (amount * Decimal("1.1")).quantize(OERE)
        parts = [(konto, wrong, day), (konto, -wrong, later), (konto, amount, later)]
    elif draw < 0.06:
        half = (amount / 3).quantize(OERE)
        parts = [(konto, half, day), (konto, amount - half, day)]
    else:
        parts = [(konto, amount, day)]
    text = {"1.12.0.2": "Støttetimer", "1.13.2": "BPA-tilskud", "1.13.4": "Ledsagetimer"}.get(code, "Takstbetaling")
    without_period = len(parts) == 1 and f"{day:%Y-%m}" == month and rng.random() < 0.08
    for number, beloeb, bogfoert in parts:
        word = "Kreditnota" if beloeb < 0 else text
        world.postings.append(Posting(number, beloeb, bogfoert, word, cpr, "" if without_period else month))


def booking_day(rng: random.Random, month: str) -> date:
    """Mostly in the month itself, sometimes up to two months later, never after the ledger's last month."""
    first, last = month_bounds(month)
    draw = rng.random()
    if draw < 0.8 or month > "2021-01":
        return first + timedelta(rng.randrange(4, 28))
    return last + timedelta(rng.randrange(2, 15 if draw < 0.95 else 45))


def _shared_costs(world: World) -> None:
    """Postings without a CPR: shared staff, and 1.13.3, which is rammestyret and paid as a lump sum."""
    for number, month in enumerate(months(LEDGER_FIRST, LEDGER_LAST)):
        first, _ = month_bounds(month)
        for konto in RAMME.values():
            world.postings.append(Posting(konto, Decimal("118500.00"), first + timedelta(9), "Ramme", "", month))
        world.postings.append(Posting(SINGLE["1.13.3"], Decimal("41250.00"), first + timedelta(14), "Ramme døvblinde"))
        if number % 3 == 2:
            for konto in ("538501002", "538591002", "538511003"):
                amount = Decimal(world.rng.randrange(1_500_000, 4_000_000)) / 100
                world.postings.append(Posting(konto, amount, first + timedelta(24), "Fælles personale", "", month))
        if number % 6 == 5:
            world.postings.append(Posting("538392003", Decimal("-6120.00"), first + timedelta(19), "Berigtigelse"))
    world.plan.decoy("1.3 afregnes kvartalsvis bagud og 1.18.1 kvartalsvis forud: månederne imellem er ikke ubetalt.")
    world.plan.decoy("To posteringer på 5.38.39-2-003: dranst 2 er statsrefusion og hører ikke under OE07.")
    world.plan.decoy("Posteringer uden CPR: fælles personale, og rammen til døvblinde (1.13.3 er rammestyret).")
    world.plan.decoy("Kreditnotaer, hvor beløbet er bogført, krediteret og bogført igen: nettoen er rigtig.")
