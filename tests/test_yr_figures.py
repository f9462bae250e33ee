"""Random deliveries: ``yr_uge``, the measures, the staircase and YR20 are what a plain reading of the rows gives.

One run of a world is held against all four: making the views costs more than reading them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from oracles import yr_figures
from oracles.yr_careers import MEDFINANSIERET, OTHERS, Made, as_read, paid
from oracles.yr_figures import ACCOUNTS, Figures, Level, rounded, step
from support.examples import examples
from support.quick import quick_worlds

from reconcile.controls import yr
from reconcile.results.rows import PartResult, YrWeek
from reconcile.results.yr import YrMeasure, YrSplit, YrStaircase

#: So many that the same month comes up in two years, and December meets January.
MONDAYS = tuple(date(2019, 10, 28) + timedelta(weeks=n) for n in (0, 1, 5, 8, 9, 10, 13, 14, 52, 53, 57, 60, 61, 62))
PAID = ("Sygedagpenge", "Arbejdsløshedsdagpenge", *MEDFINANSIERET, *OTHERS, "Fleksbidrag fra staten")
LACKS: tuple[frozenset[str], ...] = (
    *[frozenset[str]()] * 3,
    frozenset({"refusion"}),
    frozenset({"medfinansiering", "medfinansieringssats"}),
    frozenset({"ydelsestaeller"}),
    frozenset({"refusionssats", "medfinansieringssats"}),
    frozenset({"finansieringskommune"}),
)
worlds = st.tuples(st.integers(0, 2**32), st.integers(0, 60), st.sampled_from(LACKS))
#: Making a world's views costs more than a row more in it: fewer and larger worlds than elsewhere.
fewer = examples(12)


def delivery(rng: random.Random, size: int, lacks: Collection[str]) -> list[Made]:
    """Rows of a few persons in few weeks, so that they meet; with reversals, repeats and everything left empty."""
    rows = [_row(rng) for _number in range(size)]
    rows += [_reversed(made, rng) for made in rows if rng.random() < 0.25]
    rows += [dict(made) for made in rows if rng.random() < 0.1]
    rng.shuffle(rows)
    return [as_read(made, lacks) for made in rows]


def _row(rng: random.Random) -> Made:
    uge = rng.choice(MONDAYS)
    sunday = uge + timedelta(days=6)
    if sunday.month != uge.month and rng.random() < 0.5:
        uge = sunday.replace(day=1)
    counter = rng.choice([0, 1, 4, 5, 26, 27, 52, 53])
    amount = rng.choice(["1000.00", "333.33", "0.01", "9999.99", "0.00", "-250.50"])
    made = paid(rng.choice(PAID), uge, counter, amount, rng.choice(["0101801234", "0202754321", "0303701111"]))
    made["finansieringskommune"] = rng.choice(["665", "665", "671", None])
    made["bopaelskommune"] = rng.choice(["665", "671", None])
    made["koerselsperiode"] = rng.choice([*[made["koerselsperiode"]] * 4, date(2020, 2, 1), None])
    made["fleksbidrag"] = rng.choice([None, None, Decimal("0.00"), Decimal("415.00")])
    if rng.random() < 0.15:  # calculated by another step than the counter's: the percentage decides
        made["ydelsestaeller"] = rng.choice([1, 5, 27, 53])
    if rng.random() < 0.3:
        made |= {rng.choice(["refusionssats", "ydelsestaeller", "refusion", "medfinansiering"]): None}
    return made


def _reversed(made: Made, rng: random.Random) -> Made:
    """A correction of all or half of a row."""
    share = rng.choice([-1, -1, Decimal("-0.5")])
    columns = [c for c in ("bruttoudgift", "refusion", "medfinansiering", "fleksbidrag") if made.get(c) is not None]
    return {**made, **{c: (made[c] * share).quantize(Decimal("0.01")) for c in columns}, "fil": "yr-3.csv"}


def table(result: PartResult, name: str) -> list[Any]:
    return next(list(t.rows) for t in result.tables if t.name == name)


AMOUNTS = ("bruttoudgift", "refusion", "medfinansiering")
PERCENTS = ("refusionspct", "medfinansieringspct")


def now_of(m: YrMeasure | YrSplit) -> Figures:
    amounts = [getattr(m, name) for name in (*AMOUNTS, "fleksbidrag", *PERCENTS, "kommunens_udgift")]
    persons = (m.personer_pr_maaned, m.personer, m.personuger, m.fuldtidspersoner, m.bruttoudgift_pr_fuldtidsperson)
    return Figures._make((*amounts, *persons))


def before_of(m: YrMeasure) -> list[Decimal | None]:
    return [getattr(m, f"{name}_aaret_foer") for name in (*AMOUNTS, *PERCENTS, "personer")]


def compared(figures: Figures) -> list[Decimal | None]:
    """What of a period is shown a year later."""
    return [*figures[:3], figures.refusionspct, figures.medfinansieringspct, figures.personer_pr_maaned]


def zero_like(other: Figures) -> Figures:
    """Nothing, in the columns that the other has."""
    zero = Decimal(0)
    amounts = [None if amount is None else zero for amount in other[1:4]]
    return Figures._make((zero, *amounts, None, None, None, zero, 0, 0, zero, None))


Should = Mapping[tuple[str, Level], tuple[Figures | None, Figures | None, int, int | None]]


def test_weeks_measures_staircase_and_yr20_are_a_plain_reading_of_the_rows() -> None:
    seen: set[str] = set()
    with quick_worlds() as make:

        @fewer
        @example((0, 60, ()))  # has every status, whatever is drawn
        @given(worlds)
        def agree(world: tuple[int, int, Collection[str]]) -> None:
            seed, size, lacks = world
            rng = random.Random(seed)
            rows = delivery(rng, size, lacks)
            booked = postings(rows, rng)
            result = yr.run(make({"yr": rows, "oekonomi": booked}, periods="", lacks={"yr": sorted(lacks)}))
            weeks_agree(table(result, "yr_uge"), rows)
            should = yr_figures.measures(rows, lacks)
            measures_agree(table(result, "yr_maal"), should)
            staircase_agrees(table(result, "yr_trappe"), should)
            seen.update(ledger_agrees(result, rows, booked))

        agree()
    assert seen == {"ens", "inden_for_tolerance", "uforklaret", "mangler_regnskab"}


def weeks_agree(found: Sequence[YrWeek], rows: Sequence[Made]) -> None:
    """``yr_uge`` is a plain count of the rows."""
    listed = [(w.uge, w.ydelse, w.kommune, w.antal, w.total, w.refusion, w.medfinansiering) for w in found]
    assert sorted(listed, key=str) == sorted(yr_figures.weeks(rows), key=str)


def measures_agree(found: Sequence[YrMeasure], should: Should) -> None:
    """The measures are a plain sum of the rows, now and the year before."""
    assert {(m.periode, (m.finansiering, m.ydelse, m.trin)) for m in found} == should.keys()
    for m in found:
        now, before, months, months_before = should[m.periode, (m.finansiering, m.ydelse, m.trin)]
        if now is not None:
            assert now_of(m) == now
        else:
            assert before is not None
            assert now_of(m)._replace(udgift=None) == zero_like(before)
        assert (m.maaneder, m.maaneder_aaret_foer) == (months, months_before)
        there = before or zero_like(now) if months_before and now else before
        assert before_of(m) == (compared(there) if there else [None] * 6)
        assert m.bruttoudgift_aendring_pct == change(m, m.bruttoudgift, m.bruttoudgift_aaret_foer)
        assert m.personer_aendring_pct == change(m, m.personer_pr_maaned, m.personer_aaret_foer)
        if m.finansiering == "refusion" and m.refusionspct is not None:
            assert m.kommunens_andel_pct == 100 - m.refusionspct


def change(m: YrMeasure, now: Decimal, before: Decimal | None) -> Decimal | None:
    """By how many percent, where there are as many months a year earlier, and something."""
    if not before or before < 0 or m.maaneder != m.maaneder_aaret_foer:
        return None
    return rounded((now - before) * 100, before, "0.01")


def staircase_agrees(found: Sequence[YrStaircase], should: Should) -> None:
    """The staircase is the persons of the measures laid side by side."""
    laid = {(p, *level[:2]) for p, level in should if len(p) in (6, 7) and level[0] not in ("alle", "fleksbidrag")}
    assert {(t.periode, t.finansiering, t.ydelse) for t in found} == laid
    periods = {periode for periode, _level in should}
    for t in found:
        compared = yr_figures.year_before(t.periode) in periods
        for column, trin in (*((f"trin_{n}", str(n)) for n in range(1, 5)), ("ingen",) * 2, ("i_alt", "alle")):
            level: Level = (t.finansiering, t.ydelse, trin)
            now, before, *_months = should.get((t.periode, level), (None, None))
            assert getattr(t, column) == (now.personer_pr_maaned if now else 0)
            there = (before.personer_pr_maaned if before else 0) if compared else None
            assert getattr(t, f"{column}_aaret_foer") == there


def postings(rows: list[Made], rng: random.Random) -> list[dict[str, Any]]:
    """A ledger that agrees, and then does not quite: other amounts, none, other months, accounts YR says nothing of."""
    made = []
    for cell in yr_figures.ledger(rows, [_posting("538581001", "0.00", date(2019, 1, 1))]):
        off = rng.choice(["0", "0", "1.00", "-1.00", "1.01", "-800.00"])
        amount = rng.choice([cell.yr, cell.yr, cell.yr + Decimal(off), Decimal(0)])
        month = yr_figures.next_month(cell.koerselsperiode)
        made += [_posting(cell.konto, half, _day_in(month, rng)) for half in (amount + 5, Decimal(-5))]
    konti = [konto for accounts in ACCOUNTS.values() for konto in accounts]
    for _number in range(rng.randrange(4)):
        day = date(2019, 11, 1) + timedelta(days=rng.randrange(600))
        made.append(_posting(rng.choice([*konti, "538581001"]), rng.choice(["7.00", "-0.50", "-300.00"]), day))
    last = rng.choice([date(2021, 12, 31), date(2020, 12, 31), date(2020, 3, 1)])
    return [posting for posting in made if posting["bogfoert_dato"] <= last]


def _day_in(month: date, rng: random.Random) -> date:
    return rng.choice([month, yr_figures.next_month(month) - timedelta(days=1)])


def _posting(konto: str, beloeb: str | Decimal, day: date) -> dict[str, Any]:
    return {"konto": konto, "beloeb": Decimal(beloeb), "bogfoert_dato": day}


def by_age(r: Mapping[str, Any]) -> str:
    """The age in tens on the day of the row, after the first six digits of these CPR numbers."""
    born = date(1900 + int(r["cpr"][4:6]), int(r["cpr"][2:4]), int(r["cpr"][:2]))
    age = r["uge"].year - born.year - ((r["uge"].month, r["uge"].day) < (born.month, born.day))
    return f"{age // 10 * 10:02d}–{age // 10 * 10 + 9:02d}"


def by_account(r: Mapping[str, Any]) -> str:
    accounts = ACCOUNTS.get(str(r["ydelse"]).casefold(), ())
    konto = accounts[step(r) - 1] if accounts and (step(r) or 0) else ""
    return f"{konto[:5]}-{konto[5]}-{konto[6:]}" if konto else ""


FACTORS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "bopaelskommune": lambda r: r["bopaelskommune"] or "",
    "finansieringskommune": lambda r: r["finansieringskommune"] or "665",
    "koen": lambda r: "mand" if int(r["cpr"][9]) % 2 else "kvinde",
    "alder_10": by_age,
    "gruppering": by_account,
}


def test_the_measures_by_a_factor_are_a_plain_reading_of_the_rows() -> None:
    with quick_worlds() as make:

        @examples(3)
        @given(st.integers(0, 2**32), st.integers(15, 40))
        def agree(seed: int, size: int) -> None:
            rows = delivery(random.Random(seed), size, frozenset())
            context = replace(make({"yr": rows}, periods=""), yr_split=tuple(FACTORS))
            found = table(yr.run(context), "yr_fordelt")
            for name, value in FACTORS.items():
                should = {
                    (p, (f, y, v)): now
                    for (p, (f, y, v)), (now, *_rest) in yr_figures.measures(rows, value=value).items()
                    if now
                }
                rows_ = {(m.periode, (m.finansiering, m.ydelse, m.vaerdi)): m for m in found if m.opdeling == name}
                told = {key: now_of(m) for key, m in rows_.items() if key in should}
                assert told == should
                assert all(not m.personer and not m.bruttoudgift for key, m in rows_.items() if key not in should)

        agree()


def test_a_factor_without_its_column_is_named_and_none_is_made_unasked() -> None:
    rows = delivery(random.Random(1), 10, {"tilhoerskommune"})
    with quick_worlds() as make:
        context = make({"yr": rows}, periods="", lacks={"yr": ["tilhoerskommune"]})
        assert not [t for t in yr.run(context).tables if t.name == "yr_fordelt"]
        result = yr.run(replace(context, yr_split=("tilhoerskommune",)))
    assert [(n.regel, n.grund) for n in result.not_run if "fordelt" in n.regel] == [
        ("fordelt tilhoerskommune", "kolonnen tilhoerskommune mangler")
    ]


def ledger_agrees(result: PartResult, rows: list[Made], booked: Sequence[Mapping[str, Any]]) -> set[str]:
    """YR20 compares each run with the ledger's next month; the statuses there were."""
    if not any(p["konto"] in sum(ACCOUNTS.values(), ()) for p in booked):
        assert "YR20" in {n.regel for n in result.not_run}
        return set()
    should = yr_figures.ledger(rows, booked)
    cells = table(result, "yr_regnskab")
    listed = [(c.koerselsperiode, c.konto, c.yr, c.regnskab, str(c.status)) for c in cells]
    assert sorted(listed) == sorted(should)
    wrong = sorted((f"{c.koerselsperiode:%Y-%m}", c.yr, c.regnskab) for c in should if c.status == "uforklaret")
    named = [(f.periode, f.forventet, f.vaerdi) for f in result.findings if f.regel == "YR20"]
    assert sorted(named) == wrong
    return {str(c.status) for c in cells}
