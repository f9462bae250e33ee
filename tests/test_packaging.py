"""The package is whole: every folder is declared, and a wheel works from another folder than the repository."""

from __future__ import annotations

import configparser
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def declared() -> set[str]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return set(parser["options"]["packages"].split())


def test_setup_cfg_names_every_package_folder() -> None:
    folders = {p.parent for p in (ROOT / "reconcile").rglob("*.py") if "__pycache__" not in p.parts}
    names = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert declared() - {"reconcile.expectations", "reconcile.templates", "reconcile.samples"} == names


def test_the_data_folders_are_not_shadowed_in_the_source_tree() -> None:
    for name in ("expectations", "templates", "samples"):
        assert not (ROOT / "reconcile" / name).exists()


@pytest.fixture(scope="module")
def wheel_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel installed; it sees this one's libraries, but not the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)], check=True, timeout=300
    )
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = next((folder / "venv").rglob("site-packages"))
    wheel = next(folder.glob("*.whl"))
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)],
        check=True,
        timeout=300,
    )
    libraries = [p for p in sys.path if p.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    return python


def test_a_wheel_runs_the_sample_from_another_folder(wheel_python: Path, tmp_path: Path) -> None:
    where = "import reconcile.resources as r; print(r.EXPECTATIONS); print(r.SAMPLES); print(r.TEMPLATES)"
    found = subprocess.run([wheel_python, "-c", where], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(ROOT) not in found.stdout
    demo = subprocess.run(
        [wheel_python, "-m", "reconcile", "demo", "eksempel"], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert demo.returncode == 0, demo.stderr
    manifest = json.loads((tmp_path / "eksempel" / "rapport" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["antal"]["fund"] > 0
