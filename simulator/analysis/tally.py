"""What a run keeps of its outcomes: one small value per printed figure, mergeable block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np

from simulator.analysis.amounts import Amounts, Total
from simulator.analysis.reductions import Days, Most, Ratio, Share, Sums, Tallies
from simulator.network.values import FloatArray
from simulator.outcomes import Outcomes

Key: TypeAlias = tuple[str, ...]
"""Where a figure stands: ("programme", "finish"), ("clusters", "Matrix", "go_live"), …"""

Same = TypeVar("Same")


class Reduction(Protocol):
    """What remains of a block, and merges with what remains of another."""

    def merge(self: Same, other: Same) -> Same: ...


@dataclass(frozen=True)
class Tally:
    """The outcomes of N replications reduced; equal however they were cut into blocks and merged."""

    replications: int
    figures: Mapping[Key, Reduction]

    @classmethod
    def of(cls, outcomes: Outcomes) -> Tally:
        """The tally of one block."""
        return cls(outcomes.replications, dict(_figures(outcomes)))

    def merge(self, other: Tally) -> Tally:
        """The tally of the replications of both.

        Raises:
            KeyError: the other is of another scenario.
        """
        figures = {key: figure.merge(other.figures[key]) for key, figure in self.figures.items()}
        return Tally(self.replications + other.replications, figures)

    def __getitem__(self, key: Key) -> Any:
        """The reduction of a figure."""
        return self.figures[key]


DATES = ("go_to_market", "award", "go_live", "first_live")
COUNTED = ("unsupported_days", "days_past_contract", "failures")
MONEY = ("cost", "savings", "npv")
COSTS = ("running_cost", "extension_cost", "failure_cost")


def _figures(outcomes: Outcomes) -> Iterator[tuple[Key, Reduction]]:
    yield from _programme(outcomes)
    yield from _clusters(outcomes)
    yield from _legacy(outcomes)
    yield from _resources(outcomes)
    yield (
        ("unfinished",),
        Tallies(
            {f"{name}\n{reason}": count for name, why in outcomes.unfinished.items() for reason, count in why.items()}
        ),
    )


def _programme(outcomes: Outcomes) -> Iterator[tuple[Key, Reduction]]:
    programme = outcomes.programme
    days = ("finish", *COUNTED)
    reduced = dict(zip(days, Days.each(np.stack([getattr(programme, name) for name in days])), strict=True))
    yield ("programme", "finish"), reduced["finish"]
    yield ("programme", "on_time"), Share.of(programme.on_time)
    for name in COUNTED:
        yield ("programme", name), reduced[name]
    paid: list[tuple[Key, FloatArray]] = [(("programme", name), getattr(programme, name)) for name in MONEY]
    paid += [(("programme", "costs", name), amounts) for name, amounts in programme.costs.items()]
    yield from zip([key for key, _ in paid], Amounts.each(np.stack([amounts for _, amounts in paid])), strict=True)


def _clusters(outcomes: Outcomes) -> Iterator[tuple[Key, Reduction]]:
    clusters, names = outcomes.clusters, (*DATES, "days_late", *COUNTED)
    days = [Days.each(getattr(clusters, name)) for name in names]
    money = [Amounts.each(getattr(clusters, name)) for name in MONEY]
    times = Sums.each(clusters.time.reshape(-1, outcomes.replications))
    for row, cluster in enumerate(outcomes.names.clusters):
        here, parts = ("clusters", cluster), len(clusters.parts)
        yield (*here, "on_time"), Share.of(clusters.on_time[row])
        yield from (((*here, name), rows[row]) for name, rows in zip(names, days, strict=True))
        yield from (((*here, name), rows[row]) for name, rows in zip(MONEY, money, strict=True))
        for index, part in enumerate(clusters.parts):
            yield (*here, "time", part), times[row * parts + index]
    if clusters.marks:
        marks = Days.each(np.stack(list(clusters.marks.values())))
        yield from ((("marks", name), days_of) for name, days_of in zip(clusters.marks, marks, strict=True))


def _legacy(outcomes: Outcomes) -> Iterator[tuple[Key, Reduction]]:
    legacy, dates = outcomes.legacy, ("retired", *COUNTED)
    days = {name: Days.each(getattr(legacy, name)) for name in dates}
    costs = {name: Total.each(getattr(legacy, name)) for name in COSTS}
    for row, system in enumerate(outcomes.names.legacy):
        here = ("legacy", system)
        yield (*here, "retired"), days["retired"][row]
        for name in ("in_use_past_end_of_support", "extended", "cut"):
            yield (*here, name), Share.of(getattr(legacy, name)[row])
        yield from (((*here, name), days[name][row]) for name in COUNTED)
        yield from (((*here, name), totals[row]) for name, totals in costs.items())


def _resources(outcomes: Outcomes) -> Iterator[tuple[Key, Reduction]]:
    resources = outcomes.resources
    for row, resource in enumerate(outcomes.names.resources):
        here = ("resources", resource)
        yield (*here, "utilisation"), Ratio.of(resources.used[row], resources.offered[row])
        yield (*here, "mean_wait_days"), Ratio.of(resources.waited[row], resources.requests[row])
        yield (*here, "max_in_use"), Most.of(resources.peak[row])
