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

from simulator.analysis.estimate import CONFIDENCE, mean_interval, rank, rank_interval
from simulator.analysis.seldom import difference_that_is_seldom
from simulator.network.values import FloatArray

RESAMPLES: Final = 799
"""Bootstrap samples; the 20th and the 780th of 799 enclose 95 %."""

LEAST_RESAMPLED: Final = 10
"""Futures below which resamples say nothing of how far two quantiles may be apart."""

CHUNK: Final = 1 << 14
"""Futures of resamples that are looked at in one go."""

ROUNDING: Final = 1e-9
"""Share of the larger of two values up to which they differ by rounding error only."""

Values: TypeAlias = npt.NDArray[Any]
Uniforms: TypeAlias = Callable[[int], FloatArray]
"""The (N,) uniform numbers that choose the futures of a resample, by its number."""


@dataclass(frozen=True)
class Difference:
    """A difference, its 95 % interval, and how likely one as large is where there is none; None where not known."""

    value: float | None = None
    interval: tuple[float, float] | None = None
    p_value: float | None = None


def apart(a: Values, b: Values) -> FloatArray:
    """How much larger a is than b, value by value; 0 where they differ by no more than rounding error.

    Sums of money in another order differ in their last digits: no future is better or worse for it.
    """
    one, other = a.astype(np.float64), b.astype(np.float64)
    found = one - other
    return np.where(np.abs(found) <= _rounding(one, other), 0.0, found)


def _rounding(a: Values, b: Values) -> FloatArray:
    return np.asarray(ROUNDING * np.maximum(np.abs(a), np.abs(b)))


def mean_difference(a: Values, b: Values, confidence: float = CONFIDENCE) -> Difference:
    """The difference of two means from paired values, (N,) each, with the interval and test of Student.

    Student (1908), Biometrika 6, 1, on the differences. One that is the same in all futures is tested by its sign. One
    that rests on few futures, the others having no difference, has an interval of its own (`seldom`), and is no surer
    than the signs of those few are: half of them favour either where there is no difference.
    """
    differences = apart(a, b)
    mean, size = float(differences.mean()), len(differences)
    if size < 2:
        return Difference(mean)
    if np.all(np.abs(differences - differences[0]) <= _rounding(a, b)):
        same = float(differences[0])
        return Difference(same, (same, same), _sign_test(same, size))
    variance = float(differences.var(ddof=1))
    p_value = 2 * float(stdtr(size - 1, -abs(mean) / math.sqrt(variance / size)))
    seldom = difference_that_is_seldom(differences, confidence)
    if seldom is None:
        return Difference(mean, mean_interval(mean, variance, size, confidence), p_value)
    more, less = int(np.count_nonzero(differences > 0)), int(np.count_nonzero(differences < 0))
    return Difference(mean, seldom, max(p_value, _of_signs(more, less)))


def _of_signs(more: int, less: int) -> float:
    """How likely so many of either sign are where both are equally likely: exact, on both sides."""
    return min(2 * float(bdtr(min(more, less), more + less, 0.5)), 1.0)


def _sign_test(value: float, size: int) -> float:
    """The p-value of a difference that had the same sign in all futures, each of which favoured either by one half.

    Arbuthnot (1710), Philosophical Transactions 27, 186.
    """
    return 1.0 if value == 0 else min(2 * 0.5**size, 1.0)


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
    p_value = _of_signs(only_a, only_b) if only_a + only_b else 1.0
    return Difference(value, (min(interval[0], value), max(interval[1], value)), p_value)


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Quantiles of several sets of paired values, and the same of the same bootstrap samples of futures."""

    value: Mapping[str, float]
    resampled: Mapping[str, FloatArray]
    """Set to its quantiles, (RESAMPLES,)."""
    size: int
    """N."""
    share: float
    """Which quantile."""

    @property
    def enough(self) -> bool:
        """Whether there are futures enough for an interval of a difference: that of either quantile has both ends.

        With fewer a quantile may be beyond all that was seen, which no resample can show: intervals of 6 futures held
        the difference of two P80 in 87 % of cases, and a verdict on equal laws was wrong in one of five.
        """
        low, high = rank_interval(self.share, self.size)
        return self.size >= LEAST_RESAMPLED and low >= 1 and high <= self.size

    def difference(self, a: str, b: str, confidence: float = CONFIDENCE) -> Difference:
        """The difference of two sets' quantiles.

        The interval holds the middle 95 % of the resampled differences; for a higher confidence, for which resamples
        are too few, also what is as far from the difference as if they were normal. The test takes their spread for
        normal, and is that of the sign where they have none. A few futures have neither.
        """
        value = self.value[a] - self.value[b]
        if not self.enough:
            return Difference(value)
        resampled = np.sort(self.resampled[a] - self.resampled[b])
        beyond = round((1 - CONFIDENCE) / 2 * (len(resampled) + 1))
        interval = (float(resampled[beyond - 1]), float(resampled[-beyond]))
        spread = float(resampled.std(ddof=1))
        if confidence > CONFIDENCE:
            half = float(ndtri(0.5 + confidence / 2)) * spread
            interval = min(interval[0], value - half), max(interval[1], value + half)
        p_value = _sign_test(value, self.size) if spread == 0 else 2 * float(ndtr(-abs(value) / spread))
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
            size,
            share,
        )
        for index, share in enumerate(shares)
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
    # From their first value, so that what does not vary has no variance by rounding.
    alone = sum(float(apart(values, values[:1]).var()) for values in (a, b))
    return None if alone == 0 else 1 - float(apart(a, b).var()) / alone


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
