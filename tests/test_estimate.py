"""Intervals against their definitions and, by simulation and by exact sums, against known truths."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import bdtr, gammaln, ndtr

from simulator.analysis.estimate import mean_interval, quantile, rank, rank_interval, ratio_interval, wilson
from simulator.analysis.reductions import Ratio
from simulator.days import NEVER

Z = 1.959963984540054


@pytest.mark.parametrize(("count", "size"), [(1, 10), (5, 10), (37, 100), (999, 1000)])
def test_wilson_solves_the_score_equation(count: int, size: int) -> None:
    # Each end p is where |share − p| is z standard errors under p itself.
    for p in wilson(count, size):
        assert abs(count / size - p) == pytest.approx(Z * math.sqrt(p * (1 - p) / size))


def test_wilson_at_the_ends_stays_within_zero_and_one() -> None:
    # None in 10: z² / (n + z²) = 3.841 / 13.841.
    assert wilson(0, 10) == (0.0, pytest.approx(0.27753, abs=1e-5))
    assert wilson(10, 10) == (pytest.approx(0.72247, abs=1e-5), 1.0)


def binomial(size: int, p: float) -> np.ndarray:
    k = np.arange(size + 1)
    log = gammaln(size + 1) - gammaln(k + 1) - gammaln(size - k + 1) + k * math.log(p) + (size - k) * math.log1p(-p)
    return np.exp(log)


def test_wilson_covers_on_average_as_often_as_it_says() -> None:
    # Exact, by summing over what may be seen: single probabilities swing around 95 %, the average does not.
    size = 100
    intervals = [wilson(count, size) for count in range(size + 1)]
    covers = [
        sum(w for w, (low, high) in zip(binomial(size, p), intervals, strict=True) if low <= p <= high)
        for p in np.linspace(0.01, 0.99, 197)
    ]
    assert np.mean(covers) == pytest.approx(0.95, abs=0.004)
    assert min(covers) > 0.9


@pytest.mark.parametrize("size", [1, 2, 3, 10, 999, 1000, 1024])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8, 0.9])
def test_the_rank_is_the_first_with_enough_at_or_below(size: int, p: float) -> None:
    values = np.arange(1.0, size + 1)
    assert rank(p, size) == np.quantile(values, p, method="inverted_cdf")


def test_the_rank_is_not_moved_by_the_last_digit() -> None:
    # 0.07 × 100 is above 7 in floats; P7 of 100 is the seventh all the same.
    assert rank(0.07, 100) == 7


@pytest.mark.parametrize("size", [5, 30, 100, 1000, 10_000, 1_000_000])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.8, 0.9])
def test_ranks_cover_and_no_tighter_ones_do(size: int, p: float) -> None:
    low, high = rank_interval(p, size)
    # The true quantile is below rank l where fewer than l are below it; above rank u where u or more are.
    assert low == 0 or bdtr(low - 1, size, p) <= 0.025
    assert bdtr(low, size, p) > 0.025
    assert high == size + 1 or 1 - bdtr(high - 1, size, p) <= 0.025 + 1e-12
    assert 1 - bdtr(high - 2, size, p) > 0.025 - 1e-12


def test_a_quantile_and_its_interval_may_be_after_the_horizon() -> None:
    days = np.array([*range(70), *[NEVER] * 30])
    # P50 is the 50th of 100, day 49; its ranks are 40 and 61 (binomial table: P(B < 40) = 0.0176, P(B < 41) = 0.0284).
    assert quantile(days, 0.5) == (49, (39, 60))
    assert quantile(days, 0.8)[0] == NEVER
    assert quantile(days, 0.8)[1][1] == NEVER
    assert quantile(np.array([1, 2, 3]), 0.5) == (2, (None, None))


def test_quantile_intervals_cover_censored_truths() -> None:
    # Exponential days with mean 100, censored at 150: P50 is 69.3, P80 is 160.9 and so after the horizon.
    generator = np.random.Generator(np.random.PCG64(5))
    runs, covered = 2000, np.zeros(2)
    for _ in range(runs):
        days = generator.exponential(100, 200)
        days[days > 150] = NEVER
        for row, (p, truth) in enumerate(((0.5, 100 * math.log(2)), (0.8, NEVER))):
            _, (low, high) = quantile(days, p)
            assert low is not None
            assert high is not None
            covered[row] += low <= truth <= high
    assert covered[0] / runs > 0.95 - 4 * math.sqrt(0.05 * 0.95 / runs)
    assert covered[1] / runs > 0.95 - 4 * math.sqrt(0.05 * 0.95 / runs)


def test_student_intervals_cover_the_mean() -> None:
    generator = np.random.Generator(np.random.PCG64(6))
    runs, covered = 4000, 0
    for _ in range(runs):
        values = generator.normal(3, 2, 8)
        interval = mean_interval(float(values.mean()), float(values.var(ddof=1)), 8)
        assert interval is not None
        covered += interval[0] <= 3 <= interval[1]
    assert abs(covered / runs - 0.95) < 4 * math.sqrt(0.05 * 0.95 / runs)


def test_students_interval_by_hand() -> None:
    # t with 9 degrees of freedom is 2.262; s/√n = 3/√10.
    low, high = mean_interval(10.0, 9.0, 10) or (0.0, 0.0)
    assert (high - low) / 2 == pytest.approx(2.262157 * 3 / math.sqrt(10), rel=1e-6)
    assert mean_interval(10.0, 9.0, 1) is None


def test_ratio_intervals_cover_the_ratio() -> None:
    # Poisson counts over correlated totals: the ratio of means is 0.4.
    generator = np.random.Generator(np.random.PCG64(7))
    runs, covered = 2000, 0
    for _ in range(runs):
        under = generator.poisson(50, 200)
        ratio = Ratio.of(generator.binomial(under, 0.4), under)
        low, high = ratio_interval(ratio.value, ratio.variance, 200, ratio.under.mean) or (0.0, 0.0)
        covered += low <= 0.4 <= high
    assert abs(covered / runs - 0.95) < 4 * math.sqrt(0.05 * 0.95 / runs)


def test_z_is_what_it_is() -> None:
    assert ndtr(Z) == pytest.approx(0.975, abs=1e-15)
