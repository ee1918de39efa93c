"""What happens on one day, in rounds, by hand: rules 9 to 12 and 17, every tie that matters."""

from __future__ import annotations

import pytest
from futures import N, play


def test_units_returned_on_a_day_are_granted_on_that_day(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1, steps: {@10: 2}}}
        route: [{stage: work, go_to_market: true, holds: {slot: 1}, duration: 10d}]
        clusters: {A: {}, B: {}, C: {}}
        schedules: {s: {A: @0, B: @2, C: @10}}
        """,
    )
    # On 10 the capacity steps to 2, A returns its slot and C asks: B and C are granted together.
    assert future["B/work"] == (2, 10, 10, 20, 20)
    assert future["C/work"] == (10, 10, 10, 20, 20)
    assert future.peak("slot") == 2


def test_a_successor_asks_on_the_day_of_the_finish_but_behind_those_in_line(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        route: [{stage: tender, holds: {slot: 1}, duration: 10d}, {stage: award, holds: {slot: 1}, duration: 1d}]
        clusters: {A: {}, B: {}}
        """,
    )
    # On 10 A/award and B/tender want the slot; B has asked since 0.
    assert future["B/tender"] == (0, 10, 10, 20, 20)
    assert future["A/award"] == (10, 20, 20, 21, 21)
    # On 20 A/award (since 10) is before B/award (since 20).
    assert future["B/award"] == (20, 21, 21, 22, 22)


def test_a_chain_of_work_of_no_length_ends_on_one_day(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        route:
          - {stage: one, holds: {slot: 1}, duration: 0d}
          - {stage: two, duration: 0d}
          - {stage: three, holds: {slot: 1}, duration: 0d}
        clusters: {A: {}, B: {}, C: {}}
        """,
    )
    # A/one, B/one and C/one hold the slot one after the other, in rounds of day 0.
    assert all(future[name] == (0, 0, 0, 0, 0) for name in future.network.activities)
    assert future.peak("slot") == 1


def test_work_of_no_length_ends_in_the_next_round(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 2}}
        route:
          - stage: work
            holds: {slot: 1}
            duration: 10d
            congestion: {resource: slot, beyond: 1, each: 100%}
        clusters: {A: {stages: {work: {duration: 0d}}}, B: {}, C: {}}
        """,
    )
    # A and B are granted in the first round: B begins with two inside, 10 · (1 + 1). A ends in the second round
    # and C begins with two inside as well.
    assert future["A/work"] == (0, 0, 0, 0, 0)
    assert future["B/work"] == (0, 0, 0, 20, 20)
    assert future["C/work"] == (0, 0, 0, 20, 20)
    assert future.peak("slot") == 2


# Work of no length that begins because its window opens (the last happening) ends in the next round too, after the
# board has met: A, first by priority, comes before the board when B has been heard.
@pytest.mark.parametrize(("seats", "finished"), [(1, 20), (2, 10)])
def test_work_of_no_length_that_begins_in_its_window_ends_in_the_next_round(
    engine: str, seats: int, finished: int
) -> None:
    future = play(
        engine,
        f"""
        boards: {{committee: {{meets: {{dates: ["@10", "@20"]}}, seats: {seats}}}}}
        windows: {{cutover: {{dates: ["@10"]}}}}
        route: [{{stage: work, duration: 10d, board: {{name: committee}}}}]
        clusters:
          A: {{priority: 0, stages: {{work: {{window: cutover, duration: 0d}}}}}}
          B: {{}}
        """,
    )
    assert future["B/work"] == (0, 0, 0, 10, 10)
    # With two seats one is left at this meeting for the second round of the day.
    assert future["A/work"] == (0, 0, 10, 10, finished)


def test_work_of_no_length_in_a_window_counts_as_completed_from_the_next_round(engine: str) -> None:
    future = play(
        engine,
        """
        windows: {cutover: {dates: [@10]}}
        route: [{stage: work, window: cutover, duration: 10d, learning: {per_completion: 50%}}]
        clusters:
          A: {stages: {work: {duration: 0d}}}
          B: {}
          C: {stages: {work: {duration: 0d}}}
        """,
    )
    # All begin in the same step of the day: nothing is completed for B to learn from, wherever it stands in the file.
    assert [future.finish(f"{c}/work") for c in "ABC"] == [10, 20, 10]


def test_rework_of_no_length_leaves_the_meeting_its_order(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {dates: [@10, @20]}, seats: 2}}
        route: [{stage: plan, duration: 5d, board: {name: committee, pass: 50%}}]
        clusters: {A: {}, B: {}, C: {}}
        """,
        forced={"A/plan/board/1": 0.9, "A/plan/board/2": 0.1, "B/plan/board/1": 0.1, "C/plan/board/1": 0.1},
    )
    # A is returned and B passes on 10; A is not heard again then. On 20 C, waiting since 5, and A, since 10.
    assert [future.finish(f"{c}/plan") for c in "ABC"] == [20, 10, 20]


def test_what_a_hearing_frees_is_granted_on_the_day_of_the_meeting(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        boards: {committee: {meets: {dates: [@10]}}}
        route: [{stage: work, holds: {slot: 1}, duration: 5d}]
        clusters: {A: {stages: {work: {board: {name: committee}}}}, B: {}}
        """,
    )
    assert future["A/work"] == (0, 0, 0, 5, 10)
    assert future["B/work"] == (0, 10, 10, 15, 15)


def test_a_hearing_comes_before_the_grants_and_after_the_windows_of_its_day(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {dates: [@10]}}}
        windows: {cutover: {dates: [@10]}}
        resources: {slot: {capacity: 1, opens: @10}}
        route: [{stage: work, duration: 10d, learning: {per_completion: 50%}}]
        clusters:
          A: {stages: {work: {duration: 5d, board: {name: committee}}}}
          B: {stages: {work: {window: cutover}}}
          C: {stages: {work: {holds: {slot: 1}}}}
        """,
    )
    # A finishes at the meeting on 10. B's window opened before it, so B has nothing to learn from: 10 days.
    # C is granted after it: 10 · 0.5 days.
    assert future["A/work"] == (0, 0, 0, 5, 10)
    assert future["B/work"] == (0, 0, 10, 20, 20)
    assert future["C/work"] == (0, 10, 10, 15, 15)


def test_work_ends_before_the_windows_of_its_day(engine: str) -> None:
    future = play(
        engine,
        """
        windows: {cutover: {dates: [@10]}}
        route: [{stage: work, duration: 10d, learning: {per_completion: 50%}}]
        clusters: {A: {stages: {work: {window: cutover}}}, B: {}}
        """,
    )
    # B ends on 10, and A, whose window opens on 10, has learnt from it.
    assert future["A/work"] == (0, 0, 10, 15, 15)


def test_work_that_ends_on_the_day_of_a_meeting_is_heard_there(engine: str) -> None:
    future = play(
        engine,
        """
        boards: {committee: {meets: {dates: [@10, @20]}}}
        milestones: {ready: @10}
        route: [{stage: work, duration: 0d, board: {name: committee}}]
        clusters: {A: {after: {work: [ready]}}}
        """,
    )
    # The milestone is reached on 10, the work of no length is granted and ends in the next round; the board still sits.
    assert future["A/work"] == (10, 10, 10, 10, 10)


def test_grants_read_congestion_in_their_order(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 3}}
        route:
          - {stage: work, holds: {slot: 1}, duration: 10d, congestion: {resource: slot, beyond: 1, each: 10%}}
        clusters: {A: {priority: 2}, B: {}, C: {}}
        """,
    )
    # B begins with one inside, itself: 10. C with two: 11. A, last in line, with three: 12.
    assert [future.finish(f"{c}/work") for c in "BCA"] == [10, 11, 12]


def test_supply_comes_before_ends_and_a_closing_day_grants_nothing(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1, closes: @10}}
        route: [{stage: work, holds: {slot: 1}, duration: 10d}]
        clusters: {A: {}, B: {}}
        """,
    )
    # A returns the slot on the day on which it closes.
    assert future["B/work"] == (0, N, N, N, N)


def test_what_happens_on_the_day_of_the_horizon_happens(engine: str) -> None:
    text = """
        resources: {slot: {capacity: 1}}
        boards: {committee: {meets: {dates: [@10]}}}
        milestones: {ready: @10, never: @11}
        route: [{stage: work, duration: 10d}, {stage: next, duration: 0d}, {stage: last, duration: 1d}]
        clusters:
          A: {stages: {work: {holds: {slot: 1}}}}
          B: {stages: {work: {holds: {slot: 1}}}}
          C: {stages: {work: {board: {name: committee}}}}
          D: {stages: {work: {duration: 11d}}}
        """
    future = play(engine, text, horizon=10)
    assert future["A/work"] == (0, 0, 0, 10, 10)
    assert future["A/next"] == (10, 10, 10, 10, 10)
    assert future["A/last"] == (10, 10, 10, N, N)
    assert future["B/work"] == (0, 10, 10, N, N)
    assert future["C/work"] == (0, 0, 0, 10, 10)
    assert future["D/work"] == (0, 0, 0, N, N)
    assert future["D/next"] == (N, N, N, N, N)
    assert future["ready"] == (10, 10, 10, 10, 10)
    assert future["never"] == (N, N, N, N, N)
    # B stood in line from 0 to 10 and was granted on the last day: it is not stranded.
    assert future.stranded_by("B/work") is None


def test_a_release_on_its_day_is_no_earlier_and_no_later(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        route: [{stage: plan, duration: 5d}, {stage: work, go_to_market: true, holds: {slot: 1}, duration: 5d}]
        clusters: {A: {}, B: {}, C: {priority: 0}}
        schedules: {s: {A: @5, B: @4, C: @5}}
        """,
    )
    # All ask on 5; C has the better priority, then file order.
    assert [future[f"{c}/work"][:2] for c in "CAB"] == [(5, 5), (5, 10), (5, 15)]


def test_work_longer_than_any_horizon_never_ends(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: plan, duration: {exponential: {mean: 1d}}}]
        clusters: {A: {}}
        """,
        forced={"A/plan/duration": 1e13},
    )
    assert future["A/plan"] == (0, 0, 0, N, N)
