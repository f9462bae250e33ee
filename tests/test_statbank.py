"""``reconcile statbank`` against an HTTP server on loopback; nothing else is ever contacted."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.loading import loading, reader, refused
from support.statbank_server import FIGURES, FOLK1A, REGK31, StatBank

from reconcile.cli import main
from reconcile.engine.duckdb import Engine
from reconcile.errors import FetchError
from reconcile.settings.config import load_config, may_be_asked
from reconcile.sources.load import Loaded, load_sources
from reconcile.statbank import api, cells, forms, store
from reconcile.statbank.api import Answer
from reconcile.world.context import Asked
from reconcile.world.prepare import open_world

HEADER = "OMRÅDE;YDELSESTYPE;TID;INDHOLD\r\n"


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[StatBank]:
    server = StatBank()
    monkeypatch.setattr(api, "FIRST_PAUSE", 0.01)
    monkeypatch.setenv("no_proxy", "*")
    yield server
    server.stop()


@pytest.fixture
def folder(tmp_path: Path, bank: StatBank) -> Path:
    configure(tmp_path, bank.url)
    return tmp_path


def configure(folder: Path, url: str, kommune: str = "665", timeout: int = 5, more: str = "") -> None:
    text = f'[kommune]\nkode = "{kommune}"\n[statbank]\nurl = "{url}"\ntimeout = {timeout}\n[kilder]\n{more}'
    (folder / "reconcile.toml").write_text(text, encoding="utf-8")


def call(folder: Path, *arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["statbank", *arguments, "--config", str(folder / "reconcile.toml")])
    assert isinstance(stop.value.code, int)
    return stop.value.code


def figures(path: Path) -> dict[tuple[str, ...], str]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle, delimiter=";")
    assert header == ["OMRÅDE", "YDELSESTYPE", "TID", "INDHOLD"]
    return {tuple(row[:3]): row[3] for row in rows}


def dated(folder: Path) -> list[Path]:
    return sorted((folder / "hentet").glob("*.csv")) if (folder / "hentet").is_dir() else []


def everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


OWN = {key: value for key, value in FIGURES.items() if key[0] == "665"}


# --- what is asked and what is stored --------------------------------------------------------------------------------


def test_the_own_municipality_with_every_variable_chosen_is_fetched(folder: Path, bank: StatBank) -> None:
    assert call(folder, "HAND07") == 0
    (_tableinfo, description), (function, question) = bank.asked
    assert description["table"] == "HAND07"
    assert function == "data"
    assert {v["code"]: v["values"] for v in question["variables"]} == {
        "OMRÅDE": ["665"],
        "YDELSESTYPE": ["30011", "31182", "31201"],
        "Tid": ["2020K1", "2020K2"],
    }
    assert question["format"] == "CSV"
    assert bank.agents[0].startswith("reconcile/")
    assert figures(folder / "ind" / "hand07.csv") == OWN


def test_the_dated_copy_is_the_answer_byte_for_byte_and_its_json_says_where_from(folder: Path, bank: StatBank) -> None:
    call(folder, "hand07", "-q")
    (copy,) = dated(folder)
    assert re.fullmatch(r"HAND07-[0-9]{8}T[0-9]{6}\.csv", copy.name)
    assert copy.read_bytes() == (folder / "ind" / "hand07.csv").read_bytes()
    assert copy.read_bytes().startswith(b"\xef\xbb\xbf")
    about = json.loads(copy.with_suffix(".json").read_text(encoding="utf-8"))
    assert about["sha256"] == about["svar_sha256"] == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert about["url"] == f"{bank.url}/data"
    assert about["format"] == "CSV"
    assert about["foresporgsel"] == bank.asked[1][1]
    assert about["tabel_opdateret"] == "2025-06-25T08:00:00"
    assert datetime.fromisoformat(about["hentet"]).tzinfo is not None
    assert about["celler"] == 6


def test_in_bulk_an_omitted_cell_becomes_0_and_an_empty_one_stays_empty(folder: Path, bank: StatBank) -> None:
    assert call(folder, "HAND07", "--format", "bulk") == 0
    assert bank.asked[1][1]["format"] == "BULK"
    assert figures(folder / "ind" / "hand07.csv") == OWN
    about = json.loads(dated(folder)[0].with_suffix(".json").read_text(encoding="utf-8"))
    assert about["format"] == "BULK"
    assert about["nuller_sat_ind"] == 1
    assert about["svar_sha256"] != about["sha256"]


def test_csv_and_bulk_give_the_same_figures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(folder, "HAND07")
    call(folder, "HAND07", "--format", "BULK")
    assert "Intet er ændret" in capsys.readouterr().out


def test_ishoej_gets_vallensbaek_too(folder: Path, bank: StatBank) -> None:
    configure(folder, bank.url, "183")
    assert call(folder, "HAND07") == 0
    assert {key[0] for key in figures(folder / "ind" / "hand07.csv")} == {"183", "187"}


def test_a_municipality_another_reports_for_is_told_who(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    bank.tables["HAND07"] = {k: v for k, v in FIGURES.items() if k[0] != "187"}
    configure(folder, bank.url, "187")
    assert call(folder, "HAND07") == 2
    assert "Ishøj indberetter" in capsys.readouterr().err


def test_only_the_chosen_quarters_are_fetched(folder: Path, bank: StatBank) -> None:
    assert call(folder, "HAND07", "--period", "2020K2") == 0
    assert {key[2] for key in figures(folder / "ind" / "hand07.csv")} == {"2020K2"}


def test_a_quarter_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(folder, "HAND07", "--period", "2020K2:2020K3") == 0
    assert "HAND07 har ikke 2020K3" in capsys.readouterr().out
    assert call(folder, "HAND07", "--period", "2031") == 2
    assert "går fra 2020K1 til 2020K2" in capsys.readouterr().err


def test_the_newest_copy_can_be_put_elsewhere(folder: Path, tmp_path: Path) -> None:
    assert call(folder, "HAND07", "--ind", str(tmp_path / "andet")) == 0
    assert figures(tmp_path / "andet" / "hand07.csv") == OWN
    assert not (folder / "ind").exists()


def test_decimals_have_a_comma_and_are_kept_as_they_are(folder: Path, bank: StatBank) -> None:
    bank.tables["HAND01"] = dict.fromkeys(FIGURES, "867,6")
    assert call(folder, "HAND01") == 0
    assert set(figures(folder / "ind" / "hand01.csv").values()) == {"867,6"}


def test_quiet_says_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(folder, "HAND07", "-q") == 0
    assert capsys.readouterr().out == ""


def test_the_copy_is_read_as_a_source_and_0_empty_and_dots_stay_apart(folder: Path, bank: StatBank) -> None:
    from reconcile.settings.config import Regler, load_config

    configure(folder, bank.url, more='hand07 = { filer = ["ind/hand07.csv"] }\n')
    assert call(folder, "HAND07", "--format", "BULK") == 0
    asked = Asked(kommune="665", regler=Regler(), today=date(2021, 6, 1))
    with open_world(asked, reader(load_config(folder / "reconcile.toml"), "hand07")) as world:
        rows = world.engine.rows("SELECT dst_kode, periode, antal, antal_tekst FROM hand07")
    assert {(c, p): (None if n is None else int(n), t) for c, p, n, t in rows} == {
        ("1.1", "2020K1"): (160, None),
        ("1.1", "2020K2"): (157, None),
        ("1.18.2", "2020K1"): (0, None),
        ("1.18.2", "2020K2"): (None, ""),
        ("1.12.0.1", "2020K1"): (None, ".."),
        ("1.12.0.1", "2020K2"): (122, None),
    }


def test_the_user_is_told_how_to_read_the_copy_until_it_is_read(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    call(folder, "HAND07")
    assert '[kilder.hand07]\n  filer = ["ind/hand07.csv"]' in capsys.readouterr().out
    configure(folder, bank.url, more='hand07 = { filer = ["ind/h*.csv"] }\n')
    call(folder, "HAND07")
    assert "kilder.hand07" not in capsys.readouterr().out


# --- what has changed ------------------------------------------------------------------------------------------------


def test_changes_since_the_stored_copy_are_listed_old_and_new(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    call(folder, "HAND07")
    assert "ingen tidligere kopi" in capsys.readouterr().out
    bank.tables["HAND07"] |= {
        ("665", "30011", "2020K2"): "158",
        ("665", "31182", "2020K2"): "0",
        ("665", "31201", "2020K1"): "",
        **{("665", ydelse, "2020K3"): "7" for ydelse in ("30011", "31182", "31201")},
    }
    assert call(folder, "HAND07") == 0
    out = capsys.readouterr().out
    assert "nye celler 3, fjernede 0, ændrede 3" in out
    assert "1.1 2020K2: 157 → 158" in out
    assert "1.18.2 2020K2: (tom) → 0" in out
    assert "1.12.0.1 2020K1: .. → (tom)" in out
    assert "ny  1.1 2020K3: 7" in out
    assert len(dated(folder)) == 2


def test_a_cell_that_is_no_longer_published_is_removed(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    call(folder, "HAND07")
    bank.tables["HAND07"] = {k: v for k, v in FIGURES.items() if k[2] != "2020K1"}
    call(folder, "HAND07")
    out = capsys.readouterr().out
    assert "nye celler 0, fjernede 3, ændrede 0" in out
    assert "fjernet  1.1 2020K1: 160" in out


def test_quarters_not_asked_for_are_not_removed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(folder, "HAND07")
    call(folder, "HAND07", "--period", "2020K2")
    out = capsys.readouterr().out
    assert "Intet er ændret" in out
    assert "ikke er spurgt om denne gang: 3" in out


def test_the_same_number_written_otherwise_is_no_change() -> None:
    choice = cells.Choice("T", False, {"A": ("1",), "Tid": ("2020K1",)}, "A", "Tid")
    old = cells.Cells(("A", "Tid"), {("1", "2020K1"): "160"})
    assert not cells.compare(old, cells.Cells(("A", "Tid"), {("1", "2020K1"): "160,0"}), choice).any
    for other in ("", "..", "0", "161"):
        assert cells.compare(old, cells.Cells(("A", "Tid"), {("1", "2020K1"): other}), choice).any


def test_many_changes_are_cut_unless_all_are_asked_for(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    def wide(value: str) -> dict[tuple[str, ...], str]:
        return {("665", str(30000 + i), "2020K1"): value for i in range(30)}

    bank.tables["HAND07"] = wide("1")
    call(folder, "HAND07", "-q")
    bank.tables["HAND07"] = wide("2")
    call(folder, "HAND07")
    out = capsys.readouterr().out
    assert out.count("1 → 2") == 20
    assert "10 til" in out
    bank.tables["HAND07"] = wide("3")
    call(folder, "HAND07", "-v")
    assert capsys.readouterr().out.count("2 → 3") == 30


def test_a_copy_that_was_edited_is_not_compared_with(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    call(folder, "HAND07")
    (copy,) = dated(folder)
    copy.write_bytes(copy.read_bytes().replace(b"160", b"161"))
    assert call(folder, "HAND07") == 0
    out = capsys.readouterr().out
    assert "væk eller rettet" in out
    assert "160 →" not in out


def test_two_fetches_in_one_second_keep_both_copies(folder: Path) -> None:
    now = datetime(2026, 3, 1, 10, 15).astimezone()
    for text in (b"a", b"b"):
        about = {"hentet": now.isoformat(), "sha256": store.digest(text)}
        store.save(folder, "HAND07", text, about, now=now, newest=folder / "ind" / "hand07.csv")
    assert {p.name: p.read_bytes() for p in dated(folder)} == {
        "HAND07-20260301T101500.csv": b"a",
        "HAND07-20260301T101500-2.csv": b"b",
    }
    assert store.intact(next(store.copies(folder, "HAND07"))) == b"b", "the later is the newest"
    assert (folder / "ind" / "hand07.csv").read_bytes() == b"b"


def test_after_a_crash_the_copy_in_use_is_the_one_compared_with(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed between the dated copy and ind/: the next run tells what is new to the reader of ind/."""
    call(folder, "HAND07", "-q")
    used = (folder / "ind" / "hand07.csv").read_bytes()
    bank.tables["HAND07"]["665", "30011", "2020K1"] = "161"
    call(folder, "HAND07", "-q")
    (folder / "ind" / "hand07.csv").write_bytes(used)
    capsys.readouterr()
    call(folder, "HAND07")
    assert "160 → 161" in capsys.readouterr().out


def test_a_run_that_is_killed_leaves_whole_copies(folder: Path, bank: StatBank) -> None:
    call(folder, "HAND07", "-q")
    command = [sys.executable, "-m", "reconcile", "statbank", "HAND07", "--config", str(folder / "reconcile.toml")]
    for _attempt in range(3):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        asked = len(bank.asked)
        while run.poll() is None and len(bank.asked) < asked + 2:
            time.sleep(0.001)
        run.kill()
        run.wait()
        assert figures(folder / "ind" / "hand07.csv") == OWN
        assert all(store.intact(copy) for copy in store.copies(folder, "HAND07"))
    assert call(folder, "HAND07", "-q") == 0


# --- what must not be overwritten, and what a failure leaves -------------------------------------------------------


def test_the_users_own_file_is_never_overwritten(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "ind").mkdir()
    (folder / "ind" / "hand07.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;160\n", encoding="utf-8")
    before = everything(folder)
    assert call(folder, "HAND07") == 2
    assert "bliver ikke overskrevet" in capsys.readouterr().err
    assert everything(folder) == before
    assert not bank.asked


def test_a_folder_that_cannot_be_written_to_is_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "hentet").write_text("en fil, hvor mappen skulle være", encoding="utf-8")
    assert call(folder, "HAND07") == 2
    assert "kan ikke gemmes" in capsys.readouterr().err


def test_a_full_disk_leaves_the_earlier_copies(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(folder, "HAND07", "-q")
    before = everything(folder)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert call(folder, "HAND07") == 2
    assert "No space left" in capsys.readouterr().err
    assert everything(folder) == before


# --- an answer that is not one ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500", "502", "503", "504", "429", "429:0", "reset", "short", "cut-chunk"])
def test_a_passing_fault_is_tried_again(folder: Path, bank: StatBank, fault: str) -> None:
    bank.faults.extend(["ok", fault, fault])
    assert call(folder, "HAND07") == 0
    assert [function for function, _question in bank.asked] == ["tableinfo", "data", "data", "data"]
    assert figures(folder / "ind" / "hand07.csv") == OWN


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("500", "500"),
        ("429:0", "429"),
        ("reset", "brød"),
        ("short", "brød"),
        ("cut-chunk", "brød"),
    ],
)
def test_a_lasting_fault_ends_after_four_attempts_and_changes_nothing(
    folder: Path, bank: StatBank, fault: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call(folder, "HAND07", "-q")
    before = everything(folder)
    bank.asked.clear()
    bank.faults.extend(["ok", *[fault] * 10])
    assert call(folder, "HAND07") == 2
    said = capsys.readouterr().err
    assert words in said
    assert "4 forsøg" in said
    assert "firewall" in said
    assert len(bank.asked) == 1 + api.ATTEMPTS
    assert everything(folder) == before


def test_the_pause_grows_and_retry_after_is_followed_within_bounds(
    folder: Path, bank: StatBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(api, "FIRST_PAUSE", 1.0)
    bank.faults.extend(["500", "500", "500", "ok", "429:7", "429:86400"])
    assert call(folder, "HAND07") == 0
    assert slept == [1.0, 2.0, 4.0, 7.0, api.LONGEST_PAUSE]


def test_retry_after_may_be_a_date_or_nonsense() -> None:
    assert api._retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert api._retry_after("snart") is None
    assert api._retry_after(None) is None


@pytest.mark.parametrize("fault", ["slow:3", "drip"])
def test_a_slow_answer_is_given_up(
    folder: Path, bank: StatBank, fault: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(api, "ATTEMPTS", 1)
    configure(folder, bank.url, timeout=1)
    bank.faults.extend(["ok", fault])
    assert call(folder, "HAND07") == 2
    assert "tidsgrænsen" in capsys.readouterr().err


def test_a_closed_network_is_said_with_what_to_do(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    bank.stop()
    assert call(folder, "HAND07") == 2
    said = capsys.readouterr().err
    assert "ingen forbindelse" in said
    assert "Er der netværk" in said
    assert "Traceback" not in said
    assert not dated(folder)


def test_a_certificate_that_is_not_trusted_is_not_tried_again() -> None:
    import ssl

    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    with pytest.raises(FetchError, match="rodcertifikat"):
        api._no_connection("https://api.statbank.dk/v1/data", error)


def test_an_unknown_table_is_named_with_a_suggestion(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(folder, "HAND77") == 2
    said = capsys.readouterr().err
    assert "HAND77 findes ikke" in said
    assert "Mente du «HAND07»?" in said
    assert "Tabellen blev ikke fundet (EXTRACT-NOTFOUND)" in said


def test_a_refusal_shows_the_words_of_the_api(
    folder: Path, bank: StatBank, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server demands every variable, as the API does; here one is taken out of the question."""
    from reconcile.statbank import fetch

    def careless(url: str, question: dict[str, Any], timeout: float, say: object) -> Answer:
        if url.endswith("/data"):
            question = {**question, "variables": question["variables"][:2]}
        return api.post(url, question, timeout, say)  # type: ignore[arg-type]

    monkeypatch.setattr(fetch, "post", careless)
    assert call(folder, "HAND07") == 2
    said = capsys.readouterr().err
    assert "400" in said
    assert "Der skal vælges værdier for variabel: Tid" in said
    assert len(bank.asked) == 2, "a refusal is not tried again"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            '{"errorTypeCode":"REQUEST-LIMIT","message":"Forespørgslen returnerer for mange observationer"}',
            "for mange obs",
        ),
        ("<html><script>x()</script><h1>Log på gæstenettet</h1></html>", "Log på gæstenettet"),
        ("", "overskriften er «»"),
        ("OMRÅDE;TID;INDHOLD\r\n665;2020K1;4\r\n", "overskriften er «OMRÅDE;TID;INDHOLD»"),
        (HEADER, "0 af 6 celler"),
        (HEADER + "665;30011;2020K1;160\r\n", "1 af 6 celler"),
        (HEADER + "665;30011;2020K1;160\r\n665;30011;20", "linje 3 har 3 felter"),
        (HEADER + "665;30011;2020K1;160\r\n665;30011;2020K1;161\r\n", "står to gange"),
        (HEADER + "101;30011;2020K1;160\r\n", "ikke spurgt om"),
        (HEADER + "665;30011;2020K1;1.234\r\n", "«1.234»"),
        (HEADER + "665;30011;2020K1;mange\r\n", "«mange»"),
        ('"OMRÅDE;', "CSV"),
        ("OMR\udcc5DE;YDELSESTYPE;TID;INDHOLD\r\n", "UTF-8"),
    ],
)
def test_an_answer_that_is_not_the_table_is_refused_and_nothing_is_stored(
    folder: Path, bank: StatBank, body: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bank.faults.extend(["ok", f"body:{body}"])
    assert call(folder, "HAND07") == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert not dated(folder)
    assert not (folder / "ind").exists()


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"variables": [{"id": 1}]}', "<html>Velkommen</html>"])
def test_a_description_that_cannot_be_read_is_refused(
    folder: Path, bank: StatBank, body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bank.faults.append(f"body:{body}")
    assert call(folder, "HAND07") == 2
    assert "Beskrivelsen af HAND07 kan ikke læses" in capsys.readouterr().err


def test_a_table_without_municipalities_is_refused(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    bank.without_area.add("HAND07")
    assert call(folder, "HAND07") == 2
    assert "ikke både et område og en tid" in capsys.readouterr().err


def test_bulk_without_a_length_is_refused_because_a_cut_would_look_like_zeros(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    bank.faults.extend(["ok", "no-length", "ok", "no-length"])
    assert call(folder, "HAND07", "--format", "BULK") == 2
    assert "brug --format CSV" in capsys.readouterr().err
    assert call(folder, "HAND07", "--format", "CSV") == 0, "in CSV the cells are counted"


def test_an_error_body_cannot_write_to_the_terminal_or_show_a_cpr() -> None:
    code, text = api.error_message(b"\x1b[2J<b>010101-0001</b> " + b"x" * 1000)
    assert code == ""
    assert "\x1b" not in text
    assert "0001" not in text
    assert len(text) <= 301


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_is_followed_with_the_same_question(folder: Path, bank: StatBank, code: int) -> None:
    bank.faults.append(f"redirect:{code}:{bank.url}/flyttet/tableinfo")
    assert call(folder, "HAND07") == 0
    assert bank.asked[0] == bank.asked[1]


@pytest.mark.parametrize("target", ["http://example.invalid/v1", "ftp://example.invalid/", "file:///etc/passwd"])
def test_a_redirect_away_from_https_is_not_followed(
    folder: Path, bank: StatBank, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bank.faults.append(f"redirect:302:{target}")
    assert call(folder, "HAND07") == 2
    assert "Traceback" not in capsys.readouterr().err
    assert len(bank.asked) == 1


def test_https_is_never_left_for_this_machine() -> None:
    request = urllib.request.Request("https://api.statbank.dk/v1/data", data=b"{}", method="POST")
    with pytest.raises(FetchError, match="følges ikke"):
        api._Redirect().redirect_request(request, None, 302, "", None, "http://127.0.0.1/v1/data")
    again = api._Redirect().redirect_request(request, None, 302, "", None, "https://api2.statbank.dk/v1/data")
    assert (again.get_method(), again.data) == ("POST", b"{}")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://api.statbank.dk/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://api.statbank.dk/v1", False),
        ("http://127.0.0.1.example.com/v1", False),
        ("http://127.0.0.1@example.com/v1", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("https://[", False),
        ("api.statbank.dk", False),
    ],
)
def test_only_https_or_this_machine_may_be_asked(url: str, allowed: bool) -> None:
    assert may_be_asked(url) is allowed


def test_a_bad_address_in_the_configuration_is_an_error_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(folder, "http://api.statbank.dk/v1", timeout=0)
    assert call(folder, "HAND07") == 2
    said = capsys.readouterr().err
    assert "statbank.url" in said
    assert "https://" in said
    assert "statbank.timeout" in said


@pytest.mark.parametrize("name", ["../HAND07", "HAND07;", "", "7", "010101-0001"])
def test_a_name_that_is_no_table_is_refused_before_anything_is_asked(
    folder: Path, bank: StatBank, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(folder, name) == 2
    assert "0001" not in capsys.readouterr().err
    assert not bank.asked


def test_the_help_of_the_command_loads_no_network_library() -> None:
    code = (
        "import sys; from reconcile.cli import main\n"
        "try:\n    main(['statbank', '-h'])\nexcept SystemExit: pass\n"
        "print([m for m in ('urllib.request', 'pydantic', 'duckdb') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.rstrip().endswith("[]")


# --- several tables, several kommuner --------------------------------------------------------------------------------


def question(bank: StatBank, name: str) -> dict[str, list[str]]:
    """What was asked of a table's figures."""
    (asked,) = [q for function, q in bank.asked if function == "data" and q["table"] == name]
    return {variable["code"]: variable["values"] for variable in asked["variables"]}


@pytest.fixture
def wide(bank: StatBank) -> StatBank:
    """A StatBank that has population and accounts too."""
    bank.tables |= {"FOLK1A": FOLK1A, "REGK31": REGK31}
    bank.tables["HAND07"] |= {
        ("615", code, quarter): "9" for code in ("30011", "31182", "31201") for quarter in ("2020K1", "2020K2")
    }
    return bank


def test_what_the_comparison_needs_is_fetched_in_one_go_and_no_more(folder: Path, wide: StatBank) -> None:
    assert call(folder, "HAND07", "FOLK1A", "REGK31", "--kommuner", "Horsens,000", "--kommuner", "0101") == 0
    assert question(wide, "HAND07")["OMRÅDE"] == ["665", "615"]
    assert question(wide, "FOLK1A") == {
        "OMRÅDE": ["665", "615", "000"], "KØN": ["TOT"], "ALDER": [str(age) for age in range(18, 65)],
        "CIVILSTAND": ["TOT"], "Tid": ["2020K2", "2020K3"],
    }  # fmt: skip
    assert question(wide, "REGK31") == {
        "OMRÅDE": ["665", "615", "000"], "FUNKTION": ["53839", "53850", "53852"], "DRANST": ["1", "2"], "ART": ["TOT"],
        "PRISENHED": ["LOBM"], "Tid": ["2019", "2020"],
    }  # fmt: skip


def test_the_lines_to_write_make_the_copies_sources_and_are_said_until_they_are(
    folder: Path, wide: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("HAND07", "FOLK1A", "REGK31", "--kommuner", "Horsens")
    call(folder, *arguments)
    said = capsys.readouterr().out
    assert "FOLK1A har ikke" not in said
    _before, lines = said.split("Skriv i reconcile.toml:\n")
    assert [line.strip() for line in lines.splitlines()] == [
        "[kilder.hand07]", 'filer = ["ind/hand07.csv"]', "[kilder.befolkning]", 'filer = ["ind/folk1a.csv"]',
        "[kilder.regnskab]", 'filer = ["ind/regk31.csv"]', "enhed = 1000", "[noegletal]", 'gruppe = ["615"]',
    ]  # fmt: skip
    configure(folder, wide.url, more=lines)
    config = load_config(folder / "reconcile.toml")
    wanted = ["befolkning", "regnskab"]
    asked = Asked(kommune="665", regler=config.regler, today=date(2021, 6, 1))

    def read(engine: Engine) -> Loaded:
        return load_sources(engine, config, wanted, quarantine=False, progress=lambda _text: None)

    with open_world(asked, read) as world:
        people = world.engine.rows(
            "SELECT kommune, periode, count(*), sum(antal) FROM befolkning GROUP BY ALL ORDER BY ALL"
        )
        assert people == [(k, q, 47, 470) for k in ("615", "665") for q in ("2020K2", "2020K3")]
        accounts = world.engine.rows(
            "SELECT kommune, konto, beloeb FROM regnskab WHERE periode = '2020' AND konto LIKE '_____1%' ORDER BY ALL"
        )
    assert accounts == [
        ("615", "538391000", 390_000), ("615", "538501000", 500_000), ("615", "538521000", 520_000),
        ("665", "538391000", 39_000), ("665", "538501000", 50_000), ("665", "538521000", 52_000),
    ]  # fmt: skip
    call(folder, *arguments)
    assert "reconcile.toml" not in capsys.readouterr().out


def test_every_kommune_is_asked_for_and_those_a_table_lacks_are_named(
    folder: Path, wide: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    call(folder, "FOLK1A", "--kommuner", "alle", "--period", "2020K3")
    assert question(wide, "FOLK1A")["OMRÅDE"] == ["665", "000", "615"]
    assert question(wide, "FOLK1A")["Tid"] == ["2020K3"]
    said = capsys.readouterr().out
    assert "FOLK1A har ikke kommune 101" in said
    assert "gruppe =" not in said


def test_a_table_of_years_has_the_years_of_the_quarters(folder: Path, wide: StatBank) -> None:
    call(folder, "REGK31", "--period", "2020K1:2020K3", "-q")
    assert question(wide, "REGK31")["Tid"] == ["2020"]


@pytest.mark.parametrize(
    ("given", "said"),
    [("Hedenstd", "Hedensted"), ("999", "999"), ("gruppe", "Der er ingen gruppe"), ("0101701111", "")],
)
def test_a_word_that_is_no_kommune_is_refused_before_anything_is_asked(
    folder: Path, bank: StatBank, capsys: pytest.CaptureFixture[str], given: str, said: str
) -> None:
    assert call(folder, "HAND07", "--kommuner", given) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "0101701111" not in error
    assert bank.asked == []


def test_a_table_without_a_total_is_refused_and_nothing_is_stored(
    folder: Path, wide: StatBank, capsys: pytest.CaptureFixture[str]
) -> None:
    wide.tables["FOLK1A"] = {key: value for key, value in FOLK1A.items() if key[3] != "TOT"}
    assert call(folder, "FOLK1A") == 2
    assert "variablen CIVILSTAND har ikke det, der skal bruges, men U (tekst U); hent" in capsys.readouterr().err
    assert dated(folder) == []


#: REGK31 as StatBank describes it («efter område, funktion, dranst, art og prisenhed»).
ACCOUNTS = {
    ("FUNKTION", "funktion"): (("2201", "0.22.01 Fælles formål (jordforsyning)"), ("53852", "5.38.52 Botilbud")),
    ("DRANST", "dranst"): (("1", "1 Driftskonti"), ("2", "2 Statsrefusion"), ("3", "3 Anlægskonti"), ("4", "4 Renter")),
    ("ART", "art"): (("UE", "Bruttoudgifter"), ("I", "Indtægter"), ("TOT", "I alt (netto)"), ("S1", "1 Lønninger")),
    ("PRISENHED", "prisenhed"): (("INDL", "Pr. indbygger, løbende priser (kr.)"), ("LOBM", "Løbende priser (1.000 kr.)")),
}  # fmt: skip


def test_what_is_asked_for_of_the_accounts_is_found_by_code_and_by_text() -> None:
    chosen = {code: forms.wanted("REGK31", (code, text), values) for (code, text), values in ACCOUNTS.items()}
    assert chosen == {"FUNKTION": ("53852",), "DRANST": ("1", "2"), "ART": ("TOT",), "PRISENHED": ("LOBM",)}
    assert forms.wanted("REGK31", ("V2", "Funktion"), ACCOUNTS["FUNKTION", "funktion"]) == ("53852",)


@pytest.mark.parametrize(
    ("variable", "values"),
    [
        (("DRANST", "dranst"), (("1", "Driftskonti"), ("3", "Anlægskonti"))),
        (("DRANST", "dranst"), (("1", "Anlæg"), ("2", "Drift"), ("7", "Statsrefusion"))),
        (("ART", "art"), (("UE", "Bruttoudgifter"), ("I", "Indtægter"))),
        (("PRISENHED", "prisenhed"), (("INDL", "Pr. indbygger, løbende priser (kr.)"),)),
        (("FUNKTION", "funktion"), (("2201", "0.22.01"), ("538xx", "5.38"))),
    ],
)
def test_accounts_that_lack_what_is_needed_are_refused_with_what_they_have(
    variable: tuple[str, str], values: tuple[tuple[str, str], ...]
) -> None:
    with pytest.raises(FetchError) as refusal:
        forms.wanted("REGK31", variable, values)
    assert all(f"{code} ({text})" in str(refusal.value) for code, text in values)


def test_a_table_without_a_variable_that_its_source_needs_is_refused_with_those_it_has() -> None:
    forms.check("REGK31", dict(list(ACCOUNTS)))
    with pytest.raises(
        FetchError, match=r"ingen variabel for dranst; den har FUNKTION \(funktion\), PRISENHED \(prisenhed\)"
    ):
        forms.check("REGK31", {"FUNKTION": "funktion", "PRISENHED": "prisenhed"})
    with pytest.raises(FetchError, match="alder"):
        forms.check("FOLK1A", {"OMRÅDE": "område", "Tid": "tid"})


def test_accounts_with_several_arts_are_refused_and_grupperinger_are_read(tmp_path: Path) -> None:
    head = "OMRÅDE;FUNK1;DRANST;GRUPPERING;ART;TID;INDHOLD\n"
    rows = "665;53839;1;3;UE;2020;5\n665;2201;1;004;UE;2020;7\n"
    with loading(tmp_path, "regnskab", {"r.csv": head + rows}) as read:
        assert read.rows("konto", "beloeb") == [("538391003", 5), ("022011004", 7)]
    told = "665;5.38.39 Støtte;1 Driftskonti;Grp. 3 BPA;I alt;2020;5\n665;2201;1 Driftskonti;4;I alt;2020;7\n"
    with loading(tmp_path, "regnskab", {"r.csv": head + told}) as read:
        assert read.rows("konto", "beloeb") == [("538391003", 5), ("022011004", 7)]
    assert "kolonnen «ART» har flere værdier (2)" in refused(
        tmp_path, "regnskab", {"r.csv": f"{head}{rows}665;53839;1;3;1;2020;5\n"}
    )
