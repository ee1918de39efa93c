"""Who is live when, and when marks were reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from simulator.days import NEVER
from simulator.inputs import BoolArray, Inputs
from simulator.network import Live, Network
from simulator.network.values import FloatArray, IntArray
from simulator.timeline import Timeline


class Milestones:
    """Reads milestones off the timeline of one block of replications."""

    def __init__(self, network: Network, inputs: Inputs, draws: Mapping[str, FloatArray], timeline: Timeline) -> None:
        self.network = network
        self.inputs = inputs
        self.draws = draws
        self.timeline = timeline
        self.size = inputs.replications

    def skipped(self, activity: int) -> BoolArray | None:
        """Where a wave is skipped, (N,); None for what never is."""
        wave = int(self.inputs.wave[activity])
        return self.inputs.skipped[wave] if wave >= 0 else None

    def joins(self, user: Live) -> BoolArray | None:
        """Where a user joins, (N,); None for one that always does."""
        return None if user.joins is None else self.draws[user.joins.variable] < user.joins.probability

    def finished(self, activities: Iterable[int]) -> IntArray:
        """The day by which all of some activities have finished, (N,); day 0 for none."""
        day = np.zeros(self.size, dtype=np.int32)
        for activity in activities:
            np.maximum(day, self.timeline.finished[activity], out=day)
        return day

    def live(self, user: Live) -> IntArray:
        """The day on which a user is live, (N,); `NEVER` for a department that does not join."""
        day = self.finished(user.activities)
        joins = self.joins(user)
        if joins is not None:
            day[~joins] = NEVER
        return day

    def all_live(self, users: Iterable[Live]) -> IntArray:
        """The day by which all users are live, (N,); a department that does not join never is."""
        day = np.zeros(self.size, dtype=np.int32)
        for user in users:
            np.maximum(day, self.live(user), out=day)
        return day

    def go_live(self, cluster: int) -> tuple[IntArray, IntArray]:
        """The days on which the last and the first department that joins are live, (N,) each.

        Both are `NEVER` where none joins.
        """
        last = np.full(self.size, -1, dtype=np.int32)
        first = np.full(self.size, NEVER, dtype=np.int32)
        for user in self.network.live[cluster]:
            day, joins = self.finished(user.activities), self.joins(user)
            np.minimum(first, day if joins is None else np.where(joins, day, np.int32(NEVER)), out=first)
            np.maximum(last, day if joins is None else np.where(joins, day, np.int32(-1)), out=last)
        last[last < 0] = NEVER
        return last, first

    def go_to_market(self, cluster: int) -> IntArray:
        """The first day on which a `go_to_market` stage began, (N,); `NEVER` without one."""
        first = np.full(self.size, NEVER, dtype=np.int32)
        for activity in self.network.market[cluster]:
            started, skipped = self.timeline.started[activity], self.skipped(activity)
            np.minimum(first, started if skipped is None else np.where(skipped, np.int32(NEVER), started), out=first)
        return first

    def mark(self, name: str) -> IntArray | None:
        """The day on which `CLUSTER/mark` was reached, (N,), day 0 where before the start; None without it."""
        activities = self.network.marks.get(name)
        return None if activities is None else self.finished(activities)
