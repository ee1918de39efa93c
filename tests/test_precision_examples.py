"""Whoever writes a precision that cannot be read is given examples that the verb takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import simulator as sg

WORLD = """
scenario: small
start: 2025-01-01
horizon: 2027-12-31
deadline: 2025-06-30
resources: {framework: {capacity: 1}}
route: [{stage: tender, go_to_market: true, holds: {framework: 1}, duration: {uniform: [30d, 90d]}, cost: {fixed: 5}}]
clusters: {Alder: {}, Birch: {}}
risks: {challenge: {probability: 30%, delays: {tender: 60d}}}
schedules: {early: {all: 2025-01-01}, late: {all: 2025-03-01}}
"""
CAPACITY = "resources.framework.capacity=1,2"


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        (sg.run, "Alder"),
        (sg.compare, "late"),
        (sg.latest, "Alder"),
        (partial(sg.sweep, vary=CAPACITY), "2"),
        (partial(sg.drivers, indices=0), "challenge"),
    ],
    ids=["run", "compare", "latest", "sweep", "drivers"],
)
@pytest.mark.parametrize("wrong", ["late", "late=x", "p80=-7d"])
def test_the_examples_are_figures_of_the_verb(verb: Callable[..., Any], name: str, wrong: str) -> None:
    scenario = sg.parse(WORLD)
    with pytest.raises(sg.StaggerError) as refused:
        verb(scenario, precision=wrong, replications=50)
    examples = re.findall(r"[\w./]+=[\d.]+(?:%|d|)", str(refused.value).partition("Write for instance")[2])
    assert len(examples) == 4
    assert re.match(r"(NAME|VALUE)/", examples[-1])
    for example in examples:
        precision = re.sub("NAME|VALUE", name, example).rstrip(".")
        verb(scenario, precision=precision, replications=50)
