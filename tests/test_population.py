"""Sources that are wider than the run, and kommuner that others report for: said with the number of persons, never judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.ottetal import ANNA, BENT, CARL, MASTER, course, oe_findings, posting
from support.quick import Quick, quick_worlds

from reconcile.controls import population


@pytest.fixture(scope="module")
def quick() -> Iterator[Quick]:
    with quick_worlds() as made:
        yield made


def said(quick: Quick, tables: dict[str, Any], **options: Any) -> list[str]:
    return list(population.run(quick(tables, **options)).caveats)


def test_a_kommune_that_another_reports_for_is_told_so(quick: Quick) -> None:
    (text,) = said(quick, {"fagsystem": []}, kommune="187")
    assert text.startswith("Ishøj (183) indberetter for kommunen")
    assert "1.17, 1.13.2" in text
    (text,) = said(quick, {"fagsystem": []}, kommune="155")
    assert text.startswith("Tårnby (185) indberetter")
    assert "undtagen" not in text
    assert said(quick, {"fagsystem": []}, kommune="183") == []


def test_a_ledger_with_other_kommuners_persons_says_how_many_and_nothing_is_found(quick: Quick) -> None:
    theirs = {"handlekommune": "101", "betalingskommune": "101"}
    tables: dict[str, Any] = {
        "fagsystem": [course(ANNA, "1.4", "2019-01-01"), course(BENT, "1.4", "2019-01-01", **theirs)],
        "masteroversigt": [*MASTER, {"dst_kode": "1.3", "konto": "538591009", "kommune": "101"}],
        "oekonomi": [
            *(posting(ANNA, "538581001", f"2020-{n:02d}", "9.00") for n in range(1, 13)),
            posting(BENT, "538581001", "2020-07", "9.00"),
            posting(BENT, "538591077", "2020-07", "9.00"),
            posting(CARL, "538581001", "2020-07", "9.00", kommune="101"),
            posting(ANNA, "538581001", "2020-12", "9.00", kommune="101"),
        ],
    }
    ledger, outside, overview = said(quick, tables)
    assert "1 person hos andre kommuner" in ledger
    assert "1 person uden for befolkningen" in outside
    assert "1 række for andre kommuner" in overview
    assert oe_findings(quick(tables, periods="2020K3")) == []
    own = {**tables, "fagsystem": tables["fagsystem"][:1]}
    assert [f.regel for f in oe_findings(quick(own, periods="2020K3"))] == ["OE01", "OE07"]


def test_persons_that_only_others_finance_are_counted(quick: Quick) -> None:
    def week(cpr: str, kommune: str | None) -> dict[str, Any]:
        return {
            "cpr": cpr,
            "uge": date(2020, 7, 6),
            "ydelse": "Sygedagpenge",
            "bruttoudgift": Decimal("100.00"),
            "finansieringskommune": kommune,
        }

    (text,) = said(quick, {"yr": [week(ANNA, "665"), week(ANNA, "101"), week(BENT, "101"), week(CARL, None)]})
    assert text.startswith("Ydelsesrefusion har 1 person,")
