"""The secret key and the pseudonyms made with it."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import stat
from base64 import b32encode
from pathlib import Path

import pytest

from reconcile.engine.duckdb import open_engine
from reconcile.errors import InputError
from reconcile.privacy.pseudonym import Lookup, Pseudonymiser, read_key, write_new_key

KEY = bytes(range(32))


def test_a_pseudonym_is_the_first_80_bits_of_a_keyed_hash_of_the_ten_digits() -> None:
    expected = b32encode(hmac.new(KEY, b"0101801234", hashlib.sha256).digest()[:10]).decode()
    assert Pseudonymiser(KEY)("0101801234") == expected
    assert re.fullmatch("[A-Z2-7]{16}", expected)


def test_another_key_gives_another_pseudonym_and_the_same_key_the_same() -> None:
    assert Pseudonymiser(KEY)("0101801234") == Pseudonymiser(KEY)("0101801234")
    assert Pseudonymiser(KEY)("0101801234") != Pseudonymiser(bytes(32))("0101801234")
    assert Pseudonymiser(KEY)("0101801234") != hashlib.sha256(b"0101801234").hexdigest()[:16]


def test_a_new_key_is_64_hex_digits_that_only_the_owner_may_read(tmp_path: Path) -> None:
    write_new_key(tmp_path / "noegle.key")
    assert re.fullmatch("[0-9a-f]{64}\n", (tmp_path / "noegle.key").read_text())
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "noegle.key").stat().st_mode) == 0o600
    assert len(read_key(tmp_path / "noegle.key")) == 32


def test_two_new_keys_differ(tmp_path: Path) -> None:
    write_new_key(tmp_path / "a")
    write_new_key(tmp_path / "b")
    assert read_key(tmp_path / "a") != read_key(tmp_path / "b")


def test_a_key_that_stands_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "noegle.key").write_text("min gamle nøgle", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_new_key(tmp_path / "noegle.key")
    assert (tmp_path / "noegle.key").read_text(encoding="utf-8") == "min gamle nøgle"


def test_a_missing_key_is_a_mistake_and_no_key_is_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"noegle\.key findes ikke.*reconcile init"):
        read_key(tmp_path / "noegle.key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"abc", KEY.hex().encode()[:-1], KEY.hex().encode() + b"0", b"g" * 64])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "noegle.key").write_bytes(content)
    with pytest.raises(InputError, match="64 hexcifre"):
        read_key(tmp_path / "noegle.key")


def test_a_key_that_notepad_has_saved_is_still_the_key(tmp_path: Path) -> None:
    (tmp_path / "noegle.key").write_bytes(b"\xef\xbb\xbf" + KEY.hex().upper().encode() + b"\r\n")
    assert read_key(tmp_path / "noegle.key") == KEY


def test_a_binary_file_and_a_folder_are_no_keys(tmp_path: Path) -> None:
    (tmp_path / "noegle.key").write_bytes(b"\xff\xfe\x00\x01")
    (tmp_path / "mappe").mkdir()
    for name in ("noegle.key", "mappe"):
        with pytest.raises(InputError, match="kan ikke læses"):
            read_key(tmp_path / name)


def test_the_database_makes_the_same_pseudonyms_and_its_statement_has_no_key() -> None:
    texts = ["0101801234", "010180A234", "æøå 1", "", "x" * 200]
    for key in (KEY, bytes(32), bytes(range(200, 232))):
        pseudonym = Pseudonymiser(key)
        listed = ", ".join(f"('{text}')" for text in texts)
        statement, bound = pseudonym.query(f"SELECT raa FROM (VALUES {listed}) AS t(raa)") or ("", [])
        with open_engine() as engine:
            engine.run_with(f"CREATE TABLE borger AS {statement}", *bound)
            assert dict(engine.rows("FROM borger")) == {text: pseudonym(text) for text in texts}
            assert engine.rows("SELECT getvariable('liste_0')") == [(None,)]
        block = bytes(byte ^ 0x36 for byte in key).hex()
        assert block not in statement
        assert block in bound[1][0]


def test_with_a_lookup_each_is_seen() -> None:
    assert Pseudonymiser(KEY, Lookup()).query("SELECT '1' AS raa") is None
