"""Go-live S-curves: the chance that each cluster is live by a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from simulator.network.values import FloatArray
from simulator.plots.dates import Mark, date_axis, place, verticals
from simulator.plots.end_labels import ROW, name_lines, names_width
from simulator.plots.style import house_style, line_look, new_axes

MARGIN: Final = 60
"""Days left free on either side."""
SCALE: Final = 0.75
"""Inches of the figure to the left of the axes, and free to the right."""

Curve: TypeAlias = tuple[npt.NDArray[np.integer[Any]], FloatArray]
"""Days, ascending, and the share of futures in which it has happened by each."""


def s_curve(
    curves: Mapping[str, Curve],
    start: date,
    horizon: int,
    marks: Sequence[Mark] = (),
    ax: Axes | None = None,
    of: str = "it is live",
) -> Axes:
    """The share of futures in which each cluster, or each schedule, is live by a day, with the days that matter.

    ``curves`` has for each the days on which it is ever live, ascending, and the share of futures live by each; days
    are since ``start``. ``marks`` are the deadline and ends of support. Returns the axes.
    """
    with house_style():
        ax = new_axes(8.0, max(4.2, 1.0 + len(curves) * ROW / 72)) if ax is None else ax
        first, last = _span(curves, horizon, [mark.day for mark in marks if not mark.ends_support])
        date_axis(ax, start, first, last)
        lines = []
        for index, (days, shares) in enumerate(curves.values()):
            x = np.concatenate([[first], days, [max(last, first)]])
            y = np.concatenate([[0.0], shares, shares[-1:] if len(shares) else [0.0]])
            lines += ax.step([place(day, start) for day in x], y, where="post", **line_look(index))
        ax.set_ylim(0, 1.01)
        ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        ax.set_ylabel(f"futures in which {of}")
        verticals(ax, marks, start, first, last, SCALE + names_width(list(curves)))
        name_lines(ax, lines, list(curves), [_middle(*curve) for curve in curves.values()])
    return ax


def _middle(days: npt.NDArray[np.integer[Any]], shares: FloatArray) -> float:
    """The day by which half of what ever happens has happened."""
    return float(days[np.searchsorted(shares, shares[-1] / 2)]) if len(days) else float("inf")


def _span(curves: Mapping[str, Curve], horizon: int, marks: Sequence[float]) -> tuple[int, int]:
    """The first and the last day worth showing: the middle 99.8 % of each curve, and the deadline.

    All there was, where no curve rises.
    """
    if not any(len(days) for days, _ in curves.values()):
        return 0, horizon
    ends = [int(day) for day in marks]
    for days, shares in curves.values():
        if len(days):
            low, high = np.searchsorted(shares, [0.001, 0.999 * shares[-1]])
            ends += [int(days[low]), int(days[high])]
    return max(min(ends) - MARGIN, 0), min(max(ends) + MARGIN, max(horizon, max(ends)))
