"""One YAML file to a scenario, or to all that is wrong with it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from simulator.errors import ScenarioError
from simulator.given import PATH, require
from simulator.scenario.assemble import assemble
from simulator.scenario.check import check
from simulator.scenario.inherit import inherited
from simulator.scenario.model import Scenario, Written
from simulator.scenario.read import read_file, read_text
from simulator.scenario.schedule import read_schedules
from simulator.scenario.tree import Node, settle


def load(path: str | os.PathLike[str], outside: bool = False) -> Scenario:
    """The scenario in a YAML file; ``outside`` lets it name files outside its folder.

    Raises:
        ScenarioError: everything that is wrong with the file, each with its place.
    """
    require(path, PATH, "a scenario is loaded from a file", "Give its path, or its text to parse.")
    where = Path(path)
    return parse(read_file(where), str(path), where.resolve().parent, outside)


def parse(text: str, file: str = "<text>", folder: Path | None = None, outside: bool = False) -> Scenario:
    """The scenario in a YAML text; ``folder`` is where the files that it names lie, or, with ``outside``, begin.

    Raises:
        ScenarioError: everything that is wrong with the text, each with its place.
    """
    require(text, str, "a scenario is parsed from a text", "Give it, or the path of a file to load.")
    tree, bases = inherited(read_text(text, file), file, folder, outside)
    return build(tree, Written(file, folder, tree, tree, outside, bases, None if bases else text))


def build(tree: Node, written: Written) -> Scenario:
    """The scenario that a tree describes, otherwise written as another was."""
    file = written.file
    settled, wrong = settle(tree)
    faults = [replace(fault, file=(fault.file or file) if fault.line else "") for fault in wrong]
    work, scenario = assemble(settled, file, written.folder, written.outside)
    if scenario is not None:
        check(work, scenario)
    if scenario is not None and work.complete:
        schedules = read_schedules(scenario, work.tree.get("schedules"), file, work.add)
        scenario = scenario.model_copy(update={"schedules": schedules})
    empty = {(fault.file, fault.line, fault.column) for fault in faults if fault.line}
    faults += [fault for fault in work.faults if (fault.file, fault.line, fault.column) not in empty]
    if faults or scenario is None:
        raise ScenarioError(faults)
    text = written.text if tree is written.raw else None
    return scenario.made_of(replace(written, raw=tree, tree=settled, text=text))
