"""What a run keeps of its outcomes: one small value per printed figure, mergeable block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from simulator.analysis.amounts import Amounts, Total
from simulator.analysis.reductions import Days, Most, Ratio, Share, Sums, Tallies
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
    yield ("programme", "finish"), Days.of(programme.finish)
    yield ("programme", "on_time"), Share.of(programme.on_time)
    for name in COUNTED:
        yield ("programme", name), Days.of(getattr(programme, name))
    for name in MONEY:
        yield ("programme", name), Amounts.of(getattr(programme, name))
    for name, amounts in programme.costs.items():
        yield ("programme", "costs", name), Amounts.of(amounts)


def _clusters(outcomes: Outcomes) -> Iterator[tuple[Key, Reduction]]:
    clusters = outcomes.clusters
    for row, cluster in enumerate(outcomes.names.clusters):
        here = ("clusters", cluster)
        yield (*here, "on_time"), Share.of(clusters.on_time[row])
        for name in (*DATES, "days_late", *COUNTED):
            yield (*here, name), Days.of(getattr(clusters, name)[row])
        for name in MONEY:
            yield (*here, name), Amounts.of(getattr(clusters, name)[row])
        for index, part in enumerate(clusters.parts):
            yield (*here, "time", part), Sums.of(clusters.time[row, index])
    for name, day in clusters.marks.items():
        yield ("marks", name), Days.of(day)


def _legacy(outcomes: Outcomes) -> Iterator[tuple[Key, Reduction]]:
    legacy = outcomes.legacy
    for row, system in enumerate(outcomes.names.legacy):
        here = ("legacy", system)
        yield (*here, "retired"), Days.of(legacy.retired[row])
        for name in ("in_use_past_end_of_support", "extended", "cut"):
            yield (*here, name), Share.of(getattr(legacy, name)[row])
        for name in COUNTED:
            yield (*here, name), Days.of(getattr(legacy, name)[row])
        for name in ("running_cost", "extension_cost", "failure_cost"):
            yield (*here, name), Total.of(getattr(legacy, name)[row])


def _resources(outcomes: Outcomes) -> Iterator[tuple[Key, Reduction]]:
    resources = outcomes.resources
    for row, resource in enumerate(outcomes.names.resources):
        here = ("resources", resource)
        yield (*here, "utilisation"), Ratio.of(resources.used[row], resources.offered[row])
        yield (*here, "mean_wait_days"), Ratio.of(resources.waited[row], resources.requests[row])
        yield (*here, "max_in_use"), Most.of(resources.peak[row])
