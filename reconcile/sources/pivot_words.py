"""What the labels of a printed pivot of Ydelsesrefusion say: a ydelse, a step, a period, a measure, a kommune or a total."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import get_args

from reconcile.domain.periods import Quarter, parse_month
from reconcile.reference import rows
from reconcile.results.footing import is_total
from reconcile.settings.kommuner import code_of
from reconcile.settings.sections import YrMaal
from reconcile.sources.cells import fold

#: The months that a source ends with, twelve of them; and everything the source has.
LAST_TWELVE = "12"
EVERYTHING = "alle"
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_QUARTER = re.compile(r"(?:qtr|quarter|kvartal|kvt|q|k)\.?\s*([1-4])|([1-4])\.?\s*(?:kvartal|kvt\.?|qtr|quarter)")
_MONTHS = (
    *(("jan", "januar", "january"), ("feb", "februar", "february"), ("mar", "marts", "march"), ("apr", "april")),
    *(("maj", "may"), ("jun", "juni", "june"), ("jul", "juli", "july"), ("aug", "august")),
    *(("sep", "sept", "september"), ("okt", "oktober", "oct", "october"), ("nov", "november")),
    ("dec", "december"),
)
_MONTH_NAMES = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMED_MONTH = re.compile(r"([a-z]+)\.?(?:[\s-]+((?:19|20)?[0-9]{2}))?|((?:19|20)[0-9]{2})[\s-]+([a-z]+)\.?")
_TWELVE = re.compile(r"(?:seneste|sidste|last|rullende|rolling)\s+(?:12|tolv|twelve)\s+m")
_SPAN = re.compile(r"((?:19|20)[0-9]{2}-[01][0-9]):((?:19|20)[0-9]{2}-[01][0-9])")
_STEP = re.compile(r"(?:trappe)?trin\s*([1-4])")
_RATE = re.compile(r"([2-8]0)(?:,0+)?\s*(?:%|pct\.?|procent)|0,([2-8])0?")
_INTERVAL = re.compile(
    r"(?:uge\s*)?(?:(1)\s*[-–]\s*4|(5)\s*[-–]\s*26|(27)\s*[-–]\s*52|(53)\s*(?:[-–+].*)?|(over 52))(?:\s*uger)?"
)
_PERCENT = r"(?:%|pct\b|pct\.|procent|percent|gennemsnitprocent)"
#: The measures by the words of FLIS' cube and of its reports; the first that fits is meant.
_MEASURES: tuple[tuple[str, YrMaal], ...] = (
    (rf"medfinansiering.*{_PERCENT}|{_PERCENT}.*medfinansiering", "medfinansieringspct"),
    (rf"refusion.*{_PERCENT}|{_PERCENT}.*refusion", "refusionspct"),
    (r"bruttoudgift p(?:r\.?|er) fuldtid", "bruttoudgift_pr_fuldtidsperson"),
    (r"finansieringsandel|kommunens andel", "kommunens_andel_pct"),
    (r"finansieringsudgift|kommunens udgift", "kommunens_udgift"),
    (r"fuldtidsperson", "fuldtidspersoner"),
    (r"(?:borgere|personer) (?:p(?:r\.?|er) måned|på (?:refusion|medfinansiering))", "personer_pr_maaned"),
    (r"(?:antal )?person(?:er)?\s*måned", "personmaaneder"),
    (r"person(?:er)?\s*uge", "personuger"),
    (r"\bunik(?:ke)?\b.*(?:person|borger)", "personer"),
    (r"fleksbidrag", "fleksbidrag"),
    (r"brutto\s*udgift", "bruttoudgift"),
    (r"medfinansiering", "medfinansiering"),
    (r"refusion(?!s?trappe)", "refusion"),
    (r"(?:personer|borgere)", "personer_pr_maaned"),
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """What one label says; empty where it says nothing of a kind.

    ``del_`` is a quarter (``K1``) or month (``-03``) whose year stands elsewhere; ``periode`` a whole period. ``trin`` is
    ``1``–``4``, or ``20 pct.``, which is another step by refusion than by medfinansiering.
    """

    maal: str = ""
    aar: str = ""
    del_: str = ""
    periode: str = ""
    trin: str = ""
    kommune: str = ""
    ydelse: str = ""
    total: bool = False


def word(label: str) -> Word:
    """A label of a row or column; what is nothing else is a ydelse."""
    text = fold(label)
    if known_ydelse(label):
        return Word(ydelse=label)
    if is_total(label):
        return Word(total=True, aar=found[0] if (found := _YEAR.search(text)) else "")
    for reading in (_period, _step):
        if read := reading(text):
            return read
    if code := code_of(label):
        return Word(kommune=code)
    if maal := measure(text):
        return Word(maal=maal)
    return Word(ydelse=label)


def known_ydelse(label: str) -> bool:
    """Whether a label is a ydelse that the reference data knows."""
    return fold(label) in _ydelser()


def measure(text: str) -> str:
    """The measure a label or a title names; empty where none."""
    text = fold(text).replace("_", " ")
    if text in get_args(YrMaal):
        return text
    return next((maal for form, maal in _MEASURES if re.search(form, text)), "")


def period(text: str) -> str:
    """The period a title, a file's name or the configuration names; empty where none."""
    text = fold(text)
    if _TWELVE.search(text):
        return LAST_TWELVE
    for part in (text, *re.findall(r"[0-9kqm:-]+", text)):
        if (read := _period(part.strip("-:"))) and (name := read.periode or read.aar):
            return name
    return ""


@cache
def _ydelser() -> frozenset[str]:
    return frozenset(fold(row["ydelse"]) for row in rows("yr_ydelse"))


def _period(text: str) -> Word | None:
    if _YEAR.fullmatch(text):
        return Word(aar=text)
    if found := _QUARTER.fullmatch(text):
        return Word(del_=f"K{found[1] or found[2]}")
    name = _whole(text)
    return Word(periode=name) if name else _named_month(text)


def _whole(text: str) -> str:
    """A period that is written out; empty where the text is none."""
    if _SPAN.fullmatch(text) or text == EVERYTHING:
        return text
    if quarter := Quarter.parse(text):
        return str(quarter)
    first = re.fullmatch(r"([0-9]{4}-[0-9]{2})-01", text)  # a month as Excel has it
    month = parse_month(first[1] if first else text)
    return f"{month:%Y-%m}" if month else LAST_TWELVE if _TWELVE.search(text) else ""


def _named_month(text: str) -> Word | None:
    found = _NAMED_MONTH.fullmatch(text)
    number = _MONTH_NAMES.get((found[1] or found[4] or "") if found else "")
    if not found or not number:
        return None
    year = found[2] or found[3] or ""
    year = f"20{year}" if len(year) == 2 else year
    return Word(periode=f"{year}-{number:02d}") if year else Word(del_=f"-{number:02d}")


def _step(text: str) -> Word | None:
    if found := _STEP.fullmatch(text):
        return Word(trin=found[1])
    if found := _RATE.fullmatch(text):
        return Word(trin=f"{found[1] or found[2] + '0'} pct.")
    if found := _INTERVAL.fullmatch(text):
        return Word(trin=str(next(i for i in range(1, 6) if found[i])).replace("5", "4"))
    return None
