"""The line of requests, and the units and money that they want."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.engines.events.calendar import Calendar, Event, Happening, Order, Process
from simulator.engines.events.lists import Lists
from simulator.engines.tolerance import MONEY_TOLERANCE


@dataclass
class Request:
    """A request in line: what it wants, and what it has been waiting for since when."""

    activity: int
    priority: int
    asked: int
    granted: Event
    reason: int = -1
    since: int = field(default=0)

    @property
    def rank(self) -> tuple[int, int, int]:
        return self.priority, self.asked, self.activity


class Line:
    """The line of requests, and the units and money that they want; grants once per round (rule 11)."""

    def __init__(self, env: Calendar, lists: Lists) -> None:
        network = lists.network
        self.env = env
        self.lists = lists
        self.capacity = [0] * len(network.resources)
        self.inside = [0] * len(network.resources)
        self.peak = [0] * len(network.resources)
        self.money = [0.0] * len(network.budgets)
        self.requests: list[Request] = []
        self.waited = [0] * network.slots
        self.waiting_for = [-1] * len(network.activities)
        self.reviewing = False

    def ask(self, a: int) -> Event:
        """Stand in line; the event happens when all is granted."""
        now = self.env.day
        request = Request(a, self.lists.priority[a], now, self.env.event(), since=now)
        self.requests.append(request)
        self.review()
        return request.granted

    def give_back(self, units: list[tuple[int, int]]) -> None:
        """Units return."""
        for resource, count in units:
            self.inside[resource] -= count
        if units:
            self.review()

    def review(self) -> None:
        """Have the line read today, after everything else."""
        if not self.reviewing:
            self.reviewing = True
            self.env.process(self._read())

    def _read(self) -> Process:
        yield Happening(self.env, self.env.day, Order.GRANTS)
        self.reviewing = False
        taken: set[int] = set()
        frozen: set[int] = set()
        for request in sorted(self.requests, key=lambda request: request.rank):
            reason = self._short(request.activity, taken, frozen)
            self._count(request, reason)
            if reason < 0:
                self._grant(request)
                # Handled before anything of the next round: the work that begins reads what is in use.
                yield self.env.timeout(0)
            else:
                taken.update(resource for resource, _ in self.lists.asks[request.activity])
                frozen.update(budget for budget, _ in self.lists.spends[request.activity])

    def _short(self, a: int, taken: set[int], frozen: set[int]) -> int:
        """The first wait slot that cannot be granted, -1 where all can (rule 18)."""
        lists = self.lists
        for slot, (resource, units) in enumerate(lists.asks[a], lists.first_slot[a]):
            if resource in taken or self.capacity[resource] - self.inside[resource] < units:
                return slot
        for slot, (budget, money) in enumerate(lists.spends[a], lists.first_spend_slot[a]):
            if budget in frozen or self.money[budget] + MONEY_TOLERANCE < money:
                return slot
        return -1

    def _count(self, request: Request, reason: int) -> None:
        """Days in line count against what was short until now."""
        if request.reason >= 0:
            self.waited[request.reason] += self.env.day - request.since
        request.since, request.reason = self.env.day, reason

    def _grant(self, request: Request) -> None:
        lists, a = self.lists, request.activity
        for resource, units in lists.asks[a]:
            self.inside[resource] += units
            self.peak[resource] = max(self.peak[resource], self.inside[resource])
        for budget, money in lists.spends[a]:
            self.money[budget] -= money
        self.requests.remove(request)
        request.granted.succeed()

    def close(self, horizon: int) -> None:
        """What is still in line at the horizon has waited until then."""
        for request in self.requests:
            self.waited[request.reason] += horizon - request.since
            self.waiting_for[request.activity] = request.reason
