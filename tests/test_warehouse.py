"""Sources in a warehouse: a real PostgreSQL read as strictly as a file, and SQL Server's driver by what it returns."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support.loading import Read
from support.postgres_server import PASSWORD, Server, postgres

from reconcile.errors import ConfigError, InputError
from reconcile.settings.config import Config, Regler, load_config
from reconcile.settings.database import Address, Database, address
from reconcile.sources import postgres as reader
from reconcile.sources import sqlserver
from reconcile.sources.load import load_sources
from reconcile.sources.warehouse import database_passwords
from reconcile.world.context import Asked
from reconcile.world.prepare import open_world

CPR = "0101801234"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        running.run(_COURSES)  # no test needs another to have made the table
        yield running


def configured(folder: Path, source: str, lines: str, address: str, more: str = "") -> Config:
    text = f"[kommune]\nkode = 665\n[database.lis]\nadresse = '{address}'\n{more}\n[kilder.{source}]\n{lines}\n"
    (folder / "reconcile.toml").write_text(text, encoding="utf-8")
    return load_config(folder / "reconcile.toml")


@contextmanager
def loaded(config: Config, source: str, *, password: str = PASSWORD, quarantine: bool = False) -> Iterator[Read]:
    def read(engine: Any) -> Any:
        passwords = {"lis": password}
        return load_sources(
            engine, config, [source], quarantine=quarantine, progress=lambda _text: None, passwords=passwords
        )

    with open_world(Asked(kommune="665", regler=Regler(), today=date(2021, 6, 1)), read) as world:
        yield Read(world.engine, world.loaded, source)


def refused(config: Config, source: str, **options: Any) -> str:
    with pytest.raises(InputError) as caught, loaded(config, source, **options):
        pass
    return str(caught.value)


# --- the configuration --------------------------------------------------------------------------------------------


def mistakes(folder: Path, text: str) -> str:
    (folder / "reconcile.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(folder / "reconcile.toml")
    return str(caught.value)


def test_a_source_has_files_or_a_database_and_a_database_a_table_or_a_query(tmp_path: Path) -> None:
    text = "[kommune]\nkode = 665\n[database.lis]\nadresse = 'postgresql://a@b/c'\n[kilder.borger]\n"
    for lines, said in (
        ("filer = ['a.csv']\ndatabase = 'lis'\ntabel = 'a'", "skriv én af filer, database og spark"),
        ("ark = ''", "skriv én af filer, database og spark"),
        ("database = 'lis'", "skriv enten tabel eller forespoergsel"),
        ("database = 'lis'\ntabel = 'a'\nforespoergsel = 'SELECT 1'", "skriv enten tabel eller forespoergsel"),
        ("filer = ['a.csv']\ntabel = 'a'", "tabel og forespoergsel hører til en database"),
        ("database = 'lis'\ntabel = 'a'\nserie = 'hele'", "ark og serie hører til filer"),
        ("database = 'lis'\nforespoergsel = 'DELETE FROM a'", "skal begynde med SELECT eller WITH"),
        ("database = 'lsi'\ntabel = 'a'", "«lsi» er ikke en [database.<navn>]. Mente du «lis»?"),
        ("database = 'lis'\ntabl = 'a'", "[kilder.borger] «tabl» kendes ikke. Mente du «tabel»?"),
    ):
        assert said in mistakes(tmp_path, text + lines)


def test_a_database_has_an_address_and_never_a_password_which_is_not_shown_either(tmp_path: Path) -> None:
    said = mistakes(tmp_path, "[kommune]\nkode = 665\n[kilder]\n[database.lis]\nadresse = 'mssql://a:hemmelig@b/c'\n")
    assert "må ikke have en adgangskode" in said
    assert "hemmelig" not in said
    said = mistakes(tmp_path, "[kommune]\nkode = 665\n[kilder]\n[database.lis]\nadrese = 'x'\n")
    assert "[database.lis] «adrese» kendes ikke. Mente du «adresse»?" in said
    assert "database.lis.adresse mangler." in said


@pytest.mark.parametrize(
    "text",
    ["lis", "http://lis/flis", "postgresql://lis", "postgresql:///flis", "mssql://a@b/c/d", "mssql://a@b:x/c",
     "postgresql://lis/flis?sslmode=disable", "mssql://a@b/c;Encrypt=no", "postgresql://a b/c"],
)  # fmt: skip
def test_what_is_no_address_or_has_options_of_its_own_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="skal være som"):
        address(text)


def test_an_address_has_parts() -> None:
    assert address("postgresql://l%C3%A6ser@lis:5433/flis") == Address("postgresql", "lis", 5433, "flis", "læser")
    assert address(r"mssql://srv\flis/vh") == Address("mssql", r"srv\flis", 0, "vh", "")
    hosts = {"localhost": True, "127.0.0.1": True, "[::1]": True, "localhost.dk": False, "10.0.0.1": False}
    assert {host: address(f"mssql://{host}/x").loopback for host in hosts} == hosts


def test_passwords_come_from_the_environment_else_whoever_runs_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, "borger", "database = 'lis'\ntabel = 'a'", "postgresql://a@localhost/c")
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert database_passwords(config, ["borger"], lambda question: question) == {"lis": "Adgangskode til databasen lis"}
    monkeypatch.setenv("RECONCILE_DATABASE_LIS_PASSWORD", "x")
    assert database_passwords(config, ["borger"], None) == {"lis": "x"}
    assert database_passwords(config, ["flis"], None) == {}
    monkeypatch.delenv("RECONCILE_DATABASE_LIS_PASSWORD")
    with pytest.raises(InputError, match=r"RECONCILE_DATABASE_LIS_PASSWORD.*keyring set reconcile-database-lis a"):
        database_passwords(config, ["borger"], None)


# --- PostgreSQL ---------------------------------------------------------------------------------------------------

_COURSES = """
CREATE TABLE IF NOT EXISTS forloeb (cpr char(12), dst_kode varchar, start_dato date, slut_dato timestamp,
                                    ydelse_id numeric, handlekommune char(6), tilbud text);
TRUNCATE forloeb;
"""


def courses(server: Server, *rows: str) -> None:
    server.run(_COURSES + "".join(f"INSERT INTO forloeb VALUES ({row});" for row in rows))


def test_a_table_is_read_as_a_file_is(server: Server, tmp_path: Path) -> None:
    courses(
        server,
        f"'{CPR}', '1.4', '2020-01-01', '2020-02-29 12:30:00', 12345678901234567890123, '665', 'Åen; \"1\"'",
        "'101801234', '1.4', '2020-01-02', NULL, 2, '0665', E'to\\nlinjer'",
    )
    config = configured(tmp_path, "fagsystem", "database = 'lis'\ntabel = 'public.forloeb'", server.address)
    with loaded(config, "fagsystem") as read:
        assert read.rows("ydelse_id", "cpr", "start_dato", "slut_dato", "handlekommune", "tilbud", "fil", "raekke") == [
            ("12345678901234567890123", CPR, date(2020, 1, 1), date(2020, 2, 29), "665", 'Åen; "1"',
             "lis:public.forloeb", 1),
            ("2", CPR, date(2020, 1, 2), None, "665", "to\nlinjer", "lis:public.forloeb", 2),
        ]  # fmt: skip
        (info,) = read.loaded.sources[0].filer
        assert (info.fil, info.raekker, len(info.sha256), info.bytes > 0) == ("lis:public.forloeb", 2, 64, True)
        assert "har mistet" in " ".join(read.loaded.caveats) or "havde mistet" in " ".join(read.loaded.caveats)


def test_rows_have_the_same_number_and_hash_in_whatever_order_the_server_has_them(
    server: Server, tmp_path: Path
) -> None:
    rows = [f"'{CPR}', '1.4', '2020-01-{day:02d}', NULL, {day}, '665', NULL" for day in range(1, 29)]
    config = configured(
        tmp_path, "fagsystem", "database = 'lis'\nforespoergsel = 'SELECT * FROM forloeb -- alt;'", server.address
    )
    seen = []
    for seed in (1, 2):
        random.Random(seed).shuffle(rows)
        courses(server, *rows)
        with loaded(config, "fagsystem") as read:
            seen.append((read.loaded.sources[0].filer, read.rows("raekke", "ydelse_id")))
    assert seen[0] == seen[1]
    assert seen[0][0][0].fil == "lis:fagsystem"


def test_what_a_database_can_hold_and_a_day_cannot_be_is_named_by_row_and_key(server: Server, tmp_path: Path) -> None:
    courses(
        server,
        f"'{CPR}', '1.4', 'infinity', NULL, 1, '665', NULL",
        f"'{CPR}', '1.4', '0001-01-01', NULL, 2, '665', NULL",
        f"'{CPR}', '1.4', '2020-01-01', '-infinity', 3, '665', NULL",
        f"'{CPR}', '1.4', '2020-01-01', '10000-01-01', 4, '665', NULL",
        f"'{CPR}', '1.4', NULL, '0044-03-15 BC', 5, '665', NULL",
    )
    config = configured(tmp_path, "fagsystem", "database = 'lis'\ntabel = 'forloeb'", server.address)
    said = refused(config, "fagsystem")
    for value, key in (("infinity", 1), ("0001-01-01", 2), ("-infinity", 3), ("10000-01-01", 4), ("0044-03-15", 5)):
        assert any(f"«{value}" in line and f"(rækken med ydelse_id {key})" in line for line in said.splitlines()), value
    assert "Input kan ikke bruges (6 fejl)" in said
    assert CPR not in said
    with loaded(config, "fagsystem", quarantine=True) as read:
        assert (read.rows("cpr"), read.loaded.sources[0].karantaene) == ([], 5)


def test_amounts_are_exact_or_named(server: Server, tmp_path: Path) -> None:
    server.run(
        "CREATE TABLE post (konto bigint, beloeb numeric, bogfoert_dato timestamptz, bilag text, flyd float8);"
        "INSERT INTO post VALUES (538581001, 9999999999999999.99, '2020-06-30 22:30:00+00', 'a', 0.1::float8 + 0.2),"
        " (538581001, -0.10, '2020-07-01 12:00:00+00', 'b', 1e15), (538581001, 0, '2020-07-01', 'c', NULL)"
    )
    source = "database = 'lis'\ntabel = 'post'"
    with loaded(configured(tmp_path, "oekonomi", source, server.address), "oekonomi") as read:
        assert sorted(read.rows("bilag", "beloeb", "bogfoert_dato", "konto")) == [
            ("a", Decimal("9999999999999999.99"), date(2020, 7, 1), "538581001"),
            ("b", Decimal("-0.10"), date(2020, 7, 1), "538581001"),
            ("c", Decimal("0.00"), date(2020, 7, 1), "538581001"),
        ]
    flyd = configured(tmp_path, "oekonomi", f"{source}\nkolonner = {{ beloeb = 'flyd' }}", server.address)
    assert "(rækken med bilag c)" in refused(flyd, "oekonomi")
    server.run("DELETE FROM post WHERE bilag = 'c'")
    with loaded(flyd, "oekonomi") as read:
        assert sorted(read.column("beloeb")) == [Decimal("0.30"), Decimal("1000000000000000.00")]
    server.run(
        "INSERT INTO post VALUES (538581001, 'NaN', '2020-07-01', 'd', 'Infinity'),"
        " (538581001, 12345678901234567890.12, '2020-07-01', 'e', 0), (538581001, 1.005, '2020-07-01', 'f', 0)"
    )
    said = refused(configured(tmp_path, "oekonomi", source, server.address), "oekonomi")
    for value, key in (("NaN", "d"), ("12345678901234567890.12", "e"), ("1.005", "f")):
        assert any(f"«{value}»" in line and f"(rækken med bilag {key})" in line for line in said.splitlines()), value


def test_a_figure_that_is_text_in_the_database_is_read_as_text_in_a_file(server: Server, tmp_path: Path) -> None:
    server.run(
        "CREATE TABLE tekst (dst_kode text, periode text, antal text); INSERT INTO tekst VALUES"
        " ('1.4', '2020K1', '1.234'), ('1.4', '2020K2', '..'), ('1.4', '2020K3', '12.5')"
    )
    said = refused(configured(tmp_path, "hand07", "database = 'lis'\ntabel = 'tekst'", server.address), "hand07")
    assert "værdi «12.5»" in said
    assert "(rækken med dst_kode 1.4, periode 2020K3)" in said
    assert "(1 fejl)" in said


def test_a_link_without_a_code_takes_no_code_from_another_row(server: Server, tmp_path: Path) -> None:
    server.run("CREATE TABLE link (dst_kode text, konto text);"
               "INSERT INTO link VALUES ('1.4', '5.38.58-1-001'), (NULL, '5.38.58-1-002')")  # fmt: skip
    config = configured(tmp_path, "masteroversigt", "database = 'lis'\ntabel = 'link'", server.address)
    assert "konto, men ingen kode" in refused(config, "masteroversigt")


def test_nothing_can_be_written_and_a_query_is_one_statement(server: Server, tmp_path: Path) -> None:
    server.run("CREATE SEQUENCE IF NOT EXISTS taeller; GRANT ALL ON taeller TO laeser")
    for query, said in (
        ("SELECT nextval('taeller')", "der skrives ikke i lageret"),
        ("SELECT 1) AS a; DROP TABLE forloeb --", "syntax error"),
        ("SELECT 1; CREATE TABLE x ()", "syntax error"),
        ("WITH x AS (INSERT INTO forloeb (cpr) VALUES ('1') RETURNING 1) SELECT 1", "fejl 0A000"),
        ("SELECT findes_ikke FROM forloeb", "findes_ikke"),
        ("SELECT * FROM hemmelig.tabel", "hemmelig"),
        ("SELECT 1/0 AS cpr", "fejl 22012"),
    ):
        config = configured(tmp_path, "borger", f"database = 'lis'\nforespoergsel = '''{query}'''", server.address)
        assert said in refused(config, "borger"), query


def test_a_query_that_takes_too_long_is_stopped(server: Server, tmp_path: Path) -> None:
    lines = "database = 'lis'\nforespoergsel = 'SELECT pg_sleep(30)::text AS cpr, 1 AS x'"
    config = configured(tmp_path, "borger", lines, server.address, "tidsgraense = 1")
    assert "tog over 1 sekunder" in refused(config, "borger")


def test_a_connection_that_fails_is_a_sentence_without_server_user_or_password(server: Server, tmp_path: Path) -> None:
    lines = "database = 'lis'\ntabel = 'forloeb'"
    for where, password, said in (
        (server.address, "en-anden", "bruger eller adgangskode blev afvist"),
        (server.address.replace("/postgres", "/andet"), PASSWORD, "databasen findes ikke"),
        ("postgresql://laeser@localhost:1/postgres", PASSWORD, "serveren kan ikke nås"),
    ):
        text = refused(configured(tmp_path, "fagsystem", lines, where), "fagsystem", password=password)
        assert said in text
        assert not [word for word in ("localhost", "127.0.0.1", "laeser", PASSWORD, "en-anden") if word in text]


def test_off_this_machine_the_certificate_is_verified(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses(server, f"'{CPR}', '1.4', '2020-01-01', NULL, 1, '665', NULL")
    monkeypatch.setattr(Address, "loopback", False)
    lines = "database = 'lis'\ntabel = 'forloeb'"
    said = refused(configured(tmp_path, "fagsystem", lines, server.address), "fagsystem")
    assert "serveren kan ikke TLS med et godkendt certifikat" in said
    (tmp_path / "ca.pem").write_bytes(server.ca_file.read_bytes())
    config = configured(tmp_path, "fagsystem", lines, server.address, "ca_fil = 'ca.pem'")
    with loaded(config, "fagsystem") as read:
        assert read.column("cpr") == [CPR]
    # the certificate is for localhost, not for its number
    other = configured(
        tmp_path, "fagsystem", lines, server.address.replace("localhost", "127.0.0.1"), "ca_fil = 'ca.pem'"
    )
    assert "godkendt certifikat" in refused(other, "fagsystem")


def test_tls_is_not_asked_for_on_loopback_and_not_to_be_had_otherwise_elsewhere() -> None:
    near, far = (Database(adresse=f"postgresql://a@{host}/x") for host in ("127.0.0.1", "lis"))
    assert reader.options(near, "p", None)["sslmode"] == "prefer"
    assert reader.options(far, "p", None)["sslmode"] == "verify-full"
    assert reader.options(far, "p", Path("ca.pem"))["sslrootcert"] == "ca.pem"


def test_a_run_tells_of_the_database_but_not_its_server_user_or_query(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconcile import api

    courses(server, f"'{CPR}', '1.4', '2020-01-01', NULL, 1, '665', NULL")
    lines = "database = 'lis'\nforespoergsel = 'SELECT * FROM forloeb WHERE true'\n[noegle]\nfil = 'noegle.key'"
    configured(tmp_path, "fagsystem", lines, server.address)
    (tmp_path / "noegle.key").write_text("ab" * 32, encoding="utf-8")
    monkeypatch.setenv("RECONCILE_DATABASE_LIS_PASSWORD", PASSWORD)
    run = api.run(tmp_path / "reconcile.toml", period="2020K1")
    run.save(tmp_path / "ud")
    written = {path.name: path.read_bytes() for path in (tmp_path / "ud").iterdir()}
    assert b"lis:fagsystem" in written["manifest.json"]
    for word in (b"localhost", b"laeser", b"WHERE true", PASSWORD.encode()):
        assert not [name for name, content in written.items() if word in content], word


# --- SQL Server ---------------------------------------------------------------------------------------------------


class Stub(ModuleType):
    """A DB-API module that returns what Microsoft's driver returns, and remembers what it was asked."""

    class Error(Exception):
        def __init__(self, driver_error: str, text: str) -> None:
            super().__init__(text)
            self.driver_error = driver_error

    def __init__(self, rows: list[tuple[Any, ...]], *columns: str, fails: Exception | None = None) -> None:
        super().__init__("mssql_python")
        self.rows, self.description, self.fails = rows, [(name, str) for name in columns], fails
        self.asked: list[Any] = []

    def connect(self, text: str, **_options: Any) -> Stub:
        self.asked.append(text)
        return self

    def cursor(self) -> Stub:
        return self

    def execute(self, query: str) -> None:
        self.asked.append(query)
        if self.fails:
            raise self.fails

    def fetchmany(self, _size: int) -> list[tuple[Any, ...]]:
        batch, self.rows = self.rows[:2], self.rows[2:]
        return batch

    def rollback(self) -> None:
        self.asked.append("rollback")

    def close(self) -> None:
        self.asked.append("close")


SQLSERVER = "mssql://laeser@localhost/flis"


def test_the_types_of_sql_server_are_read_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zoned = datetime(2020, 6, 30, 22, 30, tzinfo=UTC)
    rows = [
        (538581001, Decimal("9999999999999999.99"), datetime(2020, 1, 1, 8), "0101801234  ", 10**20),
        ("538581001", Decimal("1E+3"), date(2020, 1, 2), None, "b"),
        (538581001, 0.1 + 0.2, zoned, "", True),
    ]
    stub = Stub(rows, "konto", "beloeb", "bogfoert_dato", "cpr", "bilag")
    monkeypatch.setitem(sys.modules, "mssql_python", stub)
    with loaded(
        configured(tmp_path, "oekonomi", "database = 'lis'\ntabel = 'dbo.p]st'", SQLSERVER), "oekonomi"
    ) as read:
        assert sorted(read.rows("bilag", "beloeb", "bogfoert_dato", "cpr")) == [
            (str(10**20), Decimal("9999999999999999.99"), date(2020, 1, 1), CPR),
            ("b", Decimal("1000.00"), date(2020, 1, 2), None),
            ("ja", Decimal("0.30"), date(2020, 7, 1), None),
        ]
    assert stub.asked[1:] == ["SELECT * FROM [dbo].[p]]st]", "rollback", "close"]


def test_what_sql_server_refuses_is_a_sentence_without_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configured(tmp_path, "borger", "database = 'lis'\nforespoergsel = 'SELECT 1 AS cpr'", SQLSERVER)
    for fails, said in (
        (Stub.Error("Base table or view not found", "for user laeser"), "(Base table or view not found)"),
        (Stub.Error("Timeout expired", "Query timeout expired"), "tog over 600 sekunder"),
    ):
        stub = Stub([], "cpr", fails=fails)
        monkeypatch.setitem(sys.modules, "mssql_python", stub)
        text = refused(config, "borger")
        assert said in text
        assert "laeser" not in text
        assert stub.asked[-2:] == ["rollback", "close"]


def test_the_connection_to_sql_server_is_encrypted_and_no_value_is_an_option() -> None:
    database = Database(adresse="mssql://a@srv:1433/flis")
    made = sqlserver.connection_string(database, "x};Encrypt=no", Path("server.cer"))
    assert made == (
        "Server={srv,1433};Database={flis};ApplicationIntent={ReadOnly};UID={a};PWD={x}};Encrypt=no};"
        "Encrypt={yes};TrustServerCertificate={no};ServerCertificate={server.cer};"
    )
    assert "Trusted_Connection={yes}" in sqlserver.connection_string(Database(adresse="mssql://srv/flis"), "", None)


def test_microsofts_driver_loads_and_a_refused_connection_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlserver, "LOGIN_TIMEOUT", 1)
    config = configured(tmp_path, "borger", "database = 'lis'\ntabel = 'a'", "mssql://laeser@127.0.0.1:1/flis")
    text = refused(config, "borger", password="a;b}c")
    assert "der er ingen forbindelse til databasen (" in text
    assert not [word for word in ("127.0.0.1", "laeser", "a;b}c") if word in text]


@pytest.mark.parametrize(("module", "where", "extra"), [("mssql_python", SQLSERVER, "sqlserver"),
                                                        ("psycopg", "postgresql://a@localhost/b", "postgres")])  # fmt: skip
def test_a_missing_driver_is_a_sentence(
    module: str, where: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    config = configured(tmp_path, "borger", "database = 'lis'\ntabel = 'a'", where)
    assert f"pip install 'reconcile[{extra}]'" in refused(config, "borger")
