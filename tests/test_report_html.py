"""The page: what it says, that it is safe and self-contained, and that it fits a phone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support import report_example as sample

from reconcile.domain.codes import code_order
from reconcile.reports.charts import Level, spark, waterfall
from reconcile.reports.html import render_html
from reconcile.reports.labels import span
from reconcile.reports.page_first import standing
from reconcile.reports.verdict import judge
from reconcile.resources import TEMPLATES
from reconcile.results.followed import ApprovalRow, SinceRow
from reconcile.results.rows import (
    BridgeStep,
    Hand07Cell,
    NotRun,
    OttetalCell,
    ResultTable,
    RunResult,
    Severity,
    SourceInfo,
    Status,
    verbatim,
)

GOLDEN = Path(__file__).parent / "golden" / "rapport.txt"
HOSTILE = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "https://example.invalid/spor.gif",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "x" * 40_000,
    "nul\x00 og halvt tegn \ud800",
)


class _Page(HTMLParser):
    """What a page consists of: its tags, its texts, and what it points to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._skip = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skip = tag if tag == "style" else self._skip

    def handle_endtag(self, tag: str) -> None:
        self._skip = "" if tag == self._skip else self._skip

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._skip:
            self.texts.append(re.sub(r"\s+", " ", data.strip()))

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def values(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(name)) is not None]


@pytest.fixture(scope="module")
def page() -> str:
    return render_html(sample.example(), sample.rules())


def test_the_page_says_what_it_said(page: str) -> None:
    """Headings, figures and sentences in reading order; RECONCILE_REGENERATE=1 writes the golden file anew."""
    parsed = _Page(page)
    lines = "\n".join(parsed.texts) + "\n"
    if os.environ.get("RECONCILE_REGENERATE") == "1":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(lines, encoding="utf-8")
    assert lines == GOLDEN.read_text(encoding="utf-8")


def test_the_page_has_no_script_and_points_nowhere_outside_itself(page: str) -> None:
    parsed = _Page(page)
    tags = {tag for tag, _ in parsed.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not [name for _, attrs in parsed.tags for name in attrs if name.startswith("on") or name == "src"]
    assert all(target.startswith("#") for target in parsed.values("href"))
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_every_link_inside_the_page_arrives_and_no_id_occurs_twice(page: str) -> None:
    parsed = _Page(page)
    ids = parsed.values("id")
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in parsed.values("href")} <= set(ids)
    named = {name for value in parsed.values("aria-labelledby") for name in value.split()}
    assert named <= set(ids)


def test_drawings_and_tables_can_be_heard(page: str) -> None:
    parsed = _Page(page)
    drawings = [attrs for tag, attrs in parsed.tags if tag == "svg"]
    assert all({"aria-labelledby", "aria-label", "aria-hidden"} & set(attrs) for attrs in drawings)
    count = [tag for tag, _ in parsed.tags].count
    assert count("caption") == count("table") > 4
    assert all("scope" in attrs for tag, attrs in parsed.tags if tag == "th")
    assert count("main") == count("h1") == count("header") == count("footer") == 1


def test_hostile_data_appears_as_text_only() -> None:
    for text in HOSTILE:
        found = replace(
            sample.findings()[0], sentence=verbatim(text), ydelse=text, fil=text, borger=text, dst_kode=text
        )
        cell = replace(sample.cell("1.4", "2020K3")[0], dst_kode=text, forklaring=text)
        step = BridgeStep(text, "2020K3", "raa", 3, None)
        source = SourceInfo(text, (), 1, (text,), None)
        result = sample.example(
            navn=text,
            findings=(found,),
            caveats=(text,),
            not_run=(NotRun(text, text, text),),
            sources=(source, *sample.sources()),
            tables=(
                ResultTable("hand07_diff", Hand07Cell, (cell,)),
                ResultTable("bro", BridgeStep, (step,)),
                ResultTable("ukendt", BridgeStep, (step,)),
            ),
        )
        page = render_html(result, sample.rules())
        parsed = _Page(page)
        assert "script" not in {tag for tag, _ in parsed.tags}
        assert "img" not in {tag for tag, _ in parsed.tags}
        assert all(target.startswith("#") for target in parsed.values("href"))
        assert re.sub("[\x00\ud800]", "\N{REPLACEMENT CHARACTER}", text[:20]) in parsed.text
        assert "49" not in parsed.texts
        page.encode("utf-8")


def test_a_run_with_nothing_in_it_is_a_whole_page() -> None:
    parsed = _Page(render_html(sample.empty(), sample.rules()))
    assert "Der var intet at kontrollere." in parsed.text
    assert "Kørslen havde ingen kilder." in parsed.text


def test_a_table_the_page_has_never_heard_of_is_shown_with_readable_headings(page: str) -> None:
    text = _Page(page).text
    assert "Ukendt måling" in text
    assert "Åben uge" in text


def test_a_missing_source_is_said_in_the_figure_eight_and_never_drawn_as_zero() -> None:
    cell = replace(sample.eight(sample.cell("1.4", "2020K3")[0]), oekonomi_borgere=None, oekonomi_beloeb=None,
                   begge=None, kun_fagsystem=None, kun_oekonomi=None, flis_borgere=0)  # fmt: skip
    table = ResultTable("ottetal", type(cell), (cell,))
    text = _Page(render_html(sample.example(tables=(table,)), sample.rules())).text
    assert "Økonomi borgere mangler beløb mangler" in text
    assert "FLIS 0 borgere" in text
    assert "i begge" not in text


def test_quarantined_rows_are_on_the_first_screen(page: str) -> None:
    assert page.index("Rapporten er uden 3 rækker") < page.index('<main id="indhold">')
    one = render_html(sample.example(quarantined=1), sample.rules())
    assert "uden 1 række, der" in one
    assert "Karantæne." not in render_html(sample.example(quarantined=0), sample.rules())


def test_a_hundred_thousand_findings_stay_a_small_page() -> None:
    found = [replace(finding, sentence=verbatim("Meget langt. " * 90)) for finding in sample.findings()]
    page = render_html(sample.example(findings=tuple(found * 1112)), sample.rules())
    assert len(page.encode()) < 1_000_000
    assert "5 af 34.472 fund" in _Page(page).text


def test_many_quarters_without_dst_figures_do_not_drown_the_others() -> None:
    cells = [sample.cell(code, period)[0] for code in sample.CODES for period in sample.QUARTERS]
    waiting = [
        replace(cells[0], dst_kode=code, periode=f"{year}K{n}", dst=None, rest=None, forskel_fagsystem=None,
                forskel_flis=None, status=Status.MISSING_DST)
        for code in sample.CODES for year in range(2021, 2031) for n in range(1, 5)
    ]  # fmt: skip
    table = ResultTable("hand07_diff", Hand07Cell, (*cells, *waiting))
    text = _Page(render_html(sample.example(tables=(table,)), sample.rules())).text
    assert "520 sammenligninger" in text
    assert "13 ydelser, 2021K1–2030K4" in text
    assert text.count("2027K3") == 0
    assert text.index("2020K1–2020K4: 7 af 13") < text.index("520 af ")


def _verdict(*cells: tuple[str, str, int, int]) -> str:
    return judge(sample.published(cells)).headline


def test_the_verdict_on_published_figures() -> None:
    assert _verdict(("1.1", "2020K1", 5, 5)) == "2020K1: Den ene ydelse stemmer med Danmarks Statistik."
    assert _verdict(("1.1", "2020K1", 5, 5), ("1.3", "2020K1", 2, 2)) == (
        "2020K1: Alle 2 ydelser stemmer med Danmarks Statistik."
    )
    assert _verdict(("1.1", "2020K1", 5, 6), ("1.3", "2020K1", 2, 2)) == (
        "2020K1: 1 af 2 ydelser stemmer med Danmarks Statistik. 1 person i 1.1 er uforklaret."
    )
    assert _verdict(("1.1", "2020K1", 5, 8), ("1.3", "2020K2", 2, 1)) == (
        "2020K1–2020K2: Ingen af de 2 ydelser stemmer helt med Danmarks Statistik. "
        "3 personer i 1.1 (2020K1) og 1 person i 1.3 (2020K2) er uforklarede."
    )


def test_many_unexplained_differences_are_counted_and_the_largest_is_named() -> None:
    cells = [("1.1", f"202{n}K1", 5, 5 + n) for n in range(5)]
    assert _verdict(*cells) == (
        "2020K1, 2021K1, 2022K1, 2023K1, 2024K1: Den ene ydelse stemmer ikke med Danmarks Statistik. "
        "Ingen af de 4 forskelle er helt forklaret; den største er 4 personer i 1.1 (2024K1)."
    )


def test_without_an_extract_the_page_has_no_columns_for_it() -> None:
    text = _Page(render_html(sample.published([("1.1", "2020K1", 5, 6)]), sample.rules())).text
    assert "Harmoniseret" not in text
    assert "Uden et udtræk af personer fra fagsystemet eller FLIS er der ingen bro" in text


def test_a_bridge_from_flis_alone_is_a_bridge() -> None:
    cell = replace(sample.cell("1.1", "2020K3")[0], fagsystem=None, forskel_fagsystem=None)
    assert cell.harmoniseret is not None
    table = ResultTable("hand07_diff", Hand07Cell, (cell,))
    assert "ingen bro" not in judge(replace(sample.example(), tables=(table,))).lead


def test_the_verdict_counts_what_is_explained_and_names_what_is_not() -> None:
    cells = [sample.cell(code, "2020K3")[0] for code in sample.CODES]
    table = ResultTable("hand07_diff", Hand07Cell, tuple(cells))
    assert judge(sample.example(tables=(table,))).headline == (
        "2020K3: 8 af 13 ydelser stemmer med Danmarks Statistik. "
        "3 af 5 forskelle er forklaret; 3 personer i 1.12.0.2 og 1 person i 1.13.4 er uforklarede."
    )


def test_the_verdict_without_figures_speaks_of_the_findings() -> None:
    result = sample.example(tables=(), quarantined=0)
    assert judge(result).headline == "Reglerne giver 90 sager: 11 fejl, 51 advarsler og 28 oplysninger."
    calm = replace(result, findings=tuple(f for f in result.findings if f.alvor is Severity.INFORMATION)[:1])
    assert (judge(calm).headline, judge(calm).tone) == ("Reglerne giver 1 sag: 1 oplysning.", "ok")
    assert judge(replace(result, findings=())).headline == "Reglerne fandt intet at rette."


def test_the_tag_agrees_with_the_exit_status() -> None:
    for result in (
        sample.example(),
        sample.empty(),
        sample.empty(quarantined=1),
        sample.published([("1.1", "2020K3", 2, 1)]),
    ):
        assert (judge(result).tone == "bad") == bool(result.exit_code)


def test_the_bars_of_a_bridge_meet_and_one_person_can_be_seen() -> None:
    levels = [Level("a", "", "total", 1000, None), Level("b", "", "change", 999, -1), Level("c", "", "end", 999, None)]
    drawing = waterfall(levels)
    first, change, end = drawing.bars
    assert drawing.shortened
    assert change.width >= 2
    assert change.x + change.width == pytest.approx(first.x + first.width)
    assert change.x == pytest.approx(end.x + end.width)
    assert not waterfall([Level("a", "", "total", 164, None), Level("b", "", "end", 82, None)]).shortened
    assert waterfall([]).bars == ()
    assert waterfall([Level("a", "", "total", 0, None)]).bars[0].width >= 2


def test_a_curve_breaks_where_a_figure_is_missing() -> None:
    curve = spark([1, 2, None, 4, 5], [None] * 5)
    assert len(curve.own) == 2
    assert curve.dst == ()
    assert curve.last_dst is None


def test_quarters_are_told_as_spans_and_codes_sort_as_numbers() -> None:
    assert span(("2020K1", "2020K2", "2020K4", "2021K1")) == "2020K1–2020K2, 2020K4–2021K1"
    assert sorted(["1.12.0.2", "1.8.1", "x", "1.1"], key=code_order) == ["1.1", "1.8.1", "1.12.0.2", "x"]


def test_every_word_of_the_templates_can_be_translated() -> None:
    for template in sorted(TEMPLATES.glob("*.j2")):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        words = re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>", " ", text))
        assert set(words) <= {"DST", "SHA", "nbsp", "reconcile"}, template.name


@pytest.mark.system
@pytest.mark.parametrize("width", [390, 768])
def test_the_page_does_not_scroll_sideways(tmp_path: Path, width: int) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("chromium is not installed")
    _write_frame(tmp_path, sample.example(), width)
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
         "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}",
         "--virtual-time-budget=4000", "--dump-dom", (tmp_path / "frame.html").as_uri()],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    wide = re.search(r"wide=(\d+)", done.stdout)
    assert wide, done.stderr[-500:]
    assert int(wide[1]) <= width


def _write_frame(folder: Path, result: RunResult, width: int) -> None:
    """The report in a frame of that width, and a script beside it that measures how wide its content is."""
    page = render_html(result, sample.rules())
    quoted = page.replace("&", "&amp;").replace('"', "&quot;")
    measure = "document.title='';document.body.append('wide='+f.contentDocument.documentElement.scrollWidth)"
    frame = f'<iframe id="f" style="width:{width}px;height:900px;border:0" srcdoc="{quoted}"></iframe>'
    script = f"<script>const f=document.getElementById('f');f.onload=()=>{{{measure}}}</script>"
    (folder / "frame.html").write_text(f"<!doctype html><body>{frame}{script}", encoding="utf-8")


def test_a_source_that_is_not_part_of_the_run_has_no_column_and_is_not_called_missing() -> None:
    eight = replace(sample.eight(sample.cell("1.4", "2020K1")[0]), flis_borgere=None, flis_fuldtid=None)
    other = replace(eight, dst_kode="1.1")
    page = render_html(sample.empty(tables=(ResultTable("ottetal", OttetalCell, (eight, other)),)))
    table = page[page.index('aria-labelledby="h-otte-alle"') :].partition("</table>")[0]
    assert "FLIS" not in table
    assert "mangler" not in table


def test_a_remark_stands_beside_its_case_and_an_open_cell_has_its_own() -> None:
    result = sample.example()
    table = result.table("sager")
    assert table is not None
    cell, first, *others = table.rows
    written = (
        replace(cell, bemaerkning="Spurgt hos Danmarks Statistik"),
        replace(first, bemaerkning="<b>Ringet</b>", ansvarlig="Bo", arbejdsstatus="i gang"),
        *others,
    )
    tables = tuple(replace(t, rows=written) if t.name == "sager" else t for t in result.tables)
    page = render_html(replace(result, tables=tables), sample.rules())
    row = page[page.index("Bo, i gang: &lt;b&gt;Ringet&lt;/b&gt;") - 3000 :]
    assert first.besked.split(":")[0] in row[:3100]
    assert page.count("Spurgt hos Danmarks Statistik") == 2  # in what to do, and among the cases
    assert "2 med bemærkning" in _Page(page).text


def test_every_choice_of_a_filter_counts_the_rows_it_leaves(page: str) -> None:
    chosen = re.findall(r'id="f-([a-z]+\d+)"><label[^>]*>[^<]*<small>(\d+)</small>', page)
    rows = re.findall(r'<tr class="row ([^"]*)"', page)
    assert len(chosen) > 10
    assert rows
    for mark, count in chosen:
        assert sum(mark in row.split() for row in rows) == int(count)
        assert f".find:has(#f-{mark}:checked) .row:not(.{mark}){{display:none}}" in page


def test_a_rule_says_how_many_rows_it_was_tried_on() -> None:
    result = replace(sample.example(), tried={"VH01": 1_738, "VH03": 1})
    page = render_html(result, sample.rules())
    assert re.search(r'<b>VH01</b>[^\n]*>1\.738</td><td class="n z"[^>]*>–</td>', page)  # and found nothing
    assert re.search(r'<b>VH03</b>[^\n]*>1</td><td class="n"[^>]*><a href="#regel-VH03">4</a></td>', page)
    assert "prøvet 1 række, 4 fund" in _Page(page).text


def test_every_table_says_where_all_its_rows_are(page: str) -> None:
    for name in ("hand07_diff.csv", "ottetal.csv", "sager.csv"):
        assert name in page


def test_the_first_screen_says_whether_it_can_be_approved_when_it_is_due_and_what_is_new() -> None:
    made = sample.example()
    quarters = (
        ApprovalRow("2020K3", date(2020, 10, 14), date(2020, 10, 14), 13, 1, 0, 2, None, None),
        ApprovalRow("2020K4", date(2021, 1, 14), date(2021, 1, 14), 13, 0, 0, 0, None, None),
    )
    since = (SinceRow("VH03", "1.1", 2, 1, 0, 3),)
    more = (ResultTable("godkendelse", ApprovalRow, quarters), ResultTable("siden_sidst", SinceRow, since))
    points = standing(replace(made, tables=(*made.tables, *more), quarantined=0))
    assert [(point.question, [answer for *_sign, answer in point.answers]) for point in points] == [
        (
            "Kan det godkendes?",
            [
                "2020K3: kun med en begrundelse: 1 uforklaret celle og 2 åbne sager med fejl",
                "2020K4: intet i kørslen står i vejen",
            ],
        ),
        ("Frist", ["14-01-2021 for 2020K4; om 2 dage"]),
        ("Siden sidst", ["2 nye fund, 3 løste, 0 ændrede og 0 tal har flyttet sig."]),
    ]
