"""Correlations: what is achieved, what is kept, and what is repaired."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import simulator as sg
from simulator.copula import RepairWarning, nearest_correlation
from simulator.draws import Draws, draw

N = 40_000
PLAIN = """
scenario: correlations
start: 2023-01-01
horizon: 2030-12-31
route:
  - {stage: design, duration: {uniform: [10d, 20d]}}
  - {stage: build, duration: {gamma: {mean: 100d, sd: 60d}}}
clusters: {A: {}, B: {}, C: {}}
"""


def drawn(*correlations: str, text: str = PLAIN, **how) -> Draws:
    lines = "".join(f"  - {entry}\n" for entry in correlations)
    return draw(sg.parse(text + "correlations:\n" + lines), how.pop("replications", N), **how)


def spearman(draws: Draws, one: str, other: str) -> float:
    return float(stats.spearmanr(draws[one], draws[other]).statistic)


def assert_rank(draws: Draws, one: str, other: str, rank: float) -> None:
    # Fisher's z of a rank correlation has standard error √((1 + ρ²/2)/(n − 3)) (Bonett and Wright 2000).
    error = np.sqrt((1 + rank**2 / 2) / (len(draws[one]) - 3))
    assert abs(np.arctanh(spearman(draws, one, other)) - np.arctanh(rank)) < 4 * error


@pytest.mark.parametrize("sampling", ["random", "latin-hypercube", "sobol"])
@pytest.mark.parametrize("rank", [0.0, 0.4, 0.9, -0.3])
def test_every_pair_has_the_rank_correlation_and_every_margin_stays(sampling, rank):
    draws = drawn(f'{{of: ["*/build/duration"], rank: {rank}}}', sampling=sampling)
    for one, other in [("A", "B"), ("A", "C"), ("B", "C")]:
        assert_rank(draws, f"{one}/build/duration", f"{other}/build/duration", rank)
    assert_rank(draws, "A/build/duration", "A/design/duration", 0.0)
    gamma = stats.gamma((100 / 60) ** 2, scale=36)
    for cluster in "ABC":
        u = draws.uniform(f"{cluster}/build/duration")
        assert 0 < u.min() < u.max() < 1
        assert stats.kstest(draws[f"{cluster}/build/duration"], gamma.cdf).statistic < 1.95 / np.sqrt(N)


def test_a_correlation_of_one_makes_ranks_equal():
    draws = drawn('{of: ["*/build/duration"], rank: 1}', replications=500)
    assert spearman(draws, "A/build/duration", "B/build/duration") == pytest.approx(1)


def test_a_correlation_of_minus_one_makes_ranks_opposite():
    draws = drawn('{of: ["A/build/duration", "B/build/duration"], rank: -1}', replications=500)
    assert spearman(draws, "A/build/duration", "B/build/duration") < -0.999


def test_neighbours_in_a_group_do_not_change_each_others_draws():
    entry = '{of: ["*/build/duration"], rank: 0.5}'
    here = drawn(entry, replications=500)
    there = drawn(entry, text=PLAIN.replace("{A: {}, B: {}, C: {}}", "{D: {}, C: {}, A: {}}"), replications=500)
    for name in ("A/build/duration", "C/build/duration", "A/design/duration"):
        np.testing.assert_array_equal(here[name], there[name])


def test_a_changed_correlation_leaves_the_uncorrelated_alone():
    here = drawn('{of: ["*/build/duration"], rank: 0.5}', replications=500)
    there = drawn('{of: ["*/build/duration"], rank: 0.7}', replications=500)
    np.testing.assert_array_equal(here["A/design/duration"], there["A/design/duration"])
    # Coupling: the same factor and the same own part, mixed a little differently.
    assert np.corrcoef(here["A/build/duration"], there["A/build/duration"])[0, 1] > 0.9


def test_blocks_of_correlated_draws_are_slices_of_the_whole():
    entries = ['{of: ["*/build/duration"], rank: 0.5}', '{of: ["A/*"], rank: -0.2}']
    whole = drawn(*entries, replications=3000)
    for name in whole:
        np.testing.assert_array_equal(whole.block(990, 700)[name], whole[name][990:1690])


def test_later_entries_override_earlier_ones():
    draws = drawn('{of: ["*/build/duration"], rank: 0.5}', '{of: ["A/build/duration", "B/build/duration"], rank: 0.1}')
    assert_rank(draws, "A/build/duration", "B/build/duration", 0.1)
    assert_rank(draws, "A/build/duration", "C/build/duration", 0.5)
    assert_rank(draws, "B/build/duration", "C/build/duration", 0.5)


def test_what_cannot_hold_together_is_repaired_with_a_warning():
    # Three pairwise rank correlations of −0.9: Pearson r = 2 sin(−0.15π) = −0.908, and three equal ones can be no lower
    # than −1/2, the nearest by symmetry; in ranks 6/π asin(−1/4) = −0.4826.
    with pytest.warns(RepairWarning, match=r"A/build/duration with B/build/duration, from -0\.90 to -0\.48\."):
        draws = drawn('{of: ["*/build/duration"], rank: -0.9}')
    assert_rank(draws, "A/build/duration", "B/build/duration", -0.4826)
    assert_rank(draws, "B/build/duration", "C/build/duration", -0.4826)


def test_the_nearest_correlation_matrix_is_highams():
    # Higham (2002), section 5: the nearest to tridiag(1, 1, 1) of order 3 has 0.7607 beside the diagonal and 0.1573
    # beyond.
    found = nearest_correlation(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    expected = [[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]]
    np.testing.assert_allclose(found, expected, atol=5e-5)


def test_constants_and_lone_variables_have_nothing_to_correlate_with():
    text = PLAIN.replace("{uniform: [10d, 20d]}", "10d")
    here = drawn('{of: ["*/design/duration", "A/build/duration"], rank: 0.5}', text=text, replications=500)
    plain = draw(sg.parse(text), 500)
    np.testing.assert_array_equal(here["A/build/duration"], plain["A/build/duration"])


def test_fixing_one_leaves_those_correlated_with_it():
    draws = drawn('{of: ["*/build/duration"], rank: 0.5}', replications=500)
    fixed = draws.replacing({"A/build/duration": 100.0})
    np.testing.assert_array_equal(fixed["B/build/duration"], draws["B/build/duration"])
