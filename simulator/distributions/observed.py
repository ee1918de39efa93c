"""Distributions over listed values: weighted, or as observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulator.distributions.interface import FloatArray, require_finite


@dataclass(frozen=True)
class Discrete:
    """The ``values`` with chances in proportion to ``weights``.

    The inverse is the smallest value whose cumulative chance is at least u. Values are kept in rising order, equal
    ones together, those of weight 0 left out.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __init__(self, values: Sequence[float], weights: Sequence[float]) -> None:
        if len(values) != len(weights):
            raise ValueError(f"values and weights must be equally many ({len(values)} and {len(weights)})")
        total: dict[float, float] = {}
        for i, (value, weight) in enumerate(zip(values, weights, strict=True), start=1):
            require_finite(**{f"value {i}": value, f"weight {i}": weight})
            if weight < 0:
                raise ValueError(f"weight {i} must not be negative ({weight:g})")
            total[float(value)] = total.get(float(value), 0.0) + float(weight)
        kept = sorted(value for value, weight in total.items() if weight > 0)
        if not kept:
            raise ValueError("at least one weight must be above 0")
        object.__setattr__(self, "values", tuple(kept))
        object.__setattr__(self, "weights", tuple(total[value] for value in kept))

    @cached_property
    def _points(self) -> tuple[FloatArray, FloatArray]:
        cumulative = np.cumsum(self.weights)
        return np.array(self.values), cumulative / cumulative[-1]

    def ppf(self, u: FloatArray) -> FloatArray:
        values, cumulative = self._points
        return np.asarray(values[np.searchsorted(cumulative[:-1], u, side="left")])

    def cdf(self, x: FloatArray) -> FloatArray:
        values, cumulative = self._points
        return np.asarray(np.concatenate(([0.0], cumulative))[np.searchsorted(values, x, side="right")])

    @property
    def mean(self) -> float:
        return float(np.average(self.values, weights=self.weights))

    @property
    def support(self) -> tuple[float, float]:
        return (self.values[0], self.values[-1])


@dataclass(frozen=True)
class Empirical:
    """The observed ``values``, each as likely as any other.

    The inverse of the empirical distribution function (type 1 of Hyndman and Fan, The American Statistician 50, 1996):
    it returns only what was observed and keeps the sample's mean exactly; interpolation would do neither.
    """

    values: tuple[float, ...]

    def __init__(self, values: Sequence[float]) -> None:
        if not values:
            raise ValueError("values must not be empty")
        for i, value in enumerate(values, start=1):
            require_finite(**{f"value {i}": value})
        object.__setattr__(self, "values", tuple(sorted(float(value) for value in values)))

    @cached_property
    def _sorted(self) -> FloatArray:
        return np.array(self.values)

    def ppf(self, u: FloatArray) -> FloatArray:
        count = len(self.values)
        index = np.ceil(np.asarray(u) * count).astype(np.intp) - 1
        return np.asarray(self._sorted[np.clip(index, 0, count - 1)])

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(np.searchsorted(self._sorted, x, side="right") / len(self.values))

    @property
    def mean(self) -> float:
        return float(np.mean(self._sorted))

    @property
    def support(self) -> tuple[float, float]:
        return (self.values[0], self.values[-1])
