"""Days on which something of the scenario can happen: meetings, window days, changes of capacity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from simulator.days import date_of, day_of, every_days, every_months, in_month
from simulator.scenario.model import Board, Meetings, Resource, Scenario, Window
from simulator.scenario.quantities import Span


def _within(dates: Iterable[date], scenario: Scenario) -> list[int]:
    days = {day_of(when, scenario.start) for when in dates}
    return sorted(day for day in days if 0 <= day <= scenario.horizon)


def _is_closed(day: int, spans: Iterable[Span]) -> bool:
    return any(span.first <= day <= span.last for span in spans)


def _meeting_dates(meets: Meetings, last: date) -> Iterable[date]:
    if meets.dates is not None:
        return meets.dates
    assert meets.every is not None
    assert meets.from_ is not None
    steps = every_months if meets.every.unit == "months" else every_days
    return steps(meets.from_, meets.every.count, last)


def meeting_days(board: Board, scenario: Scenario) -> list[int]:
    """Days from the start to the horizon on which a board meets, ascending."""
    last = date_of(scenario.horizon, scenario.start)
    days = _within(_meeting_dates(board.meets, last), scenario)
    return [day for day in days if not _is_closed(day, board.closed)]


def window_days(window: Window, scenario: Scenario) -> list[int]:
    """Days from the start to the horizon on which work may begin, ascending."""
    if window.dates is not None:
        return _within(window.dates, scenario)
    years = range(scenario.start.year, date_of(scenario.horizon, scenario.start).year + 1)
    months = window.months or ()
    return _within((in_month(year, month, window.day) for year in years for month in months), scenario)


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
