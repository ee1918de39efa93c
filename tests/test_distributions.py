"""Distributions against scipy.stats, closed forms and their own words."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.distributions import (
    KINDS,
    Constant,
    Discrete,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Lognormal,
    Metalog,
    Normal,
    Pert,
    Triangular,
    Truncated,
    Uniform,
    Weibull,
    is_constant,
    truncate,
)

TAILS = 2.0 ** -np.arange(2.0, 53.0)
U = np.unique(np.concatenate([TAILS, 1.0 - TAILS, np.linspace(0.001, 0.999, 997)]))
"""From 2⁻⁵² to 1 − 2⁻⁵², both ends closely."""

TWINS = [
    (Uniform(-2, 5), stats.uniform(-2, 7)),
    (Triangular(1, 2, 7), stats.triang(1 / 6, 1, 6)),
    (Triangular(1, 1, 7), stats.triang(0, 1, 6)),
    (Triangular(1, 7, 7), stats.triang(1, 1, 6)),
    (Pert(90, 150, 270), stats.beta(1 + 4 / 3, 5 - 4 / 3, 90, 180)),
    (Pert(0, 0, 1), stats.beta(1, 5)),
    (Pert(0, 1, 1), stats.beta(5, 1)),
    (Normal(3, 2), stats.norm(3, 2)),
    (Lognormal(math.log(4), 0.5), stats.lognorm(0.5, scale=4)),
    (Gamma(6, 3), stats.gamma(4, scale=1.5)),
    (Gamma(1, 4), stats.gamma(1 / 16, scale=16)),
    (Gamma(100, 1), stats.gamma(10_000, scale=0.01)),
    (Weibull(1.7, 12), stats.weibull_min(1.7, scale=12)),
    (Weibull(0.6, 12), stats.weibull_min(0.6, scale=12)),
    (Exponential(9), stats.expon(scale=9)),
    (truncate(Normal(3, 2), 0, None), stats.truncnorm(-1.5, math.inf, 3, 2)),
    (truncate(Normal(3, 2), None, 4), stats.truncnorm(-math.inf, 0.5, 3, 2)),
    (truncate(Exponential(9), 2, 20), stats.truncexpon(2, 2, 9)),
]
METALOGS = [
    Metalog(3, 5, 11),
    Metalog(3, 5, 11, low=0),
    Metalog(3, 8, 11, high=20),
    Metalog(3, 5, 11, low=1, high=20),
    Metalog(-1, 0, 1),
]
OTHERS = [Constant(4), Discrete([2, 3, 4], [1, 2, 1]), Empirical([5, 1, 1, 9]), truncate(Pert(0, 2, 9), 1, 5)]
ALL: list[Distribution] = [*(ours for ours, _ in TWINS), *METALOGS, *OTHERS]


def named(value: object) -> str:
    return repr(value) if not hasattr(value, "dist") else ""


@pytest.mark.parametrize(("ours", "theirs"), TWINS, ids=named)
def test_quantiles_are_those_of_scipy(ours, theirs):
    # A table may be off by 1e-7 of the scale; closed forms only by rounding.
    slack = 1e-7 * (ours.max - ours.min if isinstance(ours, Pert) else ours.sd if isinstance(ours, Gamma) else 0.0)
    # A cut maps u, which rounds 1 − u: further out than 1e-7 the tail of what is cut feels it.
    cut = isinstance(ours, Truncated)
    u = U[(U > 1e-7) & (U < 1 - 1e-7)] if cut else U
    np.testing.assert_allclose(
        ours.ppf(u), theirs.ppf(u), rtol=1e-8 if cut else 1e-10, atol=slack + 1e-12 * theirs.std()
    )


@pytest.mark.parametrize(("ours", "theirs"), TWINS, ids=named)
def test_distribution_function_mean_and_support_are_those_of_scipy(ours, theirs):
    x = np.concatenate([theirs.ppf(np.linspace(0.001, 0.999, 99)), [-50.0, 5000.0]])
    np.testing.assert_allclose(ours.cdf(x), theirs.cdf(x), rtol=1e-10, atol=1e-13)
    assert ours.mean == pytest.approx(theirs.mean(), rel=1e-9)
    assert ours.support == pytest.approx(theirs.support())


@pytest.mark.parametrize("ours", ALL, ids=named)
def test_quantiles_never_fall_and_stay_in_the_support(ours):
    x = ours.ppf(U)
    # Rounding may differ by a unit in the last place; nothing else may fall.
    assert np.all(np.diff(x) >= -4e-16 * np.abs(x[1:]))
    assert np.all(np.isfinite(x))
    assert x.min() >= ours.support[0]
    assert x.max() <= ours.support[1]


@pytest.mark.parametrize("ours", [*METALOGS, *(ours for ours, _ in TWINS)], ids=named)
def test_distribution_function_undoes_the_inverse(ours):
    u = np.linspace(0.01, 0.99, 99)
    np.testing.assert_allclose(ours.cdf(ours.ppf(u)), u, atol=2e-7)


@pytest.mark.parametrize("ours", ALL, ids=named)
def test_mean_is_the_integral_of_the_inverse(ours):
    # The midpoint rule on a million points; tails beyond hold less than 1e-3 of any of these but the heavy ones.
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert float(np.mean(ours.ppf(u))) == pytest.approx(ours.mean, rel=2e-4, abs=1e-9)


@pytest.mark.parametrize("ours", ALL, ids=named)
def test_values_can_be_compared_hashed_and_pickled(ours):
    ours.ppf(U)
    again = pickle.loads(pickle.dumps(ours))
    assert again == ours
    assert hash(again) == hash(ours)
    np.testing.assert_array_equal(again.ppf(U), ours.ppf(U))


@pytest.mark.parametrize("ours", ALL, ids=named)
def test_a_value_depends_on_its_u_alone(ours):
    whole = ours.ppf(U)
    some = np.arange(0, U.size, 7)
    np.testing.assert_array_equal(ours.ppf(U[some]), whole[some])
    assert float(ours.ppf(np.float64(U[3]))) == whole[3]


def test_lognormal_forms_meet_what_was_said():
    build = KINDS["lognormal"].build
    u = np.array([0.1, 0.5, 0.9])
    assert build(median=4, p90=8).ppf(u)[1:] == pytest.approx([4, 8])
    assert build(p10=2, p90=8).ppf(u) == pytest.approx([2, 4, 8])  # the median is √(2 × 8)
    twin = stats.lognorm(math.sqrt(math.log(1.25)), scale=4 / math.sqrt(1.25))  # mean 4, sd 2: σ² = ln(1 + ¼)
    assert build(mean=4, sd=2).ppf(u) == pytest.approx(twin.ppf(u))
    assert build(mean=4, sd=2).mean == pytest.approx(4)
    assert (twin.mean(), twin.std()) == pytest.approx((4, 2))


@pytest.mark.parametrize("metalog", METALOGS, ids=named)
def test_a_metalog_goes_through_its_quantiles(metalog):
    found = metalog.ppf(np.array([0.1, 0.5, 0.9]))
    assert found == pytest.approx([metalog.p10, metalog.p50, metalog.p90])


def test_a_symmetric_metalog_is_logistic():
    # With P50 in the middle a₃ = 0, and x = a₁ + a₂ ln(u/(1 − u)) with a₂ = (p90 − p10)/(2 ln 9).
    twin = stats.logistic(5, 4 / (2 * math.log(9)))
    np.testing.assert_allclose(Metalog(3, 5, 7).ppf(U), twin.ppf(U), rtol=1e-9, atol=1e-9)


def test_a_metalog_above_zero_can_be_loglogistic():
    # p50² = p10 p90, so ln x is logistic: scipy's fisk. Its mean is αβ⁻¹π/sin(π/β).
    shape = math.log(9) / math.log(2)
    assert Metalog(2, 4, 8, low=0).mean == pytest.approx(stats.fisk(shape, scale=4).mean(), rel=1e-9)


def test_a_metalog_without_a_mean_says_infinite():
    # p90/p50 = 81 gives the log-logistic shape ln 9/ln 81 = ½, below 1.
    assert Metalog(1 / 81, 1, 81, low=0).mean == math.inf


@pytest.mark.parametrize("p50", [1.66, 8.34])
def test_a_metalog_too_skewed_is_refused_with_the_range(p50):
    # Keelin (2016): P50 at 0.16672 of the way from P10 to P90 at least; 0 + 10 × 0.1666 = 1.666 to 8.334.
    with pytest.raises(ValueError, match=r"it must be between 1\.666 and 8\.334"):
        Metalog(0, p50, 10)


@pytest.mark.parametrize("p50", [1.67, 8.33])
def test_a_metalog_just_within_the_limit_rises(p50):
    assert np.all(np.diff(Metalog(0, p50, 10).ppf(np.linspace(1e-6, 1 - 1e-6, 100_001))) > 0)


def test_discrete_takes_the_smallest_value_that_reaches_u():
    third = Discrete([4, 2, 3], [1, 1, 2])  # cumulative: 2 ¼, 3 ¾, 4 1
    np.testing.assert_array_equal(third.ppf(np.array([0.1, 0.25, 0.250001, 0.75, 0.76, 0.999])), [2, 2, 3, 3, 4, 4])
    np.testing.assert_array_equal(third.cdf(np.array([1.9, 2.0, 2.5, 3.0, 4.0])), [0, 0.25, 0.25, 0.75, 1])
    assert Discrete([1, 1, 2], [1, 1, 0]) == Discrete([1], [2])


def test_empirical_returns_only_what_was_observed():
    four = Empirical([9, 1, 5, 1])
    np.testing.assert_array_equal(four.ppf(np.array([0.01, 0.5, 0.51, 0.75, 0.76])), [1, 1, 5, 5, 9])
    assert four.mean == 4


def test_a_cut_keeps_ranks():
    # u means the same rank among what is left: the median of N(0, 1) given above 0 is Φ⁻¹(¾).
    half = truncate(Normal(0, 1), 0, None)
    assert float(half.ppf(np.array([0.5]))[0]) == pytest.approx(stats.norm.ppf(0.75))


def test_a_cut_that_changes_nothing_is_the_distribution_itself():
    assert truncate(Uniform(2, 3), 0, 10) == Uniform(2, 3)
    assert truncate(Constant(2), 0, 10) == Constant(2)
    assert truncate(Discrete([1, 2, 3], [1, 1, 2]), 2, None) == Discrete([2, 3], [1, 2])
    assert truncate(Empirical([1, 2, 3]), 2, None) == Empirical([2, 3])
    assert truncate(truncate(Normal(0, 1), 0, None), None, 2) == Truncated(Normal(0, 1), 0, 2)


def test_a_cut_of_what_is_open_at_both_ends_has_its_mean():
    # Given within ±1 of a mean of 3 the mean is 3 by symmetry; a metalog open above keeps an infinite mean.
    assert truncate(Normal(3, 2), 2, 4).mean == pytest.approx(3)
    assert truncate(Metalog(1 / 81, 1, 81, low=0), 1, None).mean == math.inf


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3).map(sorted).filter(lambda v: v[2] - v[0] > 1e-3),
    st.floats(2**-54, 1 - 2**-53),
)
def test_changed_bounds_move_every_quantile_the_same_way(points, u):
    # A triangular moved up by 1 at every corner is 1 higher everywhere.
    low, mode, high = points
    here = float(Triangular(low, mode, high).ppf(np.array([u]))[0])
    there = float(Triangular(low + 1, mode + 1, high + 1).ppf(np.array([u]))[0])
    assert there - here == pytest.approx(1, abs=1e-6)


BAD = [
    ("triangular", {"min": 5, "mode": 3, "max": 9}, "min must not exceed mode (5 > 3)"),
    ("pert", {"min": 1, "mode": 3, "max": 2}, "mode must not exceed max (3 > 2)"),
    ("uniform", {"min": 2, "max": 2}, "min must be below max (both are 2); write it as a constant"),
    ("uniform", {"min": 3, "max": 2}, "min must not exceed max (3 > 2)"),
    ("normal", {"mean": 3, "sd": 0}, "sd must be above 0 (0)"),
    ("normal", {"mean": math.nan, "sd": 1}, "mean must be a finite number (nan)"),
    ("lognormal", {"median": 5, "p90": 4}, "p90 must be above median (4 <= 5)"),
    ("lognormal", {"p10": 5, "p90": 5}, "p90 must be above p10 (5 <= 5)"),
    ("lognormal", {"mean": -1, "sd": 4}, "mean must be above 0 (-1)"),
    ("gamma", {"mean": 1, "sd": -4}, "sd must be above 0 (-4)"),
    ("weibull", {"shape": 0, "scale": 1}, "shape must be above 0 (0)"),
    ("exponential", {"mean": math.inf}, "mean must be a finite number (inf)"),
    ("constant", {"constant": "3"}, "constant must be a number ('3')"),
    ("discrete", {"values": [1, 2], "weights": [1]}, "values and weights must be equally many (2 and 1)"),
    ("discrete", {"values": [1, 2], "weights": [1, -1]}, "weight 2 must not be negative (-1)"),
    ("discrete", {"values": [1, 2], "weights": [0, 0]}, "at least one weight must be above 0"),
    ("empirical", {"values": []}, "values must not be empty"),
    ("empirical", {"values": [1, math.nan]}, "value 2 must be a finite number (nan)"),
    ("quantiles", {"p10": 1, "p50": 1, "p90": 2}, "p10, p50 and p90 must rise (1, 1, 2)"),
    ("quantiles", {"p10": 1, "p50": 2, "p90": 3, "bounds": [1, None]}, "the lower bound must be below p10 (1 >= 1)"),
    ("quantiles", {"p10": 1, "p50": 2, "p90": 3, "bounds": [0, 2]}, "the upper bound must be above p90 (2 <= 3)"),
    ("quantiles", {"p10": 1, "p50": 2, "p90": 3, "bounds": [0]}, "bounds must be a lower and an upper one (1 given)"),
]


@pytest.mark.parametrize(("kind", "given", "message"), BAD)
def test_bad_parameters_are_refused_in_words(kind, given, message):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole text is compared
        KINDS[kind].build(**given)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("distribution", "low", "high", "message"),
    [
        (Uniform(0, 1), 2, 3, "nothing is left between 2 and 3"),
        (Constant(1), 2, None, "nothing is left between 2 and inf"),
        (Discrete([1, 2], [1, 1]), 1.2, 1.8, "nothing is left between 1.2 and 1.8"),
        (Empirical([1, 2]), 3, None, "nothing is left between 3 and inf"),
        (Normal(0, 1), 3, 2, "the lower bound must not exceed the upper (3 > 2)"),
        (Normal(0, 1), 9, None, "nothing is left between 9 and inf"),
        (Normal(0, 1), math.nan, None, "bounds must be numbers or left open (nan)"),
    ],
)
def test_a_cut_that_leaves_nothing_is_refused(distribution, low, high, message):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the whole text is compared
        truncate(distribution, low, high)
    assert str(refusal.value) == message


def test_every_kind_is_described_by_its_parameters():
    for name, kind in KINDS.items():
        assert kind.name == name
        assert set(kind.listed) <= set(kind.parameters)
        assert set().union(*kind.forms) | kind.optional == set(kind.parameters)
        assert all(a != b for a, b in pairwise(kind.forms))


def test_only_a_constant_is_constant():
    assert is_constant(Constant(1))
    assert not any(is_constant(distribution) for distribution in ALL[:-4])
