"""Where the time went: by hand, and for random scenarios that the parts add up and agree with a slow twin."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from futures import scenario_of
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import measured, read
from random_scenarios import Plain, parsed, plain_scenarios

import simulator as sg
from simulator.days import NEVER
from simulator.engines import run_engine
from simulator.inputs import Inputs, prepare
from simulator.network import Network
from simulator.outcomes import Outcomes, measure, time_compiled, time_spent
from simulator.outcomes.milestones import Milestones
from simulator.timeline import Timeline


def test_every_kind_of_work_and_gate() -> None:
    # Dated day 12, the milestone is on day 20: 8 days for others. Work is round(11 × 1.5 + 3) = round(19.5) = 20 days:
    # 10 planned (the median), 3 of risk, 7 beyond. From day 40 to the window on day 50: 10. Then 5 planned.
    reading = read(
        """
        milestones: {ready: "@20"}
        windows: {cutover: {dates: ["@50", "@90"]}}
        risks: {appeal: {probability: 100%, delays: {build: 3d}}}
        route:
          - {stage: build, go_to_market: true, duration: {uniform: [8d, 12d]}, stretch: 1.5}
          - {stage: move, duration: 5d, window: cutover}
        clusters: {A: {after: {build: [ready]}}}
        schedules: {s: {A: "@12"}}
        """,
        {"A/build/duration": 11.0},
    )
    assert reading.cluster("A", "go_live") == 55
    assert reading.time("A") == {
        "planned work": 15,
        "work beyond plan": 7,
        "risk delays": 3,
        "waiting: cutover": 10,
        "waiting: other clusters": 8,
    }


def test_work_quicker_than_planned_is_negative_beyond_plan() -> None:
    reading = read(
        """
        route: [{stage: build, duration: {uniform: [8d, 12d]}}]
        clusters: {A: {}}
        """,
        {"A/build/duration": 8.4},
    )
    assert reading.time("A") == {"planned work": 10, "work beyond plan": -2}


def test_what_made_work_longer_than_planned() -> None:
    """B begins on 20, after one completion (A's) and with two units inside: its own and those of C, which began on 0.

    Its base is 12, rounded with the delay of 2.9: 15, and of that 3 delay and 10 planned: 2 beyond the median.
    Stretched 1.25 · 1.3: 12 · 1.625 + 2.9 = 22.4, 22: 7 more. Learnt 0.9: 17.55 + 2.9 = 20.45, 20: 2 less. Crowded
    1 + 0.2 · 2: 24.57 + 2.9 = 27.47, 27: 7 more.
    """
    text = """
        resources: {slot: {capacity: 9}}
        milestones: {ready: "@20"}
        route:
          - stage: work
            duration: {uniform: [8d, 12d]}
            holds: {slot: 1}
            learning: {per_completion: 10%}
            congestion: {resource: slot, beyond: 0, each: 20%}
        clusters:
          A: {stages: {work: {congestion: {resource: slot, beyond: 9, each: 1%}}}}
          B: {stages: {work: {stretch: 1.25}}, after: {work: [ready]}}
          C: {stages: {work: {duration: 50d, congestion: {resource: slot, beyond: 9, each: 1%}}}}
        risks: {trouble: {probability: 100%, clusters: [B], stretches: {work: 1.3}, delays: {work: 2.9d}}}
        """
    reading = read(text, {"A/work/duration": 10.0, "B/work/duration": 12.0})
    clusters = reading.outcomes.clusters
    parts = dict(zip(clusters.finer_parts, clusters.finer_time[1, :, 0].tolist(), strict=True))
    assert {name: days for name, days in parts.items() if days} == {
        "planned work": 10,
        "work beyond its median": 2,
        "stretched work": 7,
        "learning lost": -2,
        "congestion": 7,
        "risk delays": 3,
        "waiting: other clusters": 20,
    }
    assert reading.time("B")["work beyond plan"] == 2 + 7 - 2 + 7


def test_days_in_line_count_against_what_was_short() -> None:
    # A holds the slot on days 0 to 10; then B lacks the money, which comes on day 25.
    reading = read(
        """
        resources: {slot: {capacity: 1}}
        budgets: {fund: [{arrives: "@25", amount: 1}]}
        route: [{stage: build, duration: 10d, holds: {slot: 1}}]
        clusters: {A: {}, B: {stages: {build: {spends: {fund: 1}}}}}
        """
    )
    assert reading.time("A") == {"planned work": 10}
    assert reading.time("B") == {"planned work": 10, "waiting: slot": 10, "waiting: fund": 15}


BOARD = """
    boards: {committee: {meets: {every: 10d, from: "@10"}}}
    route: [{stage: case, duration: 5d, board: {name: committee, pass: 50%, rework: 4d, returns: 1}}]
    clusters: {A: {}}
"""


def test_rework_and_the_wait_for_the_board() -> None:
    # Heard on day 10 and returned, reworked until 14, passed on day 20: 15 days, 4 of them rework.
    reading = read(BOARD, {"A/case/board/1": 0.9})
    assert reading.time("A") == {"planned work": 5, "rework": 4, "waiting: committee": 11}


def test_disruption_of_work_and_of_rework() -> None:
    # The system fails on day 2 (work ends on day 8 instead of 5) and on day 12 (rework on day 17 instead of 14).
    legacy = """
    legacy: {old: {used_by: [A], failures: {supported: 1/y}, failure: {disrupts: 3d}}}
    """
    forced = {"old/failure/1": 2.5 / 365.25, "old/failure/2": 10 / 365.25, "old/failure/3": 1e3}
    reading = read(BOARD + legacy, {"A/case/board/1": 0.9, **forced})
    # 5 work + 3 disruption, board day 10: 2; rework 4 + 3 disruption until 17; board day 20: 3.
    assert reading.time("A") == {"planned work": 5, "rework": 4, "disruption": 6, "waiting: committee": 5}


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        pytest.param(40.0, {"planned work": 20}, id="what is left of the plan at the origin"),
        pytest.param(44.0, {"planned work": 20, "work beyond plan": 4}, id="longer than planned"),
        pytest.param(36.0, {"planned work": 20, "work beyond plan": -4}, id="shorter than planned"),
        pytest.param(15.0, {}, id="over by the origin"),
    ],
)
def test_what_lies_before_the_scheduled_date_is_left_out(days: float, parts: dict[str, int]) -> None:
    # 40 days are planned from day 0, and the origin is day 20; the tender takes no time.
    reading = read(
        """
        route: [{stage: plan, duration: {uniform: [0d, 80d]}}, {stage: tender, go_to_market: true, duration: 0d}]
        clusters: {A: {}}
        schedules: {s: {A: "@20"}}
        """,
        {"A/plan/duration": days},
    )
    assert reading.time("A") == parts


def test_each_replication_has_an_origin_of_its_own_work() -> None:
    # Side by side: over by the origin, day 20, and quicker than planned; then under way at the origin.
    scenario = scenario_of(
        """
        route: [{stage: plan, duration: {uniform: [0d, 80d]}}, {stage: tender, go_to_market: true, duration: 0d}]
        clusters: {A: {}}
        schedules: {s: {A: "@20"}}
        """
    )
    _, outcomes = measured(scenario, 3, forced={"A/plan/duration": np.array([15.0, 36.0, 44.0])})
    time = dict(zip(outcomes.clusters.parts, outcomes.clusters.time[0].tolist(), strict=True))
    assert time["planned work"] == [0, 20, 20]
    assert time["work beyond plan"] == [0, -4, 4]


@pytest.mark.parametrize("others", [[], [44.0]], ids=["alone", "beside one that took longer"])
def test_work_of_no_length_at_the_origin_was_quicker_than_planned(others: list[float]) -> None:
    # 40 days are planned from day 20, the origin, and none are needed: what else is in the block does not matter.
    scenario = scenario_of(
        """
        milestones: {go: "@20"}
        route: [{stage: plan, duration: {uniform: [0d, 80d]}}, {stage: tender, go_to_market: true, duration: 5d}]
        clusters: {A: {after: {plan: [go]}}}
        schedules: {s: {A: "@20"}}
        """
    )
    _, outcomes = measured(scenario, 1 + len(others), forced={"A/plan/duration": np.array([0.0, *others])})
    time = dict(zip(outcomes.clusters.parts, outcomes.clusters.time[0, :, 0].tolist(), strict=True))
    assert (time["planned work"], time["work beyond plan"]) == (45, -40)


def test_waits_before_the_scheduled_date_go_in_the_order_in_which_they_are_listed() -> None:
    # B waits for the slot on days 0 to 10 and for the fund until day 25; the origin is day 12: 2 of the 15 are gone.
    reading = read(
        """
        resources: {slot: {capacity: 1}}
        budgets: {fund: [{arrives: "@25", amount: 1}]}
        route: [{stage: plan, duration: 10d, holds: {slot: 1}}, {stage: tender, go_to_market: true, duration: 1d}]
        clusters: {A: {}, B: {stages: {plan: {spends: {fund: 1}}}}}
        schedules: {s: {A: "@0", B: "@12"}}
        """
    )
    assert reading.time("B") == {"planned work": 11, "waiting: fund": 13}


def test_what_is_unfinished_is_cut_at_the_horizon() -> None:
    # 40 days of work from day 0, 20 of them planned and 5 of risk; the horizon is day 30.
    reading = read(
        """
        risks: {appeal: {probability: 100%, delays: {build: 5d}}}
        route: [{stage: build, duration: 20d, stretch: 1.75}, {stage: move, duration: 5d}]
        clusters: {A: {}}
        """,
        horizon=30,
    )
    assert reading.cluster("A", "go_live") == NEVER
    assert reading.time("A") == {"planned work": 20, "risk delays": 5, "work beyond plan": 5}


def test_the_chain_goes_through_the_last_department_that_joins() -> None:
    # Waves follow each other: X works 5 days, Y is skipped, Z works 5 days; then without Z.
    text = """
    route: [{stage: build, duration: 10d}, {stage: rollout, for_each: department, duration: 5d}]
    clusters: {A: {departments: {X: {}, Y: {joins: 50%}, Z: {joins: 50%}}}}
    """
    assert read(text, {"A/Y/joins": 0.9, "A/Z/joins": 0.1}).time("A") == {"planned work": 20}
    assert read(text, {"A/Y/joins": 0.9, "A/Z/joins": 0.9}).time("A") == {"planned work": 15}


def test_a_cluster_that_none_joins_has_no_days() -> None:
    reading = read(
        """
        route: [{stage: build, duration: 10d}, {stage: rollout, for_each: department, duration: 5d}]
        clusters: {A: {departments: {X: {joins: 50%}}}}
        """,
        {"A/X/joins": 0.5},
    )
    assert reading.cluster("A", "go_live") == NEVER
    assert reading.time("A") == {}


def test_a_cluster_that_none_joins_has_no_days_however_late_it_is() -> None:
    # The build outlasts the horizon; the wave would be skipped.
    reading = read(
        """
        route: [{stage: build, duration: 99d}, {stage: rollout, for_each: department, duration: 5d}]
        clusters: {A: {departments: {X: {joins: 50%}}}}
        """,
        {"A/X/joins": 0.5},
        horizon=30,
    )
    assert reading.time("A") == {}


def test_of_waves_together_the_one_that_finished_last_binds() -> None:
    reading = read(
        """
        resources: {crew: {capacity: 1}}
        route:
          - {stage: build, for_each: department, waves: together, duration: 10d, holds: {crew: 1}}
          - {stage: rest, duration: 1d}
        clusters: {A: {departments: {X: {}, Y: {}}}, B: {}}
        """
    )
    # Without waves B has one plain activity, last in line. A is live with its last wave, on day 20.
    assert reading.time("A") == {"planned work": 10, "waiting: crew": 10}
    assert reading.time("B") == {"planned work": 11, "waiting: crew": 20}


# -- random scenarios --------------------------------------------------------------------------------


def spans(network: Network, inputs: Inputs, timeline: Timeline, draws: object, cluster: int, n: int) -> Counter[str]:
    """A slow twin: the days of each kind along the chain of one replication, day by day."""
    horizon, origin = network.horizon, network.scheduled[cluster] or 0
    last = (-1, -1, -1)
    for user in network.live[cluster]:
        joins = user.joins is None or draws[user.joins.variable][n] < user.joins.probability  # type: ignore[index]
        for a in user.activities if joins else ():
            last = max(last, (int(timeline.finished[a, n]), -a, a))
    kinds: Counter[str] = Counter()
    a = last[2]
    while a >= 0:
        own = [b for b in network.predecessors[a].tolist() if network.cluster[b] == cluster]
        before = max(own, key=lambda b: (timeline.finished[b, n], -b), default=-1)
        edges = [0 if before < 0 else timeline.finished[before, n]]
        edges += [row[a, n] for row in (timeline.asked, timeline.granted, timeline.started, timeline.worked)]
        edges += [timeline.finished[a, n]]
        for kind, begin, end in zip(("others", "line", "window", "work", "hearing"), edges, edges[1:], strict=False):
            for _ in range(max(int(begin), origin), min(int(end), horizon)):
                kinds[kind] += 1
        a = before
    return kinds


def kinds_of(network: Network, outcomes: Outcomes, cluster: int, n: int) -> Counter[str]:
    """The parts, put together to the twin's kinds; disruption falls into work and hearings both."""
    line = {f"waiting: {name}" for name in (*network.resources, *network.budgets)}
    windows = {f"waiting: {name}" for name in network.windows}
    found: Counter[str] = Counter()
    for part, days in zip(outcomes.clusters.parts, outcomes.clusters.time[cluster, :, n].tolist(), strict=True):
        gate = "line" if part in line else "window" if part in windows else "inside"
        found["others" if part == "waiting: other clusters" else gate] += days
    return found


def check(data: Plain, seed: int) -> None:
    scenario = parsed(data)
    network = sg.compile(scenario)
    draws = sg.draw(scenario, 4, seed=seed)
    inputs = prepare(network, draws)
    timeline = run_engine(network, inputs, "events")
    outcomes = measure(scenario, network, inputs, draws, timeline)
    both = Milestones(network, inputs, draws, timeline), outcomes.clusters.go_live
    assert np.array_equal(time_compiled.time_spent(*both), time_spent.time_spent(*both))
    for cluster in range(len(network.clusters)):
        for n in range(4):
            expected = spans(network, inputs, timeline, draws, cluster, n)
            expected["inside"] = expected.pop("work", 0) + expected.pop("hearing", 0)
            found = kinds_of(network, outcomes, cluster, n)
            assert +found == +expected, (network.clusters[cluster], n)
            parts = dict(zip(outcomes.clusters.parts, outcomes.clusters.time[cluster, :, n].tolist(), strict=True))
            assert min(days for part, days in parts.items() if part != "work beyond plan") >= 0, parts
            go_live = int(outcomes.clusters.go_live[cluster, n])
            joined = outcomes.clusters.first_live[cluster, n] < NEVER or go_live < NEVER or sum(parts.values())
            if joined:
                total = max(min(go_live, network.horizon) - (network.scheduled[cluster] or 0), 0)
                assert sum(parts.values()) == total, (network.clusters[cluster], n, parts)
    _check_finer(outcomes)


def _check_finer(outcomes: Outcomes) -> None:
    """Work beyond plan is split without remainder; learning never adds, congestion never saves."""
    clusters = outcomes.clusters
    coarse = dict(zip(clusters.parts, clusters.time.swapaxes(0, 1), strict=True))
    fine = dict(zip(clusters.finer_parts, clusters.finer_time.swapaxes(0, 1), strict=True))
    split = [fine.pop(name) for name in ("work beyond its median", "stretched work", "learning lost", "congestion")]
    assert np.array_equal(sum(split), coarse.pop("work beyond plan"))
    assert all(np.array_equal(fine[name], coarse[name]) for name in coarse)
    assert fine.keys() == coarse.keys()
    assert (split[2] <= 0).all()
    assert (split[3] >= 0).all()


@settings(max_examples=60)
@given(data=plain_scenarios(), seed=st.integers(0, 50))
def test_parts_add_up_in_every_replication_of_random_scenarios(data: Plain, seed: int) -> None:
    check(data, seed)


@pytest.mark.slow
@settings(max_examples=2000)
@given(data=plain_scenarios(), seed=st.integers(0, 1000))
def test_parts_add_up_in_thousands_of_random_scenarios(data: Plain, seed: int) -> None:
    check(data, seed)


def test_blocks_of_replications_are_columns_of_the_whole() -> None:
    text = """
    resources: {slot: {capacity: 1}}
    route: [{stage: build, duration: {exponential: {mean: 10d}}, holds: {slot: 1}}]
    clusters: {A: {}, B: {}}
    """
    scenario = scenario_of(text)
    _, whole = measured(scenario, 20)
    _, part = measured(scenario, 5, first=10)
    assert (part.clusters.time == whole.clusters.time[:, :, 10:15]).all()
    assert (part.table()["replication"] == whole.table()["replication"][20:30]).all()
