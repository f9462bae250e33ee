"""``reconcile mail`` against a real SMTP server: sent and decoded right, never in clear, and every failure said."""

from __future__ import annotations

import email
import email.policy
import json
import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from support import report_example
from support.runs import call
from support.smtp_server import Authority, Post, authority, free_port, smtp_server, tls_records

from reconcile.history.accepted import TABLE
from reconcile.history.decode import decode
from reconcile.history.published import read_run
from reconcile.reports.mail_body import mail_body
from reconcile.reports.publish import publish
from reconcile.reports.sagsliste import encrypt
from reconcile.reports.verdict import judge
from reconcile.results.followed import EXPIRED, HOLDS, AcceptedRow
from reconcile.results.rows import ResultTable, RunResult
from reconcile.settings.mail import Mail, address

PASSWORD = "rødgrød med fløde"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published run."""
    folder = tmp_path_factory.mktemp("kørsel") / "r"
    publish(report_example.example(), folder, lambda _text: None, rules=report_example.rules())
    return folder


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The password is in the environment, and there is no keyring (never the developer's own)."""
    monkeypatch.setenv("RECONCILE_SMTP_PASSWORD", PASSWORD)
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


def configure(folder: Path, port: int = 25, ca_file: Path | None = None, **changes: object) -> Path:
    """A working folder's reconcile.toml with a [mail] section."""
    values: dict[str, Any] = {
        "server": "localhost",
        "port": port,
        "bruger": "afsender",
        "fra": "Økonomi <oekonomi@kommune.dk>",
        "til": ["Åse Ærø <aase@kommune.dk>", "per@kommune.dk"],
        "cc": ["leder@kommune.dk"],
        **({"ca_fil": str(ca_file)} if ca_file else {}),
        **changes,
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    config = folder / "reconcile.toml"
    config.write_text('[kommune]\nkode = "665"\n[kilder]\n[mail]\n' + "\n".join(lines) + "\n", encoding="utf-8")
    return config


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def attachments(message: EmailMessage) -> dict[str, bytes]:
    return {part.get_filename() or "": part.get_payload(decode=True) for part in message.iter_attachments()}  # type: ignore[misc]


def test_a_report_is_sent_over_starttls_and_arrives_as_it_was(tmp_path: Path, report: Path, ca: Authority) -> None:
    post = Post()
    with smtp_server(post, ca.server("localhost")) as tap:
        config = configure(tmp_path, tap.port, ca.file)
        assert call("mail", "--config", config, "--run", report) == 0
    assert post.logins == ["afsender"]
    assert post.recipients == ["aase@kommune.dk", "per@kommune.dk", "leder@kommune.dk"]
    message = parsed(post.contents[0])
    assert message["Subject"] == "Eksempelkommune 2020K1–2020K4: Skal undersøges"
    assert message["From"] == "Økonomi <oekonomi@kommune.dk>"
    assert message["To"] == "Åse Ærø <aase@kommune.dk>, per@kommune.dk"
    assert message["Cc"] == "leder@kommune.dk"
    assert message["Date"]
    assert message["Message-ID"].endswith("@kommune.dk>")
    assert message["X-Unsent"] is None
    for kind in ("plain", "html"):
        text = message.get_body((kind,)).get_content()
        assert "ydelser stemmer med Danmarks Statistik" in text
        assert "Øvrig socialpædagogisk støtte" in text
    assert attachments(message) == {name: (report / name).read_bytes() for name in ("rapport.xlsx", "rapport.html")}


def test_nothing_but_ehlo_and_starttls_is_said_in_clear(tmp_path: Path, report: Path, ca: Authority) -> None:
    with smtp_server(Post(), ca.server("localhost")) as tap:
        assert call("mail", "--config", configure(tmp_path, tap.port, ca.file), "--run", report) == 0
    said = tap.before_tls.decode("ascii").split("\r\n")
    assert [line.split(" ")[0] for line in said] == ["ehlo", "STARTTLS", ""]
    assert len(tap.heard) > (report / "rapport.xlsx").stat().st_size
    # A search for short words fails once in some hundred runs: four letters do turn up in that much ciphertext.
    assert set(tls_records(bytes(tap.heard[len(tap.before_tls) :]))) <= {0x14, 0x15, 0x16, 0x17}


def test_a_report_is_sent_over_implicit_tls(tmp_path: Path, report: Path, ca: Authority) -> None:
    post = Post()
    with smtp_server(post, ca.server("localhost"), implicit=True) as tap:
        config = configure(tmp_path, tap.port, ca.file, sikkerhed="tls")
        assert call("mail", "--config", config, "--run", report) == 0
    assert len(post.contents) == 1
    assert tap.before_tls == b""


def test_a_server_without_login_gets_none(tmp_path: Path, report: Path, ca: Authority) -> None:
    post = Post()
    with smtp_server(post, ca.server("localhost"), login=False) as tap:
        assert call("mail", "--config", configure(tmp_path, tap.port, ca.file, bruger=""), "--run", report) == 0
    assert len(post.contents) == 1
    assert post.logins == []


@pytest.mark.parametrize("kind", ["no tls", "plain server", "other ca", "machine's own ca", "other host", "old tls"])
def test_a_server_that_is_not_safely_encrypted_is_refused(
    kind: str, tmp_path: Path, report: Path, ca: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    context = (
        None if kind in ("no tls", "plain server") else ca.server("andet.dk" if kind == "other host" else "localhost")
    )
    if kind == "old tls" and context:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    trusted = {"other ca": authority(tmp_path, "Anden-CA").file, "machine's own ca": None}.get(kind, ca.file)
    post = Post()
    with smtp_server(post, context) as tap:
        config = configure(tmp_path, tap.port, trusted, sikkerhed="tls" if kind == "plain server" else "starttls")
        assert call("mail", "--config", config, "--run", report) == 2
    said = capsys.readouterr().err
    assert "ikke sendt" in said
    assert {"no tls": "tilbyder ikke", "plain server": "krypteret", "old tls": "krypteret"}.get(
        kind, "certifikat"
    ) in said
    assert post.contents == post.logins == []
    assert "aase@kommune.dk" not in tap.heard.decode("latin-1")
    for line in tap.before_tls.split(b"\r\n") if kind != "plain server" else ():
        assert line.split(b" ")[0].upper() in {b"EHLO", b"HELO", b"STARTTLS", b"QUIT", b""}


def test_a_wrong_password_is_said_and_not_repeated(
    tmp_path: Path, report: Path, ca: Authority, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECONCILE_SMTP_PASSWORD", "helt-forkert-kode")
    post = Post()
    with smtp_server(post, ca.server("localhost")) as tap:
        assert call("mail", "--config", configure(tmp_path, tap.port, ca.file), "--run", report) == 2
    said = capsys.readouterr()
    assert "adgangskode blev afvist (535)" in said.err
    assert "helt-forkert-kode" not in said.err + said.out
    assert post.contents == []


@pytest.mark.parametrize(
    ("without", "code"), [(("PLAIN",), 0), (("LOGIN",), 0), (("PLAIN", "LOGIN"), 2)], ids=["LOGIN", "PLAIN", "neither"]
)
def test_the_login_is_one_the_server_offers(
    without: tuple[str, ...], code: int, tmp_path: Path, report: Path, ca: Authority
) -> None:
    post = Post(without=without)
    with smtp_server(post, ca.server("localhost")) as tap:
        assert call("mail", "--config", configure(tmp_path, tap.port, ca.file), "--run", report) == code
    assert len(post.contents) == (0 if code else 1)


@pytest.mark.parametrize("when", ["MAIL", "DATA"])
def test_a_server_that_closes_in_the_middle_is_a_failure(
    when: str, tmp_path: Path, report: Path, ca: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    post = Post(close_at=when)
    with smtp_server(post, ca.server("localhost")) as tap:
        assert call("mail", "--config", configure(tmp_path, tap.port, ca.file), "--run", report) == 2
    said = capsys.readouterr().err
    assert "lukkede forbindelsen" in said or "ingen forbindelse" in said
    assert post.contents == []


def test_a_server_that_is_not_there_is_a_failure(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("mail", "--config", configure(tmp_path, free_port()), "--run", report) == 2
    assert "ingen forbindelse" in capsys.readouterr().err


def test_recipients_that_are_refused_are_named(
    tmp_path: Path, report: Path, ca: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    with smtp_server(Post(refuse=frozenset({"per@kommune.dk"})), ca.server("localhost")) as tap:
        assert call("mail", "--config", configure(tmp_path, tap.port, ca.file), "--run", report) == 2
    said = capsys.readouterr().err
    assert "per@kommune.dk" in said
    assert "aase" not in said
    everyone = frozenset({"per@kommune.dk", "aase@kommune.dk", "leder@kommune.dk"})
    with smtp_server(Post(refuse=everyone), ca.server("localhost")) as tap:
        assert call("mail", "--config", configure(tmp_path, tap.port, ca.file), "--run", report) == 2
    assert "ikke sendt" in capsys.readouterr().err


class Memory(KeyringBackend):
    """A keyring with the right password; of no priority, so that nobody takes it by itself."""

    priority = 0

    def get_password(self, service: str, username: str) -> str | None:
        return PASSWORD if (service, username) == ("reconcile-smtp", "afsender") else None

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def test_the_password_is_found_in_the_keyring(
    tmp_path: Path, report: Path, ca: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECONCILE_SMTP_PASSWORD")
    keyring.set_keyring(Memory())
    post = Post()
    with smtp_server(post, ca.server("localhost")) as tap:
        assert call("mail", "--config", configure(tmp_path, tap.port, ca.file), "--run", report) == 0
    assert len(post.contents) == 1


def test_without_a_password_and_a_terminal_it_is_said_how_to_give_it(
    tmp_path: Path, report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RECONCILE_SMTP_PASSWORD")
    assert call("mail", "--config", configure(tmp_path), "--run", report) == 2
    said = capsys.readouterr().err
    assert "RECONCILE_SMTP_PASSWORD" in said
    assert "keyring set reconcile-smtp afsender" in said


def test_no_option_takes_a_password() -> None:
    from reconcile.cli.group import reconcile

    for command in reconcile.commands.values():
        for parameter in command.params:
            assert not re.search("pass|kode(?!r?$)|adgang", " ".join(parameter.opts)), (command.name, parameter.opts)


def test_a_draft_opens_as_an_unsent_message_with_the_workbook(tmp_path: Path, report: Path) -> None:
    config = configure(tmp_path, server="", fra="")
    assert call("mail", "--config", config, "--run", report, "--eml", tmp_path / "kladde.eml") == 0
    content = (tmp_path / "kladde.eml").read_bytes()
    assert b"\n" not in content.replace(b"\r\n", b"")
    message = parsed(content)
    assert message["X-Unsent"] == "1"
    assert message["From"] is None
    assert message["To"] == "Åse Ærø <aase@kommune.dk>, per@kommune.dk"
    assert attachments(message) == {name: (report / name).read_bytes() for name in ("rapport.xlsx", "rapport.html")}
    assert call("mail", "--config", config, "--run", report, "--eml", tmp_path / "ingen" / "k.eml") == 2


def test_a_dry_run_tells_everything_and_does_nothing(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configure(tmp_path, free_port())
    before = set(tmp_path.iterdir())
    assert call("mail", "--config", config, "--run", report, "--dry-run") == 0
    said = capsys.readouterr().out
    for word in (
        "Åse Ærø <aase@kommune.dk>",
        "leder@kommune.dk",
        "rapport.xlsx",
        "Skal undersøges",
        "localhost",
        "starttls",
    ):
        assert word in said
    assert set(tmp_path.iterdir()) == before


def test_what_is_missing_in_the_configuration_is_named(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configure(tmp_path, server="", fra="", til=[])
    assert call("mail", "--config", config, "--run", report) == 2
    said = capsys.readouterr().err
    assert all(f"· {name}" in said for name in ("server", "fra", "til"))


def copy(report: Path, target: Path) -> Path:
    target.mkdir(parents=True)
    for file in report.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


def test_a_report_that_was_changed_is_not_sent(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = copy(report, tmp_path / "ud" / "k")
    (changed / "rapport.html").write_text("noget andet", encoding="utf-8")
    assert call("mail", "--config", configure(tmp_path), "--dry-run") == 2
    assert "rapport.html er ændret" in capsys.readouterr().err


def test_the_newest_run_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for year in (2021, 2022):
        result = report_example.example(navn=f"By{year}")
        result = replace(result, started=result.started.replace(year=year))
        publish(result, tmp_path / "ud" / f"{4000 - year}", lambda _text: None, rules=report_example.rules())
    assert call("mail", "--config", configure(tmp_path), "--dry-run") == 0
    assert "By2022" in capsys.readouterr().out


def with_cases(folder: Path, content: bytes) -> Path:
    def sealed(staging: Path) -> None:
        (staging / "sagsliste.xlsx").write_bytes(content)

    publish(
        report_example.example(),
        folder,
        lambda _text: None,
        rules=report_example.rules(),
        extras=[sealed],
    )
    return folder


def test_the_sagsliste_is_attached_only_when_it_is_encrypted_and_the_user_insists(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, draft = configure(tmp_path), tmp_path / "k.eml"
    plain = (report / "rapport.xlsx").read_bytes()
    sealed = with_cases(tmp_path / "lukket", encrypt(plain, "en lang adgangskode"))
    assert call("mail", "--config", config, "--run", sealed, "--eml", draft) == 0
    assert set(attachments(parsed(draft.read_bytes()))) == {"rapport.xlsx", "rapport.html"}
    assert call("mail", "--config", config, "--run", sealed, "--eml", draft, "--vedhaeft-sagsliste") == 0
    message = parsed(draft.read_bytes())
    assert attachments(message)["sagsliste.xlsx"] == (sealed / "sagsliste.xlsx").read_bytes()
    assert "ad en anden vej" in message.get_body(("plain",)).get_content()
    draft.unlink()
    opened = with_cases(tmp_path / "åben", plain)
    assert call("mail", "--config", config, "--run", opened, "--eml", draft, "--vedhaeft-sagsliste") == 2
    assert "ikke krypteret" in capsys.readouterr().err
    assert call("mail", "--config", config, "--run", report, "--eml", draft, "--vedhaeft-sagsliste") == 2
    assert "--sagsliste" in capsys.readouterr().err
    assert not draft.exists()


def test_a_published_run_is_read_back_as_it_was(report: Path) -> None:
    made, read = report_example.example(), decode(read_run(report))
    days = [replace(f, vaerdi=f"{f.vaerdi}") if isinstance(f.vaerdi, date) else f for f in made.findings]
    assert list(read.findings) == days
    assert judge(read) == judge(made)
    assert read.exit_code == made.exit_code
    for name in ("hand07_diff", "ottetal"):
        before, after = made.table(name), read.table(name)
        assert before is not None
        assert after is not None
        assert tuple(after.rows) == tuple(before.rows)


def test_what_was_accepted_is_read_back_too(tmp_path: Path) -> None:
    first = next(f for f in report_example.findings() if f.alvor == "fejl")
    row = AcceptedRow(first.fund_id, first.regel, None, None, HOLDS, "1", "1", "kendt", "JH", date(2030, 1, 1))
    cell = replace(row, fund_id="CELLE:1.12.0.2:2020K3")
    accepted = ResultTable(TABLE, AcceptedRow, (row, cell, replace(row, fund_id="x", tilstand=EXPIRED)))
    result = report_example.example()
    publish(
        replace(result, tables=(*result.tables, accepted), accepted=frozenset({row.fund_id, cell.fund_id})),
        tmp_path / "r",
        lambda _text: None,
        rules=report_example.rules(),
    )
    read = decode(read_run(tmp_path / "r"))
    assert read.accepted == {row.fund_id, cell.fund_id}


FORBIDDEN = ("<style", "<svg", "<script", "<link", "<img", "class=", "flex", "grid", "http:", "https:", "url(", "var(")


@pytest.mark.parametrize(
    "result",
    [
        report_example.example(),
        report_example.empty(),
        report_example.published([("1.1", "2020K1", 10, 11), ("1.4", "2020K1", 5, 5)]),
        replace(report_example.example(), tables=tuple(t for t in report_example.tables() if t.name == "ottetal")),
    ],
    ids=["all", "nothing", "published", "ottetal"],
)
def test_the_body_is_html_that_mail_clients_draw(result: RunResult) -> None:
    body = mail_body(result, report_example.rules(), ["rapport.xlsx"])
    assert not [word for word in FORBIDDEN if word in body.html.lower()]
    for text in (body.html, body.text):
        assert body.verdict.headline in text
        assert body.verdict.tag in text


def test_text_from_the_data_is_only_text_in_the_body() -> None:
    nasty = "<script>alert(1)</script>\r\nBcc: x@y.dk"
    body = mail_body(report_example.example(navn=nasty), report_example.rules(), ["rapport.xlsx"])
    assert "<script" not in body.html
    assert "&lt;script&gt;" in body.html


def test_a_name_with_a_line_break_makes_no_header(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    result = report_example.example(navn="By\r\nBcc: fremmed@ude.dk")
    publish(result, folder, lambda _text: None, rules=report_example.rules())
    assert call("mail", "--config", configure(tmp_path), "--run", folder, "--eml", tmp_path / "k.eml") == 0
    message = parsed((tmp_path / "k.eml").read_bytes())
    assert message["Bcc"] is None
    assert message["Subject"].startswith("By Bcc: fremmed@ude.dk 2020K1")


@pytest.mark.parametrize(
    "text",
    ["", "a", "a@b", "a b@c.dk", "a@b.dk, c@d.dk", "a@b.dk\r\nBcc: c@d.dk", "N <a@b.dk> x", "a@b..dk", "<a@b.dk"],
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="mailadresse"):
        address(text)


def test_addresses_with_danish_letters_and_commas_in_names_are_understood() -> None:
    assert address("Åse Ærø <aase@kommune.dk>").display_name == "Åse Ærø"
    assert address('"Hansen, Per" <per@kommune.dk>').addr_spec == "per@kommune.dk"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("til", ["a@b.dk\nBcc: c@d.dk"]),
        ("fra", "ikke en adresse"),
        ("emne", "{kommune} {cpr}"),
        ("emne", "to\nlinjer"),
        ("emne", "{kommune"),
        ("server", "smtp.kommune.dk:25"),
        ("sikkerhed", "ingen"),
        ("port", 70000),
        ("adgangskode", "hemmelig"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(
    key: str, value: Any, tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("mail", "--config", configure(tmp_path, **{key: value}), "--run", report, "--dry-run") == 2
    said = capsys.readouterr().err
    assert key in said
    assert "Uventet" not in said


def test_the_port_follows_the_kind_of_tls() -> None:
    assert (Mail().actual_port, Mail(sikkerhed="tls").actual_port, Mail(port=2525).actual_port) == (587, 465, 2525)


def test_the_mail_keeps_the_hash_of_the_approvals_outside_the_folder() -> None:
    for head in ("", "abc123def"):
        run = replace(report_example.example(), approval_head=head)
        body = mail_body(run, report_example.rules(), ["rapport.xlsx"])
        assert all(
            ("Godkendelserne ender med hashen abc123def" in text) == bool(head) for text in (body.text, body.html)
        )


def test_each_owner_gets_a_draft_with_their_own_cases_only(
    tmp_path: Path, report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configure(tmp_path, server="")
    with config.open("a", encoding="utf-8") as handle:
        handle.write('\n[mail.ansvarlige]\n"økonomi" = "penge@kommune.dk"\n')
    drafts = tmp_path / "kladder"
    assert call("mail", "--config", config, "--run", report, "--til-ansvarlige", drafts) == 0
    assert {path.stem for path in drafts.iterdir()} >= {"økonomi", "fagsystem", "systemansvarlig"}
    assert "uden modtager" in capsys.readouterr().out
    message = parsed((drafts / "økonomi.eml").read_bytes())
    assert message["To"] == "penge@kommune.dk"
    attached = attachments(message)["sager-økonomi.csv"].decode("utf-8-sig").splitlines()
    owners = {line.split(";")[-3] for line in attached[1:]}
    assert owners == {"økonomi"}
    told = (report / "sager.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    assert len(attached) - 1 == sum(line.split(";")[-3] == "økonomi" for line in told)


def test_a_subject_of_ones_own_never_leaves_a_bad_verdict_out(tmp_path: Path, report: Path) -> None:
    config = configure(tmp_path, emne="{kommune} {periode}: alt stemmer")
    assert call("mail", "--config", config, "--run", report, "--eml", tmp_path / "k.eml") == 0
    assert parsed((tmp_path / "k.eml").read_bytes())["Subject"].startswith("Skal undersøges: ")
