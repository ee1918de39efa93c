"""Boards, by hand: meetings, seats, returns and rework (rules 7 and 10)."""

from __future__ import annotations

import pytest
from futures import N, play

ONE_CASE = """
    resources: {desk: {capacity: 1}}
    boards: {committee: {meets: {dates: [@10, @20, @30, @40, @50]}}}
    route:
      - stage: plan
        holds: {desk: 1}
        duration: {uniform: [0d, 99d]}
        board: {name: committee, pass: 75%, rework: {uniform: [0d, 99d]}, returns: RETURNS}
    clusters: {A: {}}
    """


@pytest.mark.parametrize(("worked", "heard"), [(9, 10), (10, 10), (11, 20), (50, 50), (51, N)])
def test_a_case_is_heard_at_the_first_meeting_from_the_end_of_its_work(engine: str, worked: int, heard: int) -> None:
    future = play(engine, ONE_CASE.replace("RETURNS", "0"), {"A/plan/duration": worked})
    assert future["A/plan"] == (0, 0, 0, worked, heard)


@pytest.mark.parametrize(("uniform", "finished"), [(0.7499, 10), (0.75, 20)])
def test_a_case_is_returned_when_the_uniform_is_not_below_the_chance_to_pass(
    engine: str, uniform: float, finished: int
) -> None:
    forced = {"A/plan/duration": 5, "A/plan/board/1": uniform, "A/plan/rework/1": 0, "A/plan/board/2": 0.1}
    # Returned with nothing to rework, it is heard at the next meeting, not again on the same day.
    future = play(engine, ONE_CASE.replace("RETURNS", "3"), forced)
    assert future["A/plan"] == (0, 0, 0, 5, finished)
    assert future.reworked("A/plan") == (0, 0)


@pytest.mark.parametrize(
    ("rework", "finished"),
    [
        pytest.param(1, 20, id="ends before the next meeting"),
        pytest.param(10, 20, id="ends on the next meeting's day"),
        pytest.param(10.5, 20, id="rounded half to even, to 10"),
        pytest.param(11, 30, id="misses the next meeting"),
    ],
)
def test_rework_takes_its_days_and_no_factor(engine: str, rework: float, finished: int) -> None:
    text = ONE_CASE.replace("RETURNS", "3") + "risks: {trouble: {probability: 100%, stretches: {plan: 2}}}\n"
    forced = {
        "A/plan/duration": 5,  # stretched to 10
        "A/plan/board/1": 0.9,
        "A/plan/rework/1": rework,
        "A/plan/board/2": 0.1,
    }
    future = play(engine, text, forced)
    assert future["A/plan"] == (0, 0, 0, 10, finished)
    assert future.reworked("A/plan") == (round(rework), 0)


def test_after_as_many_returns_as_allowed_the_next_hearing_passes(engine: str) -> None:
    forced = {
        "A/plan/duration": 5,
        "A/plan/board/1": 0.9,
        "A/plan/rework/1": 2,
        "A/plan/board/2": 0.9,
        "A/plan/rework/2": 15,
    }
    # Heard on 10, reworked to 12; heard on 20, reworked to 35; the hearing on 40 passes after two returns.
    future = play(engine, ONE_CASE.replace("RETURNS", "2"), forced)
    assert future["A/plan"] == (0, 0, 0, 5, 40)
    assert future.reworked("A/plan") == (17, 0)


def test_an_activity_keeps_what_it_holds_until_it_passes(engine: str) -> None:
    text = ONE_CASE.replace("RETURNS", "1").replace("{A: {}}", "{A: {}, B: {}}")
    forced = {
        "A/plan/duration": 5,
        "A/plan/board/1": 0.9,
        "A/plan/rework/1": 4,
        "B/plan/duration": 5,
        "B/plan/board/1": 0.1,
    }
    # A is heard on 10 and 20; the desk is B's from 20, the day of the hearing.
    future = play(engine, text, forced)
    assert future["A/plan"] == (0, 0, 0, 5, 20)
    assert future["B/plan"] == (0, 20, 20, 25, 30)


def test_seats_go_by_priority_then_waiting_since_then_file_order(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {dates: [@10, @20, @30, @40, @50, @60]}, seats: 1}}
        route: [{stage: plan, duration: 1d, board: {name: committee}}]
        clusters:
          A: {stages: {plan: {duration: 5d}}}
          B: {stages: {plan: {duration: 3d}}}
          C: {stages: {plan: {duration: 9d}}, priority: 0}
          D: {stages: {plan: {duration: 3d}}}
          E: {stages: {plan: {duration: 15d}}, priority: 0}
        """,
    )
    # On 10 wait A (5), B (3), C (9, priority 0) and D (3): C. On 20 E (priority 0) is there: E; then B, D and A.
    assert {c: future.finish(f"{c}/plan") for c in "CEBDA"} == {"C": 10, "E": 20, "B": 30, "D": 40, "A": 50}


def test_waiting_counts_from_the_end_of_the_rework(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {dates: [@10, @20, @30, @40]}, seats: 1}}
        route:
          - stage: plan
            duration: {uniform: [0d, 99d]}
            board: {name: committee, pass: 50%, rework: {uniform: [0d, 99d]}}
        clusters: {A: {}, B: {}}
        """,
        forced={
            "A/plan/duration": 1,
            "A/plan/board/1": 0.9,
            "A/plan/rework/1": 3,
            "A/plan/board/2": 0.1,
            "B/plan/duration": 12,
            "B/plan/board/1": 0.1,
        },
    )
    # A is returned on 10 and waits again since 13; B since 12, so B has the seat on 20.
    assert (future.finish("A/plan"), future.finish("B/plan")) == (30, 20)


def test_what_is_returned_takes_a_seat(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {dates: [@10, @20, @30]}, seats: 2}}
        route:
          - {stage: plan, duration: 5d, board: {name: committee, pass: 50%, returns: 1}}
        clusters: {A: {}, B: {}, C: {}}
        """,
        forced={
            "A/plan/board/1": 0.9,
            "B/plan/board/1": 0.9,
            "C/plan/board/1": 0.1,
        },
    )
    # A and B are heard on 10, and returned with a rework of no days: they wait since 10, C since 5.
    # On 20 C goes first, then A; B is heard on 30.
    assert [future.finish(f"{c}/plan") for c in "ABC"] == [20, 30, 20]


def test_a_board_meets_by_calendar_months_but_not_when_closed(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {every: 1mo, from: 2025-01-31}, closed: [2025-03-31 to 2025-04-29]}}
        route: [{stage: plan, duration: 1d, board: {name: committee}}]
        clusters:
          A: {}
          B: {stages: {plan: {duration: 31d}}}
          C: {stages: {plan: {duration: 59d}}}
        """,
    )
    # 31 January is day 30, 28 February day 58, 31 March (closed) day 89, 30 April day 119.
    assert [future.finish(f"{c}/plan") for c in "ABC"] == [30, 58, 119]


def test_a_board_meets_every_fortnight_from_a_date_before_the_start(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {every: 2w, from: @-10}}}
        route: [{stage: plan, duration: 0d, board: {name: committee}}]
        clusters: {A: {}, B: {stages: {plan: {duration: 5d}}}}
        """,
    )
    # Day −10, 4, 18, …
    assert (future["A/plan"], future["B/plan"]) == ((0, 0, 0, 0, 4), (0, 0, 0, 5, 18))


def test_every_wave_has_hearings_of_its_own(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {every: 10d, from: @0}, seats: 1}}
        route:
          - stage: roll
            for_each: department
            waves: together
            duration: 5d
            board: {name: committee, pass: 50%, rework: 1d}
        clusters: {A: {departments: {X: {}, Y: {}}}}
        """,
        forced={"A/roll/X/board/1": 0.9, "A/roll/X/board/2": 0.1, "A/roll/Y/board/1": 0.2},
    )
    # X is returned on 10 and waits since 11; Y, since 5, has the seat on 20; X passes on 30.
    assert (future.finish("A/roll/X"), future.finish("A/roll/Y")) == (30, 20)


def test_boards_keep_their_own_seats(engine: str) -> None:
    future = play(
        engine,
        """
        boards:
          first: {meets: {every: 10d, from: @0}, seats: 1}
          second: {meets: {every: 10d, from: @0}, seats: 1}
        route: [{stage: plan, duration: 5d, board: {name: first}}]
        clusters: {A: {}, B: {stages: {plan: {board: {name: second}}}}, C: {}}
        """,
    )
    assert [future.finish(f"{c}/plan") for c in "ABC"] == [10, 10, 20]


def test_a_hall_that_never_empties_hears_everyone_in_turn(engine: str) -> None:
    """Sixty cases of twenty returns each, one seat a day: the hall is never empty for 1,260 days."""
    names = [f"C{i}" for i in range(60)]
    clusters = "\n".join(f"  {name}: {{}}" for name in names)
    future = play(
        engine,
        "boards: {committee: {meets: {every: 1d, from: @0}, seats: 1}}\n"
        "route: [{stage: plan, duration: 1d, board: {name: committee, pass: 0%, rework: 1d}}]\n"
        f"clusters:\n{clusters}\n",
        horizon=2000,
    )
    # All wait since day 1. Everyone is heard once in 60 days, in file order, and waits behind the others from the next
    # day, when the rework ends; the 21st hearing, on day 1 + 20 · 60 + place, passes.
    assert [future.finish(f"{name}/plan") for name in names] == [1201 + place for place in range(60)]


def test_a_meeting_hears_again_in_the_next_round_of_its_day(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {every: 10d, from: @10}, seats: 2}}
        route:
          - {stage: plan, duration: 5d, board: {name: committee, pass: 50%, returns: 1}}
          - {stage: build, duration: 0d, board: {name: committee}}
        clusters: {A: {}}
        """,
        forced={"A/plan/board/1": 0.9},
    )
    # Returned on 10, passed on 20; build, of no length, comes before the same meeting in the next round.
    assert future["A/plan"] == (0, 0, 0, 5, 20)
    assert future["A/build"] == (20, 20, 20, 20, 20)
