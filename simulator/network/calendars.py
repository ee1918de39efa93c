"""Days on which something of the scenario can happen: meetings, window days, changes of capacity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from simulator.days import date_of, day_of, every_days, every_months, in_month
from simulator.scenario.model import Board, Meetings, Resource, Scenario, Window
from simulator.scenario.quantities import Span

REPEATED: Final = 256
"""Calendars that are remembered: schedules of one scenario, and scenarios of one folder, have the same."""


def _within(dates: Iterable[date], start: date, horizon: int) -> list[int]:
    days = {day_of(when, start) for when in dates}
    return sorted(day for day in days if 0 <= day <= horizon)


def _is_closed(day: int, spans: Iterable[Span]) -> bool:
    return any(span.first <= day <= span.last for span in spans)


def _meeting_dates(meets: Meetings, last: date) -> Iterable[date]:
    if meets.dates is not None:
        return meets.dates
    assert meets.every is not None
    assert meets.from_ is not None
    steps = every_months if meets.every.unit == "months" else every_days
    return steps(meets.from_, meets.every.count, last)


def meeting_days(board: Board, scenario: Scenario) -> tuple[int, ...]:
    """Days from the start to the horizon on which a board meets, ascending."""
    return _meetings(board.meets, board.closed, scenario.start, scenario.horizon)


@lru_cache(maxsize=REPEATED)
def _meetings(meets: Meetings, closed: tuple[Span, ...], start: date, horizon: int) -> tuple[int, ...]:
    days = _within(_meeting_dates(meets, date_of(horizon, start)), start, horizon)
    return tuple(day for day in days if not _is_closed(day, closed))


def window_days(window: Window, scenario: Scenario) -> tuple[int, ...]:
    """Days from the start to the horizon on which work may begin, ascending."""
    return _window(window, scenario.start, scenario.horizon)


@lru_cache(maxsize=REPEATED)
def _window(window: Window, start: date, horizon: int) -> tuple[int, ...]:
    if window.dates is not None:
        return tuple(_within(window.dates, start, horizon))
    years = range(start.year, date_of(horizon, start).year + 1)
    months = window.months or ()
    return tuple(_within((in_month(year, month, window.day) for year in years for month in months), start, horizon))


def capacity_steps(resource: Resource, horizon: int) -> list[tuple[int, int]]:
    """Days on which a resource's capacity is set, with the value from that day on.

    The first is day 0. The value -1 stands for the capacity before any step, which may be uncertain.
    """
    days = {0, *resource.steps}
    days |= {day for day in (resource.opens, resource.closes) if day is not None}
    days |= {day for span in resource.closed for day in (span.first, span.last + 1)}
    steps: list[tuple[int, int]] = []
    for day in sorted({max(day, 0) for day in days}):
        value = _capacity_on(resource, day)
        if day <= horizon and (not steps or steps[-1][1] != value):
            steps.append((day, value))
    return steps


def _capacity_on(resource: Resource, day: int) -> int:
    if resource.opens is not None and day < resource.opens:
        return 0
    if resource.closes is not None and day >= resource.closes:
        return 0
    if _is_closed(day, resource.closed):
        return 0
    past = [step for step in resource.steps if step <= day]
    return resource.steps[max(past)] if past else -1
