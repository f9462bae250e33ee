"""Fodkontrol of several tables: what each is of the others is found, and the cells that break it are named."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from support.footing import grid

from reconcile.cli.footing import footing
from reconcile.controls.footing_identities import find_identities
from reconcile.errors import InputError
from reconcile.results.footing import Identity
from reconcile.sources.printed_table import read_table

RECIPIENTS = """
Område;Lemvig;Holstebro;Ringkøbing-Skjern;Struer;Jammerbugt
Botilbud;8,46;9,47;11,05;8,11;11,54
Fordelt på SEL § 107;1,55;1,62;2,32;2,36;2,78
Fordelt på SEL § 108;1,28;1,37;0,92;1,43;0,74
Fordelt på SEL § 85/ABL § 105;5,62;6,48;7,81;4,32;8,02
Dagtilbud;9,41;6,72;10,32;6,84;8,28
Fordelt på SEL § 103;1,50;2,44;2,77;3,60;4,62
Fordelt på SEL § 104;7,90;4,28;7,55;3,24;3,66
"""
PRICES = """
Brugerdefineret.1;Lemvig;Holstebro;Ringkøbing-Skjern;Struer;Jammerbugt
Botilbud;;;;;
Fordelt på SEL § 107;524;836;642;699;786
Fordelt på SEL § 108;798;1.118;1.500;769;1.039
Fordelt på SEL § 85/ABL § 105;714;632;634;787;704
Dagtilbud;;;;;
Fordelt på SEL § 103;127;67;62;83;136
Fordelt på SEL § 104;148;187;115;205;268
"""
# By hand: recipients × price in whole kroner; 1.310 and 2.080 are as they were printed, 1.354 and 2.185 what they should be.
SPENDING = """
Område;Lemvig;Holstebro;Ringkøbing-Skjern;Struer;Jammerbugt
Fordelt på SEL § 107;812;1.310;1.489;1.650;2.080
Fordelt på SEL § 108;1.021;1.532;1.380;1.100;769
Fordelt på SEL § 85/ABL § 105;4.013;4.095;4.952;3.400;5.646
Fordelt på SEL § 103;191;163;172;299;628
Fordelt på SEL § 104;1.169;800;868;664;981
"""


def found(*texts: str) -> tuple[Identity, ...]:
    return find_identities([read_table(grid(text)) for text in texts])


def run(folder: Path, *texts: str) -> Result:
    paths = [folder / f"tabel{i}.csv" for i in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text.strip("\n"), encoding="utf-8")
    return CliRunner().invoke(footing, [str(path) for path in paths])


def test_spending_is_recipients_times_price_and_the_two_cells_that_are_not_are_named(tmp_path: Path) -> None:
    result = run(tmp_path, SPENDING, RECIPIENTS, PRICES)
    assert result.exit_code == 1, result.exception
    told = "«tabel0.csv» = «tabel1.csv» × «tabel2.csv»"
    assert result.stdout.splitlines() == [
        f"Fordelt på SEL § 107\tHolstebro\t1.310\t1.354\t{told}",
        f"Fordelt på SEL § 107\tJammerbugt\t2.080\t2.185\t{told}",
    ]
    assert f"{told}: passer i 23 af 25 celler" in result.stderr


#: Ydelser of Lemvig 2020 after DST and after FLIS, and the difference that the page prints beside them.
DST = """
DST kode;2020K1;2020K2;2020K3;2020K4
1.1;160;157;159;155
1.12.0.1;120;122;121;127
1.12.0.2;369;373;380;388
1.18.2;0;0;82;118
1.4;70;74;77;76
1.8.1;77;77;78;82
"""
FLIS = """
DST kode;2020K1;2020K2;2020K3;2020K4
1.1;160;157;159;155
1.12.0.1;121;122;122;128
1.12.0.2;373;376;384;390
1.18.2;88;86;84;119
1.4;70;74;78;76
1.8.1;79;79;80;84
"""
DIFFERENCE = """
DST kode;2020K1;2020K2;2020K3;2020K4
1.1;0;0;0;0
1.12.0.1;-1;0;-1;-1
1.12.0.2;-4;-3;-4;-2
1.18.2;-88;-86;-2;-1
1.4;0;0;-1;0
1.8.1;-2;-2;-2;-2
"""


def test_a_difference_is_proved_also_where_it_is_zero_and_counts_that_are_one_apart_are_not_equal() -> None:
    (identity,) = found(DST, FLIS, DIFFERENCE)
    assert (identity.operation, identity.result, identity.holds, identity.cells) == ("sum", 0, 22, 22)
    assert found(DST, FLIS) == ()
    (broken,) = found(DST, FLIS, DIFFERENCE.replace("0;0;-1;0", "0;0;1;0"))[0].breaks
    assert (broken.row.label, broken.column.label, broken.expected) == ("1.4", "2020K3", 79)


def test_of_two_identities_the_one_that_leaves_nothing_over_is_told() -> None:
    changed = "\n".join(line if "1.4" not in line else "1.4;70;74;78;76" for line in DST.splitlines())
    assert [i.operation for i in found(changed, DST)] == ["copy"]
    rest = "\n".join(
        ";".join([line.split(";")[0], *["0"] * 4]) if line[:2] == "1." else line for line in DST.splitlines()
    )
    rest = rest.replace("1.4;0;0;0;0", "1.4;0;0;1;0")
    assert [(i.operation, len(i.breaks)) for i in found(changed, DST, rest)] == [("sum", 0)]


def test_the_order_of_the_files_does_not_matter() -> None:
    (one,) = found(SPENDING, RECIPIENTS, PRICES)
    (other,) = found(PRICES, SPENDING, RECIPIENTS)
    assert (one.result, other.result) == (0, 1)
    assert [b.expected for b in one.breaks] == [b.expected for b in other.breaks]


def test_tables_that_agree_everywhere_exit_0(tmp_path: Path) -> None:
    right = SPENDING.replace("1.310", "1.354").replace("2.080", "2.185")
    result = run(tmp_path, right, RECIPIENTS, PRICES)
    assert (result.exit_code, result.stdout) == (0, "")


def test_tables_that_have_nothing_to_do_with_each_other_are_refused_in_a_sentence(tmp_path: Path) -> None:
    error = run(tmp_path, RECIPIENTS, PRICES).exception
    assert isinstance(error, InputError)
    assert "ingen af tabellerne er kopien, summen eller produktet" in str(error)


def written(values: list[list[Decimal]], order: list[int]) -> str:
    lines = [f"r{i};" + ";".join(str(v).replace(".", ",") for v in values[i]) for i in order]
    return "\n".join(["Ydelse;" + ";".join(f"k{c}" for c in range(len(values[0]))), *lines])


@given(st.sampled_from(["copy", "sum", "product"]), st.integers(0, 3), st.integers(0, 10**9))
def test_any_identity_is_found_through_rounding_and_only_what_breaks_it_is_named(
    operation: str, wrong: int, seed: int
) -> None:
    rng = random.Random(seed)
    exact = [[[Decimal(rng.randint(10_000, 99_999)) / 1000 for _c in range(3)] for _r in range(5)] for _t in range(2)]
    made = {"copy": lambda a, _b: a, "sum": lambda a, b: a + b, "product": lambda a, b: a * b}[operation]
    result = [[made(a, b) for a, b in zip(x, y, strict=True)] for x, y in zip(*exact, strict=True)]
    tables = [[[v.quantize(Decimal("0.1"), ROUND_HALF_UP) for v in row] for row in table] for table in (result, *exact)]
    places = rng.sample([(r, c) for r in range(5) for c in range(3)], wrong)
    for r, c in places:
        tables[0][r][c] += 1_000
    (identity,) = found(*(written(table, rng.sample(range(5), 5)) for table in tables))
    assert (identity.result, identity.operation) == (0, operation)
    assert (identity.holds, identity.cells) == (15 - wrong, 15)
    assert {(b.row.label, b.column.label) for b in identity.breaks} == {(f"r{r}", f"k{c}") for r, c in places}


@pytest.mark.parametrize(("rows", "believed"), [(8, True), (7, False)])
def test_an_identity_in_fewer_than_eight_cells_is_not_believed(rows: int, believed: bool) -> None:
    text = "Y;A\n" + "".join(f"r{i};{100 + 7 * i}\n" for i in range(rows))
    assert bool(found(text, text)) is believed


def test_figures_too_coarse_to_tell_prove_nothing() -> None:
    text = "Y;A;B\n" + "".join(f"r{i};1;1\n" for i in range(9))
    assert not [i for i in found(text, text, text) if i.operation == "product"]


@pytest.mark.parametrize("by", [1, -1])
def test_a_count_that_is_one_off_breaks_a_copy_whichever_table_is_given_first(by: int) -> None:
    right = "Y;A\n" + "".join(f"r{i};{100 + 7 * i}\n" for i in range(10))
    wrong = right.replace("r3;121", f"r3;{121 + by}")
    for pair in ((right, wrong), (wrong, right)):
        (identity,) = found(*pair)
        assert [b.row.label for b in identity.breaks] == ["r3"]
