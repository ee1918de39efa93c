"""A scenario that is another with changes: its `base`, which may have a base, and what `patch` does to it.

Every value keeps the file and line that it was written in.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from simulator.errors import ScenarioError
from simulator.scenario.events import DEEPEST
from simulator.scenario.faults import near
from simulator.scenario.patch import MOST_STEPS, PATCH, Patched
from simulator.scenario.paths import Steps
from simulator.scenario.reach import Unreachable, content, reached
from simulator.scenario.read import LARGEST_FILE, MOST_VALUES, decode, read_text
from simulator.scenario.tree import Node

MOST_BASES: Final = 8
"""Files that may stand behind one another."""


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
    merged, steps = chain[-1].tree, Steps(MOST_STEPS)
    for source in reversed(chain[:-1]):
        merged = Patched(merged, steps).by(source.tree)
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
