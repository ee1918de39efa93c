"""Deadlocks: clusters inside phases that hold what the others ask for, so that none can go on.

Units are held while others are asked for in one way only: a phase holds its `holds` while a later stage inside it asks
for its own. (A phase's first stage asks for both together, unless it has waves: then the phase is entered first.) So a
cluster is in at most one such place at a time, and whoever is not stuck finishes and returns what it has.

Two things make a request wait. *Exhaustion*: the units are held by clusters that are themselves stuck. *The line*:
nobody overtakes within a resource, so that a request for r waits behind an earlier one that asks for r and q together
and cannot have q, or behind one that asks for more of r than is left. Waits lead from resource to resource: from r to q
where someone holds r and asks for q, or asks for both.

A ring of such waits with at least one holder in it is a deadlock where enough different clusters can fill it: for each
resource that is held, so many that what is left, of the largest capacity that ever comes, is less than the next in the
ring asks for (Coffman, Elphick and Shoshani, Computing Surveys 3, 1971; by Hall's theorem enough clusters are there if
for every subset of the ring's waits together there are).

Refused is only what can truly happen on some dates. Not detected: rings of more than `LONGEST_RING` resources; rings
filled by clusters that hold or ask unequal amounts; a capacity that is enough at its largest but not later; and waiting
for another cluster (`after`) inside a phase. Those end, if they happen, as stranded activities in the results.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from typing import Final

from simulator.scenario.assemble import Assembly
from simulator.scenario.model import Cluster, Phase, Scenario, Stage
from simulator.scenario.route import ahead
from simulator.scenario.supply import possible_capacities

LONGEST_RING: Final = 4
MOST_LINES: Final = 200
"""Ways of standing in line that are looked at for one ring."""
MOST_STEPS: Final = 20_000
"""Steps taken in the search for rings; resources that ask for one another in more ways are beyond what is checked."""


@dataclass(frozen=True)
class Wait:
    """Waiting for ``asked`` units of ``wanted`` with ``held`` of ``holding``, or (held 0) asking for both together.

    Where both are the same and nothing is held, it is standing in line for that many.
    """

    holding: str
    wanted: str
    held: int
    asked: int

    @property
    def in_line(self) -> bool:
        return self.held == 0


@dataclass
class Waiters:
    """Who can be in one wait, with their priorities, and where it was written: (cluster, stage, phase)."""

    clusters: dict[str, int] = field(default_factory=dict)
    example: tuple[str, Stage, Phase | None] | None = None


def check_deadlocks(work: Assembly, scenario: Scenario) -> None:
    """Refuse resources that can deadlock, each set of them once."""
    waits = _waits(scenario)
    reported: set[frozenset[str]] = set()
    for ring in _rings(waits):
        names = frozenset(wait.holding for wait in ring)
        if names in reported or _is_impossible(ring, scenario):
            continue
        for lined in _with_lines(ring, waits):
            if _can_fill(lined, waits, scenario):
                reported.add(names)
                _report(work, lined, waits)
                break


def _waits(scenario: Scenario) -> dict[Wait, Waiters]:
    waits: dict[Wait, Waiters] = defaultdict(Waiters)
    for name, cluster in scenario.clusters.items():
        for wait, stage, phase in _cluster_waits(cluster):
            waits[wait].clusters[name] = cluster.priority
            waits[wait].example = waits[wait].example or (name, stage, phase)
    return waits


def _cluster_waits(cluster: Cluster) -> Iterator[tuple[Wait, Stage, Phase | None]]:
    entered: Phase | None = None
    for stage, phase in ahead(cluster):
        held = _units(phase.holds) if phase else {}
        first = phase is not None and phase is not entered
        entered = phase
        own = _units(stage.holds)
        if first and not (stage.for_each and cluster.departments):
            own = {name: held.get(name, 0) + own.get(name, 0) for name in (*held, *own)}
        elif phase is not None:
            if first:
                yield from ((wait, stage, phase) for wait in _together(held))
            for (r, units), (q, more) in product(held.items(), own.items()):
                yield Wait(r, q, units, more), stage, phase
        yield from ((wait, stage, phase) for wait in _together(own))


def _units(holds: Mapping[str, int]) -> dict[str, int]:
    return {name: units for name, units in holds.items() if units > 0}


def _together(asks: Mapping[str, int]) -> Iterator[Wait]:
    for r, units in asks.items():
        yield Wait(r, r, 0, units)
    for r, q in combinations(asks, 2):
        yield Wait(r, q, 0, asks[q])
        yield Wait(q, r, 0, asks[r])


def _rings(waits: Mapping[Wait, Waiters]) -> Iterator[tuple[Wait, ...]]:
    """Rings of waits through different resources, beginning at the first of them by name."""
    onward: dict[str, list[Wait]] = defaultdict(list)
    for wait in waits:
        if not (wait.in_line and wait.holding == wait.wanted):
            onward[wait.holding].append(wait)
    looked = 0
    for start in sorted(onward):
        open_paths: list[tuple[Wait, ...]] = [(wait,) for wait in onward[start]]
        while open_paths and looked < MOST_STEPS:
            path = open_paths.pop()
            looked += 1
            reached = path[-1].wanted
            if reached == start:
                yield path
            elif len(path) < LONGEST_RING and reached > start and reached not in {w.holding for w in path}:
                open_paths += [(*path, wait) for wait in onward[reached]]


def _with_lines(ring: Sequence[Wait], waits: Mapping[Wait, Waiters]) -> Iterator[tuple[Wait, ...]]:
    """The ring itself, then with others in line who ask for more of what is held and so wait sooner."""
    choices: list[list[tuple[Wait, ...]]] = []
    for i, wait in enumerate(ring):
        longer = () if wait.in_line else (w for w in waits if w.wanted == wait.holding == w.holding and w.in_line)
        choices.append([(wait,), *((line, wait) for line in longer if line.asked > ring[i - 1].asked)])
    for chosen in islice(product(*choices), MOST_LINES):
        yield tuple(wait for links in chosen for wait in links)


def _can_fill(ring: Sequence[Wait], waits: Mapping[Wait, Waiters], scenario: Scenario) -> bool:
    """Whether there are clusters enough, all different, to make everyone in the ring wait for the next."""
    if all(wait.in_line for wait in ring):
        return False
    able = [set(waits[wait].clusters) for wait in ring]
    needed: list[float] = []
    for i, wait in enumerate(ring):
        before = ring[i - 1]
        if wait.in_line:
            late, early = _behind(waits[before].clusters, waits[wait].clusters)
            able[i - 1] &= late
            able[i] &= early
            needed.append(1)
        else:
            capacities = possible_capacities(scenario.resources.get(wait.holding), scenario.horizon)
            needed.append(min((_holders(wait, before, capacity) for capacity in capacities), default=math.inf))
    return all(
        sum(needed[i] for i in some) <= len(set().union(*(able[i] for i in some)))
        for size in range(1, len(ring) + 1)
        for some in combinations(range(len(ring)), size)
    )


def _is_impossible(ring: Sequence[Wait], scenario: Scenario) -> bool:
    """Whether one cluster alone wants more than ever comes, which is refused by itself."""
    wait = ring[0]
    if len(ring) > 1 or wait.in_line:
        return False
    capacities = possible_capacities(scenario.resources.get(wait.holding), scenario.horizon)
    return wait.held + wait.asked > max(capacities, default=0)


def _behind(late: Mapping[str, int], early: Mapping[str, int]) -> tuple[set[str], set[str]]:
    """Who of ``late`` can stand in line behind the most urgent of ``early``, and those."""
    urgent = min(early.values())
    able = {name for name, priority in late.items() if priority >= urgent}
    return able, {name for name, priority in early.items() if priority == urgent}


def _holders(wait: Wait, before: Wait, capacity: int) -> float:
    """The fewest holders who leave less of a resource than is asked for; infinite where there is no such number."""
    holders = max(0, (capacity - before.asked) // wait.held + 1)
    return holders if 0 < holders * wait.held <= capacity else math.inf


def _report(work: Assembly, ring: Sequence[Wait], waits: Mapping[Wait, Waiters]) -> None:
    said: list[str] = []
    for wait in ring:
        example = waits[wait].example
        assert example is not None
        cluster, stage, phase = example
        where = f"{cluster}/{stage.stage}"
        if wait.in_line and wait.holding == wait.wanted:
            said.append(f"{where} stands in line for {wait.asked} of {wait.wanted}")
        elif wait.in_line or phase is None:
            said.append(f"{where} asks for {wait.holding} and {wait.wanted} together")
        else:
            said.append(f"{where} asks for {wait.wanted} while {phase.phase} holds {wait.holding}")
    holder = next(waits[wait].example for wait in ring if not wait.in_line)
    assert holder is not None
    node = work.stage_nodes(holder[0])[holder[1].stage].get("holds")
    if node is not None:
        remedy = "Let the phase hold both from its start, or give one of them more units"
        work.refuse(node, "resources must not be able to deadlock", _joined(said), remedy)


def _joined(said: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(said))
