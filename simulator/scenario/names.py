"""Names: what a planner may call things, and that every name used is one that was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from simulator.scenario.assemble import Assembly
from simulator.scenario.correlate import check_correlations
from simulator.scenario.faults import near
from simulator.scenario.model import Phase, Scenario, Stage
from simulator.scenario.quantities import shown
from simulator.scenario.schedule import RULE_WORDS
from simulator.scenario.tree import Node

LONGEST_NAME: Final = 300
KINDS_OF_NAMES: Final = ("resources", "budgets", "boards", "windows", "milestones", "clusters", "legacy", "risks")
"""Sections whose names must all differ: variables, waits and activities go by them."""
TAKEN: Final = {"other clusters": "waiting for other clusters is reported under it"}


def check_names(work: Assembly, scenario: Scenario) -> None:
    """Refuse names that cannot be used, that are given twice, and that refer to nothing."""
    _check_spelling(work)
    _check_unique(work)
    for name in scenario.clusters:
        _check_route(work, name)
    for node, item in list(work.known.values()):
        if isinstance(item, Stage):
            _check_stage(work, node, item)
        elif isinstance(item, Phase):
            _check_keys(work, node.get("holds"), "resources")
    for name, node in work.cluster_nodes():
        _check_cluster(work, scenario, name, node)
    _check_legacy(work, scenario)
    _check_risks(work, scenario)
    check_correlations(work, scenario)


def _check_spelling(work: Assembly) -> None:
    for section in (*KINDS_OF_NAMES, "schedules", "routes"):
        _check_all(work, work.tree.get(section))
    for _, cluster in work.cluster_nodes():
        _check_all(work, cluster.get("departments"))
    for node, _ in work.known.values():
        for key in ("stage", "phase", "marks"):
            named = node.get(key)
            if named is not None and isinstance(named.value, str) and (wrong := _wrong(named.value)):
                work.refuse(named, wrong[0], wrong[1])
    for word in (*RULE_WORDS, "end_of_support"):
        if (clusters := work.tree.get("clusters")) and word in work.defined("clusters"):
            work.refuse_key(clusters, word, "must not be a word that schedules use", word, "Choose another name")


def _check_all(work: Assembly, node: Node | None) -> None:
    for name, _ in node.items() if node else ():
        if wrong := _wrong(name):
            work.refuse_key(node or work.tree, name, *wrong)
        elif name in TAKEN:
            work.refuse_key(node or work.tree, name, "must be another name", TAKEN[name])


def _wrong(name: str) -> tuple[str, str] | None:
    """What is wrong with a name, and what was found."""
    if not name.strip():
        return "a name must not be empty", f'"{name}"'
    if name != name.strip():
        return "a name must not begin or end with a space", f'"{shown(name)}"'
    if len(name) > LONGEST_NAME:
        return f"a name must not be longer than {LONGEST_NAME} characters", f"{len(name)}"
    if "/" in name:
        return "a name must not contain a /", name
    if any(ord(letter) < 32 or 127 <= ord(letter) < 160 or letter in "\u2028\u2029" for letter in name):
        return "a name must be one line without control characters", name
    return None


def _check_unique(work: Assembly) -> None:
    first: dict[str, str] = {}
    for section in KINDS_OF_NAMES:
        node = work.tree.get(section)
        for name in work.defined(section):
            if name in first and node is not None:
                rule = "a name must not stand for two things"
                work.refuse_key(node, name, rule, f"also in {first[name]}", "Rename one of them")
            first.setdefault(name, section)


def _check_route(work: Assembly, cluster: str) -> None:
    """Stages, phases and marks of one route must go by different names, but for a stage that marks its own."""
    given: dict[str, Node] = {}
    for item in work.merged.get(cluster, ()):
        for node in (item, *(item.get("stages") or ())):
            kind = "phase" if "phase" in (node.value if node.is_mapping else ()) else "stage"
            named = node.get(kind)
            if named is not None:
                _take(work, given, named, f"a {kind}")
    for node in _stage_nodes(work, cluster):
        marks = node.get("marks")
        named = node.get("stage")
        if marks is not None and (named is None or marks.text != named.text):
            _take(work, given, marks, "a mark")


def _take(work: Assembly, given: dict[str, Node], named: Node, what: str) -> None:
    other = given.setdefault(named.text, named)
    if other is not named:
        found = f"{named.text}, also on line {other.line}"
        work.refuse(named, f"{what} must have a name of its own on the route", found, "Rename one of them")


def _stage_nodes(work: Assembly, cluster: str) -> list[Node]:
    items = work.merged.get(cluster, ())
    return [node for item in items for node in (item.get("stages") or (item,)) if node.is_mapping]


def _check_keys(work: Assembly, node: Node | None, section: str) -> None:
    """Refuse keys of a mapping that are no names of a section."""
    known = work.defined(section)
    for name, _ in node.items() if node else ():
        if name not in known:
            work.refuse_key(
                node or work.tree, name, f"must be one of the {section}", name, _nearest(name, known, section)
            )


def _nearest(name: str, known: Iterable[str], section: str) -> str:
    return near(name, known) or f"The scenario has no {section}"


def _check_value(work: Assembly, node: Node | None, section: str) -> None:
    if node is not None and isinstance(node.value, str) and node.value not in (known := work.defined(section)):
        work.refuse(node, f"must be one of the {section}", None, _nearest(node.value, known, section))


def _check_stage(work: Assembly, node: Node, stage: Stage) -> None:
    _check_keys(work, node.get("holds"), "resources")
    _check_keys(work, node.get("spends"), "budgets")
    _check_value(work, node.get("board", "name"), "boards")
    _check_value(work, node.get("window"), "windows")
    _check_value(work, node.get("congestion", "resource"), "resources")
    if "waves" in node.value and stage.for_each is None:
        work.refuse_key(node, "waves", "needs for_each", stage.waves, "Add for_each: department")


def _check_cluster(work: Assembly, scenario: Scenario, name: str, node: Node) -> None:
    stages = work.stage_names(name)
    begins = node.get("begins_at")
    if begins is not None and begins.text not in stages:
        work.refuse(begins, "must be a stage of the cluster's route", None, near(begins.text, stages))
    after = node.get("after")
    for stage, references in after.items() if after else ():
        if stage not in stages:
            work.refuse_key(after or node, stage, "must be a stage of the cluster's route", stage, near(stage, stages))
        for reference in references:
            _check_reference(work, scenario, name, stage, reference)
    start = node.get("contract", "from")
    marks = work.marks(name)
    if start is not None and isinstance(start.value, str) and start.value not in marks:
        work.refuse(
            start, "must be a mark of the cluster's route", None, near(start.value, marks) or "Add marks: to a stage"
        )


def _check_reference(work: Assembly, scenario: Scenario, cluster: str, stage: str, node: Node) -> None:
    """One entry of an `after`: a milestone, CLUSTER/STAGE, CLUSTER/STAGE/DEPARTMENT or CLUSTER/mark."""
    if not isinstance(node.value, str):
        return
    parts = node.value.split("/")
    if parts[:2] == [cluster, stage]:
        work.refuse(node, "a stage must not wait for itself")
        return
    if node.value in work.defined("milestones"):
        return
    known = _references(work, parts[0])
    if node.value in known or (len(parts) == 3 and node.value in _waves(scenario, work, *parts)):
        return
    others = [f"{name}/{stage}" for name in list(scenario.clusters)[:200] for stage in work.stage_names(name)]
    candidates = [
        *known,
        *work.defined("milestones"),
        *(_waves(scenario, work, *parts) if len(parts) == 3 else others),
    ]
    rule = "must be a milestone, CLUSTER/STAGE, CLUSTER/STAGE/DEPARTMENT or CLUSTER/mark"
    work.refuse(node, rule, None, near(node.value, candidates, " ").strip())


def _references(work: Assembly, cluster: str) -> list[str]:
    return [f"{cluster}/{name}" for name in (*work.stage_names(cluster), *work.marks(cluster))]


def _waves(scenario: Scenario, work: Assembly, cluster: str, stage: str, _department: str = "") -> list[str]:
    """`CLUSTER/STAGE/DEPARTMENT` of every stage of the cluster that has waves."""
    if cluster not in scenario.clusters:
        return []
    departments = work.tree.get("clusters", cluster, "departments")
    waves = [node.get("stage") for node in _stage_nodes(work, cluster) if node.get("for_each") is not None]
    names = [name for name, _ in departments.items()] if departments else []
    return [f"{cluster}/{wave.text}/{name}" for wave in waves if wave is not None for name in names]


def _check_legacy(work: Assembly, scenario: Scenario) -> None:
    users = _users(work)
    for name in scenario.legacy:
        node = work.tree.get("legacy", name, "used_by")
        seen: set[str] = set()
        for user in node or ():
            if user.text in seen:
                work.refuse(user, "a user must not be listed twice")
            elif user.text not in users:
                work.refuse(user, "must be a cluster or CLUSTER/DEPARTMENT", None, near(user.text, users))
            seen.add(user.text)


def _users(work: Assembly) -> Mapping[str, None]:
    users: dict[str, None] = {}
    for name, node in work.cluster_nodes():
        users[name] = None
        departments = node.get("departments")
        for department, _ in departments.items() if departments else ():
            users[f"{name}/{department}"] = None
    return users


def _check_risks(work: Assembly, scenario: Scenario) -> None:
    clusters = dict.fromkeys(work.defined("clusters"))
    stages = dict.fromkeys(stage for name in scenario.clusters for stage in work.stage_names(name))
    for name in scenario.risks:
        node = work.tree.get("risks", name)
        for key in ("delays", "stretches"):
            effects = node.get(key) if node else None
            for stage, _ in effects.items() if effects else ():
                if stage not in stages:
                    work.refuse_key(
                        effects or work.tree, stage, "must be a stage of some route", stage, near(stage, stages)
                    )
        for cluster in (node.get("clusters") if node else None) or ():
            if cluster.text not in clusters:
                work.refuse(cluster, "must be one of the clusters", None, near(cluster.text, clusters))
