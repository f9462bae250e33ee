"""``sagsliste.xlsx``: the findings with CPR numbers, for those who look the cases up and correct them.

The only output with CPR numbers. It is built in memory, encrypted there, and only the encrypted bytes are written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from reconcile.errors import InputError
from reconcile.i18n import _, number
from reconcile.privacy.pseudonym import Lookup
from reconcile.reports import labels
from reconcile.reports.workbook import ROWS_PER_SHEET, Book, Column, Link
from reconcile.reports.xlsx import free_name
from reconcile.results.rows import Finding, RunResult
from reconcile.rules.catalogue import Rule

SAGSLISTE = "sagsliste.xlsx"
SHORTEST_PASSWORD = 12
#: Excel takes no longer one.
_LONGEST_PASSWORD = 255
#: Who acts → the findings of that task list, in the order they are worked through.
Tasks = Mapping[str, Sequence[Finding]]


def check_password(password: str) -> None:
    """Refuse a password that protects nothing.

    Raises:
        InputError: it is shorter than twelve characters, one character over and over, or longer than Excel takes.
    """
    if len(password.strip()) < SHORTEST_PASSWORD or len(set(password)) < 4:
        text = _("Adgangskoden til sagslisten er for svag: den skal have mindst {antal} tegn, og ikke de samme igen.")
        raise InputError(text.format(antal=SHORTEST_PASSWORD))
    if len(password) > _LONGEST_PASSWORD:
        text = _("Adgangskoden til sagslisten er for lang: Excel tager højst {antal} tegn.")
        raise InputError(text.format(antal=_LONGEST_PASSWORD))


def sagsliste(result: RunResult, lookup: Lookup, rules: Sequence[Rule], password: str) -> bytes:
    """The encrypted workbook of a run: a list of tasks, and a sheet for each who acts.

    Raises:
        InputError: the password is too weak.
    """
    check_password(password)
    return encrypt(_plain(result, lookup, {rule.id: rule for rule in rules}), password)


def encrypt(workbook: bytes, password: str) -> bytes:
    """The workbook encrypted as Excel does it (Agile, AES-256)."""
    from msoffcrypto.format.ooxml import OOXMLFile

    sealed = BytesIO()
    OOXMLFile(BytesIO(workbook)).encrypt(password, sealed)
    return sealed.getvalue()


def is_encrypted(content: bytes) -> bool:
    """Whether a file is an Office file that cannot be opened without its password."""
    import msoffcrypto
    from msoffcrypto.exceptions import FileFormatError

    try:
        return bool(msoffcrypto.OfficeFile(BytesIO(content)).is_encrypted())
    except FileFormatError:
        return False


def tasks(result: RunResult, rules: Mapping[str, Rule]) -> Tasks:
    """The findings about a person that are not accepted, by who acts; the gravest rule first, then person by person."""
    made: dict[str, list[Finding]] = defaultdict(list)
    found = [f for f in result.findings if f.borger and f.fund_id not in result.accepted]
    for finding in sorted(found, key=_order):
        rule = rules.get(finding.regel)
        made[labels.word(rule.who) if rule and rule.who else _("ikke fordelt")].append(finding)
    return made


def _order(finding: Finding) -> tuple[Any, ...]:
    return (labels.SEVERITIES.index(finding.alvor), finding.regel, finding.borger, *finding.sort_key())


def _plain(result: RunResult, lookup: Lookup, rules: Mapping[str, Rule]) -> bytes:
    work = tasks(result, rules)
    names: dict[str, str] = {}
    for who in work:
        names[who] = free_name(who[:1].upper() + who[1:], [*names.values(), _("Opgaver")])
    memory = BytesIO()
    with Book(memory, with_cpr=True) as book:
        _overview(book, result, work, names, rules)
        for who, findings in work.items():
            book.table_sheets(names[who], *_cases(findings, lookup, rules), frozen=2)
    return memory.getvalue()


def _overview(book: Book, result: RunResult, work: Tasks, names: Mapping[str, str], rules: Mapping[str, Rule]) -> None:
    sheet = book.sheet(_("Opgaver"))
    for column, width in enumerate((18, 10, 46, 13, 10, 10, 120)):
        sheet.set_column(column, column, width)
    place = f"{result.navn} ({result.kommune})" if result.navn else result.kommune
    title = " · ".join(filter(None, (_("Sagsliste"), place, labels.span(result.perioder))))
    sheet.set_row(0, 30)
    sheet.set_row(1, 20)
    sheet.write_string(0, 0, title, book.formats["title"])
    warning = _("Indeholder CPR-numre. Del den kun med dem, der retter sagerne, og slet den, når de er rettet.")
    sheet.merge_range(1, 0, 1, 6, "", book.formats["warning"])
    sheet.write_string(1, 0, warning, book.formats["warning"])
    if result.accepted:
        text = _("Accepterede fund og celler er udeladt: {antal}.").format(antal=number(len(result.accepted)))
        sheet.write_string(2, 0, text, book.formats["text"])
    rows = _task_rows(work, names, rules)
    if not rows:
        sheet.write_string(4, 0, _("Ingen fund om borgere."), book.formats["text"])
        return
    headings = (_("Hvem"), _("Regel"), _("Hvad"), _("Alvor"), _("Borgere"), _("Fund"), _("Gør"))
    kinds = ("", "", "wrap", "severity", "count", "count", "wrap")
    book.table(sheet, 4, [Column(*pair) for pair in zip(headings, kinds, strict=True)], rows)
    sheet.freeze_panes(5, 0)


def _task_rows(work: Tasks, names: Mapping[str, str], rules: Mapping[str, Rule]) -> list[list[Any]]:
    """A row for each rule of each who acts, leading to its first case."""
    rows: list[list[Any]] = []
    for who, findings in work.items():
        by_rule: dict[str, list[tuple[int, Finding]]] = defaultdict(list)
        for place, finding in enumerate(findings, start=1):
            by_rule[finding.regel].append((place, finding))
        for name, cases in by_rule.items():
            rule, (first, gravest) = rules.get(name), cases[0]
            said = (rule.text("title"), rule.text("remedy")) if rule else ("", "")
            persons = len({finding.borger for _place, finding in cases})
            link = Link(name, names[who], first) if first <= ROWS_PER_SHEET else name
            grade = labels.severity(gravest.alvor).text
            rows.append([names[who], link, said[0], grade, persons, len(cases), said[1]])
    return rows


def _cases(
    findings: Sequence[Finding], lookup: Lookup, rules: Mapping[str, Rule]
) -> tuple[list[Column], list[list[Any]]]:
    columns = [
        Column(labels.column("regel")),
        Column(_("CPR")),
        Column(labels.column("alvor"), "severity"),
        Column(_("Hvad"), widest=34),
        Column(labels.column("dst_kode")),
        Column(_("Kodens navn"), widest=34),
        *(Column(labels.column(name), widest=20) for name in ("ydelse", "periode")),
        Column(labels.column("besked"), "wrap", widest=80),
        Column(labels.column("fil"), widest=36),
        Column(labels.column("raekke"), "plain"),
        Column(labels.column("fund_id")),
        Column(_("Klaret")),
    ]
    rows = []
    for f in findings:
        rule = rules.get(f.regel)
        place = (f.dst_kode or "", labels.code_name(f.dst_kode or ""), f.ydelse or "", f.periode or "")
        where = (f.fil or "", f.raekke or "", f.fund_id, "")
        title = rule.text("title") if rule else ""
        cpr = lookup.cpr(f.borger or "") or ""
        rows.append([f.regel, cpr, labels.severity(f.alvor).text, title, *place, f.besked, *where])
    return columns, rows
