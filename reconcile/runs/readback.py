"""A workbook that was worked in, taken back into the working folder: its remarks and its acceptances.

Nothing is lost: what cannot be used is named by sheet and cell, and the workbook that was read is kept.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from reconcile.approval.readiness import NOTE_LETTERS, enough_said, text_mistakes
from reconcile.domain.cpr import mask
from reconcile.errors import InputError
from reconcile.history.accepted import Acceptance, last_day, read_accepted, record
from reconcile.history.kept_workbook import masked_workbook
from reconcile.history.published import Manifest
from reconcile.history.remarks import NOTHING, Remark, Remarks, digest, read_remarks, write_remarks
from reconcile.history.worked import Worked, read_worked
from reconcile.i18n import _, day
from reconcile.privacy import door
from reconcile.results.cases import is_case
from reconcile.results.cells import is_cell

#: Where the workbooks that were read are kept.
KEPT = "arbejdsboeger"
WORKBOOK = "rapport.xlsx"


@dataclass
class Taken:
    """What was taken from a workbook: how many remarks and acceptances, and what could not be used, by sheet and cell."""

    remarks: int = 0
    accepted: int = 0
    refused: list[str] = field(default_factory=list)


def take_back(folder: Path, path: Path, today: date) -> Taken:
    """Take the remarks and acceptances of a workbook into the working folder; a second time takes nothing.

    Raises:
        InputError: the workbook cannot be read, or the folder cannot be written to.
        ConfigError: ``accepteret.toml`` or ``bemaerkninger.toml`` cannot be used.
    """
    rows, known = read_worked(path), read_remarks(folder)
    taken = Taken()
    times = Counter(row.sag_id for row in rows)
    made = dict(known.by_case)
    before = [acceptance.model_dump(exclude={"oprettet"}) for acceptance in read_accepted(folder)]
    accepted: list[Acceptance] = []
    for row in rows:
        if refusal := _unusable(row, times[row.sag_id]):
            taken.refused.append(refusal)
            continue
        _remark(row, made, taken)
        acceptance = _acceptance(row, today, taken)
        if acceptance and acceptance.model_dump(exclude={"oprettet"}) not in before:
            accepted.append(acceptance)
    sha = _keep(folder, path)
    for acceptance in accepted:
        record(folder, acceptance)
    taken.accepted = len(accepted)
    if made != known.by_case or sha not in known.read:
        write_remarks(folder, Remarks(made, (*known.read, *([sha] if sha not in known.read else []))))
    return taken


def worked_in(folder: Path, runs: Sequence[Manifest]) -> Iterator[Path]:
    """The workbooks of published runs that were changed since, and have not been read back as they are now."""
    read = read_remarks(folder).read
    for run in runs:
        path, entry = run.folder / WORKBOOK, run.data["output"].get(WORKBOOK)
        if entry and path.is_file() and (sha := _sha(path)) != entry["sha256"] and sha not in read:
            yield path


def _unusable(row: Worked, times: int) -> str | None:
    where = row.where.get("sag_id", "")
    known = is_case(row.sag_id) or is_cell(row.sag_id)
    if not known or "#" not in row.key:
        return _("{celle}: rækken har ingen sag eller nøgle, der kendes; den er sprunget over.").format(celle=where)
    if times > 1:
        text = _("{celle}: sagen {sag} står {antal} gange; ingen af rækkerne er brugt.")
        return text.format(celle=where, sag=mask(row.sag_id), antal=times)
    for name, said in {**row.remark.model_dump(), "aarsag": row.reason}.items():
        if mask(said) != said:
            text = _("{celle}: teksten ser ud til at indeholde et CPR-nummer; skriv den uden.")
            return text.format(celle=row.where[name])
    return None


def _remark(row: Worked, made: dict[str, Remark], taken: Taken) -> None:
    """Merge what is written: the row's text, unless another workbook wrote something else in the meantime."""
    if digest(row.remark) == row.key.partition("#")[2]:
        return  # nobody wrote in the row
    stored = made.get(row.sag_id, NOTHING)
    if stored == row.remark:
        return
    if digest(stored) != row.key.partition("#")[2]:
        text = _(
            "{celle}: en anden har i mellemtiden skrevet «{anden}» om sagen; «{denne}» er ikke brugt. Vælg den ene."
        )
        said = {"anden": stored.bemaerkning or "–", "denne": row.remark.bemaerkning or "–"}
        taken.refused.append(text.format(celle=row.where["bemaerkning"], **said))
        return
    made[row.sag_id] = row.remark
    taken.remarks += 1


def _acceptance(row: Worked, today: date, taken: Taken) -> Acceptance | None:
    """The acceptance that a row fills in; a mistake in it is named by its cell."""
    if not (row.reason or row.by or row.until):
        return None
    problem = None
    if not (row.reason and row.by and row.until):
        column = "aarsag" if not row.reason else "initialer" if not row.by else "gaelder_til"
        problem = column, _("en accept skal have både årsag, initialer og gælder til")
    elif not isinstance(row.until, date):
        problem = "gaelder_til", _("«{tekst}» er ikke en dato; skriv fx 31-03-2027").format(tekst=mask(row.until))
    elif not today <= row.until <= last_day(today):
        text = _("gælder til skal ligge fra i dag til {sidste}")
        problem = "gaelder_til", text.format(sidste=day(last_day(today)))
    elif not enough_said(row.reason):
        problem = "aarsag", _("årsagen skal have mindst {antal} bogstaver").format(antal=NOTE_LETTERS)
    elif text_mistakes(row.by, ""):
        problem = "initialer", _("initialer er 2–5 bogstaver")
    if problem or not isinstance(row.until, date):
        column, reason = problem or ("gaelder_til", "")
        taken.refused.append(f"{row.where.get(column, row.where['sag_id'])}: {reason}.")
        return None
    size = row.key.partition("#")[0]
    return Acceptance(begrundelse=row.reason, af=row.by, indtil=row.until, oprettet=today, fund={row.sag_id: size})


def _keep(folder: Path, path: Path) -> str:
    """Keep the workbook as it was read, without CPR numbers, under the folder's own name for it; its SHA-256."""
    content = path.read_bytes()
    sha = hashlib.sha256(content).hexdigest()
    kept = folder / KEPT / f"{sha[:12]}.xlsx"
    try:
        kept.parent.mkdir(exist_ok=True)
        if not kept.exists() and path.resolve() != kept.resolve():
            door.write_whole(kept, masked_workbook(content), sealed=True, mode=0o600)
    except OSError as error:
        text = _("Der kan ikke skrives i {mappe}: {grund}.")
        raise InputError(text.format(mappe=kept.parent, grund=error.strerror)) from None
    return sha


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
