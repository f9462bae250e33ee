"""What is kept between runs: cells and their names, the list of runs, and remarks, at their limits."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.runs import KEY, cell, publish, result, working_folder

from reconcile.domain.periods import Quarter
from reconcile.history.published import read_manifest
from reconcile.history.register import Register, note_run, read_register
from reconcile.history.remarks import NOTHING, Remark, Remarks, digest, key_of, read_remarks, remarked, write_remarks
from reconcile.results.cases import Case
from reconcile.results.cells import OpenCell, cell_id, cell_key, is_cell, known_as, open_cells, sealed, size_text


class TestCells:
    @pytest.mark.parametrize(
        ("name", "now"),
        [("HAND07:1.4:2020K3", "CELLE:1.4:2020K3"), ("hand01:1.4:2020K3", "CELLE:1.4:2020K3"),
         ("OTTETAL:1.4:2020K3", "CELLE:1.4:2020K3"),
         ("CELLE:1.4:2020K3", "CELLE:1.4:2020K3"), ("HAND07-1", "HAND07-1"), ("HAND07", "HAND07"), ("VH03:x", "VH03:x")],
    )  # fmt: skip
    def test_a_cell_is_known_by_the_names_it_had(self, name: str, now: str) -> None:
        assert known_as(name) == now
        assert is_cell(now) is now.startswith("CELLE:")

    def test_a_name_tells_the_code_and_the_quarter(self) -> None:
        assert cell_key(cell_id("1.12.0.2", "2020K3")) == ("1.12.0.2", "2020K3")

    @pytest.mark.parametrize(("value", "text"), [(None, ""), (0, "0"), (Decimal("1.50"), "1.5"), (Decimal("100"), "100"),
    (Decimal("-0.0500"), "-0.05"),
                                                 (Decimal("1E+2"), "100"), ("x", "x"), (date(2020, 1, 1),
                                                 "2020-01-01")])  # fmt: skip
    def test_a_size_reads_the_same_however_it_was_written(self, value: Any, text: str) -> None:
        assert size_text(value) == text

    def test_a_cell_is_open_once_with_the_worst_of_its_statuses_and_every_size(self) -> None:
        volume = [SimpleNamespace(dst_kode="1.4", periode="2020K3", status="delvist_forklaret", rest=Decimal("0.50"))]
        persons = [cell("1.4", rest=-2), cell("1.1")]
        (found,) = open_cells({"hand07_diff": persons, "hand01_diff": volume}).values()
        assert found == OpenCell("1.4", "2020K3", "uforklaret", "-2 og 0.5", ("hand07", "hand01"))

    def test_the_statistics_loop_is_not_told_beside_hand07_and_the_ledgers_is(self) -> None:
        loops = SimpleNamespace(
            dst_kode="1.4", periode="2020K3", status_statistik="uforklaret", status_oekonomi="delvist_forklaret",
            fagsystem_borgere=5, flis_borgere=4,
            dst_modtagere=None, fagsystem_betaler_borgere=5, oekonomi_borgere=3, kun_fagsystem=2, kun_oekonomi=0,
        )  # fmt: skip
        (alone,) = open_cells({"ottetal": [loops]}).values()
        assert (alone.where, alone.size) == (("statistik", "oekonomi"), "5x4x og 5x3x2x0")
        (beside,) = open_cells({"hand07_diff": [cell("1.4", rest=1)], "ottetal": [loops]}).values()
        assert beside.where == ("hand07", "oekonomi")
        assert not beside.is_account

    @given(st.text(), st.text())
    def test_a_seal_has_letters_only_and_tells_sizes_apart(self, one: str, other: str) -> None:
        assert sealed(one)[1:].isalpha()
        assert (sealed(one) == sealed(other)) is (one == other)


class TestRegister:
    def runs(self, folder: Path, *quarters: str) -> list[Any]:
        """The manifests of runs that were published one after the other, each of one quarter."""
        working_folder(folder)
        made = []
        for number, quarter in enumerate(quarters):
            started = datetime(2020, 10, 6, 12, number, tzinfo=UTC)
            path = publish(
                result(cells=[cell(period=quarter)], periods=[quarter], started=started),
                folder / "ud" / str(number),
                number,
            )
            made.append(read_manifest(path))
        return made

    def test_the_newest_run_of_a_quarter_is_named_unless_it_is_the_one_judged(self, tmp_path: Path) -> None:
        first, second, third = self.runs(tmp_path, "2020K3", "2020K3", "2020K4")
        register = read_register(tmp_path, KEY)
        assert register.whole
        assert register.newer(first, Quarter(2020, 3)) == "ud/1"
        assert register.newer(second, Quarter(2020, 3)) == ""
        assert register.newer(third, Quarter(2020, 3)) == "ud/1"
        assert register.newer(first, Quarter(2020, 2)) == ""
        assert all(register.knows(run) for run in (first, second, third))

    def test_a_list_follows_what_a_decision_knew_when_it_begins_with_the_same_runs(self, tmp_path: Path) -> None:
        self.runs(tmp_path, "2020K3", "2020K4")
        register = read_register(tmp_path, KEY)
        earlier = Register(register.runs[:1])
        assert register.follows(None)
        assert register.follows(register.mark)
        assert register.follows(earlier.mark)
        assert not earlier.follows(register.mark)
        assert not Register(register.runs[1:]).follows(earlier.mark)
        assert not Register(register.runs[::-1]).follows(register.mark)
        assert Register().follows(Register().mark)

    def test_another_key_knows_no_run_and_writes_none(self, tmp_path: Path) -> None:
        (run,) = self.runs(tmp_path, "2020K3")
        other = read_register(tmp_path, bytes(32))
        assert (other.whole, other.runs) == (False, ())
        with pytest.raises(Exception, match="ændret i hånden"):
            note_run(tmp_path, run, bytes(32))

    def test_no_list_is_an_empty_one(self, tmp_path: Path) -> None:
        assert read_register(tmp_path, KEY) == Register()


class TestRemarks:
    def test_what_is_written_is_read_back_and_nothing_is_left_out(self, tmp_path: Path) -> None:
        remarks = Remarks(
            {
                "S-2": Remark(bemaerkning="ring «i dag»"),
                "S-1": Remark(ansvarlig="JH", arbejdsstatus="i gang"),
                "S-3": NOTHING,
            },
            ("abc", "def"),
        )
        write_remarks(tmp_path, remarks)
        found = read_remarks(tmp_path)
        assert found.by_case == {name: remark for name, remark in remarks.by_case.items() if remark != NOTHING}
        assert found.read == ("abc", "def")

    def test_without_the_file_there_are_none(self, tmp_path: Path) -> None:
        assert read_remarks(tmp_path) == Remarks({})

    @pytest.mark.parametrize("text", ["sag = 1", "[sag.S-1]\nukendt = 'x'", "[", "ukendt = 1"])
    def test_a_file_that_is_none_is_refused(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "bemaerkninger.toml").write_text(text, encoding="utf-8")
        with pytest.raises(Exception, match="kan ikke læses"):
            read_remarks(tmp_path)

    @given(
        st.builds(
            Remark, bemaerkning=st.text(max_size=9), ansvarlig=st.text(max_size=9), arbejdsstatus=st.text(max_size=9)
        )
    )
    def test_a_digest_tells_which_column_a_text_stands_in(self, remark: Remark) -> None:
        turned = Remark(bemaerkning=remark.ansvarlig, ansvarlig=remark.bemaerkning, arbejdsstatus=remark.arbejdsstatus)
        assert (digest(remark) == digest(turned)) is (remark == turned)
        assert key_of("5", remark) != key_of("6", remark)
        assert key_of("5", remark).endswith(f"#{digest(remark)}")

    def test_a_case_has_its_own_remark_and_another_none(self) -> None:
        blank: dict[str, Any] = {field.name: None for field in fields(Case) if field.init}
        cases = [Case(**{**blank, "sag_id": name}) for name in ("S-1", "S-2")]
        told = remarked(cases, {"S-1": Remark(bemaerkning="x", ansvarlig="", arbejdsstatus="færdig")})
        assert [(c.bemaerkning, c.ansvarlig, c.arbejdsstatus) for c in told] == [
            ("x", None, "færdig"),
            (None, None, None),
        ]
