"""Which source a file is, and which column is which: by headings seen in the field and by what the columns hold.

A column is settled only where nothing else can be meant: one column has a heading that means one thing and holds what it
should, or it is the only one that holds CPR numbers, codes, accounts or quarters. Everything else is a doubt, which is
asked about and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reconcile.domain.canonical import PUBLISHED, TABLES, Column, Kind, Table
from reconcile.i18n import _
from reconcile.sources.cells import fold
from reconcile.sources.columns import match_columns
from reconcile.sources.formats import certain, key, to_ask
from reconcile.sources.profile import Profile

#: Kinds that are known by their content where one column has it.
_TELLING = (Kind.CPR, Kind.CODE, Kind.KONTO, Kind.QUARTER)
#: Columns that are asked about although a source may lack them: without them a figure is another one.
_WEIGHTY = {
    "fagsystem": ("slut_dato", "handlekommune"),
    "flis": ("slut_dato", "handlekommune"),
    "oekonomi": ("cpr", "ydelsesperiode"),
}
#: What must be settled by its heading before a file is taken for the source.
_MARKS = {
    "borger": ("foedselsdato", "doedsdato"),
    "pladser": ("pladser",),
    "godkendt": ("godkendt",),
    "befolkning": ("antal",),
    "yr_konto": ("art",),
    "disponering": ("takst", "enhed"),
    "afregning": ("takst", "enhed"),
    "yr": ("uge", "bruttoudgift"),
    "masteroversigt": ("konto",),
}


@dataclass(frozen=True)
class Doubt:
    """A column that must be asked about: the headings it can be, the likeliest first, and why it is not settled."""

    column: str
    headers: tuple[str, ...]
    reason: str


@dataclass
class Guess:
    """A file read as one table: canonical column → heading, what is in doubt, and what is missing."""

    table: Table
    columns: dict[str, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    pivot: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing must be asked about."""
        return not self.doubts and not self.missing

    @property
    def score(self) -> tuple[bool, int, int]:
        """What guesses are compared by: every required column settled, how many are settled, how few asked about."""
        required = set(self.table.required) - ({"periode", "antal"} if self.pivot else set())
        return required <= set(self.columns), len(self.columns), -len(self.doubts)


def guesses(seen: Profile) -> list[Guess]:
    """What a file can be, the likeliest first; one that lacks what the source must have comes last."""
    made = [guess(table, seen) for table in TABLES.values() if not seen.quarters or table.name in PUBLISHED]
    possible = [g for g in made if not g.missing and _is_marked(g)]
    rest = [g for g in made if g not in possible and g.columns]
    return [*_sorted(possible), *_sorted(rest)]


def _sorted(made: Sequence[Guess]) -> list[Guess]:
    return sorted(made, key=lambda g: g.score, reverse=True)


def likeliest(made: Sequence[Guess]) -> list[Guess]:
    """The guesses that nothing sets apart; none where no source fits."""
    possible = [g for g in made if not g.missing and _is_marked(g)]
    return [g for g in possible if g.score == possible[0].score]


def _is_marked(made: Guess) -> bool:
    marks = _MARKS.get(made.table.name)
    required = set(made.table.required) & set(made.columns)
    return any(mark in made.columns for mark in marks) if marks else bool(required) or made.pivot


def guess(table: Table, seen: Profile) -> Guess:
    """The columns of a file as they would be read into a table."""
    return _Guessing(table, seen).made()


@dataclass
class _Guessing:
    table: Table
    seen: Profile
    taken: dict[int, str] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)

    def made(self) -> Guess:
        """The guess: which header is which column, by name first and by content then."""
        pivot = bool(self.seen.quarters) and self.table.name in PUBLISHED
        if pivot:
            self.taken.update(dict.fromkeys(self.seen.quarters, "antal"))
            self._pivot_code()
        columns = [c for c in self.table.columns if not pivot or c.name == "kommune"]
        for column in columns:
            self._by_heading(column)
        for column in columns:
            if column.name not in [*self.taken.values(), *self.doubts]:
                self._by_content(column)
        for column in columns:
            if column.name not in self.taken.values():
                self._asked(column)
        found = {column: self.seen.headers[place] for place, column in self.taken.items()}
        if pivot:
            found.pop("antal")
        wanted = ("dst_kode",) if pivot else self.table.required
        return Guess(
            self.table,
            {name: found[name] for name in self.table.names if name in found},
            [self.doubts[name] for name in self.table.names if name in self.doubts],
            [name for name in wanted if name not in found and name not in self.doubts],
            tuple(h for i, h in enumerate(self.seen.headers) if h and i not in self.taken),
            pivot,
        )

    def _pivot_code(self) -> None:
        beside = [i for i in range(len(self.seen.headers)) if i not in self.taken and self.seen.labels(i)]
        if len(beside) == 1:
            self.taken[beside[0]] = "dst_kode"
        elif beside:
            self._doubt("dst_kode", beside, _("flere kolonner har ydelser"))

    def _by_heading(self, column: Column) -> None:
        """Settle a column whose heading means it and nothing else, and whose cells are of its kind."""
        if (place := self._known_form().get(column.name)) is not None and place not in self.taken:
            places = [place]
        else:
            names = certain().get(self.table.name, {})
            places = [
                i
                for i, header in enumerate(self.seen.headers)
                if i not in self.taken and (fold(header) == column.name or names.get(key(header)) == (column.name,))
            ]
        twice = [self.seen.headers[i] for i in places if self._times(i) > 1]
        if twice:
            self._doubt(column.name, [], _("overskriften «{navn}» står flere gange").format(navn=twice[0]))
        elif len(places) > 1:
            self._doubt(column.name, places, _("flere overskrifter kan betyde det"))
        elif places:
            self._settle(places[0], column)

    def _settle(self, place: int, column: Column) -> None:
        texts = self.seen.cells[place]
        if column.kind is not Kind.CPR and texts and self.seen.holds(place, Kind.CPR):
            self._doubt(column.name, [], _("kolonnen «{navn}» har CPR-numre").format(navn=self.seen.headers[place]))
        elif self.seen.mostly(place, column.kind) or self._is_label(place, column):
            self.taken[place] = column.name
        else:
            good, there = self.seen.count(place, column.kind), len(texts)
            text = _("{antal} af de {alle} forskellige celler i «{navn}» er ikke {slags}")
            said = text.format(antal=there - good, alle=there, navn=self.seen.headers[place], slags=column.kind)
            self._doubt(column.name, [place, *self._of_kind(column)], said)

    def _is_label(self, place: int, column: Column) -> bool:
        """StatBank's texts in a column called ydelsestype are codes there, and only there."""
        named = fold(self.seen.headers[place]) == "ydelsestype"
        return named and self.table.name in PUBLISHED and column.name == "dst_kode" and self.seen.labels(place)

    def _known_form(self) -> dict[str, int]:
        places, problems = match_columns(self.table, self.seen.headers, {}, self.seen.label)
        return {} if problems else places

    def _by_content(self, column: Column) -> None:
        """Settle a column that must be there, where one column alone holds CPR numbers, codes, accounts or quarters."""
        weighty = column.name == "cpr" and self.table.name == "oekonomi"
        if column.kind not in _TELLING or not (column.required or weighty):
            return
        places = [i for i in self._free() if self.seen.holds(i, column.kind) and self._times(i) == 1]
        asked = [i for i in range(len(self.seen.headers)) if self._may_mean(i, column.name)]
        # Another person's number, or the account on the other side, looks the same: those need a heading that may mean it.
        told = asked == places or (not asked and column.kind not in (Kind.CPR, Kind.KONTO))
        if len(places) == 1 and told:
            self.taken[places[0]] = column.name
        elif len(places) > 1:
            self._doubt(column.name, places, _("flere kolonner har {slags}").format(slags=column.kind))

    def _asked(self, column: Column) -> None:
        """A doubt where a column may be there under a name that does not settle it."""
        if column.name in self.doubts:
            return
        if not column.required and column.name not in _WEIGHTY.get(self.table.name, ()):
            return
        hinted = [i for i in self._free() if self._may_mean(i, column.name) and self.seen.fits(i, column.kind)]
        if places := list(dict.fromkeys([*hinted, *self._of_kind(column)])):
            self._doubt(column.name, places, _("ingen overskrift siger det sikkert"))

    def _of_kind(self, column: Column) -> Iterator[int]:
        """Free columns whose cells are of a kind that shows: dates, amounts, kommuner, codes."""
        for place in self._free():
            there = bool(self.seen.cells[place])
            if column.kind in (Kind.MONTHS, Kind.MONTH):
                there = False  # a date is a month too
            elif column.kind is Kind.DATE:
                there = there and self.seen.fits(place, column.kind)
            elif column.kind in (Kind.MONEY, Kind.FIGURE):
                numeric = there and self.seen.fits(place, column.kind) and not self.seen.holds(place, Kind.CPR)
                there = numeric and not self.seen.holds(place, Kind.KONTO)
            else:
                there = there and self.seen.holds(place, column.kind)
            if there:
                yield place

    def _free(self) -> list[int]:
        return [i for i, header in enumerate(self.seen.headers) if header and i not in self.taken]

    def _times(self, place: int) -> int:
        return sum(fold(header) == fold(self.seen.headers[place]) for header in self.seen.headers)

    def _may_mean(self, place: int, column: str) -> bool:
        word = key(self.seen.headers[place])
        names = (*certain().get(self.table.name, {}).get(word, ()), *to_ask().get(self.table.name, {}).get(word, ()))
        return column in names

    def _doubt(self, column: str, places: Sequence[int], reason: str) -> None:
        headers = tuple(self.seen.headers[i] for i in dict.fromkeys(places))
        self.doubts[column] = Doubt(column, headers, reason)
