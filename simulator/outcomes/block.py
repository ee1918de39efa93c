"""From a timeline to outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.inputs import Inputs
from simulator.network import Network
from simulator.network.values import FloatArray
from simulator.outcomes.clusters import ClusterOutcomes
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.money import discounting_at
from simulator.outcomes.payments import Payments
from simulator.outcomes.programme import ProgrammeOutcomes
from simulator.outcomes.resources import ResourceOutcomes
from simulator.outcomes.stranded import unfinished
from simulator.outcomes.systems import LegacyOutcomes
from simulator.outcomes.values import COLUMNS, Names
from simulator.outcomes.workings import Workings
from simulator.scenario.model import Scenario
from simulator.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Measures of N replications, the first of which has the number ``first + 1``.

    Every measure is an array that is worked out when it is first asked for, with whatever it needs of the others, and
    kept: a study that reads `programme.on_time` pays for neither money nor the split of the time. The numbers do not
    depend on what is read, or in which order; any thread may read them.
    """

    first: int
    clusters: ClusterOutcomes
    legacy: LegacyOutcomes
    programme: ProgrammeOutcomes
    resources: ResourceOutcomes

    @property
    def _workings(self) -> Workings:
        return self.clusters.workings

    @cached_property
    def names(self) -> Names:
        """Names in the order of the rows."""
        network = self._workings.network
        return Names(network.clusters, tuple(terms.name for terms in network.legacy), network.resources)

    @property
    def replications(self) -> int:
        """N."""
        return self._workings.size

    @cached_property
    def unfinished(self) -> Mapping[str, Mapping[str, int]]:
        """Activity to why it was unfinished at the horizon, to in how many replications."""
        return unfinished(self._workings.scenario, self._workings.milestones)

    def table(self) -> dict[str, npt.NDArray[Any]]:
        """One row per replication and cluster, ordered by replication (counted from 1), then cluster.

        Clusters are numbers, from 0, in the order of `names`. Days are int32 since the start, `NEVER` where it did not
        happen; money is float64. Each part of the time is a column `time: PART`.
        """
        clusters, count = self.clusters, len(self.names.clusters)
        numbers = np.arange(self.first + 1, self.first + 1 + self.replications, dtype=np.int32)
        columns: dict[str, npt.NDArray[Any]] = {
            "replication": np.repeat(numbers, count),
            "cluster": np.tile(np.arange(count, dtype=np.int32), self.replications),
        }
        for name in COLUMNS:
            columns[name] = _by_replication(getattr(clusters, name))
        for index, part in enumerate(clusters.parts):
            columns[f"time: {part}"] = _by_replication(clusters.time[:, index])
        return columns


def _by_replication(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(N x C,) values of (C, N): a row at a time, a third of the time of turning all at once."""
    turned = np.empty(values.shape[::-1], dtype=values.dtype)
    for column, row in enumerate(values):
        turned[:, column] = row
    return turned.ravel()


def measure(
    scenario: Scenario, network: Network, inputs: Inputs, draws: Mapping[str, FloatArray], timeline: Timeline
) -> Outcomes:
    """What a planner reads off the timeline of one block of N replications; nothing is computed before it is read.

    ``inputs`` are those that `prepare` made of the draws, and ``draws`` hold besides what things cost; reading a cost
    that is uncertain and that they lack raises a `KeyError`.
    """
    workings = Workings(scenario, Milestones(network, inputs, draws, timeline))
    money = Payments(workings, discounting_at(scenario.money.discount_rate, network.horizon))
    clusters, legacy = ClusterOutcomes(workings, money), LegacyOutcomes(workings, money)
    return Outcomes(
        first=int(getattr(draws, "first", 0)),
        clusters=clusters,
        legacy=legacy,
        programme=ProgrammeOutcomes(clusters, legacy, money),
        resources=ResourceOutcomes(workings.milestones),
    )
