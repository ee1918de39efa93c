"""One future: the life of every activity, and the world around them, as SimPy processes.

Numbers in comments are the rules of `simulator.engines`.
"""

from __future__ import annotations

from bisect import bisect_left

from simulator.days import ENDLESS, NEVER
from simulator.engines.events.board import Board
from simulator.engines.events.calendar import Calendar, Happening, Order, Process
from simulator.engines.events.line import Line
from simulator.engines.events.lists import Lists
from simulator.inputs import Inputs


class Future:
    """One replication."""

    def __init__(self, lists: Lists, inputs: Inputs, replication: int) -> None:
        self.lists = lists
        self.inputs = inputs
        self.replication = replication
        self.env = Calendar()
        network = lists.network
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
        self.phase_left = list(lists.phase_size)
        self.round_over: Happening | None = None
        self.done = [self.env.event() for _ in range(count)]
        self.line = Line(self.env, lists)
        self.boards = [Board(self.env, lists, b) for b in range(len(network.boards))]
        self.in_use = [self._is_used(system) for system in range(len(network.legacy))]

    def run(self) -> None:
        """Let everything happen up to the horizon, that day included (rule 17)."""
        env, lists = self.env, self.lists
        for row, system in enumerate(self.inputs.failures.system.tolist()):
            env.process(self.failure(row, system))
        for resource in range(len(lists.capacity_steps)):
            env.process(self.capacity(resource))
        for tranche in range(len(lists.tranche_budget)):
            env.process(self.tranche(tranche))
        for activity in range(len(self.done)):
            env.process(self.milestone(activity) if activity < lists.milestones else self.activity(activity))
        for system, activities in enumerate(lists.leaves):
            env.process(self.retirement(system, activities))
        env.run(until=lists.network.horizon + 1)
        self.line.close(lists.network.horizon)

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
        yield env.all_of([self.done[before] for before in self.lists.predecessors[a]])  # 1 blocked
        if env.day < self.lists.release[a]:
            yield self.on(self.lists.release[a], Order.RELEASES)  # 2 released
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
        if self.lists.board[a] >= 0:
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
        window = self.lists.window[a]
        if window < 0:
            return self.env.day
        days = self.lists.window_days[window]
        first = bisect_left(days, self.env.day)
        return days[first] if first < len(days) else NEVER

    def _length(self, a: int) -> int:
        row = self.inputs.effect[a]
        factor, delay = 1.0, 0.0
        if row >= 0:
            factor = float(self.inputs.factor[row, self.replication])
            delay = float(self.inputs.delay[row, self.replication])
        if self.lists.learning[a]:
            factor *= self._learnt(a)
        resource, beyond, each = self.lists.congestion[a]
        if resource >= 0:
            self.crowd[a] = self.line.inside[resource]
            factor *= 1.0 + each * max(0, self.crowd[a] - beyond)  # 14
        return round(min(float(self.inputs.length[a, self.replication]) * factor + delay, ENDLESS))

    def _learnt(self, a: int) -> float:
        """The factor after what other clusters have completed (rule 13)."""
        stage, cluster = self.lists.stage[a], self.lists.cluster[a]
        others = self.completed.get(stage, 0) - self.completed_by.get((cluster, stage), 0)
        self.completions[a] = others
        return float(self.lists.learning[a][others])

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
        board = self.boards[self.lists.board[a]]
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
        stage, cluster = self.lists.stage[a], self.lists.cluster[a]
        self.finished[a] = self.env.day
        self.line.give_back(self.lists.returns[a])
        self._leave_phase(a)
        if stage >= 0:
            self.completed[stage] = self.completed.get(stage, 0) + 1
            self.completed_by[cluster, stage] = self.completed_by.get((cluster, stage), 0) + 1
        self.done[a].succeed()

    def _leave_phase(self, a: int) -> None:
        phase = self.lists.phase[a]
        if phase >= 0:
            self.phase_left[phase] -= 1
            if self.phase_left[phase] == 0:
                self.line.give_back(self.lists.phase_returns[phase])

    # -- the world around --------------------------------------------------------------------------

    def capacity(self, resource: int) -> Process:
        """A resource opens, closes, and changes its capacity (rule 16)."""
        before_steps = int(self.inputs.capacity[resource, self.replication])
        for day, units in self.lists.capacity_steps[resource]:
            yield self.on(day, Order.SUPPLY)
            self.line.capacity[resource] = before_steps if units < 0 else units
            self.line.review()

    def tranche(self, tranche: int) -> Process:
        """Money arrives in a budget."""
        day = int(self.inputs.tranche_day[tranche, self.replication])
        yield self.on(day, Order.SUPPLY)
        self.line.money[self.lists.tranche_budget[tranche]] += float(
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
        for a in self.lists.disrupts[system]:
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
        return bool(self.lists.leaves[system]) or bool(self.inputs.remains[system, self.replication])
