"""Which cells are open, how large what is open is, and what the numbers of a run and of a kommune are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from reconcile.results import kommuner
from reconcile.results.cells import OpenCell, cell_id, cell_key, is_cell, known_as, open_cells, sealed, size_text
from reconcile.results.rows import Finding, ResultTable, RunResult, Severity, ordered

OPEN, PARTLY = "uforklaret", "delvist_forklaret"
CLOSED = (
    "ens",
    "forklaret",
    "inden_for_tolerance",
    "afventer",
    "ikke_godkendt",
    "kode_ikke_gyldig",
    "mangler_dst",
    "ufuldstaendig",
)


def diff(status: str, rest: Any = -3, code: str = "1.1", period: str = "2020K3") -> Any:
    return SimpleNamespace(dst_kode=code, periode=period, status=status, rest=rest)


def eight(
    statistik: str = "ens", oekonomi: str = "ens", code: str = "1.1", period: str = "2020K3", **counts: Any
) -> Any:
    figures = {
        "fagsystem_borgere": 10, "flis_borgere": 9, "dst_modtagere": 8, "fagsystem_betaler_borgere": 7, "oekonomi_borgere": 6,
        "kun_fagsystem": 2, "kun_oekonomi": 1, "oekonomi_beloeb": None,
    }  # fmt: skip
    return SimpleNamespace(
        dst_kode=code, periode=period, status_statistik=statistik, status_oekonomi=oekonomi, **{**figures, **counts}
    )


def account(status: str, difference: Any = Decimal("10.00")) -> Any:
    return SimpleNamespace(konto="5.38.52-1", periode="2020", status=status, forskel=difference)


def one(**tables: Sequence[Any]) -> OpenCell:
    (cell,) = open_cells(tables).values()
    return cell


# --- which are open -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", CLOSED)
def test_a_cell_that_is_explained_or_was_not_compared_is_not_open(status: str) -> None:
    tables = {"hand07_diff": [diff(status)], "hand01_diff": [diff(status)], "ottetal": [eight(status, status)]}
    assert open_cells({**tables, "regnskab_diff": [account(status)]}) == {}
    assert open_cells({}) == {}


@pytest.mark.parametrize("status", [OPEN, PARTLY])
@pytest.mark.parametrize(("table", "where"), [("hand07_diff", "hand07"), ("hand01_diff", "hand01")])
def test_an_unexplained_difference_is_open_in_its_table(status: str, table: str, where: str) -> None:
    cell = one(**{table: [diff(status)]})
    assert (cell.dst_kode, cell.periode, cell.status, cell.size, cell.where) == (
        "1.1",
        "2020K3",
        status,
        "-3",
        (where,),
    )
    assert (cell.id, cell.is_account) == ("CELLE:1.1:2020K3", False)


def test_each_loop_is_open_by_itself_with_the_persons_at_its_ends() -> None:
    assert (one(ottetal=[eight(OPEN)]).size, one(ottetal=[eight(OPEN)]).where) == ("10x9x8", ("statistik",))
    assert (one(ottetal=[eight("ens", OPEN)]).size, one(ottetal=[eight("ens", OPEN)]).where) == (
        "7x6x2x1",
        ("oekonomi",),
    )
    both = one(ottetal=[eight(PARTLY, OPEN)])
    assert (both.status, both.size, both.where) == (OPEN, "10x9x8 og 7x6x2x1", ("statistik", "oekonomi"))


def test_a_figure_that_is_missing_is_nothing_in_a_size() -> None:
    assert one(ottetal=[eight(OPEN, dst_modtagere=None)]).size == "10x9x"
    assert one(hand07_diff=[diff(OPEN, rest=None)]).size == ""


def test_the_worst_of_the_statuses_is_the_cells() -> None:
    for first, second in ((OPEN, PARTLY), (PARTLY, OPEN)):
        cell = one(hand07_diff=[diff(first)], hand01_diff=[diff(second, Decimal("0.5000"))])
        assert (cell.status, cell.size) == (OPEN, "-3 og 0.5")
    assert one(hand07_diff=[diff(PARTLY)], hand01_diff=[diff(PARTLY)]).status == PARTLY


def test_what_hand07_has_left_open_is_not_told_again_by_the_statistics_loop() -> None:
    cell = one(hand07_diff=[diff(OPEN)], ottetal=[eight(OPEN, OPEN)])
    assert (cell.where, cell.size) == (("hand07", "oekonomi"), "-3 og 7x6x2x1")
    # hand01 does not end the statistics loop
    assert one(hand01_diff=[diff(OPEN)], ottetal=[eight(OPEN)]).where == ("hand01", "statistik")
    # another cell of HAND07 says nothing of this one
    cells = open_cells({"hand07_diff": [diff(OPEN, period="2020K2")], "ottetal": [eight(OPEN)]})
    assert [cell.where for cell in cells.values()] == [("hand07",), ("statistik",)]


def test_cells_come_by_code_and_quarter_however_the_rows_lie() -> None:
    rows = [diff(OPEN, code=code, period=period) for code in ("1.8.2", "1.1") for period in ("2020K3", "2019K4")]
    assert list(open_cells({"hand07_diff": rows})) == [
        ("1.1", "2019K4"), ("1.1", "2020K3"), ("1.8.2", "2019K4"), ("1.8.2", "2020K3"),
    ]  # fmt: skip


def test_an_account_is_a_cell_of_its_own() -> None:
    cell = one(regnskab_diff=[account(OPEN)])
    assert (cell.dst_kode, cell.periode, cell.size, cell.where, cell.is_account) == (
        "5.38.52-1",
        "2020",
        "10",
        ("regnskab",),
        True,
    )
    assert open_cells({"regnskab_diff": [account("ens")]}) == {}


# --- names and sizes ----------------------------------------------------------------------------------------------------


def test_a_name_of_a_cell_is_made_and_read_alike() -> None:
    name = cell_id("1.12.0.2", "2020K3")
    assert name == "CELLE:1.12.0.2:2020K3"
    assert cell_key(name) == ("1.12.0.2", "2020K3")
    assert cell_key("CELLE:5.38.52-1:2020:x") == ("5.38.52-1", "2020:x")
    assert is_cell(name)
    assert not is_cell("CELLEN:1.1:2020K3")
    assert not is_cell("VH03-1")


@pytest.mark.parametrize(
    ("name", "is_now"),
    [
        ("HAND07:1.1:2020K3", "CELLE:1.1:2020K3"),
        ("hand01:1.1:2020K3", "CELLE:1.1:2020K3"),
        ("OTTETAL:1.1:2020K3", "CELLE:1.1:2020K3"),
        ("CELLE:1.1:2020K3", "CELLE:1.1:2020K3"),
        ("HAND07", "HAND07"),
        ("VH03-1", "VH03-1"),
        ("HAND08:1.1:2020K3", "HAND08:1.1:2020K3"),
        ("", ""),
    ],
)
def test_an_earlier_name_of_a_cell_is_its_name_now(name: str, is_now: str) -> None:
    assert known_as(name) == is_now


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-3, "-3"),
        (Decimal("0.00"), "0"),
        (Decimal("1000.00"), "1000"),
        (Decimal("-0.1250"), "-0.125"),
        (Decimal("1E+6"), "1000000"),
    ],
)
def test_a_size_has_no_zeros_that_say_nothing(value: Any, text: str) -> None:
    assert size_text(value) == text


def test_a_sealed_size_holds_no_digit_and_tells_sizes_apart() -> None:
    seals = {size: sealed(size) for size in ("", "0", "1", "-1", "10", "10x9x8", "10x9x8 og 7x6x2x1")}
    assert len(set(seals.values())) == len(seals)
    for seal in seals.values():
        assert seal[0] == "~"
        assert len(seal) == 13
        assert not any(sign.isdigit() for sign in seal)
    assert sealed("10x9x8") == seals["10x9x8"]


# --- a run, and a kommune beside others ---------------------------------------------------------------------------------


def finding(name: str, severity: Severity = Severity.ERROR, **given: Any) -> Finding:
    parts: dict[str, Any] = dict.fromkeys(
        ("borger", "dst_kode", "ydelse", "periode", "vaerdi", "forventet", "fil", "raekke")
    )
    return Finding(
        fund_id=name, alvor=severity, kilde="fagsystem", **{**parts, "regel": name.split("-", maxsplit=1)[0], **given}
    )


def run(
    *tables: ResultTable, findings: Sequence[Finding] = (), accepted: Sequence[str] = (), quarantined: int = 0
) -> RunResult:
    return RunResult(
        command="run",
        version="1",
        started=datetime(2021, 1, 1),
        kommune="665",
        navn="Lemvig",
        perioder=("2020K3",),
        sources=(),
        tables=tables,
        findings=tuple(findings),
        not_run=(),
        caveats=(),
        quarantined=quarantined,
        config_hash="",
        rules_hash="",
        accepted=frozenset(accepted),
    )


def table(name: str, *rows: Any) -> ResultTable:
    return ResultTable(name, cast("type", SimpleNamespace), rows)


def test_the_exit_code_is_that_of_what_is_not_accepted() -> None:
    error, warning = finding("VH03-1"), finding("VH05-1", Severity.WARNING)
    information = finding("VH13-1", Severity.INFORMATION)
    still_open = table("hand07_diff", diff(OPEN))
    assert run().exit_code == 0
    assert run(findings=[warning, information]).exit_code == 0
    assert run(findings=[error]).exit_code == 1
    assert run(findings=[error], accepted=["VH03-1"]).exit_code == 0
    assert run(findings=[error, finding("VH03-2")], accepted=["VH03-1"]).exit_code == 1
    assert run(still_open).exit_code == 1
    assert run(still_open, accepted=["CELLE:1.1:2020K3"]).exit_code == 0
    assert run(still_open, accepted=["CELLE:1.1:2020K2"]).exit_code == 1
    assert run(quarantined=1).exit_code == 1
    assert run(table("hand07_diff", diff("ens"))).exit_code == 0


def test_a_table_that_was_not_made_has_no_rows() -> None:
    made = run(table("a", 1, 2))
    assert (list(made.rows("a")), list(made.rows("b")), made.table("b")) == ([1, 2], [], None)
    assert run(table("hand07_diff", diff(OPEN), diff(OPEN, code="1.4"))).open_cells == 2


def test_findings_lie_in_the_order_of_the_file_and_the_gravest_and_largest_matter_most() -> None:
    rows = [
        finding("B-1", vaerdi=5),
        finding("A-3", Severity.WARNING, vaerdi=Decimal("900.00")),
        finding("A-2", dst_kode="1.4"),
        finding("A-1", dst_kode="1.1", vaerdi=-70),
        finding("A-4", Severity.INFORMATION, vaerdi=date(2020, 1, 1)),
        finding("A-5", vaerdi="99"),
    ]
    assert [f.fund_id for f in ordered(rows)] == ["A-3", "A-4", "A-5", "A-1", "A-2", "B-1"]
    # a text or a day is no size
    assert [f.fund_id for f in sorted(rows, key=Finding.importance)] == ["A-1", "B-1", "A-5", "A-2", "A-3", "A-4"]


def case(severity: Severity, **given: Any) -> Any:
    parts = {"regel": "VH03", "status": "åben", "borger": None, "beloeb": None}
    return SimpleNamespace(alvor=severity, **{**parts, **given})


def test_a_kommune_counts_its_cases_that_are_neither_cells_nor_accepted() -> None:
    cases = table(
        "sager",
        case(Severity.ERROR, borger="A", beloeb=Decimal("10.50")),
        case(Severity.ERROR, borger="A"),
        case(Severity.WARNING, borger="B", beloeb=Decimal("-0.50")),
        case(Severity.ERROR, borger="C", status="accepteret", beloeb=Decimal(900)),
        case(Severity.ERROR, regel="CELLE", borger="D"),
        case(Severity.INFORMATION, status="ny"),
    )
    row = kommuner.kommune_row(run(cases), "Dommen.")
    assert (row.fejl, row.advarsler, row.oplysninger, row.borgere, row.sagsbeloeb) == (2, 1, 1, 2, Decimal("10.00"))
    assert (row.dom, row.kommune, row.navn, row.celler, row.aabne_celler) == ("Dommen.", "665", "Lemvig", 0, 0)
    assert (row.beloeb, row.yr_bruttoudgift, row.yr_tab) == (None, None, None)


def test_the_amounts_of_a_kommune_are_those_of_its_tables_and_none_where_there_is_none() -> None:
    amounts = [
        SimpleNamespace(
            dst_kode="1.1", periode="2020K3", status_statistik="ens", status_oekonomi="ens", oekonomi_beloeb=a
        )
        for a in (Decimal("1.10"), None, Decimal("2.20"))
    ]
    weeks = table("yr_uge", SimpleNamespace(total=Decimal("5.00")), SimpleNamespace(total=Decimal("-1.00")))
    row = kommuner.kommune_row(run(table("ottetal", *amounts), weeks, table("yr_tab")), "")
    assert (row.beloeb, row.yr_bruttoudgift, row.yr_tab) == (Decimal("3.30"), Decimal("4.00"), 0)


def test_the_cells_of_a_quarter_are_counted_once_over_all_tables() -> None:
    tables = [
        table("hand07_diff", diff(OPEN), diff("ens", code="1.4"), diff("ens", period="2020K2")),
        table("hand01_diff", diff("ens")), table("ottetal", eight(code="1.8.2"), eight(OPEN)),
        table("regnskab_diff", account(OPEN)),
    ]  # fmt: skip
    result = run(*tables)
    assert [(q.periode, q.celler, q.aabne) for q in kommuner.quarters(result)] == [("2020K2", 1, 0), ("2020K3", 3, 1)]
    row: Mapping[str, Any] = vars(kommuner.kommune_row(result, ""))
    assert (row["celler"], row["aabne_celler"], row["afslutningskode"]) == (4, 2, 1)
