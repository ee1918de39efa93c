"""The futures that a study plays again and again: how many, from which seed, by which engine and workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from simulator.draws import Draws, draw
from simulator.engines import ENGINES, available
from simulator.errors import StaggerError
from simulator.scenario import Scenario
from simulator.streams import Sampling, natural_block, sampling_named
from simulator.workers import Asked, Workers, asked

Answer = TypeVar("Answer")
Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""

REPLICATIONS: Final = 10_000
BLOCK: Final = 2048
"""Replications per block, about: small enough to share out, large enough to be worth it."""


@dataclass(frozen=True)
class Futures:
    """Which futures a study looks at, and who works them out."""

    replications: int
    seed: int | None
    sampling: Sampling
    engine: str
    workers: Asked

    @classmethod
    def of(cls, replications: int | None, seed: int | None, sampling: str, engine: str, workers: Asked) -> Futures:
        """From the options of a study, 10,000 futures where no number is given.

        Raises:
            StaggerError: the number is below 1, or there is no such sampling or engine.
        """
        count = REPLICATIONS if replications is None else replications
        if count < 1:
            raise StaggerError(f"the number of replications must be 1 or more (found {count}).")
        if engine not in ENGINES:
            raise StaggerError(f"the engine must be one of {' and '.join(ENGINES)} (found {engine}).")
        return cls(count, seed, sampling_named(sampling), available(engine), asked(workers))

    def draws(self, scenario: Scenario) -> Draws:
        """The draws of a scenario for these futures, from which blocks are cut."""
        return draw(scenario, 0, self.seed, self.sampling)

    def spans(self) -> list[tuple[int, int]]:
        """From where and how many, block by block; blocks are whole designs of the sampling."""
        design = natural_block(self.sampling)
        size = -(-BLOCK // design) * design
        return [(first, min(size, self.replications - first)) for first in range(0, self.replications, size)]

    def crew(self) -> Workers:
        """Workers for these futures, to be used in a `with` statement."""
        return Workers(self.workers, self.engine)

    def answers(
        self, crew: Workers, job: Callable[[int, int], Answer], progress: Progress | None = None
    ) -> Iterator[Answer]:
        """What a job says of each block, in order; a job is given the first replication and how many."""
        spans = self.spans()
        for (first, count), answer in zip(spans, crew.in_order(partial(job, *span) for span in spans), strict=True):
            if progress is not None:
                progress(first + count, self.replications)
            yield answer
