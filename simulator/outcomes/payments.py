"""Everything paid and saved in one block of replications, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.outcomes import costs
from simulator.outcomes.legacy import SystemUse
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.money import Discounting, Paid
from simulator.outcomes.savings import reprocurement_costs, savings
from simulator.scenario.model import Scenario


@dataclass(frozen=True)
class Payments:
    """Everything paid and saved, per cluster or legacy system in the order of the rows."""

    stages: Sequence[Paid]
    reprocurements: Sequence[Paid]
    savings: Sequence[Paid]
    running: Sequence[Paid]
    extensions: Sequence[Paid]
    failures: Sequence[Paid]
    mitigation: Paid

    def costs(self, size: int) -> dict[str, Paid]:
        """What the programme pays, by kind; ``size`` is N."""
        return {
            "stages": total(self.stages, size),
            "reprocurement": total(self.reprocurements, size),
            "legacy running": total(self.running, size),
            "extension": total(self.extensions, size),
            "failures": total(self.failures, size),
            "mitigation": self.mitigation,
        }


def payments(scenario: Scenario, milestones: Milestones, uses: Sequence[SystemUse], rate: Discounting) -> Payments:
    """Everything paid and saved by the horizon of the discounting."""
    clusters = list(enumerate(scenario.clusters.values()))
    systems = list(zip(uses, scenario.legacy.values(), strict=True))
    return Payments(
        stages=[costs.stage_costs(milestones, c, values, rate) for c, values in clusters],
        reprocurements=[reprocurement_costs(milestones, c, values, rate) for c, values in clusters],
        savings=[savings(milestones, c, values, rate) for c, values in clusters],
        running=[costs.running_cost(use, values, rate) for use, values in systems],
        extensions=[costs.extension_cost(use, values, rate) for use, values in systems],
        failures=[costs.failure_cost(milestones, s, use, values, rate) for s, (use, values) in enumerate(systems)],
        mitigation=costs.mitigation_cost(scenario, milestones.size),
    )


def total(parts: Sequence[Paid], size: int) -> Paid:
    """Added one after the other, so that the last digit depends on nothing but the replication."""
    total = Paid.nothing(size)
    for part in parts:
        total += part
    return total
