"""``[database.<navn>]``: a warehouse that sources are read from, and the parts of its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator

from reconcile.i18n import N_, _
from reconcile.settings.sections import Frozen, key


@dataclass(frozen=True)
class Address:
    """``postgresql://laeser@lis/flis`` in parts; ``user`` is empty where the system's own login is used."""

    kind: Literal["postgresql", "mssql"]
    host: str
    port: int
    database: str
    user: str

    @property
    def loopback(self) -> bool:
        """Whether the server is this machine, so that nobody else can listen on the way."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def address(text: str) -> Address:
    """The parts of an address.

    Raises:
        ValueError: it is none, or it holds a password or options, which it must not.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(_not_an_address()) from None
    if parts.password is not None:
        raise ValueError(_("må ikke have en adgangskode; den findes i miljøet eller nøgleringen, eller der spørges"))
    name = unquote(parts.path.removeprefix("/"))
    plain = text.isprintable() and not re.search(r"[\s?#;{}]", text) and "/" not in name
    if not (plain and host and name and parts.scheme in ("postgresql", "mssql")):
        raise ValueError(_not_an_address())
    kind: Literal["postgresql", "mssql"] = "postgresql" if parts.scheme == "postgresql" else "mssql"
    return Address(kind, host, port or 0, name, unquote(parts.username or ""))


def _not_an_address() -> str:
    return _('skal være som "postgresql://bruger@server/database" eller "mssql://bruger@server/database"')


def _an_address(text: str) -> str:
    address(text)
    return text


class Database(Frozen):
    """``[database.<navn>]``: an address without a password. Beyond this machine there is no way without TLS."""

    adresse: Annotated[str, AfterValidator(_an_address)] = key(
        ...,
        N_("lagerets adresse, uden adgangskode; uden bruger logges der ind som den, der kører programmet"),
        example="postgresql://laeser@lis/flis",
    )
    tidsgraense: int = key(600, N_("sekunder, en forespørgsel må tage"), ge=1, le=86_400)
    ca_fil: str = key("", N_("jeres egen certifikatudsteder (PEM); for SQL Server serverens certifikat"))

    @property
    def address(self) -> Address:
        """The address in parts."""
        return address(self.adresse)
