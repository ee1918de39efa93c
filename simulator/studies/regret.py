"""What a schedule gives away where the world may be one of several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.analysis.paired import apart
from simulator.studies.contenders import Contender
from simulator.studies.measures import MEASURES, Measure


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

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "measure": self.measure,
            "by_world": {schedule: dict(worlds) for schedule, worlds in self.by_world.items()},
            "worst": dict(self.worst),
            "least": list(self.least),
        }


def regrets(group: Sequence[Contender], value: Callable[[Contender, Measure], float | None]) -> tuple[Regret, ...]:
    """The regret in every measure of the schedules that all worlds have; nothing where there is but one world."""
    worlds = list(dict.fromkeys(each.world for each in group))
    places = {(each.schedule, each.world): each for each in group}
    schedules = [
        name for name in dict.fromkeys(each.schedule for each in group) if all((name, w) in places for w in worlds)
    ]
    if len(worlds) < 2 or len(schedules) < 2:
        return ()
    return tuple(
        regret(measure, {s: {w: value(places[s, w], measure) for w in worlds} for s in schedules})
        for measure in MEASURES.values()
    )


def regret(measure: Measure, values: Mapping[str, Mapping[str, float | None]]) -> Regret:
    """From each schedule's value in each world."""
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
