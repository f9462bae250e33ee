"""The rows of the YR tables besides ``results.YrWeek``: measures, the staircase, and YR against the ledger.

Amounts are kr. with two decimals; percentages are of bruttoudgift with two decimals; persons are distinct per month and
averaged over the months of the period that the source has rows for, with four decimals. All rounded half up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class YrPeriodKind(StrEnum):
    """What a period of ``yr_maal`` is."""

    MONTH = "maaned"
    QUARTER = "kvartal"
    YEAR = "aar"
    ROLLING = "12_maaneder"
    ALL = "alle"


@dataclass(frozen=True)
class YrMeasure:
    """A period × ydelse × step of table ``yr_maal``.

    ``periode`` is ``2020-03``, ``2020K1``, ``2020``, ``2019-04:2020-03`` (twelve months) or ``alle``. ``ydelse`` «I alt» is
    every ydelse of that kind of financing, and of all of them where ``finansiering`` is ``alle``; ``trin`` is ``1``–``4``,
    ``ingen`` (outside the staircase, or neither percentage nor counter says) or ``alle``. ``maaneder`` are the months of the
    period the source has rows for.

    ``personer`` are distinct over the period; ``personuger`` are distinct persons × ISO weeks with a net payment, a split week
    once; ``fuldtidspersoner`` are personuger divided by the ISO weeks with a day in ``maaneder``. ``kommunens_udgift`` is
    medfinansiering, else what refusion leaves of bruttoudgift, and ``kommunens_andel_pct`` the same in percent.

    ``*_aaret_foer`` is the same period a year earlier, also when it lies outside the chosen periods; missing where the source
    has nothing from then, 0 where it has, but not at this level (and the other way round). ``*_aendring_pct`` says nothing
    where the two periods have not equally many months.
    """

    periode: str
    periodetype: YrPeriodKind
    finansiering: str
    ydelse: str
    trin: str
    maaneder: int
    bruttoudgift: Decimal
    refusion: Decimal | None
    medfinansiering: Decimal | None
    fleksbidrag: Decimal | None
    refusionspct: Decimal | None
    medfinansieringspct: Decimal | None
    kommunens_andel_pct: Decimal | None
    kommunens_udgift: Decimal | None
    personer: int
    personer_pr_maaned: Decimal
    personuger: int
    fuldtidspersoner: Decimal
    bruttoudgift_pr_fuldtidsperson: Decimal | None
    maaneder_aaret_foer: int | None
    bruttoudgift_aaret_foer: Decimal | None
    refusion_aaret_foer: Decimal | None
    medfinansiering_aaret_foer: Decimal | None
    refusionspct_aaret_foer: Decimal | None
    medfinansieringspct_aaret_foer: Decimal | None
    personer_aaret_foer: Decimal | None
    bruttoudgift_aendring_pct: Decimal | None
    personer_aendring_pct: Decimal | None


@dataclass(frozen=True)
class YrSplit:
    """A factor × value × period × ydelse of table ``yr_fordelt``, with the measures of ``yr_maal``.

    ``vaerdi`` is empty where it is not known, and ``alle`` for the whole. A person who is several things in a period counts
    in each of them, and once in ``alle``.
    """

    opdeling: str
    vaerdi: str
    periode: str
    periodetype: YrPeriodKind
    finansiering: str
    ydelse: str
    maaneder: int
    bruttoudgift: Decimal
    refusion: Decimal | None
    medfinansiering: Decimal | None
    fleksbidrag: Decimal | None
    refusionspct: Decimal | None
    medfinansieringspct: Decimal | None
    kommunens_andel_pct: Decimal | None
    kommunens_udgift: Decimal | None
    personer: int
    personer_pr_maaned: Decimal
    personuger: int
    fuldtidspersoner: Decimal
    bruttoudgift_pr_fuldtidsperson: Decimal | None


@dataclass(frozen=True)
class YrStaircase:
    """Persons per month on each step, for a month or quarter × ydelse (table ``yr_trappe``).

    A person who changes step within a month counts on both, and once in ``i_alt``. ``*_aaret_foer`` is the same period
    a year earlier, missing where the source has nothing from then.
    """

    periode: str
    finansiering: str
    ydelse: str
    trin_1: Decimal
    trin_2: Decimal
    trin_3: Decimal
    trin_4: Decimal
    ingen: Decimal
    i_alt: Decimal
    trin_1_aaret_foer: Decimal | None
    trin_2_aaret_foer: Decimal | None
    trin_3_aaret_foer: Decimal | None
    trin_4_aaret_foer: Decimal | None
    ingen_aaret_foer: Decimal | None
    i_alt_aaret_foer: Decimal | None


@dataclass(frozen=True)
class YrCareerWeek:
    """A finding × ISO week with a payment around it × ydelse (table ``yr_forloeb``).

    ``uger_siden`` is how many weeks ago the person was last paid: 1 is the week before, more is a pause; missing in the
    person's first week. ``taeller`` is the counter this ydelse carries in its latest run, ``ugens_taeller`` the one the
    week is judged by; ``bruttoudgift`` is net over all files and both halves of the week.
    """

    fund_id: str
    regel: str
    borger: str
    uge: str
    fundets_uge: bool
    uger_siden: int | None
    ydelse: str
    ugens_taeller: int | None
    taeller: int | None
    bruttoudgift: Decimal


class LedgerStatus(StrEnum):
    """How YR and the ledger compare on an account."""

    EQUAL = "ens"
    TOLERATED = "inden_for_tolerance"
    UNEXPLAINED = "uforklaret"
    MISSING = "mangler_regnskab"


@dataclass(frozen=True)
class YrLedger:
    """A koerselsperiode × account of table ``yr_regnskab``.

    Both amounts carry the ledger's sign (refusion is income and negative); ``forskel`` is ledger − YR. ``ydelse`` is
    every ydelse whose amount belongs on the account; ``trin`` is missing where an account holds every step.
    """

    koerselsperiode: date
    konto: str
    ydelse: str
    trin: int | None
    yr: Decimal
    regnskab: Decimal | None
    forskel: Decimal | None
    status: LedgerStatus


@dataclass(frozen=True)
class YrOther:
    """Another kommune that finances rows of the source (table ``yr_andre``): rows, persons and kr. They are in no measure."""

    finansieringskommune: str
    raekker: int
    personer: int
    bruttoudgift: Decimal
    refusion: Decimal | None
    medfinansiering: Decimal | None


@dataclass(frozen=True)
class YrCompared:
    """A year × ydelse × kommune that finances it (table ``yr_sammenlign``); the own kommune first.

    ``ydelse`` «I alt» is every ydelse of that kind of financing. Percentages are of bruttoudgift.
    """

    aar: str
    finansiering: str
    ydelse: str
    kommune: str
    bruttoudgift: Decimal
    refusionspct: Decimal | None
    medfinansieringspct: Decimal | None


@dataclass(frozen=True)
class YrLoss:
    """What a fault of a counter or a percentage costs (table ``yr_tab``): of the finding in week ``periode``.

    ``uger`` is how many of the person's weeks were calculated with another percentage than the right one; ``tab`` is the
    kommune's loss in kr. with two decimals (negative: gained), up to the person's next finding on counters.
    """

    fund_id: str
    regel: str
    borger: str
    periode: str
    uger: int
    tab: Decimal


@dataclass(frozen=True)
class YrYearLoss:
    """The losses of a year × rule (table ``yr_tab_aar``; the year of the week, «i alt» over all): persons and kr."""

    aar: str
    regel: str
    borgere: int
    tab: Decimal


@dataclass(frozen=True)
class Settling:
    """What is known of a month (tables ``yr_efterregulering`` and ``oekonomi_efterregulering``).

    ``efter`` counts the periods of observation: koerselsperioder from the first that has the month, or months of the ledger
    from the month itself. ``kendt`` is net kr. until the end of ``til_og_med``, ``andel`` its share of the expected final
    amount (four decimals, half up). ``forventet_aendring`` (kr.) stands at the month's last row: what is still to come.
    """

    maaned: date
    efter: int
    til_og_med: date
    kendt: Decimal
    andel: Decimal | None
    forventet_aendring: Decimal | None


@dataclass(frozen=True)
class YrDeadWeeks:
    """A pause longer than its genoptjening (table ``yr_doede_uger``): the weeks that are not re-earned are «døde uger»."""

    borger: str
    periode: str
    pause: int
    genoptjening: int
    doede_uger: int


class PrintedStatus(StrEnum):
    """How a printed cell and our own figure compare, or why they are not compared."""

    EQUAL = "ens"
    AS_SUM = "ens_som_sum"
    DIFFERENT = "afviger"
    OTHER_KOMMUNE = "anden_kommune"
    UNKNOWN_YDELSE = "ukendt_ydelse"
    NO_PERIOD = "periode_mangler"
    NO_FIGURE = "intet_tal"
    CANNOT_TELL = "kan_ikke_regnes"


@dataclass(frozen=True)
class YrPrinted:
    """A cell of a pivot printed from FLIS DAP (source ``yr_tabel``) beside our own figure (table ``yr_tabel``).

    ``trykt`` is in kr. or percent whatever unit the table is printed in; missing where the cell is empty, which is
    no more than what rounds to 0. The two are equal where the printed digits can be a rounding of ours. ``ens_som_sum``: a total
    of persons that fits the ydelser added up, not the distinct persons.
    """

    fil: str
    tabel: str
    raekke: int
    maal: str
    periode: str
    finansiering: str | None
    ydelse: str
    trin: str
    trykt: Decimal | None
    vores: Decimal | None
    forskel: Decimal | None
    status: PrintedStatus
