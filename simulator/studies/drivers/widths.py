"""How wide the intervals of an answer of `drivers` are: what a precision is held against.

A figure goes by a name that a precision may have, and there by what it is of (a risk or source, an input, a stage,
something waited for) the widest half-width; None where it is not printed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeAlias

from simulator.analysis.estimate import Interval
from simulator.analysis.paired import Difference
from simulator.analysis.stopping import HalfWidths, Precision
from simulator.studies.drivers.aim import Aim

if TYPE_CHECKING:
    from simulator.studies.drivers.answer import Drivers

INDICES: Final = ("first", "total")
"""Figures for which it is the design that grows."""
EFFECT: Final = "effect"

Found: TypeAlias = tuple[str, str, float | None]


def precision_of(text: str | None, aim: Aim) -> Precision | None:
    """A precision, that of an effect in the outcome's own unit.

    Raises:
        StaggerError: it cannot be read.
    """
    found = Precision.parse(text) if text else None
    if found is not None and found.measure == EFFECT:
        Precision.parse(f"{aim.name}={str(text).rpartition('=')[2]}")
    return found


def half_widths(answer: Drivers) -> HalfWidths:
    """Of every figure, by what it is of.

    `effect` (or the outcome's own name), `days`, `p80`, `cost` and `day_saved` of what is changed; `correlation`,
    `lowest` and `highest` of inputs; `first` and `total` indices of sources; `critical` of stages; `waited`, `longest`
    and `waited_days` of what was waited for.
    """
    found: dict[str, dict[str, float | None]] = {}
    for figure, name, width in (*_changes(answer), *_moving(answer), *_indices(answer), *_chains(answer)):
        widest = found.setdefault(figure, {})
        known = widest.get(name, 0.0)
        widest[name] = None if width is None or known is None else max(width, known)
    return found


def _changes(answer: Drivers) -> Iterable[Found]:
    own = () if answer.aim.name == "cost" else (answer.aim.name,)
    for each in answer.exclusions:
        yield from ((figure, each.name, _of(each.effect)) for figure in dict.fromkeys((EFFECT, *own)))
        yield "days", each.name, _of(each.days)
        yield "finish.p80", each.name, _of(each.p80)
        yield "cost", each.name, _of(each.cost)
        if each.per_day is not None:
            yield "day_saved", each.name, _half(each.per_day_interval)


def _moving(answer: Drivers) -> Iterable[Found]:
    for bar in answer.tornado:
        if bar.correlation is not None:
            yield "correlation", bar.input, _half(bar.correlation.interval)
        yield "lowest", bar.input, _half(bar.low.interval)
        yield "highest", bar.input, _half(bar.high.interval)


def _indices(answer: Drivers) -> Iterable[Found]:
    for each in answer.shares.of if answer.shares else ():
        yield "first", each.source, _half(each.first.interval)
        yield "total", each.source, _half(each.total.interval)


def _chains(answer: Drivers) -> Iterable[Found]:
    for stage in answer.critical:
        yield "critical", stage.stage, _half(stage.interval)
    for wait in answer.binding:
        yield "waited", wait.what, _half(wait.interval)
        yield "longest", wait.what, _half(wait.largest_interval)
        yield "waited_days", wait.what, _half(wait.mean_days_interval)


def _of(difference: Difference) -> float | None:
    return None if difference.value is None else _half(difference.interval)


def _half(interval: Interval | None) -> float:
    return math.inf if interval is None else (interval[1] - interval[0]) / 2
