"""Account numbers, as the ledgers and overviews of municipalities write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile.domain.accounts import accounts_in, parse_account, show_account
from reconcile.reference import functions

ACCOUNTS = st.tuples(
    st.sampled_from(sorted(functions())), st.integers(1, 7).map(str), st.integers(0, 999).map(lambda n: f"{n:03d}")
)


@given(ACCOUNTS, st.sampled_from(["", " SEL § 103 Beskyttet beskæftigelse", "\u00a0(særlige sociale problemer)"]))
def test_the_four_ways_of_writing_an_account_are_the_same_account(parts: tuple[str, str, str], text: str) -> None:
    function, dranst, group = parts
    dotted = f"{function[0]}.{function[1:3]}.{function[3:]}"
    account = function + dranst + group
    for written in (
        f"{dotted}-{dranst}-{group}",
        f"{dotted} {dranst} {group}",
        f"{dotted}.{dranst}.{group}",
        f"{dotted} - {dranst} - {group}",
        f"{dotted}\u2013{dranst}\u2011{group}",
        account,
        f"{dranst} {dotted} {group}",
    ):
        assert parse_account(written + text, functions()) == account
    regkc = dranst + function + group
    if regkc[:5] not in functions():
        assert parse_account(regkc + text, functions()) == account
    assert show_account(account) == f"{dotted}-{dranst}-{group}"


def test_regkc_order_is_read_only_when_the_plain_reading_is_no_known_funktion() -> None:
    known = {"53858", "15385"}
    assert parse_account("153858001", {"53858"}) == "538581001"
    assert parse_account("153858001", known) == "153858001"


def test_eight_digits_have_lost_the_zero_of_hovedkonto_0_and_are_never_regkc() -> None:
    assert parse_account("22011001", functions()) == "022011001"
    assert parse_account("53858101", functions()) == "053858101"


@pytest.mark.parametrize(
    "text", ["", "5.38.58", "5.38.58-1", "5.38.58-1-0011", "5385810011", "1234567", "konto", "5.38.58-1-01"]
)
def test_anything_else_is_no_account(text: str) -> None:
    assert parse_account(text, functions()) is None


def test_what_is_no_account_is_shown_as_it_is() -> None:
    assert show_account("ukendt") == "ukendt"


@given(
    st.lists(ACCOUNTS, min_size=1, max_size=4),
    st.sampled_from(["\n", " / ", "/", ", ", "; ", " og ", " + ", " & ", "|", "  "]),
    st.sampled_from(["", " SEL § 103 Beskyttet beskæftigelse", " (særlige sociale problemer)"]),
)
def test_accounts_of_one_cell_come_apart_whatever_stands_between_and_after_them(
    parts: list[tuple[str, str, str]], between: str, text: str
) -> None:
    accounts = ["".join(part) for part in parts]
    written = between.join(show_account(account) + text for account in accounts)
    assert accounts_in(written, functions()) == accounts


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_and_none_disappears(text: str) -> None:
    assert all(len(account) == 9 or account in " ".join(text.split()) for account in accounts_in(text, functions()))
