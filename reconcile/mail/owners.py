"""A draft for each of those who have something to do, with their own cases only."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP

from reconcile.history.decode import decode
from reconcile.history.published import Published
from reconcile.i18n import _, day, number
from reconcile.mail.letter import Letter
from reconcile.privacy import door
from reconcile.reports import labels
from reconcile.reports.counts import enumerated_severities
from reconcile.reports.mail_body import place, pseudonyms
from reconcile.reports.tables import table_csv
from reconcile.results.cases import ACCEPTED, Case
from reconcile.results.rows import ResultTable, RunResult, Severity
from reconcile.settings.mail import Mail, address

#: How many cases a letter lists; the attached file has all of them.
_LISTED = 15


def letters_to_owners(run: Published, settings: Mail) -> Mapping[str, Letter]:
    """Who acts (a word of the rules: ``økonomi``, ``fagsystem`` …) → a letter with the cases that are theirs and not accepted.

    ``[mail] ansvarlige`` has their addresses; a letter to somebody without one has no recipient, and is still written.
    """
    result = decode(run)
    table = result.table("sager")
    theirs: dict[str, list[Case]] = {}
    for case in table.rows if table else ():
        if case.status != ACCEPTED:
            theirs.setdefault(case.hvem or "ikke fordelt", []).append(case)
    return {who: _letter(who, cases, result, settings) for who, cases in sorted(theirs.items())}


def _letter(who: str, cases: list[Case], result: RunResult, settings: Mail) -> Letter:
    message = EmailMessage(policy=SMTP)
    counts = {grade: sum(case.alvor is grade for case in cases) for grade in Severity}
    said = labels.enumerated(enumerated_severities(counts))
    title = _("{sted} {periode}: sager til {hvem}: {antal} ({fund})").format(
        sted=result.navn or result.kommune,
        periode=labels.span(result.perioder),
        hvem=labels.word(who),
        antal=number(len(cases)),
        fund=said,
    )
    message["Subject"] = door.text(title)
    if settings.fra:
        message["From"] = address(settings.fra)
    if to := settings.ansvarlige.get(who):
        message["To"] = address(to)
    message.set_content(door.text(_text(title, cases, result)), cte="quoted-printable")
    name = f"sager-{who}.csv"
    content = table_csv(ResultTable("sager", Case, cases))
    message.add_attachment(content, maintype="text", subtype="csv", filename=name)
    return Letter(message, ((name, len(content)),))


def _text(title: str, cases: list[Case], result: RunResult) -> str:
    lines = [f"{place(result)} · {labels.span(result.perioder)} · {day(result.started.date())}", "", title, ""]
    for case in cases[:_LISTED]:
        about = " · ".join(filter(None, (case.dst_kode, case.ydelse, case.borger)))
        lines += [
            f"- {labels.severity(case.alvor).text}: {case.besked}",
            f"  {case.sag_id}{' · ' + about if about else ''}",
        ]
    if len(cases) > _LISTED:
        lines.append(_("… og {antal} til; alle står i den vedhæftede fil.").format(antal=number(len(cases) - _LISTED)))
    return "\n".join([*lines, "", pseudonyms()]) + "\n"
