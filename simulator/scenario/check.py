"""What must hold between values: dates in order, names that lead somewhere, stages and demands that can be met."""

from __future__ import annotations

from simulator.distributions import Constant
from simulator.scenario.assemble import Assembly
from simulator.scenario.deadlock import check_deadlocks
from simulator.scenario.model import LegacySystem, Meetings, Resource, Scenario
from simulator.scenario.names import check_names
from simulator.scenario.precedence import check_cycles
from simulator.scenario.quantities import LONGEST_YEARS
from simulator.scenario.supply import check_supply
from simulator.scenario.tree import Node


def check(work: Assembly, scenario: Scenario) -> None:
    """Refuse, in ``work``, what cannot be right about a scenario whose values could all be read or mended."""
    check_dates(work, scenario)
    if not work.complete:
        return
    check_names(work, scenario)
    check_cycles(work, scenario)
    if scenario.horizon > 0:
        check_supply(work, scenario)
        check_deadlocks(work, scenario)


def check_dates(work: Assembly, scenario: Scenario) -> None:
    """Refuse dates out of order, and gates and resources that say too little or too much."""
    _check_frame(work, scenario)
    for name, resource in scenario.resources.items():
        _check_resource(work, work.mapping("resources", name), resource)
    for name, board in scenario.boards.items():
        _check_meetings(work, work.mapping("boards", name, "meets"), board.meets)
    for name in scenario.windows:
        _check_window(work, work.mapping("windows", name))
    for name, system in scenario.legacy.items():
        _check_system(work, work.mapping("legacy", name), system)
    for name in scenario.risks:
        _check_risk(work, work.mapping("risks", name))


def _check_frame(work: Assembly, scenario: Scenario) -> None:
    tree = work.tree
    if (horizon := tree.get("horizon")) and scenario.horizon <= 0:
        work.refuse(horizon, "the horizon must lie after the start", None, f"The start is {scenario.start}")
    elif horizon and scenario.horizon > LONGEST_YEARS * 365.25:
        work.refuse(horizon, f"the horizon must not lie more than {LONGEST_YEARS} years after the start")
    deadline = tree.get("deadline")
    if deadline is None or scenario.deadline is None:
        return
    if scenario.deadline > scenario.horizon > 0:
        work.refuse(deadline, "the deadline must not lie after the horizon", None, "Move the horizon beyond it")
    elif scenario.deadline < 0:
        work.refuse(deadline, "the deadline must not lie before the start")


def _check_resource(work: Assembly, node: Node, resource: Resource) -> None:
    closes = node.get("closes")
    if closes is None or resource.closes is None or resource.opens is None:
        return
    if resource.closes <= resource.opens:
        work.refuse(closes, "a resource must close after it opens")


def _check_meetings(work: Assembly, node: Node, meets: Meetings) -> None:
    has = set(node.value)
    if "dates" in has and has & {"every", "from"}:
        work.refuse(node, "a board meets either every so often or on dates", None, "Keep one of the two")
    elif "dates" in has:
        if meets.dates == ():
            work.refuse(node, "must not be empty")
    elif not {"every", "from"} <= has:
        work.refuse(
            node, "must say when the board meets", None, "Write {every: 1mo, from: 2025-01-07} or {dates: [...]}"
        )


def _check_window(work: Assembly, node: Node) -> None:
    has = set(node.value)
    if "dates" in has and has & {"months", "day"}:
        work.refuse(node, "a window has either months and a day or dates", None, "Keep one of the two")
    elif not has & {"months", "dates"}:
        work.refuse(node, "must say when the window opens", None, "Write {months: [1, 7], day: 1} or {dates: [...]}")
    for key in ("months", "dates"):
        if (listed := node.get(key)) is not None and listed.value == ():
            work.refuse(listed, "must not be empty")


def _check_system(work: Assembly, node: Node, system: LegacySystem) -> None:
    if (users := node.get("used_by")) is not None and users.value == ():
        work.refuse(users, "must name at least one cluster or CLUSTER/DEPARTMENT")
    until = node.get("extension", "until")
    if system.extension is None or until is None:
        return
    given = [key for key in ("end_of_support", "contract_end") if key in node.value]
    if not given:
        found = "neither end_of_support nor contract_end"
        work.refuse_key(node, "extension", "an extension needs something that it extends", found, "Give one of the two")
    ends = [system.contract_end, system.end_of_support.value if isinstance(system.end_of_support, Constant) else None]
    known = [end for end in ends if end is not None]
    if known and len(known) == len(given) and system.extension.until <= min(known):
        work.refuse(until, f"an extension must end after the {' or the '.join(given)} that it extends")


def _check_risk(work: Assembly, node: Node) -> None:
    mitigated = node.get("mitigated")
    if mitigated is not None and mitigated.value is True and "mitigation" not in node.value:
        work.refuse(
            mitigated, "a risk that is mitigated needs a mitigation", None, "Write mitigation: {probability: 4%}"
        )
