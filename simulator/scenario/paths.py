"""Paths: dots between keys, stages and phases by name, items of other lists by number, `*` for every key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from simulator.scenario.faults import below, near
from simulator.scenario.model import Phase, Scenario, Stage
from simulator.scenario.quantities import shown
from simulator.scenario.tree import NOTES, Node, Place

Keys: TypeAlias = tuple[str | int, ...]
"""Keys of mappings and places in lists, from 0, that lead from the top to a value."""


class TooFar(Exception):
    """More keys were tried along paths than may be."""


@dataclass
class Steps:
    """How many keys may still be tried along paths, for every `*` multiplies them."""

    left: int

    def take(self, number: int) -> None:
        """Count keys that are about to be tried.

        Raises:
            TooFar: there are more than are left.
        """
        self.left -= number
        if self.left < 0:
            raise TooFar


def written(node: Node, path: str, route: bool = False, steps: Steps | None = None) -> Iterator[Keys]:
    """What is written under a path; ``route`` where the node is a route or a phase's stages.

    Raises:
        TooFar: it takes more than ``steps``.
    """
    for keys, child, rest in _steps(node, path, route, steps):
        if not rest:
            yield keys
        else:
            yield from ((*keys, *below_) for below_ in written(child, rest, _leads_to_route(keys, route), steps))


def _leads_to_route(keys: Keys, route: bool) -> bool:
    return (
        not route
        and len(keys) in (1, 2)
        and keys[0] in ("route", "routes")
        and (keys[0] == "route") == (len(keys) == 1)
    )


def _steps(node: Node, path: str, route: bool, steps: Steps | None) -> Iterator[tuple[Keys, Node, str]]:
    """The ways on from a node: the keys taken, where they lead, and what is left of the path."""
    first, _, rest = path.partition(".")
    if node.is_mapping:
        if steps:
            steps.take(path.count(".") + 1 + (len(node.value) if first == "*" else 0))
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
        yield from _route_steps(node, path, steps)
    elif isinstance(node.value, tuple):
        places = range(len(node.value)) if first == "*" else _place(first, len(node.value))
        if steps:
            steps.take(len(places))
        yield from (((place,), node.value[place], rest) for place in places)


def _place(number: str, size: int) -> range:
    """The place of a number from 1 in a list of a size, if it has that many items."""
    place = number_of(number) - 1
    return range(place, place + 1) if 0 <= place < size else range(0)


def number_of(text: str) -> int:
    """The number of an item that a part of a path stands for; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and text[0] != "0" and len(text) < 8 else 0


def _route_steps(node: Node, path: str, steps: Steps | None) -> Iterator[tuple[Keys, Node, str]]:
    if steps and isinstance(node.value, tuple):
        steps.take(len(node.value))
    for place, item in enumerate(node):
        for kind in ("stage", "phase"):
            named = item.get(kind)
            if named is not None and (left := _left(path, named.text)) is not None:
                yield (place,), item, left
        stages = item.get("stages")
        if stages is not None:
            inner = _route_steps(stages, path, steps)
            yield from (((place, "stages", *keys), child, left) for keys, child, left in inner)


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


@dataclass(frozen=True)
class Change:
    """``new`` where ``keys`` lead, or nothing; ``place`` is where a new key was written.

    Where it is ``inserted`` the last key is the place in a list that it has afterwards, and what stands there moves on.
    """

    keys: Keys
    new: Node | None
    place: Place | None = None
    inserted: bool = False


def changed(node: Node, changes: Iterable[Change], depth: int = 0) -> Node:
    """The tree with all changes made at once: keys are those of the tree as it is, and no change lies in another."""
    inserted: dict[int, Node] = {}
    inner: dict[str | int, list[Change]] = {}
    for change in changes:
        key = change.keys[depth]
        if change.inserted and len(change.keys) == depth + 1:
            assert isinstance(key, int)
            assert change.new is not None
            inserted[key] = change.new
        else:
            inner.setdefault(key, []).append(change)
    new = {key: _changed_child(node.get(key), group, depth) for key, group in inner.items()}
    if isinstance(node.value, tuple):
        items = [item for place, old in enumerate(node) if (item := new.get(place, old)) is not None]
        for place in sorted(inserted):
            items.insert(place, inserted[place])
        return node.but(value=tuple(items))
    places = {str(key): group[0].place for key, group in inner.items() if key not in node.value and group[0].place}
    entries = {key: child for key, child in {**node.value, **new}.items() if child is not None}
    return node.with_entries(entries, {**node.keys, **places})


def _changed_child(node: Node | None, changes: list[Change], depth: int) -> Node | None:
    whole = next((change for change in changes if len(change.keys) == depth + 1), None)
    return whole.new if whole else changed(node or Node({}), changes, depth + 1)


def with_value(node: Node, keys: Keys, new: Node | None) -> Node:
    """The tree with ``new`` where ``keys`` lead, or without what is there."""
    return changed(node, [Change(keys, new)])


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
