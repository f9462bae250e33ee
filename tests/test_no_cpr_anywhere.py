"""Every command, also when it fails and says all it can, on files with CPR numbers in every column, form and name: none
is in any byte of what it writes, shows or leaves."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pytest
from support.runs import call

from reconcile.privacy import door
from reconcile.privacy.known import Known

#: Persons of the sources; the texts below hold them in other forms, and numbers that look like somebody's.
PEOPLE = [f"{day:02d}05{70 + day}{1100 + day}" for day in range(1, 13)]
ONE, TWO, THREE = PEOPLE[:3]
STRANGER = "311299-4321"
FORMS = [
    ONE, f"{ONE[:6]}-{ONE[6:]}", f"{ONE[:6]}.{ONE[6:]}", f"{ONE[:6]}:{ONE[6:]}", ONE.lstrip("0"), "105.711.101",
    f"B-{TWO}", f"{TWO[:6]} {TWO[6:]}", f"01051971-{ONE[6:]}", f"{THREE[:6]}/{THREE[6:]}", STRANGER, f"x{ONE}y",
]  # fmt: skip

HEADERS = {
    "fagsystem": "cpr dst_kode start_dato slut_dato ydelse_id handlekommune betalingskommune maalgruppe funktionsvurdering"
    " tilbud ffb_ydelse ffb_tilbud afdeling",
    "oekonomi": "konto beloeb bogfoert_dato cpr bilag tekst",
    "borger": "cpr foedselsdato doedsdato kommune",
    "yr": "cpr uge ydelse bruttoudgift refusionssats refusion medfinansieringssats medfinansiering ydelsestaeller"
    " koerselsperiode finansieringskommune bopaelskommune beregning_id",
    "pladser": "tilbud pladser fra til",
}


def written(path: Path, header: str, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([header.split(), *rows])
    path.write_text(text.getvalue(), encoding="utf-8")


def sources(folder: Path) -> None:
    """A working folder whose every text cell, and every name of a file with persons, has a CPR number in it."""
    (folder / "ind").mkdir()
    (folder / "noegle.key").write_text("0f" * 32 + "\n")
    (folder / "noegle.key").chmod(0o600)
    form = FORMS.__getitem__
    courses = [
        [
            cpr,
            "1.4",
            "2020-07-01",
            "",
            form(n),
            "665",
            form((n + 1) % 12),
            f"1.1|{form((n + 2) % 12)}",
            *map(form, (3, 4, 5, 6, 7)),
        ]
        for n, cpr in enumerate(PEOPLE)
    ]
    written(folder / "ind" / f"fag_{ONE[:6]}_{ONE[6:]}.csv", HEADERS["fagsystem"], courses)
    written(
        folder / "ind" / f"flis {TWO}.csv",
        HEADERS["fagsystem"],
        [[*row[:3], "2020-12-31", *row[4:]] for row in courses[1:]],
    )
    ledger = [["5.38.58-1-001", "1.057,01", "15-08-2020", cpr, form(n), form(11 - n)] for n, cpr in enumerate(PEOPLE)]
    written(folder / "ind" / "oek.csv", HEADERS["oekonomi"], ledger)
    written(folder / "ind" / "borger.csv", HEADERS["borger"], [[cpr, "", "2020-08-01", "665"] for cpr in PEOPLE[:4]])
    weeks = [
        [cpr, f"2020-0{3 + week}-02", "Sygedagpenge", "12.000,00", "80", "9.600,00", "20", "2.400,00", "7", "2020-04",
         "665", form(n), form(n)]
        for n, cpr in enumerate(PEOPLE) for week in (0, 1)
    ]  # fmt: skip
    written(folder / "ind" / "yr.csv", HEADERS["yr"], weeks)
    written(folder / "ind" / "pladser.csv", HEADERS["pladser"], [[form(3), "2", "", ""], [STRANGER, "3", "", ""]])
    (folder / "ind" / "hand07.csv").write_text("dst_kode;periode;antal\n1.4;2020K3;11\n", encoding="utf-8")
    kilder = {
        "fagsystem": "fag_*.csv",
        "flis": "flis *.csv",
        "oekonomi": "oek.csv",
        "borger": "borger.csv",
        "yr": "yr.csv",
    }
    kilder |= {"pladser": "pladser.csv", "hand07": "hand07.csv"}
    lines = [f'[kilder.{name}]\nfiler = ["ind/{pattern}"]\n' for name, pattern in kilder.items()]
    (folder / "reconcile.toml").write_text(
        '[kommune]\nkode = "665"\nnavn = "Prøveby"\n' + "".join(lines), encoding="utf-8"
    )
    (folder / "daarlig.toml").write_text(
        f'[kommune]\nkode = "665"\n[kilder.fagsystem]\nfiler = ["ind/{ONE}.csv", "ind/yr.csv"]\n', encoding="utf-8"
    )
    rows = [[*courses[0][:2], form(4), *courses[0][3:]], [STRANGER, "1.4", "2020-07-01", *courses[0][3:]], [form(5)]]
    written(folder / "ind" / f"karantaene {STRANGER}.csv", HEADERS["fagsystem"], rows)
    (folder / "karantaene.toml").write_text(
        '[kommune]\nkode = "665"\n[kilder.fagsystem]\nfiler = ["ind/karantaene *.csv"]\n', encoding="utf-8"
    )
    (folder / "ukendt.toml").write_text(
        f'[kommune]\nkode = "{ONE}"\nnavn = "{STRANGER}"\n"{TWO}" = 1\n', encoding="utf-8"
    )
    (folder / "ind" / "tabel.csv").write_text(
        f"{ONE[:6]}-{ONE[6:]};a;b;I alt\n{ONE};1;2;3\n{STRANGER};4;5;9\nI alt;5;7;13\n", encoding="utf-8"
    )


def written_in(folder: Path, out: str) -> Path:
    """The workbook of a run, in which somebody has written CPR numbers where they should not."""
    book = openpyxl.load_workbook(Path(out) / "rapport.xlsx")
    (sheet,) = [sheet for sheet in book.worksheets if sheet.title == "Sager"]
    heading, columns = next(
        (number, {str(value): place for place, value in enumerate(row, start=1)})
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        if "Bemærkning" in row
    )
    sheet.cell(heading + 1, columns["Bemærkning"], f"ring om {STRANGER}")
    sheet.cell(heading + 2, columns["Initialer"], ONE)
    sheet.cell(heading + 2, columns["Årsag"], f"{TWO} er flyttet")
    sheet.cell(heading + 3, columns["Ansvarlig"], int(THREE))
    sheet.cell(heading + 3, len(columns) + 5, int(ONE))
    book.create_sheet(f"se {ONE}")["A1"] = f"{TWO[:6]}-{TWO[6:]}"
    path = folder / "ind" / f"rapport {ONE}.xlsx"
    book.save(path)
    return path


def commands(folder: Path) -> Iterator[list[str]]:
    """Every command in the order in which each has what the one before made; those that fail, too."""
    config, bad = ["--config", str(folder / "reconcile.toml")], ["--config", str(folder / "daarlig.toml")]
    out = str(folder / "ud" / "1")
    yield ["run", *config, "--out", out, "--export", "parquet", "-vv"]
    yield ["noegletal", *config, "--out", str(folder / "ud" / "2"), "--split", "tilbud", "--split", "maalgruppe", "-vv"]
    yield ["hand07", *bad, "-vv"]
    aside = ["--config", str(folder / "karantaene.toml")]
    yield ["validate", *aside, "-vv"]
    yield ["validate", *aside, "--quarantine", "-vv", "--out", str(folder / "ud" / "3")]
    yield ["yr", "--config", str(folder / "ukendt.toml"), "-vv"]
    yield ["sources", *config]
    yield ["rules", STRANGER]
    yield ["rules"]
    yield ["footing", str(folder / "ind" / "tabel.csv")]
    yield ["footing", str(folder / "ind" / f"{ONE}.csv")]
    yield ["add", str(folder / "ind" / f"flis {TWO}.csv"), "--dry-run"]
    yield ["approve", "2020K3", *config]
    yield ["approve", "2020K3", *config, "--decision", "afvis", "--by", ONE, "--note", f"se {STRANGER}"]
    yield ["approve", "2020K3", *config, "--decision", "afvis", "--by", "JH", "--note", f"se {STRANGER} i sagen"]
    yield ["approve", "2020K3", *config, "--decision", "afvis", "--by", "JH", "--note", "det skal undersøges først"]
    yield ["approve", "--verify", *config]
    yield [
        "accept",
        "--rule",
        "VH08",
        "--yes",
        "--reason",
        f"{ONE} er død",
        "--by",
        "JH",
        "--until",
        "2026-12-31",
        *config,
    ]
    yield [
        "accept",
        "--rule",
        "VH08",
        "--yes",
        "--reason",
        "rettes i uge 40",
        "--by",
        ONE,
        "--until",
        "2026-12-31",
        *config,
    ]
    yield ["accept", ONE, "--reason", "rettes i uge 40", "--by", "JH", "--until", "2026-12-31", *config]
    yield ["accept", "--from", str(written_in(folder, out)), *config]
    yield ["init", str(folder / "ny")]
    yield ["init", str(folder)]
    yield ["demo", str(folder / "ind")]
    yield ["add", str(folder / "ind" / f"flis {TWO}.csv"), "--yes", "--config", str(folder / "ny" / "reconcile.toml")]
    yield ["add", str(folder / "ind" / f"karantaene {STRANGER}.csv"), "--dry-run", *config]
    yield ["ottetal", *config, "--out", str(folder / "ud" / "4"), "-vv"]
    yield ["compare", out, str(folder / "ud" / "3"), "-v"]
    yield ["compare", out, str(folder / "ud" / ONE)]
    yield ["mail", *config, "--run", out, "--eml", str(folder / "kladde.eml")]
    yield ["mail", *config, "--run", out, "--eml", str(folder / f"kladde {ONE}.eml")]
    yield ["mail", *config, "--run", out, "--to-owners", str(folder / STRANGER / "breve")]
    yield ["footing", str(folder / "ind" / "tabel.csv"), "--html", str(folder / f"{ONE}.html")]
    yield ["validate", *config, "--out", str(folder / "ud" / f"{TWO[:6]}-{TWO[6:]}")]
    yield ["init", str(folder / f"ny {ONE}")]
    yield ["demo", str(folder / ONE / "demo")]
    yield ["statbank", "HAND07", *config, "--into", str(folder / f"tal {ONE}")]
    yield ["statbank", ONE, *config]
    yield ["run", ONE]
    yield [f"--{ONE}"]
    yield [STRANGER]
    yield ["run", "--period", ONE, *config]
    yield ["run", "--out", str(folder / "ind" / "oek.csv" / ONE), *config]
    yield ["key", "rotate", *config]
    yield ["key", "rotate", "--forget", *config]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[str, str]]]:
    """Everything that came out: what stood on the screen for each command, and every file, unpacked."""
    folder, temp = tmp_path_factory.mktemp("arbejde"), tmp_path_factory.mktemp("temp")
    sources(folder)
    inputs = {p for p in folder.rglob("*") if p.is_file()}
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(temp))
        for words in commands(folder):
            patch.setattr("sys.stdout", shown := io.StringIO())
            patch.setattr("sys.stderr", shown)
            code = call(*words)
            told.append((f"{code} {' '.join(words[:1])}", shown.getvalue()))
    given = inputs | set(folder.glob("ind/rapport *.xlsx"))
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p not in given):
        told += [(name, content) for name, content in unpacked(path)]
        told.append(("name", path.relative_to(folder).as_posix()))
    told += [("temp", p.name) for p in temp.rglob("*")]
    yield told
    door.forget()


def unpacked(path: Path) -> Iterator[tuple[str, str]]:
    """The text of a file and of what is packed in it."""
    content = path.read_bytes()
    yield path.name, content.decode("utf-8", errors="replace")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path.name}/{name}", archive.read(name).decode("utf-8", errors="replace")
    if path.suffix == ".parquet":
        yield f"{path.name}/rows", str(duckdb.sql(f"SELECT * FROM '{path}'").fetchall())
    if path.suffix == ".eml":
        for part in email.message_from_bytes(content, policy=email.policy.default).walk():
            if not part.is_multipart():
                yield (
                    f"{path.name}/{part.get_filename()}",
                    part.get_payload(decode=True).decode("utf-8", errors="replace"),
                )


def test_every_command_ran_and_wrote(said: list[tuple[str, str]]) -> None:
    """Otherwise there would be nothing to look in."""
    codes = [name for name, _text in said if re.match("[0-9]+ ", name)]
    assert len(codes) == 45
    assert {name.split(" ")[0] for name in codes} == {"0", "1", "2"}
    assert codes[0] == "1 run"
    assert codes[-1] == "0 key"
    names = {text for name, text in said if name == "name"}
    assert {"ud/1/rapport.html", "ud/1/rapport.xlsx", "kladde.eml", "approvals.jsonl", "ud/3/karantaene.csv"} <= names
    assert any(name.startswith("aftryk/") for name in names)
    assert not [name for name, _text in said if name == "temp"]


def test_no_command_called_anything_a_bug(said: list[tuple[str, str]]) -> None:
    assert not [text for _name, text in said if "Uventet fejl" in text or "Traceback" in text]


def test_no_number_of_anybody_is_in_any_byte(said: list[tuple[str, str]]) -> None:
    plain = [
        form for cpr in (*PEOPLE, STRANGER.replace("-", "")) for form in (cpr, f"{cpr[:6]}-{cpr[6:]}", cpr.lstrip("0"))
    ]
    ours = re.compile("|".join(map(re.escape, sorted({*plain, *FORMS, "105.711.101"}, key=len, reverse=True))))
    known = Known(int(form) for form in (*PEOPLE, STRANGER.replace("-", "")))
    for name, text in said:
        hit = ours.search(text)
        assert hit is None, f"{name}: …{text[max(0, hit.start() - 60) : hit.end() + 20]}…"
        assert known.hide(text) == text, name
