"""reconcile.toml: every mistake at once, with where it is and what was meant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reconcile.errors import ConfigError
from reconcile.settings.config import Config, Regler, load_config

BASE = '[kommune]\nkode = "665"\n[kilder.yr]\nfiler = ["ind/yr.csv"]\n'


def config(folder: Path, text: str | bytes) -> Config:
    path = folder / "reconcile.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_config(path)


def mistakes(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config(folder, text)
    return str(caught.value).splitlines()


def test_what_is_left_out_has_the_documented_default(tmp_path: Path) -> None:
    made = config(tmp_path, BASE)
    assert made.regler == Regler()
    assert made.regler.model_dump() == {
        "ugegraense": None,
        "efterslip_maaneder": 2,
        "pris_k": Decimal(5),
        "tolerance_antal": 0,
        "tolerance_fuldtid": Decimal("0.05"),
        "celle_borgere": "aabne",
        "tolerance_kr": Decimal("1.00"),
        "slutdato_inklusiv": True,
        "population": "handlekommune",
        "paragraf_107_dage": 730,
        "systemskifte_andel": Decimal("0.2"),
        "husregler": (),
    }
    assert made.key_file == tmp_path / "noegle.key"


def test_paths_are_relative_to_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kommune").mkdir()
    (tmp_path / "kommune" / "reconcile.toml").write_text(BASE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_config(Path("kommune/reconcile.toml")).folder == (tmp_path / "kommune").resolve()


@pytest.mark.parametrize(("kode", "read"), [("665", "665"), ('"665"', "665"), ('"0665"', "665"), ("1", "001")])
def test_a_kommunekode_may_be_a_number_or_have_four_digits(tmp_path: Path, kode: str, read: str) -> None:
    assert config(tmp_path, f"[kommune]\nkode = {kode}\n[kilder]\n").kommune.kode == read


@pytest.mark.parametrize("kode", ["1665", '"1665"', '"66"', '"Lemvig"', "true", "66.5", '"665\\n"'])
def test_anything_else_is_no_kommunekode(tmp_path: Path, kode: str) -> None:
    heading, line = mistakes(tmp_path, f"[kommune]\nkode = {kode}\n[kilder]\n")
    assert heading == "reconcile.toml har 1 fejl:"
    assert line.startswith("  · kommune.kode: skal være")


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    text = """
[kommune]
kode = 665
nvn = "Lemvig"
[kilder.fagsytem]
filer = ["a.csv"]
[kilder.yr]
filer = "ind/*.csv"
kolonner = { bruttodgift = "Beløb", uge = 3 }
fiiler = []
[kilder.hand07]
[regler]
ugegraense = 10000.0
tolerance_kr = "1.000,50"
efterslip_maaneder = 25
population = "bopæl"
ugegranse = "1.00"
[noegel]
fil = "x"
"""
    heading, *lines = mistakes(tmp_path, text)
    said = "\n".join(lines)
    assert heading == f"reconcile.toml har {len(lines)} fejl:"
    for part in (
        "[kommune] «nvn» kendes ikke. Mente du «navn»?",
        "[kilder.fagsytem]: kilden kendes ikke. Mente du «fagsystem»?",
        'kilder.yr.filer: skal være en liste i [ ], fx ["ind/*.csv"] (der står "ind/*.csv").',
        "[kilder.yr] kolonner: «bruttodgift» er ikke en kolonne i yr. Mente du «bruttoudgift»?",
        "kilder.yr.kolonner.uge: skal være tekst (der står 3).",
        "[kilder.yr] «fiiler» kendes ikke. Mente du «filer»?",
        "kilder.hand07: skriv én af filer, database og spark.",
        'regler.ugegraense: skriv tallet som tekst, fx "10000.00" (der står 10000.0).',
        'regler.tolerance_kr: skal være et beløb eller tal, fx "10000.00" (der står "1.000,50").',
        "regler.efterslip_maaneder: må højst være 24 (der står 25).",
        'regler.population: skal være "handlekommune" eller "betalingskommune" (der står "bopæl").',
        "[regler] «ugegranse» kendes ikke. Mente du «ugegraense»?",
        "«noegel» kendes ikke. Mente du «noegle»?",
    ):
        assert part in said
    assert len(lines) == 13


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ugegraense = 1000.5", "skriv tallet som tekst"),
        ('ugegraense = "-1"', "skal være mindst 0"),
        ('ugegraense = "1.005"', "højst have to decimaler"),
        ('ugegraense = "99999999999999999"', "er for stort"),
        ('ugegraense = "nan"', "endeligt tal"),
        ("ugegraense = true", "beløb eller tal"),
        ("tolerance_antal = true", "helt tal"),
        ("tolerance_antal = 2.0", "helt tal"),
        ('tolerance_antal = "2"', "helt tal"),
        ("tolerance_antal = -1", "mindst 0"),
        ("paragraf_107_dage = 0", "mindst 1"),
        ("pris_k = 0", "over 0"),
        ("pris_k = inf", "endeligt tal"),
        ("systemskifte_andel = 0.0", "over 0"),
        ("systemskifte_andel = 20", "højst være 1"),
        ('slutdato_inklusiv = "ja"', "true eller false"),
        ("slutdato_inklusiv = 1", "true eller false"),
        ('husregler = "HR01"', "en liste"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_it_should_be(tmp_path: Path, line: str, reason: str) -> None:
    key = line.split(" = ", 1)[0]
    _heading, said = mistakes(tmp_path, f"{BASE}[regler]\n{line}\n")
    assert said.startswith(f"  · regler.{key}: ")
    assert reason in said


def test_whole_amounts_and_texts_are_exact(tmp_path: Path) -> None:
    made = config(tmp_path, f'{BASE}[regler]\nugegraense = 12000\ntolerance_kr = "0.10"\nsystemskifte_andel = 0.1\n')
    assert made.regler.ugegraense == Decimal(12000)
    assert made.regler.tolerance_kr == Decimal("0.10")
    assert made.regler.systemskifte_andel == Decimal("0.1")


@pytest.mark.parametrize(
    ("value", "read"), [('""', ""), ('"2026-02-12"', date(2026, 2, 12)), ("2026-02-12", date(2026, 2, 12))]
)
def test_the_yearly_deadline_is_a_date_or_empty(tmp_path: Path, value: str, read: object) -> None:
    assert config(tmp_path, f"{BASE}[godkendelse]\naarlig_frist = {value}\n").godkendelse.aarlig_frist == read


@pytest.mark.parametrize("value", ['"12-02-2026"', "5", "2026-02-12T10:00:00", '"2026-02-30"', "true"])
def test_any_other_deadline_is_one_mistake(tmp_path: Path, value: str) -> None:
    _heading, said = mistakes(tmp_path, f"{BASE}[godkendelse]\naarlig_frist = {value}\n")
    assert said.startswith("  · godkendelse.aarlig_frist: skal være en dato, fx 2026-02-12, eller tom")


def test_a_backslash_that_became_a_line_break_is_explained(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, '[kommune]\nkode = 665\n[kilder.yr]\nfiler = ["ind\\nexus.csv"]\n')
    assert len(lines) == 2
    assert "kilder.yr.filer.0: har et tegn, der ikke kan skrives; brug / i stedet for \\ i stier" in lines[1]


@pytest.mark.parametrize("line", ["filer = []", 'filer = [""]', 'kolonner = { cpr = "" }', 'filer = ["a"]\nark = 3'])
def test_an_empty_name_is_a_mistake(tmp_path: Path, line: str) -> None:
    lines = mistakes(tmp_path, f"[kommune]\nkode = 665\n[kilder.yr]\n{line}\n")
    assert any("må ikke være tom" in said or "skal være tekst" in said for said in lines)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[kommune]\nkode = 0665\n", "linje 2, tegn 9"),
        ('[kommune]\nnavn = "Lem\n', "linje 2"),
        ('a = "ind\\x"', "linje 1"),
    ],
)
def test_a_syntax_error_names_its_line(tmp_path: Path, text: str, place: str) -> None:
    (said,) = mistakes(tmp_path, text)
    assert said.startswith(f"reconcile.toml, {place}")
    assert "ikke gyldig TOML" in said
    assert "stier skrives med /" in said


def test_notepads_bom_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert config(tmp_path, b"\xef\xbb\xbf" + BASE.replace("\n", "\r\n").encode()).kommune.kode == "665"


def test_a_file_that_is_not_utf8_is_refused_with_a_remedy(tmp_path: Path) -> None:
    assert mistakes(tmp_path, b'[kommune]\nnavn = "K\xf8ge"') == [
        "reconcile.toml er ikke i UTF-8. Gem den igen som UTF-8."
    ]


def test_a_missing_file_and_a_folder_are_mistakes(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"findes ikke\. Kør «reconcile init»"):
        load_config(tmp_path / "reconcile.toml")
    with pytest.raises(ConfigError, match="kan ikke læses"):
        load_config(tmp_path)


def test_sections_that_are_no_tables_are_mistakes(tmp_path: Path) -> None:
    said = "\n".join(mistakes(tmp_path, 'kommune = 1\nregler = "x"\nkilder = []\n'))
    for name in ("kommune", "regler", "kilder"):
        assert f"{name}: skal være en tabel" in said


def test_no_cpr_in_the_file_reaches_the_message(tmp_path: Path) -> None:
    said = "\n".join(mistakes(tmp_path, f'{BASE}[regler]\npopulation = "0101801234"\n'))
    assert "population" in said
    assert "0101801234" not in said


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    first = config(tmp_path, BASE).sha256
    assert config(tmp_path, BASE).sha256 == first
    assert config(tmp_path, BASE + "\n").sha256 != first
