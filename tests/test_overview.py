"""A masteroversigt as municipalities keep it: both published layouts, merged cells, several accounts in a cell, and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from support.loading import loading, refused, workbook

LEMVIG = ["Paragraf", "Beskrivelse", "Indsatsydelse", "Indsats i Nexus", "DST kode", "Tilbud", "Målgruppe",
          "Målgruppe (VUM)", "Funktionsområde", "Konteringsplan", "Egne institutioner"]  # fmt: skip
KOMPONENT = ["Lovhjemmel", "Paragraf", "Indsatsydelse", "DST kode", "Kategori 1", "Kategori 2", "Målgruppe",
             "Målgrupp-niveau", "Konto", "Kontostreng"]  # fmt: skip
GROUPS = [
    ("Social", 2, "særlige problemer"),
    ("Handicap", 1.1, "nedsat funktionsevne"),
    ("Sindslidende", 1.2, "sindslidelse"),
]
#: Code, paragraph, funktion, its three grupperinger, indsats in Nexus.
BLOCKS = [
    ("1.4", "SEL § 103", "5.38.58", "123", "1.4.1 Beskyttet beskæftigelse §103 - plads"),
    ("1.1", "SEL § 104", "5.38.59", "123", "1.1.1 Aktivitets- og samværsydelse § 104 - plads"),
    ("1.8.2", "SEL § 107", "5.38.52", "123", "1.8.2 Midlertidigt ophold SEL § 107"),
    ("1.8.1", "SEL § 108", "5.38.50", "123", "1.8.1 Længerevarende ophold SEL § 108"),
    ("1.12.0.1", "ABL § 105/SEL § 85", "5.38.51", "123", "1.12.0.1 Socialpædagogisk støtte (Botilbud) §85"),
    ("1.12.0.2", "SEL § 85", "5.38.39", "345", "1.12.0.2 Socialpædagogisk støtte (eget hjem)"),
]
LINKS = [
    (code, f"{funktion.replace('.', '')}100{gruppering}", level)
    for code, _paragraph, funktion, grupperinger, _indsats in BLOCKS
    for gruppering, level in zip(grupperinger, ("2", "1.1", "1.2"), strict=True)
]
Sheet = list[list[Any]]


def lemvig() -> tuple[Sheet, list[str]]:
    """Lemvig's sheet as their slide shows it, and its merged cells."""
    rows: Sheet = [["Masteroversigt, HP, Lemvig Kommune"], [], LEMVIG]
    merged = []
    for code, paragraph, funktion, grupperinger, indsats in BLOCKS:
        first = len(rows) + 1
        for place, (gruppering, (word, _level, text)) in enumerate(zip(grupperinger, GROUPS, strict=True)):
            head = [paragraph, "Beskrivelse", "Ydelse", indsats, code, "Dagtilbud"] if place == 0 else [None] * 6
            rows.append([*head, word, None, f"{funktion}-1-00{gruppering}", text, "- Søvejen - Ny Skolevej?"])
        merged += [f"{column}{first}:{column}{first + 2}" for column in "ABCDEF"]
    for code, paragraph, account in [("1.13.2", "SEL § 96", "5.38.39-1-002"), ("1.13.3", "SEL § 98", "5.38.53-1-004")]:
        rows += [[paragraph, paragraph, "Ydelse", f"{code} x", code, "?"], [*[None] * 8, account, "BPA"]]
    rows += [
        ["SEL § 82", None, None, "1.18 Tidlig forebyggende indsats +1.18.1 - § 82 a + 1.18.2 - § 82 b"],
        [],
        ["Handicap & Psykiatri, politisk niveau"],
        ["Marts 2022"],
    ]
    return rows, merged


def komponent() -> tuple[Sheet, list[str]]:
    """Komponent's sheet as their slide shows it, and its merged cells."""
    rows: Sheet = [["Masteroversigt"], KOMPONENT]
    merged = ["A1:J1"]
    for code, paragraph, funktion, grupperinger, _indsats in BLOCKS:
        first = len(rows) + 1
        for place, (gruppering, (word, level, text)) in enumerate(zip(grupperinger, GROUPS, strict=True)):
            head = (
                [f"{paragraph}.1", paragraph, "Ydelse", code, "Botilbud", "Midl.botilbud"] if place == 0 else [None] * 6
            )
            number = int(f"{funktion.replace('.', '')}100{gruppering}")
            rows.append([*head, word, level, number, f"{funktion} 1 00{gruppering} {paragraph} Ydelse ({text[:8]}"])
        merged += [f"{column}{first}:{column}{first + 2}" for column in "ABCDEF"]
    rows.append(
        ["SEL § 96 …", "SEL § 96", "BPA", "1.13.2", "BPA", "BPA", None, None, 538391002, "5.38.39 1 002 SEL § 96"]
    )
    return rows, merged


def test_lemvigs_masteroversigt_is_known_and_needs_no_map(tmp_path: Path) -> None:
    rows, merged = lemvig()
    with loading(tmp_path, "masteroversigt", {"m.xlsx": workbook(tmp_path / "m.xlsx", {"Ark1": rows}, merged)}) as read:
        assert read.rows("dst_kode", "konto", "maalgruppe")[:18] == LINKS
        assert read.rows("raekke", "dst_kode", "konto", "paragraf")[18:] == [
            (22, "1.13.2", None, "SEL § 96"),
            (23, "1.13.2", "538391002", "SEL § 96"),
            (24, "1.13.3", None, "SEL § 98"),
            (25, "1.13.3", "538531004", "SEL § 98"),
        ]
        assert set(read.column("tilbud")[:18]) == {"Søvejen|Ny Skolevej"}
        assert read.loaded.caveats == ["m.xlsx: «SEL § 82» har ingen DST-kode og er ikke koblet (række 26)."]


@pytest.mark.parametrize("left_out", [None, "Konto", "Målgrupp-niveau"])
def test_komponents_masteroversigt_is_known_also_without_its_numbers_or_its_levels(
    tmp_path: Path, left_out: str | None
) -> None:
    rows, merged = komponent()
    rows[1] = [None if header == left_out else header for header in rows[1]]
    with loading(tmp_path, "masteroversigt", {"m.xlsx": workbook(tmp_path / "m.xlsx", {"Ark1": rows}, merged)}) as read:
        assert read.rows("dst_kode", "konto", "maalgruppe") == [*LINKS, ("1.13.2", "538391002", None)]
        assert read.loaded.caveats == []


def csv(rows: Sequence[Sequence[Any]], mark: str) -> str:
    """The rows as Danish Excel saves them: numbers with a comma."""
    cells = [
        ["" if c is None else str(c).replace(".", ",") if isinstance(c, float) else str(c) for c in r] for r in rows
    ]
    width = max(map(len, cells))
    return "\r\n".join(mark.join([*row, *[""] * (width - len(row))]) for row in cells)


@pytest.mark.parametrize(("mark", "encoding"), [(";", "windows-1252"), (";", "utf-8-sig"), ("\t", "utf-16")])
@pytest.mark.parametrize("layout", [lemvig, komponent])
def test_both_layouts_saved_as_csv_give_the_same_links(tmp_path: Path, layout: Any, mark: str, encoding: str) -> None:
    with loading(tmp_path, "masteroversigt", {"m.csv": csv(layout()[0], mark).encode(encoding)}) as read:
        assert read.rows("dst_kode", "konto", "maalgruppe")[:18] == LINKS


def links(folder: Path, text: str) -> list[tuple[Any, ...]]:
    """Row, code and account of each link of a CSV."""
    with loading(folder, "masteroversigt", {"m.csv": text}) as read:
        return sorted(read.rows("raekke", "dst_kode", "konto"))


@pytest.mark.parametrize(
    ("cell", "accounts"),
    [
        ("5.38.58-1-001\n5.38.58-1-002", "538581001 538581002"),
        ("5.38.58-1-001 Social\n5.38.58-1-002 Handicap", "538581001 538581002"),
        ("5.38.58-1-001 Social 5.38.58-1-002 Handicap", "538581001 538581002"),
        ("538581001/538581002, 538581003 og 538591001", "538581001 538581002 538581003 538591001"),
        ("1 5.38.58 001 / 153859001", "538581001 538591001"),
        ("5.38.39-1-003/004/005", "538391003 538391004 538391005"),
        ("5.38.39 1 003, -004 og -005 støtte", "538391003 538391004 538391005"),
        ("5.38.39-1-003\n-004", "538391003 538391004"),
        ("funktion 5.38.39 grp. 3+4+5", "538391003 538391004 538391005"),
        ("funktion 5.38.39, gruppering 2 (BPA)", "538391002"),
        ("5.38.58-1-001 Socialpædagogisk … ABL § 105/SEL § 85", "538581001"),
        ("5.38.58-1-001 (før 5.32.34-1-001)", "538581001"),
        ("528231001-010053", "528231001"),
        ("538581001 SEL § 103, 104", "538581001"),
    ],
)
def test_a_cell_can_hold_several_accounts_each_with_its_text(tmp_path: Path, cell: str, accounts: str) -> None:
    read = links(tmp_path, f'dst_kode;konto\n1.4;"{cell}"\n')
    assert [konto for _row, _code, konto in read] == accounts.split()


@pytest.mark.parametrize("cell", ["5.38.58", "5.38.58-1", "5.38.39-1-003-005", "5.38.39 grp. 3-5", "?", "ukendt"])
def test_a_cell_that_may_mean_several_things_or_nothing_is_a_mistake_that_says_what_to_write(
    tmp_path: Path, cell: str
) -> None:
    said = refused(tmp_path, "masteroversigt", {"m.csv": f"dst_kode;konto\n1.4;538581001\n1.1;538591001 / {cell}\n"} if
                   cell.startswith("5") else {"m.csv": f"dst_kode;konto\n1.4;538581001\n1.1;{cell}\n"})  # fmt: skip
    assert f"m.csv, række 3, kolonne «konto», værdi «{cell}»: ikke en konto; skriv 5.38.58-1-001" in said
    assert "hver konto for sig" in said
    assert "lad cellen være tom" in said


def test_a_code_with_a_level_more_is_dsts_code_and_it_is_said(tmp_path: Path) -> None:
    text = "dst_kode;konto\n1.4.1 Beskyttet - plads;538581001\n1.4.2;538581002\n1.8.1/1.8.2;538501001\n1,3;538391006\n1.8;\n"
    with loading(tmp_path, "masteroversigt", {"m.csv": text}) as read:
        assert read.rows("raekke", "dst_kode") == [
            (2, "1.4"),
            (3, "1.4"),
            (4, "1.8.1"),
            (4, "1.8.2"),
            (5, "1.3"),
            (6, "1.8"),
        ]
        assert read.loaded.caveats == [
            "m.csv: koden 1.4.1 regnes som 1.4 (række 2).",
            "m.csv: koden 1.4.2 regnes som 1.4 (række 3).",
            "m.csv: koden 1,3 regnes som 1.3 (række 5).",
        ]


def test_a_code_that_the_spreadsheet_made_a_date_is_a_mistake(tmp_path: Path) -> None:
    from datetime import date, time

    book = workbook(
        tmp_path / "m.xlsx", {"A": [["dst_kode", "konto"], [date(2022, 4, 1), 538581001], [time(1, 4), None]]}
    )
    said = refused(tmp_path, "masteroversigt", {"m.xlsx": book})
    assert "række 2, kolonne «dst_kode», værdi «2022-04-01»: en dato eller et klokkeslæt" in said
    assert "række 3, kolonne «dst_kode», værdi «01:04:00»" in said


def test_an_account_that_no_code_belongs_to_is_a_mistake_and_never_the_code_aboves(tmp_path: Path) -> None:
    text = (
        "paragraf;dst_kode;konto\n;;538581009\nSEL § 103;1.4;538581001\n;;538581002\nSEL § 82;;538401001\n;;538401002\n"
    )
    said = refused(tmp_path, "masteroversigt", {"m.csv": text})
    assert [f"række {row}" in said for row in (2, 3, 4, 5, 6)] == [True, False, False, True, True]
    assert "ingen kode, og den hører ikke til koden ovenfor" in said
    headings = "paragraf;dst_kode;konto\n;;(ni cifre)\nBotilbud;;\nSEL § 103;1.4;538581001\nDagtilbud;;\nSEL § 103;;538581002\n"
    assert links(tmp_path, headings) == [(4, "1.4", "538581001"), (6, "1.4", "538581002")]


def test_what_is_carried_down_is_not_carried_from_one_code_to_the_next(tmp_path: Path) -> None:
    text = "dst_kode;konto;tilbud\n1.4;538581001;Haven\n;538581002;\n1.1;538591001;\n;538591002;\n"
    with loading(tmp_path, "masteroversigt", {"m.csv": text}) as read:
        assert read.rows("dst_kode", "tilbud") == [("1.4", "Haven"), ("1.4", "Haven"), ("1.1", None), ("1.1", None)]


def test_a_merged_cell_counts_for_every_row_it_covers_and_an_empty_one_does_not(tmp_path: Path) -> None:
    rows: Sheet = [
        ["Kode", None, "Konto", "Målgruppe", "Rammestyret"],
        ["dst_kode", None, "konto", "maalgruppe", "rammestyret"],
        ["1.4", None, 538581001, "Social", "ja"],
        [None, None, 538581002, None, None],
        ["1.1", None, 538591001, "Social", "ja"],
        [None, None, 538591002, None, None],
    ]
    merged = ["A1:A2", "D3:D4", "E3:E4"]
    with loading(tmp_path, "masteroversigt", {"m.xlsx": workbook(tmp_path / "m.xlsx", {"A": rows}, merged)},
                 kolonner={"dst_kode": "Kode"}) as read:  # fmt: skip
        assert read.rows("konto", "dst_kode", "maalgruppe", "rammestyret") == [
            ("538581001", "1.4", "2", True),
            ("538581002", "1.4", "2", True),
            ("538591001", "1.1", "2", True),
            ("538591002", "1.1", None, None),
        ]


def test_a_code_on_a_row_of_its_own_speaks_for_the_accounts_under_it(tmp_path: Path) -> None:
    text = "dst_kode;konto;maalgruppe;rammestyret\n1.13.3;;Handicap;ja\n;538531004;;\n;538531005;;nej\n"
    with loading(tmp_path, "masteroversigt", {"m.csv": text}) as read:
        assert read.rows("konto", "rammestyret", "maalgruppe")[1:] == [
            ("538531004", True, "1.1"),
            ("538531005", False, "1.1"),
        ]


def test_a_maalgruppe_nobody_knows_is_said_and_not_used(tmp_path: Path) -> None:
    text = 'dst_kode;konto;maalgruppe\n1.4;538581001;Socialt\n;538581002;"Handicap, sindslidelse"\n;538581003;1.2.2 Psykisk\n'
    with loading(tmp_path, "masteroversigt", {"m.csv": text}) as read:
        assert read.column("maalgruppe") == [None, "1.1|1.2", "1.2.2"]
        assert read.loaded.caveats == [
            "m.csv: målgruppen «Socialt» kendes ikke og bruges ikke i OE04 (række 2). Mente du «social»?"
        ]


def test_a_missing_dranst_is_said_and_no_cell_shows_a_cpr(tmp_path: Path) -> None:
    text = "dst_kode;konto;maalgruppe\n1.12.0.2;5.38.39 grp. 3;010180-1234\n"
    with loading(tmp_path, "masteroversigt", {"m.csv": text}) as read:
        first, second = read.loaded.caveats
    assert first == "m.csv: «5.38.39 grp. 3» har ingen dranst og læses som dranst 1 (række 2)."
    assert "1234" not in second
