"""The assumption register: every input as it was written, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from simulator.distributions import KINDS
from simulator.given import LOADED, require
from simulator.scenario.model import Scenario
from simulator.scenario.tree import Node, Notes

_NO_INPUTS: Final = frozenset({"scenario", "seed", "schedules"})
"""Sections that assume nothing about the world: its title, the generator's seed, and what is to be decided."""
_LABELS: Final = frozenset({"stage", "phase", "marks"})
"""Keys of a stage or phase that only name it."""
_DISTRIBUTION_KEYS: Final = frozenset(KINDS) | {"truncate"}


@dataclass(frozen=True)
class Assumption:
    """One input: its path, the value as written, and who said so; None where nobody did.

    ``source`` and ``quality`` are those of the nearest enclosing mapping that gives one, ``note`` that of the mapping
    itself.
    """

    path: str
    value: str
    source: str | None = None
    note: str | None = None
    quality: str | None = None


def register(scenario: Scenario) -> tuple[Assumption, ...]:
    """Every input of a scenario in the order of its file, but for its title, its seed and its schedules.

    A distribution and a list of plain values are one input each. A mapping without entries (a department that is
    merely named) is one too. A scenario that was not read from YAML has none.

    Raises:
        StaggerError: it is given no scenario.
    """
    require(scenario, Scenario, "a register needs a scenario", LOADED)
    if scenario.written is None:
        return ()
    tree = scenario.written.tree
    inputs = tree.with_entries({key: child for key, child in tree.items() if key not in _NO_INPUTS})
    return tuple(_inputs(inputs, Notes()))


def _inputs(node: Node, above: Notes) -> Iterator[Assumption]:
    here = Notes(
        source=node.notes.source or above.source,
        note=node.notes.note,
        quality=node.notes.quality or above.quality,
    )
    if _is_input(node):
        note = here.note if node.is_mapping else above.note
        yield Assumption(node.path, as_written(node), here.source, note, here.quality)
    elif node.is_mapping:
        named = "stage" in node.value or "phase" in node.value
        for key, child in node.items():
            if not (named and key in _LABELS):
                yield from _inputs(child, here)
    else:
        for child in node:
            yield from _inputs(child, replace(here, note=above.note))


def _is_input(node: Node) -> bool:
    if node.is_mapping:
        return not node.value or (set(node.value) <= _DISTRIBUTION_KEYS and any(key in KINDS for key in node.value))
    return not isinstance(node.value, tuple) or all(not child.is_mapping for child in node)


def as_written(node: Node) -> str:
    """A value on one line, much as it was written."""
    if node.is_mapping:
        entries = [f"{key}: {as_written(child)}" for key, child in node.items()]
        return entries[0] if len(entries) == 1 and _is_input(node) else "{" + ", ".join(entries) + "}"
    if isinstance(node.value, tuple):
        return "[" + ", ".join(as_written(child) for child in node) + "]"
    return node.text
