"""What each risk, each source of uncertainty and each mitigation changes, in the same futures.

A world in which one thing is different meets the same draws for all else, so that the differences are of that thing
alone (see `Draws.replacing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal, TypeAlias

import numpy as np

from simulator.analysis.estimate import Interval, rank, ratio_interval
from simulator.analysis.paired import Difference, Quantiles, mean_difference, quantiles, share_difference
from simulator.draws import Draws
from simulator.network import compile_network
from simulator.network.build import probability
from simulator.network.values import FloatArray
from simulator.scenario import Scenario
from simulator.scenario.model import Risk
from simulator.scenario.variables import variables
from simulator.streams import Streams
from simulator.studies.drivers.aim import Aim
from simulator.studies.drivers.sources import Source
from simulator.studies.drivers.world import Crew, Played, World

How: TypeAlias = Literal["switched off", "at its median", "mitigated", "not mitigated"]

NEVER_OCCURS: Final = 1.0
"""A uniform at which no risk occurs, for it is below no probability."""
P80: Final = 0.8
AT_ONCE: Final = 4
"""Worlds that one job plays, one after the other, on the same block: they share what it draws."""


@dataclass(frozen=True)
class Variation:
    """A world in which one thing is different."""

    name: str
    how: How
    world: World
    values: Mapping[str, float]
    """Variables that are set."""
    price: float | None = None
    """What a mitigation costs."""

    def play(self, draws: Draws) -> Played:
        """What happens in the futures of some draws."""
        return self.world.play(draws.replacing(self.values) if self.values else draws)


@dataclass(frozen=True)
class Exclusion:
    """What one thing changes; each difference is the world with the change less the world as it is."""

    name: str
    how: How
    effect: Difference
    """On the mean of the outcome."""
    days: Difference
    """On the mean day of go-live (the cluster's, or the last); not live counts as the day after the horizon."""
    p80: Difference
    """On the P80 of the same day; None where either is after the horizon."""
    cost: Difference
    """On the mean cost of the programme, the mitigation's included."""
    price: float | None
    """What the mitigation costs."""
    per_day: float | None
    """The cost of a day saved: the change in cost over the mean days saved; None where none are surely saved."""
    per_day_interval: Interval | None


def variations(world: World, sources: Sequence[Source]) -> tuple[Variation, ...]:
    """Every risk switched off, every mitigation applied (or withdrawn), every source held at its median.

    A source that is a risk of no more than one in two does not occur at its median, which is to be switched off; it
    is not listed twice.
    """
    scenario = world.scenario
    known = variables(scenario)
    found = [
        Variation(name, "switched off", world, dict.fromkeys(_occurrences(scenario, name, risk, known), NEVER_OCCURS))
        for name, risk in scenario.risks.items()
    ]
    found += [_mitigated(world, name, risk) for name, risk in scenario.risks.items() if risk.mitigation]
    seldom = {name for name, risk in scenario.risks.items() if probability(risk) <= 0.5}
    found += [Variation(each.name, "at its median", world, each.medians) for each in sources if each.name not in seldom]
    return tuple(found)


def _occurrences(scenario: Scenario, name: str, risk: Risk, known: Mapping[str, object]) -> list[str]:
    if risk.drawn == "once":
        return [name]
    return [variable for cluster in scenario.clusters if (variable := f"{name}/{cluster}") in known]


def _mitigated(world: World, name: str, risk: Risk) -> Variation:
    scenario = world.scenario
    other = risk.model_copy(update={"mitigated": not risk.mitigated})
    changed = scenario.model_copy(update={"risks": {**scenario.risks, name: other}})
    network = compile_network(changed, world.network.schedule)
    how: How = "not mitigated" if risk.mitigated else "mitigated"
    price = risk.mitigation.cost if risk.mitigation else None
    return Variation(name, how, replace(world, scenario=changed, network=network), {}, price)


class Excluding:
    """Variations, played in as many of the same futures as were asked for so far."""

    def __init__(self, variations: Sequence[Variation], draws: Draws, crew: Crew, aim: Aim) -> None:
        self.variations = variations
        self.draws = draws
        self.crew = crew
        self.aim = aim
        self.played: list[Played] = []
        self.size = 0
        self.found: tuple[Exclusion, ...] = ()

    def until(self, size: int, base: Played) -> tuple[Exclusion, ...]:
        """What each changes of the first ``size`` futures, which are ``base`` as they are; largest effects first."""
        if size > self.size:
            self._play(size)
            self.found = self._exclusions(base)
        return self.found

    def _play(self, size: int) -> None:
        groups = [self.variations[i : i + AT_ONCE] for i in range(0, len(self.variations), AT_ONCE)]
        jobs = [partial(_play_all, group, self.draws) for group in groups]
        new: list[Played] = []
        for blocks in self.crew.over_blocks(jobs, [len(group) for group in groups], self.size, size):
            new += [joined(parts) for parts in zip(*blocks, strict=True)]
        self.played = [joined(both) for both in zip(self.played, new, strict=True)] if self.played else new
        self.size = size

    def _exclusions(self, base: Played) -> tuple[Exclusion, ...]:
        late = _late_quantiles([base, *self.played], self.draws.seed)
        answers = [
            _exclusion(each, base, other, late.difference(str(row), "0"), self.aim)
            for row, (each, other) in enumerate(zip(self.variations, self.played, strict=True), start=1)
        ]
        return tuple(sorted(answers, key=lambda each: -abs(each.effect.value or 0.0)))


def _play_all(group: Sequence[Variation], draws: Draws, first: int, count: int) -> list[Played]:
    block = draws.block(first, count)
    return [each.play(block) for each in group]


def joined(parts: Sequence[Played]) -> Played:
    """Consecutive blocks as one."""
    columns = ([getattr(part, name) for part in parts] for name in ("aim", "days", "cost"))
    return Played(*map(np.concatenate, columns))


def _late_quantiles(worlds: Sequence[Played], seed: int) -> Quantiles:
    """P80 of the go-live in every world, from the same resamples, worlds by number."""
    size = len(worlds[0].days)
    streams = Streams(seed, "random")
    sets = {str(number): world.days for number, world in enumerate(worlds)}
    return quantiles(sets, [P80], lambda number: streams.uniform(f"resample {number}", 0, size))[0]


def _exclusion(found: Variation, base: Played, other: Played, late: Difference, aim: Aim) -> Exclusion:
    days, cost = mean_difference(other.days, base.days), mean_difference(other.cost, base.cost)
    effect = share_difference(other.aim > 0, base.aim > 0) if aim.is_share else mean_difference(other.aim, base.aim)
    after = max(_p80(base.days), _p80(other.days)) > aim.horizon
    per_day, interval = _per_day(other.cost - base.cost, base.days - other.days, days)
    return Exclusion(
        found.name, found.how, effect, days, Difference() if after else late, cost, found.price, per_day, interval
    )


def _p80(days: FloatArray) -> float:
    return float(np.sort(days)[rank(P80, len(days)) - 1])


def _per_day(cost: FloatArray, saved: FloatArray, days: Difference) -> tuple[float | None, Interval | None]:
    """Money over days saved, with its interval; None where it is not sure that days are saved."""
    if days.interval is None or days.interval[1] >= 0:
        return None, None
    mean = float(saved.mean())
    ratio = float(cost.mean()) / mean
    return ratio, ratio_interval(ratio, float((cost - ratio * saved).var(ddof=1)), len(cost), mean)
