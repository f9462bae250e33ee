"""The quarterly approval: is the quarter ready, the decision, and whether everything still is what was decided on.

Readiness is read from the newest published run that compared the quarter with Danmarks Statistik's figures, never
computed anew: what is approved is a report that lies on disk, known by the hash of its manifest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reconcile.approval.log import Appended, ApprovalLog, append, read_log
from reconcile.domain.cpr import mask
from reconcile.domain.deadlines import Deadline, deadline
from reconcile.domain.periods import Quarter
from reconcile.errors import InputError, listed
from reconcile.history.accepted import ACCEPTED, INITIALS, LETTERS, TABLE, open_items, read_accepted, says_why
from reconcile.history.decode import decode
from reconcile.history.published import RUNS, Manifest, Published, latest_run, manifests, read_run, shown_folder
from reconcile.history.register import REGISTER, Register, read_register
from reconcile.history.since import quarters_of
from reconcile.i18n import _
from reconcile.privacy.pseudonym import read_key
from reconcile.results.cases import Case
from reconcile.results.cells import CELL, JUDGING, cell_id, is_cell, known_as
from reconcile.results.followed import HOLDS
from reconcile.results.hand07 import Hand01Cell
from reconcile.results.rows import Finding, Hand07Cell, OttetalCell, RunResult, Severity, SourceInfo, Status
from reconcile.settings.config import Config
from reconcile.sources.detect import sha256_of
from reconcile.sources.patterns import find_files

APPROVE, REJECT = "godkend", "afvis"
#: What an entry that has to be answered for later must have: a note of this many letters, initials of letters only.
NOTE_LETTERS = LETTERS
#: The statuses of a HAND07 cell that has a figure on both sides.
_COMPARED = frozenset({Status.EQUAL, Status.EXPLAINED, Status.TOLERATED, Status.PARTLY, Status.UNEXPLAINED})
#: What every decision says.
_FIELDS = frozenset({"tid", "periode", "beslutning", "af", "note", "koersel", "manifest_sha256"})
#: A source whose newest row is this many days older than the freshest source is named.
STALE_DAYS = 31


@dataclass(frozen=True)
class CodeLine:
    """A ydelse in the quarter: its HAND07 figures and status, and its open cases by their own severity."""

    dst_kode: str
    status: str
    dst: int | None
    own: int | None
    rest: int | None
    accepted: bool
    cases: Mapping[str, int]


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
    ``general`` counts the open cases that belong to no ydelse; ``changed_inputs`` are the sources whose files are no
    longer those of the run; ``newer`` is a newer run that covers the quarter too, or empty; ``ended`` whether the quarter is
    over; ``open_errors`` and ``accepted_errors`` count cases; ``same_setup`` whether reconcile.toml is the run's; ``volume``
    are code and status of the HAND01 cells; ``lenient`` what is set so that less is found; ``without_ledger`` the codes whose
    økonomi loop the run could not compare although it had a ledger; ``listed`` whether the run stands in the list of runs
    (``koersler.json``) as it lies there now; ``register`` is that list, and ``follows`` whether it has every run that the last
    decision knew of: an older copy of it has not.
    """

    quarter: Quarter
    run: Published
    result: RunResult
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
    open_errors: int
    accepted_errors: int
    same_setup: bool
    volume: tuple[tuple[str, str], ...]
    lenient: tuple[str, ...]
    without_ledger: tuple[str, ...]
    listed: bool
    register: Register
    follows: bool

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
        compared = any(line.status in _COMPARED for line in self.codes)
        no_volume = [code for code, status in self.volume if status in (Status.MISSING_DST, Status.MISSING_OWN)]
        hidden = [name.removeprefix(f"{CELL}:") for name in self.accepted if is_cell(name)]
        found = (
            (_("ingen celle er sammenlignet"), [] if compared else [str(self.quarter)], again),
            (_("kørslen har ikke prøvet reglerne"), [] if self._whole else [self.run.manifest.command], again),
            (_("reconcile.toml er ændret siden kørslen"), [] if self.same_setup else ["reconcile.toml"], again),
            (_("kvartalet er ikke slut endnu"), [] if self.ended else [str(self.quarter)], again),
            (_("en nyere kørsel dækker kvartalet"), [self.newer] if self.newer else [], "reconcile approve"),
            (_("rapporten er ikke på listen over kørsler"), [] if self.listed else [self.folder], again),
            (_("listen over kørsler er ældre end den sidste beslutning"), [] if self.follows else [REGISTER], again),
            (_("filer er ændret siden kørslen"), self.changed_inputs, again),
            (_("uforklarede celler"), self.unexplained, report),
            (_("åbne sager med fejl"), [str(self.open_errors)] if self.open_errors else [], report),
            (_("rækker i karantæne"), [str(self.quarantined)] if self.quarantined else [], report),
            (_("tal, der ikke kunne sammenlignes"), missing, report),
            (_("fuldtidstal, der ikke kunne sammenlignes"), no_volume, report),
            (_("økonomisløjfen er ikke sammenlignet"), self.without_ledger, report),
            (_("lempede indstillinger"), self.lenient, "reconcile.toml"),
            (_("uforklaret, men inden for tolerancen"), self._with(Status.TOLERATED), report),
            (_("accepterede forskelle"), hidden, ACCEPTED),
            (_("accepterede sager med fejl"), [str(self.accepted_errors)] if self.accepted_errors else [], ACCEPTED),
        )
        return [Block(f"{what}: {', '.join(which)}", where) for what, which, where in found if which]

    @property
    def _whole(self) -> bool:
        """Whether everything was run: a narrower command judges no rules."""
        return self.run.manifest.command == "run"

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
    if (theirs := str(run.result["koersel"]["kommune"])) != config.kommune.kode:
        text = _("Kørslen i {mappe} er kommune {deres}; opsætningen er kommune {vores}. Kør «reconcile run».")
        raise InputError(text.format(mappe=run.manifest.folder, deres=theirs, vores=config.kommune.kode))
    if not run.manifest.covers(quarter):
        text = _("Kørslen i {mappe} har ikke sammenlignet {periode} med Danmarks Statistik; kør «reconcile run».")
        raise InputError(text.format(mappe=run.manifest.folder, periode=quarter))
    result = decode(run, only=(*JUDGING, TABLE, "sager", "lempelser", "siden_sidst", "tal_siden_sidst"))
    accepted, register = _accepted(config, result, today), _register(config)
    findings = [f for f in result.findings if _concerns(f.periode, quarter)]
    judged = {name: [row for row in result.rows(name) if row.periode == str(quarter)] for name in JUDGING}
    unexplained = [name for name in open_items((), judged) if name not in accepted]
    open_findings = [f for f in findings if f.fund_id not in accepted]
    cases = [(row.dst_kode, str(row.alvor)) for row in _cases(result, open_findings)]
    errors = {f.fund_id for f in findings if f.alvor is Severity.ERROR}
    ids = {*open_items(findings, judged)}
    codes = tuple(_code_line(row, cases, accepted) for row in judged["hand07_diff"])
    shown = {line.dst_kode for line in codes}
    return Readiness(
        quarter=quarter,
        run=run,
        result=result,
        folder=shown_folder(run.manifest.folder, config.folder),
        deadline=deadline(quarter),
        yearly=config.godkendelse.aarlig_frist or None,
        codes=codes,
        general=Counter(severity for code, severity in cases if code not in shown),
        unexplained=tuple(unexplained),
        accepted=tuple(sorted(accepted & ids)),
        quarantined=result.quarantined,
        ages=tuple(_ages(result.sources)),
        changed_inputs=changed_inputs(config, run.manifest),
        newer=_newer(config.folder, run.manifest, quarter) or register.newer(run.manifest, quarter),
        ended=quarter.last < today,
        open_errors=len(_cases(result, [f for f in findings if f.fund_id in errors - accepted])),
        accepted_errors=len(_cases(result, [f for f in findings if f.fund_id in errors & accepted])),
        same_setup=run.manifest.data.get("konfiguration_sha256") == config.sha256,
        volume=tuple((r.dst_kode, str(r.status)) for r in judged["hand01_diff"] if _has(result, "hand01")),
        lenient=tuple(_lenient(result, judged["hand01_diff"])),
        without_ledger=_without_ledger(result, judged["ottetal"]),
        listed=register.knows(run.manifest),
        register=register,
        follows=register.follows(known_runs(read_log(config.folder))),
    )


def _accepted(config: Config, result: RunResult, today: date) -> set[str]:
    """What the run had accepted and still is: findings, cases with all their findings, and cells. An acceptance that was taken
    back since, or has run out, holds no longer."""
    now = {known_as(name) for made in read_accepted(config.folder) if made.indtil >= today for name in made.fund}
    then = {row.fund_id for row in result.rows(TABLE) if row.tilstand == HOLDS} & now
    cases: Sequence[Case] = result.rows("sager")
    return then.union(*(case.fund for case in cases if case.sag_id in then))


def _cases(result: RunResult, findings: Sequence[Finding]) -> Sequence[Case | Finding]:
    """The cases that some findings are: what there is to do, once. In a run without cases each finding is its own."""
    ids = {finding.fund_id for finding in findings}
    cases: Sequence[Case] = result.rows("sager")
    return [case for case in cases if not ids.isdisjoint(case.fund)] if cases else findings


def _without_ledger(result: RunResult, eights: Sequence[OttetalCell]) -> tuple[str, ...]:
    """The codes whose økonomi loop could not be compared, where the run had a ledger and could compare none."""
    active = [row for row in eights if row.fagsystem_borgere]
    if not _has(result, "oekonomi") or any(row.status_oekonomi != "ufuldstaendig" for row in active):
        return ()
    return tuple(row.dst_kode for row in active)


def _has(result: RunResult, source: str) -> bool:
    return any(info.kilde == source for info in result.sources)


def _lenient(result: RunResult, volume: Sequence[Hand01Cell]) -> Iterator[str]:
    """What is set so that less is found. A tolerance counts where it hid something; persons it hid are named by themselves."""
    hid = any(row.status == Status.TOLERATED for row in volume)
    for row in result.rows("lempelser"):
        if row.hvad != "tolerance_antal" and (row.hvad != "tolerance_fuldtid" or hid):
            yield row.hvad


def _newer(working_folder: Path, judged: Manifest, quarter: Quarter) -> str:
    """The newest run in ``ud/`` that covers the quarter, where it is not the one judged; else empty. A run that was made later
    by the clock is named too: its number may have been changed."""
    covering = [manifest for manifest in manifests(working_folder)[0] if manifest.covers(quarter)]
    if covering and covering[0].folder.resolve() == judged.folder.resolve():
        later_by_clock = [manifest for manifest in covering[1:] if manifest.time > judged.time]
        return shown_folder(later_by_clock[0].folder, working_folder) if later_by_clock else ""
    if not covering:
        return ""
    beside = judged.folder.resolve().parent == (working_folder / RUNS).resolve()
    later = beside or covering[0].time > judged.time
    return shown_folder(covering[0].folder, working_folder) if later else ""


def _register(config: Config) -> Register:
    """The list of runs; without the key nobody knows what it says."""
    return read_register(config.folder, read_key(config.key_file)) if config.key_file.is_file() else Register()


def changed_inputs(config: Config, manifest: Manifest) -> tuple[str, ...]:
    """The sources whose files are not the ones the run was made of, sorted; a source that is new or gone too.

    Neither a database nor Spark is asked again, so what is read there is never named.
    """
    known: dict[str, Counter[str]] = {}
    for entry in manifest.data["input"]:
        known.setdefault(entry["kilde"], Counter())[entry["sha256"]] += 1
    asked = {*known, *(config.kilder if manifest.command == "run" else ())}
    changed = []
    for source in asked:
        given = config.kilder.get(source)
        if given and not given.filer:
            continue
        files = find_files(config.folder, given.filer)[0] if given else []
        if Counter(sha256_of(path) for path in files) != known.get(source, Counter()):
            changed.append(source)
    return tuple(sorted(changed))


def _concerns(period: str | None, quarter: Quarter) -> bool:
    touched = quarters_of(period)
    return not touched or str(quarter) in touched


def _code_line(row: Hand07Cell, cases: Iterable[tuple[str | None, str]], accepted: set[str]) -> CodeLine:
    return CodeLine(
        dst_kode=row.dst_kode,
        status=row.status,
        dst=row.dst,
        own=row.fagsystem if row.fagsystem is not None else row.flis,
        rest=row.rest,
        accepted=cell_id(row.dst_kode, row.periode) in accepted,
        cases=Counter(severity for owner, severity in cases if owner == row.dst_kode),
    )


def _ages(sources: Iterable[SourceInfo]) -> Iterator[SourceAge]:
    newest = {source.kilde: source.nyeste for source in sources if source.nyeste}
    # The newest death says nothing of how fresh the register is.
    newest.pop("borger", None)
    for name, day in newest.items():
        yield SourceAge(name, day, (max(newest.values()) - day).days)


def text_mistakes(by: str, note: str) -> list[str]:
    """What is wrong with initials (2–5 letters) and a note (no CPR number), a sentence each; the texts are never repeated."""
    mistakes = []
    if not INITIALS.fullmatch(by):
        mistakes.append(_("Skriv, hvem der beslutter: --by INITIALER (2–5 bogstaver)."))
    if mask(note) != note:
        mistakes.append(_("Teksten ser ud til at indeholde et CPR-nummer; skriv den uden."))
    return mistakes


def nothing_recorded(mistakes: Sequence[str]) -> InputError:
    """What is said when a decision or an acceptance is not written, with every mistake in it."""
    return InputError(listed(_("Intet er registreret:"), mistakes))


def enough_said(note: str) -> bool:
    """Whether a note is one: at least ten letters, and not the same few over and over."""
    return says_why(note)


def decide(config: Config, ready: Readiness, *, decision: str, by: str, note: str, now: datetime) -> Appended:
    """Record a decision on the run the readiness was read from, with what it overrode.

    Raises:
        InputError: initials are missing, a note is needed or holds a CPR number, or the log cannot be written.
    """
    if mistakes := text_mistakes(by, note):
        raise nothing_recorded(mistakes)
    blocks = ready.blocks() if decision == APPROVE else []
    if blocks and not enough_said(note):
        heading = _("{periode} kan ikke godkendes uden en begrundelse på mindst ti bogstaver (--note …). Det blokerer:")
        raise InputError(listed(heading.format(periode=ready.quarter), [block.sentence for block in blocks]))
    manifest = ready.run.manifest
    severities = sum((Counter(line.cases) for line in ready.codes), Counter(ready.general))
    return append(
        config.folder,
        {
            "tid": now.isoformat(timespec="seconds"),
            "kommune": ready.result.kommune,
            "periode": str(ready.quarter),
            "beslutning": decision,
            "af": by,
            "note": note.strip(),
            "tilsidesat": [block.sentence for block in blocks],
            "koersel": ready.folder,
            "koersel_tid": manifest.data["tid"],
            "manifest_sha256": manifest.sha256,
            "koersler": ready.register.mark,
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


def decisions(log: ApprovalLog, quarter: Quarter | None = None) -> list[Mapping[str, Any]]:
    """The recorded decisions, oldest first; those on one quarter when it is given. A line that is no decision is left
    out (and is a fault to ``--verify``)."""
    whole = [line.record for line in log.lines if set(line.record) >= _FIELDS]
    return [record for record in whole if quarter is None or record["periode"] == str(quarter)]


def latest_decisions(log: ApprovalLog) -> dict[str, Mapping[str, Any]]:
    """The decision that counts for each quarter: the last one."""
    return {record["periode"]: record for record in decisions(log)}


def known_runs(log: ApprovalLog) -> Mapping[str, Any] | None:
    """What the last decision that says so knew of the list of runs; None where none does."""
    return next((record["koersler"] for record in reversed(decisions(log)) if "koersler" in record), None)
