"""stagger: when should each buyer go to market?

    >>> import simulator as sg
    >>> scenario = sg.load("scenarios/two-clusters.yaml")
    >>> result = sg.run(scenario, replications=1000)

Names are imported when they are first used, so that ``stagger --help`` answers at once.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_HOMES = {
    "NEVER": "simulator.days",
    "ScenarioError": "simulator.errors",
    "StaggerError": "simulator.errors",
    "Scenario": "simulator.scenario",
    "change": "simulator.scenario",
    "load": "simulator.scenario",
    "parse": "simulator.scenario",
    "register": "simulator.scenario",
    "schema": "simulator.scenario",
    "compile": "simulator.network:compile_network",
    "draw": "simulator.draws",
    "simulate": "simulator.engines",
    "run": "simulator.run",
    "reopen": "simulator.reopen",
    "compare": "simulator.studies.compare",
    "latest": "simulator.studies.latest",
    "sweep": "simulator.studies.sweep",
    "drivers": "simulator.studies.drivers",
    "batch": "simulator.batch",
    "report": "simulator.report",
    "diff": "simulator.diff",
}

__all__ = [*_HOMES, "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    value = getattr(import_module(module), attribute or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """This package, in which importing the module ``simulator.run`` does not hide the function of that name."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _HOMES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
