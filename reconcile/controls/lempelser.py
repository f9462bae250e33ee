"""What is set so that less is found, or more is called explained, than usual: table ``lempelser``.

A run with a huge tolerance, or with every course marked as an earlier system's, exits 0 as it should; the verdict must say
what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reconcile.reference import rows
from reconcile.results.rows import PartResult, ResultTable
from reconcile.results.survey import Leniency
from reconcile.settings.config import Regler
from reconcile.world.context import Context

TABLE = "lempelser"
#: The options of ``[regler]`` that find less the larger they are.
LENIENT = (
    "tolerance_antal",
    "tolerance_fuldtid",
    "tolerance_kr",
    "ugegraense",
    "efterslip_maaneder",
    "pris_k",
    "paragraf_107_dage",
    "systemskifte_andel",
)


def run(context: Context) -> PartResult:
    """Table ``lempelser``; no table where everything is as usual."""
    found = (*_options(context.regler), *_earlier_system(context))
    return PartResult(tables=(ResultTable(TABLE, Leniency, found),) if found else ())


def _options(regler: Regler) -> Iterator[Leniency]:
    for name in LENIENT:
        value, field = getattr(regler, name, None), Regler.model_fields.get(name)
        usual = (field.default if field else None) or (_week_limit() if name == "ugegraense" else 0)
        if value is not None and value > usual:
            yield Leniency(name, str(value), str(usual))


def _week_limit() -> Decimal:
    """The highest limit of a week's payment in the dated reference data, which ``ugegraense`` stands in place of."""
    return max(Decimal(row["vaerdi"]) for row in rows("yr_regel") if row["navn"] == "ugegraense")


def _earlier_system(context: Context) -> Iterator[Leniency]:
    """Where most of our open courses are an earlier system's, the load rule drops them, whatever the figures."""
    if not context.has("fagsystem", "system"):
        return
    ((courses, earlier),) = context.engine.rows(
        """
        SELECT count(*), count(*) FILTER (WHERE system = 'tidligere') FROM fagsystem
        WHERE slut_dato IS NULL AND coalesce(handlekommune, $kommune) IN (SELECT kommune FROM egen_kommune)
        """
    )
    if earlier * 2 > courses:
        yield Leniency("system_tidligere", str(earlier), str(courses))
