"""Bands of many futures: when each stage begins and ends, and fans of numbers along a line of dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.days import NEVER
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes.costs import span
from simulator.outcomes.milestones import Milestones


@dataclass(frozen=True)
class Band:
    """The P10, P50 and P90 of days; `NEVER` where that share of futures does not have it by the horizon."""

    p10: int
    p50: int
    p90: int

    @classmethod
    def of(cls, days: IntArray) -> Band:
        """Of days, (N,): each the smallest with at least that share of futures at or below it."""
        return cls(*(int(day) for day in np.quantile(days, (0.1, 0.5, 0.9), method="inverted_cdf")))


@dataclass(frozen=True)
class Stretch:
    """A stage of a cluster, all its waves together, or a cluster from its first work to its go-live."""

    cluster: str
    stage: str
    """Empty for the whole cluster."""
    begins: Band
    ends: Band
    share: float
    """In what share of futures it is begun by the horizon; those in which it is skipped count as not begun."""


def stage_bands(milestones: Milestones) -> list[Stretch]:
    """When each stage ahead of each cluster begins and ends, in file order."""
    network = milestones.network
    found = []
    for c, cluster in enumerate(network.clusters):
        stages = network.stage[network.cluster == c]
        for stage in dict.fromkeys(stages[stages >= 0].tolist()):
            activities = np.flatnonzero((network.cluster == c) & (network.stage == stage)).tolist()
            found.append(_stretch(milestones, activities, cluster, network.stages[stage]))
    return found


def cluster_bands(milestones: Milestones) -> list[Stretch]:
    """When the first work of each cluster begins, and when its last department is live."""
    network = milestones.network
    found = []
    for c, cluster in enumerate(network.clusters):
        begins, _ = span(milestones, np.flatnonzero(network.cluster == c).tolist())
        live, _ = milestones.go_live(c)
        found.append(_banded(cluster, "", begins, live))
    return found


def _stretch(milestones: Milestones, activities: list[int], cluster: str, stage: str) -> Stretch:
    begins, ends = span(milestones, activities)
    return _banded(cluster, stage, begins, np.where(begins == NEVER, np.int32(NEVER), ends).astype(np.int32))


def _banded(cluster: str, stage: str, begins: IntArray, ends: IntArray) -> Stretch:
    """Where a stage is skipped says nothing about when it takes place: such futures are left out of the bands."""
    happens = begins < NEVER
    seen = (begins[happens], ends[happens]) if happens.any() else (begins, ends)
    return Stretch(cluster, stage, Band.of(seen[0]), Band.of(seen[1]), float(np.mean(happens)))


@dataclass(frozen=True)
class Fan:
    """P10, P50 and P90 of numbers along a line, (D,) each."""

    p10: FloatArray
    p50: FloatArray
    p90: FloatArray

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> Fan:
        """Of numbers along a line in N futures, (D, N)."""
        low, middle, high = np.quantile(values, (0.1, 0.5, 0.9), axis=1, method="inverted_cdf")
        return cls(*(np.asarray(each, dtype=np.float64) for each in (low, middle, high)))


def even_days(horizon: int, most: int) -> IntArray:
    """No more than ``most`` days from 0 to the horizon, evenly apart, both ends included."""
    step = max(-(-horizon // max(most - 1, 1)), 1)
    return np.unique(np.append(np.arange(0, horizon + 1, step), horizon)).astype(np.int32)
