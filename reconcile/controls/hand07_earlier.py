"""Which delivery of courses DST's figure of a quarter rests on: the one that was newest when the figure was first seen.

The working folder keeps it in ``aftryk/tal.json``, beside the prints of the deliveries: per quarter a hash of the published
figures and the number of the delivery. Figures that were published anew rest on the newest delivery again. What has been
corrected since a quarter's delivery is the step ``rettet`` of the bridge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reconcile.controls import redelivery_prints as prints
from reconcile.engine.base import literal
from reconcile.errors import InputError
from reconcile.i18n import _, day
from reconcile.results.redelivery import Resting
from reconcile.world.context import Context

#: A person of an earlier delivery whom no source knows any longer: the pseudonym stands where the CPR would.
_GONE = "~"


@dataclass(frozen=True)
class Earlier:
    """The quarters that rest on an earlier delivery, by its number, and the day each of these was first seen."""

    quarters: Mapping[str, int]
    days: Mapping[int, str]

    def caveats(self) -> Iterator[str]:
        """What the reader must know of them."""
        text = _(
            "Danmarks Statistiks tal for {kvartaler} er fra før den nyeste levering: de bygger på leveringen fra den {dag},"
            " og det, der er rettet siden, er broens trin «rettet»."
        )
        for number, first_seen in self.days.items():
            listed = sorted(quarter for quarter, rests_on in self.quarters.items() if rests_on == number)
            yield text.format(kvartaler=", ".join(listed), dag=first_seen)


def load(context: Context, source: str | None) -> Earlier:
    """Tables ``bro_tidligere`` (the courses of the earlier deliveries) and ``bro_udgave`` (which delivery each quarter rests
    on, by its number; 0 is this one). Prints that are not there or cannot be read are none: every quarter rests on this one."""
    driver = context.driver
    engine = driver.reader
    engine.run(
        "CREATE OR REPLACE TABLE bro_tidligere (udgave INTEGER, cpr VARCHAR, dst_kode VARCHAR, foerste_dag DATE,"
        " sidste_dag DATE, aaben BOOLEAN, system VARCHAR)"
    )
    found: dict[str, int] = {}
    days: dict[int, str] = {}
    if source and context.folder is not None and context.has(_published(context)):
        with suppress(InputError):
            found, days = _loaded(driver, context.folder, source)
    engine.add_rows("bro_hviler", {"periode": "VARCHAR", "udgave": "INTEGER"}, list(found.items()))
    engine.run(
        "CREATE OR REPLACE TABLE bro_udgave AS SELECT p.periode, p.fra, p.til, coalesce(h.udgave, 0) AS udgave"
        " FROM periode AS p LEFT JOIN bro_hviler AS h ON h.periode = p.periode"
    )
    context.engine.take("bro_tidligere", "bro_udgave")
    return Earlier(found, days)


def who(context: Context, cpr: str) -> str:
    """The pseudonym of a person of the bridge, also of one who is in an earlier delivery only."""
    return cpr.removeprefix(_GONE) if cpr.startswith(_GONE) else context.pseudonym(cpr)


def resting(context: Context) -> tuple[Resting, ...]:
    """Every quarter that DST has figures for, with the hash of them."""
    source = _published(context)
    rows = context.engine.rows(
        "SELECT periode, dst_kode, CAST(antal AS VARCHAR), antal_tekst FROM offentliggjort"
        f" WHERE kilde = '{source}' ORDER BY periode, dst_kode"
    )
    figures: dict[str, list[str]] = {}
    for period, *figure in rows:
        figures.setdefault(period, []).append(str(figure))
    return tuple(Resting(q, hashlib.sha256("\n".join(f).encode()).hexdigest()[:16]) for q, f in figures.items())


def _published(context: Context) -> str:
    return "hand07" if context.has("hand07") else "hand01"


def _loaded(context: Context, folder: Path, source: str) -> tuple[dict[str, int], dict[int, str]]:
    seen = prints.known(folder / prints.FOLDER)
    if not seen:
        return {}, {}
    context.need(prints.take)
    own = prints.own_number(context, seen)
    noted = prints.noted(folder / prints.FOLDER)
    judged = {str(quarter) for quarter in context.perioder}
    wanted = {
        r.periode: noted[r.periode].levering
        for r in resting(context)
        if r.periode in judged and r.periode in noted and noted[r.periode].tal == r.tal
    }
    found = {q: n for q, n in wanted.items() if n in seen and (own is None or n < own)}
    days: dict[int, str] = {}
    for number in sorted(set(found.values())):
        kept = prints.read(context.reader, seen[number], "levering_hvilet")
        if kept.key != context.pseudonym(prints.FOLDER) or source not in kept.columns:
            found = {q: n for q, n in found.items() if n != number}
            continue
        days[number] = day(kept.day)
        _add(context, number, source)
    return found, days


def _add(context: Context, number: int, source: str) -> None:
    """The own population's courses of a print, its persons known again by their pseudonyms."""
    engine = context.reader
    prints.pseudonyms(context, "levering_person", "SELECT cpr AS raa FROM person")
    engine.run(
        "CREATE OR REPLACE TABLE levering_kendt AS SELECT ren AS raa, min(raa) AS ren FROM levering_person GROUP BY ren"
    )
    engine.run(
        f"""
        INSERT INTO bro_tidligere
        SELECT
            {number}, coalesce(k.ren, {literal(_GONE)} || f.borger), f.dst_kode, f.start_dato,
            CASE
                WHEN f.slut_dato IS NULL THEN DATE '9999-12-31'
                ELSE CAST(f.slut_dato - INTERVAL ($slutdato_fratraek) DAY AS DATE)
            END,
            f.slut_dato IS NULL, f.system
        FROM (
            SELECT
                *,
                CASE
                    WHEN $population = 'betalingskommune' THEN coalesce(betalingskommune, handlekommune, $kommune)
                    ELSE coalesce(handlekommune, $kommune)
                END AS handler
            FROM levering_hvilet
            WHERE kilde = {literal(source)}
        ) AS f
        LEFT JOIN levering_kendt AS k ON k.raa = f.borger
        LEFT JOIN ref_indberetter AS h ON h.kommune = $kommune AND h.for_kommune = f.handler
        WHERE f.handler IN (SELECT kommune FROM egen_kommune)
            AND (h.undtagne_koder IS NULL OR strpos('|' || h.undtagne_koder || '|', '|' || f.dst_kode || '|') = 0)
        """
    )
