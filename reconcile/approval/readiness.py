"""The quarterly approval: is the quarter ready, the decision, and whether everything still is what was decided on.

Readiness is read from the newest published run that compared the quarter with Danmarks Statistik's figures, never
computed anew: what is approved is a report that lies on disk, known by the hash of its manifest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reconcile.approval.log import Appended, Ledger, append
from reconcile.domain.cpr import mask
from reconcile.domain.deadlines import Deadline, deadline
from reconcile.domain.periods import Quarter
from reconcile.errors import InputError, listed
from reconcile.history.accepted import ACCEPTED, HOLDS, TABLE, open_items
from reconcile.history.published import RUNS, Manifest, Published, latest_run, manifests, read_run, shown_folder
from reconcile.history.since import quarters_of
from reconcile.i18n import _
from reconcile.privacy.pseudonym import read_key
from reconcile.results.cells import JUDGING, cell_id
from reconcile.results.rows import Severity, Status
from reconcile.settings.config import Config
from reconcile.sources.detect import sha256_of
from reconcile.sources.load import find_files

APPROVE, REJECT = "godkend", "afvis"
#: What an entry that has to be answered for later must have: a note of this many letters, initials of letters only.
NOTE_LETTERS = 10
_INITIALS = re.compile(r"[A-Za-zÆØÅæøå]{2,5}")
#: What every decision says.
_FIELDS = frozenset({"tid", "periode", "beslutning", "af", "note", "koersel", "manifest_sha256"})
#: A source whose newest row is this many days older than the freshest source is named.
STALE_DAYS = 31


@dataclass(frozen=True)
class CodeLine:
    """A ydelse in the quarter: its HAND07 figures and status, and its open findings by severity."""

    dst_kode: str
    status: str
    dst: int | None
    own: int | None
    rest: int | None
    accepted: bool
    findings: Mapping[str, int]


@dataclass(frozen=True)
class SourceAge:
    """How fresh a source is, and how many days older than the freshest one."""

    kilde: str
    newest: date
    behind: int


@dataclass(frozen=True)
class Block:
    """What a quarter cannot be approved over without a note: the sentence, and the command that shows it."""

    sentence: str
    command: str


@dataclass(frozen=True)
class Readiness:
    """What is known of a quarter before it is decided on.

    ``unexplained`` are the ids of cells left unexplained and not accepted; ``accepted`` of findings and cells that are;
    ``general`` counts the open findings that belong to no ydelse; ``changed_inputs`` are the sources whose files are no
    longer those of the run; ``newer`` is a newer run that covers the quarter too, or empty; ``ended`` whether the quarter is
    over.
    """

    quarter: Quarter
    run: Published
    folder: str
    deadline: Deadline
    yearly: date | None
    codes: tuple[CodeLine, ...]
    general: Mapping[str, int]
    unexplained: tuple[str, ...]
    accepted: tuple[str, ...]
    quarantined: int
    ages: tuple[SourceAge, ...]
    changed_inputs: tuple[str, ...]
    newer: str
    ended: bool

    @property
    def open_errors(self) -> int:
        """Open findings of severity ``fejl`` that concern the quarter."""
        return sum(line.findings.get(Severity.ERROR, 0) for line in self.codes) + self.general.get(Severity.ERROR, 0)

    @property
    def stale(self) -> tuple[SourceAge, ...]:
        """The sources that are clearly older than the freshest one."""
        return tuple(age for age in self.ages if age.behind > STALE_DAYS)

    @property
    def can_be_approved(self) -> bool:
        """Whether nothing stands in the way of approving without a note."""
        return not self.blocks()

    def blocks(self) -> list[Block]:
        """What stands in the way of approving without a note (contract §8), the gravest first."""
        again, report = f"reconcile run --period {self.quarter}", f"{self.folder}/rapport.html"
        missing = self._with(Status.MISSING_DST, Status.MISSING_OWN, Status.NOT_APPROVED)
        hidden = [line.dst_kode for line in self.codes if line.accepted]
        found = (
            (_("kvartalet er ikke slut endnu"), [] if self.ended else [str(self.quarter)], again),
            (_("en nyere kørsel dækker kvartalet"), [self.newer] if self.newer else [], "reconcile approve"),
            (_("filer er ændret siden kørslen"), self.changed_inputs, again),
            (_("uforklarede celler"), self.unexplained, report),
            (_("åbne fund af alvoren fejl"), [str(self.open_errors)] if self.open_errors else [], report),
            (_("rækker i karantæne"), [str(self.quarantined)] if self.quarantined else [], report),
            (_("tal, der ikke kunne sammenlignes"), missing, report),
            (_("uforklaret, men inden for tolerancen"), self._with(Status.TOLERATED), report),
            (_("accepterede forskelle"), hidden, ACCEPTED),
        )
        return [Block(f"{what}: {', '.join(which)}", where) for what, which, where in found if which]

    def _with(self, *statuses: Status) -> list[str]:
        return [line.dst_kode for line in self.codes if line.status in statuses]

    @property
    def exit_code(self) -> int:
        """1 when something blocks, else 0."""
        return 1 if self.blocks() else 0


def readiness(config: Config, quarter: Quarter, today: date, run_folder: Path | None = None) -> Readiness:
    """How ready a quarter is, from ``run_folder`` or the newest run in ``ud/`` that covers it.

    Raises:
        InputError: there is no such run, it does not cover the quarter, or its files are not as it left them.
    """
    run = read_run(run_folder) if run_folder else latest_run(config.folder, quarter)
    if not run.manifest.covers(quarter):
        text = _("Kørslen i {mappe} har ikke sammenlignet {periode} med Danmarks Statistik; kør «reconcile run».")
        raise InputError(text.format(mappe=run.manifest.folder, periode=quarter))
    accepted = {row["fund_id"] for row in run.rows(TABLE) if row["tilstand"] == HOLDS and row["indtil"] >= f"{today}"}
    cells = [row for row in run.rows("hand07_diff") if row["periode"] == str(quarter)]
    findings = [f for f in run.rows("fund") if _concerns(f["periode"], quarter)]
    judged = {name: [row for row in run.rows(name) if row["periode"] == str(quarter)] for name in JUDGING}
    unexplained = [name for name in open_items((), judged) if name not in accepted]
    open_findings = [f for f in findings if f["fund_id"] not in accepted]
    ids = {*open_items(findings, judged)}
    codes = tuple(_code_line(row, open_findings, accepted) for row in cells)
    shown = {line.dst_kode for line in codes}
    return Readiness(
        quarter=quarter,
        run=run,
        folder=shown_folder(run.manifest.folder, config.folder),
        deadline=deadline(quarter),
        yearly=config.godkendelse.aarlig_frist or None,
        codes=codes,
        general=Counter(f["alvor"] for f in open_findings if f["dst_kode"] not in shown),
        unexplained=tuple(unexplained),
        accepted=tuple(sorted(accepted & ids)),
        quarantined=int(run.result["koersel"]["karantaene"]),
        ages=tuple(_ages(run)),
        changed_inputs=changed_inputs(config, run.manifest),
        newer=_newer(config.folder, run.manifest, quarter),
        ended=quarter.last < today,
    )


def _newer(working_folder: Path, judged: Manifest, quarter: Quarter) -> str:
    """The newest run in ``ud/`` that covers the quarter, where it is not the one judged; else empty."""
    covering = [manifest for manifest in manifests(working_folder)[0] if manifest.covers(quarter)]
    if not covering or covering[0].folder.resolve() == judged.folder.resolve():
        return ""
    beside = judged.folder.resolve().parent == (working_folder / RUNS).resolve()
    later = beside or covering[0].time > judged.time
    return shown_folder(covering[0].folder, working_folder) if later else ""


def changed_inputs(config: Config, manifest: Manifest) -> tuple[str, ...]:
    """The sources whose files are not the ones the run was made of, sorted; a source that is new or gone too.

    A database is not asked again, so one that a source is read in is never named.
    """
    known: dict[str, set[str]] = {}
    for source, digest in manifest.inputs:
        known.setdefault(source, set()).add(digest)
    changed = []
    for source, digests in known.items():
        given = config.kilder.get(source)
        if given and given.database:
            continue
        files = find_files(config.folder, given.filer)[0] if given else []
        if {sha256_of(path) for path in files} != digests:
            changed.append(source)
    return tuple(sorted(changed))


def _concerns(period: str | None, quarter: Quarter) -> bool:
    touched = quarters_of(period)
    return not touched or str(quarter) in touched


def _code_line(row: Mapping[str, Any], findings: Iterable[Mapping[str, Any]], accepted: set[str]) -> CodeLine:
    code = row["dst_kode"]
    return CodeLine(
        dst_kode=code,
        status=row["status"],
        dst=row["dst"],
        own=row["fagsystem"] if row["fagsystem"] is not None else row["flis"],
        rest=row["rest"],
        accepted=cell_id(code, row["periode"]) in accepted,
        findings=Counter(f["alvor"] for f in findings if f["dst_kode"] == code),
    )


def _ages(run: Published) -> Iterator[SourceAge]:
    newest = {
        source["kilde"]: date.fromisoformat(source["nyeste"]) for source in run.rows("kilder") if source["nyeste"]
    }
    # The newest death says nothing of how fresh the register is.
    newest.pop("borger", None)
    for name, day in newest.items():
        yield SourceAge(name, day, (max(newest.values()) - day).days)


def check_said(by: str, note: str) -> None:
    """Initials are 2–5 letters, and a note holds no CPR number.

    Raises:
        InputError: what is wrong; the text itself is never repeated.
    """
    if not _INITIALS.fullmatch(by):
        raise InputError(_("Skriv, hvem der beslutter: --by INITIALER (2–5 bogstaver). Intet er registreret."))
    if mask(note) != note:
        raise InputError(_("Noten ser ud til at indeholde et CPR-nummer; skriv den uden. Intet er registreret."))


def enough_said(note: str) -> bool:
    """Whether a note is one: at least ten letters."""
    return sum(letter.isalpha() for letter in note) >= NOTE_LETTERS


def decide(config: Config, ready: Readiness, *, decision: str, by: str, note: str, now: datetime) -> Appended:
    """Record a decision on the run the readiness was read from, with what it overrode.

    Raises:
        InputError: initials are missing, a note is needed or holds a CPR number, or the ledger cannot be written.
    """
    check_said(by, note)
    blocks = ready.blocks() if decision == APPROVE else []
    if blocks and not enough_said(note):
        heading = _("{periode} kan ikke godkendes uden en begrundelse på mindst ti bogstaver (--note …). Det blokerer:")
        raise InputError(listed(heading.format(periode=ready.quarter), [block.sentence for block in blocks]))
    manifest = ready.run.manifest
    severities = sum((Counter(line.findings) for line in ready.codes), Counter(ready.general))
    return append(
        config.folder,
        {
            "tid": now.isoformat(timespec="seconds"),
            "kommune": str(ready.run.result["koersel"]["kommune"]),
            "periode": str(ready.quarter),
            "beslutning": decision,
            "af": by,
            "note": note.strip(),
            "tilsidesat": [block.sentence for block in blocks],
            "koersel": ready.folder,
            "koersel_tid": manifest.data["tid"],
            "manifest_sha256": manifest.sha256,
            "antal": {
                "celler": len(ready.codes),
                "uforklarede": len(ready.unexplained),
                "accepterede": len(ready.accepted),
                "karantaene": ready.quarantined,
                **{str(severity): severities[severity] for severity in Severity},
            },
        },
        read_key(config.key_file),
    )


def decisions(ledger: Ledger, quarter: Quarter | None = None) -> list[Mapping[str, Any]]:
    """The recorded decisions, oldest first; those on one quarter when it is given. A line that is no decision is left
    out (and is a fault to ``--verify``)."""
    whole = [line.record for line in ledger.lines if set(line.record) >= _FIELDS]
    return [record for record in whole if quarter is None or record["periode"] == str(quarter)]


def latest_decisions(ledger: Ledger) -> dict[str, Mapping[str, Any]]:
    """The decision that counts for each quarter: the last one."""
    return {record["periode"]: record for record in decisions(ledger)}
