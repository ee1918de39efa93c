"""From a scenario to an answer: blocks of replications, simulated here or by workers, reduced as they come.

A block is draws → inputs → engine → outcomes → tally. Blocks are read in order and only a few are under way
at a time, so neither the number of workers nor the number of replications changes a result or fills the memory.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulator.analysis.stopping import MOST, Precision, looks
from simulator.draws import draw, sensible
from simulator.engines import ENGINES, available
from simulator.errors import StaggerError
from simulator.given import LOADED, require
from simulator.network import compile_network
from simulator.network.values import IntArray
from simulator.outcomes import OPTIONAL
from simulator.result import Model, Result
from simulator.scenario import Scenario
from simulator.store import OUTCOMES, Columns, Folder, OutcomeWriter
from simulator.streams import natural_block
from simulator.summary import Tally
from simulator.uncertainty import Reach
from simulator.workers import Asked, Shared, Workers

Progress = Callable[[int, int], None]
"""Called with the replications done, and how many there are to be as far as is known."""

REPLICATIONS: Final = 10_000
BLOCK: Final = {"events": 512, "batch": 4000}
"""Replications per block, about; see `block_size`.

No power of two: rows of 4,096 numbers lie so that those of one replication all compete for the same few places of the
processor's cache, and the compiled engine takes a quarter longer.
"""

KEPT: Final = 100_000
"""Replications up to which outcomes are kept in memory where they are not written to a folder."""


@dataclass(frozen=True)
class Block:
    """What is kept of a block of replications."""

    tally: Tally
    finish: IntArray
    columns: Columns | None


def simulate_block(model: Shared[Model], keep: bool, first: int, count: int) -> Block:
    """One block's contribution; ``keep`` asks for a table of its outcomes too."""
    outcomes = model.value.futures(first, count).outcomes
    return Block(Tally.of(outcomes), outcomes.programme.finish, outcomes.table() if keep else None)


def run(
    scenario: Scenario,
    schedule: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
    workers: Asked = None,
    precision: str | None = None,
    progress: Progress | None = None,
    out: Path | str | None = None,
    keep: bool = True,
    command: str = "simulator.run",
    figures: bool = True,
) -> Result:
    """What happens under a schedule (the first where none is named), in as many futures as asked for.

    ``replications`` is 10,000 where not given. With a ``precision`` such as ``late=1%`` it is the most that may
    be run, 1,000,000 where not given. ``out`` is a folder for everything, with or without ``figures``. ``keep`` keeps
    the outcomes of each replication for `Result.to_pandas` and `Result.save` (up to 100,000 replications where they
    are not in a folder).

    Raises:
        StaggerError: there is no scenario, it has no such schedule, an option is wrong, or the folder cannot be
            written.
    """
    require(scenario, Scenario, "a run needs a scenario", LOADED)
    wanted = Precision.parse(precision) if precision else None
    most = replications if replications is not None else MOST if wanted else REPLICATIONS
    model = model_of(scenario, schedule, seed, sampling, engine)
    return run_model(model, most, wanted, workers, progress, out, keep, command, figures)


def run_model(
    model: Model,
    most: int = REPLICATIONS,
    wanted: Precision | None = None,
    workers: Asked = None,
    progress: Progress | None = None,
    out: Path | str | None = None,
    keep: bool = True,
    command: str = "simulator.run",
    figures: bool = True,
) -> Result:
    """The same for a model: ``most`` replications, or as many as a precision needs.

    Raises:
        StaggerError: as `run`.
    """
    most = sensible(most)
    with ExitStack() as stack:
        folder = stack.enter_context(Folder(out)) if out is not None else None
        crew = stack.enter_context(Workers(workers, model.engine))
        shared = stack.enter_context(crew.sharing(model))
        collected = _Collected(model, shared, crew, progress, most, folder, keep)
        precise = _until_precise(collected, wanted) if wanted else collected.extend(most)
        result = collected.result(wanted, precise, command)
        if folder is not None:
            result.write(folder, figures)
    return result


def model_of(
    scenario: Scenario,
    schedule: str | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
) -> Model:
    """What blocks of a run's replications need.

    Raises:
        StaggerError: the scenario has no such schedule, or there is no such sampling or engine.
    """
    if engine not in ENGINES:
        raise StaggerError(f"the engine must be one of {' and '.join(ENGINES)} (found {engine}).")
    return Model(scenario, compile_network(scenario, schedule), draw(scenario, 0, seed, sampling), available(engine))


def block_size(model: Model) -> int:
    """Replications per block: whole designs of the sampling, about as many as suit the engine."""
    design = natural_block(model.draws.sampling)
    return -(-BLOCK[model.engine] // design) * design


def _until_precise(collected: _Collected, wanted: Precision) -> bool:
    """Look after look until the figure is as precise as asked for; whether it came to be."""

    def look(size: int) -> dict[str, Any]:
        collected.extend(size)
        return collected.summary()

    design = natural_block(collected.model.draws.sampling)
    reach = Reach(collected.model.scenario)
    return looks(look, lambda summary: wanted.half_width_in(summary, reach), wanted.half_width, collected.most, design)[
        1
    ]


class _Collected:
    """What has come in so far."""

    def __init__(
        self,
        model: Model,
        shared: Shared[Model],
        crew: Workers,
        progress: Progress | None,
        most: int,
        folder: Folder | None,
        keep: bool,
    ) -> None:
        self.model = model
        self.crew = crew
        self.shared = shared
        self.progress = progress
        self.most = most
        self.folder = folder
        self.sink = io.BytesIO() if folder is None else folder.draft / OUTCOMES
        kept = keep or folder is not None
        words = {"cluster": model.network.clusters}
        self.writer = OutcomeWriter(self.sink, _about(model.scenario), OPTIONAL, words) if kept else None
        self.done = self.target = 0
        self.tally: Tally | None = None
        self.finishes: list[IntArray] = []

    def extend(self, target: int) -> bool:
        """Have replications simulated until there are as many as ``target``; True, for then there are."""
        self.target = target
        keep = self.writer is not None
        jobs = (partial(simulate_block, self.shared, keep, *span) for span in self._spans(target))
        for block in self.crew.in_order(jobs):
            self._add(block)
        return True

    def _spans(self, target: int) -> Iterator[tuple[int, int]]:
        """From where and how many, job by job, in whole designs; where they are cut makes no difference."""
        done, size = self.done, block_size(self.model)
        while done < target:
            together = size * self.crew.blocks_per_job((target - done) // size)
            end = min((done // size) * size + together, target)
            yield done, end - done
            done = end

    def _add(self, block: Block) -> None:
        self.tally = block.tally if self.tally is None else self.tally.merge(block.tally)
        self.finishes.append(block.finish)
        self.done += len(block.finish)
        if self.folder is None and self.done > KEPT:
            self.writer, self.sink = None, io.BytesIO()
        if self.writer is not None and block.columns is not None:
            with self._writing():
                self.writer.add(block.columns)
        if self.progress is not None:
            self.progress(self.done, self.target)

    def _writing(self) -> AbstractContextManager[None]:
        return nullcontext() if self.folder is None else self.folder.writing()

    def summary(self) -> dict[str, Any]:
        assert self.tally is not None
        return self.model.summary(self.tally)

    def result(self, wanted: Precision | None, precise: bool, command: str) -> Result:
        assert self.tally is not None
        if self.writer is not None:
            with self._writing():
                self.writer.close()
        kept = self.sink.getvalue() if self.writer is not None and isinstance(self.sink, io.BytesIO) else None
        target = None if self.folder is None else self.folder.target
        finish = np.concatenate(self.finishes)
        return Result(self.model, self.tally, finish, wanted, precise, command, kept, target)


def _about(scenario: Scenario) -> dict[str, str]:
    """What a reader of the outcomes needs to know, kept in the file."""
    return {
        "start": scenario.start.isoformat(),
        "rows": "one per replication (from 1) and cluster",
        "days": f"whole days since {scenario.start}, missing where it did not happen by the horizon",
        "money": scenario.money.unit,
    }
