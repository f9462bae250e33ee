"""What `reconcile add` takes files for: the right source and columns, or the right question; never a wrong column."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from test_jsonstat import cube
from test_px import PX

from reconcile.runs.adding import File, Nobody, look

SAMPLES = Path(__file__).parent.parent / "samples"
COURSE = {
    "cpr": "CPR-nummer",
    "dst_kode": "DST kode",
    "start_dato": "Bevilget fra",
    "slut_dato": "Bevilget til",
}


@dataclass(frozen=True)
class Kind:
    """A file: its name, its content (text, bytes or rows of a workbook), and what is right.

    ``table`` and ``columns``: the source and all that is settled; ``asks``: the columns in doubt; ``says``: what stands
    in the refusal.
    """

    name: str
    content: Any
    table: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    asks: Sequence[str] = ()
    says: Sequence[str] = ()
    unit: int = 0
    sheet: str = ""


def same(names: str) -> dict[str, str]:
    """Columns that are called what they are."""
    return {name: name for name in names.split()}


def book(*sheets: tuple[str, Sequence[Sequence[Any]]], merged: str = "") -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if merged:
        made.worksheets[0].merge_cells(merged)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


ROWS = [("010160-0001", "1.1 Samvær", "01-02-2020", None), ("020160-0002", "1.8.1", "01-03-2020", "31-05-2020")]
HEAD = tuple(COURSE.values())
TEXTS = "Aktivitets- og samværstilbud (§ 104 i lov om social service)"
SENSUM = "IndsatsId;SagId;Indsats;IndsatsParagraf;Tilbud;IndsatsStartDato;IndsatsSlutDato;IndsatskontoNummer\n"
FIGURES = "OMRÅDE;YDELSESTYPE;TID;INDHOLD\n" + "".join(
    f"665;{code};2020K{q};{10 * q + n}\n" for n, code in enumerate((30011, 30013, 30014)) for q in (1, 2, 3, 4)
)
STATBANK = {"dst_kode": "YDELSESTYPE", "periode": "TID", "antal": "INDHOLD", "kommune": "OMRÅDE"}
PIVOT = [("Modtagere",), (), ("Ydelse", "K1 2020", "2. kvartal 2020", "I alt"), ("1.1", 1, 2, 3), ("I alt", 1, 2, 3)]
DELIVERY = (
    "Uge;CPR nummer;Ydelse;Finansiering Kommunenavn;Indberetning udbetalingsbeløb;Beregnet udbetalingsbeløb;"
    "Refusionssats;Refusionsbeløb;Medfinansieringssats;Medfinansieringsbeløb\n"
    "2024-03-04;101600001;Sygedagpenge;Lemvig;4000,00;4000,00;40;1600,00;60;2400,00\n"
)
YR = {
    "cpr": "CPR nummer",
    "uge": "Uge",
    "ydelse": "Ydelse",
    "bruttoudgift": "Beregnet udbetalingsbeløb",
    "refusionssats": "Refusionssats",
    "refusion": "Refusionsbeløb",
    "medfinansieringssats": "Medfinansieringssats",
    "medfinansiering": "Medfinansieringsbeløb",
    "finansieringskommune": "Finansiering Kommunenavn",
}
LEMVIG = [
    ("Masteroversigt, HP, Lemvig Kommune",),
    ("Paragraf", "Beskrivelse", "Indsatsydelse", "Indsats i Nexus", "DST kode", "Målgruppe", "Funktionsområde"),
    ("SEL § 103", "Beskyttet", "Beskyttet", "1.4.1 Beskyttet", "1.4", "Social", "5.38.58-1-001"),
    (None, None, None, None, None, "Handicap", "5.38.58-1-002"),
    (None, None, None, None, None, "Sindslidende", "5.38.58-1-003"),
]
KOMPONENT = [
    ("Masteroversigt",),
    ("Lovhjemmel", "Paragraf", "Indsatsydelse", "DST kode", "Målgruppe", "Målgrupp-niveau", "Konto", "Kontostreng"),
    ("SEL §103.1", "SEL § 103", "Beskyttet", "1.4", "Social", "2", 538581001, "5.38.58 1 001 SEL § 103 Beskyttet"),
    (None, None, None, None, "Handicap", "1.1", 538581002, "5.38.58 1 002 SEL § 103 Beskyttet"),
]
LEDGER = "Kontonummer;{beloeb};Bogføringsdato;CPR\n5.38.59-1-002;9,5;20-07-2023;010160-0001\n538501002;7;1-1-2023;\n"
SAID = {"konto": "Kontonummer", "bogfoert_dato": "Bogføringsdato", "cpr": "CPR"}

KINDS = [
    # every source of the sample
    Kind(
        "borger.csv",
        sample("ind/borger.csv"),
        "borger",
        {"cpr": "Personnummer", "foedselsdato": "Fødselsdato", "doedsdato": "Dødsdato", "kommune": "Bopælskommune"},
    ),
    Kind(
        "flis.csv",
        sample("ind/flis.csv"),
        "flis",
        same(
            "cpr dst_kode start_dato slut_dato ydelse_id handlekommune betalingskommune maalgruppe funktionsvurdering"
            " tilbud system ffb_ydelse"
        ),
    ),
    Kind("godkendt.csv", sample("ind/godkendt.csv"), "godkendt", same("kommune periode godkendt")),
    Kind("hand01.csv", sample("ind/hand01.csv"), "hand01", STATBANK),
    Kind("hand07.csv", sample("ind/hand07.csv"), "hand07", STATBANK),
    Kind(
        "masteroversigt.xlsx",
        sample("ind/masteroversigt.xlsx"),
        "masteroversigt",
        {
            "dst_kode": "DST kode",
            "konto": "Funktionsområde",
            "paragraf": "Paragraf",
            "ydelse": "Indsatsydelse",
            "indsats": "Indsats i Nexus",
            "maalgruppe": "Målgruppeniveau",
            "tilbud": "Egne institutioner",
            "rammestyret": "Rammestyret",
            "rytme": "Rytme",
        },
    ),
    Kind(
        "nexus-2020-botilbud.csv",
        sample("ind/nexus-2020-botilbud.csv"),
        "fagsystem",
        {
            **COURSE,
            "ydelse_id": "Bevillings-id",
            "handlekommune": "Handlekommune",
            "betalingskommune": "Betalingskommune",
            "maalgruppe": "Målgruppe (VUM)",
            "funktionsvurdering": "Funktionsvurdering",
            "tilbud": "Leverandør",
            "system": "Kildesystem",
            "ffb_ydelse": "FFB-ydelse",
        },
    ),
    Kind(
        "oekonomi.csv",
        sample("ind/oekonomi.csv"),
        "oekonomi",
        {
            **SAID,
            "beloeb": "Beløb",
            "ydelsesperiode": "Ydelsesperiode",
            "bilag": "Bilag",
            "tekst": "Posteringstekst",
        },
    ),
    Kind(
        "yr-2020-2-rettelser.csv",
        sample("ind/yr-2020-2-rettelser.csv"),
        "yr",
        same(
            "cpr uge ydelse bruttoudgift refusionssats refusion medfinansieringssats medfinansiering fleksbidrag"
            " ydelsestaeller genoptjening koerselsperiode finansieringskommune bopaelskommune beregning_id"
        ),
    ),
    Kind("flis antal.csv", sample("publiceret/flis.csv"), "flis_antal", same("dst_kode periode antal")),
    # StatBank's five forms
    Kind("udtræk.csv", FIGURES, "hand07", STATBANK),
    Kind("tekster.csv", FIGURES.replace("30011", TEXTS), "hand07", STATBANK),
    Kind(
        "hand07.json",
        json.dumps(cube([160, 157, 2, 3])),
        "hand07",
        same("dst_kode periode antal kommune status"),
    ),
    Kind("hand07.px", PX.encode("windows-1252"), "hand07", same("dst_kode periode antal kommune status")),
    Kind(
        "statbank.xlsx",
        book(
            ("HAND07", [("HAND07: Modtagere",), (), (None, None, "2020K1", "2020K2"), ("Lemvig", TEXTS, 160, 157)]),
        ),
        "hand07",
        {"dst_kode": ""},
    ),
    # FLIS and pivots
    Kind(
        "DAP voksne.csv",
        "CPR-nr;DST kode;Startdato;Slutdato;Handlekommune\n0101600001;1.1;2020-01-01;;665\n0201600002;1.3;2020-01-01;;665\n",
        "flis",
        {"cpr": "CPR-nr", "dst_kode": "DST kode", "start_dato": "Startdato", "slut_dato": "Slutdato"}
        | {"handlekommune": "Handlekommune"},
    ),
    Kind(
        "flis pivot.xlsx",
        book(("Ark1", [("Rækkenavne", "2020K1", "2020K2"), ("1.1 Samvær", 160, 157), ("1.3 Behandling", 7, 8)])),
        says=["flis_antal", "flis_fuldtid", "--som"],
    ),
    Kind(
        "flis pivot fuldtid.xlsx",
        book(("Ark1", [("Rækkenavne", "2020K1", "2020K2"), ("1.1 Samvær", 160.5, 157), ("1.3 Behandling", 7, 8)])),
        "flis_fuldtid",
        {"dst_kode": "Rækkenavne"},
    ),
    Kind("hand07 pivot.xlsx", book(("Ark1", PIVOT)), "hand07", {"dst_kode": "Ydelse"}),
    Kind("pivot.xlsx", book(("Ark1", PIVOT)), says=["hand07", "flis_antal", "--som"]),
    # the delivery of Ydelsesrefusion, and both masteroversigter
    Kind("yr-ydelsesrefusion-beregning-665-0050-2024-03-03.csv", DELIVERY, "yr", YR),
    Kind(
        "Lemvig.xlsx",
        book(("Ark1", LEMVIG)),
        "masteroversigt",
        {"dst_kode": "DST kode", "konto": "Funktionsområde", "paragraf": "Paragraf", "ydelse": "Indsatsydelse"}
        | {"indsats": "Indsats i Nexus", "maalgruppe": "Målgruppe"},
    ),
    Kind(
        "Komponent.xlsx",
        book(("Ark1", KOMPONENT)),
        "masteroversigt",
        {"dst_kode": "DST kode", "konto": "Konto", "paragraf": "Paragraf", "ydelse": "Indsatsydelse"}
        | {"maalgruppe": "Målgrupp-niveau", "kontotekst": "Kontostreng"},
    ),
    # fagsystemer as they come out
    Kind(
        "nexus.csv", "\n".join(map(";".join, [HEAD, *((a, b, c, d or "") for a, b, c, d in ROWS)])), "fagsystem", COURSE
    ),
    Kind(
        "nexus 2.xlsx",
        book(
            ("Ark1", [("Bevillinger 2020",), (), ("Borger", "Ydelse", None, None), HEAD, *ROWS, ("I alt", 2)]),
            merged="B3:D3",
        ),
        "fagsystem",
        COURSE,
    ),
    Kind(
        "dubu.xlsx",
        book(("Forside", [("Udtræk fra DUBU",)]), ("Data", [HEAD, *ROWS])),
        "fagsystem",
        COURSE,
    ),
    Kind(
        "cura.csv",
        "Personnr\tDST-ydelseskode\tStart dato\tSlut dato\tKommune\n0101600001\t1.1\t2020-01-01\t\t665\n",
        "fagsystem",
        {"cpr": "Personnr", "dst_kode": "DST-ydelseskode", "start_dato": "Start dato", "slut_dato": "Slut dato"},
        asks=["handlekommune"],
    ),
    Kind("udtræk 2.xlsx", book(("Data", [HEAD, *ROWS])), says=["fagsystem", "flis", "--som"]),
    Kind(
        "nexus to ark.xlsx",
        book(("Voksne", [HEAD, *ROWS]), ("Unge", [HEAD, *ROWS])),
        "fagsystem",
        COURSE,
        asks=["ark"],
        sheet="Voksne",
    ),
    Kind(
        "nexus to datoer.csv",
        "CPR-nummer;DST kode;Startdato;Bevilget fra;Bevilget til\n0101600001;1.1;2020-01-01;2020-02-01;\n",
        "fagsystem",
        {"cpr": "CPR-nummer", "dst_kode": "DST kode", "slut_dato": "Bevilget til"},
        asks=["start_dato"],
    ),
    Kind(
        "nexus uden slut.csv",
        "CPR-nummer;DST kode;Bevilget fra;Ændret\n0101600001;1.1;2020-01-01;2020-02-01\n",
        "fagsystem",
        {"cpr": "CPR-nummer", "dst_kode": "DST kode", "start_dato": "Bevilget fra"},
        asks=["slut_dato"],
    ),
    Kind(
        "nexus english.csv",
        "CPR number;Service code;From;To\n0101600001;1.1;2020-01-01;\n0201600002;1.3;2020-01-01;2021-01-01\n",
        "fagsystem",
        {"cpr": "CPR number", "dst_kode": "Service code"},
        asks=["start_dato", "slut_dato"],
    ),
    Kind(
        "nexus tekster.csv",
        "CPR-nummer;DST kode;Bevilget fra;Bevilget til\n0101600001;Samvær;2020-01-01;\n0201600002;Botilbud;2020-01-01;\n",
        "fagsystem",
        {"cpr": "CPR-nummer", "start_dato": "Bevilget fra", "slut_dato": "Bevilget til"},
        asks=["dst_kode"],
    ),
    Kind(
        "nexus to gange.csv",
        "CPR-nummer;CPR-nummer;DST kode;Bevilget fra;Bevilget til\n0101600001;0201600002;1.1;2020-01-01;\n",
        "fagsystem",
        {"dst_kode": "DST kode", "start_dato": "Bevilget fra", "slut_dato": "Bevilget til"},
        asks=["cpr"],
    ),
    Kind(
        "nexus værge.csv",
        "Værges CPR;DST kode;Bevilget fra;Bevilget til\n0101600001;1.1;2020-01-01;\n0201600002;1.3;2020-01-01;\n",
        "fagsystem",
        {"dst_kode": "DST kode", "start_dato": "Bevilget fra", "slut_dato": "Bevilget til"},
        asks=["cpr"],
    ),
    # ledgers
    Kind(
        "posteringer modkonto.csv",
        "Modkonto;Beløb;Bogføringsdato\n5.38.59-1-002;9,50;20-07-2023\n5.38.50-1-002;7,00;21-07-2023\n",
        "oekonomi",
        {"beloeb": "Beløb", "bogfoert_dato": "Bogføringsdato"},
        asks=["konto"],
    ),
    Kind("opus.csv", LEDGER.format(beloeb="Beløb (t.kr.)"), "oekonomi", {**SAID, "beloeb": "Beløb (t.kr.)"}, unit=1000),
    Kind("prisme.csv", LEDGER.format(beloeb="Beløb i kr."), "oekonomi", {**SAID, "beloeb": "Beløb i kr."}),
    Kind(
        "kmd.xlsx",
        book(
            (
                "Ark1",
                [("Beløb i mio. kr.",), *[r.split(";") for r in LEDGER.format(beloeb="Beløb (t.kr.)").split("\n")]],
            )
        ),
        "oekonomi",
        {**SAID, "beloeb": "Beløb (t.kr.)"},
        asks=["enhed"],
    ),
    Kind(
        "posteringer.csv",
        "Konto;Debet;Kredit;Dato\n5.38.59-1-002;9,50;;20-07-2023\n5.38.50-1-002;;7,00;21-07-2023\n",
        "oekonomi",
        {"konto": "Konto"},
        asks=["beloeb", "bogfoert_dato"],
    ),
    # figures of other kinds
    Kind(
        "folk1a.csv",
        "OMRÅDE;KØN;ALDER;TID;INDHOLD\n665;TOT;IALT;2020K1;19500\n665;TOT;IALT;2020K2;19480\n",
        "befolkning",
        {"kommune": "OMRÅDE", "periode": "TID", "antal": "INDHOLD", "alder": "ALDER", "koen": "KØN"},
    ),
    Kind("pladser.csv", "tilbud;pladser\nEngen;12\nLærken;8\n", "pladser", same("tilbud pladser")),
    # printed from FLIS DAP
    Kind(
        "refusion.csv",
        "Refusions % pr. ydelse\nYdelse;2021K1;2021K2\nKontanthjælp;20,4 %;20,1 %\nSygedagpenge;39,9 %;40,1 %\n",
        "yr_tabel",
        {},
    ),
    Kind(
        "dap.xlsx",
        book(
            ("Trappe", [("Row Labels", 0.2, 0.8), ("Kontanthjælp", 5, 3), ("Sygedagpenge", 2, 4)]),
            ("Bruttoudgift", [("Row Labels", "2021-01"), ("Kontanthjælp", 500), ("Sygedagpenge", 200)]),
        ),
        "yr_tabel",
        {},
    ),
    # wrong files
    Kind("indsatser sensum.csv", SENSUM + "7;3;Støtte;§ 85;Huset;2020-01-01;;538391004\n", says=["«IndsatsId»", "cpr"]),
    Kind("løn.csv", "Navn;Stilling;Løntrin\nA;Pædagog;31\nB;Leder;45\n", says=["ligner ingen kilde", "«Stilling»"]),
    Kind("indkøb.xlsx", book(("Ark1", [("Vare", "Antal"), ("Mælk", 3), ("Brød", 2)])), says=["ligner ingen kilde"]),
    Kind("tom.csv", "", says=["tom"]),
    Kind("brev.docx", b"PK\x03\x04", says=["læses ikke"]),
    # StatBank's accounts: funktion and dranst apart, and what they stand in beside every row
    Kind(
        "REGK31.csv",
        "OMRÅDE;FUNKTION;DRANST;PRISENHED;TID;INDHOLD\nLemvig;5.38.59 Aktivitet;1 Drift;Løbende priser (1.000 kr.);2020;48\n",
        "regnskab",
        {"kommune": "OMRÅDE", "periode": "TID", "konto": "KONTO", "beloeb": "INDHOLD"},
        unit=1000,
    ),
    Kind(
        "normering.csv",
        "Tilbud;Antal pladser;Fra;Til\nBosted Nord;12;01-01-2020;\n",
        "pladser",
        {"tilbud": "Tilbud", "pladser": "Antal pladser", "fra": "Fra", "til": "Til"},
    ),
    Kind(
        "uden overskrifter.csv", "0101600001;1.1;2020-01-01;\n0101600002;1.4;2020-02-01;\n", says=["ingen overskrifter"]
    ),
    Kind("nyere.xls", book(("Data", [HEAD, *ROWS])), says=["Omdøb den til .xlsx"]),
    Kind("side.xls", "<html><table><tr><td>CPR</td></tr></table></html>", says=["HTML eller CSV", "gem den som .xlsx"]),
    Kind("nexus.xls", b"\xd0\xcf\x11\xe0 no workbook", says=["kan ikke læses"]),
    Kind("010160-0001.csv", "cpr;dst_kode;start_dato\n", says=["ligner et CPR-nummer"]),
]


def seen(folder: Path, kind: Kind, wanted: str = "") -> File:
    path = folder / kind.name
    path.write_bytes(kind.content.encode() if isinstance(kind.content, str) else kind.content)
    return look(path, path.name, wanted, Nobody())


def test_a_line_of_megabytes_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (said,) = seen(tmp_path, Kind("lang.csv", "cpr;konto\n" + "a" * 3_000_000)).wrong
    assert said == "filen ligner ingen kilde. Den har «cpr», «konto»."
    (said,) = seen(tmp_path, Kind("kun.csv", "a" * 3_000_000)).wrong
    assert said == "en overskrift er på 3000000 tegn; er linjeskiftene gået tabt? Træk filen ud igen."


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_file_is_told_for_what_it_is_or_asked_about(tmp_path: Path, kind: Kind) -> None:
    found = seen(tmp_path, kind)
    said = " ".join(found.wrong)
    assert (found.table, found.columns) == (kind.table, kind.columns), (found.doubts, said)
    assert sorted(doubt.column for doubt in found.doubts) == sorted(kind.asks)
    assert (found.unit, found.sheet) == (kind.unit, kind.sheet)
    assert bool(said) == bool(kind.says)
    for word in kind.says:
        assert word in said


def test_the_table_has_thirty_kinds_of_file_and_more() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 30


def test_a_parquet_file_of_typed_columns_is_told_like_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "nexus.parquet"
    duckdb.execute(
        "COPY (SELECT '0101600001' AS \"CPR-nr\", '1.1' AS \"DST kode\", DATE '2020-01-01' AS Startdato,"
        f" NULL::DATE AS Slutdato) TO '{path}' (FORMAT parquet)"
    )
    found = look(path, path.name, "", Nobody())
    assert found.table == "fagsystem"
    assert list(found.columns.values()) == ["CPR-nr", "DST kode", "Startdato", "Slutdato"]
    assert not found.doubts


def test_the_user_says_which_source_it_is(tmp_path: Path) -> None:
    kind = next(kind for kind in KINDS if kind.name == "udtræk 2.xlsx")
    assert seen(tmp_path, kind, "flis").table == "flis"


def test_a_source_the_file_cannot_be_is_refused_with_the_headings_that_are_there(tmp_path: Path) -> None:
    kind = next(kind for kind in KINDS if kind.name == "løn.csv")
    found = seen(tmp_path, kind, "fagsystem")
    assert "cpr, dst_kode, start_dato" in found.wrong[0]
    assert "«Stilling»" in found.wrong[0]


def test_the_sample_files_are_as_they_were(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "ind" / "tidligere-fagsystem.xlsx", tmp_path)
    found = look(tmp_path / "tidligere-fagsystem.xlsx", "tidligere-fagsystem.xlsx", "", Nobody())
    assert (found.table, found.header_row, found.doubts) == ("fagsystem", 1, [])
