"""Bands and joint shares: against counting."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from futures import scenario_of
from test_outcomes_yearly import played

from simulator.analysis.bands import Band, Fan, cluster_bands, even_days, stage_bands
from simulator.analysis.joint import frontier, joint_share
from simulator.days import NEVER


def test_a_band_is_the_least_day_with_that_share_at_or_below_it() -> None:
    days = np.array([*range(1, 10), NEVER], dtype=np.int32)
    assert Band.of(days) == Band(1, 5, 9)
    assert Band.of(np.append(days, np.int32(NEVER))) == Band(2, 6, NEVER)


def test_bands_of_stages_by_hand() -> None:
    # X is skipped in about half of the futures; where it is not, it is on days 10 to 15 and Y on 15 to 20.
    text = """
    route:
      - {stage: plan, duration: 10d}
      - {stage: trial, for_each: department, duration: 5d}
    clusters: {A: {departments: {X: {joins: 50%}}}, B: {begins_at: trial, departments: {Z: {}}}}
    """
    milestones, _ = played(scenario_of(text), 40)
    plan, trial, other = stage_bands(milestones)
    assert (plan.cluster, plan.stage, plan.begins, plan.ends, plan.share) == (
        *("A", "plan", Band(0, 0, 0), Band(10, 10, 10)),
        1.0,
    )
    assert (trial.begins, trial.ends) == (Band(10, 10, 10), Band(15, 15, 15))
    assert 0.2 < trial.share < 0.8
    assert (other.cluster, other.begins, other.ends) == ("B", Band(0, 0, 0), Band(5, 5, 5))
    whole = cluster_bands(milestones)
    assert whole[1].ends == Band(5, 5, 5)
    assert whole[0].ends.p90 == NEVER  # where nobody joins, nobody is live


def test_what_is_too_late_to_begin_counts_and_what_is_skipped_does_not() -> None:
    # One place: A tenders on days 0 to 30, B on days 30 to 60, and the horizon is day 40: B never builds.
    text = """
    resources: {slot: {capacity: 1}}
    route: [{stage: tender, duration: 30d, holds: {slot: 1}}, {stage: build, duration: 5d}]
    clusters: {A: {}, B: {}}
    """
    milestones, _ = played(scenario_of(text, horizon=40), 3)
    late = stage_bands(milestones)[3]
    assert (late.cluster, late.stage, late.begins.p10, late.ends.p10, late.share) == ("B", "build", NEVER, NEVER, 1.0)


def test_a_fan_has_three_numbers_at_every_place() -> None:
    fan = Fan.of(np.array([np.arange(10), np.arange(10) * 2]))
    assert (fan.p10.tolist(), fan.p50.tolist(), fan.p90.tolist()) == ([0, 0], [4, 8], [8, 16])


@pytest.mark.parametrize(("horizon", "most"), [(10, 200), (4000, 240), (0, 5), (1, 1)])
def test_days_along_an_axis_reach_from_the_start_to_the_horizon(horizon: int, most: int) -> None:
    days = even_days(horizon, most)
    assert (days[0], days[-1]) == (0, horizon)
    assert len(days) <= max(most, 2)


def _joint(share: float) -> tuple[np.ndarray, np.ndarray, set[tuple[float, float]]]:
    """Two outcomes and, by trying all pairs of limits, those that hold in a share and cannot be lowered alone."""
    rng = np.random.default_rng(5)
    first = rng.integers(0, 12, 30).astype(np.int32)
    first[:3] = NEVER
    second = rng.integers(0, 9, 30).astype(np.float64)
    enough = [
        (float(a), float(b))
        for a, b in product(np.unique(first[first < NEVER]), np.unique(second))
        if joint_share(first, second, a, b) >= share - 1e-12
    ]
    least = {(a, b) for a, b in enough if not any((c <= a and d < b) or (c < a and d <= b) for c, d in enough)}
    return first, second, least


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8, 0.9])
def test_a_frontier_is_what_trying_all_pairs_of_limits_finds(share: float) -> None:
    first, second, least = _joint(share)
    found = frontier(first, second, share)
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == least


def test_there_is_no_frontier_where_too_few_ever_happen() -> None:
    first, second, _ = _joint(0.5)
    assert frontier(first, second, 0.95).first.tolist() == []
