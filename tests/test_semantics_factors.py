"""Learning and congestion, by hand (rules 6, 13 and 14)."""

from __future__ import annotations

from futures import play


def test_learning_counts_what_other_clusters_have_completed(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        route: [{stage: work, holds: {slot: 1}, duration: 100d, learning: {per_completion: 10%}}]
        clusters: {A: {}, B: {}, C: {}}
        """,
    )
    # A 100; B 100 · 0.9 = 90; C 100 · 0.81 = 81.
    assert [future.finish(f"{c}/work") for c in "ABC"] == [100, 190, 271]


def test_learning_has_a_floor(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 1}}
        route: [{stage: work, holds: {slot: 1}, duration: 100d, learning: {per_completion: 30%, floor: 60%}}]
        clusters: {A: {}, B: {}, C: {}, D: {}}
        """,
    )
    # 100, 70, then max(0.6, 0.49) and max(0.6, 0.343).
    assert [future.finish(f"{c}/work") for c in "ABCD"] == [100, 170, 230, 290]


def test_a_cluster_does_not_learn_from_its_own_waves(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: roll, for_each: department, duration: 10d, learning: {per_completion: 50%}}]
        clusters:
          A: {departments: {X: {}, Y: {}}}
          B: {departments: {X: {}, Y: {joins: 50%}, Z: {}}, after: {roll: [A/roll]}}
        """,
        forced={"B/Y/joins": 0.9},
    )
    # A: both at 10 days. B begins after two completions of A: 10 · 0.25 = 2.5, half to even 2; Y is skipped.
    assert [future.finish(f"A/roll/{d}") for d in "XY"] == [10, 20]
    assert [future.finish(f"B/roll/{d}") for d in "XYZ"] == [22, 22, 24]


def test_a_skipped_wave_is_no_completion(engine: str) -> None:
    future = play(
        engine,
        """
        route: [{stage: roll, for_each: department, duration: 10d, learning: {per_completion: 50%}}]
        clusters:
          A: {departments: {X: {joins: 50%}, Y: {}}}
          B: {departments: {X: {}}, after: {roll: [A/roll]}}
        """,
        forced={"A/X/joins": 0.9},
    )
    # One of A's waves was worked on: 10 · 0.5.
    assert future["B/roll/X"] == (10, 10, 10, 15, 15)


def test_learning_is_read_when_work_begins_not_when_it_is_granted(engine: str) -> None:
    future = play(
        engine,
        """
        windows: {cutover: {dates: [@30]}}
        route: [{stage: work, duration: 20d, learning: {per_completion: 50%}}]
        clusters: {A: {}, B: {stages: {work: {window: cutover}}}}
        """,
    )
    # B is granted on 0, before A has finished, and begins on 30, after it.
    assert future["B/work"] == (0, 0, 30, 40, 40)


def test_stages_of_one_name_on_two_routes_are_one_stage_to_learn_from(engine: str) -> None:
    future = play(
        engine,
        """
        milestones: {ready: @50}
        routes:
          long: [{stage: plan, duration: 10d}, {stage: work, duration: 20d}]
          short: [{stage: work, duration: 20d, learning: {per_completion: 25%}}]
        clusters: {A: {}, B: {route: short, after: {work: [ready]}}}
        """,
    )
    assert future["B/work"] == (50, 50, 50, 65, 65)


def test_congestion_counts_units_of_everyone_inside(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 9}, desk: {capacity: 1}}
        route: [{stage: work, go_to_market: true, duration: 20d}]
        clusters:
          A: {stages: {work: {holds: {slot: 3}}}}
          B: {stages: {work: {holds: {slot: 2}, congestion: {resource: slot, beyond: 2, each: 10%}}}}
          C: {stages: {work: {congestion: {resource: slot, beyond: 2, each: 10%}}}}
          D: {stages: {work: {congestion: {resource: slot, beyond: 9, each: 10%}}}}
        schedules: {s: {A: @0, B: @10, C: @15, D: @15}}
        """,
    )
    # B begins with 3 + 2 inside, its own included: 20 · (1 + 0.1 · 3) = 26. C holds nothing, but five are inside: 26.
    # D: five are not beyond nine.
    assert future["B/work"] == (10, 10, 10, 36, 36)
    assert future["C/work"] == (15, 15, 15, 41, 41)
    assert future["D/work"] == (15, 15, 15, 35, 35)


def test_congestion_is_read_when_work_begins(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 9}}
        windows: {cutover: {dates: [@30]}}
        route: [{stage: work, duration: 20d, holds: {slot: 1}}]
        clusters:
          A: {}
          B: {stages: {work: {window: cutover, congestion: {resource: slot, beyond: 0, each: 50%}}}}
        """,
    )
    # Granted on 0 with two inside, begun on 30 with one: 20 · 1.5.
    assert future["B/work"] == (0, 0, 30, 60, 60)


def test_a_phase_counts_as_inside_from_its_grant(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 4}}
        route:
          - phase: competition
            holds: {slot: 2}
            stages:
              - {stage: tender, duration: 10d, congestion: {resource: slot, beyond: 1, each: 10%}}
              - {stage: award, duration: 10d, congestion: {resource: slot, beyond: 1, each: 10%}}
        clusters: {A: {}, B: {priority: 2}}
        """,
    )
    # A begins with its own two inside: 10 · 1.1 = 11. B with four: 10 · 1.3 = 13.
    # A/award begins on 11 with four inside: 13 days, to 24. B/award on 13 with four: to 26.
    assert future["A/award"] == (11, 11, 11, 24, 24)
    assert future["B/award"] == (13, 13, 13, 26, 26)


def test_all_factors_together(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 9}}
        milestones: {ready: @99}
        route:
          - stage: work
            duration: 10d
            holds: {slot: 1}
            learning: {per_completion: 10%}
            congestion: {resource: slot, beyond: 0, each: 20%}
        clusters:
          A: {}
          B: {stages: {work: {stretch: 1.25}}, after: {work: [ready]}}
        risks: {trouble: {probability: 100%, clusters: [B], stretches: {work: 1.3}, delays: {work: 2.9d}}}
        """,
    )
    # 10 · (1.25 · 1.3 · 0.9 · 1.2) + 2.9 = 17.55 + 2.9 = 20.45, rounded once: 20 (18 + 3 would be 21).
    assert future["B/work"] == (99, 99, 99, 119, 119)


def test_what_the_factors_were_read_from_is_recorded(engine: str) -> None:
    future = play(
        engine,
        """
        resources: {slot: {capacity: 9}}
        route:
          - {stage: study, duration: 5d}
          - stage: work
            duration: 10d
            holds: {slot: 2}
            learning: {per_completion: 10%}
            congestion: {resource: slot, beyond: 1, each: 20%}
          - {stage: roll, duration: 10d, learning: {per_completion: 10%}}
        clusters: {A: {}, B: {}, C: {after: {work: [A/work]}}}
        """,
        horizon=20,
    )
    network, timeline = future.network, future.timeline
    assert [network.activities[a] for a in network.paced] == [f"{c}/{s}" for c in "ABC" for s in ("work", "roll")]
    # A begins with its own two inside, 10 · 1.2, to 17; B with four, 10 · 1.6, to 21, after the horizon. C begins on 17
    # with B's two and its own, after one completion.
    facts = zip(timeline.completions[:, 0].tolist(), timeline.crowd[:, 0].tolist(), strict=True)
    assert list(facts) == [(0, 2), (0, -1), (0, 4), (-1, -1), (1, 4), (-1, -1)]
