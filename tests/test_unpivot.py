"""Tables with quarters as columns become one row per code and quarter."""

from __future__ import annotations

import pytest

from reconcile.errors import InputError
from reconcile.sources.unpivot import long_form, without_totals


def unpivoted(
    headers: list[str], rows: list[list[str]], codes: tuple[str, ...] = ("dst_kode",)
) -> tuple[list[str], list[object]]:
    names, made = long_form("fil.csv", headers, without_totals(headers, enumerate(rows, start=2)), codes)
    return names, list(made)


def test_every_quarter_becomes_a_row_with_the_number_of_its_row() -> None:
    names, rows = unpivoted(["dst_kode", "2020K1", "2020Q2"], [["1.1", "160", ".."], ["1.3", "7", ""]])
    assert names == ["dst_kode", "periode", "antal"]
    assert rows == [
        (2, ["1.1", "2020K1", "160"]),
        (2, ["1.1", "2020K2", ".."]),
        (3, ["1.3", "2020K1", "7"]),
        (3, ["1.3", "2020K2", ""]),
    ]


@pytest.mark.parametrize("header", ["", "Rækkenavne", "Row Labels", "Ydelse"])
def test_the_code_stands_in_the_first_column_whatever_it_is_called(header: str) -> None:
    names, rows = unpivoted([header, "2020K1"], [["1.1", "160"]])
    assert names == ["dst_kode", "periode", "antal"]
    assert rows == [(2, ["1.1", "2020K1", "160"])]


def test_a_column_with_the_codes_own_header_wins_over_the_first() -> None:
    names, rows = unpivoted(["kommune", "Ydelse", "2020K1"], [["665", "1.1", "160"]], ("Ydelse", "dst_kode"))
    assert names == ["kommune", "dst_kode", "periode", "antal"]
    assert rows == [(2, ["665", "1.1", "2020K1", "160"])]


def test_total_rows_and_columns_are_left_out_because_persons_are_never_summed() -> None:
    headers = ["dst_kode", "2020K1", "2020K2", "Hovedtotal"]
    rows = [["1.1", "1", "2", "3"], ["I alt", "1", "2", "3"], [" Grand Total ", "1", "2", "3"]]
    assert unpivoted(headers, rows) == (
        ["dst_kode", "periode", "antal"],
        [(2, ["1.1", "2020K1", "1"]), (2, ["1.1", "2020K2", "2"])],
    )


def test_a_table_without_quarters_is_left_as_it_is() -> None:
    assert unpivoted(["dst_kode", "periode", "antal"], [["1.1", "2020K1", "1"]]) == (
        ["dst_kode", "periode", "antal"],
        [(2, ["1.1", "2020K1", "1"])],
    )


def test_two_blocks_with_the_same_quarters_are_refused() -> None:
    with pytest.raises(InputError, match=r"fil\.csv: 2020K1, 2020K2 står i flere kolonner"):
        unpivoted(["", "2020K1", "2020K2", "", "2020K1", "2020K2"], [])
