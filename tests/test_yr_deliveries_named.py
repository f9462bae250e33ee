"""The files of Ydelsesrefusion by their names: which number is missing, came twice, or is another kommune's."""

from __future__ import annotations

import pytest

from reconcile.controls import yr_deliveries as deliveries


def file(number: int, kommune: str = "665", day: str = "2024-01-04", folder: str = "") -> str:
    return f"{folder}yr-ydelsesrefusion-beregning-{kommune}-{number:04d}-{day}.csv"


def series(*files: str) -> deliveries.Series:
    return deliveries._series(files)


def gaps(*numbers: int) -> list[str]:
    return list(deliveries._gaps(series(*map(file, numbers))))


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        (1, 2, ""),
        (1, 3, "0002"),
        (1, 4, "0002–0003"),
        (1, 9, "0002–0008"),
        (51, 53, "0052"),
        (9998, 10001, "9999–10000"),
    ],
)
def test_what_lies_between_two_numbers(before: int, after: int, between: str) -> None:
    assert deliveries._between(before, after) == between


def test_a_series_without_a_hole_says_nothing() -> None:
    assert gaps(7) == []
    assert gaps(3, 4, 5) == []
    assert gaps(5, 3, 4) == []


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((1, 3), "fra løbenummer 0001 til 0003, men 0002 er der ikke"),
        ((5, 1), "fra løbenummer 0001 til 0005, men 0002–0004 er der ikke"),
        ((1, 2, 4, 5, 8), "fra løbenummer 0001 til 0008, men 0003, 0006–0007 er der ikke"),
    ],
)
def test_each_hole_is_named_between_the_first_and_the_last(numbers: tuple[int, ...], said: str) -> None:
    (text,) = gaps(*numbers)
    assert f"Leverancerne for kommune 665 går {said}" in text


def test_each_kommune_has_a_series_of_its_own() -> None:
    found = series(file(1), file(3), file(2, "671"), file(3, "671"))
    assert {kommune: list(numbers) for kommune, numbers in found.items()} == {"665": [1, 3], "671": [2, 3]}
    assert len(list(deliveries._gaps(found))) == 1


@pytest.mark.parametrize(
    ("name", "kommune"),
    [
        (file(1), "665"),
        (file(1, "0665"), "665"),
        (file(1).upper(), "665"),
        (file(1, folder="ind/2024/"), "665"),
        ("yr-665-0001.csv", None),
        ("yr-ydelsesrefusion-beregning-665-0001.csv", None),
        ("yr-ydelsesrefusion-beregning-66-0001-2024-01-04.csv", None),
        ("yr-ydelsesrefusion-beregning-665-1-2024-01-04 (1).csv", "665"),
    ],
)
def test_a_file_says_who_it_is_of_by_its_name_or_is_in_no_series(name: str, kommune: str | None) -> None:
    assert list(series(name)) == ([kommune] if kommune else [])


def test_a_number_that_came_twice_is_named_with_its_files() -> None:
    twice = [file(2, day="2024-02-04"), file(2, day="2024-02-05")]
    (text,) = deliveries._twice(series(file(1), *twice), [])
    assert "Kommune 665 har løbenummer 0002 i flere filer" in text
    assert all(name in text for name in twice)
    assert list(deliveries._twice(series(file(1), file(2)), [])) == []


def test_copies_of_each_other_are_no_two_deliveries_but_a_third_file_is() -> None:
    first, second, third = (file(2, day=f"2024-02-0{day}") for day in (4, 5, 6))
    assert list(deliveries._twice(series(first, second), [[first, second]])) == []
    assert list(deliveries._twice(series(first, second), [[first, second, third]])) == []
    assert len(list(deliveries._twice(series(first, second, third), [[first, second]]))) == 1
    assert len(list(deliveries._twice(series(first, second), [[first], [second]]))) == 1


def test_another_kommunes_files_are_named_by_kommune() -> None:
    found = series(file(1), file(1, "671"), file(2, "671"), file(1, "101"))
    said = list(deliveries._of_others(found, {"665", "101"}))
    assert len(said) == 1
    assert "filnavnet siger kommune 671" in said[0]
    assert file(1, "671") in said[0]
    assert file(2, "671") in said[0]
    assert list(deliveries._of_others(found, {"665", "671", "101"})) == []


def test_each_copy_is_said_beside_the_first() -> None:
    said = list(deliveries._of_copies([["a", "b", "c"], ["d", "e"]]))
    assert [text.split(" ")[0] for text in said] == ["b", "c", "e"]
    assert [("a," in text, "d," in text) for text in said] == [(True, False), (True, False), (False, True)]


@pytest.mark.parametrize(("count", "more"), [(1, ""), (12, ""), (13, " og 1 mere"), (20, " og 8 mere")])
def test_twelve_names_are_told(count: int, more: str) -> None:
    text = deliveries._some([f"n{n}" for n in range(count)])
    assert text.endswith(f"n{min(count, 12) - 1}{more}")
    assert text.count("n") == min(count, 12)
