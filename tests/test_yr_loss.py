"""What a fault costs, what other kommuner finance, genoptjening, and the municipality's own accounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.quick import quick_worlds
from support.yr import ANNA, BO, career, monday, percent, row

from reconcile.controls import yr
from reconcile.results.rows import PartResult


def run(rows: list[Any], **more: Any) -> PartResult:
    with quick_worlds() as make:
        return yr.run(make({"yr": rows, **more}, periods=""))


def table(result: PartResult, name: str) -> list[Any]:
    return next((list(t.rows) for t in result.tables if t.name == name), [])


def total(result: PartResult) -> Decimal:
    return next((r.tab for r in table(result, "yr_tab_aar") if (r.aar, r.regel) == ("i alt", "i alt")), Decimal(0))


def test_a_gap_costs_the_refund_of_the_weeks_that_came_too_early_on_a_lower_step() -> None:
    # 1 2 3 then 5 6: the fourth and fifth week should be 4 and 5; week 5 was paid at 40 % in place of 80 %.
    result = run(career(1, 2, 3, 5, 6))
    (loss,) = table(result, "yr_tab")
    assert (loss.regel, loss.periode, loss.uger, loss.tab) == ("YR03", "2020-U13", 1, Decimal("400.00"))
    assert "Fejl i tæller og sats har kostet 400,00 kr. i refusion i 2020." in result.caveats


def test_a_counter_that_stands_still_gives_too_much_refund() -> None:
    # 4 4 4: they should be 4 5 6; two weeks at 80 % in place of 40 %.
    result = run(career(4, 4, 4))
    assert total(result) == Decimal("-800.00")
    assert any("for meget i refusion i 2020" in text for text in result.caveats)


def test_a_percentage_that_does_not_fit_its_own_counter_costs_on_its_row_only() -> None:
    result = run([row(monday(0), 7), row(monday(1), 8, sats=30), row(monday(2), 9)])
    (loss,) = table(result, "yr_tab")
    assert (loss.regel, loss.uger, loss.tab) == ("YR09", 1, Decimal("100.00"))


def test_a_counter_that_rightly_starts_again_ends_the_loss() -> None:
    gone_wrong = career(3, 5, first=-70)
    back = career(1, 2, first=0)
    assert total(run([*gone_wrong, *back])) == total(run(gone_wrong)) == Decimal("400.00")


steps = st.lists(st.sampled_from(["on", "same", "skip", "far"]), min_size=1, max_size=12)


def test_correcting_the_data_by_the_right_counter_makes_the_sum_0() -> None:
    with quick_worlds() as make:

        @examples(4)
        @given(st.lists(st.tuples(steps, st.integers(1, 55)), min_size=5, max_size=10))
        def agree(careers: list[tuple[list[str], int]]) -> None:
            """Each career is a person of its own, so that one run judges them all."""
            counted = [_counters(*given_) for given_ in careers]
            right = [[c[0] + n for n in range(len(c))] for c in counted]
            lost = {
                f"P-{_cpr(n)[::-1]}": amount
                for n, pair in enumerate(zip(right, counted, strict=True))
                if (amount := sum((_lost(*both) for both in zip(*pair, strict=True)), Decimal(0)))
            }
            result = yr.run(make({"yr": _of(counted)}, periods=""))
            by_person: dict[str, Decimal] = {}
            for loss in table(result, "yr_tab"):
                by_person[loss.borger] = by_person.get(loss.borger, Decimal(0)) + loss.tab
            assert {borger: tab for borger, tab in by_person.items() if tab} == lost
            assert total(result) == sum(lost.values())
            assert total(yr.run(make({"yr": _of(right)}, periods=""))) == 0

        agree()


def _counters(taken: list[str], first: int) -> list[int]:
    counters = [first]
    for step in taken:
        counters.append({"on": counters[-1] + 1, "same": counters[-1], "skip": counters[-1] + 2, "far": 60}[step])
    return counters


def _lost(right: int, used: int) -> Decimal:
    return Decimal(1000) * (percent(right) - percent(used)) / 100


def _cpr(number: int) -> str:
    return f"{number + 1:02d}01801234"


def _of(careers: list[list[int]]) -> list[dict[str, Any]]:
    return [made for n, counters in enumerate(careers) for made in career(*counters, cpr=_cpr(n))]


def test_what_another_kommune_finances_is_in_no_measure_and_raises_no_finding() -> None:
    theirs = [row(monday(0), 7, "12000.00", cpr=BO, finansieringskommune="671", refusion=Decimal(1))]
    result = run([*theirs, row(monday(0), 7)])
    assert result.findings == ()
    assert {m.bruttoudgift for m in table(result, "yr_maal")} == {Decimal("1000.00")}
    (other,) = table(result, "yr_andre")
    assert (other.finansieringskommune, other.raekker, other.personer, other.bruttoudgift) == (
        "671",
        1,
        1,
        Decimal("12000.00"),
    )
    assert any("finansieret af andre kommuner (671)" in text for text in result.caveats)


def test_a_counter_is_followed_across_kommuner() -> None:
    moved = [row(monday(0), 7, finansieringskommune="671"), row(monday(1), 8)]
    assert run(moved).findings == ()
    assert [f.regel for f in run([moved[0], row(monday(1), 9)]).findings] == ["YR03"]


def _told(weeks: int, told_on: int, then: int, counter: int) -> list[Any]:
    """Counter 10, a pause in which genoptjening is told by a row of 0,00 kr., and a counter after it."""
    zero = row(monday(told_on), None, "0.00", genoptjening=weeks)
    return [row(monday(0), 10), zero, row(monday(then), counter)]


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        (_told(52, 55, 60, 1), []),
        (_told(51, 55, 60, 1), ["YR19"]),
        (_told(52, 55, 60, 11), ["YR19"]),
        (_told(20, 30, 60, 11), []),
        (_told(20, 8, 10, 11), ["YR19"]),
    ],
    ids=["reset at 52", "reset too early", "not reset", "decides in place of the calendar", "more than the pause"],
)
def test_genoptjening_decides_resets_where_it_is_told(rows: list[Any], rules: list[str]) -> None:
    assert [f.regel for f in run(rows).findings] == rules


def test_a_0_on_the_week_before_a_pause_tells_nothing_of_the_pause() -> None:
    assert run([row(monday(0), 30, genoptjening=0), row(monday(54), 1, genoptjening=0)]).findings == ()


def test_a_pause_longer_than_its_genoptjening_has_dead_weeks() -> None:
    (dead,) = table(run(_told(20, 30, 60, 11)), "yr_doede_uger")
    assert (dead.pause, dead.genoptjening, dead.doede_uger) == (59, 20, 39)


def test_the_municipalitys_own_accounts_make_a_ydelse_part_of_the_reconciliation() -> None:
    rows = [row(date(2020, 3, 2), 7, ydelse="Kontanthjælp", koerselsperiode=date(2020, 3, 1))]
    booked = [
        {"konto": "557732001", "beloeb": Decimal("-300.00"), "bogfoert_dato": date(2020, 4, 3)},
        {"konto": "557732001", "beloeb": Decimal("-0.01"), "bogfoert_dato": date(2020, 5, 3)},
    ]
    own = [{"ydelse": "kontanthjælp", "art": "refusion", "konto": "557732001"}]
    result = run(rows, oekonomi=booked, yr_konto=own)
    (cell,) = table(result, "yr_regnskab")
    assert (cell.konto, cell.trin, cell.yr, cell.regnskab) == (
        "557732001",
        None,
        Decimal("-400.00"),
        Decimal("-300.00"),
    )
    assert [f.regel for f in result.findings] == ["YR20"]


def test_a_ydelse_without_accounts_says_how_to_give_them() -> None:
    rows = [
        row(date(2020, 3, 2), 7, ydelse="Kontanthjælp", koerselsperiode=date(2020, 3, 1)),
        row(date(2020, 3, 2), 7, ydelse="Sygedagpenge", cpr=ANNA, koerselsperiode=date(2020, 3, 1)),
    ]
    booked = [{"konto": "557712011", "beloeb": Decimal("-400.00"), "bogfoert_dato": date(2020, 4, 3)}]
    result = run(rows, oekonomi=booked)
    assert any("Kontanthjælp" in text and "[kilder.yr_konto]" in text for text in result.caveats)


def test_of_two_genoptjeninger_told_in_a_week_the_larger_holds() -> None:
    both = [row(monday(55), None, "0.00", genoptjening=weeks, beregning_id=str(weeks)) for weeks in (52, 51)]
    assert [f.regel for f in run([row(monday(0), 10), *both, row(monday(60), 1)]).findings if f.regel == "YR19"] == []


def test_where_another_kommunes_week_begins_again_the_count_goes_on_from_there() -> None:
    gone_wrong = career(3, 5)
    theirs = [row(monday(70), 1, finansieringskommune="671")]
    after = [row(monday(71), 2), row(monday(72), 3)]
    assert total(run([*gone_wrong, *theirs, *after])) == total(run(gone_wrong)) == Decimal("400.00")
