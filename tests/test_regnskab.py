"""The ledger against the published accounts, account by account and year by year."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.ottetal import posting
from support.quick import quick_worlds
from support.runs import call
from support.runs import result as run_result

from reconcile.controls import regnskab
from reconcile.reports.verdict import judge
from reconcile.results.rows import PartResult

KONTI = ["538581001", "538581002", "538591001", "532341001"]


def account(konto: str, kroner: str, year: str = "2020", kommune: str = "665") -> dict[str, Any]:
    return {"kommune": kommune, "periode": year, "konto": konto, "beloeb": Decimal(kroner)}


def run(accounts: list[Any], postings: list[Any], **options: Any) -> PartResult:
    with quick_worlds() as quick:
        return regnskab.run(quick({"regnskab": accounts, "oekonomi": postings}, **options))


def cells(result: PartResult) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (c.periode, c.konto): (c.oekonomi, c.regnskab, c.forskel, c.posteringer, c.status)
        for table in result.tables
        for c in table.rows
    }


def test_an_account_missing_from_the_extract_and_one_that_is_short_are_named() -> None:
    postings = [posting(None, "538581001", month, "50.25") for month in ("2020-01", "2020-12", "2021-01")]
    accounts = [
        account("538581001", "100.50"),
        account("538581002", "70.00"),
        account("538591001", "9.00", kommune="101"),
    ]
    found = run([*accounts, account("538581001", "60.25", "2021")], postings, periods="2020:2021")
    assert cells(found) == {
        ("2020", "5.38.58-1-001"): (Decimal("100.50"), Decimal("100.50"), Decimal(0), 2, "ens"),
        ("2020", "5.38.58-1-002"): (None, Decimal("70.00"), None, 0, "mangler_oekonomi"),
        ("2021", "5.38.58-1-001"): (Decimal("50.25"), Decimal("60.25"), Decimal("10.00"), 1, "uforklaret"),
    }
    assert "5.38.58-1-002 2020 (70,00 kr.)" in found.caveats[0]
    assert "5.38.58-1-001 2021 (10,00 kr.)" in found.caveats[1]


def test_accounts_published_without_gruppering_are_the_sum_over_them() -> None:
    postings = [
        posting(None, konto, "2020-02", "30.00") for konto in ("538581001", "538581002", "538582002", "538591002")
    ]
    accounts = [account("538581000", "60.00"), account("538582000", "31.00"), account("538591002", "30.00")]
    found = run(accounts, postings, periods="2020")
    assert cells(found) == {
        ("2020", "5.38.58-1-000"): (Decimal("60.00"), Decimal("60.00"), Decimal(0), 2, "ens"),
        ("2020", "5.38.58-2-000"): (Decimal("30.00"), Decimal("31.00"), Decimal("1.00"), 1, "inden_for_tolerance"),
        ("2020", "5.38.59-1-002"): (Decimal("30.00"), Decimal("30.00"), Decimal(0), 1, "ens"),
    }


def test_what_a_downloaded_regk31_stands_in_is_read_from_its_prisenhed(tmp_path: Path) -> None:
    (tmp_path / "noegle.key").write_text("ab" * 32, encoding="ascii")
    price = "Løbende priser (1.000 kr.)"
    text = f"OMRÅDE;FUNKTION;DRANST;PRISENHED;TID;INDHOLD\nLemvig;5.38.59 Aktivitet (§ 104);1 Drift;{price};2020;48\n"
    (tmp_path / "REGK31.csv").write_text(text, encoding="utf-8")
    ledger = "konto;beloeb;bogfoert_dato\n538591001;8000,00;2020-02-01\n538591002;40000,00;2020-02-01\n"
    (tmp_path / "o.csv").write_text(ledger, encoding="utf-8")
    config = tmp_path / "reconcile.toml"
    sources = '[kilder.oekonomi]\nfiler = ["o.csv"]\n[kilder.regnskab]\nfiler = ["REGK31.csv"]\n'
    config.write_text(f'[kommune]\nkode = "665"\n{sources}', encoding="utf-8")
    assert call("run", "--config", config, "--period", "2020", "--out", tmp_path / "ud", "-q") == 0
    told = json.loads((tmp_path / "ud" / "resultat.json").read_text(encoding="utf-8"))
    (cell,) = told["regnskab_diff"]
    assert (cell["konto"], cell["regnskab"], cell["status"]) == ("5.38.59-1-000", 48000, "ens")
    assert any("beløbene er i t.kr. og er ganget med 1.000" in said for said in told["forbehold"])


def test_accounts_in_whole_thousands_are_equal_within_half_of_one() -> None:
    postings = [posting(None, "538581001", "2020-03", "1499.99"), posting(None, "538581002", "2020-03", "1500.01")]
    found = run([account("538581001", "1000"), account("538581002", "1000")], postings)
    assert [status for *_figures, status in cells(found).values()] == ["inden_for_tolerance", "uforklaret"]


def test_a_funktion_that_the_extract_is_not_of_is_no_missing_account() -> None:
    found = run(
        [account("538581001", "5.00"), account("532341001", "7.00")], [posting(None, "538581001", "2020-03", "5.00")]
    )
    assert list(cells(found)) == [("2020", "5.38.58-1-001")]


def test_without_a_ledger_it_says_why_it_did_not_run() -> None:
    with quick_worlds() as quick:
        found = regnskab.run(quick({"regnskab": [account("538581001", "5.00")]}))
    assert [item.regel for item in found.not_run] == ["regnskab_diff"]


def test_an_account_that_differs_is_unexplained_and_one_that_is_missing_was_not_compared() -> None:
    short = run([account("538581001", "60.25")], [posting(None, "538581001", "2020-01", "50.25")])
    found = run_result(tables=short.tables)
    assert found.exit_code == 1
    said = judge(found)
    assert "Økonomien er ikke det offentliggjorte regnskab på 1 konto: 5.38.58-1-001 2020 (10,00 kr.)." in said.lead
    assert said.tag == "Skal undersøges"
    lacking = run(
        [account("538581001", "50.25"), account("538581002", "7.00")], [posting(None, "538581001", "2020-01", "50.25")]
    )
    found = run_result(tables=lacking.tables)
    assert found.exit_code == 0
    assert "Regnskabet er ikke sammenlignet på 1 af 2 konti: de står kun på den ene side." in judge(found).lead


def test_an_account_that_differs_is_a_case_until_it_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "reconcile.toml").write_text(
        '[kommune]\nkode = "665"\n[kilder.oekonomi]\nfiler = ["o.csv"]\n[kilder.masteroversigt]\nfiler = ["m.csv"]\n'
        '[kilder.regnskab]\nfiler = ["r.csv"]\n[noegle]\nfil = "noegle.key"\n',
        encoding="utf-8",
    )
    (tmp_path / "noegle.key").write_text("00" * 32, encoding="ascii")
    (tmp_path / "o.csv").write_text(
        "konto;beloeb;bogfoert_dato\n538581001;50,25;10-01-2020\n538581002;7,00;10-02-2020\n", encoding="utf-8"
    )
    (tmp_path / "m.csv").write_text("dst_kode;konto\n1.4;538581001\n1.4;538581002\n", encoding="utf-8")
    (tmp_path / "r.csv").write_text(
        "kommune;periode;konto;beloeb\n665;2020;538581001;60,25\n665;2020;538581002;7,00\n", encoding="utf-8"
    )
    config = ("--config", tmp_path / "reconcile.toml")
    assert call("run", *config, "--period", "2020", "--out", tmp_path / "ud" / "1", "-q") == 1
    with (tmp_path / "ud" / "1" / "sager.csv").open(encoding="utf-8-sig", newline="") as handle:
        case = next(csv.DictReader(handle, delimiter=";"))
    assert (case["sag_id"], case["regel"], case["alvor"], case["beloeb"], case["celler"]) == (
        "CELLE:5.38.58-1-001:2020",
        "CELLE",
        "fejl",
        "10,00",
        "5.38.58-1-001 2020",
    )
    reason = (
        "--begrundelse",
        "Periodiseret i supplementet",
        "--af",
        "JH",
        "--indtil",
        f"{datetime.now(UTC) + timedelta(30):%Y-%m-%d}",
    )
    assert call("accept", case["sag_id"], *config, *reason) == 0
    assert call("run", *config, "--period", "2020", "--out", tmp_path / "ud" / "2", "-q") == 0
    page = (tmp_path / "ud" / "2" / "rapport.html").read_text(encoding="utf-8")
    assert "5.38.58-1-001 2020 er accepteret af JH" in page


@examples(30)
@given(
    st.lists(
        st.tuples(st.sampled_from(KONTI), st.sampled_from(["2019-12", "2020-01", "2020-12"]), st.integers(-300, 300))
    ),
    st.dictionaries(
        st.tuples(st.sampled_from([*KONTI, "538581000", "538591000"]), st.sampled_from(["2019", "2020"])),
        st.integers(-300, 300),
    ),
)
def test_every_account_is_the_sum_of_its_postings(booked: list[Any], published: dict[Any, int]) -> None:
    postings = [posting(None, konto, month, f"{kroner}.01") for konto, month, kroner in booked]
    accounts = [account(konto, f"{kroner}.10", year) for (konto, year), kroner in published.items()]
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    split = {(konto[:6], year) for konto, year in published if konto[6:] != "000"}
    whole = {(konto[:6], year) for konto, year in published} - split
    for konto, month, kroner in booked:
        told = f"{konto[:6]}000" if (konto[:6], month[:4]) in whole else konto
        sums[told, month[:4]] += Decimal(f"{kroner}.01")
    there = {konto[:5] for konto, _month, _kroner in booked}
    counted = {(konto[:5], year) for konto, year in published if konto[:5] in there}
    expected = {
        key: (sums.get(key), Decimal(f"{published[key]}.10") if key in published else None)
        for key in {*sums, *published}
        if (key[0][:5], key[1]) in counted
    }
    found = cells(run(accounts, postings, periods="2019:2020"))
    assert {
        (konto.replace(".", "").replace("-", ""), year): row[:2] for (year, konto), row in found.items()
    } == expected
    assert all(own is None or total is None or d == total - own for own, total, d, *_rest in found.values())
