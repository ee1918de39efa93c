"""How much of an outcome's uncertainty comes from where: rank correlations, and Sobol's indices from a design.

Pure numbers from arrays; who simulates the design is in `simulator.studies.drivers`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from simulator.analysis.estimate import CONFIDENCE, Interval, mean_interval
from simulator.analysis.paired import RESAMPLES, Values
from simulator.analysis.seldom import Spread, effective, interval_of_mean, is_few
from simulator.network.values import FloatArray

AT_ONCE: Final = 64
"""Bootstrap samples that are worked out together, at most."""
MOST_AT_ONCE: Final = 1 << 22
"""Rows in all of them together, at most: 32 MB."""
TENTH: Final = 0.1
"""The share of futures that a tail has."""
NEAR: Final = 5
"""How many times fewer futures than a tail has are at its edge."""


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's ρ, and its 95 % interval."""

    value: float
    interval: Interval


def ranks(values: Values) -> FloatArray:
    """The ranks of values, (N,), from 1; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place.reshape(-1)]


def rank_correlation(a: Values, b: Values, confidence: float = CONFIDENCE) -> RankCorrelation | None:
    """Spearman's rank correlation of paired values, (N,) each; None where either does not vary, or N is below 4.

    Spearman (1904), American Journal of Psychology 15, 72: Pearson's correlation of the ranks. The interval is that
    of Bonett and Wright (2000), Psychometrika 65, 23: artanh ρ ± z √((1 + ρ²/2) / (N − 3)). Where all ranks agree it
    reaches as far as if two neighbours had changed places, so that it has a width.
    """
    size = len(a)
    one, other = ranks(a) - (size + 1) / 2, ranks(b) - (size + 1) / 2
    spread = math.sqrt(float(one @ one) * float(other @ other))
    if size < 4 or spread == 0:
        return None
    value = min(max(float(one @ other) / spread, -1.0), 1.0)
    return RankCorrelation(value, interval_of_correlation(value, size, confidence))


def interval_of_correlation(value: float, size: int, confidence: float = CONFIDENCE) -> Interval:
    """That of a rank correlation of so many pairs, 4 or more; see `rank_correlation`."""
    most = 1 - 12 / (size * (size * size - 1))  # two neighbouring ranks changed: Σd² = 2, and ρ = 1 − 6 Σd² / N(N² − 1)
    middle = math.atanh(min(max(value, -most), most))
    half = float(ndtri(0.5 + confidence / 2)) * math.sqrt((1 + value * value / 2) / (size - 3))
    low, high = math.tanh(middle - half), math.tanh(middle + half)
    return -1.0 if value == -1 else low, 1.0 if value == 1 else high


@dataclass(frozen=True)
class Tail:
    """The mean of an outcome in one tail of something, and its 95 % interval; None where it holds too few futures."""

    mean: float
    interval: Interval | None


def means_in_tails(given: Values, outcome: Values, share: float = TENTH) -> tuple[Tail, Tail]:
    """The mean of an outcome, (N,), where ``given``, (N,), is in its lowest and in its highest ``share``.

    Values equal to the quantile count as within; where the highest share reaches down to the lowest value, as with
    something that seldom occurs, only what is above that value counts as high (likewise for the low end).
    """
    low, high = np.quantile(given, (share, 1 - share))
    least, most = given.min(), given.max()
    lowest = given <= low if low < most else given < most
    highest = given >= high if high > least else given > least
    if not lowest.any() or not highest.any():
        lowest = highest = np.ones(len(given), dtype=np.bool_)
    return _tail(given, outcome, lowest, low), _tail(given, outcome, highest, high)


def _tail(given: Values, outcome: Values, within: npt.NDArray[np.bool_], edge: float) -> Tail:
    """The mean within a tail that ends at an estimated quantile.

    Where the edge came out a little further in or out, futures with the outcome at the edge, g, join or leave: to the
    variance of the outcome within, s², that adds (1 − p)(m − g)², with m the mean within and p the share that is
    (the influence function of a conditional mean; Chen 2008, Journal of Financial Econometrics 6, 87, for the outcome's
    own tail). Where many share the value at the edge it does not move.
    """
    inside = np.asarray(outcome[within], dtype=np.float64)
    size, mean, share = len(inside), float(inside.mean()), float(within.mean())
    if size < 2:
        return Tail(mean, None)
    spread = float(inside.var(ddof=1))
    if share < 1 and np.count_nonzero(given == edge) <= 1:
        near = np.argpartition(np.abs(given - edge), size // NEAR)[: max(size // NEAR, 1)]
        spread += (1 - share) * (mean - float(outcome[near].mean())) ** 2
    return Tail(mean, mean_interval(mean, spread, size))


@dataclass(frozen=True)
class Index:
    """An estimate of one of Sobol's indices, with its bootstrap standard error and 95 % interval."""

    value: float
    error: float
    interval: Interval


@dataclass(frozen=True)
class Indices:
    """The first-order and the total index of a source: its share of the variance alone, and with all interactions."""

    first: Index
    total: Index


@dataclass(frozen=True)
class Decomposition:
    """All sources' indices from one design, and what they rest on."""

    of: tuple[Indices, ...]
    alone: Index
    """The sum of all first-order indices: what is not interaction."""
    rests_on: float | None
    """On how many of the 2N outcomes in both samples the variance rests, where they are few."""
    reach: float
    """The most that one row can add to N times a total index: half the square of the outcome's range, over V."""


def sobol_indices(
    a: Values, b: Values, mixed: Values, uniforms: Callable[[int], FloatArray]
) -> tuple[Indices, ...] | None:
    """The indices of `decomposition` alone."""
    found = decomposition(a, b, mixed, uniforms)
    return None if found is None else found.of


def decomposition(a: Values, b: Values, mixed: Values, uniforms: Callable[[int], FloatArray]) -> Decomposition | None:
    """Sobol's indices of G sources from the outcomes of a design of Saltelli's; None where the outcome does not vary.

    ``a`` and ``b``, (N,), are of two independent samples, row g of ``mixed``, (G, N), of the first with source g
    taken from the second. With f the outcome less its mean and V its variance in both samples, by Saltelli et al.
    (2010), Computer Physics Communications 181, 259, table 2 (b), and Jansen (1999), the same 117, 35:

        S = mean(f_B (f_AB − f_A)) / V,        T = mean((f_A − f_AB)²) / 2V.

    Errors and intervals come from 799 bootstrap samples of the design's rows (Archer, Saltelli and Sobol 1997, Journal
    of Statistical Computation and Simulation 58, 99), drawn by ``uniforms``, which gives (N,) numbers for
    each. The sources must be independent.

    A bootstrap holds nothing that was not seen, so that its intervals do not cover where few rows decide
    (`simulator.analysis.seldom`). Where V itself rests on few, (Σf²)² / Σf⁴ of them, no more is known than that
    0 ≤ S ≤ T ≤ 1. Where only a source's rows are few, T has the interval of such a mean, and S that from 0 to the end
    of T's.
    """
    if np.ptp(np.concatenate([a, b, np.ravel(mixed)])) == 0:
        return None
    centre = (float(np.mean(a)) + float(np.mean(b))) / 2
    one, other, rows = (np.asarray(of, dtype=np.float64) - centre for of in (a, b, mixed))
    terms = np.concatenate([other * (rows - one), (one - rows) ** 2 / 2]).T
    moments = np.stack([one + other, one * one + other * other]).T / 2
    variance = float(moments[:, 1].mean() - moments[:, 0].mean() ** 2)
    if variance <= 0:
        return None
    value, resampled = terms.mean(axis=0) / variance, _resampled(terms, moments, uniforms)
    found = [_index(float(value[i]), resampled[:, i]) for i in range(2 * len(rows))]
    pairs = [Indices(*both) for both in zip(found[: len(rows)], found[len(rows) :], strict=True)]
    both = np.concatenate([one, other])
    carried = effective(both * both)
    few = carried if is_few(carried, len(both)) else None
    if few is None:
        pairs = [_of_few(each, terms[:, g], terms[:, len(rows) + g], variance) for g, each in enumerate(pairs)]
    else:
        pairs = [Indices(_not_known(each.first), _not_known(each.total)) for each in pairs]
    alone = _index(float(value[: len(rows)].sum()), resampled[:, : len(rows)].sum(axis=1))
    reach = float(np.ptp(np.concatenate([a, b, np.ravel(mixed)]))) ** 2 / (2 * variance)
    return Decomposition(tuple(pairs), alone, few, reach)


def _index(value: float, resampled: FloatArray) -> Index:
    """With the spread and the middle 95 % of its bootstrap samples."""
    ordered = np.sort(resampled)
    beyond = round((1 - CONFIDENCE) / 2 * (RESAMPLES + 1))
    return Index(value, float(resampled.std(ddof=1)), (float(ordered[beyond - 1]), float(ordered[-beyond])))


def _of_few(found: Indices, first: FloatArray, total: FloatArray, variance: float) -> Indices:
    """A source's indices, with other intervals where few rows' terms, (N,) each, make them up."""
    size, (low, high) = len(total), found.total.interval
    few = is_few(effective(total), size)
    if few:
        ends = interval_of_mean(Spread.of(total))
        assert ends is not None  # there are more rows than one
        low, high = min(low, ends[0] / variance), max(high, ends[1] / variance)
    whole = replace(found.total, interval=(low, high))
    if not few and not is_few(effective(np.abs(first)), size):
        return Indices(found.first, whole)
    alone = min(0.0, found.first.value), max(high, found.first.interval[1])
    return Indices(replace(found.first, interval=alone), whole)


def _not_known(index: Index) -> Index:
    return replace(index, interval=(min(0.0, index.value), max(1.0, index.value)))


def _resampled(terms: FloatArray, moments: FloatArray, uniforms: Callable[[int], FloatArray]) -> FloatArray:
    """The indices of bootstrap samples of the rows, (RESAMPLES, 2 G); 0 where a sample does not vary."""
    size = len(terms)
    found = np.zeros((RESAMPLES, terms.shape[1]))
    together = min(max(MOST_AT_ONCE // size, 1), AT_ONCE)
    for first in range(0, RESAMPLES, together):
        numbers = range(first, min(first + together, RESAMPLES))
        times = np.stack([np.bincount((uniforms(k) * size).astype(np.intp), minlength=size) for k in numbers]) / size
        means, moment = times @ terms, times @ moments
        variance = moment[:, 1] - moment[:, 0] ** 2
        varies = variance > 0
        found[numbers.start : numbers.stop][varies] = means[varies] / variance[varies, None]
    return found
