"""Another scenario: the same file with some values changed by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeAlias

from simulator.errors import StaggerError
from simulator.scenario.faults import below, known_keys, near
from simulator.scenario.load import build
from simulator.scenario.model import Cluster, Phase, Scenario, Stage
from simulator.scenario.quantities import shown
from simulator.scenario.read import read_value
from simulator.scenario.tree import NOTES, Node

Keys: TypeAlias = tuple[str | int, ...]
"""Keys of mappings and places in lists, from 0, that lead from the top to a value."""

_REFERRING: Final = ("holds", "spends", "delays", "stretches", "after", "steps")
"""Mappings whose keys name something elsewhere, so that one may be added."""


def change(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """The scenario with each path set to a value: YAML text, or plain data of Python; None takes the key out.

    A path has dots between keys, which may contain spaces and dots themselves. Stages and phases of a route go by name,
    items of other lists by number from 1, `*` stands for every key: `resources.framework.capacity`,
    `route.tender.duration`, `budgets.programme funding.1.amount`, `clusters.*.contract.term`. A key that is
    known but not written is added, with `*` only the last one, and only where what holds it is written.

    Raises:
        StaggerError: a path leads nowhere, or the scenario was not read from YAML.
        ScenarioError: the changed scenario has faults.
    """
    if scenario.written is None:
        raise StaggerError("only a scenario that was read from YAML can be changed by path.")
    tree = scenario.written.raw
    for path, value in changes.items():
        found = list(_resolve(tree, path, scenario))
        if not found:
            raise StaggerError(_unknown(tree, path))
        new = _node(value)
        for keys in found:
            tree = _with(tree, keys, new)
    return build(tree, scenario.written.file, scenario.written.folder)


def _node(value: Any) -> Node | None:
    if value is None:
        return None
    if isinstance(value, str):
        return _placeless(read_value(value))
    if isinstance(value, date):
        return Node(value.isoformat(), text=value.isoformat())
    if isinstance(value, Mapping):
        return Node({str(key): _node(item) or Node(None) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return Node(tuple(_node(item) or Node(None) for item in value))
    plain = value.item() if hasattr(value, "item") else value
    if not isinstance(plain, (bool, int, float)):
        raise StaggerError(f"a value must be YAML text or plain data (found {shown(plain)}).")
    return Node(plain, text=shown(plain))


def _placeless(node: Node) -> Node:
    """The same value without a line, for it stands in no file."""
    value = node.value
    if isinstance(value, dict):
        value = {key: _placeless(child) for key, child in value.items()}
    elif isinstance(value, tuple):
        value = tuple(_placeless(child) for child in value)
    return Node(value, text=node.text)


def _resolve(node: Node, path: str, scenario: Scenario) -> Iterator[Keys]:
    """All that a path leads to: what is written, else what may be added."""
    exact = list(dict.fromkeys(_written(node, path, route=False)))
    wild = "*" in path.split(".")
    added = [] if exact and not wild else [keys for keys in _added(node, path, scenario, wild) if keys not in exact]
    yield from (*exact, *added)


def _written(node: Node, path: str, route: bool) -> Iterator[Keys]:
    """What is written under a path; ``route`` where the node is a route or a phase's stages."""
    for keys, child, rest in _steps(node, path, route):
        if not rest:
            yield keys
        else:
            yield from ((*keys, *below_) for below_ in _written(child, rest, _leads_to_route(keys, route)))


def _leads_to_route(keys: Keys, route: bool) -> bool:
    return (
        not route
        and len(keys) in (1, 2)
        and keys[0] in ("route", "routes")
        and (keys[0] == "route") == (len(keys) == 1)
    )


def _steps(node: Node, path: str, route: bool) -> Iterator[tuple[Keys, Node, str]]:
    """The ways on from a node: the keys taken, where they lead, and what is left of the path."""
    if node.is_mapping:
        first, _, rest = path.partition(".")
        for key, child in node.items():
            if key == "routes" and child.is_mapping and path.startswith("routes."):
                for name, one in child.items():
                    if (left := _left(path[len("routes.") :], name)) is not None:
                        yield ("routes", name), one, left
            elif first == "*" and key not in NOTES:
                yield (key,), child, rest
            elif (left := _left(path, key)) is not None:
                yield (key,), child, left
    elif route:
        yield from _route_steps(node, path)
    else:
        first, _, rest = path.partition(".")
        for place, child in enumerate(node):
            if first in ("*", str(place + 1)):
                yield (place,), child, rest


def _route_steps(node: Node, path: str) -> Iterator[tuple[Keys, Node, str]]:
    for place, item in enumerate(node):
        for kind in ("stage", "phase"):
            named = item.get(kind)
            if named is not None and (left := _left(path, named.text)) is not None:
                yield (place,), item, left
        stages = item.get("stages")
        if stages is not None:
            yield from (((place, "stages", *keys), child, left) for keys, child, left in _route_steps(stages, path))


def _left(path: str, key: str) -> str | None:
    """What is left of a path after a key; None where it does not begin with the key."""
    if path == key:
        return ""
    return path[len(key) + 1 :] if path.startswith(f"{key}.") else None


def _added(node: Node, path: str, scenario: Scenario, wild: bool) -> Iterator[Keys]:
    """Places for keys that are known and not written, below the longest part of the path that is."""
    parts = path.split(".")
    for cut in range(len(parts) - 1, -1, -1):
        if wild and cut < len(parts) - 1:
            return
        head, tail = ".".join(parts[:cut]), parts[cut:]
        bases = list(dict.fromkeys(_written(node, head, route=False))) if head else [()]
        found = [(*base, *keys) for base in bases if (keys := _known(node, base, tail, scenario)) is not None]
        if found:
            yield from found
            return


def _known(tree: Node, base: Keys, tail: list[str], scenario: Scenario) -> Keys | None:
    """The keys of ``tail`` where all of them are known below ``base`` and the first is not written."""
    node = tree.get(*base)
    if node is None or not node.is_mapping or tail[0] in node.value:
        return None
    shape = _shape(tree, base)
    keys: list[str] = []
    while tail:
        names = [*known_keys(shape, ()), *(("route",) if shape is Cluster else ())]
        if (tail[0] in names and tail[0] != "name") or (tail[0] in NOTES and len(tail) == 1):
            keys.append(tail[0])
            shape = dict[str, Stage] if shape is Cluster and tail[0] == "stages" else below(shape, tail[0])
            tail = tail[1:]
            continue
        named = _named(tree, [*base, *keys], tail, scenario)
        if named is None:
            return None
        keys.append(named)
        shape, tail = below(shape, named), tail[len(named.split(".")) :]
    return tuple(keys)


def _named(tree: Node, keys: list[str | int], tail: list[str], scenario: Scenario) -> str | None:
    """A key that names something given elsewhere: a stage of the cluster, or what a `holds` refers to."""
    where = keys[-1] if keys else None
    if where == "stages" and keys[0] == "clusters" and len(keys) == 3:
        cluster = scenario.clusters.get(str(keys[1]))
        items = cluster.route if cluster else ()
        names = [s.stage for item in items for s in (item.stages if isinstance(item, Phase) else (item,))]
        return next((name for name in names if ".".join(tail) == name or ".".join(tail).startswith(f"{name}.")), None)
    return ".".join(tail) if where in _REFERRING else None


def _shape(tree: Node, keys: Keys) -> Any:
    """The annotation of what ``keys`` lead to."""
    shape: Any = Scenario
    node: Node | None = tree
    for place, key in enumerate(keys):
        node = node.get(key) if node else None
        if place == 0 and key in ("route", "routes"):
            shape = None
        elif keys[0] == "clusters" and place == 2 and key == "stages":
            shape = dict[str, Stage]
        elif keys[0] in ("route", "routes") and isinstance(key, int) and node is not None and node.is_mapping:
            shape = Phase if "phase" in node.value and "stage" not in node.value else Stage
        else:
            shape = below(shape, key)
    return shape


def _with(node: Node, keys: Keys, new: Node | None) -> Node:
    """The tree with ``new`` where ``keys`` lead, or without what is there."""
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        items = list(node.value)
        changed = _with(items[key], rest, new) if rest else new
        items[key : key + 1] = [] if changed is None else [changed]
        return replace(node, value=tuple(items))
    old = node.get(key)
    changed = _with(old or Node({}), rest, new) if rest else new
    if changed is None:
        return node.with_entries({name: child for name, child in node.items() if name != key})
    return node.with_entries({**node.value, key: changed})


def _unknown(tree: Node, path: str) -> str:
    """That a path leads nowhere, and the nearest one that leads somewhere."""
    known = list(_paths(tree, ""))
    return f"{shown(path)}: must be the path of a value in the scenario. {near(path, known, ' ').strip()}".strip()


def _paths(node: Node, path: str, route: str | None = None) -> Iterator[str]:
    """The paths of all that is written; ``route`` is the path of the route where the node is one or lies in one."""
    if path:
        yield path
    for key, child in node.items():
        here = f"{path}.{key}" if path else key
        if key in NOTES:
            continue
        if route and key == "stages":
            yield from _paths(child, here, route)
        else:
            is_route = here == "route" or path == "routes"
            yield from _paths(child, here, here if is_route else None)
    for place, child in enumerate(node, start=1):
        named = (child.get("stage") or child.get("phase")) if route else None
        yield from _paths(child, f"{route}.{named.text}" if named else f"{path}.{place}", route)
