"""The loops of the figure eight in lines, and the three matrices: every cause both ways, every figure with its row."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from support.ottetal import ANNA, BENT, CARL, MASTER, course, posting
from support.quick import quick_worlds
from support.report_example import example

from reconcile.controls import hand07, ottetal
from reconcile.reports.html import render_html
from reconcile.reports.page_eight import eight, worst_eights
from reconcile.results.rows import RunResult

OTHERS = {"handlekommune": "101", "betalingskommune": "665"}
TABLES: dict[str, Any] = {
    "fagsystem": [
        course(ANNA, "1.4", "2019-01-01", ydelse_id="a"),
        course(BENT, "1.4", "2020-07-01", "2020-07-23", ydelse_id="b", betalingskommune="101"),
        course(CARL, "1.4", "2019-01-01", ydelse_id="c", **OTHERS),
        course(ANNA, "1.18.2", "2020-01-01", ydelse_id="d"),
    ],
    "flis": [course(ANNA, "1.4", "2019-01-01", ydelse_id="a"), course(ANNA, "1.18.2", "2020-01-01", ydelse_id="d")],
    "oekonomi": [posting(ANNA, "538581001", f"2020-{n:02d}", "100.00") for n in range(1, 13)],
    "masteroversigt": MASTER,
    "hand07": [
        {"dst_kode": "1.4", "periode": "2020K2", "antal": Decimal(1)},
        {"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal(1)},
        {"dst_kode": "1.18.2", "periode": "2020K2", "antal": Decimal(0)},
    ],
    "hand01": [{"dst_kode": "1.4", "periode": "2020K3", "antal": Decimal("1.0")}],
}


def result(**options: Any) -> RunResult:
    with quick_worlds() as quick:
        context = quick(TABLES, periods="2020K2:2020K3", **options)
        tables = [table for part in (hand07.run(context), ottetal.run(context)) for table in part.tables]
    return replace(example(), tables=tuple(tables))


def test_each_loop_tells_its_persons_and_its_volume_with_causes_both_ways() -> None:
    found = result()
    cell = next(c for c in worst_eights(found) if (c.dst_kode, c.periode) == ("1.4", "2020K3"))
    drawn = eight(found, cell)
    assert drawn.nodes[1].more == "vi betaler for 2 · 2 fuldtid"
    assert "vi betaler for 2" in drawn.text
    lines = {(line.loop, line.what, line.ends): line.causes for line in drawn.lines}
    (money,) = [key for key in lines if key[1] == "kr."]
    assert re.fullmatch(r"forventet → økonomi: 5\d\d,\d\d → 300,00", money[2])
    assert re.search(r"ydelse uden betaling −2\d\d,\d\d", lines.pop(money))
    assert lines == {
        ("Økonomisløjfen", "borgere", "fagsystem → økonomi: 2 → 1"): "ydelse uden betaling −1",
        ("Krydset", "borgere", "handlekommune → betalingskommune: 2 → 2"): "befolkning +1 −1",
        ("Statistiksløjfen", "borgere", "fagsystem → FLIS: 2 → 1"): "kun i fagsystem −1",
        ("Statistiksløjfen", "borgere", "FLIS → DST: 1 → 1"): "kun i fagsystem +1, rest −1",
        ("Statistiksløjfen", "borgere", "fagsystem → DST: 2 → 1"): "rest −1",
        ("Statistiksløjfen", "fuldtid", "fagsystem → FLIS: 1,25 → 1"): "FL01 −0,25",
        ("Statistiksløjfen", "fuldtid", "fagsystem → DST: 1,25 → 1"): "rest −0,25",
    }


def test_every_figure_of_the_three_matrices_leads_to_its_row_also_for_a_code_that_is_not_valid() -> None:
    page = render_html(result())
    section = page[page.index('<section id="kvartaler"') :]
    section = section[: section.index("</section>")]
    rows = set(re.findall(r'<tr id="(celle-[^"]+)"', section))
    links = re.findall(r'href="#(celle-[^"]+)"', section)
    assert rows == set(links) == {"celle-1-4-2020K2", "celle-1-4-2020K3", "celle-1-18-2-2020K2", "celle-1-18-2-2020K3"}
    assert all(links.count(row) == 3 for row in rows)
    grey = re.findall(r'<td class="grey"><a href="#celle-1-18-2-2020K2"[^>]*>([^<]*)</a>', section)
    assert grey == ["0", "1"]
    codes = re.findall(r'<th scope="row"[^>]*><b>([0-9.]+)</b>', section)
    assert codes[:2] == ["1.4", "1.18.2"]


def test_the_table_has_both_counts_of_the_fagsystem_where_they_differ() -> None:
    page = render_html(result())
    table = page[page.index('id="otte-tal"') :]
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", table[: table.index("</section>")], re.DOTALL)
    said = {
        (re.search(r"<b>([0-9.]+)</b>", row)[1], re.search(r'class="q">(\w+)', row)[1]): re.findall(
            "vi betaler for [0-9]+", row
        )
        for row in rows
    }
    assert said == {
        ("1.4", "2020K2"): ["vi betaler for 2"],
        ("1.4", "2020K3"): [],
        ("1.18.2", "2020K2"): [],
        ("1.18.2", "2020K3"): [],
    }
