"""The sample municipality: reproducible, and exactly as faulty as its answer key says."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
sys.path.insert(0, str(SAMPLES))

from facit import bevilling, bridge, courses, money, refusion  # noqa: E402
from facit.courses import Fund  # noqa: E402
from facit.read import Data, read  # noqa: E402

GENERATED = ["plantet.csv", "PLANTET.md", "forventet_bro.csv", "forventet_harmonisering.csv", "reconcile.toml"]


@pytest.fixture(scope="module")
def data() -> Data:
    return read(SAMPLES)


@pytest.fixture(scope="module")
def counted(data: Data) -> dict[tuple[str, str, str], int]:
    return bridge.bridge(data)


@pytest.fixture(scope="module")
def planted() -> Counter[Fund]:
    with (SAMPLES / "plantet.csv").open(encoding="utf-8-sig", newline="") as file:
        counts: Counter[Fund] = Counter()
        for row in csv.DictReader(file, delimiter=";"):
            counts[Fund(*(row[name] for name in Fund._fields))] += int(row["antal"])
    return counts


def only(counts: Counter[Fund], prefix: str) -> Counter[Fund]:
    return Counter({fund: n for fund, n in counts.items() if fund.regel.startswith(prefix)})


def test_generating_again_gives_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SAMPLES / "generate.py"), str(tmp_path)], check=True, capture_output=True)
    written = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
    committed = {p.relative_to(SAMPLES) for folder in ("ind", "publiceret") for p in (SAMPLES / folder).iterdir()}
    assert written == committed | {Path(name) for name in GENERATED}
    assert [p for p in sorted(written) if (tmp_path / p).read_bytes() != (SAMPLES / p).read_bytes()] == []


def test_the_vh_rules_find_what_was_planted_and_nothing_else(data: Data, planted: Counter[Fund]) -> None:
    assert courses.vh(data) == only(planted, "VH")


def test_fagsystem_and_flis_differ_where_it_was_planted_and_nowhere_else(data: Data, planted: Counter[Fund]) -> None:
    assert courses.fl(data) == only(planted, "FL")


def test_the_ledger_has_the_planted_faults_and_no_others(data: Data, planted: Counter[Fund]) -> None:
    assert money.oe(data) == only(planted, "OE")


def test_the_yr_extract_has_the_planted_faults_and_no_others(data: Data, planted: Counter[Fund]) -> None:
    assert refusion.yr(data) == only(planted, "YR")


def test_grants_and_settlements_have_the_planted_faults_and_no_others(data: Data, planted: Counter[Fund]) -> None:
    assert bevilling.di(data, SAMPLES) == only(planted, "DI")


def test_every_rule_of_the_catalogue_is_hit_at_least_once(planted: Counter[Fund]) -> None:
    rules = {f"VH{n:02d}" for n in range(1, 17)} | {f"OE{n:02d}" for n in range(1, 10)} | {"YR20"}
    rules |= (
        {f"FL{n:02d}" for n in range(1, 5)} | {f"YR{n:02d}" for n in range(1, 19)} | {f"DI{n:02d}" for n in range(1, 8)}
    )
    assert {fund.regel for fund in planted} == rules


def test_the_bridge_counted_day_by_day_is_the_expected_bridge(counted: dict[tuple[str, str, str], int]) -> None:
    with (SAMPLES / "forventet_bro.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = {
            (r["dst_kode"], r["periode"], r["trin"]): int(r["antal"]) for r in csv.DictReader(file, delimiter=";")
        }
    assert counted == expected


def test_the_harmonisation_rules_remove_and_change_the_expected_courses(data: Data) -> None:
    with (SAMPLES / "forventet_harmonisering.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = {r["regel"]: (int(r["fjernet"]), int(r["aendret"])) for r in csv.DictReader(file, delimiter=";")}
    assert bridge.harmonisation(data) == expected


def test_every_step_of_the_bridge_changes_some_cell(counted: dict[tuple[str, str, str], int]) -> None:
    names = ["raa", "indlaesning", "gyldighed", "R1", "R3", "R2"]
    for before, after in pairwise(names):
        moved = [key for key in counted if key[2] == before and counted[(*key[:2], after)] != counted[key]]
        assert moved, after


def test_one_cell_has_an_unexplained_rest_of_three_persons(counted: dict[tuple[str, str, str], int]) -> None:
    rests = {key[:2]: n - counted[(*key[:2], "harmoniseret")] for key, n in counted.items() if key[2] == "dst"}
    assert {cell: rest for cell, rest in rests.items() if rest} == {("1.12.0.2", "2020K3"): -3}


def test_hand01_is_the_full_time_figure_of_what_dst_has(data: Data) -> None:
    exact = bridge.full_time(data)
    exact["1.12.0.2", "2020K3"] -= 3
    for cell, text in data.hand01.items():
        value = Decimal(exact[cell].numerator) / Decimal(exact[cell].denominator)
        assert Decimal(text.replace(",", ".")) == value.quantize(Decimal("0.1"), ROUND_HALF_UP), cell


def test_no_synthetic_cpr_satisfies_modulus_11(data: Data) -> None:
    numbers = {c["cpr"] for c in data.fagsystem + data.flis} | set(data.foedt) | {r["cpr"] for f in data.yr for r in f}
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    real = {n for n in numbers if n.isdigit() and len(n) == 10}
    assert not [n for n in real if sum(w * int(d) for w, d in zip(weights, n, strict=True)) % 11 == 0]
    assert {n[6:8] for n in real} == {"39", "69"}


def test_the_answer_key_holds_no_cpr(data: Data) -> None:
    numbers = {c["cpr"] for c in data.fagsystem} | {r["cpr"] for file in data.yr for r in file}
    for name in [*GENERATED, "README.md"]:
        text = (SAMPLES / name).read_text(encoding="utf-8-sig")
        assert not [n for n in numbers if n in text], name


def test_the_published_table_has_the_same_52_cells_in_two_orders() -> None:
    folder = SAMPLES / "publiceret"
    with (folder / "flis.csv").open(encoding="utf-8", newline="") as file:
        flis = {(r["dst_kode"].split()[0], r["periode"]): int(r["antal"]) for r in csv.DictReader(file, delimiter=";")}
    dst = read_statbank(folder / "hand07.csv")
    assert list(dst) != list(flis)
    differences = {cell: dst[cell] - flis[cell] for cell in flis}
    assert len(differences) == 52
    assert differences["1.18.2", "2020K1"] == -88
    assert sum(1 for d in differences.values() if d) == 18


def read_statbank(path: Path) -> dict[tuple[str, str], int]:
    from facit.read import statbank

    return {cell: int(text) for cell, text in statbank(path).items()}
