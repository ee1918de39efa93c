"""Plain SimPy: a process per cluster and a `Resource`."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.peers import CLUSTERS, MEAN, SLOTS

_random = random.Random(1)


def _cluster(env: simpy.Environment, slots: simpy.Resource) -> Generator[simpy.Event, Any, None]:
    with slots.request() as request:
        yield request
        yield env.timeout(_random.expovariate(1 / MEAN))


def futures(count: int) -> list[float]:
    """The day on which the last is done, per replication."""
    return [_future() for _ in range(count)]


def _future() -> float:
    env = simpy.Environment()
    slots = simpy.Resource(env, SLOTS)
    for _ in range(CLUSTERS):
        env.process(_cluster(env, slots))
    env.run()
    return float(env.now)
