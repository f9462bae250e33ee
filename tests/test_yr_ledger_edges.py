"""YR20 at its limits: one krone, the first and last day of the month after, an account's first and last month.

Each case is a koerselsperiode or an account of its own, so that one look at the ledger judges them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from support.worlds import world
from support.yr import ALWAYS, BO, MONDAY, row

from reconcile.controls import yr
from reconcile.controls.yr_ledger import reconcile_ledger
from reconcile.results.rows import PartResult
from reconcile.results.yr import LedgerStatus, YrLedger
from reconcile.rules.catalogue import load_rules

YR20 = next(rule for rule in load_rules() if rule.id == "YR20")
STEP_1, STEP_2, STEP_4 = "557712010", "557712011", "557712013"
SICK, UNEMPLOYED = "Sygedagpenge", "Arbejdsløshedsdagpenge"
EQUAL, TOLERATED, OPEN, MISSING = (
    LedgerStatus.EQUAL,
    LedgerStatus.TOLERATED,
    LedgerStatus.UNEXPLAINED,
    LedgerStatus.MISSING,
)
Rows = Sequence[Mapping[str, Any]]


def d(text: str) -> Decimal:
    return Decimal(text)


def sick(run: date | None, amount: str = "1000.00", counter: int = 3, **given: Any) -> dict[str, Any]:
    return row(MONDAY, counter, amount, ydelse=SICK, koerselsperiode=run, **given)


def booked(konto: str, beloeb: str, day: date) -> dict[str, Any]:
    return {"konto": konto, "beloeb": d(beloeb), "bogfoert_dato": day}


def judged(rows: Rows, postings: Rows, accounts: Rows = (), **options: Any) -> PartResult:
    tables: dict[str, Any] = {"yr": rows, "oekonomi": postings, **({"yr_konto": accounts} if accounts else {})}
    with world(tables, **{"periods": ALWAYS, **options}) as context:
        yr.create_views(context)
        return reconcile_ledger(context, YR20)


def cells(result: PartResult) -> list[YrLedger]:
    return [cell for table in result.tables for cell in table.rows]


def month(number: int) -> date:
    return date(2020 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


# --- the amount ---------------------------------------------------------------------------------------------------------

#: What the ledger has on the account for 800,00 kr. of refusion, and what that is.
AMOUNTS: list[tuple[list[str], LedgerStatus]] = [
    (["-800.00"], EQUAL),
    (["-799.99"], TOLERATED),
    (["-799.00"], TOLERATED),
    (["-798.99"], OPEN),
    (["-800.01"], TOLERATED),
    (["-801.00"], TOLERATED),
    (["-801.01"], OPEN),
    (["-500.00", "-300.00"], EQUAL),
    (["-900.00", "100.00"], EQUAL),
    (["800.00"], OPEN),
    (["-800.00", "800.00"], OPEN),
]


def test_the_ledger_may_be_one_krone_from_what_was_calculated() -> None:
    rows = [sick(month(number)) for number in range(1, len(AMOUNTS) + 1)]
    postings = [
        booked(STEP_1, amount, month(number + 1))
        for number, (amounts, _s) in enumerate(AMOUNTS, start=1)
        for amount in amounts
    ]
    result = judged(rows, postings)
    assert [(cell.koerselsperiode, cell.status) for cell in cells(result)] == [
        (month(number), status) for number, (_amounts, status) in enumerate(AMOUNTS, start=1)
    ]
    for cell, (amounts, _status) in zip(cells(result), AMOUNTS, strict=True):
        assert (cell.yr, cell.regnskab) == (d("-800.00"), sum(map(d, amounts), Decimal(0)))
        assert cell.forskel == sum(map(d, amounts), Decimal(0)) + 800
    assert [f.periode for f in result.findings] == [
        f"2020-{n:02d}" for n, (_a, status) in enumerate(AMOUNTS, start=1) if status is OPEN
    ]


def test_the_tolerance_is_an_option() -> None:
    rows, postings = [sick(month(1))], [booked(STEP_1, "-750.00", month(2))]
    for tolerance, status in (("0", OPEN), ("49.99", OPEN), ("50.00", TOLERATED), ("0.00", OPEN)):
        assert [c.status for c in cells(judged(rows, postings, regler={"tolerance_kr": tolerance}))] == [status]
    exact = [booked(STEP_1, "-800.00", month(2))]
    assert [c.status for c in cells(judged(rows, exact, regler={"tolerance_kr": "0"}))] == [EQUAL]


# --- the day ------------------------------------------------------------------------------------------------------------


def test_what_is_booked_from_the_first_to_the_last_day_of_the_next_month_belongs_to_the_run() -> None:
    """The run of January 2020 is booked in February, which has 29 days."""
    days = [date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 29), date(2020, 3, 1)]
    postings = [booked(STEP_1, f"-{10**n}.00", day) for n, day in enumerate(days)]
    (cell,) = cells(judged([sick(month(1))], postings))
    assert (cell.koerselsperiode, cell.regnskab) == (month(1), d("-110.00"))


def test_a_month_is_judged_from_the_ledgers_first_month_to_the_first_day_it_reaches() -> None:
    """The ledger has its first posting late in March and its last on 1 July: the runs of February to June are judged."""
    rows = [sick(month(number)) for number in range(1, 8)]
    postings = [booked(STEP_4, "-5.00", date(2020, 3, 31)), booked(STEP_4, "-5.00", date(2020, 7, 1))]
    found = {cell.koerselsperiode.month: cell.status for cell in cells(judged(rows, postings)) if cell.konto == STEP_1}
    assert found == {1: MISSING, 2: OPEN, 3: OPEN, 4: OPEN, 5: OPEN, 6: OPEN, 7: MISSING}
    earlier = [booked(STEP_4, "-5.00", date(2020, 3, 31)), booked(STEP_4, "-5.00", date(2020, 6, 30))]
    found = {cell.koerselsperiode.month: cell.status for cell in cells(judged(rows, earlier)) if cell.konto == STEP_1}
    assert found[6] == MISSING
    assert found[5] == OPEN


def test_missing_is_not_nothing() -> None:
    missing, nothing = (
        cells(judged([sick(month(1))], [booked(STEP_4, "-5.00", day)]))[0]
        for day in (date(2020, 1, 31), date(2020, 2, 1))
    )
    assert (missing.regnskab, missing.forskel, missing.status) == (None, None, MISSING)
    assert (nothing.konto, nothing.regnskab, nothing.forskel, nothing.status) == (STEP_1, d("0"), d("800.00"), OPEN)


# --- the account --------------------------------------------------------------------------------------------------------


def test_each_step_has_its_account_and_rows_of_a_step_add_up() -> None:
    rows = [
        sick(month(1), "1000.00", 3),
        sick(month(1), "500.00", 4, cpr=BO),
        sick(month(1), "1000.00", 7),
        sick(month(1), "100.00", 60),
    ]
    found = {cell.konto: (cell.trin, cell.yr) for cell in cells(judged(rows, [booked(STEP_1, "-1.00", month(2))]))}
    assert found == {STEP_1: (1, d("-1200.00")), STEP_2: (2, d("-400.00")), STEP_4: (4, d("-20.00"))}


def test_an_account_that_comes_to_nothing_is_no_cell() -> None:
    rows = [sick(month(1)), sick(month(1), "-1000.00", beregning_id="2"), sick(month(1), "10.00", 7)]
    assert [cell.konto for cell in cells(judged(rows, [booked(STEP_2, "-4.00", month(2))]))] == [STEP_2]


def test_the_municipalitys_own_accounts_stand_in_place_of_the_known_ones_for_that_ydelse_and_kind() -> None:
    own = [{"ydelse": " SYGEDAGPENGE ", "art": "refusion", "konto": "557719999"}]
    given: dict[str, Any] = {
        "sats": 0,
        "refusion": d("0"),
        "medfinansieringssats": d("60"),
        "medfinansiering": d("60.00"),
    }
    other = row(MONDAY, 7, "100.00", ydelse=UNEMPLOYED, koerselsperiode=month(1), **given)
    rows = [sick(month(1)), sick(month(1), "1000.00", 60), other]
    found = {
        cell.konto: (cell.trin, cell.yr) for cell in cells(judged(rows, [booked("557719999", "-1.00", month(2))], own))
    }
    assert found == {"557719999": (None, d("-1000.00")), "557781013": (2, d("60.00"))}


def test_medfinansiering_of_an_own_account_is_an_expense() -> None:
    own = [{"ydelse": "Førtidspension", "art": "medfinansiering", "konto": "557789999"}]
    given: dict[str, Any] = {
        "sats": 0,
        "refusion": d("0"),
        "medfinansieringssats": d("60"),
        "medfinansiering": d("60.00"),
    }
    rows = [row(MONDAY, 7, "100.00", ydelse="førtidspension", koerselsperiode=month(1), **given)]
    (cell,) = cells(judged(rows, [booked("557789999", "60.00", month(2))], own))
    assert (cell.yr, cell.status, cell.trin) == (d("60.00"), EQUAL, None)


def test_an_own_account_holds_from_its_first_to_its_last_month_of_booking() -> None:
    """From 1 May to 30 June: what is booked in May and June is the runs of April and May."""
    own = [{"ydelse": SICK, "art": "refusion", "konto": "557719999", "fra": date(2020, 5, 1), "til": date(2020, 6, 30)}]
    rows = [sick(month(number)) for number in range(2, 8)]
    result = judged(rows, [booked("557719999", "-1.00", month(number)) for number in range(2, 9)], own)
    assert [cell.koerselsperiode.month for cell in cells(result) if cell.yr] == [4, 5]


def test_a_ydelse_with_two_accounts_after_each_other_moves_from_one_to_the_other() -> None:
    own = [
        {"ydelse": SICK, "art": "refusion", "konto": "557719991", "til": date(2020, 4, 30)},
        {"ydelse": SICK, "art": "refusion", "konto": "557719992", "fra": date(2020, 5, 1)},
    ]
    rows = [sick(month(number)) for number in (2, 3, 4)]
    postings = [booked("557719991", "-800.00", month(number)) for number in (3, 4)]
    result = judged(rows, [*postings, booked("557719992", "-800.00", month(5))], own)
    assert [(cell.koerselsperiode.month, cell.konto[-1], cell.status) for cell in cells(result)] == [
        (2, "1", EQUAL), (3, "1", EQUAL), (4, "2", EQUAL),
    ]  # fmt: skip


# --- what is said -------------------------------------------------------------------------------------------------------


def said(result: PartResult, word: str) -> list[str]:
    return [text for text in result.caveats if word in text]


def test_rows_without_a_run_or_a_step_are_counted_with_their_amount() -> None:
    rows = [
        sick(month(1)),
        sick(None, "100.00"),
        sick(month(1), "10.00", sats=50, ydelsestaeller=None),
        sick(None, "0.00"),
    ]
    (text,) = said(judged(rows, [booked(STEP_1, "-800.00", month(2))]), "intet trin")
    assert text == "YR20: 2 rækker med i alt 85,00 kr. har ingen kørselsperiode eller intet trin og er ikke med."


def test_another_kommunes_rows_are_named_with_kommune_and_amount() -> None:
    rows = [
        sick(month(1)),
        *(sick(month(1), "100.00", finansieringskommune=k, beregning_id=k) for k in ("671", "101", "671")),
    ]
    (text,) = said(judged(rows, [booked(STEP_1, "-800.00", month(2))]), "finansieret af kommune")
    assert "101, 671" in text
    assert "160,00 kr." in text  # two rows of 671 are equal in every cell and are one
    assert "2 rækker" in text


def test_a_run_that_is_not_there_is_named_only_between_those_that_are() -> None:
    rows = [sick(month(number)) for number in (2, 4)]
    postings = [booked(STEP_1, "-800.00", month(number)) for number in (2, 3, 4, 5, 6)]
    (text,) = said(judged(rows, postings), "ingen kørselsperiode 2020")
    assert "2020-03," in text
    assert "2020-01" not in text
    assert "2020-05" not in text


def test_months_the_ledger_does_not_reach_are_named_in_order() -> None:
    rows = [sick(month(number)) for number in (12, 11, 10, 3)]
    (text,) = said(
        judged(rows, [booked(STEP_1, "-800.00", month(4)), booked(STEP_1, "-800.00", date(2020, 11, 1))]),
        "ikke afstemt, for",
    )
    assert "kørselsperiode 2020-11, 2020-12 er" in text


def test_a_chosen_quarter_has_the_runs_that_lie_in_it() -> None:
    rows = [sick(month(number)) for number in (3, 4, 6, 7)]
    postings = [booked(STEP_1, "-800.00", month(number)) for number in (4, 5, 7, 8)]
    found = [cell.koerselsperiode.month for cell in cells(judged(rows, postings, periods="2020K2"))]
    assert found == [4, 6]
