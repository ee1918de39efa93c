"""From a scenario and one of its schedules to a network."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from simulator.distributions import Constant, Distribution
from simulator.errors import StaggerError
from simulator.given import LOADED, require
from simulator.network.calendars import capacity_steps, meeting_days, window_days
from simulator.network.plan import Plan, Planned, plan_clusters
from simulator.network.values import (
    Chance,
    Claims,
    Effect,
    LegacyTerms,
    Live,
    Network,
    Quantity,
    Ragged,
    integers,
    reals,
)
from simulator.scenario.model import LegacySystem, Risk, Scenario


def compile_network(scenario: Scenario, schedule: str | None = None) -> Network:
    """The network of a scenario under one of its schedules (the first where none is named).

    Raises:
        StaggerError: the scenario has no schedule of that name.
    """
    require(scenario, Scenario, "a network needs a scenario", LOADED)
    name = _schedule_name(scenario, schedule)
    plan = plan_clusters(scenario)
    network = Network(
        schedule=name,
        start=scenario.start,
        horizon=scenario.horizon,
        **_names(scenario, plan),
        **_order(plan),
        **_work(scenario, plan),
        **_claims(scenario, plan),
        **_gates(scenario, plan),
        **_supply(scenario),
        **_legacy(scenario, plan),
        **_clusters(scenario, plan),
    )
    return under(network, scenario, name)


def under(network: Network, scenario: Scenario, schedule: str) -> Network:
    """The network of the same scenario under another of its schedules.

    Raises:
        StaggerError: the scenario has no schedule of that name.
    """
    name = _schedule_name(scenario, schedule)
    days = scenario.schedules[name]
    return replace(network, schedule=name).rescheduled([days.get(cluster) for cluster in network.clusters])


def _schedule_name(scenario: Scenario, schedule: str | None) -> str:
    if schedule is None:
        return next(iter(scenario.schedules))
    if isinstance(schedule, str) and schedule in scenario.schedules:
        return schedule
    near = difflib.get_close_matches(str(schedule), scenario.schedules, n=1)
    known = ", ".join(scenario.schedules)
    hint = f"Did you mean {near[0]}?" if near else f"The schedules are: {known}."
    raise StaggerError(f"a schedule must be one of the scenario's (found {schedule}). {hint}")


def quantity(variable: str, value: Distribution) -> Quantity:
    """The number itself where it is certain, else the name of its variable."""
    return value.value if isinstance(value, Constant) else variable


def _names(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    return {
        "activities": tuple(activity.name for activity in plan.activities),
        "clusters": tuple(scenario.clusters),
        "stages": plan.stages,
        "resources": tuple(scenario.resources),
        "budgets": tuple(scenario.budgets),
        "boards": tuple(scenario.boards),
        "windows": tuple(scenario.windows),
    }


def _order(plan: Plan) -> dict[str, Any]:
    stages = {name: i for i, name in enumerate(plan.stages)}
    successors: list[list[int]] = [[] for _ in plan.activities]
    for index, activity in enumerate(plan.activities):
        for before in activity.predecessors:
            successors[before].append(index)
    return {
        "cluster": integers(activity.cluster for activity in plan.activities),
        "stage": integers(stages[activity.stage] if activity.definition else -1 for activity in plan.activities),
        "priority": integers(activity.priority for activity in plan.activities),
        "release": integers(0 for _ in plan.activities),
        "dated": integers(activity.dated for activity in plan.activities),
        "predecessors": Ragged.of(activity.predecessors for activity in plan.activities),
        "successors": Ragged.of(successors),
        "joins": tuple(activity.joins for activity in plan.activities),
    }


def _work(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    resources = list(scenario.resources)
    crowded = [activity.definition.congestion if activity.definition else None for activity in plan.activities]
    return {
        "milestone_days": tuple(quantity(name, day) for name, day in scenario.milestones.items()),
        "length": tuple(_length(activity) for activity in plan.activities),
        "planned": integers(_planned(plan.activities)),
        "stretch": reals(activity.definition.stretch if activity.definition else 1.0 for activity in plan.activities),
        "effects": tuple(tuple(_effects(scenario.risks, activity)) for activity in plan.activities),
        "learning": Ragged.of_reals(_learning(plan)),
        "congestion_resource": integers(resources.index(c.resource) if c else -1 for c in crowded),
        "congestion_beyond": integers(c.beyond if c else 0 for c in crowded),
        "congestion_each": reals(c.each if c else 0.0 for c in crowded),
    }


def _length(activity: Planned) -> Quantity:
    return f"{activity.name}/duration" if activity.definition else 0.0


def _planned(activities: Iterable[Planned]) -> Iterable[int]:
    """Days at the median; clusters share the stages of a route, so that each is asked once."""
    known: dict[int, int] = {}
    for activity in activities:
        if activity.definition is None:
            yield 0
            continue
        duration = activity.definition.duration
        if id(duration) not in known:
            known[id(duration)] = round(float(duration.ppf(np.array(0.5))))
        yield known[id(duration)]


def _effects(risks: Mapping[str, Risk], activity: Planned) -> Iterable[Effect]:
    if activity.definition is None:
        return
    stage = activity.definition.stage
    for name, risk in risks.items():
        affects = risk.clusters == "all" or activity.cluster_name in risk.clusters
        if affects and (stage in risk.delays or stage in risk.stretches):
            variable = name if risk.drawn == "once" else f"{name}/{activity.cluster_name}"
            yield Effect(
                Chance(variable, probability(risk)),
                f"{variable}/stretch/{stage}" if stage in risk.stretches else 1.0,
                f"{variable}/delay/{stage}" if stage in risk.delays else 0.0,
            )


def probability(risk: Risk) -> float:
    """The chance that a risk occurs, its mitigation in force or not."""
    return risk.mitigation.probability if risk.mitigated and risk.mitigation else risk.probability


def _learning(plan: Plan) -> Iterable[list[float]]:
    """One table per activity: powers are taken here, once, so that no engine rounds them otherwise."""
    staged = [activity for activity in plan.activities if activity.definition]
    everyone = Counter(activity.stage for activity in staged)
    own = Counter((activity.cluster, activity.stage) for activity in staged)
    for activity in plan.activities:
        rule = activity.definition.learning if activity.definition else None
        others = everyone[activity.stage] - own[activity.cluster, activity.stage]
        yield [max(rule.floor, (1.0 - rule.per_completion) ** k) for k in range(others + 1)] if rule else []


def _claims(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    resource = {name: i for i, name in enumerate(scenario.resources)}
    budget = {name: i for i, name in enumerate(scenario.budgets)}
    sizes = Counter(activity.phase for activity in plan.activities)

    def units(holds: Mapping[str, int]) -> dict[int, int]:
        return {resource[name]: amount for name, amount in holds.items() if amount > 0}

    return {
        "asks": Claims.of_units(units(activity.asks) for activity in plan.activities),
        "spends": Claims.of_money(
            {budget[name]: money for name, money in activity.spends.items() if money > 0}
            for activity in plan.activities
        ),
        "returns": Claims.of_units(units(activity.holds) for activity in plan.activities),
        "phase": integers(activity.phase for activity in plan.activities),
        "phase_size": integers(sizes[phase] for phase in range(len(plan.phases))),
        "phase_returns": Claims.of_units(units(holds) for holds in plan.phases),
    }


def _gates(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    boards = list(scenario.boards)
    windows = list(scenario.windows)
    heard = [activity.definition.board if activity.definition else None for activity in plan.activities]
    waits = [activity.definition.window if activity.definition else None for activity in plan.activities]
    return {
        "board": integers(boards.index(board.name) if board else -1 for board in heard),
        "board_pass": reals(board.pass_ if board else 1.0 for board in heard),
        "board_returns": integers(board.returns if board else 0 for board in heard),
        "meetings": Ragged.of(meeting_days(board, scenario) for board in scenario.boards.values()),
        "seats": integers(-1 if board.seats is None else board.seats for board in scenario.boards.values()),
        "window": integers(windows.index(window) if window else -1 for window in waits),
        "window_days": Ragged.of(window_days(window, scenario) for window in scenario.windows.values()),
    }


def _supply(scenario: Scenario) -> dict[str, Any]:
    steps = [capacity_steps(resource, scenario.horizon) for resource in scenario.resources.values()]
    tranches = [
        (budget, f"{name}/{number}", tranche)
        for budget, (name, listed) in enumerate(scenario.budgets.items())
        for number, tranche in enumerate(listed, start=1)
    ]
    return {
        "capacity": tuple(quantity(f"{name}/capacity", r.capacity) for name, r in scenario.resources.items()),
        "capacity_days": Ragged.of([day for day, _ in changes] for changes in steps),
        "capacity_values": Ragged.of([value for _, value in changes] for changes in steps),
        "tranche_budget": integers(budget for budget, _, _ in tranches),
        "tranche_days": tuple(quantity(f"{name}/arrives", tranche.arrives) for _, name, tranche in tranches),
        "tranche_amounts": tuple(quantity(f"{name}/amount", tranche.amount) for _, name, tranche in tranches),
    }


def _legacy(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    terms = [_terms(name, system, plan) for name, system in scenario.legacy.items()]
    of_cluster: dict[str, list[int]] = defaultdict(list)
    for index, activity in enumerate(plan.activities):
        of_cluster[activity.cluster_name].append(index)
    return {
        "legacy": tuple(terms),
        "disrupts": Ragged.of(
            sorted(index for cluster in _users(system) for index in of_cluster[cluster])
            for system in scenario.legacy.values()
        ),
    }


def _users(system: LegacySystem) -> list[str]:
    return list(dict.fromkeys(user.split("/")[0] for user in system.used_by))


def _terms(name: str, system: LegacySystem, plan: Plan) -> LegacyTerms:
    ends = system.end_of_support
    return LegacyTerms(
        name=name,
        end_of_support=None if ends is None else quantity(f"{name}/end_of_support", ends),
        contract_end=None if system.contract_end is None else max(system.contract_end, 0),
        extended_until=None if system.extension is None else max(system.extension.until, 0),
        supported=system.failures.supported,
        extended=system.failures.extended,
        unsupported=system.failures.unsupported,
        growth=system.failures.growth,
        users=tuple(_unique(live for user in system.used_by for live in plan.users(user))),
    )


def _unique(users: Iterable[Live]) -> Sequence[Live]:
    return list(dict.fromkeys(users))


def _clusters(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    market: list[list[int]] = [[] for _ in scenario.clusters]
    for index, activity in enumerate(plan.activities):
        if activity.definition and activity.definition.go_to_market:
            market[activity.cluster].append(index)
    return {
        "scheduled": (None,) * len(scenario.clusters),
        "market": tuple(tuple(activities) for activities in market),
        "live": tuple(plan.go_live(name) for name in scenario.clusters),
        "marks": plan.marks,
    }
