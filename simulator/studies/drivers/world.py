"""A scenario under one schedule, ready to be played with any draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from simulator.draws import Draws
from simulator.engines import run_engine
from simulator.inputs import prepare
from simulator.network import Network
from simulator.network.values import FloatArray
from simulator.outcomes import Outcomes, measure
from simulator.outcomes.critical import Critical, critical
from simulator.outcomes.milestones import Milestones
from simulator.scenario import Scenario
from simulator.studies.drivers.aim import Aim
from simulator.studies.futures import Futures, Progress
from simulator.uncertainty import Input
from simulator.workers import Shared, Workers

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Played:
    """What is kept of each future of a block, (N,) each."""

    aim: FloatArray
    days: FloatArray
    """The go-live that days saved are counted by, cut on the day after the horizon."""
    cost: FloatArray
    """The programme's, mitigations included."""


@dataclass(frozen=True)
class World:
    """A scenario under one schedule, and the outcome that is asked for."""

    scenario: Scenario
    network: Network
    engine: str
    aim: Aim

    def play(self, draws: Draws) -> Played:
        """What happens in the futures of some draws."""
        return self._kept(self._outcomes(draws))

    def outcome(self, draws: Draws) -> FloatArray:
        """The outcome alone, (N,)."""
        return self.aim.values(self._outcomes(draws))

    def _outcomes(self, draws: Draws) -> Outcomes:
        inputs = prepare(self.network, draws)
        timeline = run_engine(self.network, inputs, self.engine)
        return measure(self.scenario, self.network, inputs, draws, timeline)

    def _kept(self, outcomes: Outcomes) -> Played:
        aim = self.aim
        return Played(aim.values(outcomes), aim.finishing.values(outcomes), outcomes.programme.cost)

    def look_into(self, draws: Draws, inputs: Sequence[Input]) -> Looked:
        """The same, with the readings of inputs and what was critical."""
        prepared = prepare(self.network, draws)
        timeline = run_engine(self.network, prepared, self.engine)
        outcomes = measure(self.scenario, self.network, prepared, draws, timeline)
        chosen = range(len(self.network.clusters)) if self.aim.cluster is None else (self.aim.row,)
        milestones = Milestones(self.network, prepared, draws, timeline)
        return Looked(
            self._kept(outcomes),
            [each.reading(self.network, draws, prepared) for each in inputs],
            critical(milestones, outcomes.clusters, chosen),
        )


@dataclass(frozen=True)
class Looked:
    """A block as it is, looked into."""

    played: Played
    readings: list[FloatArray]
    critical: Critical


class Crew:
    """Shares out jobs over blocks of futures, and says how far the whole study has come."""

    def __init__(self, futures: Futures, workers: Workers, progress: Progress | None) -> None:
        self.futures = futures
        self.workers = workers
        self.progress = progress
        self.done = 0
        self.most = 0

    def expect(self, futures: int) -> None:
        """That so many futures are to be played, before anything is."""
        self.most += futures

    def over_blocks(
        self, jobs: Sequence[Callable[[int, int], Answer]], counts: Sequence[int], done: int, size: int
    ) -> Iterator[list[Answer]]:
        """What each job says of each block of the futures from ``done`` to ``size``: a list of blocks for each job.

        Both come in order. A job is given the first replication and how many; ``counts`` says how often each job plays
        them.
        """
        spans = self.futures.spans(done, size)
        todo = [(number, span) for number in range(len(jobs)) for span in spans]
        with self.workers.sharing(tuple(jobs)) as given:
            calls = (partial(_do, given, number, *span) for number, span in todo)
            answers = self._counted(self.workers.in_order(calls), [counts[number] * span[1] for number, span in todo])
            for _ in jobs:
                yield [next(answers) for _ in spans]

    def _counted(self, answers: Iterable[Answer], counts: Iterable[int]) -> Iterator[Answer]:
        for answer, count in zip(answers, counts, strict=True):
            self.done += count
            if self.progress is not None:
                self.progress(self.done, self.most)
            yield answer


def _do(given: Shared[tuple[Callable[[int, int], Answer], ...]], number: int, first: int, count: int) -> Answer:
    return given.value[number](first, count)
