"""How much each resource was used, and how long activities waited for it.

Use and capacity are counted from day 0 to the end of all work: the day on which the last activity of any
cluster finished, or the horizon where one did not. Capacity is what the calendar says on each day (rule 16), so
after a step down use may exceed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simulator.network.values import IntArray
from simulator.outcomes.milestones import Milestones

DayCounts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ResourceOutcomes:
    """How much each resource was used; int64 arrays (R, N), each worked out when first asked for."""

    milestones: Milestones

    @cached_property
    def used(self) -> DayCounts:
        """Unit-days in use, up to the end of all work or the horizon."""
        return _used(self.milestones)

    @cached_property
    def offered(self) -> DayCounts:
        """Unit-days of capacity from day 0 to the same end."""
        return _offered(self.milestones, _end_of_work(self.milestones))

    @property
    def waited(self) -> DayCounts:
        """Days in line because of it, those still in line counted to the horizon."""
        return self._waits[0]

    @property
    def requests(self) -> DayCounts:
        """How many activities asked for it, granted or not."""
        return self._waits[1]

    @cached_property
    def _waits(self) -> tuple[DayCounts, DayCounts]:
        return _waits(self.milestones)

    @property
    def peak(self) -> IntArray:
        """The most units in use at one time; int32."""
        return self.milestones.timeline.peak


def _end_of_work(milestones: Milestones) -> IntArray:
    """The day on which everything is finished, or the horizon, (N,)."""
    ours = milestones.network.cluster >= 0
    last = milestones.timeline.finished[ours].max(axis=0, initial=0)
    return np.minimum(last, milestones.network.horizon).astype(np.int32)


def _used(milestones: Milestones) -> DayCounts:
    horizon = milestones.network.horizon
    used = np.zeros((len(milestones.network.resources), milestones.size), dtype=np.int64)
    for claims, granted, left in holdings(milestones):
        days = (np.minimum(left, horizon) - np.minimum(granted, horizon)).astype(np.int64)
        for resource, units in claims:
            used[resource] += units * days
    return used


def holdings(milestones: Milestones) -> Iterator[tuple[list[tuple[int, int]], IntArray, IntArray]]:
    """Who holds what for how long: resources with units, the day of the grant and that of the return, (N,) each.

    An activity holds from its grant to its finish, a phase from the grant of its first to the finish of its last.
    """
    network = milestones.network
    for activity in np.flatnonzero(np.diff(network.returns.starts)).tolist():
        yield network.returns.of(activity), *_inside(milestones, [activity])
    for phase in range(len(network.phase_size)):
        members = np.flatnonzero(network.phase == phase).tolist()
        yield network.phase_returns.of(phase), *_inside(milestones, members)


def _inside(milestones: Milestones, activities: list[int]) -> tuple[IntArray, IntArray]:
    return milestones.timeline.granted[activities[0]], milestones.finished(activities)


def _offered(milestones: Milestones, end: IntArray) -> DayCounts:
    """Unit-days of capacity from day 0 to an end: -1 in the calendar stands for the units before any step."""
    network = milestones.network
    offered = np.zeros((len(network.resources), milestones.size), dtype=np.int64)
    for resource in range(len(network.resources)):
        days = network.capacity_days[resource].tolist()
        for day, until, units in zip(
            days, [*days[1:], network.horizon], network.capacity_values[resource].tolist(), strict=True
        ):
            capacity = milestones.inputs.capacity[resource] if units < 0 else units
            open_for = np.minimum(end, until) - np.minimum(end, day)
            offered[resource] += open_for.astype(np.int64) * capacity
    return offered


def _waits(milestones: Milestones) -> tuple[DayCounts, DayCounts]:
    network, timeline = milestones.network, milestones.timeline
    waited = np.zeros((len(network.resources), milestones.size), dtype=np.int64)
    requests = np.zeros_like(waited)
    for slot, (resource, activity) in enumerate(zip(network.asks.what, network.asks.owner, strict=True)):
        asked = timeline.asked[activity] <= network.horizon
        skipped = milestones.skipped(int(activity))
        waited[resource] += timeline.waited[slot]
        requests[resource] += asked if skipped is None else asked & ~skipped
    return waited, requests
