"""What a scenario is uncertain about, in the terms in which a planner knows it.

A scenario has hundreds of variables: every hearing of every board, fifty failures of every legacy system. They
are gathered into **inputs** (`Matrix/tender/duration`, `legal challenge/Synergy`, `framework/capacity`). No variable
is left out that can change anything, which a test holds.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from simulator.distributions import Distribution, is_constant
from simulator.network.build import probability
from simulator.scenario import Scenario, route
from simulator.scenario.model import Cluster, Risk, Stage, StageBoard
from simulator.scenario.variables import MOST_FAILURES, variables
from simulator.uncertainty.readings import (
    Reading,
    befallen,
    drawn,
    failing,
    failures_paid,
    joining,
    returned,
)

EVEN: Final = 0.5


@dataclass(frozen=True)
class Input:
    """Something uncertain that goes by one name."""

    name: str
    meaning: str
    """What its reading is."""
    across: str
    """What it goes by together with its like in other clusters: `*/tender/duration`."""
    cluster: str
    """Its cluster; empty for what belongs to none."""
    variables: tuple[str, ...]
    medians: Mapping[str, float]
    """What its variables are set to where it is held at its median."""
    reading: Reading


def inputs_of(scenario: Scenario) -> tuple[Input, ...]:
    """Everything that a scenario is uncertain about, clusters first, in file order."""
    known = variables(scenario)
    found = [
        *(each for name, cluster in scenario.clusters.items() for each in _of_cluster(name, cluster)),
        *(each for name, risk in scenario.risks.items() for each in _of_risk(scenario, name, risk, known)),
        *_of_supply(scenario),
        *_of_legacy(scenario, known),
    ]
    return tuple(found)


def median(distribution: Distribution) -> float:
    """The value that is not exceeded in half of all futures."""
    return float(distribution.ppf(np.array(EVEN)))


def _plain(name: str, distribution: Distribution, meaning: str, across: str, cluster: str = "") -> Iterator[Input]:
    """An input of one variable."""
    if not is_constant(distribution):
        reading = partial(drawn, (name,))
        yield Input(name, meaning, across, cluster, (name,), {name: median(distribution)}, reading)


def _of_cluster(name: str, cluster: Cluster) -> Iterator[Input]:
    chances = [(f"{name}/{of}/joins", d.joins) for of, d in cluster.departments.items() if 0 < d.joins < 1]
    if chances:
        names = tuple(variable for variable, _ in chances)
        reading = partial(joining, tuple(chances))
        medians = dict.fromkeys(names, EVEN)
        yield Input(f"{name}/joins", "departments that join", "*/joins", name, names, medians, reading)
    for stage, _ in route.ahead(cluster):
        path = f"{name}/{stage.stage}"
        waves = [f"{path}/{wave}" for wave in cluster.departments] if stage.for_each else []
        yield from _of_stage(name, stage, tuple(waves) or (path,))


def _of_stage(cluster: str, stage: Stage, activities: tuple[str, ...]) -> Iterator[Input]:
    path, across = f"{cluster}/{stage.stage}", f"*/{stage.stage}"
    if not is_constant(stage.duration):
        names = tuple(f"{activity}/duration" for activity in activities)
        meaning = "days of work" if len(names) == 1 else "days of work, all waves"
        medians = dict.fromkeys(names, median(stage.duration))
        yield Input(f"{path}/duration", meaning, f"{across}/duration", cluster, names, medians, partial(drawn, names))
    if stage.board is not None and stage.board.returns > 0 and stage.board.pass_ < 1:
        yield from _of_board(cluster, stage.board, path, activities, f"{across}/board")
    for kind in ("fixed", "per_month"):
        yield from _plain(f"{path}/cost/{kind}", getattr(stage.cost, kind), "money", f"{across}/cost", cluster)


def _of_board(cluster: str, board: StageBoard, path: str, activities: tuple[str, ...], across: str) -> Iterator[Input]:
    hearings = range(1, board.returns + 1)
    certain = is_constant(board.rework)
    if board.pass_ == 0 and certain:
        return
    passes = _median_returns(board)
    medians = {f"{a}/board/{k}": 1.0 if k <= passes else 0.0 for a in activities for k in hearings}
    if not certain:
        medians |= {f"{a}/rework/{k}": median(board.rework) for a in activities for k in hearings}
    meaning = "days of rework and returns by the board"
    yield Input(f"{path}/board", meaning, across, cluster, tuple(medians), medians, partial(returned, activities))


def _median_returns(board: StageBoard) -> int:
    """The least number of returns that is not exceeded in half of all futures: 1 − (1 − pass)^(m + 1) ≥ ½."""
    if board.pass_ == 0:
        return board.returns
    return min(max(math.ceil(math.log(EVEN) / math.log1p(-board.pass_) - 1 - 1e-9), 0), board.returns)


def _of_risk(scenario: Scenario, name: str, risk: Risk, known: Collection[str]) -> Iterator[Input]:
    if probability(risk) == 0:
        return
    befalls = scenario.clusters if risk.clusters == "all" else risk.clusters
    occurrences = [(name, "")] if risk.drawn == "once" else [(f"{name}/{cluster}", cluster) for cluster in befalls]
    for occurrence, cluster in occurrences:
        sizes = [
            (variable, distribution)
            for kind, effects in (("delay", risk.delays), ("stretch", risk.stretches))
            for stage, distribution in effects.items()
            if (variable := f"{occurrence}/{kind}/{stage}") in known
        ]
        medians = {variable: median(of) for variable, of in sizes if not is_constant(of)}
        if sizes and probability(risk) < 1:
            medians[occurrence] = EVEN
        if medians:
            reading = partial(befallen, occurrence)
            yield Input(occurrence, "days that the risk adds", name, cluster, tuple(medians), medians, reading)


def _of_supply(scenario: Scenario) -> Iterator[Input]:
    for name, tranches in scenario.budgets.items():
        for number, tranche in enumerate(tranches, start=1):
            yield from _plain(f"{name}/{number}/arrives", tranche.arrives, "day on which the money arrives", name)
            yield from _plain(f"{name}/{number}/amount", tranche.amount, "money", name)
    for name, resource in scenario.resources.items():
        yield from _plain(f"{name}/capacity", resource.capacity, "units", f"{name}/capacity")
    for name, day in scenario.milestones.items():
        yield from _plain(name, day, "day on which it comes", name)


def _of_legacy(scenario: Scenario, known: Collection[str]) -> Iterator[Input]:
    by = scenario.horizon if scenario.deadline is None else min(scenario.deadline, scenario.horizon)
    for system, (name, of) in enumerate(scenario.legacy.items()):
        if of.end_of_support is not None:
            end = of.end_of_support
            yield from _plain(f"{name}/end_of_support", end, "day on which support ends", "*/end_of_support")
        if f"{name}/failure/1" in known:
            lengths = _failures(name, "/disrupts", of.failure.disrupts)
            medians = dict(zip(_numbered(name), _median_gaps(), strict=True)) | lengths
            meaning = "days of disruption and failures by the deadline"
            reading: Reading = partial(failing, system, by)
            yield Input(f"{name}/failure", meaning, "*/failure", "", tuple(medians), medians, reading)
            costs = _failures(name, "/cost", of.failure.cost)
            if costs:
                paid = partial(failures_paid, system, by, name)
                meaning = "money for failures by the deadline"
                yield Input(f"{name}/failure/cost", meaning, "*/failure", "", tuple(costs), costs, paid)


def _numbered(name: str) -> Sequence[str]:
    return [f"{name}/failure/{number}" for number in range(1, MOST_FAILURES + 1)]


def _failures(name: str, what: str, distribution: Distribution) -> dict[str, float]:
    if is_constant(distribution):
        return {}
    return dict.fromkeys((f"{failure}{what}" for failure in _numbered(name)), median(distribution))


def _median_gaps() -> list[float]:
    """Unit exponentials that put the K-th failure at its own median, that of a gamma distribution of shape K."""
    from scipy.special import gammaincinv

    medians = gammaincinv(np.arange(1, MOST_FAILURES + 1), EVEN)
    gaps: list[float] = np.diff(medians, prepend=0.0).tolist()
    return gaps
