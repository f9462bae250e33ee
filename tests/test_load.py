"""Files to canonical tables: what a municipality's messy extracts become, and what is said of those that cannot be used."""

from __future__ import annotations

import os
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
from support.loading import COURSES, loading, refused, workbook

from reconcile.errors import InputError
from reconcile.privacy import door
from reconcile.sources import load as module
from reconcile.sources import numbers, staging
from reconcile.sources.patterns import find_files
from reconcile.sources.printed import read_grid
from reconcile.sources.refusal import MOST_PROBLEMS

LEDGER = "konto;beloeb;bogfoert_dato\n"
CPR = "0101801234"


# --- which files --------------------------------------------------------------------------------------------------


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")


def test_patterns_find_files_once_in_name_order(tmp_path: Path) -> None:
    touch(tmp_path, "ind/b.csv", "ind/a.csv", "ind/c.txt", "ude/a.csv")
    files, problems = find_files(tmp_path, ["ind/*.csv", "ind/a.csv", "./ind/../ind/a.csv", "ude/*"])
    assert [p.relative_to(tmp_path).as_posix() for p in files] == ["ind/a.csv", "ude/a.csv", "ind/b.csv"]
    assert problems == []


def test_windows_separators_and_absolute_paths_are_understood(tmp_path: Path) -> None:
    touch(tmp_path, "ind/a.csv", "ind/dyb/b.csv")
    assert [p.name for p in find_files(tmp_path, ["ind\\*.csv"])[0]] == ["a.csv"]
    assert [p.name for p in find_files(tmp_path, ["ind\\dyb\\b.csv"])[0]] == ["b.csv"]
    assert [p.name for p in find_files(tmp_path / "ind", [str(tmp_path / "ind" / "a.csv")])[0]] == ["a.csv"]
    assert [p.name for p in find_files(tmp_path / "ude", [f"{tmp_path}/ind/*.csv"])[0]] == ["a.csv"]
    assert [p.name for p in find_files(tmp_path / "ind", ["../ind/**/*.csv"])[0]] == ["a.csv", "b.csv"]


def test_excels_lock_files_and_hidden_files_are_not_matched(tmp_path: Path) -> None:
    touch(tmp_path, "a.xlsx", "~$a.xlsx", ".b.xlsx")
    assert [p.name for p in find_files(tmp_path, ["*.xlsx"])[0]] == ["a.xlsx"]


def test_a_name_with_brackets_is_a_name_before_it_is_a_pattern(tmp_path: Path) -> None:
    touch(tmp_path, "a[1].csv")
    assert [p.name for p in find_files(tmp_path, ["a[1].csv"])[0]] == ["a[1].csv"]


def test_no_file_is_a_mistake_with_the_nearest_name(tmp_path: Path) -> None:
    touch(tmp_path, "ind/nexus-2020.csv")
    (said,) = [p.sentence() for p in find_files(tmp_path, ["ind/nexus-2021.csv"])[1]]
    assert said == "ind/nexus-2021.csv: filen findes ikke. Mente du «nexus-2020.csv»?"
    (said,) = [p.sentence() for p in find_files(tmp_path, ["ude/*.csv"])[1]]
    assert said == "ude/*.csv: filen findes ikke."


@pytest.mark.parametrize("pattern", ["ind", "ind/", ".", "ind\\"])
def test_a_folder_is_a_mistake_that_says_what_to_write(tmp_path: Path, pattern: str) -> None:
    touch(tmp_path, "ind/a.csv")
    (problem,) = find_files(tmp_path, [pattern])[1]
    assert "er en mappe; skriv hvilke filer i den" in problem.reason


@pytest.mark.skipif(os.name != "posix", reason="a pipe with a name, and a link to itself")
def test_what_is_no_file_is_said_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "koe.csv")
    (tmp_path / "ring.csv").symlink_to("ring.csv")
    for name in ("koe.csv", "ring.csv"):
        (problem,) = find_files(tmp_path, [name])[1]
        assert problem.reason.startswith("er ikke en fil, der kan læses")
    with pytest.raises(InputError, match="det er ikke en fil"):
        read_grid(tmp_path / "koe.csv")


# --- rows ---------------------------------------------------------------------------------------------------------


def test_a_course_extract_with_a_map(tmp_path: Path) -> None:
    text = (
        "Bevillings-id;CPR-nummer;DST kode;Bevilget fra;Bevilget til;Kildesystem\r\n"
        "b1;010180-1234;1.4 Beskyttet beskæftigelse;01-02-2020;;\r\n"
        "b2;101801234;30011;2020-02-01 00:00;31-12-9999;Tidligere\r\n"
    )
    mapping = {
        "ydelse_id": "Bevillings-id",
        "cpr": "CPR-nummer",
        "dst_kode": "DST kode",
        "start_dato": "Bevilget fra",
        "slut_dato": "Bevilget til",
        "system": "Kildesystem",
    }
    with loading(tmp_path, "fagsystem", {"a.csv": text.encode("windows-1252")}, kolonner=mapping) as read:
        assert read.rows("fil", "raekke", "ydelse_id", "cpr", "dst_kode", "start_dato", "slut_dato", "system") == [
            ("a.csv", 2, "b1", CPR, "1.4", date(2020, 2, 1), None, "nuvaerende"),
            ("a.csv", 3, "b2", CPR, "1.1", date(2020, 2, 1), None, "tidligere"),
        ]
        assert read.loaded.present == {"fagsystem": frozenset(mapping)}
        assert read.loaded.caveats == [
            "a.csv: 1 CPR-nummer havde mistet det foranstillede nul og er rettet.",
            "fagsystem: 1 forløb slutter i år 9999 og regnes som åbne.",
        ]
        (source,) = read.loaded.sources
        assert (source.raekker, source.filer[0].tegnsaet, source.filer[0].skilletegn) == (2, "windows-1252", ";")


def test_a_workbook_with_titles_numbers_and_dates(tmp_path: Path) -> None:
    table: list[list[Any]] = [
        ["Udtræk"],
        [],
        ["cpr", "dst_kode", "start_dato", "handlekommune"],
        [101801234, 1.1, date(2020, 2, 1), 665],
    ]
    with loading(tmp_path, "fagsystem", {"a.xlsx": workbook(tmp_path / "a.xlsx", {"Data": table})}) as read:
        assert read.rows("raekke", "cpr", "dst_kode", "start_dato", "handlekommune") == [
            (4, CPR, "1.1", date(2020, 2, 1), "665")
        ]


def test_an_error_cell_in_an_optional_date_is_an_error_and_not_an_open_course(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "a.xlsx",
        {"Data": [["cpr", "dst_kode", "start_dato", "slut_dato"], [CPR, "1.1", date(2020, 2, 1), "#N/A"]]},
    )
    assert "række 2, kolonne «slut_dato», værdi «#N/A»" in refused(tmp_path, "fagsystem", {"a.xlsx": book})


def test_parquet_with_types_is_read_without_loss(tmp_path: Path) -> None:
    select = """
        SELECT CAST(101801234 AS BIGINT) AS cpr, TIMESTAMP '2020-06-29 00:00' AS uge, 'Kontanthjælp' AS ydelse,
               CAST(1234.50 AS DECIMAL(12,2)) AS bruttoudgift,
               CAST(40 AS DOUBLE) AS refusionssats, CAST(493.8 AS DOUBLE) AS refusion,
               CAST(5 AS DOUBLE) AS ydelsestaeller, DATE '2020-07-15' AS koerselsperiode,
               CAST(665 AS SMALLINT) AS bopaelskommune
        UNION ALL SELECT 202801234, '2020-07-06', 'Kontanthjælp', -0.01, NULL, NULL, NULL, NULL, NULL
    """
    duckdb.sql(f"COPY ({select}) TO '{tmp_path}/yr.parquet' (FORMAT parquet)")
    with loading(tmp_path, "yr", {}, filer=["yr.parquet"]) as read:
        columns = [
            "cpr",
            "uge",
            "bruttoudgift",
            "refusionssats",
            "refusion",
            "ydelsestaeller",
            "koerselsperiode",
            "bopaelskommune",
        ]
        assert read.rows("raekke", *columns) == [
            (2, CPR, date(2020, 6, 29), Decimal("1234.50"), Decimal(40), Decimal("493.80"), 5, date(2020, 7, 1), "665"),
            (3, "0202801234", date(2020, 7, 6), Decimal("-0.01"), None, None, None, None, None),
        ]
        assert read.loaded.caveats == ["yr.parquet: 2 CPR-numre havde mistet det foranstillede nul og er rettet."]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("bruttoudgift", "CAST(9000000000000000000 AS BIGINT)", "større, end der er plads til"),
        ("bruttoudgift", "CAST(1.005 AS DOUBLE)", "ikke et beløb"),
        ("bruttoudgift", "1e30::DOUBLE", "større, end der er plads til"),
        ("bruttoudgift", "CAST(12345678901234567.00 AS DECIMAL(20,2))", "større, end der er plads til"),
        ("refusionssats", "CAST(0.4 AS DECIMAL(9,4))", "ikke en procentsats"),
        ("refusionssats", "CAST(0.4 AS DOUBLE)", "ikke en procentsats"),
        ("ydelsestaeller", "CAST(18446744073709551615 AS UBIGINT)", "større, end et antal kan være"),
        ("ydelsestaeller", "CAST(1.5 AS DOUBLE)", "ikke et helt tal; skriv fx 12"),
        ("uge", "CAST(43831 AS INTEGER)", "ikke en dato"),
        ("uge", "CAST(NULL AS DATE)", "cellen er tom"),
    ],
)
def test_a_typed_cell_that_does_not_fit_is_named_and_never_a_crash(
    tmp_path: Path, column: str, cell: str, said: str
) -> None:
    cells = {"cpr": f"'{CPR}'", "uge": "DATE '2020-06-29'", "ydelse": "'x'", "bruttoudgift": "1", column: cell}
    select = ", ".join(f"{sql} AS {name}" for name, sql in cells.items())
    duckdb.sql(f"COPY (SELECT {select}) TO '{tmp_path}/yr.parquet' (FORMAT parquet)")
    message = refused(tmp_path, "yr", {}, filer=["yr.parquet"])
    assert f"yr.parquet, række 2, kolonne «{column}»" in message
    assert said in message


def test_a_damaged_parquet_file_is_a_sentence(tmp_path: Path) -> None:
    duckdb.sql(f"COPY (SELECT range || '' AS cpr FROM range(50000)) TO '{tmp_path}/b.parquet' (FORMAT parquet)")
    content = bytearray((tmp_path / "b.parquet").read_bytes())
    content[100:20000] = b"\xff" * 19900
    (tmp_path / "b.parquet").write_bytes(content)
    message = refused(tmp_path, "borger", {}, filer=["b.parquet"])
    assert "b.parquet: filen kan ikke læses; den er beskadiget" in message


def test_the_known_yr_delivery_needs_no_map(tmp_path: Path) -> None:
    text = (
        "Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"
        "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb\n"
        "2020-06-29;101801234;Kontanthjælp;Lemvig;1,00;2.500,00;40;1.000,00;;\n"
    )
    with loading(tmp_path, "yr", {"yr-ydelsesrefusion-beregning-665-0050-2020-07-05.csv": text}) as read:
        assert read.rows(
            "cpr", "bruttoudgift", "refusionssats", "refusion", "medfinansiering", "finansieringskommune"
        ) == [(CPR, Decimal("2500.00"), Decimal(40), Decimal("1000.00"), None, "665")]
        assert "ydelsestaeller" not in read.loaded.present["yr"]


def test_rows_of_yr_carry_a_hash_of_every_cell_as_it_was_written(tmp_path: Path) -> None:
    header = "cpr;uge;ydelse;bruttoudgift;ukendt\n"
    rows = [
        "0101801234;2020-06-29;x;5,00;a",
        "0101801234;2020-06-29;x;5,00;a",
        "0101801234;2020-06-29;x;5,00;b",
        "101801234;2020-06-29;x;5;a",
    ]
    with loading(tmp_path, "yr", {"a.csv": header + "\n".join(rows)}) as read:
        first, second, third, fourth = read.column("raa")
        assert first == second
        assert len({first, third, fourth}) == 3


def test_statbanks_forms_give_the_same_figures(tmp_path: Path) -> None:
    expected = [
        ("1.1", "2020K1", Decimal(160), None),
        ("1.1", "2020K2", None, ".."),
        ("1.3", "2020K1", Decimal(0), None),
        ("1.3", "2020K2", None, ""),
    ]
    coded = (
        "OMRÅDE;YDELSESTYPE;TID;INDHOLD\n665 Lemvig;30011 Aktivitets- og samværstilbud;2020Q1;160\n"
        "665;30011;2020K2;..\n665;30013;2020K1;0\n665;30013;2020K2;\n"
    )
    wide = ";2020K1;2020K2;I alt\n1.1 Aktivitets- og samværstilbud;160;..;160\n1.3 Behandling;0;;0\nI alt;160;..;160\n"
    plain = "dst_kode;periode;antal\n1.1;2020K1;160\n1.1;2020K2;..\n1.3;2020K1;0\n1.3;2020K2;\n"
    book = workbook(
        tmp_path / "w.xlsx",
        {"HAND07": [["HAND07"], [], [None, "2020K1", "2020K2"], [1.1, 160, ".."], ["1.3", 0, None]]},
    )
    written: list[str | bytes] = [coded, coded.encode("windows-1252"), wide, plain, book]
    for number, content in enumerate(written):
        name = f"{number}.{'xlsx' if content is book else 'csv'}"
        with loading(tmp_path, "hand07", {name: content}) as read:
            assert (
                read.engine.rows("SELECT dst_kode, periode, antal, antal_tekst FROM hand07 ORDER BY 1, 2") == expected
            )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("-1", "et antal personer er et helt tal fra 0 og op"), ("7,5", "et antal personer er et helt tal fra 0 og op"),
        ("12,000", "et antal personer er et helt tal fra 0 og op"), ("1.5", "ikke et tal"), ("n/a", "ikke et tal"),
        ("-", "ikke et tal"),
    ],
)  # fmt: skip
def test_a_hand07_figure_that_cannot_be_is_an_error(tmp_path: Path, cell: str, said: str) -> None:
    message = refused(tmp_path, "hand07", {"a.csv": f"dst_kode;periode;antal\n1.1;2020K1;{cell}\n"})
    assert f"a.csv, række 2, kolonne «antal», værdi «{cell}»: {said}" in message


def test_hand01_has_decimals_but_nothing_below_zero(tmp_path: Path) -> None:
    with loading(tmp_path, "hand01", {"a.csv": "dst_kode;periode;antal\n1.1;2020K1;867,6\n"}) as read:
        assert read.column("antal") == [Decimal("867.6")]
    assert "antallet kan ikke være under 0" in refused(
        tmp_path, "hand01", {"a.csv": "dst_kode;periode;antal\n1.1;2020K1;-1\n"}
    )


def test_places_and_inhabitants_are_counts_and_never_below_zero(tmp_path: Path) -> None:
    head = "tilbud;pladser\n"
    with loading(tmp_path, "pladser", {"p.csv": head + "Søhuset;12,5\nBakken;0\n"}) as read:
        assert read.column("pladser") == [Decimal("12.5"), 0]
    said = refused(tmp_path, "pladser", {"p.csv": head + "Søhuset;-1\nBakken;2\nTomt;−0,5\nHus;..\n"})
    assert "p.csv, række 2, kolonne «pladser», værdi «-1»: antallet kan ikke være under 0" in said
    assert "p.csv, række 4, kolonne «pladser», værdi «−0,5»" in said
    assert "p.csv, række 5, kolonne «pladser», værdi «..»" in said
    people = refused(tmp_path, "befolkning", {"b.csv": "kommune;periode;antal\n665;2020K3;-7\n665;2020K4;7,5\n"})
    assert people.count("et antal personer er et helt tal fra 0 og op") == 2


def test_a_header_without_rows_is_an_empty_source_and_said(tmp_path: Path) -> None:
    with loading(tmp_path, "fagsystem", {"a.csv": COURSES}) as read:
        assert read.rows("cpr") == []
        assert read.loaded.caveats == ["a.csv har en overskrift, men ingen rækker."]
        assert "fagsystem" in read.loaded.present


def test_the_columns_of_a_source_are_those_of_any_of_its_files(tmp_path: Path) -> None:
    files = {"a.csv": "cpr\n0101801234\n", "b.csv": "cpr;doedsdato\n0202801234;01-01-2020\n"}
    with loading(tmp_path, "borger", files) as read:
        assert read.loaded.present["borger"] == {"cpr", "doedsdato"}
        assert read.rows("fil", "cpr", "doedsdato") == [("a.csv", CPR, None), ("b.csv", "0202801234", date(2020, 1, 1))]


def test_files_of_the_same_name_are_called_by_their_path_and_no_two_labels_are_equal(tmp_path: Path) -> None:
    files = {"ind/a.csv": "cpr\n0101801234\n", "ude/a.csv": "cpr\n0202801234\n"}
    with loading(tmp_path, "borger", files) as read:
        assert read.column("fil") == ["ind/a.csv", "ude/a.csv"]
    files = {"p 010180-1234.csv": "cpr\n1\n", "p 020280-1234.csv": "cpr\n2\n"}
    with loading(tmp_path, "borger", files) as read:
        assert read.column("fil") == ["p xxxxxx-xxxx.csv", "p xxxxxx-xxxx.csv (2)"]


# --- mistakes -----------------------------------------------------------------------------------------------------


def test_every_mistake_of_every_file_is_listed_at_once(tmp_path: Path) -> None:
    files = {
        "a.csv": f"{COURSES}{CPR};1.1;31-02-2020;\n{CPR};;01-01-2020;1/2-2020\n{CPR};1.1\n",
        "b.csv": "cpr;kode\n1;2\n",
        "c.csv": "",
        "d.pdf": "",
        "god.csv": f"{COURSES}{CPR};1.1;01-01-2020;\n",
    }
    message = refused(tmp_path, "fagsystem", files, filer=[*files, "findes-ikke.csv"])
    heading, *lines, remedy = message.splitlines()
    assert heading.startswith("Input kan ikke bruges (9 fejl).")
    assert remedy.startswith("Find ud af, hvad kolonnerne er: reconcile add ")
    assert remedy.strip('"').endswith("b.csv")
    for part in (
        "a.csv, række 2, kolonne «start_dato», værdi «31-02-2020»: ikke en dato, der findes; skriv dd-mm-åååå",
        "a.csv, række 3, kolonne «dst_kode»: cellen er tom, men skal være udfyldt;"
        " ret den, hvor den er registreret, og træk filen igen",
        "a.csv, række 3, kolonne «slut_dato», værdi «1/2-2020»: ikke en dato",
        "a.csv, række 4: rækken har 2 felter, overskriften har 4",
        "b.csv, kolonne «dst_kode»: kolonnen til dst_kode findes ikke i filen.",
        "b.csv, kolonne «start_dato»: kolonnen til start_dato findes ikke i filen.",
        "c.csv: filen er tom; den har ingen overskrift. Træk den ud igen.",
        "d.pdf: «.pdf» læses ikke.",
        "findes-ikke.csv: filen findes ikke.",
    ):
        assert any(line.startswith(f"  · {part}") for line in lines), part
    assert len(lines) == 9
    assert "god.csv" not in message


def test_a_file_with_very_many_mistakes_shows_a_hundred_and_says_how_many_more(tmp_path: Path) -> None:
    bad = "".join(f"538581001;1.5;{n:02d}-01-2020\n" for n in range(1, 29)) * 5
    message = refused(tmp_path, "oekonomi", {"a.csv": LEDGER + bad, "b.csv": LEDGER + "x;1,00;01-01-2020\n"})
    lines = message.splitlines()
    assert lines[0].startswith("Input kan ikke bruges (141 fejl).")
    assert sum("a.csv, række" in line for line in lines) == 100
    assert "  · a.csv: … og 40 fejl mere i filen; kun de første 100 er vist." in lines
    assert "række 101," in message
    assert "række 102," not in message
    assert any("b.csv, række 2, kolonne «konto», værdi «x»" in line for line in lines)


@pytest.mark.parametrize("look", [1, 3, 1000])
def test_the_first_mistakes_are_found_wherever_in_a_file_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: int
) -> None:
    monkeypatch.setattr(staging, "_FIRST_LOOK", look)
    good, bad = "538581001;1,50;01-01-2020\n", "538581001;1.5;01-01-2020\n"
    rows = [bad if n in (7, 8) or n > 40 else good for n in range(200)]
    message = refused(tmp_path, "oekonomi", {"a.csv": LEDGER + "".join(rows)})
    numbers = [int(line.split("række ")[1].split(",")[0]) for line in message.splitlines() if "a.csv, række" in line]
    assert numbers == [9, 10, *range(43, 141)]
    assert "(161 fejl)" in message


def test_a_mistake_names_the_users_own_header_too(tmp_path: Path) -> None:
    text = "CPR-nummer\n0101801234;\n".replace("nummer\n", "nummer;Død den\n").replace("1234;", "1234;31-02-2020")
    message = refused(tmp_path, "borger", {"a.csv": text}, kolonner={"cpr": "CPR-nummer", "doedsdato": "Død den"})
    assert "a.csv, række 2, kolonne «Død den (doedsdato)», værdi «31-02-2020»" in message


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1234.5", "ikke et beløb; skriv 1.234,50"), ("1,234.50", "ikke et beløb; skriv 1.234,50"),
        ("12,345", "ikke et beløb; skriv 1.234,50"), ("12,000", "ikke et beløb; skriv 1.234,50"),
        ("99999999999999999,00", "tallet er større, end der er plads til"), ("", "cellen er tom"),
    ],
)  # fmt: skip
def test_an_amount_in_another_form_is_refused_with_file_row_column_value_and_remedy(
    tmp_path: Path, cell: str, said: str
) -> None:
    value = f", værdi «{cell}»" if cell else ""
    message = refused(
        tmp_path, "oekonomi", {"a.csv": f"{LEDGER}538581001;1,00;01-01-2020\n538581001;{cell};01-01-2020\n"}
    )
    assert f"a.csv, række 3, kolonne «beloeb»{value}: {said}" in message


@pytest.mark.parametrize("cpr", ["0101801234", "010180-1234", "101801234", "010180 1234", "6101801234", "010180A234"])
@pytest.mark.parametrize("column", ["start_dato", "slut_dato", "system"])
def test_a_cpr_in_the_wrong_column_is_not_repeated(tmp_path: Path, cpr: str, column: str) -> None:
    cells = {"cpr": CPR, "dst_kode": "1.1", "start_dato": "01-01-2020", "slut_dato": "", "system": "", column: cpr}
    text = ";".join(cells) + "\n" + ";".join(cells.values()) + "\n"
    message = refused(tmp_path, "fagsystem", {f"udtræk {cpr}.csv": text})
    assert "udtræk xxxxxx-xxxx.csv, række 2" in message
    assert f"kolonne «{column}», værdi «xxxxxx-xxxx»" in message
    assert cpr not in message


def test_a_bad_cpr_cell_is_never_shown(tmp_path: Path) -> None:
    message = refused(tmp_path, "borger", {"a.csv": "cpr;kommune\n-;665\n"})
    assert "kolonne «cpr», værdi «xxxxxx-xxxx»" in message


# --- quarantine ---------------------------------------------------------------------------------------------------


def test_quarantine_sets_bad_rows_aside_and_loads_the_good_ones(tmp_path: Path) -> None:
    files = {
        "a.csv": f"{COURSES}{CPR};1.1;01-01-2020;\n{CPR};;31-02-2020;\n{CPR};1.1\n{CPR};1.3;01-01-2020;{CPR}\n",
        "b.csv": f"{COURSES}0202801234;1.4;01-01-2020;\n",
    }
    with loading(tmp_path, "fagsystem", files, quarantine=True) as read:
        assert read.rows("fil", "raekke", "dst_kode") == [("a.csv", 2, "1.1"), ("b.csv", 2, "1.4")]
        (source,) = read.loaded.sources
        assert (source.raekker, source.karantaene, [f.raekker for f in source.filer]) == (2, 3, [1, 1])
        assert [(p.row, p.column) for p in read.loaded.quarantined] == [
            (3, "dst_kode"),
            (3, "start_dato"),
            (4, ""),
            (5, "slut_dato"),
        ]
        assert CPR not in str(read.loaded.quarantined)


def test_a_mistake_that_stops_a_whole_file_names_it_once(tmp_path: Path) -> None:
    message = refused(tmp_path, "borger", {"a.csv": 'cpr;kommune\n1;"665\n'})
    assert message.splitlines()[1].startswith("  · a.csv: række 2: anførselstegnene passer ikke")


def test_quarantine_does_not_help_a_file_that_cannot_be_read_at_all(tmp_path: Path) -> None:
    message = refused(tmp_path, "fagsystem", {"a.csv": "cpr;kode\n1;2\n"}, quarantine=True)
    assert "kolonnen til dst_kode findes ikke" in message


def test_a_repaired_cpr_in_quarantine_is_not_counted_twice(tmp_path: Path) -> None:
    text = f"{COURSES}101801234;1.1;01-01-2020;\n0202801234;1.1;x;\n"
    with loading(tmp_path, "fagsystem", {"a.csv": text}, quarantine=True) as read:
        assert read.loaded.caveats == ["a.csv: 1 CPR-nummer havde mistet det foranstillede nul og er rettet."]


# --- invariants ---------------------------------------------------------------------------------------------------

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["538581001", "5.38.58-1-002", "153859001"]),
        st.decimals(min_value=-1000, max_value=1000, places=2).map(lambda d: str(d).replace(".", ",")),
        st.dates(min_value=date(2019, 1, 1), max_value=date(2021, 1, 1)).map(lambda d: d.strftime("%d-%m-%Y")),
    ),
    max_size=12,
)


@given(ROWS, st.integers(0, 12), st.randoms(use_true_random=False))
@examples(12)
def test_shuffled_rows_and_split_files_give_the_same_table_but_for_file_and_row(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], cut: int, order: random.Random
) -> None:
    whole = LEDGER + "".join(";".join(row) + "\n" for row in rows)
    shuffled = list(rows)
    order.shuffle(shuffled)
    parts = {
        "b.csv": LEDGER + "".join(";".join(row) + "\n" for row in shuffled[:cut]),
        "a.csv": LEDGER.replace(";", ",") + "".join(",".join(f'"{c}"' for c in row) + "\n" for row in shuffled[cut:]),
    }
    tables = []
    for files in ({"hel.csv": whole}, parts):
        with loading(tmp_path_factory.mktemp("ind"), "oekonomi", files) as read:
            tables.append(sorted(read.rows("konto", "beloeb", "bogfoert_dato")))
    assert tables[0] == tables[1]
    assert sum(row[1] for row in tables[0]) == sum((Decimal(row[1].replace(",", ".")) for row in rows), Decimal(0))


def test_a_source_that_is_not_configured_is_not_there(tmp_path: Path) -> None:
    with loading(tmp_path, "borger", {"a.csv": "cpr\n1\n"}) as read:
        assert read.engine.rows("SELECT count(*) FROM fagsystem") == [(0,)]
        assert set(read.loaded.present) == {"borger"}


def test_a_hundred_is_the_most() -> None:
    assert MOST_PROBLEMS == 100


def test_rows_on_their_way_in_are_in_no_folder_or_gone_when_they_are_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill while a file is read leaves nothing of it behind (Linux), one after that nowhere."""
    text = "titel\n\ncpr;dst_kode;start_dato\n0101801234;1.1;01-07-2020\næ;1.1;01-07-2020\n".encode("cp1252")
    seen, left = [], []
    take = module._Source._take

    def look(self: Any, *given: Any, **named: Any) -> None:
        files = [p for p in self.engine.folder.rglob("*") if p.is_file() and not p.is_symlink() and p.stat().st_size]
        seen.append(len(files))
        take(self, *given, **named)
        left.append(self.engine)

    monkeypatch.setattr(module._Source, "_take", look)
    with loading(tmp_path, "fagsystem", {"a.csv": text}) as read:
        assert read.column("dst_kode") == ["1.1", "1.1"]
        assert [p for p in left[0].folder.rglob("*") if p.name.endswith((".csv", ".parquet"))] == []
        assert not left[0]._scratch
    assert seen == [0 if Path("/proc/self/fd").exists() else 1]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = module._Source._take

    def grow(self: Any, *given: Any, **named: Any) -> None:
        with (tmp_path / "a.csv").open("ab") as handle:
            handle.write(b"0101801235;1.1;01-07-2020\n")
        take(self, *given, **named)

    monkeypatch.setattr(module._Source, "_take", grow)
    said = refused(tmp_path, "fagsystem", {"a.csv": b"cpr;dst_kode;start_dato\n0101801234;1.1;01-07-2020\n"})
    assert "a.csv: filen blev ændret, mens den blev læst" in said


def test_the_numbers_of_a_run_are_all_known_however_many_are_fetched_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "_BATCH", 2)
    persons = [f"{day:02d}01801234" for day in (5, 3, 1, 4, 2)]
    rows = "".join(f"{cpr};1.1;2020-01-01;\n" for cpr in [*persons, persons[0]])
    with loading(tmp_path, "fagsystem", {"a.csv": COURSES + rows}):
        assert all(door.is_known(int(cpr)) for cpr in persons)
        assert not door.is_known(int("0601801234"))
