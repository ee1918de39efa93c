"""The chance of being on time along one value of the scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from simulator.analysis.estimate import Interval
from simulator.plots.style import COLOURS, QUIET, SMALL, SMALLEST, house_style, label, new_axes
from simulator.wording import share

MOST_LABELS: Final = 16
LONGEST_VALUE: Final = 14


def sweep_line(
    values: Sequence[str],
    chances: Sequence[float | None],
    intervals: Sequence[Interval | None],
    path: str,
    by: str,
    ax: Axes | None = None,
) -> Axes:
    """A dot with its 95 % interval at each value, in the order given; where there is no answer, ``infeasible``.

    Chances are of every cluster being live ``by`` the deadline, or the horizon.

    Returns the axes.
    """
    with house_style():
        ax = new_axes(8.0, 4.0) if ax is None else ax
        x = np.arange(len(values))
        known = [k for k, chance in enumerate(chances) if chance is not None]
        ax.plot(x[known], [chances[k] for k in known], color=COLOURS[0], marker="o", linewidth=1.2)  # type: ignore[arg-type]
        for k in known:
            if (interval := intervals[k]) is not None:
                ax.plot([k, k], interval, color=COLOURS[0], linewidth=1.0, marker="_", markersize=5)
        step = -(-len(values) // MOST_LABELS)
        for k in range(0, len(values), step):
            _number(ax, k, chances[k], intervals[k])
        ax.set_ylim(-0.04, 1.08)
        ax.set_xlim(-0.5, len(values) - 0.5)
        ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        ax.set_xticks(x[::step], [label(value, LONGEST_VALUE) for value in values[::step]], fontsize=SMALL)
        if max(len(value) for value in values) * len(values[::step]) > 70:
            ax.tick_params(axis="x", labelrotation=90)
        ax.set_ylabel(f"futures in which\nall are live {by}")
        ax.set_xlabel(label(path, 80))
    return ax


def _number(ax: Axes, k: int, chance: float | None, interval: Interval | None) -> None:
    text = "infeasible" if chance is None else share(chance)
    y = 0.0 if chance is None else max(chance, interval[1] if interval else chance)
    ax.annotate(
        text, (k, y), xytext=(0, 4), textcoords="offset points", ha="center", va="bottom", fontsize=SMALLEST,
        color=QUIET if chance is None else COLOURS[0], rotation=90 if chance is None else 0,
    )  # fmt: skip
