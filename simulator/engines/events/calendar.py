"""SimPy's calendar in whole days, and the order of things on one day.

What happens on one day is ordered by the priority of events: SimPy handles the events of one day by priority first,
then in the order in which they were made. Its own priorities 0 and 1 carry what takes effect at once; ours come after.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import IntEnum
from typing import Any, TypeAlias

import simpy
from simpy.events import EventPriority

Event: TypeAlias = simpy.Event
Process: TypeAlias = Generator[Event, Any, None]


class Order(IntEnum):
    """The order of things on one day (rules 9 to 11)."""

    FAILURES = 2
    SUPPLY = 3
    ENDS = 4
    MILESTONES = 5
    RELEASES = 6
    WINDOWS = 7
    BOARDS = 8
    GRANTS = 9
    NEXT_ROUND = 10


class Calendar(simpy.Environment):
    """SimPy's environment, whose time is whole days."""

    @property
    def day(self) -> int:
        """Today."""
        return int(self.now)


class Happening(Event):
    """Something that happens on a given day, in its place in the order of the day."""

    def __init__(self, env: Calendar, day: int, order: Order) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, priority=EventPriority(order), delay=day - env.day)
