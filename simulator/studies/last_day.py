"""The last day on which enough futures go well, found with few looks at all of them.

A few futures are asked first: on days spread evenly, for later may be safer (what others have learned by then, and
Graham's anomalies), and after the last of these that is good, by bisection. Then all of them are, near the day that the
few point to, until one day is found that is good enough while the next is not. A search is a generator: it yields the
dates that it wants played next, so that several searches go on side by side and share the workers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

from simulator.studies.in_time import Counts, Dates, InTime

Answer = TypeVar("Answer")
Search: TypeAlias = Generator[tuple[Dates, bool], None, Answer]
"""Yields dates to be played, and whether only in the first block; returns what was found."""

SPREAD: Final = 16
"""Days spread from the first to the last that the few futures are asked about. What is good, or bad, for less than a
fifteenth of the time may lie between them."""
APART: Final = 8
"""Days between which the slope is read: on one or two it is mostly chance."""
NEAR: Final = 64
"""Days between which it is taken for straight."""
BEYOND: Final = 1.5
"""How much further to go than the slope says, so that the day that is looked for lies between two that were tried."""


def side_by_side(played: InTime, searches: Sequence[Search[Answer]]) -> list[Answer]:
    """What each search finds; at every step what all of them want is played in one go."""
    answers: dict[int, Answer] = {}
    going = dict(enumerate(searches))
    while going:
        wanted: list[tuple[Dates, bool]] = []
        for number, search in list(going.items()):
            try:
                wanted.append(next(search))
            except StopIteration as found:
                answers[number] = found.value
                del going[number]
        played.play(wanted)
    return [answers[number] for number in range(len(searches))]


@dataclass
class Line:
    """Days 0 to ``last``, of which the last good one is looked for; ``good`` counts the futures that decide.

    ``good`` is given the counts of a day and how many of all futures they are of.
    """

    played: InTime
    last: int
    dates: Callable[[int], Dates]
    good: Callable[[Counts], float]
    tried: dict[int, float] = field(default_factory=dict)
    """Day to the good futures of all."""
    scouted: dict[int, float] = field(default_factory=dict)
    """Day to the good futures of the first block, scaled to all."""

    @property
    def best(self) -> int:
        """The first of the days on which most of the few futures are good."""
        return max(self.scouted, key=lambda day: (self.scouted[day], -day))

    @property
    def rises(self) -> bool:
        """Whether a later day is better than day 0."""
        return self.scouted[self.best] > self.scouted[0]

    def find(self, least: float, guess: int | None = None) -> Search[int | None]:
        """The last day with at least so many good futures; None where none that was looked at has."""
        yield from self._spread()
        if guess is None:
            guess = yield from self._scout(least)
        if self.rises:
            yield from self._look(self.best)
        while True:
            low, high = _bracket(self.tried, least, self.last)
            if high - low <= 1:
                return None if low < 0 else low
            day = min(max(self._next(least, low, high, guess), low + 1), high - 1)
            yield from self._look(day)

    def worst_before(self, day: int, least: float) -> Search[int | None]:
        """The worst day before a good one that has not so many good futures; None where all looked at before it have.

        Of days that only the few futures were asked about, the worst is looked at in all of them.
        """
        bad = [each for each in self.scouted if each < day and self.scouted[each] < least]
        if bad:
            yield from self._look(min(bad, key=lambda each: self.scouted[each]))
        found = [each for each in self.tried if each < day and self.tried[each] < least]
        return min(found, key=lambda each: (self.tried[each], each), default=None)

    def _look(self, day: int) -> Search[None]:
        """In all futures."""
        if day not in self.tried:
            yield self.dates(day), False
            self.tried[day] = self.good(self.played.counts(self.dates(day)))

    def _spread(self) -> Search[None]:
        """What the first block says of days from the first to the last."""
        for part in range(SPREAD):
            yield from self._ask_few(self.last * part // (SPREAD - 1))

    def _scout(self, least: float) -> Search[int]:
        """What the first block says, by bisection after the last good day of those spread; -1 where none is."""
        while True:
            low, high = _bracket(self.scouted, least, self.last)
            if high - low <= 1:
                return low
            yield from self._ask_few((low + high) // 2)

    def _ask_few(self, day: int) -> Search[None]:
        if day not in self.scouted:
            yield self.dates(day), True
            scale = self.played.size / self.played.scouts
            self.scouted[day] = scale * self.good(self.played.counts(self.dates(day), first=True))

    def _next(self, least: float, low: int, high: int, guess: int) -> int:
        """The guess first; then from the nearer end as far as the slope there says and more, twice as far each time.

        Between two ends that are near, where the line through them crosses; the middle if that was often of no use.
        """
        if low < guess < high and guess not in self.tried:
            return guess
        both = low in self.tried and high in self.tried
        if both and high - low <= NEAR:
            if sum(low - APART <= day <= high + APART for day in self.tried) > APART:
                return (low + high) // 2
            fall = (self.tried[low] - self.tried[high]) / (high - low)
            return low + int((self.tried[low] - least) / fall)
        end = min((low, high), key=lambda day: abs(self.tried[day] - least) if day in self.tried else math.inf)
        fall = max(self._slope(end), 1 / (self.last + 1))
        step = max(1 + int(BEYOND * abs(self.tried[end] - least) / fall), abs(end - guess))
        if both and step > (high - low) // 2:
            return (low + high) // 2
        return end + step if end == low else end - step

    def _slope(self, day: int) -> float:
        """Good futures lost a day, near a day."""
        known = {**self.scouted, **self.tried}
        before = [each for each in known if each <= day - APART]
        after = [each for each in known if each >= day + APART]
        if not before or not after:
            return 0.0
        first, second = max(before), min(after)
        return (known[first] - known[second]) / (second - first)


def _bracket(tried: dict[int, float], least: float, last: int) -> tuple[int, int]:
    """The last day known to be good, -1 for none, and the first after it that is not, ``last`` + 1 for none."""
    low = max((day for day, good in tried.items() if good >= least), default=-1)
    return low, min((day for day, good in tried.items() if day > low and good < least), default=last + 1)
