"""Rank correlations and Sobol' indices against scipy, hand arithmetic and known truths."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simulator.analysis.paired import RESAMPLES
from simulator.analysis.sensitivity import decomposition, means_in_tails, rank_correlation, ranks, sobol_indices
from simulator.streams import Streams


def uniforms(name: str, size: int) -> np.ndarray:
    return Streams(5, "random").uniform(name, 0, size)


def test_equal_values_share_their_rank() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_rank_correlations_are_scipys_also_with_ties() -> None:
    a, b = np.floor(9 * uniforms("a", 500)), np.floor(5 * uniforms("b", 500))
    for one, other in ((a, b), (a, a + 2 * b), (a, -(a**3) - b)):
        found = rank_correlation(one, other)
        assert found is not None
        assert found.value == pytest.approx(stats.spearmanr(one, other).statistic, abs=1e-12)


def test_the_interval_covers_the_true_rank_correlation() -> None:
    """Normal scores with Pearson's r have Spearman's (6/π) asin(r/2); 95 % of intervals hold it."""
    r, repetitions, size = 0.7, 400, 150
    truth = 6 / math.pi * math.asin(r / 2)
    covers = 0
    for k in range(repetitions):
        one = stats.norm.ppf(uniforms(f"one {k}", size))
        other = r * one + math.sqrt(1 - r * r) * stats.norm.ppf(uniforms(f"other {k}", size))
        found = rank_correlation(one, other)
        assert found is not None
        covers += found.interval[0] <= truth <= found.interval[1]
    assert covers / repetitions == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / repetitions))


def test_what_does_not_vary_has_no_correlation_and_what_agrees_is_certain() -> None:
    rising = np.arange(10.0)
    assert rank_correlation(np.ones(10), rising) is None
    assert rank_correlation(rising, np.ones(10)) is None
    assert rank_correlation(rising[:3], rising[:3]) is None
    found = rank_correlation(rising, np.exp(rising))
    assert found is not None
    assert (found.value, found.interval[1]) == (1.0, 1.0)
    # As if two neighbours had changed places: ρ = 1 − 6 · 2 / (10 · 99).
    assert found.interval[0] == pytest.approx(math.tanh(math.atanh(1 - 12 / 990) - 1.95996 * math.sqrt(1.5 / 7)))
    four = rank_correlation(rising[:4], -rising[:4])
    assert four is not None
    assert four.interval[0] == four.value == -1.0
    assert four.interval[1] > 0  # one order of 24 is this one by chance


def tail_means(given: np.ndarray, outcome: np.ndarray) -> tuple[float, float]:
    low, high = means_in_tails(given, outcome)
    return low.mean, high.mean


def test_means_in_tails_by_hand() -> None:
    given = np.arange(20.0)
    # The 10 % and 90 % quantiles are 1.9 and 17.1: 0 and 1 are low, 18 and 19 high.
    assert tail_means(given, 10 * given) == (5.0, 185.0)
    # Something that occurs once in twenty: the tenth at the top holds zeros too, which are not high.
    seldom = np.zeros(20)
    seldom[7] = 1.0
    assert tail_means(seldom, given) == (pytest.approx(183 / 19), 7.0)
    assert tail_means(-seldom, given) == (7.0, pytest.approx(183 / 19))
    assert tail_means(np.ones(20), given) == (9.5, 9.5)
    assert means_in_tails(seldom, given)[1].interval is None


@pytest.mark.parametrize("slope", [0.0, 5.0])
def test_intervals_of_means_in_tails_cover_also_where_the_outcome_moves_at_the_edge(slope: float) -> None:
    """Uniform u, outcome slope · u + noise: the mean in the lowest tenth is slope/20, in the highest 19 slope/20.

    Without the edge, the variance of slope · u in the tail is too small by a factor of four: coverage would be 70 %.
    """
    repetitions, size, covers = 600, 500, 0
    for k in range(repetitions):
        u = uniforms(f"given {k}", size)
        outcome = slope * u + 0.1 * stats.norm.ppf(uniforms(f"noise {k}", size))
        for tail, truth in zip(means_in_tails(u, outcome), (slope / 20, 19 * slope / 20), strict=True):
            assert tail.interval is not None
            covers += tail.interval[0] <= truth <= tail.interval[1]
    assert covers / repetitions / 2 == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / repetitions / 2))


def test_the_interval_of_something_that_occurs_or_not_is_students() -> None:
    """Where many share the value at the edge it does not move: those in which it occurs are a sample like any."""
    occurs = (uniforms("occurs", 400) < 0.05).astype(float)
    outcome = 3 * occurs + uniforms("outcome", 400)
    high = means_in_tails(occurs, outcome)[1]
    inside = outcome[occurs == 1]
    half = stats.t.ppf(0.975, len(inside) - 1) * inside.std(ddof=1) / math.sqrt(len(inside))
    assert high.interval == pytest.approx((inside.mean() - half, inside.mean() + half))


def test_the_estimators_by_hand() -> None:
    """Two rows. f_A = (1, 3), f_B = (2, 6), mean 3: centred (-2, 0) and (-1, 3), V = (4 + 0 + 1 + 9)/4 = 3.5.

    With f_AB = (2, 2): S = mean(-1 · 1, 3 · -1)/3.5 = -2/3.5, T = mean(1, 1)/(2 · 3.5) = 1/7.
    """
    a, b, mixed = np.array([1.0, 3.0]), np.array([2.0, 6.0]), np.array([[2.0, 2.0]])
    found = sobol_indices(a, b, mixed, lambda k: uniforms(f"resample {k}", 2))
    assert found is not None
    assert found[0].first.value == pytest.approx(-2 / 3.5)
    assert found[0].total.value == pytest.approx(1 / 7)


def test_an_outcome_that_does_not_vary_has_no_indices() -> None:
    same = np.full(50, 0.1)
    assert sobol_indices(same, same, np.array([same]), lambda k: uniforms(f"{k}", 50)) is None


# -- indices of what is rare --------------------------------------------------------------------------


def rare(x: np.ndarray, p: float) -> np.ndarray:
    """1 where x₀ < p and x₁ < ½, 0 otherwise: V = (p/2)(1 − p/2)."""
    return ((x[0] < p) & (x[1] < 0.5)).astype(float)


def truths(p: float) -> tuple[float, float, float, float]:
    """S₀ = p(1 − p)/4V, T₀ = p(1 − p)/2V, S₁ = p²/4V, T₁ = p/4V."""
    v = p / 2 * (1 - p / 2)
    return p * (1 - p) / 4 / v, p * (1 - p) / 2 / v, p * p / 4 / v, p / 4 / v


def rare_coverage(p: float, rows: int, repetitions: int) -> tuple[float, int]:
    """The least of the four indices' coverages, and in how many repetitions indices were said to rest on few rows."""
    covers, few, known = np.zeros(4), 0, 0
    resamples = np.random.default_rng(1).random((RESAMPLES, rows))  # the same for all repetitions, which saves time
    for k in range(repetitions):
        a, b = np.random.default_rng([2, k]).random((2, 2, rows))
        mixed = np.array([rare(np.array([b[0], a[1]]), p), rare(np.array([a[0], b[1]]), p)])
        found = decomposition(rare(a, p), rare(b, p), mixed, lambda j: resamples[j])
        if found is None:
            continue
        known, few = known + 1, few + (found.rests_on is not None)
        of = [index for each in found.of for index in (each.first, each.total)]
        covers += [i.interval[0] <= t <= i.interval[1] for i, t in zip(of, truths(p), strict=True)]
    return float(covers.min()) / known, few


def at_least(repetitions: int) -> float:
    return 0.95 - 4 * math.sqrt(0.95 * 0.05 / repetitions)


def test_indices_of_a_rare_outcome_cover_or_are_marked() -> None:
    """At 1 % and 2,048 rows some 20 outcomes of 4,096 decide: the bootstrap's interval of S₁ covered in 13 %."""
    covered, few = rare_coverage(0.01, 2048, 20)
    assert (covered, few) == (1.0, 20)
    covered, few = rare_coverage(0.3, 512, 40)
    assert (covered > at_least(40), few) == (True, 0)


@pytest.mark.slow
@pytest.mark.parametrize("p", [0.3, 0.1, 0.05, 0.03, 0.01, 0.003])
@pytest.mark.parametrize("rows", [256, 2048])
def test_indices_of_rare_outcomes_cover(p: float, rows: int) -> None:
    """A bootstrap of 256 rows covers 92 % of T₀ at 30 %, which is not what is looked for here."""
    covered, _ = rare_coverage(p, rows, 200)
    assert covered > at_least(200) - 0.02


def test_an_index_that_rests_on_few_rows_covers_where_the_outcome_is_not_rare() -> None:
    """At 6 % some 123 outcomes of 4,096 decide, but for S₁ only rows with f_B = 1 and x₀ < p: about two of 2,048."""
    covered, few = rare_coverage(0.06, 2048, 80)
    assert covered > at_least(80)
    assert few < 20


def test_the_sum_of_first_order_indices_has_an_interval() -> None:
    """x₀ + x₁ has no interaction, and of x₀ x₁ with uniforms on (0, 1) it is a seventh: 6/7 stand alone."""
    rows = 2048
    a, b = (np.array([uniforms(f"{name} {i}", rows) for i in (0, 1)]) for name in "ab")
    for f, truth in ((lambda x: x[0] + x[1], 1.0), (lambda x: x[0] * x[1], 6 / 7)):
        mixed = np.array([f(np.array([b[0], a[1]])), f(np.array([a[0], b[1]]))])
        found = decomposition(f(a), f(b), mixed, lambda j: uniforms(f"{j}", rows))
        assert found is not None
        assert found.alone.value == pytest.approx(sum(each.first.value for each in found.of))
        assert found.alone.interval[0] <= truth <= found.alone.interval[1]
        assert abs(found.alone.value - truth) < 4 * found.alone.error
