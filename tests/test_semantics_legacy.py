"""Failures of legacy systems and what they lengthen, by hand (rule 15)."""

from __future__ import annotations

import pytest
from futures import N, play

from simulator.days import DAYS_PER_YEAR

NONE = 1e3
"""An exposure past every horizon: no failure."""


def failures(*days: float, lengths: tuple[float, ...] = (7,)) -> dict[str, float]:
    """Draws that make the system called old, which fails once a year, fail on these days for these lengths."""
    forced: dict[str, float] = {}
    before = 0.0
    for number, day in enumerate(days, start=1):
        # The sum of the unit exponentials is the cumulative rate: one a year, read in the middle of the day.
        forced[f"old/failure/{number}"] = (day + 0.5) / DAYS_PER_YEAR - before
        forced[f"old/failure/{number}/disrupts"] = lengths[min(number, len(lengths)) - 1]
        before = (day + 0.5) / DAYS_PER_YEAR
    return forced | {f"old/failure/{len(days) + 1}": NONE}


OLD = "old: {used_by: [USERS], failures: {supported: 1/y}, failure: {disrupts: {uniform: [0d, 99d]}}}"


def legacy(users: str) -> str:
    """A legacy system with its users."""
    return "legacy: {" + OLD.replace("USERS", users) + "}"


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        pytest.param(0, 30, id="on the day on which work begins"),
        pytest.param(1, 37, id="the day after"),
        pytest.param(29, 37, id="the last day"),
        pytest.param(30, 30, id="on the day on which it ends"),
        pytest.param(31, 30, id="later"),
    ],
)
def test_a_failure_lengthens_work_that_ends_later(engine: str, day: int, ends: int) -> None:
    future = play(
        engine,
        f"""
        route: [{{stage: work, duration: 30d}}, {{stage: rest, duration: 1d}}]
        clusters: {{A: {{}}}}
        {legacy("A")}
        """,
        forced=failures(day),
    )
    assert future["A/work"] == (0, 0, 0, ends, ends)
    assert future.disrupted("A/work") == ends - 30


def test_failures_add_up(engine: str) -> None:
    future = play(
        engine,
        f"""
        route: [{{stage: work, duration: 30d}}]
        clusters: {{A: {{}}}}
        {legacy("A")}
        """,
        # Twice on day 20; on 33 the work is still under way only because of the first two.
        forced=failures(20, 20, 33, lengths=(2.5, 3.5, 6)),
    )
    # 30 + 2 + 4 + 6, each rounded half to even.
    assert future.finish("A/work") == 42
    assert future.disrupted("A/work") == 12


def test_only_the_clusters_of_the_system_are_disrupted_and_only_while_working(engine: str) -> None:
    future = play(
        engine,
        f"""
        resources: {{slot: {{capacity: 1}}}}
        boards: {{committee: {{meets: {{dates: ["@40"]}}}}}}
        windows: {{cutover: {{dates: ["@40"]}}}}
        route: [{{stage: work, duration: 30d}}, {{stage: rest, duration: 90d}}]
        clusters:
          A: {{stages: {{work: {{holds: {{slot: 1}}}}}}}}
          B: {{stages: {{work: {{holds: {{slot: 1}}}}}}}}
          C: {{stages: {{work: {{window: cutover}}}}}}
          D: {{stages: {{work: {{duration: 10d, board: {{name: committee}}}}}}}}
          E: {{}}
        {legacy("A, B, C, D")}
        """,
        forced=failures(20),
    )
    # On 20 A works, B stands in line, C waits for its window, D for the board, and E does not use the system.
    assert future["A/work"] == (0, 0, 0, 37, 37)
    assert future["B/work"] == (0, 37, 37, 67, 67)
    assert future["C/work"] == (0, 0, 40, 70, 70)
    assert future["D/work"] == (0, 0, 0, 10, 40)
    assert future["E/work"] == (0, 0, 0, 30, 30)
    assert [future.disrupted(f"{c}/work") for c in "ABCDE"] == [7, 0, 0, 0, 0]


def test_rework_is_lengthened_too(engine: str) -> None:
    future = play(
        engine,
        f"""
        boards: {{committee: {{meets: {{dates: ["@10", "@20", "@30"]}}}}}}
        route:
          - stage: plan
            duration: 5d
            board: {{name: committee, pass: 50%, rework: {{uniform: [0d, 99d]}}}}
        clusters: {{A: {{}}}}
        {legacy("A")}
        """,
        forced=failures(3, 15) | {"A/plan/board/1": 0.9, "A/plan/rework/1": 8, "A/plan/board/2": 0.1},
    )
    # Work to 5 + 7 = 12, heard on 20 and returned, reworked to 28 (the failure on 15 found it waiting): 30.
    assert future["A/plan"] == (0, 0, 0, 12, 30)
    assert future.reworked("A/plan") == (8, 0)
    later = play(
        engine,
        f"""
        boards: {{committee: {{meets: {{dates: ["@10", "@20", "@30"]}}}}}}
        route:
          - stage: plan
            duration: 5d
            board: {{name: committee, pass: 50%, rework: {{uniform: [0d, 99d]}}}}
        clusters: {{A: {{}}}}
        {legacy("A")}
        """,
        forced=failures(15) | {"A/plan/board/1": 0.9, "A/plan/rework/1": 8, "A/plan/board/2": 0.1},
    )
    # Returned on 10, reworked to 18, lengthened to 25, heard on 30.
    assert later["A/plan"] == (0, 0, 0, 5, 30)
    assert later.reworked("A/plan") == (8, 7)
    assert later.disrupted("A/plan") == 0


WAVES = """
    route: [{stage: roll, for_each: department, waves: together, duration: {uniform: [0d, 99d]}}]
    clusters: {A: {departments: {X: {joins: 50%}, Y: {}}}}
    """


@pytest.mark.parametrize(
    ("day", "joins", "ends"),
    [
        pytest.param(19, 0.1, 47, id="in use"),
        pytest.param(20, 0.1, 47, id="on the day of its retirement"),
        pytest.param(21, 0.1, 40, id="retired"),
        pytest.param(21, 0.9, 47, id="kept by a department that does not join"),
    ],
)
def test_a_system_fails_until_the_day_of_its_retirement(engine: str, day: int, joins: float, ends: int) -> None:
    forced = failures(day) | {"A/roll/X/duration": 20, "A/roll/Y/duration": 40, "A/X/joins": joins}
    future = play(engine, f"{WAVES}{legacy('A/X')}\n", forced)
    # X leaves the system on 20; Y, of the same cluster, works to 40.
    assert future["A/roll/Y"] == (0, 0, 0, ends, ends)


def test_a_system_is_in_use_until_the_last_of_its_users_is_live(engine: str) -> None:
    forced = failures(30) | {"A/roll/X/duration": 20, "A/roll/Y/duration": 40, "A/X/joins": 0.1}
    # The cluster stands for both departments, so the system is in use to 40.
    assert play(engine, f"{WAVES}{legacy('A')}\n", forced).finish("A/roll/Y") == 47
    assert play(engine, f"{WAVES}{legacy('A/X, A/Y')}\n", forced).finish("A/roll/Y") == 47
    assert play(engine, f"{WAVES}{legacy('A/X')}\n", forced).finish("A/roll/Y") == 40


def test_a_department_that_was_live_before_the_start_does_not_keep_the_system(engine: str) -> None:
    text = f"""
        route:
          - {{stage: roll, for_each: department, duration: 10d}}
          - {{stage: close, duration: 30d}}
        clusters: {{A: {{begins_at: close, departments: {{X: {{}}}}}}}}
        {legacy("A/X")}
        """
    assert play(engine, text, failures(10)).finish("A/close") == 30


def test_without_waves_a_department_is_live_when_the_route_ends(engine: str) -> None:
    text = f"""
        route: [{{stage: plan, duration: 10d}}, {{stage: build, duration: 30d}}]
        clusters: {{A: {{departments: {{X: {{joins: 50%}}}}}}, B: {{stages: {{build: {{duration: 90d}}}}}}}}
        {legacy("A/X, B")}
        """
    # In use until B's route ends on 100: A's build, from 10 to 40, and B's are lengthened.
    future = play(engine, text, failures(39) | {"A/X/joins": 0.1})
    assert (future.finish("A/build"), future.finish("B/build")) == (47, 107)
    both = play(engine, text, failures(41) | {"A/X/joins": 0.1})
    assert (both.finish("A/build"), both.finish("B/build")) == (40, 107)


def test_a_failure_after_the_horizon_does_nothing(engine: str) -> None:
    future = play(
        engine,
        f"""
        route: [{{stage: work, duration: 99d}}]
        clusters: {{A: {{}}}}
        {legacy("A")}
        """,
        forced=failures(51),
        horizon=50,
    )
    assert future["A/work"] == (0, 0, 0, N, N)
    assert future.disrupted("A/work") == 0


def test_an_endless_disruption_ends_nothing(engine: str) -> None:
    future = play(
        engine,
        f"""
        route: [{{stage: work, duration: 9d}}]
        clusters: {{A: {{}}}}
        {legacy("A")}
        """,
        forced=failures(1, 2, lengths=(1e12, 1e12)),
    )
    assert future["A/work"] == (0, 0, 0, N, N)
