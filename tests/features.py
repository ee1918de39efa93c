"""What a compiled scenario really has in it, to count which features occur together."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import Any

from simulator.days import NEVER
from simulator.scenario import Scenario
from simulator.timeline import Timeline


def features(data: Mapping[str, Any], scenario: Scenario, timeline: Timeline) -> frozenset[str]:
    """What a network really has, whatever was switched on to make it, and whether its futures come to a standstill."""
    network = timeline.network
    stages = [stage for cluster in scenario.clusters.values() for stage in _stages(cluster.route)]
    boards = set(network.board.tolist()) - {-1}
    resources = scenario.resources.values()
    found = {
        "holds": len(network.asks) > 0,
        "several units": any(amount > 1 for amount in network.asks.amount),
        "uncertain capacity": any(isinstance(units, str) for units in network.capacity),
        "steps": any(resource.steps for resource in resources),
        "opens": any((resource.opens or 0) > 0 for resource in resources),
        "closes": any(resource.closes is not None for resource in resources),
        "closed": any(resource.closed for resource in resources) or any(b.closed for b in scenario.boards.values()),
        "budgets": len(network.spends) > 0,
        "uncertain money": any(isinstance(amount, str) for amount in network.tranche_amounts),
        "boards": bool(boards),
        "seats": any(network.seats[board] >= 0 for board in boards),
        "returns": any(b >= 0 and p < 1 for b, p in zip(network.board, network.board_pass, strict=True)),
        "rework": any(s.board and s.board.pass_ < 1 and s.board.rework.support[1] > 0 for s in stages),
        "windows": bool((network.window >= 0).any()),
        "milestones": len(network.milestone_days) > 0,
        "after": any(cluster.after for cluster in scenario.clusters.values()),
        "phases": len(network.phase_size) > 0,
        "openings": bool(((network.stage < 0) & (network.cluster >= 0)).any()),
        "waves": any(stage.for_each for stage in stages),
        "together": any(stage.for_each and stage.waves == "together" for stage in stages),
        "joins": any(network.joins),
        "priority": len({cluster.priority for cluster in scenario.clusters.values()}) > 1,
        "begins_at": any(cluster.begins_at for cluster in scenario.clusters.values()),
        "routes": len({tuple(s.stage for s in _stages(c.route)) for c in scenario.clusters.values()}) > 1,
        "learning": len(network.learning.items) > 0,
        "congestion": bool((network.congestion_resource >= 0).any()),
        "stretch": bool((network.stretch != 1).any()),
        "delays": any(effect.delay != 0 for effects in network.effects for effect in effects),
        "stretches": any(effect.factor != 1 for effects in network.effects for effect in effects),
        "once": any(risk.drawn == "once" for risk in scenario.risks.values()),
        "failures": any(terms.fails for terms in network.legacy),
        "extension": any(terms.extended_until is not None for terms in network.legacy),
        "go_to_market": any(network.market),
        "uncertain work": any(stage.duration.support[0] < stage.duration.support[1] for stage in stages),
        "short": network.horizon == 20,
        "correlations": bool(scenario.correlations),
        "rules": any({"all", "first"} & schedule.keys() for schedule in data.get("schedules", {}).values()),
        "deadlocks": any(_in_a_ring(timeline, n) for n in range(timeline.finished.shape[1])),
    }
    return frozenset(name for name, present in found.items() if present)


def _stages(route: Any) -> list[Any]:
    return [stage for item in route for stage in getattr(item, "stages", [item])]


def _in_a_ring(timeline: Timeline, n: int) -> bool:
    """Whether some who are unfinished at the horizon wait for each other, each for the next."""
    unfinished = [a for a, day in enumerate(timeline.finished[:, n].tolist()) if day == NEVER]
    try:
        TopologicalSorter({a: _awaited(timeline, n, a, unfinished) for a in unfinished}).prepare()
    except CycleError:
        return True
    return False


def _awaited(timeline: Timeline, n: int, a: int, unfinished: list[int]) -> set[int]:
    """Unfinished activities that another waits for: those before it, or those inside that have what it stands for."""
    network, slot = timeline.network, int(timeline.waiting_for[a, n])
    if slot < 0:
        return set(network.predecessors[a].tolist()) & set(unfinished)
    if slot >= len(network.asks):
        return set()
    resource = int(network.asks.what[slot])
    inside = {int(network.phase[b]) for b, day in enumerate(timeline.granted[:, n].tolist()) if day != NEVER} - {-1}
    holding = {phase for phase in inside if resource in dict(network.phase_returns.of(phase))}
    return {b for b in unfinished if network.phase[b] in holding}


def pairs(present: frozenset[str]) -> set[frozenset[str]]:
    """Every two features that occur together."""
    return {frozenset(pair) for pair in combinations(sorted(present), 2)}
