"""Published figures must say one thing per code and quarter: a figure given twice with two values is no figure."""

from __future__ import annotations

from reconcile.domain.canonical import PUBLISHED
from reconcile.engine.base import Engine
from reconcile.errors import InputError, Problem, listed
from reconcile.i18n import Count, _, number

#: How many contradictions are listed.
_MOST = 100


def check_published(engine: Engine) -> list[str]:
    """Sentences about figures that stand twice with the same value.

    Needs ``$kommune``. Raises InputError naming the rows where two values contradict each other.
    """
    problems: list[Problem] = []
    caveats: list[str] = []
    for name in sorted(PUBLISHED):
        rows = engine.rows(
            f"SELECT dst_kode, periode, antal, antal_tekst, fil, raekke FROM (SELECT *, count(*) OVER w AS gange,"
            f" first_value(coalesce(CAST(antal AS VARCHAR), antal_tekst)) OVER w AS foerste FROM {name}"
            f" WHERE kommune IS NULL OR kommune = $kommune"
            f" WINDOW w AS (PARTITION BY dst_kode, periode ORDER BY fil, raekke"
            f" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))"
            f" WHERE gange > 1 ORDER BY dst_kode, periode, fil, raekke"
        )
        groups: dict[tuple[str, str], list[tuple[object, str, int]]] = {}
        for code, period, value, text, file, row in rows:
            said = number(value) if value is not None else text
            groups.setdefault((code, period), []).append((said, file, row))
        twice = 0
        for (code, period), given in groups.items():
            if len({said for said, _file, _row in given}) == 1:
                twice += 1
                continue
            where = ", ".join(_("{tal} i {fil} række {raekke}").format(tal=s, fil=f, raekke=r) for s, f, r in given)
            text = _("to tal for {kode} {periode}: {hvor}. Slet det forkerte.")
            reason = text.format(kode=code, periode=period, hvor=where)
            problems.append(Problem.make(given[-1][1], given[-1][2], "antal", str(given[-1][0]), reason))
        if twice:
            caveats.append(
                _("{kilde}: {antal:tal|tal} står to gange med samme værdi.").format(kilde=name, antal=Count(twice))
            )
    if problems:
        lines = [problem.sentence() for problem in problems[:_MOST]]
        if len(problems) > _MOST:
            lines.append(_("… og {antal} mere.").format(antal=len(problems) - _MOST))
        raise InputError(listed(_("Offentliggjorte tal modsiger hinanden:"), lines))
    return caveats
