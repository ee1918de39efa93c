"""The study itself: play, look into what was played, play with one thing different, and again by Saltelli's design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from numbers import Integral
from typing import Final

import numpy as np

from simulator.analysis.estimate import rank
from simulator.analysis.sensitivity import means_in_tails, rank_correlation
from simulator.analysis.stopping import MOST, Precision, looks
from simulator.draws import Draws
from simulator.errors import StaggerError
from simulator.given import LOADED, require
from simulator.network import compile_network
from simulator.network.values import FloatArray
from simulator.scenario import Scenario
from simulator.streams import natural_block
from simulator.studies.drivers.aim import Aim
from simulator.studies.drivers.answer import Bar, Drivers, Level
from simulator.studies.drivers.criticality import stages_critical, what_bound
from simulator.studies.drivers.exclusion import P80, Excluding, joined, variations
from simulator.studies.drivers.sources import Source, sources
from simulator.studies.drivers.variance import LEAST_ROWS, Design
from simulator.studies.drivers.widths import EXAMPLES, INDICES, half_widths, precision_of
from simulator.studies.drivers.world import Crew, Looked, Played, World
from simulator.studies.futures import Futures, Progress
from simulator.uncertainty import Input, inputs_of
from simulator.workers import Asked

ROWS: Final = 2048
"""Rows of Saltelli's design: the standard error of a first-order index is then about 0.03 at most."""


def drivers(
    scenario: Scenario,
    of: str = "finish",
    cluster: str | None = None,
    by: str = "stage",
    schedule: str | None = None,
    indices: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
    workers: Asked = None,
    precision: str | None = None,
    progress: Progress | None = None,
) -> Drivers:
    """What drives an outcome under a schedule (the first where none is named), and what is worth fixing first.

    ``of`` is an outcome of the programme (finish, on_time, days_late, unsupported_days, days_past_contract, failures,
    cost, savings, npv), or of ``cluster`` (go_live, award, first_live, … too). Sources of uncertainty are inputs
    gathered ``by`` stage across clusters, by cluster, or each input by itself. ``indices`` is the number of futures in
    Saltelli's design for Sobol's indices, 2,048 (or ``replications`` where that is less) where not given; 0 leaves
    them out, and so do fewer replications than 64, the least for a design. What has not happened by the horizon counts
    as the day after it.

    With a ``precision`` such as ``effect=2d`` or ``challenge/p80=7d`` (`simulator.studies.drivers.widths` has all
    figures) futures are added until that figure's interval is no wider to either side, whatever it is of; with
    ``first=2%`` or ``total=2%`` it is rows of the design that are added. ``replications``, or ``indices``, is then the
    most, 1,000,000 where not given.

    Raises:
        StaggerError: there is no such outcome, cluster, grouping or schedule, or an option is wrong.
    """
    require(scenario, Scenario, "a study of drivers needs a scenario", LOADED)
    aim = Aim.of(scenario, of, cluster)
    wanted = precision_of(precision, aim)
    grows = wanted is not None and wanted.measure in INDICES
    futures = Futures.of(replications, seed, sampling, engine, workers, None if grows else precision, EXAMPLES)
    world = World(scenario, compile_network(scenario, schedule), futures.engine, aim)
    inputs = inputs_of(scenario)
    gathered = sources(inputs, by)
    rows = _most_rows(indices, precision) if grows else _rows(indices, futures)
    draws = futures.draws(scenario)
    with futures.crew() as workforce:
        crew = Crew(futures, workforce, progress)
        study = _Study(world, futures, draws, crew, inputs, gathered, by)
        answer, precise = study.answered(wanted, rows)
    return replace(answer, too_few=indices is None and rows == 0, precise=precise, of_indices=grows)


def _most_rows(indices: int | None, precision: str | None) -> int:
    """Rows of a design that grows, at most."""
    if indices == 0:
        raise StaggerError(f"a precision of indices needs indices (found {precision} and 0 rows for them).")
    if indices is not None:
        _require_rows(indices)
    return MOST if indices is None else indices


def _rows(indices: int | None, futures: Futures) -> int:
    """Rows of the design, whole designs of the sampling where there are enough."""
    if indices is not None:
        _require_rows(indices)
        return indices
    most = min(ROWS, futures.replications)
    if most < LEAST_ROWS:
        return 0
    design = natural_block(futures.sampling)
    return most // design * design or most


def _require_rows(indices: int) -> None:
    if not isinstance(indices, Integral) or isinstance(indices, bool):
        raise StaggerError(f"the number of futures for indices must be a whole number, such as 2048 (found {indices}).")
    if indices < 0:
        raise StaggerError(f"the number of futures for indices must be 0 or more (found {indices}).")
    if 0 < indices < LEAST_ROWS:
        raise StaggerError(
            f"Sobol' indices need {LEAST_ROWS} futures or more, for fewer say nothing (found {indices}). "
            "Ask for more, or for 0 to leave them out."
        )


class _Study:
    """One question's parts; all of them meet the same futures."""

    def __init__(
        self,
        world: World,
        futures: Futures,
        draws: Draws,
        crew: Crew,
        inputs: Sequence[Input],
        gathered: Sequence[Source],
        by: str,
    ) -> None:
        self.world = world
        self.futures = futures
        self.draws = draws
        self.crew = crew
        self.inputs = inputs
        self.sources = gathered
        self.by = by
        self.looked: list[Looked] = []
        self.excluding = Excluding(variations(world, gathered), draws, crew, world.aim)
        self.design = Design(world.outcome, draws, {each.name: each.variables for each in gathered}, crew)

    def answered(self, wanted: Precision | None, rows: int) -> tuple[Drivers, bool]:
        """From as many futures, or rows of the design, as a precision takes; whether it was reached."""
        size = self.futures.replications
        if wanted is None:
            return self._answer(size, rows), True
        if wanted.measure in INDICES:
            return self._until(wanted, partial(self._answer, size), rows)
        return self._until(wanted, partial(self._answer, rows=rows), size)

    def _until(self, wanted: Precision, look: Callable[[int], Drivers], most: int) -> tuple[Drivers, bool]:
        design = natural_block(self.futures.sampling)
        return looks(look, lambda found: wanted.half_width_among(half_widths(found)), wanted.half_width, most, design)

    def _answer(self, size: int, rows: int) -> Drivers:
        """From ``size`` futures and ``rows`` of the design; what was played for fewer is not played again."""
        done = self.excluding.size
        worlds = 1 + len(self.excluding.variations)
        self.crew.expect((size - done) * worlds + (self.design.evaluations(rows) if rows else 0))
        self._look(done, size)
        base, aim = joined([block.played for block in self.looked]), self.world.aim
        found = self.excluding.until(size, base)
        critical = [block.critical for block in self.looked]
        return Drivers(
            scenario=self.world.scenario,
            schedule=self.world.network.schedule,
            aim=aim,
            futures=replace(self.futures, replications=size),
            seed=self.draws.seed,
            by=self.by,
            level=_level(base, aim),
            tornado=self._tornado(self.looked, base.aim),
            exclusions=found,
            shares=self.design.until(rows) if rows else None,
            critical=stages_critical(critical),
            binding=what_bound(critical, self.world.network),
        )

    def _look(self, done: int, size: int) -> None:
        job = partial(_look, self.world, self.draws, self.inputs)
        for blocks in self.crew.over_blocks([job], [1], done, size):
            self.looked += blocks

    def _tornado(self, blocks: Sequence[Looked], outcome: FloatArray) -> tuple[Bar, ...]:
        source_of = {each.name: source.name for source in self.sources for each in source.inputs}
        bars = []
        for row, each in enumerate(self.inputs):
            reading = np.concatenate([block.readings[row] for block in blocks])
            low, high = means_in_tails(reading, outcome)
            correlation = rank_correlation(reading, outcome)
            bars.append(Bar(each.name, each.meaning, source_of[each.name], correlation, low, high))
        return tuple(sorted(bars, key=lambda bar: -abs(bar.correlation.value) if bar.correlation else 0.0))


def _look(world: World, draws: Draws, inputs: Sequence[Input], first: int, count: int) -> Looked:
    return world.look_into(draws.block(first, count), inputs)


def _level(base: Played, aim: Aim) -> Level:
    p80 = float(np.sort(base.days)[rank(P80, len(base.days)) - 1])
    return Level(
        mean=float(base.aim.mean()),
        p80=p80 if p80 <= aim.horizon else None,
        go_live=float(base.days.mean()),
        cost=float(base.cost.mean()),
        censored=max(aim.censored(base.aim), aim.finishing.censored(base.days)),
    )
