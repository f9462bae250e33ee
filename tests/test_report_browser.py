"""The sample's rapport.html in a real browser: links, console, network, width and accessibility."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from support import report_example
from support.examples import DEEP

from reconcile.reports.html import render_html
from reconcile.reports.mail_body import mail_body

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.system
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium; without it the tests are skipped, but not where CI is set."""
    if not Path(CHROMIUM).is_file():
        reason = "chromium is not installed (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def reports(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages to look at: the sample municipality's report, a full example, an empty one, and a mail."""
    folder = tmp_path_factory.mktemp("browser")
    made = {"sample": sample / "rapport" / "rapport.html"}
    rules = report_example.rules()
    pages = {
        "example": render_html(report_example.example(), rules),
        "empty": render_html(report_example.empty(), rules),
        "mail": mail_body(report_example.example(), rules, ["rapport.xlsx"]).html,
    }
    for name, text in pages.items():
        made[name] = folder / f"{name}.html"
        made[name].write_text(text, encoding="utf-8")
    return made


PAGES = ("sample", "example", "empty", "mail")


@pytest.mark.parametrize("name", PAGES)
def test_it_says_nothing_in_the_console_and_asks_the_network_for_nothing(
    name: str, browser: Browser, reports: dict[str, Path]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(reports[name].as_uri())
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert said == []
    assert asked == [reports[name].as_uri()]
    context.close()


#: Presses every link of the page, or every third of them, where a mouse would, and says where each led: what is pressed, where
#: the page is, the box of the target and the height of the window. In the page itself: a question of the test for each link
#: takes half a minute.
_PRESSED = """async every => {
  const seen = [], drawn = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)))
  for (const link of [...document.querySelectorAll('a[href]')].filter((_, number) => number % every === 0)) {
    for (let d = link; (d = d.parentElement.closest('details')); ) d.open = true
    const href = link.getAttribute('href')
    link.focus()
    link.scrollIntoView({block: 'center', behavior: 'instant'})
    const [box] = link.getClientRects()
    const hit = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
    const pressed = hit && link.contains(hit)
    if (pressed) link.click()
    await drawn()
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    const b = target ? target.getBoundingClientRect() : {top: 0, bottom: 0, width: 0}
    seen.push([href, Boolean(pressed), decodeURIComponent(location.hash), b.top, b.bottom, b.width, innerHeight])
  }
  return seen
}"""


@pytest.mark.parametrize("name", ["sample", "example"] if DEEP else ["sample"])
def test_every_internal_link_leads_somewhere_that_can_be_seen(
    name: str, browser: Browser, reports: dict[str, Path]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(reports[name].as_uri())
    followed = page.evaluate(_PRESSED, 1 if DEEP else 3)
    assert len(followed) > 10
    for href, pressed, where, top, bottom, width, height in followed:
        assert href.startswith("#")
        assert pressed, f"{href} cannot be pressed"
        assert where == href
        assert width > 0, href
        assert top < height, href
        assert bottom > 0, href
    page.close()


@pytest.mark.parametrize("width", [390, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_it_never_scrolls_sideways(name: str, width: int, browser: Browser, reports: dict[str, Path]) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(reports[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize(("width", "height", "most"), [(1440, 900, 12), (390, 844, 25)])
def test_the_sample_is_read_in_a_few_screens(
    width: int, height: int, most: int, browser: Browser, reports: dict[str, Path]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(reports["sample"].as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") <= most * height
    page.close()


def test_the_first_page_of_the_print_holds_the_verdict_the_figure_eight_and_what_to_do(
    browser: Browser, reports: dict[str, Path]
) -> None:
    millimetre = 96 / 25.4
    page = browser.new_page(viewport={"width": int(210 * millimetre), "height": 1000})
    page.goto(reports["sample"].as_uri())
    page.emulate_media(media="print")
    page.evaluate(f"document.body.style.width = '{(210 - 26) * millimetre}px'")  # the paper less its margins
    ends = page.evaluate(
        "['header', '#ottetal', '#todo'].map(s => document.querySelector(s).getBoundingClientRect().bottom)"
    )
    assert max(ends) <= (297 - 28) * millimetre
    # What is wider than the paper makes the browser shrink every page.
    wide = page.eval_on_selector_all(
        "table, svg",
        "all => Math.max(...all.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().right))",
    )
    assert wide <= (210 - 26) * millimetre + 1
    page.close()


def test_the_report_is_printed_to_the_same_pdf_with_page_numbers(reports: dict[str, Path], tmp_path: Path) -> None:
    from reconcile.reports.pdf import PDF, printer, write_pdf

    made = []
    for name in ("en", "to"):
        (tmp_path / name).mkdir()
        shutil.copy(reports["empty"], tmp_path / name / "rapport.html")
        write_pdf(tmp_path / name, printer() or "")
        made.append((tmp_path / name / PDF).read_bytes())
    assert made[0].startswith(b"%PDF-")
    assert b"/Outlines" in made[0]
    assert made[0] == made[1]


def test_no_word_of_the_print_is_broken_into_letters_and_what_lies_in_files_is_not_printed(
    browser: Browser, reports: dict[str, Path]
) -> None:
    page = browser.new_page(viewport={"width": 794, "height": 1000})
    page.goto(reports["sample"].as_uri())
    page.emulate_media(media="print")
    page.evaluate("document.body.style.width = '695px'")  # an A4 page less its margins
    broken = page.evaluate(
        """() => [...document.querySelectorAll('td, th')].filter(e => e.checkVisibility() && e.childElementCount === 0
          && !e.closest('.unseen, .wide, .aside') && /^[a-zæøå]{4,14}$/i.test(e.textContent.trim())).filter(e => {
            const range = document.createRange(); range.selectNodeContents(e);
            return new Set([...range.getClientRects()].map(r => r.top)).size > 1; }).map(e => e.textContent)"""
    )
    assert broken == []
    assert page.locator("#find .row").first.is_visible()
    asides = page.locator("details.aside")
    assert asides.count() > 20
    assert not any(fold.locator(":scope > :not(summary)").first.is_visible() for fold in asides.all()[:3])
    page.close()


def test_no_word_of_a_drawing_begins_or_ends_outside_it(browser: Browser, reports: dict[str, Path]) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    for name in ("sample", "example"):
        page.goto(reports[name].as_uri())
        page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true })")
        cut = page.eval_on_selector_all(
            "svg text",
            """all => all.filter(e => { const t = e.getBBox(), b = e.ownerSVGElement.viewBox.baseVal;
              return t.x < -1 || t.x + t.width > b.width + 1; }).map(e => e.textContent)""",
        )
        assert cut == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_drawings_can_be_read_where_the_reader_has_chosen_the_colours(
    scheme: Literal["light", "dark"], browser: Browser, reports: dict[str, Path]
) -> None:
    context = browser.new_context(forced_colors="active", color_scheme=scheme)
    page = context.new_page()
    page.goto(reports["sample"].as_uri())
    ink, paper = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
    assert ink != paper
    told = page.eval_on_selector_all("svg text", "all => [...new Set(all.map(e => getComputedStyle(e).fill))]")
    assert told == [ink]
    boxes = page.eval_on_selector_all(
        ".node rect, .pill rect", "all => [...new Set(all.map(e => getComputedStyle(e).fill))]"
    )
    assert boxes == [paper]
    context.close()


#: Every date whose letters stand on more than one line, and every box that hides something without showing that it scrolls.
_BROKEN = """() => {
  const broken = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.parentElement.closest('style, svg, .unseen')) continue;
    for (const found of node.data.matchAll(/\\d\\d-\\d\\d-\\d{4}|\\d{4}-\\d\\d-\\d\\d|\\d{4}-U\\d\\d/g)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      if (new Set([...range.getClientRects()].map(r => r.top)).size > 1) broken.push(found[0]);
    }
  }
  for (const box of document.querySelectorAll('body *')) {
    const style = getComputedStyle(box);
    if (box.closest('.unseen, .stack thead') || box.scrollWidth <= box.clientWidth || style.overflowX === 'visible') continue;
    const told = style.overflowX === 'auto' && style.backgroundImage.includes('gradient') && box.tabIndex === 0;
    if (!told && !box.matches('svg, svg *, small')) broken.push(box.outerHTML.slice(0, 80));
  }
  return broken;
}"""


@pytest.mark.parametrize("width", [390, 1440])
def test_no_date_is_broken_and_nothing_is_hidden_without_a_sign(
    width: int, browser: Browser, reports: dict[str, Path]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(reports["sample"].as_uri())
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true })")
    assert page.evaluate(_BROKEN) == []
    page.close()


def test_what_can_be_pressed_is_large_enough(browser: Browser, reports: dict[str, Path]) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(reports["sample"].as_uri())
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true })")
    small = page.eval_on_selector_all(
        "summary, nav a, .choice, .matrix td a",
        "all => all.map(e => [e.textContent.slice(0, 40), e.getBoundingClientRect()])"
        ".filter(([, b]) => b.height < 24 || b.width < 24).map(([text]) => text)",
    )
    assert small == []
    page.close()


def test_cases_are_found_with_the_keyboard_alone_and_all_are_printed(
    browser: Browser, reports: dict[str, Path]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page.goto(reports["sample"].as_uri())
    rows = page.locator("#find .row")
    page.locator("#find > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the first question
    page.keyboard.press("ArrowRight")  # its first choice
    page.keyboard.press("ArrowRight")
    mark = page.locator("#find input:checked").first.get_attribute("id").removeprefix("f-")
    seen = rows.evaluate_all("all => all.filter(row => row.checkVisibility()).map(row => row.className)")
    assert 0 < len(seen) < rows.count()
    assert all(mark in names.split() for names in seen)
    assert len(seen) == page.locator(f"#find .row.{mark}").count()
    page.emulate_media(media="print")
    assert rows.evaluate_all("all => all.every(row => row.checkVisibility())")
    page.close()


#: Leaves two of what stands in one place and looks alike (what it is made of, less words, links and numbered classes).
_FEW_ALIKE = """() => {
  const style = e => (e.getAttribute('class') || '').replace(/\\b[a-z]+\\d+\\b/g, '').trim();
  const look = e => e.tagName + '.' + style(e) + '(' + [...e.children].map(look).join(' ') + ')';
  for (const parent of [...document.body.querySelectorAll('*')].reverse()) {  // the innermost first
    const seen = {};
    for (const child of [...parent.children]) {
      const like = look(child);
      seen[like] = (seen[like] || 0) + 1;
      if (seen[like] > 2) child.remove();
    }
  }
}"""
_AXE = files("axe_playwright_python").joinpath("axe.min.js")
_FAULTS = """async rules => (await axe.run({resultTypes: ['violations'], rules})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact)).map(v => [v.impact, v.id, v.nodes.length, v.nodes[0].html])"""


#: Narrow and wide, light and dark; in ``make deeper`` every page in every pair of them.
LOOKS = (
    list(product(PAGES, (390, 1280), ("light", "dark")))
    if DEEP
    else [("sample", 1280, "light"), ("example", 390, "dark"), ("empty", 390, "dark"), ("mail", 1280, "light")]
)


@pytest.mark.parametrize(("name", "width", "scheme"), LOOKS)
def test_axe_finds_no_serious_fault(
    name: str, width: int, scheme: Literal["light", "dark"], browser: Browser, reports: dict[str, Path]
) -> None:
    """Of what looks alike it sees two: the contrast of ten thousand cells takes it half a minute, each time."""
    # The report's own policy forbids scripts; axe is one, and is ours.
    context = browser.new_context(viewport={"width": width, "height": 844}, bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(reports[name].as_uri())
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true })")
    page.evaluate(_FEW_ALIKE)
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    assert page.evaluate(_FAULTS, {}) == []
    context.close()


@pytest.mark.skipif(not DEEP, reason="make deeper: the suite looks at two of what is alike")
def test_axe_finds_no_serious_fault_in_the_whole_sample_contrast_aside(
    browser: Browser, reports: dict[str, Path]
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 844}, bypass_csp=True)
    page = context.new_page()
    page.goto(reports["sample"].as_uri())
    page.eval_on_selector_all("details", "all => all.forEach(d => { d.open = true })")
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    assert page.evaluate(_FAULTS, {"color-contrast": {"enabled": False}}) == []
    context.close()


def test_axe_can_find_a_fault(browser: Browser, tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<html><body><img src='x.png'><p style='color:#ccc'>svag</p></body></html>", encoding="utf-8")
    page = browser.new_page()
    page.goto(bad.as_uri())
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    assert {"image-alt", "color-contrast"} <= {fault for _impact, fault, _count, _html in page.evaluate(_FAULTS, {})}
    page.close()
