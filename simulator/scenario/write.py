"""A scenario as files again: its YAML as it was merged and changed, and the observations that it names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

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
from simulator.scenario.read import resolved
from simulator.scenario.tree import Node

WIDTH: Final = 120
TEXT: Final = "tag:yaml.org,2002:str"
"""What text is; never written out, but the emitter asks for it where text is empty."""

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
    tree = _with_tables(scenario.written.raw, tables)
    text = scenario.written.text if comments and not tables.texts else None
    return {f"{name}.yaml": as_yaml(tree) if text is None else text, **tables.texts}


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
    file, column = node.get("empirical", "file"), node.get("empirical", "column")
    entries = {key: _with_tables(child, tables) for key, child in node.items()}
    if file is not None and column is not None:
        here = tables.named(file.text, column.text)
        given = entries["empirical"]
        entries["empirical"] = given.with_entries({**given.value, "file": file.but(value=here, text=here)})
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
    if node.is_mapping:
        add(MappingStartEvent(None, None, implicit=True, flow_style=_is_short(node)))
        for key, child in node.items():
            add(_scalar(key, _PLAIN.fullmatch(key) is not None))
            _add_events(child, add)
        add(MappingEndEvent())
    elif isinstance(node.value, tuple):
        add(SequenceStartEvent(None, None, implicit=True, flow_style=_is_short(node)))
        for child in node:
            _add_events(child, add)
        add(SequenceEndEvent())
    elif isinstance(node.value, str):
        add(_scalar(node.value, _PLAIN.fullmatch(node.value) is not None and resolved(node.value) == node.value))
    else:
        add(ScalarEvent(None, None, (True, False), node.text or "null"))


def _scalar(text: str, plain: bool) -> ScalarEvent:
    """Text, in quotes where it might be read as something else."""
    return ScalarEvent(None, TEXT, (plain, True), text, style=None if plain else '"')


def _is_short(node: Node) -> bool:
    """Whether a list or mapping holds plain values only, and fits on a line."""
    children = [*node, *(child for _, child in node.items())]
    size = sum(len(child.text) + 2 for child in children) + sum(len(key) + 2 for key, _ in node.items())
    return size < WIDTH - 40 and not any(child.is_mapping or isinstance(child.value, tuple) for child in children)
