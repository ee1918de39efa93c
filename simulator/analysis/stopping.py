"""When to stop: enough replications for a printed figure to be as precise as was asked.

**The rule.** A first look after `FIRST_LOOK` replications. At each look the half-width of the figure's
own printed 95 % interval is measured; if it is no wider than asked, stop. If not, half-widths shrink with the
square root of the number of replications, so the next look is at

    n' = n · clip(MARGIN · (half-width / wanted)², LEAST_STEP, MOST_STEP)

replications, rounded up to whole designs of the sampling. That is two or three looks in almost every case.

**What was not seen.** A mean that is the same in all N futures has an interval without width, and yet may not be known:
something that one future in a thousand has is missed by the first look in one case of three. Up to 3/N of all futures
may be otherwise (`simulator.analysis.seldom`); so such a mean counts as known to 3/N of how far it can be from there
(`Reach`): nothing where it is certain by construction, the days up to the horizon for a date, the most that can be
paid for money.

**Why not a look after every block.** Stopping as soon as the interval happens to be narrow favours samples
whose variance came out low (Anscombe 1953; Chow and Robbins 1965 show that coverage holds only in
the limit). A large first look, few looks and a margin keep it in practice (the idea of Stein's 1945
two stages): the tests repeat the rule some thousand times and find 95 % within error.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias, TypeVar

from simulator.analysis.seldom import half_width as half_of
from simulator.days import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR
from simulator.errors import StaggerError

FIRST_LOOK: Final = 1024
MARGIN: Final = 1.1
LEAST_STEP: Final = 1.2
MOST_STEP: Final = 16.0
MOST: Final = 1_000_000
"""Replications after which a run stops in any case, unless it is told otherwise."""

_SHARES: Final = {"%": 0.01, "": 1.0}
_LENGTHS: Final = {"d": 1.0, "w": DAYS_PER_WEEK, "mo": DAYS_PER_MONTH, "y": DAYS_PER_YEAR}
_NUMBERS: Final = {"": 1.0}
_PROBABILITIES: Final = (
    "on_time",
    "in_use_past_end_of_support",
    "extended",
    "in_time",
    "as_scheduled",
    "together",
    "better",
    "first",
    "total",
    "critical",
    "waited",
    "longest",
)
_DATES: Final = ("finish", "go_to_market", "award", "go_live", "first_live", "retired", "latest")
_DAYS: Final = ("unsupported_days", "days_past_contract", "days_late", "time", "days", "waited_days")
_AMOUNTS: Final = (
    "failures",
    "cost",
    "savings",
    "npv",
    "running_cost",
    "extension_cost",
    "failure_cost",
    "day_saved",
    "correlation",
)
_PERCENTILES: Final = ("p10", "p50", "p80", "p90")
_OF_MEASURES: Final = ("better", "regret", "difference")
"""Figures of which there is one for each measure: `better.cost`."""
_IN_UNITS_OF_THESE: Final = ("regret", "difference")
"""Those that are in the measure's unit."""
_ALIASES: Final = {"late": "on_time", "past_support": "in_use_past_end_of_support"}
OF_A_RUN: Final = "late=1%, p80=7d, cost=0.5 or, for one cluster, NAME/late=1%"
"""Examples of what a run prints; other verbs have their own."""
_UNPRINTED: Final = (
    "the figure must be one that is printed (found the {}, which is not: in some futures something is unfinished at "
    "the horizon, or it does not exist). Ask for a percentile, for instance p50, or put the horizon later."
)


Reach: TypeAlias = Callable[[str, str], float]
"""How far the mean of a measure, of somebody, can be from where it was in every future; 0 where it is certain."""
HalfWidths: TypeAlias = Mapping[str, Mapping[str, float | None]]
"""Figure to whose it is, to its half-width; None where the figure is not printed."""


@dataclass(frozen=True)
class Precision:
    """A printed figure and the half-width wanted of its 95 % interval.

    ``whose`` is a cluster or a legacy system, empty for the programme. ``statistic`` is empty for what
    is printed first: the probability, or the mean. The half-width is a share, days or the figure's own unit.
    """

    whose: str
    measure: str
    statistic: str
    half_width: float

    @classmethod
    def parse(cls, text: str, examples: str = OF_A_RUN) -> Precision:
        """From ``[WHOSE/]MEASURE[.STATISTIC]=HALFWIDTH``, a bare ``p80`` being the last go-live's.

        ``examples`` are of what the verb prints, for whoever wrote another.

        Raises:
            StaggerError: the text is not of that form, or the half-width is not above zero.
        """
        figure, equals, width = str(text).rpartition("=")
        whose, _, measure = figure.strip().rpartition("/")
        if not equals or not measure:
            raise StaggerError(f"a precision must be WHAT=HALFWIDTH (found {text}). Write for instance {examples}.")
        measure, _, statistic = measure.partition(".")
        measure = measure.replace("-", "_")
        if measure in _PERCENTILES:
            measure, statistic = "go_live" if whose else "finish", measure
        measure = _ALIASES.get(measure, measure)
        if measure in _OF_MEASURES:
            statistic = _measure_named(statistic.replace("-", "_"))
        units = statistic.partition(".")[0] if measure in _IN_UNITS_OF_THESE else measure
        return cls(whose, measure, statistic, _half_width(width.strip(), text, examples, *_scale(units)))

    def half_width_in(self, summary: Mapping[str, Any], reach: Reach = lambda measure, whose: math.inf) -> float:
        """The half-width of the figure in a summary, infinite where an end is after the horizon or not known.

        A mean that was the same in all futures is as wide as its ``reach`` makes it.

        Raises:
            StaggerError: the summary has no such figure, or none is printed because something is
                unfinished at the horizon in some futures.
        """
        entry = self._entry(summary)
        interval = entry["interval"]
        if isinstance(interval, Mapping):
            statistic = self.statistic or "mean"
            if statistic not in interval:
                raise _unknown("a statistic", statistic, interval)
            if entry[statistic] is None:
                raise StaggerError(_UNPRINTED.format(f"{statistic} of {self.measure}"))
            interval = interval[statistic]
        if self.never_differs_in(summary):
            return half_of((0.0, 0.0), summary["replications"], reach(self.measure, self.whose))
        return _half(*interval) if interval else math.inf

    def never_differs_in(self, summary: Mapping[str, Any]) -> bool:
        """Whether it is a mean of what is the same in all futures of a summary, and not one of dates that was rounded.

        Raises:
            StaggerError: the summary has no such figure.
        """
        entry = self._entry(summary)
        if self.statistic not in ("", "mean") or not isinstance(entry["interval"], Mapping):
            return False
        low, high = entry["interval"]["mean"] or (None, None)
        same = len({entry[name] for name in _PERCENTILES if name in entry}) <= 1
        return low is not None and low == high and same and "rests_on" not in entry

    def half_width_among(self, figures: HalfWidths) -> float:
        """The widest of the figure's half-widths where an answer has several, or the one that is named.

        Raises:
            StaggerError: the answer has no such figure, or it is not printed because something is unfinished at
                the horizon in some futures.
        """
        measure = "finish" if self.measure == "go_live" else self.measure  # what a bare p80 of a cluster is in a run
        name = measure if self.statistic in ("", "mean") else f"{measure}.{self.statistic}"
        if name not in figures and f"{name}.mean" in figures:
            name = f"{name}.mean"
        if name not in figures:
            raise _unknown("a figure", name, list(figures))
        whose = figures[name]
        if self.whose and self.whose not in whose:
            raise _unknown("one of the answer's parts", self.whose, [each for each in whose if each])
        widths = [whose[self.whose]] if self.whose else list(whose.values())
        known = [width for width in widths if width is not None]
        if len(known) < len(widths):
            raise StaggerError(_UNPRINTED.format(name))
        return max(known, default=0.0)

    def _entry(self, summary: Mapping[str, Any]) -> Mapping[str, Any]:
        part = self._part(summary)
        figures = {name: entry for name, entry in part.items() if isinstance(entry, Mapping) and "interval" in entry}
        if self.measure not in figures:
            raise _unknown("a figure", self.measure, [*figures, "late", "p80"])
        return figures[self.measure]

    def _part(self, summary: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self.whose:
            return summary["programme"]
        parts = summary["clusters"] | summary["legacy"]
        if self.whose not in parts:
            raise _unknown("a cluster or legacy system", self.whose, parts)
        return parts[self.whose]


def _measure_named(text: str) -> str:
    """A measure, spelled as figures are: `p80` is the last go-live's, `late` the chance of being on time."""
    return f"finish.{text}" if text in _PERCENTILES else _ALIASES.get(text, text)


Answer = TypeVar("Answer")


def looks(
    look: Callable[[int], Answer],
    half_width: Callable[[Answer], float],
    wanted: float,
    most: int,
    design: int = 1,
) -> tuple[Answer, bool]:
    """The answer after as many replications as a half-width takes, by the rule above, and whether it was reached.

    ``look`` answers from the first so many replications; looks are at whole designs, and the last at ``most``.
    """
    size = min(-(-FIRST_LOOK // design) * design, most)
    while True:
        answer = look(size)
        width = half_width(answer)
        if width <= wanted or size == most:
            return answer, width <= wanted
        size = next_look(size, width, wanted, most, design)


def next_look(replications: int, half_width: float, wanted: float, most: int, design: int = 1) -> int:
    """How many replications, in all, to have at the next look: whole designs, and never more than ``most``."""
    ratio = (half_width / wanted) ** 2 if math.isfinite(half_width) else math.inf
    step = min(max(MARGIN * ratio, LEAST_STEP), MOST_STEP)
    return min(math.ceil(replications * step / design) * design, most)


def _scale(measure: str) -> tuple[Mapping[str, float], float, str]:
    """Units of a figure's half-width, what it must stay below, and how to write it."""
    if measure in _PROBABILITIES:
        return _SHARES, 0.5, "a share below 50 %, such as 1% or 0.01"
    if measure in _DATES:
        return _LENGTHS, math.inf, "a length with its unit, such as 7d, 2w or 1mo"
    if measure in _DAYS:
        return _LENGTHS | _NUMBERS, math.inf, "a number of days, such as 7 or 7d"
    if measure in _AMOUNTS:
        return _NUMBERS, math.inf, "a number without a unit"
    # No figure has this name, which is said with the nearest one when there is a summary to look in.
    return _SHARES | _LENGTHS | _NUMBERS, math.inf, "a number with or without a unit"


def _half_width(width: str, text: str, examples: str, units: Mapping[str, float], limit: float, form: str) -> float:
    found = f"(found {text}). Write for instance {examples}."
    number = width.rstrip("%dwmoy")
    try:
        value = float(number) * units[width[len(number) :]]
    except (KeyError, ValueError):
        raise StaggerError(f"the half-width of this figure must be {form} {found}") from None
    if not 0 < value < limit:
        raise StaggerError(f"a half-width must be above zero and {form} {found}")
    return value


def _half(low: Any, high: Any) -> float:
    """Half the distance of two ends, in days where they are dates."""
    if low is not None and low == high:
        return 0.0
    try:
        if isinstance(low, str) or isinstance(high, str):
            return (date.fromisoformat(high) - date.fromisoformat(low)).days / 2
        return float(high - low) / 2
    except (TypeError, ValueError):  # an end that is after the horizon, or that takes more futures to know
        return math.inf


def _unknown(what: str, found: str, known: Any) -> StaggerError:
    near = difflib.get_close_matches(found, list(known), n=1)
    hint = f"Did you mean {near[0]}?" if near else f"It may be {', '.join(known)}."
    return StaggerError(f"a precision must name {what} that is printed (found {found}). {hint}")
