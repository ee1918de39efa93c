"""The life of an activity, by hand: rules 1 to 8 of `simulator.engines`, phases, waves and what waits for what."""

from __future__ import annotations

import pytest
from futures import N, play


def test_stages_follow_each_other(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: plan, duration: 10d}, {stage: build, duration: 5d}]
        clusters: {A: {}}
        """,
    )
    assert future["A/plan"] == (0, 0, 0, 10, 10)
    assert future["A/build"] == (10, 10, 10, 15, 15)


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        pytest.param(-5, 10, id="before the start counts as day 0"),
        pytest.param(7, 10, id="what goes before is later"),
        pytest.param(10, 10, id="the same day"),
        pytest.param(20, 20, id="the schedule is later"),
    ],
)
def test_go_to_market_is_the_later_of_the_schedule_and_what_goes_before(engine: str, day: int, asked: int) -> None:
    future = play(
        engine,
        f"""
        route: [{{stage: plan, duration: 10d}}, {{stage: tender, go_to_market: true, duration: 5d}}]
        clusters: {{A: {{}}}}
        schedules: {{s: {{A: "@{day}"}}}}
        """,
    )
    assert future["A/plan"] == (0, 0, 0, 10, 10)
    assert future["A/tender"] == (asked, asked, asked, asked + 5, asked + 5)


# A window on the 31st: 31 January is day 30, 28 February day 58, 31 March day 89.
@pytest.mark.parametrize(
    ("granted", "started"),
    [
        pytest.param(30, 30, id="on the day of the grant"),
        pytest.param(31, 58, id="the last day of a shorter month"),
        pytest.param(59, 89, id="the next month"),
        pytest.param(90, N, id="no window left"),
    ],
)
def test_work_begins_at_the_first_window_at_or_after_the_grant(engine: str, granted: int, started: int) -> None:
    future = play(
        engine,
        f"""
        windows: {{cutover: {{months: [1, 2, 3], day: 31}}}}
        route: [{{stage: plan, duration: {granted}d}}, {{stage: move, window: cutover, duration: 5d}}]
        clusters: {{A: {{}}}}
        """,
        horizon=300,
    )
    ends = started if started == N else started + 5
    assert future["A/move"] == (granted, granted, started, ends, ends)


def test_units_are_held_while_waiting_for_the_window(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {crew: {capacity: 1}}
        windows: {cutover: {dates: [@20, @40]}}
        route: [{stage: move, window: cutover, holds: {crew: 1}, duration: 5d}]
        clusters: {A: {}, B: {}}
        """,
    )
    # A is granted on day 0 and holds the crew from there to the end of its work on 20 + 5; B then waits for day 40.
    assert future["A/move"] == (0, 0, 20, 25, 25)
    assert future["B/move"] == (0, 25, 40, 45, 45)
    assert future.waited("B/move") == {"crew": 25}


@pytest.mark.parametrize(("days", "worked"), [(0.5, 0), (1.5, 2), (2.5, 2), (3.5, 4), (2.5000001, 3)])
def test_work_is_rounded_once_half_to_even(engine: str, days: float, worked: int) -> None:
    future = play(
        engine,
        """
        route: [{stage: plan, duration: {uniform: [0d, 9d]}}]
        clusters: {A: {}}
        """,
        forced={"A/plan/duration": days},
    )
    assert future.finish("A/plan") == worked


def test_factors_are_multiplied_before_the_base(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: plan, stretch: 1.5, duration: 30d}]
        clusters: {A: {}}
        risks: {trouble: {probability: 100%, stretches: {plan: 1.3}}}
        """,
    )
    # 1.5 · 1.3 = 1.9500000000000002, times 30 above 58.5, so 59; (30 · 1.5) · 1.3 = 58.5 would give 58.
    assert round(30 * 1.5 * 1.3) == 58
    assert future.finish("A/plan") == 59


@pytest.mark.parametrize(("first", "second", "worked"), [(1.5, 1.9, 85), (1.9, 1.5, 86)])
def test_risks_multiply_in_file_order(engine: str, first: float, second: float, worked: int) -> None:
    future = play(
        engine,
        f"""
        route: [{{stage: plan, stretch: 1.2, duration: 25d}}]
        clusters: {{A: {{}}}}
        risks:
          x: {{probability: 100%, stretches: {{plan: {first}}}}}
          y: {{probability: 100%, stretches: {{plan: {second}}}}}
        """,
    )
    # (1.2 · 1.5) · 1.9 is 3.4199999999999995, 25 times that just below 85.5, so 85.
    # (1.2 · 1.9) · 1.5 is 3.42, 25 times that 85.5, half to even 86.
    assert future.finish("A/plan") == worked


@pytest.mark.parametrize(("delays", "worked"), [((0.1, 1.1, 1.3), 2), ((1.1, 1.3, 0.1), 3)])
def test_delays_add_in_file_order(engine: str, delays: tuple[float, ...], worked: int) -> None:
    x, y, z = delays
    future = play(
        engine,
        f"""
        route: [{{stage: plan, duration: 0d}}]
        clusters: {{A: {{}}}}
        risks:
          x: {{probability: 100%, delays: {{plan: {x}d}}}}
          y: {{probability: 100%, delays: {{plan: {y}d}}}}
          z: {{probability: 100%, delays: {{plan: {z}d}}}}
        """,
    )
    # (0.1 + 1.1) + 1.3 is 2.5, half to even 2; (1.1 + 1.3) + 0.1 is 2.5000000000000004, so 3.
    assert future.finish("A/plan") == worked


def test_delays_are_added_before_rounding(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: plan, stretch: 2, duration: {uniform: [0d, 9d]}}]
        clusters: {A: {}, B: {}}
        risks:
          appeal: {probability: 50%, delays: {plan: 0.3d}}
          strike: {probability: 50%, delays: {plan: 0.3d}}
        """,
        forced={
            "A/plan/duration": 5.0,
            "B/plan/duration": 5.0,
            "appeal/A": 0.49,
            "strike/A": 0.49,
            "appeal/B": 0.49,
            "strike/B": 0.5,
        },
    )
    # A: 5 · 2 + 0.3 + 0.3 = 10.6, rounded once: 11. B: the uniform 0.5 is not below 50%, so 10.3: 10.
    # The factor does not apply to the delay (5.3 · 2 = 10.6 would be 11 for B too).
    assert future.finish("A/plan") == 11
    assert future.finish("B/plan") == 10


def test_a_milestone_happens_on_its_day(engine: str) -> None:
    future = play(
        engine,
        """
        milestones: {standards: @12, past: @-30, late: {uniform: [@0, @90]}}
        route: [{stage: plan, duration: 5d}]
        clusters: {A: {after: {plan: [standards]}}, B: {after: {plan: [past]}}, C: {after: {plan: [standards, late]}}}
        """,
        forced={"late": 20.5},
    )
    assert future["standards"] == (12, 12, 12, 12, 12)
    assert future["past"] == (0, 0, 0, 0, 0)
    assert future["late"] == (20, 20, 20, 20, 20)  # 20.5, half to even
    assert [future[f"{c}/plan"][0] for c in "ABC"] == [12, 0, 20]


def test_after_names_stages_waves_and_marks(engine: str) -> None:
    future = play(
        engine,
        """
        route:
          - {stage: plan, duration: 4d}
          - {stage: award, duration: 6d, marks: signed}
          - {stage: roll, for_each: department, duration: 10d}
        clusters:
          A: {departments: {X: {}, Y: {}}}
          B: {after: {plan: [A/signed]}}
          C: {after: {plan: [A/roll]}}
          D: {after: {award: [A/roll/X]}}
        """,
    )
    # A: plan to 4, award to 10, X to 20, Y to 30.
    assert future["B/plan"][0] == 10
    assert future["C/plan"][0] == 30
    assert future["D/plan"][0] == 0
    assert future["D/award"][0] == 20


def test_after_something_done_before_the_start_asks_for_nothing(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: plan, duration: 4d, marks: planned}, {stage: build, duration: 6d}]
        clusters: {A: {begins_at: build}, B: {after: {plan: [A/plan], build: [A/planned]}}}
        """,
    )
    assert future["B/plan"] == (0, 0, 0, 4, 4)
    assert future["B/build"] == (4, 4, 4, 10, 10)


def test_waves_of_a_stage_after_something_all_wait_for_it(engine: str) -> None:
    future = play(
        engine,
        """
        milestones: {ready: @15}
        route: [{stage: roll, for_each: department, duration: 10d}]
        clusters: {A: {departments: {X: {}, Y: {joins: 50%}}, after: {roll: [ready]}}}
        """,
        forced={"A/Y/joins": 0.9},
    )
    # Y is skipped when it is released, after X has finished on 25.
    assert future["A/roll/X"] == (15, 15, 15, 25, 25)
    assert future["A/roll/Y"] == (25, 25, 25, 25, 25)


def test_clusters_take_their_own_routes(engine: str) -> None:
    future = play(
        engine,
        """
        routes:
          long: [{stage: plan, duration: 10d}, {stage: build, duration: 20d}]
          short: [{stage: build, duration: 3d}]
        clusters: {A: {}, B: {route: short}, C: {stages: {build: {duration: 7d, stretch: 2}}}}
        """,
    )
    assert future.finish("A/build") == 30
    assert future["B/build"] == (0, 0, 0, 3, 3)
    assert future.finish("C/build") == 10 + 14
