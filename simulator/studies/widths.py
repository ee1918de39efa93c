"""How wide the intervals of a comparison are: what a precision is held against.

A figure goes by a name that a precision may have, and there by contender the widest half-width of all pairs that it is
in: `finish.p80` the paired difference, `better.finish` the chance that one of two is strictly better, `time` the whole
and `time.PART` a part of the difference in where the time went, `time.parts` all of its parts, and `regret.finish.p80`
by schedule what it gives away at worst, or by contender in its world.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from simulator.analysis.estimate import Interval
from simulator.analysis.stopping import HalfWidths
from simulator.analysis.time_difference import TimeDifference
from simulator.studies.measures import MEASURES
from simulator.studies.pairs import Pair
from simulator.studies.regret import Regret

Found: TypeAlias = tuple[str, tuple[str, ...], float | None]
"""A figure, the contenders that it is of, and its half-width; None where it is not printed."""


def half_widths(pairs: Sequence[Pair], time: Sequence[TimeDifference], regret: Sequence[Regret]) -> HalfWidths:
    """Of every figure of a comparison, by contender."""
    found: dict[str, dict[str, float | None]] = {}
    for figure, names, width in (*_of_pairs(pairs), *_of_time(time), *_of_regret(regret)):
        widest = found.setdefault(figure, {})
        for name in names:
            known = widest.get(name, 0.0)
            widest[name] = None if width is None or known is None else max(width, known)
    return found


def _of_pairs(pairs: Sequence[Pair]) -> Iterable[Found]:
    for pair in pairs:
        names = pair.a, pair.b
        yield pair.measure, names, None if pair.difference is None else _half(pair.interval)
        better = max(_half(pair.a_better_interval), _half(pair.b_better_interval))
        column = MEASURES[pair.measure].column
        for figure in dict.fromkeys(("better", f"better.{column}", f"better.{pair.measure}")):
            yield figure, names, better


def _of_time(time: Sequence[TimeDifference]) -> Iterable[Found]:
    for each in time:
        names = each.a, each.b
        yield "time", names, _half(each.total.interval)
        for part, ends in each.intervals.items():
            yield from ((figure, names, _half(ends)) for figure in (f"time.{part}", "time.parts"))


def _of_regret(regret: Sequence[Regret]) -> Iterable[Found]:
    for each in regret:
        figure = f"regret.{each.measure}"
        for schedule, amount in each.worst.items():
            yield figure, (schedule,), None if amount is None else _half(each.worst_interval[schedule])
            for world, interval in each.by_world_interval[schedule].items():
                here = each.by_world[schedule][world]
                yield figure, (f"{world}: {schedule}",), None if here is None else _half(interval)


def _half(interval: Interval | tuple[float | None, float | None] | None) -> float:
    low, high = interval or (None, None)
    return math.inf if low is None or high is None else (high - low) / 2
