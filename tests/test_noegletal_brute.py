"""The tables of the nøgletal that are worked out from money, places and published figures, against the definitions themselves.

Random worlds, small enough to be walked day by day. The counts of persons, courses and days are in ``test_noegletal.py``,
prices in ``test_noegletal_pris.py``, FFB in ``test_noegletal_ffb.py`` and grants in ``test_disponering.py``.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from oracles.noegletal import active, at_the_edges, days_of, of_one_person
from support.examples import examples
from support.worlds import world

from reconcile.controls import hand07, noegletal
from reconcile.domain.exact import rounded
from reconcile.domain.periods import Quarter
from reconcile.reference import kommuner, rows

QUARTERS = [Quarter(2020, n) for n in range(1, 5)]
YEAR = days_of(date(2020, 1, 1), date(2020, 12, 31))
PEOPLE = ["0101601111", "0203702222", "3112803334"]
AREAS = {row["omraade"]: row for row in rows("noegletal_omraade")}
CODES = ["1.8.2", "1.8.1", "1.12.0.2"]
#: Accounts with their area («»: on 5.38 but on no area; None: outside 5.38 or another dranst).
ACCOUNTS = {
    "538521001": "SEL § 107", "538501003": "SEL § 108", "538391004": "SEL § 85", "538391001": "", "538522001": "",
    "538391002": "BPA-ordning",
    "532341001": None, "538523001": None,
}  # fmt: skip
DAYS = st.dates(date(2019, 11, 1), date(2021, 1, 31))


@st.composite
def courses(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for _number in range(draw(st.integers(0, 5))):
        start = draw(DAYS)
        made.append(
            {
                "cpr": draw(st.sampled_from(PEOPLE)),
                "dst_kode": draw(st.sampled_from(CODES)),
                "start_dato": start,
                "slut_dato": draw(st.none() | st.dates(start, date(2021, 3, 1))),
                "tilbud": draw(st.sampled_from([None, "Søhuset", "Bakken"])),
                "betalingskommune": draw(st.sampled_from([None, "665", "101"])),
            }
        )
    return made


POSTING = st.fixed_dictionaries(
    {
        "cpr": st.sampled_from([*PEOPLE, None]),
        "konto": st.sampled_from(list(ACCOUNTS)),
        "beloeb": st.decimals(-500, 90_000, places=2),
        "bogfoert_dato": st.dates(date(2019, 12, 1), date(2021, 1, 31)),
        "ydelsesperiode": st.none()
        | st.sampled_from([date(2019, 12, 1), date(2020, 3, 1), date(2020, 12, 1), date(2021, 1, 1)]),
    }
)
PLACES = st.fixed_dictionaries(
    {
        "tilbud": st.sampled_from(["Søhuset", "Bakken", "Tomt"]),
        "pladser": st.sampled_from([Decimal(0), Decimal(2), Decimal("1.5")]),
        "fra": st.none() | DAYS,
        "til": st.none() | DAYS,
    }
)


#: Days at the edges of a quarter, and one person's courses over and in each other, of one tilbud and of two payers.
EDGES = [
    {"dst_kode": "1.8.2", "tilbud": "Søhuset", "betalingskommune": payer, **course}
    for payer, courses_ in (
        (None, at_the_edges(Quarter(2020, 2))),
        ("665", of_one_person(PEOPLE[0])),
        ("101", of_one_person(PEOPLE[1])),
    )
    for course in courses_
]

#: A posting of every person of them.
PAID = [
    {"cpr": cpr, "konto": "538521001", "beloeb": Decimal(n), "bogfoert_dato": date(2020, 6, 1), "ydelsesperiode": None}
    for n, cpr in enumerate(sorted({course["cpr"] for course in EDGES}), start=1)
]


def run(tables: Mapping[str, Sequence[Any]], **more: Any) -> dict[str, list[Any]]:
    with world(tables, **more) as context:
        return {table.name: list(table.rows) for table in noegletal.run(context).tables}


def person_days(found: Iterable[dict[str, Any]], days: Sequence[date]) -> int:
    """The days on which a person has one of the courses, each once."""
    here = list(found)
    return sum(len({c["cpr"] for c in here if active(c, day)}) for day in days)


def own(course: dict[str, Any]) -> bool:
    return course["betalingskommune"] in (None, "665")


def of_2020(posting: dict[str, Any]) -> bool:
    return (posting["ydelsesperiode"] or posting["bogfoert_dato"]).year == 2020


@examples(5)
@example(EDGES, [{"tilbud": "Søhuset", "pladser": Decimal(2), "fra": None, "til": date(2020, 4, 1)}])
@given(courses(), st.lists(PLACES, max_size=4))
def test_tilbud_agree_with_a_count_day_by_day(given_: list[dict[str, Any]], places: list[dict[str, Any]]) -> None:
    found = {(r.tilbud, r.periode): r for r in run({"fagsystem": given_, "pladser": places}).get("tilbud", [])}
    expected = {}
    for quarter in QUARTERS:
        days = days_of(quarter.first, quarter.last)
        for name in ("Søhuset", "Bakken"):
            here = [c for c in given_ if c["tilbud"] == name and any(active(c, day) for day in days)]
            if not here:
                continue
            who, payers = {c["cpr"] for c in here}, {c["cpr"] for c in here if own(c)}
            used = person_days(here, days)
            rows_ = [p for p in places if p["tilbud"] == name]
            holds = [[d for d in days if (p["fra"] or d) <= d <= (p["til"] or d)] for p in rows_]
            there = sum((p["pladser"] * len(d) for p, d in zip(rows_, holds, strict=True)), Decimal(0))
            known = any(holds)
            full = rounded(Fraction(used) / Fraction(there), 4) if there else None
            place_days = rounded(Fraction(there), 2) if known else None
            expected[name, str(quarter)] = (len(who), len(payers), len(who - payers), used, place_days, full)
    assert {
        key: (r.borgere, r.egne, r.udenbys, r.dage, r.pladsdage, r.belaegning) for key, r in found.items()
    } == expected


@examples(5)
@example(EDGES, [], True)
@given(courses(), st.lists(POSTING, max_size=6), st.booleans())
def test_areas_and_the_eight_figures_agree_with_sums_by_hand(
    given_: list[dict[str, Any]], postings: list[dict[str, Any]], whole_year: bool
) -> None:
    whole = [
        {"konto": "532341001", "beloeb": Decimal(1), "bogfoert_dato": date(2020, n, 1)}
        for n in range(1, 13 if whole_year else 2)
    ]
    months = {(p.get("ydelsesperiode") or p["bogfoert_dato"]).month for p in [*postings, *whole] if _year(p) == 2020}
    # an amount of a year that has none on 5.38 is no amount of it
    booked = len(months) == 12 and any(of_2020(p) and _total(p["konto"]) for p in postings)
    inhabitants = [{"kommune": "665", "periode": "2020K3", "antal": Decimal(1234), "alder": "18-64"}]
    tables = run({"fagsystem": given_, "oekonomi": [*postings, *whole], "befolkning": inhabitants})
    for row in tables["flis_omraader"]:
        names = [n for n, r in AREAS.items() if n == row.omraade or (not row.omraade and r["gruppe"] == row.gruppe)]
        here = [p for p in postings if of_2020(p)]
        if row.gruppe == "I alt":
            amount = sum((p["beloeb"] for p in here if _total(p["konto"])), Decimal(0))
            full = None
        else:
            amount = sum((p["beloeb"] for p in here if ACCOUNTS[p["konto"]] in names), Decimal(0))
            codes = {AREAS[name]["dst_kode"] for name in names}
            days = sum(person_days([c for c in given_ if c["dst_kode"] == code], YEAR) for code in codes)
            full = Fraction(days, 366)
        assert row.udgift == (amount if booked else None)
        assert row.helaarsmodtagere == (None if full is None else rounded(full, 4))
        assert row.kr_pr_indbygger == (rounded(Fraction(amount) / 1234, 2) if booked else None)
        if full is not None:
            assert row.helaarsmodtagere_pr_1000 == rounded(1000 * full / 1234, 2)
            price = rounded(Fraction(amount) / full, 2) if booked and full else None
            assert row.kr_pr_helaarsmodtager == price
    eight = {r.nr: r for r in tables["flis_noegletal"]}
    shown = {r.omraade or r.gruppe: r for r in tables["flis_omraader"]}
    for number, area in ((2, "SEL § 108"), (3, "SEL § 85"), (4, "SEL § 107"), (5, "I alt")):
        assert eight[number].vaerdi == shown[area].kr_pr_indbygger
    supported = [c for c in given_ if c["dst_kode"] in CODES]
    assert eight[6].delt_med == rounded(Fraction(person_days(supported, YEAR), 366), 4)
    spent = sum(
        (shown[name].udgift or 0 for name in ("SEL § 107", "SEL § 108", "SEL § 85/ABL § 105", "SEL § 85")), Decimal(0)
    )
    assert eight[1].vaerdi == (rounded(Fraction(spent) / 1234, 2) if booked else None)


def _year(posting: dict[str, Any]) -> int:
    return (posting.get("ydelsesperiode") or posting["bogfoert_dato"]).year


def _total(konto: str) -> bool:
    return konto.startswith("538") and konto[5] in "12"


@examples(5)
@given(
    courses(), st.lists(POSTING, max_size=8), st.dictionaries(st.sampled_from(["538521", "538501"]), st.integers(-2, 2))
)
def test_the_draft_of_individual_spending_agrees_with_sums_by_hand(
    given_: list[dict[str, Any]], postings: list[dict[str, Any]], beside: dict[str, int]
) -> None:
    """The published account of a paragraf lies so many half kroner from the sum of its persons, or is not there."""
    persons = {
        k: sum((p["beloeb"] for p in postings if of_2020(p) and p["cpr"] and p["konto"][:6] == k), Decimal(0))
        for k in beside
    }
    published = {k: persons[k] + Decimal(n) / 2 for k, n in beside.items()}
    accounts = [
        {"kommune": "665", "periode": "2020", "konto": f"{k}001", "beloeb": amount} for k, amount in published.items()
    ]
    tables = run({"fagsystem": given_, "oekonomi": postings, "regnskab": accounts})
    law = {"538521": "SEL § 107", "538501": "SEL § 108"}
    sums: dict[tuple[str, str | None], Decimal] = defaultdict(Decimal)
    for p in postings:
        if of_2020(p) and p["konto"][:6] in law:
            sums[law[p["konto"][:6]], p["cpr"]] += p["beloeb"]
    expected = {}
    for (paragraf, cpr), amount in sums.items():
        if cpr is None:
            continue
        code = AREAS[paragraf]["dst_kode"]
        here = [c for c in given_ if c["cpr"] == cpr and c["dst_kode"] == code and own(c)]
        days = [day for day in YEAR if any(active(c, day) for c in here)]
        ends = (days[0], days[-1], len(days)) if days else (None, None, None)
        yearly = rounded(Fraction(amount) / len(days) * 365, 2) if days else None
        remark = "mangler_dato" if not days else "negativ" if amount < 0 else ""
        expected[paragraf, f"P-{cpr[::-1]}"] = (*ends, amount, yearly, remark)
    found = {
        (r.paragraf, r.borger): (r.fra, r.til, r.dage, r.beloeb, r.aarsudgift, r.kontrol)
        for r in tables.get("enkeltudgift", [])
    }
    assert found == expected
    checks = {r.paragraf: r for r in tables.get("enkeltudgift_kontrol", [])}
    assert set(checks) == {paragraf for paragraf, _cpr in sums}
    for paragraf, check in checks.items():
        mine = [figures for key, figures in expected.items() if key[0] == paragraf]
        years = [Fraction(figures[4]) for figures in mine if figures[4] is not None]
        loose = sums.get((paragraf, None), Decimal(0))
        total = sum((figures[3] for figures in mine), Decimal(0))
        assert (check.personer, check.beloeb, check.uden_cpr, check.oekonomi) == (
            len(mine),
            total,
            loose,
            total + loose,
        )
        account = published.get(next(k for k, name in law.items() if name == paragraf))
        gap = loose if account is None else account - total
        assert (check.regnskab, check.forskel_regnskab) == (account, None if account is None else gap)
        assert check.klar == ("ja" if mine and not any(figures[5] for figures in mine) and abs(gap) <= 1 else "nej")
        assert check.median_aarsudgift == (rounded(Fraction(median(years)), 2) if years else None)
        assert (check.mangler_dato, check.negative) == tuple(
            sum(figures[5] == word for figures in mine) for word in ("mangler_dato", "negativ")
        )


KOMMUNER = ["665", "615", "710", "000"]
FIGURES = st.fixed_dictionaries(
    {k: st.none() | st.tuples(st.integers(1, 900), st.integers(0, 40), st.integers(0, 9000)) for k in KOMMUNER}
)

#: Key figure → what is above and below of (inhabitants, fuldtidsydelser, kr.), and the scale.
RATIOS = {"kr_pr_indbygger": (2, 0, 1), "helaarsmodtagere_pr_1000": (1, 0, 1000), "kr_pr_helaarsmodtager": (2, 1, 1)}


@examples(5)
@given(FIGURES)
def test_the_comparison_agrees_with_ratios_by_hand(given_: dict[str, tuple[int, int, int] | None]) -> None:
    there = {k: figures for k, figures in given_.items() if figures}
    tables = {
        "befolkning": [{"kommune": k, "periode": "2020K3", "antal": Decimal(f[0]), "alder": "18-64"} for k, f in there.items()],
        "hand01": [
            {"kommune": k, "dst_kode": "1.8.2", "periode": str(q), "antal": Decimal(f[1])}
            for k, f in there.items()
            for q in QUARTERS
        ],
        "regnskab": [
            {"kommune": k, "periode": "2020", "konto": "538521001", "beloeb": Decimal(f[2])} for k, f in there.items()
        ],
    }  # fmt: skip
    found = {
        r.noegletal: r
        for r in run({"fagsystem": [], **tables}, noegletal={"gruppe": ["615", "710"]}).get("sammenligning", [])
        if r.omraade == "SEL § 107"
    }
    for name, (above, below, scale) in RATIOS.items():
        able = {k: f for k, f in there.items() if f[below]}
        if name not in found:
            assert not set(able) - {"665"}
            continue
        row, group = found[name], [f for k, f in able.items() if k in ("615", "710")]
        assert row.gruppe_kommuner == len(group)
        each = [Fraction(f[above] * scale, f[below]) for f in group]
        assert row.gruppe_middel == (rounded(sum(each, Fraction(0)) / len(each), 2) if each else None)
        sums = [Fraction(sum(f[n] for f in group)) for n in (above, below)]
        assert row.gruppe_samlet == (rounded(scale * sums[0] / sums[1], 2) if group else None)
        for shown, kommune in ((row.egen, "665"), (row.landet_samlet, "000")):
            f = able.get(kommune)
            assert shown == (rounded(Fraction(f[above] * scale, f[below]), 2) if f else None)


@examples(6)
@given(st.integers(87, 98), st.booleans(), st.integers(0, 10**6))
def test_the_countrys_two_averages_agree_with_ratios_by_hand(count: int, own_row: bool, seed: int) -> None:
    """So many of the 98 have figures, a few of them without recipients or inhabitants; StatBank's own row is there or is not."""
    draw = random.Random(seed)
    there = draw.sample(sorted(kommuner()), count)
    figures = {
        k: (draw.choice([0, *range(500, 900)]), draw.choice([0, *range(1, 60)]), draw.randint(0, 9999)) for k in there
    }
    everywhere = {**figures, **({"000": (60_000, 3000, 400_000)} if own_row else {})}
    tables = {
        "befolkning": [
            {"kommune": k, "periode": "2020K3", "antal": Decimal(f[0]), "alder": "18-64"} for k, f in everywhere.items()
        ],
        "hand01": [
            {"kommune": k, "dst_kode": "1.8.2", "periode": str(q), "antal": Decimal(f[1])}
            for k, f in everywhere.items()
            for q in QUARTERS
        ],
        "regnskab": [
            {"kommune": k, "periode": "2020", "konto": "538521001", "beloeb": Decimal(f[2])} for k, f in everywhere.items()
        ],
    }  # fmt: skip
    found = {
        r.noegletal: r for r in run({"fagsystem": [], **tables}).get("sammenligning", []) if r.omraade == "SEL § 107"
    }
    for name, (above, below, scale) in RATIOS.items():
        able = [f for f in figures.values() if f[below] > 0]
        told = found.get(name)
        shown = (told.landet_middel, told.landet_samlet, told.landet_kommuner) if told else (None, None, 0)
        mean = sum((Fraction(f[above], f[below]) for f in able), Fraction(0)) / len(able) * scale
        whole = Fraction(scale * sum(f[above] for f in able), sum(f[below] for f in able))
        if own_row:
            f = everywhere["000"]
            whole = Fraction(scale * f[above], f[below])
        enough = len(able) >= 90
        assert shown == (
            rounded(mean, 2) if enough else None, rounded(whole, 2) if enough or own_row else None, len(able) if enough else 0,
        )  # fmt: skip


@examples(5)
@given(courses(), st.lists(POSTING, max_size=6))
def test_spending_by_level_is_that_of_its_accounts_and_the_harmonised_count_is_the_bridges(
    given_: list[dict[str, Any]], postings: list[dict[str, Any]]
) -> None:
    master = [
        {"dst_kode": "1.8.2", "konto": "538521001"}, {"dst_kode": "1.8.1", "konto": "538501003"},
        {"dst_kode": "1.12.0.2", "konto": "538391004"}, {"dst_kode": "1.8.1", "konto": "538391004"},
    ]  # fmt: skip
    with world({"fagsystem": given_, "oekonomi": postings, "masteroversigt": master}) as context:
        table = next(t for t in noegletal.run(context).tables if t.name == "noegletal_vh")
        bridge = next(t for t in hand07.run(context).tables if t.name == "bro")
    last = {(step.dst_kode, step.periode): step.antal for step in bridge.rows if step.trin == "harmoniseret"}
    groups = {row["dst_kode"]: row["gruppe"] for row in rows("ydelsesgruppe")}
    laws = {row["dst_kode"]: row["paragraf"] for row in rows("ydelseskode")}
    for row in table.rows:
        of = {"dst_kode": lambda c: c, "gruppe": groups.get, "paragraf": laws.get, "alle": lambda _c: "I alt"}[
            row.niveau
        ]
        accounts = {m["konto"] for m in master if of(m["dst_kode"]) == row.kategori}
        days = [(p["ydelsesperiode"] or p["bogfoert_dato"], p) for p in postings]
        here = [p["beloeb"] for day, p in days if p["konto"] in accounts and _in(row.periode, day)]
        assert row.forbrug == sum(here, Decimal(0))
        if row.niveau == "dst_kode" and row.periodetype == "kvartal":
            assert row.modtagere_harmoniseret == last.get((row.kategori, row.periode), 0)


def _in(period: str, day: date) -> bool:
    return period in (f"{day:%Y}", f"{day:%Y-%m}", str(Quarter.of(day)))


def test_the_national_figures_of_2022k4_have_fewer_persons_than_the_parts_add_up_to() -> None:
    """8.400 with § 107, 5.500 with § 108, 14.600 with § 85 in botilbudslignende tilbud, together 20.200 (2022K4)."""
    parts = {"1.8.2": 84, "1.8.1": 55, "1.12.0.1": 146}
    distinct = 202
    made, number = [], 0
    for code, persons in parts.items():
        for _person in range(persons):
            cpr = f"01017{number % distinct:05d}"
            made.append({"cpr": cpr, "dst_kode": code, "start_dato": date(2022, 1, 1)})
            number += 1
    found = {
        r.kategori: r.modtagere
        for r in run({"fagsystem": made}, periods="2022K4", today=date(2023, 6, 1))["noegletal_vh"]
        if r.periode == "2022K4"
    }
    assert {code: found[code] for code in parts} == parts
    assert found["Botilbud"] == found["I alt"] == distinct < sum(parts.values())
