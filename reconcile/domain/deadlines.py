"""When a quarter must be reported and approved, and Danish working days.

Danmarks Statistik asks for «løbende indberetning senest den 14. i efterfølgende måned» and does not say what happens
when that day is a holiday; both the day itself and the next working day are therefore given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from reconcile.domain.periods import Quarter

#: Danmarks Statistik's day of the month after the period.
DEADLINE_DAY = 14
#: Days from Easter Sunday: skærtorsdag, langfredag, påskedag, 2. påskedag, himmelfartsdag, pinsedag, 2. pinsedag.
_FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)
#: Store bededag, the fourth Friday after Easter, was a holiday until 2023 (Lov nr. 214 af 06/03/2023).
_PRAYER_DAY, _LAST_PRAYER_DAY = 26, 2023
_FIXED = ((1, 1), (12, 25), (12, 26))


@dataclass(frozen=True)
class Deadline:
    """A deadline: the day itself, and the first working day from it on (the same day when it is one)."""

    day: date
    working_day: date

    @property
    def moved(self) -> bool:
        """Whether the day itself is a weekend or a public holiday."""
        return self.day != self.working_day


def deadline(quarter: Quarter) -> Deadline:
    """The deadline of a quarter: the 14th of the month after it."""
    day = quarter.next.first.replace(day=DEADLINE_DAY)
    return Deadline(day, next_working_day(day))


def next_working_day(day: date) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while day.weekday() >= 5 or day in public_holidays(day.year):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=16)
def public_holidays(year: int) -> frozenset[date]:
    """The Danish public holidays of a year (helligdage; not Grundlovsdag nor Christmas Eve)."""
    from dateutil.easter import easter

    sunday = easter(year)
    movable = (*_FROM_EASTER, *((_PRAYER_DAY,) if year <= _LAST_PRAYER_DAY else ()))
    fixed = (date(year, month, day) for month, day in _FIXED)
    return frozenset([*(sunday + timedelta(days=days) for days in movable), *fixed])
