"""How many random worlds a property is tried on: fewer in the suite that is run all the time, many more in ``make deeper``."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

#: RECONCILE_EXAMPLES → what the number in a test is multiplied by.
TIMES = {"suite": 0.25, "deeper": 2.0, "thorough": 15.0}
_TIMES = TIMES[os.environ.get("RECONCILE_EXAMPLES", "suite")]
#: Whether there is time for all of what the suite takes a part of.
DEEP = _TIMES > 1


def examples(count: int, **more: Any) -> settings:
    """Settings of a property that is tried on about ``count`` worlds; two at least."""
    return settings(max_examples=max(2, round(count * _TIMES)), **more)
