"""Correlations: the variables that their patterns name."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import Final

from simulator.scenario.assemble import Assembly
from simulator.scenario.faults import near
from simulator.scenario.model import Scenario
from simulator.scenario.tree import Node
from simulator.scenario.variables import variables

MOST_PATTERNS: Final = 200


def check_correlations(work: Assembly, scenario: Scenario) -> None:
    """Refuse correlations that name no variable, or only one."""
    listed = work.tree.get("correlations")
    if listed is None or not isinstance(listed.value, tuple):
        return
    patterns = sum(len(list(entry.get("of") or ())) for entry in listed)
    if patterns > MOST_PATTERNS:
        work.refuse(listed, f"correlations must not have more than {MOST_PATTERNS} patterns", patterns)
        return
    names = list(variables(scenario))
    for entry in listed:
        _check_entry(work, entry, names)


def _check_entry(work: Assembly, entry: Node, names: list[str]) -> None:
    patterns = entry.get("of")
    matched: set[str] = set()
    for pattern in patterns or ():
        if not isinstance(pattern.value, str):
            continue
        hits = list(filter(re.compile(translate(pattern.value)).match, names))
        matched.update(hits)
        if not hits:
            plain = pattern.value.replace("*", "")
            remedy = near(
                pattern.value if len(plain) == len(pattern.value) else "*" + plain, _shapes(names, pattern.value)
            )
            work.refuse(pattern, "must match the name of a variable", None, remedy if remedy.startswith("Did") else "")
    if patterns is not None and len(matched) == 1:
        work.refuse(patterns, "a correlation needs at least two variables", next(iter(matched)))


def _shapes(names: list[str], pattern: str) -> list[str]:
    """What might have been meant: names, or with a leading *, names without their first part."""
    if not pattern.startswith("*/"):
        return names
    return list(dict.fromkeys("*/" + name.partition("/")[2] for name in names if "/" in name))
