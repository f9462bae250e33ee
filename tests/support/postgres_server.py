"""A real PostgreSQL of the test's own, on loopback, with TLS; gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.smtp_server import authority

PASSWORD = "ikke-hemmelig"


@dataclass(frozen=True)
class Server:
    """Where it listens, the certificate authority its certificate is from, and how rows are put in."""

    port: int
    ca_file: Path
    bin: Path

    @property
    def address(self) -> str:
        """As it stands in reconcile.toml."""
        return f"postgresql://laeser@localhost:{self.port}/postgres"

    def run(self, sql: str) -> None:
        """Run statements as the owner."""
        import psycopg

        owner: dict[str, Any] = {
            "host": "localhost",
            "port": self.port,
            "dbname": "postgres",
            "user": "ejer",
            "password": PASSWORD,
        }
        with psycopg.connect(**owner, autocommit=True) as connection:
            connection.execute(sql.encode())


def programs() -> Path:
    """Where PostgreSQL's programs are; without them the test is skipped, but not where CI is set."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        reason = "PostgreSQL is not installed (apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found[-1].parent


@contextmanager
def postgres() -> Iterator[Server]:
    """A running server with the users ``ejer`` and ``laeser``, who have one password."""
    where = programs()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    other: dict[str, Any] = (
        {"user": "postgres"} if os.name == "posix" and os.geteuid() == 0 else {}
    )  # the server refuses root
    secret, data = folder / "kode", folder / "data"
    secret.write_text(PASSWORD, encoding="utf-8")
    ca = authority(folder)
    ca.server("localhost")
    for path in (folder, *folder.iterdir()):
        if other:
            shutil.chown(path, "postgres")
        path.chmod(0o700 if path.is_dir() else 0o600)
    init: list[str | Path] = [where / "initdb", "-D", data, "-U", "ejer", "-A", "scram-sha-256", "--pwfile", secret]
    init += ["-E", "UTF8", "-N"]
    subprocess.run(init, check=True, capture_output=True, cwd=folder, **other)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pem = folder / "localhost.pem"
    settings = {"port": port, "listen_addresses": "localhost", "unix_socket_directories": folder, "fsync": "off"}
    settings |= {"ssl": "on", "ssl_cert_file": pem, "ssl_key_file": pem}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    control: list[str | Path] = [where / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, cwd=folder, **other)
    try:
        server = Server(port, ca.file, where)
        server.run(f"CREATE ROLE laeser LOGIN PASSWORD '{PASSWORD}'")
        server.run("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO laeser; GRANT CREATE ON SCHEMA public TO laeser")
        yield server
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder, **other)
        shutil.rmtree(folder, ignore_errors=True)
