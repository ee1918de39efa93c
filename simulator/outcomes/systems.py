"""What happened to each legacy system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.inputs import BoolArray, stacked
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes import legacy
from simulator.outcomes.legacy import rows_of
from simulator.outcomes.money import Paid
from simulator.outcomes.payments import Payments
from simulator.outcomes.workings import Workings


@dataclass(frozen=True, eq=False)
class LegacyOutcomes:
    """Measures of each legacy system; arrays are (L, N), each worked out when first asked for."""

    workings: Workings
    money: Payments

    @cached_property
    def retired(self) -> IntArray:
        """The day on which the last user is live; `NEVER` where one never is."""
        return self._days([use.retired for use in self.workings.uses])

    @cached_property
    def in_use_past_end_of_support(self) -> BoolArray:
        """Whether it was still in use when its support ended, by the horizon."""
        horizon, uses = self._horizon, self.workings.uses
        return self._flags([(use.retired > use.end_of_support) & (use.end_of_support <= horizon) for use in uses])

    @cached_property
    def unsupported_days(self) -> IntArray:
        """Days in use after the end of support, or of the extension where one was bought, up to the horizon."""
        return self._days([legacy.unsupported_days(use, use.retired, self._horizon) for use in self.workings.uses])

    @cached_property
    def days_past_contract(self) -> IntArray:
        """Days in use after the end of the contract, up to the horizon."""
        return self._days([legacy.days_past_contract(use, use.retired, self._horizon) for use in self.workings.uses])

    @cached_property
    def extended(self) -> BoolArray:
        """Whether an extension was bought by the horizon."""
        return self._flags([use.extended & (use.extension_from <= self._horizon) for use in self.workings.uses])

    @cached_property
    def failures(self) -> IntArray:
        """Failures while it was in use, the day of retirement included."""
        milestones = self.workings.milestones
        return self._days(
            [legacy.failures_by(milestones, s, use, use.retired) for s, use in enumerate(self.workings.uses)]
        )

    @cached_property
    def running_cost(self) -> FloatArray:
        """Undiscounted, as are the other costs."""
        return self._money(self.money.running)

    @cached_property
    def extension_cost(self) -> FloatArray:
        """What the extension cost."""
        return self._money(self.money.extensions)

    @cached_property
    def failure_cost(self) -> FloatArray:
        """What its failures cost."""
        return self._money(self.money.failures)

    @cached_property
    def cut(self) -> BoolArray:
        """Whether it was in use beyond the last failure that is drawn, so that more may have counted."""
        milestones = self.workings.milestones
        return self._flags([legacy.cut_short(milestones, s, use) for s, use in enumerate(self.workings.uses)])

    @property
    def _horizon(self) -> int:
        return self.workings.network.horizon

    def _days(self, rows: Sequence[IntArray]) -> IntArray:
        return rows_of(rows, self.workings.size)

    def _flags(self, rows: Sequence[BoolArray]) -> BoolArray:
        return stacked(rows, self.workings.size, np.bool_)

    def _money(self, paid: Sequence[Paid]) -> FloatArray:
        return stacked([each.amount for each in paid], self.workings.size, np.float64)
