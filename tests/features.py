"""What a compiled scenario really has in it, to count which features occur together."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from simulator.network import Network
from simulator.scenario import Scenario


def features(scenario: Scenario, network: Network) -> frozenset[str]:
    """What a network really has, whatever was switched on to make it."""
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
    }
    return frozenset(name for name, present in found.items() if present)


def _stages(route: Any) -> list[Any]:
    return [stage for item in route for stage in getattr(item, "stages", [item])]


def pairs(present: frozenset[str]) -> set[frozenset[str]]:
    """Every two features that occur together."""
    return {frozenset(pair) for pair in combinations(sorted(present), 2)}
