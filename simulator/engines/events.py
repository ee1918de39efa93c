"""The model as SimPy processes, one per activity, written to be read.

Numbers in comments are the rules of `simulator.engines`. What happens on one day is ordered by the
priority of events: SimPy handles the events of one day by priority first, then in the order in which
they were made. Its own priorities 0 and 1 carry what takes effect at once; ours come after.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
import simpy
from simpy.events import EventPriority

from simulator.days import ENDLESS, NEVER
from simulator.engines import MONEY_TOLERANCE
from simulator.inputs import Inputs
from simulator.network import Network
from simulator.timeline import Timeline

Process: TypeAlias = Generator[simpy.Event, Any, None]


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


class Happening(simpy.Event):
    """Something that happens on a given day, in its place in the order of the day."""

    def __init__(self, env: Calendar, day: int, order: Order) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, priority=EventPriority(order), delay=day - env.day)


def run(network: Network, inputs: Inputs) -> Timeline:
    """The timeline of every replication, each simulated by itself."""
    tables = Tables(network)
    record = Record(network, inputs.replications)
    for replication in range(inputs.replications):
        future = Future(tables, inputs, replication)
        future.run()
        record.keep(replication, future)
    return Timeline(network=network, **record.arrays)


class Tables:
    """The network as lists, which plain Python reads faster than arrays."""

    def __init__(self, network: Network) -> None:
        self.network = network
        count = len(network.activities)
        self.milestones = len(network.milestone_days)
        self.cluster = network.cluster.tolist()
        self.stage = network.stage.tolist()
        self.priority = network.priority.tolist()
        self.release = network.release.tolist()
        self.predecessors = [network.predecessors[a].tolist() for a in range(count)]
        self.asks = [network.asks.of(a) for a in range(count)]
        self.spends = [network.spends.of(a) for a in range(count)]
        self.returns = [network.returns.of(a) for a in range(count)]
        self.phase = network.phase.tolist()
        self.phase_size = network.phase_size.tolist()
        self.phase_returns = [network.phase_returns.of(p) for p in range(len(network.phase_size))]
        self.learning = [network.learning[a].tolist() for a in range(count)]
        self.congestion = list(
            zip(
                network.congestion_resource.tolist(),
                network.congestion_beyond.tolist(),
                network.congestion_each.tolist(),
                strict=True,
            )
        )
        self.board = network.board.tolist()
        self.meetings = [network.meetings[b].tolist() for b in range(len(network.boards))]
        self.seats = network.seats.tolist()
        self.window = network.window.tolist()
        self.window_days = [network.window_days[w].tolist() for w in range(len(network.windows))]
        self.capacity_steps = [
            list(zip(network.capacity_days[r].tolist(), network.capacity_values[r].tolist(), strict=True))
            for r in range(len(network.resources))
        ]
        self.tranche_budget = network.tranche_budget.tolist()
        self.disrupts = [network.disrupts[system].tolist() for system in range(len(network.legacy))]
        self.leaves = [sorted({a for user in terms.users for a in user.activities}) for terms in network.legacy]
        self.first_slot = network.asks.starts.tolist()
        self.first_spend_slot = (network.spends.starts + len(network.asks)).tolist()


@dataclass
class Case:
    """A case before a board."""

    activity: int
    priority: int
    since: int
    not_before: int
    heard: simpy.Event

    @property
    def rank(self) -> tuple[int, int, int]:
        return self.priority, self.since, self.activity


@dataclass
class Request:
    """A request in line: what it wants, and what it has been waiting for since when."""

    activity: int
    priority: int
    asked: int
    granted: simpy.Event
    reason: int = -1
    since: int = field(default=0)

    @property
    def rank(self) -> tuple[int, int, int]:
        return self.priority, self.asked, self.activity


class Future:
    """One replication."""

    def __init__(self, tables: Tables, inputs: Inputs, replication: int) -> None:
        self.tables = tables
        self.inputs = inputs
        self.replication = replication
        self.env = Calendar()
        network = tables.network
        count = len(network.activities)
        self.asked = [NEVER] * count
        self.granted = [NEVER] * count
        self.started = [NEVER] * count
        self.worked = [NEVER] * count
        self.finished = [NEVER] * count
        self.disrupted = [0] * count
        self.reworked = [0] * count
        self.rework_disrupted = [0] * count
        self.completions = [-1] * count
        self.crowd = [-1] * count
        self.ends = [-1] * count
        """The day on which work or rework under way ends, -1 where none is."""
        self.completed: dict[int, int] = {}
        self.completed_by: dict[tuple[int, int], int] = {}
        self.phase_left = list(tables.phase_size)
        self.round_over: Happening | None = None
        self.done = [self.env.event() for _ in range(count)]
        self.line = Line(self)
        self.boards = [Board(self, b) for b in range(len(network.boards))]
        self.in_use = [self._is_used(system) for system in range(len(network.legacy))]

    def run(self) -> None:
        """Let everything happen up to the horizon, that day included (rule 17)."""
        env, tables = self.env, self.tables
        for row, system in enumerate(self.inputs.failures.system.tolist()):
            env.process(self.failure(row, system))
        for resource in range(len(tables.capacity_steps)):
            env.process(self.capacity(resource))
        for tranche in range(len(tables.tranche_budget)):
            env.process(self.tranche(tranche))
        for activity in range(len(self.done)):
            env.process(self.milestone(activity) if activity < tables.milestones else self.activity(activity))
        for system, activities in enumerate(tables.leaves):
            env.process(self.retirement(system, activities))
        env.run(until=tables.network.horizon + 1)
        self.line.close(tables.network.horizon)

    def on(self, day: int, order: Order) -> Happening:
        """An event on a day, in its place in the order of that day."""
        return Happening(self.env, day, order)

    def next_round(self) -> Happening:
        """An event after all else of this round; everyone who waits for it goes on at once."""
        if self.round_over is None or self.round_over.processed:
            self.round_over = self.on(self.env.day, Order.NEXT_ROUND)
        return self.round_over

    # -- the life of an activity -------------------------------------------------------------------

    def activity(self, a: int) -> Process:
        """Rules 1 to 8, one after the other."""
        env = self.env
        yield env.all_of([self.done[before] for before in self.tables.predecessors[a]])  # 1 blocked
        if env.day < self.tables.release[a]:
            yield self.on(self.tables.release[a], Order.RELEASES)  # 2 released
        self.asked[a] = env.day
        if self._is_skipped(a):
            self._skip(a)
            return
        yield self.line.ask(a)  # 3 asks, 4 granted
        self.granted[a] = env.day
        if (opens := self._window_opens(a)) > env.day:
            yield self.on(opens, Order.WINDOWS)  # 5 waits for its window
        self.started[a] = env.day
        yield from self._work(a, self._length(a))  # 6 works
        self.worked[a] = env.day
        if self.tables.board[a] >= 0:
            yield from self._hearings(a)  # 7 waits to be heard
        self._finish(a)  # 8 finishes

    def milestone(self, a: int) -> Process:
        """Something outside any cluster that finishes on its day."""
        day = int(self.inputs.milestone_day[a, self.replication])
        yield self.on(day, Order.MILESTONES)
        self.asked[a] = self.granted[a] = self.started[a] = self.worked[a] = self.finished[a] = day
        self.done[a].succeed()

    def _is_skipped(self, a: int) -> bool:
        wave = self.inputs.wave[a]
        return bool(wave >= 0 and self.inputs.skipped[wave, self.replication])

    def _skip(self, a: int) -> None:
        now = self.env.day
        self.granted[a] = self.started[a] = self.worked[a] = self.finished[a] = now
        self._leave_phase(a)
        self.done[a].succeed()

    def _window_opens(self, a: int) -> int:
        window = self.tables.window[a]
        if window < 0:
            return self.env.day
        days = self.tables.window_days[window]
        first = bisect_left(days, self.env.day)
        return days[first] if first < len(days) else NEVER

    def _length(self, a: int) -> int:
        row = self.inputs.effect[a]
        factor, delay = 1.0, 0.0
        if row >= 0:
            factor = float(self.inputs.factor[row, self.replication])
            delay = float(self.inputs.delay[row, self.replication])
        if self.tables.learning[a]:
            factor *= self._learnt(a)
        resource, beyond, each = self.tables.congestion[a]
        if resource >= 0:
            self.crowd[a] = self.line.inside[resource]
            factor *= 1.0 + each * max(0, self.crowd[a] - beyond)  # 14
        return round(min(float(self.inputs.length[a, self.replication]) * factor + delay, ENDLESS))

    def _learnt(self, a: int) -> float:
        """The factor after what other clusters have completed (rule 13)."""
        stage, cluster = self.tables.stage[a], self.tables.cluster[a]
        others = self.completed.get(stage, 0) - self.completed_by.get((cluster, stage), 0)
        self.completions[a] = others
        return float(self.tables.learning[a][others])

    def _work(self, a: int, days: int) -> Process:
        """Work or rework, which failures may lengthen while it is under way (rule 15)."""
        self.ends[a] = self.env.day + days
        if days == 0:
            yield self.next_round()  # 12
        while True:
            yield self.on(self.ends[a], Order.ENDS)
            if self.env.day == self.ends[a]:
                break
        self.ends[a] = -1

    def _hearings(self, a: int) -> Process:
        board = self.boards[self.tables.board[a]]
        case = self.inputs.case[a]
        returns = int(self.inputs.returned[case, self.replication]) if case >= 0 else 0
        not_before = self.env.day
        for number in range(returns):
            yield board.wait(a, not_before)
            not_before = self.env.day + 1
            days = int(self.inputs.rework[self.inputs.rework_starts[case] + number, self.replication])
            self.reworked[a] += days
            yield from self._work(a, days)
        yield board.wait(a, not_before)

    def _finish(self, a: int) -> None:
        stage, cluster = self.tables.stage[a], self.tables.cluster[a]
        self.finished[a] = self.env.day
        self.line.give_back(self.tables.returns[a])
        self._leave_phase(a)
        if stage >= 0:
            self.completed[stage] = self.completed.get(stage, 0) + 1
            self.completed_by[cluster, stage] = self.completed_by.get((cluster, stage), 0) + 1
        self.done[a].succeed()

    def _leave_phase(self, a: int) -> None:
        phase = self.tables.phase[a]
        if phase >= 0:
            self.phase_left[phase] -= 1
            if self.phase_left[phase] == 0:
                self.line.give_back(self.tables.phase_returns[phase])

    # -- the world around --------------------------------------------------------------------------

    def capacity(self, resource: int) -> Process:
        """A resource opens, closes, and changes its capacity (rule 16)."""
        before_steps = int(self.inputs.capacity[resource, self.replication])
        for day, units in self.tables.capacity_steps[resource]:
            yield self.on(day, Order.SUPPLY)
            self.line.capacity[resource] = before_steps if units < 0 else units
            self.line.review()

    def tranche(self, tranche: int) -> Process:
        """Money arrives in a budget."""
        day = int(self.inputs.tranche_day[tranche, self.replication])
        yield self.on(day, Order.SUPPLY)
        self.line.money[self.tables.tranche_budget[tranche]] += float(
            self.inputs.tranche_amount[tranche, self.replication]
        )
        self.line.review()

    def failure(self, row: int, system: int) -> Process:
        """A legacy system fails; if it is still in use, it lengthens its clusters' work (rule 15)."""
        failures = self.inputs.failures
        day = int(failures.day[row, self.replication])
        if day == NEVER:
            return
        yield self.on(day, Order.FAILURES)
        if not self.in_use[system]:
            return
        days = int(failures.length[row, self.replication])
        for a in self.tables.disrupts[system]:
            if self.ends[a] > day:
                self.ends[a] += days
                lengthened = self.disrupted if self.worked[a] == NEVER else self.rework_disrupted
                lengthened[a] += days

    def retirement(self, system: int, activities: list[int]) -> Process:
        """A legacy system goes out of use when the last of its users is live."""
        if self.in_use[system]:
            yield self.env.all_of([self.done[a] for a in activities])
            self.in_use[system] = bool(self.inputs.remains[system, self.replication])

    def _is_used(self, system: int) -> bool:
        return bool(self.tables.leaves[system]) or bool(self.inputs.remains[system, self.replication])


class Line:
    """The line of requests, and the units and money that they want; grants once per round (rule 11)."""

    def __init__(self, future: Future) -> None:
        network = future.tables.network
        self.future = future
        self.env = future.env
        self.capacity = [0] * len(network.resources)
        self.inside = [0] * len(network.resources)
        self.peak = [0] * len(network.resources)
        self.money = [0.0] * len(network.budgets)
        self.requests: list[Request] = []
        self.waited = [0] * network.slots
        self.waiting_for = [-1] * len(network.activities)
        self.reviewing = False

    def ask(self, a: int) -> simpy.Event:
        """Stand in line; the event happens when all is granted."""
        now = self.env.day
        request = Request(a, self.future.tables.priority[a], now, self.env.event(), since=now)
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
        yield self.future.on(self.env.day, Order.GRANTS)
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
                taken.update(resource for resource, _ in self.future.tables.asks[request.activity])
                frozen.update(budget for budget, _ in self.future.tables.spends[request.activity])

    def _short(self, a: int, taken: set[int], frozen: set[int]) -> int:
        """The first wait slot that cannot be granted, -1 where all can (rule 18)."""
        tables = self.future.tables
        for slot, (resource, units) in enumerate(tables.asks[a], tables.first_slot[a]):
            if resource in taken or self.capacity[resource] - self.inside[resource] < units:
                return slot
        for slot, (budget, money) in enumerate(tables.spends[a], tables.first_spend_slot[a]):
            if budget in frozen or self.money[budget] + MONEY_TOLERANCE < money:
                return slot
        return -1

    def _count(self, request: Request, reason: int) -> None:
        """Days in line count against what was short until now."""
        if request.reason >= 0:
            self.waited[request.reason] += self.env.day - request.since
        request.since, request.reason = self.env.day, reason

    def _grant(self, request: Request) -> None:
        tables, a = self.future.tables, request.activity
        for resource, units in tables.asks[a]:
            self.inside[resource] += units
            self.peak[resource] = max(self.peak[resource], self.inside[resource])
        for budget, money in tables.spends[a]:
            self.money[budget] -= money
        self.requests.remove(request)
        request.granted.succeed()

    def close(self, horizon: int) -> None:
        """What is still in line at the horizon has waited until then."""
        for request in self.requests:
            self.waited[request.reason] += horizon - request.since
            self.waiting_for[request.activity] = request.reason


class Board:
    """A board: hears those who wait on its meeting days, as far as its seats go (rule 10)."""

    def __init__(self, future: Future, number: int) -> None:
        self.future = future
        self.env = future.env
        self.days = future.tables.meetings[number]
        self.seats = future.tables.seats[number]
        self.cases: list[Case] = []
        self.called: set[int] = set()
        self.met_on = -1
        self.left = 0

    def wait(self, a: int, not_before: int) -> simpy.Event:
        """Wait to be heard; the event happens at the hearing."""
        case = Case(a, self.future.tables.priority[a], self.env.day, not_before, self.env.event())
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
        yield self.future.on(day, Order.BOARDS)
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


class Record:
    """The arrays of a timeline, filled one replication at a time."""

    PER_ACTIVITY = ("asked", "granted", "started", "worked", "finished", "disrupted", "reworked", "rework_disrupted")
    OF_LINE = ("waited", "waiting_for", "peak")
    PACED = ("completions", "crowd")

    def __init__(self, network: Network, replications: int) -> None:
        rows = dict.fromkeys((*self.PER_ACTIVITY, "waiting_for"), len(network.activities))
        rows |= {"waited": network.slots, "peak": len(network.resources)}
        rows |= dict.fromkeys(self.PACED, len(network.paced))
        self.paced = network.paced.tolist()
        self.arrays = {name: np.empty((count, replications), dtype=np.int32) for name, count in rows.items()}

    def keep(self, replication: int, future: Future) -> None:
        """Copy what one future recorded into its column."""
        for name in self.PER_ACTIVITY:
            self.arrays[name][:, replication] = getattr(future, name)
        for name in self.OF_LINE:
            self.arrays[name][:, replication] = getattr(future.line, name)
        for name in self.PACED:
            met = getattr(future, name)
            self.arrays[name][:, replication] = [met[a] for a in self.paced]
