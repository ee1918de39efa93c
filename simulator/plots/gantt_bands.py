"""A Gantt of all futures: when each stage begins and ends, from P10 to P90, and when legacy systems lose support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simulator.analysis.bands import Band
from simulator.days import NEVER
from simulator.plots.dates import Mark, date_axis, place, verticals
from simulator.plots.style import COLOURS, INK, LEGACY, QUIET, UNSUPPORTED, WORK, house_style, key, label, new_axes

LONGEST_NAME: Final = 40
ROW_HEIGHT: Final = 0.225
"""Inches."""
BEGINS: Final = COLOURS[3]
ENDS: Final = COLOURS[2]
ASIDE: Final = 0.3
"""How far whiskers stand from the middle of a row, in rows."""
_LATER: Final[dict[str, Any]] = {"marker": ">", "markersize": 5, "color": QUIET, "linestyle": "none"}

_TICK: Final[dict[str, dict[str, Any]]] = {
    "end of support": {"color": UNSUPPORTED, "marker": "|", "linestyle": "none", "markersize": 10},
    "end of a paid extension": {"color": UNSUPPORTED, "marker": "^", "linestyle": "none", "markersize": 5},
    "contract end": {"color": INK, "marker": "d", "linestyle": "none", "markersize": 5},
}


@dataclass(frozen=True)
class Row:
    """One line of the figure; days are `NEVER` where they are after the horizon."""

    label: str
    begins: Band | None = None
    ends: Band | None = None
    end_of_support: Band | None = None
    contract_end: int = NEVER
    extension_end: int = NEVER
    """Of the extension that is bought in any future."""
    is_title: bool = False
    is_legacy: bool = False


def gantt_bands(
    rows: Sequence[Row], start: date, horizon: int, marks: Sequence[Mark] = (), ax: Axes | None = None
) -> Axes:
    """Bars from the median beginning to the median end, and whiskers from P10 to P90 of both.

    What more than one future in ten does not reach by the horizon ends in an arrow at the right. Returns the axes.
    """
    first, last = _span(rows, marks, horizon)
    with house_style():
        ax = new_axes(9.0, 1.2 + ROW_HEIGHT * len(rows)) if ax is None else ax
        date_axis(ax, start, first, last)
        for y, row in enumerate(rows):
            _draw(ax, y, row, start, last)
        _label_rows(ax, rows)
        verticals(ax, marks, start, first, last)
        _key(ax, rows, last)
    return ax


def _span(rows: Sequence[Row], marks: Sequence[Mark], horizon: int) -> tuple[int, int]:
    bands = [band for row in rows for band in (row.begins, row.ends) if band is not None]
    days = [day for band in bands for day in (band.p10, band.p50, band.p90)] + [int(mark.day) for mark in marks]
    known = [day for day in days if day < NEVER] or [0]
    last = horizon if len(known) < len(days) else max(known)
    first = min(known)
    margin = max((last - first) // 50, 5)
    return max(first - margin, -margin), last + margin


def _draw(ax: Axes, y: int, row: Row, start: date, last: int) -> None:
    if row.begins is not None and row.ends is not None and row.begins.p50 < NEVER:
        begins, ends = row.begins.p50, min(row.ends.p50, last)
        look: dict[str, Any] = {"color": LEGACY, "height": 0.28} if row.is_legacy else {"color": WORK, "height": 0.34}
        ax.barh(y, max(ends - begins, (last / 400)), left=place(begins, start), **look)
    elif row.begins is not None:
        ax.plot(place(last, start), y, clip_on=False, **_LATER)
    if not row.is_legacy:
        _whisker(ax, y - ASIDE, row.begins, start, last, BEGINS)
    _whisker(ax, y + ASIDE, row.ends, start, last, ENDS)
    if row.end_of_support is not None and row.end_of_support.p50 <= last:
        ax.plot(place(row.end_of_support.p50, start), y, markeredgewidth=2.2, **_TICK["end of support"])
        _whisker(ax, y - ASIDE, row.end_of_support, start, last, UNSUPPORTED)
    if row.extension_end <= last:
        ax.plot(place(row.extension_end, start), y, zorder=4, **_TICK["end of a paid extension"])
    if row.contract_end <= last:
        ax.plot(place(row.contract_end, start), y, zorder=4, **_TICK["contract end"])


def _whisker(ax: Axes, y: float, band: Band | None, start: date, last: int, colour: str) -> None:
    """A line from P10 to P90, an arrow where P90 is after the horizon; nothing where all are the same day."""
    if band is None or not _spreads(band, last):
        return
    ends = min(band.p90, last)
    ax.plot([place(band.p10, start), place(ends, start)], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt")
    if band.p90 > last:
        ax.plot(place(ends, start), y, marker=">", markersize=4, color=colour, clip_on=False)


def _spreads(band: Band | None, last: int) -> bool:
    """Whether there is more than one day to draw."""
    return band is not None and band.p10 != band.p90 and band.p10 <= last


def _label_rows(ax: Axes, rows: Sequence[Row]) -> None:
    ax.set_ylim(len(rows) - 0.3, -0.7)
    ax.grid(visible=False, axis="y")
    ax.set_yticks(range(len(rows)), [label(row.label, LONGEST_NAME) for row in rows], fontsize=8)
    ax.tick_params(axis="y", length=0)
    for text, row in zip(ax.get_yticklabels(), rows, strict=True):
        if row.is_title:
            text.set_fontweight("bold")


def _key(ax: Axes, rows: Sequence[Row], last: int) -> None:
    """What is drawn, up to the last day."""
    line: dict[str, Any] = {"linewidth": 1.6}
    keys: dict[str, Any] = {"median begin to median end": Patch(color=WORK)}
    if any(_spreads(row.begins, last) for row in rows):
        keys["begins, P10 to P90"] = Line2D([], [], color=BEGINS, **line)
    if any(_spreads(row.ends, last) for row in rows):
        keys["ends, P10 to P90"] = Line2D([], [], color=ENDS, **line)
    if any(row.begins is not None and row.begins.p50 == NEVER for row in rows):
        keys["begins after the horizon (median)"] = Line2D([], [], **_LATER)
    if any(row.is_legacy for row in rows):
        keys["legacy in use, to the median"] = Patch(color=LEGACY)
    if any(row.end_of_support is not None and row.end_of_support.p50 <= last for row in rows):
        keys["end of support"] = Line2D([], [], markeredgewidth=2.2, **_TICK["end of support"])
    if any(_spreads(row.end_of_support, last) for row in rows):
        keys["end of support, P10 to P90"] = Line2D([], [], color=UNSUPPORTED, **line)
    if any(row.extension_end <= last for row in rows):
        keys["end of a paid extension"] = Line2D([], [], **_TICK["end of a paid extension"])
    if any(row.contract_end <= last for row in rows):
        keys["contract end"] = Line2D([], [], **_TICK["contract end"])
    key(ax, list(keys.values()), list(keys))
