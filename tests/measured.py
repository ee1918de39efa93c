"""What a planner reads off one future of a small scenario, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from futures import scenario_of

import simulator as sg
from simulator.engines import run_engine
from simulator.inputs import prepare
from simulator.network import Network
from simulator.network.values import FloatArray
from simulator.outcomes import Outcomes, measure
from simulator.scenario import Scenario


def measured(
    scenario: Scenario,
    replications: int,
    seed: int = 1,
    forced: Mapping[str, float | FloatArray] | None = None,
    first: int = 0,
) -> tuple[Network, Outcomes]:
    """The outcomes of some replications of a scenario under its first schedule."""
    network = sg.compile(scenario)
    draws = sg.draw(scenario, replications, seed=seed, first=first).replacing(forced or {})
    inputs = prepare(network, draws)
    return network, measure(scenario, network, inputs, draws, run_engine(network, inputs, "events"))


@dataclass(frozen=True)
class Reading:
    """One replication's outcomes."""

    network: Network
    outcomes: Outcomes

    def time(self, cluster: str) -> dict[str, int]:
        """Days by part, zeros left out."""
        clusters = self.outcomes.clusters
        days = clusters.time[self._cluster(cluster), :, 0].tolist()
        return {part: count for part, count in zip(clusters.parts, days, strict=True) if count}

    def cluster(self, name: str, measure: str) -> float:
        """A measure of a cluster."""
        return getattr(self.outcomes.clusters, measure)[self._cluster(name), 0].item()

    def legacy(self, name: str, measure: str) -> float:
        """A measure of a legacy system."""
        return getattr(self.outcomes.legacy, measure)[self.outcomes.names.legacy.index(name), 0].item()

    def programme(self, measure: str) -> float:
        """A measure of the whole."""
        return getattr(self.outcomes.programme, measure)[0].item()

    def resource(self, name: str, measure: str) -> int:
        """A measure of a resource."""
        return getattr(self.outcomes.resources, measure)[self.outcomes.names.resources.index(name), 0].item()

    def _cluster(self, name: str) -> int:
        return self.outcomes.names.clusters.index(name)


def read(text: str, forced: Mapping[str, float] | None = None, horizon: int = 1000) -> Reading:
    """The outcomes of one future of a scenario's text, with some of its variables forced."""
    return Reading(*measured(scenario_of(text, horizon), 1, forced=forced))
