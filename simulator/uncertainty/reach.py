"""How far a mean can be from a value that it had in every future that was seen: by construction, not from futures.

What was seen in none of N futures may happen in up to 3/N of them; how much that matters to a mean depends on how large
it can be. A day is within the horizon. Money is no more than all that a scenario can pay or save, a failure's cost
taken as often as failures are drawn; an amount without limit is taken at its 99.9 % quantile. What cannot happen, and
everything where nothing is uncertain, is certain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from simulator.days import DAYS_PER_MONTH, DAYS_PER_YEAR
from simulator.distributions import Distribution
from simulator.scenario import Scenario, route
from simulator.scenario.model import Cluster, LegacySystem
from simulator.scenario.variables import MOST_FAILURES
from simulator.uncertainty.inputs import inputs_of

DAYS: Final = (
    "finish",
    "go_to_market",
    "award",
    "go_live",
    "first_live",
    "retired",
    "days_late",
    "days",
    "time",
    "waited_days",
)
"""What is within the horizon."""
LARGE: Final = 0.999
"""The quantile at which an amount is taken that has no limit."""


@dataclass(frozen=True)
class Reach:
    """That of a scenario's outcomes: called with a measure and whose it is, empty for the programme's."""

    scenario: Scenario

    def __call__(self, measure: str, whose: str = "") -> float:
        """In the measure's unit; 0 where it is the same by construction, infinite where nothing is known of it."""
        if self.certain:
            return 0.0
        if measure == "go_to_market" and _goes_as_scheduled(self.scenario.clusters.get(whose)):
            return 0.0
        if measure in DAYS:
            return float(self.scenario.horizon + 1)
        rules = self._rules
        return rules[measure](whose) if measure in rules else math.inf

    @cached_property
    def certain(self) -> bool:
        """Whether nothing that matters is uncertain."""
        return not inputs_of(self.scenario)

    @property
    def _rules(self) -> Mapping[str, Callable[[str], float]]:
        return {
            "unsupported_days": lambda whose: self._days(s.end_of_support is not None for s in self._systems(whose)),
            "days_past_contract": lambda whose: self._days(s.contract_end is not None for s in self._systems(whose)),
            "failures": lambda whose: float(sum(_most_failures(system) for system in self._systems(whose))),
            "running_cost": lambda whose: self._years * sum(s.running_cost for s in self._systems(whose)),
            "extension_cost": lambda whose: self._years * sum(_extension(s) for s in self._systems(whose)),
            "failure_cost": lambda whose: sum(_failure_cost(system) for system in self._systems(whose)),
            "cost": lambda whose: self._cost,
            "savings": lambda whose: self._savings,
            "npv": lambda whose: self._cost + self._savings,
        }

    def _systems(self, whose: str) -> list[LegacySystem]:
        """A legacy system by name; all of them where it is somebody else's."""
        legacy = self.scenario.legacy
        return [legacy[whose]] if whose in legacy else list(legacy.values())

    def _days(self, may: Iterable[bool]) -> float:
        return float(sum(may) * (self.scenario.horizon + 1))

    @property
    def _years(self) -> float:
        return (self.scenario.horizon + 1) / DAYS_PER_YEAR

    @cached_property
    def _cost(self) -> float:
        """All that can be paid and is not certain to be."""
        months = self._years * DAYS_PER_YEAR / DAYS_PER_MONTH
        stages = [stage.cost for cluster in self.scenario.clusters.values() for stage, _ in route.ahead(cluster)]
        of_stages = sum(_largest(cost.fixed) + months * _largest(cost.per_month) for cost in stages)
        kinds = ("running_cost", "extension_cost", "failure_cost")
        again = sum(self._bought_again(cluster) for cluster in self.scenario.clusters.values())
        return of_stages + again + sum(self._rules[kind]("") for kind in kinds)

    def _bought_again(self, cluster: Cluster) -> float:
        contract = cluster.contract
        if contract is None or contract.reprocurement is None:
            return 0.0
        return contract.reprocurement.cost * (1 + self.scenario.horizon // max(contract.term, 1))

    @cached_property
    def _savings(self) -> float:
        clusters = self.scenario.clusters.values()
        rates = [cluster.savings.full_rate for cluster in clusters if cluster.savings]
        rates += [d.savings.full_rate for cluster in clusters for d in cluster.departments.values() if d.savings]
        return self._years * sum(abs(rate) for rate in rates)


def _most_failures(system: LegacySystem) -> int:
    rates = system.failures
    return MOST_FAILURES if max(rates.supported, rates.extended, rates.unsupported) > 0 else 0


def _failure_cost(system: LegacySystem) -> float:
    return _most_failures(system) * _largest(system.failure.cost)


def _extension(system: LegacySystem) -> float:
    return system.extension.cost if system.extension else 0.0


def _largest(amount: Distribution) -> float:
    """The largest size of an amount, or nearly where it has no limit."""
    ends = amount.support
    if not all(map(math.isfinite, ends)):
        ends = tuple(amount.ppf(np.array([1 - LARGE, LARGE])).tolist())
    return max(abs(end) for end in ends)


def _goes_as_scheduled(cluster: Cluster | None) -> bool:
    """Whether nothing can keep a cluster from going to market on its date: its first stage waits for nothing else."""
    if cluster is None:
        return False
    stage, phase = route.ahead(cluster)[0]
    waits = (stage.holds, stage.spends, stage.window, phase and phase.holds, cluster.after.get(stage.stage))
    return stage.go_to_market and not any(waits) and not cluster.departments
