"""Where the time went: the days from the scheduled date to go-live, split without remainder.

The days of a cluster are split along the chain that made it late. It is found by walking back from the
activity of the last department live: before each activity comes the one of its own cluster that it
waited for, that is the predecessor that finished last (the first in file order where several did). For each
activity of the chain

- from the finish of the one before to its own asking, it waited for other clusters (or milestones);
- from asking to being granted, it waited for resources and budgets, each day for what was short (rule 18);
- from being granted to its start, it waited for its window;
- from its start to the end of its first work, it worked: planned work, then risk delays (rounded to days),
  then disruption, and what is left is work beyond plan, negative where the work was quicker than planned;
- from there to its finish, it was reworked and disrupted, and waited for its board otherwise.

What lies before the origin (the scheduled date, or day 0) is left out, the earlier first: of an activity
under way at the origin only what was left of its plan counts as planned. What is unfinished is cut at the
horizon and filled in the same order. A cluster that none joins, or that is live before its origin, has no days.

Within a cluster predecessors come earlier in file order, so that `chain` can walk from the last activity to the first.
`time_compiled` does the same for large blocks, compiled, with equal numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from simulator.days import NEVER
from simulator.inputs import BoolArray
from simulator.network import Network
from simulator.network.values import IntArray
from simulator.outcomes.beyond_plan import finer, split_beyond
from simulator.outcomes.chain import mark_last_live, own_chains
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.values import BEYOND, DISRUPTION, OTHERS, PLANNED, REWORK, RISKS
from simulator.timeline import Timeline

FIRST_THING: Final = 5
"""The part of the first resource; budgets, boards and windows follow, and other clusters come last."""


def parts_of(network: Network) -> tuple[str, ...]:
    """Names of the parts, in the order in which they are shown."""
    things = (*network.resources, *network.budgets, *network.boards, *network.windows)
    return (PLANNED, BEYOND, RISKS, REWORK, DISRUPTION, *(f"waiting: {thing}" for thing in things), OTHERS)


def time_spent(milestones: Milestones, go_live: IntArray) -> IntArray:
    """Days by cluster and part, (C, K, N), for the days of go-live, (C, N).

    They add up to `min(go-live, horizon)` less the origin, or to 0 below it; replications in which no department
    joins have no days.
    """
    walks = [_Walk(milestones, cluster, parts_of(milestones.network)) for cluster in range(len(go_live))]
    shape = (0, len(parts_of(milestones.network)), milestones.size)
    spent = [walk.walk(live) for walk, live in zip(walks, go_live, strict=True)]
    return np.stack(spent) if spent else np.zeros(shape, dtype=np.int32)


def finer_parts_of(network: Network) -> tuple[str, ...]:
    """The same parts, the work beyond plan split further; see `beyond_plan`."""
    return finer(parts_of(network), BEYOND)


def time_spent_finer(milestones: Milestones, cluster: int, go_live: IntArray) -> IntArray:
    """The same days by `finer_parts_of`."""
    return _Walk(milestones, cluster, finer_parts_of(milestones.network)).walk(go_live)


@dataclass(frozen=True)
class _Moments:
    """An activity's days, (N,) each."""

    asked: IntArray
    granted: IntArray
    started: IntArray
    worked: IntArray
    finished: IntArray

    @classmethod
    def of(cls, timeline: Timeline, activity: int, horizon: np.int32) -> _Moments:
        """Cut at the horizon."""
        rows = (timeline.asked, timeline.granted, timeline.started, timeline.worked, timeline.finished)
        days = [row[activity] for row in rows]
        return cls(*days) if days[-1].max() <= horizon else cls(*(np.minimum(row, horizon) for row in days))

    def after(self, origin: np.int32) -> _Moments:
        """No earlier than the origin."""
        if self.asked.min() >= origin:
            return self
        rows = (self.asked, self.granted, self.started, self.worked, self.finished)
        return _Moments(*(np.maximum(row, origin) for row in rows))


class _Walk:
    """One cluster's chains, from the last activity back to the first."""

    def __init__(self, milestones: Milestones, cluster: int, parts: tuple[str, ...]) -> None:
        network = milestones.network
        self.milestones = milestones
        self.network = network
        self.timeline = milestones.timeline
        self.cluster = cluster
        self.horizon = np.int32(network.horizon)
        self.origin = np.int32(network.scheduled[cluster] or 0)
        self.activities = np.flatnonzero(network.cluster == cluster).tolist()
        self.column = {name: k for k, name in enumerate(parts)}
        self.days = np.zeros((len(self.column), milestones.size), dtype=np.int32)

    def walk(self, go_live: IntArray) -> IntArray:
        chains = own_chains(self.milestones, self.cluster)
        mark_last_live(chains, self.milestones, self.cluster, go_live, np.ones(self.milestones.size, dtype=np.bool_))
        for link in chains.walk(reversed(self.activities)):
            before = self.origin if link.before is None else np.minimum(link.before, self.horizon)
            self._split(link.activity, link.where, before)
        return self.days

    def _split(self, activity: int, chain: BoolArray, before: IntArray | np.int32) -> None:
        cut = _Moments.of(self.timeline, activity, self.horizon)
        if cut.finished.max() < self.origin:
            return
        late = cut.after(self.origin)
        everywhere = None if chain.all() else chain
        self._add(OTHERS, late.asked - np.maximum(before, self.origin), everywhere)
        self._split_line(activity, everywhere, cut, late)
        if (window := int(self.network.window[activity])) >= 0:
            self._add(f"waiting: {self.network.windows[window]}", late.started - late.granted, everywhere)
        self._split_work(activity, everywhere, cut, late)
        if (board := int(self.network.board[activity])) >= 0:
            self._split_hearings(activity, f"waiting: {self.network.boards[board]}", everywhere, cut, late)

    def _split_line(self, activity: int, chain: BoolArray | None, cut: _Moments, late: _Moments) -> None:
        slots = _slots(self.network, activity)
        waits = self._after_origin([self.timeline.waited[slot] for slot in slots], cut.asked, late.asked)
        for slot, days in zip(slots, waits, strict=True):
            self._add(f"waiting: {self.network.slot_name(slot)}", days, chain)

    def _split_work(self, activity: int, chain: BoolArray | None, cut: _Moments, late: _Moments) -> None:
        length = cut.worked - cut.started
        segments = [self._planned(activity), self._risk_delay(activity), self._disrupted(activity)]
        segments = _filled(segments, length, self.timeline.worked[activity] == NEVER)
        rest = length - sum(segments)
        if late is cut:
            left = [*segments, rest]
        else:
            left = self._after_origin([*segments, np.maximum(rest, 0)], cut.started, late.started)
            left[-1] = left[-1] + np.minimum(rest, 0)
        if late is not cut:
            # Work that was quicker than planned and over by the origin leaves a rest of its plan: not counted.
            counts = (cut.started >= self.origin) | (cut.worked > self.origin)
            chain = counts if chain is None else chain & counts
        for part, days in zip((PLANNED, RISKS, DISRUPTION), left, strict=False):
            self._add(part, days, chain)
        if BEYOND in self.column:
            self._add(BEYOND, left[-1], chain)
            return
        planned = np.broadcast_to(np.asarray(self._planned(activity) + self._risk_delay(activity)), length.shape)
        for part, days in split_beyond(self.milestones, activity, planned, np.asarray(left[-1])).items():
            self._add(part, days.astype(np.int32), chain)

    def _split_hearings(
        self, activity: int, board: str, chain: BoolArray | None, cut: _Moments, late: _Moments
    ) -> None:
        length = cut.finished - cut.worked
        segments = [self.timeline.reworked[activity], self.timeline.rework_disrupted[activity]]
        segments = _filled(segments, length, self.timeline.finished[activity] == NEVER)
        left = self._after_origin([*segments, length - sum(segments)], cut.worked, late.worked)
        for part, days in zip((REWORK, DISRUPTION, board), left, strict=True):
            self._add(part, days, chain)

    def _after_origin(
        self, segments: Sequence[IntArray | np.int32], begins: IntArray, late: IntArray
    ) -> list[IntArray | np.int32]:
        """What is left of consecutive segments that begin on a day when all before the origin is taken off."""
        if late is begins or not (over := late - begins).any():
            return list(segments)
        left: list[IntArray | np.int32] = []
        for segment in segments:
            taken = np.minimum(over, segment)
            left.append(segment - taken)
            over = over - taken
        return left

    def _planned(self, activity: int) -> IntArray | np.int32:
        planned = self.network.planned[activity]
        skipped = self.milestones.skipped(activity)
        return planned if skipped is None else np.where(skipped, np.int32(0), planned)

    def _risk_delay(self, activity: int) -> IntArray | np.int32:
        inputs = self.milestones.inputs
        row = int(inputs.effect[activity])
        if row < 0 or not inputs.delay[row].any():
            return np.int32(0)
        delay = np.rint(np.minimum(inputs.delay[row], NEVER)).astype(np.int32)
        skipped = self.milestones.skipped(activity)
        return delay if skipped is None else np.where(skipped, np.int32(0), delay)

    def _disrupted(self, activity: int) -> IntArray | np.int32:
        disrupted = self.timeline.disrupted[activity]
        return disrupted if disrupted.any() else np.int32(0)

    def _add(self, part: str, days: IntArray | np.int32, chain: BoolArray | None) -> None:
        """Days of a part where the activity is on the chain; everywhere where there is no mask."""
        if chain is None or not np.any(days):
            self.days[self.column[part]] += days
        else:
            self.days[self.column[part]] += days * chain


def _slots(network: Network, activity: int) -> list[int]:
    """Wait slots of an activity, units before money."""
    asks = range(int(network.asks.starts[activity]), int(network.asks.starts[activity + 1]))
    spends = range(int(network.spends.starts[activity]), int(network.spends.starts[activity + 1]))
    return [*asks, *(len(network.asks) + slot for slot in spends)]


def _filled(
    segments: Sequence[IntArray | np.int32], length: IntArray, unfinished: npt.NDArray[np.bool_]
) -> list[IntArray | np.int32]:
    """Consecutive segments; where the whole is unfinished, no more of each than the time up to the horizon."""
    if not unfinished.any():
        return list(segments)
    left = length
    cut: list[IntArray | np.int32] = []
    for segment in segments:
        kept = np.where(unfinished, np.minimum(segment, left), segment)
        left = left - kept
        cut.append(kept)
    return cut
