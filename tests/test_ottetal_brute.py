"""The 8-tals kontrol against a count by hand: small random worlds, day by day and posting by posting."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ottetal_support import ANNA, BENT, CARL, by_rule, course, oe_findings, posting
from support import world

from reconcile.controls import hand07, ottetal_edges
from reconcile.controls.exact import rounded

LAG = 2
MONTHS = [f"2020-{n:02d}" for n in range(1, 13)]
ACCOUNTS = {
    "538581001": (["1.4"], "2"),
    "538581002": (["1.4"], "1.1"),
    "538591001": (["1.1"], None),
    "538501001": (["1.8.1", "1.8.2"], None),
    "538531003": (["1.13.4"], None),
}
MASTER = [{"dst_kode": c, "konto": k, "maalgruppe": g} for k, (codes, g) in ACCOUNTS.items() for c in codes]
MASTER += [{"dst_kode": "1.13.4", "konto": "538531003", "rammestyret": True, "tilbud": "Egely"}]
MASTER += [{"dst_kode": "1.13.4", "konto": "538531009"}]
ALL_ACCOUNTS = {**ACCOUNTS, "538531009": (["1.13.4"], None)}
CODES = ["1.1", "1.4", "1.8.1", "1.8.2", "1.13.4", "1.17"]
PEOPLE = [ANNA, BENT, CARL]
START = date(2019, 11, 1)


def a_course(cpr: str, code: str, start: int, length: int, group: str | None, tilbud: str, who: tuple[str, str]) -> Any:
    first = START + timedelta(days=start)
    return {
        **course(cpr, code, str(first), None if length > 250 else str(first + timedelta(days=length))),
        "maalgruppe": group,
        "tilbud": tilbud,
        "handlekommune": who[0],
        "betalingskommune": who[1],
    }


COURSES = st.lists(
    st.builds(
        a_course,
        st.sampled_from(PEOPLE),
        st.sampled_from(CODES),
        st.integers(0, 400),
        st.integers(-5, 300),
        st.sampled_from([None, "2", "1.1.3", "1.1|2", "1.10"]),
        st.sampled_from(["Egely", "Lunden"]),
        st.sampled_from([("665", "665")] * 4 + [("101", "665"), ("665", "101")]),
    ),
    max_size=9,
)
POSTINGS = st.lists(
    st.builds(
        lambda cpr, konto, month, amount, late: {
            **posting(cpr, konto, month, amount),
            **({"ydelsesperiode": date(2020, late, 1)} if late else {}),
        },
        st.sampled_from([*PEOPLE, None]),
        st.sampled_from([*ALL_ACCOUNTS, "538391001"]),
        st.sampled_from([*MONTHS, "2021-01", "2021-02"]),
        st.sampled_from(["100.00", "-100.00", "33.33"]),
        st.sampled_from([0, 0, 3, 6, 9, 12]),
    ),
    max_size=14,
)


class ByHand:
    """Everything counted one day and one posting at a time."""

    def __init__(self, courses: list[Any], postings: list[Any]) -> None:
        self.courses = [c for c in courses if c["handlekommune"] == "665"]
        self.judged = [c for c in self.courses if (c["dst_kode"], c["tilbud"]) != ("1.13.4", "Egely")]
        self.foreign = [c for c in courses if c["handlekommune"] != "665"]
        self.days = self._days(self.courses)
        self.judged_days = self._days(self.judged)
        self.ledger_ends = max((p["bogfoert_dato"] for p in postings), default=None)
        self.on_code: dict[Any, Decimal] = defaultdict(Decimal)  # judged money, per cpr, code, month
        self.pays: dict[Any, Decimal] = defaultdict(Decimal)  # all that can pay it
        self.on_account: dict[Any, Decimal] = defaultdict(Decimal)
        self.quarter_money: dict[Any, Decimal] = defaultdict(Decimal)
        self.quarter_people: dict[Any, set[str]] = defaultdict(set)
        self.booked: set[Any] = set()  # cpr, code, month with a judged posting
        for p in postings:
            self._book(p)

    @staticmethod
    def _days(courses: list[Any]) -> dict[Any, set[date]]:
        days: dict[Any, set[date]] = defaultdict(set)
        for c in courses:
            day, last = c["start_dato"], c["slut_dato"] or date(2021, 12, 31)
            while day <= last:
                days[c["cpr"], c["dst_kode"]].add(day)
                day += timedelta(days=1)
        return days

    def active(self, cpr: str | None, code: str, month: str) -> int:
        return sum(f"{d:%Y-%m}" == month for d in self.judged_days.get((cpr, code), ()))

    def _book(self, p: Any) -> None:
        month = (
            f"{p['ydelsesperiode'] or p['bogfoert_dato']:%Y-%m}"
            if "ydelsesperiode" in p
            else f"{p['bogfoert_dato']:%Y-%m}"
        )
        if p["konto"] not in ALL_ACCOUNTS:
            return
        codes = ALL_ACCOUNTS[p["konto"]][0]
        having = [c for c in codes if self.active(p["cpr"], c, month)]
        code = (having or codes)[0]
        if month[:4] == "2020":
            self.quarter_money[code, quarter(month)] += p["beloeb"]
            if p["cpr"]:
                self.quarter_people[code, quarter(month)].add(p["cpr"])
        if p["cpr"] is None or p["konto"] == "538531003":
            return
        self.on_code[p["cpr"], code, month] += p["beloeb"]
        self.booked.add((p["cpr"], code, month))
        self.on_account[p["cpr"], p["konto"], code, month] += p["beloeb"]
        for c in codes:
            self.pays[p["cpr"], c, month] += p["beloeb"]

    def unpaid(self, cpr: str, code: str, month: str) -> bool:
        if code == "1.17" or not self.active(cpr, code, month) or self.ledger_ends is None:
            return False
        window = [later(month, n) for n in range(LAG + 1)]
        if window[-1] > f"{self.ledger_ends:%Y-%m}":
            return False
        return all(self.pays[cpr, code, m] == 0 for m in window)

    def rules(self) -> set[tuple[Any, ...]]:
        """OE01–OE05: rule, severity, cpr, code, month, and what OE03 names or OE05 counts."""
        found: set[tuple[Any, ...]] = set()
        for cpr in PEOPLE:
            for month in MONTHS:
                owed = [c for c in sorted(CODES) if self.unpaid(cpr, c, month)]
                wrong = False
                for code in CODES:
                    money = self.on_code[cpr, code, month]
                    if money == 0 or self.active(cpr, code, month):
                        continue
                    first = date.fromisoformat(f"{month}-01")
                    last = max(self.judged_days.get((cpr, code), ()), default=None)
                    if money > 0 and owed:
                        wrong = True
                        found.add(("OE03", "fejl", cpr, code, month, ", ".join(owed)))
                    elif last and last < first:
                        inside = money < 0 or month <= later(f"{last:%Y-%m}", LAG)
                        found.add(("OE05", "information" if inside else "fejl", cpr, code, month, (first - last).days))
                    else:
                        found.add(("OE01", "fejl" if money > 0 else "information", cpr, code, month, None))
                found |= {("OE02", "advarsel", cpr, c, month, None) for c in owed if not wrong}
        return found | self.wrong_groups()

    def wrong_groups(self) -> set[tuple[Any, ...]]:
        found = set()
        for (cpr, konto, code, month), money in self.on_account.items():
            level = ALL_ACCOUNTS[konto][1]
            groups = [
                g
                for c in self.judged
                if (c["cpr"], c["dst_kode"]) == (cpr, code) and touches(c, month) and c["maalgruppe"]
                for g in c["maalgruppe"].split("|")
            ]
            if money and level and groups and not any(g == level or g.startswith(f"{level}.") for g in groups):
                if month in MONTHS:
                    found.add(("OE04", "advarsel", cpr, code, month, konto))
        return found

    def people(self, code: str, period: str) -> set[str]:
        return {p for p in PEOPLE if any(quarter(f"{d:%Y-%m}") == period for d in self.days.get((p, code), ()))}

    def cause(self, cpr: str, code: str, period: str, side: str) -> str:
        """The first cause that holds of a person on one side of fagsystem–økonomi."""
        months = [m for m in MONTHS if quarter(m) == period]
        found = {
            r
            for r, _s, p, c, m, named in self.rules()
            if p == cpr and m in months and (c == code or (r == "OE03" and code in named.split(", ")))
        }
        if side == "oekonomi":
            if any(
                c["cpr"] == cpr and c["dst_kode"] == code and any(touches(c, m) for m in months) for c in self.foreign
            ):
                return "befolkning"
            if code == "1.13.4" and not self.has_posting(cpr, code, months):
                return "rammestyret"
        else:
            own = [
                c
                for c in self.courses
                if c["cpr"] == cpr and c["dst_kode"] == code and any(touches(c, m) for m in months)
            ]
            if all(c["betalingskommune"] != "665" for c in own):
                return "befolkning"
            if not any(self.active(cpr, code, m) for m in months):
                return "rammestyret"
        for rule in ("OE03", "OE05", "OE01", "OE02"):
            if rule in found:
                return ottetal_edges.RULE_CAUSES[rule]
        if side == "oekonomi":
            return "nettet_ud"
        paid = any(self.active(cpr, code, m) and self.pays[cpr, code, m] for m in months)
        return "delt_konto" if paid else "efterslip"

    def has_posting(self, cpr: str, code: str, months: list[str]) -> bool:
        return any((cpr, code, m) in self.booked for m in months)


def quarter(month: str) -> str:
    return f"{month[:4]}K{(int(month[5:]) + 2) // 3}"


def later(month: str, number: int) -> str:
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + number
    return f"{count // 12}-{count % 12 + 1:02d}"


def touches(c: Any, month: str) -> bool:
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return max(c["start_dato"], first) <= min(c["slut_dato"] or date.max, last) and c["start_dato"] <= (
        c["slut_dato"] or date.max
    )


@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(COURSES, POSTINGS)
def test_figures_rules_and_causes_agree_with_a_count_by_hand(courses: list[Any], postings: list[Any]) -> None:
    hand = ByHand(courses, postings)
    tables = {"fagsystem": courses, "oekonomi": postings, "masteroversigt": MASTER}
    with world(tables) as context:
        hand07.run(context)
        findings = oe_findings(context)
        cells = {(r["dst_kode"], r["periode"]): r for r in context.engine.records("SELECT * FROM ottetal_tal")}
        sided = ottetal_edges.one_sided(context, findings)
        rests = ottetal_edges.rests(context)
        groups: dict[Any, list[Any]] = defaultdict(list)
        for person in sided:
            groups[person.edge, person.code, person.period].append(person)
        edges = [e for r in cells.values() for e in ottetal_edges.edges(context, r, groups, rests)]
    _same_rules(hand, findings)
    quarters = ["2020K1", "2020K2", "2020K3", "2020K4"]
    for code in CODES:
        for period in quarters:
            _same_figures(hand, cells, code, period)
            _same_causes(hand, groups, code, period)
    sums: Counter[Any] = Counter()
    for edge in edges:
        for cause in edge.causes:
            sums[edge.row] += cause.antal
        assert sums[edge.row] == (edge.row.forskel or 0)


def _same_rules(hand: ByHand, findings: list[Any]) -> None:
    cpr_of = {f"P-{cpr[::-1]}": cpr for cpr in PEOPLE}
    named = {"OE03": "forventet", "OE05": "vaerdi"}
    found = set()
    for f in findings:
        if f.regel in ("OE06", "OE07"):
            continue
        extra = getattr(f, named[f.regel]) if f.regel in named else None
        if f.regel == "OE04":
            extra = next(k for k in ALL_ACCOUNTS if f"{k[0]}.{k[1:3]}.{k[3:5]}-{k[5]}-{k[6:]}" in f.besked)
        found.add((f.regel, str(f.alvor), cpr_of[f.borger], f.dst_kode, f.periode, extra))
    assert found == hand.rules()
    assert not by_rule(findings, "OE06")


def _same_figures(hand: ByHand, cells: Any, code: str, period: str) -> None:
    people = hand.people(code, period)
    days = sum(quarter(f"{d:%Y-%m}") == period for p in people for d in hand.days[p, code])
    row = cells.get((code, period))
    if row is None:
        assert not people
        assert not hand.quarter_people[code, period]
        return
    assert (row["fagsystem_borgere"], row["fagsystem_dage"]) == (len(people), days)
    expected = (
        (None, None) if code == "1.17" else (len(hand.quarter_people[code, period]), hand.quarter_money[code, period])
    )
    assert (row["oekonomi_borgere"], row["oekonomi_beloeb"]) == expected


def _same_causes(hand: ByHand, groups: Any, code: str, period: str) -> None:
    own, paid = hand.people(code, period), hand.quarter_people[code, period]
    expected = set()
    if code != "1.17":
        expected = {(p, "fagsystem", hand.cause(p, code, period, "fagsystem")) for p in own - paid}
        expected |= {(p, "oekonomi", hand.cause(p, code, period, "oekonomi")) for p in paid - own}
    found = {(p.person[2:][::-1], str(p.side), p.cause) for p in groups[ottetal_edges.LEDGER, code, period]}
    assert found == expected


@settings(max_examples=8)
@given(
    st.lists(st.tuples(st.integers(1, 29), st.integers(0, 28), st.integers(-5, 60)), min_size=19, max_size=24),
    st.sampled_from(["1", "2.5", "5"]),
)
def test_prices_outside_median_and_mad_agree_with_exact_fractions(people: list[tuple[int, int, int]], k: str) -> None:
    courses, postings, priced = [], [], {}
    for number, (first, length, kroner) in enumerate(people):
        cpr = f"01017{number:05d}"
        last = min(31, first + length)
        courses.append(course(cpr, "1.1", f"2020-07-{first:02d}", f"2020-07-{last:02d}"))
        postings.append(posting(cpr, "538591001", "2020-07", f"{kroner}.10"))
        priced[cpr] = Fraction(Decimal(f"{kroner}.10")) / (last - first + 1)
    middle = median(priced.values())
    mad = median(abs(price - middle) for price in priced.values())
    runs = len(people) >= 20 and mad > 0
    outside = {cpr for cpr, price in priced.items() if runs and abs(price - middle) > Fraction(Decimal(k)) * mad}
    tables = {"fagsystem": courses, "oekonomi": postings, "masteroversigt": MASTER}
    with world(tables, periods="2020K3", regler={"pris_k": Decimal(k)}) as context:
        found = by_rule(oe_findings(context), "OE06")
    assert {f.borger[2:][::-1] for f in found} == outside
    assert all(f.vaerdi == rounded(priced[f.borger[2:][::-1]], 2) and f.forventet == rounded(middle, 2) for f in found)
