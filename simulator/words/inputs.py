"""What uncertain inputs, sources of uncertainty and stages are called in a sentence; names are those of variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from simulator.scenario import Scenario, route
from simulator.scenario.model import Cluster, Risk, Stage
from simulator.words.said import quoted

EVERYWHERE: Final = "in every cluster"


def called(name: str, words: Mapping[str, str]) -> str:
    """What an input or source is called; what has no words, as what several have in common, by its name."""
    return words.get(name) or quoted(name)


def inputs_in_words(scenario: Scenario) -> Mapping[str, str]:
    """By the names that `drivers` gives them: ``*/build/duration`` is ``how long “build” takes in every cluster``."""
    return dict(_all(scenario))


def _all(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for name, cluster in scenario.clusters.items():
        yield name, f"all that is uncertain about {quoted(name)}"
        yield f"{name}/joins", f"which departments join in {quoted(name)}"
        yield from _of_stages(name, cluster)
    yield "*/joins", f"which departments join {EVERYWHERE}"
    for name, risk in scenario.risks.items():
        yield from _of_risk(name, risk, scenario)
    for name, tranches in scenario.budgets.items():
        yield name, quoted(name)
        for number in range(1, len(tranches) + 1):
            yield f"{name}/{number}/arrives", f"when part {number} of {quoted(name)} arrives"
            yield f"{name}/{number}/amount", f"how much part {number} of {quoted(name)} is"
    yield from ((f"{name}/capacity", f"the capacity of {quoted(name)}") for name in scenario.resources)
    yield from ((name, f"when {quoted(name)} comes") for name in scenario.milestones)
    yield from _of_legacy(scenario)


def _of_stages(cluster: str, of: Cluster) -> Iterator[tuple[str, str]]:
    for stage, _ in route.ahead(of):
        yield f"{cluster}/{stage.stage}", f"{quoted(stage.stage)} in {quoted(cluster)}"
        for prefix, where in ((cluster, f"in {quoted(cluster)}"), ("*", EVERYWHERE)):
            yield from ((f"{prefix}/{stage.stage}/{what}", f"{words} {where}") for what, words in _of_stage(stage))


def _of_stage(stage: Stage) -> Iterator[tuple[str, str]]:
    name = quoted(stage.stage)
    yield "duration", f"how long {name} takes"
    yield "cost", f"what {name} costs"
    yield "cost/fixed", f"the fixed cost of {name}"
    yield "cost/per_month", f"the monthly cost of {name}"
    if stage.board is not None:
        yield "board", f"what {quoted(stage.board.name)} sends back of {name}"


def _of_risk(name: str, risk: Risk, scenario: Scenario) -> Iterator[tuple[str, str]]:
    yield name, quoted(name)
    if risk.drawn != "once":
        yield from ((f"{name}/{cluster}", f"{quoted(name)} in {quoted(cluster)}") for cluster in scenario.clusters)


def _of_legacy(scenario: Scenario) -> Iterator[tuple[str, str]]:
    every = "every legacy system"
    yield "*/end_of_support", f"when support of {every} ends"
    yield "*/failure", f"how {every} fails"
    for name in scenario.legacy:
        yield f"{name}/end_of_support", f"when support of {quoted(name)} ends"
        yield f"{name}/failure", f"how {quoted(name)} fails"
        yield f"{name}/failure/cost", f"what failures of {quoted(name)} cost"
