"""What decided the last go-live: the stages that had no slack, and what was waited for on the way.

**Stages.** The decisive cluster is the one live last (the first in file order where several are). Its chain is
walked back as in `time_spent`, but from each activity to whichever predecessor finished last, another cluster's or a
milestone too, and no further than an activity that waited for its scheduled date: what came before had slack. A stage
is critical where one of its activities that was not skipped is on this chain (the criticality index of Van Slyke,
Operations Research 11, 1963, is the share of such futures). Who held a resource is not followed; the wait for it is.

**Waits.** What the decisive cluster itself waited for on the chain of `time_spent`, in days and by name: the same days
as there, with the wait for others under the milestone or cluster that came last, and in addition the days
from when it could have gone to market to its scheduled date. Only what bound at the moment counts: a second
cause behind it, without which the wait would hardly have been shorter, does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.days import NEVER
from simulator.inputs import BoolArray
from simulator.network import Network
from simulator.network.values import IntArray
from simulator.outcomes.chain import Chains, Link, mark_last_live, own_chains
from simulator.outcomes.clusters import ClusterOutcomes
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.values import OTHERS

SCHEDULE: Final = "scheduled date"
"""What a cluster waited for that could have gone to market earlier."""
WAITING: Final = "waiting: "


@dataclass(frozen=True)
class Critical:
    """What decided, in N replications."""

    stages: Mapping[str, BoolArray]
    """`CLUSTER/STAGE`, or a milestone, to where it was critical, (N,)."""
    waits: Mapping[str, IntArray]
    """What was waited for to the days, (N,)."""


def critical(milestones: Milestones, outcomes: ClusterOutcomes, chosen: Sequence[int]) -> Critical:
    """What decided when the last of some clusters, by their indices, was live."""
    decisive = np.asarray(chosen)[outcomes.go_live[list(chosen)].argmax(axis=0)]
    masks = {cluster: decisive == cluster for cluster in chosen}
    return Critical(_stages(milestones, outcomes, masks), _waits(milestones, outcomes, masks))


def _stages(
    milestones: Milestones, outcomes: ClusterOutcomes, masks: Mapping[int, BoolArray]
) -> Mapping[str, BoolArray]:
    network = milestones.network
    chains = Chains(milestones.timeline, lambda activity: sorted(network.predecessors[activity].tolist()))
    for cluster, mask in masks.items():
        mark_last_live(chains, milestones, cluster, outcomes.go_live[cluster], mask)
    found = {name: np.zeros(milestones.size, dtype=np.bool_) for name in filter(None, _names(network))}
    names = _names(network)
    for link in chains.walk(_backwards(network), network.release):
        name, skipped = names[link.activity], milestones.skipped(link.activity)
        if name is not None:
            found[name] |= link.where if skipped is None else link.where & ~skipped
    return found


def _names(network: Network) -> list[str | None]:
    """(A,) the stage or milestone of each activity; None for one that only opens a phase."""
    names: list[str | None] = []
    for activity, cluster, stage in zip(network.activities, network.cluster, network.stage, strict=True):
        if cluster < 0:
            names.append(activity)
        else:
            names.append(f"{network.clusters[cluster]}/{network.stages[stage]}" if stage >= 0 else None)
    return names


def _backwards(network: Network) -> list[int]:
    """All activities, each after all that follow it (Kahn, Communications of the ACM 5, 1962)."""
    left = [len(network.successors[a]) for a in range(len(network.activities))]
    order = [a for a, count in enumerate(left) if count == 0]
    for activity in order:
        for before in network.predecessors[activity].tolist():
            left[before] -= 1
            if left[before] == 0:
                order.append(before)
    return order


def _waits(milestones: Milestones, outcomes: ClusterOutcomes, masks: Mapping[int, BoolArray]) -> Mapping[str, IntArray]:
    found = _Waits(milestones)
    for cluster, mask in masks.items():
        for part, days in zip(outcomes.parts, outcomes.time[cluster], strict=True):
            if part.startswith(WAITING) and part != OTHERS:
                found.add(part.removeprefix(WAITING), days * mask)
        found.walk(cluster, outcomes.go_live[cluster], mask)
    return found.days


class _Waits:
    """Days waited, by what was waited for; waits for others are read off each cluster's own chain."""

    def __init__(self, milestones: Milestones) -> None:
        self.milestones = milestones
        self.network = milestones.network
        self.finished = milestones.timeline.finished
        self.days: dict[str, IntArray] = {}

    def add(self, name: str, days: IntArray) -> None:
        known = self.days.get(name)
        self.days[name] = days if known is None else known + days

    def walk(self, cluster: int, go_live: IntArray, among: BoolArray) -> None:
        chains = own_chains(self.milestones, cluster)
        mark_last_live(chains, self.milestones, cluster, go_live, among)
        origin = np.int32(self.network.scheduled[cluster] or 0)
        for link in chains.walk(np.flatnonzero(self.network.cluster == cluster)[::-1].tolist()):
            self._for_others(link, cluster, origin)
            if link.activity in self.network.market[cluster]:
                self._for_the_date(link)

    def _for_others(self, link: Link, cluster: int, origin: np.int32) -> None:
        """From the finish of the own activity before to asking, under whom the last of the others belongs to."""
        others = [
            a for a in sorted(self.network.predecessors[link.activity].tolist()) if self.network.cluster[a] != cluster
        ]
        if not others:
            return
        horizon = np.int32(self.network.horizon)
        begins = origin if link.before is None else np.maximum(np.minimum(link.before, horizon), origin)
        asked = np.maximum(np.minimum(self.milestones.timeline.asked[link.activity], horizon), origin)
        days = (asked - begins) * link.where
        latest = self.finished[others].max(axis=0)
        free = np.ones(self.milestones.size, dtype=np.bool_)
        for activity in others:
            binding = free & (self.finished[activity] == latest)
            free &= ~binding
            self.add(self._whose(activity), (days * binding).astype(np.int32))

    def _whose(self, activity: int) -> str:
        cluster = int(self.network.cluster[activity])
        return self.network.activities[activity] if cluster < 0 else self.network.clusters[cluster]

    def _for_the_date(self, link: Link) -> None:
        """From when all else was ready to the scheduled date."""
        before = self.network.predecessors[link.activity].tolist()
        ready = self.finished[before].max(axis=0) if before else np.zeros(self.milestones.size, dtype=np.int32)
        date = min(int(self.network.release[link.activity]), self.network.horizon)
        days = np.where((ready < NEVER) & link.where, np.maximum(date - ready, 0), 0)
        self.add(SCHEDULE, days.astype(np.int32))
