"""Small files read together are read exactly as each of them would be alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.loading import loading, refused

from reconcile.errors import InputError
from reconcile.sources import readers, together

HEAD = "cpr;konto;beløb;bogfoert_dato;tekst\n"
MAP = {"beloeb": "beløb"}
#: What lines of an extract can be, the odd ones too.
LINES = (
    "0101501111;538581001;1.234,50;15-01-2020;En ydelse",
    "101501111;5.38.58-1-001;-2,00;2020-02-01;NULL",
    "010150-1111;538581001;3,00;29-02-2020;«æøå»",
    '0101501111;538581001;"4,00";01-03-2020;"a;b ""c"""',
    ";;;;",
    "  ;538581001;5,00;01-03-2020;",
    '0101501111;538581001;6,00;01-03-2020;"to\nlinjer"',
    "I alt;;7,00;;",
    "",
)


def read(folder: Path, files: dict[str, bytes]) -> tuple[Any, ...]:
    """Everything that is known of the files once they are loaded; of files that are refused what is said."""
    try:
        with loading(folder, "oekonomi", files, kolonner=MAP) as loaded:
            known = loaded.loaded
            return loaded.rows("*"), known.readings, known.caveats, known.sources
    except InputError as error:
        return (str(error),)


def alone(folder: Path, files: dict[str, bytes]) -> tuple[Any, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "_SMALL", 0)
        return read(folder, files)


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(LINES), max_size=5),
            st.sampled_from(["utf-8", "utf-8-sig", "windows-1252", "utf-16"]),
            st.sampled_from(["\n", "\r\n"]),
            st.booleans(),
        ),
        min_size=2,
        max_size=4,
    )
)
def test_files_read_together_are_as_each_is_alone(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[list[str], str, str, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("filer")
    files = {}
    for number, (lines, encoding, end, closed) in enumerate(made):
        text = (HEAD + "\n".join(lines) + "\n" * closed).replace("\n", end)
        files[f"{number}.csv"] = text.encode(encoding)
    assert read(folder, files) == alone(folder, files)


def test_plain_monthly_files_are_read_in_one_go_and_an_odd_one_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    kept = readers.land_together

    def told(engine: Any, bodies: Any, *options: Any) -> Any:
        seen.append(list(bodies))
        return kept(engine, bodies, *options)

    monkeypatch.setattr(together, "land_together", told)
    files = {f"{n}.csv": (HEAD + LINES[n % 3] + "\n").encode() for n in range(5)}
    files["$kommune 'x'.csv"] = (HEAD + LINES[0]).encode()
    files["3.csv"] = (HEAD + LINES[0] + "\nI alt;;1,00;;\n").encode()
    files["bred.csv"] = ("cpr;konto;beløb;bogfoert_dato\n" + LINES[0].rpartition(";")[0] + "\n").encode()
    rows, _readings, caveats, sources = read(tmp_path, files)
    assert sorted(map(sorted, seen)) == [["$kommune 'x'.csv", "0.csv", "1.csv", "2.csv", "4.csv"]]
    assert len(rows) == 7
    assert [file.fil for file in sources[0].filer] == sorted(files)
    assert caveats == alone(tmp_path, files)[2]


def test_a_bad_cell_in_one_of_many_files_is_named_as_always_and_only_there(tmp_path: Path) -> None:
    files = {f"{n}.csv": HEAD + LINES[0] + "\n" for n in range(5)}
    files["2.csv"] = HEAD + LINES[0] + "\n0101501111;538581001;1.5;01-01-2020;\n"
    said = refused(tmp_path, "oekonomi", files, kolonner=MAP)
    assert "(1 fejl)" in said
    assert "2.csv, række 3, kolonne «beløb (beloeb)», værdi «1.5»" in said


def test_a_file_that_grows_after_it_was_read_with_others_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = readers.land_together

    def grow(*given: Any) -> Any:
        with (tmp_path / "1.csv").open("a") as handle:
            handle.write(LINES[0])
        return kept(*given)

    monkeypatch.setattr(together, "land_together", grow)
    said = refused(tmp_path, "oekonomi", {f"{n}.csv": HEAD + LINES[0] + "\n" for n in range(3)}, kolonner=MAP)
    assert "1.csv: filen blev ændret, mens den blev læst" in said
    assert "0.csv" not in said
