"""In how many futures was a stage critical, and did a wait bind?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.analysis.estimate import Interval, wilson
from simulator.analysis.seldom import Spread, interval_of_mean
from simulator.inputs import BoolArray
from simulator.network import Network
from simulator.network.values import IntArray
from simulator.outcomes.critical import SCHEDULE, Critical

KINDS: Final = ("resources", "budgets", "boards", "windows", "clusters")


@dataclass(frozen=True)
class Criticality:
    """How often a stage (or milestone) was on the chain that decided the go-live."""

    stage: str
    share: float
    interval: Interval


@dataclass(frozen=True)
class Binding:
    """How often something was waited for on the decisive cluster's chain."""

    what: str
    kind: str
    """resource, budget, board, window, cluster, milestone or schedule."""
    share: float
    """Of futures in which it was waited for at all."""
    interval: Interval
    largest: float
    """Of futures in which it was waited for longest (the first by name where several were)."""
    largest_interval: Interval
    mean_days: float
    """Over all futures."""
    mean_days_interval: Interval | None


def stages_critical(blocks: Sequence[Critical]) -> tuple[Criticality, ...]:
    """All stages that were ever critical, the most often first."""
    marks: Mapping[str, BoolArray] = {
        name: np.concatenate([block.stages[name] for block in blocks]) for name in blocks[0].stages
    }
    found = []
    for name, where in marks.items():
        count = int(np.count_nonzero(where))
        if count:
            found.append(Criticality(name, count / len(where), wilson(count, len(where))))
    return tuple(sorted(found, key=lambda each: -each.share))


def what_bound(blocks: Sequence[Critical], network: Network) -> tuple[Binding, ...]:
    """Everything that was ever waited for, the most often first."""
    names = sorted({name for block in blocks for name in block.waits})
    if not names:
        return ()
    days = np.stack([np.concatenate([_row(block, name) for block in blocks]) for name in names])
    longest = np.where(days.max(axis=0) > 0, days.argmax(axis=0), -1)
    found = [_binding(name, days[row], longest == row, network) for row, name in enumerate(names) if days[row].any()]
    return tuple(sorted(found, key=lambda each: -each.share))


def _binding(name: str, days: IntArray, longest: BoolArray, network: Network) -> Binding:
    count, most, size = int(np.count_nonzero(days)), int(np.count_nonzero(longest)), len(days)
    spread = Spread.of(days)
    return Binding(
        what=name,
        kind=_kind(name, network),
        share=count / size,
        interval=wilson(count, size),
        largest=most / size,
        largest_interval=wilson(most, size),
        mean_days=spread.mean,
        mean_days_interval=interval_of_mean(spread),
    )


def _row(block: Critical, name: str) -> IntArray:
    size = len(next(iter(block.waits.values())))
    return block.waits.get(name, np.zeros(size, dtype=np.int32))


def _kind(name: str, network: Network) -> str:
    for kind in KINDS:
        if name in getattr(network, kind):
            return kind.removesuffix("s")
    return "schedule" if name == SCHEDULE else "milestone"
