"""The eight figures, missing sources, what is left out, and gaps in the masteroversigt."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from support.ottetal import (
    ANNA,
    MASTER,
    WHOLE,
    adds_up,
    cell,
    course,
    edge_status,
    ledger_until,
    posting,
    run_ottetal,
    table,
)
from support.worlds import open_count

from reconcile.domain.exact import rounded
from reconcile.results.rows import OttetalCell


def test_the_eight_figures_of_a_cell_that_agrees() -> None:
    result = run_ottetal(WHOLE)
    row = cell(result, "1.4", "2020K3")
    assert (row.fagsystem_borgere, row.oekonomi_borgere, row.flis_borgere, row.dst_modtagere) == (2, 2, 2, 2)
    assert (row.fagsystem_fuldtid, row.flis_fuldtid, row.dst_fuldtid) == (Decimal("1.2500"),) * 2 + (Decimal("1.2500"),)
    assert row.oekonomi_beloeb == Decimal("325.25")
    assert row.pris_pr_fuldtid == Decimal("260.20")
    assert (row.begge, row.kun_fagsystem, row.kun_oekonomi, row.status) == (2, 0, 0, "ens")
    assert set(edge_status(result).values()) == {"ens"}
    assert open_count(result) == 0
    assert list(result.caveats) == [
        "Rammestyrede konti og tilbud er ikke med i OE01–OE06: 1.13.3 (5.38.53-1-004, række 8).",
        "OE06 (usædvanlig pris) kræver mindst 20 forløb og forskellige priser og er ikke kørt for 1.4 (2 forløb).",
    ]


def test_overlapping_courses_of_one_code_are_one_stretch_of_days() -> None:
    courses = [course(ANNA, "1.4", "2020-07-01", "2020-08-31"), course(ANNA, "1.4", "2020-08-01", "2020-09-30")]
    row = cell(run_ottetal({"fagsystem": courses, "flis": courses[:1]}), "1.4", "2020K3")
    assert (row.fagsystem_borgere, row.fagsystem_fuldtid) == (1, Decimal("1.0000"))
    assert row.flis_fuldtid == Decimal("0.6739")  # 62 of 92 days


@pytest.mark.parametrize(
    ("number", "decimals", "written"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(2, 3), 4, "0.6667"),
        (0, 4, "0.0000"),
        (10**30, 1, f"{10**30}.0"),
    ],
)
def test_fractions_are_written_half_up(number: Any, decimals: int, written: str) -> None:
    assert str(rounded(number, decimals)) == written


OWN = ("fagsystem_borgere", "fagsystem_fuldtid", "fagsystem_betaler_borgere", "fagsystem_betaler_fuldtid")


@pytest.mark.parametrize(
    ("gone", "empty", "said"),
    [
        (
            "oekonomi",
            ("oekonomi_borgere", "oekonomi_beloeb", "begge", "kun_fagsystem", "kun_oekonomi", "pris_pr_fuldtid"),
            "økonomiudtræk",
        ),
        ("masteroversigt", ("oekonomi_borgere", "oekonomi_beloeb", "begge", "pris_pr_fuldtid"), "masteroversigt"),
        ("flis", ("flis_borgere", "flis_fuldtid"), "FLIS-udtræk"),
        ("hand07", ("dst_modtagere",), "HAND07"),
        ("hand01", ("dst_fuldtid",), "HAND01"),
        ("fagsystem", (*OWN, "begge", "pris_pr_fuldtid"), "fagsystem-udtræk"),
    ],
)
def test_an_absent_source_is_missing_and_said(gone: str, empty: tuple[str, ...], said: str) -> None:
    result = run_ottetal({name: rows for name, rows in WHOLE.items() if name != gone})
    row = cell(result, "1.4", "2020K3")
    present = {f for f in WHOLE_FIGURES if getattr(row, f) is not None}
    assert present == WHOLE_FIGURES - set(empty) - ({"kun_fagsystem", "kun_oekonomi"} if "begge" in empty else set())
    assert any(said in caveat for caveat in result.caveats)
    assert row.status == "ens"
    assert adds_up(result)


WHOLE_FIGURES = frozenset(
    {f.name for f in fields(OttetalCell)} - {"dst_kode", "periode", "status", "status_statistik", "status_oekonomi"}
)


def test_a_ledger_without_cpr_has_an_amount_and_no_persons() -> None:
    row = cell(run_ottetal(WHOLE, lacks={"oekonomi": ["cpr"]}), "1.4", "2020K3")
    assert (row.oekonomi_borgere, row.oekonomi_beloeb) == (None, Decimal("325.25"))


def test_nothing_at_all_gives_no_cells() -> None:
    result = run_ottetal({})
    assert table(result, "ottetal") == ()
    assert open_count(result) == 0


def test_one_source_alone_is_incomplete() -> None:
    assert cell(run_ottetal({"fagsystem": WHOLE["fagsystem"]}), "1.4", "2020K3").status == "ufuldstaendig"


def test_published_flis_figures_stand_in_for_the_extract() -> None:
    published = {
        "fagsystem": WHOLE["fagsystem"],
        "flis_antal": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(1)}],
        "flis_fuldtid": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal("0.9")}],
    }
    row = cell(run_ottetal(published), "1.4", "2020K3")
    assert (row.flis_borgere, row.flis_fuldtid, row.status) == (1, Decimal("0.9"), "uforklaret")
    with_extract = cell(run_ottetal({**published, "flis": WHOLE["flis"]}), "1.4", "2020K3")
    assert (with_extract.flis_borgere, with_extract.status) == (2, "ens")


def test_rammestyrede_codes_have_figures_but_no_judgement() -> None:
    tables = {
        "fagsystem": [course(ANNA, "1.13.3", "2019-01-01")],
        "oekonomi": [posting(None, "538531004", "2020-07", "41250.00"), ledger_until("2020-12")],
        "masteroversigt": MASTER,
    }
    result = run_ottetal({**tables, "flis": tables["fagsystem"]})
    row = cell(result, "1.13.3", "2020K3")
    assert (row.oekonomi_borgere, row.oekonomi_beloeb, row.status) == (0, Decimal("41250.00"), "ens")
    assert edge_status(result, "1.13.3")["fagsystem–økonomi"] == "udeladt"
    assert cell(run_ottetal(tables), "1.13.3", "2020K3").status == "ufuldstaendig"
    assert [(r.dst_kode, r.grund, r.konto) for r in table(result, "ottetal_udeladt")] == [
        ("1.13.3", "rammestyret", "5.38.53-1-004")
    ]


def test_a_code_without_an_account_is_listed_and_has_no_ledger_figures() -> None:
    tables = {
        "fagsystem": [course(ANNA, "1.17", "2019-01-01")],
        "oekonomi": [ledger_until("2020-12")],
        "masteroversigt": [*MASTER, {"dst_kode": "1.3"}],
    }
    result = run_ottetal(tables)
    assert cell(result, "1.17", "2020K3").oekonomi_borgere is None
    said = "Koder uden konto i masteroversigten er ikke med i OE01–OE06: 1.3 (række 9), 1.17 (står der ikke)."
    assert said in result.caveats
    assert [r.dst_kode for r in table(result, "ottetal_udeladt") if r.grund == "uden_konto"] == ["1.3", "1.17"]


def test_choosing_a_code_shows_it_and_those_under_it_only() -> None:
    tables = {
        "fagsystem": [course(ANNA, code, "2019-01-01") for code in ("1.1", "1.12.0.1", "1.12.0.2", "1.4")],
        "oekonomi": [
            posting(ANNA, "538591001", "2020-07", "5"),
            posting(None, "538391001", "2020-07", "5"),
            ledger_until("2020-12"),
        ],
        "masteroversigt": MASTER,
    }
    assert {row.dst_kode for row in table(run_ottetal(tables, frozenset({"1.12"})), "ottetal")} == {
        "1.12.0.1",
        "1.12.0.2",
    }
    one = run_ottetal(tables, frozenset({"1.4"}))
    assert {row.dst_kode for row in table(one, "ottetal")} == {"1.4"}
    assert {(f.regel, f.dst_kode) for f in one.findings} == {("OE02", "1.4")}


def test_the_published_figures_of_other_kommuner_are_not_ours() -> None:
    figures = [
        {"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(n), "kommune": k} for n, k in ((9, "101"), (2, "665"))
    ]
    assert cell(run_ottetal({**WHOLE, "hand07": figures}), "1.4", "2020K3").dst_modtagere == 2


def test_unknown_codes_are_said_and_left_out() -> None:
    result = run_ottetal({"fagsystem": [course(ANNA, "1.99", "2019-01-01")]})
    assert table(result, "ottetal") == ()
    assert "Forløb med ukendt DST-kode er ikke med i de otte tal (VH02): 1." in result.caveats
