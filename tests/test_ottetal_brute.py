"""The 8-tals kontrol against a count by hand: small random worlds, day by day and posting by posting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import Phase, example, given
from hypothesis import strategies as st
from oracles import ottetal_money
from oracles.ottetal import ALL_ACCOUNTS, CODES, COURSES, MASTER, PEOPLE, POSTINGS, ByHand, a_course
from support.examples import examples
from support.ottetal import adds_up, by_rule, course, oe_findings, posting, table, view_rows
from support.quick import Quick, quick_worlds

from reconcile.controls import identities, ottetal
from reconcile.domain.exact import rounded
from reconcile.domain.periods import parse_choice
from reconcile.i18n import in_sentence, kr

QUARTERS = ["2020K1", "2020K2", "2020K3", "2020K4"]


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


@examples(14, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(COURSES, POSTINGS)
@example(  # a person of ours whom another kommune pays for, one that is another's altogether, and målgruppe 1.10 on 1.1's account
    courses=[
        a_course(PEOPLE[0], "1.4", 30, 300, None, "Lunden", ("665", "101")),
        a_course(PEOPLE[1], "1.1", 30, 300, None, "Lunden", ("101", "101")),
        a_course(PEOPLE[2], "1.4", 30, 300, "1.10", "Lunden", ("665", "665")),
    ],
    postings=[
        posting(PEOPLE[2], "538581002", "2020-05", "100.00"),
        posting(PEOPLE[0], "538581001", "2020-05", "100.00"),
        posting(PEOPLE[1], "538391001", "2020-05", "100.00"),
        posting(PEOPLE[1], "538591001", "2020-06", "100.00"),
    ],
)
@example(  # an account pays two codes, and had paid the one ahead as well
    courses=[a_course(PEOPLE[0], code, 62, 150, None, "Lunden", ("665", "665")) for code in ("1.8.1", "1.8.2")],
    postings=[posting(PEOPLE[0], "538501001", month, "100.00") for month in ("2020-03", "2020-05", "2020-12")],
)
@example(  # a quarter's bill after the course has ended, and one in a gap
    courses=[
        a_course(PEOPLE[0], "1.1", 62, 40, None, "Lunden", ("665", "665")),
        a_course(PEOPLE[1], "1.1", 62, 40, None, "Lunden", ("665", "665")),
        a_course(PEOPLE[1], "1.1", 250, 40, None, "Lunden", ("665", "665")),
    ],
    postings=[
        posting(person, "538591001", month, "100.00") for person in PEOPLE[:2] for month in ("2020-04", "2020-12")
    ],
)
def test_figures_rules_and_causes_agree_with_a_count_by_hand(
    quick: Quick, courses: list[Any], postings: list[Any]
) -> None:
    hand = ByHand(courses, postings)
    result = ottetal.run(quick({"fagsystem": courses, "oekonomi": postings, "masteroversigt": MASTER}))
    held = identities.check([result], flis_persons=False).rows
    assert {row.identitet: row.gaaet_efter for row in held} == {row.identitet: row.antal for row in held}
    _same_rules(hand, [finding for finding in result.findings if finding.regel.startswith("OE")])
    cells = {(row.dst_kode, row.periode): row for row in table(result, "ottetal")}
    people: dict[Any, set[Any]] = defaultdict(set)
    for p in table(result, "ottetal_borgere"):
        cpr = p.borger[2:][::-1]
        people[p.dst_kode, p.periode].add((cpr, str(p.side), p.aarsag))
        paid = hand.quarter_paid[cpr, p.dst_kode, p.periode]
        active = hand.quarter_days(cpr, p.dst_kode, p.periode, paid=p.side in ("fagsystem", "betalingskommune"))
        assert (p.dage, p.beloeb) == ((None, paid) if p.side == "oekonomi" else (active, None))
    amounts = {(a.dst_kode, a.periode, a.aarsag): (a.borgere, a.beloeb) for a in table(result, "ottetal_beloeb")}
    assert amounts == hand.amounts()
    _same_kroner(hand, result)
    for code in CODES:
        for period in QUARTERS:
            _same_figures(hand, cells, code, period)
            _same_causes(hand, people[code, period], code, period)
    assert adds_up(result)


def _same_rules(hand: ByHand, findings: list[Any]) -> None:
    cpr_of = {f"P-{cpr[::-1]}": cpr for cpr in PEOPLE}
    named = {"OE03": "forventet", "OE05": "vaerdi"}
    found = set()
    for f in findings:
        if f.regel in ("OE06", "OE07", "OE09"):
            continue
        extra = getattr(f, named[f.regel]) if f.regel in named else None
        if f.regel == "OE04":
            extra = next(k for k in ALL_ACCOUNTS if f"{k[0]}.{k[1:3]}.{k[3:5]}-{k[5]}-{k[6:]}" in f.besked)
        found.add((f.regel, str(f.alvor), cpr_of[f.borger], f.dst_kode, f.periode, extra))
    assert found == hand.rules
    assert not by_rule(findings, "OE06")
    fewer = {(cpr_of[f.borger], f.dst_kode, f.vaerdi) for f in by_rule(findings, "OE09")}
    assert fewer == hand.fewer
    unknown = by_rule(findings, "OE07")
    assert {(str(f.alvor), f.borger, f.dst_kode) for f in unknown} <= {("advarsel", None, None)}
    assert sorted((f.periode, f.besked) for f in unknown) == sorted(
        (
            month,
            f"Kontoen {k[0]}.{k[1:3]}.{k[3:5]}-{k[5]}-{k[6:]} står ikke i masteroversigten."
            f" Posteringer i {in_sentence(month)}: {count}, i alt {kr(amount)} kr.",
        )
        for k, month, count, amount in hand.unknown_accounts()
    )


def _same_kroner(hand: ByHand, result: Any) -> None:
    """The bridge in kr.: every step both ways, no rest, and the ledger's amount at the end."""
    rows = table(result, "ottetal_kroner")
    cells = {(r.dst_kode, r.periode) for r in rows}
    found = {(r.dst_kode, r.periode, r.trin): (int(r.til * 100), int(r.fra * 100)) for r in rows}
    ends = {key: found.pop((*key, "oekonomi")) for key in cells}
    assert all(found.pop((*key, "rest")) == (0, 0) for key in cells)
    assert {key: ways for key, ways in found.items() if ways != (0, 0)} == {
        key: ways for key, ways in ottetal_money.kroner(hand).items() if key[:2] in cells and ways != (0, 0)
    }
    for key in cells:
        assert ends[key][0] - ends[key][1] == int(hand.quarter_money[key] * 100)
        assert (
            sum(to - off for (*cell, _step), (to, off) in found.items() if tuple(cell) == key)
            == ends[key][0] - ends[key][1]
        )


def _same_figures(hand: ByHand, cells: Any, code: str, period: str) -> None:
    people, paid = hand.people(code, period), hand.quarter_people[code, period]
    days = sum(hand.quarter_days(p, code, period) for p in people)
    row = cells.get((code, period))
    if row is None:
        assert not people
        assert not paid
        return
    whole = Fraction(days, parse_choice(period)[0].days)
    assert (row.fagsystem_borgere, row.fagsystem_fuldtid) == (len(people), rounded(whole, 4))
    payers = hand.payers(code, period)
    days = sum(hand.quarter_days(p, code, period, paid=True) for p in payers)
    whole = Fraction(days, parse_choice(period)[0].days)
    assert (row.fagsystem_betaler_borgere, row.fagsystem_betaler_fuldtid) == (len(payers), rounded(whole, 4))
    _same_status(hand, row, code, period)
    assert (row.oekonomi_borgere is not None) == hand.speaks(code, period)
    if not hand.speaks(code, period):
        assert (row.oekonomi_borgere, row.oekonomi_beloeb, row.kun_fagsystem, row.kun_oekonomi) == (None,) * 4
        return
    money = hand.quarter_money[code, period]
    assert (row.oekonomi_borgere, row.oekonomi_beloeb) == (len(paid), money)
    assert (row.begge, row.kun_fagsystem, row.kun_oekonomi) == tuple(
        map(len, (payers & paid, payers - paid, paid - payers))
    )
    assert row.pris_pr_fuldtid == (rounded(Fraction(money) / whole, 2) if days else None)


def _same_status(hand: ByHand, row: Any, code: str, period: str) -> None:
    assert row.status_statistik == "ufuldstaendig"
    assert row.status == row.status_oekonomi
    if not hand.speaks(code, period):
        assert row.status == "ufuldstaendig"
        return
    own, paid = hand.payers(code, period), hand.quarter_people[code, period]
    causes = {hand.cause(p, code, period, "fagsystem") for p in own - paid}
    causes |= {hand.cause(p, code, period, "oekonomi") for p in paid - own}
    assert row.status == ("afventer" if "efterslip" in causes else "forklaret" if causes else "ens")


def _same_causes(hand: ByHand, found: set[Any], code: str, period: str) -> None:
    own, paid = hand.payers(code, period), hand.quarter_people[code, period]
    expected = hand.crossing(code, period)
    if hand.speaks(code, period):
        expected |= {(p, "fagsystem", hand.cause(p, code, period, "fagsystem")) for p in own - paid}
        expected |= {(p, "oekonomi", hand.cause(p, code, period, "oekonomi")) for p in paid - own}
    assert found == expected


@examples(8)
@given(
    st.lists(st.tuples(st.integers(1, 29), st.integers(0, 28), st.integers(-5, 60)), min_size=19, max_size=24),
    st.sampled_from(["1", "2.5", "5"]),
)
def test_prices_outside_median_and_mad_agree_with_exact_fractions(
    quick: Quick, people: list[tuple[int, int, int]], k: str
) -> None:
    courses, postings, priced = [], [], {}
    for number, (first, length, kroner) in enumerate(people):
        cpr = f"01017{number:05d}"
        last = min(31, first + length)
        courses.append(course(cpr, "1.4", f"2020-07-{first:02d}", f"2020-07-{last:02d}"))
        postings.append(posting(cpr, "538581001", "2020-07", f"{kroner}.10"))
        priced[cpr] = Fraction(Decimal(f"{kroner}.10")) / (last - first + 1)
    middle = median(priced.values())
    mad = median(abs(price - middle) for price in priced.values())
    runs = len(people) >= 20 and mad > 0
    outside = {cpr for cpr, price in priced.items() if runs and abs(price - middle) > Fraction(Decimal(k)) * mad}
    tables = {"fagsystem": courses, "oekonomi": postings, "masteroversigt": MASTER}
    context = quick(tables, periods="2020K3", regler={"pris_k": Decimal(k)})
    found = by_rule(oe_findings(context), "OE06")
    (exact,) = context.engine.rows("SELECT median2, mad4 FROM oe_medianpris WHERE dst_kode = '1.4'")
    assert exact == (middle * 200 * ottetal_money.UNIT, mad * 400 * ottetal_money.UNIT)
    assert {f.borger[2:][::-1] for f in found} == outside
    assert all(f.vaerdi == rounded(priced[f.borger[2:][::-1]], 2) and f.forventet == rounded(middle, 2) for f in found)


BUSY = st.lists(
    st.builds(
        lambda cpr, code, first, last: course(cpr, code, f"2020-{first:02d}-01", f"2020-{last:02d}-17"),
        st.sampled_from(PEOPLE[:2]),
        st.sampled_from(["1.1", "1.4", "1.8.1", "1.8.2"]),
        st.integers(1, 4),
        st.integers(5, 12),
    ),
    min_size=2,
    max_size=4,
)
PAYING = st.lists(
    st.builds(
        posting,
        st.sampled_from(PEOPLE[:2]),
        st.sampled_from(["538581001", "538581001", "538591001", "538501001"]),
        st.sampled_from([f"2020-{n:02d}" for n in range(1, 13)]),
        st.sampled_from(["3100.00", "3099.99", "310.55", "-310.55"]),
    ),
    min_size=6,
    max_size=30,
)


@examples(20)
@given(BUSY, PAYING)
@example(
    courses=[course(PEOPLE[0], code, "2020-01-01", "2020-06-17") for code in ("1.8.1", "1.8.2")],
    postings=[posting(PEOPLE[0], "538501001", f"2020-{month:02d}", "310.55") for month in (2, 3, 8)],
)
def test_the_bridge_in_kroner_of_persons_paid_for_every_month_agrees_to_the_oere(
    quick: Quick, courses: list[Any], postings: list[Any]
) -> None:
    whole = [
        {"handlekommune": "665", "betalingskommune": "665", "tilbud": "Lunden", "maalgruppe": None, **c}
        for c in courses
    ]
    postings = [*postings, posting(None, "538581001", "2021-03", "1.00")]
    tables = {"fagsystem": whole, "oekonomi": postings, "masteroversigt": MASTER}
    hand = ByHand(whole, postings)
    rows = view_rows(quick(tables), "oe_kroner", "dst_kode, periode, trin, til, fra")
    found = {tuple(key): (int(to), int(off)) for *key, to, off in rows if to or off}
    assert found == {key: ways for key, ways in ottetal_money.kroner(hand).items() if ways != (0, 0)}
    for cell, amount in hand.quarter_money.items():
        assert sum(to - off for (*key, _step), (to, off) in found.items() if tuple(key) == cell) == int(amount * 100)
