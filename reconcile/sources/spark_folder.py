"""A folder of typed rows (Parquet, Delta) that Spark reads where it lies, through the same strict conversion as a file.

The conversion is the text that DuckDB runs on files, said in Spark's SQL. What it makes is written to the run's folder; the
database of the run has it as a view of those files, so that whatever needs every row on this machine finds it there. A row's
number is its place in the files of the folder, in the order of their names: the same however Spark shares the work out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconcile.domain.canonical import Kind, Table, column_types
from reconcile.engine.spark_session import folder_path
from reconcile.errors import InputError, Problem
from reconcile.i18n import N_, Count, _
from reconcile.settings.config import Kilde
from reconcile.sources.cells import header_text
from reconcile.sources.columns import match_columns
from reconcile.sources.convert import LOOKUPS
from reconcile.sources.readers import RawFile, files_relation
from reconcile.sources.staging import Staged, stage

if TYPE_CHECKING:
    from reconcile.engine.spark import Spark

#: What Spark calls a type → what the conversion calls it; a decimal has the same name in both.
_TYPES = {
    "string": "VARCHAR",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamp_ntz": "TIMESTAMP",
}
_WHOLE = r"(TINY|SMALL|BIG)INT|INTEGER|DECIMAL\([0-9]+,0\)"
_EXACT = rf"{_WHOLE}|DECIMAL\([0-9]+,[0-9]+\)"
_DAY = "DATE|TIMESTAMP"
#: What a column of a kind can be besides text: exact numbers for numbers, days for days, whole numbers for the rest.
_ALLOWED = {
    **dict.fromkeys(Kind, _WHOLE),
    **dict.fromkeys((Kind.MONEY, Kind.RATE, Kind.FIGURE), _EXACT),
    **dict.fromkeys((Kind.DATE, Kind.MONTH, Kind.MONTHS), _DAY),
}
#: What it should be written as.
_MEANT = {
    **dict.fromkeys(Kind, "STRING"),
    Kind.MONEY: "DECIMAL(18,2)",
    Kind.RATE: "DECIMAL(9,4)",
    Kind.FIGURE: "DECIMAL(18,4)",
    Kind.WHOLE: "BIGINT",
    **dict.fromkeys((Kind.DATE, Kind.MONTH, Kind.MONTHS), "DATE"),
}
#: A column of codes has fewer different values; each is converted on this machine.
_MOST_CODES = 100_000


@dataclass(frozen=True)
class Landed:
    """A folder as relation ``raa`` on Spark: how many rows, bytes and files it has, and a SHA-256 that is the same in whatever
    order they lie."""

    spark: Spark
    raw: RawFile
    rows: int
    size: int
    files: int
    sha256: str

    def sentence(self, label: str) -> str:
        """What a report says of how it was read."""
        text = _(
            "{fil}: {antal:række|rækker} er læst af Spark, hvor de ligger; rækkernes numre følger filernes navne i mappen."
        )
        return text.format(fil=label, antal=Count(self.rows))


def label_of(table: Table) -> str:
    """What the source is called in messages, findings and reports: never the folder's own name."""
    return f"spark:{table.name}"


@contextmanager
def in_words(spark: Spark, source: Kilde) -> Iterator[None]:
    """What Spark refuses while a source is read, as a sentence without paths and values.

    Raises:
        InputError: the folder is not there, or Spark cannot read it as what it should be.
    """
    try:
        yield
    except spark.errors as error:
        raise InputError(_refusal(error, source.format)) from None


def type_problems(landed: Landed, table: Table, mapping: Mapping[str, str], label: str) -> list[Problem]:
    """What is wrong with the types of the columns that are read; nothing, where they are not all there."""
    places, absent = match_columns(table, landed.raw.headers, mapping, label)
    if absent:
        return []
    kinds = {column.name: column.kind for column in table.columns}
    problems = []
    for name, place in places.items():
        kind, found = kinds[name], landed.raw.types[place]
        if found != "VARCHAR" and not re.fullmatch(_ALLOWED[kind], found):
            problems.append(Problem.make(label, 0, landed.raw.headers[place], None, _wrong_type(kind, found)))
    able = {name: place for name, place in places.items() if kinds[name] in LOOKUPS}
    return problems or [*_too_many(landed, able, kinds, label)]


def _wrong_type(kind: Kind, found: str) -> str:
    if found in ("DOUBLE", "FLOAT"):
        text = _("kolonnen er {type}, som ikke er et eksakt tal; skriv den som {ment}")
    else:
        text = _("kolonnen er {type} og kan ikke læses som {slags}; skriv den som {ment}")
    return text.format(type=found[:60], slags=kind.value, ment=_MEANT[kind])


def _too_many(landed: Landed, places: Mapping[str, int], kinds: Mapping[str, Kind], label: str) -> Iterator[Problem]:
    """The columns with so many different values that they cannot be what they are said to be."""
    if not places:
        return
    counts = ", ".join(f"approx_count_distinct(c{place})" for place in places.values())
    (found,) = landed.spark.rows(f"SELECT {counts} FROM raa")
    text = _("kolonnen har over {antal} forskellige værdier og kan ikke være {slags}; er det den rigtige kolonne?")
    for (name, place), count in zip(places.items(), found, strict=True):
        if count > _MOST_CODES:
            reason = text.format(antal=f"{_MOST_CODES:,}".replace(",", "."), slags=kinds[name].value)
            yield Problem.make(label, 0, landed.raw.headers[place], None, reason)


def stage_there(  # noqa: PLR0917 - what a file is made of
    landed: Landed, table: Table, raw: RawFile, places: Mapping[str, int], label: str, units: Mapping[str, int]
) -> StagedThere:
    """Make view ``klar`` of a folder, on Spark."""
    made = stage(landed.spark, table, raw, places, label, units)
    return StagedThere(**vars(made), landed=landed)


@dataclass(frozen=True, kw_only=True)
class StagedThere(Staged):
    """A folder on its way into a canonical table: converted on Spark, and shown to the database of the run."""

    landed: Landed

    def insert(self) -> int:
        """Convert every row, bad ones too; returns how many."""
        values = {name: f"v_{name}" for name in self.places} | {"fil": "fil", "raekke": "raekke"}
        values |= {"ydelsesperiode_til": "v_ydelsesperiode_til"} if "ydelsesperiode" in self.places else {}
        values |= {"raa": "raa_vaerdi"}
        cells = ", ".join(f"CAST({values.get(n, 'NULL')} AS {kind}) AS {n}" for n, kind in self._types.items())
        self.engine.run(f"CREATE OR REPLACE TABLE {self.table.name} AS SELECT {cells} FROM klar")
        reader = self.landed.spark.reader
        if not self._kept:
            reader.run(f"DROP TABLE {self.table.name}")
        rows = self._show()
        if rows != self.landed.rows:
            raise InputError(_("rækkerne blev ændret, mens de blev læst; kør igen, når der ikke skrives i mappen."))
        return rows

    def remove(self, rows: Any) -> int:
        """Take rows out again; returns how many there were."""
        before = self.landed.rows
        self.engine.add_rows("udeladt", {"raekke": "BIGINT"}, [(row,) for row in sorted(rows)])
        keep = f"SELECT * FROM {self.table.name} WHERE raekke NOT IN (SELECT raekke FROM udeladt)"
        self.engine.run(f"CREATE OR REPLACE TABLE {self.table.name} AS {keep}")
        return before - self._show()

    @property
    def _types(self) -> Mapping[str, str]:
        return column_types(self.table)

    @property
    def _kept(self) -> bool:
        """Whether the rows are kept in the database of the run: courses are, where their prints are made."""
        return "system" in self.table.names

    def _show(self) -> int:
        """Let the database of the run see what was made; returns how many rows it sees."""
        reader, name = self.landed.spark.reader, self.table.name
        files = self.landed.spark.files_of(name)
        if not files:
            raise InputError(_("[spark] mappe: det, Spark skriver, kan ikke ses her; det skal være en mappe, I deler."))
        cells = ", ".join(f"CAST({column} AS {kind}) AS {column}" for column, kind in self._types.items())
        select = f"SELECT {cells} FROM {files_relation(files)}"
        if self._kept:
            reader.run(f"DELETE FROM {name}")
            reader.connection.execute(f"INSERT INTO {name} BY NAME {select}")
        else:
            reader.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {select}")
        return int(reader.rows(f"SELECT count(raekke) FROM {name}")[0][0])  # a row of a file that came since has none


def land(spark: Spark, folder: Path, source: Kilde) -> Landed:
    """Let Spark open a source's folder; a path is from ``folder``.

    Raises:
        InputError: it is another kind of table than the source says.
    """
    path, form = folder_path(folder, source.spark), source.format
    if form == "parquet" and _is_there(spark, f"{path}/_delta_log"):
        raise InputError(
            _('mappen er en Delta-tabel; skriv format = "delta", ellers læses også rækker, der er slettet.')
        )
    options = {"mergeSchema": "true"} if form == "parquet" else {}
    frame = spark.session.read.format(form).options(**options).load(path)
    fields = [(field.name, field.dataType.simpleString()) for field in frame.schema.fields]
    cells = [_cell(name, kind) for name, kind in fields]
    texts = ", ".join(f"coalesce(CAST({_quoted(name)} AS STRING), '\\u0000')" for name, _kind in fields)
    marked = frame.selectExpr(
        *(f"{cell} AS c{i}" for i, cell in enumerate(cells)),
        f"CAST(xxhash64({texts}) AS DECIMAL(20,0)) + 9223372036854775808 AS aftryk",
        *("_metadata.file_path AS sti", "_metadata.file_size AS fylder", "_metadata.row_index AS nr"),
    )
    spark.adopt("raa_fil", marked)
    files = spark.rows(
        "SELECT sti, max(fylder), count(*), max(nr) + 1, sum(CAST(aftryk AS HUGEINT)) FROM raa_fil GROUP BY sti ORDER BY sti"
    )
    starts, before = [], 0
    for name, _size, _rows, numbers, _sum in files:
        starts.append((name, before))
        before += numbers
    spark.add_rows("raa_filer", {"sti": "VARCHAR", "foer": "BIGINT"}, starts)
    shown = ", ".join(f"r.c{i}" for i in range(len(cells)))
    spark.run(
        f"CREATE OR REPLACE VIEW raa AS SELECT f.foer + r.nr + 1 AS raekke, r.aftryk, {shown}"
        " FROM raa_fil AS r LEFT JOIN raa_filer AS f ON f.sti = r.sti"
    )
    headers = tuple(header_text(name) for name, _kind in fields)
    types = tuple(_TYPES.get(kind, kind.upper()) for _name, kind in fields)
    told = repr((headers, types, sum(file[2] for file in files), sum(file[4] for file in files)))
    raw = RawFile("raa", headers, types, None, None, (), loose=True, hashed="aftryk")
    digest = hashlib.sha256(told.encode()).hexdigest()
    return Landed(spark, raw, sum(file[2] for file in files), sum(file[1] for file in files), len(files), digest)


def _cell(name: str, kind: str) -> str:
    """A column as Spark's SQL has it; a moment is a day in Denmark, whatever the machine's clock says."""
    return f"from_utc_timestamp({_quoted(name)}, 'Europe/Copenhagen')" if kind == "timestamp" else _quoted(name)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _is_there(spark: Spark, path: str) -> bool:
    try:
        return bool(spark.session.read.format("text").load(path).schema)
    except spark.errors:
        return False


#: What Spark's errors say of a folder; tried in order.
_REFUSALS = (
    ("PATH_NOT_FOUND", N_("mappen findes ikke, hvor Spark læser.")),
    ("UNABLE_TO_INFER_SCHEMA", N_("mappen har ingen rækker i det format, kilden skal være i.")),
    ("CANNOT_MERGE|[Mm]erging schema", N_("en kolonne har ikke den samme type i alle filer i mappen; skriv den igen.")),
    ("AMBIGUOUS_REFERENCE|COLUMN_ALREADY_EXISTS", N_("to kolonner hedder det samme; omdøb den ene.")),
)


def _refusal(error: Any, form: str) -> str:
    """An error of Spark's as a sentence: its own text quotes paths and values."""
    condition = str(error.getCondition() or "") if hasattr(error, "getCondition") else ""
    if condition == "DATA_SOURCE_NOT_FOUND" or (form == "delta" and not condition):
        text = _(
            'Spark kan ikke læse «{format}» her. Brug en platform, hvor det er sat op ([spark] session = "sc://…"), eller skriv'
            " mappen som Parquet."
        )
        return text.format(format=form)
    for pattern, sentence in _REFUSALS:
        if re.search(pattern, condition or str(error)):
            return _(sentence)
    return _("mappen kan ikke læses af Spark ({grund}).").format(grund=condition or type(error).__name__)
