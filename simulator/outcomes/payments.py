"""Everything paid and saved in one block of replications, kind by kind, each worked out when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from simulator.outcomes import costs
from simulator.outcomes.legacy import SystemUse
from simulator.outcomes.money import Discounting, Paid
from simulator.outcomes.savings import reprocurement_costs, savings
from simulator.outcomes.workings import Workings
from simulator.scenario.model import Cluster, LegacySystem


@dataclass(frozen=True, eq=False)
class Payments:
    """Everything paid and saved by the horizon of the discounting, a `Paid` per cluster or legacy system."""

    workings: Workings
    rate: Discounting

    @property
    def _clusters(self) -> list[tuple[int, Cluster]]:
        return list(enumerate(self.workings.scenario.clusters.values()))

    @property
    def _systems(self) -> list[tuple[SystemUse, LegacySystem]]:
        return list(zip(self.workings.uses, self.workings.scenario.legacy.values(), strict=True))

    @cached_property
    def stages(self) -> Sequence[Paid]:
        """What each cluster's stages cost."""
        return [costs.stage_costs(self.workings.milestones, c, values, self.rate) for c, values in self._clusters]

    @cached_property
    def reprocurements(self) -> Sequence[Paid]:
        """What it costs each cluster to buy again."""
        return [reprocurement_costs(self.workings.milestones, c, values, self.rate) for c, values in self._clusters]

    @cached_property
    def savings(self) -> Sequence[Paid]:
        """What each cluster saves."""
        return [savings(self.workings.milestones, c, values, self.rate) for c, values in self._clusters]

    @cached_property
    def running(self) -> Sequence[Paid]:
        """What each legacy system costs to run."""
        return [costs.running_cost(use, values, self.rate) for use, values in self._systems]

    @cached_property
    def extensions(self) -> Sequence[Paid]:
        """What the extension of each legacy system costs."""
        return [costs.extension_cost(use, values, self.rate) for use, values in self._systems]

    @cached_property
    def failures(self) -> Sequence[Paid]:
        """What the failures of each legacy system cost."""
        milestones = self.workings.milestones
        return [
            costs.failure_cost(milestones, system, use, values, self.rate)
            for system, (use, values) in enumerate(self._systems)
        ]

    @cached_property
    def costs(self) -> dict[str, Paid]:
        """What the programme pays, by kind."""
        size = self.workings.size
        return {
            "stages": total(self.stages, size),
            "reprocurement": total(self.reprocurements, size),
            "legacy running": total(self.running, size),
            "extension": total(self.extensions, size),
            "failures": total(self.failures, size),
            "mitigation": costs.mitigation_cost(self.workings.scenario, size),
        }


def total(parts: Sequence[Paid], size: int) -> Paid:
    """Added one after the other, so that the last digit depends on nothing but the replication."""
    total = Paid.nothing(size)
    for part in parts:
        total += part
    return total
