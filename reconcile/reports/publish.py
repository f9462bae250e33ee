"""Writes the reports of a run: staged, then published together, the manifest last.

A half report never exists, and an earlier report in the same folder is either replaced whole or left as it was.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from reconcile.errors import InputError, Problem
from reconcile.files import held_folder, locked_folder, sweep
from reconcile.history.published import MANIFEST, next_number
from reconcile.history.unfinished import MOVING, NEW, OLD, STAGING, places, put_back, restore
from reconcile.i18n import _
from reconcile.privacy import door, second
from reconcile.privacy.ending import deed
from reconcile.reports.ess import ess_json
from reconcile.reports.tables import (
    findings_table,
    quarantine_csv,
    result_json,
    table_csv,
    to_json,
)
from reconcile.results.declared import declared
from reconcile.results.rows import RunResult, SourceInfo
from reconcile.rules.catalogue import Rule

#: What a run that is at work, or was killed, has in the folder beside the report.
_BESIDE = (STAGING, MOVING, ".skriver")


def publish(
    result: RunResult,
    folder: Path,
    progress: Callable[[str], None],
    *,
    quarantined: Sequence[Problem] = (),
    rules: Sequence[Rule] | None = None,
    extras: Sequence[Callable[[Path], None]] = (),
) -> tuple[Path, ...]:
    """Write every output of the run to ``folder`` and return the files.

    ``quarantined`` are the rows that were set aside. ``rules`` are the catalogue the run used; without it, the rules that
    ship. Each of ``extras`` writes files of its own into the folder it is given: they are published and listed in the
    manifest with the rest.

    Raises:
        InputError: the folder cannot be written to, holds files of others, or a file in it is open in another program;
            nothing is changed.
    """
    with staged(folder) as staging:
        number = next_number(folder)
        write_report(result, staging, progress, quarantined=quarantined, rules=rules, extras=extras, number=number)
        return move_in(staging, folder)


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """A folder to write a report in before it is moved into ``folder``; gone afterwards, whatever happened.

    Raises:
        InputError: ``folder`` cannot be written to, or holds files of others; nothing is changed.
    """
    check_place(folder)
    # In the folder itself where there is one: it may be a disk of its own, or all that one may write to.
    place = folder if folder.is_dir() else folder.parent
    existed, begun = place.is_dir(), False
    try:
        place.mkdir(parents=True, exist_ok=True)
        with held_folder(place, STAGING) as held:
            staging = held / "rapport"
            staging.mkdir()
            begun = True
            yield staging
    except OSError as error:
        unbegun = _("Der kan ikke skrives i {mappe}: {grund}.")
        text = _("Rapporten kunne ikke skrives i {mappe}: {grund}. Den tidligere rapport er uændret.")
        said = (text if begun else unbegun).format(mappe=folder, grund=error.strerror or error)
        raise InputError(said) from None
    finally:
        if not existed:
            with suppress(OSError):
                place.rmdir()


def write_report(
    result: RunResult,
    folder: Path,
    progress: Callable[[str], None],
    *,
    quarantined: Sequence[Problem],
    rules: Sequence[Rule] | None,
    extras: Sequence[Callable[[Path], None]],
    number: int = 0,
) -> None:
    """Write every output of the run, its manifest last, into a folder that nobody reads yet."""
    _render(result, folder, progress, quarantined, rules)
    for write in extras:
        write(folder)
    door.write(folder / MANIFEST, _manifest(result, folder, number))


def _render(
    result: RunResult,
    staging: Path,
    progress: Callable[[str], None],
    quarantined: Sequence[Problem],
    rules: Sequence[Rule] | None,
) -> None:
    from reconcile.reports.xlsx import write_xlsx

    progress(_("skriver rapporten"))
    with second.beside(write_xlsx, result, staging / "rapport.xlsx", rules):
        for name, content in _texts(result, quarantined, rules):
            door.write(staging / name, content)


def _texts(
    result: RunResult, quarantined: Sequence[Problem], rules: Sequence[Rule] | None
) -> Iterator[tuple[str, bytes]]:
    """The files of the report that are text, each with its name."""
    from reconcile.reports.html import render_html

    yield "fund.csv", table_csv(findings_table(result))
    yield "resultat.json", result_json(result)
    yield "ess.json", ess_json(result, rules)
    for table in result.tables:
        if declared(table.name).csv:
            yield f"{table.name}.csv", table_csv(table)
    if quarantined:
        yield "karantaene.csv", quarantine_csv(quarantined)
    yield "rapport.html", render_html(result, rules).encode("utf-8")


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
            "noegle": result.key_id,
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
    """Publish the staged files: a new report by one rename of its folder, one in place of another by ``_exchange``.

    Two runs may render side by side; only one at a time moves its files in, so that no two reports are mixed.

    Raises:
        InputError: another run holds the folder.
    """
    names = _in_order(p.name for p in staging.iterdir())
    with deed():
        try:
            staging.rename(folder)
        except OSError:
            folder.mkdir(exist_ok=True)  # on Windows a folder that is there, also where it is empty
            with locked_folder(folder):
                restore(folder)
                _exchange(staging, folder, names)
    return tuple(folder / name for name in names)


def _exchange(staging: Path, folder: Path, names: Sequence[str]) -> None:
    """Move the staged files into the place of an earlier report's. Those are first moved aside; if one cannot be (it is
    open in Excel on Windows), or the user interrupts, all are moved back and nothing has changed. ``restore`` does the
    same where the process was killed meanwhile."""
    ours = _ours(folder) or set()
    if foreign := [name for name in names if name not in ours and (folder / name).exists()]:
        raise _refused(folder, foreign)
    moving = Path(tempfile.mkdtemp(prefix=MOVING, dir=folder))
    old, new = moving / OLD, moving / NEW
    try:
        old.mkdir()
        staging.replace(new)
        for name in reversed(_in_order(name for name in ours if (folder / name).exists())):
            (folder / name).replace(old / name)
        for name in names:
            (new / name).replace(folder / name)
    except BaseException:
        restore(folder)
        raise
    shutil.rmtree(moving, ignore_errors=True)


def _in_order(names: Iterable[str]) -> list[str]:
    """The manifest last: what it names is in place before it is."""
    return sorted(names, key=lambda name: (name == MANIFEST, name))


def check_place(folder: Path) -> None:
    """A report is published only into a folder that is empty, or whose manifest says that it is one of ours. What a
    killed run was about to change in it is put back first.

    Raises:
        InputError: the folder holds files and no manifest of ours; says what to do.
    """
    try:
        present = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
        put_back(folder)
        sweep(folder, STAGING)
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


def _ours(folder: Path) -> set[str] | None:
    """The names of the files and folders of the report in the folder, as its manifest says; None where there is none of ours."""
    import simplejson

    try:
        manifest = simplejson.loads((folder / MANIFEST).read_bytes())
        outputs = manifest["output"] if manifest["kommando"] and manifest["tid"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(outputs, dict):
        return None
    # The folder of a kommune is moved as one, so nothing else may lie in it.
    whole = (place for place in places(outputs) if not (folder / place).is_dir() or _only(folder, place, outputs))
    return {MANIFEST, *whole}


def _only(folder: Path, place: str, outputs: Mapping[str, object]) -> bool:
    """Whether a folder holds nothing but what the manifest names."""
    return all(p.relative_to(folder).as_posix() in outputs for p in (folder / place).rglob("*") if not p.is_dir())
