"""How wide the intervals of an answer of `drivers` are: what a precision is held against.

A figure goes by a name that a precision may have, and there by what it is of (a risk or source, an input, a stage,
something waited for) the widest half-width; None where it is not printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeAlias

from simulator.analysis.estimate import Interval
from simulator.analysis.seldom import half_width
from simulator.analysis.sensitivity import TENTH
from simulator.analysis.stopping import HalfWidths, Precision
from simulator.network.build import probability
from simulator.studies.drivers.aim import Aim
from simulator.uncertainty import Reach

if TYPE_CHECKING:
    from simulator.studies.drivers.answer import Drivers
    from simulator.studies.drivers.exclusion import Exclusion

INDICES: Final = ("first", "total")
"""Figures for which it is the design that grows."""
EFFECT: Final = "effect"
EXAMPLES: Final = "p80=7d, cost=0.5, correlation=0.02 or, for one thing that is changed, NAME/p80=7d"
"""Precisions of what is printed."""

Found: TypeAlias = tuple[str, str, float | None]


def precision_of(text: str | None, aim: Aim) -> Precision | None:
    """A precision, that of an effect in the outcome's own unit.

    Raises:
        StaggerError: it cannot be read.
    """
    found = Precision.parse(text, EXAMPLES) if text else None
    if found is not None and found.measure == EFFECT:
        Precision.parse(f"{aim.name}={str(text).rpartition('=')[2]}", EXAMPLES)
    return found


def half_widths(answer: Drivers) -> HalfWidths:
    """Of every figure, by what it is of.

    `effect` (or the outcome's own name), `days`, `p80`, `cost` and `day_saved` of what is changed; `correlation`,
    `lowest` and `highest` of inputs; `first` and `total` indices of sources; `critical` of stages; `waited`, `longest`
    and `waited_days` of what was waited for. What was the same in all futures is as wide as what was not seen lets it
    be (`Reach`).
    """
    found: dict[str, dict[str, float | None]] = {}
    for figure, name, width in (*_changes(answer), *_moving(answer), *_indices(answer), *_chains(answer)):
        widest = found.setdefault(figure, {})
        known = widest.get(name, 0.0)
        widest[name] = None if width is None or known is None else max(width, known)
    return found


def _changes(answer: Drivers) -> Iterable[Found]:
    aim, size, reach = answer.aim, answer.futures.replications, Reach(answer.scenario)
    own = () if aim.name == "cost" else (aim.name,)
    for each in answer.exclusions:
        can = not _impossible(answer, each)
        effect = half_width(each.effect.interval, size, can and reach(aim.name, aim.cluster or ""))
        yield from ((figure, each.name, effect) for figure in dict.fromkeys((EFFECT, *own)))
        yield "days", each.name, half_width(each.days.interval, size, can and reach(aim.finishing.name))
        yield "finish.p80", each.name, None if each.p80.value is None else _half(each.p80.interval)
        yield "cost", each.name, half_width(each.cost.interval, size, can and reach("cost"))
        if each.per_day is not None:
            yield "day_saved", each.name, _half(each.per_day_interval)


def _impossible(answer: Drivers, change: Exclusion) -> bool:
    """Whether it is a risk switched off that does not occur in any case."""
    risk = answer.scenario.risks.get(change.name)
    return risk is not None and change.how == "switched off" and probability(risk) == 0


def _moving(answer: Drivers) -> Iterable[Found]:
    aim, size = answer.aim, round(TENTH * answer.futures.replications)
    reach = Reach(answer.scenario)(aim.name, aim.cluster or "")
    for bar in answer.tornado:
        if bar.correlation is not None:
            yield "correlation", bar.input, _half(bar.correlation.interval)
        yield "lowest", bar.input, half_width(bar.low.interval, size, reach)
        yield "highest", bar.input, half_width(bar.high.interval, size, reach)


def _indices(answer: Drivers) -> Iterable[Found]:
    shares = answer.shares
    if shares is None:
        return
    for each in shares.of:
        yield "first", each.source, half_width(each.first.interval, shares.size, shares.reach)
        yield "total", each.source, half_width(each.total.interval, shares.size, shares.reach)


def _chains(answer: Drivers) -> Iterable[Found]:
    size, reach = answer.futures.replications, Reach(answer.scenario)
    for stage in answer.critical:
        yield "critical", stage.stage, _half(stage.interval)
    for wait in answer.binding:
        yield "waited", wait.what, _half(wait.interval)
        yield "longest", wait.what, _half(wait.largest_interval)
        yield "waited_days", wait.what, half_width(wait.mean_days_interval, size, reach("waited_days"))


def _half(interval: Interval | None) -> float:
    """Of what is not a mean, and may be known where it was always the same."""
    return half_width(interval, 1, 0.0)
