"""The study itself: play, look into what was played, play with one thing different, and again by Saltelli's design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from simulator.analysis.estimate import rank
from simulator.analysis.sensitivity import means_in_tails, rank_correlation
from simulator.draws import Draws
from simulator.errors import StaggerError
from simulator.network import compile_network
from simulator.network.values import FloatArray
from simulator.scenario import Scenario
from simulator.streams import natural_block
from simulator.studies.drivers.aim import Aim
from simulator.studies.drivers.answer import Bar, Drivers, Level
from simulator.studies.drivers.criticality import stages_critical, what_bound
from simulator.studies.drivers.exclusion import P80, exclusions, joined, variations
from simulator.studies.drivers.sources import Input, Source, inputs_of, sources
from simulator.studies.drivers.variance import LEAST_ROWS, evaluations, shares
from simulator.studies.drivers.world import Crew, Looked, Played, World
from simulator.studies.futures import Futures, Progress
from simulator.workers import Asked

INDICES: Final = 2048
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
    progress: Progress | None = None,
) -> Drivers:
    """What drives an outcome under a schedule (the first where none is named), and what is worth fixing first.

    ``of`` is an outcome of the programme (finish, on_time, days_late, unsupported_days, days_past_contract, failures,
    cost, savings, npv), or of ``cluster`` (go_live, award, first_live, … too). Sources of uncertainty are inputs
    gathered ``by`` stage across clusters, by cluster, or each input by itself. ``indices`` is the number of futures in
    Saltelli's design for Sobol's indices, 2,048 (or ``replications`` where that is less) where not given; 0 leaves
    them out, and so do fewer replications than 64, the least for a design. What has not happened by the horizon counts
    as the day after it.

    Raises:
        StaggerError: there is no such outcome, cluster, grouping or schedule, or an option is wrong.
    """
    aim = Aim.of(scenario, of, cluster)
    futures = Futures.of(replications, seed, sampling, engine, workers)
    world = World(scenario, compile_network(scenario, schedule), futures.engine, aim)
    inputs = inputs_of(scenario)
    gathered = sources(inputs, by)
    rows = _rows(indices, futures)
    draws = futures.draws(scenario)
    with futures.crew() as workforce:
        crew = Crew(futures, workforce, progress)
        answer = _Study(world, futures, draws, crew, inputs, gathered, by).answer(rows)
    return replace(answer, too_few=indices is None and rows == 0)


def _rows(indices: int | None, futures: Futures) -> int:
    """Rows of the design, whole designs of the sampling where there are enough."""
    if indices is not None and indices < 0:
        raise StaggerError(f"the number of futures for indices must be 0 or more (found {indices}).")
    if indices is not None and 0 < indices < LEAST_ROWS:
        raise StaggerError(
            f"Sobol' indices need {LEAST_ROWS} futures or more, for fewer say nothing (found {indices}). "
            "Ask for more, or for 0 to leave them out."
        )
    if indices is not None:
        return indices
    most = min(INDICES, futures.replications)
    if most < LEAST_ROWS:
        return 0
    design = natural_block(futures.sampling)
    return most // design * design or most


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

    def answer(self, rows: int) -> Drivers:
        size, draws, crew, aim = self.futures.replications, self.draws, self.crew, self.world.aim
        changed = variations(self.world, self.sources)
        members = {each.name: each.variables for each in self.sources}
        crew.expect(size * (1 + len(changed)) + (evaluations(draws, members, rows) if rows else 0))
        blocks = self._looked(size)
        base = joined([block.played for block in blocks])
        found = exclusions(changed, base, draws, crew, size, aim)
        indices = shares(self.world.outcome, draws, members, crew, rows) if rows else None
        looked = [block.critical for block in blocks]
        return Drivers(
            scenario=self.world.scenario,
            schedule=self.world.network.schedule,
            aim=aim,
            futures=self.futures,
            seed=draws.seed,
            by=self.by,
            level=_level(base, aim),
            tornado=self._tornado(blocks, base.aim),
            exclusions=found,
            shares=indices,
            critical=stages_critical(looked),
            binding=what_bound(looked, self.world.network),
        )

    def _looked(self, size: int) -> list[Looked]:
        job = partial(_look, self.world, self.draws, self.inputs)
        (blocks,) = self.crew.over_blocks([job], [1], size)
        return blocks

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
