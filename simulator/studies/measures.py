"""What schedules are compared by, and what is kept of each future for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simulator.analysis.paired import Values, apart
from simulator.analysis.seldom import Spread, rests_on
from simulator.days import NEVER
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes import Outcomes

COLUMNS: Final = ("finish", "on_time", "unsupported_days", "failures", "cost", "npv")
GOING_ON: Final = ("unsupported_days", "failures", "cost", "npv")
"""Those that are counted up to the horizon where somebody is not live by then."""


@dataclass(frozen=True)
class Measure:
    """A statistic of one of the programme's outcomes; ``share`` is the quantile's, where it is one."""

    name: str
    column: str
    words: str
    statistic: Literal["mean", "quantile", "probability"] = "mean"
    share: float = 0.0
    more_is_better: bool = False

    def called(self, has_deadline: bool) -> str:
        """Its words; without a deadline, being on time is being live by the horizon."""
        return self.words if has_deadline or self.column != "on_time" else "chance of being live by the horizon"

    def better(self, a: Values, b: Values) -> Values:
        """Where the first of two futures' values, (N,), is strictly better, and not by rounding only."""
        return apart(a, b) > 0 if self.more_is_better else apart(a, b) < 0


MEASURES: Final = {
    measure.name: measure
    for measure in (
        Measure("on_time", "on_time", "chance of being on time", "probability", more_is_better=True),
        Measure("finish.mean", "finish", "last go-live, mean"),
        Measure("finish.p50", "finish", "last go-live, P50", "quantile", 0.5),
        Measure("finish.p80", "finish", "last go-live, P80", "quantile", 0.8),
        Measure("unsupported_days", "unsupported_days", "days unsupported, mean"),
        Measure("failures", "failures", "failures, mean"),
        Measure("cost", "cost", "cost, mean"),
        Measure("npv", "npv", "net present value, mean", more_is_better=True),
    )
}


@dataclass(frozen=True, eq=False)
class Record:
    """What is kept of one schedule's futures: columns of (N,) values, and where the time went."""

    columns: Mapping[str, Values]
    live: FloatArray
    """(N,) the day of go-live, the mean over clusters, each cut at the horizon."""
    time: Mapping[str, IntArray]
    """Days by part, (N,) each, summed over clusters."""
    not_live: int = 0
    """How many clusters, counted in every future, are not live by the horizon."""
    clusters: int = 1

    @classmethod
    def of(cls, outcomes: Outcomes, horizon: int) -> Record:
        """Of one block."""
        programme, clusters = outcomes.programme, outcomes.clusters
        columns = {name: getattr(programme, name) for name in COLUMNS}
        live = np.minimum(clusters.go_live, horizon).mean(axis=0, dtype=np.float64)
        time = dict(zip(clusters.finer_parts, clusters.finer_time.sum(axis=0, dtype=np.int32), strict=True))
        return cls(columns, live, time, int(np.count_nonzero(clusters.go_live == NEVER)), len(clusters.go_live))

    @classmethod
    def joined(cls, parts: Sequence[Record]) -> Record:
        """Of consecutive blocks."""
        columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in COLUMNS}
        time = {name: np.concatenate([part.time[name] for part in parts]) for name in parts[0].time}
        live = np.concatenate([part.live for part in parts])
        return cls(columns, live, time, sum(part.not_live for part in parts), parts[0].clusters)

    @property
    def replications(self) -> int:
        """N."""
        return len(self.live)

    @property
    def share_not_live(self) -> float:
        """The share of clusters, over all futures, that are not live by the horizon."""
        return self.not_live / (self.replications * self.clusters)

    @property
    def unfinished(self) -> float:
        """The share of futures in which somebody is not live by the horizon."""
        return float((self.columns["finish"] == NEVER).mean())

    @property
    def censored(self) -> bool:
        """Whether somebody was not live by the horizon in some future, so that the mean is not known."""
        return bool((self.columns["finish"] == NEVER).any())

    def cut(self, column: str, horizon: int) -> Values:
        """A column, what never happened put on the day after the horizon."""
        values = self.columns[column]
        return np.minimum(values, horizon + 1) if column == "finish" else values

    def value(self, measure: Measure, horizon: int, quantile: float | None = None) -> float | None:
        """The measure's own value; None where it is after the horizon or not known."""
        if measure.statistic == "quantile":
            return None if quantile is None or quantile > horizon else quantile
        if measure.name == "finish.mean" and self.censored:
            return None
        return float(self.columns[measure.column].mean())

    def rests_on(self, measure: Measure) -> float | None:
        """How many futures a mean rests on, where they are few."""
        if measure.statistic != "mean" or self.value(measure, NEVER) is None:
            return None
        return rests_on(Spread.of(self.columns[measure.column]))
