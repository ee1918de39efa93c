"""Distributions whose inverse has a closed form that is cheap to compute.

Formulas: Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, volumes 1 and 2 (1994, 1995).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from simulator.distributions import special
from simulator.distributions.interface import FloatArray, require_finite, require_positive, require_rising

Z90: Final = NormalDist().inv_cdf(0.9)
"""The 90th percentile of the standard normal distribution."""


@dataclass(frozen=True)
class Uniform:
    """Every value between ``min`` and ``max`` equally likely: x = min + u (max − min)."""

    min: float
    max: float

    def __post_init__(self) -> None:
        require_rising(min=self.min, max=self.max)

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.asarray(self.min + u * (self.max - self.min))

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.clip((np.asarray(x) - self.min) / (self.max - self.min), 0.0, 1.0)

    @property
    def mean(self) -> float:
        return 0.5 * self.min + 0.5 * self.max

    @property
    def support(self) -> tuple[float, float]:
        return (self.min, self.max)


@dataclass(frozen=True)
class Triangular:
    """A density that rises in a line to ``mode`` and falls in a line to ``max``.

    x = min + √(u (max − min)(mode − min)) up to the mode, max − √((1 − u)(max − min)(max − mode)) beyond it.
    """

    min: float
    mode: float
    max: float

    def __post_init__(self) -> None:
        require_rising(min=self.min, mode=self.mode, max=self.max)

    def ppf(self, u: FloatArray) -> FloatArray:
        width, left, right = self.max - self.min, self.mode - self.min, self.max - self.mode
        rising = self.min + np.sqrt(u * (width * left))
        falling = self.max - np.sqrt((1.0 - u) * (width * right))
        return np.where(u * width <= left, rising, falling)

    def cdf(self, x: FloatArray) -> FloatArray:
        inside = np.clip(x, self.min, self.max)
        width, left, right = self.max - self.min, self.mode - self.min, self.max - self.mode
        rising = (inside - self.min) ** 2 / (width * left) if left else np.zeros_like(inside)
        falling = 1.0 - (self.max - inside) ** 2 / (width * right) if right else np.ones_like(inside)
        at_max = inside >= self.max
        return np.where(at_max, 1.0, np.where(inside < self.mode, rising, falling))

    @property
    def mean(self) -> float:
        return (self.min + self.mode + self.max) / 3

    @property
    def support(self) -> tuple[float, float]:
        return (self.min, self.max)


@dataclass(frozen=True)
class Normal:
    """x = mean + sd Φ⁻¹(u)."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        require_finite(mean=self.mean)
        require_positive(sd=self.sd)

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.asarray(self.mean + self.sd * special.ndtri(u))

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(special.ndtr((np.asarray(x) - self.mean) / self.sd))

    @property
    def support(self) -> tuple[float, float]:
        return (-math.inf, math.inf)


@dataclass(frozen=True)
class Lognormal:
    """x = exp(μ + σ Φ⁻¹(u)); ``mu`` and ``sigma`` are the mean and the standard deviation of ln x."""

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        require_finite(mu=self.mu)
        require_positive(sigma=self.sigma)

    @classmethod
    def of_median(cls, median: float, p90: float) -> Lognormal:
        """From the median and the value that is exceeded in one case of ten."""
        require_positive(median=median, p90=p90)
        if p90 <= median:
            raise ValueError(f"p90 must be above median ({p90:g} <= {median:g})")
        return cls(math.log(median), math.log(p90 / median) / Z90)

    @classmethod
    def of_range(cls, p10: float, p90: float) -> Lognormal:
        """From the values that bound the middle eight cases of ten."""
        require_positive(p10=p10, p90=p90)
        if p90 <= p10:
            raise ValueError(f"p90 must be above p10 ({p90:g} <= {p10:g})")
        return cls(0.5 * (math.log(p10) + math.log(p90)), math.log(p90 / p10) / (2 * Z90))

    @classmethod
    def of_mean(cls, mean: float, sd: float) -> Lognormal:
        """From the mean and the standard deviation: σ² = ln(1 + (sd/mean)²), μ = ln mean − σ²/2."""
        require_positive(mean=mean, sd=sd)
        variance = math.log1p((sd / mean) ** 2)
        return cls(math.log(mean) - variance / 2, math.sqrt(variance))

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.asarray(np.exp(self.mu + self.sigma * special.ndtri(u)))

    def cdf(self, x: FloatArray) -> FloatArray:
        positive = np.maximum(x, 0.0)
        with np.errstate(divide="ignore"):
            return np.asarray(special.ndtr((np.log(positive) - self.mu) / self.sigma))

    @property
    def mean(self) -> float:
        return math.exp(self.mu + self.sigma**2 / 2)

    @property
    def support(self) -> tuple[float, float]:
        return (0.0, math.inf)


@dataclass(frozen=True)
class Weibull:
    """x = scale (−ln(1 − u))^(1/shape)."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        require_positive(shape=self.shape, scale=self.scale)

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.asarray(self.scale * (-np.log1p(-u)) ** (1.0 / self.shape))

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(-np.expm1(-((np.maximum(x, 0.0) / self.scale) ** self.shape)))

    @property
    def mean(self) -> float:
        return self.scale * math.gamma(1 + 1 / self.shape)

    @property
    def support(self) -> tuple[float, float]:
        return (0.0, math.inf)


@dataclass(frozen=True)
class Exponential:
    """x = −mean ln(1 − u)."""

    mean: float

    def __post_init__(self) -> None:
        require_positive(mean=self.mean)

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.asarray(-self.mean * np.log1p(-u))

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(-np.expm1(-np.maximum(x, 0.0) / self.mean))

    @property
    def support(self) -> tuple[float, float]:
        return (0.0, math.inf)
