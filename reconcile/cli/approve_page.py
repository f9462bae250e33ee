"""The parts of the readiness page, each as lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from reconcile.approval.readiness import Readiness
from reconcile.cli.text import table_lines
from reconcile.i18n import _, day, number
from reconcile.reports import labels
from reconcile.results.rows import Severity
from reconcile.settings.config import Config


def answer(ready: Readiness) -> Iterator[str]:
    """Can it be approved? One word first, then what blocks, each with the command that shows it."""
    blocks = ready.blocks()
    if not blocks:
        yield _("JA: {periode} kan godkendes. Intet blokerer.").format(periode=ready.quarter)
    else:
        yield _("NEJ: {periode} kan kun godkendes med en begrundelse (--note).").format(periode=ready.quarter)
    for block in blocks:
        yield _("  Blokerer: {hvad}  → {kommando}").format(hvad=block.sentence, kommando=block.command)
    if ready.accepted:
        yield _("  Accepteret: {antal} (se accepteret.toml).").format(antal=len(ready.accepted))
    yield ""


def heading(config: Config, ready: Readiness) -> Iterator[str]:
    """What is looked at: the quarter, the municipality, and the report it rests on."""
    name = config.kommune.navn or config.kommune.kode
    yield _("Godkendelse af {periode} for {navn}").format(periode=ready.quarter, navn=name)
    manifest = ready.run.manifest
    text = _("Grundlag: {mappe}, kørt {dag}, fingeraftryk {hash}")
    yield text.format(mappe=ready.folder, dag=day(manifest.time.date()), hash=manifest.sha256[:16])


def deadlines(ready: Readiness, today: date) -> Iterator[str]:
    """The deadline, the working day after it when it is none itself, and the yearly cut-off."""
    due = ready.deadline
    yield _("Frist: {dag} ({ugedag}), {igen}.").format(
        dag=day(due.day), ugedag=_weekday(due.day), igen=_until(due.day, today)
    )
    if due.moved:
        text = _("Fristen falder på en weekend eller helligdag; den næste arbejdsdag er {dag} ({ugedag}), {igen}.")
        yield text.format(
            dag=day(due.working_day), ugedag=_weekday(due.working_day), igen=_until(due.working_day, today)
        )
    if ready.yearly:
        yield _("Årlig frist: {dag} ({ugedag}), {igen}.").format(
            dag=day(ready.yearly), ugedag=_weekday(ready.yearly), igen=_until(ready.yearly, today)
        )


def _weekday(when: date) -> str:
    from babel.dates import format_date

    from reconcile.i18n import language

    return format_date(when, "EEEE", locale=language())


def _until(when: date, today: date) -> str:
    days = (when - today).days
    if days == 0:
        return _("i dag")
    if days > 0:
        return labels.counted(days, _("om {antal} dag"), _("om {antal} dage"))
    return labels.counted(days, _("for {antal} dag siden"), _("for {antal} dage siden"))


def ydelser(ready: Readiness) -> Iterator[str]:
    """The table of ydelser with status, figures and open cases, and the cases that belong to no ydelse."""
    headings = (
        _("Kode"),
        _("Ydelse"),
        _("Status"),
        _("DST"),
        _("Eget tal"),
        _("Rest"),
        _("Fejl"),
        _("Advarsler"),
        _("Oplysninger"),
    )
    rows = []
    for line in ready.codes:
        status = labels.status(line.status).text + (_(" (accepteret)") if line.accepted else "")
        figures = (labels.figure(line.dst), labels.figure(line.own), labels.signed(line.rest))
        counts = [number(line.cases.get(severity, 0)) for severity in Severity]
        rows.append((line.dst_kode, labels.code_name(line.dst_kode), status, *figures, *counts))
    yield from table_lines(headings, rows, right=range(3, 9), spare=(1,))
    if any(ready.general.values()):
        yield _("Sager uden for disse ydelser: {antal}.").format(antal=_severities(ready.general))


def _severities(counts: Mapping[str, int]) -> str:
    return ", ".join(labels.severity_count(severity, counts.get(severity, 0)) for severity in Severity)


def freshness(ready: Readiness) -> Iterator[str]:
    """How fresh each source is, and which are older than the others."""
    if ready.ages:
        listed = ", ".join(f"{labels.source(age.kilde)} {day(age.newest)}" for age in ready.ages)
        yield _("Nyeste række: {liste}.").format(liste=listed)
    for age in ready.stale:
        text = _("{kilde} er {dage} dage ældre end den nyeste kilde.")
        yield text.format(kilde=labels.source(age.kilde), dage=number(age.behind))


def since(ready: Readiness) -> Iterator[str]:
    """What changed since the run before, as the report says it."""
    rows = ready.result.rows("siden_sidst")
    moved = [row for row in ready.result.rows("tal_siden_sidst") if row.periode == str(ready.quarter)]
    if not rows and not moved:
        yield _("Siden sidst: ingen tidligere kørsel med andre input at sammenligne med, eller intet er ændret.")
        return
    counts = {name: sum(getattr(row, name) for row in rows) for name in ("nye", "stadig_aabne", "loeste")}
    text = _("Siden sidst: nye fund {nye}, stadig åbne {stadig_aabne}, løste {loeste}; ændrede tal i kvartalet {tal}.")
    yield text.format(**counts, tal=len(moved))
