"""What the columns of a raw file hold: for each, how many of its different cells are read as a given kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reconcile.domain.accounts import accounts_in, parse_account
from reconcile.domain.canonical import Kind
from reconcile.domain.cpr import mask
from reconcile.domain.periods import Quarter
from reconcile.engine.base import literal
from reconcile.engine.duckdb import Engine
from reconcile.reference import dst_codes, functions, kommuner
from reconcile.sources.cells import bare
from reconcile.sources.code_cells import code
from reconcile.sources.convert import (
    LOOKUPS,
    NO_FIGURE,
    NULL_WORDS,
    as_text,
    clean,
    expression,
    kommune,
    quarter,
    scaled,
)
from reconcile.sources.readers import RawFile
from reconcile.sources.statbank_names import as_code

#: How many different cells of a column are looked at.
_LOOKED_AT = 2000
_SQL_KINDS = (Kind.DATE, Kind.MONEY, Kind.RATE, Kind.WHOLE, Kind.FIGURE)


@dataclass
class Profile:
    """The columns of a file: ``cells`` has the different texts of each, ``kinds`` what has been found out of them."""

    engine: Engine
    raw: RawFile
    label: str
    cells: list[list[str]] = field(default_factory=list)
    known: dict[tuple[int, Kind], int] = field(default_factory=dict)

    @property
    def headers(self) -> tuple[str, ...]:
        """The headings as written."""
        return self.raw.headers

    @property
    def quarters(self) -> tuple[int, ...]:
        """The places of the columns that are quarters."""
        return tuple(i for i, header in enumerate(self.headers) if Quarter.parse(header))

    def fits(self, place: int, kind: Kind) -> bool:
        """Whether a column can be read as the kind: nearly every cell is, or it is empty."""
        return _nearly(self.count(place, kind), len(self.cells[place]))

    def mostly(self, place: int, kind: Kind) -> bool:
        """Whether most of a column is of the kind, so that the rest are mistakes in single cells."""
        return self.count(place, kind) * 2 >= len(self.cells[place])

    def holds(self, place: int, kind: Kind) -> bool:
        """Whether a column is of the kind by its content alone: codes, accounts and kommuner that exist."""
        texts = self.cells[place]
        least = 1 if kind is Kind.CPR else 2
        return kind in _KNOWN and len(texts) >= least and _nearly(sum(map(_KNOWN[kind], texts)), len(texts))

    def labels(self, place: int) -> bool:
        """Whether a column of published figures names ydelser, by code, number or text."""
        texts = self.cells[place]
        return bool(texts) and _nearly(sum(as_code(text) in dst_codes() for text in texts), len(texts))

    def count(self, place: int, kind: Kind) -> int:
        """How many of the different cells are of the kind."""
        if (place, kind) not in self.known:
            self.known[place, kind] = self._good(place, kind)
        return self.known[place, kind]

    def _good(self, place: int, kind: Kind) -> int:
        texts = self.cells[place]
        if kind not in _SQL_KINDS:
            return sum(map(_FORMS.get(kind, _any(kind)), texts))
        if not texts:
            return 0
        made = expression(kind, "tekst") if kind is not Kind.MONEY else scaled("tekst", 1_000_000)
        if kind is Kind.FIGURE:
            made = f"CASE WHEN tekst IN ({', '.join(map(literal, NO_FIGURE))}) THEN 0 ELSE {made} END"
        values = ", ".join(f"({literal(text)})" for text in texts)
        return int(self.engine.rows(f"SELECT count({made}) FROM (VALUES {values}) AS celler(tekst)")[0][0])


def profile(engine: Engine, raw: RawFile, label: str, relation: str) -> Profile:
    """Look at the columns of a raw file that lies in ``relation``; words for nothing (NULL, -) are no cells."""
    made = Profile(engine, raw, label)
    words = ", ".join(map(literal, NULL_WORDS))
    for place, sql_type in enumerate(raw.types):
        text = clean(as_text(f"c{place}", sql_type))
        query = (
            f"SELECT DISTINCT {text} AS t FROM {relation} WHERE {text} IS NOT NULL AND lower({text}) NOT IN ({words})"
        )
        made.cells.append([row[0] for row in engine.rows(f"SELECT t FROM ({query}) LIMIT {_LOOKED_AT}")])
    return made


def _nearly(good: int, there: int) -> bool:
    return good * 100 >= 98 * there


def _any(kind: Kind) -> Callable[[str], bool]:
    convert = LOOKUPS.get(kind)
    return (lambda _text: True) if convert is None else (lambda text: convert(text) is not None)


def is_cpr(text: str) -> bool:
    """Whether a cell is written as a CPR number, perhaps without its first zero, and its six digits can be a birth date."""
    plain = bare(text)
    digits = re.sub(r"[-\s\u2010-\u2015]", "", plain)
    return bool(re.fullmatch(r"[0-9]{9,10}", digits)) and mask(digits) != digits


def _like_code(text: str) -> bool:
    found = code(text)
    return found is not None and bool(re.fullmatch(r"[0-9]+(\.[0-9]+)+", found))


def _like_account(text: str) -> bool:
    return parse_account(bare(text), functions()) is not None


def _is_account(text: str) -> bool:
    found = parse_account(bare(text), functions())
    return found is not None and found[:5] in functions()


def _is_link(text: str) -> bool:
    return any(re.fullmatch("[0-9]{9}", account) for account in accounts_in(bare(text), functions()))


def _like_kommune(text: str) -> bool:
    return kommune(text) in kommuner() or bool(re.fullmatch("0?[0-9]{3}", bare(text)))


Form = Callable[[str], bool]
#: What a cell of a kind looks like, where the strict conversion takes more than that.
_FORMS: Mapping[Kind, Form] = {
    Kind.CPR: is_cpr,
    Kind.CODE: _like_code,
    Kind.LINK_CODE: _like_code,
    Kind.KONTO: _like_account,
    Kind.LINK_KONTO: _is_link,
    Kind.KOMMUNE: _like_kommune,
}
#: What a cell is that can be nothing else: its code or account is one that exists.
_KNOWN: Mapping[Kind, Form] = {
    Kind.CPR: is_cpr,
    Kind.CODE: lambda text: code(text) in dst_codes(),
    Kind.LINK_CODE: lambda text: code(text) in dst_codes(),
    Kind.KONTO: _is_account,
    Kind.LINK_KONTO: _is_account,
    Kind.KOMMUNE: lambda text: kommune(text) in kommuner(),
    Kind.QUARTER: lambda text: quarter(text) is not None,
}
