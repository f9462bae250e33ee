"""Text files at their edges: which rows are totals, which sign divides, and which small files may be read together."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from reconcile.errors import InputError
from reconcile.sources import detect as module
from reconcile.sources import together
from reconcile.sources.detect import check_unchanged, detect, mark_of
from reconcile.sources.together import _part
from reconcile.sources.unpivot import is_no_data, is_total, long_form, without_totals


@pytest.mark.parametrize(
    ("label", "total", "no_data"),
    [
        ("I alt", True, True), ("i alt", True, True), ("  Total ", True, True), ("Hovedtotal", True, True),
        ("Grand Total", True, True),
        ("Total: 18 konti", True, True), ("I alt:", True, True), ("Sum", False, True), ("Subtotal", False, True),
        ("Totalt", False, False),
        ("Totalrenovering", False, False), ("I alt-konto", False, False), ("I alternativ", False, False),
        ("Kilde: DST", False, True),
        ("Kilde", False, False), ("Kilder: DST", False, True), ("Note: x", False, True), ("Noter: x", False, True),
        ("Anm.: x", False, True),
        ("Anm: x", False, True), ("Source: x", False, True), ("Notering: x", False, False), ("Sum af beløb", False, False),
        ("Total for 1.4", True, False), ("", False, False), ("1.4", False, False),
    ],
)  # fmt: skip
def test_a_row_is_a_total_or_a_note_by_its_whole_word(label: str, total: bool, no_data: bool) -> None:
    assert (is_total(label), is_no_data(label)) == (total, no_data)


def test_rows_of_a_table_without_quarters_are_left_alone() -> None:
    rows = [(2, ["I alt", "1"]), (3, ["1.4", "2"])]
    assert list(without_totals(["navn", "antal"], rows)) == rows
    assert list(without_totals(["navn", "2020K1"], rows)) == rows[1:]


def test_a_total_in_any_column_beside_the_quarters_takes_the_row_out_but_not_one_among_the_figures() -> None:
    rows = [(2, ["665", "I alt", "1"]), (3, ["665", "1.4", "total"])]
    assert list(without_totals(["kommune", "kode", "2020K1"], rows)) == rows[1:]


def test_a_column_without_a_name_is_left_out_unless_it_has_the_code() -> None:
    names, rows = long_form("f", ["", "", "2020K1"], [(2, ["1.4", "x", "7"])], ["dst_kode"])
    assert (names, list(rows)) == (["dst_kode", "periode", "antal"], [(2, ["1.4", "2020K1", "7"])])


def test_the_quarters_keep_the_order_of_their_columns() -> None:
    names, rows = long_form("f", ["kode", "2020K2", "navn", "2020K1"], [(9, ["1.4", "2", "n", "1"])], ["kode"])
    assert names == ["dst_kode", "navn", "periode", "antal"]
    assert list(rows) == [(9, ["1.4", "n", "2020K2", "2"]), (9, ["1.4", "n", "2020K1", "1"])]


class TestDelimiter:
    @pytest.mark.parametrize(
        ("text", "mark"),
        [
            ("a;b,c\n", ";"), ("a,b\tc\n", "\t"), ("a;b\tc\n", ";"),  # as many of each: the order of the signs decides
            ("a;b\nc,d,e\nf,g,h\n", ","), ("a;b;c\nd,e,f\n", ";"),
            ("a,b,c\n1;2\n3;4\n", ";"),  # two lines alike are more than one line with more
            ("a;b;c;d\n1,2\n", ";"),  # one line each: the one with more
            ('a;"x,y,z"\nb;"p,q,r"\n', ";"), ("ingen\n", ";"),
        ],
    )  # fmt: skip
    def test_the_sign_that_divides_most_lines_alike_then_into_most_then_the_first(
        self, tmp_path: Path, text: str, mark: str
    ) -> None:
        path = tmp_path / "f.csv"
        path.write_text(text, encoding="utf-8")
        assert detect(path).delimiter == mark

    def test_only_the_first_twenty_lines_are_looked_at(self, tmp_path: Path) -> None:
        path = tmp_path / "f.csv"
        path.write_text("a;b\n" * 20 + "c,d\n" * 100, encoding="utf-8")
        assert detect(path).delimiter == ";"
        path.write_text("a;b\n" * 9 + "c,d\n" * 100, encoding="utf-8")
        assert detect(path).delimiter == ","


class TestMarks:
    @pytest.mark.parametrize(
        ("content", "inner"),
        [
            (codecs.BOM_UTF8 + b"a;b\n1;2\n", False), (b"a;b\n" + codecs.BOM_UTF8 + b"1;2\n", True),
            (b"a;b" + codecs.BOM_UTF8 + b"\n1;2\n", False),
            (codecs.BOM_UTF8 + b"a;b\n" + codecs.BOM_UTF8 + b"a;b\n", True), (b"a;b\r\n" + codecs.BOM_UTF8 + b"1;2\r\n", True),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("chunk", [1 << 22, 3, 4, 5, 6])
    def test_a_mark_after_a_line_end_is_found_wherever_the_file_is_cut_in_two(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, inner: bool, chunk: int
    ) -> None:
        path = tmp_path / "f.csv"
        path.write_bytes(content)
        assert module._is_utf8(path)
        monkeypatch.setattr(module, "_CHUNK", chunk)
        assert module._has_inner_mark(path) is inner

    def test_a_file_that_was_written_to_is_told_by_its_size_or_its_time(self, tmp_path: Path) -> None:
        path = tmp_path / "f.csv"
        path.write_text("a;b\n", encoding="utf-8")
        begun = mark_of(path)
        check_unchanged(path, begun)
        path.write_text("a;b\n1;2\n", encoding="utf-8")
        with pytest.raises(InputError, match="filen blev ændret"):
            check_unchanged(path, begun)


HEAD = "cpr;konto;beloeb;bogfoert_dato\n"
ROW = "0101501111;538581001;1,00;01-01-2020\n"
WANTED = ["cpr", "konto", "beloeb", "bogfoert_dato"]


class TestTogether:
    @pytest.mark.parametrize(
        ("text", "plain"),
        [
            (HEAD + ROW, True), (HEAD + ROW.rstrip("\n"), True), (HEAD + ROW * 3, True),
            (HEAD.replace("\n", "\r\n") + ROW, True), (HEAD, False),
            ("", False), (HEAD + ROW + "I alt;;1,00;\n", False), (HEAD + ROW + ";;;\n", True),
            (HEAD + ROW + "Kilde: Prisme;;;\n", False),
            (HEAD + "I alt;;1,00;\n" + ROW, True), ("Udtræk\n" + HEAD + ROW, False),
            ("cpr;;beloeb;bogfoert_dato\n" + ROW, False),
            ("cpr\n0101501111\n", False), (HEAD + '0101501111;"538581001;1,00;01-01-2020\n', False),
            (HEAD + ROW + "\ufeff" + ROW, False),
            (HEAD + ROW.replace("\n", "\r") + ROW, False),
        ],
    )  # fmt: skip
    def test_only_a_file_that_is_plain_in_every_way_is_read_with_others(
        self, tmp_path: Path, text: str, plain: bool
    ) -> None:
        path = tmp_path / "f.csv"
        path.write_bytes(text.encode())
        assert (_part(path, "f.csv", WANTED) is not None) is plain

    def test_a_part_has_the_headers_and_the_lines_below_them_and_what_it_was_read_of(self, tmp_path: Path) -> None:
        path = tmp_path / "f.csv"
        path.write_bytes((HEAD + ROW * 2).encode())
        part = _part(path, "ind/f.csv", WANTED)
        assert part is not None
        assert (part.label, part.headers, part.lines) == ("ind/f.csv", tuple(WANTED), (ROW.rstrip("\n"),) * 2)
        assert (part.mark, part.found.delimiter) == (mark_of(path), ";")
        assert part.sha256 == module.sha256_of(path)

    def test_a_large_file_is_read_alone_and_one_of_the_limits_size_is_not(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "f.csv"
        path.write_bytes((HEAD + ROW).encode())
        monkeypatch.setattr(together, "_SMALL", path.stat().st_size)
        assert _part(path, "f", WANTED) is not None
        monkeypatch.setattr(together, "_SMALL", path.stat().st_size - 1)
        assert _part(path, "f", WANTED) is None

    def test_a_file_that_is_not_there_is_left_to_be_read_alone(self, tmp_path: Path) -> None:
        assert _part(tmp_path / "findes-ikke.csv", "f", WANTED) is None
