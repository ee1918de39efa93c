"""Two outcomes at a time: how likely both hold, and which pairs of limits are equally likely to.

The joint confidence level of cost and schedule (NASA Cost Estimating Handbook 4.0, 2015, appendix J) is the share of
futures that meet a date and an amount at once. It is lower than either share alone, since what is late also costs.
"""

from __future__ import annotations

import math
from bisect import insort
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.days import NEVER
from simulator.network.values import FloatArray

Numbers = npt.NDArray[Any]


def joint_share(first: Numbers, second: Numbers, by: float, at_most: float) -> float:
    """The share of futures, of (N,) each, in which the first is no more than ``by`` and the second than ``at_most``."""
    return float(np.mean((first <= by) & (second <= at_most)))


@dataclass(frozen=True)
class Frontier:
    """The least limits of two outcomes that hold at once in a share of the futures; empty where none do."""

    share: float
    first: FloatArray
    """(K,) ascending; the last is the largest that matters."""
    second: FloatArray
    """(K,) descending: the least limit of the second outcome for each of the first."""


def frontier(first: Numbers, second: Numbers, share: float) -> Frontier:
    """Pairs of limits that hold at once in a share of the futures, of which neither can be lowered alone.

    Futures are added in the order of the first outcome; the limit of the second is then the order statistic
    of those added, of the rank that the share demands of all. What is `NEVER` meets no limit.
    """
    needed = max(math.ceil(share * len(first) - 1e-9), 1)
    order = np.lexsort((second, first))
    lowest: list[float] = []
    steps: dict[float, float] = {}
    for k in order[first[order] < NEVER].tolist():
        insort(lowest, float(second[k]))
        if len(lowest) >= needed:
            steps[float(first[k])] = lowest[needed - 1]
    days, limits = np.array(list(steps)), np.array(list(steps.values()))
    falls = np.flatnonzero(np.diff(limits, prepend=np.inf) < 0) if len(limits) else np.zeros(0, dtype=np.intp)
    return Frontier(share, days[falls], limits[falls])
