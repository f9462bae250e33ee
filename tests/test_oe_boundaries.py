"""The OE rules at the month where they begin and the month where they end, for each rhythm an account can be billed in.

One world holds every case, each with a person of its own. The ledger has all of 2020 and ends in March 2021; the lag is two
months, so that a month of a code billed monthly is judged when its third month is in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from support.ottetal import course, ledger_until, oe_findings, posting
from support.worlds import world

#: Code, account and how it is billed.
MONTHLY, QUARTERLY, AHEAD, HALF, YEARLY, NEXT = "1.4", "1.1", "1.13.4", "1.8.1", "1.3", "1.8.2"
ACCOUNTS = {
    MONTHLY: "538581001", QUARTERLY: "538591001", AHEAD: "538531003", HALF: "538501001", YEARLY: "538401001",
    NEXT: "538521001",
}  # fmt: skip
RHYTHMS = {
    MONTHLY: "maaned", QUARTERLY: "kvartal", AHEAD: "kvartal forud", HALF: "halvaar", YEARLY: "aar",
    NEXT: "maaned forud",
}  # fmt: skip
OTHER = "538581002"  # the account of 1.4 for målgruppe 1.1; the first is for 2
MASTER: list[dict[str, Any]] = [
    *({"dst_kode": code, "konto": ACCOUNTS[code], "rytme": RHYTHMS[code]} for code in ACCOUNTS if code != MONTHLY),
    {"dst_kode": MONTHLY, "konto": ACCOUNTS[MONTHLY], "rytme": "maaned", "maalgruppe": "2"},
    {"dst_kode": MONTHLY, "konto": OTHER, "rytme": "maaned", "maalgruppe": "1.1"},
]


@dataclass(frozen=True)
class Case:
    """A person: (code, first, last day, more) of the courses, (account, month, kr.) of the postings, and the findings."""

    name: str
    courses: Sequence[tuple[str, str, str] | tuple[str, str, str, Mapping[str, Any]]]
    paid: Sequence[tuple[str, str, str]]
    found: Sequence[str] = ()


def pays(code: str, *months: str, amount: str = "100.00") -> list[tuple[str, str, str]]:
    """The amount on the code's account in each month of 2020, or of the year that is written with it."""
    return [(ACCOUNTS[code], month if "-" in month else f"2020-{month}", amount) for month in months]


def july(code: str, last: str = "2020-07-31") -> list[tuple[str, str, str]]:
    return [(code, "2020-07-01", last)]


M = MONTHLY
LAG = [
    Case("paid the month before it begins", july(M), pays(M, "06"), ["OE01 fejl 1.4 2020-06", "OE02 advarsel 1.4 2020-07"]),
    Case("paid in the month", july(M), pays(M, "07")),
    Case("paid the month after", july(M), pays(M, "08"), ["OE05 information 1.4 2020-08"]),
    Case("paid two months after, the last of the lag", july(M), pays(M, "09"), ["OE05 information 1.4 2020-09"]),
    Case("paid three months after", july(M), pays(M, "10"), ["OE02 advarsel 1.4 2020-07", "OE05 fejl 1.4 2020-10"]),
    Case("one more day, in August, puts both limits a month off", july(M, "2020-08-01"), pays(M, "10"),
         ["OE02 advarsel 1.4 2020-07", "OE05 information 1.4 2020-10"]),
    Case("one day at the end of the month", [(M, "2020-07-31", "2020-07-31")], pays(M, "07")),
    Case("one day at its beginning", [(M, "2020-07-01", "2020-07-01")], pays(M, "07")),
    Case("the day before the month", [(M, "2020-06-30", "2020-06-30")], pays(M, "07"), ["OE05 information 1.4 2020-07"]),
    Case("a day of December paid in February", [(M, "2020-12-31", "2020-12-31")], pays(M, "2021-02")),
    Case("a day of December paid in March", [(M, "2020-12-31", "2020-12-31")], pays(M, "2021-03"),
         ["OE02 advarsel 1.4 2020-12"]),
    Case("between two courses", [(M, "2020-01-01", "2020-01-31"), (M, "2020-03-01", "2020-03-31")],
         pays(M, "01", "02", "03"), ["OE01 fejl 1.4 2020-02"]),
]  # fmt: skip

SIGNS = [
    Case("an amount and the same back pay nothing", july(M), [*pays(M, "07"), *pays(M, "07", amount="-100.00")],
         ["OE02 advarsel 1.4 2020-07"]),
    Case("one øre is a payment", july(M), pays(M, "07", amount="0.01")),
    Case("a repayment in an active month is a net amount", july(M), pays(M, "07", amount="-50.00")),
    Case("a repayment for nothing", [], pays(M, "07", amount="-0.01"), ["OE01 information 1.4 2020-07"]),
    Case("one øre for nothing", [], pays(M, "07", amount="0.01"), ["OE01 fejl 1.4 2020-07"]),
    Case("nothing for nothing", [], [*pays(M, "07"), *pays(M, "07", amount="-100.00")]),
    Case("a repayment long after the end", july(M), pays(M, "07", "12", amount="-50.00"), ["OE05 information 1.4 2020-12"]),
    Case("paid on one account and taken back from the code's other", july(M),
         [(ACCOUNTS[M], "2020-07", "80.00"), (OTHER, "2020-07", "-80.00")], ["OE02 advarsel 1.4 2020-07"]),
]  # fmt: skip

WRONG = [
    Case("money on another code in the unpaid month", july(M), pays(QUARTERLY, "07"), ["OE03 fejl 1.1 2020-07"]),
    Case("money on another code the month after", july(M), pays(QUARTERLY, "08"),
         ["OE01 fejl 1.1 2020-08", "OE02 advarsel 1.4 2020-07"]),
    Case("the code is paid in its lag", july(M), [*pays(QUARTERLY, "07"), *pays(M, "09")],
         ["OE01 fejl 1.1 2020-07", "OE05 information 1.4 2020-09"]),
    Case("a repayment on another code", july(M), pays(QUARTERLY, "07", amount="-1.00"),
         ["OE01 information 1.1 2020-07", "OE02 advarsel 1.4 2020-07"]),
    Case("active on both", [*july(M), *july(QUARTERLY)], pays(QUARTERLY, "07"), ["OE02 advarsel 1.4 2020-07"]),
    Case("the quarter's bill is for an active month before it", [*july(QUARTERLY), (M, "2020-09-01", "2020-09-30")],
         pays(QUARTERLY, "09"), ["OE02 advarsel 1.4 2020-09", "OE05 information 1.1 2020-09"]),
]  # fmt: skip

_TWO_DAYS = [(QUARTERLY, "2020-04-30", "2020-04-30"), (QUARTERLY, "2020-12-31", "2020-12-31")]
RHYTHM = [
    Case("a quarter's bill two months after", july(QUARTERLY), pays(QUARTERLY, "09"), ["OE05 information 1.1 2020-09"]),
    Case("a quarter's bill in the lag and the rest of the quarter", july(QUARTERLY), pays(QUARTERLY, "11"),
         ["OE05 information 1.1 2020-11"]),
    Case("a quarter's bill after that", july(QUARTERLY), pays(QUARTERLY, "12"),
         ["OE02 advarsel 1.1 2020-07", "OE05 fejl 1.1 2020-12"]),
    Case("a quarter's bill with a day two months before it", _TWO_DAYS, pays(QUARTERLY, "06")),
    Case("a quarter's bill with a day three months before it", _TWO_DAYS, pays(QUARTERLY, "07"), ["OE01 fejl 1.1 2020-07"]),
    Case("a quarter's bill in arrears comes before nothing", _TWO_DAYS, pays(QUARTERLY, "03"),
         ["OE01 fejl 1.1 2020-03", "OE02 advarsel 1.1 2020-04"]),
    Case("a quarterly code is judged until November", [(QUARTERLY, "2020-11-30", "2020-12-31")], [],
         ["OE02 advarsel 1.1 2020-11"]),
    Case("a quarter ahead", [(AHEAD, "2020-07-31", "2020-07-31")], pays(AHEAD, "04")),
    Case("more than a quarter ahead", [(AHEAD, "2020-07-01", "2020-07-31")], pays(AHEAD, "03"),
         ["OE01 fejl 1.13.4 2020-03", "OE02 advarsel 1.13.4 2020-07"]),
    Case("ahead, but billed afterwards", [(AHEAD, "2020-07-01", "2020-07-31")], pays(AHEAD, "09"),
         ["OE05 information 1.13.4 2020-09"]),
    Case("a month ahead", july(NEXT), pays(NEXT, "06")),
    Case("two months ahead", july(NEXT), pays(NEXT, "05"), ["OE01 fejl 1.8.2 2020-05", "OE02 advarsel 1.8.2 2020-07"]),
    Case("half a year with a day five months before", [(HALF, "2020-02-29", "2020-02-29"), (HALF, "2020-12-31", "2020-12-31")],
         pays(HALF, "07")),
    Case("half a year with a day six months before", [(HALF, "2020-02-29", "2020-02-29"), (HALF, "2020-12-31", "2020-12-31")],
         pays(HALF, "08"), ["OE01 fejl 1.8.1 2020-08"]),
    Case("a year with a day eleven months before", [(YEARLY, "2019-09-30", "2019-09-30"), (YEARLY, "2020-12-31", "2020-12-31")],
         pays(YEARLY, "08")),
    Case("a year with a day twelve months before", [(YEARLY, "2019-09-30", "2019-09-30"), (YEARLY, "2020-12-31", "2020-12-31")],
         pays(YEARLY, "09"), ["OE01 fejl 1.3 2020-09"]),
]  # fmt: skip

FEWER = [
    Case("five months and two payments: three are missing, the lag hides two", [(M, "2020-07-01", "2020-11-30")],
         pays(M, "09", "11"), ["OE09 advarsel 1.4 None"]),
    Case("four months and two payments", [(M, "2020-07-01", "2020-10-31")], pays(M, "09", "10")),
    Case("the unpaid months have a finding each already", [(M, "2020-07-01", "2020-11-30")], pays(M, "07", "08"),
         ["OE02 advarsel 1.4 2020-09", "OE02 advarsel 1.4 2020-10", "OE02 advarsel 1.4 2020-11"]),
    Case("ten months and two quarters' bills: four are missing, the lag and the quarter hide four",
         [(QUARTERLY, "2020-01-01", "2020-10-31")], pays(QUARTERLY, "05", "10")),
    Case("eleven months, and November's bill comes in March", [(QUARTERLY, "2020-01-01", "2020-11-30")],
         pays(QUARTERLY, "05", "10", "2021-03"), ["OE09 advarsel 1.1 None"]),
]  # fmt: skip

_BEFORE, _AFTER = {"maalgruppe": "1.1.2"}, {"maalgruppe": "2"}
GROUPS = [
    Case("the account of another målgruppe", [(M, "2020-07-01", "2020-07-31", _BEFORE)], pays(M, "07"),
         ["OE04 advarsel 1.4 2020-07"]),
    Case("the målgruppe changed on the first of August", [(M, "2020-07-01", "2020-07-31", _BEFORE),
                                                         (M, "2020-08-01", "2020-08-31", _AFTER)],
         [(OTHER, "2020-08", "100.00")], ["OE04 advarsel 1.4 2020-08"]),
    Case("the målgruppe changed on the first of July, and either fits in July",
         [(M, "2020-06-01", "2020-07-01", _BEFORE), (M, "2020-07-01", "2020-07-31", _AFTER)],
         [(OTHER, "2020-07", "100.00")]),
    Case("a payment after the end is judged as that", [(M, "2020-07-01", "2020-07-31", _BEFORE)], pays(M, "08"),
         ["OE05 information 1.4 2020-08"]),
    Case("amounts on two wrong-group postings that cancel", [(M, "2020-07-01", "2020-07-31", _BEFORE)],
         [*pays(M, "07"), *pays(M, "07", amount="-100.00"), (OTHER, "2020-07", "1.00")]),
]  # fmt: skip

CASES = [*LAG, *SIGNS, *WRONG, *RHYTHM, *FEWER, *GROUPS]


@cache
def found() -> dict[str, list[str]]:
    """Name of a case → its findings, of one world with all the cases."""
    people = {case.name: f"{1 + n % 28:02d}{1 + n // 28:02d}501111" for n, case in enumerate(CASES)}
    courses = [
        course(people[case.name], *c[:3], **dict(more))
        for case in CASES
        for c in case.courses
        for more in c[3:] or ({},)
    ]
    postings = [posting(people[case.name], *paid) for case in CASES for paid in case.paid]
    first = posting(None, ACCOUNTS[M], "2020-01", "1.00")
    tables = {"fagsystem": courses, "oekonomi": [first, *postings, ledger_until("2021-03")], "masteroversigt": MASTER}
    told: dict[str, list[str]] = {case.name: [] for case in CASES}
    names = {f"P-{cpr[::-1]}": name for name, cpr in people.items()}
    with world(tables) as context:
        for finding in oe_findings(context):
            if finding.regel == "OE06":  # a price is judged against those of the others
                continue
            assert finding.borger is not None
            told[names[finding.borger]].append(f"{finding.regel} {finding.alvor} {finding.dst_kode} {finding.periode}")
    return {name: sorted(each) for name, each in told.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_person_has_the_findings_that_the_months_say(case: Case) -> None:
    assert found()[case.name] == list(case.found)
