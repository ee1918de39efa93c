"""Days that each legacy system is used without support: how often any, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from simulator.days import DAYS_PER_MONTH
from simulator.plots.style import COLOURS, SMALL, house_style, key, label, new_axes
from simulator.wording import share

LONGEST_NAME: Final = 36
ROW_HEIGHT: Final = 0.28
"""Inches."""

MEDIAN: Final[dict[str, Any]] = {
    "linestyle": "none",
    "marker": "o",
    "color": "white",
    "markeredgecolor": COLOURS[0],
    "markeredgewidth": 1.8,
    "markersize": 6.5,
}


@dataclass(frozen=True)
class Exposure:
    """A legacy system's days without support: in what share of futures there are any, and how many of them."""

    name: str
    any: float
    p10: float
    p50: float
    p90: float


def unsupported(systems: Sequence[Exposure], ax: Axes | None = None, always: Sequence[str] = ()) -> Axes:
    """A line from P10 to P90 with a dot at the median, in months, and the share of futures with any beside it.

    ``always`` are the names of systems whose support does not end. Returns the axes.
    """
    names = [*(each.name for each in systems), *always]
    with house_style():
        ax = new_axes(8.0, 1.4 + ROW_HEIGHT * len(names)) if ax is None else ax
        for row, each in enumerate(systems):
            low, middle, high = (days / DAYS_PER_MONTH for days in (each.p10, each.p50, each.p90))
            ax.plot([low, high], [row, row], color=COLOURS[1], linewidth=4.5, solid_capstyle="butt")
            ax.plot(middle, row, **MEDIAN)
            said = "none in any future" if each.any == 0 else f"in {share(each.any)} of futures"
            _beside(ax, said, max(high, middle), row)
        for row in range(len(systems), len(names)):
            _beside(ax, "support does not end", 0, row)
        ax.set_ylim(len(names) - 0.4, -0.6)
        ax.set_xlim(left=0, right=max([each.p90 / DAYS_PER_MONTH for each in systems] + [1.0]) * 1.02)
        ax.set_yticks(range(len(names)), [label(name, LONGEST_NAME) for name in names], fontsize=8)
        ax.grid(visible=False, axis="y")
        ax.set_xlabel("months in use without support, up to the horizon")
        handles = [
            Line2D([], [], color=COLOURS[1], linewidth=4.5),
            Line2D([], [], **MEDIAN),
        ]
        key(ax, handles, ["P10 to P90", "median"])
    return ax


def _beside(ax: Axes, said: str, x: float, row: int) -> None:
    ax.annotate(
        said, (x, row), xytext=(7, 0), textcoords="offset points", va="center", fontsize=SMALL, annotation_clip=False
    )
