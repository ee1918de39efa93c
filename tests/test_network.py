"""From a scenario and a schedule to a network: order, names, links, calendars."""

from __future__ import annotations

import numpy as np
import pytest
from futures import scenario_of

import simulator as sg
from simulator.network import Network

TEXT = """
    resources:
      slot: {capacity: 2, opens: @5, closes: @90, closed: ["@20 to @29", "@40 to @40"], steps: {@25: 3, @50: 1}}
      desk: {capacity: {discrete: {values: [4, 5], weights: [1, 1]}}, closed: ["@-5 to @3"]}
    budgets: {fund: [{arrives: @0, amount: 9}]}
    milestones: {ready: @9}
    route:
      - {stage: plan, duration: 4d}
      - phase: rollout
        holds: {slot: 1, desk: 1}
        stages:
          - {stage: roll, for_each: department, waves: together, go_to_market: true, duration: 2.5d,
             holds: {desk: 1}, spends: {fund: 1}, learning: {per_completion: 10%, floor: 85%}}
          - {stage: end, duration: 1d, marks: done}
    clusters:
      A: {departments: {X: {}, Y: {}}, priority: 3}
      B: {begins_at: roll, after: {roll: [A/done, ready], end: [A/plan]}}
    schedules: {early: {A: @10, B: @0}, late: {A: @30, B: @60}}
    """


@pytest.fixture(scope="module")
def network() -> Network:
    return sg.compile(scenario_of(TEXT, horizon=100))


def test_activities_are_in_file_order(network: Network) -> None:
    assert network.activities == (
        "ready",
        "A/plan",
        "A/rollout",
        "A/roll/X",
        "A/roll/Y",
        "A/end",
        "B/roll",
        "B/end",
    )
    assert network.cluster.tolist() == [-1, 0, 0, 0, 0, 0, 1, 1]
    assert [network.stages[s] if s >= 0 else None for s in network.stage] == [
        None, "plan", None, "roll", "roll", "end", "roll", "end",
    ]  # fmt: skip
    assert network.priority.tolist() == [1, 3, 3, 3, 3, 3, 1, 1]


def test_links_lead_to_what_goes_before(network: Network) -> None:
    names = network.activities
    before = {name: {names[b] for b in network.predecessors[a]} for a, name in enumerate(names)}
    assert before == {
        "ready": set(),
        "A/plan": set(),
        "A/rollout": {"A/plan"},
        "A/roll/X": {"A/rollout"},
        "A/roll/Y": {"A/rollout"},
        "A/end": {"A/roll/X", "A/roll/Y"},
        "B/roll": {"A/end", "ready"},
        "B/end": {"B/roll", "A/plan"},
    }
    onward = {(a, b) for a in range(len(names)) for b in network.successors[a].tolist()}
    assert onward == {(b, a) for a in range(len(names)) for b in network.predecessors[a].tolist()}


def test_the_schedule_sets_the_release_of_what_goes_to_market(network: Network) -> None:
    # The opening takes over the date of A's waves.
    assert network.schedule == "early"
    assert network.release.tolist() == [0, 0, 10, 0, 0, 0, 0, 0]
    late = sg.compile(scenario_of(TEXT, horizon=100), "late")
    assert late.release.tolist() == [0, 0, 30, 0, 0, 0, 60, 0]
    assert late.scheduled == (30, 60)
    assert [[late.activities[a] for a in some] for some in late.market] == [["A/roll/X", "A/roll/Y"], ["B/roll"]]


def test_a_misspelt_schedule_is_answered_with_the_nearest() -> None:
    with pytest.raises(sg.StaggerError, match=r"\(found eerly\)\. Did you mean early\?"):
        sg.compile(scenario_of(TEXT, horizon=100), "eerly")
    with pytest.raises(sg.StaggerError, match=r"The schedules are: early, late\."):
        sg.compile(scenario_of(TEXT, horizon=100), "xyz")


def test_what_is_asked_for_and_returned(network: Network) -> None:
    def named(claims: dict[str, list[tuple[int, float]]], names: tuple[str, ...]) -> dict[str, dict[str, float]]:
        return {a: {names[what]: amount for what, amount in rows} for a, rows in claims.items() if rows}

    asks = {name: network.asks.of(a) for a, name in enumerate(network.activities)}
    returns = {name: network.returns.of(a) for a, name in enumerate(network.activities)}
    # The opening asks for the phase's; B has no waves, so its first stage asks for the phase's and its own.
    assert named(asks, network.resources) == {
        "A/rollout": {"slot": 1, "desk": 1},
        "A/roll/X": {"desk": 1},
        "A/roll/Y": {"desk": 1},
        "B/roll": {"slot": 1, "desk": 2},
    }
    assert named(returns, network.resources) == {name: {"desk": 1} for name in ("A/roll/X", "A/roll/Y", "B/roll")}
    assert network.phase.tolist() == [-1, -1, 0, 0, 0, 0, 1, 1]
    assert network.phase_size.tolist() == [4, 2]
    assert [network.slot_name(slot) for slot in range(network.slots)] == [
        "slot", "desk", "desk", "desk", "slot", "desk", "fund", "fund", "fund",
    ]  # fmt: skip


def test_capacity_changes_on_its_days(network: Network) -> None:
    slot = list(zip(network.capacity_days[0].tolist(), network.capacity_values[0].tolist(), strict=True))
    # 0 before 5; 2 (the capacity before any step, −1) from 5; closed 20 to 29, the step to 3 falls in between;
    # 3 from 30, closed on 40, 3 again from 41, 1 from 50, 0 from 90.
    assert slot == [(0, 0), (5, -1), (20, 0), (30, 3), (40, 0), (41, 3), (50, 1), (90, 0)]
    desk = list(zip(network.capacity_days[1].tolist(), network.capacity_values[1].tolist(), strict=True))
    assert desk == [(0, 0), (4, -1)]
    assert network.capacity == (2.0, "desk/capacity")


def test_learning_is_tabulated_by_what_others_can_complete(network: Network) -> None:
    # A learns from B's one, B from A's two: 1, 0.9, max(0.85, 0.81).
    learning = {name: network.learning[a].tolist() for a, name in enumerate(network.activities)}
    assert learning["A/roll/X"] == [1.0, 0.9]
    assert learning["B/roll"] == [1.0, 0.9, 0.85]
    assert learning["A/plan"] == []


def test_planned_work_is_the_median_rounded(network: Network) -> None:
    assert network.planned.tolist() == [0, 4, 0, 2, 2, 1, 2, 1]


def test_arrays_cannot_be_written(network: Network) -> None:
    arrays = [value for value in vars(network).values() if isinstance(value, np.ndarray)]
    assert len(arrays) > 10
    assert not any(array.flags.writeable for array in arrays)


@pytest.mark.parametrize(
    ("window", "days"),
    [
        # 2025-01-01 is day 0, 2025-12-31 day 364.
        pytest.param("months: [2, 1, 12], day: 31", [30, 58, 364], id="the last day of a shorter month"),
        pytest.param("months: [1], day: 1", [0, 365], id="on the start and in the next year"),
        pytest.param("dates: [@7, @-3, @7, @500]", [7], id="dates between start and horizon, once"),
    ],
)
def test_window_days(window: str, days: list[int]) -> None:
    text = f"""
        windows: {{cutover: {{{window}}}}}
        route: [{{stage: move, window: cutover, duration: 1d}}]
        clusters: {{A: {{}}}}
        """
    assert sg.compile(scenario_of(text, horizon=380)).window_days[0].tolist() == days


@pytest.mark.parametrize(
    ("meets", "days"),
    [
        pytest.param("every: 1mo, from: 2024-12-31", [30, 58, 89], id="calendar months from before the start"),
        pytest.param("every: 6w, from: @3", [3, 45, 87], id="weeks"),
        pytest.param("every: 1y, from: 2024-02-29", [58], id="29 February in a common year"),
        pytest.param("dates: [@90, @0, @-1, @101]", [0, 90], id="dates in order"),
        pytest.param("every: 1d, from: @99", [99, 100], id="the horizon included"),
    ],
)
def test_meeting_days(meets: str, days: list[int]) -> None:
    text = f"""
        boards: {{committee: {{meets: {{{meets}}}}}}}
        route: [{{stage: plan, duration: 1d, board: {{name: committee}}}}]
        clusters: {{A: {{}}}}
        """
    assert sg.compile(scenario_of(text, horizon=100)).meetings[0].tolist() == days


def test_who_is_live_when() -> None:
    scenario = scenario_of(
        """
        routes:
          waves: [{stage: build, duration: 1d}, {stage: roll, for_each: department, duration: 1d}]
          plain: [{stage: build, duration: 1d}, {stage: end, duration: 1d}]
          done: [{stage: roll, for_each: department, duration: 1d}, {stage: end, duration: 1d}]
        clusters:
          A: {route: waves, departments: {X: {joins: 50%}, Y: {}}}
          B: {route: plain, departments: {X: {joins: 50%}}}
          C: {route: done, departments: {X: {joins: 50%}}, begins_at: end}
          D: {route: plain}
        legacy: {a: {used_by: [A, B/X, A/Y]}, c: {used_by: [C/X]}, d: {used_by: [D]}}
        """
    )
    network = sg.compile(scenario)
    users = {
        terms.name: [
            (live.department, [network.activities[a] for a in live.activities], live.joins and live.joins.variable)
            for live in terms.users
        ]
        for terms in network.legacy
    }
    # A stands for its departments, each counted once; B's department is live when the route ends; C's was live
    # before the start, whatever was drawn.
    assert users == {
        "a": [("X", ["A/roll/X"], "A/X/joins"), ("Y", ["A/roll/Y"], None), ("X", ["B/end"], "B/X/joins")],
        "c": [("X", [], None)],
        "d": [(None, ["D/end"], None)],
    }
    live = [[[network.activities[a] for a in user.activities] for user in users] for users in network.live]
    assert live == [[["A/roll/X"], ["A/roll/Y"]], [["B/end"]], [[]], [["D/end"]]]
