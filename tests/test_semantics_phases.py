"""Phases and waves, by hand: what is held from first to last, openings, departments that do not join."""

from __future__ import annotations

import pytest
from futures import play


def test_a_phase_is_asked_for_with_its_first_stage_and_returned_by_its_last(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}, team: {capacity: 1}}
        route:
          - phase: competition
            holds: {slot: 1}
            stages:
              - {stage: tender, holds: {team: 1}, duration: 10d}
              - {stage: award, duration: 5d}
          - {stage: build, holds: {team: 1}, duration: 3d}
        clusters: {A: {}, B: {}}
        """,
    )
    # A has slot and team on day 0, returns the team on 10 and the slot on 15. B wants both: granted on 15.
    # A/build asks for the team on 15, after B, who asked on 0: it gets the team when B/tender ends on 25.
    assert future["A/tender"] == (0, 0, 0, 10, 10)
    assert future["A/award"] == (10, 10, 10, 15, 15)
    assert future["B/tender"] == (0, 15, 15, 25, 25)
    assert future["A/build"] == (15, 25, 25, 28, 28)
    assert future.waited("B/tender") == {"slot": 15}
    assert future.waited("A/build") == {"team": 10}


def test_waves_in_series_follow_each_other_and_the_next_stage_waits_for_the_last(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: roll, for_each: department, duration: 10d}, {stage: close, duration: 1d}]
        clusters: {A: {departments: {X: {}, Y: {}, Z: {}}}}
        """,
    )
    assert future["A/roll/X"] == (0, 0, 0, 10, 10)
    assert future["A/roll/Y"] == (10, 10, 10, 20, 20)
    assert future["A/roll/Z"] == (20, 20, 20, 30, 30)
    assert future["A/close"] == (30, 30, 30, 31, 31)


def test_waves_together_fan_out_and_join(engine: str) -> None:
    future = play(
        engine,
        """
        route:
          - {stage: plan, duration: 2d}
          - {stage: roll, for_each: department, waves: together, duration: {uniform: [0d, 99d]}}
          - {stage: close, duration: 1d}
        clusters: {A: {departments: {X: {}, Y: {}, Z: {}}}}
        """,
        forced={"A/roll/X/duration": 5, "A/roll/Y/duration": 9, "A/roll/Z/duration": 7},
    )
    assert [future[f"A/roll/{d}"][0] for d in "XYZ"] == [2, 2, 2]
    assert [future.finish(f"A/roll/{d}") for d in "XYZ"] == [7, 11, 9]
    assert future["A/close"] == (11, 11, 11, 12, 12)


def test_holds_of_waves_count_per_wave(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {crew: {capacity: 2}}
        route: [{stage: roll, for_each: department, waves: together, holds: {crew: 1}, duration: 10d}]
        clusters: {A: {departments: {X: {}, Y: {}, Z: {}}}}
        """,
    )
    assert [future[f"A/roll/{d}"][1] for d in "XYZ"] == [0, 0, 10]
    assert future.peak("crew") == 2


def test_a_wave_that_does_not_join_is_skipped_in_its_turn(engine: str) -> None:
    text = """
        resources: {{crew: {{capacity: 1}}}}
        route: [{{stage: roll, for_each: department, waves: {0}, holds: {{crew: 1}}, duration: 10d}}]
        clusters: {{A: {{departments: {{X: {{}}, Y: {{joins: 50%}}, Z: {{}}}}}}}}
        """
    series = play(engine, text.format("series"), {"A/Y/joins": 0.5})
    assert series["A/roll/Y"] == (10, 10, 10, 10, 10)
    assert series["A/roll/Z"] == (10, 10, 10, 20, 20)
    together = play(engine, text.format("together"), {"A/Y/joins": 0.5})
    # It asks for nothing: Z is next to hold the crew.
    assert together["A/roll/Y"] == (0, 0, 0, 0, 0)
    assert together["A/roll/Z"] == (0, 10, 10, 20, 20)
    joined = play(engine, text.format("series"), {"A/Y/joins": 0.4999})
    assert joined["A/roll/Y"] == (10, 10, 10, 20, 20)


def test_a_phase_that_begins_with_waves_has_an_opening_activity(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {crew: {capacity: 1}, desk: {capacity: 2}}
        milestones: {ready: @3}
        route:
          - phase: rollout
            holds: {crew: 1}
            stages:
              - stage: roll
                for_each: department
                waves: together
                go_to_market: true
                holds: {desk: 1}
                duration: 10d
              - {stage: close, duration: 2d}
        clusters:
          A: {departments: {X: {}, Y: {}}}
          B: {departments: {X: {}, Y: {}}, after: {roll: [ready]}}
        schedules: {s: {A: @0, B: @2}}
        """,
    )
    # The opening takes over the release and the `after`: B/rollout asks on day 3, when the milestone is reached.
    # A holds the crew to the end of close on 12; then B's opening, of length 0, and its waves on the same day.
    assert future["A/rollout"] == (0, 0, 0, 0, 0)
    assert future["A/roll/X"] == future["A/roll/Y"] == (0, 0, 0, 10, 10)
    assert future["A/close"] == (10, 10, 10, 12, 12)
    assert future["B/rollout"] == (3, 12, 12, 12, 12)
    assert future["B/roll/X"] == future["B/roll/Y"] == (12, 12, 12, 22, 22)
    assert future.waited("B/rollout") == {"crew": 9}


@pytest.mark.parametrize(("waves", "freed"), [("together", 30), ("series", 40)])
def test_the_last_wave_returns_what_the_phase_holds(engine: str, waves: str, freed: int) -> None:
    future = play(
        engine,
        f"""
        resources: {{crew: {{capacity: 1}}}}
        route:
          - phase: rollout
            holds: {{crew: 1}}
            stages: [{{stage: roll, for_each: department, waves: {waves}, duration: {{uniform: [0d, 99d]}}}}]
        clusters:
          A: {{departments: {{X: {{}}, Y: {{}}, Z: {{joins: 50%}}}}}}
          B: {{}}
        """,
        # X 30, Y 10, Z does not join: together 30, one after the other 40.
        forced={"A/roll/X/duration": 30, "A/roll/Y/duration": 10, "A/Z/joins": 0.6, "B/roll/duration": 1},
    )
    assert future["B/roll"] == (0, freed, freed, freed + 1, freed + 1)


def test_a_cluster_that_begins_inside_a_phase_asks_for_its_holds(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        route:
          - phase: competition
            holds: {slot: 1}
            stages: [{stage: tender, duration: 10d}, {stage: award, duration: 5d}]
        clusters: {A: {begins_at: award}, B: {begins_at: award, priority: 2}, C: {}}
        """,
    )
    assert "A/tender" not in future.network.activities
    assert future["A/award"] == (0, 0, 0, 5, 5)
    # C is before B, whose priority is 2.
    assert future["C/tender"] == (0, 5, 5, 15, 15)
    assert future["B/award"] == (0, 20, 20, 25, 25)


def test_a_cluster_that_begins_with_waves_inside_a_phase_has_an_opening(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {crew: {capacity: 1}}
        route:
          - phase: rollout
            holds: {crew: 1}
            stages: [{stage: build, duration: 10d}, {stage: roll, for_each: department, duration: 5d}]
        clusters: {A: {}, B: {begins_at: roll, departments: {X: {}}}}
        """,
    )
    assert "A/rollout" not in future.network.activities
    assert future["B/rollout"] == (0, 15, 15, 15, 15)
    assert future["B/roll/X"] == (15, 15, 15, 20, 20)


def test_a_skipped_wave_is_released_no_earlier_than_its_date(engine: str) -> None:
    future = play(
        engine,
        """
        route:
          - {stage: roll, for_each: department, waves: together, go_to_market: true, duration: 10d}
          - {stage: end, duration: 1d}
        clusters: {A: {departments: {X: {joins: 50%}, Y: {joins: 50%}}}}
        schedules: {s: {A: @8}}
        """,
        forced={"A/X/joins": 0.9, "A/Y/joins": 0.9},
    )
    assert future["A/roll/X"] == future["A/roll/Y"] == (8, 8, 8, 8, 8)
    assert future["A/end"] == (8, 8, 8, 9, 9)


def test_a_cluster_without_departments_has_one_plain_activity(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: roll, for_each: department, duration: 10d}]
        clusters: {A: {}}
        """,
    )
    assert future.network.activities == ("A/roll",)
    assert future["A/roll"] == (0, 0, 0, 10, 10)


def test_an_opening_takes_over_the_date_of_the_waves(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {crew: {capacity: 1}}
        route:
          - phase: rollout
            holds: {crew: 1}
            stages: [{stage: roll, for_each: department, go_to_market: true, duration: 10d}]
        clusters: {A: {departments: {X: {joins: 50%}}}, B: {}}
        schedules: {s: {A: @6, B: @8}}
        """,
        forced={"A/X/joins": 0.9},
    )
    # Nobody joins in A: the opening still asks on its date, and returns the crew when the skipped wave has gone by.
    assert future["A/rollout"] == future["A/roll/X"] == (6, 6, 6, 6, 6)
    assert future["B/roll"] == (8, 8, 8, 18, 18)
