"""A cluster's own stage values merged into its route, on nodes, so that every value keeps its place."""

from __future__ import annotations

from dataclasses import replace

from simulator.distributions import KINDS
from simulator.scenario.tree import Node

_DISTRIBUTION_KEYS = frozenset(KINDS) | {"truncate"}


def merged(base: Node, own: Node) -> Node:
    """``own`` laid over ``base``: key by key, mappings within mappings.

    A distribution is replaced whole, unless ``own`` is of the same kind and names some of the same parameters. Lists
    and plain values are replaced.
    """
    if not (base.is_mapping and own.is_mapping) or not _may_merge(base, own):
        return own
    entries = dict(base.items())
    for key, value in own.items():
        entries[key] = merged(entries[key], value) if key in entries else value
    homes = {**base.homes, **dict.fromkeys(own.value, own.path), **own.homes}
    return replace(base, value=entries, keys={**base.keys, **own.keys}, homes=homes, notes=own.notes)


def _may_merge(base: Node, own: Node) -> bool:
    """Whether two mappings go together: neither is a distribution, or both are one of the same form."""
    kind, own_kind = _kind(base), _kind(own)
    if kind is None or own_kind is None:
        return kind is None and own_kind is None
    if own_kind == "truncate":
        return True
    ours, theirs = own.value[own_kind], base.value.get(own_kind)
    if kind != own_kind or theirs is None:
        return False
    if ours.is_mapping and theirs.is_mapping:
        return set(ours.value) <= set(theirs.value)
    return not ours.is_mapping and not theirs.is_mapping


def _kind(node: Node) -> str | None:
    """The kind of a mapping that is a distribution."""
    if not node.value or not set(node.value) <= _DISTRIBUTION_KEYS:
        return None
    return next((key for key in node.value if key in KINDS), "truncate")


def merged_route(route: Node, own: Node | None) -> list[Node]:
    """The route's items with a cluster's own stage values; items without any are the route's own nodes."""
    values = dict(own.items()) if own else {}
    return [_merged_item(item, values) for item in route]


def _merged_item(item: Node, values: dict[str, Node]) -> Node:
    if not item.is_mapping:
        return item
    stages = item.get("stages")
    if "phase" in item.value and stages is not None and isinstance(stages.value, tuple):
        inner = tuple(_merged_item(stage, values) for stage in stages)
        if all(new is old for new, old in zip(inner, stages, strict=True)):
            return item
        return item.with_entries({**item.value, "stages": replace(stages, value=inner)})
    named = item.get("stage")
    own = values.get(named.value) if named is not None and isinstance(named.value, str) else None
    return item if own is None or not own.is_mapping else merged(item, own)
