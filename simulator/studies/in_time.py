"""In how many futures each cluster is live in time, by when clusters go to market.

Futures are prepared once. Only the days on which activities are released change from one set of dates to another, and
nothing after the last day by which anyone is due is simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from simulator.days import NEVER
from simulator.draws import Draws
from simulator.engines import run_engine
from simulator.inputs import Inputs, prepare
from simulator.network import Network
from simulator.network.values import IntArray
from simulator.outcomes.milestones import Milestones
from simulator.studies.futures import Futures, Progress
from simulator.workers import Shared, Workers

LIMITS: Final = ("both", "support", "deadline")

Dates: TypeAlias = tuple[int | None, ...]
"""The go-to-market day of each cluster, None for one that needs none."""
Counts: TypeAlias = npt.NDArray[np.int64]
"""(C,) in how many futures each cluster is in time."""


def movable(network: Network) -> list[int]:
    """The clusters whose date can be moved."""
    return [c for c, day in enumerate(network.scheduled) if day is not None and network.market[c]]


MOST_BLOCKS: Final = 128
"""Blocks of futures that a process keeps ready: 260,000 futures, about 0.5 GB for a scenario of 300 variables."""


LOOKS: Final = 8
"""How many dates of a cluster are looked at in all futures, about: what is told of progress is reckoned from it."""
SCOUTED: Final = 24
"""How many of them in the first block only."""


@dataclass(frozen=True)
class Question:
    """What is asked of every block: who is in time by ``by``: the first end of support, the day ``limit``, or both."""

    network: Network
    draws: Draws
    engine: str
    by: str
    limit: int


class InTime:
    """Counts by dates, each worked out once per block of futures."""

    def __init__(
        self, question: Shared[Question], futures: Futures, crew: Workers, progress: Progress | None = None
    ) -> None:
        self.question = question
        self.network = question.value.network
        self.futures = futures
        self.crew = crew
        self.size = 0
        self.spans: list[tuple[int, int]] = []
        self.seen: dict[tuple[Dates, int], Counts] = {}
        self.all_seen: dict[tuple[Dates, tuple[int, ...], int], int] = {}
        self.simulated = 0
        """How many futures were played, under all dates together."""
        self.progress = progress
        self.expected = 0
        """How many will have been, about."""

    def extend(self, target: int) -> None:
        """Look at ``target`` futures from now on."""
        self.spans += self.futures.spans(self.size, target)
        self.size = target
        self.expected = self.simulated + len(movable(self.network)) * (SCOUTED * self.scouts + LOOKS * target)

    @property
    def scouts(self) -> int:
        """How many futures the first block has."""
        return self.spans[0][1]

    def play(self, wanted: Iterable[tuple[Dates, bool]]) -> None:
        """Work out the counts of several dates at once: in all futures, or where it says so in the first block only."""
        places = [(dates, b) for dates, first in wanted for b in range(1 if first else len(self.spans))]
        new = [place for place in dict.fromkeys(places) if place not in self.seen]
        for place, (counts, _) in zip(new, self._counted([(*place, ()) for place in new]), strict=True):
            self.seen[place] = counts

    def counts(self, dates: Dates, first: bool = False) -> Counts:
        """What was found for dates that have been played."""
        if first:
            return self.seen[dates, 0]
        return np.sum([self.seen[dates, b] for b in range(len(self.spans))], axis=0, dtype=np.int64)

    def at_once(self, dates: Dates, clusters: tuple[int, ...]) -> int:
        """In how many futures all of some clusters are in time; the dates have been played then."""
        blocks = range(len(self.spans))
        new = [b for b in blocks if (dates, clusters, b) not in self.all_seen]
        for b, (counts, together) in zip(new, self._counted([(dates, b, clusters) for b in new]), strict=True):
            self.seen[dates, b] = counts
            self.all_seen[dates, clusters, b] = together
        return sum(self.all_seen[dates, clusters, b] for b in blocks)

    def _counted(self, places: Sequence[tuple[Dates, int, tuple[int, ...]]]) -> Iterator[tuple[Counts, int]]:
        jobs = (partial(_count, self.question, self.spans[b], dates, whose) for dates, b, whose in places)
        for (_, b, _), counted in zip(places, self.crew.in_order(jobs), strict=True):
            self.simulated += self.spans[b][1]
            if self.progress is not None:
                self.progress(self.simulated, max(self.expected, self.simulated))
            yield counted


@contextmanager
def in_time(question: Question, futures: Futures, progress: Progress | None = None) -> Iterator[InTime]:
    """A question ready to be asked."""
    try:
        with futures.crew() as crew, crew.sharing(question) as shared:
            yield InTime(shared, futures, crew, progress)
    finally:
        _prepared.cache_clear()


@dataclass(frozen=True)
class _Block:
    """A block of futures, ready to be played under any dates."""

    draws: Draws
    inputs: Inputs
    due: IntArray
    """(C, N) the day by which each cluster is to be live; `NEVER` for one that is in time in any case."""
    last: int
    """The last day that decides anything."""


@lru_cache(MOST_BLOCKS)
def _prepared(question: Shared[Question], first: int, count: int) -> _Block:
    asked = question.value
    network, block = asked.network, asked.draws.block(first, count)
    inputs = prepare(network, block)
    limit = NEVER if asked.by == "support" else asked.limit
    due = np.full((len(network.clusters), count), limit, dtype=np.int32)
    for cluster, system in _users(network) if asked.by != "deadline" else ():
        np.minimum(due[cluster], inputs.end_of_support[system], out=due[cluster])
    last = int(due.max(initial=0, where=due < NEVER))
    return _Block(block, inputs, due, min(network.horizon, last))


def _users(network: Network) -> Iterator[tuple[int, int]]:
    """Clusters, and the legacy systems that they or one of their departments use."""
    for system, terms in enumerate(network.legacy):
        found = [int(network.cluster[user.activities[0]]) for user in terms.users if user.activities]
        yield from ((cluster, system) for cluster in dict.fromkeys(found))


def _count(
    question: Shared[Question], span: tuple[int, int], dates: Dates, whose: tuple[int, ...]
) -> tuple[Counts, int]:
    """The futures of a block in which each cluster is in time, and those in which all of ``whose`` are."""
    asked, block = question.value, _prepared(question, *span)
    network = replace(asked.network.rescheduled(dates), horizon=block.last)
    timeline = run_engine(network, block.inputs, asked.engine)
    milestones = Milestones(network, block.inputs, block.draws, timeline)
    holds = [milestones.go_live(c)[0] <= block.due[c] for c in range(len(network.clusters))]
    together = int(np.count_nonzero(np.logical_and.reduce([holds[c] for c in whose]))) if whose else 0
    return np.array([np.count_nonzero(each) for each in holds], dtype=np.int64), together
