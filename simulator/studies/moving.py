"""Clusters moved one by one, the others as scheduled; then all together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulator.analysis.estimate import Interval, wilson
from simulator.studies.in_time import Counts, Dates, InTime, movable
from simulator.studies.last_day import Line, Search, side_by_side


@dataclass(frozen=True)
class LatestDate:
    """The last go-to-market day of a cluster; None where no day that was looked at keeps the confidence."""

    cluster: str
    scheduled: int
    day: int | None
    interval: tuple[int | None, int | None]
    """The last days on which the lower and the upper end of the chance's 95 % interval keep the confidence."""
    last: int
    """The last day that was tried: one that keeps the confidence there may go on any date."""
    chance: float
    """The chance of being live in time when going on that day (``best`` where there is none)."""
    chance_interval: Interval
    chance_as_scheduled: float
    chance_as_scheduled_interval: Interval
    best: int = 0
    """The day on which the chance is best of those looked at, the first of them; day 0 unless going later helps."""
    not_on: int | None = None
    """The worst day before the last that does not keep the confidence; None where all that were looked at do."""
    chance_not_on: float | None = None
    """The chance when going on that day."""

    @property
    def half_width(self) -> float:
        """Of the interval on the date, in days."""
        low, high = (-1 if day is None else day for day in self.interval)
        return (high - low) / 2


@dataclass(frozen=True)
class Together:
    """All clusters that were given a latest date on it at once; the others as scheduled.

    Whether each of them still keeps the confidence (``shift``) and how likely all of them are in time (``all``) are two
    questions: each may keep 80 % while all are in time together in far fewer futures.
    """

    days: Mapping[str, int]
    chance: Mapping[str, float]
    """Each cluster's own chance."""
    chance_interval: Mapping[str, Interval]
    all: float
    """The chance that all of them are live in time in the same future."""
    interval: Interval
    shift: int | None
    """The fewest days by which all must go earlier for each to keep its confidence; None where no shift is enough."""


class Moving:
    """Finds the last date of each cluster that keeps a confidence, ``share``; days are 0 to ``last``."""

    def __init__(self, played: InTime, last: int, share: float) -> None:
        self.played = played
        self.network = played.network
        self.last = last
        self.share = share
        self.known: dict[int, int | None] = {}
        """What was found in fewer futures, by cluster: where to look first in more."""

    def answer(self, size: int) -> tuple[tuple[LatestDate, ...], Together | None]:
        """From the first ``size`` futures."""
        self.played.extend(size)
        self.enough = math.ceil(self.share * size - 1e-9)
        self.surely = _least(lambda count: wilson(count, size)[0] >= self.share, size)
        self.perhaps = _least(lambda count: wilson(count, size)[1] >= self.share, size)
        places = movable(self.network)
        found = side_by_side(self.played, [self._cluster(c) for c in places])
        self.known = {c: each.day for c, each in zip(places, found, strict=True)}
        return tuple(found), side_by_side(self.played, [self._together(found)])[0]

    def _cluster(self, cluster: int) -> Search[LatestDate]:
        """The latest date of one cluster."""

        def good(counts: Counts) -> float:
            return float(counts[cluster])

        line = Line(self.played, self.last, lambda day: self._moved({cluster: day}), good)
        scheduled = self.network.scheduled[cluster]
        assert scheduled is not None
        yield self.network.scheduled, False
        as_scheduled = self.played.counts(self.network.scheduled)[cluster]
        line.tried[scheduled] = float(as_scheduled)
        in_first = self.played.counts(self.network.scheduled, first=True)[cluster]
        line.scouted[scheduled] = self.played.size / self.played.scouts * float(in_first)
        day = yield from line.find(self.enough, self.known.get(cluster))
        surely = yield from line.find(self.surely, day)
        perhaps = yield from line.find(self.perhaps, day)
        bad = None if day is None else (yield from line.worst_before(day, self.enough))
        best = line.best if line.rises else 0
        if day is None:  # of what all futures say, which need not agree with the few
            best = max(line.tried, key=lambda each: (line.tried[each], -each))
        count = int(line.tried[best if day is None else day])
        return LatestDate(
            cluster=self.network.clusters[cluster],
            scheduled=scheduled,
            day=day,
            interval=(surely, perhaps),
            last=self.last,
            chance=count / self.played.size,
            chance_interval=wilson(count, self.played.size),
            chance_as_scheduled=int(as_scheduled) / self.played.size,
            chance_as_scheduled_interval=wilson(int(as_scheduled), self.played.size),
            best=best,
            not_on=bad,
            chance_not_on=None if bad is None else int(line.tried[bad]) / self.played.size,
        )

    def _moved(self, days: Mapping[int, int]) -> Dates:
        return tuple(days.get(c, scheduled) for c, scheduled in enumerate(self.network.scheduled))

    def _together(self, found: Sequence[LatestDate]) -> Search[Together | None]:
        """All that have a latest date on it; those that may go on any date, or on none, as scheduled."""
        places = {name: c for c, name in enumerate(self.network.clusters)}
        days = {places[each.cluster]: each.day for each in found if each.day is not None and each.day < each.last}
        if not days:
            return None
        most = max(days.values())

        def dates(place: int) -> Dates:
            return self._moved({c: max(day - (most - place), 0) for c, day in days.items()})

        line = Line(self.played, most, dates, lambda counts: float(min(counts[c] for c in days)))
        together = self.played.at_once(dates(most), tuple(days))
        counts = self.played.counts(dates(most))
        line.tried[most] = line.good(counts)
        place = most if line.tried[most] >= self.enough else (yield from line.find(self.enough))
        size = self.played.size
        return Together(
            days={self.network.clusters[c]: day for c, day in days.items()},
            chance={self.network.clusters[c]: int(counts[c]) / size for c in days},
            chance_interval={self.network.clusters[c]: wilson(int(counts[c]), size) for c in days},
            all=together / size,
            interval=wilson(together, size),
            shift=None if place is None else most - place,
        )


def _least(holds: Callable[[int], bool], size: int) -> int:
    """The fewest of ``size`` futures with which something holds that more keep; one more than all for none."""
    low, high = 0, size + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
