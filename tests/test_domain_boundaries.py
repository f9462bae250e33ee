"""Quarters, months, weeks, deadlines, codes, accounts and exact figures at their first and last day, sign and digit."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.domain.accounts import accounts_in, lacks_dranst, parse_account, show_account
from reconcile.domain.codes import chosen, code_order
from reconcile.domain.cpr import mask
from reconcile.domain.deadlines import deadline, next_working_day, public_holidays
from reconcile.domain.exact import rounded
from reconcile.domain.periods import Quarter, between, iso_week, merge_choices, parse_choice, parse_month, parse_week
from reconcile.reference import functions

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


class TestQuarters:
    @pytest.mark.parametrize(
        ("text", "quarter"),
        [
            ("2023K3", (2023, 3)), ("2023Q3", (2023, 3)), ("2023-K3", (2023, 3)), ("2023 q3", (2023, 3)),
            ("K3 2023", (2023, 3)), ("Q3-2023", (2023, 3)),
            ("3. kvartal 2023", (2023, 3)), ("3 kvartal 2023", (2023, 3)), ("3. kvt. 2023", (2023, 3)),
            ("3.kv. 2023", (2023, 3)), ("3. kv 2023", (2023, 3)),
            ("3. Kvartal, 2023", (2023, 3)), ("2023 3. kvartal", (2023, 3)), ("2023, 3. kvt.", (2023, 3)),
            ("  2023K4  ", (2023, 4)), ("1000K1", (1000, 1)),
            ("2999K4", (2999, 4)), ("3000K1", None), ("0999K1", None), ("2023K", None), ("K3", None), ("2023K3x", None),
            ("x2023K3", None), ("5. kvartal 2023", None),
            ("0. kvartal 2023", None), ("2023K3 2024K1", None), ("23K3", None), ("K32023", None), ("2023 kvartal 3", None),
        ],
    )  # fmt: skip
    def test_as_statistics_and_people_write_them(self, text: str, quarter: tuple[int, int] | None) -> None:
        assert Quarter.parse(text) == (Quarter(*quarter) if quarter else None)

    @pytest.mark.parametrize(
        ("number", "first", "last", "days"),
        [
            (1, "2020-01-01", "2020-03-31", 91),
            (2, "2020-04-01", "2020-06-30", 91),
            (3, "2020-07-01", "2020-09-30", 92),
            (4, "2020-10-01", "2020-12-31", 92),
        ],
    )
    def test_the_days_of_a_leap_years_quarters(self, number: int, first: str, last: str, days: int) -> None:
        quarter = Quarter(2020, number)
        assert (str(quarter.first), str(quarter.last), quarter.days) == (first, last, days)
        assert Quarter(2019, number).days == days - (number == 1)

    @given(DAYS)
    def test_the_day_before_and_after_a_quarter_lie_in_others(self, day: date) -> None:
        quarter = Quarter.of(day)
        assert Quarter.of(quarter.first - timedelta(1)).next == quarter
        assert Quarter.of(quarter.last + timedelta(1)) == quarter.next
        assert sum(q.days for q in between(Quarter(day.year, 1), Quarter(day.year, 4))) == (
            366 if day.year % 4 == 0 and (day.year % 100 or day.year % 400 == 0) else 365
        )

    @pytest.mark.parametrize(
        ("text", "quarters"),
        [
            ("2020", "2020K1 2020K2 2020K3 2020K4"), ("2020K4:2021K1", "2020K4 2021K1"), ("2020K3:2020K3", "2020K3"),
            ("2019K4:2020", "2019K4 2020K1 2020K2 2020K3 2020K4"),
            (" 2020K1 : 2020K2 ", "2020K1 2020K2"), ("2021:2020", None), ("2020K2:2020K1", None), ("2020:", None),
            (":2020", None), ("3020", None), ("2020-07", None),
        ],
    )  # fmt: skip
    def test_a_choice_is_a_quarter_a_year_or_from_one_to_another(self, text: str, quarters: str | None) -> None:
        found = parse_choice(text)
        assert (found and " ".join(map(str, found))) == quarters

    def test_choices_together_are_sorted_and_each_once(self) -> None:
        assert merge_choices([]) == ()
        assert merge_choices([(Quarter(2020, 4), Quarter(2020, 1)), (Quarter(2020, 1), Quarter(2019, 2))]) == (
            Quarter(2019, 2), Quarter(2020, 1), Quarter(2020, 4),
        )  # fmt: skip

    @pytest.mark.parametrize(("text", "month"), [("2020-01", 1), ("2020-12", 12), ("2020M12", 12), ("202001", 1),
    ("2020-00", None), ("2020-13", None), ("20201", None),
                                                 ("2020 01", None), ("3020-01", None), ("2020/01", None)])  # fmt: skip
    def test_a_month(self, text: str, month: int | None) -> None:
        assert parse_month(text) == (date(2020, month, 1) if month else None)


class TestWeeks:
    @pytest.mark.parametrize(
        ("day", "week"),
        [("2020-12-28", "2020-U53"), ("2021-01-03", "2020-U53"), ("2021-01-04", "2021-U01"), ("2019-12-29", "2019-U52"),
         ("2019-12-30", "2020-U01"),
         ("2016-01-03", "2015-U53"), ("2024-12-30", "2025-U01"), ("2020-03-01", "2020-U09"), ("2020-03-02", "2020-U10")],
    )  # fmt: skip
    def test_a_week_begins_on_monday_and_belongs_to_the_year_of_its_thursday(self, day: str, week: str) -> None:
        assert iso_week(date.fromisoformat(day)) == week

    @given(DAYS)
    def test_a_week_reads_back_as_its_monday(self, day: date) -> None:
        monday = parse_week(iso_week(day))
        assert monday is not None
        assert monday.weekday() == 0
        assert timedelta(0) <= day - monday < timedelta(7)

    @pytest.mark.parametrize(
        "text", ["2020-U54", "2021-U53", "2020-U00", "2020-U1", "2020U01", "0000-U01", "", "2020-U01 "]
    )
    def test_a_week_that_does_not_exist_is_none(self, text: str) -> None:
        assert parse_week(text) is None


class TestDeadlines:
    @pytest.mark.parametrize(
        ("day", "working"),
        [
            ("2024-03-27", "2024-03-27"), ("2024-03-28", "2024-04-02"), ("2024-12-24", "2024-12-24"),
            ("2024-12-25", "2024-12-27"), ("2024-01-01", "2024-01-02"),
            ("2024-05-09", "2024-05-10"), ("2024-05-20", "2024-05-21"), ("2023-05-05", "2023-05-08"),
            ("2024-04-26", "2024-04-26"), ("2024-06-05", "2024-06-05"),
            ("2024-12-28", "2024-12-30"), ("2023-12-23", "2023-12-27"),
        ],
    )  # fmt: skip
    def test_the_first_day_that_is_neither_weekend_nor_holiday(self, day: str, working: str) -> None:
        """Skærtorsdag to 2. påskedag 2024; Christmas Eve and Grundlovsdag are no helligdage; store bededag until 2023."""
        assert next_working_day(date.fromisoformat(day)) == date.fromisoformat(working)

    @pytest.mark.parametrize(
        ("quarter", "day"),
        [("2020K1", "2020-04-14"), ("2020K2", "2020-07-14"), ("2020K3", "2020-10-14"), ("2020K4", "2021-01-14")],
    )
    def test_the_deadline_is_the_14th_of_the_month_after(self, quarter: str, day: str) -> None:
        parsed = Quarter.parse(quarter)
        assert parsed is not None
        assert deadline(parsed).day == date.fromisoformat(day)
        assert deadline(parsed).moved is (deadline(parsed).working_day != deadline(parsed).day)

    def test_a_year_has_ten_holidays_and_had_eleven_until_2023(self) -> None:
        assert (len(public_holidays(2023)), len(public_holidays(2024))) == (11, 10)


class TestCodes:
    def test_codes_are_in_the_order_of_their_numbers_and_what_is_none_comes_last(self) -> None:
        codes = ["1.12.0.1", "1.8.2", "x", "1.8", "1.12", "1.8.10", "1", "1.x", "1.8.1"]
        assert sorted(codes, key=code_order) == ["1", "1.8", "1.8.1", "1.8.2", "1.8.10", "1.12", "1.12.0.1", "1.x", "x"]

    @pytest.mark.parametrize(
        ("code", "codes", "shown"),
        [("1.4", [], True), ("1.4", ["1.4"], True), ("1.12.0.1", ["1.12"], True), ("1.12", ["1.12.0.1"], False),
         ("1.13", ["1.1"], False), ("1.1", ["1.4", "1.1"], True),
         ("", ["1"], False), ("1.10", ["1.1"], False)],
    )  # fmt: skip
    def test_a_chosen_code_takes_those_under_it_at_a_point(self, code: str, codes: list[str], shown: bool) -> None:
        assert chosen(code, frozenset(codes)) is shown


class TestAccounts:
    @pytest.mark.parametrize(
        ("text", "accounts"),
        [
            ("5.38.58-1-001", ["538581001"]), ("5.38.39-1-003/004", ["538391003", "538391004"]),
            ("5.38.39-1-003 og 5.38.39-1-005", ["538391003", "538391005"]),
            ("5.38.39 grp. 3+4", ["538391003", "538391004"]), ("5.38.39 dranst 2 gr. 10", ["538392010"]),
            ("5.38.39 gr 3", ["538391003"]), ("Konto 538391003", ["538391003"]),
            ("5.38.39-1-003-005", ["5.38.39-1-003-005"]),
            ("5.38.39-1-003 til 5.38.39-1-005", ["5.38.39-1-003 til", "538391005"]),
            ("se 5.38.39-1-003", ["se 5.38.39-1-003"]),
            ("5.38.39-1-003 (også 5.38.39-1-004)", ["538391003"]), ("538391003;538391004", ["538391003", "538391004"]),
            ("5.38.39-1-003\n-004", ["538391003", "538391004"]), ("", [""]),
            ("538391003 1 5.38.58 001", ["538391003", "538581001"]),
        ],
    )  # fmt: skip
    def test_a_cell_may_hold_several_and_what_nobody_can_tell_stays(self, text: str, accounts: list[str]) -> None:
        assert accounts_in(text, functions()) == accounts

    @pytest.mark.parametrize(
        ("text", "lacks"),
        [
            ("5.38.39 grp. 3", True),
            ("5.38.39 dranst 1 grp. 3", False),
            ("5.38.39-1-003", False),
            ("5.38.39 1 gr 3", False),
            ("", False),
        ],
    )
    def test_grupperinger_without_a_dranst(self, text: str, lacks: bool) -> None:
        assert lacks_dranst(text) is lacks

    @pytest.mark.parametrize(
        ("text", "account"),
        [("538581001", "538581001"), ("153858001", "538581001"), ("1 5.38.58 001", "538581001"), ("0 5.38.58 001", None),
         ("5.38.58.1.001 tekst", "538581001"), ("5385810011", None),
         ("5.38.58-1-001x", "538581001"), ("5.38.58-1-0012", None), ("22011001", "022011001"), ("2201100", None)],
    )  # fmt: skip
    def test_an_account_is_nine_digits_in_either_order(self, text: str, account: str | None) -> None:
        assert parse_account(text, functions()) == account

    @pytest.mark.parametrize(
        ("account", "shown"),
        [("538581001", "5.38.58-1-001"), ("53858100", "53858100"), ("5385810011", "5385810011"), ("", "")],
    )
    def test_only_nine_digits_are_written_with_points(self, account: str, shown: str) -> None:
        assert show_account(account) == shown


class TestExact:
    @pytest.mark.parametrize(
        ("value", "decimals", "written"),
        [
            (Fraction(1, 20000), 4, "0.0001"), (Fraction(-1, 20000), 4, "-0.0001"), (Fraction(1, 20001), 4, "0.0000"),
            (Fraction(-1, 20001), 4, "0.0000"), (Fraction(5, 2), 0, "3"),
            (Fraction(-5, 2), 0, "-3"), (Fraction(1, 3), 2, "0.33"), (Fraction(2, 3), 2, "0.67"),
            (Decimal("0.005"), 2, "0.01"), (Decimal("0.0049999"), 2, "0.00"), (7, 2, "7.00"),
            (10**40, 1, "1" + "0" * 40 + ".0"), (Fraction(10**40, 3), 0, "3" * 40),
        ],
    )  # fmt: skip
    def test_half_goes_away_from_zero_at_any_size(
        self, value: Fraction | Decimal | int, decimals: int, written: str
    ) -> None:
        assert f"{rounded(value, decimals):f}" == written

    @given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 5))
    def test_it_is_what_decimal_gives_with_room_enough(self, value: Decimal, decimals: int) -> None:
        with localcontext() as context:
            context.prec = 60
            expected = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        assert rounded(value, decimals) == expected


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1.234.567,89", True), ("2020-07-01", True), ("01-07-2020", True), ("538581001", True), ("5.38.58-1-001", True),
        ("0101501111", False), ("010150-1111", False),
        ("01.01.50-1111", False), ("01/01/50 1111", False), ("01011950-1111", False), ("010150/1111", False),
        ("010150_1111", False), ("01 01 50 11 11", False), ("101501111", False),
        ("nr. 610150-1111.", False), ("999999-9999", False), ("99999-9999", True), ("1.4", True), ("20-12-2020 10:15", True),
        ("", True),
    ],
)  # fmt: skip
def test_what_looks_like_a_cpr_number_is_masked_and_what_does_not_is_kept(text: str, kept: bool) -> None:
    assert (mask(text) == text) is kept
    assert mask(mask(text)) == mask(text)
