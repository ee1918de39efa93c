"""Differences between two schedules that met the same futures, and verdicts on many of them at once.

Replication i of both is the same future, so differences are taken within futures: what both have in
common cancels out. A difference is always the first less the second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, ndtr, ndtri, stdtr

from simulator.analysis.estimate import CONFIDENCE, mean_interval, rank
from simulator.network.values import FloatArray

RESAMPLES: Final = 799
"""Bootstrap samples; the 20th and the 780th of 799 enclose 95 %."""

CHUNK: Final = 1 << 14
"""Futures of resamples that are looked at in one go."""

Values: TypeAlias = npt.NDArray[Any]
Uniforms: TypeAlias = Callable[[int], FloatArray]
"""The (N,) uniform numbers that choose the futures of a resample, by its number."""


@dataclass(frozen=True)
class Difference:
    """A difference, its 95 % interval, and how likely one as large is where there is none; None where not known."""

    value: float | None = None
    interval: tuple[float, float] | None = None
    p_value: float | None = None


def mean_difference(a: Values, b: Values, confidence: float = CONFIDENCE) -> Difference:
    """The difference of two means from paired values, (N,) each, with the interval and test of Student.

    Student (1908), Biometrika 6, 1, on the differences. A difference that is the same in all futures is certain.
    """
    apart = a.astype(np.float64) - b.astype(np.float64)
    mean, size = float(apart.mean()), len(apart)
    if size < 2:
        return Difference(mean)
    variance = float(apart.var(ddof=1))
    if variance == 0:
        return Difference(mean, (mean, mean), 1.0 if mean == 0 else 0.0)
    t = abs(mean) / math.sqrt(variance / size)
    return Difference(mean, mean_interval(mean, variance, size, confidence), 2 * float(stdtr(size - 1, -t)))


def share_difference(a: npt.NDArray[np.bool_], b: npt.NDArray[np.bool_], confidence: float = CONFIDENCE) -> Difference:
    """The difference of two probabilities from paired yes and no, (N,) each.

    The interval is that of Bonett and Price (2012), J. Educ. Behav. Stat. 37, 479: Wald's with one future more on
    either side, so that it has a width where the two never differed. The test is McNemar's (1947), exact: of
    the futures in which they differ, half favour either one where there is no difference.
    """
    only_a, only_b, size = int(np.count_nonzero(a & ~b)), int(np.count_nonzero(b & ~a)), len(a)
    more, less = (only_a + 1) / (size + 2), (only_b + 1) / (size + 2)
    half = float(ndtri(0.5 + confidence / 2)) * math.sqrt((more + less - (more - less) ** 2) / (size + 2))
    value = (only_a - only_b) / size
    interval = max(more - less - half, -1.0), min(more - less + half, 1.0)
    p_value = min(2 * float(bdtr(min(only_a, only_b), only_a + only_b, 0.5)), 1.0) if only_a + only_b else 1.0
    return Difference(value, (min(interval[0], value), max(interval[1], value)), p_value)


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Quantiles of several sets of paired values, and the same of the same bootstrap samples of futures."""

    value: Mapping[str, float]
    resampled: Mapping[str, FloatArray]
    """Set to its quantiles, (RESAMPLES,)."""

    def difference(self, a: str, b: str) -> Difference:
        """The difference of two sets' quantiles.

        The interval holds the middle 95 % of the resampled differences; the test takes their spread for normal.
        """
        value = self.value[a] - self.value[b]
        apart = np.sort(self.resampled[a] - self.resampled[b])
        beyond = round((1 - CONFIDENCE) / 2 * (len(apart) + 1))
        interval = (float(apart[beyond - 1]), float(apart[-beyond]))
        spread = float(apart.std(ddof=1))
        p_value = float(value == 0) if spread == 0 else 2 * float(ndtr(-abs(value) / spread))
        return Difference(value, interval, p_value)


def quantiles(sets: Mapping[str, Values], shares: Sequence[float], uniforms: Uniforms) -> list[Quantiles]:
    """`Quantiles` for each of several shares of sets of (N,) values; all see the same resamples, so pairs stay pairs.

    Efron (1979), Annals of Statistics 7, 1: futures are drawn with replacement.
    """
    size = len(next(iter(sets.values())))
    ranks = [rank(p, size) for p in shares]
    order = {name: np.argsort(values, kind="stable") for name, values in sets.items()}
    ordered = {name: values[order[name]].astype(np.float64) for name, values in sets.items()}
    resampled = {name: np.empty((len(shares), RESAMPLES)) for name in sets}
    together = max(CHUNK // size, 1)
    for first in range(0, RESAMPLES, together):
        numbers = np.arange(first, min(first + together, RESAMPLES))
        times = _times(uniforms, numbers, size)
        # Every resample has as many futures, so that one sum runs through all of them, a row after the other.
        wanted = (np.arange(len(numbers)) * size)[:, None] + ranks
        for name in sets:
            found = np.cumsum(times.take(order[name], axis=1).ravel()).searchsorted(wanted) % size
            resampled[name][:, numbers] = ordered[name][found].T
    return [
        Quantiles(
            {name: float(values[ranks[index] - 1]) for name, values in ordered.items()},
            {name: values[index] for name, values in resampled.items()},
        )
        for index in range(len(shares))
    ]


def _times(uniforms: Uniforms, numbers: npt.NDArray[np.intp], size: int) -> npt.NDArray[np.int32]:
    """How often each future is in each of some resamples, (resamples, N)."""
    chosen = [(uniforms(number) * size).astype(np.intp) + row * size for row, number in enumerate(numbers.tolist())]
    counted = np.bincount(np.concatenate(chosen), minlength=len(chosen) * size)
    return counted.reshape(len(chosen), size).astype(np.int32)


def variance_removed(a: Values, b: Values) -> float | None:
    """The share of a difference's variance that meeting the same futures took away; None where nothing varies.

    One less Var(a − b) over Var(a) + Var(b), which it would be with futures of their own; negative where the
    same futures push the two apart.
    """
    apart = float((a.astype(np.float64) - b.astype(np.float64)).var())
    alone = float(a.astype(np.float64).var()) + float(b.astype(np.float64).var())
    return None if alone == 0 else 1 - apart / alone


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """The p-values corrected for their number, so that with 95 % confidence no verdict is wrong by chance.

    Holm (1979), Scandinavian Journal of Statistics 6, 65: the k-th smallest of m is multiplied by m − k + 1, and
    none is smaller than one before it. What is None was not tested.
    """
    tested = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    worst = 0.0
    for done, (p, place) in enumerate(tested):
        worst = max(worst, min((len(tested) - done) * p, 1.0))
        adjusted[place] = worst
    return adjusted
