"""Money by calendar year: by hand, and years that add up to the totals whatever the scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from futures import scenario_of
from hypothesis import given, settings
from random_scenarios import parsed, plain_scenarios

import simulator as sg
from simulator.engines import run_engine
from simulator.inputs import prepare
from simulator.outcomes import Outcomes, measure
from simulator.outcomes.in_use import capacity_on, units_in_use
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.yearly import Yearly, by_year
from simulator.scenario import Scenario

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))


def played(scenario: Scenario, replications: int = 1) -> tuple[Milestones, Outcomes]:
    network = sg.compile(scenario)
    draws = sg.draw(scenario, replications, seed=1)
    inputs = prepare(network, draws)
    timeline = run_engine(network, inputs, "events")
    return Milestones(network, inputs, draws, timeline), measure(scenario, network, inputs, draws, timeline)


def yearly(scenario: Scenario) -> Yearly:
    return by_year(scenario, played(scenario)[0])


def test_two_clusters_by_the_year() -> None:
    # By hand, 2024 being days 0 to 365. Running: 284 x 0.02 and 366 x 0.02, then 10 x 0.02. The extension ends in
    # September. Both builds start in 2024. Alder saves 0.01 a day from day 284, Birch from day 376: 82 days, then
    # the 364 days to the horizon (day 730) and 354.
    found = yearly(sg.load(SCENARIOS[-1]))
    assert SCENARIOS[-1].name == "two-clusters.yaml"
    assert found.years == (2024, 2025)
    assert found.costs["stages"][:, 0].tolist() == pytest.approx([4, 0])
    assert found.costs["legacy running"][:, 0].tolist() == pytest.approx([5.68 + 7.32, 0.2])
    assert found.costs["extension"][:, 0].tolist() == pytest.approx([0.92, 0])
    assert found.savings[:, 0].tolist() == pytest.approx([0.82, 3.64 + 3.54])
    assert found.cost[:, 0].tolist() == pytest.approx([17.92, 0.2])


def test_what_is_due_on_new_years_day_belongs_to_the_year_that_begins() -> None:
    # 2026-01-01 is day 365: the fixed cost is paid then, and so does the tranche come; of the 2 days of the
    # stage before it, none lies in 2025.
    text = """
    budgets: {fund: [{arrives: @365, amount: 7}, {arrives: @364, amount: 2}]}
    route:
      - {stage: wait, duration: 365d}
      - {stage: build, duration: 10d, cost: {fixed: 5, per_month: 3.04375}}
    clusters: {A: {}}
    legacy: {old: {used_by: [A], failures: {supported: 0/y}}}
    """
    found = yearly(scenario_of(text, horizon=400))
    assert found.years == (2025, 2026)
    assert found.costs["stages"][:, 0].tolist() == pytest.approx([0, 6])
    assert found.arrives[:, 0].tolist() == [2, 7]


def test_a_stream_is_cut_at_midnight() -> None:
    # Days 360 to 370 at 0.1 a day: 5 of them in 2025, 5 in 2026.
    text = """
    route: [{stage: wait, duration: 360d}, {stage: build, duration: 10d, cost: {per_month: 3.04375}}]
    clusters: {A: {}}
    """
    assert yearly(scenario_of(text)).costs["stages"][:, 0].tolist() == pytest.approx([0.5, 0.5, 0])


def test_contracts_end_and_are_bought_again_in_the_year_in_which_they_do() -> None:
    # Live and signed on day 10; the contract ends on day 375 (11 January 2026), the next begins 30 days later.
    text = """
    route: [{stage: award, duration: 10d, marks: award}]
    clusters:
      A:
        savings: {full_rate: 365.25/y}
        contract: {term: 365d, from: award, reprocurement: {cost: 4, gap: 30d}}
    """
    found = yearly(scenario_of(text, horizon=700))
    assert found.costs["reprocurement"][:, 0].tolist() == pytest.approx([0, 4])
    assert found.savings[:, 0].tolist() == pytest.approx([355, 10 + (700 - 405)])


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_years_of_a_shipped_scenario_add_up_to_its_totals(path: Path) -> None:
    scenario = sg.load(path)
    milestones, outcomes = played(scenario, 20)
    _assert_whole(by_year(scenario, milestones), outcomes)


@given(plain_scenarios().map(parsed))
@settings(max_examples=15)
def test_years_of_any_scenario_add_up_to_its_totals(scenario: Scenario) -> None:
    milestones, outcomes = played(scenario, 3)
    _assert_whole(by_year(scenario, milestones), outcomes)


def _assert_whole(found: Yearly, outcomes: Outcomes) -> None:
    programme = outcomes.programme
    for kind, amounts in programme.costs.items():
        assert np.allclose(found.costs[kind].sum(axis=0), amounts, rtol=1e-9, atol=1e-9)
        assert (found.costs[kind] >= -1e-9).all()
    assert np.allclose(found.savings.sum(axis=0), programme.savings, rtol=1e-9, atol=1e-9)
    assert np.allclose(found.cost.sum(axis=0), programme.cost, rtol=1e-9, atol=1e-9)


# -- units in use ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_units_in_use_day_by_day_add_up_to_unit_days(path: Path) -> None:
    scenario = sg.load(path)
    milestones, outcomes = played(scenario, 5)
    days = np.arange(milestones.network.horizon, dtype=np.int32)
    used = units_in_use(milestones, days)
    assert np.array_equal(used.sum(axis=1), outcomes.resources.used)
    assert (used.max(axis=1, initial=0) <= outcomes.resources.peak).all()


def test_capacity_follows_steps_closures_and_the_first_capacity() -> None:
    text = """
    resources: {slot: {capacity: 2, steps: {@10: 3}, closed: [@20 to @21], closes: @30}}
    route: [{stage: build, duration: 1d, holds: {slot: 1}}]
    clusters: {A: {}}
    """
    milestones, _ = played(scenario_of(text))
    days = np.array([0, 9, 10, 19, 20, 21, 22, 29, 30], dtype=np.int32)
    assert capacity_on(milestones, days)[0, :, 0].tolist() == [2, 2, 3, 3, 0, 0, 3, 3, 0]
    assert units_in_use(milestones, days)[0, :, 0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0]
