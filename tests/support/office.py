"""LibreOffice, where it is installed: to make its profile takes longer than to convert a workbook, so a process makes one."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@cache
def _profile() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="libreoffice-")  # removed when the process ends


def there() -> bool:
    """Whether it is installed."""
    return shutil.which("soffice") is not None


def needed() -> None:
    """Skip the test where it is not installed."""
    if not there():
        pytest.skip("libreoffice is not installed")


def saved(path: Path, folder: Path, form: str = "xlsx") -> Path:
    """The file as LibreOffice saves it, in a folder that has no other file; ``form`` is what ``--convert-to`` takes."""
    profile = f"-env:UserInstallation={Path(_profile().name).as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(path)]
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    (made,) = folder.iterdir()
    return made
