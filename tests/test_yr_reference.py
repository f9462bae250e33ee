"""The laws behind Ydelsesrefusion are dated reference data: another row gives another result, and no code knows them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from support.worlds import world
from support.yr import ALWAYS, MONDAY, career, hits, monday, row

from reconcile.controls import yr
from reconcile.reference import rows as reference
from reconcile.resources import EXPECTATIONS, SQL
from reconcile.settings.config import Regler

NEW_LAW = date(2021, 1, 4)
STAIRCASE = "INSERT INTO ref_yr_trappe (fra_uge, til_uge, trin, refusionssats, medfinansieringssats, gyldig_fra) VALUES"


def weeks(rows: Sequence[dict[str, Any]], rule: str, *changes: str, **options: Any) -> list[str]:
    """The weeks a rule hits once the reference data is changed."""
    with world({"yr": rows}, **{"periods": ALWAYS, **options}) as context:
        for change in changes:
            context.engine.run(change)
        return sorted(hit.week for hit in hits(context, [rule]))


def from_new_law(name: str, value: int) -> tuple[str, str]:
    """A rule of a week that has another value from 2021-U01."""
    return (
        f"UPDATE ref_yr_regel SET gyldig_til = DATE '2021-01-03' WHERE navn = '{name}'",
        f"INSERT INTO ref_yr_regel (navn, vaerdi, gyldig_fra) VALUES ('{name}', {value}, DATE '{NEW_LAW}')",
    )


def test_a_new_staircase_holds_from_its_day() -> None:
    rows = [row(MONDAY, 3), row(NEW_LAW, 3)]
    changes = (
        "UPDATE ref_yr_trappe SET gyldig_til = DATE '2021-01-03'",
        f"{STAIRCASE} (1, NULL, 1, 50, 50, '2021-01-04')",
    )
    assert weeks(rows, "YR09") == []
    assert weeks(rows, "YR09", *changes) == ["2021-U01"]


def test_another_limit_of_a_weeks_payment_holds_from_its_day() -> None:
    rows = [row(MONDAY, 7, "9000.00"), row(NEW_LAW, 7, "9000.00")]
    assert weeks(rows, "YR01") == []
    assert weeks(rows, "YR01", *from_new_law("ugegraense", 9000)) == ["2021-U01"]
    # What the configuration says goes before the reference data.
    assert weeks(rows, "YR01", *from_new_law("ugegraense", 9000), regler={"ugegraense": "9000.01"}) == []


def test_fewer_weeks_reset_the_counter_from_the_day_of_the_law() -> None:
    early = [row(monday(-10), 7), row(monday(30), 1)]
    late = [row(monday(10), 7), row(NEW_LAW + (monday(6) - MONDAY), 1)]
    for rows, hit in ((early, True), (late, False)):
        assert weeks(rows, "YR06")
        assert bool(weeks(rows, "YR06", *from_new_law("nulstilling_uger", 30))) is hit
    go_on = [row(monday(10), 7), row(NEW_LAW + (monday(6) - MONDAY), 8)]
    assert weeks(go_on, "YR07") == []
    assert weeks(go_on, "YR07", *from_new_law("nulstilling_uger", 30)) == ["2021-U07"]


def test_a_shorter_look_back_forgets_an_early_pause() -> None:
    rows = [row(MONDAY, 10), *career(*range(11, 60), first=60), row(monday(110), 1)]
    assert weeks(rows, "YR06") == []
    assert weeks(rows, "YR06", *from_new_law("tilbageblik_uger", 51)) == ["2022-U15"]


def test_a_ydelse_that_lives_on_is_no_finding() -> None:
    rows = [row(date(2026, 7, 6), 7, ydelse="Revalideringsydelse")]
    assert weeks(rows, "YR17") == ["2026-U28"]
    assert weeks(rows, "YR17", "UPDATE ref_yr_ydelse SET gyldig_til = NULL") == []


def test_a_ydelse_that_leaves_the_staircase_is_judged_until_then_and_counted_once() -> None:
    rows = [row(MONDAY, 7, sats=65), row(NEW_LAW, 7, sats=65)]
    changes = (
        "UPDATE ref_yr_ydelse SET gyldig_til = DATE '2021-01-03' WHERE ydelse = 'Kontanthjælp'",
        "INSERT INTO ref_yr_ydelse (ydelse, finansiering, trappe, gyldig_fra)"
        " VALUES ('Kontanthjælp', 'refusion', false, DATE '2021-01-04')",
    )
    assert weeks(rows, "YR09") == ["2020-U10", "2021-U01"]
    assert weeks(rows, "YR09", *changes) == ["2020-U10"]
    assert weeks(rows, "YR17", *changes) == []
    with world({"yr": rows}, periods=ALWAYS) as context:
        for change in changes:
            context.engine.run(change)
        tables = {table.name: table.rows for table in yr.run(context).tables}
    months = {m.periode: (m.bruttoudgift, m.trin) for m in tables["yr_maal"] if m.ydelse == "Kontanthjælp"}
    assert months["2021-01"] == (Decimal("1000.00"), "ingen")
    assert [w.antal for w in tables["yr_uge"]] == [1, 1]


def test_a_new_account_is_reconciled_from_its_day() -> None:
    rows = [row(MONDAY, 3, ydelse="Sygedagpenge", koerselsperiode=date(2020, month, 1)) for month in (4, 5)]
    postings = [
        {"konto": konto, "beloeb": Decimal("-800.00"), "bogfoert_dato": day}
        for konto, day in (("557712010", date(2020, 5, 1)), ("557712020", date(2020, 6, 1)))
    ]
    changes = (
        "UPDATE ref_yr_konto SET gyldig_til = DATE '2020-05-31' WHERE konto = '557712010'",
        "INSERT INTO ref_yr_konto (ydelse, finansiering, trin, konto, fortegn, gyldig_fra)"
        " VALUES ('Sygedagpenge', 'refusion', 1, '557712020', -1, DATE '2020-06-01')",
    )
    for reference_changes, hit in (((), ["2020-05"]), (changes, [])):
        with world({"yr": rows, "oekonomi": postings}, periods=ALWAYS) as context:
            for change in reference_changes:
                context.engine.run(change)
            assert [f.periode for f in yr.run(context).findings if f.regel == "YR20"] == hit


KEYS = {"yr_trappe": "trin", "yr_ydelse": "ydelse", "yr_konto": "konto", "yr_regel": "navn"}


@pytest.mark.parametrize("name", KEYS)
def test_every_reference_row_has_a_source_and_no_two_hold_at_once(name: str) -> None:
    spans: dict[str, list[tuple[str, str]]] = {}
    for r in reference(name):
        assert r["kilde"], r
        spans.setdefault(r[KEYS[name]].lower(), []).append((r["gyldig_fra"], r["gyldig_til"] or "9999-12-31"))
    for key, found in spans.items():
        ordered = sorted(found)
        assert all(last < first for (_from, last), (first, _to) in pairwise(ordered)), key


def test_a_rule_of_a_week_that_is_changed_leaves_no_day_without_one() -> None:
    spans: dict[str, list[tuple[str, str]]] = {}
    for r in reference("yr_regel"):
        spans.setdefault(r["navn"], []).append((r["gyldig_fra"], r["gyldig_til"]))
    assert set(spans) == {"ugegraense", "nulstilling_uger", "tilbageblik_uger"}
    for name, found in spans.items():
        ordered = sorted(found)
        assert (ordered[0][0], ordered[-1][1]) == ("", ""), name
        for (_from, last), (first, _to) in pairwise(ordered):
            assert date.fromisoformat(first) - date.fromisoformat(last) == timedelta(days=1), name


def test_a_ydelse_has_one_kind_of_financing_at_all_times() -> None:
    kinds = {(r["ydelse"].lower(), r["finansiering"]) for r in reference("yr_ydelse")}
    assert len(kinds) == len({ydelse for ydelse, _kind in kinds})


def test_the_default_limit_of_the_configuration_is_the_one_in_force() -> None:
    (limit,) = [r["vaerdi"] for r in reference("yr_regel") if r["navn"] == "ugegraense" and not r["gyldig_til"]]
    # The configuration has no second default: without the key the reference data decides.
    assert Regler().ugegraense is None
    assert Regler.model_fields["ugegraense"].json_schema_extra == {"example": limit}


def test_no_figure_of_the_law_stands_in_a_view_or_a_condition() -> None:
    texts = [
        re.sub("--.*", "", path.read_text(encoding="utf-8"))
        for path in [*(SQL / "yr").iterdir(), *(SQL / "yr_forloeb").iterdir()]
    ]
    for path in EXPECTATIONS.glob("yr_*.json"):
        for expectation in json.loads(path.read_text(encoding="utf-8"))["expectations"]:
            meta = expectation["meta"]
            texts += [
                expectation["kwargs"].get("condition", ""),
                meta.get("alvor_sql", ""),
                *meta.get("fund", {}).values(),
            ]
    law = {value for name in ("yr_trappe", "yr_regel") for r in reference(name) for value in _figures(r)}
    assert {"52", "156", "10000", "26", "80"} <= law
    assert {word for text in texts for word in re.findall(r"(?<![\w.])[0-9]+(?![\w])", text)} & law == set()


def _figures(r: dict[str, str]) -> set[str]:
    columns = ("fra_uge", "til_uge", "refusionssats", "medfinansieringssats", "vaerdi")
    return {str(int(Decimal(r[c]))) for c in columns if r.get(c)} - {"1", "4"}  # too small to mean anything
