"""What a schedule gives away where the world may be one of several, and how surely.

**Intervals.** A regret is the largest of several differences: from each schedule in a world to every one there, and at
worst in any world. As an estimate the largest is too high where some are nearly equal, for it picks what
came out high by chance (two equal schedules never both show none), and the bootstrap fails just there (Andrews 2000,
Econometrica 68, 399). So intervals are made from those of the paired differences, as in Hsu's (1981, Annals of
Statistics 9, 1026) comparisons with the best. No regret is below any of its differences: the lower end is the
largest lower end of m differences, each at 1 − 2.5 %/m (Bonferroni), and 0 at least. One of the differences is the
regret: whichever it is, its own upper end at 97.5 % is not above the largest of them. So either end is wrong in no more
than 2.5 % of cases, ties or not, and a regret that may be nothing reaches down to 0.

**Which is least.** A schedule is ruled out where another surely gives away less at worst: in every world the
other is better there, or its regret is below what the first surely gives away somewhere. All of that is said with 95 %
over all worlds, pairs and measures together (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from simulator.analysis.estimate import CONFIDENCE, Interval
from simulator.analysis.paired import Difference, apart
from simulator.studies.contenders import Contender
from simulator.studies.measures import MEASURES, Measure

Compared: TypeAlias = Callable[[Contender, Contender, Measure, float], Difference]
"""The paired difference of two contenders in a measure, its interval at a confidence."""


@dataclass(frozen=True)
class Regret:
    """A measure: what each schedule gives away in each world against the best one there, and the least-regret schedule.

    Savage (1951), J. Amer. Statist. Assoc. 46, 55. Amounts are never negative, in the measure's unit.
    """

    measure: str
    by_world: Mapping[str, Mapping[str, float | None]]
    """Schedule to world to regret; None where its value is after the horizon."""
    worst: Mapping[str, float | None]
    """Schedule to its largest regret; None where one is not known."""
    least: tuple[str, ...]
    """The schedule whose largest regret is least, several where they tie; none where no schedule has one."""
    by_world_interval: Mapping[str, Mapping[str, Interval | None]] = field(default_factory=dict)
    """Of every regret, 95 %; None where it is not known."""
    worst_interval: Mapping[str, Interval | None] = field(default_factory=dict)
    may_be_least: tuple[str, ...] = ()
    """All that these futures cannot rule out to be the one with the least regret."""

    @property
    def verdict(self) -> str:
        """The least-regret schedule, or that these futures cannot tell."""
        return self.may_be_least[0] if len(self.may_be_least) == 1 else "cannot tell"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "measure": self.measure,
            "by_world": {schedule: dict(worlds) for schedule, worlds in self.by_world.items()},
            "worst": dict(self.worst),
            "least": list(self.least),
            "by_world_interval": {schedule: dict(worlds) for schedule, worlds in self.by_world_interval.items()},
            "worst_interval": dict(self.worst_interval),
            "may_be_least": list(self.may_be_least),
            "verdict": self.verdict,
        }


def regrets(
    group: Sequence[Contender],
    value: Callable[[Contender, Measure], float | None],
    at_least: Callable[[Contender, Measure], float],
    compared: Compared,
) -> tuple[Regret, ...]:
    """The regret in every measure of the schedules that all worlds have; nothing where there is but one world.

    ``value`` is a contender's own, ``at_least`` what it is no less than where it is not known.
    """
    worlds = list(dict.fromkeys(each.world for each in group))
    places = {(each.schedule, each.world): each for each in group}
    schedules = [
        name for name in dict.fromkeys(each.schedule for each in group) if all((name, w) in places for w in worlds)
    ]
    if len(worlds) < 2 or len(schedules) < 2:
        return ()
    pairs = len(schedules) * (len(schedules) - 1) // 2
    surely = 1 - (1 - CONFIDENCE) / (pairs * len(worlds) * len(MEASURES))
    found = []
    for measure in MEASURES.values():
        values = {s: {w: value(places[s, w], measure) for w in worlds} for s in schedules}
        for w in worlds:
            if not _best_is_known([(places[s, w], values[s][w]) for s in schedules], measure, at_least):
                values = {s: {**of, w: None} for s, of in values.items()}
        doubt = _Doubt(places, schedules, worlds, measure, compared)
        found.append(doubt.about(regret(measure, values), surely))
    return tuple(found)


def _best_is_known(
    here: Sequence[tuple[Contender, float | None]],
    measure: Measure,
    at_least: Callable[[Contender, Measure], float],
) -> bool:
    """Whether nobody whose value is not known may be better than the best of those whose value is."""
    known = [value for _, value in here if value is not None]
    return not known or all(value is not None or at_least(who, measure) >= min(known) for who, value in here)


@dataclass(frozen=True)
class _Doubt:
    """How surely schedules are apart in one measure."""

    places: Mapping[tuple[str, str], Contender]
    schedules: Sequence[str]
    worlds: Sequence[str]
    measure: Measure
    compared: Compared

    def about(self, found: Regret, surely: float) -> Regret:
        """The same regrets with intervals, and all schedules that may have the least."""
        whole = [s for s in self.schedules if found.worst[s] is not None]
        beaten = {s for s in whole for t in whole if s != t and self._beats(t, s, surely)}
        here = {s: [w for w in self.worlds if found.by_world[s][w] is not None] for s in self.schedules}
        return replace(
            found,
            by_world_interval={
                s: {w: self._interval(s, [w]) if w in here[s] else None for w in self.worlds} for s in self.schedules
            },
            worst_interval={s: self._interval(s, self.worlds) if s in whole else None for s in self.schedules},
            may_be_least=tuple(s for s in whole if s not in beaten),
        )

    def _interval(self, schedule: str, worlds: Sequence[str]) -> Interval | None:
        """Of the largest regret in some worlds."""
        corrected = 1 - (1 - CONFIDENCE) / (len(worlds) * (len(self.schedules) - 1))
        return self._largest(schedule, worlds, corrected, CONFIDENCE)

    def _largest(self, schedule: str, worlds: Sequence[str], low: float, high: float) -> Interval | None:
        """What the largest regret in some worlds is at least and at most, from differences at two confidences."""
        ends = [
            (self._loss(schedule, other, world, low), self._loss(schedule, other, world, high))
            for world in worlds
            for other in self.schedules
            if other != schedule
        ]
        known = [(least[0], most[1]) for least, most in ends if least is not None and most is not None]
        if len(known) < len(ends):
            return None
        return max(0.0, *(least for least, _ in known)), max(0.0, *(most for _, most in known))

    def _beats(self, one: str, other: str, surely: float) -> bool:
        """Whether ``one`` surely gives away less at worst than ``other``."""
        given = self._largest(other, self.worlds, surely, surely)
        return given is not None and all(self._less(one, other, world, given[0], surely) for world in self.worlds)

    def _less(self, one: str, other: str, world: str, given: float, surely: float) -> bool:
        """Whether the regret of ``one`` in a world is surely below that of ``other`` there, or below an amount."""
        lost = self._loss(other, one, world, surely)
        most = self._largest(one, [world], surely, surely)
        return (lost is not None and lost[0] > 0) or (most is not None and most[1] < given)

    def _loss(self, one: str, other: str, world: str, confidence: float) -> Interval | None:
        """The interval of how much worse ``one`` is than ``other`` in a world."""
        a, b = self.places[one, world], self.places[other, world]
        interval = self.compared(a, b, self.measure, confidence).interval
        if interval is None or not self.measure.more_is_better:
            return interval
        return -interval[1], -interval[0]


def regret(measure: Measure, values: Mapping[str, Mapping[str, float | None]]) -> Regret:
    """From each schedule's value in each world, without intervals."""
    sign = -1.0 if measure.more_is_better else 1.0
    by_world: dict[str, dict[str, float | None]] = {schedule: {} for schedule in values}
    for world in next(iter(values.values())):
        here = {schedule: of[world] for schedule, of in values.items()}
        known = [sign * each for each in here.values() if each is not None]
        for schedule, each in here.items():
            by_world[schedule][world] = None if each is None else _more(sign * each, min(known))
    worst = {schedule: _worst(list(worlds.values())) for schedule, worlds in by_world.items()}
    bounded = [each for each in worst.values() if each is not None]
    least = tuple(schedule for schedule, each in worst.items() if each is not None and not _more(each, min(bounded)))
    return Regret(measure.name, by_world, worst, least)


def _more(one: float, least: float) -> float:
    return float(apart(np.array(one), np.array(least)))


def _worst(amounts: Sequence[float | None]) -> float | None:
    known = [each for each in amounts if each is not None]
    return max(known) if len(known) == len(amounts) else None
