"""A person's course as the tests of the bridge write one."""

from __future__ import annotations

from datetime import date
from typing import Any

ANNE = "0101501111"


def course(code: str, start: str, end: str | None = None, cpr: str = ANNE, **more: Any) -> dict[str, Any]:
    """A row of fagsystem or FLIS; days as ``2020-01-31``, without an end it is open."""
    last = date.fromisoformat(end) if end else None
    return {"cpr": cpr, "dst_kode": code, "start_dato": date.fromisoformat(start), "slut_dato": last, **more}
