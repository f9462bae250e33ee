"""Problems planted in the ledger: OE01 to OE07."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .ledger import account
from .model import Person, Posting, World, month_bounds, months


def plant(world: World) -> None:
    """All of them, in the order of the rules."""
    _payment_without_course(world)
    _course_without_payment(world)
    _wrong_account(world)
    _wrong_group(world)
    _after_the_end(world)
    _unusual_price(world)
    _unmapped_account(world)


def _post(world: World, person: Person, code: str, month: str, *, kroner: str, text: str = "Takstbetaling") -> None:
    """An extra posting on the code's own account."""
    day = month_bounds(month)[0] + timedelta(16)
    konto = account(code, person.maalgruppe[0])
    world.billing.extra.append(Posting(konto, Decimal(kroner), day, text, person.cpr, month))


def _payment_without_course(world: World) -> None:
    """OE01."""
    plan = world.plan
    nobody = world.new_person()
    for month in ("2020-05", "2020-06"):
        _post(world, nobody, "1.8.2", month, kroner="44516.00")
        plan.expect("OE01", "fejl", "oekonomi", "betaling for en borger uden forløb", dst_kode="1.8.2", periode=month)
    gap = world.new_person()
    world.new_course(gap, "1.13.4", date(2019, 2, 11), date(2020, 3, 31))
    world.new_course(gap, "1.13.4", date(2020, 6, 1))
    _post(world, gap, "1.13.4", "2020-05", kroner="1860.00", text="Ledsagetimer")
    why = "betaling i et hul mellem to forløb"
    plan.expect("OE01", "fejl", "oekonomi", why, dst_kode="1.13.4", periode="2020-05")
    early = world.new_person()
    world.new_course(early, "1.12.0.2", date(2020, 9, 1))
    _post(world, early, "1.12.0.2", "2020-04", kroner="-2500.00", text="Kreditnota")
    why = "tilbagebetaling for en måned før forløbet"
    plan.expect("OE01", "information", "oekonomi", why, dst_kode="1.12.0.2", periode="2020-04")


def _course_without_payment(world: World) -> None:
    """OE02."""
    last = world.new_course(world.new_person(), "1.4", date(2019, 1, 7), date(2020, 6, 15))
    world.billing.unpaid.add((last.cpr, "1.4", "2020-06"))
    world.plan.expect_months("OE02", "advarsel", "forløbets sidste måned er aldrig betalt", "1.4", ["2020-06"])
    stopped = world.new_course(world.new_person(), "1.8.1", date(2018, 7, 16))
    world.billing.unpaid.update((stopped.cpr, "1.8.1", m) for m in months("2020-08", "2021-03"))
    why = "betalingen er holdt op, forløbet er åbent"
    world.plan.expect_months("OE02", "advarsel", why, "1.8.1", months("2020-08", "2020-12"))
    late = world.new_course(world.new_person(), "1.12.0.2", date(2020, 11, 10))
    world.billing.unpaid.add((late.cpr, "1.12.0.2", "2020-11"))
    world.plan.decoy("Et forløb fra november 2020 (1.12.0.2) betales først fra december: inden for efterslippet.")


def _wrong_account(world: World) -> None:
    """OE03: the money lies on another code's account."""
    for paid, active, first, slut, text in (
        ("1.8.1", "1.12.0.1", "2020-05", None, "fra maj 2020 betalt på § 108-kontoen i stedet for 1.12.0.1's"),
        ("1.1", "1.4", "2020-09", date(2020, 9, 30), "sidste måned betalt på 1.1's konto i stedet for 1.4's"),
    ):
        person = world.new_person(maalgruppe=("1.1.3",))
        world.new_course(person, active, date(2019, 4, 1), slut)
        for month in months(first, "2021-03" if slut is None else first):
            world.billing.account[person.cpr, active, month] = account(paid, "1.1.3")
        world.plan.expect_months("OE03", "fejl", text, paid, months(first, "2020-12" if slut is None else first))


def _wrong_group(world: World) -> None:
    """OE04: right funktion, another målgruppe's gruppering."""
    person = world.new_person(maalgruppe=("1.1.1",))
    world.new_course(person, "1.4", date(2018, 10, 8))
    periods = months("2020-02", "2020-04")
    for month in periods:
        world.billing.account[person.cpr, "1.4", month] = account("1.4", "1.2")
    world.plan.expect_months("OE04", "advarsel", "målgruppe 1.1.1, betalt på sindslidendes konto", "1.4", periods)
    person = world.new_person(maalgruppe=("1.2.2.1",))
    world.new_course(person, "1.8.1", date(2018, 6, 18))
    world.billing.wrong_half[person.cpr, "1.8.1", "2020-09"] = account("1.8.1", "1.1")
    why = "målgruppe 1.2.2.1, halvdelen betalt på handicaps konto"
    world.plan.expect_months("OE04", "advarsel", why, "1.8.1", ["2020-09"])


def _after_the_end(world: World) -> None:
    """OE05: inside the lag it is information."""
    for code, start, slut, paid, kroner in (
        ("1.1", date(2019, 1, 28), date(2020, 3, 31), months("2020-04", "2020-05"), "12150.00"),
        ("1.8.2", date(2019, 6, 3), date(2020, 2, 29), months("2020-03", "2020-08"), "43080.00"),
    ):
        person = world.new_person()
        world.new_course(person, code, start, slut)
        for number, month in enumerate(paid):
            _post(world, person, code, month, kroner=kroner)
            alvor = "information" if number < 2 else "fejl"
            why = f"forløbet sluttede {slut:%Y-%m-%d}" + ("; inden for efterslippet" if number < 2 else "")
            world.plan.expect_months("OE05", alvor, why, code, [month])
    person = world.new_person()
    world.new_course(person, "1.13.4", date(2018, 9, 17), date(2020, 5, 31))
    _post(world, person, "1.13.4", "2020-10", kroner="-1240.00", text="Kreditnota")
    world.plan.expect_months("OE05", "information", "tilbagebetaling efter ophør", "1.13.4", ["2020-10"])


def _unusual_price(world: World) -> None:
    """OE06: a slipped decimal point each way."""
    for code, start, slut, month, factor, why in (
        ("1.8.2", date(2020, 1, 20), date(2021, 2, 26), "2020-10", Decimal(10), "ti gange den normale pris"),
        ("1.12.0.2", date(2018, 12, 10), None, "2020-03", Decimal("0.1"), "en tiendedel af den normale pris"),
    ):
        person = world.new_person()
        world.new_course(person, code, start, slut)
        world.billing.factor[person.cpr, code, month] = factor
        world.plan.expect_months("OE06", "advarsel", why, code, [month])


def _unmapped_account(world: World) -> None:
    """OE07: accounts the masteroversigt lacks; the finding is per account and month."""
    for konto, day, kroner, text in (
        ("538391001", date(2020, 2, 12), "18400.00", "Kontant tilskud"),
        ("538391001", date(2020, 3, 11), "18400.00", "Kontant tilskud"),
        ("538391001", date(2020, 3, 25), "2300.50", "Kontant tilskud"),
        ("538391001", date(2020, 4, 14), "18400.00", "Kontant tilskud"),
        ("538591200", date(2020, 6, 9), "9875.25", "Ledelse og administration"),
    ):
        world.billing.extra.append(Posting(konto, Decimal(kroner), day, text, "", f"{day:%Y-%m}"))
    for konto, month in (
        ("5.38.39-1-001", "2020-02"),
        ("5.38.39-1-001", "2020-03"),
        ("5.38.39-1-001", "2020-04"),
        ("5.38.59-1-200", "2020-06"),
    ):
        world.plan.expect("OE07", "advarsel", "oekonomi", f"{konto} står ikke i masteroversigten", periode=month)
