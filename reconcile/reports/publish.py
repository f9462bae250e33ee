"""Writes the reports of a run: staged, then published together, the manifest last.

A half report never exists, and an earlier report in the same folder is either replaced whole or left as it was.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

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
from reconcile.results.rows import RunResult, SourceInfo
from reconcile.rules.catalogue import Rule
from reconcile.sources.load import Loaded

MANIFEST = "manifest.json"
#: A file of one kommune in a run over several.
_KOMMUNE = re.compile(r"[0-9]{3}/[^/\\]+")
_STAGING, _ASIDE = ".ny-", ".gammel-"
#: What a run that is at work, or was killed, has in the folder beside the report.
_BESIDE = (_STAGING, _ASIDE, ".skriver")


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A folder to write a report in, inside the one it will be published in; gone afterwards, and so is an empty ``folder``.

    Raises:
        InputError: the folder cannot be written to, or holds files of others.
    """
    check_place(folder)
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
        yield staging
    except OSError as error:
        text = _("Rapporten kunne ikke skrives i {mappe}: {grund}. Den tidligere rapport er uændret.")
        raise InputError(text.format(mappe=folder, grund=error.strerror or error)) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if not existed and not any(folder.iterdir()):
            folder.rmdir()


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
        InputError: the folder cannot be written to, holds files of others, or a file in it is open in another program;
            nothing is changed.
    """
    with staged(folder) as staging:
        _render(result, loaded, staging, progress, rules)
        for write in extras:
            write(staging)
        door.write(staging / MANIFEST, _manifest(result, staging, next_number(folder)))
        return move_in(staging, folder)


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
    outputs = {p.name: digest(p) for p in sorted(staging.iterdir())}
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
            "input": inputs(result.sources),
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


def inputs(sources: Sequence[SourceInfo]) -> list[dict[str, object]]:
    """What went in, as a manifest tells it."""
    return [
        {"kilde": s.kilde, "fil": i.fil, "sha256": i.sha256, "bytes": i.bytes, "raekker": i.raekker}
        for s in sources
        for i in s.filer
    ]


def digest(path: Path) -> Mapping[str, object]:
    """The SHA-256 and the size of an output."""
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
    ours = _ours(folder, but=staging) or set()
    if foreign := [p.name for p in new if p.name not in ours and (folder / p.name).exists()]:
        raise _refused(folder, foreign)
    earlier = sorted((n for n in ours if (folder / n).exists()), key=lambda name: (name != MANIFEST, name))
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder))
    try:
        for name in earlier:
            (folder / name).replace(aside / name)
        for path in new:
            path.replace(folder / path.name)
    except BaseException:
        for path in (folder / p.name for p in new if not p.exists()):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        for path in sorted(aside.iterdir(), key=lambda p: (p.name == MANIFEST, p.name)):
            path.replace(folder / path.name)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)
    return tuple(folder / p.name for p in new)


def check_place(folder: Path) -> None:
    """A report is published only into a folder that is empty, or whose manifest says that it is one of ours.

    Raises:
        InputError: the folder holds files and no manifest of ours; says what to do.
    """
    try:
        present = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    except OSError:
        return  # said where the folder is written to
    if present and _ours(folder) is None and (foreign := [n for n in present if not n.startswith(_BESIDE)]):
        raise _refused(folder, foreign)


def _refused(folder: Path, foreign: Sequence[str]) -> InputError:
    text = _(
        "{mappe} har filer, som ikke er fra en tidligere rapport (fx {fil}), og de bliver ikke overskrevet. Vælg en tom"
        " mappe med --out, eller flyt filerne."
    )
    return InputError(text.format(mappe=folder, fil=foreign[0]))


def _ours(folder: Path, but: Path | None = None) -> set[str] | None:
    """The names of the files that are of an earlier report in the folder, as its manifest says; None without one.

    The manifests that a killed run left beside (``.gammel-…``, ``.ny-…``) count too.
    """
    places = (folder, *folder.glob(f"{_ASIDE}*"), *folder.glob(f"{_STAGING}*"))
    named = [names for place in places if place != but and (names := _named_in(place)) is not None]
    return {MANIFEST}.union(*named) if named else None


def _named_in(folder: Path) -> set[str] | None:
    import simplejson

    try:
        manifest = simplejson.loads((folder / MANIFEST).read_bytes())
        outputs = manifest["output"] if manifest["kommando"] and manifest["tid"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(outputs, dict):
        return None
    # The reports of a kommune lie in a folder of its own: they are moved together, so nothing else may lie there.
    places = {PurePosixPath(name).parts[0] for name in outputs if _KOMMUNE.fullmatch(name) or Path(name).name == name}
    return {place for place in places if not (folder / place).is_dir() or _only(folder, place, outputs)}


def _only(folder: Path, place: str, outputs: Mapping[str, object]) -> bool:
    """Whether a folder holds nothing but what the manifest names."""
    return all(p.relative_to(folder).as_posix() in outputs for p in (folder / place).rglob("*") if not p.is_dir())
