"""The draft of the statistic of individual spending: each figure by hand, and every check with its near miss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.worlds import world

from reconcile.controls import noegletal
from reconcile.domain.exact import rounded

ANNE, BENT = "0101601111", "0203702222"
CODE = {"538521001": "1.8.2", "538501001": "1.8.1", "538511001": "1.12.0.1"}


def course(cpr: str, code: str, start: date = date(2020, 1, 1), end: date | None = None, **more: Any) -> dict[str, Any]:
    return {"cpr": cpr, "dst_kode": code, "start_dato": start, "slut_dato": end, **more}


def posting(cpr: str | None, account: str, amount: str, day: date = date(2020, 6, 1)) -> dict[str, Any]:
    return {"cpr": cpr, "konto": account, "beloeb": Decimal(amount), "bogfoert_dato": day}


def run(courses: Sequence[Any], postings: Sequence[Any], **more: Any) -> dict[str, list[Any]]:
    with world({"fagsystem": courses, "oekonomi": postings, **more.pop("tables", {})}, **more) as context:
        return {table.name: list(table.rows) for table in noegletal.run(context).tables}


def test_a_person_has_an_amount_a_period_and_a_yearly_amount_by_paragraf() -> None:
    courses = [
        course(ANNE, "1.8.2", date(2019, 1, 1), date(2020, 1, 31)),
        course(ANNE, "1.8.2", date(2020, 1, 20), date(2020, 3, 10)),
        course(ANNE, "1.8.1", date(2020, 12, 1)),
        course(ANNE, "1.8.1", date(2020, 6, 1), betalingskommune="101"),
    ]
    postings = [
        posting(ANNE, "538521001", "700.00"), posting(ANNE, "538521002", "0.35"), posting(ANNE, "538501003", "310.00"),
        posting(ANNE, "538522001", "99.00"), posting(ANNE, "538391003", "99.00"),
        posting(ANNE, "538521001", "99.00", date(2021, 1, 1)),
    ]  # fmt: skip
    long, short = sorted(run(courses, postings)["enkeltudgift"], key=lambda row: row.paragraf, reverse=True)
    assert (long.paragraf, long.funktion, long.fra, long.til) == (
        "SEL § 108",
        "5.38.50",
        date(2020, 12, 1),
        date(2020, 12, 31),
    )
    assert (long.dage, long.beloeb, long.aarsudgift) == (31, Decimal("310.00"), Decimal("3650.00"))
    assert (short.fra, short.til, short.dage) == (date(2020, 1, 1), date(2020, 3, 10), 70)
    assert (short.beloeb, short.aarsudgift, short.kontrol) == (Decimal("700.35"), Decimal("3651.83"), "")
    assert short.borger == f"P-{ANNE[::-1]}"


def test_what_is_to_be_looked_at_is_said_and_the_draft_is_not_ready() -> None:
    courses = [course(ANNE, "1.8.2"), course(BENT, "1.8.2", betalingskommune="101")]
    postings = [
        posting(ANNE, "538521001", "-5.00"),
        posting(BENT, "538521001", "9.00"),
        posting(BENT, "538421001", "4.00"),
    ]
    tables = run(courses, postings)
    found = {(row.paragraf, row.borger): row.kontrol for row in tables["enkeltudgift"]}
    assert found == {
        ("SEL § 107", f"P-{ANNE[::-1]}"): "negativ", ("SEL § 107", f"P-{BENT[::-1]}"): "mangler_dato",
        ("SEL §§ 109–110", f"P-{BENT[::-1]}"): "mangler_dato",
    }  # fmt: skip
    assert [(c.paragraf, c.mangler_dato, c.negative, c.klar) for c in tables["enkeltudgift_kontrol"]] == [
        ("SEL § 107", 1, 1, "nej"), ("SEL §§ 109–110", 1, 0, "nej"),
    ]  # fmt: skip


def _many(last: str, persons: int = 21) -> list[Any]:
    people = [f"0101{number:06d}" for number in range(persons)]
    amounts = [f"{366 + number}.00" for number in range(persons - 1)]
    rows = run(
        [course(cpr, "1.8.2") for cpr in people],
        [posting(cpr, "538521001", amount) for cpr, amount in zip(people, [*amounts, last], strict=True)],
    )
    return [row.kontrol for row in rows["enkeltudgift"] if row.kontrol]


def test_an_extreme_lies_outside_median_and_five_mad_of_at_least_20() -> None:
    # the amounts 366–385 and the last: median 376, MAD 5; × 365 / 366 changes nothing in what lies outside
    assert _many("402.00") == ["ekstrem"]
    assert _many("401.00") == []
    assert _many("9999.00", persons=19) == []


@examples(8)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 30, 365, 366]), st.sampled_from([-900, 1000, 1001, 1100, 1300, 2500, 90_000])),
        min_size=18,
        max_size=24,
    ),
    st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(5)]),
)
def test_what_is_extreme_agrees_with_the_spread_by_hand(people: list[tuple[int, int]], k: Decimal) -> None:
    """Days with the ydelse and øre per day (of a person without days: in all); the last few lie far from the others."""
    courses, postings, expected = [], [], {}
    for number, (days, oere) in enumerate(people):
        cpr = f"0101{number:06d}"
        amount = Decimal(oere * max(days, 1)) / 100
        postings.append(posting(cpr, "538521001", str(amount)))
        if days:
            courses.append(course(cpr, "1.8.2", date(2020, 1, 1), date(2020, 1, 1) + timedelta(days - 1)))
        yearly = rounded(Fraction(amount) / days * 365, 2) if days else None
        expected[f"P-{cpr[::-1]}"] = (yearly, amount)
    values = [Fraction(yearly) for yearly, _amount in expected.values() if yearly is not None]
    middle = median(values) if values else Fraction(0)
    spread = median([abs(value - middle) for value in values]) if len(values) >= 20 else 0

    def remark(yearly: Decimal | None, amount: Decimal) -> str:
        if yearly is None:
            return "mangler_dato"
        if amount < 0:
            return "negativ"
        return "ekstrem" if spread and abs(Fraction(yearly) - middle) > Fraction(k) * spread else ""

    remarks = {who: remark(*figures) for who, figures in expected.items()}
    tables = run(courses, postings, regler={"pris_k": k})
    assert {row.borger: row.kontrol for row in tables["enkeltudgift"]} == remarks
    (check,) = tables["enkeltudgift_kontrol"]
    counted = [list(remarks.values()).count(name) for name in ("mangler_dato", "negativ", "ekstrem")]
    assert [check.mangler_dato, check.negative, check.ekstreme] == counted
    assert check.klar == "nej" or not any(counted)


def test_the_sum_is_held_against_ledger_and_account() -> None:
    courses = [course(ANNE, "1.8.2"), course(BENT, "1.8.2")]
    postings = [
        posting(ANNE, "538521001", "10.00"),
        posting(BENT, "538521001", "20.00"),
        posting(None, "538521001", "3.00"),
    ]
    (check,) = run(courses, postings)["enkeltudgift_kontrol"]
    assert (check.beloeb, check.oekonomi, check.uden_cpr, check.klar) == (Decimal(30), Decimal(33), Decimal(3), "nej")
    assert (check.regnskab, check.forskel_regnskab, check.median_aarsudgift) == (None, None, Decimal("14.96"))
    for account, ready in (("31.00", "ja"), ("31.01", "nej")):
        published = [{"kommune": "665", "periode": "2020", "konto": "538521001", "beloeb": Decimal(account)}]
        (check,) = run(courses, postings, tables={"regnskab": published})["enkeltudgift_kontrol"]
        assert (check.regnskab, check.forskel_regnskab) == (Decimal(account), Decimal(account) - 30)
        assert check.klar == ready


def test_a_ledger_without_persons_has_no_draft() -> None:
    assert "enkeltudgift" not in run([], [posting(None, "538521001", "3.00")], lacks={"oekonomi": ["cpr"]})
