"""What a study shares between its points is equal, and what differs is never taken for the same."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_scenarios import Plain, parsed, plain_scenarios

import simulator as sg
from simulator.inputs import Inputs, prepare, with_capacity
from simulator.network import Network
from simulator.studies.likeness import Likeness
from simulator.timeline import Timeline

REAL = sg.load(Path(__file__).parents[1] / "scenarios/shared-services-2022.yaml")


def likeness(scenario: sg.Scenario, schedule: str | None = None) -> Likeness:
    return Likeness.of(sg.compile(scenario, schedule), sg.draw(scenario, 0))


def same_arrays(one: Inputs, two: Inputs) -> bool:
    pairs = [(getattr(one, field.name), getattr(two, field.name)) for field in fields(Inputs)]
    pairs += [(getattr(one.failures, field.name), getattr(two.failures, field.name)) for field in fields(one.failures)]
    return all(np.array_equal(a, b) for a, b in pairs if isinstance(a, np.ndarray))


@pytest.mark.parametrize(
    "changes",
    [
        {"resources.cutover crews.capacity": "7"},
        {"resources.digital control team.capacity": "1"},
        {"boards.Treasury approval.seats": "1"},
        {"boards.spend controls.meets.every": "2mo"},
        {"windows.cutover.months": "[1, 2]"},
        {"clusters.Matrix.priority": "3"},
        {"clusters.Matrix.after": None},
        {"clusters.Matrix.stages.build.spends.programme funding": "1"},
        {"schedules.everyone when ready.all": "2024-01-01"},
    ],
    ids=str,
)
def test_what_no_draw_is_laid_out_for_shares_the_inputs(changes: dict[str, str | None]) -> None:
    changed = sg.change(REAL, changes)
    one, two = likeness(REAL), likeness(changed)
    assert one.inputs == two.inputs
    assert one.timeline != two.timeline
    networks = sg.compile(REAL), sg.compile(changed)
    draws = [sg.draw(scenario, 200) for scenario in (REAL, changed)]
    shared = with_capacity(prepare(networks[0], draws[0]), networks[1], draws[0])
    assert same_arrays(shared, prepare(networks[1], draws[1]))


@pytest.mark.parametrize(
    "changes",
    [
        {"route.tender.duration": "5mo"},
        {"resources.framework.capacity": "2"},  # was drawn
        {"clusters.Matrix.departments.BEIS.joins": "10%"},
        {"risks.legal challenge.probability": "11%"},
        {"boards.Treasury approval.meets.every": "1mo", "horizon": "2034-12-30"},
        {"route.build.stretch": "1.1"},
        {"legacy.HMRC SAP.failures.supported": "0.03/y"},
        {"correlations.1.rank": "0.1"},
        {"seed": "5"},
    ],
    ids=str,
)
def test_what_is_laid_out_otherwise_shares_nothing(changes: dict[str, str]) -> None:
    assert likeness(REAL).inputs != likeness(sg.change(REAL, changes)).inputs


def test_money_changes_no_timeline() -> None:
    changed = sg.change(REAL, {"clusters.*.contract.term": "9y", "money.discount_rate": "1%"})
    assert likeness(REAL) == likeness(changed)
    assert likeness(REAL, "six-month stagger") != likeness(REAL)


@given(plain_scenarios(), st.integers(0, 99), st.integers(0, 400))
def test_a_network_moved_to_other_dates_is_the_one_compiled_for_them(data: Plain, seed: int, late: int) -> None:
    scenario = parsed(data)
    name, days = next(iter(scenario.schedules.items()))
    moved = {cluster: day + late * (place + 1) for place, (cluster, day) in enumerate(days.items())}
    there: Network = sg.compile(scenario.model_copy(update={"schedules": {name: moved}}))
    here = sg.compile(scenario).rescheduled([moved.get(cluster) for cluster in scenario.clusters])
    assert here.scheduled == there.scheduled
    assert here.release.tolist() == there.release.tolist()
    draws = sg.draw(scenario, 3, seed=seed)
    one, two = sg.simulate(here, draws, engine="events"), sg.simulate(there, draws, engine="events")
    assert all(np.array_equal(getattr(one, array), getattr(two, array)) for array in Timeline.arrays())
