"""The YR control as a whole: findings in words, what could not be run, ``--period``, ``yr_uge`` and the ledger."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from support import world
from yr_support import ALWAYS, ANNA, BO, MONDAY, career, monday, row

from reconcile.controls import yr
from reconcile.controls.yr_ledger import reconcile_ledger
from reconcile.results import Finding, PartResult
from reconcile.results_yr import LedgerStatus
from reconcile.rules.catalogue import load_rules

DELIVERY = ("ydelsestaeller", "genoptjening", "koerselsperiode", "bopaelskommune", "beregning_id", "fleksbidrag")
YR20 = next(rule for rule in load_rules() if rule.id == "YR20")


def run(rows: list[dict[str, Any]], ledger: list[dict[str, Any]] | None = None, **options: Any) -> PartResult:
    tables = {"yr": rows} | ({} if ledger is None else {"oekonomi": ledger})
    with world(tables, **{"periods": ALWAYS, **options}) as context:
        return yr.run(context)


def table(result: PartResult, name: str) -> list[Any]:
    return next(list(t.rows) for t in result.tables if t.name == name)


def test_a_finding_says_what_is_wrong_and_in_which_weeks() -> None:
    result = run(career(6, 7, 7))
    (finding,) = result.findings
    assert (finding.regel, finding.kilde, finding.borger, finding.periode) == (
        "YR02",
        "yr",
        f"P-{ANNA[::-1]}",
        "2020-U12",
    )
    assert finding.besked == "Tælleren står på 7 i både uge 2020-U11 og 2020-U12."
    assert (finding.vaerdi, finding.forventet, finding.fil, finding.raekke) == (7, 8, "yr.csv", 4)


def test_without_the_source_nothing_happens() -> None:
    with world({}) as context:
        assert yr.run(context) == PartResult()


def test_a_delivery_file_gets_the_amount_rules_and_names_the_others() -> None:
    rows = [row(MONDAY, None, "12000.00", finansieringskommune="665"), row(monday(1), None, refusion=Decimal(1))]
    result = run(rows, [], lacks={"yr": DELIVERY})
    assert [f.regel for f in result.findings] == ["YR01", "YR10"]
    lacking = {n.regel: n.grund for n in result.not_run}
    assert set(lacking) == {"YR02", "YR03", "YR04", "YR05", "YR06", "YR07", "YR08", "YR09", "YR15", "YR18", "YR20"}
    assert "ydelsestaeller" in lacking["YR03"]
    assert "bopaelskommune" in lacking["YR15"]
    assert "koerselsperiode" in lacking["YR20"]
    assert set(result.rules_run) == {"YR01", "YR10", "YR11", "YR12", "YR13", "YR14", "YR16", "YR17"}


def test_a_source_with_refusion_only_is_judged_on_refusion() -> None:
    rows = [row(MONDAY, 7, sats=30), row(monday(1), 8, refusion=Decimal(1))]
    result = run(rows, lacks={"yr": ["medfinansieringssats", "medfinansiering"]})
    assert [f.regel for f in result.findings] == ["YR09", "YR10"]
    assert "YR11" in {n.regel for n in result.not_run}
    assert result.caveats[1:] == (
        "YR09 er kun kørt på refusion: kolonnen medfinansieringssats mangler.",
        "YR10 er kun kørt på refusion: kolonnen medfinansieringssats, medfinansiering mangler.",
    )


def test_percentages_are_judged_where_the_amounts_are_missing() -> None:
    result = run([row(MONDAY, 7, sats=30)], lacks={"yr": ["refusion", "medfinansiering"]})
    assert [f.regel for f in result.findings] == ["YR09"]
    assert {n.regel for n in result.not_run} == {"YR10", "YR11", "YR20"}
    assert result.caveats[1:] == ()
    result = run([row(MONDAY, 7, sats=30)], lacks={"yr": ["refusion"]})
    assert [f.regel for f in result.findings] == ["YR09"]
    assert result.caveats[1:] == ("YR10 er kun kørt på medfinansiering: kolonnen refusion mangler.",)


def test_a_period_limits_what_is_shown_and_not_what_is_read() -> None:
    rows = [
        *career(*range(20, 26), first=-2, cpr=BO),
        row(date(2020, 3, 23), 6),
        row(date(2020, 3, 30), 6),
        row(date(2020, 4, 6), 6),
    ]
    result = run(rows, periods="2020K2")
    # The week of 30 March has a day in April; its predecessor has not, but is still known.
    assert sorted(f.periode or "" for f in result.findings) == ["2020-U14", "2020-U15"]
    assert [w.uge for w in table(result, "yr_uge")] == [date(2020, 4, 6)]
    assert {m.periode for m in table(result, "yr_maal")} == {"2020K2", "2020-04"}


def test_findings_do_not_depend_on_the_order_of_rows() -> None:
    rows = [
        *career(1, 2, 4, None, 9, 9, cpr=ANNA),
        *career(50, 50, 51, cpr=BO, sats=80),
        *[row(MONDAY, 7, amount, cpr=BO, ydelse="Sygedagpenge") for amount in ("-10.00", "-20.00", "5.00")],
        row(date(2020, 4, 8), 7, "900.00", cpr=BO, refusion=Decimal(7)),
        row(date(2020, 4, 8), 7, "900.00", cpr=BO, refusion=Decimal(8)),
    ]

    def without_place(findings: tuple[Finding, ...]) -> list[Finding]:
        return sorted((replace(f, fil=None, raekke=None) for f in findings), key=Finding.sort_key)

    first = without_place(run(rows).findings)
    shuffled = random.Random(3).sample(rows, len(rows))
    assert without_place(run(shuffled).findings) == first
    assert len({f.fund_id for f in first}) == len(first) > 10


def test_yr_uge_counts_persons_whose_amount_does_not_net_out() -> None:
    rows = [
        row(date(2020, 6, 29), 7, "300.00", finansieringskommune="665"),
        row(date(2020, 6, 29), 7, "50.00", finansieringskommune="665"),
        row(date(2020, 6, 29), 7, "200.00", cpr=BO, finansieringskommune="665"),
        row(date(2020, 7, 1), 7, "400.00", finansieringskommune="665"),
        row(date(2020, 7, 1), 7, "100.00", cpr=BO, finansieringskommune="665"),
        row(date(2020, 7, 1), 7, "-100.00", cpr=BO, finansieringskommune="665", refusion=Decimal(0)),
        row(date(2020, 7, 1), 7, "99.00", ydelse="Fleksbidrag fra staten"),
    ]
    weeks = table(run(rows), "yr_uge")
    assert [(w.uge, w.kommune, w.antal, w.total, w.refusion) for w in weeks] == [
        (date(2020, 6, 29), "665", 2, Decimal("550.00"), Decimal("220.00")),
        (date(2020, 7, 1), "665", 1, Decimal("400.00"), Decimal("160.00")),
    ]


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
    given = {
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
    assert any("1 rækker med i alt 800,00 kr." in text for text in result.caveats)


def test_a_ledger_without_the_staircases_accounts_is_not_judged() -> None:
    result = ledger_cells([sick(MONDAY, 3, "1000.00")], [booked("538581001", "5.00")])
    assert [n.regel for n in result.not_run] == ["YR20"]
    assert result.tables == ()


def test_yr20_follows_the_period() -> None:
    rows = [sick(MONDAY, 3, "1000.00")]
    assert ledger_cells(rows, [booked("557712010", "5.00")], periods="2020K1").findings == ()
    assert len(ledger_cells(rows, [booked("557712010", "5.00")], periods="2020K2").findings) == 1
