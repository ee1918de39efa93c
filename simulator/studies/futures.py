"""The futures that a study plays again and again: how many, from which seed, by which engine and workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from simulator.analysis.stopping import MOST, OF_A_RUN, HalfWidths, Precision, looks
from simulator.draws import Draws, draw, sensible, sensible_seed
from simulator.engines import ENGINES, available
from simulator.errors import StaggerError
from simulator.scenario import Scenario
from simulator.streams import Sampling, natural_block, sampling_named
from simulator.workers import Asked, Workers, asked, cores

Answer = TypeVar("Answer")
Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""

REPLICATIONS: Final = 10_000
BLOCK: Final = 2000
"""Replications per block at the most, about; no power of two, as in `simulator.run`."""
LEAST: Final = 512
"""Replications that are worth a block of their own."""


@dataclass(frozen=True)
class Futures:
    """Which futures a study looks at, and who works them out."""

    replications: int
    """How many; with a precision, how many at the most."""
    seed: int | None
    sampling: Sampling
    engine: str
    workers: Asked
    precision: Precision | None = None

    @classmethod
    def of(
        cls,
        replications: int | None,
        seed: int | None,
        sampling: str,
        engine: str,
        workers: Asked,
        precision: str | None = None,
        examples: str = OF_A_RUN,
    ) -> Futures:
        """From the options of a study, 10,000 futures where no number is given, 1,000,000 at most with a precision.

        ``examples`` are precisions that the study takes, for whoever wrote another.

        Raises:
            StaggerError: the number is below 1, the seed is no integer, there is no such sampling or engine, or the
                precision cannot be read.
        """
        wanted = Precision.parse(precision, examples) if precision else None
        count = sensible(replications if replications is not None else MOST if wanted else REPLICATIONS)
        if engine not in ENGINES:
            raise StaggerError(f"the engine must be one of {' and '.join(ENGINES)} (found {engine}).")
        return cls(count, sensible_seed(seed), sampling_named(sampling), available(engine), asked(workers), wanted)

    def draws(self, scenario: Scenario) -> Draws:
        """The draws of a scenario for these futures, from which blocks are cut."""
        return draw(scenario, 0, self.seed, self.sampling)

    def spans(self, done: int, target: int) -> list[tuple[int, int]]:
        """From where and how many, block by block: whole designs of the sampling, shared out evenly to the workers."""
        left = target - done
        design = natural_block(self.sampling)
        workers = self.workers if isinstance(self.workers, int) else cores()
        rounds = -(-left // (BLOCK * workers))
        blocks = max(min(rounds * workers, left // LEAST), 1)
        size = -(-left // (blocks * design)) * design
        return [(first, min(size, target - first)) for first in range(done, target, max(size, 1))]

    def crew(self) -> Workers:
        """Workers for these futures, to be used in a `with` statement."""
        return Workers(self.workers, self.engine)

    def answers(
        self,
        crew: Workers,
        job: Callable[[int, int], Answer],
        done: int,
        target: int,
        progress: Progress | None = None,
    ) -> Iterator[Answer]:
        """What a job says of each block from ``done`` to ``target``, in order.

        A job is given the first replication and how many.
        """
        spans = self.spans(done, target)
        for (first, count), answer in zip(spans, crew.in_order(partial(job, *span) for span in spans), strict=True):
            if progress is not None:
                progress(first + count, target)
            yield answer

    def answered(
        self, look: Callable[[int], Answer], half_widths: Callable[[Answer], HalfWidths]
    ) -> tuple[Answer, bool]:
        """The answer from as many replications as were asked for, or as the precision takes; whether it was reached."""
        wanted = self.precision
        if wanted is None:
            return look(self.replications), True

        def width(answer: Answer) -> float:
            return wanted.half_width_among(half_widths(answer))

        return looks(look, width, wanted.half_width, self.replications, natural_block(self.sampling))
