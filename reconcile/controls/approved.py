"""Ja/Nej Godkendt: whether the municipality's figures of each quarter are approved, as the source ``godkendt`` says.

«Nej» makes a cell ``ikke_godkendt``. A quarter the source says nothing about is compared like an approved one, and is
therefore named: nothing said is not the same as approved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconcile.i18n import _
from reconcile.results.survey import ApprovedQuarter
from reconcile.world.context import Context

YES, NO, UNTOLD = "ja", "nej", "ikke oplyst"


def approved_quarters(context: Context) -> tuple[ApprovedQuarter, ...]:
    """The judged quarters in order; none where the source is not there. Two answers that differ are «nej»."""
    if not context.has("godkendt"):
        return ()
    rows = context.engine.rows(
        """
        SELECT p.periode, g.godkendt
        FROM periode AS p
        LEFT JOIN (
            SELECT periode, bool_and(godkendt) AS godkendt
            FROM godkendt
            WHERE kommune = $kommune
            GROUP BY periode
        ) AS g ON g.periode = p.periode
        WHERE g.periode IS NOT NULL
            OR p.periode IN (SELECT periode FROM offentliggjort WHERE kilde = 'hand07')
        ORDER BY p.periode
        """
    )
    said = {True: YES, False: NO, None: UNTOLD}
    return tuple(ApprovedQuarter(period, said[answer]) for period, answer in rows)


def approval_caveats(quarters: Sequence[ApprovedQuarter]) -> Iterator[str]:
    """The quarters that are compared although nobody says whether they are approved."""
    if untold := [quarter.periode for quarter in quarters if quarter.godkendt == UNTOLD]:
        text = _(
            "Kilden godkendt siger intet om {perioder}: tallene er sammenlignet, som om de var godkendt, men det er ikke"
            " oplyst."
        )
        yield text.format(perioder=", ".join(untold))
