"""What became of the answers: the second run's figures less the first's, with intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from simulator.analysis.paired import Difference, Values, mean_difference, quantiles, share_difference
from simulator.diff.again import TOTALS, totals_again
from simulator.diff.opened import Opened
from simulator.streams import Streams
from simulator.summary import AFTER_HORIZON

Verdict: TypeAlias = Literal["more", "less", "the same", "cannot tell"]
Figure: TypeAlias = float | str | None

QUANTILES: Final = (0.5, 0.8)
MEANS: Final = ("unsupported_days", "failures", "cost", "savings", "npv")
MOST_RESAMPLED: Final = 100_000
"""Replications up to which quantiles are resampled in pairs."""


@dataclass(frozen=True)
class Change:
    """A figure of both runs; ``change`` is the second less the first, in days, money, a number or probability."""

    level: str
    """`programme`, or the name of a cluster."""
    measure: str
    a: Figure
    b: Figure
    change: float | None
    interval: tuple[float, float] | None
    paired: bool
    """Whether the same futures were set against each other, so that what they share cancels out."""
    verdict: Verdict
    """Whether the change is there, with 95 % confidence; that may be sure of a date after the horizon too."""


def changes(a: Opened, b: Opened, together: bool, alike: bool = False) -> Iterator[Change]:
    """The programme's figures, then those of each cluster that both have; in pairs where ``together``.

    Where the two are ``alike`` in all that determines a run, figures that are equal are the same for sure.
    """
    pairs = _Pairs.of(a, b) if together else None
    levels = [name for name in a.summary["clusters"] if name in b.summary["clusters"]]
    for level in ("programme", *levels):
        figures = [
            run.summary["programme"] if level == "programme" else run.summary["clusters"][level] for run in (a, b)
        ]
        known = None if pairs is None else pairs.of_level(level)
        found = _level(level, figures[0], figures[1], known)
        yield from (_the_same(each) if alike and each.a == each.b else each for each in found)


def _the_same(change: Change) -> Change:
    """A figure that the same inputs made twice: no chance is left for it to differ, however few its futures are."""
    if change.a in (AFTER_HORIZON, None):
        return replace(change, verdict="the same")
    return replace(change, change=0.0, interval=(0.0, 0.0), verdict="the same")


def _level(
    level: str, a: Mapping[str, Any], b: Mapping[str, Any], known: Mapping[str, Difference] | None
) -> Iterator[Change]:
    live = "finish" if level == "programme" else "go_live"
    entries = [("on_time", "p", a["on_time"], b["on_time"])]
    entries += [(f"live.{p}", p, a[live], b[live]) for p in ("p50", "p80")]
    entries += [(name, "mean", a[name], b[name]) for name in MEANS]
    for measure, key, one, other in entries:
        figures = one[key], other[key]
        found = known.get(measure) if known else None
        by_itself = _independent(figures, [_interval(entry, key) for entry in (one, other)])
        change, interval = (found.value, found.interval) if found else by_itself
        verdict = _verdict(figures, interval)
        if AFTER_HORIZON in figures or None in figures:
            change, interval = None, None
        yield Change(level, measure, *figures, change, interval, found is not None, verdict)


def _verdict(figures: tuple[Figure, Figure], interval: tuple[float, float] | None) -> Verdict:
    if figures[0] == figures[1] and interval == (0, 0) and AFTER_HORIZON not in figures:
        return "the same"
    if interval is None or interval[0] <= 0 <= interval[1]:
        return "cannot tell"
    return "more" if interval[0] > 0 else "less"


def _interval(entry: Mapping[str, Any], key: str) -> Sequence[Any] | None:
    interval = entry["interval"]
    found = interval.get(key) if isinstance(interval, Mapping) else interval
    return None if found is None or None in found else list(found)


def _independent(
    figures: tuple[Figure, Figure], intervals: Sequence[Sequence[Any] | None]
) -> tuple[float | None, tuple[float, float] | None]:
    """The difference of two estimates from futures that have nothing in common.

    From their own intervals as by Zou and Donner (2008), Statistics in Medicine 27, 1693 (MOVER): each end is as far
    from the difference as the root of the two squared distances that lead there.
    """
    a, b = (_number(figure) for figure in figures)
    if a is None or b is None:
        return None, None
    ends = [[_number(end) for end in interval or (None, None)] for interval in intervals]
    (low_a, high_a), (low_b, high_b) = ends
    change = b - a
    if low_a is None or high_a is None or low_b is None or high_b is None:
        return change, None
    return change, (change - math.hypot(b - low_b, high_a - a), change + math.hypot(high_b - b, a - low_a))


def _number(figure: Figure) -> float | None:
    """A figure as a number, a date as its day; None for what is after the horizon."""
    if isinstance(figure, str):
        return None if figure == AFTER_HORIZON else float(date.fromisoformat(figure).toordinal())
    return figure


# -- in pairs ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Both runs' outcomes, future by future."""

    a: Mapping[str, Mapping[str, Values]]
    b: Mapping[str, Mapping[str, Values]]
    totals: tuple[Mapping[str, Values], Mapping[str, Values]] | None
    """Those of the programme, where they could be worked out again."""
    horizon: int
    seed: int

    @classmethod
    def of(cls, a: Opened, b: Opened) -> _Pairs:
        names = ("go_live", "on_time", *MEANS)
        horizon = max(a.scenario.horizon, b.scenario.horizon)
        totals = None
        if a.replications <= MOST_RESAMPLED:
            one, other = totals_again(a), totals_again(b)
            totals = None if one is None or other is None else (one, other)
        return cls(a.columns(names), b.columns(names), totals, horizon, int(a.summary["seed"]))

    def of_level(self, level: str) -> dict[str, Difference]:
        """Differences by measure; of the programme's totals only where they are known future by future."""
        if level != "programme":
            a, b = self.a[level], self.b[level]
            means = {name: mean_difference(b[name], a[name]) for name in MEANS}
            return {**means, **self._dated((a["go_live"], b["go_live"]), (a["on_time"], b["on_time"]))}
        lives, times, savings = [], [], []
        for run in (self.a, self.b):
            lives.append(np.max([cluster["go_live"] for cluster in run.values()], axis=0))
            times.append(np.logical_and.reduce([cluster["on_time"] for cluster in run.values()]))
            savings.append(np.sum([cluster["savings"] for cluster in run.values()], axis=0))
        found = {**self._dated((lives[0], lives[1]), (times[0], times[1])), "savings": mean_difference(*savings[::-1])}
        if self.totals is not None:
            a, b = self.totals
            found |= {name: mean_difference(b[name], a[name]) for name in TOTALS}
        return found

    def _dated(self, lives: tuple[Values, Values], times: tuple[Values, Values]) -> dict[str, Difference]:
        found = {"on_time": share_difference(times[1], times[0])}
        size = len(lives[0])
        if 1 < size <= MOST_RESAMPLED:
            cut = {name: np.minimum(live, self.horizon + 1) for name, live in zip("ab", lives, strict=True)}
            streams = Streams(self.seed, "random")
            both = quantiles(cut, QUANTILES, lambda number: streams.uniform(f"resample {number}", 0, size))
            found |= {f"live.p{100 * p:.0f}": of.difference("b", "a") for p, of in zip(QUANTILES, both, strict=True)}
        return found
