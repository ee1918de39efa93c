"""What a file changes of its base: values replaced, removed and added by path.

Paths of what is replaced and removed are those of the base as it is. Paths of what is added are those of the base after
that, in whatever order they are written: `*` stands for none of what is added beside it. In a list, what is added gets
the number that it is added under, and what stood there moves on. No line may change what another changes, or what lies
in it; so `*` has no exceptions in the same file, and nobody needs to know which of two lines is the stronger one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from simulator.errors import Fault, ScenarioError
from simulator.scenario.faults import below, known_keys, near
from simulator.scenario.model import Stage
from simulator.scenario.paths import (
    Change,
    Keys,
    Steps,
    TooFar,
    changed,
    nearest,
    number_of,
    shape_of,
    written,
)
from simulator.scenario.tree import NOTES, Node, Place, joined

PATCH: Final = ("replace", "remove", "add")
"""What changes a base, in the order in which it is done."""
OWN: Final = ("base", "scenario", *PATCH, *NOTES)
"""The keys of a file that has a base."""
MOST_CHANGES: Final = 2000
"""Values that one file may change, each `*` counted as often as it matches."""
MOST_STEPS: Final = 2_000_000
"""Keys that may be tried along all paths of a file and its bases."""
MOST_FAULTS: Final = 50
"""Changes that lead nowhere and are told in one go."""
NO_EXCEPTIONS: Final = "A * has no exceptions: name each one, or make the exception in a file based on this one"
ADDED: Final = "must be a path to which something can be added"
LONGEST_PATH: Final = 1000
"""Characters of the longest path."""


@dataclass(frozen=True)
class _Line:
    """A line that asks for changes: a key of the mapping ``by``, or without one an item of a list."""

    by: Node
    key: str | None
    path: str
    """The path that it names."""

    def fault(self, rule: str, found: object = "", remedy: str = "") -> Fault:
        if self.key is not None:
            return self.by.key_fault(self.key, rule, found, remedy)
        return self.by.fault(rule, found or None, remedy)

    @property
    def is_wild(self) -> bool:
        """Whether it stands for everything that a `*` matches."""
        return "*" in self.path.split(".")

    @property
    def place(self) -> Place | None:
        return self.by.keys.get(self.key) if self.key is not None else (self.by.line, self.by.column, self.by.file)

    def __str__(self) -> str:
        line, _, file = self.place or (0, 0, "")
        return f"{self.by.path if self.key is None else joined(self.by.path, self.key)}, {file}:{line}"


Asked: TypeAlias = tuple[Change, _Line]
"""A change and the line that asks for it."""


@dataclass
class Patched:
    """A base while it is changed; ``steps`` are left for its paths and those of whatever is based on it."""

    tree: Node
    steps: Steps
    count: int = 0
    faults: list[Fault] = field(default_factory=list)

    def by(self, child: Node) -> Node:
        """The base changed by a file.

        Raises:
            ScenarioError: everything in the file that cannot be done.
        """
        self._refuse_other_keys(child)
        parts = {kind: replace(node, path=kind) for kind in PATCH if (node := child.get(kind)) is not None}
        asked = [*self._replaced(parts.get("replace")), *self._removed(parts.get("remove")), *_own(child)]
        asked = self._apart(asked)
        self.tree = changed(self.tree, [change for change, _ in asked])
        if "add" in parts:
            self._add(parts["add"], {id(change.new): line for change, line in asked if change.new is not None})
        if self.faults:
            raise ScenarioError(self.faults)
        return self.tree

    def _refuse_other_keys(self, child: Node) -> None:
        for key in child.value:
            if key not in OWN:
                remedy = f"Write it under replace: or add:, as {key}: or a longer path"
                close = near(key, OWN, " ").strip()
                self._keep(child.key_fault(key, "is not a key of a file with a base", key, close or remedy))

    def _mapping(self, node: Node | None) -> Iterator[tuple[_Line, Node]]:
        if node is None:
            return
        if not node.is_mapping:
            self._keep(node.fault("must be a mapping of paths to values", None, "Write it as path: value"))
        yield from ((_Line(node, path, path), value) for path, value in node.items())

    def _replaced(self, node: Node | None) -> Iterator[Asked]:
        for line, value in self._mapping(node):
            found = self._known(line)
            if not found:
                self._refuse(line, "must be a path of the base")
            yield from ((Change(keys, value), line) for keys in found)

    def _removed(self, node: Node | None) -> Iterator[Asked]:
        items = () if node is None else node if isinstance(node.value, tuple) else (node,)
        for number, item in enumerate(items, start=1):
            if not isinstance(item.value, str):
                assert node is not None
                self._keep(node.fault("must be a path or a list of paths"))
                continue
            line = _Line(replace(item, path=joined("remove", number)), None, item.value)
            found = self._known(line)
            if not found:
                self._refuse(line, "must be a path of the base")
            yield from ((Change(keys, None), line) for keys in found)

    def _apart(self, asked: Iterable[Asked]) -> list[Asked]:
        """The changes none of which is the same as another or lies in it; the others are refused."""
        asked = list(asked)
        lines: dict[Hashable, _Line] = {}
        apart = [(change, line) for change, line in asked if self._is_new(_identity(change), line, lines)]
        inner = {id(change): _outer(change, lines) for change, _ in apart}
        for change, line in apart:
            if (outer := inner[id(change)]) is not None:
                self._refuse_twice(line, outer)
        return [(change, line) for change, line in apart if inner[id(change)] is None]

    def _is_new(self, identity: Hashable, line: _Line, lines: dict[Hashable, _Line]) -> bool:
        if identity in lines:
            self._refuse_twice(line, lines[identity])
            return False
        lines[identity] = line
        return True

    def _refuse_twice(self, line: _Line, other: _Line) -> None:
        remedy = NO_EXCEPTIONS if line.is_wild or other.is_wild else "Write the two as one"
        fault = line.fault("must not change what another line changes", str(other), remedy)
        if fault not in self.faults:
            self._keep(fault)

    def _add(self, node: Node, replaced: Mapping[int, _Line]) -> None:
        """Add to the tree; ``replaced`` are the lines that brought nodes into it, by the nodes' identity."""
        asked = [each for line, value in self._mapping(node) for each in self._added(line, value)]
        for change, line in asked:
            outer = next((replaced[id(at)] for at in _along(self.tree, change.keys) if id(at) in replaced), None)
            if outer is not None:
                self._refuse_twice(line, outer)
        asked = self._apart(self._in_turn(asked))
        self.tree = changed(self.tree, [change for change, _ in asked])
        added = {id(change.new) for change, _ in asked}
        for line in {id(line): line for _, line in asked if line.is_wild}.values():
            self._refuse_half(line, added)

    def _refuse_half(self, line: _Line, added: Collection[int]) -> None:
        """Refuse a line with `*` that might be meant for what was added beside it, by the identity of its nodes."""
        for keys in self._new_places(line):
            if any(id(node) in added for node in _along(self.tree, keys)):
                left_out = ".".join(str(key + 1 if isinstance(key, int) else key) for key in keys)
                rule = "must not be meant for what is added beside it"
                self._keep(line.fault(rule, f"{left_out} is left out", "Write it into what is added"))
                return

    def _added(self, line: _Line, value: Node) -> list[Asked]:
        there = self._known(line)
        named = [keys for keys in there if not _is_number(self.tree, keys, line.path)]
        if named and not line.is_wild:
            old = self.tree.get(*named[0])
            found = f"{old.file}:{old.line}" if old is not None and old.line else "it is"
            self._keep(line.fault("must not be there already", found, "Write it under replace:"))
            return []
        places = [keys for keys in self._new_places(line) if keys not in named]
        if not places:
            self._refuse(line, ADDED)
        return [(Change(keys, value, line.place, isinstance(keys[-1], int)), line) for keys in places]

    def _in_turn(self, asked: list[Asked]) -> list[Asked]:
        """What is added, without items of lists whose number is further from the end than one."""
        sizes: dict[Keys, int] = {}
        fitting = [each for each in asked if not each[0].inserted]
        for change, line in sorted(
            (each for each in asked if each[0].inserted), key=lambda each: int(each[0].keys[-1])
        ):
            where = change.keys[:-1]
            node = self.tree.get(*where)
            size = sizes.setdefault(where, len(list(node or ())))
            if int(change.keys[-1]) > size:
                self._refuse(line, ADDED)
                continue
            sizes[where] += 1
            fitting.append((change, line))
        return fitting

    def _known(self, line: _Line) -> list[Keys]:
        """What is written under the path of a line."""
        if len(line.path) > LONGEST_PATH:
            return []
        found = self._walked(line, lambda: list(dict.fromkeys(written(self.tree, line.path, steps=self.steps))))
        return self._counted(line, found)

    def _new_places(self, line: _Line) -> list[Keys]:
        if len(line.path) > LONGEST_PATH:
            return []
        return self._counted(line, self._walked(line, lambda: new_places(self.tree, line.path, self.steps)))

    def _walked(self, line: _Line, walk: Callable[[], list[Keys]]) -> list[Keys]:
        try:
            return walk()
        except TooFar:
            rule = f"the paths of a file and its bases must not try more than {MOST_STEPS:,} keys"
            raise self._given_up(line, rule, "more with this one") from None

    def _counted(self, line: _Line, found: list[Keys]) -> list[Keys]:
        self.count += len(found)
        if self.count > MOST_CHANGES:
            rule = f"a file must not change more than {MOST_CHANGES:,} values of its base"
            raise self._given_up(line, rule, "more with this line")
        return found

    def _given_up(self, line: _Line, rule: str, found: str) -> ScenarioError:
        return ScenarioError([*self.faults, line.fault(rule, found, "Write the scenario out, or fewer *")])

    def _refuse(self, line: _Line, rule: str) -> None:
        close = nearest(self.tree, line.path) if len(line.path) <= LONGEST_PATH else ""
        self._keep(line.fault(rule, "", close))

    def _keep(self, fault: Fault) -> None:
        """Looking for what was meant takes a while, so that a file with many faults is given up."""
        self.faults.append(fault)
        if len(self.faults) >= MOST_FAULTS:
            raise ScenarioError(self.faults)


def _own(child: Node) -> Iterator[Asked]:
    """The keys of a file with a base that are its own."""
    for key in ("scenario", *NOTES):
        value = child.get(key)
        if value is not None:
            yield Change((key,), value, child.keys.get(key)), _Line(child, key, key)


def _identity(change: Change) -> Hashable:
    """What a change is about; something that is inserted is not what stood there before."""
    return (*change.keys[:-1], ("new", change.keys[-1])) if change.inserted else change.keys


def _outer(change: Change, lines: Mapping[Hashable, _Line]) -> _Line | None:
    """A line that changes something in which a change lies."""
    return next((lines[change.keys[:n]] for n in range(1, len(change.keys)) if change.keys[:n] in lines), None)


def _along(tree: Node, keys: Keys) -> Iterator[Node]:
    """The nodes on the way to where the last of ``keys`` is."""
    for end in range(1, len(keys)):
        node = tree.get(*keys[:end])
        if node is not None:
            yield node


def _is_number(tree: Node, keys: Keys, path: str) -> bool:
    """Whether a path leads to an item of a list by its number, not by its name."""
    last = path.rpartition(".")[2]
    node = tree.get(*keys)
    names = [named.text for kind in ("stage", "phase") if node and (named := node.get(kind))]
    return isinstance(keys[-1], int) and last == str(keys[-1] + 1) and last not in names


def new_places(tree: Node, path: str, steps: Steps) -> list[Keys]:
    """Where a path that is not written would lead: below the longest part of it that is.

    Raises:
        TooFar: it takes more than ``steps``.
    """
    parts = path.split(".")
    for cut in range(len(parts) - 1, -1, -1):
        bases = list(dict.fromkeys(written(tree, ".".join(parts[:cut]), steps=steps))) if cut else [()]
        found = [(*base, *keys) for base in bases if (keys := _fresh(tree, base, parts[cut:])) is not None]
        if found:
            return found
    return []


def _fresh(tree: Node, base: Keys, tail: list[str]) -> Keys | None:
    """Keys of ``tail`` for something new below ``base``; None where it is no place for it."""
    node = tree.get(*base)
    if node is None:
        return None
    if isinstance(node.value, tuple):
        number = number_of(tail[0]) if len(tail) == 1 else 0
        return (number - 1,) if number else None
    if not node.is_mapping or tail[0] in node.value or "*" in tail:
        return None
    shape = shape_of(tree, base)
    keys: Keys = ()
    while tail:
        where = (*base, *keys)
        in_cluster = len(where) == 2 and where[0] == "clusters"
        names = [*known_keys(shape, ()), *NOTES] if shape is not None else []
        names += ["route"] if in_cluster else [] if where else ["route", "routes"]
        if not known_keys(shape, ()):
            length = _length_of_name(shape, tail, named_elsewhere=where[2:] == ("stages",))
            if not length:
                return None
            keys, shape, tail = (*keys, ".".join(tail[:length])), below(shape, ""), tail[length:]
        elif tail[0] in names:
            in_stages = in_cluster and tail[0] == "stages"
            shape = dict[str, Stage] if in_stages else below(shape, tail[0])
            keys, tail = (*keys, tail[0]), tail[1:]
        else:
            return None
    return keys


def _length_of_name(shape: Any, tail: list[str], named_elsewhere: bool) -> int:
    """How many parts of a path are the name of an entry; 0 where keys follow that would lead into one that is not."""
    inner = known_keys(below(shape, ""), ()) if shape is not None else []
    end = next((place for place in range(1, len(tail)) if tail[place] in inner), len(tail))
    return end if named_elsewhere or end == len(tail) else 0
