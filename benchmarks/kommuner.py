"""A run over several kommuner: what one more costs, and what each costs when it is run on its own.

    python benchmarks/kommuner.py [kommuner] [courses of the middle one] [ens] [alone]

The kommuner are made up, with sizes that fall off as the Danish ones do (the largest 15 times the middle one, the smallest a
twenty-fifth): courses, a posting for each month of a course, HAND07, and YR for every fifth person. Data are random but
fixed by a seed; nothing is kept. ``ens``: they are all as large as the middle one; ``alone``: three of them
are also run one by one. Fewer than eight kommuner are run in one process.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from reconcile.cli import main
from reconcile.reference import kommuner

#: Rank of 98 → size as a multiple of the middle kommune's; what lies between is drawn straight on a logarithmic scale.
_RANKS = ((1, 15.0), (2, 8.5), (4, 4.9), (10, 2.2), (25, 1.4), (50, 1.0), (75, 0.7), (90, 0.45), (98, 0.04))
_ACCOUNTS = {"1.1": "5.38.52-1-001", "1.4": "5.38.58-1-001", "1.12.0.1": "5.38.50-1-001", "1.12.0.2": "5.38.51-1-001"}
_CODES = tuple(_ACCOUNTS)
_FIRST = date(2019, 1, 1)


def size(rank: float, middle: int) -> int:
    """The courses of the kommune of a rank."""
    for (low, big), (high, small) in pairwise(_RANKS):
        if rank <= high:
            share = (rank - low) / (high - low)
            return max(1, round(middle * big ** (1 - share) * small**share))
    return max(1, round(middle * _RANKS[-1][1]))


def write(folder: Path, sizes: dict[str, int], kommune: str) -> Path:
    """The working folder of a run; returns its configuration."""
    (folder / "ind").mkdir(parents=True)
    heads = {
        "fagsystem": "cpr;dst_kode;start_dato;slut_dato;ydelse_id;handlekommune;betalingskommune",
        "oekonomi": "cpr;konto;beloeb;bogfoert_dato;kommune",
        "hand07": "dst_kode;periode;antal;kommune",
        "yr": "cpr;uge;ydelse;bruttoudgift;refusionssats;refusion;ydelsestaeller;finansieringskommune",
        "masteroversigt": "dst_kode;konto",
    }
    files = {name: (folder / "ind" / f"{name}.csv").open("w", encoding="utf-8") for name in heads}
    for name, head in heads.items():
        files[name].write(f"{head}\n")
    for place, (code, courses) in enumerate(sizes.items()):
        for name, line in lines(code, place, courses):
            files[name].write(f"{line}\n")
    for code, account in _ACCOUNTS.items():
        files["masteroversigt"].write(f"{code};{account}\n")
    for handle in files.values():
        handle.close()
    sources = "".join(f'[kilder.{name}]\nfiler = ["ind/{name}.csv"]\n' for name in heads)
    (folder / "reconcile.toml").write_text(f"[kommune]\nkode = {kommune}\n{sources}", encoding="utf-8")
    (folder / "noegle.key").write_text("ab" * 32, encoding="utf-8")
    return folder / "reconcile.toml"


def lines(code: str, place: int, courses: int) -> Iterator[tuple[str, str]]:
    """The rows of a kommune: file and line. Few of them are wrong: a payment in fifty, a published figure in ten."""
    chance, people = random.Random(int(code)), defaultdict(set)
    for number in range(courses):
        person = place * 40_000 + number // 2  # a person has two courses
        born = date(1950, 1, 1) + timedelta(days=person // 900)
        cpr, ydelse = f"{born:%d%m%y}{4000 + person % 900:04d}", _CODES[number % len(_CODES)]
        start = _FIRST + timedelta(days=chance.randrange(540))
        end = None if chance.random() < 0.7 else start + timedelta(days=chance.randrange(30, 700))
        yield "fagsystem", f"{cpr};{ydelse};{start};{end or ''};{code}-{number};{code};{code}"
        for month in range(1, 7):
            first, last = date(2020, month, 1), date(2020, month + 1, 1) - timedelta(days=1)
            active = start <= last and (end is None or end >= first)
            if active:
                people[ydelse, f"2020K{(month + 2) // 3}"].add(person)
            if active != (chance.random() < 0.02):
                yield "oekonomi", f"{cpr};{_ACCOUNTS[ydelse]};{chance.randrange(9000, 9900)},00;{last};{code}"
        if number % 10 == 0:
            yield from (("yr", line) for line in _weeks(cpr, code, chance))
    for (ydelse, quarter), found in people.items():
        yield "hand07", f"{ydelse};{quarter};{len(found) - (chance.random() < 0.1)};{code}"


def _weeks(cpr: str, code: str, chance: random.Random) -> Iterator[str]:
    for week in range(26):
        uge, rate = date(2020, 1, 6) + timedelta(weeks=week), 80 if week < 4 else 40
        counter = week + 1 + (chance.random() < 0.001)
        yield f"{cpr};{uge};Sygedagpenge;1000,00;{rate};{rate * 10},00;{counter};{code}"


def timed(what: str, config: Path) -> float:
    """Run on a configuration and tell its time; returns the seconds of processor."""
    began, before = time.perf_counter(), _processor()
    options = ["--config", str(config), "--out", str(config.parent / "ud"), "--quiet", "--period", "2020K1:2020K2"]
    try:
        main(["run", *options])
    except SystemExit as ended:
        if ended.code not in (0, 1):
            raise
    used = _processor() - before
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(
        f"{what}: {time.perf_counter() - began:.1f} s, processor {used:.1f} s, largest process {peak:.0f} MB",
        flush=True,
    )
    return used


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def bench(count: int, middle: int, *, alike: bool, alone: bool) -> None:
    """Time a run over ``count`` kommuner, and one over a third of them, and what each more of them cost."""
    import great_expectations  # noqa: F401 - its import is a constant that is not ours to measure

    codes = sorted(kommuner())[:98]
    ranks = [50.0] * count if alike else [1 + 97 * i / max(count - 1, 1) for i in range(count)]
    sizes = dict(zip(codes, (size(rank, middle) for rank in ranks), strict=False))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{count} kommuner, {sum(sizes.values())} courses")
        whole = timed("all together", write(folder / "alle", sizes, '"alle"'))
        few = dict(list(sizes.items())[::3])
        part = timed(f"{len(few)} of them", write(folder / "nogle", few, '"alle"'))
        if len(sizes) > len(few):
            print(f"one more: processor {(whole - part) / (len(sizes) - len(few)):.2f} s")
        if alone:
            for code in list(sizes)[len(sizes) // 2 :][:3]:
                timed(f"alone, {sizes[code]} courses", write(folder / code, {code: sizes[code]}, f'"{code}"'))


if __name__ == "__main__":
    given = sys.argv[1:]
    bench(
        int(given[0]) if given else 98,
        int(given[1]) if len(given) > 1 else 2000,
        alike="ens" in given,
        alone="alone" in given,
    )
