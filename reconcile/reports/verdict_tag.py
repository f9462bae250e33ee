"""The word or two of a subject line: all is well is said of what was compared, and of nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconcile.i18n import _, kr, number
from reconcile.reports.labels import COMPARED
from reconcile.reports.verdict_hand07 import Compared
from reconcile.results.cells import ACCOUNTS
from reconcile.results.rows import OttetalCell, RunResult, Severity, Status


def tag(result: RunResult, figures: Compared, eights: Sequence[OttetalCell]) -> tuple[str, str]:
    """The tag of a run, and its tone."""
    if result.exit_code:
        return _("Skal undersøges"), "bad"
    if not figures.asked and not eights:
        return _without_figures(result)
    if reservation := next(_reservations(result, figures, eights), None):
        return reservation, "warn"
    return _("Intet uforklaret"), "ok"


def _reservations(result: RunResult, figures: Compared, eights: Sequence[OttetalCell]) -> Iterator[str]:
    """What keeps a run that exits 0 from saying that nothing is unexplained, the gravest first."""
    if not figures.compared and (figures.asked or all(cell.status == "ufuldstaendig" for cell in eights)):
        yield _("Intet er sammenlignet")
    if figures.missing:
        text = _("Intet uforklaret i de {antal} af {alle}, der kunne sammenlignes")
        yield text.format(antal=number(len(figures.compared)), alle=number(figures.total))
    if figures.tolerated:
        yield _("Uforklaret inden for tolerancen: {antal}").format(antal=number(len(figures.tolerated)))
    if accepted := sum(cell.id in result.accepted for cell in result.cells.values()):
        yield _("Uforklaret, men accepteret: {antal}").format(antal=number(accepted))
    if (table := result.table("lempelser")) and table.rows:
        yield _("Intet uforklaret, med lempede indstillinger")
    if errors := accepted_errors(result):
        yield _("Intet uforklaret; accepterede fejl: {antal}").format(antal=number(errors))
    ledger = {cell.status_oekonomi for cell in eights} - {"ufuldstaendig"}
    left_out = [*volume_left_out(result), *accounts_left_out(result)]
    if left_out or (list(ledger_left_out(result)) and not ledger):
        yield _("Intet uforklaret af det, der kunne sammenlignes")


def without_person(result: RunResult) -> Iterator[str]:
    """What of the ledger no rule can judge: it names nobody."""
    table = result.table("ottetal_beloeb")
    amount = sum((row.beloeb for row in table.rows if row.aarsag == "uden_cpr"), Decimal(0)) if table else Decimal(0)
    if amount:
        yield _("Økonomien har {beloeb} kr. uden CPR, som ikke kan afstemmes på personer.").format(beloeb=kr(amount))


def ottetal_cells(result: RunResult) -> Sequence[OttetalCell]:
    """The cells of the 8-tals kontrol, none when the run did not make it."""
    table = result.table("ottetal")
    return table.rows if table else ()


def _without_figures(result: RunResult) -> tuple[str, str]:
    """The tag of a run that compares nothing with published figures: rules alone."""
    own = result.table("yr_uge")
    if not any(source.raekker for source in result.sources) or (result.command == "yr" and own and not own.rows):
        return _("Ingen rækker at kontrollere"), "warn"
    if count := accepted_errors(result):
        return _("Accepterede fejl: {antal}").format(antal=number(count)), "warn"
    return _("Ingen fejl fundet"), "ok"


def accepted_errors(result: RunResult) -> int:
    """How many findings of severity ``fejl`` are accepted."""
    return sum(f.alvor is Severity.ERROR and f.fund_id in result.accepted for f in result.findings)


def volume_left_out(result: RunResult) -> Iterator[str]:
    """What of the fuldtidsydelser was not compared, or only agrees within its tolerance."""
    table = result.table("hand01_diff") if any(source.kilde == "hand01" for source in result.sources) else None
    statuses = Counter(str(cell.status) for cell in table.rows) if table else Counter[str]()
    missing = statuses[Status.MISSING_DST] + statuses[Status.MISSING_OWN] + statuses[Status.NOT_APPROVED]
    if missing:
        text = _("Fuldtidsydelser: {antal} af {alle} sammenligninger er ikke foretaget.")
        yield text.format(antal=number(missing), alle=number(missing + sum(statuses[s] for s in COMPARED)))


def accounts_left_out(result: RunResult) -> Iterator[str]:
    """The accounts that only the ledger or only the published accounts have."""
    statuses = Counter(row.status for row in result.rows(ACCOUNTS))
    if missing := statuses["mangler_oekonomi"] + statuses["mangler_regnskab"]:
        text = _("Regnskabet er ikke sammenlignet på {antal} af {alle} konti: de står kun på den ene side.")
        yield text.format(antal=number(missing), alle=number(statuses.total()))


def ledger_left_out(result: RunResult) -> Iterator[str]:
    """The ydelser whose økonomi loop was not compared although the run had a ledger."""
    if not any(source.kilde == "oekonomi" for source in result.sources):
        return
    active = {cell.dst_kode for cell in ottetal_cells(result) if cell.fagsystem_borgere}
    judged = {cell.dst_kode for cell in ottetal_cells(result) if cell.status_oekonomi != "ufuldstaendig"}
    if left := active - judged:
        text = _("Økonomisløjfen er ikke sammenlignet for {antal} af {alle} ydelser.")
        yield text.format(antal=number(len(left)), alle=number(len(active)))
