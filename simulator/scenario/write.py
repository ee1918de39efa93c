"""A scenario as files again: its YAML as it was merged and changed, and the observations that it names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeAlias

import yaml
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from simulator.errors import StaggerError
from simulator.scenario.model import Scenario
from simulator.scenario.observations import Observations
from simulator.scenario.read import REPEATED, SHORT, resolved
from simulator.scenario.tree import Node

WIDTH: Final = 120
TEXT: Final = "tag:yaml.org,2002:str"
"""What text is; never written out, but the emitter asks for it where text is empty."""

EMPIRICAL: Final = "empirical"
"""The key of observations."""

_Make: TypeAlias = Callable[[str], ScalarEvent]

_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_PLAIN: Final = re.compile(r"[\w£](?:[\w £%./()+-]*[\w%)])?")
"""Text without any of the signs that mean something in YAML."""


def as_files(scenario: Scenario, name: str = "scenario", comments: bool = True) -> dict[str, str]:
    """The texts of ``NAME.yaml`` and of a CSV file for each column of observations, by file name.

    Loaded from any folder, they give the same scenario (`digest`), notes and sources included. A text that says it
    all is kept as it was read; of one with bases, changes or observations, and without ``comments``, they are lost:
    then files that differ in comments and layout alone are the same.

    Raises:
        StaggerError: the scenario was not read from YAML.
    """
    if scenario.written is None:
        raise StaggerError("only a scenario that was read from YAML can be written as YAML.")
    tables = _Tables(name, Observations(scenario.written.folder, scenario.written.outside))
    tree = scenario.written.raw
    if _may_name_observations(scenario.written.text):
        tree = _with_tables(tree, tables)
    text = scenario.written.text if comments and not tables.texts else None
    return {f"{name}.yaml": as_yaml(tree) if text is None else text, **tables.texts}


def _may_name_observations(text: str | None) -> bool:
    """Whether a scenario that its text says, if one text does, may have them; escapes may hide the key that names them.

    Looking through a text takes a fiftieth of the time of looking through its tree.
    """
    return text is None or EMPIRICAL in text or "\\" in text


def as_yaml(tree: Node) -> str:
    """A tree as YAML 1.2; reading it gives the same tree but for its places."""
    return str(yaml.emit(_document(tree), Dumper=_DUMPER, width=WIDTH, allow_unicode=True))


@dataclass
class _Tables:
    """The texts of CSV files by their names, one for each column however often it is named."""

    name: str
    observations: Observations
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def named(self, file: str, column: str) -> str:
        """The name of the file that holds a column, which is written where it is new."""
        if (file, column) not in self.names:
            here = f"{self.name}-observations-{len(self.texts) + 1}.csv"
            self.texts[here] = _table(column, self.observations.column(file, column))
            self.names[file, column] = here
        return self.names[file, column]


def _with_tables(node: Node, tables: _Tables) -> Node:
    """The tree with the files of observations named as in ``tables``, to which their texts are added."""
    if isinstance(node.value, tuple):
        items = tuple(_with_tables(child, tables) for child in node)
        same = all(item is child for item, child in zip(items, node, strict=True))
        return node if same else node.but(value=items)
    if not node.is_mapping:
        return node
    file, column = node.get(EMPIRICAL, "file"), node.get(EMPIRICAL, "column")
    entries = {key: _with_tables(child, tables) for key, child in node.items()}
    if file is not None and column is not None:
        here = tables.named(file.text, column.text)
        given = entries[EMPIRICAL]
        entries[EMPIRICAL] = given.with_entries({**given.value, "file": file.but(value=here, text=here)})
    same = all(entries[key] is child for key, child in node.items())
    return node if same else node.with_entries(entries)


def _table(column: str, cells: list[str]) -> str:
    sink = io.StringIO(newline="")
    csv.writer(sink, lineterminator="\n").writerows([[column], *([cell] for cell in cells)])
    return sink.getvalue()


def _document(tree: Node) -> Iterator[Any]:
    yield StreamStartEvent()
    yield DocumentStartEvent(explicit=False)
    events: list[Any] = []
    _add_events(node=tree, add=events.append)
    yield from events
    yield DocumentEndEvent(explicit=False)
    yield StreamEndEvent()


def _add_events(node: Node, add: Callable[[Any], None]) -> None:
    value = node.value
    if isinstance(value, dict):
        add(MappingStartEvent(None, None, implicit=True, flow_style=_is_short(value.values(), value)))
        for key, child in value.items():
            add(_event(_key, key))
            _add_events(child, add)
        add(MappingEndEvent())
    elif isinstance(value, tuple):
        add(SequenceStartEvent(None, None, implicit=True, flow_style=_is_short(value)))
        for child in value:
            _add_events(child, add)
        add(SequenceEndEvent())
    else:
        add(_event(_text, value) if isinstance(value, str) else _event(_word, node.text or "null"))


def _key(text: str) -> ScalarEvent:
    return _scalar(text, _PLAIN.fullmatch(text) is not None)


def _text(text: str) -> ScalarEvent:
    return _scalar(text, _PLAIN.fullmatch(text) is not None and resolved(text) == text)


def _word(text: str) -> ScalarEvent:
    """A number, a truth or nothing."""
    return ScalarEvent(None, None, (True, False), text)


_SCALARS: Final[dict[Callable[[str], ScalarEvent], Callable[[str], ScalarEvent]]] = {
    make: lru_cache(maxsize=REPEATED)(make) for make in (_key, _text, _word)
}


def _event(make: _Make, text: str) -> ScalarEvent:
    """The event of a scalar; that of a short one is remembered, for the files of a folder say much that is the same."""
    return (_SCALARS[make] if len(text) <= SHORT else make)(text)


def _scalar(text: str, plain: bool) -> ScalarEvent:
    """Text, in quotes where it might be read as something else."""
    return ScalarEvent(None, TEXT, (plain, True), text, style=None if plain else '"')


def _is_short(children: Collection[Node], keys: Collection[str] = ()) -> bool:
    """Whether a list or mapping holds plain values only, and fits on a line."""
    if any(isinstance(child.value, (dict, tuple)) for child in children):
        return False
    size = sum(len(child.text) for child in children) + sum(map(len, keys)) + 2 * (len(children) + len(keys))
    return size < WIDTH - 40
