"""A heat map of chances, the number in every cell: risks by cluster and schedule, sweeps of two values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from simulator.plots.style import (
    COLOURS,
    SMALL,
    SMALLEST,
    contrasting,
    house_style,
    label,
    new_axes,
    text_width,
    wrapped,
)
from simulator.wording import share

LONGEST_ROW: Final = 34
LONGEST_COLUMN: Final = 44
NARROWEST: Final = 0.52
"""Inches of a column that has room for its number."""
HEAD: Final = 1.05
"""Inches of a column, where there are few."""
MOST_ROWS: Final = 60
MOST_COLUMNS: Final = 24
"""Rows and columns up to which cells hold their numbers; a larger map shows shades, and the table the numbers."""
NOTHING: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "#8C8C8C", "hatch": "////", "linewidth": 0}
"""The look of a cell without an answer."""
PLATE: Final[dict[str, Any]] = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
"""What stands between the hatching and the words on it."""

SHADES: Final = LinearSegmentedColormap.from_list("chances", ["#FFFFFF", COLOURS[0]])


def heat_map(
    values: Sequence[Sequence[float | None]],
    rows: Sequence[str],
    columns: Sequence[str],
    ax: Axes | None = None,
    across: str = "",
    down: str = "",
    nothing: str = "no answer",
) -> Axes:
    """Chances from 0 (white) to 1 (dark), (rows, columns); None is hatched, with what ``nothing`` says on it.

    ``across`` and ``down`` name what the columns and the rows are. Returns the axes.
    """
    numbers = len(rows) <= MOST_ROWS and len(columns) <= MOST_COLUMNS
    width = max(min(HEAD, 7.0 / max(len(columns), 1)), NARROWEST if numbers else 0.12)
    height = 0.27 if numbers else max(0.02, min(0.2, 8.0 / max(len(rows), 1)))
    with house_style():
        ax = new_axes(max(2.9 + width * len(columns), 7.0), 1.1 + height * len(rows)) if ax is None else ax
        shown = np.array([[np.nan if value is None else value for value in row] for row in values], dtype=np.float64)
        shown = shown.reshape(len(rows), len(columns))
        ax.pcolormesh(shown, cmap=SHADES, vmin=0, vmax=1, edgecolors="#BFBFBF" if numbers else "none", linewidth=0.5)
        for row, column in np.argwhere(np.isnan(shown)):
            ax.add_patch(Rectangle((column, row), 1, 1, **NOTHING))
            if numbers and text_width(nothing, SMALL) < width - 0.1:
                ax.text(column + 0.5, row + 0.5, nothing, ha="center", va="center", fontsize=SMALL, bbox=PLATE)
        if numbers:
            _numbers(ax, shown)
        _heads(ax, rows, columns, width, numbers)
        _axes(ax, across, down)
    return ax


def _numbers(ax: Axes, shown: Any) -> None:
    for (row, column), value in np.ndenumerate(shown):
        if not np.isnan(value):
            colour = contrasting(SHADES(value))
            ax.text(column + 0.5, row + 0.5, share(value), ha="center", va="center", fontsize=SMALL, color=colour)


def _heads(ax: Axes, rows: Sequence[str], columns: Sequence[str], width: float, numbers: bool) -> None:
    """Names in as many lines as the width of a column asks for; every so many where the cells are small."""
    step = 1 if numbers else max(len(columns) // 16, 1)
    heads = ["\n".join(wrapped(label(name, LONGEST_COLUMN), width * step - 0.06, SMALLEST)) for name in columns[::step]]
    ax.set_xticks(np.arange(0, len(columns), step) + 0.5, heads, fontsize=SMALLEST)
    down = 1 if numbers else max(len(rows) // 32, 1)
    names = [label(name, LONGEST_ROW) for name in rows[::down]]
    ax.set_yticks(np.arange(0, len(rows), down) + 0.5, names, fontsize=SMALL)
    ax.set_ylim(len(rows), 0)


def _axes(ax: Axes, across: str, down: str) -> None:
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.grid(visible=False)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    told = [f"{label(name, 60)} {where}" for name, where in ((across, "across"), (down, "down")) if name]
    if told:
        ax.set_xlabel("\n".join(told), fontsize=SMALL, loc="left")
