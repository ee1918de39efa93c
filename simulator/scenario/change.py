"""Another scenario: the same file with some values changed by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from simulator.errors import StaggerError
from simulator.given import LOADED, require
from simulator.scenario.faults import below, known_keys
from simulator.scenario.load import build
from simulator.scenario.model import Cluster, Phase, Scenario, Stage
from simulator.scenario.paths import Keys, shape_of, unknown, with_value, written
from simulator.scenario.quantities import shown
from simulator.scenario.read import read_value
from simulator.scenario.tree import NOTES, Node

EXAMPLE: Final = 'Write for instance {"resources.framework.capacity": 3}.'

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
    require(scenario, Scenario, "a change needs a scenario", LOADED)
    require(changes, Mapping, "a change is a mapping from paths to values", EXAMPLE)
    if scenario.written is None:
        raise StaggerError("only a scenario that was read from YAML can be changed by path.")
    tree = scenario.written.raw
    for path, value in changes.items():
        require(path, str, "a change needs the path of a value", EXAMPLE)
        found = list(_resolve(tree, path, scenario))
        if not found:
            raise StaggerError(unknown(tree, path))
        new = _node(value)
        for keys in found:
            tree = with_value(tree, keys, new)
    return build(tree, scenario.written)


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
    exact = list(dict.fromkeys(written(node, path)))
    wild = "*" in path.split(".")
    added = [] if exact and not wild else [keys for keys in _added(node, path, scenario, wild) if keys not in exact]
    yield from (*exact, *added)


def _added(node: Node, path: str, scenario: Scenario, wild: bool) -> Iterator[Keys]:
    """Places for keys that are known and not written, below the longest part of the path that is."""
    parts = path.split(".")
    for cut in range(len(parts) - 1, -1, -1):
        if wild and cut < len(parts) - 1:
            return
        head, tail = ".".join(parts[:cut]), parts[cut:]
        bases = list(dict.fromkeys(written(node, head))) if head else [()]
        found = [(*base, *keys) for base in bases if (keys := _known(node, base, tail, scenario)) is not None]
        if found:
            yield from found
            return


def _known(tree: Node, base: Keys, tail: list[str], scenario: Scenario) -> Keys | None:
    """The keys of ``tail`` where all of them are known below ``base`` and the first is not written."""
    node = tree.get(*base)
    if node is None or not node.is_mapping or tail[0] in node.value:
        return None
    shape = shape_of(tree, base)
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
