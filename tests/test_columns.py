"""Which header is which column, and what is said when one is not there."""

from __future__ import annotations

import pytest

from reconcile.domain.canonical import TABLES
from reconcile.sources.columns import KNOWN_FORMATS, match_columns, wanted_headers

COURSES = TABLES["fagsystem"]
YR = KNOWN_FORMATS["yr"][0]


def match(source: str, headers: list[str], mapping: dict[str, str] | None = None) -> tuple[dict[str, str], list[str]]:
    places, problems = match_columns(TABLES[source], headers, mapping or {}, "fil.csv")
    return {name: headers[place] for name, place in places.items()}, [p.sentence() for p in problems]


def test_canonical_names_need_no_map() -> None:
    assert match("borger", ["cpr", "doedsdato", "noget andet"]) == ({"cpr": "cpr", "doedsdato": "doedsdato"}, [])


@pytest.mark.parametrize(
    "header", ["CPR-nummer", " cpr-NUMMER ", "CPR-nummer\u00a0", "\ufeffCPR-nummer", "CPR-nummer\n"]
)
def test_case_and_white_space_do_not_count(header: str) -> None:
    places, problems = match("borger", [header], {"cpr": "CPR-nummer"})
    assert (places, problems) == ({"cpr": header}, [])


def test_white_space_inside_a_header_is_one_space() -> None:
    assert match("borger", ["CPR\n nummer"], {"cpr": "CPR nummer"})[1] == []


def test_the_map_wins_over_a_column_with_the_canonical_name() -> None:
    places, problems = match("borger", ["cpr", "Personnummer"], {"cpr": "Personnummer"})
    assert (places, problems) == ({"cpr": "Personnummer"}, [])


def test_a_header_that_the_map_gives_to_one_column_is_not_anothers() -> None:
    headers = ["konto", "beloeb", "Dato", "tekst"]
    places, problems = match("oekonomi", headers, {"bogfoert_dato": "Dato", "bilag": "tekst"})
    assert places == {"konto": "konto", "beloeb": "beloeb", "bogfoert_dato": "Dato", "bilag": "tekst"}
    assert problems == []


def test_a_file_with_canonical_names_needs_no_map_though_another_file_of_the_source_does() -> None:
    assert match("borger", ["cpr"], {"cpr": "CPR-nummer"}) == ({"cpr": "cpr"}, [])


def test_a_missing_required_column_is_named_with_what_could_be_meant() -> None:
    _places, problems = match("fagsystem", ["cpr", "DST kode", "Bevilget fra"], {"start_dato": "Bevilgt fra"})
    assert problems == [
        "fil.csv, kolonne «dst_kode»: kolonnen til dst_kode findes ikke i filen. Mente du «DST kode»?"
        " Filen har «cpr», «DST kode», «Bevilget fra». Ret «kolonner» i reconcile.toml.",
        "fil.csv, kolonne «Bevilgt fra»: kolonnen til start_dato findes ikke i filen. Mente du «Bevilget fra»?"
        " Filen har «cpr», «DST kode», «Bevilget fra». Ret «kolonner» i reconcile.toml.",
    ]


def test_where_nothing_is_near_the_files_own_headers_are_named() -> None:
    _places, problems = match("borger", ["Id", "Navn"], {})
    assert problems == [
        "fil.csv, kolonne «cpr»: kolonnen til cpr findes ikke i filen. Filen har «Id», «Navn». Ret «kolonner» i reconcile.toml."
    ]


def test_a_map_to_a_column_that_is_not_there_is_a_mistake_also_when_it_is_optional() -> None:
    _places, problems = match("borger", ["cpr"], {"doedsdato": "Død den"})
    assert len(problems) == 1
    assert "«Død den»" in problems[0]


def test_a_header_that_occurs_twice_is_a_mistake_only_when_it_is_used() -> None:
    assert match("borger", ["cpr", "Note", "note"])[1] == []
    (said,) = match("borger", ["cpr", "CPR "])[1]
    assert said == "fil.csv, kolonne «cpr»: overskriften står 2 gange; slet eller omdøb den ene"
    assert len(match("borger", ["cpr", "Død", "Død"], {"doedsdato": "Død"})[1]) == 1


def test_headers_that_are_cpr_numbers_are_not_repeated_in_the_message() -> None:
    said = " ".join(match("borger", ["0101801234", "010180-1234", "1.1"])[1])
    assert "1234" not in said


def test_the_yr_delivery_is_known_and_gives_its_own_columns_only() -> None:
    places, problems = match("yr", [*YR.values(), "Indberetning udbetalingsbeløb", "ydelsestaeller"])
    assert problems == []
    assert places == dict(YR)
    places, _problems = match("yr", [*YR.values(), "ydelsestaeller"], {"ydelsestaeller": "ydelsestaeller"})
    assert places["ydelsestaeller"] == "ydelsestaeller"


def test_the_map_wins_over_a_known_format() -> None:
    places, _problems = match("yr", [*YR.values(), "Korrigeret beløb"], {"bruttoudgift": "Korrigeret beløb"})
    assert places["bruttoudgift"] == "Korrigeret beløb"


def test_statbanks_own_headers_are_known() -> None:
    places, problems = match("hand07", ["OMRÅDE", "YDELSESTYPE", "TID", "INDHOLD"])
    assert problems == []
    assert places == {"kommune": "OMRÅDE", "dst_kode": "YDELSESTYPE", "periode": "TID", "antal": "INDHOLD"}


def test_every_name_that_would_be_recognised_helps_to_find_the_header() -> None:
    assert set(wanted_headers(TABLES["yr"], {"cpr": "Person"})) >= {"cpr", "Person", *YR.values()}
