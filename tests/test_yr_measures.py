"""The measures and the staircase: amounts, percentages, persons per month, and the year before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from support.worlds import world
from support.yr import ALWAYS, ANNA, BO, row

from reconcile.controls.yr import create_views
from reconcile.controls.yr_compare import side_by_side
from reconcile.controls.yr_measures import measures
from reconcile.results.yr import YrMeasure, YrStaircase


def measured(rows: list[dict[str, Any]], periods: str = ALWAYS) -> tuple[list[YrMeasure], list[YrStaircase]]:
    with world({"yr": rows}, periods=periods) as context:
        create_views(context)
        maal, trappe = measures(context)
        return list(maal.rows), list(trappe.rows)


def one(rows: list[YrMeasure], periode: str, ydelse: str, trin: str) -> YrMeasure:
    """The level of a period; of the totals that of its financing."""
    (found,) = [
        m for m in rows if (m.periode, m.ydelse, m.trin) == (periode, ydelse, trin) and m.finansiering != "alle"
    ]
    return found


def test_a_quarter_adds_amounts_and_averages_persons_over_its_months() -> None:
    rows = [
        row(date(2020, 1, 6), 4, "1000.00"),
        row(date(2020, 1, 13), 5, "1000.00"),
        row(date(2020, 1, 6), 30, "500.00", cpr=BO),
        row(date(2020, 2, 3), 8, "1000.00"),
        row(date(2020, 3, 2), 12, "1000.00"),
    ]
    maal, trappe = measured(rows)
    whole = one(maal, "2020K1", "Kontanthjælp", "alle")
    assert (whole.bruttoudgift, whole.refusion) == (Decimal("4500.00"), Decimal("2150.00"))
    assert whole.refusionspct == Decimal("47.78")
    assert whole.personer_pr_maaned == Decimal("1.3333")  # 2, 1 and 1
    assert one(maal, "2020K1", "Kontanthjælp", "2").personer_pr_maaned == Decimal("1.0000")
    assert one(maal, "2020-01", "Kontanthjælp", "1").personer_pr_maaned == Decimal(1)
    stairs = next(t for t in trappe if (t.periode, t.ydelse) == ("2020-01", "Kontanthjælp"))
    assert (stairs.trin_1, stairs.trin_2, stairs.trin_3, stairs.trin_4, stairs.i_alt) == (1, 1, 1, 0, 2)


def test_a_person_whose_month_nets_out_is_not_counted() -> None:
    maal, _trappe = measured([row(date(2020, 1, 6), 4, "1000.00"), row(date(2020, 1, 6), 4, "-1000.00")])
    assert one(maal, "2020-01", "Kontanthjælp", "1").personer_pr_maaned == 0
    assert one(maal, "2020-01", "Kontanthjælp", "1").refusionspct is None


def test_the_total_counts_a_person_with_two_ydelser_once() -> None:
    maal, _trappe = measured([row(date(2020, 1, 6), 7), row(date(2020, 1, 6), 7, ydelse="Sygedagpenge")])
    total = one(maal, "2020-01", "I alt", "alle")
    assert (total.personer_pr_maaned, total.bruttoudgift) == (1, Decimal("2000.00"))


def test_refusion_and_medfinansiering_have_totals_of_their_own() -> None:
    pension = row(date(2020, 1, 6), 7, ydelse="Førtidspension", sats=0, refusion=Decimal(0))
    pension |= {"medfinansieringssats": Decimal(60), "medfinansiering": Decimal("600.00")}
    maal, _trappe = measured([row(date(2020, 1, 6), 7), pension])
    totals = {m.finansiering: m for m in maal if (m.periode, m.ydelse, m.trin) == ("2020-01", "I alt", "alle")}
    assert totals["refusion"].refusionspct == Decimal("40.00")
    assert totals["medfinansiering"].medfinansieringspct == Decimal("60.00")


def test_the_year_before_is_read_although_it_is_not_shown() -> None:
    rows = [
        row(date(2019, 1, 7), 30, "1000.00"),
        row(date(2019, 1, 7), 30, "1000.00", cpr=BO),
        row(date(2020, 1, 6), 60),
    ]
    maal, _trappe = measured(rows, "2020K1")
    now = one(maal, "2020K1", "Kontanthjælp", "alle")
    assert {m.periode for m in maal} == {"2020K1", "2020-01", "2020", "2019-02:2020-01", "alle"}
    assert (now.bruttoudgift_aaret_foer, now.personer_aaret_foer) == (Decimal("2000.00"), Decimal("2.0000"))
    assert (now.refusionspct, now.refusionspct_aaret_foer) == (Decimal("20.00"), Decimal("30.00"))


def test_every_amount_and_percentage_stands_beside_the_year_before() -> None:
    pension: dict[str, Any] = {"ydelse": "Førtidspension", "sats": 0, "refusion": Decimal(0)}
    rows = [
        row(date(2019, 1, 7), 7, "2000.00", **pension, medfinansieringssats=60, medfinansiering=Decimal("1200.00")),
        row(date(2020, 1, 6), 60, "1000.00", **pension, medfinansieringssats=80, medfinansiering=Decimal("800.00")),
        row(date(2019, 1, 7), 30, "1000.00"),
        row(date(2020, 1, 6), 60, "1500.00"),
    ]
    maal, trappe = measured(rows, "2020K1")
    aid, other = (one(maal, "2020K1", ydelse, "alle") for ydelse in ("Kontanthjælp", "Førtidspension"))
    assert (aid.refusion, aid.refusion_aaret_foer) == (Decimal("300.00"), Decimal("300.00"))
    assert (aid.bruttoudgift_aendring_pct, aid.personer_aendring_pct) == (Decimal("50.00"), Decimal("0.00"))
    assert (other.medfinansiering_aaret_foer, other.medfinansieringspct_aaret_foer) == (Decimal("1200.00"), 60)
    stairs = next(t for t in trappe if (t.periode, t.ydelse) == ("2020K1", "Kontanthjælp"))
    assert (stairs.trin_3, stairs.trin_4) == (0, 1)
    assert (stairs.trin_3_aaret_foer, stairs.trin_4_aaret_foer, stairs.i_alt_aaret_foer) == (1, 0, 1)


def test_a_ydelse_that_only_one_of_the_years_has_is_zero_in_the_other() -> None:
    rows = [row(date(2019, 1, 7), 30, ydelse="Sygedagpenge"), row(date(2020, 1, 6), 60)]
    maal, trappe = measured(rows, "2020K1")
    gone = one(maal, "2020-01", "Sygedagpenge", "alle")
    assert (gone.bruttoudgift, gone.bruttoudgift_aaret_foer) == (0, Decimal("1000.00"))
    assert (gone.personer_pr_maaned, gone.personer_aaret_foer, gone.refusionspct) == (0, 1, None)
    new = one(maal, "2020-01", "Kontanthjælp", "alle")
    assert (new.bruttoudgift_aaret_foer, new.bruttoudgift_aendring_pct) == (0, None)
    assert next(t for t in trappe if t.ydelse == "Sygedagpenge").i_alt_aaret_foer == 1


def test_without_a_year_before_nothing_is_compared() -> None:
    maal, trappe = measured([row(date(2020, 1, 6), 60)])
    assert one(maal, "2020K1", "I alt", "alle").bruttoudgift_aaret_foer is None
    assert one(maal, "2020K1", "I alt", "alle").maaneder_aaret_foer is None
    assert {t.i_alt_aaret_foer for t in trappe} == {None}


def test_quarters_with_unlike_months_are_shown_and_not_compared() -> None:
    rows = [row(date(2019, 1, 7), 30), row(date(2019, 2, 4), 30), row(date(2020, 1, 6), 60)]
    maal, _trappe = measured(rows, "2020K1")
    quarter = one(maal, "2020K1", "Kontanthjælp", "alle")
    assert (quarter.maaneder, quarter.maaneder_aaret_foer) == (1, 2)
    assert (quarter.bruttoudgift_aaret_foer, quarter.bruttoudgift_aendring_pct) == (Decimal("2000.00"), None)
    assert one(maal, "2020-01", "Kontanthjælp", "alle").bruttoudgift_aendring_pct == 0


def test_a_source_without_medfinansiering_has_none_the_year_before_either() -> None:
    rows = [
        row(date(2019, 1, 7), 30, ydelse="Sygedagpenge", medfinansiering=None),
        row(date(2020, 1, 6), 60, medfinansiering=None),
    ]
    maal, _trappe = measured(rows, "2020K1")
    assert {m.medfinansiering for m in maal} == {m.medfinansiering_aaret_foer for m in maal} == {None}


def test_the_step_is_the_percentages_else_the_counters_else_none() -> None:
    rows = [
        row(date(2020, 1, 6), 60, sats=80),
        row(date(2020, 1, 6), 60, cpr=BO, refusionssats=None),
        row(date(2020, 1, 6), 60, cpr=ANNA[:-1] + "5", ydelse="Løntilskud", sats=50),
    ]
    maal, _trappe = measured(rows)
    assert {
        (m.ydelse, m.trin) for m in maal if m.periode == "2020-01" and m.ydelse != "I alt" and m.trin != "alle"
    } == {
        ("Kontanthjælp", "1"),
        ("Kontanthjælp", "4"),
        ("Løntilskud", "ingen"),
    }


def test_half_a_hundredth_is_rounded_up() -> None:
    maal, _trappe = measured([row(date(2020, 1, 6), 7, "8000.00", refusion=Decimal("1000.40"))])
    assert one(maal, "2020-01", "Kontanthjælp", "2").refusionspct == Decimal("12.51")  # 12,505
    assert measured([]) == ([], [])


def test_persons_are_distinct_over_a_period_and_a_split_week_counts_once() -> None:
    rows = [
        row(date(2020, 1, 27), 4),  # 2020-U05, its half in January
        row(date(2020, 2, 1), 4),  # and its half in February
        row(date(2020, 2, 3), 5),
        row(date(2020, 3, 2), 9),
    ]
    maal, _trappe = measured(rows)
    january, february, quarter, year = (
        one(maal, periode, "Kontanthjælp", "alle") for periode in ("2020-01", "2020-02", "2020K1", "2020")
    )
    assert (january.personuger, february.personuger, quarter.personuger, year.personuger) == (1, 2, 3, 3)
    assert (quarter.personer, quarter.personer_pr_maaned, quarter.periodetype) == (1, 1, "kvartal")
    assert january.fuldtidspersoner == Decimal("0.2000")  # of five weeks with a day in January
    assert quarter.fuldtidspersoner == Decimal("0.2143")  # of fourteen
    assert quarter.bruttoudgift_pr_fuldtidsperson == Decimal("18666.67")


def test_a_week_reversed_on_another_step_is_a_payment_on_neither_ydelse_nor_total() -> None:
    maal, _trappe = measured([row(date(2020, 1, 6), 4), row(date(2020, 1, 6), 5, "-1000.00")])
    assert (one(maal, "2020-01", "Kontanthjælp", "1").personuger, one(maal, "alle", "I alt", "1").personer) == (1, 1)
    assert one(maal, "2020-01", "Kontanthjælp", "alle").personuger == one(maal, "alle", "I alt", "alle").personer == 0


def test_the_kommune_pays_what_refusion_leaves_or_medfinansiering_and_fleksbidrag_is_apart() -> None:
    pension = row(date(2020, 1, 6), 7, "500.00", ydelse="Førtidspension", sats=0, refusion=Decimal(0))
    pension |= {"medfinansieringssats": Decimal(60), "medfinansiering": Decimal("300.00")}
    flex = row(date(2020, 1, 6), None, "415.00", ydelse="Fleksbidrag fra staten", refusion=Decimal(0), fleksbidrag=415)
    maal, _trappe = measured([row(date(2020, 1, 6), 7), pension, flex])
    aid, other = (one(maal, "2020-01", ydelse, "alle") for ydelse in ("Kontanthjælp", "Førtidspension"))
    assert (aid.kommunens_udgift, aid.kommunens_andel_pct) == (600, 60)
    assert (other.kommunens_udgift, other.kommunens_andel_pct) == (300, 60)
    (whole,) = [m for m in maal if (m.periode, m.finansiering) == ("2020-01", "alle")]
    assert (whole.bruttoudgift, whole.kommunens_udgift, whole.fleksbidrag) == (1500, 900, 415)
    assert (whole.personer, whole.personuger) == (1, 1)
    assert one(maal, "2020-01", "Fleksbidrag fra staten", "alle").personer == 0


def test_twelve_months_are_shown_where_the_source_reaches_back_and_take_what_other_quarters_have() -> None:
    rows = [row(date(2019, 4, 1), 60), row(date(2020, 3, 2), 60, cpr=BO), row(date(2020, 4, 6), 60, cpr=BO)]
    maal, _trappe = measured(rows, "2020K2")
    assert {m.periode for m in maal} == {"2020-04", "2020K2", "2020", "2019-05:2020-04", "alle"}
    assert one(maal, "2019-05:2020-04", "I alt", "alle").personer == 1
    assert one(maal, "alle", "I alt", "alle").personer == 2
    assert one(maal, "2020", "I alt", "alle").personer_aaret_foer == 1


def test_several_kommuner_stand_side_by_side_with_the_own_first_and_one_alone_not_at_all() -> None:
    own = [row(date(2020, 1, 6), 7), row(date(2020, 1, 13), 8, finansieringskommune="665")]
    other = row(date(2020, 1, 6), 30, "500.00", cpr=BO, finansieringskommune="661")
    rest = row(date(2019, 1, 7), 60, "500.00", cpr=BO, finansieringskommune="661", ydelse="Sygedagpenge")
    with world({"yr": [*own, other, rest]}, periods="2020") as context:
        create_views(context)
        (table,) = side_by_side(context).tables
    assert [(r.aar, r.ydelse, r.kommune, r.bruttoudgift, r.refusionspct) for r in table.rows] == [
        ("2020", ydelse, kommune, amount, percent)
        for ydelse in ("Kontanthjælp", "I alt")
        for kommune, amount, percent in (("665", 2000, 40), ("661", 500, 30))
    ]
    with world({"yr": own}, periods="2020") as context:
        create_views(context)
        assert side_by_side(context).tables == ()
