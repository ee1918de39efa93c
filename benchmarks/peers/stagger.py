"""Ours: draws, and the batch engine."""

from __future__ import annotations

from functools import cache

import numpy as np

from benchmarks.generated import FIVE
from simulator.draws import draw
from simulator.engines import simulate
from simulator.network import Network, compile_network
from simulator.network.values import IntArray
from simulator.run import BLOCK
from simulator.scenario import Scenario, parse


@cache
def _model() -> tuple[Scenario, Network]:
    scenario = parse(FIVE)
    return scenario, compile_network(scenario, None)


def futures(count: int) -> IntArray:
    """The day on which the last is done, per replication."""
    scenario, network = _model()
    draws, size = draw(scenario, 0), BLOCK["batch"]
    spans = [(first, min(size, count - first)) for first in range(0, count, size)]
    return np.concatenate([simulate(network, draws.block(*span)).finished.max(axis=0) for span in spans])
