"""Boards, and the cases that wait to be heard."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from simulator.engines.events.calendar import Calendar, Event, Happening, Order, Process
from simulator.engines.events.lists import Lists


@dataclass
class Case:
    """A case before a board."""

    activity: int
    priority: int
    since: int
    not_before: int
    heard: Event

    @property
    def rank(self) -> tuple[int, int, int]:
        return self.priority, self.since, self.activity


class Board:
    """A board: hears those who wait on its meeting days, as far as its seats go (rule 10)."""

    def __init__(self, env: Calendar, lists: Lists, number: int) -> None:
        self.env = env
        self.lists = lists
        self.days = lists.meetings[number]
        self.seats = lists.seats[number]
        self.cases: list[Case] = []
        self.called: set[int] = set()
        self.met_on = -1
        self.left = 0

    def wait(self, a: int, not_before: int) -> Event:
        """Wait to be heard; the event happens at the hearing."""
        case = Case(a, self.lists.priority[a], self.env.day, not_before, self.env.event())
        self.cases.append(case)
        self._call(max(not_before, self.env.day))
        return case.heard

    def _call(self, not_before: int) -> None:
        """Have the first meeting from a day on take place."""
        first = bisect_left(self.days, not_before)
        if first < len(self.days) and self.days[first] not in self.called:
            self.called.add(self.days[first])
            self.env.process(self._meet(self.days[first]))

    def _meet(self, day: int) -> Process:
        yield Happening(self.env, day, Order.BOARDS)
        self.called.discard(day)
        if self.met_on != day:
            self.met_on, self.left = day, self.seats
        due = sorted((case for case in self.cases if case.not_before <= day), key=lambda case: case.rank)
        heard = due if self.seats < 0 else due[: self.left]
        for case in heard:
            self.cases.remove(case)
            case.heard.succeed()
        self.left -= len(heard)
        if self.cases:
            self._call(day + 1)
