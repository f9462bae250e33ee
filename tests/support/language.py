"""Slips of language in what is read, each kind a pattern: nulls in sentences, one and many, dates, minus, machine words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html.parser import HTMLParser

_NOT_A_NUMBER_BEFORE = r"(?<![\d.,])"

#: What no text in any language has.
_ANYWHERE = {
    "null": r"\b(?:None(?! of)|null|NaN|nan)\b",
    "hyphen for minus": r"(?:^|[\s(>])-\d[\d.,]*(?:\s|$|\))",
    "kr without point": r"\d kr\b(?!\.)",
    "a name in small letters": r"\bdst\b(?![._:-])|\b20\d\dk[1-4]\b",
    "double full stop": r"kr\.\.(?!\.)",
}
_DANISH = {
    "null in a sentence": r"\b(?:til|fra|på|i|med|er|hedder) mangler\b|\bmangler kr\b",
    "one and many": _NOT_A_NUMBER_BEFORE
    + r"(?<! af )\b1 (?:ydelser|personer|borgere|måneder|uger|dage|rækker|sager|celler|filer|forskelle|advarsler|oplysninger"
    r"|kommuner|koder|konti|sammenligninger|kvartaler|kolonner|gyldige|CPR-numre|modtagere|poster)\b",
    "day as in data": r"(?<![\w/.-])(?:19|20)\d\d-\d\d-\d\d(?![\w-])",
    "machine word": r"\b(?:DST_kode|manifest(?!\.json)|Kant|OTTETAL|OttetalCell)\b",
    "«information» for «oplysning»": r"\b[Ii]nformation(?:er|en)?\b",
    "«acceptance» for «accept»": r"\bacceptanc",
    "«post» for «forløb»": r"\bposter(?:ne)?\b",
}
_ENGLISH = {
    "one and many": _NOT_A_NUMBER_BEFORE
    + r"\b1 (?:services|persons|citizens|months|weeks|days|rows|cases|cells|files|differences|warnings|errors|notes|courses"
    r"|municipalities|codes|accounts|comparisons|quarters|columns|findings|figures)\b",
    "half translated": r"\b(?:[Yy]delse[rn]?|ydelserne|[Kk]ommune[rn]?|fuldtidsydelse\w*|8-tals)\b",
    "two ways of writing money": r"\bDKK\b",
}
#: A month as data has it; only in sentences, for a table may be sorted by it.
_MONTH = r"(?<![\w/.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?![\w-])"


#: What is quoted, and names of columns, keys and files: data, not language.
_DATA = re.compile(
    r"“[^”]*”|«[^»]*»|\[\w+\]|--[\w-]+|\{\w+[^}]*\}|\w+ = \S+|\S+\.(?:toml|csv|xlsx|key|json|dk)|\w+_\w+"
    r"|\bkommune\.kode\b|\bLemvig Kommune\b|\bmasteroversigtens kolonne \w+|\(column \w+\)|\bby the borger file\b"
)


def bare(line: str) -> str:
    """A line without the data in it."""
    return _DATA.sub("", line)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag == "style"
        self.lines += [value for name, value in attrs if value and name in ("title", "aria-label", "alt")]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.hidden:
            self.lines.append(" ".join(data.split()))


def visible(page: str) -> list[str]:
    """What a reader sees and hears of a page, piece by piece."""
    parser = _Text()
    parser.feed(page)
    return parser.lines


def slips(lines: Iterable[str], lang: str, *, sentences: bool = False, but: Collection[str] = ()) -> list[str]:
    """Every slip as «kind: the line», ``but`` those kinds. ``sentences``: months are told by their names too."""
    kinds = {
        **_ANYWHERE,
        **(_DANISH if lang == "da" else _ENGLISH),
        **({"month as in data": _MONTH} if sentences else {}),
    }
    wanted = [(kind, pattern) for kind, pattern in kinds.items() if kind not in but]
    return [f"{kind}: {line}" for line in map(bare, lines) for kind, pattern in wanted if re.search(pattern, line)]
