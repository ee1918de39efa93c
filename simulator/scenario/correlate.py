"""Correlations: the variables that their patterns name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate
from typing import Final

from simulator.distributions import is_constant
from simulator.scenario.assemble import Assembly
from simulator.scenario.faults import near
from simulator.scenario.model import Cluster, LegacySystem, Risk, Scenario, Stage
from simulator.scenario.route import ahead
from simulator.scenario.tree import Node

MOST_FAILURES: Final = 50
"""Failures drawn per legacy system."""
MOST_PATTERNS: Final = 200


def variable_names(scenario: Scenario) -> Iterator[str]:
    """The names of all random inputs that a scenario has (model, section 4)."""
    for name, cluster in scenario.clusters.items():
        yield from _of_cluster(name, cluster)
    for name, risk in scenario.risks.items():
        yield from _of_risk(name, risk, scenario)
    for name, tranches in scenario.budgets.items():
        for number in range(1, len(tranches) + 1):
            yield from (f"{name}/{number}/arrives", f"{name}/{number}/amount")
    yield from (
        f"{name}/capacity" for name, resource in scenario.resources.items() if not is_constant(resource.capacity)
    )
    yield from (name for name, day in scenario.milestones.items() if not is_constant(day))
    for name, system in scenario.legacy.items():
        yield from _of_legacy(name, system)


def _of_cluster(name: str, cluster: Cluster) -> Iterator[str]:
    yield from (f"{name}/{department}/joins" for department in cluster.departments)
    for stage, _ in ahead(cluster):
        path = f"{name}/{stage.stage}"
        waves = [f"{path}/{department}" for department in cluster.departments] if stage.for_each else []
        for activity in waves or [path]:
            yield from _of_activity(activity, stage)
        yield from (
            f"{path}/cost/{part}" for part in ("fixed", "per_month") if not is_constant(getattr(stage.cost, part))
        )


def _of_activity(name: str, stage: Stage) -> Iterator[str]:
    yield f"{name}/duration"
    for hearing in range(1, stage.board.returns + 1 if stage.board else 1):
        yield from (f"{name}/board/{hearing}", f"{name}/rework/{hearing}")


def _of_risk(name: str, risk: Risk, scenario: Scenario) -> Iterator[str]:
    affected = [cluster for cluster in scenario.clusters if risk.clusters == "all" or cluster in risk.clusters]
    stages = {cluster: {stage.stage for stage, _ in ahead(scenario.clusters[cluster])} for cluster in affected}
    if risk.drawn == "once":
        stages = {"": set().union(*stages.values())}
    for cluster, names in stages.items():
        variable = f"{name}/{cluster}" if cluster else name
        yield variable
        yield from (f"{variable}/delay/{stage}" for stage in risk.delays if stage in names)
        yield from (f"{variable}/stretch/{stage}" for stage in risk.stretches if stage in names)


def _of_legacy(name: str, system: LegacySystem) -> Iterator[str]:
    if system.end_of_support is not None and not is_constant(system.end_of_support):
        yield f"{name}/end_of_support"
    rates = system.failures
    if max(rates.supported, rates.extended, rates.unsupported) > 0:
        for number in range(1, MOST_FAILURES + 1):
            failure = f"{name}/failure/{number}"
            yield from (failure, f"{failure}/cost", f"{failure}/disrupts")


def check_correlations(work: Assembly, scenario: Scenario) -> None:
    """Refuse correlations that name no variable, or only one."""
    listed = work.tree.get("correlations")
    if listed is None or not isinstance(listed.value, tuple):
        return
    patterns = sum(len(list(entry.get("of") or ())) for entry in listed)
    if patterns > MOST_PATTERNS:
        work.refuse(listed, f"correlations must not have more than {MOST_PATTERNS} patterns", patterns)
        return
    names = list(variable_names(scenario))
    for entry in listed:
        _check_entry(work, entry, names)


def _check_entry(work: Assembly, entry: Node, names: list[str]) -> None:
    patterns = entry.get("of")
    matched: set[str] = set()
    for pattern in patterns or ():
        if not isinstance(pattern.value, str):
            continue
        hits = list(filter(re.compile(translate(pattern.value)).match, names))
        matched.update(hits)
        if not hits:
            plain = pattern.value.replace("*", "")
            remedy = near(
                pattern.value if len(plain) == len(pattern.value) else "*" + plain, _shapes(names, pattern.value)
            )
            work.refuse(pattern, "must match the name of a variable", None, remedy if remedy.startswith("Did") else "")
    if patterns is not None and len(matched) == 1:
        work.refuse(patterns, "a correlation needs at least two variables", next(iter(matched)))


def _shapes(names: list[str], pattern: str) -> list[str]:
    """What might have been meant: names, or with a leading *, names without their first part."""
    if not pattern.startswith("*/"):
        return names
    return list(dict.fromkeys("*/" + name.partition("/")[2] for name in names if "/" in name))
