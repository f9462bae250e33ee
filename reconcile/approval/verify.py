"""Is the log whole, and are the reports on disk the ones that were decided on?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconcile.approval.log import APPROVALS, KEY_CHANGED, ApprovalLog, read_log
from reconcile.approval.readiness import decisions, known_runs, latest_decisions
from reconcile.errors import InputError
from reconcile.history.published import Manifest, manifests, read_manifest
from reconcile.history.register import REGISTER, read_register
from reconcile.i18n import _


@dataclass(frozen=True)
class Verification:
    """What was found: how many lines, the hash of the last, everything that is wrong, and what to know besides."""

    lines: int
    head: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """1 when anything is wrong, else 0."""
        return 1 if self.problems else 0


def verify(working_folder: Path, key: bytes, heads: Iterable[str] = ()) -> Verification:
    """Check the chain and its seals, the hashes that reports know (and those in ``heads``, from a printed report), and
    every file of the reports that the standing decisions rest on."""
    log = read_log(working_folder, key)
    problems = [*log.faults, *filter(None, [log.torn_sentence()])]
    rotated = sum(line.record.get("hvad") == KEY_CHANGED for line in log.lines)
    if len(decisions(log)) + rotated < len(log.lines):
        problems.append(_("en linje er ikke en beslutning, som reconcile har skrevet"))
    problems += _unknown_heads(log, working_folder, heads)
    if not read_register(working_folder, key).follows(known_runs(log)):
        text = _("{fil} mangler kørsler, som den sidste beslutning kendte: det er en ældre udgave, eller den er ændret")
        problems.append(text.format(fil=REGISTER))
    standing = latest_decisions(log)
    for record in standing.values():
        problems += _report_faults(working_folder, record)
    return Verification(len(log.lines), log.head, tuple(problems), tuple(_notes(log, standing, working_folder)))


def _unknown_heads(log: ApprovalLog, working_folder: Path, heads: Iterable[str]) -> Iterator[str]:
    """A report that knows a last line which is not there: lines were cut off, or the last one was rewritten."""
    for head in heads:
        if head not in log.hashes:
            text = _("ingen linje har hashen {hash}: linjer er fjernet fra eller ændret i {fil}")
            yield text.format(hash=head, fil=APPROVALS)
    for manifest in _known_reports(log, working_folder):
        if manifest.head and manifest.head not in log.hashes:
            text = _("rapporten i {mappe} kender en linje med hashen {hash}, som ikke er i {fil} mere")
            yield text.format(mappe=manifest.folder, hash=manifest.head, fil=APPROVALS)


def _known_reports(log: ApprovalLog, working_folder: Path) -> Iterator[Manifest]:
    """The runs in ``ud/`` and those that were decided on, each once."""
    found, _unreadable = manifests(working_folder)
    folders = {manifest.folder.resolve() for manifest in found}
    yield from found
    for record in decisions(log):
        folder = (working_folder / record["koersel"]).resolve()
        if folder not in folders:
            folders.add(folder)
            try:
                yield read_manifest(folder)
            except InputError:
                continue


def _report_faults(working_folder: Path, record: Mapping[str, Any]) -> Iterator[str]:
    """Whether the report a decision rests on is still the one; everything that is not is said."""
    name, period = record["koersel"], record["periode"]
    try:
        manifest = read_manifest(working_folder / name)
    except InputError as error:
        text = _("{periode}: rapporten, der blev besluttet på, kan ikke læses: {grund}")
        yield text.format(periode=period, grund=error)
        return
    if manifest.sha256 != record["manifest_sha256"]:
        text = _("{periode}: rapporten i {mappe} er ikke den, der blev besluttet på")
        yield text.format(periode=period, mappe=name)
    for wrong in (*manifest.mismatches(), *manifest.strangers()):
        yield f"{period}: {name}: {wrong}"


def _notes(log: ApprovalLog, standing: Mapping[str, Mapping[str, Any]], working_folder: Path) -> Iterator[str]:
    """Decisions that a later one replaced and whose report is gone or replaced: to know, but not wrong."""
    for record in decisions(log):
        if record is standing[record["periode"]]:
            continue
        try:
            same = read_manifest(working_folder / record["koersel"]).sha256 == record["manifest_sha256"]
        except InputError:
            same = False
        if not same:
            text = _("Linje {nr}: rapporten findes ikke mere, men {periode} er besluttet igen senere.")
            yield text.format(nr=record["nr"], periode=record["periode"])
