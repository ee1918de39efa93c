"""Whose uncertainty is it? Sobol's indices of sources by Saltelli's design, on the streams of random numbers.

The design needs two samples of everything, A and B, and for each source a third, which is A with that source from B.
A is the draws as they are. B has other numbers in the streams of all sources (`Draws.renewing`), so that a variable
is moved through its own distribution whatever it is, and A keeps the futures that everything else here looks at.

What is independent in a scenario are streams. Where variables are correlated they mix streams: one whose factor
belongs to a single source moves with it, and that source is as independent of the others as any. A factor that several
sources have in common is a source by itself. Where correlations are mixed otherwise (negative ones, and groups that
overlap), a stream goes with the variable that it is named after, and the others follow it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import numpy as np

from simulator.analysis.sensitivity import Index, decomposition
from simulator.draws import Draws
from simulator.network.values import FloatArray
from simulator.streams import Streams
from simulator.studies.drivers.world import Crew

Outcome: TypeAlias = Callable[[Draws], FloatArray]
"""An outcome, (N,), of N draws: a world's, or any function of variables."""
COMMON: Final = "correlation\0"

LEAST_ROWS: Final = 64
"""Fewer rows of the design tell nothing: the standard error of a first-order index is about 1.4/√N, here 0.17, so that
a source that is everything can only just be told from one that is nothing; and a bootstrap needs rows to choose from.
"""

AT_ONCE: Final = 4
"""Sources that one job plays, one after the other."""


@dataclass(frozen=True)
class Share:
    """A source's part in the variance of the outcome."""

    source: str
    first: Index
    """The share that would go if the source alone were known."""
    total: Index
    """The share that would stay if all but the source were known: alone, and with all its interactions."""


@dataclass(frozen=True)
class Shares:
    """All sources' parts, the largest total first."""

    of: tuple[Share, ...]
    """Empty where the outcome does not vary."""
    size: int
    """N: the design plays N times two more than there are sources."""
    straddling: bool
    """Whether correlations reach from one source into another, so that indices do not add up to what is known."""
    alone: Index | None = None
    """The sum of all first-order indices; None where the outcome does not vary."""
    rests_on: float | None = None
    """On how many of the 2N outcomes in A and B the variance rests, where they are too few for intervals."""
    reach: float = 0.0
    """The most that one row can add to N times a total index."""


def streams_of(draws: Draws, sources: Mapping[str, Collection[str]]) -> tuple[dict[str, frozenset[str]], bool]:
    """The streams of each source of variables, disjoint, and whether any source mixes streams of another."""
    owner = {variable: name for name, members in sources.items() for variable in members}
    users: dict[str, set[str]] = defaultdict(set)
    for variable, name in owner.items():
        blend = draws.blends.get(variable)
        for stream in blend.sources if blend else (variable,):
            users[stream].add(name)
    found: dict[str, set[str]] = {name: set() for name in sources}
    for stream, names in users.items():
        if stream in owner:
            found[owner[stream]].add(stream)
        elif len(names) == 1:
            found[next(iter(names))].add(stream)
        else:
            found.setdefault(_in_common(stream), set()).add(stream)
    straddling = any(len(names) > 1 for names in users.values())
    return {name: frozenset(members) for name, members in found.items()}, straddling


def _in_common(stream: str) -> str:
    return f"common to {', '.join(stream.removeprefix(COMMON).split(chr(0)))}"


class Design:
    """Saltelli's design for sources, by name to their variables, of as many rows as were asked for so far.

    Row k of every sample is a function of k alone, so that more rows leave those before as they were. Under Latin
    hypercube and Sobol' sampling A is made of whole designs of 1,000 and nets of 1,024 rows, each randomised by itself,
    and B's renewed streams are plain: it may grow by any number of whole ones.
    """

    def __init__(self, outcome: Outcome, draws: Draws, sources: Mapping[str, Collection[str]], crew: Crew) -> None:
        self.streams, self.straddling = streams_of(draws, sources)
        self.outcome = outcome
        self.draws = draws
        self.crew = crew
        everything = frozenset().union(*self.streams.values()) if self.streams else frozenset()
        samples = [frozenset(), everything, *self.streams.values()]
        self.groups = [samples[i : i + AT_ONCE] for i in range(0, len(samples), AT_ONCE)]
        self.rows = [np.zeros(0) for _ in samples]
        """The outcome in each sample, (N,)."""
        self.found: Shares | None = None

    @property
    def size(self) -> int:
        """N."""
        return len(self.rows[0])

    def evaluations(self, size: int) -> int:
        """How many futures are to be played for so many rows."""
        return len(self.rows) * (size - self.size)

    def until(self, size: int) -> Shares:
        """Sobol's indices from the first ``size`` rows."""
        if self.found is None or self.found.size != size:
            self._play(size)
            self.found = self._shares()
        return self.found

    def _play(self, size: int) -> None:
        jobs = [partial(_play_all, self.outcome, group, self.draws) for group in self.groups]
        new: list[FloatArray] = []
        for blocks in self.crew.over_blocks(jobs, [len(group) for group in self.groups], self.size, size):
            new += [np.concatenate(parts) for parts in zip(*blocks, strict=True)]
        self.rows = [np.concatenate(both) for both in zip(self.rows, new, strict=True)]

    def _shares(self) -> Shares:
        numbers, size = Streams(self.draws.seed, "random"), self.size
        a, b, *mixed = self.rows
        found = decomposition(
            a, b, np.array(mixed).reshape(-1, size), lambda k: numbers.uniform(f"resample {k}", 0, size)
        )
        if found is None:
            return Shares((), size, self.straddling)
        each = [Share(name, index.first, index.total) for name, index in zip(self.streams, found.of, strict=True)]
        ordered = tuple(sorted(each, key=lambda share: -share.total.value))
        return Shares(ordered, size, self.straddling, found.alone, found.rests_on, found.reach)


def _play_all(
    outcome: Outcome, samples: Sequence[Collection[str]], draws: Draws, first: int, count: int
) -> list[FloatArray]:
    block = draws.block(first, count)
    return [outcome(block.renewing(streams)) for streams in samples]
