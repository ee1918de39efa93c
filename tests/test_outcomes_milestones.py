"""Milestones, lateness, resources and what is stranded, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from futures import scenario_of
from measured import measured, read

from simulator.days import NEVER

WAVES = """
    route:
      - {stage: tender, go_to_market: true, duration: 10d, marks: award}
      - {stage: rollout, for_each: department, waves: together, duration: {uniform: [0d, 99d]}}
    clusters: {A: {departments: {X: {}, Y: {joins: 50%}}}}
    schedules: {s: {A: "@20"}}
"""


@pytest.mark.parametrize(
    ("joins", "first", "last"), [pytest.param(0.4, 35, 50, id="both"), pytest.param(0.6, 50, 50, id="only X")]
)
def test_go_live_is_the_last_department_that_joins(joins: float, first: int, last: int) -> None:
    reading = read(WAVES, {"A/Y/joins": joins, "A/rollout/X/duration": 20.0, "A/rollout/Y/duration": 5.0})
    assert reading.cluster("A", "go_to_market") == 20
    assert reading.cluster("A", "award") == 30
    assert (reading.cluster("A", "first_live"), reading.cluster("A", "go_live")) == (first, last)


def test_a_cluster_that_none_joins_is_never_live() -> None:
    # Its one wave is skipped on day 30, when the tender is over: that day is no go-live.
    text = WAVES.replace("{X: {}, Y: {joins: 50%}}", "{X: {joins: 50%}}")
    reading = read(text, {"A/X/joins": 0.6})
    assert (reading.cluster("A", "go_live"), reading.cluster("A", "first_live")) == (NEVER, NEVER)
    assert (reading.cluster("A", "days_late"), reading.cluster("A", "on_time")) == (NEVER, False)
    assert (reading.programme("finish"), reading.programme("on_time")) == (NEVER, False)


@pytest.mark.parametrize(
    ("deadline", "on_time", "late"),
    [
        pytest.param("@10", True, 0, id="on the day"),
        pytest.param("@9", False, 1, id="the day after"),
        pytest.param(None, True, 0, id="without a deadline the horizon stands for it"),
    ],
)
def test_the_deadline_includes_its_day(deadline: str | None, on_time: bool, late: int) -> None:
    text = """
    route: [{stage: build, duration: 10d}]
    clusters: {A: {}}
    """
    reading = read(f'    deadline: "{deadline}"\n{text}' if deadline else text, horizon=50)
    assert reading.cluster("A", "on_time") is on_time
    assert reading.cluster("A", "days_late") == late
    assert reading.programme("on_time") is on_time


def test_what_did_not_happen_is_never() -> None:
    reading = read("    route: [{stage: build, duration: 99d}]\n    clusters: {A: {}}", horizon=50)
    for measure in ("go_live", "first_live", "days_late", "go_to_market", "award"):
        assert reading.cluster("A", measure) == NEVER, measure
    assert reading.cluster("A", "on_time") is False
    assert reading.programme("finish") == NEVER


def test_a_route_goes_on_after_the_last_wave() -> None:
    # Live with the wave on day 15, though the route ends on day 20; the mark before the start is day 0.
    reading = read(
        """
        route:
          - {stage: tender, duration: 10d, marks: award}
          - {stage: rollout, for_each: department, duration: 5d}
          - {stage: review, duration: 5d}
        clusters: {A: {departments: {X: {}}}, B: {departments: {X: {}}, begins_at: rollout}}
        """
    )
    assert reading.cluster("A", "go_live") == 15
    assert reading.cluster("B", "award") == 0


def test_a_cluster_whose_waves_were_done_before_the_start_is_live_from_day_0() -> None:
    reading = read(
        """
        route: [{stage: rollout, for_each: department, duration: 5d}, {stage: review, duration: 5d}]
        clusters: {A: {departments: {X: {}}, begins_at: review}}
        """
    )
    assert reading.cluster("A", "go_live") == 0
    assert reading.time("A") == {}


# -- resources ---------------------------------------------------------------------------------------


def test_resources_by_hand() -> None:
    # A holds both units of the phase on days 0 to 15, B on days 15 to 30; capacity is 2, and 3 from day 20 on.
    # Used 2 × 30 = 60 of 2 × 20 + 3 × 10 = 70. B waits 15 days; two requests.
    reading = read(
        """
        resources: {slot: {capacity: 2, steps: {"@20": 3}}}
        route:
          - phase: competition
            holds: {slot: 2}
            stages: [{stage: tender, duration: 10d}, {stage: evaluation, duration: 5d}]
        clusters: {A: {}, B: {}}
        """
    )
    expected = {"used": 60, "offered": 70, "waited": 15, "requests": 2, "peak": 2}
    assert {name: reading.resource("slot", name) for name in expected} == expected


def test_use_ends_at_the_horizon() -> None:
    # B is in line from day 0 to the horizon, day 30, and A inside all the time.
    reading = read(
        """
        resources: {slot: {capacity: 1, opens: "@5"}}
        route: [{stage: build, duration: 99d, holds: {slot: 1}}]
        clusters: {A: {}, B: {}}
        """,
        horizon=30,
    )
    # Both wait for the opening for 5 days, B 25 more.
    expected = {"used": 25, "offered": 25, "waited": 35, "requests": 2, "peak": 1}
    assert {name: reading.resource("slot", name) for name in expected} == expected


def test_a_skipped_wave_asks_for_nothing() -> None:
    reading = read(
        """
        resources: {crew: {capacity: 1}}
        route: [{stage: rollout, for_each: department, duration: 5d, holds: {crew: 1}}]
        clusters: {A: {departments: {X: {}, Y: {joins: 50%}}}}
        """,
        {"A/Y/joins": 0.9},
    )
    assert reading.resource("crew", "requests") == 1


def test_no_unit_is_used_that_is_not_there() -> None:
    # Without steps down, use is at most capacity in every replication; and what is used is what was worked.
    text = """
    resources: {slot: {capacity: 2}}
    route: [{stage: build, duration: {exponential: {mean: 10d}}, holds: {slot: 1}}]
    clusters: {A: {}, B: {}, C: {}, D: {}, E: {}}
    """
    _, outcomes = measured(scenario_of(text), 50)
    resources, clusters = outcomes.resources, outcomes.clusters
    assert (resources.used <= resources.offered).all()
    worked = (
        clusters.time[:, clusters.parts.index("planned work")]
        + clusters.time[:, clusters.parts.index("work beyond plan")]
    )
    assert np.array_equal(resources.used[0], worked.sum(axis=0))
    waits = clusters.time[:, clusters.parts.index("waiting: slot")]
    assert np.array_equal(resources.waited[0], waits.sum(axis=0))


# -- unfinished --------------------------------------------------------------------------------------


def test_a_request_is_stranded_when_its_resource_has_closed() -> None:
    # The slot closes on day 8, while A is inside: B never comes in, and what follows is blocked.
    reading = read(
        """
        resources: {slot: {capacity: 1, closes: "@8"}}
        route: [{stage: tender, duration: 10d, holds: {slot: 1}}, {stage: build, duration: 5d}]
        clusters: {A: {}, B: {}}
        """
    )
    assert reading.outcomes.unfinished == {"B/tender": {"stranded: slot": 1}, "B/build": {"blocked": 1}}


def test_who_merely_stands_in_line_at_the_horizon_is_not_stranded() -> None:
    reading = read(
        """
        resources: {slot: {capacity: 1}}
        route: [{stage: tender, duration: 20d, holds: {slot: 1}}]
        clusters: {A: {}, B: {}}
        """,
        horizon=10,
    )
    assert reading.outcomes.unfinished == {"A/tender": {"working": 1}, "B/tender": {"waiting: slot": 1}}


def test_money_that_never_comes_strands_everyone_behind_too() -> None:
    # The fund ever has 5. A takes 3; B wants 4 and is stranded; C wants 1, but nobody overtakes.
    reading = read(
        """
        budgets: {fund: [{arrives: "@0", amount: {uniform: [0, 9]}}]}
        route: [{stage: build, duration: 5d, spends: {fund: 3}}]
        clusters: {A: {}, B: {stages: {build: {spends: {fund: 4}}}}, C: {stages: {build: {spends: {fund: 1}}}}}
        """,
        {"fund/1/amount": 5.0},
    )
    assert reading.outcomes.unfinished == {"B/build": {"stranded: fund": 1}, "C/build": {"stranded: fund": 1}}


def test_who_stands_before_someone_stranded_is_not() -> None:
    # A is inside for good. B wants the slot and some money, C behind it more money than ever comes.
    reading = read(
        """
        resources: {slot: {capacity: 1}}
        budgets: {fund: [{arrives: "@0", amount: {uniform: [0, 9]}}]}
        route: [{stage: build, duration: 99d, holds: {slot: 1}}]
        clusters:
          A: {}
          B: {stages: {build: {spends: {fund: 1}}}}
          C: {stages: {build: {spends: {fund: 8}}}}
        """,
        {"fund/1/amount": 5.0},
        horizon=50,
    )
    expected = {"A/build": {"working": 1}, "B/build": {"waiting: slot": 1}, "C/build": {"stranded: fund": 1}}
    assert reading.outcomes.unfinished == expected


def test_money_that_comes_after_the_horizon_strands_nobody() -> None:
    reading = read(
        """
        budgets: {fund: [{arrives: {uniform: ["@0", "@90"]}, amount: 5}]}
        route: [{stage: build, duration: 5d, spends: {fund: 3}}]
        clusters: {A: {}}
        """,
        {"fund/1/arrives": 80.0},
        horizon=50,
    )
    assert reading.outcomes.unfinished == {"A/build": {"waiting: fund": 1}}


def test_the_thing_that_strands_is_named_and_not_the_one_that_is_short_first() -> None:
    # B wants a desk, which A holds, and the slot, which has closed.
    reading = read(
        """
        resources: {desk: {capacity: 1}, slot: {capacity: 1, closes: "@5"}}
        route: [{stage: build, duration: 99d, holds: {desk: 1}}]
        clusters: {A: {}, B: {stages: {build: {holds: {slot: 1}}}}}
        """,
        horizon=50,
    )
    assert reading.outcomes.unfinished["B/build"] == {"stranded: slot": 1}


@pytest.mark.parametrize(
    ("dates", "reason"), [('dates: ["@3"]', "stranded: gate"), ('dates: ["@3", "@60"]', "waiting: gate")]
)
def test_a_list_of_dates_ends(dates: str, reason: str) -> None:
    window = read(
        f"""
        windows: {{gate: {{{dates}}}}}
        route: [{{stage: plan, duration: 5d}}, {{stage: move, duration: 5d, window: gate}}]
        clusters: {{A: {{}}}}
        """,
        horizon=50,
    )
    assert window.outcomes.unfinished == {"A/move": {reason: 1}}
    board = read(
        f"""
        boards: {{gate: {{meets: {{{dates}}}}}}}
        route: [{{stage: plan, duration: 5d, board: {{name: gate}}}}]
        clusters: {{A: {{}}}}
        """,
        horizon=50,
    )
    assert board.outcomes.unfinished == {"A/plan": {reason: 1}}


def test_a_window_that_comes_every_year_strands_nobody() -> None:
    # Day 0 is 1 January 2025: the window on 1 January 2026 is past the horizon.
    reading = read(
        """
        windows: {gate: {months: [1], day: 1}}
        route: [{stage: plan, duration: 5d}, {stage: move, duration: 5d, window: gate}]
        clusters: {A: {}}
        """,
        horizon=50,
    )
    assert reading.outcomes.unfinished == {"A/move": {"waiting: gate": 1}}
