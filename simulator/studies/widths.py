"""How wide the intervals of a comparison are: what a precision is held against.

A figure goes by a name that a precision may have, and there by contender the widest half-width of all pairs that it is
in: `finish.p80` the paired difference, `better.finish` the chance that one of two is strictly better, `time` the whole
and `time.PART` a part of the difference in where the time went, `time.parts` all of its parts, and `regret.finish.p80`
by schedule what it gives away at worst, or by contender in its world.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from simulator.analysis.estimate import Interval
from simulator.analysis.seldom import half_width
from simulator.analysis.stopping import HalfWidths
from simulator.analysis.time_difference import TimeDifference
from simulator.studies.contenders import Contender
from simulator.studies.measures import MEASURES
from simulator.studies.pairs import Pair
from simulator.studies.regret import Regret
from simulator.uncertainty import Reach

Open: TypeAlias = tuple[float | None, float | None]
"""An interval of which an end may not be known."""
Found: TypeAlias = tuple[str, tuple[str, ...], float | None]
"""A figure, the contenders that it is of, and its half-width; None where it is not printed."""


class Between:
    """How far the means of two contenders may be from where they were, one against the other, in every future."""

    def __init__(self, group: Sequence[Contender], size: int) -> None:
        self.group = {each.name: each for each in group}
        self.reaches = [Reach(scenario) for scenario in {id(each.scenario): each.scenario for each in group}.values()]
        self.size = size

    def half_width(self, a: str, b: str, measure: str, interval: Interval | Open | None) -> float:
        """Of the difference of two means: 0 where the two are the same, and what may not have been seen otherwise."""
        one, other = self.group[a], self.group[b]
        same = one.scenario is other.scenario and one.network.scheduled == other.network.scheduled
        return half_width(interval, self.size, 0.0 if same else max(reach(measure) for reach in self.reaches))


def half_widths(
    between: Between, pairs: Sequence[Pair], time: Sequence[TimeDifference], regret: Sequence[Regret]
) -> HalfWidths:
    """Of every figure of a comparison, by contender."""
    found: dict[str, dict[str, float | None]] = {}
    for figure, names, width in (*_of_pairs(between, pairs), *_of_time(between, time), *_of_regret(regret)):
        widest = found.setdefault(figure, {})
        for name in names:
            known = widest.get(name, 0.0)
            widest[name] = None if width is None or known is None else max(width, known)
    return found


def _of_pairs(between: Between, pairs: Sequence[Pair]) -> Iterable[Found]:
    for pair in pairs:
        names, measure = (pair.a, pair.b), MEASURES[pair.measure]
        is_mean = measure.statistic == "mean"
        width = between.half_width(*names, measure.column, pair.interval) if is_mean else _half(pair.interval)
        yield pair.measure, names, None if pair.difference is None else width
        better = max(_half(pair.a_better_interval), _half(pair.b_better_interval))
        column = MEASURES[pair.measure].column
        for figure in dict.fromkeys(("better", f"better.{column}", f"better.{pair.measure}")):
            yield figure, names, better


def _of_time(between: Between, time: Sequence[TimeDifference]) -> Iterable[Found]:
    for each in time:
        names = each.a, each.b
        yield "time", names, between.half_width(*names, "time", each.total.interval)
        for part, ends in each.intervals.items():
            width = between.half_width(*names, "time", ends)
            yield from ((figure, names, width) for figure in (f"time.{part}", "time.parts"))


def _of_regret(regret: Sequence[Regret]) -> Iterable[Found]:
    for each in regret:
        figure = f"regret.{each.measure}"
        for schedule, amount in each.worst.items():
            yield figure, (schedule,), None if amount is None else _half(each.worst_interval[schedule])
            for world, interval in each.by_world_interval[schedule].items():
                here = each.by_world[schedule][world]
                yield figure, (f"{world}: {schedule}",), None if here is None else _half(interval)


def _half(interval: Interval | Open | None) -> float:
    """Of what is not a mean, and may be known where it was always the same."""
    return half_width(interval, 1, 0.0)
