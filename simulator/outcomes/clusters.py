"""What happened to each cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.compiled import pays
from simulator.days import NEVER
from simulator.inputs import BoolArray, stacked
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes import legacy
from simulator.outcomes.legacy import rows_of
from simulator.outcomes.money import Paid
from simulator.outcomes.payments import Payments
from simulator.outcomes.time_spent import finer_parts_of, parts_of, time_spent, time_spent_finer
from simulator.outcomes.workings import Workings


@dataclass(frozen=True, eq=False)
class ClusterOutcomes:
    """Measures of each cluster; arrays are (C, N) unless they say otherwise, each worked out when first asked for."""

    workings: Workings
    money: Payments

    @cached_property
    def go_to_market(self) -> IntArray:
        """The first day on which work on a `go_to_market` stage began; `NEVER` without one ahead."""
        milestones = self.workings.milestones
        return self._days([milestones.go_to_market(c) for c in range(len(self.workings.network.clusters))])

    @cached_property
    def award(self) -> IntArray:
        """The day of the mark `award`; `NEVER` for a cluster without one."""
        never = np.full(self.workings.size, NEVER, dtype=np.int32)
        return self._days([self.marks.get(f"{name}/award", never) for name in self.workings.network.clusters])

    @property
    def go_live(self) -> IntArray:
        """The day on which the last department that joins is live; `NEVER` where none joins."""
        return self.workings.live[0]

    @property
    def first_live(self) -> IntArray:
        """The day on which the first department that joins is live."""
        return self.workings.live[1]

    @cached_property
    def days_late(self) -> IntArray:
        """Days of go-live after the deadline, 0 by it; `NEVER` where the cluster is not live by the horizon."""
        late = np.maximum(self.go_live - self.workings.deadline, 0)
        return np.where(self.go_live == NEVER, np.int32(NEVER), late).astype(np.int32)

    @cached_property
    def on_time(self) -> BoolArray:
        """Whether it is live by the deadline, the day included (by the horizon where there is no deadline)."""
        return self.go_live <= self.workings.deadline

    @property
    def unsupported_days(self) -> IntArray:
        """Days its own users stayed on legacy systems without support, summed over systems, up to the horizon."""
        return self._on_legacy[0]

    @property
    def days_past_contract(self) -> IntArray:
        """Days its own users stayed on legacy systems past their contracts' ends, likewise."""
        return self._on_legacy[1]

    @property
    def failures(self) -> IntArray:
        """Failures of its legacy systems while its own users still used them, the day of go-live included."""
        return self._on_legacy[2]

    @cached_property
    def _on_legacy(self) -> tuple[IntArray, IntArray, IntArray]:
        return legacy.per_cluster(self.workings.milestones, self.workings.uses)

    @cached_property
    def _spent(self) -> Sequence[Paid]:
        return [stages + again for stages, again in zip(self.money.stages, self.money.reprocurements, strict=True)]

    @cached_property
    def cost(self) -> FloatArray:
        """Stages and reprocurements, undiscounted."""
        return self._money([paid.amount for paid in self._spent])

    @cached_property
    def savings(self) -> FloatArray:
        """Undiscounted, up to the horizon."""
        return self._money([saved.amount for saved in self.money.savings])

    @cached_property
    def npv(self) -> FloatArray:
        """Discounted savings less discounted costs."""
        both = zip(self.money.savings, self._spent, strict=True)
        return self._money([saved.present - paid.present for saved, paid in both])

    @cached_property
    def time(self) -> IntArray:
        """(C, K, N) days from the scheduled date, or day 0, to go-live, by part."""
        if not pays(self.workings.size):
            return time_spent(self.workings.milestones, self.go_live)
        from simulator.outcomes import time_compiled

        return time_compiled.time_spent(self.workings.milestones, self.go_live)

    @cached_property
    def finer_time(self) -> IntArray:
        """(C, F, N) the same days by `finer_parts`."""
        spent = [time_spent_finer(self.workings.milestones, c, live) for c, live in enumerate(self.go_live)]
        return np.stack(spent) if spent else np.zeros((0, 0, self.workings.size), dtype=np.int32)

    @cached_property
    def finer_parts(self) -> tuple[str, ...]:
        """(F,) names of the parts, with what made the work longer or shorter than planned in place of that."""
        return finer_parts_of(self.workings.network)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """(K,) names of the parts; those that no cluster can have are there too, as zeros."""
        return parts_of(self.workings.network)

    @property
    def marks(self) -> Mapping[str, IntArray]:
        """`CLUSTER/mark` to the day on which it was reached, (N,)."""
        return self.workings.marks

    def _days(self, rows: Sequence[IntArray]) -> IntArray:
        return rows_of(rows, self.workings.size)

    def _money(self, rows: Sequence[FloatArray]) -> FloatArray:
        return stacked(rows, self.workings.size, np.float64)
