"""``rapport.pdf``: the page printed by a browser that is already on the machine, or by WeasyPrint where that is installed.

Every detail is unfolded, every page has its number, and the headings are the file's bookmarks.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.privacy import door

PDF = "rapport.pdf"
_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_PLACES = (
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
#: Nothing is fetched, and nothing is left behind but the file.
_QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-breakpad", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer", "--generate-pdf-document-outline",
)  # fmt: skip
_SECONDS = 180
#: When a PDF says that it was made; the same page gives the same file.
_MADE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")


def printer() -> str | None:
    """What can print the page: a browser's path, ``weasyprint``, or None."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    found = found or next((place for place in _PLACES if Path(place).is_file()), None)
    return found or ("weasyprint" if find_spec("weasyprint") else None)


def write_pdf(folder: Path, with_what: str) -> None:
    """Print ``rapport.html`` in a folder to ``rapport.pdf`` beside it.

    Raises:
        InputError: it could not be printed.
    """
    page = folder / "rapport.html"
    content = _weasy(page) if with_what == "weasyprint" else _browser(page, with_what)
    door.write(
        folder / PDF, _MADE.sub(rb"\g<1>20000101000000", content), sealed=True
    )  # the page has been through the door


def _weasy(page: Path) -> bytes:
    import weasyprint  # type: ignore[import-not-found,unused-ignore]

    return bytes(weasyprint.HTML(filename=str(page)).write_pdf())


def _browser(page: Path, browser: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="reconcile-") as made:
        target = Path(made) / PDF
        as_root = ["--no-sandbox"] if sys.platform != "win32" and os.geteuid() == 0 else []
        command = [
            browser,
            *_QUIET,
            *as_root,
            f"--user-data-dir={made}/profil",
            f"--print-to-pdf={target}",
            page.absolute().as_uri(),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 - a program of the machine, and a page of ours
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            text = _(
                "rapport.pdf kunne ikke laves med {program}: {grund}. Kør uden --pdf, og udskriv rapport.html fra en browser."
            )
            raise InputError(text.format(program=Path(browser).name, grund=type(error).__name__)) from None
