"""A published figure that is given twice must say the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.worlds import world

from reconcile.errors import InputError
from reconcile.sources.agreement import check_published


def figure(antal: int | None, *, kode: str = "1.1", **more: Any) -> dict[str, Any]:
    return {"dst_kode": kode, "periode": "2020K1", "antal": None if antal is None else Decimal(antal), **more}


def check(*rows: dict[str, Any]) -> list[str]:
    with world({"hand07": rows}) as context:
        return check_published(context.engine)


def test_different_codes_and_quarters_do_not_contradict_each_other() -> None:
    assert check(figure(160), figure(7, kode="1.3"), figure(157, periode="2020K2")) == []


def test_the_same_figure_twice_is_said() -> None:
    assert check(figure(160), figure(160, kommune="665")) == ["hand07: 1 tal står to gange med samme værdi."]


def test_two_values_are_a_mistake_that_names_both_places() -> None:
    with pytest.raises(InputError) as caught:
        check(figure(160, fil="a.csv", raekke=2), figure(161, fil="b.csv", raekke=7))
    assert "to tal for 1.1 2020K1: 160 i a.csv række 2, 161 i b.csv række 7. Slet det forkerte." in str(caught.value)


@pytest.mark.parametrize("other", [figure(None), figure(None, antal_tekst=""), figure(0)])
def test_a_figure_and_a_missing_one_or_zero_are_two_values(other: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        check(figure(160), other)


def test_other_kommuner_are_no_contradiction() -> None:
    assert check(figure(160, kommune="665"), figure(9, kommune="101"), figure(8, kommune="101")) == []


def test_a_hundred_contradictions_are_listed_and_the_rest_counted() -> None:
    rows = [figure(n, periode=f"{1900 + i}K1") for i in range(120) for n in (1, 2)]
    with pytest.raises(InputError) as caught:
        check(*rows)
    lines = str(caught.value).splitlines()
    assert len(lines) == 102
    assert lines[-1] == "  · … og 20 mere."
