"""What an input came to in each future, as one number: what a rank correlation is taken with.

Each reading is a function of a block of draws and of the inputs that they make; it returns (N,). More of it is never
good news, but for capacity, money that arrives, and departments that join, which may be either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from simulator.draws import Draws
from simulator.inputs import Inputs
from simulator.network import Network
from simulator.network.values import FloatArray

Reading: TypeAlias = Callable[[Network, Draws, Inputs], FloatArray]


def drawn(variables: Sequence[str], network: Network, draws: Draws, inputs: Inputs) -> FloatArray:
    """The variables themselves, added up."""
    total = np.zeros(inputs.replications)
    for name in variables:
        total += draws[name]
    return total


def joining(chances: Sequence[tuple[str, float]], network: Network, draws: Draws, inputs: Inputs) -> FloatArray:
    """How many departments join, of those that are (variable, probability)."""
    total = np.zeros(inputs.replications)
    for name, probability in chances:
        total += draws[name] < probability
    return total


def returned(activities: Sequence[str], network: Network, draws: Draws, inputs: Inputs) -> FloatArray:
    """Days of rework after returns by a board, and one for each return: it is heard at a later meeting at least."""
    total = np.zeros(inputs.replications)
    for name in activities:
        case = int(inputs.case[network.index[name]]) if name in network.index else -1
        if case >= 0:
            rows = slice(int(inputs.rework_starts[case]), int(inputs.rework_starts[case + 1]))
            total += inputs.returned[case] + inputs.rework[rows].sum(axis=0)
    return total


def befallen(occurrence: str, network: Network, draws: Draws, inputs: Inputs) -> FloatArray:
    """Days that a risk adds to the planned work of the stages that it touches, 0 where it does not occur."""
    total = np.zeros(inputs.replications)
    for planned, effects in zip(network.planned.tolist(), network.effects, strict=True):
        for effect in effects:
            if effect.occurs.variable == occurrence:
                factor, delay = (
                    draws[of] if isinstance(of, str) else np.float64(of) for of in (effect.factor, effect.delay)
                )
                total += np.where(draws[occurrence] < effect.occurs.probability, planned * (factor - 1) + delay, 0.0)
    return total


def failing(system: int, by: int, network: Network, draws: Draws, inputs: Inputs) -> FloatArray:
    """Days of disruption by failures of a legacy system up to a day, were it in use, and one for each failure."""
    rows = np.flatnonzero(inputs.failures.system == system)
    happens = inputs.failures.day[rows] <= by
    return np.where(happens, 1.0 + inputs.failures.length[rows], 0.0).sum(axis=0)


def failures_paid(system: int, by: int, name: str, network: Network, draws: Draws, inputs: Inputs) -> FloatArray:
    """Money for failures of a legacy system up to a day, were it in use."""
    total = np.zeros(inputs.replications)
    for number, row in enumerate(np.flatnonzero(inputs.failures.system == system), start=1):
        where = np.flatnonzero(inputs.failures.day[row] <= by)
        total[where] += draws.at(f"{name}/failure/{number}/cost", where)
    return total
