"""The edges of the figure eight: statuses, and causes that add up."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from support.ottetal import (
    ANNA,
    BENT,
    CARL,
    MASTER,
    WHOLE,
    adds_up,
    causes,
    cell,
    course,
    edge_status,
    ledger_until,
    posting,
    run_ottetal,
    table,
)
from support.worlds import open_count

from reconcile.controls import ottetal_status
from reconcile.controls.ottetal_edges import Behind, Causes, Rest, edges
from reconcile.controls.ottetal_figures import Figures
from reconcile.controls.ottetal_people import RECORDS, OneSided, Side
from reconcile.results.ottetal import OttetalPerson
from reconcile.results.rows import Status


def test_published_flis_figures_are_explained_by_the_load_rule() -> None:
    old = {**course(CARL, "1.4", "2018-01-01"), "system": "tidligere"}
    result = run_ottetal(
        {
            "fagsystem": [*WHOLE["fagsystem"], old],
            "flis_antal": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(2)}],
        }
    )
    assert cell(result, "1.4", "2020K3").status == "forklaret"
    assert causes(result, "fagsystem–FLIS") == {"indlaesning": -1}


def test_a_person_without_a_posting_is_explained_by_the_finding() -> None:
    result = run_ottetal(
        {
            **WHOLE,
            "fagsystem": [*WHOLE["fagsystem"], course(CARL, "1.4", "2019-01-01", ydelse_id="c")],
            "flis": [*WHOLE["flis"], course(CARL, "1.4", "2019-01-01", ydelse_id="c")],
            "hand07": [],
        }
    )
    row = cell(result, "1.4", "2020K3")
    assert (row.begge, row.kun_fagsystem, row.kun_oekonomi, row.status) == (2, 1, 0, "forklaret")
    assert causes(result, "fagsystem–økonomi") == {"ydelse_uden_betaling": -1}
    assert [(p.side, p.borger) for p in table(result, "ottetal_borgere")] == [("fagsystem", f"P-{CARL[::-1]}")]
    assert adds_up(result)


def test_a_payment_in_the_lag_is_the_cause_but_no_finding_so_the_cell_waits() -> None:
    late = [course(CARL, "1.4", "2020-09-20", "2020-09-30", ydelse_id="c")]
    result = run_ottetal(
        {
            "fagsystem": [*WHOLE["fagsystem"], *late],
            "oekonomi": [*WHOLE["oekonomi"], posting(CARL, "538581001", "2020-10", "5")],
            "masteroversigt": MASTER,
        }
    )
    assert causes(result, "fagsystem–økonomi") == {"efterslip": -1}
    assert (cell(result, "1.4", "2020K3").status, open_count(result)) == ("afventer", 0)


def test_money_on_the_wrong_account_explains_both_codes() -> None:
    own = [course(ANNA, "1.4", "2020-07-01", "2020-07-31")]
    result = run_ottetal(
        {
            "fagsystem": own,
            "oekonomi": [posting(ANNA, "538591001", "2020-07", "5"), ledger_until("2020-12")],
            "masteroversigt": MASTER,
        }
    )
    found = {(r.dst_kode, r.aarsag): r.antal for r in table(result, "ottetal_aarsager")}
    assert found == {("1.1", "forkert_konto"): 1, ("1.4", "forkert_konto"): -1}
    assert {row.status for row in table(result, "ottetal")} == {"forklaret"}


def test_another_kommune_as_payer_is_the_population() -> None:
    paid_by_other = course(ANNA, "1.4", "2019-01-01", handlekommune="665", betalingskommune="101")
    handled_by_other = course(BENT, "1.4", "2019-01-01", handlekommune="101", betalingskommune="665")
    result = run_ottetal(
        {
            "fagsystem": [paid_by_other, handled_by_other],
            "oekonomi": [posting(BENT, "538581001", "2020-07", "5"), ledger_until("2020-12")],
            "masteroversigt": MASTER,
        }
    )
    people = {(p.side, p.aarsag) for p in table(result, "ottetal_borgere")}
    assert people == {("handlekommune", "befolkning"), ("betalingskommune", "befolkning")}
    row = cell(result, "1.4", "2020K3")
    assert (row.fagsystem_borgere, row.fagsystem_betaler_borgere, row.begge, row.status) == (1, 1, 1, "ens")
    both = [(c.antal, c.til, c.fra) for c in table(result, "ottetal_aarsager") if "handle" in c.kant]
    assert both == [(0, 1, 1)]
    assert adds_up(result)


def test_equal_counts_of_different_persons_are_not_equal() -> None:
    result = run_ottetal(
        {
            "fagsystem": [course(ANNA, "1.4", "2020-07-01", "2020-07-31")],
            "oekonomi": [posting(BENT, "538581001", "2020-07", "5"), ledger_until("2020-12")],
            "masteroversigt": MASTER,
            "flis": [course(CARL, "1.4", "2020-07-01", "2020-07-31")],
        }
    )
    row = cell(result, "1.4", "2020K3")
    assert (row.fagsystem_borgere, row.oekonomi_borgere, row.flis_borgere) == (1, 1, 1)
    assert (row.status_oekonomi, row.status_statistik, row.status) == ("forklaret",) * 3
    assert adds_up(result)


def test_a_rammestyret_tilbud_takes_out_its_own_courses_and_the_rest_is_compared() -> None:
    framed = {"dst_kode": "1.4", "konto": "538581009", "rammestyret": True, "tilbud": "Egely"}
    courses = [course(ANNA, "1.4", "2019-01-01", tilbud="Egely"), course(BENT, "1.4", "2020-07-01", "2020-07-31")]
    tables = {
        "fagsystem": courses,
        "oekonomi": [posting(CARL, "538581001", "2020-07", "5"), ledger_until("2020-12")],
        "masteroversigt": [*MASTER, framed],
    }
    row = cell(run_ottetal(tables), "1.4", "2020K3")
    assert (row.fagsystem_borgere, row.fagsystem_betaler_borgere, row.oekonomi_borgere) == (2, 1, 1)
    assert (row.kun_fagsystem, row.kun_oekonomi, row.status_oekonomi) == (1, 1, "forklaret")
    whole = run_ottetal({**tables, "masteroversigt": [{"dst_kode": "1.4", "konto": "538581001", "rammestyret": True}]})
    assert edge_status(whole)["fagsystem–økonomi"] == "udeladt"
    assert cell(whole, "1.4", "2020K3").status_oekonomi == "ufuldstaendig"


def test_postings_that_net_to_nothing_are_named() -> None:
    both = [posting(ANNA, "538581001", "2020-07", amount) for amount in ("5", "-5")]
    result = run_ottetal({"fagsystem": [], "oekonomi": [*both, ledger_until("2020-12")], "masteroversigt": MASTER})
    row = cell(result, "1.4", "2020K3")
    assert (row.oekonomi_borgere, row.oekonomi_beloeb, row.pris_pr_fuldtid) == (1, Decimal("0.00"), None)
    assert causes(result, "fagsystem–økonomi") == {"nettet_ud": 1}


def test_the_bridge_explains_dst_and_the_way_back_to_flis() -> None:
    child = course(CARL, "1.4", "2020-07-01", ydelse_id="c")
    tables = {
        **{name: WHOLE[name] for name in ("masteroversigt",)},
        "fagsystem": [*WHOLE["fagsystem"], child],
        "flis": [*WHOLE["flis"], child],
        "borger": [{"cpr": CARL, "foedselsdato": course(CARL, "1", "2010-01-01")["start_dato"]}],
        "hand07": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(2)}],
    }
    result = run_ottetal(tables)
    assert causes(result, "fagsystem–DST") == {"R1": -1}
    assert causes(result, "FLIS–DST") == {"R1": -1}
    assert edge_status(result)["FLIS–DST"] == "forklaret"
    assert cell(result, "1.4", "2020K3").status == "forklaret"
    short = run_ottetal({**tables, "hand07": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(1)}]})
    assert causes(short, "fagsystem–DST") == {"R1": -1, "rest": -1}
    assert (cell(short, "1.4", "2020K3").status, open_count(short)) == ("delvist_forklaret", 1)
    inside = run_ottetal(
        {**tables, "hand07": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(1)}]},
        regler={"tolerance_antal": 1},
    )
    assert cell(inside, "1.4", "2020K3").status == "inden_for_tolerance"


def test_record_differences_explain_flis() -> None:
    result = run_ottetal({"fagsystem": WHOLE["fagsystem"], "flis": WHOLE["flis"][:1]})
    assert causes(result, "fagsystem–FLIS") == {"kun_i_fagsystem": -1}
    assert cell(result, "1.4", "2020K3").status == "forklaret"


def test_a_record_difference_explains_only_the_quarters_its_course_touches() -> None:
    spring = course(ANNA, "1.4", "2020-04-01", "2020-06-30", ydelse_id="s")
    summer = course(ANNA, "1.4", "2020-07-01", "2020-09-30", ydelse_id="t")
    cut = {**summer, "start_dato": course(ANNA, "1", "2020-10-01")["start_dato"], "slut_dato": None}
    result = run_ottetal({"fagsystem": [spring, summer], "flis": [cut]}, periods="2020K2:2020K4")
    found = {(p.periode, p.side, p.aarsag) for p in table(result, "ottetal_borgere")}
    assert found == {
        ("2020K2", "fagsystem", "kun_i_fagsystem"),
        ("2020K3", "fagsystem", "aendret_post"),
        ("2020K4", "flis", "aendret_post"),
    }


def test_a_person_on_one_side_has_days_or_kroner_and_the_first_row_behind_them() -> None:
    courses = [
        course(ANNA, "1.4", "2020-07-01", "2020-07-10", fil="nexus.csv", raekke=7),
        course(ANNA, "1.4", "2020-08-01", "2020-08-02", fil="nexus.csv", raekke=3),
    ]
    postings = [posting(BENT, "538581001", "2020-07", "5.25", fil=f"oekonomi-{n}.csv", raekke=n) for n in (9, 8)]
    tables = {
        "fagsystem": courses,
        "flis": [],
        "oekonomi": [*postings, ledger_until("2020-12")],
        "masteroversigt": MASTER,
    }
    found = table(run_ottetal(tables), "ottetal_borgere")
    assert [(p.kant, p.side, p.dage, p.beloeb, p.fil, p.raekke) for p in found] == [
        ("fagsystem–FLIS", "fagsystem", 12, None, "nexus.csv", 3),
        ("fagsystem–økonomi", "fagsystem", 12, None, "nexus.csv", 3),
        ("fagsystem–økonomi", "oekonomi", None, Decimal("10.50"), "oekonomi-8.csv", 8),
    ]


def someone(side: Side, *, explained: bool) -> OneSided:
    """A person whom only one end of fagsystem–FLIS counts."""
    row = OttetalPerson("1.4", "2020K3", RECORDS, side, "rest", "P", 9, None, "f.csv", 2)
    return OneSided(row, explained)


@pytest.mark.parametrize(
    ("left", "right", "known", "status"),
    [
        (0, 0, 0, "ens"),
        (1, 1, 0, "uforklaret"),
        (2, 0, 0, "uforklaret"),
        (1, 0, 1, "delvist_forklaret"),
        (1, 1, 1, "delvist_forklaret"),
        (0, 0, 2, "forklaret"),
    ],
)
def test_an_edge_of_persons_is_explained_when_everybody_is_and_partly_when_less_is_left(
    left: int, right: int, known: int, status: str
) -> None:
    """``left`` and ``right`` stand on one side only without a cause; ``known`` with one."""
    people = [
        *(someone(Side.FAGSYSTEM, explained=False) for _ in range(left)),
        *(someone(Side.FLIS, explained=False) for _ in range(right)),
        *(someone(Side.FAGSYSTEM, explained=True) for _ in range(known)),
    ]
    assert ottetal_status.of_people(people) == status


@pytest.mark.parametrize(("explained", "status"), [(True, "ens"), (False, "uforklaret")])
def test_flis_and_dst_do_not_agree_while_somebody_between_fagsystem_and_flis_has_no_cause(
    explained: bool, status: str
) -> None:
    none: dict[str, Any] = dict.fromkeys(("own_full", "payer_full", "ledger", "amount", "flis_full", "dst_full"))
    figures = Figures("1.4", "2020K3", own=2, payer=2, flis=2, dst=2, accounts=1, framed=False, **none)
    people = [someone(Side.FAGSYSTEM, explained=explained), someone(Side.FLIS, explained=explained)]
    behind = Behind({(RECORDS, *figures.key): people}, {figures.key: Rest(Causes(), 0, Status.EQUAL)})
    context: Any = SimpleNamespace(has=lambda *_names: True, regler=SimpleNamespace(tolerance_antal=0))
    around = {edge.row.kant: edge.row.status for edge in edges(context, figures, behind)}
    assert around["FLIS–DST"] == status
