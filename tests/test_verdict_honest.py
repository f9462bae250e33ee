"""Ways to be told that all is well when it is not: tried on whole runs, and the first line says so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support import report_example as sample
from support.runs import KEY, call

from reconcile.reports.page_eight import whole
from reconcile.reports.page_findings import age
from reconcile.reports.verdict import Verdict, judge
from reconcile.results.followed import HOLDS, AcceptedRow
from reconcile.results.hand07 import Hand01Cell
from reconcile.results.ottetal import OttetalAmount
from reconcile.results.rows import Hand07Cell, OttetalCell, ResultTable, RunResult, Status, YrWeek

COURSES = "cpr;dst_kode;start_dato;slut_dato;system\n" + "".join(
    f"01016{n}{n:04d};1.1;01-01-2020;;{{system}}\n" for n in range(5)
)


def municipality(folder: Path, hand07: str, *, system: str = "nuvaerende", extra: str = "") -> Path:
    """A municipality of five persons in 1.1 2020K3, with the published figures that are given."""
    (folder / "noegle.key").write_text(KEY.hex(), encoding="ascii")
    (folder / "f.csv").write_text(COURSES.format(system=system), encoding="utf-8")
    (folder / "h.csv").write_text(f"dst_kode;periode;antal\n{hand07}", encoding="utf-8")
    (folder / "reconcile.toml").write_text(
        '[kommune]\nkode = "665"\n[kilder.fagsystem]\nfiler = ["f.csv"]\n[kilder.hand07]\nfiler = ["h.csv"]\n' + extra,
        encoding="utf-8",
    )
    return folder


def told(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    """The exit status of hand07 on 2020K3, and what stands on the terminal."""
    code = call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r", "--period", "2020K3", *more)
    return code, capsys.readouterr().out


def subject(folder: Path) -> str:
    """The subject of the mail of the run."""
    draft = folder / "m.eml"
    assert call("mail", "--config", folder / "reconcile.toml", "--run", folder / "r", "--eml", draft) == 0
    import email
    import email.policy

    return str(email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)["Subject"])


@pytest.mark.parametrize("row", ["", "1.1;2020K3;..\n", "1.1;2020K3;\n", "1.1;2019K3;5\n"])
def test_a_figure_that_is_not_there_is_nothing_compared(
    tmp_path: Path, row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = told(municipality(tmp_path, row), capsys)
    assert code == 0
    assert "Ingen tal kunne sammenlignes med Danmarks Statistik" in said
    assert "1 af 1 sammenligninger er ikke foretaget: 1 har intet tal fra Danmarks Statistik" in said
    assert "Intet er sammenlignet" in subject(tmp_path)


def test_a_row_that_was_deleted_is_said_beside_what_agrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;5\n1.3;2020K3;..\n")
    code, said = told(folder, capsys)
    assert code == 0
    assert "1 af 2 sammenligninger er ikke foretaget" in said
    assert "Intet uforklaret i de 1 af 2, der kunne sammenlignes" in subject(folder)


def test_a_quarter_that_nobody_has_figures_for_is_nothing_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;5\n")
    code = call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r", "--period", "1999K1")
    assert code == 0
    assert "1999K1: Ingen tal kunne sammenlignes" in capsys.readouterr().out
    assert "Intet er sammenlignet" in subject(folder)


def test_a_quarter_that_is_not_approved_is_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;9\n", extra='[kilder.godkendt]\nfiler = ["g.csv"]\n')
    (folder / "g.csv").write_text("kommune;periode;godkendt\n665;2020K3;nej\n", encoding="utf-8")
    _code, said = told(folder, capsys)
    assert "1 er ikke godkendt" in said
    assert "Intet er sammenlignet" in subject(folder)


def test_a_huge_tolerance_explains_nothing_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;900\n", extra="[regler]\ntolerance_antal = 9999\n")
    code, said = told(folder, capsys)
    assert code == 0
    assert "1 er uforklaret inden for tolerancen" in said
    assert "forskel er forklaret" not in said
    assert "tolerance_antal er 9999 (normalt 0)" in said
    assert "Uforklaret inden for tolerancen: 1" in subject(folder)


def test_a_figure_that_is_missing_does_not_hide_the_tolerance_from_the_subject(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;900\n1.3;2020K3;..\n", extra="[regler]\ntolerance_antal = 9999\n")
    assert told(folder, capsys)[0] == 0
    said = subject(folder)
    assert "Uforklaret inden for tolerancen: 1; 1 af 2 er ikke sammenlignet; lempede indstillinger" in said
    assert "Intet uforklaret" not in said


def _with_volume(folder: Path, volume: str, rules: str = "") -> Path:
    extra = f'[kilder.hand01]\nfiler = ["v.csv"]\n{rules}'
    municipality(folder, "1.1;2020K3;5\n", extra=extra)
    (folder / "v.csv").write_text(f"dst_kode;periode;antal\n1.1;2020K3;{volume}\n", encoding="utf-8")
    return folder


def test_a_tolerance_of_fuldtidsydelser_is_counted_where_it_hides_something(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _with_volume(tmp_path, "99", '[regler]\ntolerance_fuldtid = "9999"\n')
    code, said = told(folder, capsys)
    assert code == 0
    assert "Fuldtidsydelser: 1 forskel er uforklaret inden for tolerancen." in said
    assert "Fuldtidsydelser uforklaret inden for tolerancen: 1; lempede indstillinger" in subject(folder)


def test_the_first_sentence_does_not_say_that_all_agrees_when_the_fuldtidsydelser_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = told(_with_volume(tmp_path, "9,0"), capsys)
    assert code == 1
    assert "Også åben er 1 celle: 1.1 2020K3 (fuldtid mod DST)." in next(
        line for line in said.splitlines() if "stemmer" in line
    )


def _with_ledger(folder: Path, postings: str, hand07: str = "1.1;2020K3;5\n") -> Path:
    extra = '[kilder.oekonomi]\nfiler = ["o.csv"]\n[kilder.masteroversigt]\nfiler = ["m.csv"]\n'
    municipality(folder, hand07, extra=extra)
    (folder / "o.csv").write_text(f"konto;beloeb;bogfoert_dato;cpr\n{postings}", encoding="utf-8")
    (folder / "m.csv").write_text("dst_kode;konto\n1.1;538591001\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "postings", ["", "538591001;100,00;03-02-2020;0101600000\n538591001;100,00;03-03-2020;0101600000\n"]
)
def test_a_ledger_that_has_not_come_to_the_quarter_is_no_comparison(
    tmp_path: Path, postings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _with_ledger(tmp_path, postings)
    config, out = folder / "reconcile.toml", folder / "r"
    assert call("run", "--config", config, "--out", out, "--period", "2020K3") == 0
    said = capsys.readouterr().out
    assert "Økonomisløjfen er ikke sammenlignet for 1 af 1 ydelser." in said
    assert ("Uden rækker er: oekonomi." in said) is (not postings)
    assert "Intet uforklaret af det, der kunne sammenlignes" in subject(folder)
    (cell,) = json.loads((out / "resultat.json").read_text(encoding="utf-8"))["ottetal"]
    assert (cell["oekonomi_borgere"], cell["oekonomi_beloeb"], cell["status_oekonomi"]) == (None, None, "ufuldstaendig")


def test_an_extract_without_rows_that_agrees_with_nothing_published_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;0\n")
    (folder / "f.csv").write_text("cpr;dst_kode;start_dato\n", encoding="utf-8")
    code, said = told(folder, capsys)
    assert code == 0
    assert "Uden rækker er: fagsystem." in said
    assert "Alle de sammenlignede tal er 0, både jeres egne og Danmarks Statistiks." in said
    assert "Intet uforklaret af det, der kunne sammenlignes" in subject(folder)


def test_courses_of_another_kommune_are_nothing_but_zeros_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;0\n")
    (folder / "f.csv").write_text(
        "cpr;dst_kode;start_dato;handlekommune\n0101600000;1.1;01-01-2020;101\n", encoding="utf-8"
    )
    code, said = told(folder, capsys)
    assert code == 0
    assert "Alle de sammenlignede tal er 0" in said
    assert "Intet uforklaret af det, der kunne sammenlignes" in subject(folder)


def test_weeks_outside_the_period_are_not_said_to_be_without_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "noegle.key").write_text(KEY.hex(), encoding="ascii")
    (tmp_path / "y.csv").write_text(
        "cpr;uge;ydelse;bruttoudgift\n0101600000;2019-03-04;Kontanthjælp;20000,00\n", encoding="utf-8"
    )
    config = tmp_path / "reconcile.toml"
    config.write_text('[kommune]\nkode = "665"\n[kilder.yr]\nfiler = ["y.csv"]\n', encoding="utf-8")
    assert call("run", "--config", config, "--out", tmp_path / "r", "--period", "2020K3") == 0
    assert "Ydelsesrefusion har ingen udbetalinger i perioden." in capsys.readouterr().out
    assert "Ingen rækker at kontrollere" in subject(tmp_path)


def test_weeks_that_another_kommune_finances_are_not_said_to_be_without_errors(tmp_path: Path) -> None:
    (tmp_path / "noegle.key").write_text(KEY.hex(), encoding="ascii")
    rows = "cpr;uge;ydelse;bruttoudgift;finansieringskommune\n0101600000;2020-03-02;Kontanthjælp;20000,00;101\n"
    (tmp_path / "y.csv").write_text(rows, encoding="utf-8")
    config = tmp_path / "reconcile.toml"
    config.write_text('[kommune]\nkode = "665"\nnavn = "Lemvig"\n[kilder.yr]\nfiler = ["y.csv"]\n', encoding="utf-8")
    assert call("run", "--config", config, "--out", tmp_path / "r") == 0
    assert subject(tmp_path) == "Lemvig: Intet er kontrolleret: en anden kommune finansierer det hele"


def test_an_extract_of_an_earlier_system_alone_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;0\n", system="tidligere")
    code, said = told(folder, capsys)
    assert code == 0, "the load rule drops them all, and DST has none"
    assert "5 af 5 åbne forløb står som tidligere system" in said


def test_a_limit_that_finds_nothing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;5\n", extra='[regler]\nugegraense = "9000000"\ntolerance_kr = "5000"\n')
    _code, said = told(folder, capsys)
    assert "ugegraense er 9000000" in said
    assert "tolerance_kr er 5000" in said


def _cells(*statuses: tuple[str, Status, int]) -> RunResult:
    cells = tuple(
        Hand07Cell(code, "2020K3", 10 + rest, None, 10, 10, None, rest, rest, status, "")
        for code, status, rest in statuses
    )
    return sample.empty(tables=(ResultTable("hand07_diff", Hand07Cell, cells),), perioder=("2020K3",))


def _accepted(result: RunResult, *codes: str) -> Verdict:
    from datetime import date

    rows = tuple(
        AcceptedRow(
            f"CELLE:{code}:2020K3", "CELLE", code, "2020K3", HOLDS, "1", "1", "meldt til DST", "JH", date(2027, 3, 31)
        )
        for code in codes
    )
    tables = (*result.tables, ResultTable("accepterede", AcceptedRow, rows))
    ids = frozenset(row.fund_id for row in rows)
    return judge(replace(result, tables=tables, accepted=ids))


def test_each_difference_is_explained_tolerated_accepted_or_open_and_never_two_of_them() -> None:
    result = _cells(
        ("1.1", Status.EQUAL, 0),
        ("1.3", Status.EXPLAINED, 0),
        ("1.4", Status.TOLERATED, 1),
        ("1.8.1", Status.UNEXPLAINED, -2),
        ("1.8.2", Status.PARTLY, -3),
    )
    assert _accepted(result, "1.8.1").headline == (
        "2020K3: 1 af 5 ydelser stemmer med Danmarks Statistik. 1 af 4 forskelle er forklaret; 1 er uforklaret inden for"
        " tolerancen; 1 er uforklaret, men accepteret; 3 personer i 1.8.2 er uforklarede."
    )


def test_who_accepted_a_cell_and_until_when_stands_in_the_verdict() -> None:
    said = _accepted(_cells(("1.8.1", Status.UNEXPLAINED, -2)), "1.8.1")
    assert "1.8.1 2020K3 er accepteret af JH til 31-03-2027." in said.lead
    assert "uforklaret, men accepteret" in said.headline


def test_the_relaxations_are_a_table_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;5\n", extra="[regler]\ntolerance_antal = 3\n")
    told(folder, capsys)
    document: dict[str, Any] = json.loads((folder / "r" / "resultat.json").read_text(encoding="utf-8"))
    assert document["lempelser"] == [{"hvad": "tolerance_antal", "vaerdi": "3", "normalt": "0"}]
    assert (
        call("hand07", "--config", municipality(folder, "1.1;2020K3;5\n") / "reconcile.toml", "--out", folder / "r2")
        == 0
    )
    assert "lempelser" not in json.loads((folder / "r2" / "resultat.json").read_text(encoding="utf-8"))


def test_what_is_open_outside_the_choice_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;5\n1.1;2020K2;9\n1.3;2020K1;4\n")
    code, said = told(folder, capsys)
    assert code == 0
    assert "Uden for det valgte er 2 celler åbne: 1.1 2020K2 og 1.3 2020K1." in said
    assert "Uden for det valgte" not in told(municipality(tmp_path, "1.1;2020K3;5\n"), capsys)[1]


def test_a_source_of_an_old_quarter_is_not_old() -> None:
    today, judged = date(2026, 11, 26), ("2020K3", "2020K4")
    assert age(date(2021, 1, 2), today, judged) == "når hele perioden"
    assert age(date(2020, 11, 30), today, judged) == "31 dage før periodens slutning"
    assert age(date(2026, 11, 25), today) == "1 dag gammel"


@pytest.mark.parametrize(
    ("amount", "said"), [("9999.99", "9.999,99"), ("10000.00", "10.000"), ("9999.40", "9.999"), ("12600.75", "12.601")]
)
def test_an_amount_just_under_a_limit_is_not_shown_as_the_limit(amount: str, said: str) -> None:
    assert whole(Decimal(amount)) == said


def test_cells_open_outside_hand07_are_named_beside_the_headline() -> None:
    result = _cells(("1.1", Status.EQUAL, 0))
    volume = Hand01Cell(
        "1.1", "2020K3", Decimal(9), None, Decimal(5), Decimal(5), None, Decimal(4), Decimal(4), Status.PARTLY, ""
    )
    both = replace(result, tables=(*result.tables, ResultTable("hand01_diff", Hand01Cell, (volume,))))
    assert "Også åben er 1 celle: 1.1 2020K3 (fuldtid mod DST)." in judge(both).headline
    assert judge(both).tone == "bad"


def test_an_accepted_cell_is_not_called_explained_in_the_subject() -> None:
    verdict = _accepted(_cells(("1.1", Status.EQUAL, 0), ("1.8.1", Status.UNEXPLAINED, -2)), "1.8.1")
    assert (verdict.tag, verdict.tone) == ("Uforklaret, men accepteret: 1", "warn")


def test_nothing_to_judge_is_not_no_fault_found() -> None:
    assert judge(sample.empty(command="validate")).tag == "Ingen rækker at kontrollere"
    others = sample.empty(command="yr", sources=sample.sources(), tables=(ResultTable("yr_uge", YrWeek, ()),))
    assert judge(others).tag == "Ingen rækker at kontrollere"


def test_a_loop_that_could_not_be_compared_is_said() -> None:
    eight = replace(sample.eight(sample.cell("1.1", "2020K1")[0]), status_oekonomi="ufuldstaendig")
    run = sample.empty(tables=(ResultTable("ottetal", OttetalCell, (eight,)),), sources=sample.sources())
    assert "Økonomisløjfen er ikke sammenlignet for 1 af 1 ydelser." in judge(run).lead
    assert judge(run).tag == "Intet uforklaret af det, der kunne sammenlignes"


@pytest.mark.parametrize("status", [Status.MISSING_DST, Status.MISSING_OWN])
def test_fuldtidsydelser_that_were_not_compared_are_said(status: Status) -> None:
    row = Hand01Cell("1.1", "2020K3", None, None, Decimal(5), Decimal(5), None, None, None, status, "")
    run = _cells(("1.1", Status.EQUAL, 0))
    run = replace(run, tables=(*run.tables, ResultTable("hand01_diff", Hand01Cell, (row,))), sources=sample.sources())
    run = replace(run, sources=(*run.sources, replace(run.sources[0], kilde="hand01")))
    assert "Fuldtidsydelser: 1 af 1 sammenligninger er ikke foretaget." in judge(run).lead
    assert judge(run).tone == "warn"


def test_some_courses_of_the_new_system_do_not_hide_that_most_are_an_earlier_systems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = municipality(tmp_path, "1.1;2020K3;0\n", system="tidligere")
    with (folder / "f.csv").open("a", encoding="utf-8") as handle:
        handle.write("0101640009;1.3;01-01-2018;31-12-2018;nuvaerende\n0101640009;1.3;01-01-2019;;nuvaerende\n")
    assert "Bemærk: 5 af 6 åbne forløb" in told(folder, capsys)[1]


def test_money_that_names_nobody_is_said() -> None:
    parts = (OttetalAmount("1.3", "2020K3", "uden_cpr", 0, Decimal("1500000.00")),)
    run = _cells(("1.3", Status.EQUAL, 0))
    run = replace(run, tables=(*run.tables, ResultTable("ottetal_beloeb", OttetalAmount, parts)))
    assert "Økonomien har 1.500.000,00 kr. uden CPR, som ikke kan afstemmes på personer." in judge(run).lead
