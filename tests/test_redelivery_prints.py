"""The prints of deliveries as files: their numbers and names, which are kept, and what published figures rest on."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.worlds import insert, world

from reconcile.controls.redelivery_prints import (
    FIGURES,
    FOLDER,
    KEPT,
    Noted,
    Print,
    content_name,
    earlier,
    keep,
    known,
    noted,
    own_number,
    read,
    stage,
    staged,
    take,
)
from reconcile.errors import InputError
from reconcile.results.redelivery import NewPrint, Resting
from reconcile.world.context import Context


def name(number: int) -> str:
    """A print's name: sixteen hex digits."""
    return f"{number:016x}"


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / FOLDER).glob("*.parquet"))


def resting(*quarters: str, tal: str = "a") -> tuple[Resting, ...]:
    return tuple(Resting(quarter, tal) for quarter in quarters)


# --- keeping ------------------------------------------------------------------------------------------------------------


def test_prints_are_numbered_as_they_come(tmp_path: Path) -> None:
    for number in (7, 3, 5):
        keep(tmp_path, NewPrint(name(number), b"x"))
    assert kept(tmp_path) == [f"0001-{name(7)}.parquet", f"0002-{name(3)}.parquet", f"0003-{name(5)}.parquet"]
    assert known(tmp_path / FOLDER).keys() == {1, 2, 3}


def test_a_number_is_never_used_again_while_a_later_one_is_there(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        keep(tmp_path, NewPrint(name(number), b"x"))
    known(tmp_path / FOLDER)[2].unlink()
    keep(tmp_path, NewPrint(name(9), b"x"))
    assert [text[:4] for text in kept(tmp_path)] == ["0001", "0003", "0004"]


@pytest.mark.parametrize(("count", "first"), [(KEPT - 1, 1), (KEPT, 1), (KEPT + 1, 2), (KEPT + 5, 6)])
def test_ten_prints_are_kept_and_the_oldest_goes(tmp_path: Path, count: int, first: int) -> None:
    for number in range(1, count + 1):
        keep(tmp_path, NewPrint(name(number), b"x"))
    assert [int(text[:4]) for text in kept(tmp_path)] == list(range(first, count + 1))


def test_a_print_that_figures_rest_on_stays_and_another_goes_in_its_place(tmp_path: Path) -> None:
    keep(tmp_path, NewPrint(name(1), b"x", resting("2020K1")))
    for number in range(2, KEPT + 3):
        keep(tmp_path, NewPrint(name(number), b"x"))
    numbers = [int(text[:4]) for text in kept(tmp_path)]
    assert 1 in numbers
    assert 2 not in numbers
    # figures that were published anew rest on another print: the first one may go
    keep(tmp_path, NewPrint(name(KEPT + 2), None, resting("2020K1", tal="b")))
    keep(tmp_path, NewPrint(name(99), b"x"))
    assert 1 not in [int(text[:4]) for text in kept(tmp_path)]


def test_the_same_print_is_kept_once_and_its_file_is_not_touched(tmp_path: Path) -> None:
    keep(tmp_path, NewPrint(name(1), b"first"))
    (path,) = (tmp_path / FOLDER).glob("*.parquet")
    before = path.stat().st_mtime_ns
    keep(tmp_path, NewPrint(name(1), b"second"))
    keep(tmp_path, NewPrint(name(1), None))
    assert kept(tmp_path) == [path.name]
    assert path.stat().st_mtime_ns == before


def test_a_print_without_content_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    keep(tmp_path, NewPrint(name(1), None, resting("2020K1")))
    assert kept(tmp_path) == []
    assert noted(tmp_path / FOLDER) == {}


def test_prints_and_notes_are_nobody_elses(tmp_path: Path) -> None:
    keep(tmp_path, NewPrint(name(1), b"x", resting("2020K1")))
    for path in (tmp_path / FOLDER, *(tmp_path / FOLDER).glob("*.parquet"), tmp_path / FOLDER / FIGURES):
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_other_files_in_the_folder_are_no_prints_and_stay(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    others = [
        "001-" + name(1) + ".parquet",
        "0001-xyz.parquet",
        "0001-" + name(1) + ".csv",
        "x0001-" + name(1) + ".parquet",
        name(1),
    ]
    for text in others:
        (folder / text).write_text("")
    assert known(folder) == {}
    for number in range(KEPT + 3):
        keep(tmp_path, NewPrint(name(50 + number), b"x"))
    assert all((folder / text).exists() for text in others)


# --- what figures rest on -----------------------------------------------------------------------------------------------


def test_figures_rest_on_the_print_they_came_with_and_are_noted_by_quarter(tmp_path: Path) -> None:
    keep(tmp_path, NewPrint(name(1), b"x", resting("2020K2", "2020K1")))
    keep(tmp_path, NewPrint(name(2), b"x", resting("2020K3", tal="c")))
    assert noted(tmp_path / FOLDER) == {"2020K1": Noted("a", 1), "2020K2": Noted("a", 1), "2020K3": Noted("c", 2)}
    told = json.loads((tmp_path / FOLDER / FIGURES).read_text(encoding="utf-8"))
    assert list(told) == ["2020K1", "2020K2", "2020K3"]


def test_figures_published_anew_rest_on_the_print_of_then(tmp_path: Path) -> None:
    keep(tmp_path, NewPrint(name(1), b"x", resting("2020K1", "2020K2")))
    keep(tmp_path, NewPrint(name(2), b"x", resting("2020K1", tal="b")))
    assert noted(tmp_path / FOLDER) == {"2020K1": Noted("b", 2), "2020K2": Noted("a", 1)}
    keep(tmp_path, NewPrint(name(1), None, resting("2020K2", tal="z")))
    assert noted(tmp_path / FOLDER)["2020K2"] == Noted("z", 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"2020K1": 3}',
        '{"2020K1": {}}',
        '{"2020K1": {"tal": "a"}}',
        '{"2020K1": {"tal": "a", "levering": "x"}}',
    ],
)
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FIGURES).write_text(text, encoding="utf-8")
    assert noted(tmp_path) == {}
    assert noted(tmp_path / "nothing") == {}


# --- a print's name and content -----------------------------------------------------------------------------------------

COURSES = [
    {
        "cpr": f"010160{n:04d}",
        "dst_kode": "1.3",
        "start_dato": date(2020, 1, 1 + n),
        "slut_dato": None if n % 2 else date(2020, 6, 1),
    }
    for n in range(6)
]


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    with world({"fagsystem": []}) as made:
        yield made


def delivered(context: Context, courses: Sequence[Mapping[str, Any]]) -> str:
    """The name of the print of these courses."""
    context.engine.run("DELETE FROM fagsystem")
    insert(context.engine, "fagsystem", courses)
    take(context)
    return content_name(context.reader, "nøgle")


def test_a_name_is_of_the_courses_and_not_of_their_order_files_or_rows(context: Context) -> None:
    first = delivered(context, COURSES)
    mixed = [{**one, "fil": f"{n % 3}.csv", "raekke": 900 - n} for n, one in enumerate(COURSES)]
    random.Random(1).shuffle(mixed)
    assert delivered(context, mixed) == first
    assert len(first) == 16
    assert set(first) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "changed",
    [
        {"cpr": "0101609999"},
        {"dst_kode": "1.4"},
        {"start_dato": date(2020, 2, 1)},
        {"slut_dato": date(2020, 6, 2)},
        {"tilbud": "x"},
        {"slut_dato": None},
    ],
)
def test_any_other_course_is_another_name(context: Context, changed: dict[str, Any]) -> None:
    assert delivered(context, [{**COURSES[0], **changed}, *COURSES[1:]]) != delivered(context, COURSES)


def test_how_often_a_course_stands_is_part_of_the_name(context: Context) -> None:
    names = [delivered(context, [*COURSES, *COURSES[:1] * times]) for times in range(3)]
    assert len({*names, delivered(context, COURSES[1:])}) == 4


def test_a_value_that_moves_to_the_next_column_is_another_name(context: Context) -> None:
    one, other = ([{**COURSES[0], column: "x"}] for column in ("tilbud", "funktionsvurdering"))
    assert delivered(context, one) != delivered(context, other)
    both = [{**COURSES[0], "tilbud": "x", "afdeling": None}], [{**COURSES[0], "tilbud": None, "afdeling": "x"}]
    assert delivered(context, both[0]) != delivered(context, both[1])


def test_another_key_is_another_name(context: Context) -> None:
    first = delivered(context, COURSES)
    assert content_name(context.reader, "en anden") != first


def test_what_is_staged_is_read_back_with_its_day_key_and_columns(context: Context, tmp_path: Path) -> None:
    delivered(context, COURSES)
    about = Print(date(2020, 2, 29), "K", {"fagsystem": frozenset({"cpr", "tilbud"}), "flis": frozenset()})
    context.engine.run("CREATE OR REPLACE TABLE kopi AS FROM levering_nu")
    stage(context.reader, "SELECT * FROM kopi", about)
    path = tmp_path / "0001-x.parquet"
    path.write_bytes(staged(context.reader))
    assert read(context.reader, path, "tilbage") == about
    same = "SELECT count(*) FROM (SELECT * FROM {0} EXCEPT SELECT * FROM {1})"
    for pair in (("tilbage", "kopi"), ("kopi", "tilbage")):
        assert context.engine.rows(same.format(*pair)) == [(0,)]
    assert context.engine.rows("SELECT count(*) FROM tilbage") == [(len(COURSES),)]


def test_the_delivery_before_is_the_newest_with_a_lower_number(context: Context, tmp_path: Path) -> None:
    """Delivery n begins n days later; each is compared with the one first seen before it, also when it comes again."""
    deliveries = [[{**COURSES[0], "start_dato": date(2020, 1, day)}] for day in (1, 2, 3)]
    for courses in deliveries:
        delivered(context, courses)
        keep(tmp_path, earlier(replace(context, folder=tmp_path), tmp_path)[1])
    for number, courses in enumerate(deliveries, start=1):
        delivered(context, courses)
        made = replace(context, folder=tmp_path)
        before, fresh = earlier(made, tmp_path)
        assert fresh.content is None
        assert own_number(made, known(tmp_path / FOLDER)) == number
        assert (before is None) == (number == 1)
        if before:
            assert context.engine.rows("SELECT start_dato FROM levering_foer") == [(date(2020, 1, number - 1),)]


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in its place")
    with pytest.raises(InputError, match="Der kan ikke skrives i"):
        known(tmp_path / FOLDER)
    with pytest.raises(InputError, match="Der kan ikke skrives i"):
        keep(tmp_path, NewPrint(name(1), b"x"))
