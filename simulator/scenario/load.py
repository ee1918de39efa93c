"""One YAML file to a scenario, or to all that is wrong with it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from simulator.errors import ScenarioError
from simulator.scenario.assemble import assemble
from simulator.scenario.check import check
from simulator.scenario.model import Scenario, Written
from simulator.scenario.read import read_file, read_text
from simulator.scenario.schedule import read_schedules
from simulator.scenario.tree import Node, settle


def load(path: str | os.PathLike[str]) -> Scenario:
    """The scenario in a YAML file.

    Raises:
        ScenarioError: everything that is wrong with the file, each with its place.
    """
    where = Path(path)
    return parse(read_file(where), str(path), where.resolve().parent)


def parse(text: str, file: str = "<text>", folder: Path | None = None) -> Scenario:
    """The scenario in a YAML text; ``folder`` is where the files that it names lie.

    Raises:
        ScenarioError: everything that is wrong with the text, each with its place.
    """
    return build(read_text(text, file), file, folder)


def build(tree: Node, file: str, folder: Path | None) -> Scenario:
    """The scenario that a tree describes."""
    settled, wrong = settle(tree)
    faults = [replace(fault, file=file if fault.line else "") for fault in wrong]
    work, scenario = assemble(settled, file, folder)
    if scenario is not None:
        check(work, scenario)
    if scenario is not None and work.complete:
        schedules, found = read_schedules(scenario, work.tree.get("schedules"), file)
        work.faults += found
        scenario = scenario.model_copy(update={"schedules": schedules})
    empty = {(fault.line, fault.column) for fault in faults if fault.line}
    faults += [fault for fault in work.faults if (fault.line, fault.column) not in empty]
    if faults or scenario is None:
        raise ScenarioError(faults)
    return scenario.made_of(Written(file, folder, tree, settled))
