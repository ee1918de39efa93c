"""Days and dates: whole days since a scenario's start, calendars, and lengths in days."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import count, takewhile
from typing import Final

import numpy as np

NEVER: Final = int(np.iinfo(np.int32).max)
"""The time of what did not happen before the horizon; larger than any day."""

ENDLESS: Final = 100_000
"""No work is longer, in days: past every horizon, and thousands of them still add up to less than `NEVER`."""

DAYS_PER_YEAR: Final = 365.25
DAYS_PER_MONTH: Final = 30.4375
DAYS_PER_WEEK: Final = 7.0


def day_of(when: date, start: date) -> int:
    """Days from ``start`` to ``when``; negative before it."""
    return (when - start).days


def date_of(day: float, start: date) -> date:
    """The date that is ``day`` days (rounded half to even) after ``start``."""
    return start + timedelta(days=round(day))


def in_month(year: int, month: int, day: int) -> date:
    """The ``day``-th of a month, or its last day where the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def month_after(first: date, months: int) -> date:
    """The date ``months`` calendar months after ``first``.

    The day of the month is that of ``first``, or the last day of a shorter month.
    """
    index = first.year * 12 + first.month - 1 + months
    return in_month(index // 12, index % 12 + 1, first.day)


@lru_cache(maxsize=100)  # boards of one scenario, and those of a night's, often meet alike
def every_months(first: date, months: int, last: date) -> tuple[date, ...]:
    """Dates ``months`` calendar months apart from ``first`` to ``last``, both included."""
    return tuple(takewhile(lambda when: when <= last, (month_after(first, step * months) for step in count())))


def every_days(first: date, days: int, last: date) -> Iterator[date]:
    """Dates ``days`` days apart from ``first`` to ``last``, both included."""
    for step in range((last - first).days // days + 1):
        yield first + timedelta(days=step * days)
