"""What a value of a scenario is called in a sentence: ``the capacity of “framework”``. Its path is for files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from simulator.scenario import Scenario
from simulator.scenario.tree import Node
from simulator.wording import count
from simulator.words.said import name, on_date, quoted

EVERY: Final = {
    "clusters": "every cluster",
    "resources": "every resource",
    "budgets": "every budget",
    "boards": "every board",
    "windows": "every window",
    "milestones": "every event",
    "risks": "every risk",
    "legacy": "every legacy system",
    "schedules": "every schedule",
}
"""What `*` stands for in each section."""
NAMING: Final = {
    "holds": "the units of {other} that {of} holds",
    "spends": "the amount of {other} that {of} spends",
    "delays": "the delay of {other} by {of}",
    "stretches": "the stretching of {other} by {of}",
}
"""How a value is called whose key is a name from elsewhere."""
SAID: Final = {
    "every": "interval",
    "meets every": "interval between meetings",
    "mitigated": "mitigation",
    "pass": "chance of passing",
    "joins": "chance of joining",
}
"""Keys that are no nouns."""
LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(d|w|mo|y)")
UNITS: Final = {"d": "day", "w": "week", "mo": "month", "y": "year"}


def path_in_words(path: str, scenario: Scenario) -> str:
    """The value that a path leads to, with an article: ``the duration of “build” in every cluster``."""
    section, *keys = _keys(None if scenario.written is None else scenario.written.raw, path)
    if section == "route" and len(keys) > 1:
        return _of(_named(keys[0]), keys[1:])
    if section == "routes" and len(keys) > 2:
        return _of(f"{_named(keys[1])} in {_named(keys[0])}", keys[2:])
    if section == "clusters" and len(keys) > 3 and keys[1] in ("stages", "departments"):
        return _of(f"{_named(keys[2])} in {_named(keys[0], section)}", keys[3:])
    if section == "schedules" and len(keys) == 2 and keys[1] in (*scenario.clusters, "*"):
        return f"the date of {_named(keys[1], 'clusters')} under {_named(keys[0], section)}"
    if section == "budgets" and len(keys) > 2:
        return _of(f"part {keys[1]} of {_named(keys[0], section)}", keys[2:])
    if section in EVERY and keys:
        return _of(_named(keys[0], section), keys[1:])
    return f"the {_plain(keys or [section])}"


def value_in_words(value: str) -> str:
    """A value, as it is written in a file, in a sentence: ``31 March 2030``, ``6 months``; others as they are."""
    if found := LENGTH.fullmatch(value.strip()):
        number = float(found[1])
        return count(int(number), UNITS[found[2]]) if number.is_integer() else f"{found[1]} {UNITS[found[2]]}s"
    try:
        return on_date(date.fromisoformat(value))
    except ValueError:
        return name(value)


def with_value(words: str, value: str) -> str:
    """A value by what its path is called: ``the deadline on 31 March 2030``, ``the capacity of “framework” at 3``."""
    said = value_in_words(value)
    return f"{words} {'on' if said.endswith(value[:4]) and value[4:5] == '-' else 'at'} {said}"


def _of(whose: str, keys: Sequence[str]) -> str:
    if len(keys) == 2 and keys[0] in NAMING:
        return NAMING[keys[0]].format(other=_named(keys[1]), of=whose)
    return f"the {_plain(keys or ['value'])} of {whose}"


def _named(key: str, section: str = "") -> str:
    return EVERY.get(section, "each of them") if key == "*" else quoted(key)


def _plain(keys: Sequence[str]) -> str:
    """Keys of the language, or of a stranger, as words."""
    words = " ".join(keys).replace("_", " ")
    return SAID.get(words, name(words))


def _keys(tree: Node | None, path: str) -> list[str]:
    """The keys that a path is made of, which may have dots in them themselves; what is not written has none."""
    found: list[str] = []
    node, rest = tree, path
    while rest:
        known = {} if node is None else _children(node, found)
        fitting = [key for key in known if rest == key or rest.startswith(f"{key}.")]
        key = max(fitting, key=len) if fitting else rest.partition(".")[0]
        node = next(iter(known.values()), None) if key == "*" else known.get(key)
        found.append(key)
        rest = rest[len(key) + 1 :]
    return found


def _children(node: Node, above: Sequence[str]) -> Mapping[str, Node]:
    """What lies under a node, by name: stages and phases of a route, and items of other lists by number."""
    if node.is_mapping:
        return dict(node.items())
    if list(above) == ["route"] or (len(above) == 2 and above[0] == "routes"):
        return {key: item for each in node for key, item in _stages(each)}
    return {str(number): item for number, item in enumerate(node, 1)}


def _stages(item: Node) -> list[tuple[str, Node]]:
    named = item.get("stage") or item.get("phase")
    here = [] if named is None else [(named.text, item)]
    return here + [each for child in item.get("stages") or () for each in _stages(child)]
