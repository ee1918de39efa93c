"""Stopping at a precision: what is asked for, and that the printed interval keeps its coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest

import simulator as sg
from simulator.analysis.estimate import mean_interval, rank, rank_interval, wilson
from simulator.analysis.paired import Difference, mean_difference
from simulator.analysis.seldom import half_width
from simulator.analysis.stopping import FIRST_LOOK, MOST_STEP, Precision, looks, next_look
from simulator.errors import StaggerError
from simulator.uncertainty import Reach

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


# -- what was not seen -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "size", "wanted"), [(0.001, 365.0, 2.0), (0.001, 365.0, 0.5), (0.0003, 1000.0, 1.0), (0.003, 365.0, 2.0)]
)
def test_a_rare_event_keeps_its_coverage(p: float, size: float, wanted: float) -> None:
    """One future in a thousand is otherwise: a first look misses it in 36 % of cases, with an interval without width.

    Where that counted as precise, 67 % of intervals covered. Here something can be up to 3,000 days away.
    """
    repetitions, hits, most = 300, 0, 50_000
    for number in range(repetitions):
        otherwise = np.random.default_rng([1, number]).random(most) < p

        def look(k: int, otherwise=otherwise) -> tuple[Difference, int]:
            return mean_difference(np.where(otherwise[:k], size, 0.0), np.zeros(k)), k

        (found, seen), precise = looks(look, lambda a: half_width(a[0].interval, a[1], 3000.0), wanted, most)
        low, high = found.interval or (math.nan, math.nan)
        hits += low <= p * size <= high or not precise
        assert low < high or seen >= 3 * 3000 / wanted  # so that up to 3/N of futures 3,000 days away are within it
    assert hits / repetitions > 0.95 - 4 * math.sqrt(0.95 * 0.05 / repetitions)


RARE = """
scenario: a rare failure
start: 2024-01-01
horizon: 2031-12-31
route:
  - {stage: tender, go_to_market: true, duration: {uniform: [100d, 200d]}, cost: {fixed: 5}}
clusters: {Alder: {}, Birch: {after: {tender: [Alder/tender]}}}
legacy:
  Wardbook:
    used_by: [Birch]
    end_of_support: 2027-06-30
    running_cost: 0/y
    failures: {supported: 0.0005/y}
    failure: {cost: 500}
schedules: {now: {Alder: 2024-06-01, Birch: 2024-06-01}}
"""


def test_a_run_is_not_precise_because_a_failure_was_not_seen() -> None:
    """It costs 500 in about 5 of 10,000 futures: no first look tells ±0.05, and those that see none least of all."""
    scenario, unseen = sg.parse(RARE), 0
    for seed in range(6):
        first = sg.run(scenario, seed=seed, replications=FIRST_LOOK).summary()["legacy"]["Wardbook"]["failure_cost"]
        unseen += first["mean"] == 0
        found = sg.run(scenario, seed=seed, precision="Wardbook/failure_cost=0.5", replications=3000)
        assert found.replications == 3000
        if found.summary()["legacy"]["Wardbook"]["failure_cost"]["mean"] == 0:
            assert not found.precise
            notes = " ".join(found.notes())
            assert "What happens in fewer than 3 of 3,000 futures may not have been seen." in notes
    assert unseen


@pytest.mark.parametrize(
    "precision",
    [
        "Alder/go_to_market=1d",  # its first stage waits for nothing but its date
        "savings=0.1",  # nothing saves
        "Wardbook/extension_cost=0.01",  # there is none to buy
        "Wardbook/running_cost=0.01",
    ],
)
def test_what_is_certain_is_known_at_once(precision: str) -> None:
    found = sg.run(sg.parse(RARE), precision=precision)
    assert (found.replications, found.precise) == (FIRST_LOOK, True)


def test_what_cannot_happen_is_known_at_once() -> None:
    never = sg.parse(RARE.replace("0.0005/y", "0/y"))
    # All that can be paid is 10, so that what was not seen may be worth 3/1,024 of that.
    for precision in ("Wardbook/failure_cost=0.01", "failures=0.001", "cost=0.1"):
        assert sg.run(never, precision=precision).replications == FIRST_LOOK
    fixed = sg.parse(RARE.replace("{uniform: [100d, 200d]}", "150d").replace("0.0005/y", "0/y"))
    for precision in ("finish=0.1d", "npv=0.01", "unsupported_days=0.1d", "Birch/go_to_market=0.1d"):
        assert sg.run(fixed, precision=precision).replications == FIRST_LOOK


def test_a_date_that_was_rounded_is_none_that_never_differs() -> None:
    ends = ["2028-01-01", "2028-01-01"]
    entry = {"p10": "2027-12-30", "p90": "2028-01-03", "mean": "2028-01-01", "interval": {"mean": ends}}
    summary = {"replications": 1024, "programme": {"finish": entry}, "clusters": {}, "legacy": {}}
    assert Precision.parse("finish=7d").half_width_in(summary) == 0
    entry |= {"p10": "2028-01-01", "p90": "2028-01-01"}
    assert Precision.parse("finish=7d").half_width_in(summary) == math.inf
    reach = Precision.parse("finish=7d").half_width_in(summary, lambda measure, whose: 1024.0)
    assert reach == 3.0
    entry["rests_on"] = 4.0
    assert Precision.parse("finish=7d").half_width_in(summary) == 0


def test_how_far_a_mean_can_be_from_what_was_seen() -> None:
    """2,922 days from the start to the day after the horizon, 8.0 years; failures are drawn 50 times."""
    reach = Reach(sg.parse(RARE))
    assert reach("finish", "") == 2922
    assert reach("failures", "Wardbook") == 50
    assert reach("failure_cost", "Wardbook") == 50 * 500
    assert reach("cost", "") == 2 * 5 + 50 * 500
    assert reach("savings", "") == 0
    assert reach("anything else", "") == math.inf
    # Birch waits for Alder, so that its date is not certain.
    assert [reach("go_to_market", name) for name in ("Alder", "Birch")] == [0, 2922]
    paid = sg.parse(
        RARE.replace("running_cost: 0/y", "running_cost: 2/y").replace(
            "cost: 500", "cost: {lognormal: {median: 1, p90: 2}}"
        )
    )
    # What has no limit is taken at its 99.9 % quantile: the median times 2 to the power of 3.09 / 1.28.
    assert Reach(paid)("failure_cost", "Wardbook") == pytest.approx(50 * 2 ** (3.0902 / 1.28155), rel=1e-3)
    assert Reach(paid)("running_cost", "Wardbook") == pytest.approx(2 * 2922 / 365.25)
