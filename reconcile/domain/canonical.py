"""The canonical tables: every source after reading, with the same columns whatever the files looked like.

The only place that knows them. A table always exists with all its columns; what a source lacks is NULL. Two more
columns, ``fil`` and ``raekke``, tell where a row was read (the number Excel shows; the header is row 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a cell is converted, strictly; the value is its name in messages."""

    CPR = "cpr"
    TEXT = "tekst"
    CODE = "dst_kode"
    DATE = "dato"
    MONEY = "beløb"
    RATE = "procent"
    WHOLE = "helt tal"
    FIGURE = "antal"
    KOMMUNE = "kommune"
    KONTO = "konto"
    LINK_CODE = "dst_kode i masteroversigten"
    LINK_KONTO = "konto i masteroversigten"
    MONTH = "måned"
    MONTHS = "måned eller måneder"
    RHYTHM = "rytme"
    QUARTER = "kvartal"
    YEAR = "aarstal"
    YESNO = "ja/nej"
    SYSTEM = "system"
    GROUPS = "målgrupper"
    FINANCING = "finansieringsart"
    UNIT = "takstenhed"


#: The DuckDB type each kind is stored as. Money is decimal kr. with two decimals, never a float.
SQL_TYPE = {
    Kind.CPR: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.MONEY: "DECIMAL(18,2)",
    Kind.RATE: "DECIMAL(9,4)",
    Kind.WHOLE: "BIGINT",
    Kind.FIGURE: "DECIMAL(18,4)",
    Kind.KOMMUNE: "VARCHAR",
    Kind.KONTO: "VARCHAR",
    Kind.LINK_CODE: "VARCHAR",
    Kind.LINK_KONTO: "VARCHAR",
    Kind.MONTH: "DATE",
    Kind.MONTHS: "DATE",
    Kind.RHYTHM: "VARCHAR",
    Kind.QUARTER: "VARCHAR",
    Kind.YEAR: "VARCHAR",
    Kind.YESNO: "BOOLEAN",
    Kind.SYSTEM: "VARCHAR",
    Kind.GROUPS: "VARCHAR",
    Kind.FINANCING: "VARCHAR",
    Kind.UNIT: "VARCHAR",
}


@dataclass(frozen=True)
class Column:
    """A column: its canonical name, its kind, whether a source must have it, and whether a cell may be empty."""

    name: str
    kind: Kind
    required: bool = False
    may_be_empty: bool = False


@dataclass(frozen=True)
class Table:
    """A canonical table: ``row`` says in Danish what one row is."""

    name: str
    row: str
    columns: tuple[Column, ...]
    overview: bool = False
    whole_figures: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns a source must have."""
        return tuple(column.name for column in self.columns if column.required)


def _columns(spec: str) -> tuple[Column, ...]:
    """``"cpr:CPR! antal:FIGURE!?"``: ``!`` is required, ``?`` may be empty although required."""
    made = []
    for word in spec.split():
        name, kind = word.rstrip("!?").split(":")
        made.append(Column(name, Kind[kind], "!" in word, "!" not in word or "?" in word))
    return tuple(made)


_COURSE = _columns(
    "cpr:CPR! dst_kode:CODE! start_dato:DATE! slut_dato:DATE ydelse_id:TEXT handlekommune:KOMMUNE"
    " betalingskommune:KOMMUNE maalgruppe:GROUPS funktionsvurdering:TEXT tilbud:TEXT system:SYSTEM"
    " ffb_ydelse:TEXT ffb_tilbud:TEXT afdeling:TEXT"
)
_GRANT = _columns("cpr:CPR! konto:KONTO! takst:MONEY! enhed:UNIT! fra:DATE! til:DATE antal:FIGURE kommune:KOMMUNE")
_FIGURE = _columns("dst_kode:CODE! periode:QUARTER! antal:FIGURE!? kommune:KOMMUNE status:TEXT")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("fagsystem", "et ydelsesforløb", _COURSE),
        Table("flis", "et ydelsesforløb", _COURSE),
        Table(
            "oekonomi",
            "en postering",
            _columns(
                "konto:KONTO! beloeb:MONEY! bogfoert_dato:DATE! cpr:CPR ydelsesperiode:MONTHS bilag:TEXT tekst:TEXT"
                " kommune:KOMMUNE"
            ),
        ),
        Table("disponering", "en bevilget takst", _GRANT),
        Table("afregning", "en afregnet takst", _GRANT),
        Table("borger", "en person", _columns("cpr:CPR! foedselsdato:DATE doedsdato:DATE kommune:KOMMUNE")),
        Table("hand07", "et offentliggjort tal", _FIGURE, whole_figures=True),
        Table("hand01", "et offentliggjort tal", _FIGURE),
        Table("flis_antal", "et offentliggjort tal", _FIGURE, whole_figures=True),
        Table("flis_fuldtid", "et offentliggjort tal", _FIGURE),
        Table("godkendt", "en godkendelse", _columns("kommune:KOMMUNE! periode:QUARTER! godkendt:YESNO!")),
        Table(
            "masteroversigt",
            "en kobling",
            _columns(
                "dst_kode:LINK_CODE! konto:LINK_KONTO!? paragraf:TEXT ydelse:TEXT indsats:TEXT maalgruppe:GROUPS tilbud:TEXT"
                " rammestyret:YESNO kontotekst:TEXT rytme:RHYTHM kommune:KOMMUNE"
            ),
            overview=True,
        ),
        Table(
            "yr_konto",
            "en konto for en ydelse i ydelsesrefusion",
            _columns("ydelse:TEXT! art:FINANCING! konto:KONTO! fra:DATE til:DATE"),
        ),
        Table(
            "yr_tabel",
            "en celle i en pivot fra FLIS DAP",
            _columns(
                "tabel:TEXT! maal:TEXT! periode:TEXT! trin:TEXT! ydelse:TEXT! kommune:KOMMUNE enhed:WHOLE! decimaler:WHOLE!"
                " procent:YESNO! celle:TEXT!?"
            ),
        ),
        Table(
            "befolkning",
            "et folketal",
            _columns("kommune:KOMMUNE! periode:QUARTER! antal:FIGURE! alder:TEXT koen:TEXT"),
            whole_figures=True,
        ),
        Table(
            "regnskab",
            "et regnskabstal",
            _columns("kommune:KOMMUNE! periode:YEAR! konto:KONTO! beloeb:MONEY!"),
        ),
        Table("pladser", "et tilbuds pladser", _columns("tilbud:TEXT! pladser:FIGURE! fra:DATE til:DATE")),
        Table(
            "yr",
            "en beregning",
            _columns(
                "cpr:CPR! uge:DATE! ydelse:TEXT! bruttoudgift:MONEY! refusionssats:RATE refusion:MONEY"
                " medfinansieringssats:RATE medfinansiering:MONEY fleksbidrag:MONEY ydelsestaeller:WHOLE"
                " genoptjening:WHOLE koerselsperiode:MONTH finansieringskommune:KOMMUNE bopaelskommune:KOMMUNE"
                " tilhoerskommune:KOMMUNE beregning_id:TEXT"
            ),
        ),
    )
}

#: Tables whose rows are published figures; they also carry ``antal_tekst``, what stood there when it was no number.
PUBLISHED = frozenset({"hand07", "hand01", "flis_antal", "flis_fuldtid"})
#: Tables whose figures are counts of something: never below 0.
COUNTED = PUBLISHED | {"befolkning", "pladser"}
#: Tables that StatBank's own forms are read for.
STATBANK = PUBLISHED | {"regnskab"}


def column_types(table: Table) -> dict[str, str]:
    """Every column of a canonical table and its DuckDB type, in their order."""
    types = {c.name: SQL_TYPE[c.kind] for c in table.columns}
    if table.name in PUBLISHED:
        types["antal_tekst"] = "VARCHAR"
    if table.name == "yr":
        types["raa"] = "UBIGINT"
    if table.name == "oekonomi":  # the last month of a posting for several
        types["ydelsesperiode_til"] = "DATE"
    return {**types, "fil": "VARCHAR", "raekke": "BIGINT"}


def ddl(table: Table) -> str:
    """The CREATE TABLE statement of a canonical table."""
    return f"CREATE TABLE {table.name} ({', '.join(f'{n} {kind}' for n, kind in column_types(table).items())})"
