"""The main job on the sample municipality: exactly the planted problems, and the same bytes whatever the order."""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from support.language import slips, visible
from support.runs import call

from reconcile.rules.catalogue import load_rules

ROOT = Path(__file__).parent.parent
TIMES = re.compile(r'"(tid|time|id)": "[^"]*"')


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def test_the_report_lists_exactly_the_planted_problems(sample: Path) -> None:
    planted: Counter[tuple[str, ...]] = Counter()
    for row in rows(ROOT / "samples" / "plantet.csv"):
        planted[identity(row)] += int(row["antal"])
    found = Counter(identity(row) for row in rows(sample / "rapport" / "fund.csv"))
    assert found == planted


def identity(row: dict[str, str]) -> tuple[str, ...]:
    """Rule, severity, source, code, ydelse and period; VH01 is about a person, who may have several codes."""
    about = ("kilde", "ydelse", "periode") if row["regel"] == "VH01" else ("kilde", "dst_kode", "ydelse", "periode")
    return row["regel"], row["alvor"], *(row[name] for name in about)


def test_the_figure_eight_is_the_one_counted_by_hand(sample: Path) -> None:
    sys.path.insert(0, str(ROOT / "samples"))
    from facit.eight import eights
    from facit.read import read

    found = {(r["dst_kode"], r["periode"]): r for r in rows(sample / "rapport" / "ottetal.csv")}
    for cell, hand in eights(read(ROOT / "samples")).items():
        row, length = found[cell], {"1": 91, "2": 91, "3": 92, "4": 92}[cell[1][-1]]
        for side, name in ((hand.handler, "fagsystem"), (hand.betaler, "fagsystem_betaler"), (hand.flis, "flis")):
            full = (Decimal(side.total()) / length).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            assert (row[f"{name}_borgere"], row[f"{name}_fuldtid"]) == (str(len(side)), f"{full}".replace(".", ",")), (
                cell
            )
        if hand.oekonomi is None:
            assert (row["oekonomi_borgere"], row["oekonomi_beloeb"]) == ("", "")
            continue
        assert (row["oekonomi_borgere"], row["oekonomi_beloeb"]) == (
            str(len(hand.oekonomi)),
            f"{hand.beloeb:.2f}".replace(".", ","),
        )
        paid, booked = hand.betaler.keys(), hand.oekonomi
        overlap = (paid & booked, paid - booked, booked - paid) if hand.doemt else ()
        assert [row[name] for name in ("begge", "kun_fagsystem", "kun_oekonomi") if row[name]] == [
            str(len(people)) for people in overlap
        ]
        if hand.doemt:
            assert (row["status_oekonomi"] == "ens") == (paid == booked), cell


def test_what_is_read_of_the_sample_has_no_slip_of_language(sample: Path) -> None:
    assert slips(visible((sample / "rapport" / "rapport.html").read_text(encoding="utf-8")), "da") == []
    for name in ("fund.csv", "sager.csv"):
        assert slips([row["besked"] for row in rows(sample / "rapport" / name)], "da", sentences=True) == [], name
    caveats = json.loads((sample / "rapport" / "resultat.json").read_text(encoding="utf-8"))["forbehold"]
    assert slips(caveats, "da", sentences=True) == []


def test_the_sample_has_what_every_municipality_has(sample: Path) -> None:
    """Courses across kommuner each way, rammestyrede tilbud on two codes, and equal counts of different persons."""
    document = json.loads((sample / "rapport" / "resultat.json").read_text(encoding="utf-8"))
    crossing = {
        (row["side"], row["aarsag"], row["borger"]): row["dst_kode"]
        for row in document["ottetal_borgere"]
        if row["kant"] == "handlekommune–betalingskommune" and row["periode"] == "2020K4"
    }
    ways = Counter((side, cause) for side, cause, _person in crossing)
    assert ways["handlekommune", "befolkning"] >= 10
    assert ways["betalingskommune", "befolkning"] >= 10
    partly = {
        code for (_side, cause, _person), code in crossing.items() if cause == "rammestyret" and code not in ("1.13.3",)
    }
    assert partly == {"1.1", "1.12.0.1"}
    equal = [
        row
        for row in document["ottetal"]
        if row["fagsystem_betaler_borgere"] == row["oekonomi_borgere"] and row["kun_fagsystem"]
    ]
    assert equal
    assert all(row["kun_fagsystem"] == row["kun_oekonomi"] and row["status_oekonomi"] != "ens" for row in equal)


def test_every_rule_that_judges_rows_says_on_how_many(sample: Path) -> None:
    result = json.loads((sample / "rapport" / "resultat.json").read_text(encoding="utf-8"))
    gates = {rule.id for rule in load_rules() if not rule.rows}  # they judge an extract, not its rows
    assert set(result["regler_koert"]) - gates == set(result["regler_proevet"])
    assert min(result["regler_proevet"].values()) > 0


def test_the_bridge_is_the_one_counted_by_hand(sample: Path) -> None:
    expected = {
        (r["dst_kode"], r["periode"], r["trin"]): r["antal"] for r in rows(ROOT / "samples" / "forventet_bro.csv")
    }
    found = {(r["dst_kode"], r["periode"], r["trin"]): r["antal"] for r in rows(sample / "rapport" / "bro.csv")}
    assert {key: found.get(key) for key in expected} == expected


def test_the_bridge_adds_up_to_the_whole_difference_in_every_cell(sample: Path) -> None:
    changes: Counter[tuple[str, str]] = Counter()
    for row in rows(sample / "rapport" / "bro.csv"):
        changes[row["dst_kode"], row["periode"]] += int(row["aendring"] or 0)
    cells = [r for r in rows(sample / "rapport" / "hand07_diff.csv") if r["forskel_fagsystem"]]
    bridged = [cell for cell in cells if (cell["dst_kode"], cell["periode"]) in changes]
    assert bridged
    for cell in bridged:
        assert changes[cell["dst_kode"], cell["periode"]] == int(cell["forskel_fagsystem"])


def test_no_cpr_number_reaches_any_output(sample: Path) -> None:
    secret = {row["Personnummer"].zfill(10) for row in rows(sample / "ind" / "borger.csv")}
    assert len(secret) > 500
    forms = {form for cpr in secret for form in (cpr, f"{cpr[:6]}-{cpr[6:]}")}
    for path in (sample / "rapport").iterdir():
        text = workbook_text(path) if path.suffix == ".xlsx" else path.read_text(encoding="utf-8")
        digits = set(re.findall(r"[0-9]{6}-?[0-9]{4}", text))
        assert not digits & forms, path.name


def workbook_text(path: Path) -> str:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml"))


def test_the_manifest_names_every_file_with_its_hash(sample: Path) -> None:
    import hashlib

    folder = sample / "rapport"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["output"]) == {p.name for p in folder.iterdir()} - {"manifest.json"}
    for name, entry in manifest["output"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"]
    assert {entry["fil"] for entry in manifest["input"]} >= {"hand07.csv", "borger.csv", "masteroversigt.xlsx"}


def test_shuffled_and_resplit_inputs_give_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    """Everything but where a row was read: ``fil`` and ``raekke``, and the list of input files."""
    other = tmp_path / "blandet"
    shutil.copytree(sample, other)
    shutil.rmtree(other / "rapport")
    shuffle_in_two(other / "ind" / "flis.csv", "utf-8")
    shuffle_in_two(other / "ind" / "nexus-2020-botilbud.csv", "windows-1252", "nexus-2020-z.csv")
    config = (other / "reconcile.toml").read_text(encoding="utf-8").replace('"ind/flis.csv"', '"ind/flis*.csv"')
    (other / "reconcile.toml").write_text(config, encoding="utf-8")
    assert (
        call("run", "--config", str(other / "reconcile.toml"), "--period", "2020", "--out", str(other / "r"), "-q") == 1
    )
    for name in ("hand07_diff", "bro", "bro_borgere", "ottetal", "post_diff", "yr_uge"):
        assert (other / "r" / f"{name}.csv").read_bytes() == (sample / "rapport" / f"{name}.csv").read_bytes(), name
    place = {"fil", "raekke"}
    stripped = [
        [{k: v for k, v in row.items() if k not in place} for row in rows(folder / "fund.csv")]
        for folder in (sample / "rapport", other / "r")
    ]
    assert stripped[0] == stripped[1]


def shuffle_in_two(path: Path, encoding: str, second: str | None = None) -> None:
    header, *body = path.read_text(encoding=encoding).splitlines()
    random.Random(7).shuffle(body)
    half = len(body) // 2
    for target, part in ((path, body[:half]), (path.with_name(second or "flis-2.csv"), body[half:])):
        target.write_text("\n".join([header, *part]) + "\n", encoding=encoding)


def test_two_runs_give_the_same_bytes_times_aside(sample: Path, tmp_path: Path) -> None:
    again = ("run", "--config", str(sample / "reconcile.toml"), "--period", "2020", "--out", str(tmp_path / "r"), "-q")
    assert call(*again) == 1
    for path in (sample / "rapport").iterdir():
        if path.suffix in (".csv", ".xlsx"):
            assert path.read_bytes() == (tmp_path / "r" / path.name).read_bytes(), path.name
        elif path.name in ("resultat.json", "ess.json"):
            first, second = (TIMES.sub("", f.read_text(encoding="utf-8")) for f in (path, tmp_path / "r" / path.name))
            assert first == second, path.name


def test_nothing_is_left_in_the_temporary_folder(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert call("validate", "--config", str(sample / "reconcile.toml"), "--out", str(tmp_path / "r"), "-q") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_the_52_published_differences_are_reproduced(sample: Path, tmp_path: Path) -> None:
    call("hand07", "--config", str(sample / "publiceret" / "reconcile.toml"), "--out", str(tmp_path), "-q")
    cells = {(r["dst_kode"], r["periode"]): r for r in rows(tmp_path / "hand07_diff.csv")}
    assert len(cells) == 52
    nonzero = {key: int(cell["forskel_flis"]) for key, cell in cells.items() if cell["forskel_flis"] != "0"}
    quarters = ("2020K1", "2020K2", "2020K3", "2020K4")
    published = {
        "1.12.0.1": (-1, 0, -1, -1),
        "1.12.0.2": (-4, -3, -4, -2),
        "1.13.4": (0, 0, -1, 0),
        "1.18.2": (-88, -86, -2, -1),
        "1.4": (0, 0, -1, 0),
        "1.8.1": (-2, -2, -2, -2),
        "1.8.2": (0, 0, 0, -1),
    }
    assert nonzero == {(c, q): d for c, row in published.items() for q, d in zip(quarters, row, strict=True) if d}
    assert {cells["1.18.2", q]["status"] for q in quarters[:2]} == {"kode_ikke_gyldig"}


def test_the_8_tals_kontrol_can_begin_with_one_code(sample: Path, tmp_path: Path) -> None:
    call(
        "ottetal",
        "--config",
        str(sample / "reconcile.toml"),
        "--period",
        "2020",
        "--kode",
        "1.4",
        "--out",
        str(tmp_path),
        "-q",
    )
    assert {row["dst_kode"] for row in rows(tmp_path / "ottetal.csv")} == {"1.4"}
    assert {row["dst_kode"] for row in rows(tmp_path / "post_diff.csv")} <= {"1.4"}
    whole = [r for r in rows(sample / "rapport" / "ottetal.csv") if r["dst_kode"] == "1.4"]
    assert rows(tmp_path / "ottetal.csv") == whole
