"""A briefing says in plain words what is never served, and does not count what there is none of."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from briefings import scenario

import simulator as sg
from simulator.report.content import Bullets
from simulator.report.figures import Album
from simulator.report.risks import risks
from simulator.report.scope import scope
from simulator.report.subject import subject

PACKAGE = Path(sg.__file__).parent
TOLD = [
    *(file for room in ("words", "report", "plots") for file in sorted((PACKAGE / room).rglob("*.py"))),
    PACKAGE / "studies" / "drivers" / "finding.py",
]
"""Modules whose texts stand in a briefing and its figures."""


def _said(of: Any) -> str:
    lines = [block.items if isinstance(block, Bullets) else (getattr(block, "text", ""),) for block in of.blocks]
    return " ".join(line for each in lines for line in each)


def test_departments_are_not_counted_where_there_are_none() -> None:
    about = subject([sg.run(scenario(["Ash", "Birch", "Cedar"]), replications=20)])
    said = _said(scope(about))
    assert "In the model are 3 clusters, on a route of 2 stages;" in said
    assert "0 department" not in said


def test_what_is_stranded_is_said_in_words() -> None:
    poor = {
        "scenario": "Poor",
        "start": "2025-01-01",
        "horizon": "2027-01-01",
        "money": {"unit": "£m"},
        "budgets": {"funding": [{"arrives": "2025-02-01", "amount": 15}]},
        "route": [{"stage": "build", "go_to_market": True, "duration": "90d", "spends": {"funding": 10}}],
        "clusters": {"Ash": {}, "Birch": {}},
        "schedules": {"now": {"all": "2025-03-01"}},
    }
    about = subject([sg.run(sg.parse(json.dumps(poor)), replications=20)])
    said = _said(risks(about, Album(())))
    # 15 is enough for one of them
    assert "Under “now”, “build” in “Birch” never gets its money from “funding” in every future." in said
    assert "stranded: " not in said


@pytest.mark.parametrize("file", TOLD, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_an_apostrophe_that_readers_see_is_a_typographic_one(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone
    ]
    assert not [text for text in texts if re.search(r"[a-z]'(s\b|[ ,.);])", text)]
