"""Salabim: a component per cluster and a resource."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import salabim as sim

from benchmarks.peers import CLUSTERS, MEAN, SLOTS

sim.yieldless(False)
_random = random.Random(1)


class Cluster(sim.Component):
    """One cluster."""

    def process(self, slots: Any) -> Generator[Any, Any, None]:
        """Take a slot, work, give it back."""
        yield self.request(slots)
        yield self.hold(_random.expovariate(1 / MEAN))
        self.release()


def futures(count: int) -> list[float]:
    """The day on which the last is done, per replication."""
    return [_future() for _ in range(count)]


def _future() -> float:
    env = sim.Environment(trace=False, random_seed="")
    slots = sim.Resource("slots", capacity=SLOTS)
    for _ in range(CLUSTERS):
        Cluster(slots=slots)
    env.run()
    return float(env.now())
