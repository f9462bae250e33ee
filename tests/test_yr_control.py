"""The YR control as a whole: findings in words, what could not be run, ``--period`` and ``yr_uge``."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args
from unittest import mock

import pytest
from support.worlds import world
from support.yr import ALWAYS, ANNA, BO, MONDAY, career, monday, row

from reconcile.controls import yr
from reconcile.controls.noegletal import check_dimensions
from reconcile.errors import InputError
from reconcile.results.rows import Finding, PartResult
from reconcile.settings.sections import YrFactor

DELIVERY = ("ydelsestaeller", "genoptjening", "koerselsperiode", "bopaelskommune", "beregning_id", "fleksbidrag")


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
    assert set(lacking) == {
        "YR02",
        "YR03",
        "YR04",
        "YR05",
        "YR06",
        "YR07",
        "YR08",
        "YR09",
        "YR15",
        "YR18",
        "YR19",
        "YR20",
    }
    assert "ydelsestaeller" in lacking["YR03"]
    assert "bopaelskommune" in lacking["YR15"]
    assert "koerselsperiode" in lacking["YR20"]
    assert set(result.rules_run) == {"YR01", "YR10", "YR11", "YR12", "YR13", "YR14", "YR16", "YR17"}


def said(result: PartResult) -> tuple[str, ...]:
    """The reservations after the one on modulus 11, without what a fault costs."""
    return tuple(text for text in result.caveats[1:] if not text.startswith("Fejl i tæller og sats"))


def test_a_source_with_refusion_only_is_judged_on_refusion() -> None:
    rows = [row(MONDAY, 7, sats=30), row(monday(1), 8, refusion=Decimal(1))]
    result = run(rows, lacks={"yr": ["medfinansieringssats", "medfinansiering"]})
    assert [f.regel for f in result.findings] == ["YR09", "YR10"]
    assert "YR11" in {n.regel for n in result.not_run}
    assert said(result) == (
        "YR09 er kun kørt på refusion: kolonnen medfinansieringssats mangler.",
        "YR10 er kun kørt på refusion: kolonnen medfinansieringssats, medfinansiering mangler.",
    )


def test_percentages_are_judged_where_the_amounts_are_missing() -> None:
    result = run([row(MONDAY, 7, sats=30)], lacks={"yr": ["refusion", "medfinansiering"]})
    assert [f.regel for f in result.findings] == ["YR09"]
    assert {n.regel for n in result.not_run} == {"YR10", "YR11", "YR20"}
    assert said(result) == ()
    result = run([row(MONDAY, 7, sats=30)], lacks={"yr": ["refusion"]})
    assert [f.regel for f in result.findings] == ["YR09"]
    assert said(result) == ("YR10 er kun kørt på medfinansiering: kolonnen refusion mangler.",)


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
    assert {m.periode for m in table(result, "yr_maal")} == {"2020K2", "2020-04", "2020", "alle"}


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


def test_a_factor_that_is_none_is_refused_with_what_there_is() -> None:
    with pytest.raises(InputError) as refused:
        check_dimensions(["kon"], get_args(YrFactor))
    assert "Mente du «koen»?" in str(refused.value)
    assert "gruppering" in str(refused.value)
    assert check_dimensions(["alle"], get_args(YrFactor)) == get_args(YrFactor)


def test_the_rules_of_a_view_read_its_hits_from_one_table_that_is_not_left() -> None:
    wrong = row(MONDAY, 7, sats=50, medfinansiering=Decimal(1), ydelse="Boligstøtte", refusion=Decimal(900))
    with world({"yr": [wrong, row(monday(1), 8)]}, periods=ALWAYS) as context:
        with mock.patch.object(context.engine, "run", wraps=context.engine.run) as said:
            found = {f.regel for f in yr.run(context).findings}
        made = [call.args[0] for call in said.call_args_list if "ramt_" in call.args[0]]
        left = context.engine.rows("SELECT 1 FROM information_schema.tables WHERE table_name LIKE 'ramt%'")
    assert {"YR09", "YR10", "YR11", "YR17"} <= found
    assert made[0].startswith("CREATE OR REPLACE TABLE ramt_yr_beregning AS")
    assert left == []
