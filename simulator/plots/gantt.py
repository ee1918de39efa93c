"""A Gantt of one future: what each activity waited for and worked on, and how long legacy systems were used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simulator.days import NEVER
from simulator.plots.dates import Mark, date_axis, place, verticals
from simulator.plots.style import (
    HEARING,
    INK,
    LEGACY,
    UNSUPPORTED,
    WAIT,
    WORK,
    house_style,
    key,
    label,
    new_axes,
)
from simulator.result import Futures
from simulator.scenario import Scenario

MOST_ROWS: Final = 70
"""Activities up to which each has a row of its own; with more, each cluster has one."""
LONGEST_NAME: Final = 40
ROW_HEIGHT: Final = 0.185
"""Inches."""

Segment = tuple[int, int, str]
"""From a day to a day, and the kind of what was going on."""

_LOOK: Final[dict[str, dict[str, Any]]] = {
    "waiting": {"color": WAIT, "height": 0.35},
    "working": {"color": WORK, "height": 0.75},
    "board and rework": {"facecolor": HEARING, "edgecolor": "white", "hatch": "////", "height": 0.75, "linewidth": 0},
    "legacy, supported": {"color": LEGACY, "height": 0.35},
    "legacy, extended": {"facecolor": LEGACY, "edgecolor": "white", "hatch": "////", "height": 0.35, "linewidth": 0},
    "legacy, unsupported": {"color": UNSUPPORTED, "height": 0.35},
}


_TICK: Final[dict[str, Any]] = {
    "marker": "|",
    "markersize": 9,
    "markeredgewidth": 1.5,
    "color": INK,
    "linestyle": "none",
}


@dataclass(frozen=True)
class Row:
    """One line of the figure."""

    label: str
    segments: Sequence[Segment] = ()
    is_title: bool = False
    end_of_support: int = NEVER


def gantt(futures: Futures, scenario: Scenario, column: int = 0, ax: Axes | None = None) -> Axes:
    """One future: activities waiting and working, legacy systems in use, and the deadline. Returns the axes."""
    rows = list(_activity_rows(futures, column))
    days = [day for row in rows for begins, ends, _ in row.segments for day in (begins, ends)] or [0, 1]
    if scenario.deadline is not None:
        days.append(scenario.deadline)
    rows += _legacy_rows(futures, column)
    with house_style():
        ax = new_axes(9.0, 1.2 + ROW_HEIGHT * len(rows)) if ax is None else ax
        margin = max((max(days) - min(days)) // 50, 5)
        last = max(days) + margin
        date_axis(ax, scenario.start, min(days), last)
        for place_, row in enumerate(rows):
            _draw(ax, place_, row, scenario.start)
            if row.end_of_support <= last:
                ax.plot(place(row.end_of_support, scenario.start), place_, **_TICK)
        _label_rows(ax, rows)
        if scenario.deadline is not None:
            verticals(ax, [Mark(scenario.deadline, "deadline")], scenario.start, min(days), last)
        _key(ax, rows, last)
    return ax


def _draw(ax: Axes, place_: int, row: Row, start: date) -> None:
    for begins, ends, kind in row.segments:
        ax.barh(place_, ends - begins, left=place(begins, start), **_LOOK[kind])


def _label_rows(ax: Axes, rows: Sequence[Row]) -> None:
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    ax.set_yticks(range(len(rows)), [label(row.label, LONGEST_NAME) for row in rows], fontsize=8)
    ax.tick_params(axis="y", length=0)
    for text, row in zip(ax.get_yticklabels(), rows, strict=True):
        if row.is_title:
            text.set_fontweight("bold")


def _key(ax: Axes, rows: Sequence[Row], last: int) -> None:
    """What is drawn, up to the last day."""
    shown = {kind for row in rows for _, _, kind in row.segments}
    keys: dict[str, Artist] = {
        kind: Patch(**{name: value for name, value in look.items() if name != "height"})
        for kind, look in _LOOK.items()
        if kind in shown
    }
    if any(row.end_of_support <= last for row in rows):
        keys["end of support"] = Line2D([], [], **_TICK)
    key(ax, list(keys.values()), list(keys))


def _activity_rows(futures: Futures, column: int) -> Iterator[Row]:
    network = futures.timeline.network
    shown = [a for a in range(len(network.activities)) if network.cluster[a] >= 0 and _segments(futures, a, column)]
    for c, name in enumerate(network.clusters):
        own = [a for a in shown if network.cluster[a] == c]
        if len(shown) > MOST_ROWS:
            yield Row(name, _one_after_the_other([s for a in own for s in _segments(futures, a, column)]))
            continue
        yield Row(name, is_title=True)
        for a in own:
            yield Row(network.activities[a].removeprefix(f"{name}/"), _segments(futures, a, column))


def _segments(futures: Futures, a: int, column: int) -> list[Segment]:
    timeline, horizon = futures.timeline, futures.timeline.network.horizon
    moments = [
        min(int(rows[a, column]), horizon)
        for rows in (timeline.asked, timeline.started, timeline.worked, timeline.finished)
    ]
    kinds = ("waiting", "working", "board and rework")
    spans = zip(moments[:-1], moments[1:], kinds, strict=True)
    return [(begins, ends, kind) for begins, ends, kind in spans if begins < ends]


def _one_after_the_other(segments: Sequence[Segment]) -> list[Segment]:
    """Waiting first, so that work under way at the same time is drawn over it."""
    return sorted(segments, key=lambda segment: (list(_LOOK).index(segment[2]), segment[0]))


def _legacy_rows(futures: Futures, column: int) -> Iterator[Row]:
    network = futures.timeline.network
    systems = [s for s in range(len(network.legacy)) if futures.outcomes.legacy.retired[s, column] > 0]
    if systems:
        yield Row("Legacy systems", is_title=True)
    for system in systems:
        ends = int(futures.inputs.end_of_support[system, column])
        spans = [(begins, stops, f"legacy, {kind}") for begins, stops, kind in support_spans(futures, system, column)]
        yield Row(network.legacy[system].name, spans, end_of_support=ends)


def support_spans(futures: Futures, system: int, column: int = 0) -> Iterator[Segment]:
    """From which day to which, up to the horizon, a legacy system is used supported, extended and unsupported."""
    network, legacy = futures.timeline.network, futures.outcomes.legacy
    terms = network.legacy[system]
    last = min(int(legacy.retired[system, column]), network.horizon)
    ends = min(int(futures.inputs.end_of_support[system, column]), last)
    until = ends
    if legacy.extended[system, column] and terms.extended_until is not None:
        until = max(ends, min(terms.extended_until, last))
    for begins, stops, kind in ((0, ends, "supported"), (ends, until, "extended"), (until, last, "unsupported")):
        if begins < stops:
            yield begins, stops, kind
