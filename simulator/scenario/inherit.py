"""A scenario that is another with changes: its `base`, and what is replaced, removed and added by path.

Paths of what is replaced and removed are those of the base as it is; then comes what is added. A base may have a base.
Every value keeps the file and line that it was written in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from simulator.errors import Fault, ScenarioError
from simulator.scenario.events import DEEPEST
from simulator.scenario.faults import below, known_keys, near
from simulator.scenario.model import Stage
from simulator.scenario.paths import Keys, nearest, shape_of, with_value, written
from simulator.scenario.reach import Unreachable, content, reached
from simulator.scenario.read import LARGEST_FILE, MOST_VALUES, decode, read_text
from simulator.scenario.tree import NOTES, Node, joined

PATCH: Final = ("replace", "remove", "add")
"""What changes a base, in the order in which it is done."""
OWN: Final = ("base", "scenario", *PATCH, *NOTES)
"""The keys of a file that has a base."""
MOST_BASES: Final = 8
"""Files that may stand behind one another."""
MOST_CHANGES: Final = 2000
"""Values that one file may change, each `*` counted as often as it matches."""

MOST_FAULTS: Final = 50
"""Changes that lead nowhere and are told in one go."""
LONGEST_PATH: Final = 1000
"""Characters of the longest path."""


@dataclass(frozen=True)
class Source:
    """A file of a chain: its tree, how it is called, and where it lies."""

    tree: Node
    name: str
    path: Path | None
    folder: Path | None


def inherited(tree: Node, file: str, folder: Path | None, outside: bool = False) -> tuple[Node, tuple[str, ...]]:
    """The tree of a scenario written out in full, and the files that it is based on, the nearest first.

    Raises:
        ScenarioError: a base cannot be read, or a change leads nowhere.
    """
    if "base" not in tree.value:
        _refuse_changes_of_nothing(tree)
        return tree, ()
    own = None if folder is None else (folder / Path(file).name).resolve()
    chain = [Source(tree, file, own, folder)]
    while (base := chain[-1].tree.get("base")) is not None:
        chain.append(_base(replace(base, path="base"), chain, folder, outside))
    merged = _Changed(chain[-1].tree, chain[-1].name).tree
    for source in reversed(chain[:-1]):
        merged = _Changed(merged, source.name).by(source.tree)
        _check_size(merged, source)
    return merged, tuple(source.name for source in chain[1:])


def _refuse_changes_of_nothing(tree: Node) -> None:
    faults = [
        tree.key_fault(key, "needs a base that it changes", "", "Add base: and the name of a scenario file")
        for key in PATCH
        if key in tree.value
    ]
    if faults:
        raise ScenarioError(faults)


def _base(named: Node, chain: list[Source], folder: Path | None, outside: bool) -> Source:
    """The file that is the base of the last one of a chain."""
    last = chain[-1]
    if not isinstance(named.value, str) or not named.value:
        raise ScenarioError([named.fault("must be the name of a scenario file")])
    if len(chain) > MOST_BASES:
        raise ScenarioError([named.fault(f"no more than {MOST_BASES} files may be based on one another", "more")])
    name = os.path.normpath(os.path.join(os.path.dirname(last.name), named.value))
    try:
        file = reached(named.value, last.folder, folder, outside)
        path = file.path
        if path in [source.path for source in chain]:
            round_ = " → ".join(_short(source.name) for source in [*chain, Source(named, name, path, None)])
            raise ScenarioError([named.fault("a scenario must not be its own base", round_)])
        data = content(file, LARGEST_FILE)
    except Unreachable as error:
        remedy = error.remedy or (_near(named.value, last.folder) if "there" in error.rule else "")
        raise ScenarioError([named.fault(error.rule, None, remedy)]) from None
    tree = read_text(decode(data, name), name)
    if folder is not None and path.parent != folder.resolve():
        tree = _moved(tree, path.parent, folder.resolve())
    if "base" not in tree.value:
        _refuse_changes_of_nothing(tree)
    return Source(tree, name, path, path.parent)


def _short(name: str) -> str:
    return os.path.basename(name)


def _near(name: str, folder: Path | None) -> str:
    """A remedy from the scenario files that lie where a base was looked for."""
    there = sorted(path.name for path in folder.glob("*.y*ml"))[:1000] if folder is not None else []
    return near(name, there, " ").strip()


def _moved(node: Node, start: Path, folder: Path) -> Node:
    """The tree with the files that its observations come from named from another folder."""
    if isinstance(node.value, tuple):
        return replace(node, value=tuple(_moved(child, start, folder) for child in node))
    if not node.is_mapping:
        return node
    entries = {key: _moved(child, start, folder) for key, child in node.items()}
    file = node.get("empirical", "file")
    if file is not None and isinstance(file.value, str) and not os.path.isabs(file.value):
        name = Path(os.path.relpath(start / file.value, folder)).as_posix()
        given = entries["empirical"]
        entries["empirical"] = given.with_entries({**given.value, "file": replace(file, value=name, text=name)})
    return node.with_entries(entries)


def _check_size(tree: Node, source: Source) -> None:
    """Bases and `*` multiply what is written, so that limits hold for the whole as they do for each file."""
    count = 0
    left = [(tree, 1)]
    while left:
        node, depth = left.pop()
        count += 1 + len(node.keys)
        children = [*node, *(child for _, child in node.items())]
        rule = ""
        if count > MOST_VALUES:
            rule = f"a scenario must not hold more than {MOST_VALUES:,} values"
        elif depth > DEEPEST and children:
            rule = f"lists and mappings must not lie more than {DEEPEST} deep"
        if rule:
            raise ScenarioError([source.tree.key_fault("base", rule, "more, with its base")])
        left += [(child, depth + 1) for child in children]


@dataclass
class _Changed:
    """A base, called ``name`` in what is said of it, while it is changed."""

    tree: Node
    name: str
    count: int = 0
    faults: list[Fault] = field(default_factory=list)

    def by(self, child: Node) -> Node:
        """The base changed by a file.

        Raises:
            ScenarioError: everything in the file that cannot be done.
        """
        self._refuse_other_keys(child)
        for kind in PATCH:
            node = child.get(kind)
            if node is not None:
                getattr(self, f"_{kind}")(replace(node, path=kind))
        for key in ("scenario", *NOTES):
            own = child.get(key)
            if own is not None:
                self._set((key,), own, child, key)
        if self.faults:
            raise ScenarioError(self.faults)
        return self.tree

    def _refuse_other_keys(self, child: Node) -> None:
        for key in child.value:
            if key not in OWN:
                remedy = f"Write it under replace: or add:, as {key}: or a longer path"
                close = near(key, OWN, " ").strip()
                self.faults.append(child.key_fault(key, "is not a key of a file with a base", key, close or remedy))

    def _set(self, keys: Keys, new: Node | None, by: Node, key: str) -> None:
        self.tree = with_value(self.tree, keys, new, by.keys.get(key))

    def _mapping(self, node: Node) -> Iterator[tuple[str, Node]]:
        if not node.is_mapping:
            self.faults.append(node.fault("must be a mapping of paths to values", None, "Write it as path: value"))
        yield from node.items()

    def _replace(self, node: Node) -> None:
        for path, value in self._mapping(node):
            found = self._known(path)
            if not found:
                self._refuse(node, path, "must be a path of the base")
            for keys in found:
                self._set(keys, value, node, path)

    def _remove(self, node: Node) -> None:
        places: list[Keys] = []
        for number, item in enumerate(node if isinstance(node.value, tuple) else (node,), start=1):
            if not isinstance(item.value, str):
                self.faults.append(node.fault("must be a path or a list of paths"))
                continue
            found = self._known(item.value)
            if not found:
                at = replace(item, path=joined(node.path, number))
                self._keep(at.fault("must be a path of the base", None, self._nearest(item.value)))
            places += found
        for keys in sorted(set(places), key=_order, reverse=True):  # from the end, so that numbers stay
            self.tree = with_value(self.tree, keys, None)

    def _add(self, node: Node) -> None:
        for path, value in self._mapping(node):
            there = self._known(path)
            if there and "*" not in path.split("."):
                old = self.tree.get(*there[0])
                found = f"{old.file}:{old.line}" if old is not None and old.line else "it is"
                self.faults.append(node.key_fault(path, "must not be there already", found, "Write it under replace:"))
                continue
            fresh = new_places(self.tree, path) if len(path) <= LONGEST_PATH else []
            places = [keys for keys in fresh if keys not in there]
            self._counted(len(places))
            if not places:
                self._refuse(node, path, "must be a path to which something can be added")
            for keys in places:
                self._set(keys, value, node, path)

    def _known(self, path: str) -> list[Keys]:
        if len(path) > LONGEST_PATH:
            return []
        found = list(dict.fromkeys(written(self.tree, path)))
        self._counted(len(found))
        return found

    def _counted(self, more: int) -> None:
        self.count += more
        if self.count > MOST_CHANGES:
            rule = f"a file must not change more than {MOST_CHANGES:,} values of its base"
            raise ScenarioError([*self.faults, Fault(self.name, 1, 1, "", rule, "more", "Write the scenario out.")])

    def _refuse(self, node: Node, path: str, rule: str) -> None:
        self._keep(node.key_fault(path, rule, "", self._nearest(path)))

    def _nearest(self, path: str) -> str:
        return nearest(self.tree, path) if len(path) <= LONGEST_PATH else ""

    def _keep(self, fault: Fault) -> None:
        """Looking for what was meant takes a while, so that a file with many faults is given up."""
        self.faults.append(fault)
        if len(self.faults) >= MOST_FAULTS:
            raise ScenarioError(self.faults)


def _order(keys: Keys) -> list[tuple[bool, Any]]:
    return [(isinstance(key, int), key) for key in keys]


def new_places(tree: Node, path: str) -> list[Keys]:
    """Where a path that is not written would lead: below the longest part of it that is."""
    parts = path.split(".")
    for cut in range(len(parts) - 1, -1, -1):
        bases = list(dict.fromkeys(written(tree, ".".join(parts[:cut])))) if cut else [()]
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
        return (len(node.value),) if tail == [str(len(node.value) + 1)] else None
    if not node.is_mapping or tail[0] in node.value:
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
