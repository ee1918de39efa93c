"""When legacy systems fail: unit exponentials through the inverse of the cumulative rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.days import DAYS_PER_YEAR, NEVER
from simulator.network import LegacyTerms
from simulator.network.values import FloatArray, IntArray


@dataclass(frozen=True)
class FailureTimes:
    """When one system fails in some replications, as long as it is in use.

    A Poisson process of rate λ(t) has its K-th event where the cumulative rate reaches the sum of K
    unit exponentials (Çınlar 1975, Introduction to Stochastic Processes, section 4.7). The rate is
    `supported` before the end of support, `extended` from there while an extension runs, then
    `unsupported · (1 + growth)^years`. An extension counts as bought: a system that was retired before
    it would have been has no failures that count.

    The arrays are days, and cumulative rates in events × days per year, shape (N,) or, where all
    replications are alike, (1,).
    """

    terms: LegacyTerms
    horizon: int
    ends: FloatArray
    until: FloatArray
    at_end: FloatArray
    """Cumulated by the end of support."""
    at_until: FloatArray
    """Cumulated by the end of the extension."""

    @classmethod
    def of(cls, terms: LegacyTerms, end_of_support: IntArray, horizon: int) -> FailureTimes:
        """For the days, (N,), on which support ends; `NEVER` where it does not."""
        days = end_of_support[:1] if (end_of_support == end_of_support[:1]).all() else end_of_support
        # What happens after the horizon makes no difference, and is finite.
        ends = np.minimum(days, horizon + 1).astype(np.float64)
        until = np.maximum(ends, 0 if terms.extended_until is None else min(terms.extended_until, horizon + 1))
        at_end = terms.supported * ends
        return cls(terms, horizon, ends, until, at_end, at_end + terms.extended * (until - ends))

    def among(self, some: npt.NDArray[np.bool_]) -> FailureTimes:
        """The same for some of the replications."""
        if self.ends.size == 1:
            return self
        arrays = (self.ends, self.until, self.at_end, self.at_until)
        return FailureTimes(self.terms, self.horizon, *(values[some] for values in arrays))

    def days(self, exposure: FloatArray) -> IntArray:
        """The day, (N,), by which sums of unit exponentials, (N,), are reached; `NEVER` after the horizon."""
        reached = exposure * DAYS_PER_YEAR
        with np.errstate(divide="ignore", invalid="ignore"):
            supported = reached / self.terms.supported
            extended = self.ends + (reached - self.at_end) / self.terms.extended
            grown = self.until + self._unsupported((reached - self.at_until) / DAYS_PER_YEAR) * DAYS_PER_YEAR
        day = np.where(reached < self.at_end, supported, np.where(reached < self.at_until, extended, grown))
        return np.where(day < self.horizon + 1, day, NEVER).astype(np.int32)

    def _unsupported(self, exposure: FloatArray) -> FloatArray:
        """Years until a rate that starts at `unsupported` and grows continuously has cumulated to ``exposure``."""
        rate = np.float64(self.terms.unsupported)
        if rate == 0:
            return np.full(exposure.shape, np.inf)
        if self.terms.growth == 0:
            return exposure / rate
        log_growth = np.log1p(self.terms.growth)
        scaled = exposure * (log_growth / rate)
        # A rate that shrinks may never cumulate as much.
        return np.where(scaled > -1.0, np.log1p(scaled) / log_growth, np.inf)
