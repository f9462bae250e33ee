"""Random careers in Ydelsesrefusion: spells with pauses between them, and everything odd that a delivery can hold."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st
from support.yr import percent, row

from reconcile.domain.canonical import TABLES

Made = dict[str, Any]
#: Pause before it, weeks, how the counter begins.
Spell = tuple[int, int, str]

FIRST = date(2015, 12, 14)
BEGINS = ("on", "on", "one", "same", "skip", "back", "far", "zero")
PAUSES = (0, 1, 50, 51, 52, 53, 155, 156, 157)
MEDFINANSIERET = ("Arbejdsløshedsdagpenge", "Førtidspension", "Seniorpension")
OTHERS = ("Kontanthjælp", "Sygedagpenge", "Ressourceforløb", "Løntilskud", "Boligstøtte", " kontanthjælp")
#: Valid, a date that does not exist, erstatningsnumre of both kinds, and too short.
PEOPLE = (
    *(f"0{day}0180{number}234" for day in (1, 2) for number in range(4)),
    "3102763948",
    "2902014321",
    "6511713921",
    "010180A234",
    "310280A234",
    "12345",
)
#: What a source can lack.
LACKS: tuple[frozenset[str], ...] = (
    *[frozenset[str]()] * 3,
    frozenset({"koerselsperiode"}),
    frozenset({"ydelsestaeller"}),
    frozenset({"refusion", "refusionssats", "koerselsperiode"}),
    frozenset({"medfinansiering", "medfinansieringssats"}),
    frozenset({"refusion"}),
    frozenset({"medfinansieringssats", "bopaelskommune"}),
    frozenset({"refusion", "medfinansiering"}),
    frozenset({"ydelsestaeller", "genoptjening", "koerselsperiode", "bopaelskommune", "beregning_id", "fleksbidrag"}),
)


@st.composite
def spells(draw: st.DrawFn) -> list[Spell]:
    """A career."""
    pause = st.one_of(st.integers(0, 160), st.sampled_from(PAUSES))
    spell = st.tuples(pause, st.integers(1, 6), st.sampled_from(BEGINS))
    return draw(st.lists(spell, min_size=1, max_size=5))


def delivery(careers: Iterable[Sequence[Spell]], rng: random.Random, lacks: Collection[str] = ()) -> list[Made]:
    """The rows of several people's careers in three files, in any order."""
    rows = []
    for cpr, parts in zip(rng.sample(PEOPLE, len(PEOPLE)), careers, strict=False):
        rows += [as_read(made, lacks) for made in career_rows(cpr, parts, rng)]
    rng.shuffle(rows)
    return rows


def as_read(made: Made, lacks: Collection[str]) -> Made:
    """A row as it stands in the table: every column, and ``raa``, which differs where any cell of it does."""
    read = {column: None if column in lacks else made.get(column) for column in TABLES["yr"].names}
    cells = {**read, "note": made.get("note")}
    return {**read, "raa": zlib.crc32(repr(cells).encode()), "fil": made.get("fil", "yr-10.csv")}


def career_rows(cpr: str, parts: Sequence[Spell], rng: random.Random) -> list[Made]:
    rows: list[Made] = []
    # From the first day of the law, from anywhere, or so that a spell lies across week 53 of 2020.
    at, last = (
        rng.choice([rng.randrange(5), rng.randrange(60), 255 - parts[0][0] + rng.randrange(10)]),
        rng.randrange(60),
    )
    for pause, weeks, begins in parts:
        at += pause
        ydelse = rng.choice([*OTHERS[:1] * 6, *OTHERS, *MEDFINANSIERET])
        for number in range(weeks):
            last = _next_counter(last, begins) if number == 0 else last + 1
            rows += _week(cpr, FIRST + timedelta(weeks=at), last, ydelse, rng)
            at += 1
    return rows


def _next_counter(last: int, begins: str) -> int:
    return {"on": last + 1, "one": 1, "same": last, "skip": last + 2, "back": max(last - 1, 1), "far": 60, "zero": 0}[
        begins
    ]


def paid(ydelse: str, uge: date, counter: int | None, brutto: str, cpr: str, **given: Any) -> Made:
    """A row as it should be, with refusion or medfinansiering as the ydelse has it."""
    made = row(uge, counter, brutto, cpr=cpr, ydelse=ydelse, **given)
    return _medfinansieret(made) if ydelse in MEDFINANSIERET else made


def _medfinansieret(made: Made) -> Made:
    sats = 100 - percent(made["ydelsestaeller"])
    amount = (made["bruttoudgift"] * sats / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return made | {
        "refusionssats": Decimal(0),
        "refusion": Decimal(0),
        "medfinansieringssats": Decimal(sats),
        "medfinansiering": amount,
    }


def _week(cpr: str, monday: date, counter: int, ydelse: str, rng: random.Random) -> list[Made]:
    """A week's rows: both halves where it crosses a month, and perhaps something odd."""
    amount = rng.choice(["3000.00", "3333.33", "4999.99", "5000.00", "9999.99", "10000.00"])
    made = [paid(ydelse, monday, counter, amount, cpr)]
    sunday = monday + timedelta(days=6)
    if sunday.month != monday.month:
        made.append(paid(ydelse, sunday.replace(day=1), counter, rng.choice(["5000.00", "0.01"]), cpr))
    return rng.choice(ODD)(made, rng) if rng.random() < 0.6 else made


def _later(made: Made, rng: random.Random) -> Made:
    """The same row from a later run, or in another file, or both. By name yr-10 comes before yr-2."""
    runs = rng.randrange(3)
    koersel = (made["koerselsperiode"] + timedelta(days=31 * runs)).replace(day=1)
    return {**made, "koerselsperiode": koersel, "fil": rng.choice(["yr-10.csv", "yr-2.csv", "yr-3.csv"])}


def _back(made: Made) -> Made:
    return {**made, **{c: -made[c] for c in ("bruttoudgift", "refusion", "medfinansiering")}}


def _other(made: Made, rng: random.Random, counter: int | None, brutto: str, ydelse: str = "") -> Made:
    return _later(paid(ydelse or made["ydelse"], made["uge"], counter, brutto, made["cpr"]), rng)


def _reversed(made: list[Made], rng: random.Random) -> list[Made]:
    return made + [_later(_back(r), rng) for r in made]


def _recalculated(made: list[Made], rng: random.Random) -> list[Made]:
    counter = made[0]["ydelsestaeller"] + rng.choice([0, 3])
    return [*_reversed(made, rng), _other(made[0], rng, counter, "2500.00")]


def _overpaid_back(made: list[Made], rng: random.Random) -> list[Made]:
    return [*made, _other(made[0], rng, made[0]["ydelsestaeller"], "-12000.00")]


def _second_ydelse(made: list[Made], rng: random.Random) -> list[Made]:
    counter = made[0]["ydelsestaeller"] + rng.choice([0, 2])
    return [*made, paid(rng.choice(["Uddannelseshjælp", *OTHERS]), made[0]["uge"], counter, "800.00", made[0]["cpr"])]


def _without_counter(made: list[Made], rng: random.Random) -> list[Made]:
    return [*made, _other(made[0], rng, None, rng.choice(["10.00", "-10.00"]))]


def _fleksbidrag(made: list[Made], rng: random.Random) -> list[Made]:
    return [*made, {**_other(made[0], rng, 99, "700.00", "Fleksbidrag fra staten"), "refusionssats": Decimal(40)}]


def _zero_row(made: list[Made], rng: random.Random) -> list[Made]:
    return [*made, _other(made[0], rng, 77, "0.00")]


def _repeated(made: list[Made], rng: random.Random) -> list[Made]:
    return made + [dict(made[0])] * rng.choice([1, 2])


def _repeated_in_another_file(made: list[Made], rng: random.Random) -> list[Made]:
    return [*made, {**made[0], "fil": "yr-2.csv"}]


def _differs_where_nothing_is_read(made: list[Made], rng: random.Random) -> list[Made]:
    return [*made, {**made[0], "note": "b"}]


def _changed(**columns: Sequence[Any]) -> Callable[[list[Made], random.Random], list[Made]]:
    """The week's first row with other values in some columns."""
    return lambda made, rng: [made[0] | {c: rng.choice(values) for c, values in columns.items()}, *made[1:]]


def _odd_start(made: list[Made], rng: random.Random) -> list[Made]:
    return [{**made[0], "uge": made[0]["uge"] + timedelta(days=rng.choice([1, 2, 6]))}, *made[1:]]


def _amount_off(made: list[Made], rng: random.Random) -> list[Made]:
    column = rng.choice(["refusion", "medfinansiering"])
    off = Decimal(rng.choice(["0.01", "0.02", "-0.01", "-0.02", "7.00"]))
    return [{**made[0], column: made[0][column] + off}, *made[1:]]


ODD: Sequence[Callable[[list[Made], random.Random], list[Made]]] = (
    _reversed,
    _recalculated,
    _overpaid_back,
    _second_ydelse,
    _without_counter,
    _fleksbidrag,
    _zero_row,
    _repeated,
    _repeated_in_another_file,
    _differs_where_nothing_is_read,
    _odd_start,
    _amount_off,
    _changed(refusionssats=[Decimal(50), Decimal(0), None]),
    _changed(medfinansieringssats=[Decimal(50), Decimal(0), None]),
    _changed(refusion=[Decimal(0), None, Decimal(9)], refusionssats=[Decimal(0), Decimal(80)]),
    _changed(finansieringskommune=["665", "671", None], bopaelskommune=["665", "671", None]),
    _changed(koerselsperiode=[None]),
    _changed(genoptjening=[0, 3, 51, 52, 60]),
)
