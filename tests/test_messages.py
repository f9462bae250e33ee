"""Messages, read: each names file, row, column and value, says what to do, and ends with the TOML that mends it where known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from support.loading import refused, workbook

from reconcile.errors import ConfigError
from reconcile.settings.config import load_config

COURSE = "cpr;dst_kode;start_dato;slut_dato\n"
LEDGER = "konto;beloeb;bogfoert_dato;cpr;ydelsesperiode\n"
FIGURE = "dst_kode;periode;antal\n"
WEEK = "cpr;uge;ydelse;bruttoudgift;refusionssats;ydelsestaeller\n"
AMOUNT = "skriv 1.234,50"
DATE = "skriv dd-mm-åååå eller åååå-mm-dd"
EMPTY = "ret den, hvor den er registreret, og træk filen igen"
ACCOUNT = "skriv 5.38.58-1-001"
WHOLE_FILE = 0


@dataclass(frozen=True)
class Cell:
    """A file of one source with one wrong cell: where it is, what stands there, and the remedy that must be read."""

    source: str
    text: str
    column: str
    value: str
    remedy: str
    row: int = 2


CELLS = [
    Cell("fagsystem", COURSE + "0101801234;1.4;31-02-2020;\n", "start_dato", "31-02-2020", DATE),
    Cell("fagsystem", COURSE + "0101801234;1.4;01/13/2020;\n", "start_dato", "01/13/2020", DATE),
    Cell("fagsystem", COURSE + "0101801234;1.4;01-01-20;\n", "start_dato", "01-01-20", DATE),
    Cell("fagsystem", COURSE + "0101801234;1.4;2020;\n", "start_dato", "2020", DATE),
    Cell("fagsystem", COURSE + "0101801234;1.4;01-01-2020;senere\n", "slut_dato", "senere", DATE),
    Cell("fagsystem", COURSE + "0101801234;1.4;01-01-2020;\n;1.4;01-01-2020;\n", "cpr", "", EMPTY, 3),
    Cell("fagsystem", COURSE + "0101801234;;01-01-2020;\n", "dst_kode", "", EMPTY),
    Cell("fagsystem", COURSE + "0101801234;1.4;;\n", "start_dato", "", EMPTY),
    Cell("fagsystem", "cpr;dst_kode;start_dato;system\n0101801234;1.4;01-01-2020;gammelt\n", "system", "gammelt",
         "skriv nuvaerende eller tidligere"),
    Cell("fagsystem", COURSE + "0101801234;1.4;01-01-2020;;y;z\n", "", "", "ret rækken (mangler der et skilletegn?)"),
    Cell("oekonomi", LEDGER + "538581001;1234.5;01-01-2020;;\n", "beloeb", "1234.5", AMOUNT),
    Cell("oekonomi", LEDGER + "538581001;1,234.50;01-01-2020;;\n", "beloeb", "1,234.50", AMOUNT),
    Cell("oekonomi", LEDGER + "538581001;12,345;01-01-2020;;\n", "beloeb", "12,345", AMOUNT),
    Cell("oekonomi", LEDGER + "538581001;1.23,00;01-01-2020;;\n", "beloeb", "1.23,00", AMOUNT),
    Cell("oekonomi", LEDGER + "538581001;ti kr.;01-01-2020;;\n", "beloeb", "ti kr.", AMOUNT),
    Cell("oekonomi", LEDGER + "538581001;;01-01-2020;;\n", "beloeb", "", EMPTY),
    Cell("oekonomi", LEDGER + "abc;100,00;01-01-2020;;\n", "konto", "abc", ACCOUNT),
    Cell("oekonomi", LEDGER + "5.38.58;100,00;01-01-2020;;\n", "konto", "5.38.58", ACCOUNT),
    Cell("oekonomi", LEDGER + "538581001;100,00;32-01-2020;;\n", "bogfoert_dato", "32-01-2020", DATE),
    Cell("oekonomi", LEDGER + "538581001;100,00;01-01-2020;;2020-13\n", "ydelsesperiode", "2020-13", "skriv 2020-07"),
    Cell("oekonomi", LEDGER + "538581001;100,00;01-01-2020;;2020K5\n", "ydelsesperiode", "2020K5", "skriv 2020-07"),
    Cell("hand07", FIGURE + "1.1;2020K5;10\n", "periode", "2020K5", "skriv 2020K3"),
    Cell("hand07", FIGURE + "1.1;2020K1;10,5\n", "antal", "10,5", "et helt tal fra 0 og op"),
    Cell("hand07", FIGURE + "1.1;2020K1;-3\n", "antal", "-3", "et helt tal fra 0 og op"),
    Cell("hand01", FIGURE + "1.1;2020K1;ti\n", "antal", "ti", "skriv 1.234 eller 867,6"),
    Cell("borger", "cpr;foedselsdato\n0101801234;31-02-1980\n", "foedselsdato", "31-02-1980", DATE),
    Cell("godkendt", "kommune;periode;godkendt\n665;2020K1;måske\n", "godkendt", "måske", "skriv ja eller nej"),
    Cell("godkendt", "kommune;periode;godkendt\n665;2020;ja\n", "periode", "2020", "skriv 2020K3"),
    Cell("masteroversigt", "dst_kode;konto;rytme\n1.1;538591001;ugentligt\n", "rytme", "ugentligt", "skriv maaned, kvartal"),
    Cell("masteroversigt", "dst_kode;konto;rammestyret\n1.1;538591001;nok\n", "rammestyret", "nok", "skriv ja eller nej"),
    Cell("masteroversigt", "dst_kode;konto\n1.1;53859\n", "konto", "53859", ACCOUNT),
    Cell("yr", WEEK + "0101801234;2020-U60;Kontanthjælp;10,00;40;3\n", "uge", "2020-U60", DATE),
    Cell("yr", WEEK + "0101801234;06-01-2020;Kontanthjælp;ti;40;3\n", "bruttoudgift", "ti", AMOUNT),
    Cell("yr", WEEK + "0101801234;06-01-2020;Kontanthjælp;10,00;40;1,5\n", "ydelsestaeller", "1,5", "skriv fx 12"),
    Cell("yr", WEEK + "0101801234;06-01-2020;Kontanthjælp;10,00;firs;3\n", "refusionssats", "firs", "skriv 40 for 40 procent"),
    Cell("yr", WEEK + "0101801234;06-01-2020;;10,00;40;3\n", "ydelse", "", EMPTY),
    Cell("yr_konto", "ydelse;art;konto\nKontanthjælp;tilskud;557712010\n", "art", "tilskud",
         "skriv refusion eller medfinansiering"),
    Cell("befolkning", "kommune;periode;antal\n665;2020K1;mange\n", "antal", "mange", "skriv 1.234 eller 867,6"),
    Cell("regnskab", "kommune;periode;konto;beloeb\n665;20;5.38.58.1.001;100\n", "periode", "20", "skriv 2020"),
]  # fmt: skip


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.source} {cell.column} {cell.value}".strip())
def test_a_wrong_cell_is_named_with_its_place_its_value_and_the_remedy(tmp_path: Path, cell: Cell) -> None:
    said = refused(tmp_path, cell.source, {f"{cell.source}.csv": cell.text})
    place = f"  · {cell.source}.csv, række {cell.row}"
    place += f", kolonne «{cell.column}»" if cell.column else ""
    place += f", værdi «{cell.value}»: " if cell.value else ": "
    (line,) = [line for line in said.splitlines() if line.startswith("  · ")]
    assert line.startswith(place)
    assert cell.remedy in line
    assert "--quarantine" in said
    assert "0101801234" not in said


NEXUS = "CPR-nummer;DST kode;Bevilget fra;Bevilget til\n0101801234;1.4;01-01-2020;\n"
MENDED = [
    "[kilder.fagsystem.kolonner]", 'cpr = "CPR-nummer"', 'dst_kode = "DST kode"', 'start_dato = "Bevilget fra"',
    'slut_dato = "Bevilget til"',
]  # fmt: skip
FILES = [
    ("headings of the system", "fagsystem", {"a.csv": NEXUS}, {}, ["a.csv, kolonne «cpr»", "Filen har «CPR-nummer»", *MENDED]),
    ("the same in two files", "fagsystem", {"a.csv": NEXUS, "b.csv": NEXUS}, {}, ["a.csv, b.csv, kolonne «cpr»", *MENDED]),
    ("under a title", "fagsystem", {"a.csv": "Udtræk\n\n" + NEXUS}, {}, ["Filen har «CPR-nummer», «DST kode»", *MENDED]),
    ("a heading of the map", "fagsystem", {"a.csv": NEXUS.replace("Bevilget fra", "Start")},
     {"kolonner": {"cpr": "CPR-nummer", "dst_kode": "DST kode", "start_dato": "Bevilget fra", "slut_dato": "Bevilget til"}},
     ["kolonne «Bevilget fra»", "Filen har «CPR-nummer», «DST kode», «Start», «Bevilget til»", "reconcile add"]),
    ("amounts in thousands", "oekonomi", {"a.csv": "Kontonummer;Beløb (t.kr.);Bogføringsdato\n538581001;10;01-01-2020\n"}, {},
     ["[kilder.oekonomi.kolonner]", 'konto = "Kontonummer"', 'beloeb = "Beløb (t.kr.)"', 'bogfoert_dato = "Bogføringsdato"']),
    ("one heading for two", "fagsystem", {"a.csv": NEXUS},
     {"kolonner": {"cpr": "CPR-nummer", "dst_kode": "DST kode", "start_dato": "DST kode"}},
     ["overskriften bruges til flere kolonner", "Ret «kolonner» i reconcile.toml"]),
    ("a heading twice", "fagsystem", {"a.csv": "cpr;dst_kode;start_dato;start_dato\n0101801234;1.4;01-01-2020;\n"}, {},
     ["kolonne «start_dato»", "overskriften står 2 gange", "slet eller omdøb den ene"]),
    ("an empty file", "fagsystem", {"a.csv": ""}, {}, ["a.csv: filen er tom", "Træk den ud igen"]),
    ("a file that is not there", "fagsystem", {"a.csv": COURSE}, {"filer": ["b.csv"]},
     ["b.csv: filen findes ikke", "Mente du «a.csv»?"]),
    ("another kind of file", "fagsystem", {"a.pdf": "%PDF"}, {}, ["«.pdf» læses ikke", "Brug CSV, XLSX eller Parquet"]),
    ("a broken workbook", "fagsystem", {"a.xlsx": "PK"}, {},
     ["a.xlsx: projektmappen kan ikke læses", "gem den igen som .xlsx eller CSV"]),
    ("a broken Parquet", "fagsystem", {"a.parquet": "PAR1"}, {},
     ["Parquet-filen kan ikke læses", "Skriv den igen, eller brug CSV"]),
    ("a half PX", "hand07", {"a.px": "TITLE=x"}, {}, ["a.px: filen er ikke PX", "filen er nok ikke hentet helt"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "files", "options", "parts"), [case[1:] for case in FILES], ids=[case[0] for case in FILES]
)
def test_a_wrong_file_is_named_with_what_is_there_and_the_toml_to_paste(
    tmp_path: Path, source: str, files: dict[str, str], options: dict[str, object], parts: list[str]
) -> None:
    said = refused(tmp_path, source, files, **options)
    for part in parts:
        assert part in said
    assert str(tmp_path) not in said.replace(f"reconcile add {tmp_path.as_posix()}", "")


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", {"Ark1": [["cpr"]], "Ark2": [["x"]]})
    said = refused(tmp_path, "fagsystem", {"a.xlsx": book}, ark="Ark3")
    assert "arket «Ark3» findes ikke; der er «Ark1», «Ark2». Ret «ark» i reconcile.toml." in said


K = '[kommune]\nkode = "665"\n'
S = K + '[kilder.fagsystem]\nfiler = ["x.csv"]\n'
SETTINGS = [
    (S + "[regler]\ntolerence_antal = 1\n", "[regler] «tolerence_antal» kendes ikke. Mente du «tolerance_antal»?"),
    (K + '[kilder.fagsytem]\nfiler = ["x.csv"]\n', "[kilder.fagsytem]: kilden kendes ikke. Mente du «fagsystem»?"),
    (K + '[kilder.fagsystem]\nfile = ["x.csv"]\n', "[kilder.fagsystem] «file» kendes ikke. Mente du «filer»?"),
    (K + '[kilder.fagsystem]\nfiler = "x.csv"\n', 'skal være en liste i [ ], fx ["ind/*.csv"] (der står "x.csv").'),
    (K, "der er ingen kilder endnu; «reconcile add FIL» finder ud af, hvad en fil er, og skriver den."),
    (S.replace("665", "66"),
     'kommune.kode: skal være en kommunekode med tre cifre, en liste af dem eller "alle" (der står "66").'),
    (S.replace('kode = "665"', 'navn = "Lemvik"'),
     "«Lemvik» er ikke en kommune; skriv kommunens navn eller dens tre cifre. Mente du «Lemvig»?"),
    (S + '[regler]\npopulation = "alle"\n', 'skal være "handlekommune" eller "betalingskommune" (der står "alle").'),
    (S + '[regler]\nugegraense = "10.000"\n', 'har punktum ved tusinder; skriv tallet uden, fx "10000.00" (der står "10.000").'),
    (S + "[regler]\nugegraense = 10000.5\n", 'skriv tallet som tekst, fx "10000.00"'),
    (S + "[regler]\ntolerance_antal = -1\n", "regler.tolerance_antal: skal være mindst 0 (der står -1)."),
    (S + 'kolonner = { kode = "A" }\n', "«kode» er ikke en kolonne i fagsystem. Mente du «dst_kode»?"),
    (S + "enhed = 7\n", "kilder.fagsystem.enhed: skal være 0, 1, 1000 eller 1000000 (der står 7)."),
    (S + 'serie = "alt"\n', 'skal være "auto", "dele" eller "hele" (der står "alt").'),
    (K + "[kilder.fagsystem]\n", "kilder.fagsystem: skriv én af filer, database og spark."),
    (S + "[regler\n", "reconcile.toml, linje 5, tegn 8: ikke gyldig TOML"),
    (S + '[godkendelse]\naarlig_frist = "12. februar"\n',
     'skal være en dato, fx 2026-02-12, eller tom (der står "12. februar").'),
    (S + '[mail]\ntil = ["jeg"]\n', "skal være én mailadresse, fx navn@kommune.dk eller Navn <navn@kommune.dk>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SETTINGS, ids=[said[:40] for _text, said in SETTINGS])
def test_a_wrong_setting_is_named_with_its_value_and_what_it_may_be(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "reconcile.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "reconcile.toml")
    assert said in str(caught.value)
    assert "{ … }" not in str(caught.value)
