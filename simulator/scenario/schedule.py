"""Schedules: dates and rules written by a planner, to a go-to-market day for each cluster that needs one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from simulator.days import day_of, month_after
from simulator.errors import Fault
from simulator.scenario.faults import near
from simulator.scenario.model import Scenario
from simulator.scenario.quantities import Frame, Refused, Step, read_date, read_step
from simulator.scenario.route import needs_date
from simulator.scenario.tree import Node

AS_IS = "as is"
"""The one schedule of a scenario in which nobody needs a date."""
RULE_WORDS = ("all", "first", "every", "order")
"""Keys of a schedule that are no clusters."""


def spaced(first: date, every: Step, place: int) -> date:
    """The date of the cluster that comes ``place`` steps after the first."""
    if every.unit == "months":
        return month_after(first, every.count * place)
    return first + timedelta(days=every.count * place)


def by_end_of_support(scenario: Scenario) -> list[str]:
    """Clusters that need a date, by the earliest (median) end of support of what they use; then in file order."""
    ends = dict.fromkeys(scenario.clusters, math.inf)
    for system in scenario.legacy.values():
        if system.end_of_support is not None:
            day = float(system.end_of_support.ppf(np.array(0.5)))
            for name in {user.partition("/")[0] for user in system.used_by} & ends.keys():
                ends[name] = min(ends[name], day)
    return sorted(waiting(scenario), key=ends.__getitem__)


def waiting(scenario: Scenario) -> list[str]:
    """Clusters that need a date, in file order."""
    return [name for name, cluster in scenario.clusters.items() if needs_date(cluster)]


def read_schedules(
    scenario: Scenario, node: Node | None, file: str, add: Callable[[list[Fault]], None]
) -> dict[str, dict[str, int]]:
    """Each schedule's days by cluster; what is wrong with the schedules is given to ``add``, one by one."""
    return _Schedules(scenario, file, add).read(node)


class _Schedules:
    """Reads schedules one by one, adding faults."""

    def __init__(self, scenario: Scenario, file: str, add: Callable[[list[Fault]], None]) -> None:
        self.scenario = scenario
        self.file = file
        self.frame = Frame(scenario.start)
        self.waiting = dict.fromkeys(waiting(scenario))
        self.add = add

    def read(self, node: Node | None) -> dict[str, dict[str, int]]:
        if node is None or not node.value:
            return self._none(node)
        if not node.is_mapping:
            self._refuse(node, "must be a mapping of names to schedules")
            return {}
        return {name: self._schedule(schedule) for name, schedule in node.items()}

    def _none(self, node: Node | None) -> dict[str, dict[str, int]]:
        if not self.waiting:
            return {AS_IS: {}}
        rule = "a scenario whose clusters go to market needs a schedule"
        remedy = "Write schedules: {all at once: {all: 2025-04-01}}"
        found = f"{next(iter(self.waiting))} needs a date"
        if node is not None:
            self.add([node.fault(rule, found, remedy, self.file)])
        else:
            self.add([Node({}, 1, 1).key_fault("schedules", rule, found, remedy, self.file)])
        return {AS_IS: {}}

    def _refuse(self, node: Node, rule: str, found: object = None, remedy: str = "") -> None:
        self.add([node.fault(rule, found, remedy, self.file)])

    def _schedule(self, node: Node) -> dict[str, int]:
        if not node.is_mapping:
            self._refuse(node, "must be a mapping of clusters to dates, or a rule", None, "Write {all: 2025-04-01}")
            return {}
        if "all" in node.value:
            return self._all(node)
        if any(word in node.value for word in RULE_WORDS):
            return self._rule(node)
        return self._dates(node)

    def _all(self, node: Node) -> dict[str, int]:
        self._only(node, ("all",))
        when = self._date(node.value["all"])
        return {} if when is None else dict.fromkeys(self.waiting, self._day(node.value["all"], when))

    def _only(self, node: Node, known: Sequence[str]) -> None:
        for key in node.value:
            if key not in known:
                rule = f"a schedule with {known[0]} has no such key"
                self.add([node.key_fault(key, rule, key, near(key, known), self.file)])

    def _rule(self, node: Node) -> dict[str, int]:
        self._only(node, ("first", "every", "order"))
        missing = [key for key in ("first", "every", "order") if key not in node.value]
        for key in missing:
            self.add([node.key_fault(key, "must be given", "", "", self.file)])
        first = self._date(node.value["first"]) if "first" in node.value else None
        every = self._step(node.value["every"]) if "every" in node.value else None
        order = self._order(node.value["order"]) if "order" in node.value else []
        if first is None or every is None:
            return {}
        return self._spaced(node, first, every, order)

    def _spaced(self, node: Node, first: date, every: Step, order: Sequence[str]) -> dict[str, int]:
        days: dict[str, int] = {}
        for place, name in enumerate(order):
            try:
                days[name] = self._day(node, spaced(first, every, place), name)
            except (ValueError, OverflowError):
                self._refuse(node.value["every"], "every date of a schedule must lie on the calendar")
                break
        return {name: days[name] for name in self.waiting if name in days}

    def _order(self, node: Node) -> list[str]:
        if node.value == "end_of_support":
            return by_end_of_support(self.scenario)
        if not isinstance(node.value, tuple):
            self._refuse(
                node, "must be a list of clusters or end_of_support", None, near(str(node.value), ["end_of_support"])
            )
            return []
        order: dict[str, None] = {}
        for item in node:
            if item.text in order:
                self._refuse(item, "a cluster must not be listed twice")
            elif self._is_waiting(item, item.text, ()):
                order[item.text] = None
        listed = {item.text for item in node}
        missing = [name for name in self.waiting if name not in listed]
        if missing:
            self._refuse(node, "must list every cluster that needs a date", f"{', '.join(missing)} left out")
        return [*order]

    def _is_waiting(self, node: Node, name: str, key: tuple[str, ...]) -> bool:
        if name in self.waiting:
            return True
        if name in self.scenario.clusters:
            rule, remedy = "a schedule dates only clusters with a go_to_market stage ahead", "Leave it out"
        else:
            rule, remedy = "must be a cluster", near(name, [*self.waiting, *(RULE_WORDS if key else ())])
        if key:
            self.add([node.key_fault(key[0], rule, name, remedy, self.file)])
        else:
            self._refuse(node, rule, name, remedy)
        return False

    def _dates(self, node: Node) -> dict[str, int]:
        days: dict[str, int] = {}
        for name, written in node.items():
            if self._is_waiting(node, name, (name,)) and (when := self._date(written)) is not None:
                days[name] = self._day(written, when)
        missing = [name for name in self.waiting if name not in node.value]
        if missing:
            self._refuse(
                node, "a schedule must date every cluster that goes to market", f"{', '.join(missing)} left out"
            )
        return {name: days[name] for name in self.waiting if name in days}

    def _date(self, node: Node) -> date | None:
        try:
            return read_date(node.plain(), self.frame)
        except Refused as refused:
            self._blemishes(node, refused)
            return None

    def _step(self, node: Node) -> Step | None:
        try:
            return read_step(node.plain(), self.frame, least=0)
        except Refused as refused:
            self._blemishes(node, refused)
            return None

    def _blemishes(self, node: Node, refused: Refused) -> None:
        for blemish in refused.blemishes:
            self._refuse(node, blemish.rule, blemish.found, blemish.remedy)

    def _day(self, node: Node, when: date, name: str = "") -> int:
        day = day_of(when, self.scenario.start)
        if day > self.scenario.horizon > 0:
            found = f"{name}: {when}" if name else str(when)
            self._refuse(node, "a schedule's dates must not lie after the horizon", found)
        return max(day, 0)
