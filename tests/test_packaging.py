"""The package is whole: every folder is declared, and a wheel works from another folder than the repository."""

from __future__ import annotations

import configparser
import json
import os
import re
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


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        found[1].lower().replace("_", "-"): found[2] for found in re.finditer(r"(?m)^([\w.-]+)==([^ ;\\\n]+)", text)
    }


def bounds() -> dict[str, str]:
    """The lower bound of each library in setup.cfg."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = parser["options"]["install_requires"].split("\n")
    found = (re.fullmatch(r"([\w-]+)>=([\d.]+)(?:,<[\d.]+)?", line) for line in lines if line)
    return {match[1].lower().replace("_", "-"): match[2] for match in found if match}


def test_the_lowest_versions_are_those_of_setup_cfg() -> None:
    lowest = pinned("constraints-lowest.txt")
    assert len(bounds()) >= 19
    for name, bound in bounds().items():
        whole = lowest[name].split(".")
        assert whole[: len(bound.split("."))] == bound.split("."), name
        assert not any(part.strip("0") for part in whole[len(bound.split(".")) :]), name


def test_what_was_tested_is_pinned_with_hashes_and_is_what_the_sbom_says() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w])", text)[1:]
    assert all(re.search("--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert set(bounds()) <= set(pinned("constraints.txt"))
    made = subprocess.run([sys.executable, str(ROOT / "tools" / "sbom.py")], capture_output=True, check=True)
    told = json.loads(made.stdout)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert {each["name"].replace("_", "-"): each["version"] for each in told["components"]} == pinned("constraints.txt")
    assert all(each["hashes"] for each in told["components"])


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
    installed = next(wheel_python.parents[1].rglob("site-packages")) / "reconcile"
    before = _files(installed)
    demo = subprocess.run(
        [wheel_python, "-m", "reconcile", "demo", "eksempel"], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert demo.returncode == 0, demo.stderr
    manifest = json.loads((tmp_path / "eksempel" / "rapport" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["antal"]["fund"] > 0
    assert _files(installed) == before, "what a run leaves beside the program stays when it is uninstalled"


def _files(installed: Path) -> set[Path]:
    """Python removes its own compiled modules with the program; nothing else goes away."""
    return {path for path in installed.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_a_wheel_knows_the_headings_that_systems_write(wheel_python: Path, tmp_path: Path) -> None:
    (tmp_path / "nexus.csv").write_text(
        "CPR-nummer;DST kode;Bevilget fra;Bevilget til\n0101600001;1.1;01-01-2023;\n", encoding="utf-8"
    )
    for words in (["init", ".", "--kommune", "Lemvig"], ["add", "nexus.csv", "--yes"]):
        made = subprocess.run([wheel_python, "-m", "reconcile", *words], cwd=tmp_path, capture_output=True, text=True)
        assert made.returncode == 0, made.stdout + made.stderr
    assert 'start_dato = "Bevilget fra"' in (tmp_path / "reconcile.toml").read_text(encoding="utf-8")
