"""Regret: what is given away at worst, its interval, and when it can be told who gives away least.

Schedules in worlds are arrays of losses in the same futures; their true means are known. A coverage seen in R
repetitions has a standard error of √(c(1 − c)/R); four of them are allowed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from simulator.analysis.paired import mean_difference
from simulator.analysis.stopping import looks
from simulator.studies import regret as room
from simulator.studies.measures import MEASURES, Measure
from simulator.studies.regret import Regret, regret, regrets

COST = MEASURES["cost"]


@dataclass(frozen=True)
class Loser:
    """A schedule in a world, with what it loses in each future."""

    schedule: str
    world: str
    losses: np.ndarray


Truth = dict[tuple[str, str], float]


def group_of(truth: Truth, size: int, generator: np.random.Generator) -> list[Loser]:
    """Losses with much in common, and something exponential of their own."""
    common = generator.normal(0, 5, size)
    return [Loser(s, w, mean - 1 + common + generator.exponential(1, size)) for (s, w), mean in truth.items()]


@pytest.fixture
def about(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Loser]], Regret]:
    """The regret of a group in one measure, so that nothing is corrected for others."""
    monkeypatch.setattr(room, "MEASURES", {"cost": COST})

    def found(group: list[Loser], measure: Measure = COST) -> Regret:
        del measure
        (only,) = regrets(  # type: ignore[type-var]
            group,  # type: ignore[arg-type]
            lambda who, _: float(who.losses.mean()),
            lambda who, _: float(who.losses.mean()),
            lambda a, b, _, confidence: mean_difference(a.losses, b.losses, confidence),
        )
        return only

    return found


def true_worst(truth: Truth) -> dict[str, float]:
    values: dict[str, dict[str, float | None]] = {}
    for (schedule, world), mean in truth.items():
        values.setdefault(schedule, {})[world] = mean
    return {name: worst or 0.0 for name, worst in regret(COST, values).worst.items()}


TIED = {(s, w): 10.0 for s in "abc" for w in ("calm", "storm")}
NEARLY = {**TIED, ("a", "storm"): 10.1, ("b", "calm"): 10.05}
APART = {("a", "calm"): 10.0, ("b", "calm"): 11.0, ("c", "calm"): 14.0} | {
    ("a", "storm"): 13.0, ("b", "storm"): 11.0, ("c", "storm"): 10.5
}  # fmt: skip


@pytest.mark.parametrize(("truth", "least", "most"), [(TIED, 0.975, 1), (NEARLY, 0.95, 1), (APART, 0.95, 0.995)])
def test_intervals_cover_the_true_regret(truth: Truth, least: float, most: float, about) -> None:
    """Where all tie the lower end is the only one that can be wrong; where they are apart neither is far too wide."""
    generator, repetitions, wanted = np.random.default_rng(1), 400, true_worst(truth)
    hits = dict.fromkeys(wanted, 0)
    for _ in range(repetitions):
        found = about(group_of(truth, 150, generator))
        for name, interval in found.worst_interval.items():
            hits[name] += interval[0] <= wanted[name] <= interval[1]
    error = 4 * math.sqrt(0.05 * 0.95 / repetitions)
    assert all(least - error <= count / repetitions <= most + error for count in hits.values())


def test_the_largest_of_equals_is_too_high_and_its_interval_begins_at_nothing(about) -> None:
    """The least of three standard normal numbers is -0.846 on average, that of three means of 150 futures 0.846/√150.

    A regret is that much in each world on average, and more in the worse of two, though its truth is 0.
    """
    generator, repetitions = np.random.default_rng(2), 300
    found = [about(group_of(TIED, 150, generator)) for _ in range(repetitions)]
    mean = np.mean([list(each.worst.values()) for each in found])
    assert mean > 0.846 / math.sqrt(150)
    at_nothing = np.mean([[ends[0] == 0 for ends in each.worst_interval.values()] for each in found])
    assert at_nothing > 0.975 - 4 * math.sqrt(0.025 * 0.975 / repetitions)


@pytest.mark.parametrize("truth", [TIED, NEARLY])
def test_the_least_regret_is_seldom_ruled_out(truth: Truth, about) -> None:
    """All that truly give away least stay possible in 95 % of cases or more, all at once."""
    generator, repetitions, worst = np.random.default_rng(3), 400, true_worst(truth)
    best = {name for name, amount in worst.items() if amount == min(worst.values())}
    kept = sum(best <= set(about(group_of(truth, 150, generator)).may_be_least) for _ in range(repetitions))
    assert kept / repetitions > 0.95 - 4 * math.sqrt(0.05 * 0.95 / repetitions)


def test_what_is_plain_is_told(about) -> None:
    """`b` gives away 1 at worst, the others 3 and 4, known to about 0.2: there is no doubt."""
    found = about(group_of(APART, 400, np.random.default_rng(4)))
    assert (found.least, found.may_be_least, found.verdict) == (("b",), ("b",), "b")
    doubtful = about(group_of(APART, 3, np.random.default_rng(4)))
    assert doubtful.verdict == "cannot tell"
    assert about(group_of(APART, 1, np.random.default_rng(4))).worst_interval == {"a": None, "b": None, "c": None}


def test_an_interval_is_that_of_the_paired_difference_with_the_best(about) -> None:
    """Two schedules, two worlds: no Bonferroni but for the worlds at the lower end. By hand, a loses 4 ± in storm."""
    generator = np.random.default_rng(5)
    truth = {("a", "calm"): 1.0, ("b", "calm"): 9.0, ("a", "storm"): 9.0, ("b", "storm"): 5.0}
    group = group_of(truth, 100, generator)
    losses = {(each.schedule, each.world): each.losses for each in group}
    found = about(group)
    plain = mean_difference(losses["a", "storm"], losses["b", "storm"]).interval
    corrected = mean_difference(losses["a", "storm"], losses["b", "storm"], 0.975).interval
    assert found.by_world_interval["a"]["storm"] == plain
    assert found.worst_interval["a"] == (corrected[0], plain[1])
    assert found.by_world_interval["a"]["calm"] == (0.0, 0.0)


def test_the_best_is_not_known_where_somebody_may_be_better_after_the_horizon() -> None:
    """The mean of `a` is not known, and no less than 3: that of `b`, 5, may not be the best; below 3 it is."""
    values = {"a": None, "b": 5.0}
    group = [Loser(s, w, np.zeros(2)) for s in "ab" for w in ("calm", "storm")]
    for least, expected in ((3.0, None), (6.0, 0.0)):
        found = regrets(  # type: ignore[type-var]
            group,  # type: ignore[arg-type]
            lambda who, _: values[who.schedule],
            lambda who, _, least=least: least if who.schedule == "a" else 5.0,
            lambda a, b, _, confidence: mean_difference(a.losses, b.losses, confidence),
        )
        (cost,) = (each for each in found if each.measure == "cost")
        assert cost.worst == {"a": None, "b": expected}


def _stopped(about, repetitions: int) -> float:
    """Coverage at the stop where the worst regrets are known to 0.06, two of three schedules nearly tied."""
    generator, wanted, hits = np.random.default_rng(6), true_worst(NEARLY), 0
    for _ in range(repetitions):
        whole = group_of(NEARLY, 16_384, generator)

        def look(size: int, whole: list[Loser] = whole) -> Regret:
            return about([Loser(each.schedule, each.world, each.losses[:size]) for each in whole])

        answer, precise = looks(
            look, lambda found: max(np.ptp(ends) / 2 for ends in found.worst_interval.values()), 0.06, 16_384
        )
        assert precise
        hits += all(ends[0] <= wanted[name] <= ends[1] for name, ends in answer.worst_interval.items())
    return hits / repetitions


def test_stopping_at_a_regret(about) -> None:
    """All three at once may be wrong three times as often as one."""
    assert _stopped(about, 60) > 0.85 - 4 * math.sqrt(0.85 * 0.15 / 60)


@pytest.mark.slow
def test_stopping_at_a_regret_many_times(about) -> None:
    assert _stopped(about, 1500) > 0.85 - 4 * math.sqrt(0.85 * 0.15 / 1500)
