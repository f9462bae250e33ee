"""The word or two of a subject line: all is well is said of what was compared, and of nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from reconcile.i18n import Count, _, kr, number
from reconcile.reports.labels import COMPARED
from reconcile.reports.verdict_hand07 import Compared
from reconcile.results.cells import ACCOUNTS
from reconcile.results.hand07 import Hand01Cell
from reconcile.results.rows import OttetalCell, RunResult, Severity, Status

#: The sources whose rows are what is compared.
_COMPARED_SOURCES = ("fagsystem", "flis", "oekonomi", "yr")


def tag(result: RunResult, figures: Compared, eights: Sequence[OttetalCell]) -> tuple[str, str]:
    """The tag of a run, and its tone."""
    if result.exit_code:
        return _("Skal undersøges"), "bad"
    if not figures.asked and not eights:
        return _without_figures(result)
    if said := list(_reservations(result, figures, eights)):
        return "; ".join(said), "warn"
    return _("Intet uforklaret"), "ok"


def _reservations(result: RunResult, figures: Compared, eights: Sequence[OttetalCell]) -> Iterator[str]:
    """What keeps a run that exits 0 from saying that nothing is unexplained, the gravest first; none of it hides the rest."""
    nothing = not figures.compared and (figures.asked or all(cell.status == "ufuldstaendig" for cell in eights))
    if nothing:
        yield _("Intet er sammenlignet")
        return
    told = list(_unexplained(result, figures))
    yield from told
    if figures.missing:
        missing, total = number(len(figures.missing)), number(figures.total)
        if told:
            yield _("{antal} af {alle} er ikke sammenlignet").format(antal=missing, alle=total)
        else:
            text = _("Intet uforklaret i de {antal} af {alle}, der kunne sammenlignes")
            yield text.format(antal=number(len(figures.compared)), alle=total)
    if (table := result.table("lempelser")) and table.rows:
        yield (
            _("lempede indstillinger") if told or figures.missing else _("Intet uforklaret, med lempede indstillinger")
        )
    if not told and not figures.missing and _left_out(result, figures, eights):
        yield _("Intet uforklaret af det, der kunne sammenlignes")


def _unexplained(result: RunResult, figures: Compared) -> Iterator[str]:
    """What is unexplained, or an error, and yet lets a run exit 0."""
    if count := len(figures.tolerated):
        yield _("Uforklaret inden for tolerancen: {antal}").format(antal=number(count))
    if count := len(_tolerated_volume(result)):
        yield _("Fuldtidsydelser uforklaret inden for tolerancen: {antal}").format(antal=number(count))
    if accepted := sum(cell.id in result.accepted for cell in result.cells.values()):
        yield _("Uforklaret, men accepteret: {antal}").format(antal=number(accepted))
    if errors := accepted_errors(result):
        yield _("Accepterede fejl: {antal}").format(antal=number(errors))


def _left_out(result: RunResult, figures: Compared, eights: Sequence[OttetalCell]) -> bool:
    """Whether something that was to be compared was not, and HAND07 is not what says it."""
    ledger = {cell.status_oekonomi for cell in eights} - {"ufuldstaendig"}
    left_out = [*volume_left_out(result), *accounts_left_out(result), *without_rows(result), *only_zeros(figures)]
    return bool(left_out or (list(ledger_left_out(result)) and not ledger))


def without_rows(result: RunResult) -> Iterator[str]:
    """The sources that are compared and have not one row: what they say is 0 everywhere."""
    rows: Counter[str] = Counter()
    for source in result.sources:
        rows[source.kilde] += source.raekker
    if empty := [name for name in _COMPARED_SOURCES if name in rows and not rows[name]]:
        yield _("Uden rækker er: {kilder}.").format(kilder=", ".join(empty))


def only_zeros(figures: Compared) -> Iterator[str]:
    """That nobody is counted on either side, so that nothing but zeros agrees."""
    counted = [n for c in figures.compared for n in (c.dst, c.flis, c.fagsystem, c.harmoniseret)]
    if counted and not any(counted):
        yield _("Alle de sammenlignede tal er 0, både jeres egne og Danmarks Statistiks.")


def no_weeks(result: RunResult) -> Iterator[str]:
    """That Ydelsesrefusion has rows, but none in the period."""
    weeks = result.table("yr_uge")
    if weeks and not weeks.rows and any(source.kilde == "yr" and source.raekker for source in result.sources):
        yield _("Ydelsesrefusion har ingen udbetalinger i perioden.")


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
    alone = result.command == "yr" or not any(source.raekker for source in result.sources if source.kilde != "yr")
    if alone and result.rows("yr_andre") and not result.rows("yr_maal"):
        return _("Intet er kontrolleret: en anden kommune finansierer det hele"), "warn"
    if not any(source.raekker for source in result.sources) or (alone and own and not own.rows):
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


def _tolerated_volume(result: RunResult) -> list[Hand01Cell]:
    """The differences in fuldtidsydelser that only a tolerance larger than the usual one hides."""
    table = result.table("hand01_diff")
    usual = [Decimal(row.normalt) for row in result.rows("lempelser") if row.hvad == "tolerance_fuldtid"]
    cells = [cell for cell in table.rows if cell.status is Status.TOLERATED] if table and usual else []
    return [cell for cell in cells if abs(cell.rest or 0) > usual[0]]


def tolerated_volume(result: RunResult) -> Iterator[str]:
    """How many differences in fuldtidsydelser a lenient tolerance hides."""
    if count := len(_tolerated_volume(result)):
        text = _("Fuldtidsydelser: {antal:forskel er|forskelle er} uforklaret inden for tolerancen.")
        yield text.format(antal=Count(count))


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
