"""A rule of the house is SQL by somebody else: it looks up in the run's own data, and does nothing more."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from reconcile.errors import InputError
from reconcile.runs.pipeline import Request, execute
from reconcile.settings.config import load_config

KEY = "c0ffee" * 10 + "abcd"


def run(folder: Path, condition: str, value: str = "dst_kode", view: str = "hand07_celle") -> list[str]:
    """What the findings of one house rule say, in a working folder with a key."""
    texts = {name: {"da": "Tekst {periode}."} for name in ("titel", "saetning", "hvorfor", "goer")}
    meta = {"regel": "HUS1", "alvor": "advarsel", **texts, "hvem": "fagsystem", "kilde": "egen"}
    entry = {
        "kwargs": {"condition": condition},
        "severity": "warning",
        "meta": {**meta, "fund": {"vaerdi": value}},
    }
    (folder / "expectations").mkdir(exist_ok=True)
    suite = {"name": view, "meta": {"view": view}, "expectations": [entry]}
    (folder / "expectations" / "egne.json").write_text(json.dumps(suite), encoding="utf-8")
    (folder / "noegle.key").write_text(KEY, encoding="ascii")
    (folder / "reconcile.toml").write_text(
        '[kommune]\nkode = "665"\n[kilder.hand07]\nfiler = ["h.csv"]\n[regler]\nhusregler = ["HUS1"]\n',
        encoding="utf-8",
    )
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;3\n", encoding="utf-8")
    result = execute(Request("hand07", load_config(folder / "reconcile.toml")), datetime(2021, 6, 1)).result
    return [str(f) for f in result.findings if f.regel == "HUS1"]


def test_a_rule_that_only_looks_up_runs(tmp_path: Path) -> None:
    assert len(run(tmp_path, "dst_kode IN (SELECT dst_kode FROM hand07)")) == 1


@pytest.mark.parametrize("table", ["read_text({})", "read_csv({}, header=false)", "read_blob({})", "{}"])
@pytest.mark.parametrize("way", ["noegle.key", "aftryk/../noegle.key"])
@pytest.mark.parametrize("place", ["condition", "finding"])
def test_the_key_cannot_be_read_by_a_rule(tmp_path: Path, table: str, way: str, place: str) -> None:
    (tmp_path / "aftryk").mkdir()
    source = table.format(f"'{tmp_path.as_posix()}/{way}'")
    condition, value = (f"EXISTS (SELECT 1 FROM {source})", "dst_kode")
    if place == "finding":
        condition, value = "true", f"(SELECT count(*) FROM {source})"
    with pytest.raises(InputError, match=r"egne\.json: reglen HUS1 kan ikke bruges") as caught:
        run(tmp_path, condition, value)
    assert KEY[:8] not in str(caught.value)


@pytest.mark.parametrize(
    "condition",
    [
        "true; COPY (SELECT 1) TO '{}'",
        "true); COPY (SELECT 1) TO '{}'; SELECT (1",
        "true THEN 1 END); COPY (SELECT 1) TO '{}'; SELECT (CASE WHEN true",
        "true; DROP TABLE fagsystem",
        "true; SET enable_external_access = true",
    ],
)
def test_a_second_statement_is_refused_and_nothing_of_it_is_done(tmp_path: Path, condition: str) -> None:
    written = tmp_path / "skrevet.csv"
    with pytest.raises(InputError, match=r"egne\.json: reglen HUS1 kan ikke bruges"):
        run(tmp_path, condition.format(written.as_posix()))
    assert not written.exists()
