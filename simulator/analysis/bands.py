"""Bands of many futures: when each stage begins and ends, and fans of numbers along a line of dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.days import NEVER
from simulator.inputs import BoolArray
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
    """In what share of futures it takes place, be it after the horizon; in the others it is skipped."""


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
        found.append(Stretch(cluster, "", Band.of(begins), Band.of(live), 1.0))
    return found


def _stretch(milestones: Milestones, activities: list[int], cluster: str, stage: str) -> Stretch:
    """Where a stage is skipped says nothing about when it takes place: such futures are left out of its bands.

    Where it is only too late to begin by the horizon, it is not.
    """
    begins, ends = span(milestones, activities)
    begun = np.where(begins == NEVER, np.int32(NEVER), ends).astype(np.int32)
    takes_place = ~_skipped(milestones, activities)
    share = float(takes_place.mean())
    seen = takes_place if share else ~takes_place
    return Stretch(cluster, stage, Band.of(begins[seen]), Band.of(begun[seen]), share)


def _skipped(milestones: Milestones, activities: list[int]) -> BoolArray:
    """Where all of some activities are skipped, (N,)."""
    skips = [milestones.skipped(activity) for activity in activities]
    known = [skip for skip in skips if skip is not None]
    everywhere = len(known) == len(skips)
    return np.logical_and.reduce(known) if everywhere else np.zeros(milestones.size, dtype=np.bool_)


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
