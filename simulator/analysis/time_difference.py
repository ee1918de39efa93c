"""Where the time between two schedules went: the difference in go-live, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from simulator.analysis.estimate import Interval
from simulator.analysis.paired import Difference, mean_difference
from simulator.days import DAYS_PER_MONTH
from simulator.network.values import FloatArray

GOING: Final = "going to market"
"""The part that is the schedule's own: the day from which the others count."""

WORTH_SAYING: Final = 0.05 * DAYS_PER_MONTH
"""Days below which a part rounds to 0.0 months."""


@dataclass(frozen=True)
class TimeDifference:
    """How much later clusters are live under ``a`` than under ``b``, in mean days, and in which parts.

    The days are those to go-live, or to the horizon where a cluster is not live by then, averaged over clusters and
    futures. The parts add up to the whole.
    """

    a: str
    b: str
    total: Difference
    parts: Mapping[str, float]
    not_live: tuple[float, float] = (0.0, 0.0)
    """The shares of clusters, over all futures, that are not live by the horizon under ``a`` and under ``b``."""
    intervals: Mapping[str, Interval | None] = field(default_factory=dict)
    """Of the parts, 95 % each; None from a single future."""

    @property
    def words(self) -> str:
        """Such as “B” is live 4.1 months earlier than “A”: 3.7 less waiting for the framework, but 0.5 more rework."""
        return self.told()

    def told(self, most: int | None = None) -> str:
        """The same with no more than the ``most`` largest parts; what may be a gain as well as a loss is left out."""
        if min(self.not_live) == 1:
            return f"No cluster is ever live by the horizon, neither under “{self.a}” nor under “{self.b}”."
        days = sum(self.parts.values())
        late, early = (self.a, self.b) if days >= 0 else (self.b, self.a)
        sure = [part for part in self.parts.items() if not _straddles(self.intervals.get(part[0]))]
        parts = sorted(sure, key=lambda part: -abs(part[1]))
        saved = [(part, days_later if days >= 0 else -days_later) for part, days_later in parts]
        saved = [(part, change) for part, change in saved if abs(change) >= WORTH_SAYING][:most]
        if _straddles(self.total.interval):
            start = (
                f"{self._on_average()}, these futures cannot tell under which clusters are live earlier, "
                f"“{self.a}” or “{self.b}”"
            )
        elif abs(days) < WORTH_SAYING:
            start = f"{self._on_average()}, clusters are live under “{early}” at the same time as under “{late}”"
        else:
            months = f"{abs(days) / DAYS_PER_MONTH:.1f}"
            start = (
                f"{self._on_average()}, clusters are live {months} months earlier under “{early}” than under “{late}”"
            )
        return f"{start}{_because(saved)}."

    def _on_average(self) -> str:
        """What is left out of the average: the days of who is not live by the horizon are longer than is known."""
        if not any(self.not_live):
            return "On average"
        a, b = (f"{share:.1%}" for share in self.not_live)
        return f"On average, up to the horizon for those not live by then ({a} under “{self.a}”, {b} under “{self.b}”)"


def _straddles(ends: Interval | None) -> bool:
    """Whether it may be either way; what is just nothing in every future is known."""
    return ends is not None and ends[0] <= 0 <= ends[1] and ends[0] < ends[1]


def _because(saved: Sequence[tuple[str, float]]) -> str:
    """The parts that made the one earlier, then those that worked against it."""
    gained = ", ".join(_said(part, change) for part, change in saved if change > 0)
    lost = ", ".join(_said(part, change) for part, change in saved if change < 0)
    if gained:
        return f": {gained}, but {lost}" if lost else f": {gained}"
    return f", despite {lost}" if lost else ""


def _said(part: str, saved: float) -> str:
    months = f"{abs(saved) / DAYS_PER_MONTH:.1f}"
    if part == GOING:
        return f"{months} by going to market earlier" if saved > 0 else f"{months} lost by going to market later"
    return f"{months} {'less' if saved > 0 else 'more'} {part.replace('waiting: ', 'waiting for ')}"


def time_difference(
    a: tuple[str, Mapping[str, FloatArray]],
    b: tuple[str, Mapping[str, FloatArray]],
    total: Difference,
    not_live: tuple[float, float] = (0.0, 0.0),
) -> TimeDifference:
    """From the days by part of two schedules, (N,) each, in the same futures.

    A part that one does not have is 0 days there; differences are paired, as `mean_difference` takes them.
    """
    nothing = np.zeros(1)
    found = {part: _difference(a[1].get(part, nothing), b[1].get(part, nothing)) for part in {**a[1], **b[1]}}
    parts = {part: difference.value or 0.0 for part, difference in found.items()}
    intervals = {part: difference.interval for part, difference in found.items()}
    return TimeDifference(a[0], b[0], total, parts, not_live, intervals)


def _difference(a: FloatArray, b: FloatArray) -> Difference:
    """Most schedules have parts that neither ever spends a day on."""
    return mean_difference(a, b) if a.any() or b.any() else Difference(0.0, (0.0, 0.0))
