"""The statistics loop (fagsystem ↔ FLIS ↔ DST) counted one day and one record at a time, and random worlds to count.

Written from the definitions of the figure eight, the bridge and the record diff, not from the SQL: the bridge is that of
``brute_bridge``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from oracles import bridge as brute

QUARTERS = {
    "2020K2": (date(2020, 4, 1), date(2020, 6, 30)),
    "2020K3": (date(2020, 7, 1), date(2020, 9, 30)),
}
CODES = ("1.1", "1.8.1", "1.12.0.2", "1.18.2")
#: Groups of persons who have nothing to do with each other: one of each is a child, one has died.
GROUPS = tuple((f"010150{n}001", f"020260{n}002", f"030304{n}003") for n in range(3))
PEOPLE = tuple(cpr for group in GROUPS for cpr in group)
BORN = {group[2]: date(2004, 3, 3) for group in GROUPS}
DIED = {group[1]: date(2020, 6, 30) for group in GROUPS}
DAYS = [date(2020, 3, 31), date(2020, 4, 1), date(2020, 6, 30), date(2020, 7, 1), date(2020, 8, 15), date(2020, 10, 1)]
Key = tuple[str, str]


@dataclass(frozen=True)
class Record:
    """A course as an extract has it."""

    cpr: str
    code: str
    start: date
    end: date | None
    number: str | None = None
    group: str | None = None
    acting: str | None = None
    former: bool = False

    def row(self) -> dict[str, Any]:
        """The row of the canonical table."""
        return {
            "cpr": self.cpr,
            "dst_kode": self.code,
            "start_dato": self.start,
            "slut_dato": self.end,
            "ydelse_id": self.number,
            "maalgruppe": self.group,
            "handlekommune": self.acting,
            "system": "tidligere" if self.former else "nuvaerende",
        }

    @property
    def own(self) -> bool:
        """It belongs to the own population."""
        return self.acting in (None, "665")

    def days(self) -> frozenset[date]:
        """The active days; an open course runs to the end of the world."""
        return brute.days_between(self.start, self.end or date(2021, 6, 30))

    def compared(self) -> tuple[Any, ...]:
        """What the record diff compares."""
        groups = sorted((self.group or "").split("|"))
        return (self.cpr, self.code, self.start, self.end, self.number, groups, self.acting or "665", self.former)


@dataclass(frozen=True)
class Drawn:
    """A world: both extracts, or published FLIS figures, and DST's."""

    fagsystem: Sequence[Record]
    flis: Sequence[Record] | None
    published: Mapping[Key, int]
    dst: Mapping[Key, int]
    tolerance: int

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The canonical tables; without a FLIS extract its figures are the published ones."""
        people = [{"cpr": cpr, "foedselsdato": BORN.get(cpr), "doedsdato": DIED.get(cpr)} for cpr in {**BORN, **DIED}]
        made = {"fagsystem": [r.row() for r in self.fagsystem], "borger": people, "hand07": _published(self.dst)}
        extract = {"flis_antal": _published(self.published)} if self.flis is None else {}
        return made | extract | ({"flis": [r.row() for r in self.flis]} if self.flis is not None else {})


def _published(figures: Mapping[Key, int]) -> list[dict[str, Any]]:
    return [{"dst_kode": code, "periode": q, "antal": Decimal(n)} for (code, q), n in figures.items()]


def _changed(draw: st.DrawFn, record: Record) -> list[Record]:
    """What FLIS has of a course: mostly the same."""
    kind = draw(st.sampled_from(["same"] * 6 + ["gone", "twice", "end", "group", "acting", "code", "number"]))
    match kind:
        case "gone":
            return []
        case "twice":
            return [record, record]
        case "end":
            return [replace(record, end=draw(st.none() | st.sampled_from(DAYS)))]
        case "group":
            return [replace(record, group="2")]
        case "acting":
            return [replace(record, acting=draw(st.sampled_from(["101", "665"])))]
        case "code":
            return [replace(record, code=draw(st.sampled_from(CODES)))]
        case "number":
            return [replace(record, number=None)]
    return [record]


_RECORDS = [
    st.builds(
        Record,
        cpr=st.sampled_from((*group, group[0])),
        code=st.sampled_from((*CODES, "1.1", "1.1")),
        start=st.sampled_from(DAYS[:-1]),
        end=st.none() | st.sampled_from(DAYS),
        number=st.none() | st.sampled_from([f"N-{place}{n}" for n in range(6)]),
        group=st.sampled_from([None, "1.1|2", "2|1.1"]),
        acting=st.sampled_from([None, "665", "665", "101"]),
        former=st.sampled_from([False, False, False, True]),
    )
    for place, group in enumerate(GROUPS)
]


@st.composite
def worlds(draw: st.DrawFn) -> Drawn:
    """A fagsystem, FLIS made of it with some records changed, and DST's figures near the harmonised ones; of one group of
    persons, or of three: a run judges them all."""
    groups = _RECORDS[: draw(st.sampled_from([1, 3]))]
    own = [r for records in groups for r in draw(st.lists(records, min_size=1, max_size=9))]
    delivered = [r for r in own if not (r.former and r.end is None)]
    flis = [r for record in delivered for r in _changed(draw, record)]
    flis += draw(st.lists(groups[-1].map(lambda r: replace(r, former=False)), max_size=1))
    cells = st.tuples(st.sampled_from(CODES), st.sampled_from(sorted(QUARTERS)))
    noise = draw(st.dictionaries(cells, st.integers(-1, 2), max_size=3))
    missing = draw(st.frozensets(cells, max_size=2))
    counted = Counted(Drawn(own, None, {}, {}, 0))
    near = {
        cell: max(0, len(counted.harmonised.get(cell, ())) + noise.get(cell, 0))
        for cell in [(c, q) for c in CODES for q in QUARTERS]
        if cell not in missing
    }
    published = {cell: max(0, n + noise.get(cell, 0)) for cell, n in counted.loaded_counts().items()}
    extract = draw(st.sampled_from([True, True, True, False]))
    return Drawn(own, flis if extract else None, published, near, draw(st.integers(0, 1)))


class Counted:
    """Everything of the statistics loop, counted by hand."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        courses = [brute.Course(r.cpr, r.code, r.start, r.end, r.former, r.acting) for r in drawn.fagsystem]
        world = brute.World(courses, BORN | _from_cpr(), DIED, QUARTERS)
        steps = {step: brute.recipients(world, left) for step, left in brute.count(world).items()}
        self.own: Mapping[Key, set[str]] = steps["raa"]
        self.harmonised: Mapping[Key, set[str]] = steps["R2"]
        self.loaded: Mapping[Key, set[str]] = steps["indlaesning"]
        self.step: dict[tuple[str, Key], str] = {
            (cpr, cell): step
            for before, step in pairwise(brute.STEPS)
            for cell, people in steps[before].items()
            for cpr in people - steps[step].get(cell, set())
        }
        self.flis = _counted(drawn.flis or [])
        self.rules = self._rules()

    def loaded_counts(self) -> dict[Key, int]:
        """What FLIS would publish."""
        return {cell: len(people) for cell, people in self.loaded.items()}

    def _rules(self) -> Mapping[tuple[str, Key], set[str]]:
        """Person and cell → the FL rules whose courses touch it."""
        found: dict[tuple[str, Key], set[str]] = defaultdict(set)
        for rule, records in record_diff(self.drawn.fagsystem, self.drawn.flis) if self.drawn.flis is not None else ():
            for r in records:
                for quarter, span in QUARTERS.items():
                    if r.days() & brute.days_between(*span):
                        found[r.cpr, (r.code, quarter)].add(rule)
        return found

    def flis_count(self, cell: Key) -> int | None:
        """FLIS' persons: the extract's, else the published figure."""
        return len(self.flis.get(cell, ())) if self.drawn.flis is not None else self.drawn.published.get(cell)

    def one_sided(self, cell: Key) -> Iterator[tuple[str, str, str, bool]]:
        """person, side, cause, explained: of fagsystem–FLIS, where both have persons."""
        if self.drawn.flis is None:
            return
        own, flis = self.own.get(cell, set()), self.flis.get(cell, set())
        for side, people, others in (
            ("fagsystem", own - flis, self.drawn.flis),
            ("flis", flis - own, self.drawn.fagsystem),
        ):
            for cpr in people:
                step, rules = self.step.get((cpr, cell)), self.rules.get((cpr, cell), set())
                cause = self._cause(cell, cpr, side, others, step, rules)
                yield cpr, side, cause, cause != "rest" or step is not None

    def _cause(
        self, cell: Key, cpr: str, side: str, others: Sequence[Record], step: str | None, rules: set[str]
    ) -> str:
        code, quarter = cell
        span = brute.days_between(*QUARTERS[quarter])
        if any(r.cpr == cpr and r.code == code and not r.own and r.days() & span for r in others):
            return "befolkning"
        if side == "fagsystem" and step == "indlaesning":
            return "indlaesning"
        names = {"FL01": "kun_i_fagsystem", "FL02": "kun_i_flis", "FL04": "dublet_noegle", "FL03": "aendret_post"}
        return next((name for rule, name in names.items() if rule in rules), "rest")

    def causes(self, cell: Key) -> dict[str, Counter[str]]:
        """Edge → cause → signed number, without the rest."""
        records: Counter[str] = Counter()
        for _cpr, side, cause, _explained in self.one_sided(cell):
            records[cause] += -1 if side == "fagsystem" else 1
        if self.drawn.flis is None and self.flis_count(cell) is not None:
            records["indlaesning"] = len(self.loaded.get(cell, ())) - len(self.own.get(cell, ()))
        bridge: Counter[str] = Counter()
        for (_cpr, where), step in self.step.items():
            bridge[step] -= where == cell
        back = Counter(bridge)
        back.subtract(records)
        made = {"fagsystem–FLIS": records, "FLIS–DST": back, "fagsystem–DST": bridge}
        return {edge: Counter({c: n for c, n in found.items() if n and c != "rest"}) for edge, found in made.items()}

    def ends(self, cell: Key) -> dict[str, tuple[int | None, int | None]]:
        """Edge → the figures at its ends."""
        own, flis, dst = len(self.own.get(cell, ())), self.flis_count(cell), self.drawn.dst.get(cell)
        return {"fagsystem–FLIS": (own, flis), "FLIS–DST": (flis, dst), "fagsystem–DST": (own, dst)}

    def bridge_rest(self, cell: Key) -> int:
        """DST less what it should publish; 0 where it publishes nothing."""
        dst = self.drawn.dst.get(cell)
        return 0 if dst is None else dst - len(self.harmonised.get(cell, ()))

    def records_status(self, cell: Key) -> str:
        """fagsystem–FLIS: persons where FLIS has them, else figures."""
        own, flis = len(self.own.get(cell, ())), self.flis_count(cell)
        if flis is None:
            return "mangler"
        if self.drawn.flis is None:
            return _figures(flis - own, flis - len(self.loaded.get(cell, ())), 0)
        people = list(self.one_sided(cell))
        left = [side for _cpr, side, _cause, explained in people if not explained]
        if not left:
            return "forklaret" if people else "ens"
        net = sum(-1 if side == "fagsystem" else 1 for side in left)
        return "delvist_forklaret" if abs(net) < abs(flis - own) else "uforklaret"

    def edge_status(self, cell: Key, edge: str) -> str:
        """mangler, kode_ikke_gyldig, or what is left of the difference."""
        if edge == "fagsystem–FLIS":
            return self.records_status(cell)
        if cell == ("1.18.2", "2020K2"):
            return "kode_ikke_gyldig"
        start, end = self.ends(cell)[edge]
        if start is None or end is None:
            return "mangler"
        settled = edge == "fagsystem–DST" or self.records_status(cell) not in ("uforklaret", "delvist_forklaret")
        return _figures(end - start, self.bridge_rest(cell), self.drawn.tolerance, settled)

    def cell_status(self, cell: Key) -> str:
        """The status of the whole cell, of a world without a ledger: the worse of FLIS' and DST's."""
        order = ("uforklaret", "delvist_forklaret", "inden_for_tolerance", "forklaret", "ens")
        found = {self.records_status(cell), self.edge_status(cell, "fagsystem–DST")}
        return next((status for status in order if status in found), "ufuldstaendig")

    def full(self, cell: Key, records: Sequence[Record]) -> Fraction:
        """Fuldtidsydelser of an extract: the persons' active days over the days of the quarter."""
        return Fraction(
            sum(self.days(cell, cpr, records) for cpr in PEOPLE), len(brute.days_between(*QUARTERS[cell[1]]))
        )

    def days(self, cell: Key, cpr: str, records: Sequence[Record]) -> int:
        """The person's active days on the code in the quarter, in an extract; a day counts once."""
        code, quarter = cell
        span = brute.days_between(*QUARTERS[quarter])
        return len({d for r in records if r.own and (r.cpr, r.code) == (cpr, code) for d in r.days() & span})


def _figures(difference: int, rest: int, tolerance: int, settled: bool = True) -> str:
    if settled and abs(rest) <= tolerance:
        return "inden_for_tolerance" if rest else "forklaret" if difference else "ens"
    return "delvist_forklaret" if abs(rest) < abs(difference) else "uforklaret"


def _from_cpr() -> dict[str, date]:
    return {
        cpr: born for group in GROUPS for cpr, born in zip(group, (date(1950, 1, 1), date(1960, 2, 2)), strict=False)
    }


def _counted(records: Sequence[Record]) -> Mapping[Key, set[str]]:
    found: dict[Key, set[str]] = defaultdict(set)
    for r in records:
        for quarter, span in QUARTERS.items():
            if r.own and r.days() & brute.days_between(*span):
                found[r.code, quarter].add(r.cpr)
    return found


def record_diff(fagsystem: Sequence[Record], flis: Sequence[Record]) -> Iterator[tuple[str, list[Record]]]:
    """FL rule → the records it is about: pair by an id both have, else by person, code and start.

    A record whose id nobody else has, and whose person, code and start only its own side has, is known by its id.
    """
    sides = ([r for r in fagsystem if not (r.former and r.end is None)], list(flis))
    common = {r.number for r in sides[0]} & {r.number for r in sides[1]} - {None}
    starts = [{(r.cpr, r.code, r.start) for r in side if r.number not in common} for side in sides]
    groups: dict[Any, tuple[list[Record], list[Record]]] = {}
    for n, side in enumerate(sides):
        for r in side:
            start = (r.cpr, r.code, r.start)
            by_id = r.number in common or (r.number is not None and start not in starts[1 - n])
            groups.setdefault(r.number if by_id else start, ([], []))[n].append(r)
    judged = frozenset[date]().union(*(brute.days_between(*span) for span in QUARTERS.values()))
    for left, right in groups.values():
        if not any(r.own and r.days() & judged for r in left + right):
            continue
        if len(left) > 1 or len(right) > 1:
            yield "FL04", left + right
        elif not right:
            yield "FL01", left
        elif not left:
            yield "FL02", right
        elif left[0].compared() != right[0].compared():
            yield "FL03", left + right
