"""Why work took longer or shorter than planned, part by part.

The days of a first work, less its plan and its risk delays, are split by taking what lengthens it into account one
after the other, in the order in which the engine multiplies:

1. the base duration that was drawn, against its median (`MEDIAN`);
2. stretches, the cluster's own and those of risks (`STRETCHED`);
3. learning, in days of what is not learnt, so never above zero (`LEARNING`);
4. congestion (`CONGESTION`).

Each part is the whole work rounded with the factor less the whole work rounded without it, so that they add up
without remainder, and a factor of 1 has none. The order matters where several factors are at work: congestion is what
it adds to work that is already stretched and learnt. Where only part of the work counts, because the cluster's time
begins or the horizon comes in between, the last three count in proportion, rounded towards nothing, and the first has
the rest.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simulator.days import ENDLESS, NEVER
from simulator.network.values import FloatArray
from simulator.outcomes.milestones import Milestones

MEDIAN: Final = "work beyond its median"
STRETCHED: Final = "stretched work"
LEARNING: Final = "learning lost"
CONGESTION: Final = "congestion"

Days = npt.NDArray[np.int64]
Whole = npt.NDArray[np.integer[Any]]


def split_beyond(milestones: Milestones, activity: int, planned: Whole, beyond: Whole) -> dict[str, Days]:
    """The days beyond plan of an activity, (N,), by part; ``planned`` are its planned days and risk delays, (N,)."""
    inputs = milestones.inputs
    row = int(inputs.effect[activity])
    factor = inputs.factor[row] if row >= 0 else np.ones(milestones.size)
    delay = inputs.delay[row] if row >= 0 else np.zeros(milestones.size)
    learnt, crowded = _paced(milestones, activity)
    base = inputs.length[activity]
    steps = [
        _rounded(base * factors + delay)
        for factors in (np.ones(milestones.size), factor, factor * learnt, factor * learnt * crowded)
    ]
    whole = steps[-1] - planned
    share = np.divide(beyond, whole, out=np.zeros(milestones.size), where=whole != 0).clip(0.0, 1.0)
    counts = np.where(beyond == whole, 1.0, share)
    later = [np.trunc((after - before) * counts).astype(np.int64) for before, after in pairwise(steps)]
    return dict(zip((MEDIAN, STRETCHED, LEARNING, CONGESTION), (beyond - sum(later), *later), strict=True))


def _rounded(work: FloatArray) -> Days:
    """As the engines round (rule 6)."""
    return np.rint(np.minimum(work, ENDLESS)).astype(np.int64)


def _paced(milestones: Milestones, activity: int) -> tuple[FloatArray, FloatArray]:
    """The factors of learning and congestion that held as work began, (N,) each; 1 where there is none."""
    network, timeline = milestones.network, milestones.timeline
    learnt, crowded = np.ones(milestones.size), np.ones(milestones.size)
    for row in np.flatnonzero(network.paced == activity).tolist():
        begun = timeline.started[activity] < NEVER
        if len(network.learning[activity]):
            learnt = np.where(begun, network.learning[activity][timeline.completions[row]], 1.0)
        if network.congestion_resource[activity] >= 0:
            over = np.maximum(timeline.crowd[row] - network.congestion_beyond[activity], 0)
            crowded = np.where(begun, 1.0 + network.congestion_each[activity] * over, 1.0)
    return learnt, crowded


def finer(parts: tuple[str, ...], beyond: str) -> tuple[str, ...]:
    """Names of parts with those above in place of the days beyond plan."""
    place = parts.index(beyond)
    return (*parts[:place], MEDIAN, STRETCHED, LEARNING, CONGESTION, *parts[place + 1 :])
