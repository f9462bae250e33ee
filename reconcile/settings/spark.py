"""``[spark]``: where ``--engine spark`` computes."""

from __future__ import annotations

import re

from pydantic import field_validator, model_validator

from reconcile.i18n import N_, _
from reconcile.settings.sections import Frozen, Name, key

_SESSION = re.compile(r"local(\[(\*|[1-9][0-9]*)\])?|sc://[^\s/]+.*")


class Spark(Frozen):
    """``[spark]``: the session, and the folder in which tables are shared with it."""

    session: Name = key(
        "local[2]", N_("hvor --engine spark regner: local[2] er her med to kerner, sc://vaert:15002 er Spark Connect")
    )
    mappe: str = key(
        "",
        N_(
            "en mappe, som begge kan nå; tabellerne ligger der med CPR, mens kørslen varer. Tom: den midlertidige mappe"
        ),
    )

    @property
    def remote(self) -> bool:
        """Whether the session is elsewhere."""
        return self.session.startswith("sc://")

    @field_validator("session")
    @classmethod
    def _a_session(cls, value: str) -> str:
        if not _SESSION.fullmatch(value):
            raise ValueError(_("skal være local[2] eller en adresse som sc://vaert:15002"))
        return value

    @model_validator(mode="after")
    def _shared(self) -> Spark:
        if self.remote and not self.mappe:
            raise ValueError(_("mappe mangler: Spark et andet sted skal kunne læse de tabeller, der skrives her"))
        return self
