"""What a run owes to the time before it: acceptances, the previous run, and the approvals.

Applied to the result of a run before it is published. Two runs on the same inputs still give the same bytes: an earlier
run is compared with only when it was made of other inputs, and a comparison that finds nothing adds nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reconcile.approval.log import ApprovalLog, read_log
from reconcile.approval.readiness import latest_decisions
from reconcile.domain.deadlines import deadline
from reconcile.domain.periods import Quarter
from reconcile.errors import InputError
from reconcile.history.accepted import TABLE, apply_accepted, open_in_published, read_accepted
from reconcile.history.published import (
    MANIFEST,
    RUNS,
    Manifest,
    Published,
    manifests,
    read_manifest,
    read_run,
    shown_folder,
)
from reconcile.history.remarks import read_remarks, remarked
from reconcile.history.since import NEW, SOLVED, Comparison, compare, judged, published_snapshot, snapshot
from reconcile.i18n import _, day
from reconcile.privacy.pseudonym import read_key, readable_by_others
from reconcile.results.cases import Case, Correction
from reconcile.results.followed import HOLDS, ApprovalRow
from reconcile.results.rows import ResultTable, RunResult, Severity
from reconcile.rules.catalogue import load_rules
from reconcile.runs.cases import cases_of, settled
from reconcile.runs.corrections import corrections
from reconcile.runs.pipeline import own_rules
from reconcile.runs.readback import take_back, worked_in
from reconcile.settings.config import Config


def follow_up(result: RunResult, config: Config, out: Path, kept: Path | None = None) -> RunResult:
    """The result with the tables ``sager`` and ``rettelser``, ``accepterede``, ``siden_sidst`` (and its figures and findings)
    and ``godkendelse``.

    ``out`` is where the run will be published; the runs beside it in ``ud/``, or an earlier one in ``out`` itself, are
    what it can be compared with. Of a run over several kommuner, ``kept`` is where the kommune's acceptances and approvals
    lie, and its own reports in the runs before are what it is compared with.

    Raises:
        ConfigError: ``accepteret.toml`` cannot be used.
    """
    result = _read_back(result, config, out)
    cases = cases_of(result, {rule.id: rule for rule in load_rules(own_rules(config))})
    result = apply_accepted(result, read_accepted(kept or config.folder), result.started.date(), cases)
    result, new = _compared(result, config, out)
    remarks = {**read_remarks(config.folder).by_case, **(read_remarks(kept).by_case if kept else {})}
    result = with_cases(result, remarked(cases, remarks), new)
    key = read_key(config.key_file) if config.key_file.is_file() else None
    if key and (open_to_all := readable_by_others(config.key_file)):
        result = replace(result, caveats=(*result.caveats, open_to_all))
    return _with_approvals(result, read_log(kept or config.folder, key))


def _read_back(result: RunResult, config: Config, out: Path) -> RunResult:
    """Take what was written in the workbooks of earlier runs, and say what was taken and what could not be used."""
    runs = manifests(config.folder)[0]
    if (out / MANIFEST).is_file():
        with suppress(InputError):
            runs = [*runs, read_manifest(out)]
    said: list[str] = []
    for path in worked_in(config.folder, runs):
        try:
            taken = take_back(config.folder, path, result.started.date())
        except InputError as error:
            said.append(_("{fil} er ændret, men kan ikke læses tilbage: {grund}").format(fil=path, grund=error))
            continue
        name = shown_folder(path, config.folder)
        text = _("Læst tilbage fra {fil}: bemærkninger {antal}, accepter {accepter}.")
        said.append(text.format(fil=name, antal=taken.remarks, accepter=taken.accepted))
        said += [_("{fil}, {grund}").format(fil=name, grund=refusal) for refusal in taken.refused]
    return replace(result, caveats=(*result.caveats, *said))


def with_cases(result: RunResult, cases: Sequence[Case], new: frozenset[str] = frozenset()) -> RunResult:
    """The result with its cases and corrections; ``new`` are the findings and cells that are new since the run before."""
    table = result.table(TABLE)
    last = {row.fund_id: row.indtil for row in table.rows if row.tilstand == HOLDS} if table else {}
    by_finding = {name: last[case.sag_id] for case in cases if case.sag_id in last for name in case.fund}
    done = settled(cases, {**by_finding, **last}, new)
    made = ResultTable("sager", Case, done), ResultTable("rettelser", Correction, corrections(result, done))
    return replace(result, tables=(*result.tables, *(table for table in made if table.rows)))


def _compared(result: RunResult, config: Config, out: Path) -> tuple[RunResult, frozenset[str]]:
    """The result compared with the run before, and the findings and cells that are new since then."""
    earlier, unreadable = _previous(result, config.folder, out)
    caveats = list(result.caveats)
    if unreadable:
        text = _("Tidligere rapporter, der ikke kan læses eller er ændret, er ikke sammenlignet: {mapper}.")
        caveats.append(text.format(mapper=", ".join(unreadable)))
    if earlier is None:
        return replace(result, caveats=tuple(caveats)), frozenset()
    name = shown_folder(earlier.manifest.folder, config.folder)
    found = compare(published_snapshot(earlier, name), snapshot(result, ""))
    if not found.changed:
        return replace(result, caveats=tuple(caveats)), frozenset()
    caveats.append(_sentence(found, earlier.manifest))
    open_before = {item.id for item in open_in_published(earlier).values() if item.cell}
    judged_before = set(earlier.manifest.periods)
    cells = {c.id for c in result.cells.values() if c.periode in judged_before and c.id not in open_before}
    new = cells.union(row.fund_id for row in found.findings if row.tilstand == NEW)
    return replace(result, tables=(*result.tables, *found.tables()), caveats=tuple(caveats)), frozenset(new)


def _sentence(found: Comparison, manifest: Manifest) -> str:
    text = _("Siden kørslen i {mappe} den {dag}: nye fund {nye}, løste {loeste}, tal der har flyttet sig {tal}.")
    return text.format(
        mappe=found.before,
        dag=day(manifest.time.date()),
        nye=found.count(NEW),
        loeste=found.count(SOLVED),
        tal=len(found.figures),
    )


def _previous(result: RunResult, working_folder: Path, out: Path) -> tuple[Published | None, list[str]]:
    """The newest earlier run of the same command made of other inputs, and the folders that cannot be read."""
    candidates: list[Manifest] = []
    broken: list[Path] = []
    runs, place = (working_folder / RUNS).resolve(), out.resolve()
    if runs in (place.parent, place.parent.parent):
        candidates, broken = manifests(working_folder, "" if place.parent == runs else place.name)
    elif (out / MANIFEST).is_file():
        try:
            candidates = [read_manifest(out)]
        except InputError:
            broken = [out]
    inputs = frozenset((source.kilde, info.sha256) for source in result.sources for info in source.filer)
    for manifest in candidates:
        made_of = (manifest.inputs, *(manifest.data.get(f"{name}_sha256") for name in ("konfiguration", "regelsaet")))
        same = made_of == (inputs, result.config_hash, result.rules_hash)
        other_key = manifest.data.get("noegle", result.key_id) != result.key_id  # nobody could be recognised
        if same or other_key or manifest.command != result.command or not set(manifest.periods) & set(result.perioder):
            continue
        try:
            return read_run(manifest.folder), [shown_folder(path, working_folder) for path in broken]
        except InputError:
            broken.append(manifest.folder)
    return None, [shown_folder(path, working_folder) for path in broken]


def _with_approvals(result: RunResult, log: ApprovalLog) -> RunResult:
    """The head of the log, and where each quarter stands."""
    caveats = list(result.caveats)
    if log.head:
        text = _("Godkendelser: {antal}; den sidste linjes hash er {hash}.")
        caveats.append(text.format(antal=len(log.lines), hash=log.head))
    if log.faults or log.torn:
        caveats.append(_("Loggen over godkendelser er ændret eller afbrudt: se «reconcile approve --verify»."))
    rows = tuple(_approval_rows(result, log))
    tables = (*result.tables, ResultTable("godkendelse", ApprovalRow, rows)) if rows else result.tables
    return replace(result, tables=tables, caveats=tuple(caveats), approval_head=log.head)


def _approval_rows(result: RunResult, log: ApprovalLog) -> Iterator[ApprovalRow]:
    """A row for each quarter that was compared with Danmarks Statistik."""
    table = result.table("hand07_diff")
    cells = Counter(cell.periode for cell in table.rows) if table else Counter[str]()
    decided = latest_decisions(log)
    errors: dict[str | None, set[str]] = defaultdict(set)  # by period, of which there are few
    for finding in result.findings:
        if finding.alvor is Severity.ERROR and finding.fund_id not in result.accepted:
            errors[finding.periode].add(finding.fund_id)
    to_do = result.table("sager")
    for period in result.perioder:
        quarter = Quarter.parse(period)
        if quarter is None or not cells[period]:
            continue
        here = [cell.id for cell in result.cells.values() if cell.periode == period]
        errors_here = set[str]().union(*(ids for when, ids in errors.items() if judged(when, (period,))))
        due = deadline(quarter)
        decision = decided.get(period, {})
        yield ApprovalRow(
            periode=period,
            frist=due.day,
            arbejdsdag=due.working_day,
            celler=cells[period],
            uforklarede=sum(name not in result.accepted for name in here),
            accepterede=sum(name in result.accepted for name in here),
            aabne_fejl=_cases(errors_here, to_do.rows if to_do else ()),
            beslutning=decision.get("beslutning"),
            af=decision.get("af"),
        )


def _cases(findings: Set[str], cases: Sequence[Case]) -> int:
    """How many cases some findings are: what there is to do, once."""
    return sum(not findings.isdisjoint(case.fund) for case in cases)
