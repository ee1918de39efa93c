"""Intervals for what a set of replications estimates: probabilities, quantiles, means and ratios.

All are for independent replications. Latin hypercube and Sobol' designs spread replications more evenly, so with
them the intervals are, for the measures of interest here, wider than they need be: conservative.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from simulator.distributions import special

CONFIDENCE = 0.95

Interval: TypeAlias = tuple[float, float]


def wilson(count: int, size: int, confidence: float = CONFIDENCE) -> Interval:
    """The interval of a probability of which ``count`` in ``size`` were seen, within [0, 1].

    Wilson (1927), J. Amer. Statist. Assoc. 22, 209: the probabilities that a score test would not reject.
    """
    z = _normal(confidence)
    share = count / size
    middle = share + z * z / (2 * size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    scale = 1 + z * z / size
    low = 0.0 if count == 0 else (middle - half) / scale
    return low, 1.0 if count == size else (middle + half) / scale


@lru_cache(maxsize=256)
def rank(p: float, size: int) -> int:
    """The rank, counted from 1, of the order statistic that estimates a quantile.

    That is the smallest value with at least a share ``p`` of the replications at or below it
    (`inverted_cdf`; Hyndman and Fan 1996, definition 1): P80 is the date by which 80 % are done.
    """
    return min(max(math.ceil(p * size - 1e-9), 1), size)


@lru_cache(maxsize=256)
def rank_interval(p: float, size: int, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """The ranks, counted from 1, of the order statistics that enclose a quantile; 0 or size + 1 for none.

    The number of replications at or below the true quantile is binomial, so the ranks are the tightest with no
    more than half of 1 − confidence beyond either (David and Nagaraja 2003, Order Statistics, section
    7.1). Exact for continuous outcomes, conservative for whole days.
    """
    beyond = (1 - confidence) / 2
    low = _largest_rank(beyond, size, p)
    high = size + 1 - _largest_rank(beyond, size, 1 - p)
    return low, high


def _largest_rank(beyond: float, size: int, p: float) -> int:
    """The largest rank l with P(B < l) <= beyond, B binomial; 0 where there is none."""
    guess = special.bdtrik(beyond, size, p)
    low = math.floor(guess) + 1 if math.isfinite(guess) and guess > 0 else 0
    while low > 0 and special.bdtr(low - 1, size, p) > beyond:
        low -= 1
    while low < size and special.bdtr(low, size, p) <= beyond:
        low += 1
    return low


def quantile(
    values: npt.ArrayLike, p: float, confidence: float = CONFIDENCE
) -> tuple[float, tuple[float | None, float | None]]:
    """A quantile of values, (N,), and its interval; an end is None where N is too small to give one.

    `NEVER` counts as later than any day: both the quantile and the ends of the interval may be it.
    """
    ordered = np.sort(np.asarray(values))
    low, high = rank_interval(p, len(ordered), confidence)
    return (
        ordered[rank(p, len(ordered)) - 1].item(),
        (
            ordered[low - 1].item() if low > 0 else None,
            ordered[high - 1].item() if high <= len(ordered) else None,
        ),
    )


def mean_interval(mean: float, variance: float, size: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Student's interval of a mean, from the mean and the sample variance; None for a single replication.

    Student (1908), Biometrika 6, 1: mean ± t · s / √N, with t at N − 1 degrees of freedom.
    """
    if size < 2:
        return None
    half = _student(size - 1, confidence) * math.sqrt(max(variance, 0.0) / size)
    return mean - half, mean + half


@lru_cache(maxsize=256)
def _normal(confidence: float) -> float:
    return float(special.ndtri(0.5 + confidence / 2))


@lru_cache(maxsize=256)
def _student(freedom: int, confidence: float) -> float:
    return float(special.stdtrit(freedom, 0.5 + confidence / 2))


def ratio_interval(ratio: float, variance: float, size: int, mean: float) -> Interval | None:
    """The interval of a ratio of two means, y over x, from the sample variance of y − ratio · x and the mean of x.

    Cochran (1977), Sampling Techniques, equation 6.13: Student's interval of the residuals, over the mean of x.
    """
    interval = mean_interval(0.0, variance, size)
    return None if interval is None or mean <= 0 else (ratio + interval[0] / mean, ratio + interval[1] / mean)
