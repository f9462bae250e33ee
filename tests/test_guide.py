"""The guide is run: its commands, what they print, the rows its files are shown with, and its pictures.

A block marked ``sh`` is typed line by line in a scratch folder, in the order of the guide; the ``text`` block after it is what
the program prints, with what the reader types after each question. ``<!-- ikke prøvet: … -->`` above says why it is not.
``RECONCILE_REGENERATE=1`` writes the printed blocks, the rows and the pictures anew.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from support import newcomer
from support.runs import call

from reconcile.cli.group import reconcile

DOCS = Path(__file__).parent.parent / "docs"
GUIDE = DOCS / "brugervejledning.md"
PAGES = (GUIDE, DOCS / "til-lederen.md", DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md")
REGENERATE = os.environ.get("RECONCILE_REGENERATE") == "1"
BLOCK = re.compile(
    r"(?:^<!-- ikke prøvet: (?P<why>[^>]+) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
PICTURES: dict[str, tuple[Any, ...]] = {
    "rapport-dom.webp": (0, 0, 1000, 640),
    "rapport-sager.webp": ("#todo", 620),
    "rapport-laesning.webp": ("#laesning", 560),
}
MOST_BYTES = 300_000


@dataclass(frozen=True)
class Block:
    """A fenced block of the guide: its kind, its text, where the text stands, and why it is not run."""

    kind: str
    text: str
    span: tuple[int, int]
    why: str | None


def blocks(page: str) -> list[Block]:
    return [Block(m["kind"], m["text"], m.span("text"), m["why"]) for m in BLOCK.finditer(page)]


def answered(block: Block) -> Iterator[str]:
    """What the reader types after each question of a printed block, in order."""
    for line in block.text.splitlines():
        if question := re.search(r"(?:\]|senere\)|\)): (\S.*)$", line):
            yield question[1]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the guide's reader has exported; its name is one of a Windows user's."""
    folder = tmp_path_factory.mktemp("guide") / "Årets afstemning"
    newcomer.write(folder / "udtræk", newcomer.municipality())
    return folder


@dataclass
class Walk:
    """The guide walked through: the page as it is, as it would be printed now, and how many lines and questions there were."""

    page: str
    fresh: str
    lines: int
    questions: int


@pytest.fixture(scope="module")
def walk(desk: Path) -> Iterator[Walk]:
    """Everything the guide says is typed, once."""
    page = GUIDE.read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(desk)
        yield _walk(page, desk, patch)


def _walk(page: str, desk: Path, patch: pytest.MonkeyPatch) -> Walk:
    found = [block for block in blocks(page) if block.kind in ("sh", "text")]
    made: list[tuple[tuple[int, int], str]] = []
    lines = questions = 0
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block.kind != "sh" or block.why:
            continue
        shown = after if after and after.kind == "text" else None
        answers = list(answered(shown)) if shown else []
        told = []
        for line in block.text.splitlines():
            code, printed = typed(line, iter(answers), patch)
            assert code in (0, 1), (line, printed)
            told.append(printed)
        lines += len(told)
        questions += len(answers)
        if shown:
            made.append((shown.span, normal("\n".join(filter(None, told)), desk)))
    fresh = page
    for (start, end), text in reversed(made):
        fresh = f"{fresh[:start]}{text}{fresh[end:]}"
    return Walk(page, fresh, lines, questions)


class Screen(io.StringIO):
    """A terminal that keeps what is written on it."""

    def isatty(self) -> bool:
        return True


def typed(line: str, answers: Iterator[str], patch: pytest.MonkeyPatch) -> tuple[int, str]:
    """A line typed on a terminal: its exit code, and what stands on the screen."""
    words = shlex.split(line)
    if words[0] == "cd":
        patch.chdir(words[1])
        return 0, ""
    assert words[0] == "reconcile", line
    screen = Screen()

    def ask(prompt: str) -> str:
        given = next(answers)
        screen.write(f"{prompt}{given}\n")
        return given

    with patch.context() as terminal:
        terminal.setattr("click.termui.visible_prompt_func", ask)
        terminal.setattr("reconcile.cli.add.talks", lambda: True)
        terminal.setattr(sys, "stdout", screen)
        code = call(*words[1:])
    return code, screen.getvalue()


def normal(printed: str, desk: Path) -> str:
    """What is printed, without what is another on every machine and at every time."""
    text = printed.replace(str(desk), "C:/afstemning").replace("\\", "/")
    return re.sub(r"ud/\d{4}-\d{2}-\d{2}-\d{6}", "ud/2023-10-05-101500", text).strip("\n") + "\n"


def test_the_commands_of_the_guide_do_what_it_says(walk: Walk) -> None:
    assert walk.lines >= 5
    if REGENERATE:
        GUIDE.write_text(walk.fresh, encoding="utf-8", newline="\n")
    else:
        assert walk.page == walk.fresh


def test_a_newcomers_files_become_a_right_report_after_three_answers_and_no_hand_editing(
    walk: Walk, desk: Path
) -> None:
    assert walk.questions <= 3
    truth = newcomer.municipality()
    assert not any(
        c.cpr in walk.fresh or f"{c.cpr[:6]}-{c.cpr[6:]}" in walk.fresh.split("```text")[1] for c in truth.courses
    )
    (report,) = (desk / "min-mappe" / "ud").glob("*/resultat.json")
    result = json.loads(report.read_text(encoding="utf-8"), parse_float=Decimal)
    assert {cell["dst_kode"] for cell in result["hand07_diff"]} == set(newcomer.TEXTS)
    for cell in result["hand07_diff"]:
        assert cell["fagsystem"] == cell["dst"] == truth.persons(cell["dst_kode"], "2023K3")
    spent = {cell["dst_kode"]: cell["oekonomi_beloeb"] for cell in result["ottetal"]}
    assert spent == {
        code: sum(amount for _cpr, of, _day, amount in truth.payments if of == code) for code in newcomer.TEXTS
    }


def test_every_block_that_is_not_run_says_why() -> None:
    for block in blocks(GUIDE.read_text(encoding="utf-8")):
        if block.kind == "powershell":
            assert block.why, block.text
        assert block.why is None or block.why.strip()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_of_the_documentation_is_one_the_program_takes(path: Path) -> None:
    """Blocks and commands inside sentences: names, options and arguments are read by the command's own parser."""
    page = path.read_text(encoding="utf-8")
    lines = re.findall(r"^ {4}(reconcile [^\n]*)$", page, re.MULTILINE) + re.findall(r"`(reconcile [^`\n]*)`", page)
    lines += [line for block in blocks(page) if block.kind == "sh" for line in block.text.splitlines()]
    assert lines or path.name == "til-lederen.md"
    for line in lines:
        words = shlex.split(line.split("  #")[0])
        if len(words) < 2 or words[0] != "reconcile" or any("…" in word or word.isupper() for word in words[1:]):
            continue
        parsed(words[1:], line)


def parsed(words: list[str], line: str) -> None:
    """Read the words as the command would; what is only a name (``reconcile accept``) may lack what it needs."""
    if words[0].startswith("-"):
        return
    assert words[0] in reconcile.commands, line
    command: click.Command = reconcile.commands[words[0]]
    rest = words[1:]
    if isinstance(command, click.Group) and rest:
        command, rest = command.commands[rest[0]], rest[1:]
    try:
        command.make_context(words[0], rest)
    except (click.exceptions.Exit, click.exceptions.NoArgsIsHelpError):
        pass
    except click.MissingParameter:
        assert not rest, line
    except click.BadOptionUsage:
        assert words[-1].startswith("--"), line  # an option that is only named


def test_the_rows_that_the_guide_shows_are_those_of_the_files(desk: Path) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    for name in ("nexus-2023-09.xlsx", "posteringer 2023 (økonomi).xlsx", "hand07 modtagere.xlsx"):
        start, end = f"<!-- rækker fra {name} -->\n", "<!-- slut på rækker -->"
        before, _mark, rest = page.partition(start)
        assert _mark, name
        shown, _end, after = rest.partition(end)
        if REGENERATE:
            page = f"{before}{start}{table(desk / 'udtræk' / name)}{end}{after}"
            GUIDE.write_text(page, encoding="utf-8", newline="\n")
        else:
            assert shown == table(desk / "udtræk" / name)


def table(path: Path) -> str:
    """The first rows of a sheet and its last, as it looks in Excel with rows and columns named."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [["" if cell is None else str(cell).replace(".", ",") if isinstance(cell, float) else str(cell) for cell in row]
            for row in sheet.iter_rows(values_only=True)]  # fmt: skip
    head = [f"| | {' | '.join('ABCDEFGH'[: len(rows[0])])} |", "|" + "---|" * (len(rows[0]) + 1)]
    first = next(place for place, row in enumerate(rows) if sum(map(bool, row)) > 1) + 4
    told = [f"| **{number}** | {' | '.join(row)} |" for number, row in enumerate(rows[:first], start=1)]
    last = f"| **{len(rows)}** | {' | '.join(rows[-1])} |"
    return "\n".join([*head, *told, "| … |" + " |" * len(rows[0]), last]) + "\n"


@pytest.fixture(scope="module")
def pictures() -> Path:
    """The folder of the pictures; made anew from the sample's report where that is asked for."""
    folder = DOCS / "billeder"
    if REGENERATE and (chromium := shutil.which("chromium")):
        import tempfile

        with tempfile.TemporaryDirectory() as scratch:
            call("demo", Path(scratch) / "demo", "--quiet")
            _photograph(chromium, Path(scratch) / "demo" / "rapport" / "rapport.html", folder)
    return folder


def _photograph(chromium: str, report: Path, folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(report.as_uri())
        camera = page.context.new_cdp_session(page)
        page.evaluate("document.querySelector('#laesning details').open = true")
        for name, where in PICTURES.items():
            if isinstance(where[0], str):
                box = page.locator(where[0]).bounding_box()
                assert box
                x, y, width, height = 0.0, box["y"] - 8, 1000, where[1]
            else:
                x, y, width, height = where
            clip = {"x": x, "y": y, "width": width, "height": height, "scale": 1}
            wanted = {"format": "webp", "quality": 55, "clip": clip, "captureBeyondViewport": True}
            shot = camera.send("Page.captureScreenshot", wanted)
            (folder / name).write_bytes(base64.b64decode(shot["data"]))
        browser.close()


def test_the_pictures_of_the_guide_are_there_and_small(pictures: Path) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    for name in PICTURES:
        assert f"](billeder/{name})" in page
        assert (pictures / name).read_bytes()[8:12] == b"WEBP"
    assert sorted(path.name for path in pictures.iterdir()) == sorted(PICTURES)
    assert sum(path.stat().st_size for path in pictures.iterdir()) < MOST_BYTES


def test_the_words_of_the_managers_page_are_those_of_the_mail() -> None:
    from support.catalogue import key, messages, stored

    known = {key(message) for message in messages(stored())}
    page = (DOCS / "til-lederen.md").read_text(encoding="utf-8")
    quoted = re.findall(r"^\| \*\*([^*]+)\*\* \|", page, re.MULTILINE)
    assert len(quoted) >= 8
    for words in quoted:
        assert words in known, words
