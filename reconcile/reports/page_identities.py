"""What ``reconcile footing`` says of several tables: the cells that break an identity, and the identities found."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reconcile.domain.cpr import mask
from reconcile.errors import InputError
from reconcile.i18n import _
from reconcile.reports.page_footing import headings, lines, number
from reconcile.results.footing import LEAST_CELLS, Identity, Table


def no_identity(tables: Sequence[Table], shared: int) -> InputError:
    """The error of tables that have nothing to do with each other: 0 would be false comfort."""
    text = _(
        "ingen af tabellerne er kopien, summen eller produktet af andre; højst {shared} celler har fælles etiketter."
    )
    more = _("Der skal mindst være {least}, og syv af ti skal passe.")
    return tables[0].grid.problem(0, "", "", f"{text.format(shared=shared)} {more.format(least=LEAST_CELLS)}")


def break_lines(tables: Sequence[Table], found: Sequence[Identity], *, aligned: bool) -> list[str]:
    """A line per cell that breaks an identity: row, column, printed, what it should be, and the identity."""
    rows = []
    for identity in found:
        grid = tables[identity.result].grid
        for b in identity.breaks:
            exact = Decimal(b.expected.numerator) / Decimal(b.expected.denominator)
            should = number(grid, exact, b.decimals, b.cell)
            rows.append((b.row.name, b.column.name, mask(b.cell.text), should, _equation(tables, identity)))
    return lines(rows, headings(), aligned=aligned)


def identity_lines(tables: Sequence[Table], found: Sequence[Identity]) -> list[str]:
    """One line per identity: what it is, and in how many cells it holds."""
    text = _("{identity}: passer i {holds} af {cells} celler inden for de trykte cifre.")
    return [text.format(identity=_equation(tables, i), holds=i.holds, cells=i.cells) for i in found]


def _equation(tables: Sequence[Table], identity: Identity) -> str:
    sign = " × " if identity.operation == "product" else " + "
    parts = sign.join(f"«{mask(tables[part].grid.name)}»" for part in identity.parts)
    return f"«{mask(tables[identity.result].grid.name)}» = {parts}"
