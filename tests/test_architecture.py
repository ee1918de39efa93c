"""The house: imports point downwards and never in a circle, and heavy libraries live in their rooms."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "simulator"
MODULES = sorted(PACKAGE.rglob("*.py"))
CONTRIBUTING = PACKAGE.parent / "CONTRIBUTING.md"

RANKS = {
    "errors": 0,
    "days": 0,
    "compiled": 0,
    "regular": 0,
    "given": 0,
    "interrupts": 0,
    "distributions": 1,
    "scenario": 1,
    "network": 2,
    "streams": 3,
    "copula": 3,
    "draws": 3,
    "failures": 3,
    "inputs": 3,
    "timeline": 4,
    "uncertainty": 4,
    "engines": 5,
    "outcomes": 6,
    "analysis": 7,
    "summary": 7,
    "wording": 8,
    "words": 8,
    "trace": 8,
    "workers": 8,
    "store": 8,
    "result": 8,
    "run": 8,
    "studies": 9,
    "reopen": 9,
    "batch": 9,
    "diff": 9,
    "plots": 10,
    "report": 10,
    "cli": 11,
    "__main__": 11,
    "__init__": 12,
}
"""A room may import those of lower ranks, and of its own rank those from which no way leads back to it."""

HANDED_ON = {(answer, teller) for answer in ("result", "studies") for teller in ("plots", "report")}
"""Rooms that point upwards, and to what: an answer has its figures and its briefing at a dot (`result.plot`,
`comparison.report`), looked up by name when they are asked for. It is worked out without them, and could be if there
were none: a notebook wants `result.plot`, not a second import.
"""

HOMES = {
    "simpy": {"engines/events/calendar.py"},
    "ruamel": {"scenario/events.py", "scenario/read.py"},
    "yaml": {"scenario/events.py", "scenario/write.py"},
    "numpy.random": {"streams.py"},
    "numba": {"compiled.py", "engines/kernel.py"},
    "matplotlib": {"plots"},
    "click": {"cli"},
    "distributed": {"workers/cluster.py"},
    "jinja2": {"report"},
    "docx": {"report"},
    "PIL": {"report"},
    "xlsxwriter": {"report"},
}
"""The only places that may import a library; a folder stands for all its files."""

LONGEST_FUNCTION = 60


@dataclass(frozen=True)
class Import:
    """A module or a name in one, `simulator.run.run`, that a module imports, anywhere in it."""

    name: str
    line: int
    for_types: bool = False
    """Whether it is only for type checkers, and not there when the program runs."""
    by_name: bool = False
    """Whether it is looked up with `import_module`."""

    @property
    def ours(self) -> bool:
        """Whether it is of this package; its version, which any room may tell, is not counted."""
        return self.name.partition(".")[0] == "simulator" and self.name != "simulator.__version__"

    @property
    def room(self) -> str:
        """The room below `simulator`, the package itself for names that it hands on."""
        part = self.name.split(".")[1] if "." in self.name else "__init__"
        return part if part in RANKS else "__init__"


def imports(text: str) -> Iterator[Import]:
    """What the text of a module imports: at its head, inside functions, by name, and for types alone."""
    tree = ast.parse(text)
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, id(node) in for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno} imports from a place without a name"
            yield from (Import(f"{node.module}.{a.name}", node.lineno, id(node) in for_types) for a in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            called = node.args[0]
            if isinstance(called, ast.Constant):
                yield Import(str(called.value), node.lineno, by_name=True)


def imports_of(path: Path) -> list[Import]:
    return list(imports(path.read_text(encoding="utf-8")))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def dotted(path: Path) -> str:
    """The name of a module: `simulator.studies.drivers` for the `__init__` of that folder."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def is_handed_on(path: Path, each: Import) -> bool:
    return each.by_name and (room_of(path), each.room) in HANDED_ON


def run_by(module: str, name: str, known: Collection[str]) -> set[str]:
    """Modules that run when a module imports a name, but for the packages that it lies in: they run already."""
    own = name if name in known else name.rpartition(".")[0]
    parts = own.split(".")
    around = {".".join(parts[:n]) for n in range(1, len(parts))}
    return {own} | {package for package in around if not f"{module}.".startswith(f"{package}.")}


def way_back(arrows: Mapping[str, Collection[str]]) -> str:
    """A way from a node along arrows back to it; empty where there is none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return " -> ".join(reversed(error.args[1]))
    return ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_to_a_lower_rank(path: Path) -> None:
    up = [
        f"{path.name}:{each.line} imports {each.name}"
        for each in imports_of(path)
        if each.ours and RANKS[each.room] > RANKS[room_of(path)] and not is_handed_on(path, each)
    ]
    assert not up


def test_no_way_leads_back_to_a_room() -> None:
    """Not even through an import inside a function or for types: who reads one room need not have read the other."""
    arrows: dict[str, set[str]] = {name: set() for name in RANKS}
    for path in MODULES:
        rooms = {each.room for each in imports_of(path) if each.ours and not is_handed_on(path, each)}
        arrows[room_of(path)] |= rooms - {room_of(path)}
    circle = way_back(arrows)
    assert not circle


def test_no_way_leads_back_to_a_module() -> None:
    """Nor within a room, through imports inside functions; two modules may know each other's types."""
    known = {dotted(path) for path in MODULES}
    arrows = {
        dotted(path): {
            module
            for each in imports_of(path)
            if each.ours and not each.for_types and not is_handed_on(path, each)
            for module in run_by(dotted(path), each.name, known)
        }
        for path in MODULES
    }
    circle = way_back(arrows)
    assert not circle


def test_what_is_handed_on_is_all_there() -> None:
    """An exception that nothing needs any longer goes."""
    found = {(room_of(path), each.room) for path in MODULES for each in imports_of(path) if is_handed_on(path, each)}
    assert found == HANDED_ON


def test_an_import_is_seen_wherever_it_stands() -> None:
    text = """
from typing import TYPE_CHECKING
import simulator as sg
if TYPE_CHECKING:
    from simulator.run import run
class A:
    def b(self):
        from simulator import studies, __version__
        return lambda: import_module("simulator.plots").Plots
"""
    found = {(each.room, each.for_types, each.by_name) for each in imports(text) if each.ours}
    assert found == {
        ("__init__", False, False),
        ("run", True, False),
        ("studies", False, False),
        ("plots", False, True),
    }


def test_a_way_back_is_found() -> None:
    """As it once was: a run asked studies, whose drivers asked, inside a function, for what a run had asked for."""
    arrows = {"run": {"reach"}, "reach": {"drivers"}, "drivers": {"widths"}, "widths": {"reach"}}
    assert way_back(arrows) == "reach -> drivers -> widths -> reach"
    assert not way_back({"run": {"reach"}, "drivers": {"widths", "reach"}, "widths": {"reach"}})


def test_importing_from_a_package_runs_what_it_hands_on() -> None:
    known = {"simulator", "simulator.studies", "simulator.studies.drivers", "simulator.studies.drivers.sources"}
    deep = "simulator.studies.drivers.sources.Source"
    assert run_by("simulator.studies.reach", deep, known) == {
        "simulator.studies.drivers.sources",
        "simulator.studies.drivers",
    }
    assert run_by("simulator.studies.drivers.study", deep, known) == {"simulator.studies.drivers.sources"}


def test_the_table_for_contributors_is_this_one() -> None:
    rows = re.findall(r"^\| (\d+) \| (`.*?) \|", CONTRIBUTING.read_text(encoding="utf-8"), re.MULTILINE)
    told = {room: int(rank) for rank, rooms in rows for room in re.findall("`(.*?)`", rooms)}
    assert told == {room: rank for room, rank in RANKS.items() if not room.startswith("__")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    place = path.relative_to(PACKAGE)
    strays = [
        f"{place}:{each.line} imports {each.name}"
        for each in imports_of(path)
        for library, homes in HOMES.items()
        if f"{each.name}.".startswith(f"{library}.")
        and not each.for_types
        and str(place) not in homes
        and place.parts[0] not in homes
    ]
    assert not strays


def test_there_is_no_room_for_odds_and_ends() -> None:
    banned = {"utils", "helpers", "common", "base", "core", "config"}
    assert not {path.stem for path in MODULES} & banned


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_stay_short(path: Path) -> None:
    long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long
