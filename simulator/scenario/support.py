"""Whose legacy systems may run without support: a system without an end of support never does."""

from __future__ import annotations

from simulator.scenario.model import Scenario


def ending(scenario: Scenario) -> list[str]:
    """Legacy systems whose support ends, in file order."""
    return [name for name, system in scenario.legacy.items() if system.end_of_support is not None]


def extendable(scenario: Scenario) -> list[str]:
    """Legacy systems for which an extension can be bought: one is offered, and something ends that calls for it."""
    return [
        name
        for name, system in scenario.legacy.items()
        if system.extension is not None and (system.end_of_support is not None or system.contract_end is not None)
    ]


def users_of_ending(scenario: Scenario) -> frozenset[str]:
    """Clusters that use a legacy system whose support ends."""
    return frozenset(user.partition("/")[0] for name in ending(scenario) for user in scenario.legacy[name].used_by)


def users_of_contracts(scenario: Scenario) -> frozenset[str]:
    """Clusters that use a legacy system whose contract ends."""
    systems = (system for system in scenario.legacy.values() if system.contract_end is not None)
    return frozenset(user.partition("/")[0] for system in systems for user in system.used_by)
