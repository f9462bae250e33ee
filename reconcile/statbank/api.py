"""One POST to StatBank's API: time limits, bounded retries, safe redirects, and the API's own words when it refuses.

urllib, not requests: it trusts the certificates the operating system trusts, and a municipality's network often opens
TLS with a certificate of its own.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from reconcile import __version__
from reconcile.domain.cpr import mask
from reconcile.errors import FetchError
from reconcile.i18n import _
from reconcile.settings.config import may_be_asked

#: How many times a question is asked, the first pause between them (doubled each time) and the longest, in seconds.
ATTEMPTS = 4
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0

_PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_BYTES = 200 * 10**6
_CHUNK = 1 << 16
_SHOWN = 300


@dataclass(frozen=True)
class Answer:
    """What came back. ``whole`` is False when the server gave no length, so that a cut cannot be seen."""

    url: str
    body: bytes
    whole: bool


class RefusedError(FetchError):
    """The API said no; ``code`` is its error code (``EXTRACT-NOTFOUND``), empty when the answer had none."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.code = code


class _PassingError(Exception):
    """A fault that may be gone in a moment; ``wait`` is what the server asked for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class _Redirect(HTTPRedirectHandler):
    """Follows a redirect with the same question; never away from https, but for a server on this machine."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request:  # noqa: ARG002, PLR0917 - urllib's signature
        """The same question to the new address; refused where that is not https or the answer asks for another method."""
        local = urlsplit(req.full_url).scheme == "http"
        if code == 303 or not may_be_asked(newurl) or (urlsplit(newurl).scheme == "http" and not local):
            text = _("{url} sender videre til {ny}; det følges ikke. Ret [statbank] url i reconcile.toml.")
            raise FetchError(text.format(url=_plain(req.full_url), ny=_plain(newurl)))
        return Request(newurl, data=req.data, headers=dict(req.headers), method="POST")  # noqa: S310 - checked above


def post(url: str, question: Mapping[str, Any], timeout: float, say: Callable[[str], None]) -> Answer:
    """Ask a question and return the whole answer.

    Args:
        url: the function's address, e.g. ``https://api.statbank.dk/v1/data``.
        question: sent as JSON.
        timeout: seconds one attempt may take, from connecting to the last byte.
        say: told about each retry.

    Raises:
        RefusedError: the API answered that the question is wrong.
        FetchError: no usable answer after ``ATTEMPTS`` attempts.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _once(url, question, timeout)
        except _PassingError as fault:
            if attempt == ATTEMPTS:
                _give_up(url, str(fault))
            pause = min(fault.wait if fault.wait is not None else FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
            say(_("{grund}; prøver igen om {pause:.0f} s").format(grund=fault, pause=pause))
            time.sleep(pause)
    raise AssertionError("unreachable")


def _once(url: str, question: Mapping[str, Any], timeout: float) -> Answer:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"reconcile/{__version__}"}
    data = json.dumps(question, ensure_ascii=False).encode("utf-8")
    request = Request(url, data=data, headers=headers, method="POST")  # noqa: S310 - the configuration allows https only
    deadline = time.monotonic() + timeout
    try:
        with build_opener(_Redirect).open(request, timeout=timeout) as response:
            return _read(response, deadline)
    except HTTPError as error:
        _refusal(error)
    except URLError as error:
        _no_connection(url, error.reason)
    except (http.client.HTTPException, OSError, UnicodeError) as error:
        _no_connection(url, error)


def _read(response: http.client.HTTPResponse, deadline: float) -> Answer:
    parts: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > _MOST_BYTES:
            raise FetchError(
                _("Svaret fylder over 200 MB og er ikke hentet færdigt; vælg færre kvartaler med --period.")
            )
        if time.monotonic() > deadline:
            raise TimeoutError
    told = response.headers.get("Content-Length")
    if told is not None and told.isdigit() and int(told) != size:
        raise _PassingError(_("forbindelsen brød efter {antal} af {ialt} bytes").format(antal=size, ialt=told))
    return Answer(response.url, b"".join(parts), told is not None or bool(response.chunked))


def _no_connection(url: str, reason: object) -> NoReturn:
    """Turn what urllib says into a passing fault, or into the end where asking again cannot help."""
    if isinstance(reason, ssl.SSLCertVerificationError):
        text = _(
            "Certifikatet fra {url} kan ikke godkendes ({grund}). Spørg jeres it-afdeling om netværkets rodcertifikat."
        )
        raise FetchError(text.format(url=_plain(url), grund=_clean(str(reason)))) from None
    if isinstance(reason, TimeoutError):
        raise _PassingError(_("svaret kom ikke inden for tidsgrænsen")) from None
    if isinstance(reason, http.client.IncompleteRead | ConnectionResetError | http.client.RemoteDisconnected):
        raise _PassingError(_("forbindelsen brød midt i svaret")) from None
    said = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    raise _PassingError(_("ingen forbindelse ({grund})").format(grund=_clean(said))) from None


def _refusal(error: HTTPError) -> NoReturn:
    try:
        body = error.read(_CHUNK)
    except (OSError, http.client.HTTPException):
        body = b""
    code, message = error_message(body)
    text = _("svarede {status} {ord}").format(status=error.code, ord=_clean(str(error.reason)))
    text = f"{text}: {message}" if message else text
    if error.code in _PASSING_STATUS:
        raise _PassingError(text, _retry_after(error.headers.get("Retry-After"))) from None
    raise RefusedError(f"{_plain(error.url)} {text.rstrip('.')}.", code) from None


def _retry_after(value: str | None) -> float | None:
    """Seconds of a ``Retry-After`` header, which is a number or a date; None when it is neither."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def error_message(body: bytes) -> tuple[str, str]:
    """The error code and the words of an error body: the API's JSON, or the text of any other page, trimmed."""
    text = body.decode("utf-8-sig", errors="replace")
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if isinstance(parsed, dict):
        code, message = str(parsed.get("errorTypeCode") or ""), str(parsed.get("message") or "")
        if code or message:
            return code, _clean(f"{message} ({code})" if code else message)
    return "", _clean(re.sub(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE))


def _clean(text: str) -> str:
    """One line that is safe to print: no control characters, no CPR numbers, at most ``_SHOWN`` characters."""
    line = mask(" ".join("".join(c if c.isprintable() else " " for c in text).split()))
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _plain(url: str) -> str:
    """An address without a user name and password that may stand in it."""
    parts = urlsplit(url)
    return _clean(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())


def _give_up(url: str, reason: str) -> NoReturn:
    text = _(
        "{url} gav intet brugbart svar efter {antal} forsøg: {grund}.\n"
        "Er der netværk, og er adressen åben i jeres firewall? Ellers hent tabellen på www.statistikbanken.dk som CSV, "
        "XLSX, PX eller JSON-stat, og læg filen i ind/. Intet er ændret."
    )
    raise FetchError(text.format(url=_plain(url), antal=ATTEMPTS, grund=reason.rstrip("."))) from None
