"""Every random input of a scenario, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

from simulator.distributions import Constant, Distribution, Exponential, is_constant
from simulator.scenario import route
from simulator.scenario.model import Cluster, FailureRates, LegacySystem, Risk, Scenario, Stage

MOST_FAILURES: Final = 50
"""Failures drawn per legacy system."""
SHALLOW: Final = 2
"""Hearings, reworks and failures numbered above this are deep: few replications reach them."""
UNIT_EXPONENTIAL: Final = Exponential(1.0)


@dataclass(frozen=True)
class Variable:
    """One random input; ``distribution`` is None for a uniform number that decides something."""

    name: str
    distribution: Distribution | None = None
    deep: bool = False

    @cached_property
    def constant(self) -> bool:
        """Whether it is the same in every replication."""
        return self.distribution is not None and is_constant(self.distribution)


def variables(scenario: Scenario) -> dict[str, Variable]:
    """Every random input of a scenario by name, clusters first, in file order."""
    found = chain(
        chain.from_iterable(_of_cluster(name, cluster) for name, cluster in scenario.clusters.items()),
        chain.from_iterable(_of_risk(name, risk, scenario) for name, risk in scenario.risks.items()),
        _of_supply(scenario),
        chain.from_iterable(_of_legacy(name, system) for name, system in scenario.legacy.items()),
    )
    return {variable.name: variable for variable in found}


def _of_cluster(name: str, cluster: Cluster) -> Iterator[Variable]:
    for department in cluster.departments:
        yield Variable(f"{name}/{department}/joins")
    for stage, _ in route.ahead(cluster):
        path = f"{name}/{stage.stage}"
        waves = list(cluster.departments) if stage.for_each else []
        for activity in [f"{path}/{wave}" for wave in waves] or [path]:
            yield from _of_activity(activity, stage)
        yield from _uncertain(f"{path}/cost/fixed", stage.cost.fixed)
        yield from _uncertain(f"{path}/cost/per_month", stage.cost.per_month)


def _of_activity(name: str, stage: Stage) -> Iterator[Variable]:
    yield Variable(f"{name}/duration", stage.duration)
    if stage.board is None:
        return
    for hearing in range(1, stage.board.returns + 1):
        yield Variable(f"{name}/board/{hearing}", deep=hearing > SHALLOW)
        yield Variable(f"{name}/rework/{hearing}", stage.board.rework, deep=hearing > SHALLOW)


def _of_risk(name: str, risk: Risk, scenario: Scenario) -> Iterator[Variable]:
    affected = [c for c in scenario.clusters if risk.clusters == "all" or c in risk.clusters]
    if risk.drawn == "once":
        ahead = {stage for cluster in affected for stage in _stage_names(scenario.clusters[cluster])}
        yield from _of_occurrence(name, risk, ahead)
        return
    for cluster in affected:
        yield from _of_occurrence(f"{name}/{cluster}", risk, _stage_names(scenario.clusters[cluster]))


def _of_occurrence(name: str, risk: Risk, ahead: set[str]) -> Iterator[Variable]:
    yield Variable(name)
    for what, effects in (("delay", risk.delays), ("stretch", risk.stretches)):
        for stage, distribution in effects.items():
            if stage in ahead:
                yield Variable(f"{name}/{what}/{stage}", distribution)


def _stage_names(cluster: Cluster) -> set[str]:
    return {stage.stage for stage, _ in route.ahead(cluster)}


def _of_supply(scenario: Scenario) -> Iterator[Variable]:
    for name, tranches in scenario.budgets.items():
        for number, tranche in enumerate(tranches, start=1):
            yield Variable(f"{name}/{number}/arrives", tranche.arrives)
            yield Variable(f"{name}/{number}/amount", tranche.amount)
    for name, resource in scenario.resources.items():
        yield from _uncertain(f"{name}/capacity", resource.capacity)
    for name, day in scenario.milestones.items():
        yield from _uncertain(name, day)


def _of_legacy(name: str, system: LegacySystem) -> Iterator[Variable]:
    if system.end_of_support is not None:
        yield from _uncertain(f"{name}/end_of_support", system.end_of_support)
    if _fails(system.failures):
        yield from _of_failures(name, system.failure.cost, system.failure.disrupts)


@lru_cache(maxsize=1000)
def _of_failures(name: str, cost: Distribution, disrupts: Distribution) -> tuple[Variable, ...]:
    """Most variables of a scenario are these, and the scenarios of a night share their systems."""
    found: list[Variable] = []
    for number in range(1, MOST_FAILURES + 1):
        failure, deep = f"{name}/failure/{number}", number > SHALLOW
        found.append(Variable(failure, UNIT_EXPONENTIAL, deep))
        found.append(Variable(f"{failure}/cost", cost, deep))
        found.append(Variable(f"{failure}/disrupts", disrupts, deep))
    return tuple(found)


def _fails(rates: FailureRates) -> bool:
    return max(rates.supported, rates.extended, rates.unsupported) > 0


def _uncertain(name: str, distribution: Distribution) -> Iterator[Variable]:
    if not isinstance(distribution, Constant):
        yield Variable(name, distribution)
