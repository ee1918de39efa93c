"""The distribution through three quantiles: a planner's P10, P50 and P90."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from simulator.distributions import special
from simulator.distributions.interface import FloatArray, require_finite

LOGIT90: Final = math.log(9.0)
"""ln(0.9/0.1)."""
STEEPEST: Final = 0.599839320128867
"""The largest value of s(t) − ½ + t s(t)(1 − s(t)), s the logistic function: where 2 + t (1 − 2 s(t)) = 0."""
SKEW_LIMIT: Final = (1.0 - 0.8 / (2.0 * STEEPEST)) / 2.0
"""P50 must part the way from P10 to P90 no further out than this (Keelin's k, about 0.1666)."""
CLEAR: Final = 1e-9
"""Quantiles at the very limit of the skew have a density that touches zero; they are taken."""


@dataclass(frozen=True)
class Metalog:
    """The three-term metalog of Keelin, Decision Analysis 13 (2016), equations 3, 10 and 15, symmetric percentiles.

    z = a₁ + a₂ ln(u/(1 − u)) + a₃ (u − ½) ln(u/(1 − u)); x = z without bounds, low + exp(z) above a lower bound,
    high − exp(−z) below an upper one, and low + (high − low)/(1 + exp(−z)) between both.
    A bound that is missing is infinite.
    """

    p10: float
    p50: float
    p90: float
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        require_finite(p10=self.p10, p50=self.p50, p90=self.p90)
        if not self.p10 < self.p50 < self.p90:
            raise ValueError(f"p10, p50 and p90 must rise ({self.p10:g}, {self.p50:g}, {self.p90:g})")
        if math.isnan(self.low) or math.isnan(self.high) or self.low == math.inf or self.high == -math.inf:
            raise ValueError(f"bounds must be numbers or left open ({self.low:g}, {self.high:g})")
        if self.low >= self.p10:
            raise ValueError(f"the lower bound must be below p10 ({self.low:g} >= {self.p10:g})")
        if self.high <= self.p90:
            raise ValueError(f"the upper bound must be above p90 ({self.high:g} <= {self.p90:g})")
        self._require_feasible()

    @classmethod
    def of_quantiles(cls, p10: float, p50: float, p90: float, bounds: Sequence[float | None] | None = None) -> Metalog:
        """Through the three quantiles, between ``bounds``: a lower and an upper one, either of them None."""
        if bounds is not None and len(bounds) != 2:
            raise ValueError(f"bounds must be a lower and an upper one ({len(bounds)} given)")
        low, high = (None, None) if bounds is None else bounds
        return cls(p10, p50, p90, -math.inf if low is None else low, math.inf if high is None else high)

    def _require_feasible(self) -> None:
        z10, z50, z90 = self._unbound(np.array([self.p10, self.p50, self.p90]))
        margin = SKEW_LIMIT * (z90 - z10)
        slack = CLEAR * (z90 - z10)
        if z10 + margin - slack <= z50 <= z90 - margin + slack:
            return
        least, most = self._bind(np.array([z10 + margin, z90 - margin]))
        raise ValueError(
            f"p50 lies too near p10 or p90 for one smooth curve: with this p10 and p90 it must be "
            f"between {least:.4g} and {most:.4g} ({self.p50:g})"
        )

    def _unbound(self, x: FloatArray) -> FloatArray:
        """``x`` on the scale where the curve has no bounds."""
        with np.errstate(divide="ignore"):
            above = np.log(np.maximum(x - self.low, 0.0)) if math.isfinite(self.low) else None
            below = np.log(np.maximum(self.high - x, 0.0)) if math.isfinite(self.high) else None
        if above is None:
            return np.asarray(x, dtype=np.float64) if below is None else np.asarray(-below)
        return np.asarray(above if below is None else above - below)

    def _bind(self, z: FloatArray) -> FloatArray:
        """The inverse of `_unbound`."""
        if math.isfinite(self.low) and math.isfinite(self.high):
            return np.asarray(self.low + (self.high - self.low) * special.expit(z))
        with np.errstate(over="ignore"):
            if math.isfinite(self.low):
                return np.asarray(self.low + np.exp(z))
            return np.asarray(self.high - np.exp(-z)) if math.isfinite(self.high) else z

    @cached_property
    def coefficients(self) -> tuple[float, float, float]:
        """a₁, a₂ and a₃."""
        z10, z50, z90 = (float(z) for z in self._unbound(np.array([self.p10, self.p50, self.p90])))
        return z50, (z90 - z10) / (2 * LOGIT90), (z10 + z90 - 2 * z50) / (0.8 * LOGIT90)

    def ppf(self, u: FloatArray) -> FloatArray:
        a1, a2, a3 = self.coefficients
        return self._bind(a1 + special.logit(u) * (a2 - 0.5 * a3 + a3 * np.asarray(u)))

    def cdf(self, x: FloatArray) -> FloatArray:
        """P(X <= x), by halving in ln(u/(1 − u)); good to a rounding error."""
        a1, a2, a3 = self.coefficients
        z = self._unbound(np.asarray(x, dtype=np.float64))
        low, high = np.full(z.shape, -800.0), np.full(z.shape, 800.0)
        for _ in range(70):
            middle = 0.5 * (low + high)
            beyond = a1 + middle * (a2 + a3 * (special.expit(middle) - 0.5)) > z
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        return np.asarray(special.expit(0.5 * (low + high)))

    @property
    def mean(self) -> float:
        """a₁ + a₃/2 without bounds; with bounds the integral of the inverse, to at least nine digits."""
        a1, a2, a3 = self.coefficients
        if math.isinf(self.low) and math.isinf(self.high):
            return a1 + a3 / 2
        if math.isfinite(self.low) and math.isfinite(self.high):
            return self._integral(decay=1.0)
        # Beyond the median the open side grows as exp(slope |t|) against the logistic density's exp(−|t|).
        decay = 1.0 - (a2 + 0.5 * a3 if math.isfinite(self.low) else a2 - 0.5 * a3)
        if decay <= 1e-4:
            return math.copysign(math.inf, 1.0 if math.isfinite(self.low) else -1.0)
        return self._integral(decay)

    def _integral(self, decay: float) -> float:
        """∫ x(t) s'(t) dt by the trapezoid rule, which converges exponentially for smooth tails."""
        a1, a2, a3 = self.coefficients
        step = 1 / 32
        t = np.arange(-45.0 / min(decay, 1.0), 45.0 / min(decay, 1.0), step)
        z = a1 + t * (a2 + a3 * (special.expit(t) - 0.5))
        log_density = -np.abs(t) - 2 * np.log1p(np.exp(-np.abs(t)))
        if math.isfinite(self.low) and math.isfinite(self.high):
            return float(step * np.sum((self.low + (self.high - self.low) * special.expit(z)) * np.exp(log_density)))
        if math.isfinite(self.low):
            return self.low + float(step * np.sum(np.exp(z + log_density)))
        return self.high - float(step * np.sum(np.exp(log_density - z)))

    @property
    def support(self) -> tuple[float, float]:
        return (self.low, self.high)
