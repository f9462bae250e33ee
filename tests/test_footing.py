"""Fodkontrol: what foots, what does not, and which cell is named for it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from support.footing import judge, misses, suspects

from reconcile.cli.footing import footing
from reconcile.errors import InputError
from reconcile.results.footing import Footing

SIMPLE = """
Ydelse        ; A     ; B  ; C  ; I alt
Kontanthjælp  ; 10    ; 20 ; 30 ; 60
Sygedagpenge  ; 1.100 ; 2  ; 3  ; 1.105
Ressource     ; 5     ; 6  ; 7  ; 18
Total         ; 1.115 ; 28 ; 40 ; 1.183
"""

# As Excel writes a pivot with two row fields and two column fields (compact form).
PIVOT = """
Sum of Bruttoudgift ; Column Labels ;       ;            ;       ;       ;            ;
                    ; 2021          ;       ; 2021 Total ; 2022  ;       ; 2022 Total ; Grand Total
Row Labels          ; Qtr 1         ; Qtr 2 ;            ; Qtr 1 ; Qtr 2 ;            ;
Refusion            ; 30            ; 40    ; 70         ; 50    ; 60    ; 110        ; 180
Kontanthjælp        ; 10            ; 15    ; 25         ; 20    ; 25    ; 45         ; 70
Sygedagpenge        ; 20            ; 25    ; 45         ; 30    ; 35    ; 65         ; 110
Medfinansiering     ; 7             ; 9     ; 16         ; 11    ; 13    ; 24         ; 40
Dagpenge            ; 3             ; 4     ; 7          ; 5     ; 6     ; 11         ; 18
Førtidspension      ; 4             ; 5     ; 9          ; 6     ; 7     ; 13         ; 22
Grand Total         ; 37            ; 49    ; 86         ; 61    ; 73    ; 134        ; 220
"""

RATES = """
Ydelse       ; Bruttoudgift ; Refusion ; Refusionspct.
Kontanthjælp ; 1.000        ; 200      ; 20,0 %
Sygedagpenge ; 3.000        ; 900      ; 30,0 %
Dagpenge     ; 500          ; 400      ; 80,0 %
I alt        ; 4.500        ; 1.500    ; 33,3 %
"""

AGES = """
Ydelse ; Antal ; Gns. alder
§ 103  ; 10    ; 40,0
§ 104  ; 30    ; 50,0
I alt  ; 40    ; 47,5
"""


# --- what foots -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [SIMPLE, PIVOT, RATES, AGES])
def test_a_correct_table_passes(text: str) -> None:
    result = judge(text)
    assert result.foots
    assert result.checked > 0


def test_rounding_of_one_is_tolerated_and_of_two_is_not() -> None:
    steps = "Ydelse;20 pct.;30 pct.\nFleksløn;201;3\nSygedagpenge;102;62\nUddannelse;33;9\nTotal;{};74\n"
    assert judge(steps.format(337)).foots
    assert judge(steps.format(335)).foots
    assert misses(judge(steps.format(338))) == [("column", "Total", "20 pct.")]
    assert judge(steps.format(338), tolerance="2").foots


def test_the_tolerance_is_in_the_last_printed_digit() -> None:
    money = "Ydelse;Beløb\na;10,10\nb;20,20\nI alt;{}\n"
    assert judge(money.format("30,31")).foots
    assert not judge(money.format("30,32")).foots
    assert not judge(money.format("31,30")).foots


def test_tolerance_zero_is_exact() -> None:
    assert judge(SIMPLE, tolerance="0").foots
    assert not judge(SIMPLE.replace("1.183", "1.184"), tolerance="0").foots


def test_a_miss_that_many_rounded_figures_could_make_says_so() -> None:
    rows = "".join(f"r{i};10\n" for i in range(9))
    (miss,) = judge(f"Ydelse;A\n{rows}Total;93\n").misses
    assert miss.rounding
    (miss,) = judge(f"Ydelse;A\n{rows}Total;99\n").misses
    assert not miss.rounding


#: Figures in thousands, each rounded by itself: no line is off by less than it could be, none by more.
ROUNDED = """
Område    ; 2020 ; 2021 ; I alt
Handicap  ; 10   ; 10   ; 21
Psykiatri ; 10   ; 10   ; 21
Børn      ; 10   ; 10   ; 21
Ældre     ; 10   ; 10   ; 20
I alt     ; 42   ; 41   ; 83
"""


def test_in_a_table_that_shows_rounding_a_long_sum_may_be_off_by_more_than_one() -> None:
    result = judge(ROUNDED)
    assert result.foots
    assert result.rounded == 2
    exact = judge(ROUNDED, tolerance="0")
    assert ("column", "I alt", "2020") in misses(exact)
    assert exact.rounded is None


def test_rounding_allows_no_more_than_the_figures_could_give() -> None:
    assert not judge(ROUNDED.replace("42", "43")).foots


def test_a_table_that_says_it_is_in_thousands_is_judged_as_rounded() -> None:
    rows = "".join(f"r{i};10\n" for i in range(9))
    text = f"Ydelse;A\n{rows}Total;93\n"
    assert not judge(text).foots
    assert judge(f"Budget i 1.000 kr.;\n{text}").foots


def test_a_wrong_cell_among_rounded_figures_is_located_as_closely_as_they_allow() -> None:
    (suspect,) = judge(ROUNDED.replace("Ældre     ; 10 ", "Ældre     ; 90 ")).suspects
    assert (suspect.row.name, suspect.column.name) == ("Ældre", "2020")
    assert abs(suspect.expected - 10) <= 2


# --- one wrong cell -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "where"),
    [
        ("; 6  ; 7 ", "; 16 ; 7 ", ("Ressource", "B", "16", 6)),
        ("1.115", "1.151", ("Total", "A", "1.151", 1115)),
        ("; 1.105", "; 1.150", ("Sygedagpenge", "I alt", "1.150", 1105)),
        ("1.183", "1.138", ("Total", "I alt", "1.138", 1183)),
        ("; 20 ;", "; ;", ("Kontanthjælp", "B", "", 20)),
        ("; 18", "; ", ("Ressource", "I alt", "", 18)),
        ("; 30 ;", "; -30 ;", ("Kontanthjælp", "C", "-30", 30)),
    ],
)
def test_a_single_wrong_cell_is_located_and_corrected(right: str, wrong: str, where: tuple[str, ...]) -> None:
    assert SIMPLE.count(right) == 1
    result = judge(SIMPLE.replace(right, wrong))
    assert suspects(result) == [where]
    assert len(result.misses) == 2
    assert all(miss.located for miss in result.misses)
    assert not result.unlocated


@pytest.mark.parametrize(
    ("row", "column", "wrong", "where", "broken"),
    [
        (7, 4, "55", ("Medfinansiering / Dagpenge", "2022 / Qtr 1", "55", 5), 2),
        (3, 3, "79", ("Refusion", "2021 Total", "79", 70), 4),
        (3, 1, "39", ("Refusion", "2021 / Qtr 1", "39", 30), 3),
        (9, 7, "320", ("Grand Total", "Grand Total", "320", 220), 2),
    ],
)
def test_a_wrong_cell_in_a_two_level_pivot_is_located_with_its_group(
    row: int, column: int, wrong: str, where: tuple[str, ...], broken: int
) -> None:
    lines = [line.split(";") for line in PIVOT.strip("\n").splitlines()]
    lines[row][column] = wrong
    result = judge("\n".join(";".join(line) for line in lines))
    assert suspects(result) == [where]
    assert len(result.misses) == broken


def test_row_and_column_a_rounding_apart_still_point_at_the_cell() -> None:
    result = judge("Y;A;B;I alt\nx;10;20;30\ny;5;60;12\nz;3;4;7\nTotal;18;32;50\n")
    assert suspects(result) == [("y", "B", "60", 7)]


# --- several wrong cells --------------------------------------------------------------------------------------------


def test_two_wrong_cells_in_one_column_are_both_named() -> None:
    result = judge(SIMPLE.replace("; 20 ;", "; 25 ;").replace("; 6  ;", "; 16 ;"))
    assert suspects(result) == [("Kontanthjælp", "B", "25", 20), ("Ressource", "B", "16", 6)]
    assert not result.unlocated


def test_two_wrong_cells_in_one_row_are_both_named() -> None:
    result = judge(SIMPLE.replace("; 6  ; 7 ", "; 16 ; 27 "))
    assert suspects(result) == [("Ressource", "B", "16", 6), ("Ressource", "C", "27", 7)]


def test_wrong_cells_in_different_rows_and_columns_are_told_apart_by_their_amounts() -> None:
    result = judge(SIMPLE.replace("; 10 ", "; 20 ").replace("; 2  ;", "; 44 ;"))
    assert suspects(result) == [("Kontanthjælp", "A", "20", 10), ("Sygedagpenge", "B", "44", 2)]


# --- what cannot be located says so ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        SIMPLE.replace("; 10    ; 20", "; 20    ; 10"),  # swapped: the row foots, two columns do not
        SIMPLE.replace("; 10 ", "; 20 ").replace("; 2  ;", "; 12 ;"),  # the same amount twice: four cells can be it
        "Ydelse;A\nx;1\ny;2\nTotal;30\n",  # no total column to cross with
        "Ydelse;A;I alt\nx;1;9\ny;2;2\n",
    ],
)
def test_a_table_that_cannot_be_located_says_so(text: str) -> None:
    result = judge(text)
    assert not result.foots
    assert suspects(result) == []
    assert result.unlocated


def test_a_group_total_wrong_in_a_table_without_a_total_column_is_still_located() -> None:
    table = "Område;Sag;Antal\nA;x;10\n;y;20\nA i alt;;{}\nB;z;5\n;v;6\nB i alt;;11\nHovedtotal;;41\n"
    assert judge(table.format(30)).foots
    assert suspects(judge(table.format(39))) == [("A i alt", "Antal", "39", 30)]


# --- how tables are read --------------------------------------------------------------------------------------------


def sums(result: Footing) -> dict[str, list[str]]:
    rows = {result.table.rows[s.total].name: [result.table.rows[p].name for p in s.parts] for s in result.row_sums}
    columns = {
        result.table.columns[s.total].name: [result.table.columns[p].name for p in s.parts] for s in result.column_sums
    }
    return rows | columns


def test_a_blank_label_means_as_above() -> None:
    result = judge("Lov;Ydelse;A\nSEL;§ 103;10\n;§ 104;20\nSEL i alt;;30\nABL;§ 105;5\nABL i alt;;5\nHovedtotal;;35\n")
    assert sums(result)["SEL i alt"] == ["SEL / § 103", "SEL / § 104"]
    assert sums(result)["Hovedtotal"] == ["SEL i alt", "ABL i alt"]
    assert result.foots


def test_a_pivot_in_outline_form_has_its_group_on_top() -> None:
    result = judge("R;Y;A\nHandicap;;30\n;§ 103;10\n;§ 104;20\nPsykiatri;;9\n;§ 107;9\nGrand Total;;39\n")
    assert sums(result)["Handicap"] == ["Handicap / § 103", "Handicap / § 104"]
    assert result.foots


def test_headings_without_figures_name_groups_closed_by_plain_totals() -> None:
    text = "Område;A;B\nHandicap\n§ 103;1;9\n§ 104;2;8\nI alt;3;17\n\nPsykiatri\n§ 107;5;5\nI alt;5;5\n\nI alt;8;22\n"
    result = judge(text)
    assert result.foots
    assert sums(result)["Handicap / I alt"] == ["Handicap / § 103", "Handicap / § 104"]
    assert sums(result)["I alt"] == ["Handicap / I alt", "Psykiatri / I alt"]


def test_the_last_plain_total_under_headings_without_subtotals_is_everything() -> None:
    result = judge("Område;A;B\nHandicap\n§ 103;10;90\n§ 104;20;80\nPsykiatri\n§ 107;50;55\nI alt;80;225\n")
    assert result.foots
    (parts,) = sums(result).values()
    assert parts == ["Handicap / § 103", "Handicap / § 104", "Psykiatri / § 107"]


def test_a_total_row_may_stand_first() -> None:
    result = judge("Område;2020;2021\nI alt;18;27\nA;10;11\nB;8;16\n")
    assert sums(result) == {"I alt": ["A", "B"]}
    assert result.foots


def test_totals_of_each_measure_add_up_their_own_columns() -> None:
    text = "Y;2020;;2021;;Total;\n;Antal;Beløb;Antal;Beløb;Antal;Beløb\n"
    text += "a;1;100;2;200;3;300\nb;3;300;4;400;7;{}\nTotal;4;400;6;600;10;1.000\n"
    assert judge(text.format(700)).foots
    assert suspects(judge(text.format(750))) == [("b", "Total / Beløb", "750", 700)]


def test_years_codes_and_account_numbers_are_labels_not_figures() -> None:
    assert judge("Ydelse;Kode;A;I alt\na;30011;5;5\nb;30012;7;7\nI alt;;12;12\n").foots
    assert judge("Ydelse;DST-kode;A;I alt\na;1.4;5;5\nb;1.12.0.2;7;7\nI alt;;12;12\n").foots
    assert judge("År;A;B;I alt\n2020;5;6;11\n2021;7;8;15\nI alt;12;14;26\n").foots


def test_an_empty_row_before_the_total_is_no_heading() -> None:
    result = judge("Row Labels;A;B\nx;10;20\ny;1;2\n(blank);;\nTotal;11;22\n")
    assert sums(result) == {"Total": ["x", "y"]}


def test_years_as_headers_are_not_added_up() -> None:
    assert judge("Ydelse;2020;2021\na;2000;1950\nb;10;20\nTotal;2010;1970\n").foots


def test_titles_notes_and_blank_rows_around_the_table_are_passed_over() -> None:
    text = f"Tabel 1. Antal personer 2021\n\n{SIMPLE.strip()}\n\nKilde: eget udtræk 2021\n"
    assert judge(text).foots
    assert suspects(judge(text.replace("1.183", "1.999"))) == [("Total", "I alt", "1.999", 1183)]


def test_a_table_without_a_header_has_numbered_columns() -> None:
    (miss,) = judge("a;1;20\nb;5;9\nTotal;6;26\n").misses
    assert miss.column.name == "kolonne 3"


def test_a_long_flat_table_with_one_wrong_cell_is_not_taken_for_groups() -> None:
    result = judge("Y;A;B\na;30;300\nb;10;100\nc;20;200\nd;5;50\nTotal;65;659\n")
    assert sums(result)["Total"] == ["a", "b", "c", "d"]
    assert misses(result) == [("column", "Total", "B")]


def test_a_first_row_of_one_two_three_under_a_blank_line_is_figures() -> None:
    result = judge("Område;A;B;I alt\n\na;1;2;3\n\nb;3;4;7\n\nI alt;4;6;10\n")
    assert result.foots
    assert sums(result)["I alt"]
    assert len(result.table.rows) == 3


def test_blank_columns_before_the_labels_are_passed_over() -> None:
    assert judge(";;Ydelse;A;B;I alt\n;;a;1;2;3\n;;b;3;4;7\n;;I alt;4;6;10\n").foots


def test_a_note_under_the_table_that_was_split_into_cells_is_no_figure() -> None:
    result = judge("Ydelse;2020;2021\na;10;20\nb;30;40\nI alt;40;60\n* foreløbige tal; opgjort 1.2.2022;\n")
    assert result.foots
    assert (result.checked, result.unknown_cells) == (2, 0)


def test_a_total_of_everything_is_not_named_after_the_last_group() -> None:
    columns = judge(";2020;;;2021;;;\nY;K1;K2;I alt;K1;K2;I alt;Hovedtotal\na;1;2;3;4;5;9;12\nTotal;1;2;3;4;5;9;12\n")
    assert [line.name for line in columns.table.columns][-2:] == ["2021 / I alt", "Hovedtotal"]
    rows = judge("Kode;Ydelse;2020\n1.4;Støtte;10\n1.8.1;Botilbud;20\n;I alt;30\n")
    assert rows.table.rows[-1].name == "I alt"


THREE_LEVELS = """
Rækkenavne  ; 2020 ; 2021 ; Hovedtotal
Handicap    ; 60   ; 61   ; 121
§ 103       ; 30   ; 31   ; 61
Mand        ; 10   ; 11   ; 21
Kvinde      ; 20   ; 20   ; 40
§ 104       ; 30   ; 30   ; 60
Mand        ; 14   ; 16   ; 30
Kvinde      ; 16   ; 14   ; 30
Psykiatri   ; 15   ; 13   ; 28
§ 107       ; 15   ; 13   ; 28
Mand        ; 7    ; 7    ; 14
Kvinde      ; 8    ; 6    ; 14
Hovedtotal  ; 75   ; 74   ; 149
"""


@pytest.mark.parametrize(
    ("right", "wrong", "where"),
    [
        ("14   ; 30", "41   ; 30", ("§ 104 / Kvinde", "2021", "41", 14)),
        ("§ 103       ; 30", "§ 103       ; 33", ("Handicap / § 103", "2020", "33", 30)),
        ("Psykiatri   ; 15", "Psykiatri   ; 51", ("Psykiatri", "2020", "51", 15)),
    ],
)
def test_groups_of_groups_are_understood_from_their_figures(right: str, wrong: str, where: tuple[str, ...]) -> None:
    assert judge(THREE_LEVELS).foots
    assert suspects(judge(THREE_LEVELS.replace(right, wrong))) == [where]


def test_groups_of_groups_are_understood_from_their_indent() -> None:
    table = "R;Beløb\nA;60\n x;30\n  m;10\n  k;20\n y;30\n  m;14\n  k;{}\nB;15\n z;15\n  m;7\n  k;8\nHovedtotal;75\n"
    assert judge(table.format(16)).foots
    assert misses(judge(table.format(61))) == [("column", "A / y", "Beløb")]


def test_sums_with_text_in_them_are_not_judged_and_are_counted() -> None:
    result = judge("Ydelse;A;B;I alt\nx;..;20;30\ny;1;2;3\nTotal;11;22;33\n")
    assert result.foots
    assert result.unknown_cells == 1


# --- averages and percentages ---------------------------------------------------------------------------------------


def test_an_average_of_averages_is_found_by_its_weights() -> None:
    result = judge(AGES.replace("47,5", "45,0"))
    (miss,) = result.misses
    assert (miss.row.name, miss.column.name, miss.expected) == ("I alt", "Gns. alder", Decimal("47.5"))
    assert "Antal" in miss.recomputed


def test_an_average_without_a_telling_header_can_be_named() -> None:
    text = AGES.replace("Gns. alder", "Alder")
    (miss,) = judge(text).misses
    assert miss.average_like
    assert judge(text, averages=["Alder"]).foots
    assert not judge(text.replace("47,5", "45,0"), averages=["alder"]).foots


def test_an_unknown_procent_column_is_refused_with_the_columns_there_are() -> None:
    with pytest.raises(InputError, match=r"«Alde» er ikke en talkolonne i tabellen; den har: «Antal», «Gns\. alder»"):
        judge(AGES, averages=["Alde"])


def test_a_percentage_told_only_by_its_header_is_recomputed() -> None:
    shares = "Ydelse;Brutto;Refusion;Refusionspct.\na;1000;264;0,264\nb;2000;800;0,4\nI alt;3000;1064;{}\n"
    assert judge(shares.format("0,3546666667")).foots
    assert suspects(judge(shares.format("0,332"))) == [
        ("I alt", "Refusionspct.", "0,332", Decimal(1064) / Decimal(3000))
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "row"), [("33,3 %", "43,3 %", "I alt"), ("30,0 %", "31,0 %", "Sygedagpenge")]
)
def test_a_percentage_is_recomputed_from_its_two_columns(right: str, wrong: str, row: str) -> None:
    ((name, column, printed, expected),) = suspects(judge(RATES.replace(right, wrong)))
    assert (name, column, printed) == (row, "Refusionspct.", wrong)
    assert round(expected, 1) == Decimal(right.removesuffix(" %").replace(",", "."))


def test_a_percentage_is_not_blamed_for_a_figure_that_does_not_foot() -> None:
    result = judge(RATES.replace("400 ", "410 "))
    assert suspects(result) == []
    assert ("column", "I alt", "Refusion") in misses(result)


def test_shares_of_a_hundred_add_up() -> None:
    shares = "Ydelse;Andel\na;25,0 %\nb;{}\nI alt;100,0 %\n"
    assert judge(shares.format("75,0 %")).foots
    assert misses(judge(shares.format("57,0 %"))) == [("column", "I alt", "Andel")]


def test_steps_in_percent_over_counts_are_counts() -> None:
    assert not judge("Ydelse;20 %;80 %;I alt\na;5;6;11\nb;7;8;15\nTotal;12;14;62\n").foots


def test_a_percent_table_without_its_weights_is_not_called_right_or_wrong() -> None:
    result = judge("Ydelse;K1;K2\na;20,4 %;26,4 %\nb;39,9 %;39,2 %\nTotal;29,6 %;28,8 %\n")
    assert result.checked == 0
    assert result.untested == ("K1", "K2")


def test_the_mean_of_a_row_is_recomputed_as_far_as_it_is_printed() -> None:
    means = "Ydelse;K1;K2;Gennemsnit\na;10;20;15,0\nb;30;50;{}\nc;2;5;4\nI alt;42;75;58,5\n"
    assert judge(means.format("40,0")).foots
    assert suspects(judge(means.format("44,0"))) == [("b", "Gennemsnit", "44,0", Decimal(40))]


def test_a_percentage_of_money_is_not_weighted_by_persons() -> None:
    text = "Ydelse;{}\nFleks;248;20,2 %\nSyg;532;40,1 %\nI alt;780;29,8 %\n"
    assert judge(text.format("Personer pr. måned;Refusionspct.")).untested == ("Refusionspct.",)
    (miss,) = judge(text.format("Bruttoudgift;Refusionspct.")).misses
    assert "Bruttoudgift" in miss.recomputed


def test_persons_and_kroner_a_month_add_up_and_a_price_does_not() -> None:
    text = "Ydelse;{} pr. måned\na;10\nb;30\nI alt;{}\n"
    assert judge(text.format("Personer", 40)).foots
    assert misses(judge(text.format("Personer", 50))) == [("column", "I alt", "Personer pr. måned")]
    assert judge(text.format("Pris", 25)).untested == ("Pris pr. måned",)


def test_a_share_that_breaks_the_hundred_is_recomputed_from_its_column() -> None:
    text = "Ydelse;Antal;Pct.\na;30;30,0\nb;70;71,0\nI alt;100;100,0\n"
    result = judge(text)
    assert suspects(result) == [("b", "Pct.", "71,0", Decimal(70))]
    assert not result.unlocated


def test_an_index_is_recomputed_from_its_two_years() -> None:
    text = "Ydelse;2020;2021;Indeks\na;100;110;110\nb;200;190;{}\nI alt;300;300;100\n"
    assert judge(text.format(95)).foots
    assert suspects(judge(text.format(59))) == [("b", "Indeks", "59", 95)]


def test_a_distinct_count_is_never_recomputed() -> None:
    result = judge("Ydelse;Antal;Unikke personer\na;10;8\nb;30;20\nI alt;40;25\n")
    assert result.foots
    assert result.untested == ("Unikke personer",)


# --- the command ----------------------------------------------------------------------------------------------------


def run(tmp_path: Path, text: str, *options: str) -> Result:
    path = tmp_path / "tabel.csv"
    path.write_text(text.strip("\n"), encoding="utf-8")
    return CliRunner().invoke(footing, [str(path), *options])


def test_the_command_prints_tab_separated_lines_on_a_pipe_and_exits_1(tmp_path: Path) -> None:
    result = run(tmp_path, SIMPLE.replace("; 6  ; 7 ", "; 16 ; 7 "))
    assert result.exit_code == 1
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert lines[0] == ["Ressource", "B", "16", "6", "forkert celle"]
    assert [line[:4] for line in lines[1:]] == [["Total", "B", "28", "38"], ["Ressource", "I alt", "18", "28"]]
    assert "går ikke op" in result.stderr


def test_the_command_is_silent_on_the_pipe_and_exits_0_when_all_foots(tmp_path: Path) -> None:
    result = run(tmp_path, SIMPLE)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Tabellen går op" in result.stderr


def test_the_command_says_that_a_fault_cannot_be_located(tmp_path: Path) -> None:
    result = run(tmp_path, "Ydelse;A\nx;1\ny;2\nTotal;30\n")
    assert result.exit_code == 1
    assert "cellen kan ikke udpeges" in result.stdout


def test_numbers_are_written_as_the_table_writes_its_own(tmp_path: Path) -> None:
    plain = run(tmp_path, SIMPLE.replace("1.", "1").replace("1115", "1151"))
    assert "Total\tA\t1151\t1115" in plain.stdout
    grouped = run(tmp_path, SIMPLE.replace("1.115", "1.151"))
    assert "Total\tA\t1.151\t1.115" in grouped.stdout
    spaced = run(tmp_path, SIMPLE.replace("1.183", "1.138").replace("1.", "1 "))
    assert "Total\tI alt\t1 138\t1 183" in spaced.stdout
    percent = run(tmp_path, RATES.replace("33,3 %", "43,3 %"))
    assert "43,3 %\t33,3 %" in percent.stdout


def test_no_cpr_number_is_ever_printed(tmp_path: Path) -> None:
    text = "Borger;A;B;I alt\n010180-1234;10;20;30\n0101801235;1;2;4\n1506801236;1;2;30\nTotal;12;24;36\n"
    result = run(tmp_path, text)
    assert result.exit_code == 1
    assert "xxxxxx-xxxx" in result.stdout
    assert not any(serial in result.output for serial in ("1234", "1235", "1236"))


def test_not_even_a_cpr_number_among_the_figures_is_printed(tmp_path: Path) -> None:
    result = run(tmp_path, "Sag;A;B;I alt\na;1506801236;1;2\nb;1;2;3\nTotal;2;3;5\n")
    assert result.exit_code == 1
    assert "1506801236" not in result.output


def test_on_a_terminal_the_lines_are_aligned_under_headings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconcile.cli.footing._on_terminal", lambda: True)
    lines = run(tmp_path, SIMPLE.replace("; 6  ; 7 ", "; 16 ; 7 ")).stdout.splitlines()
    assert lines[0].split() == ["Række", "Kolonne", "Trykt", "Skulle", "være", "Hvad"]
    assert lines[1].index("16") + 2 == lines[0].index("Trykt") + len("Trykt")
    assert any(line.startswith("Tabellen går ikke op: 2 af 8 summer fejler. Én forkert celle") for line in lines)


def test_the_command_says_what_it_took_for_rounding(tmp_path: Path) -> None:
    result = run(tmp_path, ROUNDED)
    assert result.exit_code == 0
    assert "forskelle på op til 2 er regnet for afrunding" in result.stderr


def test_numbers_that_look_english_are_said_to(tmp_path: Path) -> None:
    english = "Row Labels;2020;2021\na;1,234;2,000\nb;1;2\nGrand Total;1,235;2,002\n"
    assert "engelsk tusindtegn" in run(tmp_path, english).stderr
    assert "engelsk tusindtegn" not in run(tmp_path, english.replace("1,234", "1,2")).stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ydelse;A;B\nx;5;6\ny;7;8\n", "ingen totaler at prøve"),
        ("Ydelse;A\nx;1234.5\ny;3\nTotal;8\n", "række 2, kolonne «A», værdi «1234.5»: er ikke et dansk tal"),
        ("Ydelse;A\nx;y\n", "der er ingen tabel med tal"),
        ("Y;K1\na;20,4 %\nb;39,9 %\nTotal;29,6 %\n", "«K1» er gennemsnit eller procenter"),
    ],
)
def test_what_cannot_be_tried_is_an_input_error_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    error = run(tmp_path, text).exception
    assert isinstance(error, InputError)
    assert said in str(error)
    assert "\n" not in str(error)


def test_a_bad_tolerance_is_refused(tmp_path: Path) -> None:
    for value in ("x", "-1", "1.5"):
        assert isinstance(run(tmp_path, SIMPLE, f"--tolerance={value}").exception, InputError)
    assert run(tmp_path, SIMPLE.replace("1.183", "1.185"), "--tolerance=2,5").exit_code == 0


def test_a_workbook_with_merged_headers_is_read_as_it_looks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Refusion 2021-2022"])
    sheet.append([])
    sheet.append([None, 2021, None, None, 2022, None, None, "Hovedtotal"])
    sheet.merge_cells("B3:D3")
    sheet.merge_cells("E3:G3")
    sheet.append(["Ydelse", "K1", "K2", "I alt", "K1", "K2", "I alt", None])
    sheet.append(["a", 1.1, 2.2, 1.1 + 2.2, 4, 5, 9, 12.3])
    sheet.append(["b", 10.5, 2.25, 12.75, 1000.1, 1, 1001.1, 1013.85])
    sheet.append(["Total", 11.6, 4.45, 16.05, 1004.1, 6, 1011.1, 1026.15])
    path = tmp_path / "bog.xlsx"
    book.save(path)
    result = CliRunner().invoke(footing, [str(path)])
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].split("\t")[:4] == ["Total", "2022 / I alt", "1011,1", "1010,1"]


# --- persons counted once, and lists --------------------------------------------------------------------------------

PERSONS = "Ydelse;2020;2021\n§ 103;400;410\n§ 104;300;310\n§ 107;115;120\nI alt;634;650\n"


def test_a_total_that_counts_each_person_once_is_no_sum_and_no_fault() -> None:
    result = judge(PERSONS)
    assert result.foots
    assert result.distinct == ("I alt",)
    # Fewer than in the largest part: that cannot be persons.
    assert not judge(PERSONS.replace("634", "390")).foots
    assert not judge(PERSONS.replace("634", "816")).foots


def test_one_total_that_is_too_small_is_a_fault_unless_the_table_counts_persons() -> None:
    text = "Ydelse;{}\n§ 103;400\n§ 104;415\nI alt;634\n"
    assert not judge(text.format("Beløb")).foots
    assert judge(text.format("Antal personer")).distinct == ("I alt",)
    assert judge(text.format("Antal_unikke_borgere")).distinct == ("I alt",)


def test_the_command_says_that_totals_count_persons_once(tmp_path: Path) -> None:
    result = run(tmp_path, PERSONS)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Tæller hver person én gang og er ingen summer: «I alt»" in result.stderr


def listed(wrong: str = "") -> str:
    figures = {("Lemvig", "Mænd", "0-17"): 10, ("Lemvig", "Mænd", "18+"): 21}
    figures |= {("Lemvig", "Kvinder", "0-17"): 32, ("Lemvig", "Kvinder", "18+"): 43}
    figures |= {("Struer", s, a): 5 * value + 1 for (_area, s, a), value in figures.items()}
    lines = ["Område;Køn;Alder;År;Antal"]
    for area in ("Lemvig", "Struer"):
        for sex in ("I alt", "Mænd", "Kvinder"):
            for age in ("I alt", "0-17", "18+"):
                meant = [
                    v for (o, s, a), v in figures.items() if o == area and sex in (s, "I alt") and age in (a, "I alt")
                ]
                value = sum(meant) + 500 * (wrong == f"{area} {sex} {age}")
                lines.append(f"{area};{sex};{age};2020;{value}")
    return "\n".join(lines)


def test_in_a_list_a_total_adds_up_the_rows_that_are_equal_in_all_other_labels() -> None:
    result = judge(listed())
    assert result.foots
    assert result.checked == 2 * (3 + 3)


@pytest.mark.parametrize("wrong", ["Lemvig Mænd 18+", "Struer I alt 0-17", "Struer I alt I alt"])
def test_a_wrong_figure_in_a_list_is_located_where_its_totals_cross(wrong: str) -> None:
    (suspect,) = judge(listed(wrong)).suspects
    assert " ".join(suspect.row.labels) == f"{wrong} 2020"


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_marks_the_wrong_cell_and_says_in_the_margins_what_fails(tmp_path: Path) -> None:
    page = tmp_path / "side.html"
    result = run(tmp_path, SIMPLE.replace("; 6  ; 7 ", "; 16 ; 7 "), "--html", str(page))
    assert result.exit_code == 1
    text = page.read_text(encoding="utf-8")
    assert re.findall(r'<td class="n wrong">(.*?)<small>(.*?)</small>', text) == [("16", "skulle være 6")]
    margins = [said for said in re.findall(r'<td class="margin">(.*?)</td>', text) if said]
    assert [said.partition(";")[0] for said in margins] == [
        "«I alt» er 18, delene giver 28",
        "«Total» er 28, delene giver 38",
    ]
    assert "går ikke op" in text


def test_the_page_of_a_table_that_foots_marks_nothing_and_of_a_long_one_shows_what_is_marked(tmp_path: Path) -> None:
    page = tmp_path / "side.html"
    assert run(tmp_path, SIMPLE, "--html", str(page)).exit_code == 0
    assert "wrong" not in re.findall(r"<table>.*</table>", page.read_text(encoding="utf-8"), re.DOTALL)[0]
    long = [f"<b>r{n}</b>;1;1;2" for n in range(600)]
    long[7] = "<b>r7</b>;1;50;2"
    run(tmp_path, "\n".join(["Navn;A;B;I alt", *long, "Total;600;600;1200"]), "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert "udeladt: 599" in text
    assert "&lt;b&gt;r7&lt;/b&gt;" in text


def test_a_page_that_cannot_be_written_or_of_several_tables_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, SIMPLE, "--html", str(tmp_path / "findes-ikke" / "side.html"))
    assert "kan ikke skrives" in str(result.exception)
    other = CliRunner().invoke(footing, [str(tmp_path / "tabel.csv")] * 2 + ["--html", str(tmp_path / "side.html")])
    assert "én tabel" in str(other.exception)
