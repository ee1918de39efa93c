"""The file as a tree: every value with the place and the path where it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from simulator.errors import Fault
from simulator.scenario.quantities import shown

NOTES: Final = ("source", "note", "quality")
"""Keys that any mapping may carry and that change nothing in the model."""
QUALITIES: Final = ("known", "inferred", "assumed")


@dataclass(frozen=True)
class Notes:
    """Where the values of a mapping come from."""

    source: str | None = None
    note: str | None = None
    quality: str | None = None


Place: TypeAlias = tuple[int, int, str]
"""Line, column and file."""


@dataclass(frozen=True)
class Node:
    """One value: a scalar, a tuple of nodes, or a mapping of keys to nodes.

    ``keys`` are the places of a mapping's keys; ``homes`` the paths of
    the mappings that keys come from, where that is not this one; ``text`` is a scalar as written. A node that was not
    read from a file has line 0, and ``file`` is the one that it was read from.
    """

    value: Any
    line: int = 0
    column: int = 0
    path: str = ""
    text: str = ""
    keys: Mapping[str, Place] = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)
    notes: Notes = Notes()
    file: str = ""

    def but(self, **changes: Any) -> Node:
        """The same with other values of some fields.

        As `dataclasses.replace` makes it, in a fraction of the time: a file has thousands.
        """
        node = object.__new__(Node)
        node.__dict__.update(self.__dict__, **changes)
        return node

    def plain(self) -> Any:
        """The value as dicts, tuples and scalars."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, tuple):
            return tuple(child.plain() for child in self.value)
        return self.value

    def get(self, *keys: str | int) -> Node | None:
        """The node that ``keys`` (list places from 0) lead to, None where there is none."""
        node: Node | None = self
        for key in keys:
            node = node._child(key) if node else None
        return node

    def _child(self, key: str | int) -> Node | None:
        if isinstance(self.value, dict):
            found = self.value.get(key)
        elif isinstance(self.value, tuple) and isinstance(key, int) and key < len(self.value):
            found = self.value[key]
        else:
            found = None
        return found if isinstance(found, Node) else None

    def items(self) -> Iterator[tuple[str, Node]]:
        """The entries of a mapping; none for anything else."""
        yield from self.value.items() if isinstance(self.value, dict) else ()

    def __iter__(self) -> Iterator[Node]:
        yield from self.value if isinstance(self.value, tuple) else ()

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    def with_entries(self, entries: Mapping[str, Node], keys: Mapping[str, Place] | None = None) -> Node:
        """The same mapping with other entries."""
        return self.but(value=dict(entries), keys=self.keys if keys is None else keys)

    def fault(self, rule: str, found: object = None, remedy: str = "", file: str = "") -> Fault:
        """A fault in this value; what was found is the value itself unless given."""
        return _fault(
            file, (self.line, self.column, self.file), self.path, rule, self.plain() if found is None else found, remedy
        )

    def key_fault(self, key: str, rule: str, found: object = "", remedy: str = "", file: str = "") -> Fault:
        """A fault in one of this mapping's keys."""
        path = joined(self.homes.get(key, self.path), key)
        return _fault(file, self.keys.get(key, (self.line, self.column, self.file)), path, rule, found, remedy)


def _fault(file: str, place: Place, path: str, rule: str, found: object, remedy: str) -> Fault:
    text = found if found == "" else shown(found)
    line, column, own = place
    return Fault(
        (own or file) if line else "", line, column, shown(path) if path else "", rule, str(text), _sentence(remedy)
    )


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."


def joined(path: str, key: str | int) -> str:
    """The path of what lies under ``key``."""
    return f"{path}.{key}" if path else str(key)


_NO_NOTES: Final = Notes()


def settle(node: Node, path: str = "", route: str | None = None) -> tuple[Node, list[Fault]]:
    """The tree with every node's path set and its notes taken out, and what is wrong with the notes.

    A stage or phase of a route goes by its name: `route.tender.duration`, whether or not a phase holds the tender.
    """
    if isinstance(node.value, dict):
        return _settle_mapping(node, path, route)
    if isinstance(node.value, tuple):
        return _settle_list(node, path, route)
    here = node.but(path=path)
    if node.value is None and not _may_be_open(path):
        return here, [here.fault("must not be empty", "nothing", "Write a value or leave the key out")]
    return here, []


def _may_be_open(path: str) -> bool:
    """Whether null means an open side: one of two bounds."""
    parts = path.split(".")
    return len(parts) > 1 and parts[-2] in ("truncate", "bounds")


def _settle_mapping(node: Node, path: str, route: str | None) -> tuple[Node, list[Fault]]:
    here = node.but(path=path)
    notes, faults = _notes(here)
    entries: dict[str, Node] = {}
    for key, child in node.value.items():
        if key in NOTES:
            continue
        inner = route if route is not None and key == "stages" else _route(joined(path, key))
        entries[key], found = settle(child, joined(path, key), inner)
        faults += found
    return here.but(value=entries, notes=notes), faults


def _route(path: str) -> str | None:
    """The path itself where it is that of a route."""
    return path if path == "route" or (path.startswith("routes.") and path.count(".") == 1) else None


def _settle_list(node: Node, path: str, route: str | None) -> tuple[Node, list[Fault]]:
    items: list[Node] = []
    faults: list[Fault] = []
    for number, child in enumerate(node.value, start=1):
        name = _item_name(child) if route is not None else None
        where = joined(path, number) if name is None else joined(route or "", name)
        item, found = settle(child, where, route)
        items.append(item)
        faults += found
    return node.but(path=path, value=tuple(items)), faults


def _item_name(node: Node) -> str | None:
    for kind in ("stage", "phase"):
        named = node.get(kind)
        if named is not None and isinstance(named.value, str):
            return named.value
    return None


def _notes(node: Node) -> tuple[Notes, list[Fault]]:
    given: dict[str, str] = {}
    faults: list[Fault] = []
    if node.value.keys().isdisjoint(NOTES):
        return _NO_NOTES, faults
    for name in NOTES:
        written = node.get(name)
        if written is None:
            continue
        written = written.but(path=joined(node.path, name))
        if isinstance(written.value, (dict, tuple)) or written.value is None:
            faults.append(written.fault("must be text; the name is kept for notes on where values come from"))
        elif name == "quality" and written.text not in QUALITIES:
            faults.append(written.fault("must be known, inferred or assumed"))
        else:
            given[name] = written.text
    return Notes(**given), faults
