"""Kommuner by name and by code, as ``[kommune]`` and ``reconcile init`` take them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache

from reconcile.errors import did_you_mean
from reconcile.i18n import _
from reconcile.resources import REFERENCE


@cache
def names() -> Mapping[str, str]:
    """Code → name."""
    with (REFERENCE / "kommune.csv").open(encoding="utf-8", newline="") as handle:
        return {row["kommune"]: row["navn"] for row in csv.DictReader(handle, delimiter=";")}


def code_of(name: str) -> str | None:
    """The code of «Lemvig», «Lemvig Kommune» or «Københavns Kommune»; None where no kommune is called so."""
    plain = re.sub(r"\s+(regions)?kommune$", "", name.strip(), flags=re.IGNORECASE).casefold()
    codes = {known.casefold(): code for code, known in names().items()}
    return codes.get(plain) or codes.get(plain.removesuffix("s"))


def kommune(text: str) -> tuple[str, str] | None:
    """Code and name of what somebody has typed, a name or a code; None where there is no such kommune."""
    word = text.strip()
    code = word.zfill(3)[-3:] if re.fullmatch("[0-9]{3,4}", word) else code_of(word)
    return (code, names()[code]) if code and code in names() else None


def unknown(text: str) -> str:
    """That there is no such kommune, and which is meant."""
    said = _("«{navn}» er ikke en kommune; skriv kommunens navn eller dens tre cifre.").format(navn=text)
    return said + did_you_mean(text, sorted(names().values()))
