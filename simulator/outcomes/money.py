"""Discounting: what a payment or a stream is worth at the start.

Streams are discounted continuously at δ = ln(1 + rate) a year of 365.25 days, so that 1 a year from now is worth
1 / (1 + rate) (Brealey, Myers and Allen, Principles of Corporate Finance, chapter 2). With δ a day:

- a payment on day t is worth e^(−δt);
- a stream of 1 a day over the first y days, E(y) = (1 − e^(−δy)) / δ, or y where δ = 0;
- one that rises evenly from 0 to 1 a day over ρ days, by day y ≤ ρ, R(y) = (E(y) − y e^(−δy)) / (δρ), or y² / 2ρ;
  by a later day, R(ρ) + E(y) − E(ρ).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.days import DAYS_PER_YEAR
from simulator.network.values import FloatArray

SMALLEST_RATE = 1e-9
"""A year's rate below which money is not discounted: the closed forms would lose their digits."""

TABLES = 256
"""Tables of rising streams that are kept, so that a sweep over many terms does not keep them all."""


@dataclass(frozen=True)
class Discounting:
    """Present values at a rate a year, for days from 0 to the horizon."""

    rate: float
    horizon: int
    before: float = math.inf
    """Payments count where they are due up to the horizon and before this day; streams run to the horizon."""

    @cached_property
    def force(self) -> float:
        """δ, the continuous rate a day."""
        return float(np.log1p(self.rate)) / DAYS_PER_YEAR if self.rate > SMALLEST_RATE else 0.0

    @cached_property
    def _by_day(self) -> FloatArray:
        return self.payment(np.arange(self.horizon + 1, dtype=np.float64))

    @cached_property
    def _rises(self) -> dict[tuple[float, float], FloatArray]:
        return {}

    @cached_property
    def _stream_by_day(self) -> FloatArray:
        return self.stream(np.arange(self.horizon + 1, dtype=np.float64))

    def payment(self, day: FloatArray) -> FloatArray:
        """What 1 paid on a day is worth, in the shape of ``day``."""
        return np.exp(-self.force * day) if self.force else np.ones_like(day)

    def stream(self, days: FloatArray) -> FloatArray:
        """E: what 1 a day from day 0 on is worth after some days."""
        return -np.expm1(-self.force * days) / self.force if self.force else days

    def rising(self, days: FloatArray, ramp: float) -> FloatArray:
        """What a stream is worth after some days that rises evenly to 1 a day over ``ramp`` days and stays."""
        if ramp <= 0:
            return self.stream(days)
        rise = np.minimum(days, ramp)
        if not self.force:
            return rise * rise / (2 * ramp) + (days - rise)
        risen = (self.stream(rise) - rise * self.payment(rise)) / (self.force * ramp)
        return risen + self.stream(days) - self.stream(rise)

    def rises(self, ramp: float, lag: float) -> FloatArray:
        """`rising` by ``lag`` days after each whole day from -horizon to horizon, none below 0.

        The first row is not discounted, the second is: (2, 2 horizon + 1), made once and kept.
        """
        key = (ramp, lag)
        tables = self._rises.get(key)
        if tables is None:
            days = np.maximum(np.arange(-self.horizon, self.horizon + 1) + lag, 0.0)
            tables = np.stack([Discounting(0.0, self.horizon).rising(days, ramp), self.rising(days, ramp)])
            if len(self._rises) >= TABLES:
                self._rises.clear()
            self._rises[key] = tables
        return tables

    @property
    def last(self) -> int:
        """The last whole day on which a payment counts."""
        return self.horizon if self.before == math.inf else min(self.horizon, math.ceil(self.before) - 1)

    def counts(self, day: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Whether payments due on some days count, in the shape of ``day``."""
        by_horizon: npt.NDArray[np.bool_] = day <= self.horizon
        return by_horizon if self.before == math.inf else by_horizon & (day < self.before)

    def on(self, day: npt.NDArray[np.integer]) -> FloatArray:
        """What 1 paid on a whole day up to the horizon is worth."""
        return self._by_day[day]

    def between(self, begins: npt.NDArray[np.integer], ends: npt.NDArray[np.integer]) -> FloatArray:
        """What 1 a day is worth from one whole day to another, both up to the horizon."""
        return self._stream_by_day[ends] - self._stream_by_day[begins]


@dataclass(frozen=True)
class Paid:
    """Money per replication, (N,): as it is paid, and what it is worth at the start."""

    amount: FloatArray
    present: FloatArray

    def __add__(self, other: Paid) -> Paid:
        return Paid(self.amount + other.amount, self.present + other.present)

    @classmethod
    def nothing(cls, replications: int) -> Paid:
        return cls(np.zeros(replications), np.zeros(replications))


@lru_cache(maxsize=64)
def discounting_at(rate: float, horizon: int) -> Discounting:
    """Discounting with the tables that earlier blocks have made."""
    return Discounting(rate, horizon)


def paid_on(day: npt.NDArray[np.integer], amount: FloatArray | float, discounting: Discounting) -> Paid:
    """An amount paid on a day, (N,); nothing where the day is after the horizon."""
    paid = np.where(discounting.counts(day), amount, 0.0)
    return Paid(paid, paid * discounting.on(np.minimum(day, discounting.horizon)))


def paid_between(
    begins: npt.NDArray[np.integer] | int,
    ends: npt.NDArray[np.integer],
    per_day: FloatArray | float,
    discounting: Discounting,
) -> Paid:
    """A stream from one day to another, (N,), cut at the horizon; nothing where the end comes first."""
    last = np.minimum(ends, discounting.horizon)
    first = np.minimum(begins, last)
    return Paid((last - first) * per_day, discounting.between(first, last) * per_day)
