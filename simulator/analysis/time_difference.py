"""Where the time between two schedules went: the difference in go-live, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.analysis.paired import Difference
from simulator.days import DAYS_PER_MONTH

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

    @property
    def words(self) -> str:
        """Such as “B” is live 4.1 months earlier than “A”: 3.7 less waiting for the framework, but 0.5 more rework."""
        return self.told()

    def told(self, most: int | None = None) -> str:
        """The same with no more than the ``most`` largest parts."""
        if min(self.not_live) == 1:
            return f"No cluster is ever live by the horizon, neither under “{self.a}” nor under “{self.b}”."
        days = sum(self.parts.values())
        late, early = (self.a, self.b) if days >= 0 else (self.b, self.a)
        parts = sorted(self.parts.items(), key=lambda part: -abs(part[1]))
        saved = [(part, days_later if days >= 0 else -days_later) for part, days_later in parts]
        saved = [(part, change) for part, change in saved if abs(change) >= WORTH_SAYING][:most]
        if abs(days) < WORTH_SAYING:
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
    a: tuple[str, Mapping[str, float]],
    b: tuple[str, Mapping[str, float]],
    total: Difference,
    not_live: tuple[float, float] = (0.0, 0.0),
) -> TimeDifference:
    """From the mean days by part of two schedules; a part that one does not have is 0 days there."""
    names = list(dict.fromkeys([*a[1], *b[1]]))
    parts = {part: a[1].get(part, 0.0) - b[1].get(part, 0.0) for part in names}
    return TimeDifference(a[0], b[0], total, parts, not_live)
