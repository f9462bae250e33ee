"""Which files a source has: what its patterns find, and what each file is called in messages and findings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from reconcile.domain.cpr import mask
from reconcile.errors import Problem, did_you_mean
from reconcile.i18n import _


def find_files(folder: Path, patterns: Sequence[str]) -> tuple[list[Path], list[Problem]]:
    """The files of a source, each once, in name order; a pattern without a file is a problem.

    Windows' separators are understood everywhere. A pattern passes over hidden files and the lock files that Excel
    lays beside an open workbook (``~$…``).
    """
    found: dict[Path, Path] = {}
    problems = []
    for written in patterns:
        pattern = written if (folder / written).is_file() else written.replace("\\", "/")
        path = folder / pattern
        base = Path(path.anchor) if Path(pattern).is_absolute() else folder
        relative = path.relative_to(base).as_posix()
        inside = [path] if path.is_file() or path == base else base.glob(relative)
        hits = sorted(p for p in inside if p.is_file() and (p == path or not p.name.startswith((".", "~$"))))
        if not hits:
            problems.append(Problem.make(written, 0, "", "", _why_nothing(path)))
        for hit in hits:
            found.setdefault(hit.resolve(), hit)
    return sorted(found.values(), key=lambda p: (p.name, p.as_posix())), problems


def _why_nothing(path: Path) -> str:
    if path.is_dir():
        return _("er en mappe; skriv hvilke filer i den, fx {eksempel}.").format(eksempel=f"{path.name}/*.csv")
    if os.path.lexists(path):
        return _("er ikke en fil, der kan læses (en genvej uden mål eller en kø?); læg selve filen der.")
    beside = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
    return _("filen findes ikke.") + did_you_mean(path.name, beside)


def labels_of(files: Sequence[Path], folder: Path) -> dict[Path, str]:
    """What files are called in messages and findings: the name, or the path where two have the same name.

    Without CPR numbers; names that are the same then get a number.
    """
    names = [path.name for path in files]
    labels: dict[Path, str] = {}
    for path in files:
        inside = path.is_relative_to(folder) and names.count(path.name) > 1
        label = plain = mask(path.relative_to(folder).as_posix() if inside else path.name)
        times = 1
        while label in labels.values():
            times += 1
            label = f"{plain} ({times})"
        labels[path] = label
    return labels
