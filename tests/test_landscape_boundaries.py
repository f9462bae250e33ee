"""The datalandskab and the validation at their edges: spans of files, filled columns, unknown codes, modulus 11."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support.worlds import world

from reconcile.controls import landscape, validate
from reconcile.controls.landscape_columns import contents, uses
from reconcile.results.rows import FileInfo, SourceInfo

TODAY = date(2021, 6, 1)
ANNE, BO = "0101501111", "0202602222"


def course(
    cpr: str = ANNE, code: str = "1.1", start: date = date(2020, 1, 1), end: date | None = None, **more: Any
) -> dict[str, Any]:
    return {"cpr": cpr, "dst_kode": code, "start_dato": start, "slut_dato": end, **more}


def files(source: str, *names: str, asked: Sequence[str] = ()) -> SourceInfo:
    made = tuple(FileInfo(name, 1, "a" * 64, 9, "utf-8", ";") for name in names)
    return SourceInfo(source, made, len(made), (), None, bruges_til=tuple(asked))


def spans(source: str, rows: Sequence[Mapping[str, Any]], *names: str) -> dict[str, tuple[Any, Any]]:
    """File → the first and the newest day or quarter of the source."""
    with world({source: rows}, today=TODAY) as context:
        loaded = replace(context.loaded, sources=[files(source, *names)])
        tables = {table.name: table.rows for table in landscape.run(replace(context, loaded=loaded)).tables}
    return {row.fil: (row.fra, row.nyeste) for row in tables["datalandskab"]}


class TestSpans:
    def test_the_newest_day_of_courses_is_a_start_or_an_end_that_has_come(self) -> None:
        rows = [
            course(start=date(2019, 5, 5), end=date(2020, 1, 2), fil="a.csv"), course(start=date(2020, 3, 3), fil="a.csv"),
            course(start=date(2018, 1, 1), end=date(2099, 1, 1), fil="b.csv"), course(start=date(2021, 6, 1), fil="c.csv"),
            course(start=date(2021, 6, 2), fil="d.csv"), course(start=date(2020, 1, 1), end=TODAY, fil="e.csv"),
        ]  # fmt: skip
        assert spans("fagsystem", rows, "a.csv", "b.csv", "c.csv", "d.csv", "e.csv", "tom.csv") == {
            "a.csv": (date(2019, 5, 5), date(2020, 3, 3)), "b.csv": (date(2018, 1, 1), date(2018, 1, 1)),
            "c.csv": (TODAY, TODAY),
            "d.csv": (date(2021, 6, 2), None), "e.csv": (date(2020, 1, 1), TODAY), "tom.csv": (None, None),
        }  # fmt: skip

    def test_bookings_and_quarters_have_their_first_and_last(self) -> None:
        booked = [
            {"konto": "538581001", "beloeb": Decimal(1), "bogfoert_dato": date(2020, m, 1), "fil": "o.csv"}
            for m in (3, 1, 2)
        ]
        assert spans("oekonomi", booked, "o.csv") == {"o.csv": (date(2020, 1, 1), date(2020, 3, 1))}
        figures = [{"dst_kode": "1.1", "periode": q, "antal": Decimal(1), "fil": "h.csv"} for q in ("2020K2", "2019K4")]
        assert spans("hand07", figures, "h.csv") == {"h.csv": ("2019K4", "2020K2")}

    def test_a_source_without_days_has_no_span(self) -> None:
        assert spans("pladser", [{"tilbud": "A", "pladser": Decimal(1), "fil": "p.csv"}], "p.csv") == {
            "p.csv": (None, None)
        }

    @pytest.mark.parametrize(
        ("population", "whose"), [("handlekommune", "handlekommune"), ("betalingskommune", "betalingskommune")]
    )
    def test_the_population_of_courses_is_the_one_that_is_chosen(self, population: str, whose: str) -> None:
        with world({"fagsystem": [course()], "oekonomi": []}, regler={"population": population}) as context:
            loaded = replace(
                context.loaded, sources=[files("fagsystem", "fagsystem.csv"), files("oekonomi", "oekonomi.csv")]
            )
            rows = landscape.run(replace(context, loaded=loaded)).tables[0].rows
        assert [(row.kilde, row.population) for row in rows] == [("fagsystem", whose), ("oekonomi", "betalingskommune")]


class TestColumns:
    def columns(
        self, rows: Sequence[Mapping[str, Any]], source: str = "fagsystem", lacks: Sequence[str] = ()
    ) -> dict[str, Any]:
        with world({source: rows}, lacks={source: lacks}) as context:
            loaded = replace(context.loaded, sources=[files(source, f"{source}.csv")])
            return {row.kolonne: row for row in contents(replace(context, loaded=loaded))}

    def test_how_much_is_filled_and_how_many_values_there_are(self) -> None:
        found = self.columns([course(tilbud="A"), course(tilbud="A"), course(tilbud="B", cpr=BO)])
        told = [
            (found[name].raekker, found[name].fyldt, found[name].andel_fyldt, found[name].forskellige)
            for name in ("cpr", "tilbud", "slut_dato")
        ]
        assert told == [(3, 3, 1, 2), (3, 3, 1, 2), (3, 0, 0, 0)]
        assert self.columns([course(tilbud="A"), course(), course()])["tilbud"].andel_fyldt == Decimal("0.3333")

    def test_codes_that_nobody_knows_are_counted_by_row_and_by_value(self) -> None:
        rows = [
            course(code="1.1"),
            course(code="9.9"),
            course(code="9.9"),
            course(code="8.8", handlekommune="665"),
            course(handlekommune="999"),
        ]
        found = self.columns(rows)
        assert (found["dst_kode"].ukendte_raekker, found["dst_kode"].ukendte) == (3, 2)
        assert (found["handlekommune"].ukendte_raekker, found["handlekommune"].ukendte) == (1, 1)
        assert (found["tilbud"].ukendte_raekker, found["tilbud"].ukendte) == (None, None)

    def test_a_funktionsvurdering_is_a_letter_from_a_to_e(self) -> None:
        found = self.columns([course(funktionsvurdering=value) for value in ("A", "e", "F", "AB", None)])
        assert (found["funktionsvurdering"].fyldt, found["funktionsvurdering"].ukendte_raekker) == (4, 2)

    def test_a_column_the_source_lacks_is_not_listed_and_an_empty_source_has_no_shares(self) -> None:
        assert "tilbud" not in self.columns([course()], lacks=["tilbud"])
        assert self.columns([])["cpr"].andel_fyldt is None

    def test_a_question_names_the_sources_that_answer_it_once_each(self) -> None:
        with world({"fagsystem": [], "flis": []}) as context:
            sources = [
                files("flis", "l", asked=("b", "a")),
                files("fagsystem", "f", asked=("a",)),
                files("flis", "m", asked=("a",)),
            ]
            told = list(uses(replace(context, loaded=replace(context.loaded, sources=sources))))
        assert [tuple(vars(row).values()) for row in told] == [("a", "flis, fagsystem"), ("b", "flis")]


class TestModulus11:
    """070761-4285 satisfies modulus 11; 010150-1111 does not."""

    def said(self, courses: Sequence[Mapping[str, Any]], **tables: Any) -> str:
        with world({"fagsystem": courses, **tables}) as context:
            return " ".join(validate.run(context).caveats)

    def test_a_valid_number_that_misses_is_counted_once_and_is_no_finding(self) -> None:
        both = [course(cpr="0707614285"), course(cpr=ANNE), course(cpr=ANNE, code="1.4")]
        assert "1 gyldigt CPR-nummer" in self.said(both)
        assert self.said([course(cpr="0707614285")]) == ""

    def test_two_are_many_and_only_those_with_a_course_count(self) -> None:
        assert "2 gyldige CPR-numre" in self.said([course(cpr=ANNE), course(cpr=BO)], borger=[{"cpr": "0303703333"}])

    def test_a_replacement_number_and_no_number_at_all_are_not_asked(self) -> None:
        assert self.said([course(cpr="6101501111"), course(cpr="UKENDT")]) == ""
