"""Disponering and afregning: read strictly, against a count day by day, and every status with its near miss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import disponering as oracle
from support.examples import examples
from support.loading import loading, refused
from support.ottetal import ANNA, BENT, CARL, course, ledger_until, posting
from support.worlds import world

from reconcile.controls import disponering
from reconcile.results.rows import PartResult
from reconcile.sources.convert import unit

LONG, SHORT, DAY = "538501001", "538521001", "538591001"
CODES = {LONG: "1.8.1", SHORT: "1.8.2", DAY: "1.1"}
MASTER = [{"dst_kode": code, "konto": konto} for konto, code in CODES.items()]
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)


def grant(
    cpr: str, konto: str, takst: str, enhed: str, fra: str, til: str | None = None, **more: Any
) -> dict[str, Any]:
    end = date.fromisoformat(til) if til else None
    made = {
        "cpr": cpr,
        "konto": konto,
        "takst": Decimal(takst),
        "enhed": enhed,
        "fra": date.fromisoformat(fra),
        "til": end,
    }
    return {**made, "antal": None, **more}


def run(grants: Sequence[Any], **more: Any) -> PartResult:
    tables = {"disponering": grants, "masteroversigt": MASTER, **more.pop("tables", {})}
    with world(tables, **more) as context:
        return disponering.run(context)


def months(part: PartResult) -> dict[tuple[str, str, str], Any]:
    (rows,) = [table.rows for table in part.tables if table.name == "disponering_maaned"]
    return {(row.borger, row.dst_kode, row.maaned): row for row in rows}


DATES = st.dates(date(2019, 11, 1), date(2021, 2, 1))
GRANT = st.fixed_dictionaries(
    {
        "cpr": st.sampled_from([ANNA, BENT]),
        "konto": st.sampled_from([LONG, SHORT, "538999999"]),
        "takst": st.decimals(-50, 90_000, places=2),
        "enhed": st.sampled_from(["dag", "uge", "maaned", "kvartal", "aar", "styk"]),
        "fra": DATES,
        "til": st.none() | DATES,
        "antal": st.none() | st.decimals(0, 40, places=2),
    }
)
COURSE = st.builds(
    lambda cpr, code, start, length: {
        "cpr": cpr, "dst_kode": code, "start_dato": start,
        "slut_dato": None if length is None else date.fromordinal(start.toordinal() + length),
    },
    st.sampled_from([ANNA, BENT]), st.sampled_from(["1.8.1", "1.8.2", "1.1"]), DATES, st.none() | st.integers(0, 200),
)  # fmt: skip
POSTING = st.builds(
    lambda cpr, konto, amount, day, month: {
        "cpr": cpr, "konto": konto, "beloeb": amount, "bogfoert_dato": day, "ydelsesperiode": month.replace(day=1),
    },
    st.sampled_from([ANNA, BENT, None]), st.sampled_from([LONG, SHORT, DAY]),
    st.sampled_from([Decimal("1000.00"), Decimal("-1000.00"), Decimal("0.01")]), DATES, DATES,
)  # fmt: skip


@examples(15)
@given(
    st.lists(GRANT, max_size=5),
    st.lists(GRANT, max_size=2),
    st.lists(COURSE, max_size=4),
    st.lists(POSTING, max_size=5),
)
def test_every_month_agrees_with_a_count_day_by_day(
    grants: list[Any], settled: list[Any], courses: list[Any], postings: list[Any]
) -> None:
    tables = {"fagsystem": courses, "oekonomi": [*postings, ledger_until("2020-10")], "afregning": settled}
    part = run(grants, tables=tables)
    found = months(part)
    granted, billed = (oracle.granted(rows, CODES, FIRST, LAST) for rows in (grants, settled))
    days, money = oracle.given(courses, FIRST, LAST), oracle.paid(postings, CODES)
    with_code, with_bill = ({CODES[g["konto"]] for g in rows if g["konto"] in CODES} for rows in (grants, settled))
    ends = max([p["bogfoert_dato"] for p in postings] + [date(2020, 10, 10)])
    begins = min([p["bogfoert_dato"] for p in postings] + [date(2020, 10, 10)])
    whole = (begins.year, begins.month) < (ends.year, ends.month)
    cells = {cell for cell in [*granted, *billed, *days, *money] if cell[2].startswith("2020")}
    cells = {cell for cell in cells if cell[1] in with_code | with_bill}
    expected = {}
    for cell in cells:
        (amount, rows), (bill, bills) = granted.get(cell, (Decimal(0), 0)), billed.get(cell, (Decimal(0), 0))
        payment = money.get(cell, Decimal(0))
        if not (rows or bills or days.get(cell) or payment):
            continue
        month = int(cell[2][:4]) * 12 + int(cell[2][5:])
        known = month + 2 <= ends.year * 12 + ends.month and (not whole or month >= begins.year * 12 + 1)
        state = oracle.status(
            rows, days.get(cell, 0), amount, payment, code_granted=cell[1] in with_code, settled=known
        )
        grant_or_none = amount if cell[1] in with_code else None
        gap = None if grant_or_none is None else payment - amount
        bill_or_none = bill if cell[1] in with_bill else None
        figures = (days.get(cell, 0), grant_or_none, bill_or_none, payment, gap, state)
        expected[f"P-{cell[0][::-1]}", *cell[1:]] = figures
    got = {
        key: (row.dage, row.disponeret, row.afregnet, row.betalt, row.forskel_disponeret, row.status)
        for key, row in found.items()
    }
    assert got == expected
    _sums_are_those_of_the_months(part)


def _sums_are_those_of_the_months(part: PartResult) -> None:
    """Every code's amounts are its months', and «I alt» is every code's; the persons lie between the most and the sum."""
    (counts,) = [table.rows for table in part.tables if table.name == "disponering_kode"]
    for quarter in {row.periode for row in counts}:
        here = [row for row in months(part).values() if _quarter(row.maaned) == quarter]
        (whole,) = [row for row in counts if (row.dst_kode, row.periode) == ("I alt", quarter)]
        codes = [row for row in counts if row.periode == quarter and row is not whole]
        for name in ("disponeret", "afregnet", "betalt", "forskel_disponeret"):
            total = _sum(getattr(row, name) for row in here)
            assert getattr(whole, name) == total == _sum(getattr(row, name) for row in codes)
        assert whole.ens + whole.afviger + whole.ikke_afgjort == len(here)
        assert whole.ens == sum(row.status == "ens" for row in here) == sum(row.ens for row in codes)
        for name in ("disponeret_borgere", "ydelse_borgere", "betalt_borgere"):
            persons = [getattr(row, name) for row in codes]
            assert max(persons) <= getattr(whole, name) <= sum(persons)
        assert whole.ydelse_borgere == len({row.borger for row in here if row.dage})
        assert whole.betalt_borgere == len({row.borger for row in here if row.betalt})


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are there; None where none is."""
    found = [amount for amount in amounts if amount is not None]
    return sum(found, Decimal(0)) if found else None


def _quarter(month: str) -> str:
    return f"{month[:4]}K{(int(month[5:]) + 2) // 3}"


@pytest.mark.parametrize(
    ("enhed", "takst", "fra", "til", "expected"),
    [
        ("dag", "100.00", "2020-02-10", "2020-02-19", "1000.00"),
        ("uge", "700.00", "2020-02-01", None, "2900.00"),
        ("maaned", "2900.00", "2020-02-01", "2020-02-29", "2900.00"),
        ("maaned", "2900.00", "2020-02-20", None, "1000.00"),
        ("kvartal", "9100.00", "2019-01-01", None, "2900.00"),
        ("aar", "36600.00", "2019-01-01", "2020-02-10", "1000.00"),
        ("styk", "5000.00", "2020-02-28", None, "5000.00"),
        ("uge", "0.01", "2020-02-01", "2020-02-04", "0.01"),
        ("uge", "0.01", "2020-02-01", "2020-02-03", "0.00"),
        ("maaned", "-29.00", "2020-02-15", "2020-02-15", "-1.00"),
    ],
)
def test_a_takst_is_what_its_days_in_the_month_cost(
    enhed: str, takst: str, fra: str, til: str | None, expected: str
) -> None:
    row = months(run([grant(ANNA, LONG, takst, enhed, fra, til)]))[f"P-{ANNA[::-1]}", "1.8.1", "2020-02"]
    assert row.disponeret == Decimal(expected)
    assert (row.dage, row.betalt, row.afregnet) == (None, None, None)


def test_a_single_payment_stands_in_its_month_alone_and_the_number_multiplies() -> None:
    found = months(run([grant(ANNA, LONG, "250.00", "styk", "2020-03-31", "2020-06-01", antal=Decimal("2.5"))]))
    assert {month: row.disponeret for (_who, _code, month), row in found.items()} == {"2020-03": Decimal("625.00")}


def test_money_on_an_account_of_two_codes_stands_on_the_one_the_person_has() -> None:
    shared = [{"dst_kode": code, "konto": LONG} for code in ("1.8.1", "1.8.2")]
    tables = {"masteroversigt": shared, "fagsystem": [course(ANNA, "1.8.2", "2020-01-01", "2020-01-31")]}
    tables |= {"oekonomi": [posting(ANNA, LONG, "2020-01", "3100.00"), ledger_until("2020-12")]}
    found = months(run([grant(ANNA, LONG, "100.00", "dag", "2020-01-01", "2020-01-31")], tables=tables))
    row = found[f"P-{ANNA[::-1]}", "1.8.2", "2020-01"]
    assert (row.disponeret, row.betalt, row.status) == (Decimal("3100.00"), Decimal("3100.00"), "ikke_afgjort")
    assert found[f"P-{ANNA[::-1]}", "1.8.1", "2020-01"].disponeret == 0


def test_what_is_rammestyret_or_anothers_or_nobodys_code_is_left_out_and_said() -> None:
    master = [*MASTER, {"dst_kode": "1.13.3", "konto": "538531004", "rammestyret": True}]
    theirs = course(BENT, "1.8.1", "2019-01-01", handlekommune="101", betalingskommune="101")
    grants = [
        grant(ANNA, "538531004", "1.00", "dag", "2020-01-01"),
        grant(BENT, LONG, "1.00", "dag", "2020-01-01"),
        grant(CARL, LONG, "1.00", "dag", "2020-01-01", kommune="101"),
    ]
    tables = {"masteroversigt": master, "fagsystem": [theirs, course(ANNA, "1.1", "2020-02-01")]}
    part = run(grants, tables=tables)
    assert months(part) == {}
    codes, framed, strangers = part.caveats
    assert "på rammestyrede konti: 1 på 1;" in framed
    assert codes == "disponering har ingen takster på 1.1; deres ydelser er ikke holdt mod noget."
    assert "betaler for: 1;" in strangers


def test_only_a_code_with_ydelser_in_the_quarters_and_no_takst_is_said() -> None:
    courses = [course(ANNA, "1.8.1", "2020-01-01"), course(BENT, "1.1", "2019-01-01", "2019-12-31")]
    part = run([grant(ANNA, LONG, "1.00", "dag", "2020-01-01")], tables={"fagsystem": courses})
    assert not [text for text in part.caveats if "ingen takster" in text]


def test_a_person_counts_once_in_a_quarter_however_many_months_are_paid() -> None:
    ledger = [*(posting(ANNA, LONG, f"2020-0{n}", "3000.00") for n in (1, 2, 3)), ledger_until("2020-12")]
    tables = {"fagsystem": [course(ANNA, "1.8.1", "2020-01-01", "2020-03-31")], "oekonomi": ledger}
    part = run([grant(ANNA, LONG, "100.00", "dag", "2020-01-01", "2020-03-31")], tables=tables)
    counts = [row for table in part.tables for row in table.rows if hasattr(row, "betalt_borgere")]
    assert {(row.dst_kode, row.periode) for row in counts} >= {("1.8.1", "2020K1"), ("I alt", "2020K1")}
    first = [row for row in counts if row.periode == "2020K1"]
    assert {(row.disponeret_borgere, row.ydelse_borgere, row.betalt_borgere) for row in first} == {(1, 1, 1)}


def test_a_code_that_is_billed_by_the_quarter_or_a_ledger_of_bookings_only_is_not_judged_by_month() -> None:
    master = [{"dst_kode": "1.8.1", "konto": LONG, "rytme": "kvartal"}]
    ledger = [posting(ANNA, LONG, "2020-03", "9100.00"), ledger_until("2020-12")]
    tables = {
        "masteroversigt": master,
        "fagsystem": [course(ANNA, "1.8.1", "2020-01-01", "2020-03-31")],
        "oekonomi": ledger,
    }
    part = run([grant(ANNA, LONG, "100.00", "dag", "2020-01-01", "2020-03-31")], tables=tables)
    assert {row.status for row in months(part).values()} == {"ikke_afgjort"}
    part = run([], tables=tables, lacks={"oekonomi": ["ydelsesperiode"]})
    assert [item.grund for item in part.not_run if item.regel == "DI03"] == ["kolonnen oekonomi.ydelsesperiode mangler"]
    assert any("bogføringsmåneden" in text for text in part.caveats)


def test_without_a_masteroversigt_nothing_is_compared_and_that_is_said() -> None:
    with world({"disponering": [grant(ANNA, LONG, "1.00", "dag", "2020-01-01")]}) as context:
        part = disponering.run(context)
    assert not part.tables
    assert ("disponering", "masteroversigt") in [(item.regel, item.kilde) for item in part.not_run]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dag", "dag"), ("Døgn", "dag"), ("kr. pr. døgn", "dag"), ("Døgntakst", "dag"), ("pr. uge", "uge"),
        ("Månedlig", "maaned"), ("md.", "maaned"), ("kr/måned", "maaned"), ("pr. måned", "maaned"), ("Kvartal", "kvartal"),
        ("år", "aar"), ("Årstakst", "aar"), ("stk.", "styk"), ("styk", "styk"), ("time", None), ("", None), ("1000", None),
    ],
)  # fmt: skip
def test_a_unit_is_read_as_people_write_it_and_anything_else_is_refused(text: str, expected: str | None) -> None:
    assert unit(text) == expected


def test_a_sheet_of_grants_is_read_strictly(tmp_path: Path) -> None:
    text = "Personnummer;Kontonummer;Takst;Enhed;Fra;Til;Antal\n010170-0001;5.38.50 1 001;1.234,50;kr. pr. døgn;01-02-2020;;\n"
    names = {"cpr": "Personnummer", "konto": "Kontonummer", "takst": "Takst", "enhed": "Enhed", "antal": "Antal"}
    for source in ("disponering", "afregning"):
        with loading(tmp_path, source, {"ark.csv": text}, kolonner=names) as read:
            assert read.rows("cpr", "konto", "takst", "enhed", "fra", "til", "antal") == [
                ("0101700001", LONG, Decimal("1234.50"), "dag", date(2020, 2, 1), None, None)
            ]


def test_a_cell_that_is_no_grant_is_refused_with_what_to_write(tmp_path: Path) -> None:
    header = "cpr;konto;takst;enhed;fra;til;antal\n"
    rows = [
        "0101700001;538501001;400,00;time;01-02-2020;;7",
        "0101700001;538501001;400.00;uge;01-02-2020;;7",
        "0101700001;5385;400,00;uge;01-02-2020;30-02-2020;7",
        "0101700001;538501001;;uge;;;1",
    ]
    text = refused(tmp_path, "disponering", {"ark.csv": header + "\n".join(rows)})
    assert "timetakst skrives som uge, med timerne i antal" in text
    for place in (
        "række 2, kolonne «enhed»",
        "række 3, kolonne «takst»",
        "række 4, kolonne «konto»",
        "række 4, kolonne «til»",
        "række 5, kolonne «fra»",
    ):
        assert place in text, text
    assert "0101700001" not in text
