"""Sends a mail over SMTP, only ever encrypted: TLS 1.2 or newer, with the server's certificate and name verified.

Before TLS the server hears nothing but EHLO and STARTTLS. A server without TLS is refused; there is no way around it.
"""

from __future__ import annotations

import base64
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path

from reconcile.domain.cpr import mask
from reconcile.errors import MailError
from reconcile.i18n import _
from reconcile.settings.mail import Mail

TIMEOUT = 60.0


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer, with certificate and host name verified; ``ca_file`` is trusted instead of the machine's own.

    Raises:
        MailError: the file cannot be read or holds no certificate.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError):
        raise MailError(_("mail.ca_fil: {fil} kan ikke læses som et certifikat (PEM).").format(fil=ca_file)) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def send(
    message: EmailMessage, recipients: tuple[str, ...], settings: Mail, password: str, context: ssl.SSLContext
) -> None:
    """Send a mail; a Date and a Message-ID are added.

    Raises:
        MailError: it was not sent, or not to everyone; the text says why, and never holds the password.
    """
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=message["From"].addresses[0].domain)
    server = f"{settings.server}:{settings.actual_port}"
    try:
        refused = _send(message, recipients, settings, password, context)
    except (smtplib.SMTPException, OSError) as error:
        text = _("Mailen er ikke sendt gennem {server}: {grund}")
        raise MailError(text.format(server=server, grund=_reason(error))) from None
    if refused:
        text = _("Mailen er sendt, men serveren {server} afviste {modtagere}.")
        raise MailError(text.format(server=server, modtagere=", ".join(sorted(refused))))


def _send(
    message: EmailMessage, recipients: tuple[str, ...], settings: Mail, password: str, context: ssl.SSLContext
) -> list[str]:
    """Connect, encrypt, log in, send; the recipients that were refused while others were taken."""
    smtp = _connected(settings, context)
    try:
        if settings.bruger:
            _login(smtp, settings.bruger, password)
        refused = smtp.send_message(message, message["From"].addresses[0].addr_spec, recipients)
        # What was taken is sent: a server that says goodbye badly does not change that.
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        return list(refused)
    finally:
        smtp.close()


def _login(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """Log in with PLAIN or LOGIN, in UTF-8: smtplib's own login cannot send a password with æøå."""
    smtp.ehlo_or_helo_if_needed()
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if "PLAIN" in offered:
        code, answer = smtp.docmd("AUTH", f"PLAIN {_base64(f'{chr(0)}{user}{chr(0)}{password}')}")
    elif "LOGIN" in offered:
        code, answer = smtp.docmd("AUTH", f"LOGIN {_base64(user)}")
        if code == 334:
            code, answer = smtp.docmd(_base64(password))
    else:
        raise smtplib.SMTPNotSupportedError
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _connected(settings: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    """A connection on which everything is encrypted from here on."""
    host, port = settings.server, settings.actual_port
    if settings.sikkerhed == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    smtp = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        smtp.starttls(context=context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _reason(error: Exception) -> str:
    """What went wrong as a sentence. The server's own words are quoted, but not at login: they could repeat it."""
    match error:
        case smtplib.SMTPAuthenticationError():
            said = _("brugernavn eller adgangskode blev afvist ({kode}).").format(kode=error.smtp_code)
        case smtplib.SMTPNotSupportedError():
            said = _("serveren tilbyder ikke det, der er brug for (TLS, login eller æøå i adresser).")
        case smtplib.SMTPRecipientsRefused():
            said = _("serveren afviste alle modtagere: {modtagere}.").format(modtagere=", ".join(error.recipients))
        case smtplib.SMTPServerDisconnected():
            said = _("serveren lukkede forbindelsen, før den kvitterede for mailen.")
        case smtplib.SMTPResponseException():
            words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
            text = _("serveren svarede {kode}: {svar}")
            said = text.format(kode=error.smtp_code, svar=mask(" ".join(words.split()))[:200])
        case OSError():
            said = _network_reason(error)
        case _other:
            said = _("serveren kunne ikke forstås ({slags}).").format(slags=type(error).__name__)
    return said


def _network_reason(error: OSError) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return _("serverens certifikat er ikke godkendt: {grund}.").format(grund=error.verify_message)
        case ssl.SSLError():
            text = _("der kan ikke laves en krypteret forbindelse (TLS 1.2 eller nyere): {grund}.")
            return text.format(grund=error.reason or _("afbrudt"))
        case TimeoutError():
            return _("serveren svarede ikke inden for {antal} sekunder.").format(antal=int(TIMEOUT))
        case _other:
            return _("der er ingen forbindelse ({grund}).").format(grund=error.strerror or type(error).__name__)
