"""What measures of one block of replications have in common, each worked out once, when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from simulator.network import Network
from simulator.network.values import IntArray
from simulator.outcomes.legacy import SystemUse, rows_of, system_use
from simulator.outcomes.milestones import Milestones
from simulator.scenario.model import Scenario


@dataclass(frozen=True, eq=False)
class Workings:
    """A block's timeline with the scenario behind it, and what measures share."""

    scenario: Scenario
    milestones: Milestones

    @property
    def network(self) -> Network:
        return self.milestones.network

    @property
    def size(self) -> int:
        """N."""
        return self.milestones.size

    @property
    def deadline(self) -> int:
        """The day by which all are to be live: the horizon where the scenario has no deadline."""
        return self.network.horizon if self.scenario.deadline is None else self.scenario.deadline

    @cached_property
    def live(self) -> tuple[IntArray, IntArray]:
        """The days on which the last and the first department of each cluster that joins is live, (C, N) each."""
        lives = [self.milestones.go_live(cluster) for cluster in range(len(self.network.clusters))]
        return rows_of([last for last, _ in lives], self.size), rows_of([first for _, first in lives], self.size)

    @cached_property
    def marks(self) -> Mapping[str, IntArray]:
        """`CLUSTER/mark` to the day on which it was reached, (N,)."""
        return {name: self.milestones.finished(activities) for name, activities in self.network.marks.items()}

    @cached_property
    def uses(self) -> Sequence[SystemUse]:
        """What became of each legacy system."""
        return [system_use(self.milestones, system) for system in range(len(self.network.legacy))]
