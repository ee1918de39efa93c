"""Scenarios under their schedules, all played in the same futures, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from simulator.draws import Draws
from simulator.engines import run_engine
from simulator.inputs import Inputs, prepare, with_capacity
from simulator.outcomes import Outcomes, measure
from simulator.studies.contenders import Contender
from simulator.studies.futures import Futures, Progress
from simulator.studies.likeness import Likeness
from simulator.timeline import Timeline
from simulator.workers import Shared, Workers

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Cast(Generic[Kept]):
    """All that a block of futures needs: who plays, and what is read off it; they stand in the order of likeness."""

    roles: Sequence[tuple[Contender, Draws, Likeness]]
    engine: str
    read: Callable[[Contender, Outcomes], Kept]

    def play(self, first: int, count: int) -> list[Kept]:
        """What is kept of each contender; those that are alike stand next to each other, and share what they can."""
        found: list[Kept] = []
        before: Likeness | None = None
        for contender, of, alike in self.roles:
            scenario, network = contender.scenario, contender.network
            if before is None or before.inputs != alike.inputs:
                draws = of.block(first, count)
                shared: Inputs = prepare(network, draws)
            if before != alike:
                inputs = with_capacity(shared, network, draws)
                timeline: Timeline = run_engine(network, inputs, self.engine)
            before = alike
            found.append(self.read(contender, measure(scenario, network, inputs, draws, timeline)))
        return found


def _play(cast: Shared[Cast[Kept]], first: int, count: int) -> list[Kept]:
    return cast.value.play(first, count)


@dataclass
class Played(Generic[Kept]):
    """What is kept of the futures of each contender, as far as they have been played."""

    group: Sequence[Contender]
    futures: Futures
    crew: Workers
    cast: Shared[Cast[Kept]]
    places: Mapping[int, int]
    """The place among the roles of each of the group."""
    join: Callable[[Sequence[Kept]], Kept]
    progress: Progress | None
    done: int = 0
    kept: list[Kept] = field(default_factory=list)

    def until(self, target: int) -> dict[str, Kept]:
        """By the contenders' names, what is kept of the first ``target`` futures; those not played yet are."""
        job = partial(_play, self.cast)
        blocks = list(self.futures.answers(self.crew, job, self.done, target, self.progress))
        self.done = target
        new = [self.join([block[self.places[place]] for block in blocks]) for place in range(len(self.group))]
        self.kept = [self.join(pair) for pair in zip(self.kept, new, strict=True)] if self.kept else new
        return {each.name: kept for each, kept in zip(self.group, self.kept, strict=True)}


@contextmanager
def playing(
    group: Sequence[Contender],
    draws: Mapping[str, Draws],
    futures: Futures,
    read: Callable[[Contender, Outcomes], Kept],
    join: Callable[[Sequence[Kept]], Kept],
    progress: Progress | None = None,
) -> Iterator[Played[Kept]]:
    """Contenders ready to be played, ``draws`` being those of each world.

    ``read`` says what is kept of the outcomes of one block, ``join`` makes one of what was kept of consecutive blocks.
    """
    alike = [Likeness.of(each.network, draws[each.world]) for each in group]
    order = sorted(range(len(group)), key=alike.__getitem__)
    cast = Cast([(group[place], draws[group[place].world], alike[place]) for place in order], futures.engine, read)
    places = {place: number for number, place in enumerate(order)}
    with futures.crew() as crew, crew.sharing(cast) as shared:
        yield Played(group, futures, crew, shared, places, join, progress)
