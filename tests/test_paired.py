"""Paired statistics against theory: coverage of known truths, exact tests, corrections and orders."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, norm, ttest_rel

from simulator.analysis.dominance import dominates
from simulator.analysis.paired import (
    apart,
    holm,
    mean_difference,
    quantiles,
    share_difference,
    variance_removed,
)
from simulator.streams import Streams

STREAMS = Streams(7, "random")


def _normal(name: str, size: int) -> np.ndarray:
    return norm.ppf(STREAMS.uniform(name, 0, size))


def _uniforms(key: str, size: int):
    return lambda number: STREAMS.uniform(f"{key} resample {number}", 0, size)


def _allowed(repetitions: int) -> float:
    """Four standard errors of a coverage of 95 %."""
    return 4 * (0.95 * 0.05 / repetitions) ** 0.5


def test_mean_difference_is_students_paired_test() -> None:
    a, b = _normal("a", 50), _normal("b", 50) + 0.3
    found, expected = mean_difference(a, b), ttest_rel(a, b)
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.interval == pytest.approx(tuple(expected.confidence_interval()))


def test_a_difference_that_never_varies_is_tested_by_its_sign() -> None:
    found = mean_difference(np.array([5, 7, 9]), np.array([3, 5, 7]))
    # Three heads or three tails: 2 / 2³.
    assert (found.value, found.interval, found.p_value) == (2.0, (2.0, 2.0), 0.25)
    assert mean_difference(np.array([1, 2]), np.array([1, 2])).p_value == 1.0
    assert mean_difference(np.full(10_000, 5), np.full(10_000, 3)).p_value == pytest.approx(0, abs=1e-300)


def test_a_spread_by_rounding_is_no_spread() -> None:
    rounded = np.array([0.3, 0.1 + 0.2, 0.3])
    found = mean_difference(rounded + 1, np.zeros(3))
    assert (found.interval, found.p_value) == ((1.3, 1.3), 0.25)


def test_quantiles_that_never_vary_are_tested_by_the_sign() -> None:
    def apart_by_two(size: int):
        sets = {"a": np.full(size, 5), "b": np.full(size, 3)}
        return quantiles(sets, (0.8,), _uniforms("constant", size))[0].difference("a", "b")

    # Of 16 futures the largest is below their true P80 in 0.8¹⁶ = 2.8 % of cases, of 17 in 2.3 %.
    found = apart_by_two(16)
    assert (found.value, found.interval, found.p_value) == (2.0, None, None)
    # 17 heads or 17 tails: 2 / 2¹⁷.
    found = apart_by_two(17)
    assert (found.value, found.interval, found.p_value) == (2.0, (2.0, 2.0), 2**-16)


@pytest.mark.parametrize(("share", "least"), [(0.5, 10), (0.8, 17)])
def test_quantiles_of_few_futures_have_no_interval_and_of_a_few_more_one_that_covers(share: float, least: int) -> None:
    """Equal laws with much in common: in 5 % of repetitions or fewer the difference is said to be one."""
    repetitions, hits, wrong = 400, 0, 0
    generator = np.random.default_rng(8)
    for _ in range(repetitions):
        common = generator.exponential(200, least)
        sets = {name: common + generator.exponential(100, least) for name in "ab"}
        found = quantiles(sets, (share,), lambda _: generator.random(least))[0].difference("a", "b")
        hits += found.interval[0] <= 0 <= found.interval[1]
        wrong += found.p_value <= 0.05
        fewer = {name: values[1:] for name, values in sets.items()}
        few = quantiles(fewer, (share,), lambda _: generator.random(least - 1))[0].difference("a", "b")
        assert (few.interval, few.p_value) == (None, None)
    assert hits / repetitions > 0.95 - _allowed(repetitions)
    assert wrong / repetitions < 0.05 + _allowed(repetitions)


def test_what_differs_by_rounding_only_does_not_differ() -> None:
    a, b = np.full(50, 0.1 + 0.2), np.full(50, 0.3)
    assert a[0] != b[0]
    assert not apart(a, b).any()
    assert (mean_difference(a, b).value, mean_difference(a, b).p_value) == (0.0, 1.0)
    assert dominates(a, b) is dominates(b, a) is None
    assert variance_removed(a, b) is None
    # The mean of 0.1 over 50 is not quite 0.1, which must not pass for a variance.
    assert variance_removed(np.full(50, 0.1), np.full(50, 0.7)) is None
    assert apart(np.array([1.0, -2.0]), np.array([1.0 - 1e-8, -2.0 + 1e-8])) == pytest.approx([1e-8, -1e-8])


def test_a_single_future_gives_no_interval() -> None:
    found = mean_difference(np.array([5]), np.array([3]))
    assert (found.value, found.interval, found.p_value) == (2.0, None, None)


def test_shares_are_tested_by_the_futures_in_which_they_differ() -> None:
    a = np.array([True] * 9 + [False] * 2 + [True] * 20)
    b = np.array([False] * 9 + [True] * 2 + [True] * 20)
    assert share_difference(a, b).p_value == pytest.approx(binomtest(9, 11).pvalue)
    assert share_difference(a, b).value == pytest.approx(7 / 31)


def test_shares_that_never_differed_still_have_an_interval() -> None:
    found = share_difference(np.ones(100, bool), np.ones(100, bool))
    # One more future on either side of 102: 0 ± 1.96 · √((2/102) / 102).
    assert found.interval == pytest.approx((-0.02718, 0.02718), abs=1e-5)
    assert found.p_value == 1.0


def test_quantiles_of_the_same_values_do_not_differ() -> None:
    values = _normal("same", 300)
    found = quantiles({"a": values, "b": values}, (0.8,), _uniforms("same", 300))[0].difference("a", "b")
    assert (found.value, found.interval, found.p_value) == (0.0, (0.0, 0.0), 1.0)


def test_no_verdict_is_wrong_in_more_than_one_comparison_of_twenty() -> None:
    """Eight true hypotheses at a time: the chance of any corrected p below 5 % is at most 5 %."""
    repetitions, wrong = 1500, 0
    noise = _normal("true hypotheses", repetitions * 8 * 2 * 30).reshape(repetitions, 8, 2, 30)
    for tried in noise:
        p_values = [mean_difference(a, b).p_value for a, b in tried]
        wrong += min(holm(p_values)) < 0.05
    assert wrong / repetitions < 0.05 + _allowed(repetitions)


def test_holm_by_hand() -> None:
    # 4 · 0.01, 3 · 0.02, then 2 · 0.03 = 0.06 and 1 · 0.04 which may not be smaller than 0.06.
    assert holm([0.04, 0.01, None, 0.02, 0.03]) == pytest.approx([0.06, 0.04, None, 0.06, 0.06])


def test_variance_removed_is_the_correlation_of_equal_spreads() -> None:
    common, size = _normal("shared", 200_000), 200_000
    a, b = common + _normal("noise a", size), common + _normal("noise b", size)
    # Var(a) = Var(b) = 2 and Var(a − b) = 2, so half of 4 is removed; four standard errors of a correlation.
    assert variance_removed(a, b) == pytest.approx(0.5, abs=4 * 0.75 / size**0.5)
    assert variance_removed(np.ones(3), np.ones(3)) is None


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [
        ([1, 2, 3], [3, 2, 2], "first"),
        ([1, 2, 3], [2, 3, 4], "first"),
        ([3, 1, 2], [1, 2, 3], None),
        ([2, 2, 2], [1, 2, 3], "second"),
        ([1, 2, 3], [2, 2, 2], None),
        ([2, 2, 9], [1, 3, 9], "second"),
        # Worse in one of them by less than what sums are allowed to be off by: still not better.
        ([1e9 + 2, *[1e9] * 9], [1e9] * 10, None),
    ],
)
def test_dominance_by_hand(a: list[int], b: list[int], order: str | None) -> None:
    assert dominates(np.array(a), np.array(b)) == order
