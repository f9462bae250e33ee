"""Spark beyond one run in this process: a Spark Connect server, several kommuner, and from Python. Part of the Spark job
(``tests/test_spark.py``).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.runs import call
from support.spark import MARKS, same, write_typed

import reconcile

pytestmark = MARKS

_YR = {
    **dict.fromkeys(("bruttoudgift", "refusion", "medfinansiering", "fleksbidrag"), "kr"),
    **dict.fromkeys(("refusionssats", "medfinansieringssats", "ydelsestaeller", "genoptjening"), "tal"),
    "uge": "dag",
}


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[str]:
    """The address of a Spark Connect server on this machine; its Java packages come with pyspark."""
    import pyspark

    home = Path(pyspark.__file__).parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
    }
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command = [
        str(home / "bin" / "spark-submit"),
        "--master",
        "local[1]",
        *options,
        "--class",
        server,
        "spark-internal",
    ]
    folder = tmp_path / "server"
    folder.mkdir()
    environment = {**os.environ, "SPARK_HOME": str(home)}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        try:
            _wait_for(port, process)
            yield f"sc://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("the server never answered")


def test_a_run_on_spark_connect_reads_a_folder_and_gives_what_duckdb_gives_of_the_file(
    sample: Path, tmp_path: Path, connect: str
) -> None:
    source = sample / "ind" / "yr-2020-1.csv"
    out = {}
    for engine in ("duckdb", "spark"):
        folder = tmp_path / engine
        (folder / "delt").mkdir(parents=True)
        shutil.copy(sample / "noegle.key", folder)
        lines = [
            *('[kommune]\nkode = "999"\n[kilder.yr]', 'filer = ["yr.csv"]' if engine == "duckdb" else 'spark = "yr"'),
            f'[spark]\nsession = "{connect}"\nmappe = "delt"',
        ]
        (folder / "reconcile.toml").write_text("\n".join(lines), encoding="utf-8")
        if engine == "duckdb":
            shutil.copy(source, folder / "yr.csv")
        else:
            write_typed(folder / "yr", [source], _YR)
        out[engine] = folder / "ud" / "prøve"
        command = ["validate", "--config", str(folder / "reconcile.toml"), "--out", str(out[engine]), "--quiet"]
        code = subprocess.run([sys.executable, "-m", "reconcile", *command, "--engine", engine], check=False).returncode
        assert code in (0, 1)
        assert list((folder / "delt").iterdir()) == []
    names = sorted(path.name for path in out["duckdb"].glob("*.csv"))
    assert names == sorted(path.name for path in out["spark"].glob("*.csv"))
    places = ("fil", "raekke")
    for name in names:
        ours, theirs = (
            [
                {column: cell for column, cell in row.items() if column not in places}
                for row in reconcile.load(folder).findings.to_dict("records")
            ]
            if name == "fund.csv"
            else (folder / name).read_bytes()
            for folder in (out["duckdb"], out["spark"])
        )
        assert ours == theirs, name


def kommuner(folder: Path) -> Path:
    """A working folder with published figures of two kommuner; returns its configuration."""
    folder.mkdir()
    (folder / "reconcile.toml").write_text(
        '[kommune]\nkode = ["665", "751"]\n[kilder.hand07]\nfiler = ["h.csv"]\n[kilder.flis_antal]\nfiler = ["f.csv"]\n',
        encoding="utf-8",
    )
    figures = "kommune;dst_kode;periode;antal\n665;1.1;2020K1;3\n751;1.1;2020K1;8\n"
    (folder / "h.csv").write_text(figures, encoding="utf-8")
    (folder / "f.csv").write_text(figures.replace(";8", ";9"), encoding="utf-8")
    return folder / "reconcile.toml"


def test_several_kommuner_give_the_same_on_both_engines(tmp_path: Path) -> None:
    out = {}
    for engine in ("duckdb", "spark"):
        config = kommuner(tmp_path / engine)
        out[engine] = config.parent / "ud" / "prøve"
        assert call("validate", "--config", config, "--out", out[engine], "--engine", engine, "--quiet") in (0, 1)
    for code in ("665", "751"):
        same(out["duckdb"] / code, out["spark"] / code)
    assert (out["duckdb"] / "kommuner.csv").read_bytes() == (out["spark"] / "kommuner.csv").read_bytes()


def test_from_python_a_run_on_spark_has_the_tables_of_one_on_duckdb(tmp_path: Path) -> None:
    config = kommuner(tmp_path / "en")
    config.write_text(config.read_text(encoding="utf-8").replace('["665", "751"]', '"751"'), encoding="utf-8")
    ours, theirs = reconcile.run(config), reconcile.run(config, engine="spark")
    assert ours.verdict == theirs.verdict
    assert set(ours.tables) == set(theirs.tables)
    for name, table in ours.tables.items():
        assert table.equals(theirs.tables[name]), name
    assert list(theirs.tables["hand07_diff"]["dst"]) == list(ours.tables["hand07_diff"]["dst"])
