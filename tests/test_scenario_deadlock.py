"""Resources that can deadlock: refused where enough clusters can fill a ring, and only there."""

from __future__ import annotations

import pytest

from simulator.errors import ScenarioError
from simulator.scenario import parse

HEAD = "scenario: s\nstart: 2025-01-01\nhorizon: 2030-01-01\n"


def world(resources: str, first: str, second: str, clusters: str, more: str = "") -> str:
    return f"{HEAD}resources: {resources}\nroutes:\n  one:\n{first}\n  two:\n{second}\nclusters: {clusters}\n{more}"


def phase(held: str, asked: str) -> str:
    return (
        f"    - phase: p\n      holds: {held}\n      stages:\n        - {{stage: a, duration: 1d}}\n"
        f"        - {{stage: b, duration: 1d, holds: {asked}}}"
    )


def deadlocks(text: str) -> bool:
    """Whether a scenario is refused for a deadlock, and for nothing else."""
    try:
        parse(text)
    except ScenarioError as error:
        rules = {fault.rule for fault in error.faults}
    else:
        rules = set()
    assert rules <= {"resources must not be able to deadlock"}
    return bool(rules)


BOTH = "{A: {route: one}, B: {route: two}}"


@pytest.mark.parametrize(
    ("r", "q", "expected"),
    [
        (1, 1, True),  # A holds the one r and asks for q, B holds the one q and asks for r
        (2, 1, False),  # with a second r B is served and finishes
        (1, 2, False),
    ],
)
def test_two_phases_that_hold_what_the_other_asks_for(r: int, q: int, expected: bool) -> None:
    resources = f"{{r: {{capacity: {r}}}, q: {{capacity: {q}}}}}"
    assert deadlocks(world(resources, phase("{r: 1}", "{q: 1}"), phase("{q: 1}", "{r: 1}"), BOTH)) is expected


def test_more_units_need_more_clusters() -> None:
    # two r and two q: two clusters must hold each, four in all
    resources = "{r: {capacity: 2}, q: {capacity: 2}}"
    routes = phase("{r: 1}", "{q: 1}"), phase("{q: 1}", "{r: 1}")
    three = "{A: {route: one}, B: {route: two}, C: {route: one}}"
    four = "{A: {route: one}, B: {route: two}, C: {route: one}, D: {route: two}}"
    lopsided = "{A: {route: one}, B: {route: two}, C: {route: one}, D: {route: one}}"
    assert [deadlocks(world(resources, *routes, clusters)) for clusters in (three, four, lopsided)] == [
        False,
        True,
        False,
    ]


def test_the_same_order_of_asking_is_safe() -> None:
    resources = "{r: {capacity: 1}, q: {capacity: 1}}"
    assert not deadlocks(world(resources, phase("{r: 1}", "{q: 1}"), phase("{r: 1}", "{q: 1}"), BOTH))


def test_asking_for_both_at_once_is_safe() -> None:
    together = "    - {stage: a, duration: 1d, holds: {r: 1, q: 1}}"
    assert not deadlocks(world("{r: {capacity: 1}, q: {capacity: 1}}", together, together, BOTH))


@pytest.mark.parametrize(
    ("capacity", "clusters", "expected"),
    [
        (2, 1, False),  # one cluster holds one and takes the other
        (2, 2, True),  # both hold one, none is left
        (3, 2, False),
        (3, 3, True),
        (4, 3, False),
    ],
)
def test_a_phase_that_asks_for_more_of_what_it_holds(capacity: int, clusters: int, expected: bool) -> None:
    names = "{" + ", ".join(f"c{i}: {{priority: {i}}}" for i in range(clusters)) + "}"
    text = world(f"{{r: {{capacity: {capacity}}}}}", phase("{r: 1}", "{r: 1}"), phase("{r: 1}", "{r: 1}"), names)
    assert deadlocks(text) is expected


@pytest.mark.parametrize(
    ("capacity", "clusters", "expected"),
    [
        (3, "{A: {}}", False),
        (3, "{A: {}, B: {}}", True),  # A holds two; B stands in line for two before A's ask for the third
        (3, "{A: {}, B: {priority: 2}}", True),  # or A before B's, where B was in first
        (4, "{A: {}, B: {}}", True),  # both hold two
        (5, "{A: {}, B: {}}", False),  # one is left for whoever asks
    ],
)
def test_units_that_do_not_fill_the_resource_leave_room_only_to_who_is_first_in_line(
    capacity: int, clusters: str, expected: bool
) -> None:
    route = phase("{r: 2}", "{r: 1}")
    assert deadlocks(world(f"{{r: {{capacity: {capacity}}}}}", route, route, clusters)) is expected


def test_an_uncertain_capacity_counts_at_its_worst() -> None:
    routes = phase("{r: 1}", "{q: 1}"), phase("{q: 1}", "{r: 1}")
    uncertain = "{r: {capacity: {discrete: {values: [1, 2], weights: [1, 9]}}}, q: {capacity: 1}}"
    assert deadlocks(world(uncertain, *routes, BOTH))
    rising = "{r: {capacity: 1, steps: {2026-01-01: 2}}, q: {capacity: 1}}"
    assert not deadlocks(world(rising, *routes, BOTH))


def test_nobody_overtakes_so_a_line_can_close_the_ring() -> None:
    # B waits in line for r and q together, q is A's; A then asks for r, of which one is free, behind B
    resources = "{r: {capacity: 1}, q: {capacity: 1}}"
    together = "    - {stage: a, duration: 1d, holds: {r: 1, q: 1}}"
    assert deadlocks(world(resources, phase("{q: 1}", "{r: 1}"), together, BOTH))
    # but not where B stands behind A in line
    patient = "{A: {route: one}, B: {route: two, priority: 2}}"
    assert not deadlocks(world(resources, phase("{q: 1}", "{r: 1}"), together, patient))


def test_a_line_for_more_than_is_left_closes_the_ring_on_one_resource() -> None:
    # A enters with three of three, returns two after its first stage and asks for one again: two are free, but B stands
    # in line before it for three
    greedy = (
        "    - phase: p\n      holds: {r: 1}\n      stages:\n        - {stage: a, duration: 1d, holds: {r: 2}}\n"
        "        - {stage: b, duration: 1d, holds: {r: 1}}"
    )
    assert deadlocks(world("{r: {capacity: 3}}", greedy, greedy, "{A: {}, B: {}}"))
    assert not deadlocks(world("{r: {capacity: 4}}", greedy, greedy, "{A: {}, B: {}}"))
    assert not deadlocks(world("{r: {capacity: 3}}", greedy, greedy, "{A: {}}"))


def test_a_ring_of_three() -> None:
    resources = "{r: {capacity: 1}, q: {capacity: 1}, s: {capacity: 1}}"
    three = "{A: {route: one}, B: {route: two}, C: {route: three}}"
    third = f"  three:\n{phase('{s: 1}', '{r: 1}')}\nclusters: {three}\n"
    text = world(resources, phase("{r: 1}", "{q: 1}"), phase("{q: 1}", "{s: 1}"), "X").replace("clusters: X\n", third)
    assert deadlocks(text)


def test_a_phase_that_was_passed_before_the_start_holds_nothing() -> None:
    resources = "{r: {capacity: 1}, q: {capacity: 1}}"
    ahead = "{A: {route: one, begins_at: b}, B: {route: two}}"
    # A's first activity left asks for r and q together, before B in line or not at all while B holds q
    assert deadlocks(world(resources, phase("{r: 1}", "{q: 1}"), phase("{q: 1}", "{r: 1}"), ahead))
    done = phase("{r: 1}", "{q: 1}") + "\n    - {stage: c, duration: 1d}"
    past = "{A: {route: one, begins_at: c}, B: {route: two}}"
    assert not deadlocks(world(resources, done, phase("{q: 1}", "{r: 1}"), past))
