"""The house: imports point to a lower rank only, and heavy libraries live in their rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "simulator"
MODULES = sorted(PACKAGE.rglob("*.py"))

RANKS = {
    "errors": 0,
    "days": 0,
    "compiled": 0,
    "regular": 0,
    "distributions": 1,
    "scenario": 1,
    "network": 2,
    "streams": 3,
    "copula": 3,
    "draws": 3,
    "failures": 3,
    "inputs": 3,
    "timeline": 4,
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
    "reopen": 8,
    "studies": 8,
    "batch": 8,
    "diff": 8,
    "plots": 9,
    "report": 9,
    "cli": 10,
    "__main__": 10,
    "__init__": 11,
}
"""A room may import its own rank and those below, but for what is named in `KNOWN`."""

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


def room(module: str) -> str:
    """The room of a dotted name below `simulator`, the package itself for names that it hands on."""
    part = module.split(".")[1] if "." in module else "__init__"
    return part if part in RANKS else "__init__"


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Dotted names that a module imports, with their lines; those only for types left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_to_a_lower_rank(path: Path) -> None:
    own = RANKS[path.relative_to(PACKAGE).parts[0].removesuffix(".py")]
    up = [
        f"{path.name}:{line} imports {name}"
        for name, line in imports(path)
        if name.startswith("simulator.") and name != "simulator.__version__" and RANKS[room(name)] > own
    ]
    assert not up


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    place = path.relative_to(PACKAGE)
    strays = [
        f"{place}:{line} imports {name}"
        for name, line in imports(path)
        for library, homes in HOMES.items()
        if (name == library or name.startswith(f"{library}."))
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
