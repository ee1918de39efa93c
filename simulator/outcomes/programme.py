"""What happened to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.inputs import BoolArray
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes.clusters import ClusterOutcomes
from simulator.outcomes.money import Paid
from simulator.outcomes.payments import Payments, total
from simulator.outcomes.systems import LegacyOutcomes


@dataclass(frozen=True, eq=False)
class ProgrammeOutcomes:
    """Totals, shape (N,), each worked out when first asked for."""

    clusters: ClusterOutcomes
    legacy: LegacyOutcomes
    money: Payments

    @cached_property
    def finish(self) -> IntArray:
        """The last cluster's go-live."""
        return self.clusters.go_live.max(axis=0, initial=0)

    @cached_property
    def on_time(self) -> BoolArray:
        """Whether every cluster is live by the deadline."""
        return np.logical_and.reduce(self.clusters.on_time, axis=0)

    @cached_property
    def unsupported_days(self) -> IntArray:
        """Of all legacy systems, each counted once; so are the next two."""
        return self.legacy.unsupported_days.sum(axis=0, dtype=np.int32)

    @cached_property
    def days_past_contract(self) -> IntArray:
        """Of all legacy systems."""
        return self.legacy.days_past_contract.sum(axis=0, dtype=np.int32)

    @cached_property
    def failures(self) -> IntArray:
        """Of all legacy systems."""
        return self.legacy.failures.sum(axis=0, dtype=np.int32)

    @cached_property
    def costs(self) -> Mapping[str, FloatArray]:
        """Undiscounted, by kind: stages, reprocurement, legacy running, extension, failures, mitigation."""
        return {kind: each.amount for kind, each in self.money.costs.items()}

    @property
    def cost(self) -> FloatArray:
        """All kinds together, undiscounted."""
        return self._paid.amount

    @property
    def savings(self) -> FloatArray:
        """Of all clusters, undiscounted."""
        return self._saved.amount

    @cached_property
    def npv(self) -> FloatArray:
        """Discounted savings less discounted costs."""
        return self._saved.present - self._paid.present

    @cached_property
    def _paid(self) -> Paid:
        return total(list(self.money.costs.values()), self.money.workings.size)

    @cached_property
    def _saved(self) -> Paid:
        return total(self.money.savings, self.money.workings.size)
