"""Stopping at a precision: what is asked for, and that the printed interval keeps its coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.analysis.estimate import mean_interval, rank, rank_interval, wilson
from simulator.analysis.stopping import FIRST_LOOK, MOST_STEP, Precision, next_look
from simulator.errors import StaggerError

SUMMARY = {
    "programme": {
        "finish": {
            "p50": "2028-01-01",
            "p80": "2030-01-01",
            "mean": None,
            "interval": {"p50": ["2027-12-22", "2028-01-11"], "p80": ["2029-01-01", "after horizon"], "mean": None},
        },
        "on_time": {"p": 0.5, "interval": [0.48, 0.52]},
        "cost": {"p50": 7.0, "mean": 7.5, "interval": {"p50": [6.0, None], "mean": [7.0, 8.0]}},
    },
    "clusters": {"A/B test": {"on_time": {"p": 0.5, "interval": [0.4, 0.6]}}},
    "legacy": {"Old": {"in_use_past_end_of_support": {"p": 0.5, "interval": [0.2, 0.3]}}},
}


@pytest.mark.parametrize(
    ("text", "half_width"),
    [
        ("late=1%", 0.02),  # (0.52 − 0.48) / 2
        ("on_time=0.01", 0.02),
        ("p50=7d", 10.0),  # 22 December to 11 January: 20 days
        ("p80=1w", math.inf),  # one end is after the horizon
        ("cost=0.5", 0.5),  # a mean unless it is said otherwise
        ("cost.p50=0.5", math.inf),  # one end takes more futures to know
        ("A/B test/late=1%", 0.1),  # the last slash parts the name from the figure
        ("Old/past_support=1%", 0.05),
    ],
)
def test_half_width_of_what_is_printed(text: str, half_width: float) -> None:
    assert Precision.parse(text).half_width_in(SUMMARY) == pytest.approx(half_width)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("late=1%", 0.01),
        ("p80=7d", 7.0),
        ("p80=2w", 14.0),
        ("p80=1mo", 30.4375),
        ("cost=0.5", 0.5),
        ("unsupported_days=5", 5),
        ("unsupported_days=5d", 5),
    ],
)
def test_units_of_a_half_width(text: str, wanted: float) -> None:
    assert Precision.parse(text).half_width == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("late", "a precision must be WHAT=HALFWIDTH"),
        ("=1%", "a precision must be WHAT=HALFWIDTH"),
        ("late=1 percent", "the half-width of this figure must be a share below 50 %"),
        ("late=2", "a half-width must be above zero and a share below 50 %"),
        ("late=7d", "the half-width of this figure must be a share below 50 %"),
        ("p80=7", "the half-width of this figure must be a length with its unit"),
        ("p80=1%", "the half-width of this figure must be a length with its unit"),
        ("cost=1%", "the half-width of this figure must be a number without a unit"),
        ("late=0", "a half-width must be above zero"),
        ("late=nan", "a half-width must be above zero"),
        ("late=-1%", "a half-width must be above zero"),
    ],
)
def test_what_cannot_be_asked_for(text: str, message: str) -> None:
    with pytest.raises(StaggerError, match=message):
        Precision.parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lat=1%", "Did you mean late"),
        ("cost.p51=1", r"Did you mean p50"),
        ("Odl/late=1%", "Did you mean Old"),
        ("finish=7d", "in some futures something is unfinished"),
    ],
)
def test_what_is_not_printed(text: str, message: str) -> None:
    with pytest.raises(StaggerError, match=message):
        Precision.parse(text).half_width_in(SUMMARY)


def test_looks_grow_within_bounds_and_end_at_the_most() -> None:
    assert next_look(1000, 2.0, 1.0, 10**6) == 4400  # (2/1)² · 1.1
    assert next_look(1000, 1.01, 1.0, 10**6) == 1200  # at least a fifth more
    assert next_look(1000, math.inf, 1.0, 10**6) == 1000 * MOST_STEP
    assert next_look(1000, 2.0, 1.0, 10**6, design=1024) == 5120  # 4400 in whole designs of 1024
    assert next_look(1000, 2.0, 1.0, 3000) == 3000


REPETITIONS = 3000
"""The standard error of a coverage of 95 % is then 0.4 %; the tests allow four."""


def _covered(half_width, extend, covers, wanted: float) -> float:
    """The share of repetitions in which the interval at the stop covers the truth, all run side by side."""
    generator = np.random.default_rng(20260101)
    hits = 0
    for _ in range(REPETITIONS):
        sample = extend(generator, None, FIRST_LOOK)
        while (width := half_width(sample)) > wanted:
            size = next_look(sample[0], width, wanted, 10**6)
            sample = extend(generator, sample, size)
        hits += covers(sample)
    return hits / REPETITIONS


def _within_error(coverage: float) -> bool:
    return coverage > 0.95 - 4 * math.sqrt(0.95 * 0.05 / REPETITIONS)


@pytest.mark.parametrize("p", [0.02, 0.03, 0.1, 0.5])
def test_probabilities_keep_their_coverage(p: float) -> None:
    def extend(generator, sample, size):
        done, hits = sample or (0, 0)
        return size, hits + generator.binomial(size - done, p)

    def half_width(sample):
        low, high = wilson(sample[1], sample[0])
        return (high - low) / 2

    def covers(sample):
        low, high = wilson(sample[1], sample[0])
        return low <= p <= high

    assert _within_error(_covered(half_width, extend, covers, wanted=0.01))


def test_means_keep_their_coverage() -> None:
    """Of an exponential with mean 1, from its sums: a mean of n is gamma, and so are sums of squares nearly."""

    def extend(generator, sample, size):
        done, total, squares = sample or (0, 0.0, 0.0)
        new = generator.exponential(size=size - done)
        return size, total + new.sum(), squares + (new * new).sum()

    def interval(sample):
        size, total, squares = sample
        return mean_interval(total / size, (squares - total * total / size) / (size - 1), size)

    def half_width(sample):
        low, high = interval(sample)
        return (high - low) / 2

    def covers(sample):
        low, high = interval(sample)
        return low <= 1.0 <= high

    assert _within_error(_covered(half_width, extend, covers, wanted=0.05))


def test_quantiles_keep_their_coverage() -> None:
    """The 80th percentile of a uniform is 0.8: order statistics of samples kept whole."""

    def extend(generator, sample, size):
        done, values = sample or (0, np.zeros(0))
        return size, np.concatenate([values, generator.random(size - done)])

    def interval(sample):
        low, high = rank_interval(0.8, sample[0])
        ordered = np.sort(sample[1])
        return ordered[low - 1], ordered[high - 1]

    def half_width(sample):
        low, high = interval(sample)
        return (high - low) / 2

    def covers(sample):
        low, high = interval(sample)
        return low <= 0.8 <= high

    assert rank(0.8, 10) == 8
    assert _within_error(_covered(half_width, extend, covers, wanted=0.018))
