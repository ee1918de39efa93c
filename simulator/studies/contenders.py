"""Who is compared: every schedule asked for in every world, a world being a scenario file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from simulator.days import date_of
from simulator.errors import StaggerError
from simulator.given import several
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
            different starts, horizons or money, so that their days or costs cannot be set side by side, or only some
            have a deadline, so that being on time is two things.
    """
    if isinstance(schedules, str):
        raise StaggerError(f"schedules must be a list of names (found the text {schedules}). Write [{schedules!r}].")
    names = [] if schedules is None else several(schedules, str)
    if not all(isinstance(each, str) for each in names):
        raise StaggerError(f"schedules must be a list of names (found {schedules}).")
    require_alike(scenarios)
    worlds = _world_names(scenarios)
    found = []
    for world, scenario in zip(worlds, scenarios, strict=True):
        for schedule in dict.fromkeys(names or scenario.schedules):
            name = schedule if len(scenarios) == 1 else f"{world}: {schedule}"
            found.append(Contender(name, world, scenario, _network(scenario, schedule, len(scenarios) > 1)))
    if len(found) < 2:
        raise StaggerError(
            f"a comparison needs two or more schedules or scenarios (found {len(found)}). "
            "Name another --schedule, or another file."
        )
    return tuple(found)


def _network(scenario: Scenario, schedule: str, among_others: bool) -> Network:
    """The network of a schedule; where a scenario is one of several, it is said which of them has none of that name."""
    try:
        return compile_network(scenario, schedule)
    except StaggerError as error:
        raise StaggerError(f"{scenario.file or scenario.scenario}: {error}") if among_others else error from None


REMEDIES: Final[Mapping[str, str]] = {
    "start": "Give all of them the earliest one.",
    "horizon": "Give all of them the latest one.",
    "money unit": "State all money in one of them.",
    "price_base of money": "State all money in the prices of one month.",
    "deadline, or none": "Give all of them one, or none: without one, being on time is being live by the horizon.",
}
"""What scenarios must have in common, and what to do where they do not."""


def require_alike(
    scenarios: Sequence[Scenario], who: str = "scenarios that are compared", remedies: Mapping[str, str] = REMEDIES
) -> None:
    """That days, money and being on time mean the same in several scenarios.

    Raises:
        StaggerError: one of the things that ``remedies`` has is not the same in all of them.
    """
    found = {
        "start": {each.start.isoformat() for each in scenarios},
        "horizon": {_horizon(each) for each in scenarios},
        "money unit": {each.money.unit for each in scenarios},
        "price_base of money": _price_bases(scenarios),
        "seed": {str(each.seed) for each in scenarios},
        "deadline, or none": _deadlines(scenarios),
    }
    for what, remedy in remedies.items():
        if len(found[what]) > 1:
            listed = ", ".join(printable(value) for value in sorted(found[what]))
            raise StaggerError(f"{who} must have the same {what} (found {listed}). {remedy}")


def _deadlines(scenarios: Sequence[Scenario]) -> set[str]:
    """Those that are given and that there is none, where there are both; different deadlines may be compared."""
    days = [each.deadline for each in scenarios]
    if None not in days:
        return set()
    return {"none" if each.deadline is None else date_of(each.deadline, each.start).isoformat() for each in scenarios}


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
