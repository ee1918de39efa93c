"""The line, by hand: order, no overtaking, capacity, money, what is waited for, what is stranded."""

from __future__ import annotations

from futures import N, play


def test_the_line_is_in_order_of_priority_then_asked_then_file(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        route: [{stage: work, go_to_market: true, holds: {slot: 1}, duration: 10d}]
        clusters: {A: {}, B: {}, C: {}, D: {priority: 0}, E: {}}
        schedules: {s: {A: @0, B: @5, C: @3, D: @9, E: @3}}
        """,
    )
    # On day 10 there wait B (5), C (3), D (9, priority 0) and E (3): D goes first, then C and E as listed, then B.
    assert [future[f"{c}/work"][1] for c in "ADCEB"] == [0, 10, 20, 30, 40]
    assert future["B/work"] == (5, 40, 40, 50, 50)
    assert future.waited("B/work") == {"slot": 35}


def test_nobody_overtakes_within_a_resource(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 2}, desk: {capacity: 1}}
        route: [{stage: work, go_to_market: true, duration: 10d}]
        clusters:
          A: {stages: {work: {holds: {slot: 1}}}}
          B: {stages: {work: {holds: {slot: 2}}}}
          C: {stages: {work: {holds: {slot: 1}}}}
          D: {stages: {work: {holds: {desk: 1}}}}
        schedules: {s: {A: @0, B: @1, C: @2, D: @3}}
        """,
    )
    # B needs both slots and waits for A until 10. C would find one free on day 2, but B is before it.
    # D wants something else and passes both.
    assert future["B/work"] == (1, 10, 10, 20, 20)
    assert future["C/work"] == (2, 20, 20, 30, 30)
    assert future["D/work"] == (3, 3, 3, 13, 13)
    assert future.waited("C/work") == {"slot": 18}
    assert future.peak("slot") == 2


def test_a_request_in_line_keeps_everything_it_wants_from_those_behind_it(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}, desk: {capacity: 1}}
        route: [{stage: work, go_to_market: true, duration: 10d}]
        clusters:
          A: {stages: {work: {holds: {slot: 1}}}}
          B: {stages: {work: {holds: {slot: 1, desk: 1}}}}
          C: {stages: {work: {holds: {desk: 1}}}}
        schedules: {s: {A: @0, B: @1, C: @2}}
        """,
    )
    # The desk is free all the time, but B, in line before C, wants it: C gets it when B returns it on 20.
    assert future["B/work"] == (1, 10, 10, 20, 20)
    assert future["C/work"] == (2, 20, 20, 30, 30)
    assert future.waited("B/work") == {"slot": 9}
    assert future.waited("C/work") == {"desk": 18}


def test_all_or_nothing_is_granted(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}, desk: {capacity: 1}}
        route: [{stage: work, go_to_market: true, duration: 10d}]
        clusters:
          A: {stages: {work: {holds: {slot: 1}, duration: 10d}}}
          B: {stages: {work: {holds: {desk: 1}, duration: 30d}}}
          C: {stages: {work: {holds: {slot: 1, desk: 1}}}}
        schedules: {s: {A: @0, B: @0, C: @5}}
        """,
    )
    # C is short of the slot, asked for first, until 10; then of the desk until 30; it takes neither before.
    assert future["C/work"] == (5, 30, 30, 40, 40)
    assert future.waited("C/work") == {"slot": 5, "desk": 20}
    assert future.peak("slot") == 1


def test_a_day_in_line_counts_against_the_first_thing_that_is_short(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1, opens: @8}}
        budgets: {fund: [{arrives: @20, amount: 5}], gift: [{arrives: @3, amount: 1}]}
        route: [{stage: work, holds: {slot: 1}, spends: {gift: 1, fund: 5}, duration: 10d}]
        clusters: {A: {}}
        """,
    )
    # Units come before money: slot to 8; then gift is there (since 3), the fund is not until 20.
    assert future["A/work"] == (0, 20, 20, 30, 30)
    assert future.waited("A/work") == {"slot": 8, "fund": 12}


def test_someone_who_asks_later_with_a_better_priority_goes_before(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        route: [{stage: work, go_to_market: true, holds: {slot: 1}, duration: 10d}]
        clusters: {A: {}, B: {priority: 3}, C: {priority: 2}}
        schedules: {s: {A: @0, B: @1, C: @10}}
        """,
    )
    # C asks on the very day on which A returns the slot.
    assert future["C/work"] == (10, 10, 10, 20, 20)
    assert future["B/work"] == (1, 20, 20, 30, 30)


def test_money_is_spent_once_and_those_behind_wait_for_the_same_budget(engine: str) -> None:
    future = play(
        engine,
        """
        budgets:
          fund: [{arrives: @0, amount: 10}, {arrives: @15, amount: 6}, {arrives: @40, amount: 100}]
          gift: [{arrives: @0, amount: 2}]
        route: [{stage: work, go_to_market: true, duration: 3d}]
        clusters:
          A: {stages: {work: {spends: {fund: 7}}}}
          B: {stages: {work: {spends: {fund: 8}}}}
          C: {stages: {work: {spends: {fund: 1}}}}
          D: {stages: {work: {spends: {gift: 2}}}}
        schedules: {s: {A: @0, B: @1, C: @2, D: @3}}
        """,
    )
    # 10 − 7 = 3 are left: B waits for 8 and C, behind it, for B. On 15 there are 3 + 6 = 9: B takes 8 and C the last.
    assert future["A/work"] == (0, 0, 0, 3, 3)
    assert future["B/work"] == (1, 15, 15, 18, 18)
    assert future["C/work"] == (2, 15, 15, 18, 18)
    assert future["D/work"] == (3, 3, 3, 6, 6)


def test_a_tranche_pays_on_its_day(engine: str) -> None:
    future = play(
        engine,
        """
        budgets: {fund: [{arrives: {uniform: [@0, @90]}, amount: {uniform: [1, 9]}}, {arrives: @-9, amount: 1}]}
        route: [{stage: plan, duration: 21d}, {stage: work, spends: {fund: 8}, duration: 3d}]
        clusters: {A: {}}
        """,
        # Day 20.6 is rounded to 21, the day on which the work asks; 1 arrived before the start, 7 arrive now.
        forced={"fund/1/arrives": 20.6, "fund/1/amount": 7.0},
    )
    assert future["A/work"] == (21, 21, 21, 24, 24)


def test_a_budget_pays_what_its_tranches_add_up_to(engine: str) -> None:
    future = play(
        engine,
        """
        budgets: {fund: [{arrives: @0, amount: 0.3}]}
        route: [{stage: first, spends: {fund: 0.1}, duration: 1d}, {stage: second, spends: {fund: 0.2}, duration: 1d}]
        clusters: {A: {}}
        """,
    )
    # 0.3 − 0.1 is 0.19999999999999998 in double precision, and pays for 0.2.
    assert 0.3 - 0.1 < 0.2
    assert future["A/second"] == (1, 1, 1, 2, 2)


def test_a_step_down_takes_nothing_away_and_a_step_up_serves_at_once(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 3, steps: {@5: 1, @60: 2}}}
        route: [{stage: task, go_to_market: true, holds: {slot: 1}, duration: {uniform: [0d, 99d]}}]
        clusters: {A: {}, B: {}, C: {}, D: {}, E: {}}
        schedules: {s: {A: @0, B: @0, C: @0, D: @6, E: @7}}
        """,
        forced={f"{c}/task/duration": days for c, days in {"A": 10, "B": 20, "C": 30, "D": 100, "E": 9}.items()},
    )
    # From 5 the capacity is 1 with three inside: free units −2. A returns on 10 (−1), B on 20 (0), C on 30 (1): D.
    # On 60 there are two: E.
    assert [future.finish(f"{c}/task") for c in "ABC"] == [10, 20, 30]
    assert future["D/task"] == (6, 30, 30, 130, 130)
    assert future["E/task"] == (7, 60, 60, 69, 69)
    assert future.peak("slot") == 3


def test_nothing_is_granted_before_a_resource_opens_nor_from_the_day_it_closes(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 2, opens: @10, closes: @30}}
        route: [{stage: work, go_to_market: true, holds: {slot: 1}, duration: 15d}]
        clusters: {A: {}, B: {}, C: {}, D: {}}
        schedules: {s: {A: @2, B: @10, C: @29, D: @30}}
        """,
        horizon=500,
    )
    # A and B hold both from 10 to 25. C has one from 29 and keeps it past the close; D asks on the closing day.
    assert future["A/work"] == (2, 10, 10, 25, 25)
    assert future["B/work"] == (10, 10, 10, 25, 25)
    assert future["C/work"] == (29, 29, 29, 44, 44)
    assert future["D/work"] == (30, N, N, N, N)
    assert future.stranded_by("D/work") == "slot"
    assert future.stranded_by("C/work") is None
    assert future.waited("D/work") == {"slot": 470}


def test_a_last_day_before_the_close_still_grants(engine: str) -> None:
    text = """
        resources: {slot: {capacity: 1, closes: @30}}
        route: [{stage: work, go_to_market: true, holds: {slot: 1}, duration: {uniform: [0d, 99d]}}]
        clusters: {A: {}, B: {}}
        schedules: {s: {A: @0, B: @1}}
        """
    day_before = play(engine, text, {"A/work/duration": 29, "B/work/duration": 50})
    assert day_before["B/work"] == (1, 29, 29, 79, 79)
    closing_day = play(engine, text, {"A/work/duration": 30, "B/work/duration": 50})
    assert closing_day["B/work"][1] == N


def test_both_ends_of_a_closed_span_are_closed(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 4, closed: ["@10 to @12"]}}
        route: [{stage: work, go_to_market: true, holds: {slot: 1}, duration: 5d}]
        clusters: {A: {}, B: {}, C: {}, D: {}}
        schedules: {s: {A: @9, B: @10, C: @12, D: @13}}
        """,
    )
    assert [future[f"{c}/work"][1] for c in "ABCD"] == [9, 13, 13, 13]
    assert future.finish("A/work") == 14


def test_a_span_of_one_day_is_closed_for_that_day(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1, closed: ["@10 to @10"]}}
        boards: {committee: {meets: {dates: [@15, @16]}, closed: ["@15 to @15"]}}
        route: [{stage: work, go_to_market: true, holds: {slot: 1}, duration: 1d, board: {name: committee}}]
        clusters: {A: {}}
        schedules: {s: {A: @10}}
        """,
    )
    assert future["A/work"] == (10, 11, 11, 12, 16)


def test_an_uncertain_capacity_comes_back_after_a_closed_span_until_a_step_sets_it_anew(engine: str) -> None:
    future = play(
        engine,
        """
        resources:
          slot:
            capacity: {discrete: {values: [1, 2], weights: [1, 1]}}
            closed: ["@5 to @7"]
            steps: {@20: 1}
        route: [{stage: work, go_to_market: true, holds: {slot: 1}, duration: 10d}]
        clusters: {A: {}, B: {}, C: {}, D: {}}
        schedules: {s: {A: @6, B: @6, C: @17, D: @17}}
        """,
        forced={"slot/capacity": 2.0},
    )
    # Two slots from 8: A and B to 18. Then C and D to 28, though the capacity is 1 from 20.
    assert [future[f"{c}/work"][1] for c in "ABCD"] == [8, 8, 18, 18]


def test_money_that_never_comes_strands_and_blocks_only_its_budget(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        budgets: {fund: [{arrives: {uniform: [@0, @900]}, amount: 10}], gift: [{arrives: @0, amount: 1}]}
        route: [{stage: work, go_to_market: true, duration: 5d}]
        clusters:
          A: {stages: {work: {spends: {fund: 10}, holds: {slot: 1}}}}
          B: {stages: {work: {holds: {slot: 1}}}}
          C: {stages: {work: {spends: {gift: 1}}}}
        schedules: {s: {A: @4, B: @7, C: @9}}
        """,
        forced={"fund/1/arrives": 200.0},
        horizon=100,
    )
    # A is short of money only, but stands in line for the slot too, so that B waits for the slot until the horizon.
    assert future["A/work"] == (4, N, N, N, N)
    assert future["B/work"] == (7, N, N, N, N)
    assert future["C/work"] == (9, 9, 9, 14, 14)
    assert (future.stranded_by("A/work"), future.stranded_by("B/work")) == ("fund", "slot")
    assert future.waited("A/work") == {"fund": 96}
    assert future.waited("B/work") == {"slot": 93}


def test_a_stage_inside_a_phase_may_ask_for_more_of_the_same_in_one_request(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {desk: {capacity: 3}}
        route:
          - phase: office
            holds: {desk: 1}
            stages: [{stage: move in, holds: {desk: 2}, duration: 10d}, {stage: work, duration: 10d}]
        clusters: {A: {}, B: {}}
        """,
    )
    # A holds 1 + 2 to 10, then 1 to 20. B wants three at once.
    assert future["B/move in"] == (0, 20, 20, 30, 30)
    assert future.peak("desk") == 3
