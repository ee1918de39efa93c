"""Money by hand, and savings against their definition integrated numerically."""

from __future__ import annotations

import math

import numpy as np
import pytest
from futures import scenario_of
from measured import measured, read

from simulator.days import DAYS_PER_YEAR, NEVER
from simulator.errors import StaggerError
from simulator.outcomes.money import Discounting

FORCE = math.log(1.05) / DAYS_PER_YEAR


def test_a_stage_costs_when_it_starts_and_as_long_as_it_lasts() -> None:
    # Build runs on days 10 to 30. 3.04375 a month is 0.1 a day: 5 + 2.
    reading = read(
        """
        money: {discount_rate: 5%}
        route:
          - {stage: plan, duration: 10d}
          - {stage: build, duration: 20d, cost: {fixed: 5, per_month: 3.04375}}
        clusters: {A: {}}
        """
    )
    assert reading.cluster("A", "cost") == pytest.approx(7)
    stream = 0.1 * (math.exp(-FORCE * 10) - math.exp(-FORCE * 30)) / FORCE
    assert reading.cluster("A", "npv") == pytest.approx(-5 * math.exp(-FORCE * 10) - stream)
    assert reading.programme("cost") == pytest.approx(7)


def test_waves_cost_once_from_the_first_that_joins_to_the_last() -> None:
    # X is skipped; Y works on days 0 to 5, Z on days 5 to 10: 3 + 10 days at 0.1.
    text = """
    route: [{stage: rollout, for_each: department, duration: 5d, cost: {fixed: {uniform: [0, 9]}, per_month: 3.04375}}]
    clusters: {A: {departments: {X: {joins: 50%}, Y: {}, Z: {}}}}
    """
    reading = read(text, {"A/X/joins": 0.9, "A/rollout/cost/fixed": 3.0})
    assert reading.cluster("A", "cost") == pytest.approx(4)


def test_a_stage_that_nobody_takes_costs_nothing() -> None:
    text = """
    route: [{stage: rollout, for_each: department, duration: 5d, cost: {fixed: 3, per_month: 1}}]
    clusters: {A: {departments: {X: {joins: 50%}}}}
    """
    assert read(text, {"A/X/joins": 0.9}).cluster("A", "cost") == 0


def test_costs_stop_at_the_horizon() -> None:
    text = """
    route: [{stage: plan, duration: 20d, cost: {per_month: 3.04375}}, {stage: build, duration: 9d, cost: {fixed: 9}}]
    clusters: {A: {}}
    """
    assert read(text, horizon=15).cluster("A", "cost") == pytest.approx(1.5)


def test_only_mitigations_in_force_cost() -> None:
    text = """
    route: [{stage: build, duration: 5d}]
    risks:
      one: {probability: 0%, delays: {build: 1d}, mitigation: {probability: 0%, cost: 3}, mitigated: true}
      two: {probability: 0%, delays: {build: 1d}, mitigation: {probability: 0%, cost: 5}}
    clusters: {A: {}}
    """
    reading = read(text)
    assert reading.programme("cost") == 3
    assert reading.programme("npv") == -3


def saved(live: list[tuple[int, float]], ramp: float, runs: list[tuple[float, float]], force: float) -> float:
    """What departments save, each live from a day on at a rate a year, while contracts run: the definition."""
    steps = 200_000
    total = 0.0
    for begins, ends in runs:
        day = begins + (np.arange(steps) + 0.5) * (ends - begins) / steps
        for live_day, rate in live:
            grown = np.ones(steps) if ramp == 0 else np.minimum((day - live_day) / ramp, 1.0)
            rates = np.where(day >= live_day, grown, 0.0) * rate / DAYS_PER_YEAR
            total += float((rates * np.exp(-force * day)).sum() * (ends - begins) / steps)
    return total


SAVINGS = """
    money: {discount_rate: 5%}
    route:
      - {stage: tender, duration: 100d, marks: award}
      - {stage: rollout, for_each: department, waves: together, duration: {uniform: [0d, 999d]}}
    clusters:
      A:
        departments: {X: {}, Y: {}, Z: {joins: 50%}}
        savings: {full_rate: 9/y, ramp: RAMP}
        CONTRACT
"""
# The award is on day 100, X is live on day 300, Y on day 550, Z does not join; the horizon is day 1500.
ROLLOUT = {"A/rollout/X/duration": 200.0, "A/rollout/Y/duration": 450.0, "A/Z/joins": 0.9}
THIRDS = [(300, 3.0), (550, 3.0)]
"""A third each of 9 a year."""

AGAIN = "contract: {term: 450d, from: award, reprocurement: {cost: 7, gap: 60.5d}}"


@pytest.mark.parametrize("ramp", [0.0, 90.0, 400.25])
@pytest.mark.parametrize(
    ("contract", "runs"),
    [
        pytest.param("", [(0.0, 1500.0)], id="without a contract"),
        pytest.param("contract: {term: 450d, from: award}", [(100.0, 550.0)], id="over for good"),
        pytest.param("contract: {term: 3000d, from: award}", [(100.0, 1500.0)], id="past the horizon"),
        pytest.param(AGAIN, [(100.0, 550.0), (610.5, 1060.5), (1121.0, 1500.0)], id="reprocured twice"),
    ],
)
def test_savings_ramp_up_and_stop_while_no_contract_runs(
    ramp: float, contract: str, runs: list[tuple[float, float]]
) -> None:
    text = SAVINGS.replace("RAMP", f"{ramp}d").replace("CONTRACT", contract)
    reading = read(text, ROLLOUT, horizon=1500)
    assert reading.cluster("A", "savings") == pytest.approx(saved(THIRDS, ramp, runs, 0.0), rel=1e-4)
    cost, worth = 0.0, 0.0
    if "reprocurement" in contract:
        # A new one begins on days 550 and 1060.5; the third contract ends after the horizon.
        cost = 14.0
        worth = 7 * (math.exp(-FORCE * 550) + math.exp(-FORCE * 1060.5))
    assert reading.cluster("A", "cost") == pytest.approx(cost)
    assert reading.cluster("A", "npv") == pytest.approx(saved(THIRDS, ramp, runs, FORCE) - worth, rel=1e-4)


def test_a_department_that_states_its_own_savings_saves_that() -> None:
    text = """
    route: [{stage: build, duration: 100d}]
    clusters:
      A:
        departments: {X: {savings: {full_rate: 5/y}}, Y: {}, Z: {joins: 50%}}
        savings: {full_rate: 9/y}
    """
    # Without waves all are live on day 100, for 900 days: 5 + 3, and 3 more where Z joins.
    for uniform, rate in ((0.9, 8.0), (0.1, 11.0)):
        reading = read(text, {"A/Z/joins": uniform})
        assert reading.cluster("A", "savings") == pytest.approx(rate * 900 / DAYS_PER_YEAR)


def test_nothing_is_saved_before_it_is_live_nor_without_a_contract() -> None:
    text = """
    route: [{stage: build, duration: 5d}, {stage: tender, duration: {uniform: [0d, 999d]}, marks: award}]
    clusters: {A: {savings: {full_rate: 9/y}, contract: {term: 1y, from: award}}}
    """
    reading = read(text, {"A/tender/duration": 999.0}, horizon=500)
    assert reading.cluster("A", "go_live") == NEVER
    assert reading.cluster("A", "savings") == 0


def test_a_contract_that_began_before_the_start_counts_from_day_0() -> None:
    text = """
    route: [{stage: tender, duration: 9d, marks: award}, {stage: build, duration: 100d}]
    clusters: {A: {begins_at: build, savings: {full_rate: 365.25/y}, contract: {term: 300d, from: award}}}
    """
    assert read(text).cluster("A", "savings") == pytest.approx(200)


def test_contracts_must_not_follow_each_other_within_a_day() -> None:
    text = """
    route: [{stage: tender, duration: 9d, marks: award}]
    clusters: {A: {savings: {full_rate: 1/y}, contract: {term: 0.2d, from: award, reprocurement: {gap: 0.3d}}}}
    """
    with pytest.raises(StaggerError, match=r"must be a day or more together \(found 0.5d\)"):
        read(text).cluster("A", "savings")


@pytest.mark.parametrize("rate", [0.0, 1e-6, 0.035, 2.0])
def test_streams_have_their_closed_form(rate: float) -> None:
    discounting = Discounting(rate, 5000)
    day = (np.arange(400_000) + 0.5) * 0.01
    worth = np.exp(-math.log1p(rate) / DAYS_PER_YEAR * day) * 0.01
    assert discounting.stream(np.array([4000.0]))[0] == pytest.approx(worth.sum(), rel=1e-7)
    for ramp in (0.5, 365.25, 6000.0):
        rising = (np.minimum(day / ramp, 1.0) * worth).sum()
        assert discounting.rising(np.array([4000.0]), ramp)[0] == pytest.approx(rising, rel=1e-4)


def test_the_present_value_of_a_year_is_that_of_its_rate() -> None:
    # 1 paid a year from now is worth 1 / 1.05.
    assert Discounting(0.05, 400).payment(np.array([DAYS_PER_YEAR]))[0] == pytest.approx(1 / 1.05, rel=1e-15)


def test_the_programme_adds_up() -> None:
    text = """
    money: {discount_rate: 5%}
    route: [{stage: build, duration: {exponential: {mean: 100d}}, cost: {fixed: {uniform: [0, 9]}, per_month: 2}}]
    clusters: {A: {savings: {full_rate: 3/y}}, B: {}}
    legacy: {old: {used_by: [B], running_cost: 2/y, failures: {supported: 3/y}, failure: {cost: {uniform: [0, 3]}}}}
    """
    _, outcomes = measured(scenario_of(text), 30)
    programme, clusters, legacy = outcomes.programme, outcomes.clusters, outcomes.legacy
    parts = clusters.cost.sum(axis=0) + (legacy.running_cost + legacy.extension_cost + legacy.failure_cost).sum(axis=0)
    assert programme.cost == pytest.approx(parts)
    assert sum(programme.costs.values()) == pytest.approx(programme.cost)
    assert programme.savings == pytest.approx(clusters.savings.sum(axis=0))
    _, undiscounted = measured(scenario_of(text.replace("5%", "0%")), 30)
    assert undiscounted.programme.npv == pytest.approx(programme.savings - programme.cost)
