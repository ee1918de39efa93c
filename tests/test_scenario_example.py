"""The whole language in one file, and the defaults of what is left out."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

import simulator.scenario as scn
from simulator.distributions import Constant, Discrete, Lognormal, Metalog, Pert, Triangular
from simulator.scenario.model import Phase, Scenario, Stage
from simulator.scenario.route import stages

HERE = Path(__file__).parent
EXAMPLE = HERE / "data" / "scenarios" / "example.yaml"
ALL = [EXAMPLE, *sorted((HERE.parent / "scenarios").glob("*.yaml")), HERE.parent / "simulator" / "starter.yaml"]


@pytest.fixture(scope="module")
def example() -> Scenario:
    return scn.load(EXAMPLE)


def stage(scenario: Scenario, cluster: str, name: str) -> Stage:
    return next(stage for stage, _ in stages(scenario.clusters[cluster]) if stage.stage == name)


def test_days_count_from_the_start(example: Scenario) -> None:
    assert example.start == date(2022, 12, 1)
    assert example.deadline == (date(2028, 12, 31) - date(2022, 12, 1)).days
    assert example.resources["framework"].opens == 31  # December has 31 days
    assert example.resources["framework"].steps == {(date(2025, 4, 1) - date(2022, 12, 1)).days: 3}


def test_supply(example: Scenario) -> None:
    assert example.resources["integrators"].capacity == Discrete([2, 3, 4], [1, 2, 1])
    first, second = example.budgets["programme funding"]
    assert (first.arrives, first.amount) == (Constant(0), Constant(300))
    assert second.arrives.support == ((date(2025, 4, 1) - example.start).days, (date(2026, 4, 1) - example.start).days)
    assert example.boards["investment committee"].seats == 2


def test_stages(example: Scenario) -> None:
    case = stage(example, "Unity", "full business case")
    assert case.duration == Lognormal.of_median(4 * 30.4375, 8 * 30.4375)
    assert case.board is not None
    assert (case.board.pass_, case.board.rework, case.board.returns) == (0.75, Triangular(14, 28, 70), 3)
    assert stage(example, "Unity", "tender").duration == Pert(91.3125, 152.1875, 273.9375)
    assert stage(example, "Unity", "award").duration == Constant(30)


def test_quantiles_of_a_length_stay_above_zero(example: Scenario) -> None:
    duration = stage(example, "Unity", "evaluation").duration
    assert isinstance(duration, Metalog)
    assert duration.support == (0, math.inf)


def test_own_values_merge_key_by_key(example: Scenario) -> None:
    own, common = (stage(example, name, "design and build") for name in ("Matrix", "Unity"))
    assert (own.stretch, common.stretch) == (1.2, 1)
    assert (own.spends, common.spends) == ({"programme funding": 30}, {"programme funding": 40})
    assert own.duration == common.duration
    assert own.cost == common.cost


def test_clusters_without_own_values_share_their_route(example: Scenario) -> None:
    assert example.clusters["Unity"].route[1] is example.clusters["Synergy"].route[1]
    assert isinstance(example.clusters["Unity"].route[1], Phase)


def test_money_and_rates(example: Scenario) -> None:
    matrix = example.clusters["Matrix"]
    assert matrix.savings is not None
    assert matrix.contract is not None
    assert (matrix.savings.full_rate, matrix.savings.ramp) == (9, 365.25)
    assert (matrix.contract.term, matrix.contract.from_) == (7 * 365.25, "award")
    system = example.legacy["UK SBS Oracle"]
    assert (system.running_cost, system.failures.unsupported, system.failures.growth) == (6, 0.15, 0.4)
    assert example.money.discount_rate == pytest.approx(0.035, abs=1e-15)


def test_defaults() -> None:
    text = (
        "scenario: least\nstart: 2025-01-01\nhorizon: 2026-01-01\n"
        "boards: {b: {meets: {dates: [2025-02-01]}}}\nlegacy: {old: {used_by: [A]}}\n"
        "route: [{stage: s, duration: 1d, board: {name: b}, learning: {per_completion: 5%}}]\n"
        "clusters: {A: {departments: {D: {}}}}\nrisks: {r: {probability: 0}}\n"
    )
    scenario = scn.parse(text)
    only = stage(scenario, "A", "s")
    assert only.board is not None
    assert only.learning is not None
    assert (only.board.pass_, only.board.rework, only.board.returns, only.learning.floor) == (1, Constant(0), 20, 0)
    assert (only.waves, only.stretch, scenario.boards["b"].seats) == ("series", 1, None)
    cluster, risk, system = scenario.clusters["A"], scenario.risks["r"], scenario.legacy["old"]
    assert (cluster.priority, cluster.departments["D"].joins) == (1, 1)
    assert (risk.drawn, risk.clusters, risk.mitigated) == ("per cluster", "all", False)
    assert (system.end_of_support, system.failures.growth, system.running_cost) == (None, 0, 0)
    assert scenario.schedules == {"as is": {}}


def test_yaml_1_2_and_numbers_as_names() -> None:
    text = (
        "scenario: on\nstart: 2025-01-01\nhorizon: 2026-01-01\nroute: [{stage: yes, duration: 1d}]\n"
        "clusters: {NO: {}, 2024: {after: {yes: [NO/yes]}}, null: {}, =cmd(): {}, <script>: {}, 🚂: {}}\n"
    )
    scenario = scn.parse(text)
    assert scenario.scenario == "on"
    assert list(scenario.clusters) == ["NO", "2024", "null", "=cmd()", "<script>", "🚂"]
    assert scenario.clusters["2024"].after == {"yes": ("NO/yes",)}
