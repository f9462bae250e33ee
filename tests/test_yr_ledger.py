"""YR20: a run of Ydelsesrefusion against the ledger's next month, account by account. MONDAY is 2020-U10."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from support.worlds import world
from support.yr import ALWAYS, MONDAY, monday, row

from reconcile.controls import yr
from reconcile.controls.yr_ledger import reconcile_ledger
from reconcile.results.rows import PartResult
from reconcile.results.yr import LedgerStatus
from reconcile.rules.catalogue import load_rules

YR20 = next(rule for rule in load_rules() if rule.id == "YR20")


def table(result: PartResult, name: str) -> list[Any]:
    return next(list(t.rows) for t in result.tables if t.name == name)


def sick(day: date, counter: int, amount: str, **given: Any) -> dict[str, Any]:
    return row(day, counter, amount, ydelse="Sygedagpenge", koerselsperiode=date(2020, 4, 1), **given)


def booked(konto: str, beloeb: str, day: date = date(2020, 5, 10)) -> dict[str, Any]:
    return {"konto": konto, "beloeb": Decimal(beloeb), "bogfoert_dato": day}


def ledger_cells(rows: list[dict[str, Any]], postings: list[dict[str, Any]], **options: Any) -> PartResult:
    with world({"yr": rows, "oekonomi": postings}, **{"periods": ALWAYS, **options}) as context:
        yr.create_views(context)
        return reconcile_ledger(context, YR20)


def test_a_run_agrees_with_the_ledgers_next_month_within_the_tolerance() -> None:
    rows = [sick(MONDAY, 3, "1000.00"), sick(monday(3), 7, "1000.00")]
    result = ledger_cells(rows, [booked("557712010", "-800.00"), booked("557712011", "-399.00")])
    cells = table(result, "yr_regnskab")
    assert [(c.konto, c.yr, c.regnskab, c.status) for c in cells] == [
        ("557712010", Decimal("-800.00"), Decimal("-800.00"), LedgerStatus.EQUAL),
        ("557712011", Decimal("-400.00"), Decimal("-399.00"), LedgerStatus.TOLERATED),
    ]
    assert result.findings == ()


def test_a_difference_beyond_the_tolerance_is_a_finding_per_account() -> None:
    rows = [sick(MONDAY, 3, "1000.00")]
    result = ledger_cells(rows, [booked("557712010", "-798.99"), booked("557781013", "12.00")])
    assert [(f.periode, f.ydelse, f.vaerdi, f.forventet) for f in result.findings] == [
        ("2020-04", "Sygedagpenge", Decimal("-798.99"), Decimal("-800.00")),
        ("2020-04", "Arbejdsløshedsdagpenge", Decimal("12.00"), Decimal("0.00")),
    ]
    assert "5.57.71-2-010" in result.findings[0].besked
    assert "forskellen (regnskab − YR) er 1,01 kr." in result.findings[0].besked


def test_medfinansiering_is_an_expense_on_its_step() -> None:
    given: dict[str, Any] = {
        "sats": 0,
        "refusion": Decimal(0),
        "medfinansieringssats": Decimal(60),
        "medfinansiering": Decimal("600.00"),
    }
    rows = [row(MONDAY, 7, "1000.00", ydelse="Arbejdsløshedsdagpenge", **given)]
    cells = table(ledger_cells(rows, [booked("557781013", "600.00", date(2020, 5, 1))]), "yr_regnskab")
    assert [(c.konto, c.trin, c.yr, c.status) for c in cells] == [
        ("557781013", 2, Decimal("600.00"), LedgerStatus.EQUAL)
    ]


def test_a_run_whose_next_month_is_not_in_the_ledger_is_not_judged() -> None:
    rows = [sick(MONDAY, 3, "1000.00")]
    result = ledger_cells(rows, [booked("557712010", "-800.00", date(2020, 4, 30))])
    assert [c.status for c in table(result, "yr_regnskab")] == [LedgerStatus.MISSING]
    assert result.findings == ()
    assert any("2020-04" in text for text in result.caveats)


def test_what_the_ledger_check_leaves_out_is_said() -> None:
    rows = [sick(MONDAY, 3, "1000.00"), {**sick(monday(1), 4, "1000.00"), "koerselsperiode": None}, row(MONDAY, 7)]
    result = ledger_cells(rows, [booked("557712010", "-800.00")])
    assert any("Kontanthjælp" in text for text in result.caveats)
    assert any("1 række med i alt 800,00 kr." in text for text in result.caveats)


def test_a_ledger_without_the_staircases_accounts_is_not_judged() -> None:
    result = ledger_cells([sick(MONDAY, 3, "1000.00")], [booked("538581001", "5.00")])
    assert [n.regel for n in result.not_run] == ["YR20"]
    assert result.tables == ()


def test_yr20_follows_the_period() -> None:
    rows = [sick(MONDAY, 3, "1000.00")]
    assert ledger_cells(rows, [booked("557712010", "5.00")], periods="2020K1").findings == ()
    assert len(ledger_cells(rows, [booked("557712010", "5.00")], periods="2020K2").findings) == 1


def test_a_december_run_is_booked_in_january() -> None:
    rows = [{**sick(MONDAY, 3, "1000.00"), "koerselsperiode": date(2020, 12, 1)}]
    result = ledger_cells(rows, [booked("557712010", "-800.00", date(2021, 1, 31))], periods="2020K4")
    assert [(c.regnskab, c.status) for c in table(result, "yr_regnskab")] == [(Decimal("-800.00"), LedgerStatus.EQUAL)]


def test_an_amount_that_only_one_side_has_is_nothing_on_the_other() -> None:
    rows = [sick(MONDAY, 3, "1000.00")]
    result = ledger_cells(rows, [booked("557712012", "-300.00")])
    assert [(f.forventet, f.vaerdi) for f in result.findings] == [
        (Decimal("-800.00"), Decimal("0.00")),
        (Decimal("0.00"), Decimal("-300.00")),
    ]


def test_a_correction_is_booked_the_other_way_in_its_own_run() -> None:
    rows = [sick(MONDAY, 3, "1000.00"), {**sick(MONDAY, 3, "-250.00"), "koerselsperiode": date(2020, 6, 1)}]
    postings = [booked("557712010", "-800.00"), booked("557712010", "200.00", date(2020, 7, 1))]
    result = ledger_cells(rows, postings)
    assert [(c.koerselsperiode, c.yr, c.status) for c in table(result, "yr_regnskab")] == [
        (date(2020, 4, 1), Decimal("-800.00"), LedgerStatus.EQUAL),
        (date(2020, 6, 1), Decimal("200.00"), LedgerStatus.EQUAL),
    ]


def test_what_another_kommune_finances_is_not_looked_for_in_the_own_ledger() -> None:
    rows = [
        sick(MONDAY, 3, "1000.00", finansieringskommune="665"),
        sick(monday(1), 4, "500.00"),
        sick(monday(2), 3, "700.00", finansieringskommune="671"),
    ]
    result = ledger_cells(rows, [booked("557712010", "-1200.00")])
    assert [c.status for c in table(result, "yr_regnskab")] == [LedgerStatus.EQUAL]
    assert "YR20: 1 række med i alt 560,00 kr. er finansieret af kommune 671 og er ikke med." in result.caveats


def test_a_run_that_is_missing_between_two_is_named_when_the_ledger_has_its_amounts() -> None:
    rows = [{**sick(MONDAY, 3, "1000.00"), "koerselsperiode": date(2020, month, 1)} for month in (4, 6)]
    postings = [booked("557712010", "-800.00", date(2020, month, 10)) for month in (4, 5, 6, 7, 8)]
    result = ledger_cells(rows, postings)
    assert result.findings == ()
    (caveat,) = result.caveats
    assert caveat.startswith("YR20: kilden yr har ingen kørselsperiode 2020-05, men regnskabet har beløb")
