"""Distributions whose inverse is an incomplete beta or gamma function: PERT and gamma."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaincinv, gammainc, gammaincinv

from simulator.distributions.interface import FloatArray, require_positive, require_rising


@dataclass(frozen=True)
class Pert:
    """The beta distribution between ``min`` and ``max`` with mean (min + 4 mode + max) / 6.

    Malcolm, Roseboom, Clark and Fazar, Operations Research 7 (1959): α = 1 + 4 (mode − min)/(max − min), β = 6 − α.
    """

    min: float
    mode: float
    max: float

    def __post_init__(self) -> None:
        require_rising(min=self.min, mode=self.mode, max=self.max)

    @property
    def alpha(self) -> float:
        return 1.0 + 4.0 * (self.mode - self.min) / (self.max - self.min)

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.asarray(self.min + (self.max - self.min) * betaincinv(self.alpha, 6.0 - self.alpha, u))

    def cdf(self, x: FloatArray) -> FloatArray:
        part = np.clip((np.asarray(x) - self.min) / (self.max - self.min), 0.0, 1.0)
        return np.asarray(betainc(self.alpha, 6.0 - self.alpha, part))

    @property
    def mean(self) -> float:
        return (self.min + 4 * self.mode + self.max) / 6

    @property
    def support(self) -> tuple[float, float]:
        return (self.min, self.max)


@dataclass(frozen=True)
class Gamma:
    """The gamma distribution with shape (mean/sd)² and scale sd²/mean."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        require_positive(mean=self.mean, sd=self.sd)

    @property
    def shape(self) -> float:
        return (self.mean / self.sd) ** 2

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.asarray(self.mean / self.shape * gammaincinv(self.shape, u))

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(gammainc(self.shape, np.maximum(x, 0.0) * (self.shape / self.mean)))

    @property
    def support(self) -> tuple[float, float]:
        return (0.0, math.inf)
