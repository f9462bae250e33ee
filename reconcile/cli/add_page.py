"""What ``reconcile add`` shows: a proposal as TOML, with how it was told as comments (plain lines on a terminal)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reconcile.cli.text import aligned
from reconcile.domain.canonical import TABLES
from reconcile.domain.cpr import mask
from reconcile.i18n import Count, _
from reconcile.reports.labels import source
from reconcile.runs.adding import File, columns_of, patterns
from reconcile.runs.proposal import Proposal
from reconcile.settings.edit import section


def refused(file: File, mark: str, folder: Path) -> list[str]:
    """Why a file gets no place: what is wrong, and what must be asked about. ``folder``: where reconcile.toml is."""
    name = f"{file.label}: {file.table} ({source(file.table)})" if file.table else file.label
    told = ["", name, *(f"  {text}" for text in file.wrong)]
    for column, header in file.columns.items():
        told.append(f"  {column.ljust(20)} = «{header}»")
    for doubt in file.doubts:
        can = _(" Det kan være {overskrifter}.").format(overskrifter=", ".join(f"«{h}»" for h in doubt.headers))
        text = _("i tvivl om {kolonne}: {grund}.{kan}")
        told.append("  " + text.format(kolonne=doubt.column, grund=doubt.reason, kan=can if doubt.headers else ""))
    if file.doubts and file.table:
        told.append("  " + _("Kør kommandoen på en skærm og svar, eller skriv det selv:"))
        told += [f"    {line}" for line in _to_fill(file, folder)]
    return [mark + line if line else line for line in told]


def _to_fill(file: File, folder: Path) -> list[str]:
    """The TOML of a file in doubt, with the doubtful headings to choose from."""
    columns = {
        **file.columns,
        **{d.column: " | ".join(d.headers) for d in file.doubts if d.headers and d.column != "ark"},
    }
    order = [name for name in TABLES[file.table].names if name in columns]
    return section(
        file.table, {"filer": patterns([file.path], folder), "kolonner": {n: columns[n] for n in order}}
    ).splitlines()


def lines(proposal: Proposal, mark: str) -> list[str]:
    """A proposal: what it is, its columns, three rows, and the TOML."""
    told = [mask(line) for line in _summary(proposal)]
    toml = section(proposal.table, proposal.values).splitlines() if proposal.values else []
    if proposal.open:
        toml = [f"# {line}" for line in toml]
    return ["", *(f"{mark}{line}".rstrip() for line in told), *toml]


def _summary(proposal: Proposal) -> Iterator[str]:
    names = ", ".join(file.label for file in proposal.files)
    systems = sorted({system for file in proposal.files for system in file.systems})
    beside = f" – {', '.join(systems)}" if systems else ""
    yield f"{names}: {proposal.table} ({source(proposal.table)}){beside}"
    if proposal.known:
        yield "  " + _("står i reconcile.toml i forvejen.")
    renamed = {c: headers for c, headers in columns_of(proposal.files).items() if headers != [c]}
    for column, headers in renamed.items():
        yield f"  {column.ljust(20)} = " + ", ".join(f"«{header}»" for header in headers)
    if not renamed and proposal.table != "yr_tabel":  # its columns are read from the words of the table
        yield "  " + _("kolonnerne hedder det, de skal: {kolonner}").format(
            kolonner=", ".join(columns_of(proposal.files)) or "dst_kode, periode, antal"
        )
    rows = sorted({file.header_row for file in proposal.files})
    yield "  " + _("overskrift i række {raekke}; {antal:række|rækker} læst").format(
        raekke=", ".join(map(str, rows)), antal=Count(proposal.trial.count)
    )
    unused = list(dict.fromkeys(header for file in proposal.files for header in file.unused))
    if unused:
        yield "  " + _("læses ikke: {kolonner}").format(kolonner=", ".join(f"«{header}»" for header in unused))
    yield from (f"  {text}" for text in _lacks(proposal))
    yield from (f"  {text}" for text in proposal.trial.caveats)
    if proposal.trial.rows:
        yield "  " + _("tre rækker, som de læses:")
        yield from (f"    {line}" for line in aligned([proposal.trial.columns, *proposal.trial.rows]))
    wrong = proposal.open or proposal.trial.wrong
    if wrong:
        yield "  " + (_("skrives ikke:") if proposal.open else _("kørslen vil stoppe her, til det er rettet:"))
        yield from (f"    {line}" for line in wrong.splitlines()[:12])


def _lacks(proposal: Proposal) -> Sequence[str]:
    """What the source has not, where it changes what the figures are."""
    have = set(columns_of(proposal.files))
    texts = {
        ("fagsystem", "slut_dato"): _("ingen slutdato: alle forløb regnes som åbne."),
        ("flis", "slut_dato"): _("ingen slutdato: alle forløb regnes som åbne."),
        ("fagsystem", "handlekommune"): _("ingen handlekommune: alle forløb regnes som jeres."),
        ("oekonomi", "cpr"): _("ingen CPR-numre: betalinger kan ikke holdes mod forløb."),
    }
    return [text for (table, column), text in texts.items() if table == proposal.table and column not in have]
