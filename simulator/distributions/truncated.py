"""A distribution cut to what lies between two values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from simulator.distributions.interface import Constant, Distribution, FloatArray
from simulator.distributions.observed import Discrete, Empirical

LEAST_LEFT: Final = 1e-9
"""A cut that leaves less chance than this is refused: quantiles so far out are rounding errors."""
LARGEST_U: Final = 1.0 - 2.0**-53
SMALLEST_U: Final = 2.0**-60


@dataclass(frozen=True)
class Truncated:
    """``of``, a continuous distribution, given that it lies between ``low`` and ``high``.

    u is mapped to F(low) + u (F(high) − F(low)), so that the same u stays the same rank among what is left and a change
    of the bounds moves every replication the same way.
    """

    of: Distribution
    low: float
    high: float

    def __post_init__(self) -> None:
        if self._share[1] < LEAST_LEFT:
            raise ValueError(f"nothing is left between {self.low:g} and {self.high:g}")

    @cached_property
    def _share(self) -> tuple[float, float]:
        """The chance below ``low``, and of what is left."""
        below, within = (float(p) for p in self.of.cdf(np.array([self.low, self.high])))
        return below, within - below

    def ppf(self, u: FloatArray) -> FloatArray:
        below, left = self._share
        inside = np.clip(below + np.asarray(u) * left, SMALLEST_U, LARGEST_U)
        return np.asarray(np.clip(self.of.ppf(inside), self.low, self.high))

    def cdf(self, x: FloatArray) -> FloatArray:
        below, left = self._share
        return np.clip((self.of.cdf(np.asarray(x)) - below) / left, 0.0, 1.0)

    @cached_property
    def mean(self) -> float:
        """The integral of the distribution function's complement, by adaptive quadrature, to about nine digits."""
        low, high = self.support
        if math.isinf(low) or math.isinf(high):
            return self._open_mean()
        return low + _area(lambda x: 1.0 - float(self.cdf(np.array(x))), low, high)

    def _open_mean(self) -> float:
        """E[X] = m + ∫ above m of P(X > x) − ∫ below m of P(X <= x), m the median."""
        low, high = self.support
        if math.isinf(self.of.mean):
            return self.of.mean
        middle = float(self.ppf(np.array(0.5)))
        above = _area(lambda x: 1.0 - float(self.cdf(np.array(x))), middle, high)
        below = _area(lambda x: float(self.cdf(np.array(x))), low, middle)
        return middle + above - below

    @property
    def support(self) -> tuple[float, float]:
        low, high = self.of.support
        return (max(low, self.low), min(high, self.high))


def truncate(distribution: Distribution, low: float | None, high: float | None) -> Distribution:
    """``distribution`` given that it lies between ``low`` and ``high``, both included; None leaves a side open.

    Raises:
        ValueError: where the bounds are no numbers, are the wrong way round, or leave nothing.
    """
    low = -math.inf if low is None else float(low)
    high = math.inf if high is None else float(high)
    if math.isnan(low) or math.isnan(high):
        raise ValueError("bounds must be numbers or left open (nan)")
    if low > high:
        raise ValueError(f"the lower bound must not exceed the upper ({low:g} > {high:g})")
    least, most = distribution.support
    if low <= least and most <= high:
        return distribution
    match distribution:
        case Discrete(values=values, weights=weights):
            kept = [(v, w) for v, w in zip(values, weights, strict=True) if low <= v <= high]
            _require_some(kept, low, high)
            return Discrete([v for v, _ in kept], [w for _, w in kept])
        case Empirical(values=values):
            _require_some(observed := [v for v in values if low <= v <= high], low, high)
            return Empirical(observed)
        case Constant():
            _require_some([], low, high)
        case Truncated(of=of, low=outer, high=upper):
            _require_some([None] if max(low, outer) < min(high, upper) else [], low, high)
            return Truncated(of, max(low, outer), min(high, upper))
    return Truncated(distribution, low, high)


def _require_some(kept: Sequence[object], low: float, high: float) -> None:
    if not kept:
        raise ValueError(f"nothing is left between {low:g} and {high:g}")


def _area(height: Callable[[float], float], low: float, high: float) -> float:
    from scipy.integrate import quad

    area, _ = quad(height, low, high, limit=200, epsabs=1e-12, epsrel=1e-11)
    return float(area)
