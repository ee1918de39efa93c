"""Cycles: stages that wait for one another in a ring, so that none can ever begin."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

from simulator.scenario.assemble import Assembly
from simulator.scenario.model import Scenario
from simulator.scenario.route import ahead

MOST_CYCLES: Final = 10
"""Cycles that are named in one go."""

Place: TypeAlias = tuple[str, str]
"""A stage as (cluster, stage)."""
Wait: TypeAlias = tuple[Place, int]
"""An entry of an `after`: the stage that waits and the entry's place in its list."""


def check_cycles(work: Assembly, scenario: Scenario) -> None:
    """Refuse cycles made of the order of routes and of `after`.

    Looking at stages instead of waves is exact: every wave of a stage waits for what the stage waits for.
    """
    before, crossing = _waits(scenario)
    for _ in range(MOST_CYCLES):
        cycle = _cycle(before)
        if cycle is None:
            return
        late, early = next((pair for pair in zip(cycle[1:], cycle, strict=False) if pair in crossing), (None, None))
        if late is None or early is None:
            return
        _report(work, scenario, cycle, crossing[late, early])
        before[late].discard(early)


def _cycle(before: dict[Place, set[Place]]) -> list[Place] | None:
    """Stages each of which is waited for by the next; the first is also the last."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


def _waits(scenario: Scenario) -> tuple[dict[Place, set[Place]], dict[tuple[Place, Place], Wait]]:
    """What each stage ahead waits for, and which of these waits an `after` asks for."""
    before: dict[Place, set[Place]] = {}
    for name, cluster in scenario.clusters.items():
        names = [stage.stage for stage, _ in ahead(cluster)]
        for position, stage in enumerate(names):
            before[name, stage] = {(name, names[position - 1])} if position else set()
    marks = {
        (name, stage.marks): (name, stage.stage)
        for name, cluster in scenario.clusters.items()
        for stage, _ in ahead(cluster)
        if stage.marks
    }
    crossing: dict[tuple[Place, Place], Wait] = {}
    for late, position, reference in _references(scenario):
        early = marks.get(reference, reference)
        if late in before and early in before and early not in before[late] and early != late:
            before[late].add(early)
            crossing[late, early] = (late, position)
    return before, crossing


def _references(scenario: Scenario) -> Iterator[tuple[Place, int, Place]]:
    """Each `after` entry: the stage that waits, the entry's place, and what it names as (cluster, stage or mark)."""
    for name, cluster in scenario.clusters.items():
        for stage, references in cluster.after.items():
            for position, reference in enumerate(references):
                awaited, _, rest = reference.partition("/")
                yield (name, stage), position, (awaited, rest.partition("/")[0])


def _report(work: Assembly, scenario: Scenario, cycle: list[Place], wait: Wait) -> None:
    (cluster, stage), position = wait
    node = work.tree.get("clusters", cluster, "after", stage, position)
    assert node is not None
    turned = cycle[:-1]
    turned = turned[turned.index((cluster, stage)) :] + turned[: turned.index((cluster, stage))]
    ring = " before ".join("/".join(place) for place in (*turned, turned[0]))
    work.refuse(node, "stages must not wait for one another in a ring", ring, "Remove one of these waits")
