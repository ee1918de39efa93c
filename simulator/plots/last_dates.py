"""How late each cluster may go to market: a row for each, along the dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any, Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simulator.plots.dates import Mark, date_axis, place, verticals
from simulator.plots.heat_map import NOTHING
from simulator.plots.style import (
    COLOURS,
    HEARING,
    INK,
    QUIET,
    SMALLEST,
    house_style,
    key,
    label,
    new_axes,
    text_width,
)
from simulator.wording import share
from simulator.words.late_dates import AtOnce, LastDate, shifted
from simulator.words.said import on_date

LONGEST_NAME: Final = 34
ROW_HEIGHT: Final = 0.22
"""Inches."""
MOST_ROWS: Final = 60
"""Clusters up to which each has its name and its numbers; of more, every so many have, and the table has all."""
HIGHEST: Final = 13.0
"""Inches of the rows of more clusters."""
ALONG: Final = 5.0
"""Inches that dates need."""
HEAD: Final = "last date: in time then"

SCHEDULED: Final[dict[str, Any]] = {"marker": "s", "markersize": 6.5, "color": "white", "markeredgecolor": INK}
LAST: Final[dict[str, Any]] = {"marker": "o", "markersize": 4.8, "color": COLOURS[0]}
BEST: Final[dict[str, Any]] = {"marker": "o", "markersize": 4.8, "color": "white", "markeredgecolor": COLOURS[0]}
AT_ONCE: Final[dict[str, Any]] = {"marker": "<", "markersize": 5.5, "color": COLOURS[2]}
NOT_ON: Final[dict[str, Any]] = {"marker": "x", "markersize": 5.5, "color": COLOURS[1], "markeredgewidth": 1.8}
INTERVAL: Final[dict[str, Any]] = {"color": HEARING, "linewidth": 4.0, "solid_capstyle": "butt"}


def last_dates(
    found: Sequence[LastDate],
    looked_at: tuple[date, date],
    confidence: float,
    together: AtOnce | None = None,
    deadline: date | None = None,
    ax: Axes | None = None,
) -> Axes:
    """For each cluster its scheduled date and the last that keeps the confidence, with that date's interval.

    Rows are hatched where no date that was looked at, from the first to the last of ``looked_at``, keeps it. The
    key says by how many days all must go earlier to go at once, as ``together`` has it. Returns the axes.
    """
    start = looked_at[0]
    height = ROW_HEIGHT if len(found) <= MOST_ROWS else max(HIGHEST / len(found), 0.03)
    step = ceil(ROW_HEIGHT / height - 1e-9)
    names = [label(each.cluster, LONGEST_NAME) for each in found]
    sides = _widest(names) + _widest([HEAD, *map(_said, found)]) + 0.4
    with house_style():
        ax = new_axes(max(8.0, ALONG + sides), 1.25 + height * len(found)) if ax is None else ax
        first, last = _span(found, looked_at)
        date_axis(ax, start, first, last)
        ax.set_ylim(len(found) - 0.4, -0.6)
        ax.set_yticks(range(0, len(found), step), names[::step], fontsize=SMALLEST)
        ax.tick_params(axis="y", length=0)
        for row, each in enumerate(found):
            _draw(ax, row, each, looked_at)
            if row % step == 0:
                _beside(ax, row, _said(each), INK if each.latest else QUIET)
        _beside(ax, -0.6, HEAD, QUIET, va="bottom", up=2)
        if deadline is not None:
            day = (deadline - start).days
            verticals(ax, [Mark(day, "deadline")], start, first, last, beside=sides)
        _key(ax, found, confidence, together)
    return ax


def _widest(texts: Sequence[str]) -> float:
    """Inches."""
    return max(text_width(text, SMALLEST) for text in texts)


def _said(of: LastDate) -> str:
    """The last date and the chance on it."""
    if of.latest is None:
        return f"none: {share(of.chance)} at best"
    return f"{'any date' if of.is_free else on_date(of.latest)}: {share(of.chance)}"


def _span(found: Sequence[LastDate], looked_at: tuple[date, date]) -> tuple[float, float]:
    """The first and the last day along the axis: around what is drawn, and all that was looked at where nothing is."""
    shown = [
        day
        for each in found
        for day in (each.scheduled, each.latest, *each.interval, each.best, each.not_on, each.at_once)
    ]
    days = [(day - looked_at[0]).days for day in shown if day is not None]
    if not any(each.latest for each in found):
        days.append((looked_at[1] - looked_at[0]).days)
    margin = max((max(days) - min(days)) * 0.03, 10)
    return min(days) - margin, max(days) + margin


def _draw(ax: Axes, row: int, of: LastDate, looked_at: tuple[date, date]) -> None:
    """One row, each mark over those before it; an interval that has no first date begins where the axis does."""

    def at(day: date) -> float:
        return place((day - looked_at[0]).days, looked_at[0])

    left, right = ax.get_xlim()
    if of.latest is None:
        ends = max(at(looked_at[0]), left), min(at(looked_at[1]), right)
        ax.barh(row, ends[1] - ends[0], left=ends[0], height=0.62, zorder=0.9, **NOTHING)
    low, high = of.interval
    if high is not None:
        ax.plot([left if low is None else at(low), at(high)], [row, row], zorder=2.2, **INTERVAL)
    marks = ((of.scheduled, SCHEDULED), (of.at_once, AT_ONCE), (of.best, BEST), (of.latest, LAST), (of.not_on, NOT_ON))
    for over, (day, look) in enumerate(marks):
        if day is not None:
            ax.plot(at(day), row, linestyle="none", zorder=2.1 + over / 5, **look)


def _beside(ax: Axes, row: float, text: str, colour: str, va: str = "center_baseline", up: float = 0) -> None:
    """To the right of the axes."""
    ax.annotate(
        text, (1, row), xycoords=("axes fraction", "data"), xytext=(6, up), textcoords="offset points",
        ha="left", va=va, fontsize=SMALLEST, color=colour, annotation_clip=False,
    )  # fmt: skip


def _key(ax: Axes, found: Sequence[LastDate], confidence: float, together: AtOnce | None) -> None:
    """Of what is drawn."""
    kept = share(confidence)
    earlier = "" if together is None else _earlier(together)
    marks: list[tuple[str, dict[str, Any], bool]] = [
        ("as scheduled", SCHEDULED, True),
        (f"last date that keeps {kept}", LAST, any(each.latest for each in found)),
        (earlier, AT_ONCE, any(each.at_once for each in found)),
        (f"earlier, but does not keep {kept}", NOT_ON, any(each.not_on for each in found)),
        ("best of the dates looked at", BEST, any(each.best for each in found)),
    ]
    keys: dict[str, Artist] = {what: Line2D([], [], linestyle="none", **look) for what, look, seen in marks if seen}
    if any(high is not None for _, high in (each.interval for each in found)):
        keys["95% interval of the last date"] = Line2D([], [], **INTERVAL)
    if not all(each.latest for each in found):
        keys[f"no date looked at keeps {kept}"] = Patch(**NOTHING)
    key(ax, list(keys.values()), list(keys))


def _earlier(together: AtOnce) -> str:
    """When all go at once; no longer than a name in a key may be."""
    if together.floored:
        return f"at once: {shifted(together.shift)}, or on the first day"
    return f"last dates all at once: {shifted(together.shift)}"
