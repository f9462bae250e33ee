"""Reads the reports of an earlier run back, after checking that they are the ones the manifest names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reconcile.domain.periods import Quarter
from reconcile.errors import InputError, listed
from reconcile.history.unfinished import put_back
from reconcile.i18n import _

MANIFEST = "manifest.json"
RESULT = "resultat.json"
#: Where runs are published in a working folder when the user names no other place.
RUNS = "ud"
#: The table of a run that compared with the published figures.
COMPARED = "hand07_diff"
#: What a user works in: a run is read from its data, and is the same whatever stands in the workbook by now.
WORKED_IN = frozenset({"rapport.xlsx"})
_MANIFEST_KEYS = frozenset({"tid", "kommando", "perioder", "input", "antal", "output"})


@dataclass(frozen=True)
class Manifest:
    """The manifest of a run: what went in and what came out. ``sha256`` is that of the file itself."""

    folder: Path
    sha256: str
    data: Mapping[str, Any]

    @property
    def time(self) -> datetime:
        """When the run was started."""
        return datetime.fromisoformat(self.data["tid"])

    @property
    def number(self) -> int:
        """Which run in its folder of runs it was; 0 where that is not said."""
        number = self.data.get("nr", 0)
        return number if isinstance(number, int) else 0

    @property
    def command(self) -> str:
        """What was run."""
        return str(self.data["kommando"])

    @property
    def periods(self) -> tuple[str, ...]:
        """The quarters that were judged."""
        return tuple(self.data["perioder"])

    @property
    def inputs(self) -> frozenset[tuple[str, str]]:
        """Source and SHA-256 of every file that was read."""
        return frozenset((entry["kilde"], entry["sha256"]) for entry in self.data["input"])

    @property
    def head(self) -> str:
        """The hash of the last line of the approvals when the run was published; empty when there was none."""
        return str(self.data.get("godkendelse_hash", ""))

    def covers(self, quarter: Quarter) -> bool:
        """Whether the run compared the quarter with the published figures."""
        return str(quarter) in self.periods and COMPARED in self.data["antal"]

    def mismatches(self, but: frozenset[str] = frozenset()) -> list[str]:
        """The files that are not as the run left them, each with what is wrong; ``but`` are not looked at."""
        wrong = []
        for name, entry in self.data["output"].items():
            if name in but:
                continue
            try:
                content = (self.folder / name).read_bytes()
            except OSError:
                wrong.append(_("{fil} mangler").format(fil=name))
                continue
            if hashlib.sha256(content).hexdigest() != entry["sha256"]:
                wrong.append(_("{fil} er ændret, siden rapporten blev skrevet").format(fil=name))
        return wrong

    def strangers(self) -> list[str]:
        """The files in the folder that the run did not leave there, each with what is wrong."""
        own = {MANIFEST, *self.data["output"]}
        found = (
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_symlink() or not path.is_dir()
        )
        return [_("{fil} hører ikke til rapporten").format(fil=name) for name in sorted(set(found) - own)]


@dataclass(frozen=True)
class Published:
    """A run read back: its manifest and everything in ``resultat.json`` (numbers exact)."""

    manifest: Manifest
    result: Mapping[str, Any]

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        """The rows of a table; none when the run did not make it."""
        rows: Sequence[Mapping[str, Any]] = self.result.get(table, ())
        return rows


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a published run.

    Raises:
        InputError: there is none, or it is not one.
    """
    import simplejson

    path = folder / MANIFEST
    try:
        put_back(folder)
        content = path.read_bytes()
    except OSError:
        text = _("{mappe} er ikke en mappe med en rapport: {fil} mangler.")
        raise InputError(text.format(mappe=folder, fil=MANIFEST)) from None
    try:
        data = simplejson.loads(content.decode("utf-8"), use_decimal=True)
        datetime.fromisoformat(data["tid"])
        whole = set(data) >= _MANIFEST_KEYS and _has_hashes(data)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise InputError(_not_ours(path))
    return Manifest(folder, hashlib.sha256(content).hexdigest(), data)


def _has_hashes(data: Mapping[str, Any]) -> bool:
    """Every file that went in or came out stands with its hash: without it nothing can be checked."""
    entries = [*data["input"], *(data["output"].values() if isinstance(data["output"], dict) else [None])]
    return all(isinstance(entry, dict) and isinstance(entry.get("sha256"), str) for entry in entries)


def _not_ours(path: Path) -> str:
    return _("{fil} kan ikke læses som en fil fra reconcile.").format(fil=path)


def read_run(folder: Path) -> Published:
    """A published run, checked against its manifest.

    Raises:
        InputError: it is not a run, or a file is not as the run left it.
    """
    import simplejson

    manifest = read_manifest(folder)
    if wrong := manifest.mismatches(but=WORKED_IN):
        heading = _("Rapporten i {mappe} passer ikke med sit {fil} og kan ikke bruges. Kør igen.")
        raise InputError(listed(heading.format(mappe=folder, fil=MANIFEST), wrong))
    path = folder / RESULT
    try:
        result = simplejson.loads(path.read_bytes().decode("utf-8"), use_decimal=True)
    except (OSError, ValueError):
        raise InputError(_not_ours(path)) from None
    if not isinstance(result, dict) or not {"koersel", "fund", "regler_koert"} <= set(result):
        raise InputError(_not_ours(path))
    return Published(manifest, result)


def manifests(working_folder: Path, kommune: str = "") -> tuple[list[Manifest], list[Path]]:
    """The runs in ``ud/``, the newest first, and the folders whose manifest cannot be read; with ``kommune``, the reports of
    one kommune in the runs over several. The overview of such a run is no run."""
    found, unreadable = [], []
    for path in _folders(working_folder, kommune):
        try:
            manifest = read_manifest(path)
        except InputError:
            unreadable.append(path)
            continue
        if "kommuner" not in manifest.data:
            found.append(manifest)
    return sorted(found, key=_age, reverse=True), unreadable


def _folders(working_folder: Path, kommune: str) -> Iterator[Path]:
    runs = working_folder / RUNS
    for path in sorted(runs.glob(f"*/{kommune}/{MANIFEST}" if kommune else f"*/{MANIFEST}")):
        if not path.relative_to(runs).parts[0].startswith("."):
            yield path.parent


def next_number(folder: Path) -> int:
    """The number of a run that is published in a folder of ``ud/``: one more than any beside it; 0 elsewhere. It tells
    which run is the newest, also where the clock was set back."""
    if folder.resolve().parent.name != RUNS:
        return 0
    return 1 + max((manifest.number for manifest in _siblings(folder)), default=0)


def _siblings(folder: Path) -> Iterator[Manifest]:
    for path in sorted(folder.parent.glob(f"*/{MANIFEST}")):
        with suppress(InputError):
            yield read_manifest(path.parent)


def _age(manifest: Manifest) -> tuple[int, datetime, str]:
    time = manifest.time
    return manifest.number, time if time.tzinfo else time.replace(tzinfo=UTC), manifest.folder.name


def latest_run(working_folder: Path, quarter: Quarter | None = None) -> Published:
    """The newest run in ``ud/``, or the newest that compared the quarter with the published figures.

    Raises:
        InputError: there is none, or its files are not as it left them (an older run is never taken instead).
    """
    runs, unreadable = manifests(working_folder)
    if unreadable:
        raise InputError(_not_ours(unreadable[0] / MANIFEST))
    fitting = [run for run in runs if quarter is None or run.covers(quarter)]
    if not fitting:
        text = _("Der er ingen kørsel i {mappe}, der dækker {periode}. Kør «reconcile run», eller peg med --run MAPPE.")
        said = str(quarter) if quarter else _("noget")
        raise InputError(text.format(mappe=working_folder / RUNS, periode=said))
    return read_run(fitting[0].folder)


def shown_folder(folder: Path, working_folder: Path) -> str:
    """A folder as it is named in texts and in the approvals: relative to the working folder where it lies in it."""
    resolved, base = folder.resolve(), working_folder.resolve()
    return (resolved.relative_to(base) if resolved.is_relative_to(base) else resolved).as_posix()
