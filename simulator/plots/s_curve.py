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
from simulator.plots.style import date_axis, house_style, line_look, new_axes, place, vertical
from simulator.wording import shortened

LONGEST_NAME: Final = 28
MARGIN: Final = 60
"""Days left free on either side."""

Curve: TypeAlias = tuple[npt.NDArray[np.integer[Any]], FloatArray]
"""Days, ascending, and the share of futures in which it has happened by each."""


def s_curve(
    curves: Mapping[str, Curve],
    start: date,
    horizon: int,
    deadline: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The share of futures in which each cluster is live by a day, with the deadline.

    ``curves`` has for each cluster the days on which it is ever live, ascending, and the share of futures live by
    each; days are since ``start``. Returns the axes.
    """
    with house_style():
        ax = new_axes(8.0, 4.5) if ax is None else ax
        first, last = _span(curves, horizon, deadline)
        date_axis(ax, start, first, last)
        for index, (days, shares) in enumerate(curves.values()):
            x = np.concatenate([[first], days, [max(last, first)]])
            y = np.concatenate([[0.0], shares, shares[-1:] if len(shares) else [0.0]])
            ax.step([place(day, start) for day in x], y, where="post", linewidth=1.8, **line_look(index))
        ax.set_ylim(0, 1.01)
        ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        ax.set_ylabel("futures in which it is live")
        if deadline is not None:
            vertical(ax, deadline, start, "deadline")
        _name_lines(ax, [shortened(name, LONGEST_NAME) for name in curves])
    return ax


def _name_lines(ax: Axes, names: Sequence[str]) -> None:
    """A key beside the axes; names are put in afterwards, since Matplotlib hides those that begin with `_`."""
    numbers = [str(number) for number in range(len(names))]
    place_: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (1.01, 1.0), "borderaxespad": 0.0}
    legend = ax.legend(ax.get_lines()[: len(names)], numbers, handlelength=3.2, fontsize=8, **place_)
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)


def _span(curves: Mapping[str, Curve], horizon: int, deadline: int | None) -> tuple[int, int]:
    """The first and the last day worth showing: the middle 99.8 % of each curve, and the deadline."""
    ends = [day for day in (deadline,) if day is not None]
    for days, shares in curves.values():
        if len(days):
            low, high = np.searchsorted(shares, [0.001, 0.999 * shares[-1]])
            ends += [int(days[low]), int(days[high])]
    if not ends:
        return 0, horizon
    return max(min(ends) - MARGIN, 0), min(max(ends) + MARGIN, max(horizon, max(ends)))
