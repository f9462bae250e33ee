"""The 8-tals kontrol counted one day and one posting at a time, and small random worlds to count."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from support.ottetal import ANNA, BENT, CARL, course, posting

LAG = 2
RULE_CAUSES = {
    "OE03": "forkert_konto",
    "OE05": "betaling_efter_ophoer",
    "OE01": "betaling_uden_ydelse",
    "OE02": "ydelse_uden_betaling",
}
MONTHS = [f"2020-{n:02d}" for n in range(1, 13)]
ACCOUNTS = {
    "538581001": (["1.4"], "2"),
    "538581002": (["1.4"], "1.1"),
    "538591001": (["1.1"], None),
    "538501001": (["1.8.1", "1.8.2"], None),
    "538531003": (["1.13.4"], None),
}
#: Code → months a payment is for, and how many months ahead.
RHYTHMS = {"1.1": (3, 0), "1.8.2": (3, 3)}
WRITTEN = {"1.1": "kvartal", "1.8.2": "kvartal forud"}
MASTER: list[dict[str, Any]] = [
    {"dst_kode": c, "konto": k, "maalgruppe": g, "rytme": WRITTEN.get(c, "maaned")}
    for k, (codes, g) in ACCOUNTS.items()
    for c in codes
]
MASTER += [{"dst_kode": "1.13.4", "konto": "538531003", "rammestyret": True, "tilbud": "Egely"}]
MASTER += [{"dst_kode": "1.13.4", "konto": "538531009", "rytme": "maaned"}]
ALL_ACCOUNTS = {**ACCOUNTS, "538531009": (["1.13.4"], None)}
CODES = ["1.1", "1.4", "1.8.1", "1.8.2", "1.13.4", "1.17"]
PEOPLE = [ANNA, BENT, CARL, "0404040404", "0505050505", "0606060606", "0707070707", "0808080808"]
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
        st.sampled_from([("665", "665")] * 4 + [("101", "665"), ("665", "101"), ("101", "101")]),
    ),
    min_size=4,
    max_size=20,
)
POSTINGS = st.lists(
    st.builds(
        lambda cpr, konto, month, amount, late: {
            **posting(cpr, konto, month, amount),
            **({"ydelsesperiode": date(2020, late, 1)} if late else {}),
        },
        st.sampled_from([*PEOPLE, None]),
        st.sampled_from([*ALL_ACCOUNTS, "538391001", "538391001", "538391002", "538393001", "532341001"]),
        st.sampled_from([*MONTHS, "2021-01", "2021-02"]),
        st.sampled_from(["100.00", "-100.00", "33.33"]),
        st.sampled_from([0, 0, 3, 6, 9, 12]),
    ),
    min_size=4,
    max_size=36,
)


class ByHand:
    """Everything counted one day and one posting at a time."""

    def __init__(self, courses: list[Any], postings: list[Any]) -> None:
        self.courses = [c for c in courses if c["handlekommune"] == "665"]
        self.all = courses
        paid = [c for c in courses if c["betalingskommune"] == "665"]
        self.judged = [c for c in paid if (c["dst_kode"], c["tilbud"]) != ("1.13.4", "Egely")]
        real = [c for c in courses if self._days([c])]
        self.outside = {c["cpr"] for c in real} - {c["cpr"] for c in real if "665" in _who(c)}
        self.days = self._days(self.courses)
        self.judged_days = self._days(self.judged)
        self.judged_months = {key: Counter(f"{d:%Y-%m}" for d in days) for key, days in self.judged_days.items()}
        self.ledger_ends = max((p["bogfoert_dato"] for p in postings), default=None)
        self.ledger_begins = min((p["bogfoert_dato"] for p in postings), default=None)
        self.on_code: dict[Any, Decimal] = defaultdict(Decimal)  # judged money, per cpr, code, month
        self.pays: dict[Any, Decimal] = defaultdict(Decimal)  # all that can pay it
        self.on_account: dict[Any, Decimal] = defaultdict(Decimal)
        self.quarter_money: dict[Any, Decimal] = defaultdict(Decimal)
        self.counted: list[tuple[Any, ...]] = []  # the judged quarters' postings: cpr, code, month, rammestyret, amount
        self.quarter_people: dict[Any, set[str]] = defaultdict(set)
        self.quarter_paid: dict[Any, Decimal] = defaultdict(Decimal)
        self.unmapped: dict[Any, list[Decimal]] = defaultdict(list)  # per account and month
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

    def speaks(self, code: str, period: str) -> bool:
        """Whether the ledger says anything of the quarter: it has money there, or it had come to it and not begun after it."""
        if code == "1.17":
            return False
        if any(key[0] == code and key[1] == period for key in self.quarter_money):
            return True
        first = f"{period[:4]}-{int(period[-1]) * 3 - 2:02d}"
        if self.ledger_ends is None or first > f"{self.ledger_ends:%Y-%m}":
            return False
        one_month = f"{self.ledger_begins:%Y-%m}" == f"{self.ledger_ends:%Y-%m}"
        return one_month or f"{self.ledger_begins:%Y}" <= period[:4]

    def active(self, cpr: str | None, code: str, month: str) -> int:
        return self.judged_months.get((cpr, code), Counter())[month]

    def _book(self, p: Any) -> None:
        month = (
            f"{p['ydelsesperiode'] or p['bogfoert_dato']:%Y-%m}"
            if "ydelsesperiode" in p
            else f"{p['bogfoert_dato']:%Y-%m}"
        )
        if p["konto"] not in ALL_ACCOUNTS:
            ours = p["cpr"] not in self.outside and month in MONTHS
            if ours and p["konto"].startswith("538") and p["konto"][5] == "1":
                self.unmapped[p["konto"], month].append(p["beloeb"])
            return
        codes = ALL_ACCOUNTS[p["konto"]][0]
        having = [c for c in codes if self.active(p["cpr"], c, month)]
        code = (having or codes)[0]
        if month[:4] == "2020":
            self.quarter_money[code, quarter(month)] += p["beloeb"]
            self.counted.append((p["cpr"], code, month, p["konto"] == "538531003", p["beloeb"]))
            if p["cpr"]:
                self.quarter_people[code, quarter(month)].add(p["cpr"])
                self.quarter_paid[p["cpr"], code, quarter(month)] += p["beloeb"]
        if p["cpr"] is None or p["konto"] == "538531003" or p["cpr"] in self.outside:
            return
        self.on_code[p["cpr"], code, month] += p["beloeb"]
        self.booked.add((p["cpr"], code, month))
        self.on_account[p["cpr"], p["konto"], code, month] += p["beloeb"]
        for c in codes:
            self.pays[p["cpr"], c, month] += p["beloeb"]

    def unpaid(self, cpr: str, code: str, month: str) -> bool:
        if code == "1.17" or not self.active(cpr, code, month) or self.ledger_ends is None:
            return False
        n, ahead = RHYTHMS.get(code, (1, 0))
        window = [later(month, n) for n in range(-ahead, LAG + n)]
        if window[-1] > f"{self.ledger_ends:%Y-%m}":
            return False
        return all(self.pays[cpr, code, m] == 0 for m in window)

    def in_rhythm(self, cpr: str, code: str, month: str) -> bool:
        """An active day lies in the billing period that money of the month is for."""
        n, ahead = RHYTHMS.get(code, (1, 0))
        return any(self.active(cpr, code, later(month, step)) for step in range(1 - n, ahead + 1))

    @cached_property
    def fewer(self) -> set[tuple[Any, ...]]:
        """OE09: cpr, code, payments that are missing."""
        found = set()
        for cpr in PEOPLE:
            for code in CODES:
                n, _ahead = RHYTHMS.get(code, (1, 0))
                lag = LAG + n - 1
                judged = [m for m in MONTHS if self.ledger_ends and later(m, lag) <= f"{self.ledger_ends:%Y-%m}"]
                active = [m for m in judged if self.active(cpr, code, m)]
                paid = [m for m in judged if self.pays[cpr, code, m]]
                missing = len(active) - n * len(paid) - sum(self.unpaid(cpr, code, m) for m in judged)
                if code != "1.17" and active and missing > lag:
                    found.add((cpr, code, missing))
        return found

    @cached_property
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
                    if money > 0 and owed and not self.in_rhythm(cpr, code, month):
                        wrong = True
                        found.add(("OE03", "fejl", cpr, code, month, ", ".join(owed)))
                    elif last and last < first:
                        inside = money < 0 or month <= later(f"{last:%Y-%m}", LAG + RHYTHMS.get(code, (1, 0))[0] - 1)
                        found.add(("OE05", "information" if inside else "fejl", cpr, code, month, money))
                    elif self.in_rhythm(cpr, code, month):
                        continue
                    else:
                        found.add(("OE01", "fejl" if money > 0 else "information", cpr, code, month, None))
                found |= {("OE02", "advarsel", cpr, c, month, None) for c in owed if not wrong}
        return found | self.wrong_groups()

    def unknown_accounts(self) -> set[tuple[str, str, int, Decimal]]:
        """OE07: account, month, postings and their sum."""
        return {(konto, month, len(money), sum(money, Decimal())) for (konto, month), money in self.unmapped.items()}

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
            fits = any(g == level or g.startswith(f"{level}.") for g in groups)
            if money and level and groups and not fits and month in MONTHS:
                found.add(("OE04", "advarsel", cpr, code, month, konto))
        return found

    def people(self, code: str, period: str) -> set[str]:
        return _active_in(self.days, code, period)

    def payers(self, code: str, period: str) -> set[str]:
        """Whose courses the own kommune pays for, rammestyrede tilbud apart."""
        return _active_in(self.judged_days, code, period)

    def amounts(self) -> dict[tuple[str, str, str], tuple[int, Decimal]]:
        """dst_kode, quarter, what the money is for → persons and net."""
        judged = {(p, c, m): RULE_CAUSES[r] for r, _s, p, c, m, _named in self.rules if r in ("OE01", "OE03", "OE05")}
        people: dict[Any, set[str]] = defaultdict(set)
        money: dict[Any, Decimal] = defaultdict(Decimal)
        for cpr, code, month, framed, amount in self.counted:
            if cpr is None:
                cause = "uden_cpr"
            elif framed:
                cause = "rammestyret"
            elif cpr in self.outside:
                cause = "befolkning"
            elif self.active(cpr, code, month):
                cause = "aktiv_ydelse"
            else:
                paid = self.on_code[cpr, code, month] and self.in_rhythm(cpr, code, month)
                cause = judged.get((cpr, code, month), "aktiv_ydelse" if paid else "nettet_ud")
            key = code, quarter(month), cause
            money[key] += amount
            people[key] |= {cpr} - {None}
        return {key: (len(people[key]), amount) for key, amount in money.items()}

    def quarter_days(self, cpr: str, code: str, period: str, *, paid: bool = False) -> int:
        days = self.judged_days if paid else self.days
        return sum(quarter(f"{d:%Y-%m}") == period for d in days.get((cpr, code), ()))

    def crossing(self, code: str, period: str) -> set[tuple[str, str, str]]:
        """Who the handlekommune and the betalingskommune do not count alike, and why."""
        handled, paid = self.people(code, period), self.payers(code, period)
        found = {(p, "betalingskommune", "befolkning") for p in paid - handled}
        for p in handled - paid:
            ours = any(self._here(c, p, code, period) and c["betalingskommune"] == "665" for c in self.all)
            found.add((p, "handlekommune", "rammestyret" if ours else "befolkning"))
        return found

    @staticmethod
    def _here(c: Any, cpr: str, code: str, period: str) -> bool:
        return (c["cpr"], c["dst_kode"]) == (cpr, code) and any(touches(c, m) for m in MONTHS if quarter(m) == period)

    def cause(self, cpr: str, code: str, period: str, side: str) -> str:
        """The first cause that holds of a person on one side of fagsystem–økonomi."""
        months = [m for m in MONTHS if quarter(m) == period]
        found = {
            r
            for r, _s, p, c, m, named in self.rules
            if p == cpr and m in months and (c == code or (r == "OE03" and code in named.split(", ")))
        }
        if side == "oekonomi":
            theirs = [c for c in self.all if c["betalingskommune"] != "665"]
            if cpr in self.outside or any(self._here(c, cpr, code, period) for c in theirs):
                return "befolkning"
            if code == "1.13.4" and not self.has_posting(cpr, code, months):
                return "rammestyret"
        for rule, name in RULE_CAUSES.items():
            if rule in found:
                return name
        if side == "oekonomi":
            return "rytme" if any(self.on_code[cpr, code, m] for m in months) else "nettet_ud"
        before = [later(months[0], -n) for n in range(1, RHYTHMS.get(code, (1, 0))[1] + 1)]
        paid = any(self.active(cpr, code, m) and self.pays[cpr, code, m] for m in months)
        if paid:
            return "delt_konto"
        return "rytme" if any(self.pays[cpr, code, m] for m in before) else "efterslip"

    def has_posting(self, cpr: str, code: str, months: list[str]) -> bool:
        return any((cpr, code, m) in self.booked for m in months)


def _who(c: Any) -> tuple[str, str]:
    return c["handlekommune"], c["betalingskommune"]


def _active_in(days: Any, code: str, period: str) -> set[str]:
    return {p for p in PEOPLE if any(quarter(f"{d:%Y-%m}") == period for d in days.get((p, code), ()))}


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
