"""A scenario as YAML again: what is read from it is what was written, whatever the names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator as sg
from simulator.scenario import digest, load, parse, register
from simulator.scenario.read import read_text
from simulator.scenario.tree import Node
from simulator.scenario.write import as_files, as_yaml

SHIPPED = sorted(Path("scenarios").glob("*.yaml"))
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"), max_size=60)
KEYS = TEXTS.filter(lambda text: text != "<<")
SCALARS = TEXTS | st.integers(-(10**9), 10**9) | st.booleans() | st.none() | st.floats(allow_nan=False)
AWKWARD = [
    "NO",
    "on",
    "~",
    "null",
    "1e3",
    "0x1F",
    ".inf",
    "2023-05-01",
    " lead",
    "trail ",
    "a: b",
    "- a",
    "#c",
    "'",
    '"',
]


def _node(value: Any) -> Node:
    """A tree from plain data, numbers written as Python writes them."""
    if isinstance(value, dict):
        return Node({key: _node(child) for key, child in value.items()})
    if isinstance(value, list):
        return Node(tuple(_node(child) for child in value))
    words = {None: "null", True: "true", False: "false", float("inf"): ".inf", float("-inf"): "-.inf"}
    plain = isinstance(value, (bool, type(None))) or value in (float("inf"), float("-inf"))
    return Node(value, text=value if isinstance(value, str) else words[value] if plain else repr(value))


@given(st.dictionaries(KEYS, st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))))
def test_any_tree_is_read_back(plain: dict[str, Any]) -> None:
    tree = _node({"scenario": "x", **plain})
    assert read_text(as_yaml(tree), "").plain() == tree.plain()


@pytest.mark.parametrize("text", [*AWKWARD, "two\nlines\n", "tab\tin", "x" * 500, "\u2028", "\u200f", "🙂", "=cmd()"])
def test_text_stays_text(text: str) -> None:
    tree = _node({"scenario": text, text: [text]})
    assert read_text(as_yaml(tree), "").plain() == tree.plain()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_the_same_with_its_register(path: Path, tmp_path: Path) -> None:
    scenario = load(path)
    for name, text in as_files(scenario).items():
        (tmp_path / name).write_text(text)
    again = load(tmp_path / "scenario.yaml")
    assert digest(again) == digest(scenario)
    assert register(again) == register(scenario)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_file_that_says_it_all_is_kept_with_its_comments(path: Path) -> None:
    assert as_files(load(path)) == {"scenario.yaml": path.read_text()}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_tree_of_a_shipped_scenario_says_it_all(path: Path) -> None:
    scenario = load(path)
    assert scenario.written is not None
    again = parse(as_yaml(scenario.written.raw))
    assert digest(again) == digest(scenario)
    assert register(again) == register(scenario)


def test_what_was_changed_is_written() -> None:
    scenario = sg.change(load("scenarios/two-clusters.yaml"), {"clusters.Alder.priority": 3})
    again = parse(as_files(scenario)["scenario.yaml"])
    assert (again.clusters["Alder"].priority, digest(again)) == (3, digest(scenario))


def test_a_scenario_made_in_python_is_refused() -> None:
    scenario = load("scenarios/two-clusters.yaml").model_copy()
    scenario = type(scenario).model_construct(**{name: getattr(scenario, name) for name in type(scenario).model_fields})
    with pytest.raises(sg.StaggerError, match="only a scenario that was read from YAML can be written"):
        as_files(scenario)


def test_the_width_of_a_line_changes_nothing() -> None:
    tree = _node({"scenario": "x", "list": [f"name {number} with words" for number in range(40)]})
    assert read_text(as_yaml(tree), "").plain() == tree.plain()
