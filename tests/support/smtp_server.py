"""A real SMTP server on loopback, certificates of a test authority, and a wiretap before the server."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Authority:
    """A certificate authority of its own; ``file`` is its certificate."""

    folder: Path
    file: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def server(self, host: str) -> ssl.SSLContext:
        """A server's TLS context with a certificate for ``host``."""
        key = ec.generate_private_key(ec.SECP256R1())
        with suppress(ValueError):
            return self._context(key, host, x509.IPAddress(ipaddress.ip_address(host)))
        return self._context(key, host, x509.DNSName(host))

    def _context(self, key: ec.EllipticCurvePrivateKey, host: str, name: x509.GeneralName) -> ssl.SSLContext:
        made = _certificate(host, key, self.certificate.subject, self.key, [name], authority=False)
        path = self.folder / f"{host}.pem"
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + _private(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def authority(folder: Path, name: str = "Prøve-CA") -> Authority:
    """Make an authority, its certificate in ``folder``."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = _certificate(name, key, subject, key, [], authority=True)
    file = folder / f"{name}.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, file, key, made)


def _certificate(
    name: str, key: Any, issuer: x509.Name, issuer_key: Any, names: list[x509.GeneralName], *, authority: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def free_port() -> int:
    """A port nobody listens on; aiosmtpd cannot pick one itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Post:
    """What the server took: envelope and content. ``refuse`` are recipients it does not take, ``without`` the ways to log
    in that it does not offer; at ``close_at`` it hangs up."""

    password: str = "rødgrød med fløde"
    refuse: frozenset[str] = frozenset()
    close_at: str = ""
    without: tuple[str, ...] = ()
    recipients: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_MAIL(self, server: SMTP, _session: Any, envelope: Any, sender: str, options: list[str]) -> str:  # noqa: N802
        if self.close_at == "MAIL":
            server.transport.close()
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Any, to: str, _options: list[str]) -> str:  # noqa: N802
        if to in self.refuse:
            return "550 5.1.1 ukendt"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.close_at == "DATA":
            server.transport.close()
            return "250 OK"
        self.recipients += envelope.rcpt_tos
        self.contents.append(envelope.content)
        return "250 OK"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.logins.append(data.login.decode())
        right = data.password.decode() == self.password
        return AuthResult(success=right, handled=right)


class Server(Controller):
    """aiosmtpd with a login that is only offered after TLS."""

    def __init__(self, post: Post, tls: ssl.SSLContext | None, *, implicit: bool, login: bool) -> None:
        self.post, self.tls, self.implicit, self.login = post, tls, implicit, login
        context = tls if implicit else None
        super().__init__(post, hostname="127.0.0.1", port=free_port(), ssl_context=context)

    def factory(self) -> SMTP:
        given: dict[str, Any] = {"enable_SMTPUTF8": True, "timeout": 20}
        if self.tls and not self.implicit:
            given |= {"tls_context": self.tls, "require_starttls": True}
        if self.login:
            given |= {"authenticator": self.post.authenticate, "auth_required": True}
            given["auth_require_tls"] = not self.implicit
            given["auth_exclude_mechanism"] = self.post.without
        return SMTP(self.handler, **given)


@contextmanager
def smtp_server(
    post: Post, tls: ssl.SSLContext | None, *, implicit: bool = False, login: bool = True
) -> Iterator[Wiretap]:
    """A running server behind a wiretap; connect to the tap."""
    server = Server(post, tls, implicit=implicit, login=login and tls is not None)
    server.start()
    tap = Wiretap(server.port)
    try:
        yield tap
    finally:
        tap.close()
        server.stop()


def tls_records(sent: bytes) -> list[int]:
    """The types of the TLS records that ``sent`` consists of; anything between them is an error."""
    types = []
    while sent:
        kind, version, length = struct.unpack(">BBxH", sent[:5])
        assert version == 3, f"no TLS record: {sent[:40]!r}"
        assert len(sent) >= 5 + length, "the last record is cut short"
        types.append(kind)
        sent = sent[5 + length :]
    return types


class Wiretap:
    """Passes every byte on, and keeps what the client sent."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.heard = bytearray()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def before_tls(self) -> bytes:
        """What was said before the first TLS record (all of it when there was none)."""
        start = bytes(self.heard).find(b"\x16\x03")
        return bytes(self.heard[: start if start >= 0 else None])

    def close(self) -> None:
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, keep: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if keep:
                    self.heard += data
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
