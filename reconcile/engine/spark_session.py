"""A Spark session that means by SQL what DuckDB means, writes no log of what it works on, and is gone after the run."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile import files
from reconcile.engine.base import SparkPlace
from reconcile.errors import InputError
from reconcile.i18n import _

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from reconcile.engine.duckdb import Engine as DuckDB
    from reconcile.engine.spark import Spark

#: As every temporary folder of a run begins: the next one sweeps them all.
_OURS = "reconcile-"
_REMOTE = "sc://"

#: What the same SQL rests on: errors instead of NULL, days without a time zone, decimals that are exact or an error.
MEANING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.runSQLOnFiles": "false",
    "spark.sql.caseSensitive": "false",
    # A folder aar=2021 is the text 2021, and kommune=0665 keeps its zero.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # It loses the columns that an EXISTS over a UNION looks at (Spark 4.0: «key not found»), and saves little.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.PushProjectionThroughUnion",
}
#: What a session on this machine is besides: no page, no log of events, all it writes in the run's folder.
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.log.structuredLogging.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.hadoop.fs.permissions.umask-mode": "077",
}
#: Input up to this many bytes is worked on in one part and by no code of its own: to share it out and to compile costs more.
_SMALL_INPUT = 50_000_000
_FOR_SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.default.parallelism": "1",
}
#: A short life: Java compiles its code but once and tidies up in one thread.
_SMALL_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
#: Without an appender Spark takes it for no setting at all, and writes.
#: Where pyspark writes the query of an error, values and all.
_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
_SILENT = """status = off
appender.intet.type = Null
appender.intet.name = intet
rootLogger.level = off
rootLogger.appenderRef.intet.ref = intet
"""


def folder_path(base: Path, written: str) -> str:
    """A folder as Spark is told it: an address as it stands, a path from ``base``."""
    return written if "://" in written else (base / written).as_posix()


def folder_bytes(base: Path, written: str) -> int:
    """The size of a folder of rows; one that only Spark can see counts as a large one."""
    path = Path(folder_path(base, written))
    if not path.exists():
        return _SMALL_INPUT + 1
    return sum(file.stat().st_size for file in (path, *path.rglob("*")) if file.is_file())


def sweep(folder: Path) -> None:
    """Remove what killed runs left in a shared folder."""
    files.sweep(folder, _OURS)


def check(place: SparkPlace) -> None:
    """Whether Spark can be used here.

    Raises:
        InputError: pyspark or Java is not there, or the folder is not; says what to install.
    """
    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        raise InputError(_("--engine spark kræver pyspark; installér det med: pip install 'reconcile[spark]'"))
    if not place.session.startswith(_REMOTE) and not _java():
        raise InputError(_("--engine spark kræver Java 17; installér det, eller peg på det med JAVA_HOME."))
    if not place.folder.is_dir():
        raise InputError(_("[spark] mappe: {mappe} er ikke en mappe.").format(mappe=place.folder))


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return bool(shutil.which("java", path=f"{home}/bin") if home else shutil.which("java"))


@dataclass(frozen=True)
class Beside:
    """Spark beside the database of a run: opened when it is first asked for, at the latest when views are made."""

    place: SparkPlace
    input_bytes: int
    _open: ExitStack
    _made: list[Spark] = field(default_factory=list)

    def engine(self, reader: DuckDB) -> Spark:
        """The engine; ``reader`` is the database that sources are read into.

        Raises:
            InputError: no session can be had, or no folder be made.
        """
        if not self._made:
            self._made.append(self._open.enter_context(open_spark(self.place, reader, input_bytes=self.input_bytes)))
        return self._made[0]


@contextmanager
def beside(place: SparkPlace | None, *, input_bytes: int = 0) -> Iterator[Beside | None]:
    """Spark for a run, if it was asked for; its session and its folder are gone afterwards. ``input_bytes`` is how much the
    run reads."""
    with ExitStack() as stack:
        yield Beside(place, input_bytes, stack) if place else None


@contextmanager
def open_spark(place: SparkPlace, reader: DuckDB, *, input_bytes: int = 0) -> Iterator[Spark]:
    """The engine, with a folder that only its owner can read and that is removed afterwards; those of killed runs go first.

    Raises:
        InputError: no session can be had, or no folder be made.
    """
    check(place)
    from reconcile.engine.spark import Spark

    try:
        with files.held_folder(place.folder, _OURS) as folder, _session(place, folder, reader, input_bytes) as session:
            yield Spark(session, reader, folder)
    except PermissionError as error:
        text = _("Der kan ikke skrives i {mappe}: {grund}.")
        raise InputError(text.format(mappe=place.folder, grund=error.strerror or error)) from None


@contextmanager
def _session(place: SparkPlace, folder: Path, reader: DuckDB, input_bytes: int) -> Iterator[SparkSession]:
    from pyspark.errors import PySparkException

    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    remote, small = place.session.startswith(_REMOTE), input_bytes <= _SMALL_INPUT
    settings = MEANING if remote or not small else MEANING | _FOR_SMALL
    try:
        session = _remote(place.session) if remote else _local(place.session, folder, 0 if small else reader.memory)
    except (PySparkException, OSError, RuntimeError) as error:
        text = _("[spark] session: «{session}» svarer ikke ({fejl}).")
        raise InputError(text.format(session=place.session, fejl=type(error).__name__)) from None
    for name, value in settings.items():
        session.conf.set(name, value)
    try:
        yield session
    finally:
        session.stop()


def _remote(address: str) -> SparkSession:
    from pyspark.sql import SparkSession

    return SparkSession.builder.remote(address).create()


def _local(master: str, folder: Path, memory: int) -> SparkSession:
    """A session of this process, in a Java process of its own that goes with this one; ``memory`` is 0 for a small run."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    (folder / "log4j2.properties").write_text(_SILENT, encoding="utf-8")
    options = {
        **_LOCAL,
        "spark.local.dir": str(folder / "spild"),
        "spark.driver.memory": f"{memory // 10**6}m" if memory else "1g",
        "spark.sql.warehouse.dir": str(folder / "lager"),
        "spark.driver.extraJavaOptions": " ".join(
            (f"-Dlog4j2.configurationFile={(folder / 'log4j2.properties').as_uri()}", *(() if memory else _SMALL_JAVA))
        ),
    }
    conf = SparkConf(loadDefaults=True).setMaster(master).setAppName("reconcile").setAll(options.items())
    # Java's own messages quote values: nothing that it writes is passed on.
    if SparkContext._active_spark_context is not None:
        raise InputError(_("Der er allerede en Spark-session i processen; afslut den først."))
    started = SparkContext._gateway is not None
    gateway = None if started else launch_gateway(conf, {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL})
    return SparkSession(SparkContext(conf=conf, gateway=gateway))
