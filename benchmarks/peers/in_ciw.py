"""Ciw: a queue with two servers that five customers join together."""

from __future__ import annotations

import ciw

from benchmarks.peers import CLUSTERS, MEAN, SLOTS

_network = ciw.create_network(
    arrival_distributions=[ciw.dists.Sequential([0.0] * CLUSTERS + [float("inf")])],
    service_distributions=[ciw.dists.Exponential(1 / MEAN)],
    number_of_servers=[SLOTS],
)


def futures(count: int) -> list[float]:
    """The day on which the last is done, per replication."""
    return [_future(seed) for seed in range(count)]


def _future(seed: int) -> float:
    ciw.seed(seed)
    simulation = ciw.Simulation(_network)
    simulation.simulate_until_max_customers(CLUSTERS)
    return max(record.exit_date for record in simulation.get_all_records())
