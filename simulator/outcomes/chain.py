"""Chains of activities that waited for each other, walked back from the one that was last.

Before each activity of a chain comes the predecessor that finished last (the first in file order where several
did). One pass over the activities, each after all that follow it, with a mask over replications, walks the chains of
all replications at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from simulator.inputs import BoolArray
from simulator.network.values import IntArray
from simulator.outcomes.milestones import Milestones
from simulator.timeline import Timeline


@dataclass(frozen=True)
class Link:
    """An activity, and the replications in which it is on the chain."""

    activity: int
    where: BoolArray
    """(N,)"""
    before: IntArray | None
    """(N,) the finish of the predecessor before it, `NEVER` where it did not; None for one that has none."""


class Chains:
    """The chains of a block of replications; ``followed`` gives the predecessors of an activity that count."""

    def __init__(self, timeline: Timeline, followed: Callable[[int], list[int]]) -> None:
        self.timeline = timeline
        self.followed = followed
        self.on_chain: dict[int, BoolArray] = {}

    def mark(self, activity: int, where: BoolArray) -> None:
        """Put an activity on the chain of some replications, (N,)."""
        known = self.on_chain.get(activity)
        self.on_chain[activity] = where if known is None else known | where

    def walk(self, backwards: Iterable[int], release: IntArray | None = None) -> Iterator[Link]:
        """The links, from the last to the first, of chains that begin with what is marked.

        ``backwards`` are the activities, each after all that follow it. With days of ``release``, (A,), a chain ends
        at an activity whose release came after all that it follows.
        """
        for activity in backwards:
            where = self.on_chain.pop(activity, None)
            if where is not None and where.any():
                yield Link(activity, where, self._step_back(activity, where, release))

    def _step_back(self, activity: int, where: BoolArray, release: IntArray | None) -> IntArray | None:
        before = self.followed(activity)
        if not before:
            return None
        finished = self.timeline.finished[before]
        latest: IntArray = finished.max(axis=0)
        free = where if release is None else where & (latest >= release[activity])
        for row, one in enumerate(before[:-1]):
            binding = free & (finished[row] == latest)
            free = free & ~binding
            self.mark(one, binding)
        self.mark(before[-1], free)
        return latest


def own_chains(milestones: Milestones, cluster: int) -> Chains:
    """Chains that stay within a cluster."""
    network = milestones.network

    def own(activity: int) -> list[int]:
        return [a for a in sorted(network.predecessors[activity].tolist()) if int(network.cluster[a]) == cluster]

    return Chains(milestones.timeline, own)


def mark_last_live(chains: Chains, milestones: Milestones, cluster: int, go_live: IntArray, among: BoolArray) -> None:
    """Mark the activity with which the last department of a cluster came to be live, in the replications ``among``."""
    free = among
    for user in milestones.network.live[cluster]:
        joins = milestones.joins(user)
        for activity in user.activities:
            last = free & (milestones.timeline.finished[activity] == go_live)
            if joins is not None:
                last &= joins
            free = free & ~last
            chains.mark(activity, last)
