"""The VH and FL rules, counted over days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from .read import KOMMUNE, STATBANK, Data, Forloeb

FFB = {
    "Aktivitet og samvær": {"1.1"},
    "Beskyttet beskæftigelse": {"1.4"},
    "Længerevarende ophold": {"1.8.1"},
    "Midlertidigt ophold": {"1.8.2"},
    "Socialpædagogisk støtte": {"1.12.0.1", "1.12.0.2"},
    "Forebyggende hjælp og støtte": {"1.18.1", "1.18.2"},
}
KNOWN_KOMMUNER = {KOMMUNE, "661", "665", "671", "760"}
AS_OF = date(2020, 12, 31)
VALID_FROM = date(2020, 7, 1)


class Fund(NamedTuple):
    """What identifies a finding in plantet.csv."""

    regel: str
    alvor: str
    kilde: str
    dst_kode: str = ""
    ydelse: str = ""
    periode: str = ""


def vh(data: Data) -> Counter[Fund]:
    """All VH rules on both extracts, over the whole extract and not only 2020."""
    found: Counter[Fund] = Counter()
    for kilde, courses in (("fagsystem", data.fagsystem), ("flis", data.flis)):
        hits = [*_persons(courses), *_groups(courses), *_same_day(courses)]
        for course in courses:
            hits += [(rule, level, course["dst_kode"]) for rule, level in _single(data, course)]
            if _blocked(courses, course):
                hits.append(("VH06", "advarsel", "1.12.0.2"))
        found.update(Fund(rule, level, kilde, code) for rule, level, code in hits)
    return found


Hit = tuple[str, str, str]


def cpr_class(cpr: str) -> str:
    """`gyldig`, `ugyldig` or `erstatningsnummer`."""
    if len(cpr) != 10:
        return "ugyldig"
    if not cpr.isdigit():
        return "erstatningsnummer"
    number = int(cpr[:2])
    try:
        birth_date(f"{number - 60 if number > 60 else number:02d}{cpr[2:]}")
    except ValueError:
        return "ugyldig"
    return "erstatningsnummer" if number > 60 else "gyldig"


def birth_date(cpr: str) -> date:
    """The birth date in a CPR, with the century from the seventh digit."""
    year, seventh = int(cpr[4:6]), int(cpr[6])
    if seventh <= 3 or (seventh in (4, 9) and year >= 37):
        century = 1900
    elif seventh in (4, 9) or year <= 57:
        century = 2000
    else:
        century = 1800
    return date(century + year, int(cpr[2:4]), int(cpr[:2]))


def _persons(courses: list[Forloeb]) -> Iterator[Hit]:
    levels = {"ugyldig": "fejl", "erstatningsnummer": "information"}
    for cpr, code in sorted({(c["cpr"], c["dst_kode"]) for c in courses}):
        if level := levels.get(cpr_class(cpr)):
            yield "VH01", level, code


def _single(data: Data, course: Forloeb) -> Iterator[tuple[str, str]]:
    """The rules that look at one course."""
    code = course["dst_kode"]
    checks = {
        ("VH02", "fejl"): code not in STATBANK.values(),
        ("VH03", "fejl"): course.slut is not None and course.slut < course.start,
        ("VH07", "information"): is_child(data, course),
        ("VH08", "advarsel"): course.slut is None and course["cpr"] in data.doed,
        ("VH09", "advarsel"): code.startswith("1.18") and any(d < VALID_FROM for d in course.dage),
        ("VH10", "advarsel"): not course["maalgruppe"],
        ("VH11", "advarsel"): code in ("1.8.1", "1.8.2", "1.12.0.1") and not course["tilbud"],
        ("VH12", "advarsel"): not {course["handlekommune"], course["betalingskommune"]} <= KNOWN_KOMMUNER,
        ("VH13", "information"): code == "1.8.2" and course.slut is None and (AS_OF - course.start).days > 730,
        ("VH15", "advarsel"): code not in FFB.get(course["ffb_ydelse"], {code}),
        ("VH16", "information"): course["system"] == "tidligere" and course.slut is None,
    }
    return (rule for rule, hit in checks.items() if hit)


def is_child(data: Data, course: Forloeb) -> bool:
    """Under 17 on 1 January of the start year; without any birth date: no."""
    born = data.foedt.get(course["cpr"])
    if born is None and cpr_class(course["cpr"]) == "gyldig":
        born = birth_date(course["cpr"])
    if born is None:
        return False
    try:
        seventeen = born.replace(year=born.year + 17)
    except ValueError:
        seventeen = date(born.year + 17, 3, 1)
    return seventeen > date(course.start.year, 1, 1)


def _groups(courses: list[Forloeb]) -> Iterator[Hit]:
    """VH04 per group of equal courses, VH05 per person and code."""
    by_key: dict[tuple[str, str], list[Forloeb]] = defaultdict(list)
    for course in courses:
        by_key[course["cpr"], course["dst_kode"]].append(course)
    for (_, code), own in by_key.items():
        spans = Counter((c.start, c.slut) for c in own)
        for count in spans.values():
            if count > 1:
                yield "VH04", "advarsel", code
        loaded = [c for c in own if c["system"] != "tidligere" or c.slut is not None]
        distinct = {(c.start, c.slut): c.dage for c in loaded}.values()
        if sum(len(days) for days in distinct) > len(frozenset().union(*distinct)):
            yield "VH05", "advarsel", code


def _same_day(courses: list[Forloeb]) -> Iterator[Hit]:
    """VH14: one per course that begins on a day with more than a fifth of its code's courses."""
    for code in sorted({c["dst_kode"] for c in courses} & set(STATBANK.values())):
        starts = Counter(c.start for c in courses if c["dst_kode"] == code)
        for count in starts.values():
            if count / sum(starts.values()) >= 0.2:
                yield from [("VH14", "information", code)] * count


def _blocked(courses: list[Forloeb], course: Forloeb) -> bool:
    return course["dst_kode"] == "1.12.0.2" and any(
        other["cpr"] == course["cpr"] and other["dst_kode"] in ("1.12.0.1", "1.8.1") and other.dage & course.dage
        for other in courses
    )


def fl(data: Data) -> Counter[Fund]:
    """The record diff on ydelse_id, for courses that touch 2020."""
    own = _by_id(c for c in data.fagsystem if c["system"] != "tidligere" or c.slut is not None)
    flis = _by_id(data.flis)
    found: Counter[Fund] = Counter()
    for number in own.keys() | flis.keys():
        ours, theirs = own.get(number, []), flis.get(number, [])
        code = (ours + theirs)[0]["dst_kode"]
        if len(ours) > 1 or len(theirs) > 1:
            found[Fund("FL04", "advarsel", "flis", code)] += 1
        elif not theirs:
            found[Fund("FL01", "advarsel", "flis", code)] += 1
        elif not ours:
            found[Fund("FL02", "advarsel", "flis", code)] += 1
        else:
            changed = sum(ours[0][name] != theirs[0][name] for name in ours[0].felter)
            found[Fund("FL03", "advarsel", "flis", code)] += changed
    return +found


def _by_id(courses: Iterable[Forloeb]) -> dict[str, list[Forloeb]]:
    result: dict[str, list[Forloeb]] = defaultdict(list)
    for course in courses:
        if course["handlekommune"] == KOMMUNE and any(d.year == 2020 for d in course.dage):
            result[course["ydelse_id"]].append(course)
    return result
