"""What lies on a cluster's route."""

from __future__ import annotations

from simulator.scenario.model import Cluster, Phase, Stage


def stages(cluster: Cluster) -> list[tuple[Stage, Phase | None]]:
    """All stages in order, each with the phase that holds it."""
    pairs: list[tuple[Stage, Phase | None]] = []
    for item in cluster.route:
        if isinstance(item, Phase):
            pairs += [(stage, item) for stage in item.stages]
        else:
            pairs.append((item, None))
    return pairs


def ahead(cluster: Cluster) -> list[tuple[Stage, Phase | None]]:
    """The stages that are not done at the start, each with its phase."""
    pairs = stages(cluster)
    names = [stage.stage for stage, _ in pairs]
    return pairs[names.index(cluster.begins_at) :] if cluster.begins_at in names else pairs


def needs_date(cluster: Cluster) -> bool:
    """Whether a schedule must say when the cluster goes to market."""
    return any(stage.go_to_market for stage, _ in ahead(cluster))
