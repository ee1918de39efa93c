"""The frozen values that outcomes are made of. Days are int32 since the start, `NEVER` where it did not happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simulator.inputs import BoolArray
from simulator.network.values import FloatArray, IntArray

PLANNED: Final = "planned work"
BEYOND: Final = "work beyond plan"
RISKS: Final = "risk delays"
REWORK: Final = "rework"
DISRUPTION: Final = "disruption"
OTHERS: Final = "waiting: other clusters"


@dataclass(frozen=True)
class ClusterOutcomes:
    """What happened to each cluster; arrays are (C, N) unless they say otherwise."""

    go_to_market: IntArray
    """The first day on which work on a `go_to_market` stage began; `NEVER` without one ahead."""
    award: IntArray
    """The day of the mark `award`; `NEVER` for a cluster without one."""
    go_live: IntArray
    """The day on which the last department that joins is live; `NEVER` where none joins."""
    first_live: IntArray
    """The day on which the first department that joins is live."""
    days_late: IntArray
    """Days of go-live after the deadline, 0 by it; `NEVER` where the cluster is not live by the horizon."""
    on_time: BoolArray
    """Whether it is live by the deadline, the day included (by the horizon where there is no deadline)."""
    unsupported_days: IntArray
    """Days its own users stayed on legacy systems without support, summed over systems, up to the horizon."""
    days_past_contract: IntArray
    """Days its own users stayed on legacy systems past their contracts' ends, likewise."""
    failures: IntArray
    """Failures of its legacy systems while its own users still used them, the day of go-live included."""
    cost: FloatArray
    """Stages and reprocurements, undiscounted."""
    savings: FloatArray
    """Undiscounted, up to the horizon."""
    npv: FloatArray
    """Discounted savings less discounted costs."""
    time: IntArray
    """(C, K, N) days from the scheduled date, or day 0, to go-live, by part."""
    parts: tuple[str, ...]
    """(K,) names of the parts; those that no cluster can have are there too, as zeros."""
    marks: Mapping[str, IntArray]
    """`CLUSTER/mark` to the day on which it was reached, (N,)."""


@dataclass(frozen=True)
class LegacyOutcomes:
    """What happened to each legacy system; arrays are (L, N)."""

    retired: IntArray
    """The day on which the last user is live; `NEVER` where one never is."""
    in_use_past_end_of_support: BoolArray
    unsupported_days: IntArray
    """Days in use after the end of support, or of the extension where one was bought, up to the horizon."""
    days_past_contract: IntArray
    extended: BoolArray
    """Whether an extension was bought by the horizon."""
    failures: IntArray
    running_cost: FloatArray
    extension_cost: FloatArray
    failure_cost: FloatArray
    cut: BoolArray
    """Whether it was in use beyond the last failure that is drawn, so that more may have counted."""


@dataclass(frozen=True)
class ProgrammeOutcomes:
    """Totals, shape (N,)."""

    finish: IntArray
    """The last cluster's go-live."""
    on_time: BoolArray
    unsupported_days: IntArray
    days_past_contract: IntArray
    failures: IntArray
    costs: Mapping[str, FloatArray]
    """Undiscounted, by kind: stages, reprocurement, legacy running, extension, failures, mitigation."""
    cost: FloatArray
    savings: FloatArray
    npv: FloatArray


@dataclass(frozen=True)
class ResourceOutcomes:
    """How much each resource was used; int64 arrays (R, N)."""

    used: npt.NDArray[np.int64]
    """Unit-days in use, up to the end of all work or the horizon."""
    offered: npt.NDArray[np.int64]
    """Unit-days of capacity from day 0 to the same end."""
    waited: npt.NDArray[np.int64]
    """Days in line because of it, those still in line counted to the horizon."""
    requests: npt.NDArray[np.int64]
    """How many activities asked for it, granted or not."""
    peak: IntArray
    """The most units in use at one time."""


@dataclass(frozen=True)
class Names:
    """Names in the order of the rows."""

    clusters: tuple[str, ...]
    legacy: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True)
class Outcomes:
    """Measures of N replications, the first of which has the number ``first + 1``."""

    names: Names
    first: int
    clusters: ClusterOutcomes
    legacy: LegacyOutcomes
    programme: ProgrammeOutcomes
    resources: ResourceOutcomes
    unfinished: Mapping[str, Mapping[str, int]]
    """Activity to why it was unfinished at the horizon, to in how many replications."""

    @property
    def replications(self) -> int:
        """N."""
        return int(self.programme.finish.shape[0])

    def table(self) -> dict[str, npt.NDArray[Any]]:
        """One row per replication and cluster, ordered by replication (counted from 1), then cluster.

        Days are int32 since the start, `NEVER` where it did not happen; money is float64. Each part of
        the time is a column `time: PART`.
        """
        clusters, count = self.clusters, len(self.names.clusters)
        numbers = np.arange(self.first + 1, self.first + 1 + self.replications, dtype=np.int32)
        columns: dict[str, npt.NDArray[Any]] = {
            "replication": np.repeat(numbers, count),
            "cluster": np.tile(np.array(self.names.clusters, dtype=object), self.replications),
        }
        for name in COLUMNS:
            columns[name] = getattr(clusters, name).T.ravel()
        for index, part in enumerate(clusters.parts):
            columns[f"time: {part}"] = clusters.time[:, index].T.ravel()
        return columns


COLUMNS: Final = (
    "go_to_market",
    "award",
    "go_live",
    "first_live",
    "days_late",
    "on_time",
    "unsupported_days",
    "days_past_contract",
    "failures",
    "cost",
    "savings",
    "npv",
)
"""Columns of the table that are arrays of `ClusterOutcomes`."""
