"""What there is to hold and to spend against what is asked for: the impossible, and what may be left stranded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from simulator.days import date_of, day_of, every_days, every_months, in_month
from simulator.distributions import Constant, Discrete, Distribution, Empirical
from simulator.errors import Fault
from simulator.scenario.assemble import Assembly
from simulator.scenario.model import Board, Cluster, Phase, Resource, Scenario, Stage, Window
from simulator.scenario.route import ahead
from simulator.scenario.tree import Node


def possible_capacities(resource: Resource | None, horizon: int) -> list[int]:
    """For each possible value of an uncertain capacity, the largest capacity that comes by the horizon."""
    if resource is None:
        return []
    opens = max(resource.opens or 0, 0)
    closes = horizon + 1 if resource.closes is None else min(resource.closes, horizon + 1)
    if resource.closes is not None and resource.opens is not None and resource.closes <= resource.opens:
        closes = horizon + 1  # that is refused by itself
    if opens >= closes:
        return [0]
    before = [day for day in resource.steps if day <= opens]
    later = [units for day, units in resource.steps.items() if opens < day < closes]
    if before:
        return [max([resource.steps[max(before)], *later])]
    return sorted({max([int(value), *later]) for value in _values(resource.capacity)})


def _values(capacity: Distribution) -> Iterable[float]:
    match capacity:
        case Constant(value=value):
            return (value,)
        case Discrete(values=values) | Empirical(values=values):
            return values
    return capacity.support


def check_supply(work: Assembly, scenario: Scenario) -> None:
    """Refuse demands above the largest capacity, or above all the money, that ever comes."""
    capacity = {name: max(possible_capacities(r, scenario.horizon)) for name, r in scenario.resources.items()}
    money = {name: sum(t.amount.support[1] for t in tranches) for name, tranches in scenario.budgets.items()}
    for cluster_name, cluster in scenario.clusters.items():
        nodes = work.stage_nodes(cluster_name)
        for stage, phase in ahead(cluster):
            if (node := nodes.get(stage.stage)) is not None:
                _check_units(work, node, stage, phase, capacity)
                _check_money(work, node, stage, money)
    _check_phases(work, scenario, capacity)


def _check_units(work: Assembly, node: Node, stage: Stage, phase: Phase | None, capacity: Mapping[str, int]) -> None:
    holds = node.get("holds")
    for name, own in stage.holds.items():
        units = own + (phase.holds.get(name, 0) if phase else 0)
        if own > 0 and holds is not None and units > capacity.get(name, units):
            within = f", {own} more than its phase" if units > own else ""
            _too_much(work, holds, name, f"{units} of {name}{within}, at most {capacity[name]} ever come")


def _too_much(work: Assembly, holds: Node, name: str, found: str) -> None:
    rule = "an activity must not hold more than the largest capacity that ever comes"
    place = holds.get(name) or holds
    work.refuse(place, rule, found, "Ask for less or raise the capacity")


def _check_phases(work: Assembly, scenario: Scenario, capacity: Mapping[str, int]) -> None:
    entered = {id(phase) for cluster in scenario.clusters.values() for _, phase in ahead(cluster) if phase}
    for node, item in work.known.values():
        if isinstance(item, Phase) and id(item) in entered and (holds := node.get("holds")) is not None:
            for name, units in item.holds.items():
                if units > capacity.get(name, units):
                    _too_much(work, holds, name, f"{units} of {name}, at most {capacity[name]} ever come")


def _check_money(work: Assembly, node: Node, stage: Stage, money: Mapping[str, float]) -> None:
    for name, amount in stage.spends.items():
        place = node.get("spends", name)
        if place is not None and amount > money.get(name, amount):
            rule = "an activity must not spend more than all the money that can ever come"
            found = f"{amount:g} of {name}, at most {money[name]:g} comes"
            work.refuse(place, rule, found, "Spend less or add a tranche")


def stranded_demands(scenario: Scenario) -> tuple[Fault, ...]:
    """What may never be met under some schedule, as warnings in the places where it was written.

    A resource that closes before a cluster that needs it may go to market, a budget that is not expected to cover
    everyone, a board or a window without a date left. None of them is an error: the results say who is stranded.
    """
    tree = scenario.written.tree if scenario.written else Node({})
    return tuple(_stranded(tree, scenario, scenario.file))


def _stranded(tree: Node, scenario: Scenario, file: str) -> Iterator[Fault]:
    yield from _closed_before(tree, scenario, file)
    yield from _short_of_money(tree, scenario, file)
    yield from _nothing_left(tree, scenario, file)


def _closed_before(tree: Node, scenario: Scenario, file: str) -> Iterator[Fault]:
    for schedule, days in scenario.schedules.items():
        for name, resource in scenario.resources.items():
            late = [
                cluster
                for cluster, day in days.items()
                if _after_close(scenario.clusters[cluster], name, resource, day)
            ]
            if late:
                yield _warning(
                    tree, file, ("resources", name, "closes"),
                    "closes before every cluster that holds it may go to market",
                    f"{', '.join(late)} under {schedule}", "Open it for longer or bring the dates forward",
                )  # fmt: skip


def _after_close(cluster: Cluster, name: str, resource: Resource, day: int) -> bool:
    """Whether a cluster may go to market only when a resource that it then holds is closed."""
    return resource.closes is not None and resource.closes <= day and name in _held_after_market(cluster)


def _held_after_market(cluster: Cluster) -> set[str]:
    """What a cluster asks for at or after its last stage that waits for the schedule's date."""
    pairs = ahead(cluster)
    market = max((i for i, (stage, _) in enumerate(pairs) if stage.go_to_market), default=None)
    if market is None:
        return set()
    entered = pairs[market - 1][1] if market else None
    phases = [phase for _, phase in pairs[market:] if phase is not None and phase is not entered]
    holds = [*(stage.holds for stage, _ in pairs[market:]), *(phase.holds for phase in phases)]
    return {name for held in holds for name, units in held.items() if units > 0}


def _short_of_money(tree: Node, scenario: Scenario, file: str) -> Iterator[Fault]:
    wanted: dict[str, float] = defaultdict(float)
    for cluster in scenario.clusters.values():
        for stage, _ in ahead(cluster):
            waves = len(cluster.departments) if stage.for_each and cluster.departments else 1
            for budget, amount in stage.spends.items():
                wanted[budget] += waves * amount
    for name, tranches in scenario.budgets.items():
        comes = sum(tranche.amount.mean for tranche in tranches if tranche.arrives.support[0] <= scenario.horizon)
        if wanted[name] > comes:
            found = f"{wanted[name]:g} is wanted, {comes:g} is expected"
            yield _warning(tree, file, ("budgets", name), "is not expected to cover everyone", found, "")


def _nothing_left(tree: Node, scenario: Scenario, file: str) -> Iterator[Fault]:
    """Boards that never meet again, and windows that never open again, once some cluster goes to market."""
    last: dict[tuple[str, str], int | None] = {}
    last |= {("boards", name): _last_meeting(board, scenario) for name, board in scenario.boards.items()}
    last |= {("windows", name): _last_date(window, scenario) for name, window in scenario.windows.items()}
    for (section, name), day in last.items():
        users = [cluster for cluster, needs in _gates(scenario).items() if (section, name) in needs]
        if day is None and users:
            yield _warning(tree, file, (section, name), "has no date before the horizon", f"{users[0]} needs one", "")
        elif day is not None:
            late = [f"{c} under {s}" for s, days in scenario.schedules.items() for c in users if days.get(c, 0) > day]
            if late:
                yield _warning(
                    tree, file, (section, name), "has no date left once a cluster goes to market", late[0], ""
                )


def _gates(scenario: Scenario) -> dict[str, set[tuple[str, str]]]:
    """The boards and windows that each cluster needs, from its stage that goes to market on."""
    needs: dict[str, set[tuple[str, str]]] = {}
    for name, cluster in scenario.clusters.items():
        stages = [stage for stage, _ in ahead(cluster)]
        market = next((i for i, stage in enumerate(stages) if stage.go_to_market), 0)
        boards = {("boards", stage.board.name) for stage in stages[market:] if stage.board}
        needs[name] = boards | {("windows", stage.window) for stage in stages[market:] if stage.window}
    return needs


def _last_meeting(board: Board, scenario: Scenario) -> int | None:
    last = date_of(scenario.horizon, scenario.start)
    meets = board.meets
    if meets.dates is not None:
        dates: Iterable[date] = meets.dates
    elif meets.every is not None and meets.from_ is not None:
        steps = every_months if meets.every.unit == "months" else every_days
        dates = steps(meets.from_, meets.every.count, last)
    else:
        return None
    days = (day_of(when, scenario.start) for when in dates)
    open_days = (day for day in days if not any(span.first <= day <= span.last for span in board.closed))
    return max((day for day in open_days if 0 <= day <= scenario.horizon), default=None)


def _last_date(window: Window, scenario: Scenario) -> int | None:
    dates = window.dates
    if dates is None:
        years = range(scenario.start.year, date_of(scenario.horizon, scenario.start).year + 1)
        dates = tuple(in_month(year, month, window.day) for year in years for month in window.months or ())
    days = (day_of(when, scenario.start) for when in dates)
    return max((day for day in days if 0 <= day <= scenario.horizon), default=None)


def _warning(tree: Node, file: str, keys: tuple[str, ...], rule: str, found: str, remedy: str) -> Fault:
    return (tree.get(*keys) or tree).fault(rule, found, remedy, file)
