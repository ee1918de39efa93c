"""Intervals cover their truth as often as they say, by many repetitions against known truths.

A coverage seen in R repetitions has a standard error of √(c(1 − c)/R); four of them are allowed, and beside them only
what discreteness is computed to add. Both ways: an interval that covers always says too little.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, norm

import simulator as sg
from simulator.analysis.paired import mean_difference, quantiles, share_difference
from simulator.analysis.stopping import looks
from simulator.network import Network
from simulator.studies.in_time import Counts, Dates
from simulator.studies.moving import LatestDate, Moving


def near(covered: float, expected: float, repetitions: int, more: float = 0.0) -> bool:
    """Whether a coverage is within four standard errors of what is expected, or above by no more than ``more``."""
    allowed = 4 * (expected * (1 - expected) / repetitions) ** 0.5
    return expected - allowed <= covered <= expected + allowed + more


def covers(interval: tuple[float, float], truth: float) -> bool:
    return interval[0] <= truth <= interval[1]


def test_differences_of_means() -> None:
    """Days that two schedules have in common, exponential, and days of their own: the means are 30 apart."""
    repetitions, size, hits = 4000, 200, 0
    generator = np.random.default_rng(1)
    for _ in range(repetitions):
        common = generator.exponential(300, size)
        a, b = common + generator.normal(130, 60, size), common + generator.normal(100, 20, size)
        hits += covers(mean_difference(a, b).interval, 30)
    assert near(hits / repetitions, 0.95, repetitions)


@pytest.mark.parametrize(("low", "high"), [(0.6, 0.45), (0.9, 0.05), (0.03, 0.01)])
def test_differences_of_shares(low: float, high: float) -> None:
    """A is on time where u < low, B where u > 1 − high: the interval of Bonett and Price is a little wide near 0 and 1.

    Its coverage is computed exactly besides: the numbers of futures in which only one is on time are trinomial.
    """
    repetitions, size, hits = 4000, 250, 0
    overlap = max(low + high - 1, 0.0)
    only_a, only_b = low - overlap, high - overlap
    generator = np.random.default_rng(2)
    for _ in range(repetitions):
        u = generator.random(size)
        hits += covers(share_difference(u < low, u > 1 - high).interval, low - high)
    exact = _exact_coverage(size, only_a, only_b)
    assert near(hits / repetitions, exact, repetitions)
    assert 0.94 < exact < 0.985


def _exact_coverage(size: int, p: float, q: float) -> float:
    """Over all numbers of futures that favour A, and B: the chance of those whose interval covers p − q."""
    total = 0.0
    for a in range(size + 1):
        weight = float(binom.pmf(a, size, p))
        if weight < 1e-12:
            continue
        b = np.arange(size - a + 1)
        more, less = (a + 1) / (size + 2), (b + 1) / (size + 2)
        half = norm.ppf(0.975) * np.sqrt((more + less - (more - less) ** 2) / (size + 2))
        inside = np.abs(p - q - (more - less)) <= half
        total += weight * float(binom.pmf(b, size - a, q / (1 - p))[inside].sum())
    return total


def _quantile_coverage(size: int, repetitions: int) -> np.ndarray:
    """Days common + own: N(0, √2) and N(10, √5), in hundreds, so that the quantiles are √2 z and 10 + √5 z."""
    hits, shares = np.zeros(2), (0.5, 0.8)
    truth = norm.ppf(shares) * 100 * 2**0.5 - (1000 + norm.ppf(shares) * 100 * 5**0.5)
    generator = np.random.default_rng(3)
    for _ in range(repetitions):
        common, own, other = generator.normal(size=(3, size))
        sets = {"a": np.rint(100 * (common + own)), "b": np.rint(100 * (10 + common + 2 * other))}
        found = quantiles(sets, shares, lambda number: generator.random(size))
        hits += [covers(each.difference("a", "b").interval, t) for each, t in zip(found, truth, strict=True)]
    return hits / repetitions


def test_differences_of_quantiles() -> None:
    """The bootstrap's coverage is right in the limit; with 200 futures it may be off by one part in a hundred."""
    for covered in _quantile_coverage(200, 1000):
        assert near(covered, 0.95, 1000, more=0.01)


@pytest.mark.slow
def test_differences_of_quantiles_many_times() -> None:
    for covered in _quantile_coverage(2000, 6000):
        assert near(covered, 0.95, 6000, more=0.01)


# -- the last date -----------------------------------------------------------------------------------

WORLD = """
scenario: one cluster
start: 2025-01-01
horizon: 2029-12-31
deadline: 2027-09-28   # day 1000
route: [{stage: tender, go_to_market: true, duration: {uniform: [300d, 900d]}}]
clusters: {Alder: {}}
schedules: {s: {Alder: 2025-01-01}}
"""
LIMIT = 1000


@dataclass
class Sampled:
    """Work lengths in place of futures: who goes on a day is in time when day and length do not exceed the limit."""

    network: Network
    lengths: np.ndarray
    """All that there are."""
    size: int = 0
    asked: int = 0
    """Dates that were looked at in all futures."""
    known: dict[Dates, Counts] = field(default_factory=dict)

    def extend(self, size: int) -> None:
        self.size = size
        self.known.clear()

    @property
    def scouts(self) -> int:
        return min(self.size, 128)

    def play(self, wanted: Any) -> None:
        self.asked += len({dates for dates, first in wanted if not first})

    def counts(self, dates: Dates, first: bool = False) -> Counts:
        lengths = self.lengths[: self.scouts if first else self.size]
        return np.full(2, np.count_nonzero(dates[0] + lengths <= LIMIT))

    def at_once(self, dates: Dates, clusters: tuple[int, ...]) -> int:
        return int(self.counts(dates)[clusters[0]])


def searched(network: Network, lengths: np.ndarray, share: float = 0.8) -> tuple[LatestDate, Moving]:
    moving = Moving(Sampled(network, lengths), LIMIT, share)  # type: ignore[arg-type]
    return moving.answer(len(lengths))[0][0], moving


def test_last_dates() -> None:
    """Lengths are round(uniform(300, 900)): at most k days with chance (k + 0.5 − 300) / 600.

    So 780 is the least with 80 %, and day 1000 − 780 = 220 the last. The interval covers it unless day 221 is surely,
    or 220 surely not, good enough; in how many futures either is in time is binomial: the coverage is computed exactly.
    """
    network, repetitions, size, hits = sg.compile(sg.parse(WORLD)), 2000, 400, 0
    generator = np.random.default_rng(4)
    for _ in range(repetitions):
        found, moving = searched(network, np.rint(generator.uniform(300, 900, size)))
        hits += covers(found.interval, 220)
    over, under = (780.5 - 300) / 600, (779.5 - 300) / 600
    exact = 1 - binom.sf(moving.surely - 1, size, under) - binom.cdf(moving.perhaps - 1, size, over)
    assert near(hits / repetitions, exact, repetitions)
    assert 0.945 < exact < 0.97


@pytest.mark.parametrize("law", ["uniform", "lumpy", "certain", "hopeless", "short"])
def test_last_dates_are_those_of_a_scan_by_day(law: str) -> None:
    """The date and both ends of its interval, with few looks at all futures."""
    network, generator = sg.compile(sg.parse(WORLD)), np.random.default_rng(5)
    for _ in range(60):
        size = int(generator.integers(5, 700))
        lengths = {
            "uniform": generator.uniform(300, 900, size),
            "lumpy": generator.choice([100, 101, 500, 900], size),
            "certain": np.full(size, 417),
            "hopeless": generator.uniform(990, 2000, size),
            "short": generator.uniform(0, 3, size),
        }[law].round()
        found, moving = searched(network, lengths, float(generator.uniform(0.05, 0.95)))
        good = np.count_nonzero(np.arange(LIMIT + 1)[:, None] + lengths <= LIMIT, axis=1)
        wanted = (moving.enough, moving.surely, moving.perhaps)
        scan = [max(np.flatnonzero(good >= least), default=None) for least in wanted]
        assert (found.day, *found.interval) == tuple(scan)
        assert moving.played.asked <= 60  # type: ignore[attr-defined]


# -- stopping ----------------------------------------------------------------------------------------


def _stopped(sample, interval, wanted: float, truth: float, repetitions: int) -> tuple[float, float]:
    """The coverage at the stop, and how many futures it took on average; ``sample`` gives that many more."""
    hits = taken = 0
    for _ in range(repetitions):
        drawn: list[tuple[np.ndarray, ...]] = []

        def look(size: int, drawn: list[tuple[np.ndarray, ...]] = drawn):
            drawn.append(sample(size - sum(len(part[0]) for part in drawn)))
            return tuple(np.concatenate(each) for each in zip(*drawn, strict=True))

        answer, precise = looks(look, lambda s: np.ptp(interval(s)) / 2, wanted, 1_000_000)
        assert precise
        hits += covers(interval(answer), truth)
        taken += len(answer[0])
    return hits / repetitions, taken / repetitions


def test_stopping_at_a_difference_of_means() -> None:
    """Skewed differences, exponential: were it not for few looks, narrow intervals would be those around low means.

    Their standard deviation is 100, so that half of 0.95 is 2 at (1.96 · 100 / 2)² = 9,604 futures.
    """
    generator = np.random.default_rng(6)

    def sample(size: int) -> tuple[np.ndarray, ...]:
        common = generator.normal(500, 90, size)
        return common + generator.exponential(100, size), common

    covered, taken = _stopped(sample, lambda s: mean_difference(*s).interval, 2.0, 100.0, 1500)
    assert near(covered, 0.95, 1500)
    assert 9604 < taken < 1.25 * 9604


@pytest.mark.parametrize(("p", "q"), [(0.30, 0.25), (0.03, 0.01)])
def test_stopping_at_a_difference_of_shares(p: float, q: float) -> None:
    generator = np.random.default_rng(7)

    def sample(size: int) -> tuple[np.ndarray, ...]:
        u = generator.random(size)
        return u < p, u > 1 - q

    covered, _ = _stopped(sample, lambda s: share_difference(*s).interval, 0.01, p - q, 2000)
    assert near(covered, 0.95, 2000, more=0.005)


def test_stopping_at_a_last_date() -> None:
    """The date's interval is no wider than 10 days to either side: at ±√(0.16/n) · 600 days, some 2,200 futures."""
    network, generator, repetitions, hits, taken = sg.compile(sg.parse(WORLD)), np.random.default_rng(8), 1000, 0, 0
    for _ in range(repetitions):
        lengths = np.rint(generator.uniform(300, 900, 20_000))
        moving = Moving(Sampled(network, lengths), LIMIT, 0.8)  # type: ignore[arg-type]

        def look(size: int, moving: Moving = moving) -> LatestDate:
            return moving.answer(size)[0][0]

        answer, precise = looks(look, lambda found: found.half_width, 10.0, 20_000)
        hits += covers(answer.interval, 220)
        taken += moving.played.size
        assert precise
    assert near(hits / repetitions, 0.95, repetitions, more=0.015)
    assert 1500 < taken / repetitions < 4000
