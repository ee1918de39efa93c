"""From a settled tree to a scenario: routes merged, values validated, schedules turned into days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from simulator.errors import MOST_FAULTS, Fault, ScenarioError
from simulator.scenario.faults import alias, faults_of, mended, near
from simulator.scenario.merge import merged_route
from simulator.scenario.model import Phase, Scenario, Stage
from simulator.scenario.observations import Observations
from simulator.scenario.quantities import Frame, Refused, read_date
from simulator.scenario.tree import Node

M = TypeVar("M", bound=BaseModel)
STAND_IN_START: Final = date(2000, 1, 1)
MOST_ACTIVITIES: Final = 250_000
EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2500
_ROUTED: Final = ("route", "routes", "clusters", "schedules")


@dataclass
class Assembly:
    """A scenario being put together: the tree, what was made of it, and what is wrong with it."""

    tree: Node
    file: str
    frame: Frame
    faults: list[Fault] = field(default_factory=list)
    routes: dict[str, Node] = field(default_factory=dict)
    merged: dict[str, list[Node]] = field(default_factory=dict)
    """Each cluster's route with its own stage values, as nodes that know where they were written."""
    complete: bool = True
    """Whether every cluster has a route all of whose stages have names, so that references can be checked."""
    names: dict[str, dict[str, None]] = field(default_factory=dict)
    known: dict[int, tuple[Node, Stage | Phase | None]] = field(default_factory=dict)
    """Validated items of routes by the identity of their node, so that shared ones are validated once."""

    def defined(self, section: str) -> Mapping[str, None]:
        """The names that the file gives in a section, whether or not what they stand for could be read."""
        if section not in self.names:
            node = self.tree.get(section)
            self.names[section] = dict.fromkeys(name for name, _ in node.items()) if node else {}
        return self.names[section]

    def mapping(self, *keys: str) -> Node:
        """The mapping that ``keys`` lead to; an empty one where something else was written."""
        node = self.tree.get(*keys)
        return node if node is not None and node.is_mapping else Node({})

    def cluster_nodes(self) -> list[tuple[str, Node]]:
        """The clusters that are mappings, by name, in file order."""
        node = self.tree.get("clusters")
        return [(name, cluster) for name, cluster in node.items() if cluster.is_mapping] if node else []

    def stage_nodes(self, cluster: str) -> dict[str, Node]:
        """The stages of a cluster's route with its own values, by name, in order."""
        return {named.text: node for node in self._stages(cluster) if (named := node.get("stage"))}

    def stage_names(self, cluster: str) -> list[str]:
        return list(self.stage_nodes(cluster))

    def marks(self, cluster: str) -> list[str]:
        """The marks of a cluster's route."""
        return [marks.text for node in self._stages(cluster) if (marks := node.get("marks"))]

    def _stages(self, cluster: str) -> list[Node]:
        items = self.merged.get(cluster, ())
        return [node for item in items for node in (item.get("stages") or (item,))]

    def refuse(self, node: Node, rule: str, found: object = None, remedy: str = "") -> None:
        self.add([node.fault(rule, found, remedy, self.file)])

    def refuse_key(self, node: Node, key: str, rule: str, found: object = "", remedy: str = "") -> None:
        self.add([node.key_fault(key, rule, found, remedy, self.file)])

    def add(self, faults: Iterable[Fault], more: int = 0) -> None:
        """Keep faults, and that there are ``more``; a file with too many is given up."""
        self.faults += faults
        if len(self.faults) > MOST_FAULTS or more:
            raise ScenarioError(self.faults, more)

    def validated(self, model: type[M], node: Node, data: Any) -> M | None:
        """``data`` as a value; where it is refused, the faults are kept and a mended copy is tried."""
        for attempt in range(8):
            try:
                return model.model_validate(data, context=self.frame, by_alias=True, by_name=False)
            except ValidationError as error:
                if attempt == 0:
                    self.add(*faults_of(error, node, model, self.file, MOST_FAULTS))
                data = mended(data, error, model, self.frame)
        return None


def assemble(tree: Node, file: str, folder: Path | None, outside: bool = False) -> tuple[Assembly, Scenario | None]:
    """The scenario that a settled tree describes, without its schedules, and what is wrong with it.

    The scenario is None where too little can be read to check any further.
    """
    observations = Observations(folder, outside)
    work = Assembly(tree, file, Frame(STAND_IN_START, observations))
    tree = work.tree = _respelt(work)
    work.frame = Frame(_start(work), observations)
    work.routes = _routes(work)
    clusters = _clusters(work)
    taken = {id(_route_of(work, cluster)) for _, cluster in work.cluster_nodes()}
    for route in work.routes.values():
        if id(route) not in taken:
            _items(work, list(route))
    data = {key: child.plain() for key, child in tree.items() if key not in _ROUTED}
    _check_size(work)
    if any(fault.path == "start" for fault in work.faults):
        data["start"] = work.frame.start.isoformat()
    work.complete = work.complete and bool(work.routes) and bool(clusters)
    scenario = work.validated(Scenario, tree, {**data, "clusters": clusters, "schedules": {}})
    return work, scenario


def _check_size(work: Assembly) -> None:
    """Give up a scenario whose clusters and departments multiply its stages to more than can be simulated."""
    activities = 0
    for name, cluster in work.cluster_nodes():
        departments = cluster.get("departments")
        waves = max(1, len(list(departments.items())) if departments else 1)
        activities += sum(waves if "for_each" in node.value else 1 for node in work.stage_nodes(name).values())
        if activities > MOST_ACTIVITIES:
            work.refuse(cluster, f"a scenario must not have more than {MOST_ACTIVITIES:,} activities", "more")
            raise ScenarioError(work.faults)


def _respelt(work: Assembly) -> Node:
    """The tree with misspelt sections under the names that were meant, so that nothing else seems to be missing."""
    tree = work.tree
    known = (*(alias(name, field) for name, field in Scenario.model_fields.items()), "route", "routes")
    names: dict[str, str] = {}
    for key in tree.value:
        meant = key if key in known else _meant(key, tree.value[key], known)
        if meant != key:
            work.refuse_key(tree, key, "is not a key that is known here", key, near(key, [meant] if meant else known))
        if meant and (meant == key or meant not in tree.value):
            names[meant] = key
    keys = {name: tree.keys[key] for name, key in names.items() if key in tree.keys}
    return tree.with_entries({name: tree.value[key] for name, key in names.items()}, keys)


def _meant(key: str, node: Node, known: Iterable[str]) -> str:
    """The section that a misspelt key stands for, empty where that is anyone's guess."""
    close = next(iter(get_close_matches(key, known, n=1)), "")
    if close in ("route", "routes"):
        return "routes" if node.is_mapping else "route"
    return close


def _start(work: Assembly) -> date:
    """The scenario's start, or another day where it cannot be used."""
    node = work.tree.get("start")
    try:
        start = read_date(node.plain()) if node else STAND_IN_START
    except Refused:
        return STAND_IN_START
    if node is None or EARLIEST_YEAR <= start.year <= LATEST_YEAR:
        return start
    work.refuse(node, f"the start must lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return STAND_IN_START


def _routes(work: Assembly) -> dict[str, Node]:
    """The scenario's routes by name; a single one goes by the empty name."""
    one, several = work.tree.get("route"), work.tree.get("routes")
    if one is not None and several is not None:
        work.refuse_key(work.tree, "routes", "a scenario has either route or routes", "", "Keep one of the two")
    if one is None and several is None:
        work.refuse_key(work.tree, "route", "must be given", "", "Write route: and a list of stages")
        return {}
    if one is not None:
        return {"": one} if _is_route(work, one) else {}
    assert several is not None
    if not several.is_mapping or not several.value:
        work.refuse(several, "must be a mapping of names to lists of stages")
        return {}
    return {name: route for name, route in several.items() if _is_route(work, route)}


def _is_route(work: Assembly, node: Node) -> bool:
    if isinstance(node.value, tuple) and node.value:
        return True
    work.refuse(node, "must be a list of stages and phases", None, "Write - stage: tender")
    return False


def _route_of(work: Assembly, cluster: Node) -> Node | None:
    """The route that a cluster names, or the first."""
    named = cluster.get("route")
    if named is None or named.text not in work.routes:
        return next(iter(work.routes.values()), None)
    return work.routes[named.text]


def _clusters(work: Assembly) -> Any:
    """Clusters as plain data whose routes are values already."""
    node = work.tree.get("clusters")
    if node is None or not node.is_mapping or not node.value:
        if node is not None:
            work.refuse(node, "must be a mapping with at least one cluster")
        else:
            work.refuse_key(work.tree, "clusters", "must be given", "", "Write clusters: and their names")
        return {}
    for name, cluster in node.items():
        if not cluster.is_mapping:
            work.refuse(cluster, "must be a mapping", None, f"Write {name}: {{}}")
    return {name: _cluster(work, name, cluster) for name, cluster in work.cluster_nodes()}


def _cluster(work: Assembly, name: str, node: Node) -> dict[str, Any]:
    if "name" in node.value:
        work.refuse_key(node, "name", "is not a key that is known here", "name", "A cluster's name is its key")
    named = node.get("route")
    if named is not None and (named.text not in work.routes or "" in work.routes):
        remedy = near(named.text, [name for name in work.routes if name], "The scenario has one route: leave this out")
        work.refuse(named, "must be one of the scenario's routes", None, remedy)
    route = _route_of(work, node)
    own = _own_values(work, node, route)
    work.merged[name] = merged_route(route, own) if route else []
    data = {key: child.plain() for key, child in node.items() if key not in ("route", "stages", "name")}
    return {**data, "name": name, "route": _items(work, work.merged[name])}


def _own_values(work: Assembly, cluster: Node, route: Node | None) -> Node | None:
    own = cluster.get("stages")
    if own is None:
        return None
    if not own.is_mapping:
        work.refuse(own, "must be a mapping of stage names to values")
        return None
    stages, phases = _names(route)
    for name, values in own.items():
        if name in phases:
            work.refuse_key(
                own, name, "must be a stage of the cluster's route", f"{name} is a phase", "Name its stages"
            )
        elif name not in stages:
            work.refuse_key(own, name, "must be a stage of the cluster's route", name, near(name, stages))
        elif not values.is_mapping:
            work.refuse(values, "must be a mapping of the stage's keys to values")
        elif "stage" in values.value:
            work.refuse_key(values, "stage", "is not a key that is known here", "stage", "A stage cannot be renamed")
    return own.with_entries({name: _unnamed(values) for name, values in own.items()})


def _unnamed(values: Node) -> Node:
    if not values.is_mapping:
        return values
    return values.with_entries({key: child for key, child in values.items() if key != "stage"})


def _names(route: Node | None) -> tuple[list[str], list[str]]:
    """Names of a route's stages and phases."""
    items = list(route) if route else []
    inner = [stage for item in items for stage in item.get("stages") or ()]
    stages = [named.text for item in (*items, *inner) if (named := item.get("stage"))]
    return stages, [named.text for item in items if (named := item.get("phase"))]


def _items(work: Assembly, nodes: list[Node]) -> tuple[Stage | Phase, ...]:
    items = (_item(work, node) for node in nodes)
    return tuple(item for item in items if item is not None)


def _item(work: Assembly, node: Node) -> Stage | Phase | None:
    if id(node) not in work.known:
        work.known[id(node)] = (node, _read_item(work, node))
    return work.known[id(node)][1]


def _read_item(work: Assembly, node: Node) -> Stage | Phase | None:
    if not node.is_mapping or not ("stage" in node.value or "phase" in node.value):
        work.complete = False
        work.refuse(node, "must be a stage or a phase", None, "Begin with stage: or phase: and a name")
        return None
    if "phase" not in node.value:
        return work.validated(Stage, node, node.plain())
    stages = node.get("stages")
    data = {key: child.plain() for key, child in node.items() if key != "stages"}
    if stages is not None:
        if not isinstance(stages.value, tuple) or not stages.value:
            work.complete = False
            work.refuse(stages, "must be a list of stages", None, "Write - stage: tender")
        data["stages"] = tuple(item for item in _items(work, list(stages)) if isinstance(item, Stage))
    return work.validated(Phase, node, data)
