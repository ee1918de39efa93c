"""Who is compared: every schedule asked for in every world, a world being a scenario file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from simulator.days import date_of
from simulator.errors import StaggerError
from simulator.network import Network, compile_network
from simulator.scenario import Scenario
from simulator.wording import printable


@dataclass(frozen=True)
class Contender:
    """A schedule in a world; its name is the schedule's, preceded by the world's where there are several."""

    name: str
    world: str
    scenario: Scenario
    network: Network

    @property
    def schedule(self) -> str:
        return self.network.schedule


def contenders(scenarios: Sequence[Scenario], schedules: Sequence[str] | None) -> tuple[Contender, ...]:
    """Every schedule of every scenario, or those that are named.

    Raises:
        StaggerError: a scenario has no such schedule, there are fewer than two to compare, or scenarios have
            different starts, horizons or money, so that their days or costs cannot be set side by side.
    """
    _require_alike(scenarios)
    worlds = _world_names(scenarios)
    found = []
    for world, scenario in zip(worlds, scenarios, strict=True):
        for schedule in dict.fromkeys(schedules or scenario.schedules):
            name = schedule if len(scenarios) == 1 else f"{world}: {schedule}"
            found.append(Contender(name, world, scenario, compile_network(scenario, schedule)))
    if len(found) < 2:
        raise StaggerError(
            f"a comparison needs two or more schedules or scenarios (found {len(found)}). "
            "Name another --schedule, or another file."
        )
    return tuple(found)


def _require_alike(scenarios: Sequence[Scenario]) -> None:
    for what, remedy, values in (
        ("start", "Give all of them the earliest one.", {each.start.isoformat() for each in scenarios}),
        ("horizon", "Give all of them the latest one.", {_horizon(each) for each in scenarios}),
        ("money unit", "State all money in one of them.", {each.money.unit for each in scenarios}),
        ("price_base of money", "State all money in the prices of one month.", _price_bases(scenarios)),
    ):
        if len(values) > 1:
            found = ", ".join(printable(value) for value in sorted(values))
            raise StaggerError(f"scenarios that are compared must have the same {what} (found {found}). {remedy}")


def _horizon(scenario: Scenario) -> str:
    return date_of(scenario.horizon, scenario.start).isoformat()


def _price_bases(scenarios: Sequence[Scenario]) -> set[str]:
    """Those that are given."""
    return {each.money.price_base for each in scenarios if each.money.price_base is not None}


def _world_names(scenarios: Sequence[Scenario]) -> list[str]:
    """Titles; where two have the same one, the files' names, and numbers where even those are the same."""
    for names in ([s.scenario for s in scenarios], [PurePath(s.file).stem or s.scenario for s in scenarios]):
        if max(Counter(names).values()) == 1:
            return names
    return [f"{scenario.scenario} ({number})" for number, scenario in enumerate(scenarios, start=1)]
