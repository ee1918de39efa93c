"""What the draws mean for a network, before any engine."""

from __future__ import annotations

import numpy as np
import pytest
from futures import N, scenario_of

import simulator as sg
from simulator.inputs import Inputs, prepare, whole_days
from simulator.network import Network

BOARD = """
    boards: {committee: {meets: {every: 1d, from: @0}}}
    route:
      - stage: plan
        duration: {uniform: [0d, 9d]}
        board: {name: committee, pass: 60%, rework: {uniform: [0d, 99d]}, returns: 3}
    clusters: {A: {}, B: {stages: {plan: {board: {pass: 100%}}}}, C: {stages: {plan: {board: {returns: 0}}}}}
    """


def prepared(text: str, forced: dict[str, np.ndarray], replications: int) -> tuple[Network, Inputs]:
    scenario = scenario_of(text)
    network = sg.compile(scenario)
    return network, prepare(network, sg.draw(scenario, replications, seed=1).replacing(forced))


def test_days_are_rounded_half_to_even_and_kept_in_range() -> None:
    values = np.array([-7.0, -0.5, 0.5, 1.5, 2.5, 1e300, np.inf])
    assert whole_days(values).tolist() == [0, 0, 0, 2, 2, N, N]
    assert whole_days(values, most=2).tolist() == [0, 0, 0, 2, 2, 2, 2]


def test_returns_are_counted_up_to_the_first_hearing_that_passes() -> None:
    forced = {
        "A/plan/board/1": np.array([0.59, 0.60, 0.9, 0.9, 0.9]),
        "A/plan/board/2": np.array([0.9, 0.59, 0.7, 0.9, 0.1]),
        "A/plan/board/3": np.array([0.9, 0.9, 0.2, 0.6, 0.9]),
        "A/plan/rework/1": np.array([11, 12, 13, 14.5, 15]),
        "A/plan/rework/2": np.array([21, 22, 23, 24, 25]),
        "A/plan/rework/3": np.array([31, 32, 33, 34, 35]),
    }
    network, inputs = prepared(BOARD, forced, 5)
    # B always passes and C may not be returned: neither is a case that a board can return.
    assert [inputs.case[network.index[f"{c}/plan"]] for c in "ABC"] == [0, -1, -1]
    assert inputs.returned.tolist() == [[0, 1, 2, 3, 1]]
    # Rework only where there was a return, 0 elsewhere.
    assert inputs.rework.tolist() == [[0, 12, 13, 14, 15], [0, 0, 23, 24, 0], [0, 0, 0, 34, 0]]
    assert inputs.rework_starts.tolist() == [0, 3]


def test_a_department_joins_below_its_chance() -> None:
    text = """
        route: [{stage: roll, for_each: department, duration: 1d}]
        clusters: {A: {departments: {X: {joins: 30%}, Y: {}}}}
        legacy: {old: {used_by: [A/X]}, older: {used_by: [A]}, oldest: {used_by: [A/Y]}}
        """
    network, inputs = prepared(text, {"A/X/joins": np.array([0.0, 0.29, 0.3, 0.9])}, 4)
    assert inputs.wave.tolist() == [0, -1]
    assert inputs.skipped.tolist() == [[False, False, True, True]]
    # Who does not join keeps a system for good.
    assert inputs.remains.tolist() == [[False, False, True, True]] * 2 + [[False] * 4]
    assert network.activities == ("A/roll/X", "A/roll/Y")


def test_risks_multiply_and_delay_where_they_occur() -> None:
    text = """
        route: [{stage: plan, stretch: 1.5, duration: 1d}, {stage: build, duration: 1d}]
        clusters: {A: {}, B: {}}
        risks:
          appeal: {probability: 50%, drawn: once, delays: {plan: {uniform: [0d, 9d]}}}
          strike: {probability: 20%, mitigation: {probability: 10%, cost: 1}, mitigated: true, clusters: [A],
                   stretches: {plan: {uniform: [1, 3]}}}
        """
    forced = {
        "appeal": np.array([0.49, 0.5, 0.1]),
        "appeal/delay/plan": np.array([3.0, 4.0, 5.0]),
        "strike/A": np.array([0.09, 0.05, 0.1]),
        "strike/A/stretch/plan": np.array([2.0, 1.25, 3.0]),
    }
    network, inputs = prepared(text, forced, 3)
    of_a, of_b = (int(inputs.effect[network.index[f"{c}/plan"]]) for c in "AB")
    # The mitigation is in force: strike needs a uniform below 10%.
    assert inputs.factor[of_a].tolist() == [3.0, 1.875, 1.5]
    assert inputs.factor[of_b].tolist() == [1.5] * 3
    assert inputs.delay[of_a].tolist() == inputs.delay[of_b].tolist() == [3.0, 0.0, 5.0]
    assert inputs.effect[network.index["A/build"]] == -1


def test_a_variable_that_the_draws_lack_is_named() -> None:
    scenario = scenario_of("route: [{stage: plan, duration: 1d}]\nclusters: {A: {}}\n")
    network = sg.compile(scenario)
    with pytest.raises(sg.StaggerError, match="the draws must hold the variable A/plan/duration"):
        prepare(network, {"B/plan/duration": np.ones(2)})
    assert prepare(network, {"A/plan/duration": np.ones(2)}).length.tolist() == [[1.0, 1.0]]


def test_negative_work_is_refused_by_name() -> None:
    scenario = scenario_of("route: [{stage: plan, duration: 1d}]\nclusters: {A: {}, B: {}}\n")
    draws = sg.draw(scenario, 2).replacing({"B/plan/duration": np.array([1.0, -3.0])})
    with pytest.raises(sg.StaggerError, match=r"draws of B/plan/duration must not be negative \(found -3 days\)"):
        prepare(sg.compile(scenario), draws)


def test_there_must_be_such_an_engine() -> None:
    scenario = scenario_of("route: [{stage: plan, duration: 1d}]\nclusters: {A: {}}\n")
    with pytest.raises(sg.StaggerError, match="the engine must be one of batch and events"):
        sg.simulate(sg.compile(scenario), sg.draw(scenario, 1), engine="steam")
