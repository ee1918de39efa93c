"""What a sweep says of each of its points, and what it keeps of their futures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np

from simulator.analysis.amounts import Total
from simulator.analysis.estimate import rank, rank_interval, wilson
from simulator.analysis.paired import Values
from simulator.analysis.reductions import Days, Share
from simulator.analysis.seldom import Spread, interval_of_mean, rests_on
from simulator.days import NEVER
from simulator.outcomes import Outcomes
from simulator.studies.contenders import Contender
from simulator.studies.measures import COLUMNS

if TYPE_CHECKING:
    from simulator.studies.between_points import Change

FIGURES: Final = {
    "on_time": "on_time",
    "finish.p50": "p50",
    "finish.p80": "p80",
    "unsupported_days": "unsupported_days",
    "failures": "failures",
    "cost": "cost",
    "npv": "npv",
}
"""What is said of each point: a figure's name as a precision has it, and its column in the table."""
DATES: Final = ("finish.p50", "finish.p80")


@dataclass(frozen=True)
class Figure:
    """A value and its 95 % interval: a probability, a day, a number or money.

    A day after the horizon is `NEVER`; an end is None where it takes more futures to know.
    """

    value: float
    low: float | None
    high: float | None
    rests_on: float | None = None
    """How many futures a mean rests on, where they are few."""

    @property
    def half_width(self) -> float:
        """Infinite where an end is after the horizon or not known."""
        if self.low is None or self.high is None:
            return math.inf
        if self.low == self.high:
            return 0.0
        return math.inf if NEVER in (self.low, self.high) else (self.high - self.low) / 2


@dataclass(frozen=True)
class Point:
    """The answer with the paths at some values, or why there is none."""

    values: tuple[str, ...]
    figures: Mapping[str, Figure]
    """By the names of `FIGURES`; empty where it is infeasible."""
    infeasible: str = ""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """The same less the base's; empty where it is the base, or infeasible."""
    not_live: float | None = None
    """The share of futures in which somebody is not live by the horizon; None where it is infeasible."""

    @property
    def on_time(self) -> float | None:
        """The chance of being on time."""
        figure = self.figures.get("on_time")
        return None if figure is None else figure.value


@dataclass(frozen=True)
class Kept:
    """What is kept of a point's futures: it merges exactly, however they were cut into blocks."""

    on_time: Share
    finish: Days
    unsupported_days: Days
    failures: Days
    cost: Total
    npv: Total
    columns: Mapping[str, Values]
    """The programme's outcomes in every future, (N,) each, for differences between points."""

    @classmethod
    def of(cls, contender: Contender, outcomes: Outcomes) -> Kept:
        """Of one block."""
        programme = outcomes.programme
        return cls(
            on_time=Share.of(programme.on_time),
            finish=Days.of(programme.finish),
            unsupported_days=Days.of(programme.unsupported_days),
            failures=Days.of(programme.failures),
            cost=Total.of(programme.cost),
            npv=Total.of(programme.npv),
            columns={name: getattr(programme, name) for name in COLUMNS},
        )

    @classmethod
    def joined(cls, parts: Sequence[Kept]) -> Kept:
        """Of several blocks."""
        merged = {
            name: reduce(lambda one, other: one.merge(other), (getattr(part, name) for part in parts))
            for name in vars(parts[0])
            if name != "columns"
        }
        return cls(**merged, columns={name: np.concatenate([part.columns[name] for part in parts]) for name in COLUMNS})

    @property
    def not_live(self) -> float:
        """The share of futures in which somebody is not live by the horizon."""
        return float((self.columns["finish"] == NEVER).mean())

    def figures(self) -> dict[str, Figure]:
        """All of `FIGURES`."""
        count, size = self.on_time.count, self.on_time.size
        return {
            "on_time": Figure(count / size, *wilson(count, size)),
            "finish.p50": _quantile(self.finish, 0.5),
            "finish.p80": _quantile(self.finish, 0.8),
            **{name: _mean(getattr(self, name)) for name in ("unsupported_days", "failures", "cost", "npv")},
        }


def _quantile(days: Days, p: float) -> Figure:
    low, high = rank_interval(p, days.size)
    ends = days.at(low) if low else None, days.at(high) if high <= days.size else None
    return Figure(days.at(rank(p, days.size)), *ends)


def _mean(of: Days | Total) -> Figure:
    spread = Spread.like(of)
    assert spread is not None  # what is counted up to the horizon is always there
    low, high = interval_of_mean(spread) or (None, None)
    return Figure(spread.mean, low, high, rests_on(spread))
