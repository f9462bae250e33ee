"""Published runs and working folders for tests, made in milliseconds: a manifest and a resultat.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from reconcile.history.published import read_manifest
from reconcile.history.register import note_run
from reconcile.reports.tables import result_json
from reconcile.results.rows import (
    FileInfo,
    Finding,
    Hand07Cell,
    ResultTable,
    RunResult,
    Severity,
    SourceInfo,
    Status,
)

DAY = date(2020, 10, 5)
#: The key of every working folder here, and the one file its run was made of.
KEY = bytes(range(32))
INPUT = b"cpr;dst_kode;start_dato\n"
SETUP = '[kommune]\nkode = "665"\nnavn = "Prøveby"\n[kilder.fagsystem]\nfiler = ["forloeb.csv"]\n'


def finding(
    name: str = "VH03-1",
    *,
    code: str | None = "1.1",
    period: str | None = "2020K3",
    grade: Severity = Severity.ERROR,
    value: Any = 5,
) -> Finding:
    """A finding; its rule is the part of the id before the hyphen."""
    rule = name.partition("-")[0]
    return Finding(
        name,
        rule,
        grade,
        "fagsystem",
        "AAAABBBBCCCCDDDD",
        code,
        None,
        period,
        value,
        None,
        "f.csv",
        2,
        sentence={"da": "Sætning."},
    )


def cell(
    code: str = "1.1", period: str = "2020K3", *, dst: int | None = 10, own: int | None = 10, rest: int | None = 0
) -> Hand07Cell:
    """A HAND07 cell; its status follows from the rest."""
    status = Status.MISSING_DST if dst is None else Status.UNEXPLAINED if rest else Status.EQUAL
    gap = None if dst is None or own is None else dst - own
    return Hand07Cell(code, period, dst, None, own, own, None, gap, rest, status, "")


def source(
    name: str = "fagsystem", newest: date | None = DAY, sha256: str = hashlib.sha256(INPUT).hexdigest()
) -> SourceInfo:
    """A source of one file."""
    return SourceInfo(name, (FileInfo(f"{name}.csv", 3, sha256, 99, "utf-8", ";"),), 3, ("cpr",), newest)


def result(
    *,
    cells: Sequence[Hand07Cell] = (),
    findings: Iterable[Finding] = (),
    sources: Sequence[SourceInfo] = (source(),),
    periods: Sequence[str] = ("2020K3",),
    tables: Sequence[ResultTable] = (),
    rules: Sequence[str] = ("VH03", "VH05"),
    quarantined: int = 0,
    started: datetime = datetime(2020, 10, 6, 12, 0, tzinfo=UTC),
) -> RunResult:
    """The result of a run with a HAND07 table."""
    hand07 = ResultTable("hand07_diff", Hand07Cell, tuple(cells))
    return RunResult(
        command="run",
        version="0",
        started=started,
        kommune="665",
        navn="Prøveby",
        perioder=tuple(periods),
        sources=tuple(sources),
        tables=(hand07, *tables),
        findings=tuple(findings),
        not_run=(),
        caveats=(),
        quarantined=quarantined,
        config_hash=hashlib.sha256(SETUP.encode()).hexdigest(),
        rules_hash="r",
        rules_run=tuple(rules),
    )


def publish(run: RunResult, folder: Path, number: int = 0) -> Path:
    """Write the run's resultat.json and its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    content = result_json(run)
    (folder / "resultat.json").write_bytes(content)
    manifest = {
        "tid": run.started.isoformat(timespec="seconds"),
        "nr": number,
        "kommando": run.command,
        "perioder": run.perioder,
        "konfiguration_sha256": run.config_hash,
        "regelsaet_sha256": run.rules_hash,
        "godkendelse_hash": run.approval_head,
        "input": [{"kilde": s.kilde, "fil": f.fil, "sha256": f.sha256} for s in run.sources for f in s.filer],
        "antal": {table.name: len(table.rows) for table in run.tables},
        "output": {"resultat.json": {"sha256": hashlib.sha256(content).hexdigest()}},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if folder.parent.name == "ud":
        note_run(folder.parents[1], read_manifest(folder), KEY)
    return folder


def working_folder(folder: Path, settings: str = "") -> Path:
    """A working folder with a key, and the file that the runs of ``result`` are made of."""
    (folder / "forloeb.csv").write_bytes(INPUT)
    (folder / "noegle.key").write_text(KEY.hex(), encoding="ascii")
    (folder / "noegle.key").chmod(0o600)
    (folder / "reconcile.toml").write_text(SETUP + settings, encoding="utf-8")
    return folder


def call(*arguments: object) -> int:
    """Run the command line; its exit code. Rules are judged by SQL: Great Expectations is a fifth of a small run. So there is no
    second process either: it is begun to import that."""
    from contextlib import nullcontext
    from unittest import mock

    import pytest

    from reconcile.cli import main
    from support.judging import judged_by_sql

    alone = mock.patch("reconcile.privacy.second.possible", return_value=nullcontext())
    with judged_by_sql(), alone, pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    assert isinstance(stop.value.code, int)
    return stop.value.code
