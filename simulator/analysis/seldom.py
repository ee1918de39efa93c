"""Intervals of means that rest on few futures, because almost all have the same value.

**Why.** A failure that one future in a thousand has, and that costs a hundred, has a mean of 0.1. In 1,000 futures it
is seen once, or twice, or not at all. Student's interval takes the few for a normal sample: it is centred on what was
seen, reaches below nothing, and where sizes differ covers the truth in 77 % of cases instead of 95 % (of those in
which it was seen at all). The bootstrap and the empirical likelihood do no better, for they hold nothing that was not
seen either; Johnson's (1978, J. Amer. Statist. Assoc. 73, 536) correction for skewness needs a third moment, which so
few do not tell.

**How many futures a mean rests on.** With d the distances from the smallest value (or from the largest, if fewer rest
on that), k = (Σd)² / Σd² futures of equal distance would tell as much (the effective number of Kish 1965, Survey
Sampling). Nothing of this matters where k is 100 or more, or a quarter of all futures: then Student's interval is
given.

**The interval.** Where k is less, few futures with d > 0 come as Poisson's law has it, so that the mean of d is a
weighted sum of Poisson counts. Its interval is that of Fay and Feuer (1997, Statistics in Medicine 16, 791), from
quantiles of gamma distributions: exact (Garwood 1936, Biometrika 28, 437) where all have the same size, conservative
for known sizes. Here sizes are sampled with the futures; so the weight of the one more that might have come, in their
equation for the upper end, is not the largest that was seen but 1 + 4/k times that. The factor is from simulation: with
sizes that are the same, uniform, exponential or lognormal, 95 % or more of intervals cover, given that anything was
seen (the tests hold it).

**What no interval can do.** Where all futures are the same, there is no telling how large what was not seen would be:
the interval has no width, and that something has a chance of up to 3/N (the rule of three; Hanley and Lippman-Hand
1983, J. Amer. Med. Assoc. 249, 1743) is said in words. Where a precision is asked for, it decides: a mean that may be
up to some ``reach`` from where it was in all futures is known to 3/N of that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from simulator.analysis.estimate import CONFIDENCE, Interval, mean_interval
from simulator.distributions import special
from simulator.network.values import FloatArray

FEW: Final = 100
"""Futures from which on a mean is taken to rest on many."""
PART: Final = 0.25
"""Of all futures: where a mean rests on more, those that do not matter to it are not what is almost always the case."""
RULE_OF_THREE: Final = 3.0
"""By so many N-ths what was seen in none of N futures may still happen, at 95 %."""
ROUNDING: Final = 1e-9
"""Part of themselves by which the ends of an interval that has no width may differ."""
ONE_MORE: Final = 4.0
"""By how many k-ths of itself the largest size that may come exceeds the largest that was seen."""


class Averaged(Protocol):
    """What is known of N values."""

    @property
    def size(self) -> int: ...
    @property
    def mean(self) -> float | None: ...
    @property
    def variance(self) -> float: ...
    @property
    def least(self) -> float: ...
    @property
    def most(self) -> float: ...


@dataclass(frozen=True)
class Spread:
    """The same, worked out."""

    size: int
    mean: float
    variance: float
    least: float
    most: float

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> Spread:
        """Of values, (N,)."""
        variance = float(values.var(ddof=1)) if len(values) > 1 else 0.0
        return cls(len(values), float(values.mean()), variance, float(values.min()), float(values.max()))

    @classmethod
    def like(cls, found: Averaged) -> Spread | None:
        """Of what remains of values; None where their mean is not known."""
        mean = found.mean
        return None if mean is None else cls(found.size, mean, found.variance, found.least, found.most)


def interval_of_mean(of: Spread, confidence: float = CONFIDENCE) -> Interval | None:
    """The interval of a mean; None where there is but a single future."""
    return _interval(of, *_from_either_end(of), confidence)


def mean_of(of: Spread) -> tuple[Interval | None, float | None]:
    """Both `interval_of_mean` and `rests_on`."""
    ends = _from_either_end(of)
    return _interval(of, *ends, CONFIDENCE), _few(ends, of.size)


def _interval(of: Spread, below: float, above: float, confidence: float) -> Interval | None:
    if not is_few(min(below, above), of.size):
        return mean_interval(of.mean, of.variance, of.size, confidence)
    largest = (of.most - of.least) / of.size
    if below <= above:
        low, high = _gamma(of.mean - of.least, below, largest, confidence)
        return of.least + low, of.least + high
    low, high = _gamma(of.most - of.mean, above, largest, confidence)
    return of.most - high, of.most - low


def rests_on(of: Spread) -> float | None:
    """How many futures a mean rests on, where they are few; None where they are many, or all values are the same."""
    return _few(_from_either_end(of), of.size)


def _few(ends: tuple[float, float], size: int) -> float | None:
    return min(ends) if is_few(min(ends), size) else None


def half_width(interval: tuple[float | None, float | None] | None, size: int, reach: float = math.inf) -> float:
    """Half the width of the interval of a mean over so many futures, infinite where an end is not known.

    One that has none is no more precise than what was not seen lets it be: three N-ths of ``reach``, which is how far
    the mean can be from where it was in every future; 0 where it is that by construction.
    """
    low, high = interval or (None, None)
    if low is None or high is None:
        return math.inf
    if not math.isclose(low, high, rel_tol=ROUNDING):
        return (high - low) / 2
    return RULE_OF_THREE * reach / size if reach else 0.0


def is_few(futures: float, size: int) -> bool:
    """Whether a mean over ``size`` futures that rests on so many of them rests on few."""
    return 0 < futures < min(FEW, PART * size)


def _from_either_end(of: Spread) -> tuple[float, float]:
    """How many futures the mean rests on as a distance from the smallest value, and from the largest."""
    if of.size < 2 or of.least == of.most:
        return math.inf, math.inf
    deviation = math.sqrt(max(of.variance, 0.0) * (of.size - 1) / of.size)
    below, above = of.mean - of.least, of.most - of.mean
    return (
        of.size * (below / math.hypot(below, deviation)) ** 2 if below > 0 else math.inf,
        of.size * (above / math.hypot(above, deviation)) ** 2 if above > 0 else math.inf,
    )


def difference_that_is_seldom(differences: FloatArray, confidence: float = CONFIDENCE) -> Interval | None:
    """The interval of the mean of differences, (N,), almost all of which are 0; None where it rests on many.

    Gains and losses are two means that rest on few, put together as Zou and Donner (2008, Statistics in Medicine 27,
    1693) do with intervals that are not symmetric. A side that was not seen is one of which none came, of the
    largest size seen on the other.
    """
    sizes = np.abs(differences)
    size, largest = len(sizes), float(sizes.max(initial=0.0))
    if not largest or not is_few(effective(sizes / largest), size):
        return None
    gained, lost = np.maximum(differences, 0.0), np.maximum(-differences, 0.0)
    up, down = (_side(side, largest, confidence) for side in (gained, lost))
    more, less = float(gained.mean()), float(lost.mean())
    return (
        more - less - math.hypot(more - up[0], down[1] - less),
        more - less + math.hypot(up[1] - more, less - down[0]),
    )


def effective(sizes: FloatArray) -> float:
    """How many equal sizes, all others being 0, would have the mean and the scatter of these, (N,), none below 0."""
    squares = float(sizes @ sizes)
    return float(sizes.sum()) ** 2 / squares if squares else 0.0


def _side(sizes: FloatArray, largest: float, confidence: float) -> Interval:
    """The interval of the mean of sizes, (N,); of one of which none were seen with the largest of the other's."""
    size, most = len(sizes), float(sizes.max())
    if most == 0:
        return 0.0, largest / size * float(special.gammaincinv(1.0, 0.5 + confidence / 2))
    return _gamma(float(sizes.mean()), effective(sizes / most), most / size, confidence)


def _gamma(mean: float, futures: float, largest: float, confidence: float) -> Interval:
    """Fay and Feuer's interval of a mean of distances that rests on so many futures; ``largest`` is what one adds."""
    low = mean / futures * float(special.gammaincinv(futures, 0.5 - confidence / 2))
    one_more = (1 + ONE_MORE / futures) * largest / mean
    variance = 1 / futures + one_more * one_more
    upper = float(special.gammaincinv((1 + one_more) ** 2 / variance, 0.5 + confidence / 2))
    return low, mean * variance / (1 + one_more) * upper
