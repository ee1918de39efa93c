"""Why activities were unfinished at the horizon: stranded for good, or merely not yet done.

An unfinished activity is one of

- ``blocked``: one that it waits for is unfinished;
- ``stranded: X`` in line for a resource or budget that can never serve it: more units than the capacity at the
  horizon, more money than is left when every tranche has arrived (those after the horizon too), or behind
  someone who is stranded in line for the same thing, since nobody overtakes;
- ``waiting: X`` in line for what is short at the horizon, but may yet come;
- ``stranded: W`` before a window or a board whose list of dates is past, ``waiting: W`` before another one
  (what is reworked at the horizon counts as before its board);
- ``working``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from simulator.days import NEVER, date_of
from simulator.inputs import BoolArray
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes.milestones import Milestones
from simulator.scenario.model import Scenario

TOLERANCE = 1e-9
"""Of money, as the engines compare it (rule 19)."""


def unfinished(scenario: Scenario, milestones: Milestones) -> dict[str, dict[str, int]]:
    """Activity to why it was unfinished at the horizon, to in how many replications; only those that ever were."""
    network = milestones.network
    late = (milestones.timeline.finished == NEVER).any(axis=1) & (network.cluster >= 0)
    if not late.any():
        return {}
    reasons = _Reasons(scenario, milestones)
    found: dict[str, dict[str, int]] = {}
    for activity in np.flatnonzero(late).tolist():
        counts = {reason: int(where.sum()) for reason, where in reasons.of(activity)}
        found[network.activities[activity]] = {reason: count for reason, count in counts.items() if count}
    return found


class _Reasons:
    """Tells why one activity after the other is unfinished."""

    def __init__(self, scenario: Scenario, milestones: Milestones) -> None:
        self.scenario = scenario
        self.milestones = milestones
        self.network = milestones.network
        self.timeline = milestones.timeline
        self.line = Line(milestones)

    def of(self, a: int) -> Iterator[tuple[str, BoolArray]]:
        """Reasons with the replications where each holds, (N,); exactly one where the activity is unfinished."""
        timeline = self.timeline
        yield "blocked", timeline.asked[a] == NEVER
        yield from self._in_line(a)
        inside = (timeline.granted[a] < NEVER) & (timeline.finished[a] == NEVER)
        at_window = inside & (timeline.started[a] == NEVER)
        if (window := int(self.network.window[a])) >= 0:
            name = self.network.windows[window]
            yield self._gate(name, self.scenario.windows[name].dates), at_window
        after_work = inside & (timeline.worked[a] < NEVER)
        yield "working", inside & ~at_window & ~after_work
        if (board := int(self.network.board[a])) >= 0:
            name = self.network.boards[board]
            yield self._gate(name, self.scenario.boards[name].meets.dates), after_work

    def _in_line(self, a: int) -> Iterator[tuple[str, BoolArray]]:
        left = self.timeline.waiting_for[a] >= 0
        for slot in self.line.slots_of(a):
            hopeless = self.line.hopeless[slot]
            yield f"stranded: {self.network.slot_name(slot)}", left & hopeless
            left = left & ~hopeless
        for slot in self.line.slots_of(a):
            yield f"waiting: {self.network.slot_name(slot)}", left & (self.timeline.waiting_for[a] == slot)

    def _gate(self, name: str, dates: tuple[date, ...] | None) -> str:
        """Whether a window or board has no date left: only a list of dates ever ends."""
        horizon = date_of(self.network.horizon, self.network.start)
        over = dates is not None and all(when <= horizon for when in dates)
        return f"stranded: {name}" if over else f"waiting: {name}"


class Line:
    """The line at the horizon, and which of its requests can never be granted.

    ``hopeless`` has, for each wait slot of an activity in line, where it can never be served, (N,).
    """

    def __init__(self, milestones: Milestones) -> None:
        self.milestones = milestones
        self.network = milestones.network
        self.inside = milestones.timeline.waiting_for >= 0
        self.hopeless: dict[int, BoolArray] = {}
        waiting = np.flatnonzero(self.inside.any(axis=1)).tolist()
        self.wants = {a: self._wants(a) for a in waiting}
        self._seek()

    def slots_of(self, a: int) -> list[int]:
        """Wait slots of an activity, units before money."""
        return list(self.wants.get(a, {}).values())

    def _wants(self, a: int) -> dict[tuple[str, int], int]:
        """What an activity is in line for, to its slot."""
        network = self.network
        asked = {("units", r): int(network.asks.starts[a]) + i for i, (r, _) in enumerate(network.asks.of(a))}
        first = len(network.asks) + int(network.spends.starts[a])
        return asked | {("money", b): first + i for i, (b, _) in enumerate(network.spends.of(a))}

    def _seek(self) -> None:
        """First who wants too much, then who stands behind them, until nobody is added."""
        for a, wants in self.wants.items():
            for (kind, what), slot in wants.items():
                short = self._too_many(slot, what) if kind == "units" else self._too_dear(slot, what)
                self.hopeless[slot] = self.inside[a] & short
        while self._spread():
            pass

    def _spread(self) -> bool:
        changed = False
        for a, wants in self.wants.items():
            for other, their_wants in self.wants.items():
                shared = [what for what in wants if what in their_wants] if other != a else []
                if not shared:
                    continue
                behind = self.inside[a] & self._stuck(other) & self._before(other, a)
                for what in shared:
                    slot = wants[what]
                    if np.any(behind & ~self.hopeless[slot]):
                        self.hopeless[slot] = self.hopeless[slot] | behind
                        changed = True
        return changed

    def _stuck(self, a: int) -> BoolArray:
        stuck = np.zeros(self.milestones.size, dtype=np.bool_)
        for slot in self.wants[a].values():
            stuck |= self.hopeless[slot]
        return stuck

    def _before(self, a: int, b: int) -> BoolArray:
        """Where ``a`` stands before ``b``: by priority, then since when, then file order (rule 11)."""
        first, second = int(self.network.priority[a]), int(self.network.priority[b])
        if first != second:
            return np.full(self.milestones.size, first < second)
        asked = self.milestones.timeline.asked
        return asked[a] <= asked[b] if a < b else asked[a] < asked[b]

    def _too_many(self, slot: int, resource: int) -> BoolArray:
        last = int(self.network.capacity_values[resource][-1])
        capacity: IntArray | int = self.milestones.inputs.capacity[resource] if last < 0 else last
        return np.broadcast_to(self.network.asks.amount[slot] > capacity, self.milestones.size)

    def _too_dear(self, slot: int, budget: int) -> BoolArray:
        wanted = self.network.spends.amount[slot - len(self.network.asks)]
        return self._left_ever(budget) + TOLERANCE < wanted

    def _left_ever(self, budget: int) -> FloatArray:
        """Every tranche of a budget, less what was granted, (N,)."""
        milestones, spends = self.milestones, self.network.spends
        left = np.zeros(milestones.size)
        for tranche in np.flatnonzero(self.network.tranche_budget == budget).tolist():
            left += milestones.inputs.tranche_amount[tranche]
        for claim in np.flatnonzero(spends.what == budget).tolist():
            activity = int(spends.owner[claim])
            granted = milestones.timeline.granted[activity] < NEVER
            skipped = milestones.skipped(activity)
            left -= np.where(granted if skipped is None else granted & ~skipped, spends.amount[claim], 0.0)
        return left
