"""Our own time, layer by layer: draws, engine, outcomes; the whole; and the yardstick beside them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from benchmarks.clock import Layers, timed
from simulator.draws import Draws, draw
from simulator.engines import run_engine
from simulator.inputs import Inputs, prepare
from simulator.network import Network, compile_network
from simulator.outcomes import measure
from simulator.run import BLOCK, run
from simulator.scenario import Scenario
from simulator.streams import FloatArray, Streams
from simulator.summary import Tally, summarise
from simulator.timeline import Timeline
from simulator.workers import Workers

Prepared = tuple[Draws, Inputs]


@dataclass(frozen=True)
class Subject:
    """A scenario under its first schedule, an engine and a number of workers."""

    scenario: Scenario
    engine: str
    workers: int
    block: int
    blocks: int
    network: Network = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "network", compile_network(self.scenario, None))

    @property
    def replications(self) -> int:
        return self.block * self.blocks

    def seconds(self) -> Layers:
        """One round."""
        with Workers(self.workers, self.engine) as crew:
            prepared: list[Prepared] = []
            timelines: list[Timeline] = []
            draws = timed(lambda: prepared.extend(crew.in_order(self._drawn(b) for b in range(self.blocks))))
            engine = timed(lambda: timelines.extend(crew.in_order(partial(self._simulated, p) for p in prepared)))
            pairs = zip(prepared, timelines, strict=True)
            outcomes = timed(lambda: self._summed_up(list(crew.in_order(partial(self._measured, *p) for p in pairs))))
        layers = {"draws": draws, "engine": engine, "outcomes": outcomes, "whole": timed(self._whole)}
        return {layer: seconds / self.replications for layer, seconds in layers.items()}

    def _drawn(self, block: int) -> partial[Prepared]:
        return partial(_prepared, self.scenario, self.network, block * self.block, self.block)

    def _simulated(self, prepared: Prepared) -> Timeline:
        return run_engine(self.network, prepared[1], self.engine)

    def _measured(self, prepared: Prepared, timeline: Timeline) -> Tally:
        draws, inputs = prepared
        return Tally.of(measure(self.scenario, self.network, inputs, draws, timeline))

    def _summed_up(self, tallies: list[Tally]) -> None:
        tally = tallies[0]
        for other in tallies[1:]:
            tally = tally.merge(other)
        summarise(tally, self.scenario, self.network, 1, "random", self.engine)

    def _whole(self) -> None:
        run(self.scenario, None, self.replications, engine=self.engine, workers=self.workers, keep=False).summary()


def _prepared(scenario: Scenario, network: Network, first: int, count: int) -> Prepared:
    draws = draw(scenario, count, first=first)
    return draws, prepare(network, draws)


@dataclass(frozen=True)
class Counting(Streams):
    """Streams that note which of them are read, and whether few replications need them."""

    read: dict[str, bool] = field(default_factory=dict)

    def uniform(self, name: str, first: int, count: int, deep: bool = False) -> FloatArray:
        """The same numbers."""
        self.read[name] = deep
        return super().uniform(name, first, count, deep)


def streams_read(scenario: Scenario) -> tuple[int, int]:
    """How many random variables a run really draws, those of outcomes included, and how many of them are deep."""
    network, draws = compile_network(scenario, None), draw(scenario, BLOCK["batch"])
    streams = Counting(draws.streams.seed, draws.streams.sampling, draws.streams.dimensions)
    draws = replace(draws, streams=streams)
    inputs = prepare(network, draws)
    Tally.of(measure(scenario, network, inputs, draws, run_engine(network, inputs)))
    return len(streams.read), sum(streams.read.values())


def yardstick(variables: int, count: int) -> Layers:
    """The bare cost of as many random numbers: `Generator.lognormal`, one call per variable and block."""
    generator = np.random.default_rng(1)

    def drawn() -> None:
        for _ in range(variables):
            generator.lognormal(0.0, 1.0, count)

    return {"whole": timed(drawn) / count}
