"""Writes the reports of a run: staged, then published together, the manifest last.

A half report never exists, and an earlier report in the same folder is either replaced whole or left as it was.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reconcile.errors import InputError
from reconcile.files import locked_folder
from reconcile.history.published import next_number
from reconcile.i18n import _
from reconcile.privacy import door
from reconcile.reports.ess import ess_json
from reconcile.reports.tables import (
    CSV_TABLES,
    findings_table,
    quarantine_csv,
    result_json,
    table_csv,
    to_json,
)
from reconcile.results.rows import RunResult
from reconcile.rules.catalogue import Rule
from reconcile.sources.load import Loaded

MANIFEST = "manifest.json"
_STAGING, _ASIDE = ".ny-", ".gammel-"


def publish(
    result: RunResult,
    loaded: Loaded,
    folder: Path,
    progress: Callable[[str], None],
    *,
    rules: Sequence[Rule] | None = None,
    extras: Sequence[Callable[[Path], None]] = (),
) -> tuple[Path, ...]:
    """Write every output of the run to ``folder`` and return the files.

    ``rules`` are the catalogue the run used; without it, the rules that ship. Each of ``extras`` writes files of its
    own into the folder it is given: they are published and listed in the manifest with the rest.

    Raises:
        InputError: the folder cannot be written to, or a file in it is open in another program; nothing is changed.
    """
    existed = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # In the folder itself: it may be a disk of its own, or all that one may write to.
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    except OSError as error:
        raise InputError(
            _("Der kan ikke skrives i {mappe}: {grund}.").format(mappe=folder, grund=error.strerror)
        ) from None
    try:
        _render(result, loaded, staging, progress, rules)
        for write in extras:
            write(staging)
        door.write(staging / MANIFEST, _manifest(result, staging, next_number(folder)))
        return move_in(staging, folder)
    except OSError as error:
        text = _("Rapporten kunne ikke skrives i {mappe}: {grund}. Den tidligere rapport er uændret.")
        raise InputError(text.format(mappe=folder, grund=error.strerror or error)) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not existed and not any(folder.iterdir()):
            folder.rmdir()


def _render(
    result: RunResult,
    loaded: Loaded,
    staging: Path,
    progress: Callable[[str], None],
    rules: Sequence[Rule] | None,
) -> None:
    from reconcile.reports.html import render_html
    from reconcile.reports.xlsx import write_xlsx

    progress(_("skriver rapporten"))
    files: dict[str, bytes] = {"fund.csv": table_csv(findings_table(result)), "resultat.json": result_json(result)}
    files["ess.json"] = ess_json(result, rules)
    for name in CSV_TABLES:
        if table := result.table(name):
            files[f"{name}.csv"] = table_csv(table)
    if loaded.quarantined:
        files["karantaene.csv"] = quarantine_csv(loaded.quarantined)
    files["rapport.html"] = render_html(result, rules).encode("utf-8")
    for name, content in files.items():
        door.write(staging / name, content)
    write_xlsx(result, staging / "rapport.xlsx", rules)


def _manifest(result: RunResult, staging: Path, number: int) -> bytes:
    outputs = {p.name: _digest(p) for p in sorted(staging.iterdir())}
    return to_json(
        {
            "version": result.version,
            "tid": result.started,
            "nr": number,
            "kommando": result.command,
            "kommune": result.kommune,
            "perioder": result.perioder,
            "konfiguration_sha256": result.config_hash,
            "regelsaet_sha256": result.rules_hash,
            "godkendelse_hash": result.approval_head,
            "input": [
                {
                    "kilde": source.kilde,
                    "fil": info.fil,
                    "sha256": info.sha256,
                    "bytes": info.bytes,
                    "raekker": info.raekker,
                }
                for source in result.sources
                for info in source.filer
            ],
            "antal": {
                "fund": len(result.findings),
                "aabne_celler": result.open_cells,
                "karantaene": result.quarantined,
                **{table.name: len(table.rows) for table in result.tables},
            },
            "afslutningskode": result.exit_code,
            "output": outputs,
        }
    )


def _digest(path: Path) -> Mapping[str, object]:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def move_in(staging: Path, folder: Path) -> tuple[Path, ...]:
    """Publish the staged files. Two runs may render side by side; only one at a time moves its files in, so that no two
    reports are mixed.

    Raises:
        InputError: another run holds the folder.
    """
    with locked_folder(folder):
        return _move(staging, folder)


def _move(staging: Path, folder: Path) -> tuple[Path, ...]:
    """Move the staged files into place. Files of an earlier report are first moved aside; if one cannot be (it is open
    in Excel on Windows), or the user interrupts, all are moved back and nothing has changed."""
    new = sorted((p for p in staging.iterdir()), key=lambda p: (p.name == MANIFEST, p.name))
    earlier = _earlier(folder, [p.name for p in new])
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder))
    try:
        for name in earlier:
            (folder / name).replace(aside / name)
        for path in new:
            path.replace(folder / path.name)
    except BaseException:
        for name in (p.name for p in new if not p.exists()):
            (folder / name).unlink(missing_ok=True)
        for path in sorted(aside.iterdir(), key=lambda p: (p.name == MANIFEST, p.name)):
            path.replace(folder / path.name)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)
    return tuple(folder / p.name for p in new)


def _earlier(folder: Path, new: list[str]) -> list[str]:
    """The files to move aside, the manifest first: those with a name of ours, also the optional ones not written."""
    ours = {*new, *_named_before(folder), *(f"{name}.csv" for name in CSV_TABLES), "karantaene.csv", MANIFEST}
    present = [name for name in ours if (folder / name).is_file()]
    return sorted(present, key=lambda name: (name != MANIFEST, name))


def _named_before(folder: Path) -> list[str]:
    """The files an earlier report in the folder says are its own, so that none of them is left beside the new one."""
    import simplejson

    try:
        outputs = simplejson.loads((folder / MANIFEST).read_bytes())["output"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in outputs if Path(name).name == name] if isinstance(outputs, dict) else []
