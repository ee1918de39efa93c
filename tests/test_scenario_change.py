"""Another scenario by path: what paths reach, what may be added, what is refused."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simulator.distributions import Constant, Pert
from simulator.errors import ScenarioError, StaggerError
from simulator.scenario import change, digest, load, parse
from simulator.scenario.model import Scenario, Stage
from simulator.scenario.route import stages

EXAMPLE = Path(__file__).parent / "data" / "scenarios" / "example.yaml"


@pytest.fixture(scope="module")
def example() -> Scenario:
    return load(EXAMPLE)


def stage(scenario: Scenario, cluster: str, name: str) -> Stage:
    return next(stage for stage, _ in stages(scenario.clusters[cluster]) if stage.stage == name)


def unity(scenario: Scenario, name: str) -> Stage:
    return stage(scenario, "Unity", name)


BUILD = "design and build"
WAIT = {"award": ("Synergy/award",)}
CASE = "full business case"


@pytest.mark.parametrize(
    ("path", "value", "reached", "expected"),
    [
        ("resources.framework.capacity", 3, lambda s: s.resources["framework"].capacity, Constant(3)),
        ("resources.framework.capacity", "3", lambda s: s.resources["framework"].capacity, Constant(3)),
        ("resources.framework.steps.2025-04-01", 5, lambda s: set(s.resources["framework"].steps.values()), {5}),
        ("budgets.programme funding.1.amount", 310, lambda s: s.budgets["programme funding"][0].amount, Constant(310)),
        ("route.tender.duration", "10d", lambda s: unity(s, "tender").duration, Constant(10)),
        ("route.tender.duration.pert.2", "4mo", lambda s: unity(s, "tender").duration, Pert(91.3125, 121.75, 273.9375)),
        ("route.tender.duration", {"uniform": ["1d", "3d"]}, lambda s: unity(s, "tender").duration.mean, 2),
        ("route.competition.holds.framework", 2, lambda s: s.clusters["Unity"].route[1].holds, {"framework": 2}),
        ("schedules.six-month stagger.every", "0mo", lambda s: set(s.schedules["six-month stagger"].values()), {151}),
        ("schedules.as planned.Matrix", date(2022, 12, 11), lambda s: s.schedules["as planned"]["Matrix"], 10),
        ("deadline", None, lambda s: s.deadline, None),
        ("clusters.Matrix.contract", None, lambda s: s.clusters["Matrix"].contract, None),
        # known keys that are not written are added
        ("risks.legal challenge.mitigated", True, lambda s: s.risks["legal challenge"].mitigated, True),
        ("clusters.Unity.priority", 4, lambda s: s.clusters["Unity"].priority, 4),
        ("clusters.Unity.stages.design and build.stretch", 1.5, lambda s: unity(s, BUILD).stretch, 1.5),
        ("route.full business case.cost.fixed", 2, lambda s: unity(s, CASE).cost.fixed, Constant(2)),
        ("clusters.Unity.after.award", "[Synergy/award]", lambda s: s.clusters["Unity"].after, WAIT),
    ],
)  # fmt: skip
def test_paths(example: Scenario, path: str, value: Any, reached: Any, expected: Any) -> None:
    assert reached(example) != expected
    assert reached(change(example, {path: value})) == expected


def test_the_scenario_itself_stays_as_it_is(example: Scenario) -> None:
    before = digest(example)
    changed = change(example, {"resources.framework.capacity": 1})
    assert digest(example) == before
    assert digest(changed) != before
    assert digest(change(changed, {"resources.framework.capacity": 2})) == before


def test_a_star_stands_for_every_key_that_has_the_rest(example: Scenario) -> None:
    five = change(example, {"clusters.*.contract.term": "5y"})
    assert {name: c.contract and c.contract.term for name, c in five.clusters.items()} == {
        "Synergy": None, "Unity": None, "Matrix": 5 * 365.25,
    }  # fmt: skip
    assert {c.priority for c in change(example, {"clusters.*.priority": 7}).clusters.values()} == {7}


def test_changes_apply_in_order(example: Scenario) -> None:
    changed = change(example, {"resources.*.capacity": 5, "resources.framework.capacity": 4})
    assert [r.capacity.mean for r in changed.resources.values()] == [4, 5, 5]


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("resources.framewrok.capacity", "resources.framework.capacity"),
        ("resources.framework.capacty", "resources.framework.capacity"),
        ("route.tendr.duration", "route.tender.duration"),
        ("clusters.Matrx.contract.term", "clusters.Matrix.contract.term"),
        ("budgets.programme funding.3.amount", "budgets.programme funding.2.amount"),
    ],
)
def test_a_path_that_leads_nowhere_names_the_nearest(example: Scenario, path: str, nearest: str) -> None:
    with pytest.raises(StaggerError) as caught:
        change(example, {path: 1})
    assert str(caught.value) == f"{path}: must be the path of a value in the scenario. Did you mean {nearest}?"


@pytest.mark.parametrize(
    "path", ["", ".", "*", "*.*", "resources.", "clusters.*.nonsense", "resources.framework.capacity.x"]
)
def test_odd_paths_are_refused(example: Scenario, path: str) -> None:
    with pytest.raises(StaggerError):
        change(example, {path: 1})


def test_values_are_held_to_the_rules_of_a_file(example: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        change(example, {"route.tender.duration": 30, "resources.framework.capacity": 0.5})
    assert [str(fault) for fault in caught.value.faults] == [
        "resources.framework.capacity: must be a whole number from 0 to 1,000,000 (0.5).",
        "route.tender.duration: a length of time must carry its unit (30). Write 90d, 6w, 3mo or 1.5y.",
    ]


def test_names_with_dots() -> None:
    text = (
        "scenario: s\nstart: 2025-01-01\nhorizon: 2030-01-01\nresources: {a.b: {capacity: 1}, a: {capacity: 1}}\n"
        "route: [{stage: v1.0, duration: 1d}]\nclusters: {St. James: {}}\n"
    )
    changed = change(
        parse(text), {"resources.a.b.capacity": 2, "route.v1.0.duration": "2d", "clusters.St. James.priority": 3}
    )
    assert (changed.resources["a.b"].capacity, changed.resources["a"].capacity) == (Constant(2), Constant(1))
    assert changed.clusters["St. James"].priority == 3
    assert stage(changed, "St. James", "v1.0").duration == Constant(2)


def test_routes_by_name() -> None:
    text = (
        "scenario: s\nstart: 2025-01-01\nhorizon: 2030-01-01\nroutes: {quick one: [{stage: s, duration: 1d}]}\n"
        "clusters: {A: {}}\n"
    )
    changed = change(parse(text), {"routes.quick one.s.duration": "2d"})
    assert stage(changed, "A", "s").duration == Constant(2)


def test_a_scenario_survives_pickling_and_can_be_changed_after(example: Scenario) -> None:
    again = pickle.loads(pickle.dumps(example))
    assert again == example
    assert digest(change(again, {"deadline": "2029-01-01"})) == digest(change(example, {"deadline": "2029-01-01"}))


def test_a_scenario_made_in_python_has_no_paths(example: Scenario) -> None:
    with pytest.raises(StaggerError, match="only a scenario that was read"):
        change(Scenario(**{name: getattr(example, name) for name in Scenario.model_fields}), {"deadline": None})
