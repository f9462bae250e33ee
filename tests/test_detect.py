"""Which encoding and delimiter a text file has."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconcile.errors import InputError
from reconcile.sources import detect as module
from reconcile.sources.detect import TextFile, detect, sha256_of

TEXT = "cpr;beløb\n0101801234;1,50\n"


def written(folder: Path, content: bytes) -> Path:
    path = folder / "fil.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("windows-1252"), "windows-1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (b"cpr;x\n1;2\n", "utf-8"),
        ("navn;by\n1;€uro\n".encode("windows-1252"), "windows-1252"),
        (b"navn;by\n1;bl\xe5", "windows-1252"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(tmp_path: Path, content: bytes, encoding: str) -> None:
    assert detect(written(tmp_path, content)) == TextFile(encoding, ";")


def test_a_letter_divided_by_two_reads_is_still_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK", 8)
    assert detect(written(tmp_path, "a;b\n1;ææææææ\n".encode())).encoding == "utf-8"
    assert detect(written(tmp_path, "a;b\n111;22\n1;blå".encode("windows-1252"))).encoding == "windows-1252"


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_the_delimiter_is_the_one_that_divides_the_lines_alike(tmp_path: Path, mark: str) -> None:
    text = f"cpr{mark}kode{mark}dato\n1{mark}1.1{mark}2\n2{mark}1.4{mark}3\n"
    assert detect(written(tmp_path, text.encode())).delimiter == mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Udtræk fra Nexus, den 1. juli 2020, kl. 12, af NN\n\ncpr;kode;dato\n1;1.1;x\n", ";"),
        ("cpr;tekst\n1;a, b, c, d\n2;e, f, g, h, i\n", ";"),
        ('cpr,beløb\n1,"1;5;6;7"\n2,"1;0;1;1"\n', ","),
        ("sep=;\ncpr;beløb\n1;1,5\n", ";"),
        ("cpr;beløb\n1;1,50\n2;3,25\n3;4,10\n", ";"),
        ("\n\ncpr\tbeløb\n1\t1,50\n", "\t"),
        ("kun en kolonne\nx\n", ";"),
        ("a,b;c\n", ";"),
    ],
)
def test_titles_commas_in_texts_and_quotes_do_not_decide(tmp_path: Path, text: str, mark: str) -> None:
    assert detect(written(tmp_path, text.encode())).delimiter == mark


@pytest.mark.parametrize("content", [b"", b"\n \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match=r"^fil\.csv: filen er tom"):
        detect(written(tmp_path, content))


def test_a_workbook_that_is_called_csv_is_named_as_one(tmp_path: Path) -> None:
    for magic in (b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest"):
        with pytest.raises(InputError, match=r"er en Excel-projektmappe.*Omdøb den til \.xlsx"):
            detect(written(tmp_path, magic))


def test_a_binary_file_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="er ikke tekst"):
        detect(written(tmp_path, b"abc\x00def"))


def test_messages_use_the_label(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^ind/fil\.csv: "):
        detect(written(tmp_path, b""), "ind/fil.csv")


def test_the_hash_of_a_file_is_its_sha256(tmp_path: Path) -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(written(tmp_path, b"abc")) == expected
