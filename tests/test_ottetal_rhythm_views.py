"""How a code looks billed (OE08), and the payments that a lag hides (OE09), each view by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from support.alone import alone, beside

YEAR = 2020 * 12  # mdr of a month of 2020 is this and its number


def person(active: Sequence[int], paid: Sequence[int], cpr: str = "A") -> list[dict[str, Any]]:
    """A row for each month of 2020 in which somebody is active or pays."""
    return [
        {"dst_kode": "1.4", "cpr": cpr, "mdr": YEAR + m, "dage": int(m in active), "betaling": int(m in paid)}
        for m in sorted({*active, *paid})
    ]


def looks(
    active: Sequence[int], paid: Sequence[int], first: int | None = YEAR + 1, last: int = YEAR + 12, written: int = 0
) -> list[tuple[Any, ...]]:
    """aktive, betalte, every third, sixth, twelfth month, in advance, in arrears."""
    return alone(
        "ottetal", "oe_rytme_person", "aktive, betalte, hver3, hver6, hver12, forud, bagud",
        oe_maaned=[*person(active, paid), *person([1], [2], "B")],
        masterkode=[{"dst_kode": "1.4", "skrevet": written},
        {"dst_kode": "1.1", "skrevet": 0}],
        oe_daekning=[{"foerste_mdr": first, "sidste_mdr": last}],
    )  # fmt: skip


class TestPerson:
    @pytest.mark.parametrize(
        ("paid", "every"),
        [((3, 6, 9, 12), (1, 0, 0)), ((6, 12), (1, 1, 0)), ((12,), (1, 1, 1)), ((3, 7), (0, 0, 0)), ((1, 4, 10), (1, 0, 0)),
         (tuple(range(1, 13)), (0, 0, 0)), ((2, 8), (1, 1, 0))],
    )  # fmt: skip
    def test_payments_that_lie_a_rhythm_or_a_multiple_of_it_apart(
        self, paid: tuple[int, ...], every: tuple[int, ...]
    ) -> None:
        ((active, times, *rhythm, _ahead, _after),) = looks(range(1, 13), paid)
        assert (active, times, tuple(rhythm)) == (12, len(paid), every)

    @pytest.mark.parametrize(("months", "there"), [(range(1, 7), True), (range(1, 6), False)])
    def test_six_active_months_are_enough(self, months: range, there: bool) -> None:
        assert bool(looks(months, [3, 6])) is there

    def test_only_months_that_the_ledger_covers_count_and_only_codes_whose_rhythm_is_not_written(self) -> None:
        assert looks(range(1, 13), [3, 6, 9, 12], first=YEAR + 4, last=YEAR + 9) == [(6, 2, 1, 0, 0, 0, 0)]
        assert looks(range(1, 13), [3, 6, 9, 12], first=None, last=YEAR + 12) == []
        assert looks(range(1, 13), [3], written=1) == []

    @pytest.mark.parametrize(
        ("active", "paid", "ahead", "after"),
        [
            (range(4, 10), (3, 6), 1, 0),  # paid the month before it begins; the last payment before it ends
            (range(4, 10), (4, 7), 1, 0), (range(4, 10), (5, 8), 0, 0), (range(4, 10), (6, 9), 0, 1), (range(4, 10),
            (6, 12), 0, 1),
            (range(1, 7), (1, 4), 0, 0),  # active from the ledger's first month: nobody knows when it began
            (range(7, 13), (9, 12), 0, 0),  # active to its last
        ],
    )  # fmt: skip
    def test_the_first_payment_by_the_first_month_is_in_advance_and_the_last_by_the_last_in_arrears(
        self, active: range, paid: tuple[int, ...], ahead: int, after: int
    ) -> None:
        ((*_counts, found_ahead, found_after),) = looks(active, paid)
        assert (found_ahead, found_after) == (ahead, after)


def one(active: int = 12, paid: int = 4, every: str = "100", ahead: int = 0, after: int = 0) -> dict[str, Any]:
    """A person of 1.4; ``every``: whether the payments lie three, six and twelve months apart."""
    third, sixth, twelfth = map(int, every)
    return {
        "dst_kode": "1.4", "cpr": "A", "aktive": active, "betalte": paid, "hver3": third, "hver6": sixth, "hver12": twelfth,
        "forud": ahead, "bagud": after,
    }  # fmt: skip


def rhythm(*people: dict[str, Any]) -> list[tuple[Any, ...]]:
    return alone("ottetal", "oe_rytme", "personer, i_rytme, n, rytme", oe_rytme_person=list(people))


class TestCode:
    def test_four_in_five_are_enough_and_three_in_four_are_not(self) -> None:
        other = one(every="000", paid=12)
        assert rhythm(*[one()] * 4, other) == [(5, 4, 3, "kvartal")]
        assert rhythm(*[one()] * 3, other) == []

    @pytest.mark.parametrize(
        ("every", "paid", "name", "n"), [("110", 2, "halvaar", 6), ("111", 1, "aar", 12), ("100", 4, "kvartal", 3)]
    )
    def test_the_longest_rhythm_that_fits_is_taken(self, every: str, paid: int, name: str, n: int) -> None:
        assert rhythm(one(paid=paid, every=every)) == [(1, 1, n, name)]

    @pytest.mark.parametrize(
        ("active", "paid", "fits"),
        [(12, 3, True), (12, 2, False), (6, 1, True), (11, 2, True), (11, 1, False), (6, 0, False)],
    )  # fmt: skip
    def test_there_must_be_as_many_payments_as_the_months_make_less_one_and_one_at_least(
        self, active: int, paid: int, fits: bool
    ) -> None:
        """Twelve months are four quarters: three payments; eleven are three whole ones: two."""
        assert bool(rhythm(one(active=active, paid=paid))) is fits

    def test_it_is_in_advance_where_more_begin_paid_than_end_paid(self) -> None:
        assert rhythm(one(ahead=1), one(ahead=1), one(after=1)) == [(3, 3, 3, "kvartal forud")]
        assert rhythm(one(ahead=1), one(after=1)) == [(2, 2, 3, "kvartal")]


def fewer(
    active: Sequence[int], paid: Sequence[int], *, n: int = 1, found: int | None = None, unpaid: Sequence[int] = (), lag: int = 2,
    first: int | None = None, last: int = YEAR + 15,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """n, aktive, betalte, ubetalte, mangler, graense, fil and raekke of the person."""
    rows = [{**row, "forloeb_noegle": 2 * 10**10 + row["mdr"]} for row in person(active, paid)]
    return alone(
        "ottetal", "oe_faerre", "n, aktive, betalte, ubetalte, mangler, graense, fil, raekke", {"efterslip_maaneder": lag},
        oe_maaned=rows,
        kalendermaaned=[{"mdr": YEAR + m, "periode": "2020K1" if m <= 12 else None} for m in range(1, 16)],
        masterkode=[{"dst_kode": "1.4", "n": n}, {"dst_kode": "1.1", "n": 12}],
        oe_daekning=[{"foerste_mdr": first, "sidste_mdr": last}],
        oe_rytme=[{"dst_kode": "1.1", "n": 12}, *([{"dst_kode": "1.4", "n": found}] if found else [])],
        oe_ubetalt=[
            *({"cpr": "A", "dst_kode": "1.4", "mdr": YEAR + m} for m in unpaid),
            *beside({"cpr": "A", "dst_kode": "1.4", "mdr": YEAR + 1}, cpr="X", dst_kode="1.1", mdr=1),
        ],
        kildefil=[{"nr": 2, "fil": "b.csv"}, {"nr": 1, "fil": "a.csv"}],
    )  # fmt: skip


class TestFewer:
    def test_what_is_missing_is_active_less_paid_less_named(self) -> None:
        assert fewer(range(1, 11), [2, 5], unpaid=[8, 9, 10]) == [(1, 10, 2, 3, 5, 2, "b.csv", YEAR + 1)]

    def test_a_payment_is_for_as_many_months_as_the_rhythm_written_or_found(self) -> None:
        assert fewer(range(1, 11), [3, 6], n=3) == [(3, 10, 2, 0, 4, 4, "b.csv", YEAR + 1)]
        assert fewer(range(1, 11), [3, 6], n=1, found=3) == [(3, 10, 2, 0, 4, 4, "b.csv", YEAR + 1)]

    def test_only_judged_months_count_that_the_ledger_reaches_with_their_lag(self) -> None:
        """The ledger ends in December: a monthly code is judged until October, a quarterly one until August."""
        assert fewer(range(1, 13), [1], last=YEAR + 12)[0][1:3] == (10, 1)
        assert fewer(range(1, 13), [1], last=YEAR + 12, n=3)[0][1:3] == (8, 1)
        assert fewer(range(1, 13), [1], last=YEAR + 12, lag=0)[0][1:3] == (12, 1)
        assert fewer(range(1, 13), [3], first=YEAR + 3)[0][1:3] == (10, 1)
        assert fewer([12, 13, 14], [])[0][1:3] == (1, 0)

    def test_who_is_never_active_has_no_row(self) -> None:
        assert fewer([], [3, 6]) == []
