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
from reconcile.history.accepted import HOLDS, TABLE, open_items
from reconcile.history.published import Published, latest_run, read_run, shown_folder
from reconcile.history.since import quarters_of
from reconcile.i18n import _
from reconcile.results.rows import Severity

APPROVE, REJECT = "godkend", "afvis"
_INITIALS = re.compile(r"[A-Za-zÆØÅæøå0-9._-]{1,20}")
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
class Readiness:
    """What is known of a quarter before it is decided on.

    ``unexplained`` are the ids of cells left unexplained and not accepted; ``accepted`` of findings and cells that are;
    ``general`` counts the open findings that belong to no ydelse; ``stale`` and ``changed_inputs`` say what is old.
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

    @property
    def open_errors(self) -> int:
        """Open findings of severity ``fejl`` that concern the quarter."""
        return sum(line.findings.get(Severity.ERROR, 0) for line in self.codes) + self.general.get(Severity.ERROR, 0)

    @property
    def stale(self) -> tuple[SourceAge, ...]:
        """The sources that are clearly older than the freshest one."""
        return tuple(age for age in self.ages if age.behind > STALE_DAYS)

    def blocks(self) -> list[str]:
        """What stands in the way of approving without a note."""
        said = []
        if self.unexplained:
            text = _("uforklarede celler: {antal} ({celler})")
            said.append(text.format(antal=len(self.unexplained), celler=", ".join(self.unexplained)))
        if self.quarantined:
            said.append(_("rækker i karantæne, som tallene er uden: {antal}").format(antal=self.quarantined))
        return said

    @property
    def exit_code(self) -> int:
        """1 when something blocks or an error is open, else 0."""
        return 1 if self.blocks() or self.open_errors else 0


def readiness(
    working_folder: Path, quarter: Quarter, yearly: date | None, today: date, run_folder: Path | None = None
) -> Readiness:
    """How ready a quarter is, from ``run_folder`` or the newest run in ``ud/`` that covers it.

    Raises:
        InputError: there is no such run, it does not cover the quarter, or its files are not as it left them.
    """
    run = read_run(run_folder) if run_folder else latest_run(working_folder, quarter)
    if not run.manifest.covers(quarter):
        text = _("Kørslen i {mappe} har ikke sammenlignet {periode} med Danmarks Statistik; kør «reconcile run».")
        raise InputError(text.format(mappe=run.manifest.folder, periode=quarter))
    accepted = {row["fund_id"] for row in run.rows(TABLE) if row["tilstand"] == HOLDS and row["indtil"] >= f"{today}"}
    cells = [row for row in run.rows("hand07_diff") if row["periode"] == str(quarter)]
    eights = [row for row in run.rows("ottetal") if row["periode"] == str(quarter)]
    findings = [f for f in run.rows("fund") if _concerns(f["periode"], quarter)]
    unexplained = [name for name in open_items((), cells, eights) if name not in accepted]
    open_findings = [f for f in findings if f["fund_id"] not in accepted]
    ids = {*open_items(findings, cells, eights)}
    codes = tuple(_code_line(row, open_findings, accepted) for row in cells)
    shown = {line.dst_kode for line in codes}
    return Readiness(
        quarter=quarter,
        run=run,
        folder=shown_folder(run.manifest.folder, working_folder),
        deadline=deadline(quarter),
        yearly=yearly,
        codes=codes,
        general=Counter(f["alvor"] for f in open_findings if f["dst_kode"] not in shown),
        unexplained=tuple(unexplained),
        accepted=tuple(sorted(accepted & ids)),
        quarantined=int(run.result["koersel"]["karantaene"]),
        ages=tuple(_ages(run)),
    )


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
        accepted=f"HAND07:{code}:{row['periode']}" in accepted,
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


def decide(working_folder: Path, ready: Readiness, *, decision: str, by: str, note: str, now: datetime) -> Appended:
    """Record a decision on the run the readiness was read from.

    Raises:
        InputError: initials are missing, a note is needed or holds a CPR number, or the ledger cannot be written.
    """
    if not _INITIALS.fullmatch(by):
        raise InputError(_("Skriv, hvem der beslutter: --by INITIALER (bogstaver og tal, uden mellemrum)."))
    if mask(note) != note:
        raise InputError(_("Noten ser ud til at indeholde et CPR-nummer; skriv den uden. Intet er registreret."))
    blocks = ready.blocks()
    if decision == APPROVE and blocks and not note.strip():
        heading = _("{periode} kan ikke godkendes uden en begrundelse (--note …). Det blokerer:")
        raise InputError(listed(heading.format(periode=ready.quarter), blocks))
    manifest = ready.run.manifest
    severities = sum((Counter(line.findings) for line in ready.codes), Counter(ready.general))
    return append(
        working_folder,
        {
            "tid": now.isoformat(timespec="seconds"),
            "kommune": str(ready.run.result["koersel"]["kommune"]),
            "periode": str(ready.quarter),
            "beslutning": decision,
            "af": by,
            "note": note.strip(),
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
    )


def decisions(ledger: Ledger, quarter: Quarter | None = None) -> list[Mapping[str, Any]]:
    """The recorded decisions, oldest first; those on one quarter when it is given. A line that is no decision is left
    out (and is a fault to ``--verify``)."""
    whole = [line.record for line in ledger.lines if set(line.record) >= _FIELDS]
    return [record for record in whole if quarter is None or record["periode"] == str(quarter)]


def latest_decisions(ledger: Ledger) -> dict[str, Mapping[str, Any]]:
    """The decision that counts for each quarter: the last one."""
    return {record["periode"]: record for record in decisions(ledger)}
