"""The log of approvals line by line: what a line holds, what is found when it is changed, and what is never lost."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.runs import KEY

from reconcile.approval.log import APPROVALS, KEY_CHANGED, append, canonical, key_changed, read_log
from reconcile.approval.readiness import decisions, enough_said, known_runs, latest_decisions, text_mistakes
from reconcile.domain.periods import Quarter
from reconcile.errors import InputError

NOW = datetime(2020, 10, 6, 12, 0, tzinfo=UTC)
OTHER = bytes(range(1, 33))


def decision(number: int = 0, period: str = "2020K3", **more: Any) -> dict[str, Any]:
    return {
        "tid": (NOW + timedelta(minutes=number)).isoformat(),
        "periode": period, "beslutning": "godkend", "af": "JH", "note": f"note {number}",
        "koersel": "ud/1", "manifest_sha256": "a" * 64, **more,
    }  # fmt: skip


def written(folder: Path, *records: dict[str, Any], key: bytes = KEY) -> list[bytes]:
    """The lines of a log with these records."""
    for record in records:
        append(folder, record, key)
    return (folder / APPROVALS).read_bytes().splitlines()


class TestLines:
    def test_no_file_is_an_empty_log(self, tmp_path: Path) -> None:
        log = read_log(tmp_path, KEY)
        assert (log.lines, log.faults, log.torn, log.head, log.hashes, log.torn_sentence()) == (
            (),
            (),
            b"",
            "",
            frozenset(),
            "",
        )

    def test_each_line_names_its_number_and_the_line_before(self, tmp_path: Path) -> None:
        lines = written(tmp_path, decision(0), decision(1), decision(2))
        log = read_log(tmp_path, KEY)
        hashes = [hashlib.sha256(line).hexdigest() for line in lines]
        assert [line.record["nr"] for line in log.lines] == [1, 2, 3]
        assert [line.record["forrige"] for line in log.lines] == ["0" * 64, *hashes[:2]]
        assert (log.head, log.hashes, log.faults) == (hashes[2], frozenset(hashes), ())

    def test_a_line_is_canonical_and_its_checksum_is_of_the_rest_of_it(self, tmp_path: Path) -> None:
        (line,) = written(tmp_path, decision(note="æøå «x»"))
        record = json.loads(line)
        told = record.pop("kontrol")
        assert hashlib.sha256(canonical(record)).hexdigest() == told
        assert canonical({**record, "kontrol": told}) == line
        assert "æøå «x»".encode() in line

    def test_what_somebody_typed_is_masked_and_a_number_is_not(self, tmp_path: Path) -> None:
        """Also in the list of what a note overrode; a hash is left as it is, whatever digits stand in it."""
        digits = "0101501111" + "a" * 54
        (line,) = written(
            tmp_path,
            decision(
                note="se 010150-1111", tilsidesat=["a", "b 0101501111"], antal={"celler": 4}, manifest_sha256=digits
            ),
        )
        told = json.loads(line)
        assert "1111" not in told["note"] + "".join(told["tilsidesat"])
        assert told["tilsidesat"][0] == "a"
        assert (told["antal"], told["manifest_sha256"]) == ({"celler": 4}, digits)


class TestFaults:
    @pytest.mark.parametrize("place", [0, 1, 2])
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda line: line.replace(b"note", b"nota", 1), "ikke en linje|er ændret"),
            (lambda line: line[:-1], "ikke en linje"), (lambda _line: b"{}", "ikke en linje"),
            (lambda line: line.replace(b'"af":"JH"', b'"af":"XX"'), "er ændret"), (lambda line: line.replace(b":", b": ", 1),
            "ikke en linje"), (lambda _line: b"", "ikke en linje"),
        ],
    )  # fmt: skip
    def test_any_change_of_any_line_is_found(self, tmp_path: Path, place: int, change: Any, said: str) -> None:
        lines = written(tmp_path, decision(0), decision(1), decision(2))
        lines[place] = change(lines[place])
        (tmp_path / APPROVALS).write_bytes(b"\n".join(lines) + b"\n")
        faults = read_log(tmp_path, KEY).faults
        assert any(f"linje {place + 1}" in fault for fault in faults)
        assert any(word in fault for fault in faults for word in said.split("|"))

    @pytest.mark.parametrize(
        ("order", "broken"),
        [((1, 0, 2), {1, 2, 3}), ((0, 2), {2}), ((1, 2), {1, 2}), ((0, 1), set()), ((0, 0, 1, 2), {2, 3, 4})],
    )
    def test_a_line_that_does_not_follow_the_one_before_it(
        self, tmp_path: Path, order: tuple[int, ...], broken: set[int]
    ) -> None:
        lines = written(tmp_path, decision(0), decision(1), decision(2))
        (tmp_path / APPROVALS).write_bytes(b"".join(lines[n] + b"\n" for n in order))
        faults = [fault for fault in read_log(tmp_path).faults if "følger ikke" in fault]
        assert {int(fault.split()[1]) for fault in faults} == broken

    def test_a_chain_that_breaks_is_not_written_to(self, tmp_path: Path) -> None:
        lines = written(tmp_path, decision(0), decision(1))
        (tmp_path / APPROVALS).write_bytes(lines[1] + b"\n")
        with pytest.raises(InputError, match="skrives ikke mere i den"):
            append(tmp_path, decision(2), KEY)
        assert (tmp_path / APPROVALS).read_bytes() == lines[1] + b"\n"

    @pytest.mark.parametrize(("minutes", "refused"), [(0, False), (1, False), (-1, True)])
    def test_a_line_is_not_older_than_the_one_before(self, tmp_path: Path, minutes: int, refused: bool) -> None:
        written(tmp_path, decision(5))
        if refused:
            with pytest.raises(InputError, match="Uret på maskinen"):
                append(tmp_path, decision(5 + minutes), KEY)
        else:
            append(tmp_path, decision(5 + minutes), KEY)
        assert len(read_log(tmp_path, KEY).lines) == (1 if refused else 2)


class TestTorn:
    @pytest.mark.parametrize("cut", [1, 5, 40])
    def test_a_last_line_that_was_not_finished_is_no_line_and_is_set_aside(self, tmp_path: Path, cut: int) -> None:
        lines = written(tmp_path, decision(0), decision(1))
        torn = lines[1][:-cut]
        (tmp_path / APPROVALS).write_bytes(lines[0] + b"\n" + torn)
        log = read_log(tmp_path, KEY)
        assert (len(log.lines), log.torn, log.faults) == (1, torn, ())
        assert f"({len(torn)} byte)" in log.torn_sentence()
        made = append(tmp_path, decision(2), KEY)
        assert made.set_aside is not None
        assert made.set_aside.read_bytes() == torn
        assert [line.record["note"] for line in read_log(tmp_path, KEY).lines] == ["note 0", "note 2"]

    def test_a_whole_last_line_without_its_end_is_a_line(self, tmp_path: Path) -> None:
        lines = written(tmp_path, decision(0), decision(1))
        (tmp_path / APPROVALS).write_bytes(b"\n".join(lines))
        assert (len(read_log(tmp_path, KEY).lines), read_log(tmp_path, KEY).torn) == (2, b"")
        append(tmp_path, decision(2), KEY)
        assert (len(read_log(tmp_path, KEY).lines), read_log(tmp_path, KEY).faults) == (3, ())


class TestSeals:
    def test_without_the_key_the_chain_holds_and_with_another_no_line_does(self, tmp_path: Path) -> None:
        written(tmp_path, decision(0), decision(1))
        assert read_log(tmp_path).faults == ()
        assert [fault.split(" er ikke")[0] for fault in read_log(tmp_path, OTHER).faults] == ["linje 1", "linje 2"]

    def test_a_changed_key_vouches_for_the_lines_before_it(self, tmp_path: Path) -> None:
        written(tmp_path, decision(0), decision(1))
        key_changed(tmp_path, KEY, OTHER, NOW + timedelta(minutes=9))
        assert read_log(tmp_path, OTHER).faults == ()
        assert read_log(tmp_path, OTHER).lines[-1].record["hvad"] == KEY_CHANGED
        assert [fault.split(" er ikke")[0] for fault in read_log(tmp_path, KEY).faults] == ["linje 3"]

    def test_a_key_changed_where_there_is_no_log_writes_nothing(self, tmp_path: Path) -> None:
        key_changed(tmp_path, KEY, OTHER, NOW)
        assert not (tmp_path / APPROVALS).exists()


class TestDecisions:
    def test_the_last_decision_of_a_quarter_counts(self, tmp_path: Path) -> None:
        written(tmp_path, decision(0), decision(1, "2020K4"), decision(2, beslutning="afvis"))
        log = read_log(tmp_path, KEY)
        assert [record["note"] for record in decisions(log, Quarter(2020, 3))] == ["note 0", "note 2"]
        assert {period: record["beslutning"] for period, record in latest_decisions(log).items()} == {
            "2020K3": "afvis",
            "2020K4": "godkend",
        }

    def test_a_line_that_lacks_a_field_is_no_decision(self, tmp_path: Path) -> None:
        bare = decision(0)
        del bare["manifest_sha256"]
        written(tmp_path, bare, decision(1))
        assert [record["note"] for record in decisions(read_log(tmp_path, KEY))] == ["note 1"]

    def test_the_list_of_runs_that_was_known_last(self, tmp_path: Path) -> None:
        written(
            tmp_path,
            decision(0, koersler={"antal": 1, "hash": "x"}),
            decision(1, koersler={"antal": 2, "hash": "y"}),
            decision(2),
        )
        assert known_runs(read_log(tmp_path, KEY)) == {"antal": 2, "hash": "y"}
        assert known_runs(read_log(tmp_path / "ingen", KEY)) is None

    @pytest.mark.parametrize(
        ("by", "note", "mistakes"),
        [
            ("JH", "", 0),
            ("J", "", 1),
            ("ABCDEF", "", 1),
            ("J1", "010150-1111", 2),
            ("JH", "se 010150-1111", 1),
            ("ÆØÅ", "x", 0),
        ],
    )
    def test_initials_are_letters_and_a_note_has_no_cpr_number(self, by: str, note: str, mistakes: int) -> None:
        told = text_mistakes(by, note)
        assert len(told) == mistakes
        assert "1111" not in " ".join(told)

    @pytest.mark.parametrize(
        ("note", "enough"),
        [("Tre sager meldt", True), ("ok", False), ("abcdeabcde", True), ("abcdeabcd!", False), ("nnnnnnnnnn", False)],
    )
    def test_a_note_says_something(self, note: str, enough: bool) -> None:
        assert enough_said(note) is enough
