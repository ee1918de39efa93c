"""Paths: dots between keys, stages and phases by name, items of other lists by number, `*` for every key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from simulator.scenario.faults import below, near
from simulator.scenario.model import Phase, Scenario, Stage
from simulator.scenario.quantities import shown
from simulator.scenario.tree import NOTES, Node, Place

Keys: TypeAlias = tuple[str | int, ...]
"""Keys of mappings and places in lists, from 0, that lead from the top to a value."""


def written(node: Node, path: str, route: bool = False) -> Iterator[Keys]:
    """What is written under a path; ``route`` where the node is a route or a phase's stages."""
    for keys, child, rest in _steps(node, path, route):
        if not rest:
            yield keys
        else:
            yield from ((*keys, *below_) for below_ in written(child, rest, _leads_to_route(keys, route)))


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
        if first == "*":
            yield from (((key,), child, rest) for key, child in node.items() if key not in NOTES)
        for key, left in _beginnings(path):
            child = node.get(key)
            if child is not None and key == "routes" and child.is_mapping and left:
                named = ((name, child.get(name), after) for name, after in _beginnings(left))
                yield from ((("routes", name), one, after) for name, one, after in named if one is not None)
            elif child is not None and key != "*":
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


def _beginnings(path: str) -> Iterator[tuple[str, str]]:
    """Each key that a path may begin with, for keys may contain dots, and what is left of it."""
    parts = path.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end]), ".".join(parts[end:])


def _left(path: str, key: str) -> str | None:
    """What is left of a path after a key; None where it does not begin with the key."""
    if path == key:
        return ""
    return path[len(key) + 1 :] if path.startswith(f"{key}.") else None


def shape_of(tree: Node, keys: Keys) -> Any:
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


def with_value(node: Node, keys: Keys, new: Node | None, place: Place | None = None) -> Node:
    """The tree with ``new`` where ``keys`` lead, or without what is there; ``place`` is where a new key was written."""
    key, rest = keys[0], keys[1:]
    if isinstance(key, int):
        items = list(node.value)
        changed = with_value(items[key], rest, new, place) if rest else new
        items[key : key + 1] = [] if changed is None else [changed]
        return replace(node, value=tuple(items))
    old = node.get(key)
    changed = with_value(old or Node({}), rest, new, place) if rest else new
    if changed is None:
        return node.with_entries({name: child for name, child in node.items() if name != key})
    keys_ = node.keys if old is not None or place is None else {**node.keys, key: place}
    return node.with_entries({**node.value, key: changed}, keys_)


def unknown(tree: Node, path: str) -> str:
    """That a path leads nowhere, and the nearest one that leads somewhere."""
    return f"{shown(path)}: must be the path of a value in the scenario. {nearest(tree, path)}".strip()


def nearest(tree: Node, path: str) -> str:
    """A remedy: the nearest path that leads somewhere; empty where none is near."""
    return near(path, _paths(tree, ""), " ").strip()


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
